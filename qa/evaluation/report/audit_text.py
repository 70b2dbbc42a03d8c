"""The audit of a question set as text for a terminal."""

from __future__ import annotations

from collections.abc import Mapping

from qa.evaluation.sets.audit import Checked, Problem
from qa.output.text import cells, paint, printable, table, wrap

_MOST_PROBLEMS = 20  # problems, and remarks, that are shown; JSON has all
_MOST_TAGS = 12
_METRIC_NAMES_WIDTH = 40  # columns at least for names of metrics beside their count
_METRIC_NAMES = {
    "retrieval": "R@k, precision@k, Success@k, MRR, nDCG@10",
    "page_retrieval": "page_R@k, page_Success@k, page_MRR, page_nDCG@10",
    "document_retrieval": "document_R@k, document_Success@k, document_MRR, document_nDCG@10",
    "citations": "citation_precision, _recall, _f1, _iou, _hit",
    "page_citations": "page_citation_precision, _recall, _f1, _hit",
    "document_citations": "document_citation_precision, _recall, _f1, _hit",
    "answers": "exact_match, token_f1, rouge_l; judged_correct with --judge",
    "refusals": "right_decision, abstention_precision, _recall, _f1, aurc",
}


def audit_lines(checked: Checked, *, width: int, colour: bool) -> list[str]:
    """Counts, tags, what can be measured, problems and remarks; safe for a terminal of `width` columns."""
    rows = [(name.replace("_", " "), f"{count:,}") for name, count in checked.counts.items()]
    lines = table(rows, width=width, right={1})
    if checked.tags:
        shown = [
            ("  " + printable(tag), f"{count:,}") for tag, count in list(checked.tags.items())[:_MOST_TAGS]
        ]
        lines += ["", paint("Tags", "bold", colour=colour), *table(shown, width=width, right={1})]
    if len(checked.tags) > _MOST_TAGS:
        lines.append(f"  ... and {len(checked.tags) - _MOST_TAGS:,} more: --json lists all")
    lines += ["", paint("Measured, and over how many questions", "bold", colour=colour)]
    lines += _measured_lines(checked.measured, width)
    for title, problems in (("Problems", checked.problems), ("Remarks", checked.remarks)):
        if problems:
            total = sum(problem.times for problem in problems)
            lines += ["", paint(f"{title} ({total:,})", "bold", colour=colour)]
            lines += [
                line for problem in problems[:_MOST_PROBLEMS] for line in _problem_lines(problem, width)
            ]
            if len(problems) > _MOST_PROBLEMS:
                lines.append(f"  ... and {len(problems) - _MOST_PROBLEMS:,} more: --json lists all")
    if not checked.problems:
        lines += ["", "No problem was found: every piece of gold stands where the set says."]
    return lines


def _measured_lines(measured: Mapping[str, int], width: int) -> list[str]:
    """Each group of metrics with its n; its metrics are wrapped beside it, or below where that is narrow."""
    groups = {name: names for name, names in _METRIC_NAMES.items() if name in measured}
    rows = [("  " + name.replace("_", " "), f"{measured[name]:,}") for name in groups]
    lines: list[str] = []
    for head, names in zip(table(rows, width=width, right={1}), groups.values(), strict=True):
        indent = cells(head) + 2
        if width < indent + _METRIC_NAMES_WIDTH:
            lines += [head, *wrap(names, width, "    ")]
        else:
            first, *rest = wrap(names, width, " " * indent)
            lines += [head + first[len(head) :], *rest]
    return lines


def _problem_lines(problem: Problem, width: int) -> list[str]:
    where = printable(problem.place)
    if problem.times > 1:
        where += f" and {problem.times - 1:,} more"
    lines = [*wrap(f"{where}: {printable(problem.what)}", width - 2)]
    lines = ["  " + line for line in lines]
    return [*lines, *wrap(printable(problem.hint), width, "      ")]
