"""`--vary NAME=V1,V2`: one run for each value of a setting, in folders side by side, and one table."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import UsageError
from qa.cli.evaluation.run import (
    ask_all,
    default_folder,
    log_failures,
    plan_of,
    report_nothing,
    with_sources,
)
from qa.cli.evaluation.sets import index_reader, read_questions, with_consent
from qa.output.text import printable

if TYPE_CHECKING:
    from qa.cli.context import CommandContext
    from qa.cli.evaluation.run import ReportOptions, RunOptions
    from qa.evaluation.evaluate import Plan, Result
    from qa.evaluation.scoring import ScoredRun
    from qa.settings.settings import Settings

VARIABLE = ("k", "model", "check", "plan", "reader", "prompt_tokens")  # settings that change answers
_OF_THE_INDEX = (
    "index",
    "embedder",
    "ocr",
    "ocr_languages",
    "include_hidden",
    "readers",
    "include",
    "exclude",
)


@dataclass(frozen=True, slots=True)
class Varied:
    """A setting, and the values that it is to have in turn, as they were written."""

    name: str
    values: tuple[str, ...]


def parse_varied(written: Sequence[str]) -> Varied:
    """What `k=5,10,20` says. Raises UsageError for a setting that may not vary, or for values that repeat."""
    if len(written) > 1:
        raise UsageError(
            "vary: one setting at a time", "compare the others in runs of their own", option="vary"
        )
    name, sign, rest = written[0].partition("=")
    name = name.strip().replace("-", "_")
    values = tuple(value.strip() for value in rest.split(","))
    if not sign or not name or not all(values):
        raise UsageError(
            f"vary takes NAME=VALUE,VALUE, not {written[0]!r}", "for example k=5,10,20", option="vary"
        )
    if name not in VARIABLE:
        raise UsageError(f"vary: {_why_not(name)}", f"what may vary: {', '.join(VARIABLE)}", option="vary")
    if len(set(values)) < len(values) or len(values) < 2:
        raise UsageError(
            f"vary takes two values or more, each once, not {rest!r}",
            "for example k=5,10,20",
            option="vary",
        )
    return Varied(name, values)


def _why_not(name: str) -> str:
    from qa.settings.settings import SETTINGS

    if name in _OF_THE_INDEX:
        return f"{name} is of the index, not of a run: make an index for each, and compare their runs"
    known = name in SETTINGS or name in ("source", "since", "until", "repeat", "sample", "seed", "limit")
    return f"{name} may not vary" if known else f"there is no setting called {name!r}"


def run_varied(varied: Varied, options: RunOptions, report: ReportOptions, context: CommandContext) -> int:
    """Make a run for each value, and print how they compare with the first; the exit code.

    Each is in a folder of its own below the one that is named, and goes on where it was stopped. A limit of
    costs holds for all of them together. Raises QaError; what is finished is kept.
    """
    console, settings = context.console, context.settings
    _check_alone(varied, options, report, settings)
    folder = options.out or default_folder(options.questions).with_name(
        f"{default_folder(options.questions).name}-by-{varied.name}"
    )
    _check_folder(folder)
    if not (options.dry_run or options.judge_model or varied.name == "model"):  # a name is asked for
        context = with_consent(context, ask=not report.as_json)
        settings = context.settings
    by_value = [
        settings.with_options({varied.name: value}, spell=lambda _: f"vary {varied.name}")
        for value in varied.values
    ]
    places = folders(folder, varied)
    question_set = read_questions(options.questions, console)
    results: list[Result] = []
    with index_reader(context) as reader:
        options = with_sources(options, reader)
        plans: list[Plan] = []
        for value, of_value, out in zip(varied.values, by_value, places, strict=True):
            limited = within_limit(of_value, out, places)
            plan = plan_of(
                question_set, replace(options, out=out), reader, replace(context, settings=limited)
            )
            if not plan.chosen.questions:
                return report_nothing(report, console)
            console.log(f"{varied.name} = {printable(value)}: {printable(str(plan.out))}")
            plans.append(plan)
            results.append(ask_all(plan, reader, console))
            if results[-1].stopped is not None:
                break
    return _report(varied, results, plans, report, context)


def _check_alone(varied: Varied, options: RunOptions, report: ReportOptions, settings: Settings) -> None:
    """Raises UsageError for options that are of a single run, or of the setting that varies."""
    others = {
        "min": any(gate.bound == "min" for gate in report.gates),
        "max": any(gate.bound == "max" for gate in report.gates),
        "junit": report.junit is not None,
        "dry_run": options.dry_run,
        "csv": report.tables.csv is not None,
        "markdown": report.tables.markdown is not None,
    }
    given = tuple(name for name, there in others.items() if there)
    if given:
        raise UsageError(
            f"{' and '.join(given)}: of a single run, and vary makes several",
            "use it with the command of one of them, or of qa report",
            option=(*given, "vary"),
        )
    if options.only is not None and options.only.run is None:
        raise UsageError(
            "only: each of several runs has failing questions of its own",
            "name the run that is meant: failing=RUN",
            option=("only", "vary"),
        )
    if varied.name in settings.given:
        raise UsageError(
            f"{varied.name} is given, and varied", "leave out one of them", option=(varied.name, "vary")
        )


def _check_folder(folder: Path) -> None:
    from qa.evaluation.runs.state import HEADER

    if (folder / HEADER).exists():
        raise UsageError(
            f"{folder} holds a run, and vary makes several",
            "name a folder for all of them",
            option="out",
        )


def folders(folder: Path, varied: Varied) -> list[Path]:
    """A folder for each value, named after it; what no name may hold is told apart by a hash."""
    names = []
    for value in varied.values:
        safe = re.sub(r"[^\w.+-]+", "-", value, flags=re.ASCII).strip(".-")[:60]
        differs = "" if safe == value else f"-{hashlib.sha256(value.encode()).hexdigest()[:6]}"
        names.append(f"{varied.name}-{safe}{differs}")
    return [folder / name for name in names]


def within_limit(settings: Settings, out: Path, places: Sequence[Path]) -> Settings:
    """The settings with what is left of the limit of costs, after the runs beside this one."""
    from qa.evaluation.runs.state import spent_in

    if settings.max_cost is None:
        return settings
    others = sum(spent_in(path) for path in places if path != out)
    return replace(settings, max_cost=max(settings.max_cost - others, 0.0))


def _report(
    varied: Varied,
    results: Sequence[Result],
    plans: Sequence[Plan],
    report: ReportOptions,
    context: CommandContext,
) -> int:
    """Print the table, and what failed; the exit code. Raises what a run stopped at."""
    from qa.evaluation.comparison import compare
    from qa.evaluation.report.varied import Variant, varied_object, varied_text
    from qa.evaluation.scoring import comparison_notes, run_table

    console = context.console
    runs: list[ScoredRun] = [result.scored for result in results]
    first = runs[0]
    variants = []
    for value, plan, run in zip(varied.values, plans, runs, strict=False):
        comparison = None
        if run is not first and run.run.records and first.run.records:
            notes = comparison_notes(first.run.header, run.run.header)
            comparison = compare(run_table(first), run_table(run), notes)
        variants.append(Variant(value, str(plan.out), run.scores, comparison))
    if report.as_json:
        console.print_json(json.dumps(varied_object(varied.name, variants), ensure_ascii=False))
    else:
        text = varied_text(
            varied.name, variants, width=console.width, colour=console.colour, full=report.full
        )
        console.print(text)
    whole = True
    for value, result in zip(varied.values, results, strict=False):
        unread = any(verdict.unreadable for verdict in result.scored.verdicts.values())
        if unread or result.unjudged or any(record.failure for record in result.scored.run.records):
            console.log(f"{varied.name} = {printable(value)}:")
        whole = log_failures(result, console) and whole
    if results[-1].stopped is not None:
        raise results[-1].stopped
    return 0 if whole else 1
