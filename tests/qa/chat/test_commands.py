"""The /commands between two questions."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from index.errors import StorageError, UsageError
from index.sync.sync import Options, sync
from index.types import Hit
from qa.answering.index_reader import IndexReader
from qa.chat.commands import LeaveConversation, parse_command, run_command, spelled
from qa.chat.conversation import Conversation
from qa.output.console import Console
from tests.support.answers import abstained, answered, citation
from tests.support.fake_embedder import LetterEmbedder


@pytest.fixture
def console() -> Console:
    """A console that keeps what is printed."""
    return Console(io.StringIO(), io.StringIO())


@pytest.fixture
def conversation(tmp_path: Path) -> Conversation:
    """A conversation in which one question was answered; its index does not exist."""
    return Conversation(IndexReader(tmp_path / ".qa"), last=answered())


def printed(console: Console) -> str:
    """What was printed."""
    out = console.out
    assert isinstance(out, io.StringIO)
    return out.getvalue()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/help", ("help", "")),
        (" /save  my notes.md ", ("save", "my notes.md")),
        ("/", ("", "")),
        ("quit", ("quit", "")),
        ("exit", ("quit", "")),
        ("/etc/hosts says what?", None),
        ("/tmp/a.txt", None),
        ("What is /help?", None),
        ("quit smoking how?", None),
    ],
)
def test_a_command_is_told_from_a_question(line: str, expected: tuple[str, str] | None) -> None:
    """A slash and letters is a command; a path, or a slash further on, is part of a question."""
    assert parse_command(line) == expected


@pytest.mark.parametrize(
    ("name", "argument", "cause", "hint"),
    [
        ("s", "", "there is no command /s", "/sources or /set or /save"),
        ("opne", "1", "there is no command /opne", "/open"),
        ("zzz", "", "there is no command /zzz", "/help"),
        ("open", "", "without a number", "one of 1"),
        ("open", "9", "there is no source 9", "one of 1"),
        ("open", "1", "did not come from a file", "qa show docs/a.txt"),
        ("save", "", "nothing was asked yet", "ask a question"),
        ("save", "a.pdf", "cannot tell the format", ".json"),
        ("set", "since soon", "since takes a date", "YYYY"),
        ("set", "sinse 2025", "nothing called 'sinse'", "/set since"),
    ],
)
def test_a_slip_is_answered_with_what_to_do(
    conversation: Conversation, console: Console, name: str, argument: str, cause: str, hint: str
) -> None:
    """Every refusal names the cause and the way out."""
    with pytest.raises(UsageError) as caught:
        run_command(conversation, console, name, argument)
    assert cause in caught.value.cause
    assert hint in caught.value.hint


def test_commands_may_be_shortened(conversation: Conversation, console: Console) -> None:
    """As long as only one fits; a bare slash asks for help."""
    run_command(conversation, console, "h", "")
    run_command(conversation, console, "", "")
    assert printed(console).count("/save [NAME|FILE]") == 2
    with pytest.raises(LeaveConversation):
        run_command(conversation, console, "q", "")


def test_settings_hold_until_they_are_taken_back(conversation: Conversation, console: Console) -> None:
    """`off`, or nothing, takes back."""
    for line in ("k 3", "source a* b*", "since 2025-10", "until 2025"):
        run_command(conversation, console, "set", line)
    assert (conversation.k, conversation.sources) == (3, ("a*", "b*"))
    assert (conversation.since, conversation.until) == ("2025-10", "2025")
    for line in ("k", "source off", "since off", "until"):
        run_command(conversation, console, "set", line)
    assert (conversation.k, conversation.sources) == (None, ())
    assert (conversation.since, conversation.until) == (None, None)


def test_before_the_first_answer_there_is_nothing_to_show(
    conversation: Conversation, console: Console
) -> None:
    """/why, /open and /save say so."""
    conversation.last = None
    for name in ("why", "open", "save"):
        with pytest.raises(UsageError, match="nothing was asked yet"):
            run_command(conversation, console, name, "1")


def test_saved_answers_add_up(conversation: Conversation, console: Console, tmp_path: Path) -> None:
    """Markdown and JSON lines are added to; what cannot be written is told."""
    for _ in range(2):
        run_command(conversation, console, "save", str(tmp_path / "a.md"))
        run_command(conversation, console, "save", str(tmp_path / "a.jsonl"))
    assert (tmp_path / "a.md").read_text(encoding="utf-8").count("## Why?") == 2
    lines = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["question"] for line in lines] == ["Why?", "Why?"]
    with pytest.raises(StorageError, match="cannot write"):
        run_command(conversation, console, "save", str(tmp_path / "no" / "such" / "folder" / "a.md"))


def test_the_home_of_nobody_is_a_folder_that_is_not_there(
    conversation: Conversation, console: Console
) -> None:
    """An error of two lines, and the conversation goes on."""
    with pytest.raises(StorageError, match="cannot write"):
        run_command(conversation, console, "save", "~nobody-of-that-name/x.md")


def test_a_source_is_opened_at_its_line(
    conversation: Conversation, console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an editor the file is opened; without anything that could, its place is printed."""
    file = tmp_path / "a.txt"
    file.write_text("x\n", encoding="utf-8")
    conversation.last = answered(citations=(citation(location=str(file)),))
    monkeypatch.setenv("VISUAL", "no-such-editor")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    run_command(conversation, console, "open", "1")
    assert printed(console).endswith("a.txt:4\n")
    file.unlink()
    with pytest.raises(UsageError, match="not there any more"):
        run_command(conversation, console, "open", "1")


def test_any_place_that_was_printed_can_be_opened(
    console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By name or path, before anything was asked; what is none is told, with the nearest name."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.txt").write_text("One.\nTwo.\n", encoding="utf-8")
    options = Options()
    sync([tmp_path / "docs"], folder=tmp_path / ".qa", embedder=LetterEmbedder, options=options)
    conversation = Conversation(IndexReader(tmp_path / ".qa", directory=tmp_path))
    monkeypatch.setattr("qa.chat.editor.subprocess.run", lambda command, **_: opened(command))
    monkeypatch.setenv("VISUAL", sys.executable)
    for place, line in (("docs/a.txt:2", "+2"), ("a.txt:5-9", "+2"), (str(tmp_path / "docs/a.txt"), "+1")):
        run_command(conversation, console, "open", place)
        assert COMMANDS_RUN.pop()[1:] == [line, str(tmp_path / "docs/a.txt")]
    for place in ("b.txt:1", "a.txt:9"):
        with pytest.raises(UsageError):
            run_command(conversation, console, "open", place)
    conversation.reader.close()


COMMANDS_RUN: list[list[str]] = []


def opened(command: list[str]) -> CompletedProcess[str]:
    """A command that ends well, and is remembered."""
    COMMANDS_RUN.append(command)
    return CompletedProcess(command, 0)


def test_quotes_hold_a_path_together(conversation: Conversation, console: Console) -> None:
    """A quote alone is part of a name."""
    for typed, sources in (
        ('"a file.txt:12" notes/*', ("a file.txt:12", "notes/*")),
        ("it's.txt b.txt", ("it's.txt", "b.txt")),
        ("a\\b.txt", ("a\\b.txt",)),
    ):
        run_command(conversation, console, "set", f"source {typed}")
        assert conversation.sources == sources


def test_why_shows_passages_and_sentences(conversation: Conversation, console: Console) -> None:
    """Of an answer and of an abstention alike; cited sentences are marked."""
    run_command(conversation, console, "why", "")
    shown = printed(console)
    assert "docs/a.txt:0-60" in shown
    assert "evidence that these answer: 0.75" in shown
    assert any(line.startswith("*") and "cancelled" in line for line in shown.splitlines())
    conversation.last = abstained(passages=())
    run_command(conversation, console, "why", "")
    assert "No passage was found" in printed(console)


def test_why_says_what_found_a_passage_and_what_became_of_it(
    conversation: Conversation, console: Console
) -> None:
    """With a model: the queries, a passage's rank for each, whether it was read and cited; no likelihoods."""
    given = answered()
    (first, *_) = given.passages
    other = replace(first, rank=2, source=replace(first.source, name="docs/z.txt"), hits=(Hit(2, 1),))
    found = replace(first, hits=(Hit(0, 3), Hit(1, 1)))
    conversation.last = replace(
        given,
        mode="llm",
        model="m",
        passages=(found, other),
        queries=("the first", "the \x1bsecond"),
        read=(1,),
    )
    run_command(conversation, console, "why", "")
    shown = printed(console).splitlines()
    begin = shown.index("Searched for")
    assert shown[begin + 1 : begin + 4] == [f"0  {given.question}", "1  the first", "2  the \\x1bsecond"]
    rows = [line.split("  ") for line in shown if "docs/" in line and ":0-60" in line]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert cells[0][-4:] == ["0: 3, 1: 1", "yes", "[1]", "docs/a.txt:0-60"]
    assert cells[1][-4:] == ["2: 1", "no", "-", "docs/z.txt:0-60"]
    assert "1 of the 2 passages that were found were read" in shown
    assert not any("likelihood" in line for line in shown)


def test_errors_name_what_can_be_typed_in_a_conversation() -> None:
    """`/set k`; what only `qa chat` itself takes is named as its option."""
    error = UsageError("since takes a date", "write one", option=("since", "max_cost"))
    assert error.spelled(spelled) == ("/set since takes a date", "write one (--max-cost)")
    assert (spelled("sources"), spelled("k")) == ("/set source", "/set k")


def test_set_k_off_brings_back_the_configured_number(tmp_path: Path, console: Console) -> None:
    """It is that of the settings, which need not be the default."""
    conversation = Conversation(IndexReader(tmp_path / ".qa"), k=4)
    run_command(conversation, console, "set", "k 7")
    assert conversation.k == 7
    run_command(conversation, console, "set", "k off")
    assert conversation.k == 4
