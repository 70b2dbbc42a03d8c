"""The output of `/why` and `qa ask --explain`: where the passages of an answer come from.

With a model: which query found each passage, whether the model was shown it and whether it is cited. Without
one: the sentences that were considered, ranked anew from the same passages, which gives the same ranks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.output.places import passage_ref
from qa.output.text import paint, printable, shorten, table, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.types import Passage
    from qa.types import Answer

SHOWN = 10  # sentences


def explanation(answer: Answer, *, width: int, colour: bool) -> str:
    """What was searched for, the passages with their ranks, and without a model the likeliest sentences."""
    if not answer.passages:
        return "No passage was found: no document has a word of the question."
    lines = _searched(answer, width, colour=colour) if answer.queries else []
    lines += [paint("Passages", "bold", colour=colour), *_passages(answer, width)]
    if answer.mode == "llm":
        return "\n".join([*lines, "", *wrap(_amount_read(answer), width)])
    considered = _sentences(answer)
    if considered:
        rows = [("", "likelihood", "from", "sentence"), *considered]
        lines += ["", paint("Sentences considered (* cited)", "bold", colour=colour)]
        lines += table(rows, width=width, right={1}, loose={3})
    return "\n".join([*lines, "", f"evidence that these answer: {answer.evidence:.2f}"])


def _searched(answer: Answer, width: int, *, colour: bool) -> list[str]:
    """The question and the queries, under the numbers that the passages have them by."""
    lines = [paint("Searched for", "bold", colour=colour)]
    for number, query in enumerate((answer.question, *answer.queries)):
        head = f"{number}  "
        lines += [
            (head if first else "   ") + line
            for first, line in _with_first(wrap(printable(query), width - len(head)))
        ]
    return [*lines, ""]


def _with_first(lines: Sequence[str]) -> Iterator[tuple[bool, str]]:
    return ((at == 0, line) for at, line in enumerate(lines))


def _passages(answer: Answer, width: int) -> list[str]:
    """A row for each passage, its ranks in both searches being those of the first query that found it."""
    by_model, planned = answer.mode == "llm", bool(answer.queries)
    heads = ["rank", "score", "full text", "vectors"]
    heads += ["query: rank"] * planned + ["read", "cited"] * by_model
    rows = [[*heads, "passage"]]
    for passage in answer.passages:
        row = [
            str(passage.rank),
            f"{passage.score:.3f}",
            str(passage.lexical_rank or "-"),
            str(passage.dense_rank or "-"),
        ]
        if planned:
            row.append(", ".join(f"{hit.query}: {hit.rank}" for hit in passage.hits) or "-")
        if by_model:
            row += ["yes" if passage.rank in answer.read else "no", _cited(answer, passage)]
        rows.append([*row, passage_ref(passage)])
    return table(rows, width=width, right={0, 1, 2, 3}, loose={len(rows[0]) - 1})


def _cited(answer: Answer, passage: Passage) -> str:
    """The citations that lie in a passage."""
    cited = [
        f"[{citation.number}]"
        for citation in answer.citations
        if citation.source == passage.source.name and passage.chunk.span.overlaps(citation.span)
    ]
    return "".join(cited) or "-"


def _amount_read(answer: Answer) -> str:
    """How many of the passages that were found the model was shown, and how much of all there is."""
    found = f"{len(answer.read)} of the {len(answer.passages)} passages that were found were read"
    if (coverage := answer.coverage) is None:
        return found
    return (
        f"{found}: {coverage.passages:,} of {coverage.of_passages:,} passages"
        f" in {coverage.sources:,} of {coverage.of_sources:,} sources"
    )


def _sentences(answer: Answer) -> list[tuple[str, str, str, str]]:
    """The likeliest sentences, and all that are cited: mark, likelihood, the rank of the passage, text."""
    from qa.answering.extractive.extract import rank
    from qa.answering.extractive.question import parse_question
    from qa.answering.extractive.sentence_features import score_sentences

    field = score_sentences(parse_question(answer.question), answer.passages)
    if not field.candidates:
        return []
    cited = [(citation.source, citation.span) for citation in answer.citations]
    rows = []
    for at, (candidate, likelihood) in enumerate(rank(field)):
        passage, span = candidate.passage, candidate.span
        chosen = any(name == passage.source.name and whole.contains(span) for name, whole in cited)
        if at >= SHOWN and not chosen:
            continue
        start = passage.chunk.span.start
        text = printable(passage.chunk.text[span.start - start : span.end - start])
        rows.append(("*" if chosen else " ", f"{likelihood:.2f}", f"#{passage.rank}", shorten(text, 400)))
    return rows
