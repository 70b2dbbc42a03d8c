"""`qa eval --draft` and `--accept` as a person uses them: shown one by one, never counted by themselves."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.errors import UsageError
from qa.cli.evaluation.accept import accept_drafts, draft_lines
from qa.evaluation.sets.authoring.drafts import add_drafts, drafts_in
from qa.evaluation.sets.dataset import load_questions
from qa.evaluation.types import Question
from qa.output.console import Console
from tests.support.cli import Done, Run
from tests.support.fake_server import CANARY, FakeServer, answer, error

ASKED = "question: Why was the Vasa lost?\nanswer: it carried too many cannons"
GOOD = "The Vasa was lost in 1628 because it carried too many cannons [s2]."
Draft = Callable[..., Done]


@pytest.fixture
def draft(run: Run, library: Path, tmp_path: Path) -> Draft:
    """Runs `qa eval` over a library of four documents, in a folder of its own."""

    def runner(*arguments: str) -> Done:
        return run("eval", *arguments, "--index", str(library / ".qa"), at=tmp_path)

    return runner


def test_drafts_are_written_and_not_counted(draft: Draft, tmp_path: Path) -> None:
    """Without a model; the set can be checked, and says what to do before it is asked."""
    done = draft("--draft", "2", "--out", "d.jsonl")
    assert done.code == 0, done.err
    assert done.out.startswith("1 draft written to d.jsonl: 1 about 1 source, 0 that the documents do not")
    assert "a model finds more" in " ".join(done.out.split())
    (draft_,) = drafts_in(tmp_path / "d.jsonl")
    assert "Vasa" in draft_.text
    assert draft("d.jsonl", "--check").code == 0
    refused = draft("d.jsonl")
    assert refused.code == 2
    assert "d.jsonl holds 1 draft and no question that was accepted" in refused.err
    assert "qa eval --accept d.jsonl" in refused.err


def test_drafts_beside_questions_are_told_and_left_out(draft: Draft, tmp_path: Path) -> None:
    """One line; the figures are of the others."""
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "Where was Mia born?", "answers": ["Riga"]}\n', encoding="utf-8")
    add_drafts(path, [Question("", "Why was the Vasa lost?", ("cannons",))])
    done = draft("set.jsonl")
    assert done.code == 0, done.err
    assert "1 draft is not counted: accept them with: qa eval --accept set.jsonl" in done.err
    assert done.out.startswith("1 question")


def test_drafts_again_add_what_is_new(draft: Draft) -> None:
    """Where there is nothing new, that is told, and the exit code is 1."""
    draft("--draft", "1")
    done = draft("--draft", "1", "--seed", "0", "--json")
    assert done.code in (0, 1)
    told = json.loads(done.out)
    assert told["schema"] == "qa.drafts/1"
    assert told["drafted"] == 1 - done.code


def test_a_model_drafts_over_its_server(
    draft: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two calls for a draft; what it took is told."""
    with FakeServer(answer(ASKED), answer(GOOD)) as server:
        monkeypatch.setenv("OPENAI_API_KEY", CANARY)
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        done = draft(*("--draft", "1", "--model", "wise-1", "--source", "deep/*", "--concurrency", "1"))
    assert done.code == 0, done.err
    assert CANARY not in done.out + done.err
    (kept,) = drafts_in(tmp_path / "drafts.jsonl")
    assert kept.text == "Why was the Vasa lost?"
    assert kept.evidence[0].source == "deep/boats.md"
    assert "1 of 1 drafts" in done.err


def test_a_server_that_refuses_the_key_is_an_error(
    draft: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is written."""
    with FakeServer(error(401, "bad key")) as server:
        monkeypatch.setenv("OPENAI_API_KEY", CANARY)
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        done = draft("--draft", "1", "--model", "wise-1", "--source", "deep/*")
    assert done.code == 4
    assert not (tmp_path / "drafts.jsonl").exists()


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--draft", "2", "--out", "d.csv"), "is CSV, and drafting writes JSON Lines"),
        (("--draft", "2", "--out", "none/d.jsonl"), "there is no folder none"),
        (("--draft", "2", "set.jsonl"), "exclude each other"),
        (("--draft", "2", "--accept", "d.jsonl"), "exclude each other"),
        (("--accept", "d.jsonl"), "accepting drafts needs a terminal"),
    ],
)
def test_what_cannot_be_done_is_told_before(draft: Draft, arguments: tuple[str, ...], what: str) -> None:
    """On two lines."""
    done = draft(*arguments)
    assert done.code == 2
    assert what in done.err
    assert done.err.count("\n") == 2


def test_what_it_would_cost_is_told_and_nothing_done(draft: Draft, tmp_path: Path) -> None:
    """Without a model, nothing."""
    done = draft("--draft", "3", "--dry-run")
    assert done.out == "3 drafts to write; no model: costs nothing\n"
    assert not (tmp_path / "drafts.jsonl").exists()


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


QUESTIONS = [
    Question("", f"What is the colour of ship {name}?", ("red",), True) for name in ("Ada", "Bo", "Cy")
]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A set of three drafts, at a terminal."""
    monkeypatch.setattr(sys, "stdin", Screen())
    path = tmp_path / "d.jsonl"
    add_drafts(path, QUESTIONS)
    return path


def decide(path: Path, *keys: str | type[BaseException]) -> str:
    """What is shown while somebody types these lines; the end of input after them."""
    typed: Iterator[str | type[BaseException]] = iter((*keys, EOFError))
    console = Console(Screen(), io.StringIO())

    def read(prompt: str, written: str) -> str:
        console.out.write(prompt + written)
        line = next(typed)
        if isinstance(line, type):
            raise line
        return line

    assert accept_drafts(path, console, read) == 0
    assert isinstance(console.out, Screen)
    return console.out.getvalue()


def test_each_key_does_what_it_says(path: Path) -> None:
    """Accepted, dropped, left for later; the summary counts them."""
    shown = decide(path, "y", "n", "s")
    assert [question.text for question in load_questions(path)] == [QUESTIONS[0].text]
    assert [draft.text for draft in drafts_in(path)] == [QUESTIONS[2].text]
    assert "1 accepted, 1 dropped; 1 draft left" in shown
    assert "3 of 3" in shown


def test_the_wording_can_be_edited(path: Path) -> None:
    """It stands there to be changed; an empty line leaves it; what leans on its span is told."""
    shown = decide(path, "e", "", "e", "What colour was the passage's ship Ada?", "q")
    assert [question.text for question in load_questions(path)] == ["What colour was the passage's ship Ada?"]
    assert "accepted, though it names the text before it" in shown


def test_another_key_shows_what_the_keys_are(path: Path) -> None:
    """And asks again."""
    shown = decide(path, "?", "q")
    assert " ".join(shown.split()).count("y accepts it") == 2
    assert len(drafts_in(path)) == 3


@pytest.mark.parametrize("end", [EOFError, "q"])
def test_the_end_of_input_stops(path: Path, end: str | type[BaseException]) -> None:
    """What was decided stays."""
    decide(path, "y", end)
    assert len(load_questions(path)) == 1
    assert len(drafts_in(path)) == 2


def test_a_stop_keeps_what_was_decided(path: Path) -> None:
    """^C: written after each key."""
    with pytest.raises(KeyboardInterrupt):
        decide(path, "y", "n", KeyboardInterrupt)
    assert len(load_questions(path)) == 1
    assert len(drafts_in(path)) == 1


def test_a_set_without_drafts_is_told(path: Path) -> None:
    """With what to do."""
    decide(path, "y", "y", "y")
    with pytest.raises(UsageError, match="has no drafts"):
        accept_drafts(path, Console(Screen(), io.StringIO()))


def test_nothing_of_a_draft_moves_the_cursor() -> None:
    """Documents are not to be trusted, nor what a model made of them."""
    draft_ = Question("", "What is \x1b[31mred\u202e?", ("\x1b]0;x\x07",), True)
    assert "\x1b" not in "\n".join(draft_lines(draft_, "1 of 1", 80))
