"""A judge is compared with a person's labels; what it did not say counts neither way."""

from __future__ import annotations

import json

import pytest

from qa.checking.judge import AT_ONCE, Pair, Quoted
from qa.errors import KeyRefused, ServerBusy
from qa.evaluation.judging.calibrate import Agreement, calibrate, calibration_object, trust
from qa.evaluation.judging.correctness import Case
from qa.evaluation.judging.labels import CaseLabel, Label, PairLabel
from qa.evaluation.report.calibration_text import calibration_lines
from qa.evaluation.types import Correctness, Estimate
from qa.models.metering import Budget
from qa.output.text import cells
from qa.types import Usage
from tests.support.fake_judge import FakeJudge


def case(number: int, label: Correctness, answer: str = "x") -> CaseLabel:
    """A labelled answer to question `number`."""
    return CaseLabel(f"l.jsonl:{number}", Case(f"Q{number}?", ("x",), answer), label)


def pair(number: int, text: str, label: bool) -> PairLabel:
    """A labelled claim that cites `text`."""
    return PairLabel(f"l.jsonl:{number}", Pair(f"Claim {number}.", (Quoted(text),)), label)


class Reader(FakeJudge):
    """A judge whose verdict on an answer is the answer itself."""

    def _answer(self, prompt: str) -> str:
        if "# The case to judge" not in prompt:
            return super()._answer(prompt)
        return f"reason: I read\nverdict: {prompt.rpartition('answer: ')[2].partition(chr(10))[0]}"


LABELS: list[Label] = [
    case(1, "correct", "correct"),
    case(2, "correct", "partly"),
    case(3, "wrong", "wrong"),
    case(4, "wrong", "perhaps"),
    pair(5, "a", True),
    pair(6, "b", True),
    pair(7, "c", False),
    pair(8, "d", False),
]


def agreement(labels: str, verdicts: str) -> Agreement:
    """The agreement on single letters: correct, partly, wrong, and ? for unreadable."""
    words = {"c": "correct", "p": "partly", "w": "wrong"}
    rows: list[Label] = [
        CaseLabel(f"l:{at}", Case("Q?", ("x",), words.get(verdict, "?")), words[label])  # type: ignore[arg-type]
        for at, (label, verdict) in enumerate(zip(labels, verdicts, strict=True))
    ]
    figures = calibrate(rows, Reader()).correctness
    assert figures
    return figures


def test_labels_and_verdicts_are_set_side_by_side() -> None:
    """Both kinds apart; an unreadable verdict is in no cell."""
    calibration = calibrate(LABELS, Reader({"a": "yes", "b": "no", "c": "no", "d": "?"}))
    assert calibration.correctness
    assert calibration.support
    assert calibration.correctness.confusion == ((1, 1, 0), (0, 0, 0), (0, 0, 1))
    assert (
        calibration.correctness.n,
        calibration.correctness.agreed,
        calibration.correctness.unreadable,
    ) == (3, 2, 1)
    assert calibration.support.confusion == ((1, 1), (0, 1))
    assert (calibration.support.n, calibration.support.agreed, calibration.support.unreadable) == (3, 2, 1)
    assert [one.place for one in calibration.support.disagreements] == ["l.jsonl:6"]
    assert calibration.usage == Usage(5 * 100, 5 * 10, None)


def test_kappa_is_cohens() -> None:
    """A worked example: 20 of 30 agree, 10.8 would by chance; correct or not, 24, and 15.07."""
    labels = "c" * 14 + "p" * 6 + "w" * 10
    verdicts = "c" * 11 + "p" * 3 + "c" * 3 + "p" * 2 + "w" * 1 + "w" * 7 + "p" * 3
    figures = agreement(labels, verdicts)
    chance = (14 * 14 + 6 * 8 + 10 * 8) / 900
    assert figures.kappa
    assert figures.kappa.mean == pytest.approx((20 / 30 - chance) / (1 - chance))
    assert figures.kappa.low < figures.kappa.mean < figures.kappa.high
    chance = (14 * 14 + 16 * 16) / 900
    assert figures.first
    assert figures.first.mean == pytest.approx((24 / 30 - chance) / (1 - chance))


def test_one_label_alone_has_no_kappa() -> None:
    """Nothing to agree on beyond chance."""
    figures = agreement("c" * 40, "c" * 40)
    assert (figures.kappa, figures.agreed) == (None, 40)
    assert "nothing tells" in trust(figures)


def test_claims_are_judged_several_at_a_time() -> None:
    """As `qa.checking.judge` does it."""
    llm = Reader({"a": "yes"})
    calibrate([pair(at, "a", True) for at in range(AT_ONCE + 1)], llm)
    assert sorted(map(len, llm.pairs)) == [1, AT_ONCE]


def test_a_request_that_fails_is_told_and_counts_neither_way() -> None:
    """The others are compared; what was spent is known."""
    llm = Reader({"a": "yes"}, errors={"Q2?": ServerBusy("busy")}, name="gpt-5-mini", official=True)
    calibration = calibrate(LABELS, llm)
    assert calibration.correctness
    assert (calibration.correctness.n, calibration.correctness.unreadable) == (2, 1)
    assert [(one.place, one.failure) for one in calibration.correctness.failures] == [("l.jsonl:2", "busy")]
    assert calibration.usage.cost_usd == pytest.approx(4 * (100 * 0.25 + 10 * 2) / 1e6)
    assert "1 label was not judged and counts neither way (busy)." in calibration_lines(calibration)


def test_the_limit_leaves_what_was_judged() -> None:
    """Labels for which there was no money were not judged."""
    calibration = calibrate(LABELS, Reader(name="gpt-5-mini", official=True), budget=Budget(0.0001))
    assert calibration.correctness
    assert (calibration.correctness.n, len(calibration.correctness.failures)) == (0, 4)
    assert calibration.usage == Usage()


def test_a_refused_key_is_an_error() -> None:
    """Nothing could be asked."""
    with pytest.raises(KeyRefused):
        calibrate(LABELS, Reader(errors={"Q1?": KeyRefused("refused")}))


def test_the_text_is_this_one() -> None:
    """Read it."""
    calibration = calibrate(LABELS, Reader({"a": "yes", "b": "no", "c": "no", "d": "no"}, name="m"))
    lines = calibration_lines(calibration, width=100)
    assert lines[:5] == [
        "m beside your labels of answers",
        "              judge: correct  judge: partly  judge: wrong",
        "you: correct               1              1             0",
        "you: partly                0              0             0",
        "you: wrong                 0              0             1",
    ]
    assert lines[5] == "It agrees with 2 of 3 labels (66.7 %)."
    assert lines[6].startswith("Cohen's kappa 0.50 (95 % interval -")
    assert "1 verdict could not be read and counts neither way." in lines
    assert "Too few labels to say how far the judge may be trusted: 3, where 30 are the least." in lines
    assert "  l.jsonl:2: you correct, judge partly (I read)" in lines
    assert "  l.jsonl:6: you yes, judge no" in lines
    assert lines[-1] == "m: 500 tokens in, 50 out, cost unknown"


def test_no_line_is_too_wide_and_none_obeys_a_model() -> None:
    """Names and reasons pass the screen's cleaning."""
    labels = [CaseLabel("l\x1b[2J.jsonl:1", Case("Q?", ("x",), "wrong"), "correct")] * 30
    calibration = calibrate(labels, Reader(name="m\x1b]0;x\x07" + "m" * 90))
    for line in calibration_lines(calibration, width=60):
        assert cells(line) <= 60
        assert "\x1b" not in line


@pytest.mark.parametrize(
    ("low", "expected"),
    [
        (0.85, "can stand for yours"),
        (0.7, "good for comparing runs"),
        (0.5, "a hint"),
        (0.2, "do not decide"),
    ],
)
def test_trust_goes_by_the_low_end(low: float, expected: str) -> None:
    """However high kappa itself is."""
    counted = ((20, 0, 0), (0, 5, 0), (0, 0, 5))
    assert expected in trust(Agreement(("c", "p", "w"), counted, Estimate(0.99, low, 1.0, 30), None, ()))
    few = ((20, 0, 0), (0, 5, 0), (0, 0, 4))
    assert "Too few" in trust(Agreement(("c", "p", "w"), few, Estimate(0.99, low, 1.0, 29), None, ()))


def test_the_object_holds_everything() -> None:
    """As JSON; a kind without labels is null."""
    row = calibration_object(calibrate(LABELS[:4], Reader()))
    assert json.loads(json.dumps(row)) == row
    assert (row["schema"], row["judge"], row["support"]) == ("qa.calibration/1", "judge-m", None)
    correctness = row["correctness"]
    assert isinstance(correctness, dict)
    assert {name: correctness[name] for name in ("labels", "n", "agreed", "unreadable", "failed")} == {
        "labels": 4,
        "n": 3,
        "agreed": 2,
        "unreadable": 1,
        "failed": 0,
    }
    assert correctness["confusion"]["correct"] == {"correct": 1, "partly": 1, "wrong": 0}
    assert [(one["place"], one["verdict"]) for one in correctness["differing"]] == [
        ("l.jsonl:2", "partly"),
        ("l.jsonl:4", None),
    ]
    assert correctness["kappa_correct"]["n"] == 3
