"""`qa verify` over files of every format changed in every way: the confusion matrix.

`python benchmarks/receipts.py [--seeds N]`

Documents of made-up prose and a table are written in each format of `tests/support/written_files.py`; every
sentence and row of each is cited, the file is changed by each of `tests/support/mutations.py`, and each
citation is compared with what the file says then. Every step is seeded. Markdown tables on stdout.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from qa.checking.receipts.verify import STATES, compare
from tests.support.mutations import MUTATIONS, is_kept
from tests.support.receipts import cited_in, document
from tests.support.written_files import WRITERS, made_up

Counts = Counter[tuple[str, str, bool, str]]  # format, mutation, whether it is still said, verdict


def measure(seeds: int) -> tuple[int, Counts]:
    """How many changed files there were, and the verdicts on all citations."""
    counts: Counts = Counter()
    files = 0
    for seed in range(seeds):
        written, chance = made_up(seed), random.Random(seed)
        changed = {name: change(written, chance) for name, change in MUTATIONS.items()}
        for name, write in WRITERS.items():
            citations = cited_in(document(write(written), name), written)
            for mutation, now in changed.items():
                after = document(write(now), name)
                files += 1
                for citation in citations:
                    kept = is_kept(citation.text, citation.labelled, now)
                    counts[name, mutation, kept, compare(citation, after).state] += 1
    return files, counts


def tables(files: int, counts: Counts) -> list[str]:
    """The matrix, and the same by mutation."""
    total = sum(counts.values())
    lines = [f"{total:,} citations in {files:,} changed files of {len(WRITERS)} formats", ""]
    lines += [f"| | {' | '.join(STATES)} |", f"|---|{'--:|' * len(STATES)}"]
    for kept, name in ((True, "still said"), (False, "no longer said")):
        lines.append(f"| {name} | {' | '.join(str(_sum(counts, kept, state)) for state in STATES)} |")
    lines += ["", f"| | {' | '.join(STATES)} |", f"|---|{'--:|' * len(STATES)}"]
    for mutation in MUTATIONS:
        for kept, name in ((True, "still said"), (False, "not")):
            row = [_sum(counts, kept, state, mutation) for state in STATES]
            if any(row):
                lines.append(f"| {mutation}, {name} | {' | '.join(map(str, row))} |")
    return lines


def _sum(counts: Counts, kept: bool, state: str, mutation: str | None = None) -> int:
    return sum(
        count
        for (_, change, said, verdict), count in counts.items()
        if said == kept and verdict == state and mutation in (None, change)
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=20, help="documents in each format")
    print("\n".join(tables(*measure(parser.parse_args().seeds))))


if __name__ == "__main__":
    main()
