"""What a question is searched for with: its terms, years in all their spellings, what reports print."""

from __future__ import annotations

import re

from index.search.periods import periods, spellings
from index.text.terms import query_terms

# Names of statements and lines of accounts, with what reports print for them, which an analyst seldom says.
# The list was written while reading searches over the filings of an open set (benchmarks/RESULTS.md).
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
