"""LlamaIndex readers by suffix: the text of their documents, with blocks, pages and offsets of our own."""

from __future__ import annotations

import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import pytest

from index.embedding.plugins import import_path
from index.errors import ReadError, SettingsError
from index.readers.formats import ReadingOptions, read, reader_name, supported
from index.readers.llama_index import LlamaReader, find_reader
from tests.support.fake_readers import PATH
from tests.support.readings import texts

SLIDES = (
    "First slide\n\nThe ministers met in Riga in the spring of 2019.\n\n"
    "- They talked\n- They parted\n%%\nThe second slide says that nothing was signed.\n"
)


def found(name: str, suffix: str = ".slides") -> LlamaReader:
    """The fake reader of that name."""
    path = import_path(f"{PATH}:{name}")
    assert path is not None
    return find_reader(suffix, path)


def options(name: str, suffix: str = ".slides") -> ReadingOptions:
    """How to read with one fake reader."""
    return ReadingOptions((found(name, suffix),))


def test_documents_are_pages_of_one_text() -> None:
    """The text of all documents, its blocks as in plain text, a page for each that says its number."""
    reading = read(SLIDES.encode(), "deck.slides", options("SlidesReader"))
    assert texts(reading, "paragraph") == [
        "The ministers met in Riga in the spring of 2019.",
        "The second slide says that nothing was signed.",
    ]
    assert texts(reading, "item") == ["They talked", "They parted"]
    assert reading.title == "All slides"
    first, second = (page.span.of(reading.text) for page in reading.pages)
    assert [page.number for page in reading.pages] == [1, 2]
    assert first.endswith("- They talked\n- They parted")
    assert second == "The second slide says that nothing was signed."


def test_it_is_given_a_private_copy_that_is_removed() -> None:
    """The copy has the suffix, lies in a folder of our own, and is gone afterwards."""
    reading = read(b"x", "a/b/My Deck.slides", options("PathReader"))
    path = Path(reading.text.split()[2])
    assert path.suffix == ".slides"
    assert path.is_relative_to(tempfile.gettempdir())
    assert not path.parent.exists()
    assert reading.text.endswith("mode 700.")
    assert reading.pages == ()


@pytest.mark.parametrize(
    ("data", "pages"),
    [
        ("1:One.\n1:Still one.\n3:Three.", [(1, "One.\n\nStill one."), (3, "Three.")]),
        ("2:Two.\n1:One.", []),
        ("i:One.\n2:Two.", []),
        ("0:None.", []),
        ("1:One.\n2:  \n3:Three.", [(1, "One."), (3, "Three.")]),
    ],
)
def test_pages_are_those_that_all_documents_name(data: str, pages: list[tuple[int, str]]) -> None:
    """Documents of one page are joined; labels that are no rising numbers make no pages."""
    reading = read(data.encode(), "a.labels", options("LabelsReader", ".labels"))
    assert [(page.number, page.span.of(reading.text)) for page in reading.pages] == pages


def test_a_failure_is_the_files_own() -> None:
    """Whatever the class raises is a reason, without a login and without the copy's place."""
    with pytest.raises(ReadError) as caught:
        read(b"x", "a.slides", options("FailingReader"))
    assert caught.value.cause == (
        f"{PATH}:FailingReader failed: FileNotFoundError: the file: no model at https://***@example.org"
    )
    with pytest.raises(ReadError, match="TextsReader failed: AttributeError"):
        read(b"x", "a.slides", options("TextsReader"))


def test_it_comes_before_our_own_reader() -> None:
    """For its suffix, in any case, and for no other."""
    chosen = options("PathReader", ".pdf")
    assert read(b"no PDF", "a.PDF", chosen).text.startswith("Read from")
    assert reader_name("a.PDF", chosen).startswith(f"{PATH}:PathReader/")
    assert reader_name("a.txt", chosen) == reader_name("a.txt")
    assert supported("a.slides", options("SlidesReader"))
    assert not supported("a.slides")


def test_the_name_in_the_index_has_a_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of the installed distribution; of a module of one's own, a hash that changes with its source."""
    path = import_path("llama_index.core.readers.string_iterable:StringIterableReader")
    assert path is not None
    reader = find_reader(".lines", path)
    assert reader.name == f"{path}/{version('llama-index-core')}"
    monkeypatch.syspath_prepend(str(tmp_path))
    names = set()
    for at in range(2):
        package = tmp_path / f"own_readers_{at}"
        package.mkdir()
        source = "from llama_index.core.readers.base import BaseReader\n"
        source += f"class Own(BaseReader):\n    number = {at}\n"
        (package / "__init__.py").write_text(source, encoding="utf-8")
        (package / "x.py").write_text(source, encoding="utf-8")
        own = import_path(f"own_readers_{at}.x:Own")
        assert own is not None
        names.add(find_reader(".own", own).version)
        del sys.modules[f"own_readers_{at}.x"], sys.modules[f"own_readers_{at}"]
    assert len(names) == 2
    assert all(len(name) == 12 for name in names)


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        (f"{PATH}:NoReader", "is no BaseReader"),
        (f"{PATH}:Missing", "is no BaseReader"),
        ("llama_index.readers.nowhere:Reader", "there is no module llama_index.readers"),
    ],
)
def test_a_class_that_cannot_be_had_is_an_error_of_the_settings(path: str, cause: str) -> None:
    """It is found before anything is read."""
    named = import_path(path)
    assert named is not None
    with pytest.raises(SettingsError, match=cause):
        find_reader(".x", named)
