"""What a CI server reads of a run: well-formed whatever the texts, each gate and error with a name."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

from hypothesis import given, strategies as st

from qa.evaluation.gates import Gate, GateResult
from qa.evaluation.report.junit import junit_xml
from qa.evaluation.types import Failure
from qa.types import Seconds
from tests.support.records import answered, failed, question, record

PASSED = GateResult(Gate("R@5", "min", 0.5), True, 0.75, 0.7, 0.8, 9, 0.75)
FAILED = GateResult(Gate("error_rate", "max", 0.01), False, 0.5, 0.1, 0.9, 2, 0.5)


def parsed(text: str) -> ET.Element:
    """The one suite of a report, whose counts and times are those of the whole."""
    root = ET.fromstring(text)
    (suite,) = root
    assert (root.tag, suite.tag) == ("testsuites", "testsuite")
    for name in ("tests", "failures", "errors", "time"):
        assert root.get(name) == suite.get(name)
    assert suite.get("tests") == str(len(suite))
    assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
    assert suite.get("errors") == str(len(suite.findall("testcase/error")))
    names = [(case.get("classname"), case.get("name")) for case in suite]
    assert len(set(names)) == len(names)
    return suite


def test_gates_and_errors_are_cases() -> None:
    """A failed gate is a failure, a question that failed an error; the text of each says all."""
    records = [record(1, answer=answered(seconds=Seconds(0.25, 1.0))), failed(2)]
    suite = parsed(junit_xml("runs/a", records, [PASSED, FAILED], started="2025-11-22T13:00:00+00:00"))
    assert (suite.get("name"), suite.get("timestamp"), suite.get("time")) == (
        "runs/a",
        "2025-11-22T13:00:00",
        "1.250",
    )
    assert [(case.get("classname"), case.get("name"), case.get("time")) for case in suite] == [
        ("runs/a.run", "questions asked", "1.250"),
        ("runs/a.gates", "R@5 >= 0.5", "0"),
        ("runs/a.gates", "error_rate <= 0.01", "0"),
        ("runs/a.questions", "q2", "0"),
    ]
    (failure,) = suite.findall("testcase/failure")
    assert failure.text == "error_rate <= 0.01: failed, it is 0.5 (0.1 to 0.9, n = 2)"
    assert failure.get("type") == "GateFailed"
    (error,) = suite.findall("testcase/error")
    assert (error.get("type"), error.get("message")) == ("ModelUnavailable", "the server gave up")
    assert error.text == "question: Question 2?\nModelUnavailable: the server gave up\ntry again"


def test_a_good_run_has_a_case_too() -> None:
    """A report without any is taken for a mistake."""
    assert [case.get("name") for case in parsed(junit_xml("a", [record()]))] == ["questions asked"]
    assert parsed(junit_xml("a", [])).get("time") == "0.000"


def test_repeats_have_names_of_their_own() -> None:
    """Of two cases with one name, servers show one."""
    suite = parsed(junit_xml("a", [failed(1), failed(1, repeat=2), failed(2)]))
    assert [case.get("name") for case in suite][1:] == ["q1 (1)", "q1 (2)", "q2 (1)"]


HOSTILE = st.text(
    st.characters() | st.sampled_from("<>&\"'\x00\x08\x1b\x85\ufffe\uffff\ud800\u202e\r\n\t]")
) | st.just("]]></failure><!--&#0;")


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_hostile_texts_stay_texts(name: str, asked: str, cause: str, kind: str) -> None:
    """No text makes an element, and none leaves the report unreadable."""
    bad = replace(failed(1, question=question(id="x" + name, text=asked)), failure=Failure(kind, cause, name))
    gate = replace(FAILED, gate=Gate(name, "min", 1.0))
    suite = parsed(junit_xml(name, [bad], [gate], started=name))
    assert [len(case) for case in suite] == [0, 1, 1]


def test_what_cannot_be_shown_is_escaped() -> None:
    """It is not lost, and markup is text."""
    bad = replace(failed(1), failure=Failure("E", "a\x1b[2J<b>&amp;\ufffe"))
    (error,) = parsed(junit_xml("a", [bad])).findall("testcase/error")
    assert error.get("message") == "a\\x1b[2J<b>&amp;\ufffd"
