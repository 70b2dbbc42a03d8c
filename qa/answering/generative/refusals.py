"""Tells a refusal in plain words, "The passages do not say who paid", from an answer.

Only asked of texts that cite nothing: a sentence with citations is a claim, whatever it says. English is read
closely, for what is missing too; other languages by their words, see `refusal_words.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from index.text.lines import collapse
from index.text.patterns import lazy_compile
from qa.answering.generative.claims import assertions
from qa.answering.generative.refusal_words import CUE, denies_elsewhere

Stance = Literal["refuses", "aside", "says"]

# What a model calls what it was shown, in English. All patterns are verbose: spaces in them mean nothing.
_SHOWN = r"""(?:passages?|documents?|sources?|texts?|excerpts?|context|materials?|files?|sentences?
    |information|details?|data|snippets?|articles?|contents?|knowledge\ base|(?:search\ )?results?|notes?
    |evidence|corpus|pages?)"""
_NOT = r"(?:\ not|n['’]t|\ never|\ nowhere|\ neither)"
_SAY = r"""(?:say|state|contain|mention|include|provide|specif|give|tell|answer|address|discuss|describe
    |cover|indicate|reveal|offer|explain|identif|name|report|have|show|disclose|list|note|detail|clarif|record|refer
    |speak|touch|allow|support|supply|make|hold|talk|elaborate|present|suggest|comment|relate|concern|go\ into
    |appear|seem)"""
_FIND = r"""(?:find|answer|determine|locate|know|tell|say|provide|see|identify|establish|confirm|have|give
    |infer|verify|assist|help|offer|deduce|comply)"""
_FOUND = r"""(?:determined|answered|established|inferred|found|derived|deduced|ascertained|known|concluded
    |verified|identified|told|said)"""
_STATED = (
    r"(?:mentioned|stated|specified|disclosed|indicated|addressed|answered|discussed|documented|covered)"
)
_GIVEN = (
    r"""(?:given|provided|available|included|described|contained|listed|named|present|recorded|reported)"""
)
_PLACE = rf"""(?:\ (?:in|by|within|from|based\ on|according\ to|among|anywhere\ in)
    \ (?:[\w’'-]+\ ){{0,6}}?{_SHOWN}\b.*)"""
_WHERE = rf"{_PLACE}?"
_KIND = r"""(?:minutes|records?|reports?|contracts?|letters?|polic(?:y|ies)|agreements?|leases?|manuals?
    |memos?|e?-?mails?|spreadsheets?|tables?|transcripts?|chapters?|[\w-]+\.(?:txt|md|pdf|docx?|html?|csv
    |xlsx?|pptx?|eml))"""
_TELL = (
    r"(?:mention|say|state|specify|indicate|reveal|identify|tell|address|discuss|name|show|disclose|cover)"
)
_ANY = r"""(?:(?:any(?:thing)?|about|on|regarding|concerning|of|as\ to|information|details?|mention
    |data|evidence|indication|(?:an|the)\ (?:answer|information|details)|answers?|to|(?:your|this|the|that)
    \ question|specific|direct|relevant|explicit(?:ly)?|directly|enough|sufficient|if|us|me|for
    |that\ would\ answer)\b\s*)*"""
_WHAT = rf"\b\s*{_ANY}(?P<what>.*)"
_I_AM = r"\b(?:i|we)(?:['’]m|['’]re|\ am|\ are|\ was|\ were)"
# Each says that something is not there; `what` is what that is, where the words can be had.
_REFUSALS = (
    rf"\b{_SHOWN}\b.{{0,80}}?\b(?:do|does|did|can|could)(?:{_NOT}|not)\b.{{0,40}}?\b{_SAY}\w*{_WHAT}",
    rf"""\b{_SHOWN}\b.{{0,60}}?\b(?:lacks?|fails?\ to\ {_SAY}\w*
        |(?:is|are|remains?)\ silent(?:\ (?:on|about|as\ to))?|(?:never|nowhere|neither)\ {_SAY}\w*
        |(?:makes?|contains?|provides?|gives?|includes?|offers?|ha(?:s|ve)|holds?
        |says?|tells?|states?|mentions?|reveals?|names?|answers?)(?:\ us)?
        \ (?:no|nothing|neither|nowhere|insufficient)){_WHAT}""",
    rf"""\bthere\ (?:is|are|was|were)(?:n['’]t|\ not)\ (?:any(?:thing)?|enough|sufficient|an?)\b
        .{{0,40}}?(?:{_SHOWN}|mention|answers?|indication|reference|to\ {_FIND}){_WHAT}""",
    rf"""\b(?:there\ (?:is|are|was|were|seems\ to\ be)|there['’]s
        |(?:i|we)(?:\ (?:see|find|found|have)|['’]ve))\ (?:no|nothing|not\ (?:any|enough)|insufficient)\b
        .{{0,40}}?(?:{_SHOWN}|mention|answers?|indication|reference|way\ to\ (?:know|tell)|nothing){_WHAT}""",
    rf"""\b(?:i|we)(?:['’]m|['’]re|\ am|\ are|\ was|\ were)?\ (?:could|can|would|do|did|was|were|am|are|been)?
        \s*(?:not|cannot|n['’]t|unable|not\ able)\b.{{0,30}}?\b{_FIND}{_WHAT}""",
    rf"\b(?:i|we)\ (?:could|ca|can|would|do|did|was|were)n['’]t\b.{{0,30}}?\b{_FIND}{_WHAT}",
    rf"\b(?:i|we)\ cannot\b.{{0,30}}?\b{_FIND}{_WHAT}",
    rf"{_I_AM}\ (?:unable|not\ able)\ to\ {_FIND}{_WHAT}",
    rf"""^(?:{_SHOWN}\W+)?(?P<what>.*?)\b(?:cannot|can['’]t|can\ not|could\ not|couldn['’]t)
        \ be\ (?:\w+ly\ )?{_FOUND}\b""",
    rf"\b(?:impossible|not\ possible|no\ way)\ to\ {_FIND}\w*{_WHAT}",
    rf"""^(?P<what>.*?)\b(?:is|are|was|were|has|have){_NOT}(?:\ been)?(?:\ \w+ly)?
        \ (?:{_STATED}\b|(?:{_GIVEN}|known|found|clear){_PLACE}\W*$)""",
    rf"^(?P<what>.*?)\b(?:is|are){_NOT}(?:\ \w+ly)?\ (?:given|provided|available|listed|named)\W*$",
    rf"""^(?:it(?:['’]s|\ is|\ was)\ )?(?:not|nowhere)\ (?:\w+ly\ )?
        (?:{_STATED}|{_GIVEN}|found){_WHERE}\W*$""",
    rf"""^it(?:['’]s|\ is|\ was)\ not\ (?:\w+ly\ )?(?:{_STATED}|{_GIVEN}|known|clear)
        \ (?:(?:in|from|based\ on)\ (?:\w+\ ){{0,2}}?{_SHOWN}\ )?
        (?P<what>(?:who|what|when|where|why|how|whether|which|if)\b.*)""",
    r"^(?:it|they)\ (?:does|do)(?:n['’]t|\ not)\ (?:say|tell|mention\ (?:it|this|that))\W*$",
    rf"""^nothing\ (?:is\ said\ )?(?:about|on|regarding)\ (?P<what>.*?)
        (?:\ (?:is|was)\ (?:{_STATED}|{_GIVEN}|said)|\W*$)""",
    rf"""^(?P<what>.*?)\b(?:is|are)\ (?:missing|absent|lacking)
        \ (?:from|in)\ (?:[\w’'-]+\ ){{0,4}}?{_SHOWN}\b""",
    rf"""\b{_SHOWN}\b[^,]{{0,40}}?\b(?:is|are)
        \ (?:insufficient|inadequate|not\ (?:sufficient|enough|adequate))\b""",
    rf"""^(?:the\ )?(?:\w+\ ){{0,2}}?{_SHOWN}\ (?:are|is)\ (?:only\ )?about\b.*
        \bnot\ (?:about\ )?(?P<what>.*)""",
    r"""^(?:keine\ (?:angaben?|informationen?|ahnung)|no\ (?:lo\ )?sé|non\ lo\ so|je\ l['’]ignore
        |(?:eu\ )?não\ sei|(?:dat\ )?weet\ ik\ niet|nie\ wiem|(?:я\ )?не\ знаю|不知道)\W*$""",
    rf"^(?P<what>.*?)\b(?:is|are|remains?)\ (?:unknown|unclear|unspecified|unanswered|unstated){_WHERE}\W*$",
    rf"""^it\ (?:is|remains)\ (?:unknown|unclear|not\ (?:known|clear))\b\s*
        (?:from\ (?:the\ )?(?:\w+\ ){{0,2}}?{_SHOWN}\s*)?
        (?P<what>(?:who|what|when|where|why|how|whether|which|if)\b.*)""",
    rf"""^(?P<what>.*?)\b(?:is|are|was|were){_NOT}(?:\ \w+ly)?
        \ (?:in|among|part\ of)\ (?:[\w’'-]+\ ){{0,4}}?{_SHOWN}\b""",
    rf"""^(?:no|insufficient|not\ enough)\ (?:\w+\ ){{0,3}}?
        (?:{_SHOWN}|mention|answer|indication|reference)\b
        (?!\ (?:may|must|shall|should|will|has|have|had|(?:can|could)(?!\ be\ (?:given|found|provided)))\b)
        (?!\ (?:is|are|was|were)\ (?!{_STATED}|{_GIVEN}|found|here|in\b|there)){_WHAT}""",
    rf"""\b{_KIND}\ (?:do|does|did)(?:{_NOT}|n['’]t)\b(?:\ \w+ly)?\ {_TELL}\b{_WHAT}""",
    rf"^(?P<what>.*?)\b(?:do|does|did){_NOT}\ (?:appear|occur|feature|come\ up){_PLACE}\W*$",
    rf"""^(?:(?:the|that|this)\ )?(?:\w+\ )?(?:information|details?|data|answers?)
        \ (?:(?:was|is|were|are)\ )?not\ (?:be\ )?(?:found|available|provided|given|known){_WHERE}\W*$""",
    rf"\bnot\ something\ (?:that\ )?(?:the\ |these\ |your\ )?{_SHOWN}\ {_SAY}",
    rf"\b(?:i|we)\ (?:lack|do\ not\ see|don['’]t\ see)\b.{{0,30}}?{_SHOWN}{_WHAT}",
    r"^(?:none|neither)\ of\ (?:them|these|those|the\ two)\b.{0,20}?\b(?:say|tell|mention|answer|state|do)",
    rf"^(?:nothing|none|nobody|no\ one|neither|nowhere)\b.{{0,40}}?\b{_SHOWN}\b.{{0,20}}?\b{_SAY}\w*{_WHAT}",
    rf"\b(?:lack\ of|insufficient|not\ enough)\ (?:\w+\ )?{_SHOWN}\b",
    r"""^(?:the\ answer\ is\ )?(?:unknown|unanswerable|not\ (?:specified|stated|mentioned|given|provided
        |available|known|found|answerable|applicable)|n/?a|no\ idea|not\ sure|i['’]m\ not\ sure)\W*$""",
    r"^(?:the|this|your)\ question\ (?:is\ (?:unanswerable|not\ answer\w+)|has\ no\ answer|goes\ unanswered)",
)
_FLAGS = re.IGNORECASE | re.VERBOSE
_ENGLISH = tuple(lazy_compile(pattern, _FLAGS) for pattern in _REFUSALS)
_THEY = lazy_compile(  # only after a sentence that is a refusal, or in one
    rf"""^\W*(?:and\ |but\ |or\ )?(?:they|it|these|this|none(?:\ of\ them)?|neither|that)\b.{{0,20}}?
        (?:\b(?:do|does|did|is|are){_NOT}\b|\b(?:no|nothing|none|neither|only)\b)""",
    _FLAGS,
)

# What surrounds a refusal and says nothing of the documents: lead-ins, apologies, offers; and what the
# passages are about instead.
_ASIDE = lazy_compile(
    r"""^\W*(?:(?:i['’]m|i\ am|we\ are)\ (?:\w+\ )?(?:sorry|afraid)\b[^.]{0,40}|sorry|unfortunately
    |(?:my\ )?apologi[sz]\w*\b.*|i\ apologi[sz]e\b.*|(?:(?:final|short|the)\ )?answer|antwort|réponse
    |respuesta|risposta|note|sure|certainly|of\ course|okay|ok|thank\ you\b.*
    |h+m+|well|ah|oh|(?:could|can|would)\ you\b.*
    |(?:please|if\ you|let\ me\ know|feel\ free|you\ (?:may|might|can|could|would)|for\ (?:more|further|this)
        |to\ answer|it\ would\ be|consider|would\ you|i\ would\ need|i['’]d\ need|additional
        |more\ (?:information|context)|further)\b.*
    |(?:here\ (?:is|are)|based\ on|according\ to|from|given)\b[^.]*:
    |(?:es\ )?tut\ mir\ leid|entschuldig\w*.*|leider|bitte\b.*|désolée?.*|je\ suis\ désolée?|lo\ siento
    |lo\ lamento|mi\ dispiace|desculpe|het\ spijt\ me)\W*$""",
    _FLAGS,
)
_ABOUT = lazy_compile(
    rf"""^\W*(?:(?:while|although|though|whereas|and|but|instead|rather|however|only|also)\W+)*
    (?:(?:the|these|those|all|both|provided|given|available|retrieved|of)\W+)*
    (?:{_SHOWN}|they|it|i|we)\W+(?:\w+\W+){{0,5}}?
    (?:mention|discuss|describ|cover|focus|deal|talk|refer|concern|contain|relat|address|provid|speak|only|about
    |report|say|stat|includ|give|appear|see)""",
    _FLAGS,
)
_PARTS = lazy_compile(
    r"""[;:]\s+|\s+[–—-]\s+|\s+(?=(?:but|although|though|whereas|however)\b)
    |,\s+(?=(?:but|though|although|while|whereas|however|and|so|nor|they|it|i|the|these|only|aber|mais|pero|ma)\b)""",
    _FLAGS,
)
_LEADING = lazy_compile(  # "Based on the passages," "Unfortunately," before the refusal itself
    r"""^\W*(?:(?:based\ on|according\ to|from|in|given|within|after\ \w+ing|as\ far\ as|as\ an?)\b
    [^,]{0,80},\s*
    |(?:unfortunately|sorry|regrettably|however|leider)\b\W*|i['’]?\s?a?m\ sorry\b\W*(?:but\b\W*)?)+""",
    _FLAGS,
)
_TRAILING = lazy_compile(
    rf"""\W*\b(?:(?:in|from|within|by|based\ on|according\ to|using|with|among)
    \ (?:any\ of\ |the\ |these\ |those\ |this\ |my\ |your\ |what\ |all\ )?(?:[\w’'-]+\ ){{0,3}}?{_SHOWN}\b.*
    |here|anywhere|at\ all|explicitly|directly)\W*$""",
    _FLAGS,
)
# What a refusal lacks, that says nothing beyond the question.
_EMPTY = lazy_compile(
    r"""(?:with\ |about\ |for\ )?(?:it|that|this|so|can\ be\ found|possible
    |(?:the|this|that|your|an?|any)?\ ?(?:specific\ |direct\ )?(?:questions?|answers?|information|details?
    |request)(?:\ (?:to|of|for)\ (?:it|that|this|(?:the|this|that|your)\ question))?)""",
    _FLAGS,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """That a text only says what the passages do not say: `missing`, None where its words do not tell."""

    missing: str | None


def refused(text: str) -> Refusal | None:
    """The refusal that `text`, which has no keys, is; None if any of its sentences says something else."""
    stances: list[Stance] = []
    missing: list[str] = []
    for claim in assertions(text):
        sentence = claim.text_in(text)
        stance: Stance = "says" if claim.code else stance_of(sentence, after=stances)
        if stance == "says":
            return None
        stances.append(stance)
        if stance == "refuses" and (what := _missing(sentence)):
            missing.append(what)
    return Refusal(missing[0] if missing else None) if "refuses" in stances else None


def only_asides(text: str) -> bool:
    """True if `text` has nothing but headings, lead-ins, apologies and offers."""
    return all(
        not claim.code and stance_of(claim.text_in(text), after=["refuses"]) == "aside"
        for claim in assertions(text)
    )


def may_refuse_in_words(text: str, *, longest: int) -> bool:
    """True while `text`, which has no keys and may go on, may still come to be a refusal.

    A sentence that has not ended may, while it is not `longest` characters long without a word that denies.
    """
    claims = assertions(text)
    stances: list[Stance] = []
    for number, claim in enumerate(claims, 1):
        sentence = claim.text_in(text)
        stance: Stance = "says" if claim.code else stance_of(sentence, after=stances)
        if stance == "says":
            unfinished = number == len(claims) and not text[claim.span.end :].strip()
            return unfinished and (len(sentence) <= longest or bool(CUE.search(sentence)))
        stances.append(stance)
    return True


def stance_of(sentence: str, *, after: list[Stance]) -> Stance:
    """What one sentence does, after those whose stances are `after`."""
    sentence = collapse(sentence).strip(" *_#>`\"'“”")
    if not CUE.search(sentence):
        beside = _ASIDE.match(sentence) or ("refuses" in after and _ABOUT.match(sentence))
        return "aside" if beside else "says"
    parts = [part for part in _PARTS.split(sentence) if part.strip()]
    denied = [_denies(part) for part in parts]
    if not any(denied) and not _denies(sentence):
        beside = _ASIDE.match(sentence) or ("refuses" in after and _THEY.match(sentence))
        return "aside" if beside else "says"
    told = any(denied)
    aside = all(
        denies
        or _ASIDE.match(part)
        or _ABOUT.match(part)
        or _LEADING.fullmatch(f"{part}, ")
        or _THEY.match(part)
        for denies, part in zip(denied, parts, strict=True)
    )
    return "refuses" if aside or not told else "says"


def _denies(part: str) -> bool:
    plain = _LEADING.sub("", part)
    return any(pattern.search(plain) for pattern in _ENGLISH) or denies_elsewhere(part)


def _missing(sentence: str) -> str | None:
    """What is not there, in the words of the refusal."""
    plain = _LEADING.sub("", collapse(sentence).strip(" *_#>`\"'“”"))
    for part in (plain, *_PARTS.split(plain)):
        for pattern in _ENGLISH:
            match = pattern.search(part)
            what = match["what"] if match and "what" in pattern.groupindex else None
            what = what.removeprefix("out ") if what else None  # "could not find out why"
            what = _TRAILING.sub("", _PARTS.split(what)[0]).strip(" .,;:!*_\"“”'") if what else ""
            if sum(map(str.isalpha, what)) > 2 and not _EMPTY.fullmatch(what):
                return what
    return None
