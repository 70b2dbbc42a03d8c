"""The progress line of a run: rate, time left, cost, running mean of one metric."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from qa.evaluation.judging.judge_records import Unjudged
from qa.evaluation.metrics.per_question import answer_metrics
from qa.evaluation.running.cost_estimate import estimate_lines
from qa.evaluation.running.events import DraftTried, Estimated, Judged, RecordFinished, Started, Waiting
from qa.models.metering import together
from qa.output.answers.usage import cost_text
from qa.output.progress import ProgressLine
from qa.output.text import printable

if TYPE_CHECKING:
    from qa.evaluation.running.events import Event
    from qa.evaluation.sets.authoring.with_model import Tried
    from qa.evaluation.types import Record, Verdict
    from qa.output.console import Console
    from qa.types import Usage

# The metric that is shown while a run goes on: the first of these that its questions have gold for.
_SHOWN_METRICS = ("citation_f1", "page_citation_f1", "document_citation_f1", "token_f1", "right_decision")
# Answers of two states of an index are not to be compared, and to hold on to one state would keep whoever
# indexes meanwhile from taking removed text out of the index's files.
UNCHANGED = "if the index changes before the run has ended, it stops there: what was answered is kept"
_FEW = 5  # questions; the first ones wait for the index to be loaded, so that their rate says nothing:
_RATE_AFTER = 1.0  # seconds before a rate is shown,
_RATE_OF_FEW_AFTER = 20.0  # or before that of so few questions is
_REPEAT_REASON_AFTER = 30.0  # seconds before the same reason for waiting is given again


class RunProgress:
    """Shows a run on stderr as its events come in."""

    def __init__(
        self, console: Console, clock: Callable[[], float] = time.monotonic, *, unit: str = "questions"
    ) -> None:
        self._console = console
        self._clock = clock
        self._began = clock()
        self._gauge = ProgressLine(console, clock)
        self._total = self._before = self._done = self._failed = 0
        self._rejected = 0
        self._usage: Usage | None = None
        self._sums: dict[str, tuple[float, int]] = {}
        self._unit = unit
        self._silent: dict[str, float] = {}  # reasons for waiting, and until when each is not given again

    def close(self) -> None:
        """Take the bar away."""
        self._gauge.close()

    def __call__(self, event: Event) -> None:
        """Count one event of the run and show where it is."""
        if isinstance(event, Estimated):
            self._gauge.note(printable(estimate_lines(event.expected)))
            return
        if isinstance(event, Judged):
            self.judged(event.verdict, event.total)
            return
        if isinstance(event, Started):
            self._total, self._before, self._began = event.total, event.done, self._clock()
            if event.done:
                self._gauge.note(f"{event.done:,} of {event.total:,} are done already")
            if event.done < event.total:
                self._gauge.note(UNCHANGED)
        elif isinstance(event, RecordFinished):
            self._note(event.record)
        elif isinstance(event, Waiting):
            self._wait(event)
        elif isinstance(event, DraftTried):
            self._draft(event.tried)
        elif event.in_flight:
            self._gauge.note(f"stopping; {self._under_way(event.in_flight)}; ^C again leaves at once")
        self._gauge.show(self.line, self._before + self._done, self._total)

    def judged(self, verdict: Verdict | Unjudged, total: int) -> None:
        """Count a verdict, of which there are to be `total`, and show where judging is."""
        if self._unit != "judged":
            self._unit, self._began, self._sums = "judged", self._clock(), {}
            self._total, self._before, self._done, self._failed = total, 0, 0, 0
        self._done += 1
        self._failed += isinstance(verdict, Unjudged)
        self._pay(verdict.usage)
        if not isinstance(verdict, Unjudged) and verdict.correctness is not None:
            self._add("correct", float(verdict.correctness == "correct"))
        self._gauge.show(self.line, self._done, self._total)

    def line(self) -> str:
        """Where the run is: `120 of 400 questions, 8.1/s, 35 s left, $0.42, citation_f1 0.61, 2 failed`."""
        passed = self._clock() - self._began
        parts = [f"{self._before + self._done:,} of {self._total:,} {self._unit}"]
        if self._done and passed >= (_RATE_AFTER if self._done >= _FEW else _RATE_OF_FEW_AFTER):
            rate = self._done / passed
            parts.append(_rate(rate))
            parts.append(f"{_duration(max(self._total - self._before - self._done, 0) / rate)} left")
        if self._usage is not None:
            parts.append(cost_text(self._usage))
        name = next((name for name in ("correct", *_SHOWN_METRICS) if name in self._sums), None)
        if name is not None:
            total, n = self._sums[name]
            parts.append(f"{name} {total / n:.2f}")
        parts += [f"{self._rejected:,} rejected"] if self._rejected else []
        return ", ".join([*parts, f"{self._failed:,} failed"] if self._failed else parts)

    def _draft(self, tried: Tried) -> None:
        """Count a question that was drafted; one that was rejected counts as none."""
        self._pay(tried.usage)
        if tried.question is None:
            self._rejected += 1
        else:
            self._done += 1

    def _under_way(self, number: int) -> str:
        what, doing = ("answer", "judged") if self._unit == "judged" else ("question", "answered")
        return f"{number} {what}{' is' if number == 1 else 's are'} still being {doing}"

    def _wait(self, event: Waiting) -> None:
        """Show why nothing happens, but not once for each of the questions that wait."""
        now = self._clock()
        if now >= self._silent.get(event.why, now):
            self._silent[event.why] = now + _REPEAT_REASON_AFTER
            self._gauge.note(f"{printable(event.why)}; waiting {max(event.seconds, 1):.0f} s ...")

    def _note(self, record: Record) -> None:
        self._done += 1
        answer = record.answer
        if answer is None:
            self._failed += 1
            return
        if answer.mode == "llm":
            self._pay(answer.usage)
        for name, value in answer_metrics(record, answer, None).items():
            if name in _SHOWN_METRICS:
                self._add(name, value)

    def _pay(self, usage: Usage) -> None:
        self._usage = usage if self._usage is None else together(self._usage, usage)

    def _add(self, name: str, value: float) -> None:
        total, n = self._sums.get(name, (0.0, 0))
        self._sums[name] = (total + value, n + 1)


def _rate(each_second: float) -> str:
    """A rate in the first unit of time in which it is 1 at least: `8.1/s`, `30.0/min`, `2.0/h`."""
    times = ((each_second, "s"), (60 * each_second, "min"), (3600 * each_second, "h"))
    many, unit = next((rate for rate in times if rate[0] >= 1), times[-1])
    return f"{many:,.1f}/{unit}"


def _duration(seconds: float) -> str:
    """Seconds in words, as exact as is of use: `35 s`, `5 min`, `2 h 10 min`."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60:,} h {minutes % 60} min"
