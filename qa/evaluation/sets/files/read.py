"""Reads a file of questions by the format that its name says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qa.errors import SetError
from qa.evaluation.sets.files.delimited import csv_rows
from qa.evaluation.sets.files.json_file import json_rows
from qa.evaluation.sets.files.rows import IsHead, SetRows
from qa.evaluation.sets.files.text import file_bytes
from qa.evaluation.sets.files.workbook import xlsx_rows
from qa.evaluation.sets.files.yaml_file import yaml_rows

JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")
CSV_SUFFIXES = (".csv", ".tsv")
_READERS: dict[str, Callable[[bytes, Path, IsHead], SetRows]] = {
    **dict.fromkeys(JSON_SUFFIXES, json_rows),
    **dict.fromkeys(CSV_SUFFIXES, csv_rows),
    **dict.fromkeys((".xlsx", ".xlsm"), xlsx_rows),
    **dict.fromkeys((".yaml", ".yml"), yaml_rows),
}
_INSTEAD = {
    ".xls": "save it as .xlsx",
    ".xlsb": "save it as .xlsx",
    ".ods": "save it as .xlsx or .csv",
    ".numbers": "export it as .xlsx or .csv",
    ".parquet": "write it as .jsonl: frame.to_json(name, orient='records', lines=True)",
    ".arrow": "write it as .jsonl: dataset.to_json(name)",
    ".pkl": "write it as .jsonl: frame.to_json(name, orient='records', lines=True)",
}


def read_rows(path: Path, is_head: IsHead) -> SetRows:
    """The rows of a file; `is_head` says whether names are those of a question set's columns.

    Raises SetError for a file that cannot be read, or that is in no format known here.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        data_hint = "end its name with .jsonl, .csv, .xlsx or .yaml"
        file_bytes(path)  # one that is not there is told so first
        raise SetError(f"cannot tell the format of {path}", _INSTEAD.get(path.suffix.lower(), data_hint))
    return reader(file_bytes(path), path, is_head)
