"""The program Tesseract: what is said where it or its languages are missing, and how it is run."""

from __future__ import annotations

import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import ReadError, SettingsError
from index.readers.pdf.ocr.hocr import read_hocr
from index.readers.pdf.ocr.tesseract import Tesseract, find_tesseract
from tests.support.fake_tesseract import SENTENCE, fake_tesseract, picture, png
from tests.support.pdf_files import Words

posix = pytest.mark.skipif(sys.platform == "win32", reason="the fake program is a script")
real = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tesseract:
    """The fake program, found on the path."""
    monkeypatch.setenv("PATH", str(fake_tesseract(tmp_path / "bin").parent))
    return find_tesseract("eng+deu")


@posix
def test_the_program_is_found_with_its_version(engine: Tesseract) -> None:
    """What it says of itself is part of the name that an index has for it."""
    assert engine.name == "tesseract/5.9.1/eng+deu"
    assert engine.orientation
    assert Path(engine.program).is_absolute()


@posix
@pytest.mark.parametrize(
    ("version", "languages", "wanted", "cause", "option"),
    [
        (
            "tesseract 5.9.1",
            ["eng", "osd"],
            "eng+deu+fra",
            "has no data for deu, fra, only for eng",
            "ocr_languages",
        ),
        ("tesseract 5.9.1", [], "eng", "has no data for eng, only for no language", "ocr_languages"),
        ("tesseract 3.05.02", ["eng"], "eng", "is no Tesseract of version 4 or later", "ocr"),
        ("something else", ["eng"], "eng", "is no Tesseract of version 4 or later", "ocr"),
    ],
)
def test_what_cannot_be_used_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
    languages: list[str],
    wanted: str,
    cause: str,
    option: str,
) -> None:
    """An error of the settings, with the option to change."""
    program = fake_tesseract(tmp_path / "bin", version=version, languages=languages)
    monkeypatch.setenv("PATH", str(program.parent))
    with pytest.raises(SettingsError, match=cause) as caught:
        find_tesseract(wanted)
    assert caught.value.options == (option,)
    assert "install it" in caught.value.hint


def test_without_the_program_the_hint_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For each system."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("index.readers.pdf.ocr.tesseract._WINDOWS", str(tmp_path))
    with pytest.raises(SettingsError, match="needs the program tesseract") as caught:
        find_tesseract("eng")
    assert "apt install tesseract-ocr" in caught.value.hint
    assert caught.value.exit_code == 4


@posix
def test_an_older_one_for_windows_says_its_version_with_a_v(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its installer's build is "v5.3.0.20221214"; without orientation data pages are taken as they are."""
    program = fake_tesseract(tmp_path / "bin", version="tesseract v5.3.0.20221214", languages=["eng"])
    monkeypatch.setenv("PATH", str(program.parent))
    engine = find_tesseract("eng")
    assert (engine.version, engine.orientation) == ("5.3.0.20221214", False)


@posix
def test_it_is_asked_for_words_with_places(engine: Tesseract) -> None:
    """Languages, resolution and orientation are what it is called with."""
    (page,) = read_hocr(engine.hocr(picture(), dpi=300))
    assert [line.text for line in page.lines] == [SENTENCE]
    read_hocr(replace(engine, languages="eng", orientation=False).hocr(picture()))
    log = Path(f"{engine.program}.log").read_text(encoding="utf-8").splitlines()
    assert log == [
        "- - -l eng+deu --dpi 300 --psm 1 -c tessedit_create_hocr=1",
        "- - -l eng -c tessedit_create_hocr=1",
    ]


@posix
def test_a_failure_is_the_images_own(engine: Tesseract) -> None:
    """The last line of what the program says is the reason."""
    with pytest.raises(ReadError) as caught:
        engine.hocr(picture(b"FAIL"))
    assert caught.value.cause == "text recognition failed: Image cannot be read!"
    with pytest.raises(ReadError, match="no usable result"):
        read_hocr(engine.hocr(picture(b"ODD")))
    with pytest.raises(ReadError, match="cannot be run"):
        replace(engine, program=engine.program + "-gone").hocr(picture())


@posix
def test_an_image_that_takes_too_long_is_given_up(engine: Tesseract) -> None:
    """After so many seconds for each page; the program is ended."""
    began = time.monotonic()
    with pytest.raises(ReadError, match="took longer than 1 s"):
        replace(engine, seconds=0.5).hocr(picture(b"SLOW"), pages=2)
    assert time.monotonic() - began < 30


@real
def test_the_real_program_reads_an_image() -> None:
    """Words, places and confidence of a clear picture."""
    (page,) = read_hocr(find_tesseract("eng").hocr(png([Words(SENTENCE, x=72, y=700, size=14)])))
    (line,) = page.lines
    assert line.text == SENTENCE
    assert abs(line.left - 72) < 3
    assert 690 < line.bottom < 702
    assert min(page.confidences) > 80


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"/etc/hosts\n",
        b"RIFF a WAVE file",
        b"BM/home/me/letter.png",
        b"\x89PNG",
        b"https://example.org/a.png",
    ],
)
@posix
def test_what_is_no_image_is_not_handed_over(engine: Tesseract, data: bytes) -> None:
    """The program would take it for a list of files to read."""
    with pytest.raises(ReadError, match="not an image"):
        engine.hocr(data)
    assert not Path(f"{engine.program}.log").exists()


@real
def test_an_image_cannot_make_the_real_program_read_another_file(tmp_path: Path) -> None:
    """Whatever follows the first bytes of an image is no list of files either."""
    (tmp_path / "secret.png").write_bytes(png([Words(SENTENCE, x=72, y=700, size=14)]))
    engine = find_tesseract("eng")
    name = str(tmp_path / "secret.png").encode()
    heads = (
        b"\xff\xd8\xff",
        b"GIF89a",
        b"II*\0",
        b"BM" + bytes(8),
        b"P5 1",
        b"RIFF1234WEBP",
        b"\x89PNG\r\n\x1a\n",
    )
    for head in heads:
        with pytest.raises(ReadError):
            read_hocr(engine.hocr(head + b"\n" + name + b"\n"))
