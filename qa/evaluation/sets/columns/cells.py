"""One row of people's columns to the fields of a question: what each cell says, or why it says nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa.evaluation.sets.columns.lists import SplitCell, list_cell, listed
from qa.evaluation.sets.columns.names import CONTEXT_NAMES, INVERSE, PIECE_FIELDS, Chosen, plain
from qa.evaluation.sets.refusals import is_refusal, without_refusal
from qa.evaluation.sets.rows import RowError, described, json_value

if TYPE_CHECKING:
    from collections.abc import Iterator

# What programs write where there is nothing; of these, the first could be an answer too.
_NOTHING = ("None", "nan", "NaN", "NAN", "NULL", "null", "Null", "<NA>", "NaT", "#N/A", "#NV", "\\N")
_CELL_ERROR = re.compile(r"#(?:DIV/0!|REF!|NAME\?|VALUE!|NUM!|NULL!|CALC!|SPILL!)")
_FLAGS = {
    **dict.fromkeys(("yes", "true", "1", "1.0", "y", "ja", "oui", "sí", "answerable"), True),
    **dict.fromkeys(("no", "false", "0", "0.0", "n", "nein", "non", "unanswerable"), False),
}
_WHOLE = re.compile(r"(?P<digits>[0-9]{1,16}|[0-9]{1,3}(?:[, \u00a0\u202f'][0-9]{3})+)(?:\.0+)?", re.ASCII)
_PAGES = re.compile(r"(?:(?:pp?|pages?|s|seiten?)\b\.?\s*)?(?P<numbers>[0-9][0-9\s,;&–-]*)", re.IGNORECASE)
_RANGE = re.compile(r"([0-9]{1,7})\s*[-–]\s*([0-9]{1,7})")
_MOST_PAGES = 100
_PLACE_AFTER = re.compile(
    r"(?P<source>.*\.\w{2,5})[\s,;:(\[]+(?:pp?\.|pages?|seiten?|s\.)\s*(?P<page>[0-9]{1,6})[)\]]?",
    re.IGNORECASE,
)
_LISTED_NAMES = re.compile(r"[^|;\n]*\.\w{1,5}\s*(?:[|;\n]\s*[^|;\n]*\.\w{1,5}\s*)+")


@dataclass(slots=True)
class ReadRow:
    """The fields of a row as `question_of` takes them, and what was made of its cells that may surprise."""

    fields: dict[str, object] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    split: bool = False


def read_row(values: Mapping[str, object], chosen: Chosen, *, texts: bool) -> ReadRow:
    """The fields that `chosen` names, of a row by column.

    `texts` says that cells are texts whatever they mean, as those of CSV are; else they are values of JSON.
    Raises RowError that names the column.
    """
    row = ReadRow()
    cells: dict[str, object] = {}
    for name, column in chosen.columns.items():
        with _told_of(name, column):
            cells[name] = _emptied(name, values.get(column), row)
    for name in ("id", "question", "within", "group"):
        if cells.get(name) is not None:
            row.fields[name] = cells[name]
    for name in ("answers", "tags"):
        if cells.get(name) is not None:
            with _told_of(name, chosen.columns[name]):
                row.fields[name] = _texts(name, cells[name], chosen, row, texts=texts)
    for name in ("answerable", INVERSE, "disagreement", "draft"):
        if cells.get(name) is not None:
            with _told_of(name, chosen.columns[name]):
                flag = _flag(name, cells[name], texts=texts or name in chosen.foreign.values())
                row.fields["answerable" if name == INVERSE else name] = not flag if name == INVERSE else flag
    with _told_of("evidence", chosen.columns.get("evidence", "evidence")):
        evidence = _evidence(cells, row, texts=texts)
    beside = plain(chosen.columns.get("text", "")) in CONTEXT_NAMES
    _settle(row, evidence, beside=beside)
    return row


@contextmanager
def _told_of(name: str, column: str) -> Iterator[None]:
    """Name the column in what is wrong with its cell, where it is called otherwise than its field."""
    try:
        yield
    except RowError as exc:
        if plain(column) == name:
            raise
        raise RowError(f"column {column[:40]!r}: {exc}") from exc


def _emptied(name: str, value: object, row: ReadRow) -> object:
    """A cell, None where it is blank or only says that there is nothing."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if _CELL_ERROR.fullmatch(text):
        raise RowError(f"the cell holds an error, {text}")
    if text in _NOTHING:
        if name == "answers":
            row.remarks.append(
                f'{text} as an answer is read as an empty cell; write ["{text}"] if it is the answer'
            )
        return None
    return value if text else None


def _texts(name: str, value: object, chosen: Chosen, row: ReadRow, *, texts: bool) -> object:
    column = chosen.columns[name]
    ours = plain(column) == name
    if isinstance(value, dict) and "text" in value:  # as Hugging Face writes the answers of SQuAD
        return value["text"]
    if isinstance(value, str):
        items: Sequence[str] | None = list_cell(value, bar=ours) if texts else listed(value.strip())
        if items is None:
            return value
        row.split = row.split or (name == "answers" and isinstance(items, SplitCell))
        if texts and not ours and len(items) == 1 and "|" in items[0]:
            row.remarks.append(
                f"| in {column[:40]!r} belongs to the text; to separate with it, call the column {name}"
            )
        return items
    if texts and isinstance(value, list):
        return [item for item in value if item is not None]
    if not ours and isinstance(value, (int, float)) and not isinstance(value, bool):
        return json.dumps(value)
    return value


def _flag(name: str, value: object, *, texts: bool) -> object:
    """Yes or no; a value of JSON is left for `question_of` to judge."""
    if not texts or not isinstance(value, (str, int)) or isinstance(value, bool):
        if name == INVERSE and not isinstance(value, bool):
            raise RowError(f"true or false was expected, not {described(value)}")
        return value
    flag = _FLAGS.get(str(value).strip().casefold())
    if flag is None:
        shown = "answerable" if name == INVERSE else name
        raise RowError(f"{shown} must be yes or no, not {json.dumps(str(value)[:40])}")
    return flag


def _evidence(cells: Mapping[str, object], row: ReadRow, *, texts: bool) -> object:
    """Evidence as `question_of` takes it, from its own column, or of one piece, or of texts and sources."""
    piece = {name: cells[name] for name in PIECE_FIELDS if cells.get(name) is not None}
    own = cells.get("evidence")
    if own is None:
        return _pieces(piece, row)
    if isinstance(own, str) and texts and own.strip()[:1] in ("[", "{"):
        own = _json_cell(own)
        if piece:
            raise RowError(
                "evidence stands both in its own cell and in source, start, end, page: leave out one"
            )
    quoted = own if isinstance(own, list) else [own]
    if texts:
        quoted = own = [_with_numbers(each) for each in quoted]
    if not quoted or not all(isinstance(each, str) and " " in each.strip() for each in quoted):
        if piece:
            row.remarks.append(f"{', '.join(piece)} beside evidence: not used")
        return own
    return _pieces({**piece, "text": quoted}, row)


def _with_numbers(piece: object) -> object:
    """A piece of evidence of a file whose values are texts, with the numbers that it has."""
    if not isinstance(piece, dict):
        return piece
    numbers = ("start", "end", "page", "set")
    return {name: _whole(value) if name in numbers else value for name, value in piece.items()}


def _json_cell(cell: str) -> object:
    try:
        return json_value(cell)
    except RowError as exc:
        try:
            items = listed(cell.strip())
        except RowError:
            items = None
        if items is not None:
            return items
        raise RowError(f"evidence must be a JSON list of objects; {exc}") from exc


def _pieces(piece: Mapping[str, object], row: ReadRow) -> list[dict[str, object]] | None:
    """The pieces of evidence that columns of one row say: a span, pages, quotations, or whole sources."""
    if not piece:
        return None
    others = {name: _whole(piece[name]) for name in ("start", "end", "set") if name in piece}
    sources, pages = _sources(piece.get("source")), _pages(piece.get("page"))
    texts = [text for text in _several(piece.get("text"), bar=False) if text]
    if "start" in others or "end" in others:
        single: dict[str, object] = {"source": piece.get("source"), **others}
        return [{**single, "text": piece["text"]} if isinstance(piece.get("text"), str) else single]
    if not pages and len(sources) == 1 and (told := _PLACE_AFTER.fullmatch(sources[0])):
        sources, pages = [told["source"].strip()], [int(told["page"])]
    if pages:
        if len(sources) > 1:
            raise RowError(f"{len(sources)} sources and a page: write them as evidence, each with its page")
        if texts:
            row.remarks.append("a text beside a page is not used: the page is the gold")
        return [{"source": sources[0] if sources else None, "page": page, **others} for page in pages]
    if not texts:
        return [{"source": source, **others} for source in sources]
    if len(sources) > 1 and len(sources) != len(texts):
        raise RowError(f"{len(texts)} quotations and {len(sources)} sources: which stands where?")
    named = sources if len(sources) > 1 else (sources or [""]) * len(texts)
    return [
        {"source": source or None, "text": text, **others} for source, text in zip(named, texts, strict=True)
    ]


def _sources(value: object) -> list[str]:
    if isinstance(value, str) and listed(value.strip()) is None and _LISTED_NAMES.fullmatch(value):
        return [name.strip() for name in re.split(r"[|;\n]", value)]
    return list(dict.fromkeys(name for name in _several(value, bar=False) if name))


def _several(value: object, *, bar: bool) -> list[str]:
    """The texts of a cell or a list. Raises RowError for what is neither."""
    if value is None:
        return []
    if isinstance(value, str):
        return list_cell(value, bar=bar) if value.strip()[:1] != "{" else [value.strip()]
    items = value if isinstance(value, list) else [value]
    texts = [item.strip() for item in items if isinstance(item, str)]
    if len(texts) < len(items):
        raise RowError(f"a text or a list of texts was expected, not {described(value)}")
    return texts


def _pages(value: object) -> list[object]:
    """The pages of a cell: 54, "54.0", "p. 3", "3-5", "3, 7"; what is none is left for `question_of`."""
    if value is None:
        return []
    if not isinstance(value, str):
        return list(value) if isinstance(value, list) else [value]
    if isinstance(whole := _whole(value), int):
        return [whole]
    match = _PAGES.fullmatch(value.strip())
    if match is None:
        return [value]
    pages: list[object] = []
    for part in re.split(r"[,;&]", match["numbers"]):
        ends = _RANGE.fullmatch(part.strip())
        if ends is not None and 0 <= int(ends[2]) - int(ends[1]) < _MOST_PAGES:
            pages += range(int(ends[1]), int(ends[2]) + 1)
        elif part.strip().isdecimal() and len(part.strip()) < 8:
            pages.append(int(part))
        else:
            return [value]
    return pages


def _whole(value: object) -> object:
    """A cell as a whole number where it is one, "54.0" and "1,200" too; else as it is."""
    match = _WHOLE.fullmatch(value.strip()) if isinstance(value, str) else None
    return int(re.sub("[^0-9]", "", match["digits"])) if match else value


def _settle(row: ReadRow, evidence: object, *, beside: bool) -> None:
    """Put the evidence into the row, and take from it what an unanswerable question has no use for.

    `beside` says that its quotations are contexts: what was looked at, which may not answer.
    Raises RowError for an answer that says there is none beside a quotation that should give it.
    """
    pieces = evidence if isinstance(evidence, list) else []
    placed = any(isinstance(piece, dict) and len(piece.keys() - {"source", "set"}) > 0 for piece in pieces)
    answers, said = row.fields.get("answers"), row.fields.get("answerable")
    texts = [answers] if isinstance(answers, str) else answers
    if (
        isinstance(texts, list)
        and all(isinstance(text, str) for text in texts)
        and (said is None or said is False)
    ):
        gold = placed and not (beside and _quotes_alone(pieces))
        kept, answerable = without_refusal([text for text in texts if text.strip()], said, gold=gold)
        if answerable is False and texts and not kept:
            row.fields.pop("answers")
            row.fields["answerable"] = False
            row.remarks.append("an answer that only says that there is none makes the question unanswerable")
        elif said is None and kept and all(map(is_refusal, kept)) and _quotes_alone(pieces):
            raise RowError("the answer says that there is none, and yet the row quotes one: which is it?")
    declined = row.fields.get("answerable") is False and not row.fields.get("answers")
    if declined and pieces and (not placed or (beside and _quotes_alone(pieces))):
        row.remarks.append("what an unanswerable question has for a source or a context is not used")
        return
    if evidence is not None:
        row.fields["evidence"] = evidence


def _quotes_alone(pieces: Sequence[object]) -> bool:
    """Whether all pieces are quotations, without a span or a page."""
    return all(
        isinstance(piece, dict) and "text" in piece and not {"start", "end", "page"} & piece.keys()
        for piece in pieces
    )
