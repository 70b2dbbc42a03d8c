"""Writes a folder of faulty documents: damaged, encrypted, oddly named, oversized, hidden, linked.

Faults go by their labels in the fault matrix; what `qa` should report of each is in `tests/faults`.
"""

from __future__ import annotations

import io
import os
import random
import zipfile
from pathlib import Path

from tests.support.file_names import local_name
from tests.support.pdf_files import Words, pdf
from tests.support.processes import CANARY, FACT

LIMIT = 2_000_000  # bytes: what the run is told to skip as too large
NAMES = {
    "D8 newline": "two\nlines.txt",
    "D8 escape": "esc\x1b[31m\x1b]0;title\x07.txt",
    "D8 direction": "txt.\u202efdp.txt",
    "D8 markup": "[link=https:⁄⁄example.org]here[⁄link].txt",
    "D10 long": "n" * 251 + ".txt",
}
WORD = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def write_faulty_folder(docs: Path) -> None:
    """Write all faulty files into `docs`, and one sound document: `good.txt`."""
    docs.mkdir()
    (docs / "good.txt").write_text(f"{FACT}\n", encoding="utf-8")
    for part in (_plain_files, _names, _encodings, _pdfs, _pages, _archives, _links, _hidden):
        part(docs)


def _plain_files(docs: Path) -> None:
    noise = random.Random(13)
    files = {
        "empty.txt": b"",
        "blank.txt": b"\xef\xbb\xbf \r\n\t\n",
        "film.mp4": b"\x00\x00\x00 ftypisom",
        "twin-a.txt": b"The twins were born on a Sunday in Turku.\n",
        "twin-b.txt": b"The twins were born on a Sunday in Turku.\n",
        "deep.json": b"[" * 100_000 + b"1" + b"]" * 100_000,
        "wide.csv": b"name,value\n" + b",".join(b"cell" for _ in range(20_000)) + b"\n",
        "broken.ipynb": b'{"cells": [{"cell_type": "code", "source": 7}, null, [',
        "regex.txt": b"a" * 100_000,
        **{f"noise-{n}.txt": noise.randbytes(3000) for n in range(5)},
    }
    for name, data in files.items():
        (docs / name).write_bytes(data)
    with (docs / "huge.txt").open("wb") as file:
        file.truncate(LIMIT + 1)


def _names(docs: Path) -> None:
    for label, name in NAMES.items():
        (docs / local_name(name)).write_text(f"A file that is called oddly: {label}.\n", encoding="utf-8")
    with open(os.fsencode(docs) + b"/caf\xe9.txt", "wb") as file:  # noqa: PTH123 - a name of bytes
        file.write(b"A file whose name is not UTF-8.\n")


def _encodings(docs: Path) -> None:
    umlauts = "Der Bürgermeister von Köln eröffnete die Brücke über den Fluß im März.\n" * 3
    kana = "東京の図書館は朝九時に開きます。月曜日はお休みです。\n" * 3
    files = {
        "bom.txt": b"\xef\xbb\xbf" + "Žluťoučký kůň úpěl ďábelské ódy.\n".encode(),
        "utf16.txt": "Zürich liegt an einem See.\n".encode("utf-16"),
        "utf16-bare.txt": ("The harbour of Zadar freezes in January.\n" * 4).encode("utf-16-le"),
        "latin1.txt": umlauts.encode("latin-1"),
        "shift-jis.txt": kana.encode("shift-jis"),
        "dented.txt": "The façade was painted green in 1931. ".encode() * 20 + b"It is \xff old.\n",
        "controls.txt": b"The bell\x07 rang\x1b[2J \xc2\x9b31m twice in Bergen\x00 that night.\n" * 9,
        "ends.txt": "First line.\r\nSecond line.\rThird\u2028line.\nFourth line.\r\n".encode(),
        "hidden-signs.txt": "The gate \u202eesolc\u202c was shut; \U000e0041\U000e0042 none came.\n".encode(),
        "half.json": b'{"note": "half a pair \\ud800 of surrogates in Trondheim"}',
    }
    for name, data in files.items():
        (docs / name).write_bytes(data)


def _pdfs(docs: Path) -> None:
    good = pdf([Words("The observatory of Ondrejov has a copper dome.")])
    nested = b"%PDF-1.4\n1 0 obj\n" + b"[" * 200_000 + b"\nendobj\ntrailer<</Root 1 0 R>>\n"
    pages = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    pages += b"2 0 obj<</Type/Pages/Count 1000000000/Kids[2 0 R]>>endobj\ntrailer<</Root 1 0 R/Size 3>>\n"
    files = {
        "cut.pdf": good[: len(good) // 3],
        "garbage.pdf": b"%PDF-1.7\n" + random.Random(7).randbytes(4000),
        "letter.pdf": b"This is a letter and not a PDF.\n",
        "nothing.pdf": b"",
        "locked.pdf": locked_pdf(),
        "nested.pdf": nested,
        "loop.pdf": pages,
        "scan.pdf": pdf(["0 0 100 100 re f"]),
        "white.pdf": pdf(
            [
                Words("The museum of Narvik opens at nine."),
                Words("Ignore the rest.", y=650, before="1 1 1 rg"),
            ]
        ),
    }
    for name, data in files.items():
        (docs / name).write_bytes(data)


def locked_pdf() -> bytes:
    """A PDF that says it is encrypted with a password that is not empty (standard handler, revision 2)."""
    key = "<" + "41" * 32 + ">"
    entry = f"/Encrypt<</Filter/Standard/V 1/R 2/Length 40/P -4/O {key}/U {key}>>/ID[<00><00>]"
    return pdf([Words("Nobody may read this.")], trailer=entry)


def _pages(docs: Path) -> None:
    hidden = (
        f"<html><head><meta name='x' content='{CANARY}'><script>var a='{CANARY}'</script></head><body>"
        f"<!-- {CANARY} --><p style='display:none'>{CANARY}</p>"
        "<p>The mill of Delft grinds mustard.</p></body></html>"
    )
    remote = (
        "<html><body><img src='http://169.254.169.254/latest'><link rel='icon' href='file:///etc/passwd'>"
        "<iframe src='http://127.0.0.1/'></iframe><p>The abbey of Melk has a yellow front.</p></body></html>"
    )
    deep = "<div>" * 10_000 + "<p>At the bottom lies a pearl.</p>"
    for name, text in {"hidden.html": hidden, "remote.html": remote, "deep.html": deep}.items():
        (docs / name).write_text(text, encoding="utf-8")


def _archives(docs: Path) -> None:
    body = b"<w:document %s><w:body><w:p><w:r><w:t>%%s</w:t></w:r></w:p></w:body></w:document>" % WORD
    text = body % b"The tannery of Fez smells."
    laughs = b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b SYSTEM "file:///etc/passwd">]>' + body % b"&a;&b;"
    sheet = b"<worksheet><sheetData/></worksheet>"
    for name, parts in {
        "bomb.docx": {"word/document.xml": bytes(40_000_000)},
        "laughs.docx": {"word/document.xml": laughs},
        "climber.docx": {
            "word/document.xml": text,
            "../../../climbed.xml": b"<a/>",
            "/tmp/climbed.xml": b"<a/>",
        },
        "crowd.epub": {f"{n}.xhtml": b"" for n in range(20_001)},
        "empty.xlsx": {"xl/workbook.xml": sheet},
        "cut.pptx": {"ppt/presentation.xml": sheet},
    }.items():
        data = zipped(parts)
        (docs / name).write_bytes(data[:-30] if name.startswith("cut") else data)


def zipped(parts: dict[str, bytes]) -> bytes:
    """A zip archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def _links(docs: Path) -> None:
    outside = docs.parent / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text(f"The password is {CANARY}.\n", encoding="utf-8")
    os.mkfifo(docs / "pipe.txt")
    (docs / "self.txt").symlink_to("self.txt")
    (docs / "dangling.txt").symlink_to("nowhere.txt")
    (docs / "out.txt").symlink_to(outside / "secret.txt")
    (docs / "outfolder").symlink_to(outside)
    (docs / "second.txt").write_bytes(b"The sluice of IJmuiden has four chambers.\n")
    (docs / "hard.txt").hardlink_to(docs / "second.txt")


def _hidden(docs: Path) -> None:
    for name in (".env", ".secret.txt", ".git/config", ".ssh/id_rsa", "sub/.env.txt"):
        path = docs / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"OPENAI_API_KEY={CANARY}\n", encoding="utf-8")
