"""What `qa eval` does once its options are read: the run, what is told of it, and what there is instead.

Knows what a person and a program want to see. How questions are asked, judged and scored is the business of
`qa/evaluation/`.
"""

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
from qa.evaluation.gates import evaluate as held_against, parse_gates, require, verdict_line
from qa.evaluation.report import run_progress as shown_progress
from qa.evaluation.sets.dataset import Picked, QuestionSet, SetError, read_set, select
from qa.output.text import one_line
from qa.settings.settings import Setting

if TYPE_CHECKING:
    from qa.answering.shared_reader import SharedLibrary
    from qa.cli.context import Desk
    from qa.evaluation.evaluate import Plan, Result
    from qa.evaluation.gates import Gate, Outcome
    from qa.evaluation.types import Question
    from qa.output.console import Screen

RUNS = Path("runs")
_MOST = 20  # rows that do not fit, or reasons of failures, that are named
_LONGEST_NAME = 60  # characters of a name that a run gets from its question set


@dataclass(frozen=True, slots=True)
class How:
    """Where a run is kept, what narrows it down, who judges, and how it is gone about."""

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
class Shown:
    """What is printed and written when a run has ended, and what it is held against."""

    least: tuple[str, ...]
    most: tuple[str, ...]
    confident: bool
    junit: Path | None
    full: bool
    as_json: bool


def run(questions: Path, picked: Picked, how: How, shown: Shown, desk: Desk) -> int:
    """Ask, judge and score; the exit code. Raises QaError, GateFailed among them."""
    from qa.evaluation.evaluate import misplaced

    gates = parse_gates(shown.least, shown.most)
    if shown.junit is not None and not shown.junit.parent.is_dir():  # not after everything was paid for
        raise UsageError(f"there is no folder {shown.junit.parent}", "make it first, or name another file")
    found = _read(questions, desk.screen)
    with _opened(desk) as library:
        plan = _plan(questions, found, picked, how, desk)
        if how.dry_run or desk.settings.max_cost.value is not None:
            from qa.evaluation.evaluate import expected
            from qa.evaluation.running.cost_estimate import expected_object, told

            found_out = expected(plan, library)
            if how.dry_run and shown.as_json:
                desk.screen.data(json.dumps(expected_object(found_out), ensure_ascii=False))
                return 0
            line = one_line(told(found_out))
            if how.dry_run:
                desk.screen.say(line)
                return 0
            desk.screen.note(line)
        if flaws := misplaced(plan, library):
            what = "1 piece of gold is" if flaws == 1 else f"{flaws:,} pieces of gold are"
            desk.screen.note(f"{what} not where the set says and can hardly be found; --check names them")
        if not any(map(_says_anything, plan.chosen.questions)):
            desk.screen.note("the questions say nothing of right answers: only failures can be counted")
        result = _evaluated(plan, library, desk.screen)
    return _finish(result, plan, gates, shown, desk.screen)


def check(questions: Path, desk: Desk, *, as_json: bool) -> int:
    """Hold a set against the index: 1 if something does not fit."""
    from qa.evaluation.report.audit_text import check_lines
    from qa.evaluation.sets.audit import check_json, check_set

    with _named_rows(desk.screen):
        found = read_set(questions)
    with _opened(desk) as library:
        checked = library.read(lambda catalog: check_set(found, catalog, questions))
    screen = desk.screen
    if as_json:
        screen.data(check_json(checked, str(questions)))
    else:
        screen.say("\n".join(check_lines(checked, width=screen.width, colour=screen.colour)))
    return 1 if checked.problems else 0


def write_set(path: Path, desk: Desk) -> int:
    """A conversation in which /gold writes a question set."""
    from index.storage.location import find_index
    from qa.evaluation.sets.authoring import begin

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "writing a question set needs a terminal on stdin and stdout",
            'in a script, write it yourself: one {"question": "..."} a line is enough',
        )
    rows = begin(path)
    what = f"{one_line(str(path))} has {rows:,} question{'' if rows == 1 else 's'}"
    from qa.chat.repl import converse

    folder = find_index(desk.directory, desk.settings.index.value)
    desk.screen.say(f"{what}. Ask; /gold adds one with what its answer cites.")
    code = converse(folder, desk.settings, desk.screen, gold=path)
    if path.exists():
        desk.screen.hint(f"to ask them all: qa eval {one_line(shlex.quote(str(path)))}")
    return code


def compare_judge(
    labels: Path, out: Path | None, judge_model: str | None, desk: Desk, *, as_json: bool
) -> int:
    """Compare the judge with a person's labels, of the answers of the run `out` where rows name them."""
    from qa.evaluation.evaluate import models_for
    from qa.evaluation.judging.calibrate import calibrate, calibration_object
    from qa.evaluation.judging.labels import load_labels
    from qa.evaluation.report.calibration_text import calibration_lines
    from qa.evaluation.runs.folder import load_run

    with _named_rows(desk.screen):
        found = load_labels(labels, load_run(out).records if out else ())
    settings = desk.settings
    if judge_model is not None:  # nobody else is asked
        settings = replace(settings, model=Setting(judge_model, "--judge-model"))
    models = models_for(settings, os.environ, judge=True, judge_model=None, concurrency=None)
    assert models.judge is not None
    desk.screen.hint(f"asking {one_line(models.judge.name)} about {len(found):,} labels ...")
    calibration = calibrate(found, models.judge, purse=models.purse)
    if as_json:
        desk.screen.data(json.dumps(calibration_object(calibration), ensure_ascii=False))
    else:
        desk.screen.say("\n".join(calibration_lines(calibration, width=desk.screen.width)))
    return 0


def _read(questions: Path, screen: Screen) -> QuestionSet:
    """The set, with what is odd about it told. Raises SetError, after naming the rows that do not fit."""
    with _named_rows(screen):
        found = read_set(questions)
    for place, what in found.remarks:
        screen.note(f"{one_line(place)}: {one_line(what)}")
    return found


@contextmanager
def _named_rows(screen: Screen) -> Iterator[None]:
    """Name the rows that an error is about, if there are several."""
    try:
        yield
    except SetError as error:
        if len(error.rows) > 1:
            for place, what in error.rows[:_MOST]:
                screen.note(f"{one_line(place)}: {one_line(what)}")
            if len(error.rows) > _MOST:
                screen.note(f"... and {len(error.rows) - _MOST:,} more")
        raise


@contextmanager
def _opened(desk: Desk) -> Iterator[SharedLibrary]:
    """The index that the settings name. Raises NoIndex."""
    from index.storage.location import find_index
    from qa.answering.shared_reader import SharedLibrary
    from qa.models.embedders import embedder_loader

    folder = find_index(desk.directory, desk.settings.index.value)
    library = SharedLibrary(folder, embedder_loader(desk.settings, os.environ))
    try:
        yield library
    finally:
        library.close()


def _plan(questions: Path, found: QuestionSet, picked: Picked, how: How, desk: Desk) -> Plan:
    from index.search.filters import make_filters
    from qa.evaluation.evaluate import Chosen, Plan, models_for
    from qa.evaluation.running.attempt import How as Asked

    asked = select(
        found.questions, tags=picked.tags, limit=picked.limit, sample=picked.sample, seed=picked.seed
    )
    chosen = Chosen(questions, asked, picked)
    filters = make_filters(how.sources, how.since, how.until)
    settings = desk.settings
    models = models_for(
        settings, os.environ, judge=how.judge, judge_model=how.judge_model, concurrency=how.concurrency
    )
    return Plan(
        chosen,
        how.out or RUNS / (questions.stem[:_LONGEST_NAME] or "questions"),
        Asked(settings.k.value, filters, models.writer),
        models,
        offline=settings.offline.value,
        retry_errors=how.retry_errors,
    )


def _evaluated(plan: Plan, library: SharedLibrary, screen: Screen) -> Result:
    """The run, with progress; whatever ends it early, how to go on is told."""
    from qa.evaluation.evaluate import evaluate

    try:
        with shown_progress.RunProgress(screen) as progress:
            return evaluate(plan, library, on_event=progress, on_verdict=progress.judged)
    except KeyboardInterrupt:
        screen.note("stopped; what is finished is kept: run the same command to go on")
        raise


def _finish(result: Result, plan: Plan, gates: tuple[Gate, ...], shown: Shown, screen: Screen) -> int:
    """Print and write what came of a run; the exit code. Raises GateFailed, and the limit it stopped at."""
    from qa.evaluation.report.scores_text import scores_text

    scores = result.scored.scores
    outcomes = held_against(gates, scores, confident=shown.confident)
    if shown.as_json:
        screen.data(json.dumps(scores, ensure_ascii=False))
    else:
        screen.say(scores_text(scores, width=screen.width, colour=screen.colour, full=shown.full))
    if shown.junit is not None:
        _write_junit(shown.junit, result, plan, outcomes)
    for outcome in outcomes:
        if outcome.passed or result.stopped is not None:  # else the error that ends this names it
            screen.note(verdict_line(outcome))
    failed = _told_failures(result, screen)
    out = shlex.quote(str(plan.out))
    screen.hint(one_line(f"kept in {out}; to look at it: qa report {out}"))
    if result.stopped is not None:
        raise result.stopped
    require(outcomes)
    return 1 if failed else 0


def _says_anything(question: Question) -> bool:
    """Whether anything but failing can be measured of a question."""
    return bool(question.answers or question.evidence) or question.answerable is not None


def _told_failures(result: Result, screen: Screen) -> bool:
    """Name why questions failed or could not be judged, and how to ask again. True if any did."""
    failed = [record.failure for record in result.scored.run.records if record.failure]
    unjudged = [one.failure for one in result.unjudged]
    for what, failures in (("failed", failed), ("not judged", unjudged)):
        causes = Counter(failure.cause for failure in failures).most_common()
        for cause, times in causes[:_MOST]:
            often = "once" if times == 1 else f"{times:,} times"
            screen.note(f"{what} {often}: {one_line(cause)}")
        if len(causes) > _MOST:
            screen.note(f"... and for {len(causes) - _MOST:,} other reasons, which records.jsonl names")
    if failed:
        screen.note("to ask again what failed: the same command with --retry-errors")
    if unjudged:
        screen.note("to have the rest judged: the same command once more")
    return bool(failed or unjudged)


def _write_junit(path: Path, result: Result, plan: Plan, outcomes: tuple[Outcome, ...]) -> None:
    from qa.evaluation.report.junit import junit_xml

    run = result.scored.run
    text = junit_xml(plan.out.name, run.records, outcomes, started=run.header.created)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise StorageError(f"cannot write {path}: {exc.strerror or exc}", "name another file") from exc
