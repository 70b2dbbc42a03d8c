"""Loads question sets from files of any kind, and selects questions.

A file becomes rows (`files/`), rows of another tool rows of ours (`imports/`), its columns our fields
(`columns/`), and each row a question. A set is taken whole or not at all: every row that does not fit is
named before anything is asked.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from index.errors import UsageError
from qa.errors import SetError
from qa.evaluation.sets.columns.cells import read_row
from qa.evaluation.sets.columns.names import Chosen, choose, names_question
from qa.evaluation.sets.files.read import CSV_SUFFIXES, JSON_SUFFIXES, read_rows
from qa.evaluation.sets.files.rows import SetRow, SetRows
from qa.evaluation.sets.imports.beir import QUERIES, beir_files, import_beir, is_beir
from qa.evaluation.sets.imports.choice import guessed_form, imported
from qa.evaluation.sets.imports.imported import Imported, lost_words
from qa.evaluation.sets.rows import RowError, is_draft, meant, question_object, question_of
from qa.evaluation.types import Question

__all__ = [
    "CSV_SUFFIXES",
    "JSON_SUFFIXES",
    "QuestionSet",
    "Selection",
    "SetError",
    "load_questions",
    "question_key",
    "question_object",
    "read_set",
    "select",
]

# What a command or a formula has, and an answer in words has not: a `|` beside it may well be part of it.
_CODE = re.compile(r"[=<>{}$\\]|(?<!\S)--?\w|\w\.[a-z]{2,4}\b|\w\(|^\W|[A-Z_]{2,}\s*$")
_ID = 8  # hexadecimal digits of a row's hash that are its id where it has none


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of a file, and what its writer may not have meant, as (place, what).

    `split` are cells that were taken apart at `|`, which may belong to an answer: any set that has
    several answers a row has such cells, and so it is only said where the set is checked, unless they
    look like code. `form` is the other tool that the set was made for, None for a set of our own;
    `documents` are the texts of documents that it names in its own way. `foreign` are the columns that
    are not called as their field is, `unused` those that look as if they said what is right and are not
    read. `drafts` are the questions that nobody has accepted yet, and that are in no figure; `questions` may
    be empty only where there are some.
    """

    questions: tuple[Question, ...]
    remarks: tuple[tuple[str, str], ...] = ()
    split: tuple[tuple[str, str], ...] = ()
    form: str | None = None
    documents: Mapping[str, str] = field(default_factory=dict)
    foreign: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    drafts: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """Which questions of a set are asked, and how often each; see `select`."""

    tags: tuple[str, ...] = ()
    limit: int | None = None
    sample: int | None = None
    seed: int = 0
    repeat: int = 1


def load_questions(path: Path) -> tuple[Question, ...]:
    """The questions of a file, in its order. Raises SetError naming every row that does not fit."""
    return read_set(path).questions


def read_set(path: Path, columns: Mapping[str, str] | None = None, form: str | None = None) -> QuestionSet:
    """The questions of a file or folder, and what is odd about it. Raises SetError, and nothing else.

    `columns` names the columns of fields, as `check_mapping` gives them; `form` the tool that the set was
    made for, of `FORMS`, which is otherwise guessed where it is plain. A row without an id gets one from
    what it says, so that it is the same wherever in the file it stands.
    """
    mapping = columns or {}
    if path.name == QUERIES and form in (None, "beir") and is_beir(path.parent):
        path = path.parent
    if path.is_dir() and (form == "beir" or (form is None and is_beir(path))):
        made, guessed = import_beir(path), form is None
        form = "beir"
    else:
        if form == "beir":
            raise SetError(f"{path} is no folder", "name the folder that has queries.jsonl and qrels/")
        file = read_rows(path, partial(names_question, mapping=mapping))
        guessed = form is None and (form := guessed_form(file)) is not None
        made = imported(file, form, mapping) if form is not None else Imported(file)
    reading = _Reading(path, made.rows, mapping)
    reading.read()
    notes = list(made.notes)
    if guessed:
        notes.insert(0, f"read as a set of {form}, by its form")
    if lost := lost_words(made.lost):
        notes.append(f"not carried over from {form}: {lost}")
    remarks = (*((path.name, note) for note in notes), *made.rows.remarks, *reading.remarks())
    doubtful = [each for each in reading.split if any(map(_CODE.search, each[1]))]
    remarks = (*remarks, *_split_remark(doubtful))
    return QuestionSet(
        tuple(reading.questions),
        remarks,
        _split_remark([each for each in reading.split if each not in doubtful]),
        form,
        made.documents,
        tuple(reading.foreign),
        tuple(reading.unused),
        tuple(reading.drafts),
    )


class _Reading:
    """The questions of a file while its rows are read, and what is to be said of them."""

    def __init__(self, path: Path, file: SetRows, mapping: Mapping[str, str]) -> None:
        self._path = path
        self._file = file
        self._mapping = mapping
        self._everywhere = {
            name for row in file.rows if isinstance(row.values, Mapping) for name in row.values
        }
        self._chosen: dict[tuple[str, ...], Chosen] = {}
        self._places: dict[str, str] = {}
        self._said: dict[str, list[str]] = {}
        self.questions: list[Question] = []
        self.drafts: list[Question] = []
        self.split: list[tuple[str, Sequence[str]]] = []
        self.foreign: dict[str, str] = {}
        self.unused: dict[str, str] = {}

    def read(self) -> None:
        """Read every row. Raises SetError that names all that do not fit."""
        bad: list[tuple[str, str]] = []
        for row in self._file.rows:
            try:
                question, draft = self._question(row)
                (self.drafts if draft else self.questions).append(question)
            except RowError as exc:
                bad.append((row.place, str(exc)))
        if bad:
            raise _misfits(self._path, bad, len(bad) + len(self.questions) + len(self.drafts))
        if not self.questions and not self.drafts:
            raise SetError(
                f"{self._path} holds no questions",
                'one a line: {"question": "Why was the summit cancelled?"}',
            )

    def remarks(self) -> tuple[tuple[str, str], ...]:
        """How columns were read, and what was made of cells: each once, with how many rows have it."""
        read = ", ".join(f"{column[:40]!r} as {name}" for column, name in self.foreign.items())
        first = (
            (((self.questions or self.drafts)[0].place, f"columns are read by their names: {read}"),)
            if read
            else ()
        )
        return (*first, *(_remark(what, places) for what, places in self._said.items()))

    def _question(self, row: SetRow) -> tuple[Question, bool]:
        """The question of a row, and whether it is a draft. Raises RowError, SetError."""
        if isinstance(row.values, RowError):
            raise row.values
        chosen = self._columns(row.values)
        if "question" not in chosen.columns:
            near = next((name for name in row.values if meant(name) == "question"), None)
            raise RowError("question is missing" + (f": did you mean it by {near[:40]!r}?" if near else ""))
        read = read_row(row.values, chosen, texts=self._file.texts)
        question = _identified(question_of(read.fields, row.place))
        if question.id in self._places:
            raise RowError(f"the id {question.id[:60]!r} is that of {self._places[question.id]} already")
        self._places[question.id] = row.place
        self.foreign |= {column: name for column, name in chosen.foreign.items() if row.values.get(column)}
        self.unused |= dict(chosen.unused)
        for what in (
            *(f"the {self._kind} {name[:40]!r} {why}" for name, why in chosen.unused),
            *read.remarks,
        ):
            self._said.setdefault(what, []).append(row.place)
        if read.split:
            self.split.append((row.place, question.answers))
        return question, is_draft(read.fields)

    @property
    def _kind(self) -> str:
        return "column" if self._file.texts else "field"

    def _columns(self, values: Mapping[str, object]) -> Chosen:
        """The fields of a row by the names of its columns, decided once for all rows that have the same."""
        names = tuple(values)
        if names not in self._chosen:
            hint = "say which column is meant"
            try:
                chosen = choose(names, self._present(names), values)
            except RowError as exc:
                raise SetError(f"{self._path}: {exc}", hint, option="column") from exc
            if chosen.ambiguous:
                raise SetError(f"{self._path}: {chosen.ambiguous}", hint, option="column")
            self._chosen[names] = chosen
        return self._chosen[names]

    def _present(self, names: Sequence[str]) -> Mapping[str, str]:
        """What a person said of columns; a row of JSON may lack one that others have."""
        if self._file.columns or not any(self._mapping.values()):
            return self._mapping
        return {
            name: column
            for name, column in self._mapping.items()
            if column in names or column not in self._everywhere
        }


def question_key(question: Question) -> str:
    """16 hexadecimal digits of the SHA-256 of a question's row, `place` left out."""
    row = json.dumps(question_object(question), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(row.encode()).hexdigest()[:16]


def select(
    questions: Sequence[Question],
    *,
    tags: Sequence[str] = (),
    limit: int | None = None,
    sample: int | None = None,
    seed: int = 0,
) -> tuple[Question, ...]:
    """The questions with any of `tags`; of these `sample` at random; of these the first `limit`.

    In the order given. Which ones are drawn depends on the seed and the questions' ids alone, not on where in
    the file they stand; a larger sample holds the smaller one. Raises UsageError for a tag that none has.
    """
    known = {tag for question in questions for tag in question.tags}
    for tag in tags:
        if tag not in known:
            near = get_close_matches(tag, known, n=1) or sorted(known)[:5]
            hint = f"did you mean {' or '.join(near)}?" if near else "the questions have no tags"
            raise UsageError(f"no question has the tag {tag!r}", hint)
    tagged = [question for question in questions if not tags or set(tags) & set(question.tags)]
    if sample is not None:
        drawn = {
            question.id for question in sorted(tagged, key=lambda question: _lot(question.id, seed))[:sample]
        }
        tagged = [question for question in tagged if question.id in drawn]
    return tuple(tagged[:limit])


def _lot(name: str, seed: int) -> str:
    return hashlib.sha256(f"{seed} {name}".encode()).hexdigest()


def set_digest(path: Path) -> str:
    """The SHA-256 of the bytes that a set is read from; of a folder, of the files that say what is asked.

    Raises OSError.
    """
    files = beir_files(path) if path.is_dir() else (path,)
    digest = hashlib.sha256()
    for each in files:
        digest.update(each.read_bytes())
    return digest.hexdigest()


def _identified(question: Question) -> Question:
    return question if question.id else replace(question, id=question_key(question)[:_ID])


def _misfits(path: Path, bad: Sequence[tuple[str, str]], rows: int) -> SetError:
    hint = "mend it and begin again; nothing was run"
    if len(bad) == 1:
        return SetError(f"{bad[0][0]}: {bad[0][1]}", hint, bad)
    return SetError(f"{len(bad):,} of {rows:,} rows of {path} do not fit", hint.replace("it", "them"), bad)


def _split_remark(split: Sequence[tuple[str, Sequence[str]]]) -> tuple[tuple[str, str], ...]:
    """One remark on all cells that were taken apart, with the first as the example."""
    if not split:
        return ()
    place, answers = split[0]
    rows = f"{len(split):,} cells of answers are" if len(split) > 1 else "a cell of answers is"
    example = " and ".join(json.dumps(answer[:40], ensure_ascii=False) for answer in answers[:2])
    return (
        (place, f"{rows} taken apart at |, such as {example}; write \\| for one that is part of an answer"),
    )


def _remark(what: str, places: Sequence[str]) -> tuple[str, str]:
    """A remark at its first place; how many rows it is about stands where its first sentence ends."""
    if len(places) == 1:
        return places[0], what
    first, mark, rest = what.partition(";")
    return places[0], f"{first} ({len(places):,} rows){mark}{rest}"
