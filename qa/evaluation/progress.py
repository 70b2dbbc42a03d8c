"""How far a run is: one line with rate, time left, what it has cost and how well it goes.

Knows the events of a run. How a line is shown is the business of `qa/progress.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from qa.evaluation.judging.judge import Unjudged
from qa.evaluation.metrics.measures import question_metrics
from qa.evaluation.runs.run import Finished, Started, Waiting
from qa.progress import Gauge
from qa.receipt import price
from qa.screen import one_line
from qa.spending import together

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from qa.evaluation.runs.run import Event
    from qa.evaluation.types import Record, Verdict
    from qa.screen import Screen
    from qa.types import Usage

# The score that is shown while a run goes on: the first of these that its questions have gold for.
_TELLING = ("citation_f1", "page_citation_f1", "token_f1", "right_decision")


class RunProgress:
    """Shows a run on stderr as its events come in."""

    def __init__(self, screen: Screen, clock: Callable[[], float] = time.monotonic) -> None:
        self._screen = screen
        self._clock = clock
        self._began = clock()
        self._gauge = Gauge(screen, clock)
        self._total = self._before = self._done = self._failed = 0
        self._usage: Usage | None = None
        self._sums: dict[str, tuple[float, int]] = {}
        self._unit = "questions"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gauge.close()

    def __call__(self, event: Event) -> None:
        """Take note of one event of the run."""
        if isinstance(event, Started):
            self._total, self._before, self._began = event.total, event.done, self._clock()
            if event.done:
                self._screen.note(f"{event.done:,} of {event.total:,} are done already")
        elif isinstance(event, Finished):
            self._note(event.record)
        elif isinstance(event, Waiting):
            self._screen.hint(f"{one_line(event.why)}; waiting {event.seconds:.0f} s ...")
        elif event.in_flight:
            self._screen.note(
                f"\nwaiting for {event.in_flight} that are being asked; ^C again leaves at once"
            )
        self._gauge.show(self.line, self._before + self._done, self._total)

    def judged(self, verdict: Verdict | Unjudged, total: int) -> None:
        """Take note of a verdict, of which there are to be `total`."""
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
        passed = max(self._clock() - self._began, 0.001)
        rate = self._done / passed
        parts = [f"{self._before + self._done:,} of {self._total:,} {self._unit}"]
        if self._done:
            left = max(self._total - self._before - self._done, 0) / rate
            parts += [f"{rate:,.1f}/s", f"{left:,.0f} s left"]
        if self._usage is not None:
            parts.append(price(self._usage))
        name = next((name for name in ("correct", *_TELLING) if name in self._sums), None)
        if name is not None:
            total, n = self._sums[name]
            parts.append(f"{name} {total / n:.2f}")
        return ", ".join([*parts, f"{self._failed:,} failed"] if self._failed else parts)

    def _note(self, record: Record) -> None:
        self._done += 1
        answer = record.answer
        if answer is None:
            self._failed += 1
            return
        if answer.mode == "llm":
            self._pay(answer.usage)
        for name, value in question_metrics(record, None).items():
            if name in _TELLING:
                self._add(name, value)

    def _pay(self, usage: Usage) -> None:
        self._usage = usage if self._usage is None else together(self._usage, usage)

    def _add(self, name: str, value: float) -> None:
        total, n = self._sums.get(name, (0.0, 0))
        self._sums[name] = (total + value, n + 1)
