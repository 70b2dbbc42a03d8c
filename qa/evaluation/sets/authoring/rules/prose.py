"""Questions made of English sentences by rules: who, what and when, definitions, posts, abbreviations.

A rule fits few sentences, and leaves all others alone: what it asks has to be English, and to be understood
by somebody who has not read the sentence. A question about the subject keeps the verb as it is; one with
"did" needs a verb that `verbs.py` can turn back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from index.types import Span
from qa.evaluation.sets.authoring.rules.phrases import (
    DATE,
    WEEKDAY,
    has_name,
    inner,
    is_name,
    is_person,
    is_subject,
    stands_alone,
)
from qa.evaluation.sets.authoring.rules.proposal import Proposal
from qa.evaluation.sets.authoring.rules.verbs import AUXILIARIES, BASE_OF, SAYING
from qa.evaluation.sets.authoring.rules.words import AMOUNTS, LEADING, OFFICES

_UPPER = r"(?=[^\W\d_])(?![a-z\u00df-\u00ff])"
_CAPITAL: Final = rf"(?:\b{_UPPER}\w[\w'’-]*)"
_PERSON: Final = rf"{_CAPITAL}(?: (?:van|von|de|bin|al|der|{_CAPITAL})){{0,3}} ?{_CAPITAL}"
_ROLE: Final = (
    r"(?:president|minister|mayor|advis[eo]r|spokes(?:man|woman|person)|director|chief|chair(?:man|woman|person)?|ceo"
    r"|founder|leader|secretary|ambassador|governor|king|queen|chancellor|commissioner|manager|head|captain|coach"
    r"|author|editor|owner|inventor|architect|counterpart|envoy|officer|capital|largest city|currency)"
)
_APPOSED: Final = re.compile(
    rf"(?:(?<=\A)|(?<=[ ,]))(?P<role>(?:[Tt]he |{_CAPITAL}[’']s )(?:(?!the\b)[\w’'-]+ ){{0,6}}?{_ROLE}"
    rf"(?: of(?: [Tt]he)?(?: {_CAPITAL})+)?)"
    rf", (?P<name>{_CAPITAL}(?: {_CAPITAL}){{0,3}})(?=[,.])",
)
_POST: Final = re.compile(
    rf"(?<![\w’'] )(?P<post>(?:{_CAPITAL} ){{1,3}}(?:of {_CAPITAL} |{_ROLE} )?)"
    rf"(?P<name>{_CAPITAL} {_CAPITAL})"
    r"(?=[,.;]| [a-z])"
)
_RELATIVE: Final = re.compile(rf"(?P<name>{_PERSON}), (?P<rest>who (?P<verb>[a-z]+) [^,.;]{{6,90}})(?=[,.;])")
_DEFINED: Final = re.compile(
    r"(?P<subject>[^,;:()]{2,70}?) (?P<verb>is|are|was|were)"
    r" (?P<what>(?:an?|one of(?: the)?) [^.;]{8,200})\.?\Z"
)
_NAMED: Final = re.compile(
    r"(?P<subject>The [^,;:()]{2,70}?) (?P<verb>is|was) (?P<what>[^.;,]{1,60})\.?\Z",
)
_ABBREVIATED: Final = re.compile(
    rf"((?:{_CAPITAL}|of|for|and|the|on|in)(?: (?:{_CAPITAL}|of|for|and|the|on|in)){{1,7}})"
    r" \(([A-Z]{2,8})\)"
)
_WHEN: Final = re.compile(rf"(?P<before>.+?),? (?:on|in) (?:{WEEKDAY},? )?(?P<date>{DATE})(?P<after>.*)\Z")
_DAY_WORDS: Final = re.compile(
    rf",? (?:late |early )?on {WEEKDAY}(?: (?:night|morning|evening|afternoon))?\b"
    r"|,? (?:he|she|they) (?:said|added|wrote)\b"
)
_BECAUSE: Final = re.compile(r"(?P<before>.+?),? because (?!of\b)(?P<why>.{10,160}?)\.?\Z")
_SAID: Final = re.compile(
    rf"(?P<name>{_CAPITAL}(?: {_CAPITAL}){{1,3}})(?:, [^,]{{3,60}},)? said"
    rf"(?: on {WEEKDAY}| in [A-Z]\w+)? that (?P<clause>.+)\Z"
)
_TOPIC: Final = re.compile(rf"(?P<topic>[^,;:]{{3,50}}?) (?:{'|'.join(sorted(AUXILIARIES))})\b")
_COUNTED: Final = re.compile(
    r"(?P<subject>[^,;:()]{2,60}?)"
    r" (?P<verb>has|have|had|employs|employed|operates|operated|owns|owned|contains|contained)"
    r" (?P<number>(?:about |some |nearly |almost |over |more than |around )?\d[\d,.]*"
    r"(?: (?:thousand|million|billion))?)"
    r" (?P<noun>[a-z]+s)\b(?P<rest>[^,;:]*?)\.?\Z"
)
_SOMEBODY: Final = re.compile(
    r"an? (?:[\w-]+ ){0,3}?[\w-]*(?:ist|ian|man|woman|writer|painter|actor|actress|lawyer|minister|director"
    r"|member|officer|teacher|singer|player|poet|king|queen|doctor|professor|engineer|author|editor|leader|founder)\b"
)
_COUNTING: Final = {
    **dict.fromkeys(("employs", "employed"), "employ"),
    **dict.fromkeys(("operates", "operated"), "operate"),
    **dict.fromkeys(("owns", "owned"), "own"),
    **dict.fromkeys(("contains", "contained"), "contain"),
    **dict.fromkeys(("has", "have", "had"), "have"),
}
_WITHIN: Final = re.compile(rf"(?<=[a-z,;] )({_UPPER}\w[\w-]*)")
_VERB: Final = re.compile(r" ([a-z]+)(?= )")
_CLAUSE_END: Final = re.compile(
    r"(?:, (?:but|and|which|who|where|while|so|although|because|after|before)\b|;| – | — |: ).*"
)
# A second clause, whose date or reason it may be.
_SECOND: Final = re.compile(
    r",|\b(?:but|that|which|who|while|when|where|if)\b|\band (?:has|have|had|is|are|was|were|then)\b"
)
_LATER: Final = re.compile(r",? (?:later|also|then|again|eventually|finally|only)\Z")
_MOST_AFTER = 8  # words behind a date that belong to what it is the date of
_MOST_REST = 24  # words behind the verb
_SUPERLATIVE: Final = re.compile(
    r"\bThe (?:default|maximum|minimum|capital|largest|smallest|highest|lowest|first|last|oldest|main"
    r"|official|only|average|total|[A-Za-z]+ of)\b"
)


def names_within(text: str) -> frozenset[str]:
    """The words that stand capitalised within sentences of a text: names, wherever they are."""
    return frozenset(_WITHIN.findall(text))


def of_sentence(sentence: str, span: Span, names: Collection[str] = ()) -> Iterator[Proposal]:
    """The questions that the rules make of one sentence, which stands at `span` of its source.

    `names` are words of the source that are names; the first of a sentence may be none though it is
    capitalised.
    """
    text = " ".join(sentence.split())
    if not 20 <= len(text) <= 400 or not text[0].isupper() or text[-1] != ".":
        return
    first, _, rest = text.partition(" ")
    if (
        not rest[:1].isupper()
        and _plain_word(first)
        and first.removesuffix("'s").removesuffix("’s") not in names
    ):
        text = f"{text[0].lower()}{text[1:]}"
    for rule in (
        _apposed,
        _posts,
        _relative,
        _definition,
        _abbreviation,
        _when,
        _why,
        _who,
        _said,
        _how_many,
    ):
        for question, answer, kind, name in rule(text):
            yield Proposal(question, answer, span, kind, name)


def _plain_word(word: str) -> bool:
    """Whether a capitalised word may be capitalised only for being the first of its sentence."""
    return word not in {"The", "A", "An"} and word.isalpha() and (len(word) == 1 or word[1:].islower())


_Made = Iterator[tuple[str, str, str, str]]


def _apposed(text: str) -> _Made:
    """Who holds a post, of a sentence with "Hungary's prime minister, Viktor Orbán,"."""
    for match in _APPOSED.finditer(text):
        role, name = match["role"], match["name"]
        place = re.search(r"capital|city|currency", role) is not None
        told = has_name(role) and stands_alone(inner(role)) and "counterpart" not in role
        if told and (place or is_person(name)):
            yield f"{'What' if place else 'Who'} is {inner(role)}?", name, "post", ""


def _posts(text: str) -> _Made:
    """What post somebody holds, of a sentence with "Treasury Secretary Scott Bessent"."""
    for match in _POST.finditer(text):
        post, name = match["post"].strip().removeprefix("The "), match["name"]
        words = post.split()
        office = words[-1] in OFFICES or re.fullmatch(_ROLE, words[-1]) is not None
        if len(words) >= 2 and office and is_person(name) and not set(name.split()) & OFFICES:
            yield f"What post does {name} hold?", post, "post", name


def _relative(text: str) -> _Made:
    """Who does something, of a sentence with "Péter Magyar, who leads the Tisza party,"."""
    for match in _RELATIVE.finditer(text):
        thing = match["rest"].partition(" ")[2].partition(" ")[2]
        if match["verb"] in LEADING and is_person(match["name"]) and stands_alone(thing) and has_name(thing):
            yield f"Who {match['rest'][4:]}?", match["name"], "who", ""


def _definition(text: str) -> _Made:
    """What something is, of "The Vasa was a warship" and "The capital of France is Paris"."""
    if (match := _DEFINED.fullmatch(text)) and is_subject(match["subject"]):
        subject = match["subject"]
        person = is_person(subject) and _SOMEBODY.match(match["what"])
        who = "Who" if person or re.match(r"(?:Mr|Ms|Mrs|Dr)\.? ", subject) else "What"
        if not _weak(match["what"]):
            what = _CLAUSE_END.sub("", match["what"])
            yield (
                f"{who} {match['verb']} {inner(subject)}?",
                what,
                "definition",
                subject if is_name(subject) else "",
            )
        return
    named = _NAMED.fullmatch(text)
    if named and _SUPERLATIVE.match(named["subject"]) and is_subject(named["subject"]):
        what = named["what"]
        who = "Who" if is_person(what.partition(" (")[0]) else "What"
        if re.match(r"[A-Z0-9$€£`\"]", what):
            yield f"{who} {named['verb']} {inner(named['subject'])}?", what, "definition", ""


def _weak(what: str) -> bool:
    """Whether what is said of a thing does not say what it is."""
    return (
        re.match(r"an? (?:lot|bit|few|little|good|bad|great|matter|result|sign|mistake|problem)\b", what)
        is not None
    )


def _abbreviation(text: str) -> _Made:
    for match in _ABBREVIATED.finditer(text):
        words = match[1].split()
        for start in range(len(words)):
            capitals = "".join(word[0] for word in words[start:] if word[0].isupper())
            if capitals == match[2] and words[start][0].isupper():
                yield f"What does {match[2]} stand for?", " ".join(words[start:]), "abbreviation", ""
                break


def _when(text: str) -> _Made:
    """When something was, of "The summit was announced on 16 October"."""
    match = _WHEN.match(text.rstrip("."))
    if match is None:
        return
    after = _CLAUSE_END.sub("", match["after"])
    if (
        not re.match(rf" (?:at|in|by|between|near|for|from|to) [^,]*{_CAPITAL}", after)
        or len(after.split()) > _MOST_AFTER
    ):
        after = ""
    question = inverted("When", _LATER.sub("", match["before"]), after)
    if question and not re.search(DATE, question):
        yield question, match["date"], "when", ""


def _why(text: str) -> _Made:
    """Why something was, of "The Vasa was lost because it carried too many cannons"."""
    match = _BECAUSE.match(text)
    if match and " that " not in match["before"] and (question := inverted("Why", match["before"], "")):
        yield question, f"because {match['why']}", "why", ""


def inverted(word: str, before: str, after: str) -> str:
    """The question that `word` asks of a main clause "subject verb rest", "" where it cannot be made.

    >>> inverted("When", "The Vasa was lost", " off Stockholm"), inverted("When", "Anna Ek met Bo Ek", "")
    ('When was the Vasa lost off Stockholm?', 'When did Anna Ek meet Bo Ek?')
    """
    for match in _VERB.finditer(f"{before} "):
        subject, verb, rest = before[: match.start()], match[1], before[match.end() :] + after
        plain = verb in BASE_OF
        if not plain and verb not in AUXILIARIES:
            continue
        if not (is_subject(subject) or _are_names(subject)) or not _clear(rest) or _SECOND.search(rest):
            return ""
        if plain:
            if BASE_OF[verb] in AMOUNTS:
                return ""
            return f"{word} did {inner(subject)} {BASE_OF[verb]}{_DAY_WORDS.sub('', rest)}?"
        # A word in -ed, or "lost", that is no noun of a compound; "is" and a noun make no event.
        if word == "When" and not re.match(
            r" (?:(?:been|first|formally|officially) )?\w+(?:ed|en|wn|ld|de|nt|ht|st|ne|ut|et)\b", rest
        ):
            return ""
        return f"{word} {verb} {inner(subject)}{_DAY_WORDS.sub('', rest)}?"
    return ""


def _who(text: str) -> _Made:
    """Who did something, of "Vladimir Putin called it an unfriendly act"; the verb stays as it is."""
    cleaned = _DAY_WORDS.sub("", text.rstrip("."))
    for match in _VERB.finditer(cleaned):
        verb = match[1]
        if verb not in BASE_OF and verb not in SAYING:
            continue
        if BASE_OF.get(verb) in AMOUNTS:
            return
        subject, rest = cleaned[: match.start()], cleaned[match.end() :]
        doer = _doer(subject)
        rest = _CLAUSE_END.sub("", rest)
        if doer and has_name(f"x{rest}") and len(rest.split()) >= 4 and _clear(rest, he=True):
            yield f"Who {verb}{rest}?", doer, "who", ""
        return


def _doer(subject: str) -> str:
    """Who does something, of a subject: a name, two names, or a post and the name behind it; else ""."""
    apposed = re.fullmatch(rf"[^,]+, ({_CAPITAL}(?: {_CAPITAL})+),", subject)
    if apposed and is_person(apposed[1]):
        return apposed[1]
    if _are_names(subject) or re.fullmatch(rf"(?:Mr|Ms|Mrs|Dr) {_CAPITAL}", subject):
        return subject
    return ""


def _are_names(subject: str) -> bool:
    """Whether a subject is a name of two words at least, or two names."""
    first, joined, second = subject.partition(" and ")
    return is_name(first) and (not joined or is_name(second)) and " " in subject


def _clear(rest: str, *, he: bool = False) -> bool:
    """Whether what stands behind a verb can be asked as it is; with `he`, a pronoun may mean the doer."""
    if len(rest.split()) > _MOST_REST or re.search(r"[\"“”„:;()]", rest):
        return False
    if he and (claim := re.match(r" that (.*)", rest)):
        words = claim[1].split()
        said = any(word in AUXILIARIES or word in BASE_OF for word in words[1:])
        if not said or words[0] in {"if", "when", "although", "because", "where", "while", "since"}:
            return False
    if he and re.match(r" that (?:he|she|it|they)\b", rest):
        rest = re.sub(r"\b(?:he|she|it|they|his|her|its|their|him|them)\b|^ that\b", "", rest)
    rest = re.sub(r"(?<= )that(?= )|\bnot\b", "", rest)
    return stands_alone(rest.strip()) and not rest.rstrip().endswith((" and", ","))


def _said(text: str) -> _Made:
    """What somebody said of something, of "Viktor Orbán said that the peace summit was still on"."""
    match = _SAID.search(text.rstrip("."))
    if match is None or not (is_name(match["name"])):
        return
    topic = _TOPIC.match(match["clause"])
    if (topic and is_subject(topic["topic"])) or (
        topic and stands_alone(topic["topic"]) and topic["topic"].startswith("the ")
    ):
        yield (
            f"What did {match['name']} say about {topic['topic']}?",
            f"that {match['clause']}",
            "what",
            match["name"],
        )


def _how_many(text: str) -> _Made:
    match = _COUNTED.fullmatch(text)
    if match and is_subject(match["subject"]) and stands_alone(match["rest"].strip()):
        base = _COUNTING[match["verb"]]
        did = "did" if match["verb"].endswith("d") else "does"
        yield (
            f"How many {match['noun']} {did} {inner(match['subject'])} {base}{match['rest']}?",
            f"{match['number']} {match['noun']}",
            "how-many",
            match["subject"] if is_name(match["subject"]) else "",
        )
