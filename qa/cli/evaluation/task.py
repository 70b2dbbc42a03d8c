"""What `qa eval` is asked to do instead of a run, where it is one thing alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import UsageError

if TYPE_CHECKING:
    from index.search.filters import Filters
    from qa.cli.context import CommandContext
    from qa.cli.evaluation.sets import SetFile


@dataclass(frozen=True, slots=True)
class EvalTask:
    """The options that name what to do, of which one may be given, and those that say how."""

    set_file: SetFile | None
    check: bool
    new: Path | None
    calibrate: Path | None
    draft: int | None
    accept: Path | None
    out: Path | None
    judge_model: str | None
    seed: int
    concurrency: int | None
    dry_run: bool


def do_task(task: EvalTask, filters: Filters, context: CommandContext, *, as_json: bool) -> int:
    """Do it; the exit code. Raises UsageError unless it is one thing alone."""
    from qa.cli.evaluation.accept import accept_drafts
    from qa.cli.evaluation.draft import DraftRequest, draft_set
    from qa.cli.evaluation.tasks import calibrate_judge, check_set, write_set

    if sum(map(bool, (task.set_file, task.new, task.calibrate, task.draft, task.accept))) > 1:
        raise UsageError(
            "QUESTIONS, --new, --calibrate, --draft and --accept exclude each other", "give one of them"
        )
    if task.set_file is not None:
        return check_set(task.set_file, context, as_json=as_json)
    if task.new is not None:
        return write_set(task.new, context)
    if task.calibrate is not None:
        return calibrate_judge(task.calibrate, task.out, task.judge_model, context, as_json=as_json)
    if task.accept is not None:
        return accept_drafts(task.accept, context.console)
    if task.draft is not None:
        how = (task.out, task.seed, task.concurrency, filters, task.dry_run, as_json)
        return draft_set(DraftRequest(task.draft, *how), context)
    raise UsageError("no question set is named", "qa eval QUESTIONS, or write one: --new FILE, --draft N")
