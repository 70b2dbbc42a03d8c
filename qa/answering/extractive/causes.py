"""Recognises sentences that give the reasons which a "why" question asks for.

English words of cause, refusal and quarrel mark them. What happened is often told in the sentence before, or
in the heading above, the one that says why.
"""

from __future__ import annotations

import re

from index.text.negation_words import PLAIN_NEGATIONS
from index.text.patterns import lazy_compile
from qa.answering.extractive.question import ParsedQuestion, content_stems
from qa.answering.extractive.sentence_features import FEATURES, CandidateSentence

# Words that tell a cause outright, and words of an unwillingness, a quarrel or a failure that may be one.
_CAUSE = lazy_compile(
    r"\bbecause\b|\bdue to\b|\bowing to\b|\bthanks to\b|\bon account of\b|\bas a (?:result|consequence)\b"
    r"|\bin response to\b|\b(?:was|were|is|are|been) caused by\b|\bstem(?:s|med)? from\b|\bprompted\b"
    r"|\bled to\b"
    r"|\bin order to\b|\btherefore\b|\bconsequently\b|\bso that\b|, so (?:there|it|he|she|they|we|the)\b"
    r"|\bto (?:avoid|prevent)\b|\bciting\b|\bfor fear\b|\battribut(?:able|ed) to\b"
    r"|\bargu(?:ed|es|ing) that\b"
    r"|\b(?:the|a|one|main|this) reasons? (?:was|is|for|that|why)\b|\bthat is why\b|\bexplain(?:ed|s|ing)\b",
    re.IGNORECASE,
)
# Where what happened is told as well, what it followed is offered as its cause: "after the river had
# flooded", "Following the flood, …". "Five days after" only says when.
_AFTER = lazy_compile(
    r"(?<!hours )(?<!days )(?<!weeks )(?<!months )(?<!years )\bafter .{3,80}\bha(?:d|s|ve)\b"
    r"|^\W*(?:after|following|amid)\b",
    re.IGNORECASE,
)
_QUARREL = lazy_compile(
    r"\bimpasse\b|\bdeadlock\b|\bdisagree\w*|\bno willingness\b|\bunwilling\w*|\brefus\w+|\breject\w+"
    r"|\bwould not\b|\bwouldn[’']t\b|\b(?:did|do|does) not (?:want|think|feel|believe|agree)\b"
    r"|\b(?:didn|don|doesn)[’']t (?:want|think|feel|believe|agree)\b|\bfail(?:ed|ure|s)? to\b|\bunless\b"
    r"|\black of\b|\bfear(?:ed|s)?\b|\bconflicting\b|\bat odds\b|\bneeded (?:its|their|his|her)\b",
    re.IGNORECASE,
)
# How a sentence begins that is not understood without the one before it: "It", "Therefore".
_POINTS_BACK = lazy_compile(
    r"\W*(?:it|he|she|they|this|that|these|those|consequently|therefore|thus|as a (?:result|consequence)"
    r"|for this reason|the (?:de|in)creases?|hence|so)\b",
    re.IGNORECASE,
)
_NOT = f"(?:{'|'.join(sorted(PLAIN_NEGATIONS))})"
_DENIES = lazy_compile(
    rf"\b{_NOT} (?:the|a|because|due)\b.{{0,12}}\breasons?\b|\b{_NOT} (?:because|due)\b", re.IGNORECASE
)
_PROMISES_REASONS = lazy_compile(r"\bwhy\b|\breasons?\b|\bcauses?\b|\bmotives?\b", re.IGNORECASE)
_SMALL_WORD = lazy_compile(r"\b[a-zß-ÿ]{3,}\b")
_ABOUT_IT = 0.45  # of the question's weight that a reason and what stands around it must have
_OVERLAP = FEATURES.index("overlap")
_TOLD = 0.65  # of it, that a reason and the rest of its passage must have if the reason has less
_OWN_SHARE = 0.2  # of it, that a reason itself must have if the rest is only elsewhere in the passage
_IN_PASSAGE = 0.8  # what a term counts for that is only elsewhere in the passage
_FEW_TERMS = (
    3  # terms beyond the question's, names and numbers aside: with no more it only says that it happened
)


def reason_score(candidate: CandidateSentence) -> float:
    """How much speaks for `candidate` being a reason of what is asked about: 0 if nothing, else up to 1.7.

    The share of the question's terms here, before and above, or anywhere in the passage if a word tells a
    cause outright; and more for such a word, for one of a quarrel, and for a heading that promises reasons.
    """
    features = dict(zip(FEATURES, candidate.features, strict=True))
    cause, quarrel = (bool(words.search(candidate.sentence.text)) for words in (_CAUSE, _QUARREL))
    cause = cause or (features["overlap"] >= _ABOUT_IT and _AFTER.search(candidate.sentence.text) is not None)
    about = features["overlap"] + features["before"] + features["heading"]
    if cause and features["overlap"] >= _OWN_SHARE:
        about = max(about, _IN_PASSAGE * (features["overlap"] + features["passage"]))
    if about < _ABOUT_IT or features["titled"] or features["asks"] or _DENIES.search(candidate.sentence.text):
        return 0.0
    if not cause and not quarrel:
        return 0.0
    return min(1.0, about) + 0.3 * cause + 0.3 * quarrel + 0.2 * _promises_reasons(candidate)


def is_about_it(candidate: CandidateSentence) -> bool:
    """True if it, or its passage, tells of what is asked about, or a title above promises the reasons.

    A passage that has no more than a name of it gives the reasons of something else: why Hungary was chosen,
    not why the summit there was called off.
    """
    features = dict(zip(FEATURES, candidate.features, strict=True))
    told = features["overlap"] + features["passage"]
    return features["overlap"] >= _ABOUT_IT or told >= _TOLD or _promises_reasons(candidate)


def needs_previous(candidate: CandidateSentence) -> bool:
    """True if `candidate` is understood only with the sentence before it, which has more of the question."""
    features = dict(zip(FEATURES, candidate.features, strict=True))
    return (
        candidate.at > 0
        and _POINTS_BACK.match(candidate.sentence.text) is not None
        and features["overlap"] < _ABOUT_IT
    )


def only_restates(question: ParsedQuestion, candidate: CandidateSentence) -> bool:
    """True if it says that it happened and hardly more: no cause, few terms but names and numbers."""
    text = candidate.sentence.text
    if (
        _CAUSE.search(text)
        or _AFTER.search(text)
        or _QUARREL.search(text)
        or candidate.features[_OVERLAP] < _ABOUT_IT
    ):
        return False
    small = {stem for word in _SMALL_WORD.findall(text) for stem in content_stems(word)}
    return len(small.difference(question.terms)) <= _FEW_TERMS


def _promises_reasons(candidate: CandidateSentence) -> bool:
    titles = " ".join((*candidate.passage.chunk.headings, candidate.passage.source.title or ""))
    return _PROMISES_REASONS.search(titles) is not None
