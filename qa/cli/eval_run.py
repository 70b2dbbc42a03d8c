"""The four tasks of `qa eval`: run a question set, check one, write one, calibrate a judge."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import StorageError, UsageError
from qa.errors import SetError
from qa.evaluation.gates import check_gates, require_passed, result_line
from qa.evaluation.sets.dataset import QuestionSet, Selection, read_set, select
from qa.output.text import printable, shorten

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
_MOST_NAMED = 20  # rows that do not fit, or reasons of failures
_LONGEST_NAME = 60  # characters of a name that a run gets from its question set


@dataclass(frozen=True, slots=True)
class SetFile:
    """A question set as it is named: its file or folder, columns by field, the tool it was made for."""

    path: Path
    columns: Mapping[str, str]
    form: str | None


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


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """The gates of a run, and what is printed and written when it has ended."""

    gates: tuple[Gate, ...]
    confident: bool
    junit: Path | None
    full: bool
    as_json: bool


def run_set(options: RunOptions, report: ReportOptions, context: CommandContext) -> int:
    """Ask, judge and score; the exit code. Raises QaError, GateFailed among them."""
    console = context.console
    if report.junit is not None and not report.junit.parent.is_dir():  # not after everything was paid for
        raise UsageError(f"there is no folder {report.junit.parent}", "make it first, or name another file")
    question_set = _read_set(options.questions, console)
    with _index_reader(context) as reader:
        filters = options.filters
        if filters.sources:  # paths and places, once for all questions
            filters = reader.run(lambda each: each.resolved(options.filters))
        plan = _plan(question_set, replace(options, filters=filters), context)
        plan = _with_gold(plan, question_set, reader, console)
        if options.dry_run:
            return _print_estimate(plan, reader, console, as_json=report.as_json)
        result = _evaluate(plan, reader, console)
    return _report(result, plan, report, console)


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
        options.out or RUNS / (options.questions.path.stem[:_LONGEST_NAME] or "questions"),
        AskOptions(settings.k, options.filters, models.answerer, configured_reader(settings)),
        models,
        offline=settings.offline,
        retry_errors=options.retry_errors,
        estimate=settings.max_cost is not None,
    )


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
    _log_rows(placed.near, console)
    if question_set.form is None:
        with _naming_bad_rows(console):
            require_found(placed, str(plan.chosen.path))
    elif placed.lost:
        lost = "1 quotation is" if len(placed.lost) == 1 else f"{len(placed.lost):,} quotations are"
        console.log(f"{lost} not in the index and not scored; --check names them, the first:")
        _log_rows(placed.lost[:1], console)
    if placed.flaws:
        gold = "1 piece of gold is" if placed.flaws == 1 else f"{placed.flaws:,} pieces of gold are"
        console.log(f"{gold} not where the set says and can hardly be found; --check names them")
    if not any(map(_has_gold, questions)):
        console.log("the questions say nothing of right answers: only failures can be counted")
    return replace(plan, chosen=replace(plan.chosen, questions=placed.questions))


def _has_gold(question: Question) -> bool:
    """Whether anything but failing can be measured of a question."""
    return bool(question.answers or question.evidence) or question.answerable is not None


def _evaluate(plan: Plan, reader: SharedIndexReader, console: Console) -> Result:
    """The run, with its progress shown. After ^C the log says how to go on."""
    from qa.evaluation.evaluate import evaluate
    from qa.evaluation.report.run_progress import RunProgress

    try:
        with RunProgress(console) as progress:
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
    else:
        console.print(scores_text(scores, width=console.width, colour=console.colour, full=report.full))
    if report.junit is not None:
        _write_junit(report.junit, result, plan, outcomes)
    for outcome in outcomes:
        if outcome.passed or result.stopped is not None:  # else the error that ends this names it
            console.log(result_line(outcome))
    failed = [record.failure for record in result.scored.run.records if record.failure]
    unjudged = [answer.failure for answer in result.unjudged]
    _log_failures("failed", failed, console)
    _log_failures("not judged", unjudged, console)
    none_read = _log_unreadable(result, console)
    if failed:
        console.log("to ask again what failed: the same command with --retry-errors")
    if unjudged:
        console.log("to have the rest judged: the same command once more")
    out = shlex.quote(str(plan.out))
    console.hint(printable(f"kept in {out}; to look at it: qa report {out}"))
    if result.stopped is not None:
        raise result.stopped
    require_passed(outcomes)
    return 1 if failed or unjudged or none_read else 0


def _log_unreadable(result: Result, console: Console) -> bool:
    """Show one of the verdicts that could not be read; True if none could, of those that a judge gave."""
    verdicts = result.scored.verdicts.values()
    unreadable = [verdict.reason for verdict in verdicts if verdict.unreadable]
    of_claims = list(dict.fromkeys(said for verdict in verdicts for said in verdict.unread))
    for what, every in (("a verdict", unreadable[:1]), ("a verdict on support", of_claims[:_MOST_NAMED])):
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
    for cause, times in causes[:_MOST_NAMED]:
        often = "once" if times == 1 else f"{times:,} times"
        console.log(f"{what} {often}: {printable(cause)}")
    if len(causes) > _MOST_NAMED:
        console.log(f"... and for {len(causes) - _MOST_NAMED:,} other reasons, which records.jsonl names")


def _write_junit(path: Path, result: Result, plan: Plan, outcomes: tuple[GateResult, ...]) -> None:
    from qa.evaluation.report.junit import junit_xml

    run = result.scored.run
    text = junit_xml(plan.out.name, run.records, outcomes, started=run.header.created)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise StorageError(f"cannot write {path}: {exc.strerror or exc}", "name another file") from exc


def check_set(questions: SetFile, context: CommandContext, *, as_json: bool) -> int:
    """Compare a question set with the index and print what does not fit; the exit code, 1 if anything is."""
    from qa.evaluation.report.audit_text import audit_lines
    from qa.evaluation.sets import audit

    path = questions.path
    with _naming_bad_rows(context.console):
        question_set = read_set(path, questions.columns, questions.form)
    with _index_reader(context) as reader:
        checked = reader.read(lambda catalog: audit.check_set(question_set, catalog, path))
    console = context.console
    if as_json:
        console.print_json(audit.check_json(checked, str(path)))
    else:
        console.print("\n".join(audit_lines(checked, width=console.width, colour=console.colour)))
    return 1 if checked.problems else 0


def write_set(path: Path, context: CommandContext) -> int:
    """A conversation in which /gold writes a question set; the exit code."""
    from index.storage.location import find_index
    from qa.evaluation.sets.authoring import begin

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "writing a question set needs a terminal on stdin and stdout",
            'in a script, write it yourself: one {"question": "..."} a line is enough',
        )
    rows = begin(path)
    from qa.chat.repl import converse  # prompt_toolkit is not wanted where nothing can be begun

    folder = find_index(context.directory, context.settings.index)
    questions = f"{rows:,} question{'' if rows == 1 else 's'}"
    context.console.print(
        f"{printable(str(path))} has {questions}. Ask; /gold adds one with what its answer cites."
    )
    code = converse(folder, context.settings, context.console, gold=path, directory=context.directory)
    if path.exists():
        context.console.hint(f"to ask them all: qa eval {printable(shlex.quote(str(path)))}")
    return code


def calibrate_judge(
    labels: Path, out: Path | None, judge_model: str | None, context: CommandContext, *, as_json: bool
) -> int:
    """Compare the judge with a person's labels and print how far they agree; the exit code.

    Rows may label answers of the run in `out`.
    """
    from qa.evaluation.evaluate import models_for
    from qa.evaluation.judging.calibrate import calibrate, calibration_object
    from qa.evaluation.judging.labels import load_labels
    from qa.evaluation.report.calibration_text import calibration_lines
    from qa.evaluation.running.batch import AT_ONCE
    from qa.evaluation.runs.state import load_run

    with _naming_bad_rows(context.console):
        labelled = load_labels(labels, load_run(out).records if out else ())
    settings = context.settings
    if judge_model is not None:  # nobody else is asked
        settings = replace(settings, model=judge_model, given=settings.given - {"model"})
    models = models_for(settings, os.environ, judge=True, judge_model=None, concurrency=AT_ONCE)
    assert models.judge is not None
    context.console.hint(f"asking {printable(models.judge.name)} about {len(labelled):,} labels ...")
    calibration = calibrate(labelled, models.judge, budget=models.budget, width=models.throttle)
    if as_json:
        context.console.print_json(json.dumps(calibration_object(calibration), ensure_ascii=False))
    else:
        context.console.print("\n".join(calibration_lines(calibration, width=context.console.width)))
    return 0


def _read_set(questions: SetFile, console: Console) -> QuestionSet:
    """The set; what is odd about it is logged. Raises SetError, after naming the rows that do not fit."""
    with _naming_bad_rows(console):
        question_set = read_set(questions.path, questions.columns, questions.form)
    _log_rows(question_set.remarks, console)
    if question_set.unused:
        console.log('to have a column read: --column answers="NAME"; to have none read: --column answers=')
    return question_set


@contextmanager
def _naming_bad_rows(console: Console) -> Iterator[None]:
    """Name the rows that a SetError is about, if there are several; one stands in the error itself."""
    try:
        yield
    except SetError as error:
        if len(error.rows) > 1:
            _log_rows(error.rows, console)
        raise


def _log_rows(rows: Sequence[tuple[str, str]], console: Console) -> None:
    """Name places and what is to be said of them, the first of many."""
    for place, what in rows[:_MOST_NAMED]:
        console.log(f"{printable(place)}: {printable(what)}")
    if len(rows) > _MOST_NAMED:
        console.log(f"... and {len(rows) - _MOST_NAMED:,} more")


def _index_reader(context: CommandContext) -> closing[SharedIndexReader]:
    """The index that the settings name, closed at the end of a `with`. Raises NoIndex."""
    from index.storage.location import find_index
    from qa.answering.shared_reader import SharedIndexReader
    from qa.models.embedders import embedder_loader

    folder = find_index(context.directory, context.settings.index)
    return closing(
        SharedIndexReader(folder, embedder_loader(context.settings, os.environ), context.directory)
    )
