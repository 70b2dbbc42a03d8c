"""Citations cut from their sources' texts and compared with the index, with the state of their files.

This is the only way to a `Citation`, with a model or without one. `texts` are the texts of sources by id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from index.errors import IndexDamaged
from index.storage.content.texts import line_in
from index.sync.files import file_state
from index.text.lines import collapse, is_blank
from index.text.rows import labelled
from index.types import Passage, Sliceable, Span
from qa.types import Answer, Citation

if TYPE_CHECKING:
    from index.storage.records import FileRow
    from index.types import FileState

C = TypeVar("C", bound="SentenceSpan")
MOST_NAMED = 3  # files that a note names
_SAID: Mapping[FileState, tuple[str, str]] = {  # of one file, of several
    "changed": (
        "changed since it was indexed: the older text is quoted; to read it again: qa index",
        "changed since they were indexed: the older texts are quoted; to read them again: qa index",
    ),
    "gone": ("is gone since it was indexed", "are gone since they were indexed"),
    "unreadable": (
        "cannot be read any more: whether it changed is not known",
        "cannot be read any more: whether they changed is not known",
    ),
}


class SentenceSpan(Protocol):
    """A sentence that was chosen: a passage, and the span of one of its sentences in the source."""

    @property
    def passage(self) -> Passage:
        """The passage that has it."""

    @property
    def span(self) -> Span:
        """Where it stands in the source's text."""


def sentence_of(chosen: SentenceSpan) -> str:
    """The sentence as its passage has it."""
    chunk = chosen.passage.chunk
    return chunk.text[chosen.span.start - chunk.span.start : chosen.span.end - chunk.span.start]


def runs(chosen: Iterable[C], texts: Mapping[str, Sliceable]) -> list[list[C]]:
    """`chosen` in their order, each with those before it that it follows without a sentence in between."""
    result: list[list[C]] = []
    for sentence in chosen:
        if result and _follows(result[-1][-1], sentence, texts):
            result[-1].append(sentence)
        else:
            result.append([sentence])
    return result


def _follows(left: SentenceSpan, right: SentenceSpan, texts: Mapping[str, Sliceable]) -> bool:
    if left.passage.source.id != right.passage.source.id or right.span.start < left.span.end:
        return False
    sentences = left.passage.chunk.sentences
    if left.span in sentences and right.span in sentences:
        return sentences.index(right.span) == sentences.index(left.span) + 1
    return is_blank(texts[left.passage.source.id], Span(left.span.end, right.span.start))


def quotation(number: int, run: Sequence[SentenceSpan], texts: Mapping[str, Sliceable]) -> Citation:
    """The citation of sentences of one source that follow each other, cut from the source's own text.

    Raises IndexDamaged if a sentence is not what the source says at its place: then the index does not fit
    its texts, and nothing can be quoted.
    """
    source = run[0].passage.source
    text = texts[source.id]
    for sentence in run:
        if sentence.span.of(text) != sentence_of(sentence):
            raise IndexDamaged(
                f"the sentence indexed as {source.name}:{sentence.span.start}-{sentence.span.end} "
                "is not what its source says there",
                "mend the index with `qa doctor`",
                option="repair",
            )
    span = Span(run[0].span.start, run[-1].span.end)
    return Citation(
        number,
        source.name,
        source.sha256,
        span,
        span.of(text),
        line_in(text, span.start),
        source.page_at(span.start),
        source.title,
        source.date.value if source.date else None,
        source.location,
        _also(run),
        source.date.origin if source.date else None,
        _labelled(run, text),
        hidden=source.hides(span),
    )


def wording(chosen: SentenceSpan, text: Sliceable) -> str:
    """The sentence as an answer gives it: a row of a table with the names of its columns, others as they are.

    `text` is that of its source.
    """
    return labelled(text, chosen.span, chosen.passage.chunk.tables) or sentence_of(chosen)


def _labelled(run: Sequence[SentenceSpan], text: Sliceable) -> str | None:
    """The wording of all sentences, a line for each; None if it is that of the source."""
    worded = [wording(sentence, text) for sentence in run]
    return "\n".join(worded) if worded != [sentence_of(sentence) for sentence in run] else None


def _also(run: Sequence[SentenceSpan]) -> tuple[str, ...]:
    """The sources of near-identical passages that have one of the sentences word for word."""
    names = dict.fromkeys(
        copy.source.name
        for sentence in run
        for copy in sentence.passage.copies
        if collapse(sentence_of(sentence)) in collapse(copy.chunk.text)
    )
    names.pop(run[0].passage.source.name, None)
    return tuple(names)


def with_file_states(answer: Answer, files: Iterable[FileRow]) -> Answer:
    """`answer` with the state of the file in every citation, and a note for those that are not current.

    `files` are the catalog's rows of the sources that it may cite.
    """
    nearest = answer.nearest
    sides = [side for found in answer.disagreements for side in found.sides]
    groups = [
        answer.citations,
        *(side.citations for side in sides),
        *((nearest.citations,) if nearest else ()),
    ]
    cited = {citation.source for group in groups for citation in group}
    states = {row.name: file_state(row) for row in files if row.name in cited}

    def stated(citations: Sequence[Citation]) -> tuple[Citation, ...]:
        return tuple(replace(each, file=states.get(each.source)) for each in citations)

    disagreements = tuple(
        replace(found, sides=tuple(replace(side, citations=stated(side.citations)) for side in found.sides))
        for found in answer.disagreements
    )
    return replace(
        answer,
        citations=stated(answer.citations),
        nearest=nearest and replace(nearest, citations=stated(nearest.citations)),
        disagreements=disagreements,
        notes=(*answer.notes, *_notes(states)),
    )


def _notes(states: Mapping[str, FileState]) -> list[str]:
    """A note for each state that a reader has to know of, with the names of the files.

    >>> _notes({"a.txt": "changed", "b.txt": "current", "c.txt": "gone", "d.txt": "gone"})
    ['a.txt changed since it was indexed: the older text is quoted; to read it again: qa index', \
'c.txt and d.txt are gone since they were indexed']
    """
    notes = []
    for state, said in _SAID.items():
        names = [name for name, found in states.items() if found == state]
        if names:
            notes.append(f"{_listed(names)} {said[len(names) > 1]}")
    return notes


def _listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b, c and 4 more`."""
    more = len(names) - MOST_NAMED
    parts = [*names[:MOST_NAMED], *([f"{more:,} more"] if more > 0 else [])]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
