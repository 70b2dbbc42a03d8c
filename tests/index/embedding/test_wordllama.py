"""The bundled embedder gives what its library gives, faster, without a network, and never a NaN."""

from __future__ import annotations

import logging
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from index.embedding.embedder import Embedder, load_embedder
from index.embedding.wordllama import BATCH, DEFAULT_EMBEDDER, WordLlamaEmbedder, _mapped_table
from index.errors import SettingsError
from tests.support.fake_embedder import LetterEmbedder

WORDS = [
    "The",
    "summit",
    "was",
    "cancelled.",
    "3.5 %",
    "naïve",
    "東京都",
    "👍🏽",
    "\n\n",
    "\t",
    "   ",
    "-",
    "<s>",
    "▁a",
]
TEXTS = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
        st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join),
    ),
    min_size=1,
    max_size=5,
)


@lru_cache(maxsize=1)
def bundled() -> Embedder:
    return load_embedder()


@pytest.fixture(scope="module")
def library() -> object:
    """What wordllama itself loads from the same files; the logging that its import sets up is undone."""
    handlers, level = logging.root.handlers[:], logging.root.level
    import wordllama

    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    return wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)


def test_name_and_dimension_are_those_of_the_model() -> None:
    """The default is the bundled model of 256 dimensions."""
    assert (bundled().name, bundled().dimension) == (DEFAULT_EMBEDDER, 256)
    assert isinstance(bundled(), WordLlamaEmbedder)


@settings(max_examples=60, deadline=None)
@given(texts=TEXTS)
def test_vectors_equal_the_library_s(library: object, texts: list[str]) -> None:
    """The library is the oracle, in any script, with its special tokens and with runs of spaces."""
    ours = bundled().embed(texts)
    with np.errstate(invalid="ignore"):
        theirs = np.nan_to_num(library.embed(texts, norm=True))  # type: ignore[attr-defined]  # wordllama is untyped
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(texts=TEXTS)
def test_rows_have_unit_length_or_are_zero(texts: list[str]) -> None:
    """No NaN, and a text has no vector only if it is empty."""
    for embedder in (bundled(), LetterEmbedder()):
        rows = embedder.embed(texts)
        assert rows.shape == (len(texts), embedder.dimension)
        assert rows.dtype == np.float32
        for length in np.linalg.norm(rows, axis=1):
            assert length == pytest.approx(1.0, abs=1e-5) or length == 0.0
    assert all(row.any() == bool(text) for text, row in zip(texts, bundled().embed(texts), strict=True))


def test_no_text_gives_no_row() -> None:
    """Nothing in, a table without rows out."""
    assert bundled().embed([]).shape == (0, 256)


def test_a_lone_surrogate_is_embedded_as_a_question_mark() -> None:
    """An argument of a command line may hold bytes that are no text."""
    np.testing.assert_array_equal(bundled().embed(["caf\udce9 au lait"]), bundled().embed(["caf? au lait"]))


def test_a_text_has_one_vector_whatever_it_is_embedded_with() -> None:
    """Alone, in a large batch and at any place of it, bit for bit."""
    texts = [f"sentence {n} about the summit in Budapest " * 8 for n in range(BATCH + 20)]
    together = bundled().embed(texts)
    for at in (0, 7, BATCH - 1, BATCH, BATCH + 19):
        np.testing.assert_array_equal(together[at], bundled().embed([texts[at]])[0])


def test_near_meanings_are_nearer_than_far_ones() -> None:
    """The vectors carry meaning: a car is nearer to an automobile than to a recipe."""
    car, automobile, soup = bundled().embed(["a fast car", "a quick automobile", "a recipe for soup"])
    assert car @ automobile > car @ soup + 0.1


def test_an_unknown_model_is_a_settings_error_that_names_the_bundled_one() -> None:
    """Never a download."""
    with pytest.raises(SettingsError) as caught:
        load_embedder("no/such-model")
    assert "no/such-model" in caught.value.cause
    assert DEFAULT_EMBEDDER in caught.value.hint


@pytest.mark.parametrize("lacking", ["package", "weights"])
def test_missing_weights_are_a_settings_error(
    lacking: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An installation without the model says what to do."""
    if lacking == "weights":
        (tmp_path / "wordllama").mkdir()
        (tmp_path / "wordllama" / "__init__.py").touch()
    rest = [] if lacking == "weights" else [p for p in sys.path if not (Path(p) / "wordllama").exists()]
    monkeypatch.setattr(sys, "path", [str(tmp_path), *(rest or sys.path)])
    monkeypatch.delitem(sys.modules, "wordllama", raising=False)
    with pytest.raises(SettingsError) as caught:
        WordLlamaEmbedder()
    assert "pip install" in caught.value.hint


def test_a_question_is_embedded_without_importing_the_packages_or_an_http_client() -> None:
    """Importing wordllama takes a quarter of a second and switches on everybody's log messages."""
    code = (
        "import logging, sys; from index.embedding.embedder import load_embedder;"
        "load_embedder().embed(['a']);"
        "names = {'wordllama', 'tokenizers', 'requests', 'urllib3'};"
        "print(sorted(names & set(sys.modules)), logging.root.handlers)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stdout == "[] []\n"


@pytest.mark.parametrize("data", [b"", b"\xff" * 40, b"\x02" + bytes(7) + b"[]", b"\x02" + bytes(7) + b"{}"])
def test_damaged_weights_are_named(tmp_path: Path, data: bytes) -> None:
    """A file that was cut off or overwritten is an error of one line, whatever its header claims."""
    weights = tmp_path / "weights.safetensors"
    weights.write_bytes(data)
    with pytest.raises(SettingsError, match="weights of the bundled embedding model are damaged"):
        _mapped_table(weights)
