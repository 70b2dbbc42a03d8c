"""Giant and hostile HTML, EPUB, Markdown and the like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.giant_files.writing import MB, Maker, packed, paragraphs, sentences, text, times, write

_WORDS = "Answers are given here."


def _page(body: Iterator[str | bytes], head: str = "") -> Iterator[str | bytes]:
    yield f"<!DOCTYPE html><html><head><title>A giant page</title>{head}</head><body>"
    yield from body
    yield "</body></html>"


def _paragraphs(path: Path) -> None:
    write(path, _page(f"<p>{paragraph}</p>\n" for paragraph in paragraphs(50 * MB)))


def _nested(tag: str, depth: int) -> Maker:
    return text("<html><body>", f"<{tag}>" * depth, f"<p>{_WORDS}</p>", f"</{tag}>" * depth, "</body></html>")


def _misnested(path: Path) -> None:
    write(path, _page(f"<b><i><a href=x><font>{word}</b></i>" for word in ("word",) * 20_000))


def _million_cells(path: Path) -> None:
    rows = (
        "<tr>" + "".join(f"<td>{row * at}</td>" for at in range(1_000)) + "</tr>\n" for row in range(1_000)
    )
    write(path, _page(part for part in ("<table>", *rows, "</table>")))


def _spans(path: Path) -> None:
    cell = '<td colspan="1000000000" rowspan="1000000000">Spanning</td>'
    write(
        path,
        _page(f"<table><tr>{cell * 3}<td>1</td></tr><tr>{cell}<td>2</td></tr></table>" for _ in range(2_000)),
    )


def _rowspans(path: Path) -> None:
    row = '<tr><td rowspan="65534">held</td><td>1</td></tr>'
    write(path, _page(part for part in ("<table>", row * 4_000, "</table>")))


def _attributes(path: Path) -> None:
    write(
        path,
        _page(f"<p {' '.join(f'data-a{at}={at}' for at in range(100_000))}>{_WORDS}</p>" for _ in range(3)),
    )


def _many_attributed(path: Path) -> None:
    names = " ".join(f"data-a{at}=value{at}" for at in range(50))
    write(
        path,
        _page(f"<p {names}>{sentence}</p>" for _, sentence in zip(range(20_000), sentences(), strict=False)),
    )


def _huge_attribute(path: Path) -> None:
    picture = (b'<img src="data:image/png;base64,', *times(b"QUJD", 50 * MB), b'">')
    write(path, _page(part for part in (*picture, f"<p>{_WORDS}</p>")))


def _sheets(path: Path) -> None:
    rules = "".join(
        f".c{at}, div.c{at} p {{ display: none; text-decoration: line-through }}" for at in range(20_000)
    )
    body = (f'<p class="c{at}">{_WORDS}</p>' for at in range(20_000))
    write(path, _page(body, f"<style>{rules}</style>"))


def _one_body(path: Path) -> None:
    write(path, _page(f"<tr><td>Value {at}</td><td>{at}</td></tr>" for at in range(12_000)))


def _bodies(path: Path) -> None:
    rows = (f"<tr><td>Value {at}</td><td>{at}</td></tr>" for at in range(12_000))
    write(path, _page(part for part in ("<table><tbody>", *rows, "</tbody></table>")))


def _asides(path: Path) -> None:
    write(path, _page(part for part in ("<aside>a <a href=x>b</a>" * 4_000, _WORDS)))


def _consent(path: Path) -> None:
    write(path, _page(part for part in ('<div class="cookie-banner">b<a>c</a>' * 4_000, _WORDS)))


def _epub(path: Path, chapters: Sequence[tuple[str, Iterator[str | bytes]]], spine: int) -> None:
    container = '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>'
    names = [name for name, _ in chapters]
    items = "".join(
        f'<item id="i{at}" href="{name}" media-type="application/xhtml+xml"/>'
        for at, name in enumerate(names)
    )
    order = "".join(f'<itemref idref="i{at % len(names)}"/>' for at in range(spine))
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata/>'
        f"<manifest>{items}</manifest><spine>{order}</spine></package>"
    )
    packed(path, [("META-INF/container.xml", [container]), ("b.opf", [opf]), *chapters])


def _epub_bomb(path: Path) -> None:
    _epub(path, [("a.xhtml", times(b" ", 500 * MB))], 1)


def _epub_repeated(path: Path) -> None:
    page = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs(MB))
    _epub(path, [("a.xhtml", iter(["<html><body>", page, "</body></html>"]))], 10_000)


def _epub_chapters(path: Path) -> None:
    chapters = [
        (f"c{at}.xhtml", iter([f"<html><body><h1>{at}</h1><p>{paragraph}</p></body></html>"]))
        for at, paragraph in enumerate(paragraphs(6 * MB))
    ]
    _epub(path, chapters, len(chapters))


MAKERS: dict[str, Maker] = {
    "paragraphs, 50 MB.html": _paragraphs,
    "one line, 50 MB.html": lambda path: write(path, _page(iter(["<p>", *paragraphs(50 * MB)]))),
    "div 50,000 deep.html": _nested("div", 50_000),
    "div 9,900 deep.html": _nested("div", 9_900),
    "span 300,000 deep.html": _nested("span", 300_000),
    "tables 3,000 deep.html": text(
        "<html><body>", "<table><tr><td>a" * 3_000, f"<p>{_WORDS}</p></body></html>"
    ),
    "lists 9,000 deep.html": text("<html><body>", "<ul><li>a" * 4_500, f"<p>{_WORDS}</p></body></html>"),
    "tags crossed 20,000 times.html": _misnested,
    "a million cells.html": _million_cells,
    "cells of 10^9 columns and rows.html": _spans,
    "4,000 cells down to the end.html": _rowspans,
    "100,000 attributes.html": _attributes,
    "20,000 elements of 50 attributes.html": _many_attributed,
    "attribute of 50 MB.html": _huge_attribute,
    "20,000 rules of style.html": _sheets,
    "12,000 rows of one body.html": _bodies,
    "4,000 asides in each other.html": _asides,
    "4,000 banners in each other.html": _consent,
    "300,000 terms.html": lambda path: write(path, _page(f"<dt>t{at}<dd>d{at}" for at in range(300_000))),
    "formula 5,000 deep.html": text(
        "<html><body><p>a</p><math>", "<mfrac><mi>x</mi>" * 5_000, "</math></body></html>"
    ),
    "inflates to 500 MB.epub": _epub_bomb,
    "one chapter 10,000 times.epub": _epub_repeated,
    "10,000 chapters.epub": _epub_chapters,
    "quotations 100,000 deep.md": text("# Title\n\n", "> " * 100_000, _WORDS, "\n\n", "- " * 100_000, _WORDS),
    "templates 100,000 deep.mediawiki": text("{{a|" * 100_000, _WORDS, "}}" * 100_000, "\n\nEnd of it.\n"),
    "macros without end.tex": text("\\def\\a{\\b\\b}\\def\\b{\\a\\a}\\a{" * 30_000, _WORDS, "}" * 30_000),
}
