"""The options of a request that a server may refuse: dropped, exchanged or lowered, and remembered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.remote.options.refused_options import RefusedOptions, read_refusal

LIMITS = ("max_completion_tokens", "max_tokens")
_NEEDED = ("model", "messages", "stream")
# Options that servers speak of, also where a request does not have them: these words name no other one.
_KNOWN = (
    *(*LIMITS, "temperature", "top_p", "top_k", "seed", "stop", "stream_options", "response_format", "store"),
    *("reasoning_effort", "user", "logprobs", "presence_penalty", "frequency_penalty", "tools"),
)


@dataclass(slots=True)
class RequestOptions:
    """What a server takes for a model, as far as its refusals have told. Threads may share one.

    `limits` are names of the limit of tokens, the first one is sent; `cap` is the most that it may be.
    `streams` is None where an answer may be asked for either way, else how it has to be asked for. `role` is
    that of instructions, None where they stand in what the user says.
    """

    limits: tuple[str, ...] = LIMITS
    refused: frozenset[str] = frozenset()
    cap: int | None = None
    streams: bool | None = None
    role: str | None = "system"

    def fields(self, options: Mapping[str, object], *, max_tokens: int, stream: bool) -> dict[str, object]:
        """The fields of a request with `options`, as they are taken; a `stream` if none is known to be."""
        streamed = stream if self.streams is None else self.streams
        made: dict[str, object] = {"stream": True} if streamed else {}
        for limit in self.limits[:1]:  # one look: another thread may shorten the list
            made[limit] = max_tokens if self.cap is None else min(max_tokens, self.cap)
        made.update(options)
        if streamed:
            made["stream_options"] = {"include_usage": True}
        return {name: value for name, value in made.items() if name not in self.refused}

    def messages(self, turns: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
        """The messages of a request for turns (role, text), with the instructions where they are taken."""
        role = self.role
        if role is None:
            told = [text for said_by, text in turns if said_by == "system"]
            turns = [turn for turn in turns if turn[0] != "system"]
            first = next((at for at, turn in enumerate(turns) if turn[0] == "user"), len(turns))
            rest = [text for _, text in turns[first : first + 1]]
            if told:
                turns = [*turns[:first], ("user", "\n\n".join(told + rest)), *turns[first + 1 :]]
        return [{"role": role if by == "system" and role else by, "content": text} for by, text in turns]

    def adapt(self, body: Mapping[str, object], words: str, *, sure: bool = True) -> bool:
        """Learn from `words`, with which the server refused `body`: True if it is to be asked another way.

        `sure` says that the request was refused, and not something else the matter.
        """
        refusal = read_refusal(words)
        if not sure and not refusal.refuses:
            return False
        optional = [name for name in body if name not in _NEEDED]
        return (
            self._lower(body, refusal)
            or self._drop(body, _fields(refusal, optional))
            or ("stream" in refusal.fields and self._stream_otherwise(body))
            or self._stream(body, refusal)
            or (refusal.of_roles and self._other_role(body, refusal))
            or self._drop(body, refusal.mentioned(optional))
            or (sure and self._drop_all(body, refusal))
        )

    def lower(self, body: Mapping[str, object], words: str) -> bool:
        """As `adapt`, of the limit of tokens only."""
        return self._lower(body, read_refusal(words))

    def _lower(self, body: Mapping[str, object], refusal: RefusedOptions) -> bool:
        sent = next((body[name] for name in LIMITS if name in body), None)
        cap = refusal.most_tokens(sent) if isinstance(sent, int) else None
        if cap is not None:
            self.cap = cap
        return cap is not None

    def _drop(self, body: Mapping[str, object], names: Iterable[str]) -> bool:
        """Do without those of `names` that `body` has; another name of the limit takes the place of one."""
        found = frozenset(name for name in names if name in body)
        self.refused |= found
        self.limits = tuple(name for name in self.limits if name not in found)
        return bool(found)

    def _stream(self, body: Mapping[str, object], refusal: RefusedOptions) -> bool:
        if "stream_options" in body and refusal.of_stream_options:
            return self._drop(body, ["stream_options"])
        if not refusal.of_streams or not (body.get("stream") or refusal.only_streams):
            return False
        return self._stream_otherwise(body)

    def _stream_otherwise(self, body: Mapping[str, object]) -> bool:
        """Ask in the other way from now on, unless that one was refused already."""
        other = not body.get("stream")
        if self.streams is None:
            self.streams = other
        return self.streams is other  # as another thread may have found out

    def _other_role(self, body: Mapping[str, object], refusal: RefusedOptions) -> bool:
        """Have instructions said by the developer, or else by the user."""
        turns = body.get("messages")
        said_by = {turn.get("role") for turn in turns} if isinstance(turns, list) else set()
        if not said_by & {"system", "developer"}:
            return False
        if self.role in said_by:  # else another thread has found out
            wanted = self.role == "system" and "developer" in refusal.message
            self.role = "developer" if wanted else None
        return True

    def _drop_all(self, body: Mapping[str, object], refusal: RefusedOptions) -> bool:
        """Do without whatever can be left out, where an option is refused and none is named."""
        of_another = refusal.of_streams or refusal.of_roles or refusal.mentioned(_KNOWN)
        if of_another or not refusal.refuses:
            return False
        return self._drop(body, (name for name in body if name not in (*_NEEDED, *LIMITS))) or self._drop(
            body, LIMITS
        )


def _fields(refusal: RefusedOptions, names: Sequence[str]) -> list[str]:
    """Those of `names` that a refusal names for programs."""
    named = {"stream_options" if name == "include_usage" else name for name in refusal.fields}
    return [name for name in names if name in named]
