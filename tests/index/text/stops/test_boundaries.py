"""The quick way to syntok's decisions gives what syntok gives."""

from __future__ import annotations

import time

import pytest
from hypothesis import assume, given, settings, strategies as st
from syntok._segmentation_states import State
from syntok.segmenter import segment
from syntok.tokenizer import Token, Tokenizer

from index.text.stops import syntok_words
from index.text.stops.boundaries import lowercase_starts, sentence_starts
from index.text.stops.rules import starts_by_rules
from index.text.stops.tokens import tokenize

# Pieces that meet in real text, and the ones that once made the quick way differ.
_PIECES = """
    the of dogs said Paris John The It In However NATO U.S. U.S Mr. Mr Dr Jan May etc i.e. 5 12 1999 3.14
    1,577 No no A I V x camelCase well-known O'Brien it's “ ” " ' `` '' - – — … ( ) [ ] (see) (NATO) (a.b)
    (He went.) end.Next foo) (bar ; : , . . . . ! ? ... .. ?! .) ." .” Co Inc. Jr. St. 50% $5 a@b.com Éa
    peace. London. 1950s. II. III b. full-time. Kyle’s. [1] word.[1] etc.) 2nd ). ) . (–). ") (" )) (( ((a)
    _ Foo_. %. é. Ж. 東京. don't n't can’t .NET 5-6 a_b x² ½ Ⅳ a...b ʼn ʼ aʼB ºC. ª ，。 （他） «Oui» ⟨x⟩.
    \xad a\xadb \x1f \u200b \u2060 e\u0301 हिन्दी। 日本。
"""
PIECES = _PIECES.split()
SPACES = (" ", " ", " ", " ", " ", "", "\n", "  ")

PROSE = """\
Mr. Smith (born 1960) paid $1,577.25 to J. K. Rowling in the U.S. yesterday. The U.S. President said: "Yes."
Then he left... and came back! See No. 5 and Fig. 3, e.g. on p. 12 (i.e. the chart). "Is it?" she asked.
It was 5 p.m. when Dr. No of Acme Inc. came to example.com. He (the owner, i.e. Bob) smiled.
Prices rose by 3.4 percent; wages did not. (They never do.) In Jan. 2020 it stopped.[12] Nobody knew why.
"""


@st.composite
def texts(draw: st.DrawFn) -> str:
    pieces = draw(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(SPACES)), max_size=40))
    return "".join(piece + space for piece, space in pieces)


def syntok_tokens(text: str) -> list[Token]:
    return list(Tokenizer(replace_not_contraction=False).tokenize(text))


def syntok_starts(text: str) -> list[int]:
    """Where each sentence but the first begins."""
    starts: list[int] = [sentence[0].offset for sentence in segment(iter(syntok_tokens(text)))]
    return starts[1:]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.one_of(texts(), st.text(max_size=60)))
def test_tokens_and_rules_are_those_of_syntok(text: str) -> None:
    """Values, offsets and gaps of the tokens, and the sentences made of them, in text of any kind."""
    expected = syntok_tokens(text)
    tokens = tokenize(text)
    assert tokens.values == [token.value for token in expected]
    assert tokens.offsets == [token.offset for token in expected]
    assert tokens.spaced == [bool(token.spacing) for token in expected]
    assert list(starts_by_rules(text)) == syntok_starts(text)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(texts())
def test_the_quick_way_gives_what_syntok_gives(text: str) -> None:
    """Whatever meets in a text, certain outcomes and asked ones together are syntok's."""
    assume(any(stop in text for stop in ".!?;。"))
    assert list(sentence_starts(text, 0, len(text))) == syntok_starts(text)


@pytest.mark.parametrize("text", [PROSE, PROSE.replace(".", " ."), PROSE.replace("\n", " "), PROSE.upper()])
def test_prose_is_parted_as_syntok_parts_it(text: str) -> None:
    """Ordinary prose, also tokenised, in one line and in capitals."""
    expected = syntok_starts(text)
    assert list(sentence_starts(text, 0, len(text))) == expected
    assert expected


@pytest.mark.parametrize("words", [30, 46, 47, 48, 49, 50, 90])
@pytest.mark.parametrize("closed", ["", "]", "]."])
def test_a_bracket_reaches_as_far_as_syntok_looks_for_its_end(words: int, closed: str) -> None:
    """Within a bracket of up to 50 tokens a stop may end no sentence; not in a longer one, or an open one."""
    inside = " ".join(f"w{number}" for number in range(words // 2))
    text = f"One two three four [five {inside}. Then {inside}{closed} went on. It ended. So it did."
    assert list(sentence_starts(text, 0, len(text))) == syntok_starts(text)


def test_brackets_without_end_take_linear_time() -> None:
    """How far each may reach is found once for all of a word."""
    text = f"It was. {'{' * 40_000} So it ended."
    began = time.process_time()
    list(sentence_starts(text, 0, len(text)))
    assert time.process_time() - began < 2  # what is not linear takes six times as long


def test_a_range_is_seen_alone_and_in_the_offsets_of_the_text() -> None:
    """What stands before and after the range neither counts nor shifts anything."""
    text = "No. (One two three. Four five six. Seven"
    assert list(sentence_starts(text, 5, len(text) - 7)) == [text.index("Four")]


def test_text_without_a_stop_is_one_sentence() -> None:
    """Brackets and capitals alone part nothing."""
    assert list(sentence_starts("The Office (Series) (2005) Best Episodes", 0, 40)) == []


def test_text_in_small_letters_ends_at_its_stops() -> None:
    """Where no capital can tell, a stop after a whole word ends a sentence, and an abbreviation does not."""
    text = "sales of acme inc. rose in dec. 2019 by 3.4 percent. costs fell (see below). why? the u.s. grew."
    begun = [text[at : at + 4] for at in lowercase_starts(text, 0, len(text))]
    assert begun == ["cost", "why?", "the "]


def test_syntoks_words_are_those_of_the_installed_version() -> None:
    """The copied lists are syntok's own: another version of it may bring others."""
    assert State.abbreviations == syntok_words.ABBREVIATIONS
    assert State.months == syntok_words.MONTHS
    assert State.roman_numerals == syntok_words.ROMAN_NUMERALS
    assert State.starters == syntok_words.STARTERS
