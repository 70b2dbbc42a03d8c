"""`qa doctor`: what it prints, its JSON, its exit codes, and that it asks nobody unasked."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from index.errors import ModelError
from index.health.findings import CheckFinding
from index.health.repair.repair import Repair
from index.storage.lock import writer_lock
from index.vectors.writer_process import ChromaStatus
from qa.output.console import Console
from qa.output.health import print_finding, print_repair, summary
from tests.support.cli import Run, update_index, write_documents
from tests.support.damage import catalog_file, flipped, statements
from tests.support.fake_server import FakeServer, answer, error
from tests.support.terminals import Terminal

CHECKS = [
    *("settings", "keys", "permissions", "disk", "file system", "lock", "leftovers"),
    *("catalog", "sources", "full text", "vectors", "chroma", "files", "versions"),
]


@pytest.fixture(autouse=True)
def _no_chroma(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for the process in the background, which the library was made without."""
    monkeypatch.setenv("QA_CHROMA", "no")


@pytest.fixture
def damaged(library: Path, tmp_path: Path) -> Path:
    """A copy of the library, in which the text of one source is another one."""
    folder = tmp_path / "damaged"
    shutil.copytree(library, folder)
    statements("UPDATE chunks SET text = replace(text, 'Vasa', 'Wasa')")(folder)
    return folder


def test_a_sound_index_has_a_line_for_each_check(run: Run, library: Path) -> None:
    """In a pipe: state, check, what was found and what to do, with tabs between; nothing on stderr."""
    done = run("doctor", at=library)
    rows = [line.split("\t") for line in done.out.splitlines()]
    assert [row[1] for row in rows] == CHECKS
    assert {row[0] for row in rows} <= {"ok", "note"}
    assert (done.code, done.err) == (0, "")


def test_each_check_is_printed_when_it_is_done(
    run: Run, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes first stands there while the next one is still at it."""

    def interrupted(*_: object, **_options: object) -> CheckFinding:
        raise KeyboardInterrupt

    monkeypatch.setattr("index.health.checkup.check_vectors", interrupted)
    done = run("doctor", at=library)
    assert done.code == 130
    assert [line.split("\t")[1] for line in done.out.splitlines()] == CHECKS[: CHECKS.index("vectors")]


def test_json_has_all_of_it(run: Run, damaged: Path) -> None:
    """And the names of what is damaged."""
    done = run("doctor", "--json", at=damaged)
    shown = json.loads(done.out)
    assert done.code == 1
    assert (shown["schema"], shown["ok"], shown["repairs"]) == ("qa.doctor/1", False, [])
    assert shown["index"] == str(damaged / ".qa")
    sources = next(check for check in shown["checks"] if check["check"] == "sources")
    assert (sources["state"], sources["repair"], sources["names"]) == ("wrong", True, ["deep/boats.md"])
    assert sources["advice"] == "qa doctor --repair: read again, where the file is still there"


def test_a_repair_is_said_and_checked(run: Run, damaged: Path) -> None:
    """Once; a second one finds nothing to do. The answer is that of before."""
    done = run("doctor", "--repair", at=damaged)
    assert done.code == 0, done.out
    repairs = [line.split("\t")[2] for line in done.out.splitlines() if line.split("\t")[1] == "repair"]
    assert repairs == ["wrote the full-text index anew", "read 1 damaged source again"]
    assert [line.split("\t")[1] for line in done.out.splitlines()][2:] == CHECKS
    again = json.loads(run("doctor", "--repair", "--json", at=damaged).out)
    assert (again["repairs"], again["ok"]) == ([], True)
    assert "The Vasa was lost" in run("ask", "Why was the Vasa lost?", at=damaged).out


def test_the_advice_of_a_question_mends(run: Run, library: Path, tmp_path: Path) -> None:
    """A chunk that is not what its source says ends the question, with the command that helps."""
    folder = tmp_path / "moved"
    shutil.copytree(library, folder)
    statements('UPDATE chunks SET start = start + 1, "end" = "end" + 1 WHERE text LIKE \'%Vasa%\'')(folder)
    done = run("ask", "Why was the Vasa lost?", at=folder)
    assert done.code == 6
    assert "qa doctor" in done.err
    run("doctor", "--repair", at=folder)
    assert "The Vasa was lost" in run("ask", "Why was the Vasa lost?", at=folder).out


def test_what_is_lost_is_said(run: Run, damaged: Path) -> None:
    """With the name of the source and where its file was."""
    (damaged / "docs" / "deep" / "boats.md").unlink()
    done = run("doctor", "--repair", "--json", at=damaged)
    (lost,) = [one for one in json.loads(done.out)["repairs"] if one["lost"]]
    assert lost["names"] == ["deep/boats.md"]
    assert str(Path("deep") / "boats.md") in lost["text"]


def test_without_an_index_the_rest_is_said(run: Run, tmp_path: Path) -> None:
    """Exit code 6, also for one that cannot be opened; settings and versions are looked at all the same."""
    done = run("doctor", "--json", at=tmp_path)
    assert done.code == 6
    assert [check["check"] for check in json.loads(done.out)["checks"]] == [
        "settings",
        "keys",
        "catalog",
        "versions",
    ]
    assert run("doctor", "--repair", at=tmp_path).code == 6
    assert not (tmp_path / ".qa").exists()


def test_a_catalog_that_cannot_be_opened_is_salvaged(run: Run, damaged: Path) -> None:
    """The advice given is the one that helps."""
    flipped(3)(damaged)
    done = run("doctor", at=damaged)
    assert done.code == 6
    assert "qa doctor --repair" in done.out
    assert run("doctor", "--repair", at=damaged).code == 0
    assert "The Vasa was lost" in run("ask", "Why was the Vasa lost?", at=damaged).out


def test_a_catalog_of_which_nothing_is_left_is_made_again(run: Run, damaged: Path) -> None:
    """Exit code 6 until it was; the file is kept."""
    catalog_file(damaged).write_bytes(b"nothing of it is left" * 5000)
    done = run("doctor", "--repair", at=damaged)
    assert done.code == 6
    assert "nothing can be read of the catalog" in done.out
    assert "qa index FOLDER" in done.out
    update_index(damaged)
    assert run("doctor", at=damaged).code == 0


def test_wrong_settings_are_a_finding(run: Run, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks go on with the defaults."""
    monkeypatch.setenv("QA_K", "many")
    done = run("doctor", at=library)
    assert done.code == 1
    assert done.out.startswith("wrong\tsettings\tQA_K takes")
    assert "\tversions\t" in done.out


def test_wrong_settings_mend_nothing(run: Run, damaged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repair reads files as the settings say, or not at all; a reader that is missing is a finding."""
    monkeypatch.setenv("QA_READERS", ".txt=no_such_module:Reader")
    assert "wrong\tsettings\t" in run("doctor", at=damaged).out
    before = catalog_file(damaged).read_bytes()
    assert run("doctor", "--repair", at=damaged).code == 4
    monkeypatch.setenv("QA_K", "many")
    assert run("doctor", "--repair", at=damaged).code == 4
    assert catalog_file(damaged).read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_a_file_of_keys_that_others_can_read_is_wrong(
    run: Run, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the key is not shown."""
    own = tmp_path / "config.toml"
    own.write_text('openai_api_key = "sk-secret"\noffline = true\n', encoding="utf-8")
    own.chmod(0o644)
    monkeypatch.setenv("QA_CONFIG", str(own))
    done = run("doctor", at=library)
    assert f"wrong\tkeys\tothers on this machine can read a file of keys: {own}\tchmod 600 {own}" in done.out
    assert "sk-secret" not in done.out + done.err
    own.chmod(0o600)
    assert "ok\tkeys\tread by their owner only" in run("doctor", at=library).out


def test_a_model_is_asked_only_if_it_is_wanted(
    run: Run, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the option no connection is opened; with it, one word is asked for."""
    with FakeServer(answer("ready")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("QA_MODEL", "small")
        assert run("doctor", at=library).code == 0
        assert server.requests == []
        done = run("doctor", "--ask-model", at=library)
        assert "ok\tmodel\t" in done.out
        assert "ok\tembedder\t" in done.out
        assert len(server.requests) == 1
    monkeypatch.setenv("QA_OFFLINE", "yes")
    assert (
        "note\tmodel\tnot asked: QA_OFFLINE forbids connections"
        in run("doctor", "--ask-model", at=library).out
    )


def test_a_model_that_cannot_be_had_is_wrong(
    run: Run, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the cause that every command gives."""
    with FakeServer(error(401, "invalid key")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("QA_MODEL", "small")
        done = run("doctor", "--ask-model", at=library)
    assert done.code == 1
    assert "wrong\tmodel\t" in done.out
    for name in ("OPENAI_BASE_URL", "QA_MODEL"):
        monkeypatch.delenv(name)
    assert "ok\tmodel\tnone: answers are sentences" in run("doctor", "--ask-model", at=library).out


def test_an_embedder_that_fails_or_differs_is_wrong(
    run: Run, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index cannot be asked with it."""

    def failing(_: str) -> object:
        raise ModelError("the server is away", "try later")

    monkeypatch.setattr("qa.models.embedders.EmbedderLoader.__call__", lambda _, name: failing(name))
    assert "wrong\tembedder\tthe server is away\ttry later" in run("doctor", "--ask-model", at=library).out


def test_an_index_that_is_written_is_not_repaired(
    run: Run, damaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says who writes, with the exit code of that."""
    monkeypatch.setattr("index.health.repair.repair.LOCK_SECONDS", 0.0)
    with writer_lock(damaged / ".qa"):
        done = run("doctor", "--repair", at=damaged)
    assert done.code == 6
    assert "index is being written by process" in done.err


def test_chroma_is_written_in_the_background_after_a_repair(
    run: Run, damaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is then no fault any more."""
    shutil.rmtree(damaged / ".qa" / "chroma", ignore_errors=True)
    monkeypatch.setenv("QA_CHROMA", "yes")
    assert "wrong\tchroma\t" in run("doctor", at=damaged).out
    monkeypatch.setattr(
        "index.vectors.writer_process.catch_up", lambda _, now: ChromaStatus(True, now.pending, True, None)
    )
    done = run("doctor", "--repair", at=damaged)
    assert done.code == 0, done.out
    assert "note\tchroma\t" in done.out


def test_on_a_terminal_lines_are_short_and_advice_stands_below() -> None:
    """At 40 columns; the state in colour, names below."""
    out = Terminal()
    console = Console(out, out, width=40)
    names = tuple(f"a{number}.txt" for number in range(8))
    finding = CheckFinding(
        "full text", "wrong", "12 chunks are missing from it now", "made anew", names, True
    )
    print_finding(finding, console)
    print_repair(Repair("read 8 files again", names), console)
    print_finding(CheckFinding("disk", "ok", "65.3 GB free", "nothing"), console)
    assert out.getvalue().splitlines() == [
        "wrong  full text    12 chunks are",
        "                    missing from it now",
        "                    a0.txt, a1.txt,",
        "                    a2.txt, a3.txt,",
        "                    a4.txt and 3 more",
        "                    qa doctor --repair:",
        "                    made anew",
        "done   repair       read 8 files again",
        "                    a0.txt, a1.txt,",
        "                    a2.txt, a3.txt,",
        "                    a4.txt and 3 more",
        "ok     disk         65.3 GB free",
    ]
    coloured = Terminal()
    print_finding(finding, Console(coloured, coloured, colour=True, width=200))
    assert coloured.getvalue().startswith("\x1b[1;31mwrong  \x1b[0mfull text")


def test_the_last_line_says_what_mends() -> None:
    """All of what is wrong, or some of it."""
    sound, bad = CheckFinding("disk", "ok", ""), CheckFinding("catalog", "wrong", "", repair=True)
    other = CheckFinding("keys", "wrong", "")
    assert summary([sound]) == "Nothing is wrong."
    assert summary([sound, bad]).endswith("To mend it: qa doctor --repair")
    assert summary([other, bad]).endswith("To mend some of it: qa doctor --repair")
    assert summary([other]) == "1 of 1 checks found something wrong."


def test_documents_cannot_write_to_the_terminal(run: Run, tmp_path: Path) -> None:
    """Names of sources are shown as every command shows them."""
    write_documents(tmp_path)
    (tmp_path / "docs" / "\x1b[2Jx.txt").write_text("The Vasa sank.\n", encoding="utf-8")
    update_index(tmp_path)
    statements("UPDATE chunks SET text = replace(text, 'Vasa', 'Wasa')")(tmp_path)
    done = run("doctor", at=tmp_path)
    assert "\x1b" not in done.out
