"""Sets in the form of BEIR: a folder of `queries.jsonl`, `qrels/*.tsv` and `corpus.jsonl`.

The gold of a question are the documents that the judgements call relevant, whole. Documents are known by the
ids of the corpus: an indexed file of that name is meant, or one that holds the text the corpus has under it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from qa.errors import SetError
from qa.evaluation.sets.files.rows import SetRow, SetRows
from qa.evaluation.sets.files.text import file_bytes, unicode_text
from qa.evaluation.sets.imports.imported import Imported
from qa.evaluation.sets.rows import RowError, json_value

QUERIES, CORPUS, JUDGEMENTS = "queries.jsonl", "corpus.jsonl", "qrels"
_FIRST = ("test", "dev", "validation", "train")  # of several files of judgements
_TREC = 4  # columns: query, 0, document, relevance


def is_beir(folder: Path) -> bool:
    """Whether a folder has queries and judgements."""
    return (folder / QUERIES).is_file() and bool(_judgement_files(folder))


def beir_files(folder: Path) -> tuple[Path, ...]:
    """The files that decide what is asked and what is gold, in a fixed order."""
    return (folder / QUERIES, *_judgement_files(folder))


def import_beir(folder: Path) -> Imported:
    """The judged queries of a folder. Raises SetError for a folder that is no such set."""
    files = _judgement_files(folder)
    if not (folder / QUERIES).is_file() or not files:
        raise SetError(
            f"{folder} is no set in the form of BEIR",
            f"a folder with {QUERIES}, {JUDGEMENTS}/test.tsv and {CORPUS} was expected",
        )
    chosen = min(
        files, key=lambda path: (_FIRST.index(path.stem) if path.stem in _FIRST else len(_FIRST), path)
    )
    lost: Counter[str] = Counter()
    relevant = _judgements(chosen, lost)
    rows = tuple(_rows(folder / QUERIES, relevant, lost))
    lost["judgements of queries that are not there"] += len(
        relevant.keys() - {_asked_id(row) for row in rows}
    )
    wanted = {document for documents in relevant.values() for document in documents}
    others = [path.name for path in files if path != chosen]
    notes = [f"judgements are those of {chosen.name}" + (f", not of {', '.join(others)}" if others else "")]
    documents = dict(_documents(folder / CORPUS, wanted)) if (folder / CORPUS).is_file() else {}
    return Imported(SetRows(rows), lost, documents, tuple(notes))


def _judgement_files(folder: Path) -> list[Path]:
    inner = folder / JUDGEMENTS
    found = inner.glob("*.tsv") if inner.is_dir() else folder.glob("qrels*.tsv")
    return sorted(path for path in found if path.is_file())


def _judgements(path: Path, lost: Counter[str]) -> dict[str, list[str]]:
    """The relevant documents of each query, in the order of the file. Raises SetError naming bad lines."""
    relevant: dict[str, list[str]] = {}
    bad: list[tuple[str, str]] = []
    for number, line in enumerate(unicode_text(file_bytes(path), path).splitlines(), 1):
        cells = [cell.strip() for cell in line.split("\t")] if "\t" in line else line.split()
        if not line.strip() or (number == 1 and not _is_score(cells[-1])):
            continue
        query, document, score = (
            (cells[0], cells[-2], cells[-1]) if len(cells) in (3, _TREC) else ("", "", "")
        )
        if not query or not document or not _is_score(score):
            bad.append(
                (f"{path.name}:{number}", "query-id, corpus-id and score were expected, with tabs between")
            )
        elif float(score) > 0:
            relevant.setdefault(query, []).append(document)
            lost["grades of relevance above 1, read as relevant"] += float(score) > 1
        else:
            lost["documents judged not relevant"] += 1
    if bad:
        cause = f"{bad[0][0]}: {bad[0][1]}" if len(bad) == 1 else f"{len(bad):,} lines of {path} do not fit"
        raise SetError(cause, "mend the file and begin again; nothing was run", bad)
    return relevant


def _is_score(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _rows(path: Path, relevant: Mapping[str, list[str]], lost: Counter[str]) -> Iterator[SetRow]:
    for number, line in enumerate(unicode_text(file_bytes(path), path).split("\n"), 1):
        if not line.strip():
            continue
        place = f"{path.name}:{number}"
        try:
            query = json_value(line)
        except RowError as exc:
            yield SetRow(place, exc)
            continue
        name = str(query.get("_id", "")) if isinstance(query, dict) else ""
        if not isinstance(query, dict) or not name:
            yield SetRow(
                place, RowError('an object with _id and text was expected: {"_id": "q1", "text": "..."}')
            )
        elif name not in relevant:
            lost["queries without a relevant document, left out"] += 1
        else:
            evidence = [{"source": document} for document in dict.fromkeys(relevant[name])]
            yield SetRow(place, {"id": name, "question": query.get("text"), "evidence": evidence})


def _asked_id(row: SetRow) -> str:
    return str(row.values["id"]) if isinstance(row.values, Mapping) else ""


def _documents(path: Path, wanted: set[str]) -> Iterator[tuple[str, str]]:
    """The texts of the documents that are gold; the corpus is read line by line, however large it is."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for line in lines:
                document = _document(line)
                if document is not None and document[0] in wanted:
                    yield document
    except (OSError, UnicodeDecodeError) as exc:
        raise SetError(f"cannot read {path}: {exc}", "save it as UTF-8, an object a line") from exc


def _document(line: str) -> tuple[str, str] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    return str(value.get("_id", "")), str(value.get("text") or value.get("title") or "")
