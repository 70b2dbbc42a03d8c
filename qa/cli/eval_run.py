"""What `qa eval` does once its options are read, and what it prints."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import StorageError, UsageError
from qa.errors import SetError
from qa.evaluation.gates import (
    check_gates,
    parse_gates,
    require_passed,
    result_line,
)
from qa.evaluation.report import run_progress
from qa.evaluation.sets.dataset import QuestionSet, Selection, read_set, select
from qa.output.text import printable

if TYPE_CHECKING:
    from qa.answering.shared_reader import SharedIndexReader
    from qa.cli.context import CommandContext
    from qa.evaluation.evaluate import Plan, Result
    from qa.evaluation.gates import Gate, GateResult
    from qa.evaluation.types import Question
    from qa.output.console import Console

RUNS = Path("runs")
_MOST = 20  # rows that do not fit, or reasons of failures, that are named
_LONGEST_NAME = 60  # characters of a name that a run gets from its question set


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Options of a run: its folder, filters, judge, and how it is asked."""

    out: Path | None
    sources: tuple[str, ...]
    since: str | None
    until: str | None
    judge: bool
    judge_model: str | None
    concurrency: int | None
    retry_errors: bool
    dry_run: bool


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """Options of what is printed and written when a run has ended: gates, JUnit, JSON."""

    least: tuple[str, ...]
    most: tuple[str, ...]
    confident: bool
    junit: Path | None
    full: bool
    as_json: bool


def run(
    questions: Path, selection: Selection, options: RunOptions, output: OutputOptions, context: CommandContext
) -> int:
    """Ask, judge and score; the exit code. Raises QaError, GateFailed among them."""
    from qa.evaluation.evaluate import misplaced

    gates = parse_gates(output.least, output.most)
    if output.junit is not None and not output.junit.parent.is_dir():  # not after everything was paid for
        raise UsageError(f"there is no folder {output.junit.parent}", "make it first, or name another file")
    question_set = _read(questions, context.console)
    with _opened(context) as reader:
        plan = _plan(questions, question_set, selection, options, context)
        if options.dry_run:
            return _print_estimate(plan, reader, context.console, as_json=output.as_json)
        if flaws := misplaced(plan, reader):
            what = "1 piece of gold is" if flaws == 1 else f"{flaws:,} pieces of gold are"
            context.console.log(f"{what} not where the set says and can hardly be found; --check names them")
        if not any(map(_says_anything, plan.chosen.questions)):
            context.console.log("the questions say nothing of right answers: only failures can be counted")
        result = _evaluated(plan, reader, context.console)
    return _finish(result, plan, gates, output, context.console)


def _print_estimate(plan: Plan, reader: SharedIndexReader, console: Console, *, as_json: bool) -> int:
    from qa.evaluation.evaluate import expected
    from qa.evaluation.running.cost_estimate import estimate_lines, expected_object

    estimate = expected(plan, reader)
    if as_json:
        console.print_json(json.dumps(expected_object(estimate), ensure_ascii=False))
    else:
        console.print(printable(estimate_lines(estimate)))
    return 0


def check(questions: Path, context: CommandContext, *, as_json: bool) -> int:
    """Check a set against the index; the exit code, 1 if something does not fit."""
    from qa.evaluation.report.audit_text import audit_lines
    from qa.evaluation.sets.audit import check_json, check_set

    with _named_rows(context.console):
        question_set = read_set(questions)
    with _opened(context) as reader:
        checked = reader.read(lambda catalog: check_set(question_set, catalog, questions))
    console = context.console
    if as_json:
        console.print_json(check_json(checked, str(questions)))
    else:
        console.print("\n".join(audit_lines(checked, width=console.width, colour=console.colour)))
    return 1 if checked.problems else 0


def write_set(path: Path, context: CommandContext) -> int:
    """A conversation in which /gold writes a question set."""
    from index.storage.location import find_index
    from qa.evaluation.sets.authoring import begin

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "writing a question set needs a terminal on stdin and stdout",
            'in a script, write it yourself: one {"question": "..."} a line is enough',
        )
    rows = begin(path)
    what = f"{printable(str(path))} has {rows:,} question{'' if rows == 1 else 's'}"
    from qa.chat.repl import converse

    folder = find_index(context.directory, context.settings.index)
    context.console.print(f"{what}. Ask; /gold adds one with what its answer cites.")
    code = converse(folder, context.settings, context.console, gold=path)
    if path.exists():
        context.console.hint(f"to ask them all: qa eval {printable(shlex.quote(str(path)))}")
    return code


def compare_judge(
    labels: Path, out: Path | None, judge_model: str | None, context: CommandContext, *, as_json: bool
) -> int:
    """Compare the judge with a person's labels, of the answers of the run `out` where rows name them."""
    from qa.evaluation.evaluate import models_for
    from qa.evaluation.judging.calibrate import calibrate, calibration_object
    from qa.evaluation.judging.labels import load_labels
    from qa.evaluation.report.calibration_text import calibration_lines
    from qa.evaluation.runs.state import load_run

    with _named_rows(context.console):
        labels_read = load_labels(labels, load_run(out).records if out else ())
    settings = context.settings
    if judge_model is not None:  # nobody else is asked
        settings = replace(settings, model=judge_model, given=settings.given - {"model"})
    models = models_for(settings, os.environ, judge=True, judge_model=None, concurrency=None)
    assert models.judge is not None
    context.console.hint(f"asking {printable(models.judge.name)} about {len(labels_read):,} labels ...")
    calibration = calibrate(labels_read, models.judge, budget=models.budget, width=models.throttle)
    if as_json:
        context.console.print_json(json.dumps(calibration_object(calibration), ensure_ascii=False))
    else:
        context.console.print("\n".join(calibration_lines(calibration, width=context.console.width)))
    return 0


def _read(questions: Path, console: Console) -> QuestionSet:
    """The set; what is odd about it is logged. Raises SetError, after naming the rows that do not fit."""
    with _named_rows(console):
        question_set = read_set(questions)
    for place, what in question_set.remarks:
        console.log(f"{printable(place)}: {printable(what)}")
    return question_set


@contextmanager
def _named_rows(console: Console) -> Iterator[None]:
    """Name the rows that an error is about, if there are several."""
    try:
        yield
    except SetError as error:
        if len(error.rows) > 1:
            for place, what in error.rows[:_MOST]:
                console.log(f"{printable(place)}: {printable(what)}")
            if len(error.rows) > _MOST:
                console.log(f"... and {len(error.rows) - _MOST:,} more")
        raise


@contextmanager
def _opened(context: CommandContext) -> Iterator[SharedIndexReader]:
    """The index that the settings name. Raises NoIndex."""
    from index.storage.location import find_index
    from qa.answering.shared_reader import SharedIndexReader
    from qa.models.embedders import embedder_loader

    folder = find_index(context.directory, context.settings.index)
    reader = SharedIndexReader(folder, embedder_loader(context.settings, os.environ))
    try:
        yield reader
    finally:
        reader.close()


def _plan(
    questions: Path,
    question_set: QuestionSet,
    selection: Selection,
    options: RunOptions,
    context: CommandContext,
) -> Plan:
    from index.search.filters import make_filters
    from qa.evaluation.evaluate import Plan, SelectedQuestions, models_for
    from qa.evaluation.running.attempt import AskOptions

    asked = select(
        question_set.questions,
        tags=selection.tags,
        limit=selection.limit,
        sample=selection.sample,
        seed=selection.seed,
    )
    chosen = SelectedQuestions(questions, asked, selection)
    filters = make_filters(options.sources, options.since, options.until)
    settings = context.settings
    models = models_for(
        settings,
        os.environ,
        judge=options.judge,
        judge_model=options.judge_model,
        concurrency=options.concurrency,
    )
    return Plan(
        chosen,
        options.out or RUNS / (questions.stem[:_LONGEST_NAME] or "questions"),
        AskOptions(settings.k, filters, models.answerer),
        models,
        offline=settings.offline,
        retry_errors=options.retry_errors,
        estimate=settings.max_cost is not None,
    )


def _evaluated(plan: Plan, reader: SharedIndexReader, console: Console) -> Result:
    """The run, with progress; how to go on is logged if ^C ends it early."""
    from qa.evaluation.evaluate import evaluate

    try:
        with run_progress.RunProgress(console) as progress:
            return evaluate(plan, reader, on_event=progress)
    except KeyboardInterrupt:
        console.log("stopped; what is finished is kept: run the same command to go on")
        raise


def _finish(
    result: Result, plan: Plan, gates: tuple[Gate, ...], output: OutputOptions, console: Console
) -> int:
    """Print and write what came of a run; the exit code. Raises GateFailed, and the limit it stopped at."""
    from qa.evaluation.metrics.scores_json import scores_object
    from qa.evaluation.report.scores_text import scores_text

    scores = result.scored.scores
    outcomes = check_gates(gates, scores, confident=output.confident)
    if output.as_json:
        console.print_json(json.dumps(scores_object(scores), ensure_ascii=False))
    else:
        console.print(scores_text(scores, width=console.width, colour=console.colour, full=output.full))
    if output.junit is not None:
        _write_junit(output.junit, result, plan, outcomes)
    for outcome in outcomes:
        if outcome.passed or result.stopped is not None:  # else the error that ends this names it
            console.log(result_line(outcome))
    failed = _name_failures(result, console)
    out = shlex.quote(str(plan.out))
    console.hint(printable(f"kept in {out}; to look at it: qa report {out}"))
    if result.stopped is not None:
        raise result.stopped
    require_passed(outcomes)
    return 1 if failed else 0


def _says_anything(question: Question) -> bool:
    """Whether anything but failing can be measured of a question."""
    return bool(question.answers or question.evidence) or question.answerable is not None


def _name_failures(result: Result, console: Console) -> bool:
    """Name why questions failed or could not be judged, and how to ask again. True if any did."""
    failed = [record.failure for record in result.scored.run.records if record.failure]
    unjudged = [unjudged.failure for unjudged in result.unjudged]
    for what, failures in (("failed", failed), ("not judged", unjudged)):
        causes = Counter(failure.cause for failure in failures).most_common()
        for cause, times in causes[:_MOST]:
            often = "once" if times == 1 else f"{times:,} times"
            console.log(f"{what} {often}: {printable(cause)}")
        if len(causes) > _MOST:
            console.log(f"... and for {len(causes) - _MOST:,} other reasons, which records.jsonl names")
    if failed:
        console.log("to ask again what failed: the same command with --retry-errors")
    if unjudged:
        console.log("to have the rest judged: the same command once more")
    return bool(failed or unjudged)


def _write_junit(path: Path, result: Result, plan: Plan, outcomes: tuple[GateResult, ...]) -> None:
    from qa.evaluation.report.junit import junit_xml

    run = result.scored.run
    text = junit_xml(plan.out.name, run.records, outcomes, started=run.header.created)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise StorageError(f"cannot write {path}: {exc.strerror or exc}", "name another file") from exc
