"""Sets in the form of SQuAD, 1.1 and 2.0: articles of paragraphs, each with questions about it.

The gold of an answer is the sentence of its paragraph that holds it, as a quotation: wherever the paragraph
stands in the index. Questions about one article are a group. Rows that Hugging Face made of them, with
`context` and `answers: {text, answer_start}`, are read too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from index.text.sentences import split_sentences
from index.types import Block, Span
from qa.evaluation.sets.files.rows import SetRow, SetRows
from qa.evaluation.sets.imports.imported import Imported
from qa.evaluation.sets.rows import RowError, described


def is_squad(file: SetRows) -> bool:
    """Whether the rows are articles of SQuAD, or its questions one by one."""
    first = next((row.values for row in file.rows if isinstance(row.values, Mapping)), {})
    answers = first.get("answers")
    flat = isinstance(answers, Mapping) and "answer_start" in answers and "context" in first
    return isinstance(first.get("paragraphs"), list) or flat


def import_squad(file: SetRows) -> Imported:
    """The questions of a set, at the lines of their articles."""
    lost: Counter[str] = Counter()
    rows = tuple(made for row in file.rows for made in _questions(row, lost))
    return Imported(replace(file, rows=rows, texts=False, columns=()), lost)


def _questions(row: SetRow, lost: Counter[str]) -> Iterator[SetRow]:
    article = row.values
    if isinstance(article, RowError):
        yield row
        return
    paragraphs = article.get("paragraphs")
    if not isinstance(paragraphs, list):
        yield SetRow(row.place, _question(article, article.get("context"), article.get("title"), lost))
        return
    for number, paragraph in enumerate(paragraphs, 1):
        asked = paragraph.get("qas") if isinstance(paragraph, Mapping) else None
        place = f"{row.place}, paragraph {number}"
        if not isinstance(asked, list):
            yield SetRow(place, RowError(f"a paragraph with qas was expected, not {described(paragraph)}"))
            continue
        for at, each in enumerate(asked, 1):
            yield SetRow(
                f"{place}, question {at}",
                _question(each, paragraph.get("context"), article.get("title"), lost),
            )


def _question(
    asked: object, context: object, title: object, lost: Counter[str]
) -> Mapping[str, object] | RowError:
    if not isinstance(asked, Mapping):
        return RowError(f"an object with question and answers was expected, not {described(asked)}")
    try:
        answers = list(_answers(asked.get("answers")))
    except RowError as exc:
        return exc
    impossible = asked.get("is_impossible", not answers and "answers" in asked)
    lost["plausible answers to questions without one"] += len(_listed(asked.get("plausible_answers")))
    row: dict[str, object] = {"id": asked.get("id"), "question": asked.get("question")}
    if isinstance(title, str):
        row["group"] = title
    if impossible:
        if answers:
            return RowError("is_impossible is true, and yet the question has answers")
        return {**row, "answerable": False}
    row["answers"] = list(dict.fromkeys(text for text, _ in answers))
    if isinstance(context, str):
        quoted = dict.fromkeys(
            quotation for text, start in answers if (quotation := _sentence(context, text, start))
        )
        lost["answers that do not stand where the set says"] += sum(
            not _sentence(context, text, start) for text, start in answers
        )
        row["evidence"] = [{"text": quotation} for quotation in quoted]
    return row


def _answers(value: object) -> Iterator[tuple[str, int]]:
    """Text and start of each answer. Raises RowError."""
    if isinstance(value, Mapping):  # lists side by side
        texts, starts = _listed(value.get("text")), _listed(value.get("answer_start"))
        value = [{"text": text, "answer_start": start} for text, start in zip(texts, starts, strict=False)]
    for answer in _listed(value):
        text = answer.get("text") if isinstance(answer, Mapping) else None
        start = answer.get("answer_start", -1) if isinstance(answer, Mapping) else -1
        if not isinstance(text, str) or not isinstance(start, int):
            raise RowError(f"an answer with text and answer_start was expected, not {described(answer)}")
        yield text, start


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _sentence(context: str, text: str, start: int) -> str:
    """The sentences of `context` that the answer at `start` stands in; empty if it does not stand there."""
    if not text or start < 0 or context[start : start + len(text)] != text:
        if not text or context.count(text) != 1:
            return ""
        start = context.index(text)
    end = start + len(text)
    spans = [
        sentence.span for sentence in split_sentences(context, (Block("paragraph", Span(0, len(context))),))
    ]
    touched = [span for span in spans if span.start < end and start < span.end]
    if not touched:
        return text
    return context[min(touched[0].start, start) : max(touched[-1].end, end)]
