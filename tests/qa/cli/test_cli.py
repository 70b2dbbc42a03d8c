"""The command line from outside: what it prints where, and how it ends."""

from __future__ import annotations

import fcntl
import json
import re
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from qa import __version__
from qa.output.text import printable
from tests.support.cli import DOCUMENTS, QUESTION, Done, Run, environment, shell, write_documents
from tests.support.file_names import local_name, utf8_file_names
from tests.support.starting import start
from tests.support.timeouts import PATIENCE


def test_ask_answers_with_the_sentence_it_rests_on(run: Run, library: Path) -> None:
    """Prose with a marker, then the place as a terminal can open it."""
    done = run("ask", QUESTION, at=library)
    assert (done.code, done.err) == (0, "")
    assert "carried too many cannons. [1]" in done.out
    assert "docs/deep/boats.md:3" in done.out
    assert "\x1b" not in done.out


def test_every_cited_sentence_is_explained(run: Run, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many likelier ones there are; of the others, so many."""
    monkeypatch.setattr("qa.chat.explain.SHOWN", 0)
    done = run("ask", "--explain", QUESTION, at=library)
    considered = done.out.partition("Sentences considered")[2].splitlines()
    assert len([line for line in considered if line.startswith("*")]) == 1
    assert "The Vasa was lost" in "".join(considered)
    assert not [line for line in considered[2:-2] if line.startswith(" ")]


@pytest.mark.parametrize(
    "variables",
    [
        {"COLUMNS": "24", "LINES": "1"},
        {"COLUMNS": "1000"},
        {"COLUMNS": "0"},
        {"NO_COLOR": "1", "TERM": ""},
        {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"},
        {"LC_ALL": "C"},
        {"TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8"},
    ],
    ids=str,
)
def test_the_surroundings_change_no_word(
    run: Run, library: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    """Width, colour, language and time zone decide where lines are broken and nothing else."""
    expected = [run(*words, at=library) for words in (("ask", QUESTION), ("show", "cats.txt:3"))]
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    time.tzset()
    try:
        runs = [run(*words, at=library) for words in (("ask", QUESTION), ("show", "cats.txt:3"))]
    finally:
        monkeypatch.undo()
        time.tzset()
    assert [(done.code, done.out.split(), done.err) for done in runs] == [
        (0, done.out.split(), "") for done in expected
    ]


def test_ask_json_is_one_line_whose_citations_are_exact(run: Run, library: Path) -> None:
    """Stdout holds one object and nothing else; every citation is a slice of its file."""
    done = run("ask", "--json", QUESTION, at=library)
    shown = json.loads(done.out)
    assert (done.code, done.err, done.out.count("\n")) == (0, "", 1)
    assert shown["schema"] == "qa.answer/1"
    assert shown["citations"]
    for citation in shown["citations"]:
        text = (library / "docs" / citation["source"]).read_text(encoding="utf-8")
        assert text[citation["start"] : citation["end"]] == citation["text"]


def test_ask_takes_words_or_stdin(run: Run, library: Path) -> None:
    """Quotes around a question may be forgotten, and `-` reads it from stdin."""
    asked = {
        json.loads(run("ask", "--json", *words, at=library, stdin=stdin).out)["question"]
        for words, stdin in ((QUESTION.split(), b""), (["-"], QUESTION.encode() + b"\n"))
    }
    assert asked == {QUESTION}


def test_ask_abstains_with_its_own_exit_code(run: Run, library: Path) -> None:
    """Only who asks for it is told by the exit code."""
    question = "What is the boiling point of ethanol?"
    assert run("ask", question, at=library).code == 0
    done = run("ask", "--fail-on-abstain", "--json", question, at=library)
    assert done.code == 3
    assert json.loads(done.out)["status"] == "abstained"
    assert run("ask", "--fail-on-abstain", QUESTION, at=library).code == 0


def test_ask_can_be_narrowed_to_sources(run: Run, library: Path) -> None:
    """A source that does not match answers nothing, and is not among the passages."""
    done = run("ask", "--json", "--source", "cats*", QUESTION, at=library)
    assert {passage["source"] for passage in json.loads(done.out)["passages"]} <= {"cats.txt"}


def test_no_document_reaches_the_terminal(run: Run, library: Path) -> None:
    """Control characters of a document are shown as escapes, by every command that prints documents."""
    for arguments in (["ask", "Where was the summit held?"], ["show", "evil.txt"], ["show", "evil.txt:1"]):
        for more in ([], ["--json"], ["--color", "always"]):
            out = run(*arguments, *more, at=library).out
            assert "reversed" in out
            own = re.sub(r"\x1b\[[0-9;]*m", "", out) if more == ["--color", "always"] else out
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", own)


@pytest.mark.parametrize(
    ("arguments", "code", "cause", "hint"),
    [
        (["ask", ""], 2, "the question is empty", "ask something"),
        (["ask", " ?! "], 2, "the question is empty", "ask something"),
        (["ask", "x" * 10_001], 2, "more than 10,000", "shorter"),
        (["ask"], 2, "Missing argument 'QUESTION'", "qa ask --help"),
        (["ask", "--k", "0", "x"], 2, "--k", "qa ask --help"),
        (["ask", "--k", "many", "x"], 2, "--k", "qa ask --help"),
        (["ask", "--since", "yesterday", "x"], 2, "--since takes a date", "YYYY-MM-DD"),
        (["ask", "--since", "2025-02-30", "x"], 2, "--since takes a date", "YYYY-MM-DD"),
        (
            ["ask", "--since", "2025", "--until", "2024-12", "x"],
            2,
            "nothing lies between 2025 and 2024-12",
            "exchange the two (--since, --until)",
        ),
        (["ask", "--source", "none*", "x"], 2, "no source fits", "qa sources"),
        (["ask", "--since", "2999", "x"], 2, "no source fits", "qa sources"),
        (["ask", "--color", "blue", "x"], 2, "--color takes one of", "--help"),
        (["ask", "--index", "nowhere", "x"], 6, "there is no index at", "qa index FOLDER (--index)"),
        (["ask", "--nonsense", "x"], 2, "No such option", "qa ask --help"),
        (["aks", "x"], 2, "No such command 'aks'", "qa --help"),
        (["chat"], 2, "needs a terminal", "qa ask -"),
        ([], 2, "needs a terminal", "qa ask -"),
        (["show", "nothing.txt"], 2, "no source is called 'nothing.txt'", "qa sources"),
        (["show", "boats.md"], 2, "no source is called 'boats.md'", "did you mean deep/boats.md?"),
        (["show", "cats.txt:5-99999"], 2, "has no such place: 5-99999", "characters"),
        (["show", "cats.txt:9-5"], 2, "has no such place: 9-5", "characters"),
        (["show", "cats.txt:99"], 2, "has no such place: 99", "lines"),
        (["index", "-", "docs"], 2, "- is indexed by itself", "a command of their own"),
        (["index", "--name", "x.txt", "docs"], 2, "--name is for", "give -"),
        (["index", "--max-file-size", "big", "docs"], 2, "--max-file-size takes a size", "--help"),
    ],
)
def test_what_goes_wrong_is_two_lines(
    run: Run, library: Path, arguments: list[str], code: int, cause: str, hint: str
) -> None:
    """One line of cause, one of what to do, on stderr; nothing on stdout; the exit code tells the kind."""
    done = run(*arguments, at=library)
    assert (done.code, done.out) == (code, "")
    first, second = done.err.splitlines()
    assert first.startswith("qa: ")
    assert cause in first
    assert hint in second


def test_without_an_index_the_hint_says_how_to_make_one(run: Run, tmp_path: Path) -> None:
    """Exit code 6, for every command that needs one."""
    for arguments in (["ask", "x"], ["sources"], ["show", "x"]):
        done = run(*arguments, at=tmp_path)
        assert (done.code, done.out) == (6, "")
        assert "qa index" in done.err


def test_an_unwritable_wish_creates_no_index(run: Run, tmp_path: Path) -> None:
    """An index is not begun for a path that does not exist."""
    done = run("index", "nothing", at=tmp_path)
    assert done.code == 2
    assert "there is no file or folder nothing" in done.err
    assert not (tmp_path / ".qa").exists()


def test_index_reports_what_it_did(run: Run, tmp_path: Path) -> None:
    """A table on stdout; the second run finds everything unchanged; a broken file is named and fails."""
    write_documents(tmp_path)
    first = run("index", "docs", at=tmp_path)
    assert first.code == 0
    assert re.search(r"^added +4$", first.out, re.MULTILINE)
    assert "new index" in first.err
    (tmp_path / "docs" / "broken.pdf").write_bytes(b"%PDF-1.4 and no more")
    second = run("index", "docs", "--json", at=tmp_path)
    shown = json.loads(second.out)
    assert second.code == 1
    assert (shown["added"], shown["unchanged"]) == (0, 4)
    assert [failure["name"] for failure in shown["failed"]] == ["broken.pdf"]
    third = run("index", "docs", at=tmp_path)
    assert re.search(r"^  broken\.pdf: \S", third.out, re.MULTILINE)
    assert run("ask", QUESTION, at=tmp_path).code == 0
    missing = run("index", "no/such/file", at=tmp_path)
    assert missing.code == 1
    assert re.search(r"^  .*no/such/file: \S", missing.out, re.MULTILINE)


def test_index_takes_a_text_from_stdin(run: Run, tmp_path: Path) -> None:
    """It is a source like any other, by the name it is given."""
    done = run("index", "-", "--name", "note.txt", at=tmp_path, stdin="Zürich lies on a lake.\n".encode())
    assert done.code == 0
    assert "Zürich lies on a lake." in run("show", "note.txt", at=tmp_path).out
    assert json.loads(run("sources", "--json", at=tmp_path).out)["sources"][0]["location"] is None
    too_large = run("index", "-", "--max-file-size", "5", at=tmp_path, stdin=b"123456")
    assert too_large.code == 2


def test_an_empty_folder_is_told(run: Run, tmp_path: Path) -> None:
    """Nothing to index is said, and an index without sources says how to fill it."""
    (tmp_path / "docs").mkdir()
    done = run("index", "docs", at=tmp_path)
    assert (done.code, "found no file to index" in done.err) == (0, True)
    asked = run("ask", "x", at=tmp_path)
    assert asked.code == 6
    assert "is empty" in asked.err
    assert "The index is empty" in run("sources", at=tmp_path).err


def test_sources_are_listed(run: Run, library: Path) -> None:
    """Tab-separated for a program, or as JSON."""
    done = run("sources", at=library)
    rows = [line.split("\t") for line in done.out.splitlines()]
    assert rows[0] == ["name", "title", "date", "from", "reader", "characters"]
    names = sorted(map(local_name, DOCUMENTS))
    assert [row[0] for row in rows[1:]] == list(map(printable, names))
    listed = json.loads(run("sources", "--json", at=library).out)["sources"]
    assert [source["name"] for source in listed] == names


def test_show_prints_the_whole_text_when_piped(run: Run, library: Path) -> None:
    """By name or by path, from anywhere below."""
    assert run("show", "cats.txt", at=library).out == DOCUMENTS["cats.txt"]
    assert run("show", "boats.md", at=library / "docs" / "deep").out == DOCUMENTS["deep/boats.md"]


def test_show_marks_a_span_in_its_context(run: Run, library: Path) -> None:
    """Lines around it are numbered; the ones it lies in are marked."""
    text = DOCUMENTS["cats.txt"]
    start = text.index("She")
    end = text.index("Leo is")
    done = run("show", f"cats.txt:{start}-{end}", "--context", "1", at=library)
    assert done.out.splitlines()[1:] == [
        "  2  ",
        "> 3  Mia is a grey cat. She was born in Riga in 2019.",
        "  4  Leo is her brother.",
    ]
    shown = json.loads(run("show", f"cats.txt:{start}-{end}", "--json", at=library).out)
    assert (shown["text"], shown["line"], shown["page"]) == (text[start:end], 3, None)
    assert "> 4  Leo is her brother." in run("show", "docs/cats.txt:4", at=library).out


def test_config_says_where_settings_come_from(
    run: Run, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Value and origin, as a table and as JSON."""
    monkeypatch.setenv("QA_K", "7")
    settings = json.loads(run("config", "--json", at=library).out)["settings"]
    assert settings["k"] == {"value": 7, "origin": "QA_K"}
    assert settings["color"] == {"value": "auto", "origin": "default"}
    assert "k\t7\tQA_K" in run("config", at=library).out.splitlines()
    monkeypatch.setenv("QA_K", "many")
    wrong = run("config", at=library)
    assert wrong.code == 4
    assert "QA_K takes a whole number from 1 to 1000, not 'many'" in wrong.err


def test_debug_shows_where_it_went_wrong(run: Run, tmp_path: Path) -> None:
    """A traceback is shown on request only, and with the two lines after it."""
    assert "Traceback" not in run("ask", "x", at=tmp_path).err
    done = run("ask", "x", "--debug", at=tmp_path)
    assert "Traceback" in done.err
    assert done.err.splitlines()[-2].startswith("qa: ")
    assert "Traceback" not in run("ask", "--", "--debug", at=tmp_path).err


def test_the_version_is_the_packages(run: Run, tmp_path: Path) -> None:
    """One line on stdout."""
    assert run("--version", at=tmp_path) == Done(0, f"qa {__version__}\n", "")


def test_escapes_in_what_a_person_typed_are_shown(run: Run, tmp_path: Path) -> None:
    """An error message repeats arguments, and passes the same sanitiser."""
    for arguments in (["ask", "--since", "\x1b]0;x\x07", "y"], ["\x1b[2J"], ["ask", "--\x1b[2J", "y"]):
        done = run(*arguments, at=tmp_path)
        assert done.code == 2
        assert "\x1b" not in done.err
        assert "\x07" not in done.err


def test_a_reader_that_leaves_is_no_error(library: Path) -> None:
    """`| head` ends quietly with 0: while results are written, and while help is."""
    for command in ("show cats.txt --json", "--help", "sources"):
        done = shell(f"$QA {command} | true; echo ${{PIPESTATUS[0]}}", library)
        assert (done.stdout, done.stderr) == (b"0\n", b"")


@utf8_file_names
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_poor_terminal_shows_escapes(library: Path, encoding: str) -> None:
    """No encoding makes printing fail, JSON stays JSON, and a name typed as bytes is understood."""
    poor = {"PYTHONUTF8": "0", "PYTHONIOENCODING": encoding, "LC_ALL": "C"}
    done = shell("$QA show łódź.txt --json && $QA sources && $QA show łódź.txt", library, **poor)
    assert (done.returncode, done.stderr) == (0, b"")
    first, *rest = done.stdout.decode(encoding).splitlines()
    assert json.loads(first)["text"] == DOCUMENTS["łódź.txt"]
    assert any("\\u0142\\xf3d\\u017a.txt" in row or "\\u0142ód\\u017a.txt" in row for row in rest)


def test_interrupting_ends_with_130(tmp_path: Path) -> None:
    """^C while the question is read from a pipe: no traceback."""
    command = [sys.executable, "-m", "qa", "ask", "-"]
    process = start(command, at=tmp_path, env=environment(tmp_path), stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(b"Why")
    process.stdin.flush()
    until = time.monotonic() + PATIENCE
    while waiting_in(process.stdin.fileno()) and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert b"Traceback" not in err


def waiting_in(pipe: int) -> int:
    """How many bytes were written to a pipe and not yet read."""
    answer = fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4)
    return int.from_bytes(answer, sys.byteorder)


def test_limits_of_one_file(run: Run, tmp_path: Path) -> None:
    """A file that exceeds one is named with it and with the setting that raises it; the others are read."""
    (tmp_path / "a.csv").write_text("name,value\n" + "x,1\n" * 100, encoding="utf-8")
    (tmp_path / "b.txt").write_text("It rained in Oslo.", encoding="utf-8")
    done = run("index", ".", "--no-chroma", "--limit", "max_cells=100", at=tmp_path)
    assert done.code == 1
    assert "more than 100 cells (raise max_cells to read it)" in done.out
    assert run("index", ".", "--no-chroma", at=tmp_path).code == 0
    wrong = run("index", ".", "--limit", "cells=100", at=tmp_path)
    assert (wrong.code, "there is no limit called 'cells'" in wrong.err) == (2, True)
    none = run("index", ".", "--limit", "max_cells=few", at=tmp_path)
    assert (none.code, "--limit max_cells takes a whole number" in none.err) == (2, True)


def test_a_text_on_stdin_has_the_limits_of_files(run: Run, tmp_path: Path) -> None:
    """It is read as a file of its name is."""
    page = b"<div>" * 200 + b"words"
    done = run("index", "-", "--name", "a.html", "--limit", "max_depth=100", at=tmp_path, stdin=page)
    assert done.code == 1
    assert "raise max_depth to read it" in done.out
