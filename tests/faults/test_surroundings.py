"""What surrounds a run: the working directory, settings, keys, the terminal, and whoever reads the output."""

from __future__ import annotations

import os
import pickle
import pty
import re
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.storage.records import checksum
from index.storage.schema import CHECKED_OF_SOURCES
from tests.faults.conftest import FaultyFolder, QaHere
from tests.support.cli import environment
from tests.support.processes import CANARY, FACT, QA, QUESTION, Done, assert_refused, assert_well_behaved, qa
from tests.support.starting import run, start

OUR_OWN = re.compile(rb"\x1b\[[0-9;]*m")


class Listener:
    """A server on loopback that counts who connects and answers nobody."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.visits = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                self._socket.accept()[0].close()
            except OSError:  # closed: the test is over
                return
            self.visits += 1

    def close(self) -> None:
        """Stop listening."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


class Bad:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self._folder),)


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()
    yield listening
    listening.close()


def test_a_hostile_folder_to_work_in(faulty_folder: FaultyFolder, copied: Path, listener: Listener) -> None:
    """D11, D15, K7, S14: what lies there, and in the index, is not obeyed, loaded or called."""
    server = f"127.0.0.1\nCHROMA_SERVER_HTTP_PORT={listener.port}\n"
    (copied / ".env").write_text(
        f"CHROMA_SERVER_HOST={server}CHROMA_API_IMPL=evilmod.Evil\nOPENAI_API_KEY={CANARY}\n"
        f"OPENAI_BASE_URL=http://127.0.0.1:{listener.port}\nIS_PERSISTENT=FALSE\n",
        encoding="utf-8",
    )
    marked = f"open({str(copied / 'imported')!r}, 'w').close()\n"
    for name in ("evilmod", "numpy", "chromadb", "sitecustomize", "index", "json"):
        (copied / f"{name}.py").write_text(marked, encoding="utf-8")
    (copied / "pyproject.toml").write_text("[tool.qa]\nk = 'many'\n[", encoding="utf-8")
    (copied / "chroma.log").write_text(CANARY, encoding="utf-8")
    for folder in {path.parent for path in (copied / ".qa" / "chroma").rglob("*.bin")}:
        (folder / "index_metadata.pickle").write_bytes(pickle.dumps(Bad(copied / "imported")))
    (copied.parent / "outside.txt").write_text(CANARY, encoding="utf-8")
    with closing(sqlite3.connect(copied / ".qa" / "catalog.sqlite3")) as connection, connection:
        connection.execute("UPDATE sources SET location = '../outside.txt' WHERE name = 'bom.txt'")
        (index,) = connection.execute("SELECT id FROM manifest").fetchone()
        row = connection.execute(
            f"SELECT {CHECKED_OF_SOURCES} FROM sources WHERE name = 'bom.txt'"
        ).fetchone()
        connection.execute("UPDATE sources SET checksum = ? WHERE id = ?", (checksum(index, *row), row[0]))
    (copied / "docs" / "new.txt").write_text("The weir of Bath was rebuilt.\n", encoding="utf-8")
    proxy = f"http://127.0.0.1:{listener.port}"
    proxies = {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "ALL_PROXY": proxy, "https_proxy": proxy}
    done = qa(
        "index", "docs", proxy + "/page.html", "--json", "--yes", at=copied, variables=proxies, fresh=True
    )
    assert (done.code, done.shown["added"], done.shown["warning"]) == (1, 1, None)
    assert done.shown["removed"] == faulty_folder.first.shown["added"] - 2  # F14: but good.txt and bom.txt
    assert [one["reason"][:25] for one in done.shown["failed"]] == ["an address, not a file; s"]  # P13
    assert qa("ask", "--json", QUESTION, at=copied, variables=proxies, fresh=True).code == 0
    # Its name says now where it claims to be; what is shown is what was read, and not what lies there.
    assert "Žluťoučký" in qa("show", "outside.txt", at=copied, variables=proxies, fresh=True).out
    assert not (copied / "imported").exists()
    assert listener.visits == 0
    assert CANARY.encode() not in (copied / ".qa" / "catalog.sqlite3").read_bytes()


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (f'openai_api_key = "{CANARY}"', "qa.toml:1: a project's file may not set openai_api_key"),
        (f'k = 5\nbase_url = "http://{CANARY}/"', "qa.toml:2: a project's file may not set base_url"),
        ("k = = 5", "qa.toml is not valid TOML"),
        ("\ufeffcolour = 1", "qa.toml:1: unknown setting 'colour'"),
    ],
)
def test_a_settings_file_that_is_wrong(copied: Path, qa_here: QaHere, content: str, cause: str) -> None:
    """K2, D15: file, line and key are named; keys and servers are refused unshown."""
    (copied / "qa.toml").write_text(content + "\n", encoding="utf-8")
    assert_refused(qa_here("ask", "--json", QUESTION, at=copied), 4, cause)


def test_keys_are_never_shown(copied: Path) -> None:
    """K1, K4, K5, K6: odd keys and addresses change nothing that needs no model, and are printed nowhere."""
    keys = {"OPENAI_API_KEY": f"{CANARY}\nx\u00e9", "OPENAI_BASE_URL": f"https://user:{CANARY}@127.0.0.1/"}
    asked = qa("ask", "--json", "--offline", QUESTION, at=copied, variables=keys)
    assert asked.code == 0
    asked = qa("ask", "--json", QUESTION, at=copied, variables=keys)
    assert (asked.code, asked.out) == (4, "")
    assert CANARY not in asked.err
    qa("config", "--json", at=copied, variables=keys)
    command = [*QA, "ask", "--debug", "--since", "never", "x"]
    done = run(command, at=copied, env=environment(copied, **keys))
    assert b"Traceback" in done.stderr
    assert CANARY.encode() not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("question", "code", "cause"),
    [
        (b"", 2, "the question is empty"),
        (b" \n\t?!\n", 2, "the question is empty"),
        (b"why " * 250_000, 2, "more than 10,000"),
        (b"Why \xff\xfe?", 2, "not UTF-8"),
    ],
    ids=["empty", "no word", "1 MB", "no UTF-8"],
)
def test_a_question_that_is_none(
    copied: Path, qa_here: QaHere, question: bytes, code: int, cause: str
) -> None:
    """R5: said in one line, with --json too."""
    assert_refused(qa_here("ask", "--json", "-", at=copied, stdin=question), code, cause)


def test_a_question_full_of_controls(copied: Path) -> None:
    """R5, T1: it is searched for what is a word in it, and repeated as escapes."""
    question = QUESTION.replace(" ", "\x1b[2J\x00\u202e \x9b").encode()
    done = qa("ask", "-", at=copied, stdin=question)
    assert (done.code, done.err) == (0, "")


def test_unknown_options_and_values(copied: Path) -> None:
    """Exit code 2, and standard output stays empty with --json."""
    assert_refused(qa("ask", "--json", "--nope", QUESTION, at=copied), 2, "No such option")
    assert_refused(qa("ask", "--json", "--since", "soon", QUESTION, at=copied), 2, "--since takes a date")


def test_readers_that_leave_and_terminals_that_can_little(copied: Path) -> None:
    """T5, T6: `| head -1` ends quietly with 0; no encoding or locale makes printing fail."""
    command = " ".join(QA)
    script = f"{command} ask '{QUESTION}' | head -1; echo ${{PIPESTATUS[0]}}"
    little = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "TERM": "dumb"}
    finished = subprocess.run(
        ["bash", "-c", script],
        cwd=copied,
        env=environment(copied, **little),
        capture_output=True,
        check=False,
    )
    assert (finished.stdout.splitlines()[-1], finished.stderr) == (b"0", b"")
    done = qa("sources", at=copied, variables=little)
    assert (done.code, done.err) == (0, "")
    assert done.out.isascii()
    shown = qa("show", "shift-jis.txt", "--json", at=copied, variables=little)
    assert shown.out.isascii()
    assert "東京の図書館" in shown.shown["text"]


@pytest.mark.parametrize("variables", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_is_sent_our_own_colours_only(copied: Path, variables: dict[str, str]) -> None:
    """T1, T3, T6: on a terminal the only sequences are ours; none with NO_COLOR or on a dumb one."""
    asked, raw = on_a_terminal("ask", QUESTION, at=copied, **variables)
    assert (asked.code, FACT[:40] in asked.out) == (0, True)
    assert bool(OUR_OWN.search(raw)) == (not variables)
    hostile = {"controls.txt:1": r"\x1b[2J", "hidden-signs.txt:1": r"\u202e"}
    for place, escape in hostile.items() if not variables else ():
        shown, _ = on_a_terminal("show", place, at=copied)
        assert (shown.code, escape in shown.out) == (0, True)


def test_a_package_that_does_not_load(copied: Path) -> None:
    """F16: it is named, and so is what to do."""
    script = "import sys; sys.modules['numpy'] = None; from qa.cli.app import main; sys.exit(main())"
    finished = subprocess.run(
        [sys.executable, "-P", "-c", script, "ask", "--json", QUESTION],
        cwd=copied,
        env=environment(copied),
        capture_output=True,
        check=False,
    )
    done = assert_well_behaved(finished.returncode, finished.stdout, finished.stderr)
    assert_refused(done, 1, "a package that qa needs does not load", "numpy")


def on_a_terminal(*words: str, at: Path, **variables: str) -> tuple[Done, bytes]:
    """A run whose output is a terminal: checked without our own colours, and as it came."""
    ours, theirs = pty.openpty()
    env = environment(at, **{"TERM": "xterm", "PAGER": "cat", "COLUMNS": "100", **variables})
    with start([*QA, *words], at=at, env=env, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        raw = b""
        while data := _read(ours):
            raw += data
    os.close(ours)
    plain = OUR_OWN.sub(b"", raw).replace(b"\r\n", b"\n")
    return assert_well_behaved(process.returncode, plain, b""), raw


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the last one on the other side has gone
        return b""
