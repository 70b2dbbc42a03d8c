"""An answer as Markdown: a section for a notes file.

What Markdown and HTML would act on is escaped: whatever is not ours came from a document, a user or a model.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.types import Span
from qa.output.answers.comparison import DISAGREE, disagreement_facts, source_counts
from qa.output.answers.terminal import reasons
from qa.output.answers.usage import all_notes, usage_line
from qa.output.places import citation_ref, date_text, hidden_aside, passage_ref
from qa.output.text import printable
from qa.types import answer_markers, marker_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.types import Answer, Citation

_ADDRESS = re.compile(  # of a page or of mail: what viewers make a link of by themselves
    r"((?:[a-z][a-z0-9+.-]*:/+|www\.)[^\s`<>|]*[^\s`<>|.,;:!?)\]'\"]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)",
    re.IGNORECASE,
)
MARK = "<!-- qa.answer/1 -->"  # begins a file of saved answers, so that `qa index` knows it for one


def to_markdown(answer: Answer) -> str:
    """`answer` as a Markdown section: question, prose, quotations. A document's text cannot add markup."""
    lines = [f"## {literal(answer.question)}", ""]
    numbers = {citation.number for citation in answer.citations}
    for paragraph in _paragraphs(answer):
        lines += [paragraph, ""]
    if answer.missing:
        lines += [f"Missing: {literal(answer.missing)}", ""]
    if answer.nearest is not None:
        numbers = {citation.number for citation in answer.nearest.citations}
        lines += [f"Nearest: {_marked(answer.nearest.text, numbers).strip()}", ""]
        for citation in answer.nearest.citations:
            lines += _citation_markdown(citation, labelled=True)
    for note in all_notes(answer):
        lines += [f"Note: {literal(note)}", ""]
    if answer.status == "abstained" and answer.passages:
        lines += ["### Nearest passages (not sources)", ""]
        lines += [f"- {_code(passage_ref(passage))}" for passage in answer.passages[:3]] + [""]
    elif answer.citations:
        lines += ["### Sources", ""]
        for citation in answer.citations:
            lines += _citation_markdown(citation, labelled=answer.mode == "llm")
        lines += [f"{_marked(line, numbers)}\n" for line in source_counts(answer)]
    lines += _disagreements(answer)
    for claim in answer.claims:
        if claim.support != "supported" or claim.rejected:
            why = literal(reasons(claim))
            kind = "unknown key" if claim.support == "supported" else claim.support
            lines.append(f"- *{kind}*: {literal(claim.text)} {why}".rstrip())
    if line := usage_line(answer):
        lines += ["", f"*{literal(line)}*"]
    return "\n".join(lines).rstrip() + "\n"


def _disagreements(answer: Answer) -> list[str]:
    """The section "Sources disagree", if they do."""
    lines: list[str] = []
    for about, sides in disagreement_facts(answer):
        lines += [f"{literal(about)}", ""] if about else []
        for value, citations in sides:
            for citation in citations:
                date = (
                    f" ({literal(date_text(citation.date, citation.date_origin))})" if citation.date else ""
                )
                lines += [
                    f"- {literal(value)}{_code(citation_ref(citation))}{date}",
                    f"  > {literal(citation.text)}",
                ]
        lines.append("")
    return [f"### {DISAGREE}", "", *lines] if lines else []


def _paragraphs(answer: Answer) -> Iterator[str]:
    """The prose of an answer, a paragraph each."""
    markers = [span for span, _ in answer_markers(answer)]
    breaks = re.finditer(r"\n" if answer.mode == "llm" else r"\n\s*\n", answer.text)
    places = [(found.start(), found.end()) for found in breaks]
    start = 0
    for end, after in [*places, (len(answer.text), len(answer.text))]:
        if answer.text[start:end].strip():
            yield _with_markers(answer.text, Span(start, end), markers).strip()
        start = after


def _marked(text: str, numbers: set[int]) -> str:
    """A line of ours as Markdown."""
    markers = [span for span, _ in marker_spans(text, numbers, code=False)]
    return _with_markers(text, Span(0, len(text)), markers)


def _with_markers(text: str, part: Span, markers: Sequence[Span]) -> str:
    """A part of a text as Markdown, with our own markers left as they are."""
    written, at = "", part.start
    for marker in markers:
        if part.start <= marker.start and marker.end <= part.end:
            written += literal(text[at : marker.start]) + text[marker.start : marker.end]
            at = marker.end
    return written + literal(text[at : part.end])


def _citation_markdown(citation: Citation, *, labelled: bool) -> list[str]:
    date = f" ({literal(date_text(citation.date, citation.date_origin))})" if citation.date else ""
    lines = [
        f"- [{citation.number}] {_code(citation_ref(citation))}{date}{hidden_aside(citation)}",
        f"  > {literal(citation.text)}",
    ]
    if labelled and citation.labelled:
        lines.append(f"  ({literal(citation.labelled)})")
    if citation.also:
        lines.append(f"  also in {', '.join(_code(name) for name in citation.also)}")
    return [*lines, ""]


def literal(text: str) -> str:
    """Text on one line, with all that Markdown or HTML would act on escaped; outer spaces become one.

    An address is shown as code: viewers make a link of any other, and it is not ours.
    """
    parts = _ADDRESS.split(printable(text))  # text, address, text, address, …, text
    escaped = "".join(_code(part) if at % 2 else _escaped(part) for at, part in enumerate(parts))
    # At the beginning of a line, "-", "+", "#" and "=" would make a list, a heading or a rule; "1." a list.
    escaped = re.sub(r"^(\d+)(?=[.)])", r"\1\\", re.sub(r"^([-+#=])", r"\\\1", escaped))
    before = " " if text[:1].isspace() else ""
    after = " " if len(text) > 1 and text[-1].isspace() else ""
    return f"{before}{escaped}{after}"


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>&|~])", r"\\\1", text)


def _code(text: str) -> str:
    """Text as a code span, fenced by one more backtick than it holds in a row."""
    shown = printable(text)
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", shown)), default=0))
    pad = " " if "`" in shown else ""
    return f"{fence}{pad}{shown}{pad}{fence}"
