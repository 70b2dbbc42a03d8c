"""The prompt for an answer: passages within a token budget, a key before each sentence.

Nothing of a document can pass for ours: its text is sanitized, and the delimiters hold a random mark.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from index.errors import SettingsError
from index.text.rows import names_line
from index.types import Passage, Source, Span
from prompts import fill, load
from prompts.delimiters import Draw, enclosed, random_mark, unused_mark
from prompts.sanitize import sanitize
from qa.answering.citations import sentence_of
from qa.models.tokens import estimate_tokens

Count = Callable[[str], int]

PROMPT = "answer"
BUDGET = 12_000  # tokens: fits every current model, with room for the answer

# The mark that prompts are counted with: letters and digits of a mark weigh differently, and what fits must
# not depend on chance. No mark of as many hexadecimal digits weighs more.
_COUNTED = "00000000"


@dataclass(frozen=True, slots=True)
class NumberedSentence:
    """A sentence that the prompt shows: its key's number, its passage, its span in the passage's source."""

    number: int
    passage: Passage
    span: Span


@dataclass(frozen=True, slots=True)
class AnswerPrompt:
    """A prompt, and what is in it. The sentence with key `sN` is `sentences[N - 1]`.

    `passages` are those of which at least one sentence is shown, in order; `left_out` is how many sentences
    of the others and of the last one the budget had no room for. `tokens` is the prompt's size as counted.
    """

    text: str
    sentences: tuple[NumberedSentence, ...]
    passages: tuple[Passage, ...]
    left_out: int
    tokens: int


def answer_prompt(
    question: str,
    passages: Sequence[Passage],
    *,
    budget: int = BUDGET,
    count: Count | None = None,
    draw: Draw = random_mark,
) -> AnswerPrompt:
    """The prompt that asks `question` of `passages`, in at most `budget` tokens as `count` counts them.

    What does not fit is left out from the end: whole passages, and of the last one sentences. `draw` gives a
    new random mark each time it is called; one that occurs in no document is in the delimiters. Raises
    SettingsError if not even one sentence fits.
    """
    count = count or estimate_tokens
    builder = _PromptBuilder(sanitize(question), tuple(_numbered(passages)), draw)
    fitting = bisect_right(
        range(1, len(builder.sentences) + 1), budget, key=lambda shown: count(builder.prompt(shown, _COUNTED))
    )
    if passages and not fitting:
        raise SettingsError(
            f"a prompt of {budget:,} tokens has no room for the question and one sentence of the documents",
            "use a model with a larger context window, or ask a shorter question",
        )
    text = builder.prompt(fitting)
    shown = builder.sentences[:fitting]
    tokens = count(builder.prompt(fitting, _COUNTED))
    return AnswerPrompt(text, shown, tuple(_passages(shown)), len(builder.sentences) - fitting, tokens)


class _PromptBuilder:
    """Everything a prompt may show, ready to be shown in part."""

    def __init__(self, question: str, sentences: tuple[NumberedSentence, ...], draw: Draw) -> None:
        self.sentences = sentences
        self._question = question
        self._lines = [f"[s{shown.number}] {sanitize(sentence_of(shown))}" for shown in sentences]
        self._heads = {id(passage): _head(passage) for passage in _passages(sentences)}
        content = "\n".join((question, *self._lines, *self._heads.values()))
        self._mark = unused_mark(content, draw)

    def prompt(self, shown: int, mark: str = "") -> str:
        """The whole prompt with the first `shown` sentences; `mark` stands in for its own."""
        mark = mark or self._mark
        parts: list[str] = []
        for passage, group in groupby(range(shown), lambda at: id(self.sentences[at].passage)):
            lines = (self._heads[passage], *(self._lines[at] for at in group))
            parts.append(enclosed("passage", mark, "\n".join(lines)))
        return fill(load(PROMPT), mark=mark, passages="\n\n".join(parts), question=self._question)


def _numbered(passages: Iterable[Passage]) -> Iterator[NumberedSentence]:
    spans = ((passage, span) for passage in passages for span in passage.chunk.sentences)
    for number, (passage, span) in enumerate(spans, 1):
        yield NumberedSentence(number, passage, span)


def _passages(sentences: Iterable[NumberedSentence]) -> Iterator[Passage]:
    for _, group in groupby(sentences, lambda sentence: id(sentence.passage)):
        yield next(group).passage


def _head(passage: Passage) -> str:
    """What stands above the sentences of a passage: a line for each thing that is known of it."""
    source = passage.source
    lines = [f"source: {sanitize(source.name)}"]
    if source.title:
        lines.append(f"title: {sanitize(source.title)}")
    if date := _date(source):
        created = source.date is not None and source.date.origin == "created"
        lines.append(f"{'created' if created else 'date'}: {date}")
    if passage.chunk.headings:
        lines.append(f"section: {' > '.join(map(sanitize, passage.chunk.headings))}")
    names = (names_line(table, passage.chunk) for table in passage.chunk.tables)
    lines += [f"table: {sanitize(line)}" for line in names if line]
    copies = {copy.source.name: copy.source for copy in passage.copies if copy.source.name != source.name}
    if copies:
        lines.append(f"also in: {'; '.join(map(_copy, copies.values()))}")
    return "\n".join(lines)


def _date(source: Source) -> str:
    """The day a source says it is of; when a file was last changed would pass for that, and is kept back."""
    return sanitize(source.date.value) if source.date and source.date.of_document else ""


def _copy(source: Source) -> str:
    return ", ".join(filter(None, (sanitize(source.name), _date(source))))
