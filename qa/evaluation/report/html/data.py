"""The questions of one or two runs as plain values that a page's script reads, packed small.

What leaves here is text to be shown: every string of it has passed `text.clean`. Knows runs and records,
not how a page looks; report.js knows the shape that `question_data` documents.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from index.types import Span
from qa.evaluation.metrics.retrieval import is_relevant
from qa.evaluation.report.html.excerpts import Excerpt, Pieces, Window, joined
from qa.evaluation.report.html.metric_words import groups, metric
from qa.evaluation.report.html.view import RunView, question_means, seconds_of
from qa.evaluation.types import GoldPlace, Record, Retrieved, SourceSpan, Verdict
from qa.output.answer_text import dated
from qa.output.text import clean, printable
from qa.types import Answer, Citation, Claim

Json = Mapping[str, object]

# One of each row is a column of the table of questions: the first that any question has a value for.
_COLUMNS = (
    ("citation_f1", "page_citation_f1", "citation_hit"),
    ("judged_correct", "token_f1", "right_decision"),
    ("R@5", "page_R@5", "Success@5"),
)
_SUPPORTED = {True: "borne out", False: "not borne out", None: "unreadable"}


@dataclass(frozen=True, slots=True)
class _Seen:
    """What of a question one run has: its records by repeat, and their figures, averaged."""

    records: tuple[Record, ...]
    metrics: Mapping[str, float]
    verdicts: tuple[Verdict | None, ...]


def packed(data: Json) -> str:
    """`data` as JSON, deflated (zlib), in base64: letters that end no element and need no escaping."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")


def columns(runs: Sequence[RunView]) -> list[str]:
    """The metrics that the table of questions shows: of citations, of answers, of retrieval."""
    there = {name for run in runs for values in run.metrics.values() for name in values}
    found = (next((name for name in names if name in there), None) for names in _COLUMNS)
    return [name for name in found if name]


def question_data(runs: Sequence[RunView]) -> Json:
    """Everything that the page says about single questions of `runs`, in the order of the first run.

    `columns` and `metrics` name figures; `texts` are stretches of sources. A question's `windows` are
    [piece, start, end]; a mark in them is [window, start, end], or null where there is no text to show.
    `runs` of a question has for each run null or what came of it, once for each repeat.
    """
    seen = [_seen_of(run) for run in runs]
    keys = list(dict.fromkeys(key for one in seen for key in one))
    pieces = Pieces(
        excerpt
        for one in seen
        for question in one.values()
        for record in question.records
        for excerpt in _excerpts(record)
    )
    there = {name for one in seen for question in one.values() for name in question.metrics}
    names = [one.name for group in groups(there) for one in group.metrics]
    shown = [_question([one.get(key) for one in seen], pieces, names) for key in keys]
    return {
        "runs": [printable(run.name) for run in runs],
        "columns": [[names.index(name), metric(name).label] for name in columns(runs)],
        "metrics": [metric(name).label for name in names],
        "texts": pieces.texts,
        "questions": shown,
    }


def _seen_of(run: RunView) -> dict[str, _Seen]:
    records: dict[str, list[Record]] = {}
    for record in sorted(run.records, key=lambda record: record.repeat):
        records.setdefault(record.key, []).append(record)
    return {
        key: _Seen(
            tuple(records[key]),
            means,
            tuple(run.verdicts.get((key, record.repeat)) for record in records[key]),
        )
        for key, means in question_means(run).items()
    }


def _question(seen: Sequence[_Seen | None], pieces: Pieces, names: Sequence[str]) -> Json:
    records = [record for one in seen if one for record in one.records]
    question = records[0].question
    gold = records[0].gold
    windows = joined(
        pieces.window(excerpt, excerpt.start, excerpt.end)
        for record in records
        for excerpt in _excerpts(record)
    )
    marks = _Marks(pieces, windows)
    return {
        "id": printable(question.id),
        "question": clean(question.text),
        "references": [clean(answer) for answer in question.answers],
        "answerable": question.answerable,
        "tags": [printable(tag) for tag in question.tags],
        "within": printable(question.within or ""),
        "windows": [[one.piece, one.start, one.end] for one in windows],
        "gold": [_gold(one, marks) for one in gold],
        "runs": [one and _run(one, names, marks) for one in seen],
    }


@dataclass(frozen=True, slots=True)
class _Marks:
    """Where something stands in the windows of a question."""

    pieces: Pieces
    windows: Sequence[Window]

    def of(self, excerpt: Excerpt | None, span: Span | None) -> list[int] | None:
        """The window and what to mark in it: [window, start, end]."""
        if excerpt is None or span is None:
            return None
        found = self.pieces.window(excerpt, span.start, span.end)
        home = next(
            n
            for n, one in enumerate(self.windows)
            if one.piece == found.piece and one.start <= found.start and found.end <= one.end
        )
        return [home, found.start, found.end]


def _run(seen: _Seen, names: Sequence[str], marks: _Marks) -> Json:
    seconds = [took for record in seen.records if (took := seconds_of(record)) is not None]
    return {
        "metrics": [round(seen.metrics[name], 4) if name in seen.metrics else None for name in names],
        "seconds": round(fmean(seconds), 4) if seconds else None,
        "answers": [
            _answer(record, verdict, marks)
            for record, verdict in zip(seen.records, seen.verdicts, strict=True)
        ],
    }


def _answer(record: Record, verdict: Verdict | None, marks: _Marks) -> Json:
    passages = [_passage(one, record.gold) for one in record.passages]
    if record.failure:
        failure = record.failure
        error = [clean(failure.kind), clean(failure.cause), clean(failure.hint)]
        return {"status": "error", "repeat": record.repeat, "error": error, "passages": passages}
    answer = record.answer
    assert answer, "a record without a failure has an answer"
    return {
        "status": answer.status,
        "repeat": record.repeat,
        "text": clean(answer.text),
        "missing": clean(answer.missing or ""),
        "claims": [_claim(claim) for claim in answer.claims],
        "citations": [_citation(one, record, marks) for one in answer.citations],
        "passages": passages,
        "judge": _verdict(verdict, answer),
        "notes": [clean(note) for note in answer.notes],
        "took": [answer.seconds.search, answer.seconds.answer],
        "evidence": round(answer.evidence, 4),
        "usage": [answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.cost_usd],
    }


def _claim(claim: Claim) -> Json:
    return {
        "text": clean(claim.text),
        "citations": claim.citations,
        "support": claim.support,
        "reasons": [clean(reason) for reason in claim.reasons],
        "rejected": [f"{clean(one.key)}: {clean(one.reason)}" for one in claim.rejected],
    }


def _citation(one: Citation, record: Record, marks: _Marks) -> Json:
    pages = next((context.pages for context in record.contexts if context.number == one.number), ())
    page = f":{_range(pages)}" if pages else f":{one.page}" if one.page else ""
    return {
        "number": one.number,
        "place": f"{printable(one.source)}{page}:{one.line}",
        "mark": marks.of(_cited_excerpt(one, record), one.span),
        "date": dated(one.date, one.date_origin) if one.date else "",
        "also": [printable(name) for name in one.also],
    }


def _gold(gold: GoldPlace, marks: _Marks) -> Json:
    page = f", page {gold.page}" if gold.page is not None else ""
    span = f":{gold.span.start}-{gold.span.end}" if gold.span else ""
    return {
        "place": f"{printable(gold.source)}{span}{page}",
        "mark": marks.of(_gold_excerpt(gold), gold.span),
        "text": clean(gold.text) if gold.span is None else "",
        "indexed": gold.indexed,
    }


def _passage(one: Retrieved, gold: Sequence[GoldPlace]) -> Json:
    places = (one.place, *one.copies)
    held = [number for number, wanted in enumerate(gold, 1) if any(_holds(place, wanted) for place in places)]
    pages = f", page {_range(one.place.pages)}" if one.place.pages else ""
    span = one.place.span
    return {
        "rank": one.rank,
        "place": f"{printable(one.place.source)}:{span.start}-{span.end}{pages}",
        "gold": held,
        "copies": len(one.copies),
    }


def _holds(place: SourceSpan, gold: GoldPlace) -> bool:
    """Whether gold counts as found in a passage; a page does where the passage touches it."""
    if place.source != gold.source:
        return False
    return gold.page in place.pages if gold.span is None else is_relevant(place.span, gold.span)


def _verdict(verdict: Verdict | None, answer: Answer) -> Json | None:
    if verdict is None:
        return None
    claims = verdict.claims or (None,) * len(answer.claims)
    return {
        "judge": printable(verdict.judge),
        "correctness": "unreadable" if verdict.unreadable else verdict.correctness,
        "reason": clean(verdict.reason),
        "claims": [one and _SUPPORTED[one.supported] for one in claims],
    }


def _excerpts(record: Record) -> list[Excerpt]:
    found = [_gold_excerpt(gold) for gold in record.gold]
    if record.answer:
        found += [_cited_excerpt(one, record) for one in record.answer.citations]
    return [one for one in found if one]


def _gold_excerpt(gold: GoldPlace) -> Excerpt | None:
    if gold.span is None or len(gold.text) != len(gold.span):
        return None
    return Excerpt(gold.source, gold.span.start - len(gold.before), gold.before + gold.text + gold.after)


def _cited_excerpt(one: Citation, record: Record) -> Excerpt:
    context = next((context for context in record.contexts if context.number == one.number), None)
    before, after = (context.before, context.after) if context else ("", "")
    return Excerpt(one.source, one.span.start - len(before), before + one.text + after)


def _range(pages: Sequence[int]) -> str:
    return str(pages[0]) if len(pages) == 1 else f"{pages[0]}-{pages[-1]}"
