"""`qa eval --draft`: proposes questions about the documents, and writes them into a set as drafts."""

from __future__ import annotations

import json
import os
import shlex
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import QaError
from qa.cli.evaluation.sets import index_reader, with_consent
from qa.errors import CostLimit
from qa.evaluation.sets.authoring.drafts import add_drafts, begin_drafts
from qa.output.text import printable, wrap

if TYPE_CHECKING:
    from index.search.filters import Filters
    from index.storage.catalog import Catalog
    from qa.answering.shared_reader import SharedIndexReader
    from qa.cli.context import CommandContext
    from qa.evaluation.evaluate import Models
    from qa.evaluation.types import Question
    from qa.output.console import Console

DRAFTS = Path("drafts.jsonl")
SCHEMA = "qa.drafts/1"


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """How many questions are wanted, in which file (None: `DRAFTS`), of the sources that `filters` admit."""

    wanted: int
    out: Path | None
    seed: int
    concurrency: int | None
    filters: Filters
    dry_run: bool
    as_json: bool

    @property
    def path(self) -> Path:
        """The file that drafts are written to."""
        return self.out or DRAFTS


@dataclass(slots=True)
class _Outcome:
    """The drafts that were written, what was rejected, and what ended it early."""

    questions: list[Question] = field(default_factory=list)
    rejected: Counter[str] = field(default_factory=Counter)
    stopped: QaError | None = None


def draft_set(request: DraftRequest, context: CommandContext) -> int:
    """Draft and write; the exit code, 1 where nothing could be drafted.

    Raises QaError: of the file, the index or the model; CostLimit after what was done is written and told.
    """
    from qa.evaluation.evaluate import models_for
    from qa.evaluation.running.cost_estimate import draft_line
    from qa.evaluation.sets.authoring.offline import near_count

    known = begin_drafts(request.path)
    if not request.dry_run:
        context = with_consent(context, ask=not request.as_json)
    console, settings = context.console, context.settings
    models = models_for(settings, os.environ, judge=False, judge_model=None, concurrency=request.concurrency)
    with index_reader(context) as reader:
        filters = request.filters
        if filters.sources:
            filters = reader.run(lambda each: each.resolved(request.filters))
        if request.dry_run or (models.answerer is not None and settings.max_cost is not None):
            line = printable(draft_line(models.answerer, request.wanted, near_count(request.wanted)))
            if request.dry_run:
                _print_estimate(request, line, console)
                return 0
            console.log(line)
        if models.answerer is None:
            outcome = _by_rules(request, known, filters, reader)
        else:
            outcome = _by_model(request, known, filters, reader, models, context)
    return _report(request, outcome, len(known), console, with_model=models.answerer is not None)


def _by_rules(
    request: DraftRequest, known: Sequence[Question], filters: Filters, reader: SharedIndexReader
) -> _Outcome:
    from qa.evaluation.sets.authoring.offline import draft_offline

    drafted = reader.read(
        lambda catalog: draft_offline(
            catalog, request.wanted, seed=request.seed, known=known, admit=filters.admit
        )
    )
    added = add_drafts(request.path, drafted.questions) if drafted.questions else ()
    return _Outcome(list(added), drafted.rejected)


def _by_model(
    request: DraftRequest,
    known: Sequence[Question],
    filters: Filters,
    reader: SharedIndexReader,
    models: Models,
    context: CommandContext,
) -> _Outcome:
    from qa.evaluation.report.run_progress import RunProgress
    from qa.evaluation.running.draft_questions import TRIES, DraftedByModel, DraftPlan, draft_questions
    from qa.evaluation.running.events import Started
    from qa.evaluation.sets.authoring.pieces import SourcePiece, pieces_of

    def draw(catalog: Catalog) -> list[SourcePiece]:
        sources = [source for source in catalog.sources() if filters.admit(source)]
        return pieces_of(catalog, sources, seed=request.seed, most=request.wanted * TRIES, known=known)

    assert models.answerer is not None
    plan = DraftPlan(
        request.wanted, reader.read(draw), models.answerer, reader, context.settings.k, filters, known
    )
    outcome, done = _Outcome(), DraftedByModel()

    def keep(question: Question) -> None:
        outcome.questions += add_drafts(request.path, (question,))

    console = context.console
    try:
        with closing(RunProgress(console, unit="drafts")) as progress:
            progress(Started(request.wanted, 0))
            try:
                draft_questions(plan, models.throttle, done, keep=keep, on_event=progress)
            except CostLimit as error:
                why = f"stopped drafting at the cost limit: {error.cause}"
                outcome.stopped = CostLimit(why, "raise it, and draft again", option="max_cost")
        console.log(printable(progress.line()))
    except KeyboardInterrupt:
        console.log(f"stopped; {_many(len(outcome.questions))} kept in {printable(str(request.path))}")
        raise
    outcome.rejected = done.rejected
    return outcome


def _print_estimate(request: DraftRequest, line: str, console: Console) -> None:
    if not request.as_json:
        console.print(line)
        return
    said = {"schema": SCHEMA, "questions": str(request.path), "wanted": request.wanted, "estimate": line}
    console.print_json(json.dumps(said, ensure_ascii=False))


def _report(
    request: DraftRequest, outcome: _Outcome, known: int, console: Console, *, with_model: bool
) -> int:
    """Say what was drafted and what was not; the exit code. Raises what ended it early."""
    path = printable(shlex.quote(str(request.path)))
    near = sum(question.answerable is False for question in outcome.questions)
    if request.as_json:
        said = {
            "schema": SCHEMA,
            "questions": str(request.path),
            "wanted": request.wanted,
            "drafted": len(outcome.questions),
            "near_misses": near,
            "rejected": dict(outcome.rejected.most_common()),
        }
        console.print_json(json.dumps(said, ensure_ascii=False))
    else:
        for line in _lines(request, outcome, near, with_model=with_model):
            console.print("\n".join(wrap(line, console.width)))
    if outcome.stopped is not None:
        raise outcome.stopped
    if outcome.questions or known:
        console.hint(f"to accept them one by one: qa eval --accept {path}")
    return 0 if outcome.questions else 1


def _lines(request: DraftRequest, outcome: _Outcome, near: int, *, with_model: bool) -> list[str]:
    drafted = outcome.questions
    sources = {gold.source for question in drafted for gold in question.evidence}
    line = f"{_many(len(drafted))} written to {printable(str(request.path))}"
    if drafted:
        about = "1 source" if len(sources) == 1 else f"{len(sources):,} sources"
        line += f": {len(drafted) - near:,} about {about}, {near:,} that the documents do not answer"
    lines = [line]
    if outcome.rejected:
        reasons = ", ".join(f"{printable(why)} ({n:,})" for why, n in outcome.rejected.most_common())
        lines.append(f"{outcome.rejected.total():,} rejected: {reasons}")
    if len(drafted) < request.wanted and outcome.stopped is None:
        lines.append(
            "no more was found; more documents, or another --seed, give more"
            if with_model
            else "the rules find no more: they know English sentences, tables and headings; "
            "a model finds more"
        )
    return lines


def _many(number: int) -> str:
    return "1 draft" if number == 1 else f"{number:,} drafts"
