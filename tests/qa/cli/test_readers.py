"""What is read by readers that the user names, and by OCR; what is said where these cannot be had."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.support.cli import Run
from tests.support.fake_readers import PATH
from tests.support.fake_tesseract import fake_tesseract, picture
from tests.support.pdf_files import Words, pdf


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder of documents that only a LlamaIndex reader can read."""
    folder = tmp_path / "docs"
    folder.mkdir()
    text = "The Vasa was lost in 1628.\n%%\nShe carried too many cannons.\n"
    (folder / "ships.slides").write_text(text, encoding="utf-8")
    return folder


def test_a_flag_names_a_reader(run: Run, docs: Path) -> None:
    """What it reads is answered with, page and all."""
    done = run("index", "docs", "--reader", f".slides={PATH}:SlidesReader", "--json", at=docs.parent)
    assert (done.code, json.loads(done.out)["added"]) == (0, 1)
    (listed,) = json.loads(run("sources", "--json", at=docs.parent).out)["sources"]
    assert listed["reader"].startswith(f"{PATH}:SlidesReader/")
    assert listed["pages"] == 2
    asked = json.loads(run("ask", "--json", "What did she carry?", at=docs.parent).out)
    assert (asked["citations"][0]["page"], asked["citations"][0]["source"]) == (2, "ships.slides")


@pytest.mark.parametrize(
    ("arguments", "code", "cause"),
    [
        (["--reader", ".slides"], 2, "--reader takes readers by suffix"),
        (["--reader", ".slides=no.such.module:Reader"], 4, "there is no module no.such.module"),
        (["--reader", f".slides={PATH}:NoReader"], 4, "NoReader is no BaseReader"),
        (["--reader", f".slides={PATH}:PathReader", "--offline"], 4, "which --offline forbids"),
    ],
)
def test_a_reader_that_cannot_be_had_stops_it(
    run: Run, docs: Path, arguments: list[str], code: int, cause: str
) -> None:
    """Nothing is read then: two lines on stderr."""
    done = run("index", "docs", *arguments, at=docs.parent)
    assert (done.code, done.out) == (code, "")
    assert cause in done.err


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """A folder with an image, a scanned document and one with a scanned page."""
    folder = tmp_path / "docs"
    folder.mkdir()
    page = "q 612 0 0 792 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G /F /AHx ID 00> EI Q"
    (folder / "notice.png").write_bytes(picture())
    (folder / "mixed.pdf").write_bytes(pdf([Words("A page of text.")], [page]))
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="the fake program is a script")
def test_pictures_are_read_if_asked_for(run: Run, scans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without OCR it is said how to read them; with it answers come from them, with their page."""
    done = run("index", "docs", at=scans.parent)
    assert done.code == 0
    assert "qa: text in pictures was not read: 1 image and 1 scanned document" in done.err
    assert "qa index --ocr" in done.err
    program = fake_tesseract(scans.parent / "bin")
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    done = run("index", "docs", "--ocr", "--ocr-languages", "eng+deu", at=scans.parent)
    assert done.code == 0
    assert "mixed.pdf: read by OCR (Tesseract 5.9.1, eng+deu): mean confidence 95 %" in done.out
    assert "not read" not in done.err
    answer = json.loads(run("ask", "--json", "When was the harbour closed?", at=scans.parent).out)
    (citation,) = answer["citations"]
    assert citation["text"] == "The harbour was closed on Monday."
    assert (citation["source"], citation["page"]) == ("notice.png", 1)


@pytest.mark.parametrize(
    ("languages", "code", "cause", "hint"),
    [
        ("eng", 4, "text recognition needs the program tesseract", "(--ocr)"),
        ("e n g/..", 2, "--ocr-languages takes languages", "--help"),
    ],
)
def test_ocr_that_cannot_be_had_stops_it(
    run: Run,
    scans: Path,
    monkeypatch: pytest.MonkeyPatch,
    languages: str,
    code: int,
    cause: str,
    hint: str,
) -> None:
    """Nothing is read then: one line of cause, one of what to do."""
    monkeypatch.setenv("PATH", str(scans))
    done = run("index", "docs", "--ocr", "--ocr-languages", languages, at=scans.parent)
    assert (done.code, done.out) == (code, "")
    lines = [line for line in done.err.splitlines() if "new index" not in line]
    assert len(lines) == 2
    assert cause in lines[0]
    assert hint in lines[1]
