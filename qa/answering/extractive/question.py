"""Question analysis: kind, search terms, names and numbers.

The cue words are English, and only a bonus: a question in another language, or one without a cue, is of kind
"other" and is answered by its terms alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from index.text.months import MONTHS_AS_WRITTEN, WEEKDAYS, any_of
from index.text.patterns import lazy_compile
from index.text.stop_words import QUESTION_WORDS, STOP_WORDS
from index.text.terms import query_terms, stem, terms
from qa.checking.words.number_words import CARDINALS, LIST_SIZES

Kind = Literal["who", "when", "where", "amount", "why", "how", "yesno", "definition", "other"]

# Nouns that make a "what" question one for a person ("what king …"), a place, a time or an amount.
_PEOPLE = (
    "person|people|man|woman|president|king|queen|emperor|pope|minister|leader|founder|author|writer|poet|"
    "scientist|physicist|mathematician|philosopher|inventor|engineer|architect|director|actor|actress|singer|"
    "artist|general|governor|chancellor|scholar|spokes\\w+|ceo|chairman|player|coach|host"
)
_PLACES = (
    "city|cities|country|countries|place|places|location|state|region|town|village|river|street|island|"
    "continent|province|county|district|area|venue|stadium|site"
)
_DEGREES = "many|much|long|far|old|tall|large|big|high|deep|fast|often|wide|heavy|hot|cold"
_TIMES = "year|years|date|day|month|century|decade|season|time|era|period"
_SIZES = (
    "percent|percentage|proportion|share|number|population|price|cost|amount|rate|ratio|distance|height|weight|"
    "length|width|depth|age|size|speed|temperature|score|total|sum|value|salary|budget|revenue|margin"
)

_AUXILIARIES = (
    "is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|shall|may|might|must|"
    "isn't|aren't|wasn't|weren't|don't|doesn't|didn't"
)

# The first cue that is found names the kind; narrower cues stand above wider ones.
_CUES: tuple[tuple[Kind, str], ...] = (
    ("why", r"\bwhy\b|\bhow come\b"),
    ("why", r"\b(?:what|which)\b.{0,20}\b(?:reasons?|caused?|causes|motivat\w+|led to)\b"),
    ("when", rf"\bwhen\b|\b(?:what|which)\b(?: \w+)? (?:{_TIMES})\b|\bhow long ago\b"),
    ("amount", rf"\bhow (?:{_DEGREES})\b"),
    ("amount", rf"\b(?:what|which)\b(?: (?:is|are|was|were))?(?: the)?(?: \w+)? (?:{_SIZES})\b"),
    ("who", rf"\b(?:who|whom|whose)\b|\b(?:what|which)\b(?: \w+)? (?:{_PEOPLE})\b"),
    ("where", rf"\bwhere\b|\b(?:what|which)\b(?: \w+)? (?:{_PLACES})\b"),
    ("how", r"\bhow\b|\bin (?:what|which) way\b"),
    ("yesno", rf"^\W*(?:{_AUXILIARIES})\b"),
    ("definition", r"^\W*what(?:'s| is| are| was| were) (?:an? |the )?[\w'’-]+(?: [\w'’-]+){0,2}\W*$"),
    ("definition", r"\b(?:what does .* (?:mean|stand for)|(?:definition|meaning) of|define|refers? to)\b"),
)
_KINDS = tuple((kind, lazy_compile(cue, re.IGNORECASE)) for kind, cue in _CUES)

_MONTH = any_of(MONTHS_AS_WRITTEN)
_WEEKDAY = any_of(map(str.capitalize, WEEKDAYS))
# What an answer to "how many" counts by. "One" is left out: it is a pronoun more often than a number.
_COUNTED = "|".join(word for word, value in CARDINALS.items() if value > 1)
_COUNTED += "|hundred|thousand|million|billion|trillion|half|third|quarter|dozen|once|twice|several|none"
_NAME = r"[^\W\d_a-zß-ÿа-я][\w’'.-]*"  # begins with a letter that is not small
_BECAUSE = (
    "because|since|due to|owing to|thanks to|as a result|result(?:s|ed|ing)? (?:in|from|of)|in order to|"
    "so that|so as to|citing|therefore|thus|hence|led to|caus(?:e|es|ed|ing)|reasons?|prompt(?:ed|ing)|"
    r"(?<!hours )(?<!days )(?<!weeks )(?<!months )(?<!years )after|"
    r"when|over|in response|allow(?:s|ed|ing)?|to avoid|to prevent|for fear|explain\w*|purpose|aim(?:s|ed)?|"
    r"would not|refus\w+|fail\w*|impasse|unless"
)
_DEFINES = (
    "refers? to|means|known as|defined as|called|consists? of|describes?|stands? for|term"
    r"|(?:is|are|was|were)(?: \w+ly)? (?:an?|the|any|one of)"
)
# What an answer of each kind has, as far as its form can tell: a year, month or day of the week for "when",
# digits or number words for "amount", two capitalised words for "who", a preposition before one for "where",
# words of cause for "why", of means for "how".
_ANSWERS: dict[Kind, re.Pattern[str]] = {
    "when": lazy_compile(
        rf"\b1\d{{3}}s?\b|\b20\d\ds?\b|\b(?:{_MONTH})\b|\b\d{{1,2}}(?:st|nd|rd|th)(?:[ -]century)?\b"
        rf"|\b(?:{_WEEKDAY})s?\b|\b\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}\b"
        r"|\b\d+ (?:BC|AD|BCE|CE)\b|\d{2,4}年|\d{1,2}月|\b(?:century|yesterday|today|tomorrow)\b"
    ),
    "amount": lazy_compile(rf"\d+(?:[.,]\d+)*|\b(?:{_COUNTED})\b", re.IGNORECASE),
    "who": lazy_compile(
        rf"\b{_NAME} (?:(?:de|van|von|der|bin|al|of|the|la|le) )?{_NAME}|\b[a-z]{{2,}} {_NAME}"
        r"|\b(?:Mr|Mrs|Ms|Dr|Sir|King|Queen|Pope|President)\b"
    ),
    "where": lazy_compile(
        r"\b(?:in|at|near|from|to|of|between|across|outside|over|into|through|on)(?: the)?"
        rf" (?:\w+ern )?{_NAME}"
    ),
    "why": lazy_compile(rf"\b(?:{_BECAUSE})\b", re.IGNORECASE),
    "how": lazy_compile(
        r"\b(?:by|through|using|via|with|means of|method|process|first|then|so)\b", re.IGNORECASE
    ),
    "definition": lazy_compile(rf"\b(?:{_DEFINES})\b", re.IGNORECASE),
}

KINDS_WITH_FORM = frozenset(_ANSWERS)
KINDS_WITH_NUMBERS = frozenset[Kind](("when", "amount"))  # of these, the form is a date or a number

_LIST_SIZE = "|".join(LIST_SIZES)
# A question for a list: "which three …", "five main reasons", "List the …", "what are some …".
_SEVERAL = lazy_compile(
    rf"\b(?:what|which|name|list|give)(?: \w+){{0,2}} ({_LIST_SIZE}|several|some)\b"
    rf"|\b({_LIST_SIZE}) (?:\w+ )?(?:reasons|issues|things|ways|types|kinds|examples)\b"
    r"|^\W*(?:list|name|enumerate)\b|\bwhat (?:are|were) (?:the|some)\b",
    re.IGNORECASE,
)
_HOW_MANY = frozenset(("many", "much"))
# Verbs whose past no stemmer leads back: a question has "did … write", the sentence "wrote".
_VERBS = """
    become became; begin began begun; bite bit bitten; blow blew blown; break broke broken; bring brought;
    build built; buy bought; catch caught; choose chose chosen; come came; deal dealt; draw drew drawn;
    drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen; feed fed; feel felt;
    fight fought; find found; fly flew flown; forget forgot forgotten; forgive forgave forgiven;
    freeze froze frozen; get got gotten; give gave given; go went gone; grow grew grown; hang hung;
    hear heard; hide hid hidden; hold held; keep kept; know knew known; lay laid; lead led; leave left;
    lend lent; lose lost; make made; mean meant; meet met; overcome overcame; pay paid; ride rode ridden;
    ring rang rung; rise rose risen; run ran; say said; see saw seen; seek sought; sell sold; send sent;
    shake shook shaken; shoot shot; show shown; shrink shrank shrunk; sing sang sung; sink sank sunk;
    sit sat; sleep slept; speak spoke spoken; spend spent; stand stood; steal stole stolen; strike struck;
    swear swore sworn; swim swam swum; take took taken; teach taught; tear tore torn; tell told;
    think thought; throw threw thrown; undergo underwent undergone; understand understood; wake woke woken;
    wear wore worn; win won; withdraw withdrew withdrawn; write wrote written
"""
_BASE_FORMS = {
    stem(past): stem(verb[0]) for verb in (each.split() for each in _VERBS.split(";")) for past in verb[1:]
}
# Who does something, by what is done: a table has "Owner" where the question has "owns".
_DOERS = """
    own owner owners; supply supplier suppliers; drive driver drivers; lend lender lenders;
    sell seller sellers; borrow borrower borrowers; buy buyer buyers; teach teacher teachers;
    publish publisher publishers
"""
_BASE_FORMS.update(
    {stem(doer): stem(verb[0]) for verb in (each.split() for each in _DOERS.split(";")) for doer in verb[1:]}
)
# Words that only build a question, where its first word shows the language: English ones mean something.
_GERMAN_BUILDS = ("die", "hat", "haben", "hatte", "hatten", "war", "waren", "was", "lange", "sagt", "hoch")
_BUILDS: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (
        lazy_compile(
            r"\W*(?:(?:in|an|auf|mit|von|zu|bei|seit|bis) )?(?:we[rnm]|wessen|wann|wo(?:hin|her|für|mit|von)?"
            r"|warum|wieso|weshalb|wie|welche[rsnm]?)\b"
            r"|\W*was (?:ist|sind|hat|haben|war|waren|wird|wurden?|sagt|steht)\b",
            re.IGNORECASE,
        ),
        frozenset(_GERMAN_BUILDS),
    ),
    (
        lazy_compile(
            r"\W*(?:(?:à|a|de|en|dans|pour|depuis|avec) )?(?:qui|que|qu|quoi|quels?|quelles?|quand|où|combien"
            r"|pourquoi|comment|est-ce)\b",
            re.IGNORECASE,
        ),
        frozenset((*"acdjlmnsty", "qu", "ont", "dit", "disent", "comment")),
    ),
)
_WORD = lazy_compile(r"\w+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """A question, taken apart.

    `terms` are its distinct search terms, stemmed, in order of first use. `names` are those of capitalised
    words and of numbers. `several` is how many sentences a list question hopes for, 1 for all others.
    """

    text: str
    kind: Kind
    terms: tuple[str, ...]
    names: frozenset[str]
    several: int


@lru_cache(maxsize=64)
def parse_question(question: str) -> ParsedQuestion:
    """What `question` asks for. A question without a term has an empty `terms` and finds no answer."""
    words = [word for word in _searched(question) if word not in _HOW_MANY]
    stems = tuple(dict.fromkeys(map(_base, _without_joined(words))))
    return ParsedQuestion(question, _kind(question), stems, _names(question), _several(question))


def content_stems(text: str) -> list[str]:
    """The stems of the terms of `text` that are neither stop words nor question words, in order.

    "May" with its capital letter is a month. Irregular English verbs stand for their past as well.
    """
    may = "may" if "May" in text else ""
    return [
        _base(term)
        for term in terms(text)
        if term == may or (term not in STOP_WORDS and term not in QUESTION_WORDS)
    ]


@lru_cache(maxsize=1 << 16)
def _base(term: str) -> str:
    """The stem of `term`, of an irregular English past that of its verb."""
    stemmed = stem(term)
    return _BASE_FORMS.get(stemmed, stemmed)


@lru_cache(maxsize=64)
def words_of(question: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The words of `question` that are worth searching, as typed and each once, and their stems."""
    searched, builds = query_terms(question), _builds(question)
    words = [
        word
        for word in _WORD.findall(question)
        if (word != "May" or "may" in searched) and word.casefold() not in builds
    ]
    stems_of = {word: frozenset(content_stems(word)) for word in words}
    return tuple((word, stems) for word, stems in stems_of.items() if stems and word not in _HOW_MANY)


def _searched(question: str) -> list[str]:
    """The terms of `question` that are searched for; all of them if it has no others."""
    builds = _builds(question)
    found = query_terms(question)
    return [term for term in found if term not in builds] or list(found)


def _builds(question: str) -> frozenset[str]:
    """The words that only build `question`, in German or French; none in other languages."""
    return next((words for begins, words in _BUILDS if begins.match(question)), frozenset())


def _without_joined(words: Sequence[str]) -> list[str]:
    """`words` without the joined form of a compound whose parts are there ("front", "line", "frontline")."""
    pairs = {left + right for left, right in pairwise(words)}
    return [word for word in words if word not in pairs]


def _kind(question: str) -> Kind:
    for kind, cue in _KINDS:
        if cue.search(question):
            return kind
    return "other"


def _several(question: str) -> int:
    match = _SEVERAL.search(question)
    if not match:
        return 1
    word = next((group for group in match.groups() if group), "")
    return LIST_SIZES.get(word.casefold(), 3)


def _names(question: str) -> frozenset[str]:
    """Terms of words with a capital letter after the first word, and of all numbers.

    A question typed wholly in capitals, or with Each Word Capitalised, has no names we could tell apart.
    """
    words = _WORD.findall(question)
    capital = [word for word in words[1:] if word[0].isupper()]
    if len(words) > 2 and len(capital) >= len(words) - 1:
        capital = []
    numbers = [word for word in words if word[0].isdigit()]
    return frozenset(term for word in capital + numbers for term in content_stems(word))


def find_expected(question: ParsedQuestion, text: str) -> tuple[int, int] | None:
    """Where `text` first has something of the asked kind that the question does not name, if it has.

    "Who met Rubio?" is not answered by the name Rubio. Kinds without a mark of their own are never held.
    """
    found = _form(question.kind, text, 0)
    while found is not None and found.terms.issubset(question.terms):
        found = _form(question.kind, text, found.end)
    return None if found is None else (found.start, found.end)


class _Form(NamedTuple):
    """Something of an asked kind in a text: where it stands, and its terms."""

    start: int
    end: int
    terms: frozenset[str]


@lru_cache(maxsize=1 << 13)
def _form(kind: Kind, text: str, start: int) -> _Form | None:
    """The first thing of a kind from `start` on. Cached, as sentences are candidates for many questions."""
    pattern = _ANSWERS.get(kind)
    match = pattern.search(text, start) if pattern else None
    if match is None:
        return None
    return _Form(match.start(), match.end(), frozenset(content_stems(match[0]) or terms(match[0])))
