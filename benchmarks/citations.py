"""Compares every citation with the characters of its source file.

`python benchmarks/citations.py DATA_FOLDER`

For each set in DATA_FOLDER: indexes its documents, answers every question as `qa ask --json` does without a
model, and compares each citation of the JSON with the slice of the source: for text files the file on disk,
decoded here and not by the program; for other formats the stored text. Prints a Markdown table, a row a set,
whose last column counts what differed. Any mismatch is a fault.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.open_sets import open_set, set_names
from qa.output.answers.as_json import to_json


@dataclass(frozen=True, slots=True)
class CitationCounts:
    """How many questions of a set were asked and answered, how many citations compared, how many differ."""

    questions: int
    answered: int
    citations: int
    wrong: int


def check(folder: Path, limit: int | None) -> CitationCounts:
    """Ask the first `limit` questions of one set and compare every citation."""
    answered = citations = wrong = 0
    with tempfile.TemporaryDirectory() as work, open_set(folder, Path(work) / ".qa") as asked_set:
        questions = asked_set.questions[:limit]
        for asked in questions:
            answer = json.loads(to_json(asked_set.ask(asked.question.text)))
            answered += answer["status"] != "abstained"
            for citation in answer["citations"]:
                citations += 1
                text = asked_set.file_text(citation["source"])
                wrong += text[citation["start"] : citation["end"]] != citation["text"]
            numbers = {citation["number"] for citation in answer["citations"]}
            wrong += sum(not numbers.issuperset(claim["citations"]) for claim in answer["claims"])
    return CitationCounts(len(questions), answered, citations, wrong)


def main() -> int:
    """Check the sets and print a Markdown table; 1 if anything differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--set", action="append", dest="sets", help="only this set; may be repeated")
    parser.add_argument("--limit", type=int, help="questions of each set")
    options = parser.parse_args()
    print("| set | questions | answered | citations | differing |\n|---|--:|--:|--:|--:|")
    wrong = 0
    for name in options.sets or set_names(options.data):
        counts = check(options.data / name, options.limit)
        wrong += counts.wrong
        cells = f"{counts.questions:,} | {counts.answered:,} | {counts.citations:,} | {counts.wrong}"
        print(f"| {name} | {cells} |", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
