"""Starts `fuzz_loop.py` with the readers marked: what marks them must be there before they are imported."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.soak.branches import Branches


def main() -> None:
    """Mark, import, run."""
    branches = Branches(("index.readers", "index.text"))
    from benchmarks.soak.fuzz_loop import run

    run(branches)


if __name__ == "__main__":
    main()
