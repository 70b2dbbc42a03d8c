"""`--only failing`: the questions that failed, or were answered wrongly, in an earlier run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import UsageError
from qa.evaluation.metrics.failing import REASONS
from qa.evaluation.runs.state import HEADER
from qa.evaluation.scoring import failing_keys, narrowed, score_all
from qa.output.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.evaluation.evaluate import Plan
    from qa.evaluation.scoring import ScoredRun
    from qa.output.console import Console

FAILING = "failing"


@dataclass(frozen=True, slots=True)
class Failing:
    """Only what is failing in a run: the one in this folder, or the one that is gone on with (None)."""

    run: Path | None = None


def parse_only(written: str | None) -> Failing | None:
    """What `failing` or `failing=RUN` says, None without it. Raises UsageError for anything else."""
    if written is None:
        return None
    what, sign, run = written.partition("=")
    if what.strip() != FAILING or (sign and not run.strip()):
        raise UsageError(
            f"only takes failing or failing=RUN, not {written!r}",
            "it is of questions that failed or were answered wrongly in a run",
            option="only",
        )
    return Failing(Path(run.strip()) if sign else None)


def only_failing(plan: Plan, only: Failing, console: Console) -> Plan:
    """The plan with those of its questions that are failing in the run that is named, or in its own folder.

    What they are is logged. Raises UsageError if there is no such run.
    """
    from qa.evaluation.sets.dataset import question_key

    path = only.run or plan.out
    if only.run is None and not (path / HEADER).exists():
        raise UsageError(
            f"only: there is no run in {path} yet to say which questions are failing",
            "name a run: failing=RUN",
            option="only",
        )
    scored = score_all(path)
    reasons = failing_keys(scored)
    known = {record.key for record in scored.run.records}
    keys = {question_key(question): question for question in plan.chosen.questions}
    chosen = tuple(question for key, question in keys.items() if key in reasons)
    log_failing({key: reasons[key] for key in keys if key in reasons}, len(keys), str(path), console)
    if strange := sum(key not in known for key in keys):
        were = "question was" if strange == 1 else "questions were"
        console.log(f"{strange:,} {were} not asked there, in these words: left out")
    return replace(plan, chosen=replace(plan.chosen, questions=chosen))


def narrowed_to_failing(runs: Sequence[ScoredRun], console: Console) -> list[ScoredRun]:
    """Runs with the questions alone that are failing in any of them. Raises UsageError if none is."""
    reasons: dict[str, str] = {}
    for run in runs:
        reasons = failing_keys(run) | reasons
    asked = {record.key for run in runs for record in run.run.records}
    where = runs[0].name if len(runs) == 1 else "any of the runs"
    log_failing(reasons, len(asked), where, console)
    if not reasons:
        raise UsageError(f"no question is failing in {where}", "leave it out to see all", option="only")
    return [narrowed(run, reasons) for run in runs]


def log_failing(reasons: Mapping[str, str], asked: int, where: str, console: Console) -> None:
    """How many questions are failing, and why."""
    counts = Counter(reasons.values())
    listed = ", ".join(f"{reason} {counts[reason]:,}" for reason in REASONS if counts[reason])
    console.log(
        printable(
            f"{len(reasons):,} of {asked:,} questions failing in {where}" + (f": {listed}" if listed else "")
        )
    )
