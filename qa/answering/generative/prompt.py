"""The prompt for an answer: passages within a token budget, a key before each sentence.

Nothing of a document can pass for ours: its text is sanitized, and the delimiters hold a random mark.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from index.errors import SettingsError
from index.types import Chunk, Passage, Span
from prompts import Prompt, fill, load
from prompts.delimiters import Draw, enclosed, random_mark, unused_mark
from prompts.sanitize import sanitize
from qa.answering.generative.reading.arrangement import Shelf
from qa.answering.generative.reading.selection import worth_reading
from qa.answering.retrieval import Retrieval
from qa.models.tokens import estimate_tokens

Count = Callable[[str], int]

PROMPT = "answer"
INSTRUCTIONS = "instructions"
_RULES = "# Rules\n"
_HEADING = re.compile(r"\A#+ +")  # the prompt's own parts begin with one
BUDGET = 14_000  # tokens: fits every current model, with room for the answer

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

    `passages` are those of which at least one sentence is shown, in the order in which they were given, which
    need not be that of the prompt; `left_out` is how many sentences of the others and of the last one the
    budget had no room for. `tokens` is the prompt's size as counted.
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
    before: Mapping[str, Chunk] | None = None,
    budget: int = BUDGET,
    count: Count | None = None,
    draw: Draw = random_mark,
    instructions: str = "",
) -> AnswerPrompt:
    """The prompt that asks `question` of `passages`, in at most `budget` tokens as `count` counts them.

    What does not fit is left out from the end: whole passages, and of the last one sentences. What is shown
    stands document by document, see `reading/arrangement.py`; `before` has by the id of a passage's chunk the
    one before it in its source. `draw` gives a new random mark each time it is called; one that occurs in no
    document is in the delimiters. `instructions` are a person's own, and stand before the rules. Raises
    SettingsError if not even one sentence fits.
    """
    count = count or estimate_tokens
    builder = _PromptBuilder(sanitize(question), Shelf(passages, before or {}), draw, instructions)
    available = builder.shelf.available

    def tokens_with(shown: int) -> int:
        return count(builder.prompt(shown, _COUNTED)[0])

    fitting, tokens = available, tokens_with(available)  # mostly, all fit
    if tokens > budget:
        fitting = bisect_right(range(1, available), budget, key=tokens_with)
        tokens = tokens_with(fitting)
    if available and not fitting:
        raise SettingsError(
            f"a prompt of {budget:,} tokens has no room for the question and one sentence of the documents",
            "use a model with a larger context window, or ask a shorter question",
        )
    text, sentences = builder.prompt(fitting)
    return AnswerPrompt(text, sentences, builder.shelf.passages(fitting), available - fitting, tokens)


def prompt_of(question: str, retrieval: Retrieval, budget: int, instructions: str = "") -> AnswerPrompt:
    """The prompt that asks `question` of what is worth reading of `retrieval`: see `answer_prompt`."""
    passages = worth_reading(question, retrieval)
    return answer_prompt(
        question, passages, before=retrieval.before, budget=budget, instructions=instructions
    )


def template(instructions: str = "") -> Prompt:
    """The prompt to be filled in; with `instructions`, that has a place for them, and a hash of its own."""
    plain = load(PROMPT)
    if not instructions:
        return plain
    own = load(INSTRUCTIONS)
    head, rules, rest = plain.text.partition(_RULES)
    assert rules, "the answer prompt has rules"
    digest = sha256(f"{plain.sha256} {own.sha256} {instructions}".encode()).hexdigest()
    return replace(plain, text=f"{head}{own.text.rstrip()}\n\n{rules}{rest}", sha256=digest)


class _PromptBuilder:
    """Everything a prompt may show, ready to be shown in part."""

    def __init__(self, question: str, shelf: Shelf, draw: Draw, instructions: str) -> None:
        self.shelf = shelf
        self._question = question
        wishes = "\n".join(_HEADING.sub("", sanitize(line)) for line in instructions.splitlines()).strip()
        self._template = template(instructions)
        self._wishes = {"instructions": wishes} if instructions else {}
        self._mark = unused_mark("\n".join((question, wishes, *shelf.texts())), draw)

    def prompt(self, shown: int, mark: str = "") -> tuple[str, tuple[NumberedSentence, ...]]:
        """The whole prompt with the first `shown` sentences, and these; `mark` stands in for its own."""
        mark = mark or self._mark
        parts: list[str] = []
        sentences: list[NumberedSentence] = []
        for stretch in self.shelf.stretches(shown):
            lines = [stretch.head]
            for placed in stretch.sentences:
                sentences.append(NumberedSentence(len(sentences) + 1, placed.passage, placed.span))
                lines += [*placed.above, f"[s{len(sentences)}] {placed.text}"]
            parts.append(enclosed("passage", mark, "\n".join(lines)))
        values = {"passages": "\n\n".join(parts), "question": self._question, **self._wishes}
        text = fill(self._template, mark=mark, **values)
        return text, tuple(sentences)
