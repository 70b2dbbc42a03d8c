"""Builds the page of `qa report`: one HTML file, self-contained, all document text escaped.

Figures and plots are markup without any script, questions are data for report.js. Every text goes through
Jinja's escaping or `textContent`; the page's own policy (CSP) lets nothing run or load but the one script and
the one style sheet whose hashes it names.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from qa.evaluation.report.html import summary
from qa.evaluation.report.html.data import packed, question_data
from qa.evaluation.report.html.figures import figures
from qa.evaluation.report.html.metric_words import percent, points
from qa.evaluation.report.html.view import RunView
from qa.output.text import clean, printable

if TYPE_CHECKING:
    from qa.evaluation.comparison import Comparison

MOST_DETAILED = 2  # runs whose plots and questions are shown; more are compared in figures only


def report_page(runs: Sequence[RunView], comparison: Comparison | None = None) -> str:
    """The page of one or more runs, a whole HTML document of about 1 MB for 1,000 questions.

    Plots and questions are those of the first two runs, and so is `comparison`. Raises ValueError if there is
    no run.
    """
    from jinja2 import Environment, StrictUndefined

    if not runs:
        msg = "a report needs a run"
        raise ValueError(msg)
    detailed = runs[:MOST_DETAILED]
    style, script = _part("report.css"), _part("report.js")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_clean_text
    )
    environment.globals.update(percent=percent, points=points)
    return environment.from_string(_part("report.html.j2")).render(
        names=[printable(run.name) for run in runs],
        letters=summary.letters(runs),
        facts=summary.facts(runs),
        headlines=summary.headlines(runs),
        changes=summary.changes(comparison),
        tables=summary.tables(runs, MOST_DETAILED),
        tag_columns=summary.tag_columns(detailed),
        tags=summary.tag_rows(detailed),
        tags_left=max(len(runs[0].scores.by_tag) - summary.MOST_TAGS, 0),
        figures=figures(detailed),
        method=summary.method(runs),
        detailed=detailed,
        total=len({record.key for run in detailed for record in run.records}),
        style=style,
        script=script,
        policy=_policy(style, script),
        data=packed(question_data(detailed)),
    )


def _part(name: str) -> str:
    """A file of the folder `page`, a clone's or a wheel's, with newlines as line ends."""
    return files("qa.evaluation.report.html").joinpath("page", name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """The content security policy: nothing may load, run or be sent, but our own style sheet and script."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}"


def _clean_text(value: object) -> object:
    """Any text that the template prints, without control characters; our own markup as it is."""
    return clean(value) if type(value) is str else value
