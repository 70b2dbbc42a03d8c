"""Runs `qa` as a child process, and checks what must hold of every run: streams, exit code, errors."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.cli import environment
from tests.support.starting import run
from tests.support.timeouts import PATIENCE

QA = (sys.executable, "-P", "-m", "qa")  # -P: as the installed command, without the working directory
FACT = "The lighthouse of Skagen was relit in 1858 because ships kept running aground."
QUESTION = "Why was the lighthouse of Skagen relit?"
CANARY = "zanzibar-marmalade-4711"  # stands in whatever must never get into an index or onto a screen

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Done(NamedTuple):
    """How a run ended. The streams are decoded as UTF-8; a byte that is none fails the test."""

    code: int
    out: str
    err: str

    @property
    def shown(self) -> dict[str, Any]:
        """The one object on standard output."""
        value: dict[str, Any] = json.loads(self.out)
        return value


def qa(
    *words: str | bytes,
    at: Path,
    before: Sequence[str] = (),
    stdin: bytes = b"",
    timeout: float = PATIENCE,
    variables: Mapping[str, str] | None = None,
    fresh: bool = False,
) -> Done:
    """Run one command line in the folder `at`, behind the command `before`, and check how it behaved.

    `fresh` where what an interpreter does at its start, or what is imported, is the point.
    """
    env = environment(at, **(variables or {}))
    command = [*before, *QA, *words]
    done = run(command, at=at, env=env, stdin=stdin, timeout=timeout, fresh=fresh)
    return assert_well_behaved(done.returncode, done.stdout, done.stderr)


def assert_well_behaved(code: int, out: bytes, err: bytes) -> Done:
    """What a run gave, if it kept what every run must keep: no traceback, nothing a terminal would obey.

    A run that failed prints nothing on standard output, but for `qa index`, whose report (with failures in
    it) is its result; and one line of cause with at most one of what to do on standard error.
    """
    done = Done(code, out.decode("utf-8"), err.decode("utf-8"))
    for stream in (done.out, done.err):
        assert "Traceback" not in stream, stream
        assert not _CONTROL.search(stream), repr(_CONTROL.search(stream))
        assert CANARY not in stream, stream
    if code not in (0, 1, 3):
        assert done.out == "", done.out
    return done


def assert_refused(done: Done, code: int, *words: str) -> None:
    """The run failed with this code, in one line of cause that holds `words` and one of what to do."""
    assert (done.code, done.out) == (code, ""), done
    lines = done.err.splitlines()
    causes = [at for at, line in enumerate(lines) if line.startswith("qa: ")]
    assert len(causes) == 1, done.err
    assert lines[causes[0] + 1 :][:1], done.err
    assert len(lines) == causes[0] + 2, done.err
    for word in words:
        assert word in lines[causes[0]], done.err


def assert_still_answers(at: Path, *words: str, before: Sequence[str] = ()) -> None:
    """The index in or above `at` answers with the fact, cited."""
    done = qa("ask", "--json", QUESTION, *words, at=at, before=before)
    assert (done.code, done.err) == (0, "")
    assert FACT in [citation["text"] for citation in done.shown["citations"]]


@functools.cache
def without_root_rights() -> tuple[str, ...]:
    """The words before a command line that take from root the right to read and write everything."""
    if os.geteuid() != 0:
        return ()
    rights = "-dac_override,-dac_read_search"
    words = ("setpriv", f"--bounding-set={rights}", "--")
    if not shutil.which("setpriv") or subprocess.run([*words, "true"], check=False).returncode:
        pytest.skip("root reads and writes everything here, and cannot give that up")
    return words
