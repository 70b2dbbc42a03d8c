"""Giant and hostile text, JSON, tables, subtitles and calendars."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.giant_files.writing import MB, Maker, paragraphs, sentences, text, times, write


def _records(size: int) -> Iterator[str]:
    for at, paragraph in enumerate(paragraphs(int(size * 0.86), 4)):
        yield json.dumps({"id": at, "title": f"Sheet {at}", "body": paragraph, "tags": ["town", at % 7]})


def _jsonl(path: Path) -> None:
    write(path, (record + "\n" for record in _records(90 * MB)))


def _short_jsonl(path: Path) -> None:
    write(path, (json.dumps({"id": at, "town": f"T{at}", "n": at % 91}) + "\n" for at in range(1_200_000)))


def _json(path: Path) -> None:
    write(
        path, ["[", *("".join(f"{record},\n" for record in islice(_records(90 * MB), 10**9)),), '{"end": 1}]']
    )


def _numbers(path: Path) -> None:
    write(
        path,
        [
            "[",
            *(",".join(map(str, range(at, at + 10_000))) + "," for at in range(0, 6_000_000, 10_000)),
            "1]",
        ],
    )


def _rows(path: Path) -> None:
    head = "id,town,amount,remark\n"
    lines = (f"{at},Town {at % 977},{at * 7 % 100_000},{sentence}\n" for at, sentence in enumerate(_cells()))
    write(path, [head, *islice(lines, 700_000)])


def _cells() -> Iterator[str]:
    return (sentence.replace(",", ";").strip() for sentence in sentences())


def _wide(path: Path) -> None:
    write(path, (",".join(f"c{row}x{at}" for at in range(20_000)) + "\n" for row in range(20)))


def _one_row(path: Path) -> None:
    write(
        path,
        [
            "a,b\n",
            *(",".join(map(str, range(at, at + 1_000))) + "," for at in range(0, 8_000_000, 1_000)),
            "\n",
        ],
    )


def _captions(path: Path) -> None:
    write(
        path,
        (
            f"00:{at // 60 % 60:02}:{at % 60:02},000 --> 00:59:59,900\n{sentence}\n\n"
            for at, sentence in zip(range(400_000), sentences(), strict=False)
        ),
    )


def _events(rule: str, count: int) -> Iterator[str]:
    yield "BEGIN:VCALENDAR\nVERSION:2.0\n"
    for at in range(count):
        yield f"BEGIN:VEVENT\nUID:{at}\nDTSTART:20240101T100000Z\n{rule}SUMMARY:Meeting {at}\nEND:VEVENT\n"
    yield "END:VCALENDAR\n"


def _notebook(path: Path) -> None:
    cell = {"cell_type": "code", "source": ["print(1)"], "metadata": {}, "execution_count": 1}
    lines = [sentence + "\n" for sentence in islice(sentences(), 600_000)]
    output = {"output_type": "stream", "name": "stdout", "text": lines}
    content = {"cells": [{**cell, "outputs": [output]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    write(path, [json.dumps(content)])


MAKERS: dict[str, Maker] = {
    "one line of letters, 200 MB.txt": lambda path: write(path, times(b"abcdefghij", 200 * MB)),
    "one line of words, 200 MB.txt": lambda path: write(path, (f"{part} " for part in paragraphs(200 * MB))),
    "paragraphs, 90 MB.txt": lambda path: write(path, (f"{part}\n\n" for part in paragraphs(90 * MB))),
    "Chinese on one line, 45 MB.txt": lambda path: write(
        path, times("東京の会議は三月に開かれた。", 45 * MB // 3)
    ),
    "letters beyond 2^16, 80 MB.txt": lambda path: write(
        path, (f"{part} \U0001f600\n\n" for part in paragraphs(80 * MB))
    ),
    "blank lines, 40 MB.txt": lambda path: write(path, [*times(b"\n \n", 40 * MB), b"The end is here."]),
    "a million headings.txt": lambda path: write(path, (f"TITLE NO {at}\n\n" for at in range(1_000_000))),
    "lines of one letter, 20 MB.txt": lambda path: write(path, times(b"a\n", 20 * MB)),
    "records, 90 MB.jsonl": _jsonl,
    "short records, 55 MB.jsonl": _short_jsonl,
    "records, 90 MB.json": _json,
    "100,000 deep.json": text("[" * 100_000, '"The end."', "]" * 100_000),
    "objects 2,000,000 deep.json": text('{"a":' * 2_000_000, "1", "}" * 2_000_000),
    "numbers, 45 MB.json": _numbers,
    "one string, 80 MB.json": lambda path: write(path, ['{"body": "', *paragraphs(80 * MB), '"}']),
    "one key a million times.json": text("{", '"key": "a value of words", ' * 1_000_000, '"key": 1}'),
    "rows, 85 MB.csv": _rows,
    "20 rows of 20,000 columns.csv": _wide,
    "a row of 8,000,000 cells.csv": _one_row,
    "quotes that never end.csv": text("a,b\n", '"x,y\n' * 2_000_000),
    "commas, 50 MB.csv": lambda path: write(path, [*times(b",,,,,,,,,\n", 50 * MB), b"a,b\n"]),
    "captions, 50 MB.srt": _captions,
    "100,000 events.ics": lambda path: write(path, _events("", 100_000)),
    "events without end.ics": lambda path: write(
        path, _events("RRULE:FREQ=SECONDLY;COUNT=1000000000\n", 5_000)
    ),
    "output, 55 MB.ipynb": _notebook,
    "one line of code, 40 MB.js": lambda path: write(path, times(b"function f(a){return a+1};", 40 * MB)),
}
