"""`qa eval --accept`: a person accepts, rewords or drops the drafts of a set, one by one."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from index.errors import UsageError
from qa.evaluation.sets.authoring.drafts import accept_draft, drafts_in, drop_draft
from qa.evaluation.sets.authoring.wording import unclear
from qa.evaluation.sets.rows import RowError
from qa.output.text import printable, wrap

if TYPE_CHECKING:
    from qa.evaluation.types import Question
    from qa.output.console import Console

Read = Callable[[str, str], str]  # a prompt, and what stands behind it already: a line
Deed = Literal["accepted", "dropped", "skipped", "stopped"]

_KEYS = "y accept, n drop, e edit, s skip, q stop"
_HELP = "y accepts it, n drops it, e edits its wording and accepts it, s leaves it for later, q stops"
_QUOTED = 600  # characters of a quotation that are shown


def read_line(prompt: str, written: str = "") -> str:
    """A line that somebody types, beginning with what is `written`, where the terminal can be edited."""
    try:
        import readline
    except ImportError:  # not on Windows
        return input(prompt)
    readline.set_startup_hook(lambda: readline.insert_text(written))
    try:
        return input(prompt)
    finally:
        readline.set_startup_hook(None)


def accept_drafts(path: Path, console: Console, read: Read = read_line) -> int:
    """Show each draft and do with it what a key says; the exit code. What is done is written at once.

    `read` gives a line that is typed behind a prompt. Raises UsageError where there is no terminal or no
    draft, and what `accept_draft` raises. ^C ends it, and all that was decided stays.
    """
    if not (sys.stdin.isatty() and console.is_terminal):
        raise UsageError(
            "accepting drafts needs a terminal on stdin and stdout",
            'in a script, take "draft": true out of the rows that are good',
        )
    drafts = drafts_in(path)
    name = printable(shlex.quote(str(path)))
    if not drafts:
        raise UsageError(f"{path} has no drafts", f"draft some: qa eval --draft 20 --out {name}")
    intro = f"{_many(len(drafts))} in {printable(str(path))}. {_HELP}."
    console.print("\n".join(wrap(intro, console.width)))
    deeds: Counter[Deed] = Counter()
    try:
        for number, draft in enumerate(drafts, 1):
            console.print("")
            for line in draft_lines(draft, f"{number} of {len(drafts)}", console.width):
                console.print(line)
            deed = _decide(path, draft, console, read)
            deeds[deed] += 1
            if deed == "stopped":
                break
    except KeyboardInterrupt:
        console.print("")
        console.log(_summary(deeds, len(drafts)))
        raise
    console.print("")
    console.print(_summary(deeds, len(drafts)))
    if deeds["accepted"]:
        console.hint(f"to ask what is accepted: qa eval {name}")
    return 0


def draft_lines(draft: Question, place: str, width: int) -> list[str]:
    """A draft as a person judges it: the question, the answer, and what it rests on, word for word."""
    lines = [f"{place}{'  ' if draft.tags else ''}{printable(', '.join(draft.tags))}"]
    lines += wrap(printable(draft.text), width)
    if draft.answerable is False:
        lines += wrap("the documents do not answer it, as far as was found", width, "  ")
    lines += [line for answer in draft.answers for line in _indented(f"answer: {printable(answer)}", width)]
    for gold in draft.evidence:
        span = gold.span
        where = f":{span.start}-{span.end}" if span is not None else ""
        lines += _indented(f"source: {printable(gold.source)}{where}", width)
        if gold.text:
            text = " ".join(gold.text.split())
            shown = text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…"
            lines += _indented(f"“{printable(shown)}”", width)
    return lines


def _indented(text: str, width: int) -> list[str]:
    return [f"  {line}" for line in wrap(text, max(width - 2, 10))]


def _decide(path: Path, draft: Question, console: Console, read: Read) -> Deed:
    """Ask until a key says what to do with a draft, and do it. The end of input stops."""
    while True:
        try:
            key = read(f"{_KEYS} > ", "").strip().casefold()
            if key in ("y", "yes"):
                accept_draft(path, draft)
                return "accepted"
            if key in ("n", "no"):
                drop_draft(path, draft)
                return "dropped"
            if key in ("s", "skip"):
                return "skipped"
            if key in ("q", "quit"):
                return "stopped"
            if key in ("e", "edit"):
                if _edit(path, draft, console, read):
                    return "accepted"
            else:
                console.print(f"{_HELP}.")
        except EOFError:
            console.print("")
            return "stopped"


def _edit(path: Path, draft: Question, console: Console, read: Read) -> bool:
    """Ask for another wording, and accept the draft with it; False where there is none, or no question."""
    said = read("new wording > ", draft.text).encode(errors="replace").decode()
    wording = " ".join(said.split())
    if wording in ("", draft.text):
        console.print("as it was")
        return False
    try:
        accepted = accept_draft(path, draft, wording)
    except RowError as error:
        console.print(printable(str(error)))
        return False
    if why := unclear(accepted.text):
        console.print(f"accepted, though {why}")
    return True


def _summary(deeds: Counter[Deed], drafts: int) -> str:
    left = drafts - deeds["accepted"] - deeds["dropped"]
    return f"{deeds['accepted']:,} accepted, {deeds['dropped']:,} dropped; {_many(left)} left"


def _many(number: int) -> str:
    return "1 draft" if number == 1 else f"{number:,} drafts"
