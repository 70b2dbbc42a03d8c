"""One text that cannot be embedded is found among many, so that the others get their vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.errors import AnswerTooLarge, InvalidAnswer, ModelError, RequestRefused, ServerBusy, TextRefused

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


Ask = Callable[[Sequence[str]], "Iterable[NDArray[np.float32]]"]


@dataclass(frozen=True, slots=True)
class Embedded:
    """The vectors of some texts: rows of unit length, zeros for a text without one.

    `refused` has, by place, why a text could not be embedded; `cut` are the places of those that were
    embedded by their beginning only.
    """

    rows: NDArray[np.float32]
    refused: Mapping[int, ModelError] = field(default_factory=dict)
    cut: frozenset[int] = frozenset()


def each_apart(
    texts: Sequence[str],
    ask: Ask,
    works: Callable[[], bool],
) -> list[NDArray[np.float32] | ModelError]:
    """A row for each text, or why it has none: what fails together is asked for in halves.

    `works` says whether the model embeds anything at all, and is asked after a first failure: raises that
    failure if it does not, and at once a failure that no text can have caused.
    """
    try:
        return list(ask(texts))
    except ModelError as error:
        if not may_be_the_text(error):
            raise
        failure = error
    if not works():
        raise failure
    return _halves(texts, ask, failure)


def _halves(texts: Sequence[str], ask: Ask, failure: ModelError) -> list[NDArray[np.float32] | ModelError]:
    if len(texts) == 1:
        return [failure]
    rows: list[NDArray[np.float32] | ModelError] = []
    for part in (texts[: len(texts) // 2], texts[len(texts) // 2 :]):
        try:
            rows.extend(ask(part))
        except ModelError as error:
            if not may_be_the_text(error):
                raise
            rows.extend(_halves(part, ask, error))
    return rows


def may_be_the_text(error: ModelError) -> bool:
    """True for a failure that one of the texts may have caused, so that the others may succeed.

    Servers refuse a text (400, 413, 422), fail on it (500, which is Ollama's answer where a vector is not a
    number), or give something that is no vector.
    """
    if isinstance(error, ServerBusy):
        return error.status in (500, None)
    return isinstance(error, RequestRefused | InvalidAnswer) and not isinstance(error, AnswerTooLarge)


def blamed(model: str, text: str, failure: ModelError) -> TextRefused:
    """The error for a text that alone could not be embedded."""
    shown = " ".join(text[:60].split())
    blame = TextRefused(
        f"{model} does not take the text {shown!r} …: {failure.cause}",
        failure.hint,
        option=failure.options,
    )
    blame.text = text
    return blame
