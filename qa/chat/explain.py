"""The output of `/why`: the passages of an answer with their ranks, and their likeliest sentences.

The sentences are ranked anew from the same passages, which gives the same ranks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.output.answer_text import passage_ref
from qa.output.text import paint, printable, shorten, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.types import Passage
    from qa.types import Answer

SHOWN = 10  # sentences


def explanation(answer: Answer, *, width: int, colour: bool) -> str:
    """Passages with rank, score and both of their ranks; then the likeliest sentences, those cited marked."""
    if not answer.passages:
        return "No passage was found: no document has a word of the question."
    lines = [paint("Passages", "bold", colour=colour), *_passages(answer.passages, width)]
    considered = _sentences(answer)
    if considered:
        rows = [("", "likelihood", "from", "sentence"), *considered]
        lines += ["", paint("Sentences considered (* cited)", "bold", colour=colour)]
        lines += table(rows, width=width, right={1}, loose={3})
    return "\n".join([*lines, "", f"evidence that these answer: {answer.evidence:.2f}"])


def _passages(passages: Sequence[Passage], width: int) -> list[str]:
    rows = [("rank", "score", "full text", "vectors", "passage")]
    rows += [
        (
            str(passage.rank),
            f"{passage.score:.3f}",
            str(passage.lexical_rank or "-"),
            str(passage.dense_rank or "-"),
            passage_ref(passage),
        )
        for passage in passages
    ]
    return table(rows, width=width, right={0, 1, 2, 3})


def _sentences(answer: Answer) -> list[tuple[str, str, str, str]]:
    """The likeliest sentences of the passages: mark, likelihood, passage's rank, text."""
    from qa.answering.extractive.extract import rank
    from qa.answering.extractive.question import parse_question
    from qa.answering.extractive.sentence_features import score_sentences

    field = score_sentences(parse_question(answer.question), answer.passages)
    if not field.candidates:
        return []
    cited = [(citation.source, citation.span) for citation in answer.citations]
    rows = []
    for candidate, likelihood in rank(field)[:SHOWN]:
        passage, span = candidate.passage, candidate.span
        chosen = any(name == passage.source.name and whole.contains(span) for name, whole in cited)
        start = passage.chunk.span.start
        text = printable(passage.chunk.text[span.start - start : span.end - start])
        rows.append(("*" if chosen else " ", f"{likelihood:.2f}", f"#{passage.rank}", shorten(text, 400)))
    return rows
