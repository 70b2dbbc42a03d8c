"""What of a question is searched for: what it asks, without how to answer, and other words for it."""

from __future__ import annotations

import re

from index.search.periods import periods, spellings
from index.text.terms import query_terms

_ENDS = re.compile(r"(?<=[.?!])\s+|(?<=:)\s+(?=[a-z])")
# A sentence that tells how to answer, and one that only says what to do if there is no answer.
_ORDER = re.compile(
    r"(?:please|kindly|answer|reply|respond|give|provide|state|explain|round|calculate|compute|approach|address|"
    r"base|define|use|show|write|keep|be|bitte|antworte|gib|erkläre|nenne|runde)\b",
    re.IGNORECASE,
)
_FALLBACK = re.compile(r"if\b.*\b(?:then|please)\b.*\b(?:state|explain|say|answer|tell)\b", re.IGNORECASE)
# Words of such a sentence that say nothing about what is asked.
_MANNER_WORDS = (
    "please kindly answer answers reply respond response question questions give provide state explain"
    " round rounded decimal decimals place places approach address calculate compute base basing based"
    " define use using utilizing show shown write keep brief briefly short concise sentence sentences"
    " word words detail details information rely relying assume assuming perspective standpoint only"
    " primarily judgments ability abilities best clearly line lines item items bitte antworte kurz satz"
    " worten"
)
_MANNER = frozenset(_MANNER_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+")
# Names of statements and lines of accounts, with what reports print for them: an analyst's word is seldom it.
_OTHER_WORDS = tuple(
    (re.compile(pattern, re.IGNORECASE), tuple(words.split()))
    for pattern, words in (
        (
            r"\b(?:income statements?|statements? of (?:income|operations|earnings)|P&L|profit and loss)\b",
            "consolidated statements income operations earnings",
        ),
        (
            r"\bbalance sheets?\b|\bfinancial position\b",
            "consolidated balance sheets total assets liabilities",
        ),
        (
            r"\bcash ?flows? statements?\b|\bstatements? of cash ?flows?\b",
            "consolidated statements cash flows",
        ),
        (r"\bCOGS\b|\bcosts? of goods sold\b", "cost sales goods sold revenue"),
        (r"\bcap ?ex\b|\bcapital expenditures?\b", "purchases property plant equipment capital expenditures"),
        (r"\bD&A\b", "depreciation amortization"),
        (r"\bPP&E\b|\bPPNE\b", "property plant equipment net"),
        (r"\brevenues?\b", "net sales revenue total revenues"),
        (r"\bEPS\b", "earnings per share"),
        (r"\bAGM\b", "annual meeting shareholders"),
    )
)


def asked(question: str) -> str:
    """`question` without what tells how to answer it ("Answer in millions.").

    What such a sentence names besides stays ("… the statement of income"). The whole question where it is
    one sentence, or nothing to search for would be left.
    """
    sentences = [sentence for sentence in _ENDS.split(question) if sentence]
    if len(sentences) < 2:
        return question
    kept = []
    for sentence in sentences:
        if _FALLBACK.match(sentence):
            continue
        kept.append(_WORD.sub(_unless_manner, sentence) if _ORDER.match(sentence) else sentence)
    shorter = " ".join(kept)
    return shorter if any(map(str.isalnum, shorter)) else question


def search_terms(question: str) -> tuple[str, ...]:
    """The terms of `question` for full-text search: `query_terms`, and what else a text may write for them.

    Years and quarters in their other spellings, and what reports print for an analyst's words.
    """
    content = query_terms(question)
    more = list(spellings(periods(question)))
    for pattern, words in _OTHER_WORDS:
        if pattern.search(question):
            more += words
    return tuple(dict.fromkeys((*content, *more)))


def _unless_manner(word: re.Match[str]) -> str:
    return "" if word[0].casefold() in _MANNER else word[0]
