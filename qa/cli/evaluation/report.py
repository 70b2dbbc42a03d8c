"""`qa compare` and `qa report`: two runs compared, and runs as an HTML page."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import UsageError
from qa.cli.context import load_context
from qa.cli.evaluation.options import CsvOption, ForceOption, MarkdownOption, OnlyOption
from qa.cli.options import ColorOption, DebugOption, JsonOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.evaluation.comparison import Comparison
    from qa.evaluation.scoring import ScoredRun
    from qa.output.console import Console

_CHANGED = 10  # questions with both answers that are printed


def compare(
    run_a: Annotated[Path, typer.Argument(metavar="RUN_A", hidden=True)],
    run_b: Annotated[Path, typer.Argument(metavar="RUN_B", hidden=True)],
    *,
    changed: Annotated[
        int,
        typer.Option("--changed", min=0, metavar="N", help="How many questions that changed are shown."),
    ] = _CHANGED,
    fail_if_worse: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-if-worse",
            metavar="METRIC",
            help="Exit with 5 if RUN_B is worse by it: the whole interval is a loss. Repeatable.",
        ),
    ] = None,
    as_json: JsonOption = False,
    color: ColorOption = None,
    debug: DebugOption = False,
) -> int:
    """Say whether two runs over the same questions differ, and how sure that is.

    Questions are paired; intervals and tests mind that questions about one document go wrong together.
    """
    from qa.evaluation.gates import check_losses, loss_line, parse_loss_metrics, require_passed
    from qa.output.text import printable

    context = load_context(color=color, debug=debug)
    gated = parse_loss_metrics(fail_if_worse or ())
    comparison = _compare(*_score([run_a, run_b]))
    if not comparison.paired + comparison.excluded:
        raise UsageError(
            f"{comparison.name_a} and {comparison.name_b} have no question in common",
            "compare runs of one question set; a row that was changed is another question",
        )
    losses = check_losses(gated, comparison)
    console = context.console
    if as_json:
        from qa.evaluation.report.comparison_json import comparison_object

        console.print_json(json.dumps(comparison_object(comparison, losses), ensure_ascii=False))
    else:
        from qa.evaluation.report.comparison_text import comparison_text

        console.page(comparison_text(comparison, width=console.width, colour=console.colour, most=changed))
    for loss in losses:
        if loss.passed:  # the error that ends this names the others
            console.log(printable(loss_line(loss)))
    require_passed(losses)
    return 0


def report(  # noqa: PLR0913 - one parameter for each option
    runs: Annotated[list[Path], typer.Argument(metavar="RUN", hidden=True)],
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", metavar="FILE", help="The page; report.html in the first RUN; - for stdout."
        ),
    ] = None,
    csv: CsvOption = None,
    markdown: MarkdownOption = None,
    only: OnlyOption = None,
    force: ForceOption = False,
    color: ColorOption = None,
    debug: DebugOption = False,
) -> int:
    """Write one HTML page about one or more runs: figures, plots, and every question with what was cited.

    It needs no network and nothing beside it. Of two runs, answers stand side by side. With --csv or
    --markdown these tables are written, and the page only where -o names it.
    """
    from qa.cli.evaluation.only import narrowed_to_failing, parse_only
    from qa.cli.evaluation.tables import TableFiles, write_tables
    from qa.output.written import check_output

    context = load_context(color=color, debug=debug)
    tables = TableFiles(csv, markdown, force)
    tables.check(page=str(out) == "-")
    if out is not None and str(out) != "-":
        check_output(out, force=force)
    if (failing := parse_only(only)) is not None and failing.run is not None:
        raise UsageError(
            f"only takes failing here, not failing={failing.run}", "name the run itself", option="only"
        )
    scored = _score(runs)
    if failing is not None:
        scored = narrowed_to_failing(scored, context.console)
    comparison = _compare(*scored[:2]) if len(scored) > 1 else None
    write_tables(tables, scored, comparison, context.console)
    if tables.named and out is None:
        return 0
    return _write_page(scored, comparison, out or runs[0] / "report.html", context.console, force=force)


def _write_page(
    scored: Sequence[ScoredRun],
    comparison: Comparison | None,
    out: Path,
    console: Console,
    *,
    force: bool,
) -> int:
    """The page, in `out`; the exit code. Raises StorageError, and UsageError for a file of others."""
    from qa.evaluation.report.html.build import report_page
    from qa.evaluation.scoring import run_view
    from qa.output.text import printable
    from qa.output.written import write_output

    page = report_page([run_view(run) for run in scored], comparison)
    data = page.encode("utf-8", "backslashreplace")
    if str(out) == "-":
        sys.stdout.buffer.write(data)
        return 0
    write_output(out, data, force=force)
    console.print(printable(str(out)))
    return 0


def _score(paths: Sequence[Path]) -> list[ScoredRun]:
    """The runs with their figures, each under a name of its own. Raises UsageError, StorageError."""
    from dataclasses import replace

    from qa.evaluation.scoring import score

    runs = [score(path) for path in paths]
    if len({run.name for run in runs}) == len(runs):
        return runs
    return [replace(run, name=str(path)) for run, path in zip(runs, paths, strict=True)]


def _compare(a: ScoredRun, b: ScoredRun) -> Comparison:
    from qa.evaluation.comparison import compare as compared
    from qa.evaluation.scoring import comparison_notes, run_table

    if not a.run.records or not b.run.records:
        empty = a if not a.run.records else b
        raise UsageError(
            f"the run {empty.name} has no records yet", "run it first: qa eval QUESTIONS --out RUN"
        )
    return compared(run_table(a), run_table(b), comparison_notes(a.run.header, b.run.header))
