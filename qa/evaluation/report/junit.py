"""A run as JUnit XML, for the test reports of GitLab, Jenkins and other CI servers.

It has the elements that all of them read: a suite, and in it a case for the run, for every gate and for every
question that failed. GitLab tells cases apart by `classname` and `name` and shows an element's text rather
than its `message`, so names are never given twice and the text says everything; Jenkins takes a report
without cases for a mistake, so there is always the one for the run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from qa.evaluation.gates import GateResult, result_line
from qa.evaluation.types import Failure, Record
from qa.output.text import clean

# What `clean` leaves and XML 1.0 does not allow (section 2.2).
_ILLEGAL = re.compile("[\ufffe\uffff]")
_MOST_CHARACTERS = 200  # of an attribute


def junit_xml(
    name: str, records: Sequence[Record], gates: Sequence[GateResult] = (), *, started: str = ""
) -> str:
    """The report of one run, called `name`; `started` is when it began, ISO 8601. Ends in a newline.

    Times are seconds of searching and answering, as the records have them; a failed question has none.
    """
    failures = [(record, record.failure) for record in records if record.failure]
    failed = sum(not result.passed for result in gates)
    counts = {"tests": 1 + len(gates) + len(failures), "failures": failed, "errors": len(failures)}
    totals = {**{key: str(count) for key, count in counts.items()}, "time": _seconds(records)}
    root = ET.Element("testsuites", {"name": "qa eval", **totals})
    stamp = {"timestamp": _legal(started)[:19]} if started else {}
    suite = ET.SubElement(root, "testsuite", {"name": _legal(name), **totals, **stamp})
    _add_case(suite, f"{name}.run", "questions asked", _seconds(records))
    for result in gates:
        case = _add_case(suite, f"{name}.gates", str(result.gate), "0")
        if not result.passed:
            _add_outcome(case, "failure", "GateFailed", result_line(result), result_line(result))
    repeated = any(record.repeat > 1 for record in records)
    for record, failure in failures:
        question = f"{record.question.id} ({record.repeat})" if repeated else record.question.id
        case = _add_case(suite, f"{name}.questions", question, "0")
        _add_outcome(case, "error", failure.kind, failure.cause, _error_text(record, failure))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _add_case(suite: ET.Element, group: str, name: str, seconds: str) -> ET.Element:
    names = {"classname": _legal(group), "name": _legal(name)}
    return ET.SubElement(suite, "testcase", {**names, "time": seconds})


def _add_outcome(case: ET.Element, tag: str, kind: str, message: str, text: str) -> None:
    ET.SubElement(case, tag, {"message": _short(message), "type": _short(kind)}).text = _legal(text)


def _error_text(record: Record, failure: Failure) -> str:
    lines = (f"question: {record.question.text}", f"{failure.kind}: {failure.cause}", failure.hint)
    return "\n".join(line for line in lines if line)


def _seconds(records: Sequence[Record]) -> str:
    answers = [record.answer for record in records if record.answer]
    return f"{sum(answer.seconds.search + answer.seconds.answer for answer in answers):.3f}"


def _short(text: str) -> str:
    line = " ".join(_legal(text).split())
    return line if len(line) <= _MOST_CHARACTERS else f"{line[: _MOST_CHARACTERS - 3]}..."


def _legal(text: str) -> str:
    """`text` with visible escapes for what XML, or whoever shows it, cannot hold."""
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", clean(text))
