"""The questions of one or two runs as compact data for report.js.

Every string of it is to be shown, and has passed `text.clean` or `text.printable`.
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
from qa.evaluation.report.html.excerpts import Excerpt, Pieces, Window, merged
from qa.evaluation.report.html.metric_words import groups, metric
from qa.evaluation.report.html.view import RunView, question_means, seconds_of
from qa.evaluation.types import Context, GoldPlace, Record, Retrieved, SourceSpan, Verdict
from qa.output.places import date_text, hidden_aside
from qa.output.text import clean, printable
from qa.types import Answer, Citation, Claim

Json = Mapping[str, object]

# Of each row, a column of the table of questions is the first metric that any question has.
_COLUMNS = (
    ("citation_f1", "page_citation_f1", "document_citation_f1", "citation_hit"),
    ("judged_correct", "token_f1", "right_decision"),
    ("R@5", "page_R@5", "document_R@5", "Success@5"),
)
_FILE_WORDS = {
    "changed": "The file has changed since it was indexed: the older text is quoted.",
    "gone": "The file is gone since it was indexed.",
    "unreadable": "The file could not be read: whether it changed is not known.",
}
_SUPPORT_WORDS = {True: "borne out", False: "not borne out", None: "unreadable"}


@dataclass(frozen=True, slots=True)
class _QuestionRun:
    """A question in one run: its records by repeat, their metrics averaged, and their verdicts."""

    records: tuple[Record, ...]
    metrics: Mapping[str, float]
    verdicts: tuple[Verdict | None, ...]


def packed(data: Json) -> str:
    """`data` as JSON, deflated (zlib), in base64: letters that end no element and need no escaping."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")


def columns(runs: Sequence[RunView]) -> list[str]:
    """The metrics that the table of questions shows: of citations, of answers, of retrieval."""
    present = {name for run in runs for values in run.metrics.values() for name in values}
    chosen = (next((name for name in names if name in present), None) for names in _COLUMNS)
    return [name for name in chosen if name]


def question_data(runs: Sequence[RunView]) -> Json:
    """Everything that the page says about single questions of `runs`, in the order of the first run.

    `columns` and `metrics` name figures; `texts` are stretches of sources. A question's `windows` are
    [piece, start, end]; a mark in them is [window, start, end], or null where there is no text to show.
    `runs` of a question has for each run null or what came of it, once for each repeat.
    """
    by_run = [_by_question(run) for run in runs]
    keys = list(dict.fromkeys(key for of_run in by_run for key in of_run))
    questions = [question for of_run in by_run for question in of_run.values()]
    pieces = Pieces(
        excerpt for question in questions for record in question.records for excerpt in _excerpts(record)
    )
    present = {name for question in questions for name in question.metrics}
    names = [words.name for group in groups(present) for words in group.metrics]
    return {
        "runs": [printable(run.name) for run in runs],
        "columns": [[names.index(name), metric(name).label] for name in columns(runs)],
        "metrics": [metric(name).label for name in names],
        "texts": pieces.texts,
        "questions": [_question([of_run.get(key) for of_run in by_run], pieces, names) for key in keys],
    }


def _by_question(run: RunView) -> dict[str, _QuestionRun]:
    records: dict[str, list[Record]] = {}
    for record in sorted(run.records, key=lambda record: record.repeat):
        records.setdefault(record.key, []).append(record)
    return {
        key: _QuestionRun(
            tuple(records[key]),
            means,
            tuple(run.verdicts.get((key, record.repeat)) for record in records[key]),
        )
        for key, means in question_means(run).items()
    }


def _question(by_run: Sequence[_QuestionRun | None], pieces: Pieces, names: Sequence[str]) -> Json:
    records = [record for of_run in by_run if of_run for record in of_run.records]
    question, gold = records[0].question, records[0].gold
    windows = merged(
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
        "windows": [[window.piece, window.start, window.end] for window in windows],
        "gold": [_gold(place, marks) for place in gold],
        "runs": [of_run and _run(of_run, names, marks) for of_run in by_run],
    }


@dataclass(frozen=True, slots=True)
class _Marks:
    """The windows of a question, and where in them a span stands."""

    pieces: Pieces
    windows: Sequence[Window]

    def of(self, excerpt: Excerpt | None, span: Span | None) -> list[int] | None:
        """The window and what to mark in it: [window, start, end]."""
        if excerpt is None or span is None:
            return None
        mark = self.pieces.window(excerpt, span.start, span.end)
        number = next(
            number
            for number, window in enumerate(self.windows)
            if window.piece == mark.piece and window.start <= mark.start and mark.end <= window.end
        )
        return [number, mark.start, mark.end]


def _run(of_run: _QuestionRun, names: Sequence[str], marks: _Marks) -> Json:
    metrics = of_run.metrics
    seconds = [took for record in of_run.records if (took := seconds_of(record)) is not None]
    return {
        "metrics": [round(metrics[name], 4) if name in metrics else None for name in names],
        "seconds": round(fmean(seconds), 4) if seconds else None,
        "answers": [
            _answer(record, verdict, marks)
            for record, verdict in zip(of_run.records, of_run.verdicts, strict=True)
        ],
    }


def _answer(record: Record, verdict: Verdict | None, marks: _Marks) -> Json:
    passages = [_passage(passage, record.gold) for passage in record.passages]
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
        "citations": [_citation(citation, record, marks) for citation in answer.citations],
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
        "rejected": [f"{clean(each.key)}: {clean(each.reason)}" for each in claim.rejected],
    }


def _citation(citation: Citation, record: Record, marks: _Marks) -> Json:
    context = _context_of(citation, record)
    pages = context.pages if context else ()
    page = f":{_page_range(pages)}" if pages else f":{citation.page}" if citation.page else ""
    return {
        "number": citation.number,
        "place": f"{printable(citation.source)}{page}:{citation.line}{hidden_aside(citation)}",
        "mark": marks.of(_cited_excerpt(citation, record), citation.span),
        "date": date_text(citation.date, citation.date_origin) if citation.date else "",
        "file": _FILE_WORDS.get(citation.file or "current", ""),
        "also": [printable(name) for name in citation.also],
        "labelled": printable(citation.labelled or ""),
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


def _passage(passage: Retrieved, gold: Sequence[GoldPlace]) -> Json:
    places = (passage.place, *passage.copies)
    hits = [
        number for number, wanted in enumerate(gold, 1) if any(_is_hit(place, wanted) for place in places)
    ]
    pages = f", page {_page_range(passage.place.pages)}" if passage.place.pages else ""
    span = passage.place.span
    return {
        "rank": passage.rank,
        "place": f"{printable(passage.place.source)}:{span.start}-{span.end}{pages}",
        "gold": hits,
        "copies": len(passage.copies),
    }


def _is_hit(place: SourceSpan, gold: GoldPlace) -> bool:
    """Whether a passage hits gold: a span as metrics have it, a page or a document that it is of."""
    if place.source != gold.source or gold.is_document:
        return place.source == gold.source
    return gold.page in place.pages if gold.span is None else is_relevant(place.span, gold.span)


def _verdict(verdict: Verdict | None, answer: Answer) -> Json | None:
    if verdict is None:
        return None
    claims = verdict.claims or (None,) * len(answer.claims)
    return {
        "judge": printable(verdict.judge),
        "correctness": "unreadable" if verdict.unreadable else verdict.correctness,
        "reason": clean(verdict.reason),
        "claims": [claim and _SUPPORT_WORDS[claim.supported] for claim in claims],
    }


def _excerpts(record: Record) -> list[Excerpt]:
    excerpts = [_gold_excerpt(gold) for gold in record.gold]
    if record.answer:
        excerpts += [_cited_excerpt(citation, record) for citation in record.answer.citations]
    return [excerpt for excerpt in excerpts if excerpt]


def _gold_excerpt(gold: GoldPlace) -> Excerpt | None:
    if gold.span is None or len(gold.text) != len(gold.span):
        return None
    return Excerpt(gold.source, gold.span.start - len(gold.before), gold.before + gold.text + gold.after)


def _cited_excerpt(citation: Citation, record: Record) -> Excerpt:
    context = _context_of(citation, record)
    before, after = (context.before, context.after) if context else ("", "")
    return Excerpt(citation.source, citation.span.start - len(before), before + citation.text + after)


def _context_of(citation: Citation, record: Record) -> Context | None:
    return next((context for context in record.contexts if context.number == citation.number), None)


def _page_range(pages: Sequence[int]) -> str:
    return str(pages[0]) if len(pages) == 1 else f"{pages[0]}-{pages[-1]}"
