"""Asking once whether a service may be asked: at a terminal, in a pipe, after an answer."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.output.consent import agreed
from qa.output.console import Console
from qa.settings.services import Sent, decisions_file
from qa.settings.settings import Settings
from tests.support.terminals import Terminal

KEY = {"OPENAI_API_KEY": "sk-canary"}
FROM_KEY = Settings(openai_api_key="sk-canary", origins={"openai_api_key": "OPENAI_API_KEY"})
Ask = Callable[..., tuple[bool, str]]


@pytest.fixture
def ask(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Gives whether connections are allowed, and what was said, to what a person types; None is a pipe."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in list(os.environ):
        if name.startswith("XDG_"):
            monkeypatch.delenv(name)

    def asked(
        typed: str | None, settings: Settings = FROM_KEY, sent: Sent = "questions", *, allowed: bool = True
    ) -> tuple[bool, str]:
        stream = io.StringIO if typed is None else Terminal
        monkeypatch.setattr("sys.stdin", stream(typed or ""))
        err = stream()
        console = Console(io.StringIO(), err)
        found = agreed(settings, KEY, library / ".qa", console, sent=sent, ask=allowed)
        said = err.getvalue()
        assert "canary" not in said
        return not found.offline, said

    return asked


@pytest.mark.parametrize(
    ("typed", "allowed"), [("y\n", True), ("YES\n", True), ("n\n", False), ("\n", False)]
)
def test_a_person_is_asked_once(ask: Ask, typed: str, allowed: bool) -> None:
    """The service, the variable and what is sent are named; the answer counts from then on, in pipes too."""
    first = ask(typed)
    assert first[0] is allowed
    assert (
        "OPENAI_API_KEY is set. May questions and the passages found for them go to api.openai.com?"
        in first[1]
    )
    assert "[y/N] " in first[1]
    for again, said in (ask("n\n" if allowed else "y\n"), ask(None)):
        assert again is allowed
        assert said == (
            ""
            if allowed
            else "qa: nothing goes to api.openai.com, as you decided for this index (--model NAME asks it)\n"
        )


def test_who_leaves_without_an_answer_is_asked_again(ask: Ask) -> None:
    """Nothing is sent meanwhile, and nothing remembered."""
    for _ in range(2):
        allowed, said = ask("")
        assert not allowed
        assert said.endswith("[y/N] \nno answer: nothing is sent this time\n")
    assert not decisions_file().exists()


@pytest.mark.parametrize("typed", [None, "n\n"])
def test_nobody_is_asked_in_a_pipe_or_for_json(ask: Ask, typed: str | None) -> None:
    """It is said in one line, each time, and goes on."""
    for _ in range(2):
        allowed, said = ask(typed, allowed=False)
        assert allowed
        assert said == (
            "qa: questions and the passages found for them go to api.openai.com:"
            " OPENAI_API_KEY is set (--offline sends nothing)\n"
        )
    assert not decisions_file().exists()


def test_without_a_surprise_nothing_is_said(ask: Ask) -> None:
    """A model that is named, and an index whose texts are embedded here."""
    assert ask("n\n", Settings(model="m")) == (True, "")
    assert ask("n\n", sent="documents") == (True, "")
    assert ask("n\n", Settings(offline=True)) == (False, "")


def test_an_answer_that_cannot_be_kept_counts_once(ask: Ask) -> None:
    """And that is said."""
    decisions_file().parent.parent.mkdir(parents=True, exist_ok=True)
    decisions_file().parent.write_text("in the way", encoding="utf-8")
    allowed, said = ask("y\n")
    assert allowed
    assert "qa: your answer will not be remembered: cannot" in said
