"""Blocks become sentences, exactly where they stand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from index.text.sentences import LONGEST_SENTENCE, split_sentences
from index.types import Block, BlockKind, Span

KINDS: tuple[BlockKind, ...] = ("heading", "paragraph", "item", "row", "code")


def sentences_of(text: str, kind: BlockKind = "paragraph") -> list[str]:
    """The sentences of `text` as one block."""
    return [sentence.span.of(text) for sentence in split_sentences(text, [Block(kind, Span(0, len(text)))])]


@st.composite
def blocked(draw: st.DrawFn) -> tuple[str, list[Block]]:
    """Some text, and blocks that part of it lies in."""
    alphabet = st.sampled_from("aB1 .!?;,\n\r\t\u3000\u200b…。」」”\"')(東と।؟́😀")
    text = draw(
        st.lists(
            st.one_of(alphabet, st.characters(), st.sampled_from(["Mr. ", "the end. The "])), max_size=120
        )
    )
    joined = "".join(text)
    cuts = sorted(set(draw(st.lists(st.integers(0, len(joined)), max_size=6))))
    blocks = [
        Block(draw(st.sampled_from(KINDS)), Span(a, b)) for a, b in pairwise(cuts) if draw(st.booleans())
    ]
    return joined, blocks


@given(blocked())
def test_every_character_of_a_block_is_in_exactly_one_sentence(case: tuple[str, list[Block]]) -> None:
    """In order, not overlapping, inside their block, trimmed, and nothing but white space left out."""
    text, blocks = case
    sentences = split_sentences(text, blocks)
    for left, right in pairwise(sentences):
        assert left.span.end <= right.span.start
        assert left.block <= right.block
    for sentence in sentences:
        sentence_text = sentence.span.of(text)
        assert sentence_text
        assert sentence_text == sentence_text.strip()
        assert len(sentence_text) <= LONGEST_SENTENCE
        assert blocks[sentence.block].span.contains(sentence.span)
    inside = "".join(block.span.of(text) for block in blocks)
    assert "".join("".join(s.span.of(text) for s in sentences).split()) == "".join(inside.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. We stayed in.", ["It rained.", "We stayed in."]),
        (
            "It was led by Maj. Gen. George McClellan. He lost.",
            ["It was led by Maj. Gen. George McClellan.", "He lost."],
        ),
        ("Lt. Col. Day , Sgt . York and the Rev. Dr. Stafford spoke .", None),
        ("Gov. Hill and Reps. Lee and Ray met Amb. Cruz, Brig. Gen. Orr and Capt. Poe.", None),
        ("He rose to Lt. The next year he left.", ["He rose to Lt.", "The next year he left."]),
        ("So argued J. A. Hobson and A. J. Ayer.", None),
        ("Plan B. A dog came.", ["Plan B.", "A dog came."]),
        (
            "Mr. J. Smith of the U.S. State Department came.",
            ["Mr. J. Smith of the U.S. State Department came."],
        ),
        ("U.S. officials paid $1,577.25 under No. 5 of example.com.", None),
        ("“It is over.” He left.", ["“It is over.”", "He left."]),
        (
            'He said "Go." Then (he was tired.) He slept.',
            ['He said "Go."', "Then (he was tired.)", "He slept."],
        ),
        ("We won . ' '' They lost .", ["We won . ' ''", "They lost ."]),
        ("The plan failed. - she said. Nobody knew.", ["The plan failed. - she said.", "Nobody knew."]),
        ("Wait… what? Well… No.", ["Wait… what?", "Well…", "No."]),
        ("Paris; London; Rome.", None),
        ("sales fell. costs of acme inc. rose.", ["sales fell.", "costs of acme inc. rose."]),
        ("雨が降った。「帰ろう。」と言った。終わり", ["雨が降った。", "「帰ろう。」と言った。", "終わり"]),
        ("他说：“你好！”然后走了。再见", ["他说：“你好！”", "然后走了。", "再见"]),
        ("यह एक है। वह दो है।", ["यह एक है।", "वह दो है।"]),
        ("هل هذا صحيح؟ نعم.", ["هل هذا صحيح؟", "نعم."]),
        ("One. Two. * * *", ["One.", "Two. * * *"]),
        ("First\n \nSecond", ["First", "Second"]),
        ("", []),
    ],
)
def test_where_a_sentence_ends(text: str, expected: list[str] | None) -> None:
    """Stops end sentences; abbreviations, numbers, names and quotations do not (None: one sentence)."""
    assert sentences_of(text) == ([text] if expected is None else expected)


@pytest.mark.parametrize("kind", ["heading", "row"])
def test_a_heading_or_row_is_one_sentence(kind: BlockKind) -> None:
    """Stops in it part nothing."""
    text = "1. Scope. What it covers | Yes. | No."
    assert sentences_of(text, kind) == [text]


def test_a_long_row_is_prose() -> None:
    """A cell with paragraphs in it can be cited by the sentence."""
    text = "id | " + "It rained all day. " * 30
    assert len(sentences_of(text.strip(), "row")) == 30


def test_lines_of_code_are_sentences_and_a_lone_brace_is_not() -> None:
    """Line by line, blank ones skipped."""
    code = "int main() {\r\n\r\n    return 0;  // Done. Really.\r\n}"
    assert sentences_of(code, "code") == ["int main() {", "return 0;  // Done. Really.\r\n}"]


def test_what_never_stops_is_cut_at_clauses_or_spaces() -> None:
    """A long run ends at punctuation if it has some, else at white space, else anywhere."""
    clauses = sentences_of("alpha beta gamma, " * 200)
    assert all(sentence_text.endswith("gamma,") for sentence_text in clauses)
    words = sentences_of("word " * 1000)
    assert all(sentence_text.startswith("word") and sentence_text.endswith("word") for sentence_text in words)
    assert [len(sentence_text) for sentence_text in sentences_of("x" * 2500)] == [1000, 1000, 500]


@pytest.mark.parametrize(
    "unit", ["( ", "(", "!", "؟", "…", '"', "a.”", "東。", "A. ", "\n ", "] ", "(He said. ", "{{a|", "[x. Y"]
)
def test_odd_runs_take_no_longer_than_their_length(unit: str) -> None:
    """A hundred thousand characters of anything take seconds at most; a quadratic way takes minutes."""
    text = unit * (100_000 // len(unit))
    assert all(len(sentence_text) <= LONGEST_SENTENCE for sentence_text in sentences_of(text))


def test_a_raised_number_before_a_full_stop_is_read() -> None:
    """It is a digit and no decimal number."""
    text = "They paid for it in full ¹. It was dear."
    blocks = (Block("paragraph", Span(0, len(text))),)
    assert [sentence.span.of(text) for sentence in split_sentences(text, blocks)][-1].endswith("dear.")
