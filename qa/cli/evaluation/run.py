"""Runs a question set: asks, judges, scores, and prints and writes what came of it."""

from __future__ import annotations

import json
import os
import shlex
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from qa.cli.evaluation.only import Failing, only_failing
from qa.cli.evaluation.sets import (
    MOST_NAMED,
    SetFile,
    index_reader,
    log_rows,
    naming_bad_rows,
    read_questions,
    with_consent,
)
from qa.cli.evaluation.tables import TableFiles, check_place, write_tables
from qa.evaluation.gates import check_gates, require_passed, result_line
from qa.evaluation.sets.dataset import QuestionSet, Selection, select
from qa.output.text import printable, shorten
from qa.output.written import write_output

if TYPE_CHECKING:
    from index.search.filters import Filters
    from qa.answering.shared_reader import SharedIndexReader
    from qa.cli.context import CommandContext
    from qa.evaluation.evaluate import Plan, Result
    from qa.evaluation.gates import Gate, GateResult
    from qa.evaluation.types import Failure, Question
    from qa.output.console import Console

RUNS = Path("runs")
_EXCERPT = 120  # characters of an unreadable verdict that are shown
_LONGEST_NAME = 60  # characters of a name that a run gets from its question set


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What is asked, of which sources, into which folder (None: one named after the set), and who judges."""

    questions: SetFile
    selection: Selection
    filters: Filters
    out: Path | None
    judge: bool
    judge_model: str | None
    concurrency: int | None
    retry_errors: bool
    dry_run: bool
    only: Failing | None = None


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """The gates of a run, and what is printed and written when it has ended."""

    gates: tuple[Gate, ...]
    confident: bool
    junit: Path | None
    full: bool
    as_json: bool
    tables: TableFiles = field(default_factory=TableFiles)


def run_set(options: RunOptions, report: ReportOptions, context: CommandContext) -> int:
    """Ask, judge and score; the exit code. Raises QaError, GateFailed among them."""
    console = context.console
    if report.junit is not None:
        check_place(report.junit, force=report.tables.force)
    report.tables.check(page=report.as_json)
    question_set = read_questions(options.questions, console)
    if not (options.dry_run or options.judge_model):  # a judge that is named is at the same address
        context = with_consent(context, ask=not report.as_json)
    with index_reader(context) as reader:
        options = with_sources(options, reader)
        plan = plan_of(question_set, options, reader, context)
        if not plan.chosen.questions:
            return report_nothing(report, console)
        if options.dry_run:
            return _print_estimate(plan, reader, console, as_json=report.as_json)
        result = ask_all(plan, reader, console)
    return _report(result, plan, report, console)


def with_sources(options: RunOptions, reader: SharedIndexReader) -> RunOptions:
    """The options with the paths and places of their filters found, once for all questions."""
    if not options.filters.sources:
        return options
    return replace(options, filters=reader.run(lambda each: each.resolved(options.filters)))


def plan_of(
    question_set: QuestionSet, options: RunOptions, reader: SharedIndexReader, context: CommandContext
) -> Plan:
    """The run to be made, with its gold found in the index. Raises QaError for what cannot work."""
    plan = _plan(question_set, options, context)
    plan = _with_gold(plan, question_set, reader, context.console)
    return plan if options.only is None else only_failing(plan, options.only, context.console)


def report_nothing(report: ReportOptions, console: Console) -> int:
    """Nothing is failing, so that nothing is asked: the exit code, 0."""
    from qa.evaluation.metrics.aggregate import score_records
    from qa.evaluation.metrics.scores_json import scores_object

    if report.as_json:
        console.print_json(json.dumps(scores_object(score_records((), {})), ensure_ascii=False))
    else:
        console.print("no question is failing: nothing to ask")
    return 0


def _plan(question_set: QuestionSet, options: RunOptions, context: CommandContext) -> Plan:
    from qa.answering.factory import configured_reader
    from qa.evaluation.evaluate import Plan, SelectedQuestions, models_for
    from qa.evaluation.running.attempt import AskOptions

    settings, selection = context.settings, options.selection
    questions = select(
        question_set.questions,
        tags=selection.tags,
        limit=selection.limit,
        sample=selection.sample,
        seed=selection.seed,
    )
    models = models_for(
        settings,
        os.environ,
        judge=options.judge,
        judge_model=options.judge_model,
        concurrency=options.concurrency,
    )
    return Plan(
        SelectedQuestions(options.questions.path, questions, selection),
        options.out or default_folder(options.questions),
        AskOptions(settings.k, options.filters, models.answerer, configured_reader(settings)),
        models,
        offline=settings.offline,
        retry_errors=options.retry_errors,
        estimate=settings.max_cost is not None,
        processes=options.concurrency,
    )


def default_folder(questions: SetFile) -> Path:
    """The run folder where none is named: `runs/` and the set's name."""
    return RUNS / (questions.path.stem[:_LONGEST_NAME] or "questions")


def _print_estimate(plan: Plan, reader: SharedIndexReader, console: Console, *, as_json: bool) -> int:
    from qa.evaluation.evaluate import expected
    from qa.evaluation.running.cost_estimate import estimate_lines, expected_object

    estimate = expected(plan, reader)
    if as_json:
        console.print_json(json.dumps(expected_object(estimate), ensure_ascii=False))
    else:
        console.print(printable(estimate_lines(estimate)))
    return 0


def _with_gold(plan: Plan, question_set: QuestionSet, reader: SharedIndexReader, console: Console) -> Plan:
    """The plan with its gold found in the index; says if its figures will mean less than they seem to.

    Raises SetError for quotations that are not in the index; of a set that was made for another tool, they
    are only counted.
    """
    from qa.evaluation.sets.gold import Resolver
    from qa.evaluation.sets.placing import place_gold, require_found

    questions, documents = plan.chosen.questions, question_set.documents
    placed = reader.read(lambda catalog: place_gold(questions, Resolver(catalog), documents))
    log_rows(placed.near, console)
    if question_set.form is None:
        with naming_bad_rows(console):
            require_found(placed, str(plan.chosen.path))
    elif placed.lost:
        lost = "1 quotation is" if len(placed.lost) == 1 else f"{len(placed.lost):,} quotations are"
        console.log(f"{lost} not in the index and not scored; --check names them, the first:")
        log_rows(placed.lost[:1], console)
    if placed.flaws:
        gold = "1 piece of gold is" if placed.flaws == 1 else f"{placed.flaws:,} pieces of gold are"
        console.log(f"{gold} not where the set says and can hardly be found; --check names them")
    if not any(map(_has_gold, questions)):
        console.log("the questions say nothing of right answers: only failures can be counted")
    return replace(plan, chosen=replace(plan.chosen, questions=placed.questions))


def _has_gold(question: Question) -> bool:
    """Whether anything but failing can be measured of a question."""
    return bool(question.answers or question.evidence) or question.answerable is not None


def ask_all(plan: Plan, reader: SharedIndexReader, console: Console) -> Result:
    """The run, with its progress shown. After ^C the log says how to go on."""
    from qa.evaluation.evaluate import evaluate
    from qa.evaluation.report.run_progress import RunProgress

    try:
        with closing(RunProgress(console)) as progress:
            return evaluate(plan, reader, on_event=progress)
    except KeyboardInterrupt:
        console.log("stopped; what is finished is kept: run the same command to go on")
        raise


def _report(result: Result, plan: Plan, report: ReportOptions, console: Console) -> int:
    """Print and write what came of a run; the exit code. Raises GateFailed, and the limit it stopped at."""
    from qa.evaluation.metrics.scores_json import scores_object
    from qa.evaluation.report.scores_text import scores_text

    scores = result.scored.scores
    outcomes = check_gates(report.gates, scores, confident=report.confident)
    if report.as_json:
        console.print_json(json.dumps(scores_object(scores), ensure_ascii=False))
    elif not report.tables.to_stdout:
        console.print(scores_text(scores, width=console.width, colour=console.colour, full=report.full))
    write_tables(report.tables, [result.scored], None, console)
    if report.junit is not None:
        write_output(report.junit, _junit(result, plan, outcomes), force=report.tables.force)
    for outcome in outcomes:
        if outcome.passed or result.stopped is not None:  # else the error that ends this names it
            console.log(result_line(outcome))
    whole = log_failures(result, console)
    out = shlex.quote(str(plan.out))
    console.hint(printable(f"kept in {out}; to look at it: qa report {out}"))
    if result.stopped is not None:
        raise result.stopped
    require_passed(outcomes)
    return 0 if whole else 1


def log_failures(result: Result, console: Console) -> bool:
    """Say what failed and what to do about it; True if every answer and verdict is there."""
    failed = [record.failure for record in result.scored.run.records if record.failure]
    unjudged = [answer.failure for answer in result.unjudged]
    _log_failures("failed", failed, console)
    _log_failures("not judged", unjudged, console)
    none_read = _log_unreadable(result, console)
    if failed:
        console.log("to ask again what failed: the same command with --retry-errors")
    if unjudged:
        console.log("to have the rest judged: the same command once more")
    return not (failed or unjudged or none_read)


def _log_unreadable(result: Result, console: Console) -> bool:
    """Show one of the verdicts that could not be read; True if none could, of those that a judge gave."""
    verdicts = result.scored.verdicts.values()
    unreadable = [verdict.reason for verdict in verdicts if verdict.unreadable]
    of_claims = list(dict.fromkeys(said for verdict in verdicts for said in verdict.unread))
    for what, every in (("a verdict", unreadable[:1]), ("a verdict on support", of_claims[:MOST_NAMED])):
        for said in every:
            console.log(f"{what} that could not be read: {shorten(printable(said), _EXCERPT)}")
    # Nobody is asked about an abstention: its verdict took no tokens.
    judged = any(verdict.correctness and verdict.usage.prompt_tokens != 0 for verdict in verdicts)
    claims = [claim for verdict in verdicts for claim in verdict.claims or () if claim is not None]
    if not (unreadable and not judged) and not (
        of_claims and all(claim.supported is None for claim in claims)
    ):
        return False
    console.log("no verdict could be read; another judge may keep to the form: --judge-model NAME")
    return True


def _log_failures(what: str, failures: list[Failure], console: Console) -> None:
    """Name each reason and how often it came, the most frequent first."""
    causes = Counter(failure.cause for failure in failures).most_common()
    for cause, times in causes[:MOST_NAMED]:
        often = "once" if times == 1 else f"{times:,} times"
        console.log(f"{what} {often}: {printable(cause)}")
    if len(causes) > MOST_NAMED:
        console.log(f"... and for {len(causes) - MOST_NAMED:,} other reasons, which records.jsonl names")


def _junit(result: Result, plan: Plan, outcomes: tuple[GateResult, ...]) -> bytes:
    from qa.evaluation.report.junit import junit_xml

    run = result.scored.run
    return junit_xml(plan.out.name, run.records, outcomes, started=run.header.created).encode()
