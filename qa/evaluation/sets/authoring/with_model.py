"""Drafts with a model: it asks about a few sentences, and answers from them alone, which has to agree.

Nothing that a model says of its own question counts. Its wording is checked by rules; the question is asked
again as `qa ask` asks it, with those sentences as all there is; and the answer has to be borne out by what it
cites there, and to be the answer that the question was written for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from prompts import fill, load
from prompts.delimiters import Draw, enclosed, random_mark, unused_mark
from prompts.sanitize import sanitize
from qa.answering.generative.generate import generate
from qa.checking.rules import doubts
from qa.checking.words.floor import content
from qa.evaluation.sets.authoring.pieces import SourcePiece
from qa.evaluation.sets.authoring.wording import gives_away, unclear
from qa.evaluation.types import Gold, Question
from qa.models.base import LLM, Message
from qa.models.metering import together
from qa.types import Answer, Usage

if TYPE_CHECKING:
    from index.search.filters import Filters
    from qa.answering.ask import Finder
    from qa.answering.generative.generate import AnswerModel

PROMPT, NEAR_PROMPT = "draft_question", "draft_near_miss"
_MOST_TOKENS = 300  # of a question and its answer, with room for a model that thinks aloud
_SAME = 0.5  # of the words of the intended answer, that the answer from the sentences has at least
_LINE = re.compile(r"^[\s*>`#-]*(question|answer)[\s*`]*:[\s*`]*(.+?)[\s*`]*$", re.IGNORECASE | re.MULTILINE)
_SKIP = re.compile(r"\A\W*SKIP\b", re.IGNORECASE)
_QUOTES = "\"“”„«»'"

NOT_READ = "the model did not keep to the form"


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one try: a question that passed every check, or the reason why there is none.

    `usage` is what it took; `piece` is what was asked about.
    """

    piece: SourcePiece
    question: Question | None
    reason: str = ""
    usage: Usage = field(default_factory=Usage)


def draft_about(piece: SourcePiece, model: AnswerModel, *, draw: Draw = random_mark) -> Tried:
    """A question about a piece, checked by an answer from that piece alone.

    Raises `ModelError` if the model cannot be asked, CostLimit and SettingsError as its budget does.
    """
    llm = model.meter()
    written = _written(llm, question_prompt(piece, draw=draw))
    text, intended = written.get("question", ""), written.get("answer", "")
    reason = written.get("reason", "") or _fault(text, intended, piece)
    if reason:
        return Tried(piece, None, reason, llm.usage)
    given = generate(text, piece.retrieval(), _plainly(model))
    usage = together(llm.usage, given.usage)
    reason = disagreement(intended, given)
    if reason:
        return Tried(piece, None, reason, usage)
    evidence = tuple(Gold(cited.source, cited.span, text=cited.text) for cited in given.citations)
    asks = text.split()[0].casefold()
    tags = (asks,) if asks.isalpha() and len(asks) <= 5 else ()
    return Tried(piece, Question("", text, (intended,), True, evidence, tags), usage=usage)


def near_miss_of(
    question: Question,
    piece: SourcePiece,
    model: AnswerModel,
    finder: Finder,
    *,
    k: int | None,
    filters: Filters,
    draw: Draw = random_mark,
) -> Tried:
    """A question like `question` that the best passages of a search for it do not answer, by the model.

    Raises what `draft_about` does, and what `find` raises.
    """
    llm = model.meter()
    written = _written(llm, near_prompt(question, piece, draw=draw))
    text = written.get("question", "")
    reason = written.get("reason", "") or unclear(text)
    if reason:
        return Tried(piece, None, reason, llm.usage)
    retrieval = finder.find(text, k=k, filters=filters, budget=model.prompt_tokens)
    usage = llm.usage
    if retrieval.passages:
        given = generate(text, retrieval, _plainly(model))
        usage = together(usage, given.usage)
        if given.status != "abstained":
            return Tried(piece, None, "a near miss: the documents answer it", usage)
    missing = Question(
        "", text, answerable=False, tags=("near", *question.tags), group=piece.passage.source.name
    )
    return Tried(piece, missing, usage=usage)


def question_prompt(piece: SourcePiece, *, draw: Draw) -> str:
    """The prompt that asks for a question about a piece. No text in it can pass for one of our delimiters."""
    lines = [f"document: {sanitize(piece.origin)}"]
    lines += [f"[{number}] {sanitize(text)}" for number, text in enumerate(piece.sentences, 1)]
    shown = "\n".join(lines)
    mark = unused_mark(shown, draw)
    return fill(load(PROMPT), mark=mark, lines=enclosed("lines", mark, shown))


def near_prompt(question: Question, piece: SourcePiece, *, draw: Draw) -> str:
    """The prompt that asks for a near miss of a question about a piece."""
    lines = [f"question: {sanitize(question.text)}", *map(sanitize, piece.sentences)]
    shown = "\n".join(lines)
    mark = unused_mark(shown, draw)
    return fill(load(NEAR_PROMPT), mark=mark, case=enclosed("question", mark, shown))


def _written(llm: LLM, prompt: str) -> dict[str, str]:
    """What a model wrote by label, or the `reason` why it is of no use."""
    completion = llm.complete((Message("user", prompt),), max_tokens=_MOST_TOKENS)
    if _SKIP.match(completion.text):
        return {"reason": "the model found nothing to ask"}
    found = {
        match[1].casefold(): match[2].strip().strip(_QUOTES).strip()
        for match in _LINE.finditer(completion.text)
    }
    if not completion.whole or not found.get("question"):
        return {"reason": NOT_READ}
    return found


def _fault(text: str, intended: str, piece: SourcePiece) -> str:
    """What is wrong with a question and its answer before anybody is asked it; "" if nothing is."""
    if not intended:
        return NOT_READ
    if reason := unclear(text):
        return reason
    if gives_away(text, intended):
        return "it gives its answer away"
    said = piece.sentences
    words = content(intended) - content(text)
    if words and not words & content(" ".join((*said, piece.origin))):
        return "its answer does not stand in its span"
    if doubts(intended, said, question=text, known=piece.origin):
        return "its answer does not stand in its span"
    return ""


def disagreement(intended: str, given: Answer) -> str:
    """Why the answer from the span alone does not bear out the one that was intended; "" if it does.

    It has to be whole, to cite, to be borne out by what it cites, and to say what was intended.
    """
    if given.status == "abstained":
        return "its span alone does not answer it"
    if given.status != "answered" or not given.citations:
        return "its span alone gave no whole answer"
    if any(claim.support != "supported" for claim in given.claims):
        return "the answer from its span alone is not borne out"
    wanted, said = content(intended), content(given.text)
    shared = sum(1 for word in wanted if word in said)
    if doubts(intended, (given.text,), question=given.question) or shared < _SAME * len(wanted):
        return "the answer from its span alone is another one"
    return ""


def _plainly(model: AnswerModel) -> AnswerModel:
    """The model, with its claims checked by rules and no search planned."""
    return replace(model, check="rules", plan=False)
