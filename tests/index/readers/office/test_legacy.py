"""Old binary office files: read through LibreOffice where it is, named with a hint where it is not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import ReadError
from index.readers.office.legacy import read_legacy
from tests.index.readers.office.test_word import with_body
from tests.support.readings import texts

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
DOCUMENT = with_body("<w:p><R>Some text that is here.</R></w:p>")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are looked for."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.mark.parametrize(("name", "suffix"), [("a.doc", ".docx"), ("b.PPT", ".pptx"), ("c.xls", ".xlsx")])
def test_without_libreoffice_the_hint_says_what_to_do(programs: Path, name: str, suffix: str) -> None:
    """They are not read; the hint names the program and the format that is."""
    with pytest.raises(ReadError, match="old binary") as caught:
        read_legacy(OLD, name)
    assert "LibreOffice" in caught.value.hint
    assert suffix in caught.value.hint


def test_a_locked_file_needs_its_password(programs: Path) -> None:
    """No program is asked."""
    with pytest.raises(ReadError, match="needs a password"):
        read_legacy(OLD + "EncryptedPackage".encode("utf-16-le"), "a.xls")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (DOCUMENT, "Some text that is here."),
        (rb"{\rtf1 Rich text.}", "Rich text."),
        (b"<html><body><p>A page.</p></body></html>", "A page."),
    ],
    ids=["docx", "rtf", "html"],
)
def test_what_only_has_an_old_name(programs: Path, data: bytes, expected: str) -> None:
    """It is read as what it is, without any program."""
    assert texts(read_legacy(data, "a.doc")) == [expected]


def fake_program(folder: Path, body: str) -> None:
    """A program in the place of LibreOffice, which runs `body` with the folder for its result as `out`."""
    script = folder / "soffice"
    lines = ["import pathlib, sys, time", "out = pathlib.Path(sys.argv[sys.argv.index('-outdir') + 1])", body]
    script.write_text(f"#!{sys.executable}\n" + "\n".join(lines), encoding="utf-8")
    script.chmod(0o755)


@pytest.mark.skipif(os.name == "nt", reason="a script is no program on Windows")
def test_what_the_program_makes_is_read(programs: Path, tmp_path: Path) -> None:
    """The text is that of the newer file, and a remark says where it comes from; nothing is left behind."""
    newer = tmp_path / "newer.docx"
    newer.write_bytes(DOCUMENT)
    seen = tmp_path / "seen"
    fake_program(
        programs,
        f"pathlib.Path({str(seen)!r}).write_text(str(out.parent))\n"
        "settings = out.parent / 'profile' / 'user' / 'registrymodifications.xcu'\n"
        "assert 'DisableMacrosExecution' in settings.read_text()\n"
        f"out.mkdir()\n(out / 'file.docx').write_bytes(pathlib.Path({str(newer)!r}).read_bytes())",
    )
    reading = read_legacy(OLD, "a.doc")
    assert texts(reading) == ["Some text that is here."]
    assert reading.notes == ("converted by LibreOffice",)
    assert not Path(seen.read_text(encoding="utf-8")).exists()


@pytest.mark.skipif(os.name == "nt", reason="a script is no program on Windows")
def test_a_file_that_it_cannot_open(programs: Path) -> None:
    """A program that ends without a result makes an error with a hint."""
    fake_program(programs, "sys.exit(1)")
    with pytest.raises(ReadError, match="could not open") as caught:
        read_legacy(OLD, "a.ppt")
    assert ".pptx" in caught.value.hint


@pytest.mark.skipif(os.name == "nt", reason="a script is no program on Windows")
def test_a_conversion_that_does_not_end(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is stopped at the time limit."""
    monkeypatch.setattr("index.readers.office.legacy._SHARE", 0.01)
    fake_program(programs, "time.sleep(60)")
    with pytest.raises(ReadError, match="within"):
        read_legacy(OLD, "a.xls")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_itself(tmp_path: Path) -> None:
    """A file that it wrote in the old format is read again."""
    source = tmp_path / "a.docx"
    source.write_bytes(DOCUMENT)
    profile = (tmp_path / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "-headless", "-convert-to", "doc", "-outdir"]
    subprocess.run([*command, str(tmp_path), str(source)], check=True, capture_output=True, timeout=120)
    reading = read_legacy((tmp_path / "a.doc").read_bytes(), "a.doc")
    assert texts(reading) == ["Some text that is here."]
