"""Is every citation the very characters of its source? `python benchmarks/citations.py DATA_FOLDER`.

For each set in DATA_FOLDER: indexes its documents with `qa index`, answers every question through the
same code as `qa ask --json`, and compares each citation of the JSON with the slice of the source: for
text files the file on disk, decoded here and not by the program; for other formats what `qa show`
prints. One mismatch is one too many.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from index.search.filters import ALL
from index.storage.location import find_index
from qa.answering.answer import answer
from qa.answering.index_reader import IndexReader
from qa.cli.app import main as qa
from qa.output.answer_json import to_json

PLAIN = {".txt", ".md"}


@dataclass(frozen=True, slots=True)
class Tally:
    """Citations and claims of one set that were compared, and those that differed."""

    questions: int
    answered: int
    citations: int
    wrong: int


def check(folder: Path, limit: int | None) -> Tally:
    """Ask every question of one set and compare every citation."""
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()[:limit]
    answered = citations = wrong = 0
    with tempfile.TemporaryDirectory() as name:
        place = Path(name) / ".qa"
        if qa(["index", str(folder / "docs"), "--index", str(place)]):
            raise SystemExit(f"{folder}: indexing failed")
        library = IndexReader(find_index(Path(name), place))
        texts: dict[str, str] = {}
        for line in lines:
            question = json.loads(line)["question"]
            found = json.loads(to_json(answer(question, library.find(question, k=10, filters=ALL))))
            answered += found["status"] != "abstained"
            for citation in found["citations"]:
                citations += 1
                text = _text(folder / "docs" / citation["source"], citation["source"], library, texts)
                wrong += text[citation["start"] : citation["end"]] != citation["text"]
            spans = {c["number"] for c in found["citations"]}
            wrong += sum(1 for claim in found["claims"] if not spans.issuperset(claim["citations"]))
        library.close()
    return Tally(len(lines), answered, citations, wrong)


def _text(path: Path, source: str, library: IndexReader, texts: dict[str, str]) -> str:
    if source not in texts:
        if path.suffix in PLAIN:
            texts[source] = path.read_bytes().decode("utf-8-sig")
        else:
            catalog = library.catalog()
            found = catalog.source(source)
            if found is None:
                raise SystemExit(f"{source} is cited and not indexed")
            texts[source] = catalog.text(found.id)
    return texts[source]


def main() -> None:
    """Check the sets and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--set", action="append", help="only this set; may be repeated")
    parser.add_argument("--limit", type=int, help="questions of each set")
    options = parser.parse_args()
    folders = sorted(p.parent for p in options.data.glob("*/questions.jsonl"))
    rows = []
    for folder in folders:
        if not options.set or folder.name in options.set:
            t = check(folder, options.limit)
            rows.append(f"| {folder.name} | {t.questions:,} | {t.answered:,} | {t.citations:,} | {t.wrong} |")
    print("\n| set | questions | answered | citations | differing |\n|---|--:|--:|--:|--:|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
