"""What `qa eval` does instead of a run: checks a question set, writes one, calibrates a judge."""

from __future__ import annotations

import json
import os
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import UsageError
from qa.cli.context import found_index
from qa.cli.evaluation.sets import SetFile, index_reader, naming_bad_rows, with_consent
from qa.evaluation.sets.dataset import read_set
from qa.output.text import printable

if TYPE_CHECKING:
    from qa.cli.context import CommandContext


def check_set(questions: SetFile, context: CommandContext, *, as_json: bool) -> int:
    """Compare a question set with the index and print what does not fit; the exit code, 1 if anything is."""
    from qa.evaluation.report.audit_text import audit_lines
    from qa.evaluation.sets import audit

    path = questions.path
    with naming_bad_rows(context.console):
        question_set = read_set(path, questions.columns, questions.form)
    with index_reader(context) as reader:
        checked = reader.read(lambda catalog: audit.check_set(question_set, catalog, path))
    console = context.console
    if as_json:
        console.print_json(audit.check_json(checked, str(path)))
    else:
        console.print("\n".join(audit_lines(checked, width=console.width, colour=console.colour)))
    return 1 if checked.problems else 0


def write_set(path: Path, context: CommandContext) -> int:
    """A conversation in which /gold writes a question set; the exit code."""
    from qa.evaluation.sets.authoring.conversation import begin

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "writing a question set needs a terminal on stdin and stdout",
            'in a script, write it yourself: one {"question": "..."} a line is enough',
        )
    rows = begin(path)
    from qa.chat.repl import converse  # prompt_toolkit is not wanted where nothing can be begun

    folder = found_index(context)
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

    with naming_bad_rows(context.console):
        labelled = load_labels(labels, load_run(out).records if out else ())
    if judge_model is None:
        context = with_consent(context, ask=not as_json)
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
