"""Make the two binary documents of the example corpus, the same bytes each time: `python examples/make_documents.py`.

Their text stands here, so that a reader of the repository can see what is in them.
"""

from __future__ import annotations

import datetime as dt
import textwrap
import zipfile
from pathlib import Path

FOLDER = Path(__file__).parent / "documents"

BRIEFING = "2025-10-27-briefing-why-it-failed.pdf"
BRIEFING_TITLE = "Why the Budapest summit failed: a briefing"
# A tuple is a heading; a string is a paragraph. One list of them for each page.
BRIEFING_PAGES: tuple[tuple[str | tuple[str], ...], ...] = (
    (
        (BRIEFING_TITLE,),
        "Danube Desk, 27 October 2025",
        "The summit in Budapest was announced on 16 October and cancelled on 22 October. Six days were enough "
        "to show that the two sides had never agreed on what it was for. This briefing names three causes and "
        "says how well each is documented.",
        ("1. No agreement on the front line",),
        "The first cause is the best documented. Washington wanted the fighting to stop along the present line "
        "of contact, with talks to follow. Moscow refused to freeze the front line and insisted that Ukraine "
        "first withdraw from the rest of the Donetsk region. Mr Lavrov said so in public on 21 October.",
        ("2. The preparatory meeting never took place",),
        "The foreign ministers were to meet in person in the week of 20 October. They only telephoned. American "
        "officials say that a further meeting was not necessary; Russian officials say that none had been fixed. "
        "Without it nobody had drafted a text that the presidents could have signed.",
    ),
    (
        ("3. Fear of an empty result",),
        "After Alaska, Mr Trump had been criticised at home for a summit without results. He said that he did "
        "not want a wasted meeting. This cause rests on his own words, which are not evidence of his motives.",
        ("What it was not",),
        "The arrest warrant of the International Criminal Court was not the reason: Hungary had promised safe "
        "passage, and no participant named the warrant as an obstacle. Nor were the sanctions on Rosneft and "
        "Lukoil, which were announced on the same day as the cancellation and not before it.",
        ("What comes next",),
        "Both presidents have left a later meeting open. No date, place or agenda has been proposed. Hungary "
        "has kept its organising committee.",
    ),
)

REACTIONS = "2025-10-24-reactions-in-budapest.docx"
REACTIONS_TITLE = "Reactions in Budapest"
REACTIONS_DATE = dt.datetime(2025, 10, 24, 16, 0, tzinfo=dt.UTC)
REACTIONS_BODY: tuple[tuple[str, str], ...] = (
    ("Title", REACTIONS_TITLE),
    ("Normal", "Danube Desk, 24 October 2025"),
    ("Heading 1", "The government"),
    (
        "Normal",
        "The Hungarian government does not speak of a cancellation. Viktor Orbán said on Friday that the peace "
        "summit was still on the agenda and that work on it went on. He blamed what he called the pro-war camp "
        "in Brussels for the delay.",
    ),
    ("Heading 1", "The opposition"),
    (
        "Normal",
        "Péter Magyar, who leads the Tisza party, said that Hungary should be glad of every step towards peace, "
        "but that the prime minister had announced a success before there was one. He recalled that a "
        "parliamentary election is due in April 2026.",
    ),
    ("Heading 1", "The city"),
    (
        "Normal",
        "The mayor of Budapest, Gergely Karácsony, reminded his guests of the Budapest Memorandum of 1994, in "
        "which Russia, the United Kingdom and the United States gave Ukraine assurances of its borders in return "
        "for its nuclear weapons. A second document of that name, he said, should be worth more than the first.",
    ),
    ("List Bullet", "Demonstrations had been registered for both banks of the Danube."),
    ("List Bullet", "They were called off on 23 October, a national holiday."),
)

PAGE_WIDTH, PAGE_HEIGHT, MARGIN, COLUMNS = 595, 842, 72, 84  # A4 in points; columns in characters


def briefing() -> bytes:
    """The PDF of `BRIEFING_PAGES`: real text in Helvetica, one content stream a page, no compression."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>")
    objects.append(f"<< /Title ({_escape(BRIEFING_TITLE)}) /CreationDate (D:20251027080000Z) >>")
    kids = []
    for page in BRIEFING_PAGES:
        stream = _page_stream(page)
        objects.append(f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}] "
            f"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    return _pdf_file(objects)


def _page_stream(page: tuple[str | tuple[str], ...]) -> str:
    lines, y = [], PAGE_HEIGHT - MARGIN
    for part in page:
        font, size, text = ("F1", 11, part) if isinstance(part, str) else ("F2", 13, part[0])
        y -= 8
        for line in textwrap.wrap(text, COLUMNS):
            lines.append(f"BT /{font} {size} Tf {MARGIN} {y} Td ({_escape(line)}) Tj ET")
            y -= 15
    return "\n".join(lines)


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _pdf_file(objects: list[str]) -> bytes:
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R /Info 5 0 R >>"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n{trailer}\n".encode("ascii")
    return bytes(out + f"startxref\n{start}\n%%EOF\n".encode("ascii"))


def reactions(path: Path) -> None:
    """Write the DOCX of `REACTIONS_BODY`; its zip entries bear one fixed time, so that the bytes repeat."""
    import docx

    document = docx.Document()
    for style, text in REACTIONS_BODY:
        document.add_paragraph(text, style=style)
    properties = document.core_properties
    properties.title, properties.author = REACTIONS_TITLE, "Danube Desk"
    properties.created = properties.modified = REACTIONS_DATE.replace(tzinfo=None)
    document.save(str(path))
    with zipfile.ZipFile(path) as written:
        entries = [(name, written.read(name)) for name in written.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name, data in entries:
            fixed.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    (FOLDER / BRIEFING).write_bytes(briefing())
    reactions(FOLDER / REACTIONS)
