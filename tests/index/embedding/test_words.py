"""Words have the token ids that the model's own tokenizer gives a whole text, whoever encodes them."""

from __future__ import annotations

import json
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from tokenizers import Tokenizer

from index.embedding.byte_pairs import FEW, LONGEST, SIGNS, SPACE, BytePairs, merge_rank, merged, vocabulary
from index.embedding.wordllama import tokenizer_file
from index.embedding.words import MOST_REMEMBERED, WordTokenizer

PIECES = sorted(vocabulary(tokenizer_file().read_bytes()))
ODD = ["", " ", "a ", SPACE, f"a{SPACE}", "<s>", f"a <unk>{SPACE}</s> b", "<s><s>", f"<unk>{SPACE}", "x</s> "]
ODD += [" " * count + "a" for count in range(20)]  # the vocabulary has pieces of up to 16 spaces
ODD += [
    "\0",
    "\x7f\u0085",
    "\u2028\u2029",
    "\ufeffa",
    "\ue000",
    "\U0010ffff",
    "👩‍👩‍👧‍👦",
    "e\u0301",
    "ﬁ",
    "<0x41>",
]
TEXTS = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
        st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
        st.text(" aeinoht.s" + SPACE, max_size=30),
    ),
    max_size=5,
)


@cache
def oracle() -> Tokenizer:
    """The tokenizer as its own library reads it, for whole texts."""
    tokenizer = Tokenizer.from_file(str(tokenizer_file()))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


@cache
def few() -> WordTokenizer:
    """It never comes to load the library."""
    return WordTokenizer(patient())


def patient() -> BytePairs:
    pairs = BytePairs(tokenizer_file())
    pairs._left = 10**9
    return pairs


@cache
def many() -> WordTokenizer:
    """It has the library loaded from the beginning."""
    pairs = BytePairs(tokenizer_file())
    pairs._left = 0
    return WordTokenizer(pairs)


def test_the_file_s_merges_are_those_of_its_vocabulary() -> None:
    """All of them, in their order: what a word is made of depends on nothing else."""
    model = json.loads(tokenizer_file().read_bytes())["model"]
    numbers = model["vocab"]
    assert vocabulary(tokenizer_file().read_bytes()) == numbers
    splits = ((piece[:at], piece[at:]) for piece in numbers for at in range(1, len(piece)))
    merges = [(left, right) for left, right in splits if left in numbers and right in numbers]
    merges.sort(key=lambda pair: merge_rank(pair[0], pair[1], numbers))
    assert [f"{left} {right}" for left, right in merges] == model["merges"]


def test_every_piece_is_what_its_characters_are_joined_to() -> None:
    """So that a word which is one need not be taken apart."""
    numbers = vocabulary(tokenizer_file().read_bytes())
    pieces = [piece for piece in numbers if len(piece) > 1 and numbers[piece] > numbers["<0xFF>"]]
    assert [piece for piece in pieces if merged(piece, numbers) != [piece]] == []


@settings(max_examples=150, deadline=None, derandomize=True)
@given(texts=TEXTS)
def test_words_have_the_ids_that_the_tokenizer_gives_the_whole_text(texts: list[str]) -> None:
    """Few and many, also when nothing is remembered any more, and with signs of the model beside words."""
    texts += ODD
    expected = [encoding.ids for encoding in oracle().encode_batch(texts, add_special_tokens=False)]
    for words in (few(), many()):
        assert [ids.tolist() for ids in words.ids(texts)] == expected
        words._size = MOST_REMEMBERED + 1
        assert [ids.tolist() for ids in words.ids(texts)] == expected


def test_every_character_has_its_ids() -> None:
    """Those of the vocabulary, and those that are written in bytes: a few of every thousand."""
    characters = [chr(code) for code in chain(range(0x3000), range(0x3000, 0x110000, 251))]
    texts = [f"a{each}b" for each in characters if not each.isspace() and not 0xD800 <= ord(each) < 0xE000]
    expected = [encoding.ids for encoding in oracle().encode_batch(texts, add_special_tokens=False)]
    assert [ids.tolist() for ids in few().ids(texts)] == expected


@pytest.mark.parametrize(
    "word", [SPACE + "ab" * LONGEST, SPACE + "東京都知事" * LONGEST], ids=["letters", "without spaces"]
)
def test_a_long_word_is_encoded_by_the_library(word: str) -> None:
    """The work would grow with the square of its length."""
    pairs = patient()
    assert pairs.encode([word]) == [oracle().encode(word[1:], add_special_tokens=False).ids]
    assert "_library" in vars(pairs)


def test_many_words_are_encoded_by_the_library() -> None:
    """Few a time or all at once: the library takes a tenth of a second to load, and then is much faster."""
    pairs = BytePairs(tokenizer_file())
    words = [f"{SPACE}{number}" for number in range(FEW // 10)]
    expected = [oracle().encode(word[1:], add_special_tokens=False).ids for word in words]
    for loaded in (False, False, True, True):
        assert pairs.encode(words) == expected
        assert ("_library" in vars(pairs)) is loaded


def test_of_a_file_that_is_not_known_nothing_is_assumed(tmp_path: Path) -> None:
    """Its merges may be others: all words are encoded by the library, and the signs are those of the file."""
    other = tmp_path / "tokenizer.json"
    other.write_bytes(tokenizer_file().read_bytes() + b"\n")
    pairs = BytePairs(other)
    assert pairs.signs == SIGNS
    assert pairs.encode([f"{SPACE}summit"]) == [oracle().encode("summit", add_special_tokens=False).ids]
    assert not pairs._numbers
