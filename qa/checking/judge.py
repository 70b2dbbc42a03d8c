"""A model as judge of support: a verdict for each pair of claim and cited text.

The prompt is `judge_support`, with up to `AT_ONCE` pairs in one request.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from prompts import fill, load
from prompts.delimiters import Draw, enclosed, random_mark, unused_mark
from prompts.sanitize import sanitize, visible_line
from qa.checking.words.verdicts import Verdicts
from qa.models.base import LLM, Message
from qa.types import Citation

PROMPT = "judge_support"
AT_ONCE = 12  # pairs in one request
_TOKENS_EACH = 80  # of a verdict with its reason
# How models say yes and no: in other words and languages than they were asked for.
_VERDICTS = Verdicts(
    {
        "yes": [
            "yes",
            "supported",
            "fully supported",
            "entailed",
            "true",
            "ja",
            "oui",
            "sí",
            "si",
            "sim",
            "да",
            "tak",
            "evet",
            "是",
            "はい",
        ],
        "no": [
            "no",
            "not supported",
            "not fully supported",
            "partially supported",
            "contradicted",
            "unsupported",
            "false",
            *["nein", "non", "não", "нет", "nie", "hayır", "否", "いいえ"],
        ],
    }
)
_LONGEST_REASON = 200  # characters of a reason that is shown
_LONGEST_SAID = 300  # characters of what could not be read that are kept


@dataclass(frozen=True, slots=True)
class Quoted:
    """A cited text, and what its source says of itself: its title and its date, as far as they are known."""

    text: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, and the texts that it cites."""

    claim: str
    cited: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict that could be read, and its reason, if one was given."""

    supported: bool
    reason: str = ""


def judge(
    pairs: Sequence[Pair],
    llm: LLM,
    *,
    draw: Draw = random_mark,
    unread: Callable[[str], object] | None = None,
) -> tuple[Judgement | None, ...]:
    """A judgement for each pair, None where the model's verdict is missing, double or unreadable.

    `draw` gives random marks for the delimiters. `unread` is told, on one line, what the model wrote where a
    verdict could not be read, once for each request. Raises `ModelError` if the model cannot be asked.
    """
    judgements: list[Judgement | None] = []
    for start in range(0, len(pairs), AT_ONCE):
        batch = pairs[start : start + AT_ONCE]
        prompt = judge_prompt(batch, draw=draw)
        completion = llm.complete((Message("user", prompt),), max_tokens=_TOKENS_EACH * len(batch) + 100)
        text = completion.text if completion.whole else completion.text.rpartition("\n")[0]
        verdicts = _VERDICTS.numbered(text, len(batch))
        found = [_judgement(verdicts.get(number)) for number in range(1, len(batch) + 1)]
        if unread is not None and None in found:
            unread(visible_line(completion.text)[:_LONGEST_SAID] or "(nothing)")
        judgements += found
    return tuple(judgements)


def quoted(citation: Citation) -> Quoted:
    """A citation as a judge sees it, rows with the names of their columns.

    A date that is only the file's says nothing of the text.
    """
    date = None if citation.date_origin == "modified" else citation.date
    return Quoted(
        citation.labelled or citation.text, ", ".join(fact for fact in (citation.title, date) if fact)
    )


def judge_prompt(pairs: Sequence[Pair], *, draw: Draw) -> str:
    """The prompt that asks for a verdict on each pair. No text can pass for one of our delimiters."""
    shown = [_pair_text(number, pair) for number, pair in enumerate(pairs, 1)]
    mark = unused_mark("\n".join(shown), draw)
    body = "\n\n".join(enclosed("pair", mark, text) for text in shown)
    return fill(load(PROMPT), mark=mark, pairs=body)


def _pair_text(number: int, pair: Pair) -> str:
    lines = [f"number: {number}", f"claim: {sanitize(pair.claim)}"]
    for quoted in pair.cited:
        lines += [f"from: {sanitize(quoted.origin)}"] if quoted.origin else []
        lines.append(f"cited: {sanitize(quoted.text)}")
    return "\n".join(lines)


def _judgement(verdict: tuple[str, str] | None) -> Judgement | None:
    if verdict is None:
        return None
    return Judgement(verdict[0] == "yes", visible_line(verdict[1])[:_LONGEST_REASON])
