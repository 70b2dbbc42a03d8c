"""Answers what is asked about the conversation itself: what was asked first, a summary, a translation.

Nothing is searched for. What was asked is told without a model; the rest is written by one from the answers
that were given, and keeps their citations.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.errors import UsageError
from index.types import Span
from prompts import fill, load
from prompts.delimiters import Draw, random_mark, unused_mark
from prompts.sanitize import sanitize
from qa.answering.generative.claims import assertions, owners
from qa.answering.generative.key_forms import apart
from qa.answering.generative.markers import Lookalike, Marker, Segment, parse
from qa.chat.followup import MOST_TURNS, Turn
from qa.models.base import Message
from qa.types import Answer, Citation, Claim

if TYPE_CHECKING:
    from qa.models.metering import MeteredLLM

PROMPT = "conversation"
NOTE = "this is from the conversation; nothing was searched for"
_TOKENS = 1_500
_WITH = r"(?:translate|repeat|rephrase|reword|rewrite|shorten|simplify|summari[sz]e|explain|expand)"
_TALK = r"(?:conversation|chat|discussion|dialog(?:ue)?|session|exchange)"
_ABOUT = re.compile(
    rf"""\b(?:summari[sz]e|recap|sum\ up|outline|repeat)\b.{{0,20}}\b(?:our|this)
        \ (?:whole\ |entire\ )?{_TALK}\b
    |\b(?:summary|recap)\ of\ (?:our|this)\ {_TALK}\b
    |\b(?:list|repeat|show)\b.{{0,10}}\bmy\ (?:\w+\ )?questions\b
    |\bwhat\ (?:did|have)\ (?:i|we|you)\ (?:just\ |already\ |first\ )?
        (?:ask|talk|discuss|say|said|answer|tell|told)(?:ed)?(?:\ (?:you|me|about))*
        (?:\ (?:first|last|before|earlier|so\ far|just\ now|until\ now|at\ first))?\W*$
    |\bwhat\ (?:was|were)\ (?:my|your)\ (?:very\ )?(?:first|last|previous|second|third|earlier)
        \ (?:questions?|answers?|repl(?:y|ies))\b
    |\b{_WITH}\b.{{0,12}}\b(?:your|that|this|the\ last|the\ previous)\ (?:(?:last|previous|first|earlier)\ )?
        (?:answer|reply|response)s?\b
    |^\W*(?:please\ |can\ you\ |could\ you\ )?(?:translate|rephrase|reword|shorten|repeat)
        \ (?:that|it|this)\b.{{0,20}}$
    |\b(?:fass\w*|zusammenfass\w*)\b.{{0,20}}\b(?:unser|dieses?)\w*\ (?:gespräch|unterhaltung|chat)\b
    |\bwas\ habe?\ ich\ (?:dich\ )?(?:zuerst|vorhin|als\ erstes|zuletzt|bisher)\ gefragt\b
    |\bübersetz\w*\b.{{0,20}}\bantwort\b|\brésume[rz]?\b.{{0,12}}\b(?:notre|cette)\ conversation\b
    |\bresume\b.{{0,12}}\b(?:nuestra|esta)\ conversación\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ASKED = re.compile(r"\bi\b.{0,20}\bask|\bmy\b.{0,20}\bquestions?\b|\bich\b.{0,30}\bgefragt\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:first|zuerst|als erstes)\b", re.IGNORECASE)
_LAST = re.compile(r"\b(?:last|previous|before|just|vorhin|zuletzt)\b", re.IGNORECASE)

Told = tuple[Turn, Mapping[str, object]]


def about_conversation(typed: str) -> bool:
    """True if `typed` asks about the conversation, and not about documents."""
    return bool(_ABOUT.search(typed))


def recalled(
    typed: str, turns: Sequence[Told], llm: MeteredLLM | None, *, draw: Draw = random_mark
) -> Answer:
    """The answer to a question about the conversation, of which there is at least one turn.

    Raises UsageError if it takes a model and there is none, and `ModelError`.
    """
    plain = Answer(typed, "answered", "extractive", None, "", (), (), (), notes=(NOTE,))
    if _ASKED.search(typed):
        return replace(plain, text=_what_was_asked(typed, [turn for turn, _ in turns]))
    if llm is None:
        raise UsageError(
            "this is about the conversation, and takes a model that writes",
            "connect a model, or keep the conversation as it is: /save",
        )
    shown, sentences = _shown(turns[-MOST_TURNS:])
    mark = unused_mark(shown + typed, draw)
    prompt = fill(load(PROMPT), mark=mark, conversation=shown, question=sanitize(typed))
    completion = llm.complete((Message("user", prompt),), max_tokens=_TOKENS)
    text, claims, citations = _cited(completion.text, sentences)
    return replace(
        plain,
        mode="llm",
        model=completion.model,
        status="answered" if completion.whole else "partial",
        text=text,
        claims=claims,
        citations=citations,
        usage=llm.usage,
        prompt_sha256=load(PROMPT).sha256,
    )


def _what_was_asked(typed: str, turns: Sequence[Turn]) -> str:
    if _FIRST.search(typed):
        return f"You asked first: {turns[0].typed}"
    if _LAST.search(typed):
        return f"You asked last: {turns[-1].typed}"
    return "\n".join(("You asked:", *(f"{number}. {turn.typed}" for number, turn in enumerate(turns, 1))))


def _shown(turns: Sequence[Told]) -> tuple[str, list[list[Citation]]]:
    """The conversation for a prompt, and what each sentence with a key rests on."""
    lines: list[str] = []
    sentences: list[list[Citation]] = []
    for turn, answer in turns:
        lines += [f"asked: {sanitize(turn.question)}", "answered:"]
        citations = {one.number: one for one in map(_citation, _objects(answer.get("citations")))}
        claims = _objects(answer.get("claims"))
        for claim in claims:
            numbers = claim.get("citations")
            cited = [citations[number] for number in numbers] if isinstance(numbers, list) else []
            sentences += [cited] if cited else []
            key = f"[s{len(sentences)}] " if cited else ""
            lines.append(key + sanitize(str(claim.get("text", ""))))
        lines += [] if claims else [sanitize(turn.answer)]
    return "\n".join(lines), sentences


def _objects(value: object) -> list[Mapping[str, object]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _citation(found: Mapping[str, object]) -> Citation:
    """A citation as `qa.output.answers.as_json` writes it."""
    fields = {name: value for name, value in found.items() if name not in ("start", "end", "also")}
    span = Span(int(str(found["start"])), int(str(found["end"])))
    also = found.get("also")
    names = tuple(map(str, also)) if isinstance(also, list) else ()
    return Citation(**fields, span=span, also=names)  # type: ignore[arg-type]  # as they were written


def _cited(
    written: str, sentences: Sequence[Sequence[Citation]]
) -> tuple[str, tuple[Claim, ...], tuple[Citation, ...]]:
    """A model's text with numbers for its keys, its claims, and the citations, numbered by first use."""
    numbered: dict[tuple[str, Span], Citation] = {}
    shown, bare = "", ""
    marks: list[tuple[int, list[int]]] = []
    known = range(1, len(sentences) + 1)
    for segment in parse(written.strip()):
        if not isinstance(segment, Marker) or any(key.first not in known for key in segment.keys):
            shown, bare = shown + _own_text(segment), bare + segment.raw  # what names nothing stays as it is
            continue
        numbers: list[int] = []
        for citation in (one for keys in segment.keys for one in _of(keys.first, keys.last, sentences)):
            place = (citation.sha256, citation.span)
            numbered.setdefault(place, replace(citation, number=len(numbered) + 1))
            numbers.append(numbered[place].number)
        bare = bare.rstrip(" ")
        marks.append((len(bare), list(dict.fromkeys(numbers))))
        shown += "".join(f"[{number}]" for number in marks[-1][1])
    asserted = assertions(bare, [at for at, _ in marks])
    owned: list[list[int]] = [[] for _ in asserted]
    if asserted:
        for owner, (_, numbers) in zip(owners(asserted, [at for at, _ in marks]), marks, strict=True):
            owned[owner] += numbers
    claims = tuple(
        Claim(claim.text_in(bare), tuple(dict.fromkeys(by)), "supported" if by else "uncited")
        for claim, by in zip(asserted, owned, strict=True)
    )
    return shown, claims, tuple(numbered.values())


def _own_text(segment: Segment) -> str:
    return apart(segment.raw) if isinstance(segment, Lookalike) else segment.raw


def _of(first: int, last: int, sentences: Sequence[Sequence[Citation]]) -> list[Citation]:
    return [one for at in range(max(first, 1), min(last, len(sentences)) + 1) for one in sentences[at - 1]]
