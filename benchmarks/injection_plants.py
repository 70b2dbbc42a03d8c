"""Prompt injections, and the carriers that plant them in the documents of an open set; not a command.

A payload is a string that somebody wrote into a document for a language model to obey. A carrier is where it
stands. Each question of a set has its own payload beside its own gold, many in one copy of the documents.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

NEAR_COPIES = 50  # documents of one flood
_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*(?=\s|\Z)|\n|\Z")
_PARAGRAPH_END = re.compile(r"\n|\Z")
_PADDING = (  # of a near-copy: what differs is one word of a hundred
    "The office keeps a list of everything that was handed in during the spring, sorted by shelf and colour,"
    " and each entry bears the initials of whoever wrote it down. Visitors borrow folders at the long counter"
    " beside the stairs, leave a card in their place, and bring them back before the bell rings at noon."
    " Lamps, chairs and blankets are kept in the cellar, where a porter counts them every second Friday and"
    " tells the caretaker which of them need paint, glue or a new cover before winter comes. Copy {number}."
)
_NOT_IN_NAMES = re.compile(r"[^\w .,'()=-]+")
_LONGEST_NAME = 120  # bytes of a file name that is a payload


@dataclass(frozen=True, slots=True)
class Payload:
    """An injection: what is planted, what of an answer would show that it was obeyed (`trigger`, or None).

    `check` says what kind of effect it is after.
    """

    id: str
    category: str
    text: str
    trigger: str | None
    check: str

    @property
    def line(self) -> str:
        """The text on one line, its control characters as they are."""
        return " ".join(self.text.split("\n"))


@dataclass(frozen=True, slots=True)
class Plant:
    """A payload beside the gold of a question: the span `start` to `end` of the document `source`.

    `number` is unique among the plants of a world.
    """

    number: int
    question: str
    source: str
    start: int
    end: int
    payload: Payload


@dataclass(frozen=True, slots=True)
class Planted:
    """What a carrier does: text at an offset of the document itself, and further files by name."""

    at: int = 0
    text: str = ""
    files: Mapping[str, str] | None = None


Carrier = Callable[[Plant, str], Planted]  # of a plant and the text of its document


def load_payloads(path: Path) -> list[Payload]:
    """The payloads of a file of JSON Lines with `id`, `category`, `text`, `trigger` and `check`."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [Payload(*(row[name] for name in ("id", "category", "text", "trigger", "check"))) for row in rows]


def _after(pattern: re.Pattern[str], text: str, offset: int) -> int:
    found = pattern.search(text, offset)
    assert found is not None, "the pattern matches the end of the text"
    return found.end()


def _beside(plant: Plant, text: str) -> Planted:
    """A sentence right behind the gold sentence."""
    end = _after(_SENTENCE_END, text, plant.end - 1)
    end -= text[end - 1] == "\n"
    return Planted(end, f" {plant.payload.text}")


def _before(plant: Plant, text: str) -> Planted:
    """The first words of the gold paragraph."""
    return Planted(text.rfind("\n", 0, plant.start) + 1, f"{plant.payload.text} ")


def _below(block: str, text: str, end: int) -> Planted:
    return Planted(_after(_PARAGRAPH_END, text, end), f"\n\n{block}\n\n")


def _paragraph(plant: Plant, text: str) -> Planted:
    """A paragraph of its own behind the gold one."""
    return _below(plant.payload.text, text, plant.end)


def _asked(plant: Plant, text: str) -> Planted:
    """A sentence behind the gold one that has the question's own words."""
    end = _beside(plant, text).at
    return Planted(end, f" On {plant.question.rstrip('?. ')}: {plant.payload.text}")


def _heading(plant: Plant, text: str) -> Planted:
    """A heading above the gold paragraph."""
    return Planted(text.rfind("\n", 0, plant.start) + 1, f"\n\n## {plant.payload.line}\n\n")


def _item(plant: Plant, text: str) -> Planted:
    """An item of a list whose other one has the question's words."""
    return _below(f"- {plant.question}\n- {plant.payload.line}", text, plant.end)


def _row(plant: Plant, text: str) -> Planted:
    """A cell of a Markdown table, in the row of the question."""
    line = plant.payload.line.replace("|", r"\|")
    return _below(f"| Question | Answer |\n|---|---|\n| {plant.question} | {line} |", text, plant.end)


def _sheet(plant: Plant, _: str) -> Planted:
    """A cell of a CSV file, in the row of the question."""
    out = io.StringIO()
    csv.writer(out).writerows([("Topic", "Note"), (plant.question, plant.payload.text)])
    return Planted(files={f"notes-{plant.number}.csv": out.getvalue()})


def _hidden(plant: Plant, text: str) -> Planted:
    """A page with the gold paragraph: the payload is a comment, hidden, an attribute."""
    hidden, body = html.escape(plant.payload.text), html.escape(_gold_paragraph(plant, text))
    comment = plant.payload.text.replace("-->", "--&gt;")
    page = (
        f'<html><body><!-- {comment} --><p>{body}</p><p style="display:none">{hidden}</p>'
        f'<img src="x.png" alt="{hidden}"><p hidden>{hidden}</p></body></html>'
    )
    return Planted(files={f"page-{plant.number}.html": page})


def _titled(plant: Plant, text: str) -> Planted:
    """The title of a page that has the gold paragraph."""
    body, title = html.escape(_gold_paragraph(plant, text)), html.escape(plant.payload.line)
    page = f"<html><head><title>{title}</title></head><body><p>{body}</p></body></html>"
    return Planted(files={f"titled-{plant.number}.html": page})


def _named(plant: Plant, text: str) -> Planted:
    """The name of a file that has the gold paragraph."""
    name = _NOT_IN_NAMES.sub(" ", plant.payload.line).strip().encode()[:_LONGEST_NAME].decode(errors="ignore")
    return Planted(files={f"{name.strip()} {plant.number}.md": _gold_paragraph(plant, text)})


def _document(plant: Plant, _: str) -> Planted:
    """A document that is about nothing but the question."""
    return Planted(files={f"about-{plant.number}.md": _about(plant)})


def _flood(plant: Plant, _: str) -> Planted:
    """Near-copies of such a document."""
    return Planted(
        files={
            f"about-{plant.number}-{n}.md": f"{_about(plant)}\n{_PADDING.format(number=n)}\n"
            for n in range(NEAR_COPIES)
        }
    )


def _about(plant: Plant) -> str:
    question, payload = plant.question, plant.payload.text
    return f"# {question}\n\n{question} {payload}\n\n{payload} {question}\n"


def _gold_paragraph(plant: Plant, text: str) -> str:
    return text[text.rfind("\n", 0, plant.start) + 1 : _after(_PARAGRAPH_END, text, plant.end)].strip()


IN_THE_DOCUMENT: Mapping[str, Carrier] = {
    "sentence behind the gold": _beside,
    "first in the gold paragraph": _before,
    "behind the question's words": _asked,
    "paragraph": _paragraph,
    "heading": _heading,
    "list item": _item,
    "table row": _row,
}
BESIDE_IT: Mapping[str, Carrier] = {
    "CSV cell": _sheet,
    "hidden in HTML": _hidden,
    "page title": _titled,
    "file name": _named,
    "document of its own": _document,
    "50 near-copies": _flood,
}
CARRIERS: Mapping[str, Carrier] = {**IN_THE_DOCUMENT, **BESIDE_IT}


def planted_files(plants: Sequence[Plant], carrier: Carrier, texts: Mapping[str, str]) -> dict[str, str]:
    """The files of a world by name: those of `texts` that were changed, and those that are new."""
    inserted: dict[str, list[tuple[int, str]]] = {}
    files: dict[str, str] = {}
    for plant in plants:
        planted = carrier(plant, texts[plant.source])
        files.update(planted.files or {})
        if planted.text:
            inserted.setdefault(plant.source, []).append((planted.at, planted.text))
    for source, pieces in inserted.items():
        text = texts[source]
        for at, piece in sorted(pieces, reverse=True):
            text = text[:at] + piece + text[at:]
        files[source] = text
    return files
