"""How much a model can read: a smaller prompt for one that refused it, and a note on one that was cut.

Prompts are counted with an estimate, `estimate_tokens`, that is up to twice the truth; what a server counted
itself says how far off it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from index.errors import ContextTooLong
from qa.models.base import Completion
from qa.models.tokens import fewest_tokens

MOST_REQUESTS = 4  # for one answer: the whole prompt, and three that are smaller
SPARE = 0.97  # of what a model can read: the frame that a server puts around a prompt takes some too
# Tokens for each one estimated, where the server does not say: of English prose first, then of any text.
_LIKELY = (0.55, 0.75, 1.0)
_CACHED = 500  # tokens: a server that counts fewer leaves out what it had read before; none reads so little
_CUT = 0.85  # of the fewest tokens that a prompt can have; a server that counts less has cut it


@dataclass(frozen=True, slots=True)
class Fit:
    """The most estimated tokens that a prompt may have, and the most tokens of its answer."""

    prompt: int
    answer: int


def refit(sent: int, bare: int, answer: Fit, error: ContextTooLong, tries: int) -> Fit:
    """What to try after a model refused a prompt of `sent` estimated tokens with `error`, time `tries`.

    `bare` is the estimate of a prompt without passages, `answer` the room that an answer had and, as its
    `prompt`, what it may have in the window that the error tells of.
    """
    if error.limit is None:
        return Fit(bare + (sent - bare) // 2, min(answer.answer, answer.prompt))
    room = answer.answer if error.apart else min(answer.answer, answer.prompt)
    free = error.limit if error.apart else error.limit - room - _thinking(error, answer.answer)
    if free < error.limit // 4:  # a model that thinks for longer than that has to do with less
        free = error.limit - room
    counted = error.prompt or max(0, (error.total or 0) - answer.answer)
    rate = counted / sent if counted else _LIKELY[min(tries, len(_LIKELY)) - 1]
    fitting = int(free * SPARE / rate)
    if fitting >= sent and room < answer.answer:  # only the answer had too much room
        return Fit(sent, room)
    return Fit(min(fitting, sent * 4 // 5), room)


def _thinking(error: ContextTooLong, answer: int) -> int:
    """The tokens that were asked for besides those of the answer."""
    return max(0, error.total - error.prompt - answer) if error.total and error.prompt else 0


def cut_note(prompt: str, completion: Completion) -> str:
    """What to say if the server counts fewer tokens than any tokenizer makes of `prompt`; else nothing."""
    read = completion.usage.prompt if completion.usage is not None else 0
    sent = fewest_tokens(prompt)
    if read < _CACHED or read >= _CUT * sent:
        return ""
    return (
        f"the server seems to have cut the prompt: it counts {read:,} tokens of at least"
        f" {sent // 100 * 100:,}; give the model a larger context (Ollama: num_ctx or OLLAMA_CONTEXT_LENGTH),"
        " or lower QA_PROMPT_TOKENS"
    )
