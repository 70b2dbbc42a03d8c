"""`qa eval`: parses the options and picks one of its tasks, done in `qa/cli/evaluation/`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import UsageError
from qa.cli.context import CommandContext, load_context
from qa.cli.evaluation.options import (
    AcceptOption,
    CalibrateOption,
    CheckSetOption,
    ColumnOption,
    ConcurrencyOption,
    ConfidentOption,
    CsvOption,
    DraftOption,
    DryRunOption,
    ForceOption,
    FromOption,
    FullOption,
    JudgeModelOption,
    JudgeOption,
    JUnitOption,
    LimitOption,
    MarkdownOption,
    MaxOption,
    MinOption,
    NewOption,
    OnlyOption,
    OutOption,
    QuestionsArgument,
    RepeatOption,
    RetryErrorsOption,
    SampleOption,
    SeedOption,
    TagOption,
    VaryOption,
)
from qa.cli.evaluation.task import EvalTask, do_task
from qa.cli.options import (
    ColorOption,
    DebugOption,
    IndexOption,
    JsonOption,
    KOption,
    MaxCostOption,
    ModelOption,
    OfflineOption,
    PlanOption,
    SinceOption,
    SourceOption,
    TimeoutOption,
    UntilOption,
)

if TYPE_CHECKING:
    from index.search.filters import Filters
    from qa.cli.evaluation.sets import SetFile
    from qa.evaluation.gates import Gate
    from qa.evaluation.sets.dataset import Selection


def evaluate(  # noqa: PLR0913 - one parameter for each option
    questions: QuestionsArgument = None,
    *,
    column: ColumnOption = None,
    from_: FromOption = None,
    out: OutOption = None,
    limit: LimitOption = None,
    tag: TagOption = None,
    sample: SampleOption = None,
    seed: SeedOption = 0,
    repeat: RepeatOption = 1,
    concurrency: ConcurrencyOption = None,
    retry_errors: RetryErrorsOption = False,
    only: OnlyOption = None,
    vary: VaryOption = None,
    judge: JudgeOption = False,
    judge_model: JudgeModelOption = None,
    min_: MinOption = None,
    max_: MaxOption = None,
    confident: ConfidentOption = False,
    junit: JUnitOption = None,
    csv: CsvOption = None,
    markdown: MarkdownOption = None,
    force: ForceOption = False,
    check: CheckSetOption = False,
    dry_run: DryRunOption = False,
    new: NewOption = None,
    draft: DraftOption = None,
    accept: AcceptOption = None,
    calibrate: CalibrateOption = None,
    as_json: JsonOption = False,
    full: FullOption = False,
    k: KOption = None,
    source: SourceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    model: ModelOption = None,
    timeout: TimeoutOption = None,
    plan: PlanOption = None,
    offline: OfflineOption = None,
    max_cost: MaxCostOption = None,
    index: IndexOption = None,
    color: ColorOption = None,
    debug: DebugOption = False,
) -> int:
    """Ask the questions of a set, and say how good answers, citations and refusals are.

    QUESTIONS is JSON, CSV, Excel or YAML; only "question" is required. What is finished is kept in the run
    folder: the same command goes on where it was stopped. See also qa compare and qa report.
    """
    flags = {"k": k, "offline": offline, "model": model, "timeout": timeout, "plan": plan}
    context = load_context(color=color, debug=debug, index=index, max_cost=max_cost, **flags)
    filters = _filters(source, since, until)
    set_file = _set_file(questions, column or (), from_)
    if set_file is None or check or new or calibrate or draft or accept:
        task = (set_file, check, new, calibrate, draft, accept, out, judge_model, seed, concurrency, dry_run)
        return do_task(EvalTask(*task), filters, context, as_json=as_json)
    run = (set_file, _selection(tag, limit, sample, seed, repeat), filters, out, judge, judge_model)
    shown = (confident, junit, full, as_json, csv, markdown, force)
    return _run((*run, concurrency, retry_errors, dry_run), only, vary, _gates(min_, max_), shown, context)


def _gates(least: list[str] | None, most: list[str] | None) -> tuple[Gate, ...]:
    from qa.evaluation.gates import parse_gates

    return parse_gates(least or (), most or ())


def _run(
    asked: tuple[SetFile, Selection, Filters, Path | None, bool, str | None, int | None, bool, bool],
    only: str | None,
    vary: Sequence[str] | None,
    gates: tuple[Gate, ...],
    shown: tuple[bool, Path | None, bool, bool, Path | None, Path | None, bool],
    context: CommandContext,
) -> int:
    """A run, or one for each value of what varies; the exit code. Raises QaError."""
    from qa.cli.evaluation.only import parse_only
    from qa.cli.evaluation.run import ReportOptions, RunOptions, run_set
    from qa.cli.evaluation.tables import TableFiles
    from qa.cli.evaluation.vary import parse_varied, run_varied

    options = replace(RunOptions(*asked), only=parse_only(only))
    report = ReportOptions(gates, *shown[:4], TableFiles(*shown[4:]))
    if vary:
        return run_varied(parse_varied(vary), options, report, context)
    return run_set(options, report, context)


def _selection(
    tag: list[str] | None, limit: int | None, sample: int | None, seed: int, repeat: int
) -> Selection:
    from qa.evaluation.sets.dataset import Selection

    return Selection(tuple(tag or ()), limit, sample, seed, repeat)


def _filters(source: list[str] | None, since: str | None, until: str | None) -> Filters:
    from index.search.filters import make_filters

    return make_filters(source or (), since, until)


def _set_file(questions: Path | None, columns: Sequence[str], form: str | None) -> SetFile | None:
    """The question set, if one is named. Raises UsageError for a column or a tool that cannot be meant."""
    from qa.cli.evaluation.sets import SetFile
    from qa.evaluation.sets.columns.names import check_mapping
    from qa.evaluation.sets.imports.choice import check_form

    if questions is not None:
        return SetFile(questions, check_mapping(columns), None if form is None else check_form(form))
    if columns or form is not None:
        raise UsageError("--column and --from are of a question set", "name it: qa eval QUESTIONS")
    return None
