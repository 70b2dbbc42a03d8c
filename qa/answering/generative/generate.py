"""Generates an answer from passages: prompt, completion, citations, checked claims.

The model only points at sentences; the citations are cut from the sources. Every way in which an answer is
less than whole is said in its `notes`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import count

from index.errors import ContextTooLong, ModelDeclined, SettingsError
from index.types import Sliceable
from qa.answering.generative.prompt import BUDGET, AnswerPrompt, answer_prompt, prompt_of, template
from qa.answering.generative.reading.fitting import MOST_REQUESTS, Fit, cut_note, refit
from qa.answering.generative.reading.selection import coverage_of, partly_read_note, worth_reading
from qa.answering.generative.resolve import ResolvedText, StreamResolver, resolve
from qa.answering.generative.truncation import whole_part
from qa.answering.retrieval import PASSAGES, Retrieval
from qa.checking.verify import Check, verify_claims
from qa.checking.words.floor import Similarity
from qa.models.base import LLM, Completion, Message
from qa.models.metering import MeteredLLM, SpendingLimit
from qa.types import ABSTENTION, Answer, Coverage, Retract, StreamEvent, TextDelta, TextEnd

Show = Callable[[StreamEvent], None]

ANSWER_TOKENS = 2_000  # of an answer, at most: several times what the prompt asks for
SMALL_WINDOW = 4_096  # tokens: what a model is taken to read that refuses a prompt and does not say why
_CUT_OFF = "the answer was cut off here"


def answer_room(context_window: int) -> int:
    """The tokens that an answer may have: a quarter of the window, that a small one has room for passages."""
    return min(ANSWER_TOKENS, context_window // 4)


def prompt_budget(context_window: int) -> int:
    """The most tokens of a prompt that leaves a model with such a context window room for its answer.

    >>> prompt_budget(4_096), prompt_budget(128_000)
    (3072, 14000)
    """
    return min(BUDGET, context_window - answer_room(context_window))


@dataclass(frozen=True, slots=True)
class AnswerModel:
    """A model that answers, and how it is asked.

    `prompt_tokens` is the most that a prompt may have, `answer_tokens` an answer, `budget` what may be spent
    in all. `check` is how claims are checked: see `qa.checking.verify`. With `plan` it is asked for search
    queries before. `instructions` are the person's own, `extra_sha256` is the hash of the fields that the
    settings add to requests.
    """

    llm: LLM
    prompt_tokens: int = BUDGET
    check: Check = "rules"
    budget: SpendingLimit | None = None
    plan: bool = True
    answer_tokens: int = ANSWER_TOKENS
    instructions: str = ""
    extra_sha256: str | None = None

    def meter(self) -> MeteredLLM:
        """The model, with its calls counted for one answer."""
        return MeteredLLM(self.llm, budget=self.budget)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A prompt, what a model wrote, notes on either, and how much the prompt has of what is indexed."""

    prompt: AnswerPrompt
    completion: Completion
    notes: tuple[str, ...]
    coverage: Coverage | None


class _Screen:
    """Passes events on to `show`, and knows whether any words stand there."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self.filled = False

    def __call__(self, event: StreamEvent) -> None:
        self.filled = isinstance(event, TextDelta) and (self.filled or bool(event.text.strip()))
        self._show(event)


def generate(
    question: str,
    retrieval: Retrieval,
    model: AnswerModel,
    *,
    show: Show | None = None,
    similarity: Similarity | None = None,
) -> Answer:
    """The model's answer to `question` from the passages of `retrieval`, of which there is at least one.

    With `show`, the answer is streamed: `show` is given its text as it comes, with `[1]` for keys, and ^C
    ends it, which keeps what has come; a refusal that was shown is taken back. Without, it comes whole. An
    abstention has status "abstained" and no citations; an answer that is less than whole has status
    "partial", and `notes` that say why. `similarity` helps to check its claims.
    Raises `ModelError` if there is no answer, IndexDamaged if a sentence is not where the index says it is.
    """
    llm = model.meter()
    screen = _Screen(show) if show is not None else None
    draft = _draft(question, retrieval, llm, model, screen)
    cited = _resolved(draft, retrieval.texts)
    passages = retrieval.passages[: max(PASSAGES, *(passage.rank for passage in draft.prompt.passages))]
    answered = cited.status != "abstained"
    if screen is not None and screen.filled:  # what was not known for a refusal while it came is taken back
        screen(TextEnd() if answered else Retract())
    check = "rules" if model.check == "llm" and draft.completion.stopped else model.check
    claims, remarks = verify_claims(
        cited.claims,
        cited.citations,
        passages=passages,
        question=question,
        how=check,
        llm=llm,
        similarity=similarity,
    )
    return Answer(
        question,
        cited.status,
        "llm",
        draft.completion.model,
        cited.text if answered else ABSTENTION,
        claims,
        cited.citations,
        passages,
        missing=cited.missing,
        usage=llm.usage,
        prompt_sha256=template(model.instructions).sha256,
        notes=(*draft.notes, *remarks),
        stopped=draft.completion.stopped,
        nearest=cited.nearest,
        queries=retrieval.queries,
        read=tuple(passage.rank for passage in draft.prompt.passages),
        coverage=draft.coverage,
    )


def _draft(
    question: str, retrieval: Retrieval, llm: MeteredLLM, model: AnswerModel, show: Show | None
) -> _Draft:
    """What the model writes, asked through `llm`; again with fewer passages if it cannot read as many."""
    fit = Fit(model.prompt_tokens, model.answer_tokens)
    prompt = prompt_of(question, retrieval, fit.prompt, model.instructions)
    why = "" if retrieval.of_passages else "the prompt has no room for"
    for tries in count(1):
        try:
            completion = _ask(llm, prompt, retrieval.texts, show, fit.answer)
            break
        except ContextTooLong as error:
            if tries == MOST_REQUESTS:
                raise error.after(tries) from None
            bare = answer_prompt(question, (), budget=prompt.tokens, instructions=model.instructions).tokens
            fit = _smaller(prompt.tokens, bare, fit.answer, error, tries)
            try:
                prompt = prompt_of(question, retrieval, fit.prompt, model.instructions)
            except SettingsError:  # it has no room for one sentence
                raise error.after(tries) from None
            why = "the model had no room for"
    room = fit.answer
    notes = () if completion.whole or completion.stopped else (_reason(completion, room),)
    if prompt.left_out and why:
        found = len(worth_reading(question, retrieval))
        left = found - len(prompt.passages)
        what = f"{left} of {found} passages" if left else f"the last {prompt.left_out} sentences"
        notes = (*notes, f"{why} {what} that were found")
    if cut := cut_note(prompt.text, completion):
        notes = (*notes, cut)
    coverage = coverage_of(prompt.passages, retrieval, cut=prompt.left_out > 0)
    if note := partly_read_note(question, coverage):
        notes = (*notes, note)
    return _Draft(prompt, completion, notes, coverage)


def _smaller(sent: int, bare: int, room: int, error: ContextTooLong, tries: int) -> Fit:
    """The sizes of prompt and answer for the next try; see `refit`."""
    return refit(sent, bare, Fit(answer_room(error.limit or SMALL_WINDOW), room), error, tries)


def _ask(
    llm: MeteredLLM, prompt: AnswerPrompt, texts: Mapping[str, Sliceable], show: Show | None, room: int
) -> Completion:
    """What the model writes in at most `room` tokens, shown as it comes if `show` is given."""
    if show is None:
        return llm.complete((Message("user", prompt.text),), max_tokens=room)
    return _streamed(llm, prompt, texts, show, room)


def _streamed(
    llm: MeteredLLM, prompt: AnswerPrompt, texts: Mapping[str, Sliceable], show: Show, room: int
) -> Completion:
    """The answer, shown as it comes; what has come by then if the person stops it."""
    live = StreamResolver(prompt.sentences, texts)
    with llm.stream((Message("user", prompt.text),), max_tokens=room) as stream:
        try:
            for event in stream:
                if isinstance(event, TextDelta):
                    _show_text(show, live.feed(event.text))
                else:  # the numbers in what was shown are of no answer
                    _show_text(show, live.close())
                    show(event)
                    live = StreamResolver(prompt.sentences, texts)
        except KeyboardInterrupt:
            if not stream.completion.text.strip():
                raise
    completion = stream.completion
    if completion.whole or whole_part(completion.text).text == completion.text:
        _show_text(show, live.close())
    return completion


def _show_text(show: Show, text: str) -> None:
    if text:
        show(TextDelta(text))


def _reason(completion: Completion, room: int = ANSWER_TOKENS) -> str:
    """Why an answer that nobody stopped is not whole."""
    if completion.finish == "length":
        return f"cut off: longer than the {room:,} tokens it was given"
    if completion.finish == "filtered":
        return "cut off by the provider's filter"
    assert completion.failure is not None
    return f"cut off: {completion.failure.cause}"


def _resolved(draft: _Draft, texts: Mapping[str, Sliceable]) -> ResolvedText:
    """The claims and citations. Of a text that was cut off, only what was finished is cited."""
    completion, sentences = draft.completion, draft.prompt.sentences
    if completion.whole:
        return resolve(completion.text, sentences, texts)
    part = whole_part(completion.text)
    if not part.text.strip():
        if completion.stopped:
            raise KeyboardInterrupt
        raise completion.failure or ModelDeclined(
            f"{completion.model} gave no answer: {_reason(completion)}",
            "ask again, or choose another model",
            option="model",
        )
    cited = replace(resolve(part.text, sentences, texts), nearest=None)
    claims = cited.claims
    if part.unfinished and claims:
        claims = (*claims[:-1], replace(claims[-1], support="uncited", reasons=(_CUT_OFF,)))
    return replace(cited, claims=claims, status="partial" if cited.status == "answered" else cited.status)
