"""The conversation, driven through a real terminal: keys in, a screen out."""

from __future__ import annotations

import io
import json
import os
import pty
import stat
import sys
import termios
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pexpect
import pyte
import pytest
from pexpect.fdpexpect import fdspawn

from qa.chat import repl
from qa.output.console import Console
from tests.support.cli import environment, shell, update_index, write_documents
from tests.support.starting import start
from tests.support.timeouts import PATIENCE

ROWS, COLUMNS = 40, 100


class Terminal:
    """A program in a terminal of 40 rows and 100 columns: what it shows, and keys for it."""

    def __init__(self, arguments: list[str], at: Path, **more: str) -> None:
        env = {**environment(at), "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", **more}
        ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (ROWS, COLUMNS))
        command = [sys.executable, "-m", "qa", *arguments]
        self.child = start(
            command, at=at, env=env, stdin=theirs, stdout=theirs, stderr=theirs, new_session=True
        )
        os.close(theirs)
        self.process = fdspawn(ours, timeout=0.1)
        self.console = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self.console)
        self.raw = b""

    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(line.rstrip() for line in self.console.display).strip()

    def wait(self, wanted: str, times: int = 1) -> str:
        """The screen, as soon as `wanted` stands on it so many times."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                data = self.process.read_nonblocking(65536, timeout=0.1)
            except (pexpect.TIMEOUT, pexpect.EOF):
                data = b""
            self.raw += data
            self._stream.feed(data)
            if self.text().count(wanted) >= times:
                return self.text()
        raise AssertionError(f"{wanted!r} did not appear:\n{self.text()}")

    def type(self, keys: str) -> None:
        """Press keys."""
        self.process.send(keys)

    def leave(self) -> int:
        """Press ^D until the program ends; its exit code.

        Once is not enough: between an answer and its prompt the terminal is not raw, and keeps the key.
        """
        until = time.monotonic() + PATIENCE
        self.type("\x04")
        while self.process.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=2) and time.monotonic() < until:
            self.type("\x04")
        return self.ended()

    def ended(self) -> int:
        """The exit code, once the program has ended."""
        self.process.expect(pexpect.EOF, timeout=PATIENCE)
        self.process.close()
        return self.child.wait(PATIENCE)

    def close(self) -> None:
        """Kill the program, if it has not ended, and take the terminal away."""
        self.child.kill()
        self.child.wait(PATIENCE)
        self.process.close()


@pytest.fixture
def terminal(library: Path) -> Iterator[Terminal]:
    """A conversation that has begun."""
    begun = Terminal([], library)
    begun.wait("qa>")
    yield begun
    begun.close()


def test_a_question_is_answered_and_its_sentences_can_be_saved(terminal: Terminal, library: Path) -> None:
    """Ask, look why, save in two formats, leave with ^D."""
    terminal.type("Why was the Vasa lost?\r")
    shown = terminal.wait("docs/deep/boats.md:3")
    assert "carried too many cannons. [1]" in shown
    terminal.type("/why\r")
    assert "Sentences considered" in terminal.wait("evidence that these answer")
    for name in ("notes.md", "answer.json"):
        (library / name).unlink(missing_ok=True)
        terminal.type(f"/save {name}\r")
        terminal.wait(f"saved to {name}")
        assert stat.S_IMODE((library / name).stat().st_mode) == 0o600
    assert "## Why was the Vasa lost?" in (library / "notes.md").read_text(encoding="utf-8")
    assert json.loads((library / "answer.json").read_text(encoding="utf-8"))["status"] == "answered"
    terminal.type("/save answer.json\r")
    terminal.wait("is there already")
    assert terminal.leave() == 0


def test_a_mistake_of_ours_ends_a_question_and_no_conversation(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told in two lines, without a word of what was asked or read, and the next line is taken."""
    taken: list[str] = []
    lines = iter(["one", "two"])

    def prompt(*_: object, **__: object) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    def turn(_conversation: object, _console: object, line: str, *_: object) -> None:
        taken.append(line)
        raise RuntimeError("a private sentence")

    monkeypatch.setattr(repl, "_turn", turn)
    told = io.StringIO()
    session: Any = SimpleNamespace(prompt=prompt)
    nothing: Any = None
    repl._loop(nothing, Console(io.StringIO(), told), session, threading.Thread(), nothing)
    assert taken == ["one", "two"]
    assert told.getvalue().count("internal error: RuntimeError") == 2
    assert "private" not in told.getvalue()


def test_commands_and_sources_are_completed(terminal: Terminal) -> None:
    """Tab completes a command, and a source by the last part of its name."""
    terminal.type("/sou\t")
    terminal.wait("/sources")
    terminal.type(" boa\t")
    terminal.wait("/sources deep/boats.md")
    terminal.type("\r")
    shown = terminal.wait("deep/boats.md", times=2)
    assert "/sources deep/boats.md" in shown


def test_an_unknown_command_is_met_with_the_nearest(terminal: Terminal) -> None:
    """A slip of the finger is no question; a path is one."""
    terminal.type("/souces\r")
    terminal.wait("did you mean /sources?")
    terminal.type("/docs/boats what about the Vasa\r")
    terminal.wait("docs/deep/boats.md:")


def test_what_is_set_narrows_the_search(terminal: Terminal) -> None:
    """/set shows, sets and takes back."""
    terminal.type("/set source cats*\r")
    terminal.wait("cats*", times=2)
    terminal.type("Why was the Vasa lost?\r")
    shown = terminal.wait("qa>", times=3)
    assert "boats.md" not in shown
    terminal.type("/set source off\r")
    terminal.wait("all")
    terminal.type("/set k 0\r")
    terminal.wait("k takes a whole number from 1 to 1000, not '0'")
    terminal.type("/set kk 3\r")
    terminal.wait("did you mean /set k?")


def test_interrupting_clears_the_line_and_then_says_how_to_leave(terminal: Terminal) -> None:
    """^C never ends a conversation; /quit does."""
    terminal.type("half a ques\x03")
    terminal.wait("qa>", times=2)
    terminal.type("\x03")
    terminal.wait("To leave: ^D or /quit.")
    terminal.type("/quit\r")
    assert terminal.ended() == 0


def test_several_pasted_lines_are_one_question(terminal: Terminal) -> None:
    """A bracketed paste is not cut at its line breaks."""
    terminal.type("\x1b[200~Why was\nthe Vasa\nlost?\x1b[201~\r")
    assert "cannons. [1]" in terminal.wait("boats.md:3")


def test_a_question_is_remembered_in_a_private_file(library: Path) -> None:
    """The next conversation has it one key away; nobody else may read it."""
    first = Terminal(["chat"], library)
    first.wait("qa>")
    first.type("Where was Mia born?\r")
    first.wait("cats.txt:3")
    assert first.leave() == 0
    history = next(library.rglob("history"))
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    second = Terminal(["chat"], library)
    second.wait("qa>")
    second.type("\x1b[A")
    second.wait("Where was Mia born?")
    second.close()


def test_a_new_generation_is_seen_without_a_restart(tmp_path: Path) -> None:
    """What another process indexes meanwhile answers the next question."""
    write_documents(tmp_path)
    update_index(tmp_path)
    terminal = Terminal([], tmp_path)
    terminal.wait("qa>")
    terminal.type("Where was the Titanic built?\r")
    terminal.wait("qa>", times=2)
    (tmp_path / "docs" / "titanic.txt").write_text(
        "The Titanic was built in Belfast in 1912.\n", encoding="utf-8"
    )
    update_index(tmp_path)
    terminal.type("Where was the Titanic built?\r")
    terminal.wait("docs/titanic.txt:1")
    terminal.close()


def test_documents_cannot_act_on_the_terminal(terminal: Terminal) -> None:
    """Escapes of a document are shown; the ones that reach the terminal are prompt_toolkit's and ours."""
    terminal.type("Where was the reversed summit held?\r")
    shown = terminal.wait("evil.txt:1")
    assert "\\x1b[31mred\\x1b[0m \\u202ereversed summit [/bold]" in " ".join(shown.split())
    assert "\u202e".encode() not in terminal.raw


def test_the_prompt_waits_for_no_heavy_package(library: Path) -> None:
    """What happens before the prompt imports neither numpy nor a model, nor what answers."""
    script = """
import json, sys
from pathlib import Path
from qa.chat import repl
from qa.answering.index_reader import IndexReader
IndexReader(Path(".qa")).catalog().counts()
print(json.dumps(sorted(sys.modules)))
"""
    done = shell(f"{sys.executable} -c '{script}'", library)
    heavy = {
        "numpy",
        "tokenizers",
        "chromadb",
        "llama_index",
        "openai",
        "rich",
        "typer",
        "qa.answering.answer",
    }
    assert not heavy & set(json.loads(done.stdout.replace(b"'", b"")))


def test_a_dumb_terminal_will_do(library: Path) -> None:
    """Without cursor movement there is still a prompt and an answer, and no colour."""
    terminal = Terminal([], library, TERM="dumb")
    terminal.wait("qa>")
    terminal.type("Why was the Vasa lost?\r")
    terminal.wait("boats.md:3")
    assert b"\x1b[1m" not in terminal.raw
    terminal.close()


def test_without_a_terminal_on_stdout_it_refuses(library: Path) -> None:
    """`qa chat | cat` says what to use instead."""
    done = shell("$QA chat </dev/null; echo $?", library)
    assert done.stdout == b"2\n"
    assert b"qa ask -" in done.stderr
    assert os.linesep.encode() in done.stderr
