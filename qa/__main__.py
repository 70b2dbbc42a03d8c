"""The entry point of the command `qa` and of `python -m qa`."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    # Python looks for modules in the working directory first: a json.py among the documents would be run.
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120

import gc
from contextlib import suppress
from typing import NoReturn

from qa.cli.app import main


def run() -> NoReturn:
    """Run the command line and end the process at once.

    By then every file, lock and connection of ours is closed. Python would go on to free one by one what the
    system frees in one go: 60 ms, a sixth of what a short `qa ask` takes.
    """
    # What is imported stays: to look through it for garbage takes a twentieth of a short command.
    gc.set_threshold(100_000)
    # A question multiplies small matrices: threads of numpy's would take twice the time of the cores for it.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # the reader has left; `main` has said so in its code
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    run()
