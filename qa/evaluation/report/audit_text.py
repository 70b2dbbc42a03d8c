"""What is wrong with a question set, as text."""

from __future__ import annotations

from collections.abc import Mapping

from qa.evaluation.sets.audit import _NAMED, Checked, Problem
from qa.output.text import cells, paint, printable, table, wrap

_READABLE = 40  # columns that names of metrics are to have beside what is said of them
_TAGS = 12  # tags that are shown as text
_MEASURES = {
    "retrieval": "R@k, precision@k, Success@k, MRR, nDCG@10",
    "page_retrieval": "page_R@k, page_Success@k, page_MRR, page_nDCG@10",
    "citations": "citation_precision, _recall, _f1, _iou, _hit",
    "page_citations": "page_citation_precision, _recall, _f1, _hit",
    "answers": "exact_match, token_f1, rouge_l; judged_correct with --judge",
    "refusals": "right_decision, abstention_precision, _recall, _f1, aurc",
}


def check_lines(checked: Checked, *, width: int, colour: bool) -> list[str]:
    """The same for a person, clean for the terminal."""
    rows = [(name.replace("_", " "), f"{count:,}") for name, count in checked.counts.items()]
    lines = table(rows, width=width, right={1})
    if checked.tags:
        shown = [("  " + printable(tag), f"{count:,}") for tag, count in list(checked.tags.items())[:_TAGS]]
        lines += ["", paint("Tags", "bold", colour=colour), *table(shown, width=width, right={1})]
    if len(checked.tags) > _TAGS:
        lines.append(f"  ... and {len(checked.tags) - _TAGS:,} more: --json lists all")
    lines += ["", paint("Measured, and over how many questions", "bold", colour=colour)]
    lines += _measure_lines(checked.measured, width)
    for title, found in (("Problems", checked.problems), ("Remarks", checked.remarks)):
        if found:
            total = sum(one.times for one in found)
            lines += ["", paint(f"{title} ({total:,})", "bold", colour=colour)]
            lines += [line for one in found[:_NAMED] for line in _problem_lines(one, width)]
            if len(found) > _NAMED:
                lines.append(f"  ... and {len(found) - _NAMED:,} more: --json lists all")
    if not checked.problems:
        lines += ["", "No problem was found: every piece of gold stands where the set says."]
    return lines


def _measure_lines(measured: Mapping[str, int], width: int) -> list[str]:
    """Each group of metrics with its n; what it holds is wrapped beside it, or below where that is narrow."""
    rows = [("  " + name.replace("_", " "), f"{measured[name]:,}") for name in _MEASURES]
    lines: list[str] = []
    for head, what in zip(table(rows, width=width, right={1}), _MEASURES.values(), strict=True):
        room = cells(head) + 2
        if width < room + _READABLE:
            lines += [head, *wrap(what, width, "    ")]
        else:
            first, *rest = wrap(what, width, " " * room)
            lines += [head + first[len(head) :], *rest]
    return lines


def _problem_lines(problem: Problem, width: int) -> list[str]:
    where = printable(problem.place)
    if problem.times > 1:
        where += f" and {problem.times - 1:,} more"
    lines = [*wrap(f"{where}: {printable(problem.what)}", width - 2)]
    lines = ["  " + line for line in lines]
    return [*lines, *wrap(printable(problem.hint), width, "      ")]
