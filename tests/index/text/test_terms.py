"""Terms are the same for every way of writing a word, and SQLite's full-text search finds them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given, settings, strategies as st

from index.text.stemmer import stem
from index.text.stop_words import QUESTION_WORDS, STOP_WORDS
from index.text.terms import fold, fts_query, fts_text, query_terms, stems, terms

TOKENIZER = "porter unicode61 remove_diacritics 2"
_PIECES = """
    U.S. p.m. 1,577 3.14 1.2.3 well-known e-mail don't l'homme O’Brien COVID-19 Wörter naïve ﬁne Ⅷ ½ 東京都 水
    ですか 한국어 ภาษาไทย हिन्दी বাংলা தமிழ் မြန်မာ ខ្មែរ עִבְרִית العَرَبِيَّة Ελλάδα ёлка İstanbul ẞ ǅ snake_case C++
    a_b__c NEAR( AND OR NOT " * ^ : - + { } ' '' 😀 𠀀𠀁 𝐀
"""
PIECES = st.sampled_from([*_PIECES.split(), "e\u0301", "\ue000", "\ud800", "\x00", "\u200b", "co\u00adop"])


@pytest.fixture(scope="module")
def table() -> Iterator[sqlite3.Connection]:
    """An FTS5 table as the catalog has it."""
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE words USING fts5(text, tokenize='{TOKENIZER}')")
    connection.execute("CREATE VIRTUAL TABLE tokens USING fts5vocab('words', 'instance')")
    yield connection
    connection.close()


def matches(table: sqlite3.Connection, text: str, query: str) -> bool:
    """True if a table that holds only `text` gives it for `query`."""
    table.execute("DELETE FROM words")
    table.execute("INSERT INTO words (rowid, text) VALUES (1, ?)", (fts_text(text),))
    return table.execute("SELECT rowid FROM words WHERE words MATCH ?", (query,)).fetchall() == [(1,)]


@given(st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=8).map(" ".join))
@settings(max_examples=200)
def test_a_text_is_found_by_each_of_its_terms(table: sqlite3.Connection, text: str) -> None:
    """Alone, and by all together; whatever the text, nothing in it is query syntax."""
    for term in terms(text):
        assert matches(table, text, fts_query([term])), term
    assert matches(table, text, fts_query(query_terms(text))) == bool(terms(text))


@given(st.lists(st.one_of(PIECES, st.text(max_size=10)), max_size=6))
def test_no_term_is_query_syntax(table: sqlite3.Connection, wanted: list[str]) -> None:
    """Any strings at all make an expression that SQLite accepts."""
    matches(table, "some text", fts_query(wanted))


@given(st.text(max_size=60))
def test_terms_are_folded_and_stay_so(text: str) -> None:
    """Folding what is folded changes nothing, and terms hold no white space or capitals."""
    assert fold(fold(text)) == fold(text)
    assert all(term == term.casefold() and len(term.split()) == 1 for term in terms(text))


def test_nothing_finds_nothing(table: sqlite3.Connection) -> None:
    """A question without a term is a query without a hit."""
    assert not matches(table, "some text", fts_query([]))
    assert not matches(table, "some text", fts_query(["?", '"', ""]))


def test_long_questions_are_queries_too(table: sqlite3.Connection) -> None:
    """Ten thousand alternatives are within SQLite's limits."""
    assert matches(table, "word9999", fts_query([f"word{n}" for n in range(10_000)]))


def test_a_lone_character_finds_the_words_it_begins(table: sqlite3.Connection) -> None:
    """Where words are indexed as pairs."""
    assert matches(table, "東京都", fts_query(["東"]))
    assert not matches(table, "東京都", fts_query(["西"]))


def test_words_that_differ_in_their_marks_are_different(table: sqlite3.Connection) -> None:
    """Vowel signs are part of a word, not diacritics."""
    assert matches(table, "किताब", fts_query(terms("किताब")))
    assert not matches(table, "कताब", fts_query(terms("किताब")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. and US, u.s.", "the us and us us"),
        ("Washington, D.C. at 5 p.m.", "washington dc at 5 pm"),
        ("1,577 1577 12,345,678.90", "1577 1577 12345678.90"),
        ("Version 1.2.3 is 3.14.", "version 1.2.3 is 3.14"),
        ("well-known E-Mail COVID-19", "well known wellknown e mail email covid 19 covid19"),
        ("1990-1994", "1990 1994"),
        ("president's don’t we'll l'homme O'Brien rock'n'roll", "president dont we homme obrien rocknroll"),
        ("Straße NAÏVE ﬁne e\u0301", "strasse naive fine e"),
        ("snake_case", "snake case snakecase"),
        ("東京都 水 ABC東京", "東京 京都 水 abc 東京"),
        ("한국어", "한국 국어"),
        ("हिन्दी", "हिन्दी"),
        ("co\u00adoperate", "cooperate"),
        ("… — !", ""),
    ],
)
def test_text_to_terms(text: str, expected: str) -> None:
    """One example of every rule."""
    assert terms(text) == expected.split()


SIGNS = st.text(alphabet=".,;:!?()[]{}<>\"'`*/|&%$#+=-\u2010\u2013\u2019\u201c\u2026\u00bb", max_size=3)


@given(SIGNS, st.text(alphabet="aZ09", min_size=1, max_size=5), SIGNS)
def test_signs_around_a_word_are_no_part_of_it(before: str, word: str, after: str) -> None:
    """Also where it is known before another follows, without a blank."""
    assert terms(f"{before}{word}{after}") == [word.lower()]
    assert terms(f"{before}{word}{after}_é") == terms(f"{word}{after}_é")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Why was the Budapest summit cancelled?", ("budapest", "summit", "cancelled")),
        ("What does the WHO say about IT?", ("who", "say", "it")),
        ("WHAT IS IT", ("what", "is", "it")),
        ("Who was it?", ("who", "was", "it")),
        ("Did US officials meet U.S. officials?", ("us", "officials", "meet")),
        ("How many guests came in May?", ("many", "guests", "came", "may")),
        ("When did Theresa May resign?", ("theresa", "may", "resign")),
        ("May I swim here, and when may he?", ("swim",)),
        ("", ()),
    ],
)
def test_a_question_is_asked_by_its_content(question: str, expected: tuple[str, ...]) -> None:
    """No stop words, unless there is nothing else or they are acronyms; nothing twice; in order."""
    assert query_terms(question) == expected


def test_word_lists_are_written_as_terms() -> None:
    """A word that `terms` would change could never be left out; and content words stay in."""
    for word in STOP_WORDS | QUESTION_WORDS:
        assert terms(word) == [word]
    assert not {"us", "war", "die", "man", "hat", "son", "sin", "will"} & (STOP_WORDS | QUESTION_WORDS) - {
        "will"
    }


PAPER = """
    caresses caress  ponies poni  feed feed  agreed agre  plastered plaster  conflated conflat  hopping hop
    falling fall  filing file  happy happi  relational relat  conditional condit  formaliti formal
    triplicate triplic  hopefulness hope  adjustment adjust  adoption adopt  controll control
"""


@pytest.mark.parametrize(
    ("word", "expected"), list(zip(PAPER.split()[::2], PAPER.split()[1::2], strict=True))
)
def test_stems_are_porters(word: str, expected: str) -> None:
    """Examples from Porter's paper, through all steps."""
    assert stem(word) == expected
    assert stems(word.upper()) == [expected]


_ENDINGS = """
    s es ies sses ed eed ing y ational tional enci anci izer bli logi alli entli eli ousli ization ation ator
    alism iveness fulness ousness aliti iviti biliti icate ative alize iciti ical ful ness al ance ence er ic
    able ible ant ement ment ent sion tion ou ism ate iti ous ive ize e ll at bl iz
"""
ENDINGS = _ENDINGS.split()
WORDS = st.builds(
    lambda letters, endings: letters + "".join(endings),
    st.text("aeiouybcdlstwxzé東", max_size=6),
    st.lists(st.sampled_from(ENDINGS), max_size=3),
).filter(bool)


@given(st.lists(st.one_of(WORDS, st.text("abcdelnst", min_size=60, max_size=70)), min_size=1, max_size=20))
def test_stems_are_those_of_fts5(table: sqlite3.Connection, words: list[str]) -> None:
    """SQLite itself is the oracle."""
    table.execute("DELETE FROM words")
    folded = [fold(word) for word in words]
    table.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", enumerate(folded))
    indexed = dict(table.execute("SELECT doc, term FROM tokens").fetchall())
    assert indexed == {number: stem(word) for number, word in enumerate(folded)}
