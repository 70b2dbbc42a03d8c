"""Questions made of the rows of tables, and of records of labels and values, by rules."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from index.text.rows import body_table, is_total, split_row
from index.types import Chunk, Span, Table
from qa.evaluation.sets.authoring.rules.phrases import inner, stands_alone
from qa.evaluation.sets.authoring.rules.proposal import Proposal
from qa.evaluation.sets.authoring.rules.verbs import base_clause

_LONGEST_NAME = 90  # characters of the name of a row
_LONGEST_LABEL = 6  # words that can name a row; more are a sentence
_MOST_ROWS = 2_000  # of a table that are looked at
_RECORD: Final = re.compile(r'"([A-Za-z][\w -]{0,40})"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|(-?\d[\d.]*|true|false))')
_NAMING: Final = re.compile(
    r"(?:\w+ )?(?:name|title|product|company|person|city|country|item|model)", re.IGNORECASE
)
_PEOPLE: Final = re.compile(
    r"owner|author|manager|director|editor|chair\w*|head|leader|captain|president|ceo|founder|contact|winner|artist",
    re.IGNORECASE,
)
_WHEN: Final = re.compile(r"date|day|year|when|time", re.IGNORECASE)
_WHERE: Final = re.compile(r"place|where|location|venue|site", re.IGNORECASE)
_EVENT: Final = re.compile(r"events?|what|happening|milestone|activity|session|subject", re.IGNORECASE)
_DATE: Final = re.compile(
    r"\d{4}-\d\d(?:-\d\d)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2} [A-Z][a-z]+ \d{4}"
    r"|[A-Z][a-z]+ \d{1,2}, \d{4}|\d{4}"
)
_PARTICIPLE: Final = re.compile(r"[A-Z]?[a-z]+ed(?: (?:by|at|in|on|from|to|for|with) .+)?")
_YEAR: Final = re.compile(r"(?:FY ?)?(?:1[89]|20)\d\d")
_COUNTED: Final = re.compile(r"(?:number|no\.?|count) of (.+)", re.IGNORECASE)
_NOUNS: Final = re.compile(r"[^\W\d_][\w &/'’().%$€£-]{1,40}")
_VERBS: Final = {"does": "do", "holds": "hold", "means": "mean", "gives": "give", "contains": "contain"}
# What no "What is the ... of" can be made with: verbs, and words that want something behind them.
_NO_NOUN: Final = re.compile(
    r"^(?:is|are|was|were|has|have|had|can|may|if|in|on|at|to|from|when|where|why|how|who|what|which|that|not|no|yes"
    r"|uses?|says|wants|needs|reads|writes?|asks|shows|comes|goes|runs|takes|makes|adds?|sets?|also|example)\b"
    r"|\b(?:by|to|when|in|of|at|for|from|with|is|are|as|if|on|how|where)$|/",
    re.IGNORECASE,
)
_LINK: Final = re.compile(r"(?:see )?\[|https?:")
_PLURAL: Final = re.compile(r"[^su'’i]s$")
_TELLING = 3  # words of a title from which it tells a document apart
_EMPTY: Final = frozenset(("", "-", "–", "—", "n/a", "na", "none", "null", "nan", "?", "..."))


def of_tables(text: str, chunks: Sequence[Chunk], title: str) -> Iterator[Proposal]:
    """The questions that the rows of a source's tables answer; `title` names the source, "" without one."""
    rows: dict[Table, list[tuple[Span, list[str]]]] = defaultdict(list)
    for chunk in chunks:
        for span in chunk.sentences:
            table = body_table(chunk.tables, span)
            if table is not None and len(rows[table]) < _MOST_ROWS:
                rows[table].append((span, split_row(span.of(text), table.delimiter)))
    for table, found in rows.items():
        if len(table.columns) >= 2:
            yield from _of_table(table, found, title)


def _of_table(table: Table, rows: Sequence[tuple[Span, Sequence[str]]], title: str) -> Iterator[Proposal]:
    columns = [name.strip() for name in table.columns]
    key = next((at for at, name in enumerate(columns) if _EVENT.fullmatch(name)), 0)
    about = title if len(title.split()) >= _TELLING else table.caption
    event = _EVENT.fullmatch(columns[key]) is not None
    labels = Counter(row[key].strip() for _, row in rows if len(row) > key)
    for span, row in rows:
        if len(row) != len(columns) or labels[row[key].strip()] != 1:
            continue  # a row that is called as another one says too little
        label = row[key].strip()
        for at, (column, cell) in enumerate(zip(columns, map(str.strip, row), strict=True)):
            if at != key and cell.casefold() not in _EMPTY and len(cell) <= 120:
                question = _asked(column, label, cell, about, event=event)
                if question:
                    yield Proposal(question, cell, span, "table", label)


def _asked(column: str, label: str, cell: str, about: str, *, event: bool) -> str:
    """The question that a cell answers, "" where its names make none."""
    label = label.replace("`", "").replace("**", "")
    if not _may_ask(column, label) or _LINK.match(cell):
        return ""
    if event or len(label.split()) > _LONGEST_LABEL:
        return _of_event(column, label)
    named = _YEAR.fullmatch(column) is not None
    where = f", according to “{about}”" if named or _general(label) else ""
    if where and len(about.split()) < _TELLING:
        return ""
    if named:
        return f"What was “{label}” in {column}{where}?"
    asked = _of_cell(column, inner(label), cell)
    return f"{asked}{where}?" if asked else ""


def _may_ask(column: str, label: str) -> bool:
    """Whether names of a column and a row can stand in a question."""
    sound = _NOUNS.fullmatch(column) or _YEAR.fullmatch(column)
    alone = stands_alone(column) and stands_alone(label.removeprefix("the ").removeprefix("The "))
    listed = "," in label or "?" in label or re.search(r"\d\.$", label)
    counted = label.isdecimal() and not _YEAR.fullmatch(label)
    letters = re.search(r"[^\W_]", label) and len(label) <= _LONGEST_NAME
    return bool(sound and alone and letters) and not (listed or counted)


def _of_event(column: str, label: str) -> str:
    """When or where something happened that a row tells in a clause."""
    asks = "When" if _WHEN.fullmatch(column) else "Where" if _WHERE.fullmatch(column) else ""
    clause = base_clause(inner(label))
    return f"{asks} did {clause}?" if asks and clause else ""


def _of_cell(column: str, row: str, cell: str) -> str:
    """What a column says of a row that has a name, as a question without its end; "" where it is none."""
    if verb := _VERBS.get(column.casefold()):
        return f"What does {row} {verb}"
    if counted := _COUNTED.fullmatch(column):
        return f"How many {counted[1]} did {row} have"
    if _PARTICIPLE.fullmatch(column):
        return f"When was {row} {column[0].lower()}{column[1:]}" if _DATE.fullmatch(cell) else ""
    if _NO_NOUN.search(column) or re.search(r"\d|\b(?:PART|Page)\b", column):
        return ""
    if _YEAR.fullmatch(row):
        return f"What was the {_column(column)} in {row}"
    asks = "Who is" if _PEOPLE.fullmatch(column) else "What are" if _PLURAL.search(column) else "What is"
    return f"{asks} the {_column(column)} of {row}"


def _column(column: str) -> str:
    """A column's name within a sentence: "Net Revenue" is "net revenue", "GDP" stays."""
    words = column.replace("_", " ").split()
    if all(word[0].isupper() for word in words):
        return " ".join(word if any(map(str.isupper, word[1:])) else word.lower() for word in words)
    return " ".join((words[0] if words[0].isupper() else words[0].lower(), *words[1:]))


def _general(label: str) -> bool:
    """Whether many tables have such a row: a year, a total, a number, words of which none is a name."""
    words = label.split()
    named = any(word[0].isupper() for word in words[1:]) or (not words[0].islower() and len(words) == 1)
    return (
        (not named and "`" not in label and not re.search(r"\d|--", label))
        or is_total(label)
        or _YEAR.fullmatch(label) is not None
    )


def of_record(sentence: str, span: Span) -> Iterator[Proposal]:
    """The questions that a record answers: `"name": "Marco Rubio", "role": "Secretary of State"`."""
    fields = [(match[1], (match[2] or match[3] or "").strip()) for match in _RECORD.finditer(sentence)]
    if len(fields) < 2 or not _NAMING.fullmatch(fields[0][0]):
        return
    label = fields[0][1]
    if not label or len(label) > 60 or not label[0].isupper():
        return
    for name, value in fields[1:]:
        if value.casefold() not in _EMPTY and not value.startswith(("http", "{")) and len(value) <= 200:
            plain = _column(name.replace("_", " "))
            who = "Who" if _PEOPLE.fullmatch(plain) else "What"
            yield Proposal(f"{who} is the {plain} of {label}?", value, span, "table", label)
