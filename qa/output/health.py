"""What `qa doctor` prints: a line for each check and each repair, or JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.output.text import printable, wrap

if TYPE_CHECKING:
    from index.health.findings import CheckFinding
    from index.health.repair.repair import Repair
    from qa.output.console import Console

_STYLES = {
    "ok": ("dim",),
    "note": ("yellow",),
    "wrong": ("bold", "red"),
    "done": ("dim",),
    "lost": ("bold", "red"),
}
_WIDTHS = (7, 13)  # columns of the state and the name of a check
_NAMED = 5  # sources or files that are named below a line
_COMMAND = "qa doctor --repair"


def print_finding(finding: CheckFinding, console: Console) -> None:
    """A check in a line, and what to do in one below; for a program, all in one with tabs between."""
    text, advice = printable(finding.text), printable(_advice(finding))
    if not console.is_terminal:
        console.print(f"{finding.state}\t{finding.check}\t{text}\t{advice}")
        return
    _print(finding.state, finding.check, (text, advice), finding.names, console)


def print_repair(repair: Repair, console: Console) -> None:
    """What a repair did, in the same way."""
    state = "lost" if repair.lost else "done"
    text = printable(repair.text)
    if not console.is_terminal:
        console.print(f"{state}\trepair\t{text}\t")
        return
    _print(state, "repair", (text, ""), repair.names, console)


def _print(state: str, check: str, texts: tuple[str, str], names: Sequence[str], console: Console) -> None:
    indent = " " * sum(_WIDTHS)
    first, *more = wrap(texts[0], console.width, indent)
    label = console.paint(state.ljust(_WIDTHS[0]), *_STYLES[state])
    console.print("\n".join([label + check.ljust(_WIDTHS[1]) + first.lstrip(), *more]))
    for below in (_listed(names), texts[1]):
        if below and state != "ok":
            console.print("\n".join(wrap(below, console.width, indent)))


def _advice(finding: CheckFinding) -> str:
    return f"{_COMMAND}: {finding.advice}" if finding.repair else finding.advice


def _listed(names: Sequence[str]) -> str:
    """The first of some names; one alone stands in the line already."""
    if len(names) < 2:
        return ""
    shown = ", ".join(map(printable, names[:_NAMED]))
    return f"{shown} and {len(names) - _NAMED:,} more" if len(names) > _NAMED else shown


def summary(findings: Sequence[CheckFinding]) -> str:
    """The last line: whether anything is wrong, and what mends it."""
    wrong = [finding for finding in findings if finding.state == "wrong"]
    if not wrong:
        return "Nothing is wrong."
    said = f"{len(wrong)} of {len(findings)} checks found something wrong."
    mended = sum(finding.repair for finding in wrong)
    return f"{said} To mend {'it' if mended == len(wrong) else 'some of it'}: {_COMMAND}" if mended else said


def doctor_json(index: str | None, findings: Sequence[CheckFinding], repairs: Sequence[Repair]) -> str:
    """What `qa doctor --json` prints."""
    answer = {
        "schema": "qa.doctor/1",
        "index": index,
        "ok": all(finding.state != "wrong" for finding in findings),
        "repairs": [{"text": done.text, "names": list(done.names), "lost": done.lost} for done in repairs],
        "checks": [
            {
                "check": finding.check,
                "state": finding.state,
                "text": finding.text,
                "advice": _advice(finding) or None,
                "repair": finding.repair,
                "names": list(finding.names),
            }
            for finding in findings
        ],
    }
    return json.dumps(answer, ensure_ascii=False)
