"""Example runs, for the tests of reports: records over a text of distinct sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

from index.types import Span
from qa.evaluation.comparison import Comparison, QuestionFigures, RunTable, compare
from qa.evaluation.metrics.aggregate import score_records
from qa.evaluation.metrics.per_question import cluster_of, question_metrics
from qa.evaluation.report.html.view import RunView
from qa.evaluation.types import Context, Failure, GoldPlace, Question, Record, Retrieved, SourceSpan, Verdict
from qa.types import Answer, Citation, Claim, RejectedCitation, Seconds, Support

AROUND = 60  # characters of context: less than a sentence
SOURCE = "notes/bridges.txt"
SENTENCES = tuple(
    f"Bridge number {n} of the valley was opened in the year {1800 + n} by the guild of masons."
    for n in range(60)
)
TEXT = " ".join(SENTENCES)
STARTS = tuple(accumulate((len(sentence) + 1 for sentence in SENTENCES), initial=0))


def span(n: int) -> Span:
    """The `n`-th sentence of `TEXT`, from 0."""
    return Span(STARTS[n], STARTS[n] + len(SENTENCES[n]))


def gold(at: Span, text: str = TEXT, source: str = SOURCE) -> GoldPlace:
    """A gold span with what stands around it."""
    before, after = _around(at, text)
    return GoldPlace(source, at, text=at.of(text), before=before, after=after, chunks=(0,))


def cited(number: int, at: Span, text: str = TEXT, source: str = SOURCE) -> tuple[Citation, Context]:
    """A citation and its context."""
    before, after = _around(at, text)
    citation = Citation(number, source, "ab" * 32, at, at.of(text), 1 + number)
    return citation, Context(number, before, after)


def _around(at: Span, text: str) -> tuple[str, str]:
    return text[max(at.start - AROUND, 0) : at.start], text[at.end : at.end + AROUND]


def answered(
    number: int,
    cites: Sequence[tuple[Citation, Context]],
    golds: Sequence[GoldPlace],
    *,
    text: str | None = None,
    support: Support = "supported",
    repeat: int = 1,
    **asked: object,
) -> Record:
    """A record of question `number` whose answer is one claim for each citation."""
    claims = tuple(
        Claim(f"Claim {one.number} of answer {number}.", (one.number,), support, ("1799 is not there",))
        for one, _ in cites
    )
    answer_text = text or " ".join(f"{claim.text} [{claim.citations[0]}]" for claim in claims)
    answer = Answer(
        f"Question {number}?",
        *("answered", "llm", "a-model", answer_text, claims),
        citations=tuple(citation for citation, _ in cites),
        passages=(),
        evidence=0.5,
        seconds=Seconds(0.01, 0.02 * number),
    )
    return Record(
        f"key{number:05}",
        question(number, **asked),
        repeat,
        tuple(golds),
        answer,
        (Retrieved(1, SourceSpan(SOURCE, Span(0, 400))), Retrieved(2, SourceSpan(SOURCE, Span(401, 900)))),
        tuple(context for _, context in cites),
    )


def question(number: int, **changes: object) -> Question:
    """An answerable question with a reference answer."""
    fields: dict[str, object] = {
        "id": f"q-{number}",
        "text": f"When was bridge {number} opened?",
        "answers": (str(1800 + number),),
        "answerable": True,
        "tags": ("even" if number % 2 == 0 else "odd",),
    }
    return Question(**{**fields, **changes})  # type: ignore[arg-type]  # fields by name, for brevity in tests


def abstained(number: int) -> Record:
    """An abstention."""
    text = "The documents do not answer this."
    answer = Answer(
        "?", "abstained", "extractive", None, text, (), (), (), 0.1, "the year", seconds=Seconds(0.1)
    )
    return Record(f"key{number:05}", question(number), 1, (gold(span(number)),), answer)


def failed(number: int) -> Record:
    """A record of a question that failed."""
    failure = Failure("ModelError", "the server gave up", "try again")
    return Record(f"key{number:05}", question(number), 1, (gold(span(number)),), failure=failure)


def doubtful(number: int) -> Record:
    """An answer with a claim that is suspect, and a key that was rejected."""
    one = answered(number, [cited(1, span(number))], [gold(span(number))], support="suspect")
    assert one.answer
    rejected = Claim("Nobody knows.", (), "rejected", (), (RejectedCitation("s99", "no sentence bears it"),))
    changes = {"claims": (*one.answer.claims, rejected)}
    fields = {name: getattr(one.answer, name) for name in Answer.__dataclass_fields__}
    answer = Answer(**{**fields, **changes})
    return Record(one.key, one.question, 1, one.gold, answer, one.passages, one.contexts)


def ordinary(count: int = 8, *, shift: int = 0) -> list[Record]:
    """Records of `count` questions: one abstention, one failed, one doubtful; `shift` moves citations."""
    special = {2: abstained, 3: failed, 4: doubtful}
    return [
        special[n](n)
        if n in special
        else answered(
            n, [cited(1, span((n + shift) % 60)), cited(2, span((n + 30) % 60))], [gold(span(n % 60))]
        )
        for n in range(count)
    ]


def view(
    name: str, records: Sequence[Record], verdicts: Mapping[tuple[str, int], Verdict] | None = None
) -> RunView:
    """A run as the report gets it."""
    judged = verdicts or {}
    places = [(record.key, record.repeat) for record in records]
    metrics = {
        place: question_metrics(record, judged.get(place))
        for place, record in zip(places, records, strict=True)
    }
    facts = (("Question set", "bridges.jsonl"), ("Model", name), ("Index", "notes, 1 source"))
    return RunView(name, facts, score_records(records, judged), records, metrics, judged)


def compared(a: RunView, b: RunView) -> Comparison:
    """Two runs compared."""
    return compare(_table(a), _table(b))


def _table(run: RunView) -> RunTable:
    rows = {}
    for record in run.records:
        status, text = (record.answer.status, record.answer.text) if record.answer else ("failed", "")
        values = run.metrics[record.key, record.repeat]
        rows[record.key] = QuestionFigures(record.question.text, cluster_of(record), values, status, text)
    return RunTable(run.name, rows)
