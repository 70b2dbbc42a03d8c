"""The usage line of an answer (model, tokens, cost), and its notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.output.text import paint, printable, wrap

if TYPE_CHECKING:
    from qa.types import Answer, Coverage, Usage

STOPPED = "stopped before its end"
HOW_TO_CONNECT = "For answers that a model writes, set OPENAI_API_KEY or OPENAI_BASE_URL."


def usage_line(answer: Answer) -> str | None:
    """The model, its tokens, what they cost as far as that is known, and how much of the documents it read.

    None where no model took part.
    """
    if answer.model is None:
        return None
    line = f"{printable(answer.model)}: {tokens_text(answer.usage)}, {cost_text(answer.usage)}"
    return line if answer.coverage is None else f"{line}; {coverage_text(answer.coverage)}"


def coverage_text(coverage: Coverage) -> str:
    """How much was read: "10 of 21 passages of 5 sources read", or "all 21 passages of 5 sources read"."""
    of = f"{coverage.of_passages:,} passage{'' if coverage.of_passages == 1 else 's'} of "
    of += f"{coverage.of_sources:,} source{'' if coverage.of_sources == 1 else 's'} read"
    whole = coverage.passages >= coverage.of_passages
    return f"all {of}" if whole else f"{coverage.passages:,} of {of}"


def tokens_text(usage: Usage) -> str:
    """Tokens in and out, as the server counted them."""
    if None in (usage.prompt_tokens, usage.completion_tokens):
        return "tokens not counted"
    return f"{usage.prompt_tokens:,} tokens in, {usage.completion_tokens:,} out"


def cost_text(usage: Usage) -> str:
    """US dollars with the digits that matter."""
    if usage.cost_usd is None:
        return "cost unknown"
    return f"${usage.cost_usd:.2f}" if usage.cost_usd >= 1 else f"${usage.cost_usd:.5f}"


def all_notes(answer: Answer) -> tuple[str, ...]:
    """The notes of an answer, the first of which says that it was stopped, if it was."""
    return (STOPPED, *answer.notes) if answer.stopped else answer.notes


def note_lines(answer: Answer, width: int, *, colour: bool) -> list[str]:
    """The notes of an answer, a paragraph each; the first says that it is partial, if that is why."""
    lines: list[str] = []
    for note in all_notes(answer):
        lines += [
            paint(line, "yellow", colour=colour) for line in wrap(f"Note: {printable(note)}", width, "  ")
        ]
    return lines
