"""One row of a question set: a JSON object to a `Question` and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches

from index.errors import UsageError
from index.types import Span
from qa.answering.index_reader import check_question
from qa.evaluation.types import Gold, Question

FIELDS = (
    *("id", "question", "answers", "answerable", "evidence", "tags", "within", "group", "disagreement"),
    "draft",
)
_MEANT = {
    **dict.fromkeys(("query", "q", "prompt", "input", "user_input"), "question"),
    **dict.fromkeys(("reference", "references", "ground_truth", "ground_truths", "expected"), "answers"),
    **dict.fromkeys(("output", "target", "gold_answer", "gold_answers"), "answers"),
    **dict.fromkeys(("is_impossible", "unanswerable", "impossible"), "answerable"),
    **dict.fromkeys(("gold", "spans", "citations", "contexts", "reference_contexts"), "evidence"),
    **dict.fromkeys(("category", "categories", "labels", "label"), "tags"),
    **dict.fromkeys(("document", "doc"), "within"),
    "cluster": "group",
    **dict.fromkeys(("conflict", "contradiction", "disagreements"), "disagreement"),
}


class RowError(Exception):
    """A row that is no question: what does not fit and what was expected, in one line."""


Row = Mapping[str, object] | RowError


def json_value(written: str) -> object:
    """What a text holds as JSON, without NaN and its like. Raises RowError."""
    try:
        return json.loads(written, parse_constant=_no_constant)
    except json.JSONDecodeError as exc:
        what = exc.msg.removesuffix(" at")
        raise RowError(f"this is not JSON: {what} at character {exc.pos + 1:,}") from exc
    except RecursionError as exc:
        raise RowError("this is nested too deeply") from exc
    except ValueError as exc:  # a number of thousands of digits
        raise RowError("this holds a number that is far too long") from exc


def _no_constant(name: str) -> object:
    raise RowError(f"{name} is not JSON: write null, or leave the field out")


def question_of(row: Mapping[str, object], place: str = "") -> Question:
    """The question in a row; `id` is empty where the row has none. Raises RowError.

    A field that is null, or blank, is as one that is not there; fields of other names are ignored. A row
    with answers or evidence is answerable, and must not say that it is not. `draft` is not looked at.
    """
    answers = _texts(row, "answers")
    evidence = _evidence(row.get("evidence"))
    answerable = _flag(row, "answerable")
    if answerable is False and (answers or evidence):
        field = "answers" if answers else "evidence"
        raise RowError(f"answerable is false, and yet the row has {field}: leave out one of them")
    return Question(
        id=_id(row.get("id")),
        text=_question(row),
        answers=answers,
        answerable=True if answers or evidence else answerable,
        evidence=evidence,
        tags=tuple(dict.fromkeys(_texts(row, "tags"))),
        within=_text(row.get("within"), "within") or None,
        place=place,
        group=_text(row.get("group"), "group") or None,
        disagreement=_flag(row, "disagreement"),
    )


def is_draft(row: Mapping[str, object]) -> bool:
    """Whether a row is only proposed, and waits for a person to accept it. Raises RowError."""
    return bool(_flag(row, "draft"))


def question_object(question: Question) -> dict[str, object]:
    """The row that a question is, in the order of `FIELDS`, without `place` and what it does not have.

    `question_of(question_object(q), q.place) == q` for every question that `question_of` gives.
    """
    row: dict[str, object] = {"id": question.id} if question.id else {}
    row["question"] = question.text
    if question.answers:
        row["answers"] = list(question.answers)
    if question.answerable is not None:
        row["answerable"] = question.answerable
    if question.evidence:
        row["evidence"] = [_gold_object(gold) for gold in question.evidence]
    if question.tags:
        row["tags"] = list(question.tags)
    if question.within is not None:
        row["within"] = question.within
    if question.group is not None:
        row["group"] = question.group
    if question.disagreement is not None:
        row["disagreement"] = question.disagreement
    return row


def meant(name: str) -> str | None:
    """The field that somebody may have meant by the name of another: `anwers`, `query`; else None."""
    plain = name.strip().casefold()
    if plain in FIELDS:
        return plain if plain != name else None
    near = get_close_matches(plain, FIELDS, n=1, cutoff=0.8)
    return near[0] if near else _MEANT.get(plain)


def _question(row: Mapping[str, object]) -> str:
    text = _text(row.get("question"), "question")
    if not text:
        near = next((name for name in row if meant(name) == "question"), None)
        raise RowError("question is missing" + (f": did you mean it by {near[:40]!r}?" if near else ""))
    try:
        return check_question(text)
    except UsageError as exc:
        raise RowError(exc.cause) from exc


def _flag(row: Mapping[str, object], field: str) -> bool | None:
    """A field that is true, false, or not there."""
    value = row.get(field)
    if value is not None and not isinstance(value, bool):
        raise RowError(f"{field} must be true or false, not {described(value)}")
    return value


def _id(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _text(value, "id")


def _texts(row: Mapping[str, object], field: str) -> tuple[str, ...]:
    """A list of texts, or one text; blank ones are left out."""
    value = row.get(field)
    if value is None or isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        raise RowError(f"{field} must be a text or a list of texts, not {described(value)}")
    return tuple(text for each in value if (text := _text(each, f"each of {field}")))


def _text(value: object, field: str) -> str:
    """`value` without outer white space; empty if there is none."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RowError(f"{field} must be text, not {described(value)}")
    _check_characters(value, field)
    return value.strip()


def _check_characters(text: str, field: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as exc:
        code = ord(text[exc.start])
        raise RowError(f"{field} has half a character, \\u{code:04x}, which no file can hold") from exc


def _evidence(value: object) -> tuple[Gold, ...]:
    if value is None:
        return ()
    pieces = [value] if isinstance(value, dict) else value
    if not isinstance(pieces, list):
        raise RowError(f"evidence must be a list of objects, not {described(value)}")
    evidence = []
    for number, piece in enumerate(pieces, 1):
        try:
            evidence.append(_gold(piece))
        except RowError as exc:
            raise RowError(f"evidence {number}: {exc}") from exc
    return tuple(evidence)


def _gold(piece: object) -> Gold:
    """One piece of evidence. Of a span, a page and a quotation that it has, the first is taken."""
    if not isinstance(piece, dict):
        raise RowError(f"an object with source, start and end was expected, not {described(piece)}")
    source = _text(piece.get("source"), "source")
    start, end = (_whole(piece.get(field), field, least=0) for field in ("start", "end"))
    page = _whole(piece.get("page"), "page", least=1)
    number = _whole(piece.get("set"), "set", least=0)
    text = piece.get("text")
    if text is not None and not isinstance(text, str):
        raise RowError(f"text must be text, not {described(text)}")
    _check_characters(text or "", "text")
    placed = (start, end, page) != (None, None, None)
    if not source and (placed or not (text or "").strip()):
        raise RowError("source is missing, the name of the document")
    if start is None and end is None:
        quotation = (text or "").strip() if page is None else ""
        return Gold(source, page=page, text=quotation or None, set=number)
    if start is None or end is None:
        raise RowError(f"{'start' if start is None else 'end'} is missing; a span has both")
    if end <= start:
        raise RowError(f"the span ends at {end}, which is not after its start at {start}")
    return Gold(source, Span(start, end), text=text or None, set=number)


def _whole(value: object, field: str, *, least: int) -> int | None:
    """A whole number from `least`, also as 54.0, which some tools write; None if there is none."""
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value < 2**53:
        raise RowError(f"{field} must be a whole number from {least}, not {described(value)}")
    return value


def _gold_object(gold: Gold) -> dict[str, object]:
    fields: dict[str, object] = {"source": gold.source} if gold.source else {}
    if gold.span is not None:
        fields |= {"start": gold.span.start, "end": gold.span.end}
    elif gold.page is not None:
        fields["page"] = gold.page
    if gold.text is not None and gold.page is None:
        fields["text"] = gold.text
    return fields if gold.set is None else {**fields, "set": gold.set}


def described(value: object) -> str:
    """A value as a message shows it, safe for a terminal."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    shown = json.dumps(value)  # escaped: it goes to a terminal
    return shown if len(shown) <= 40 else shown[:37] + "..."
