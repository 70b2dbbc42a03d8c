"""What the README says is true: its transcripts, its commands, its example."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from index.embedding.embedder import load_embedder
from index.sync.sync import sync
from tests.support import starting

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def transcript(command: str) -> str:
    """What the README shows that `command` prints."""
    shown = re.search(rf"```text\n\$ {re.escape(command)}\n(.*?)\n```", README, re.DOTALL)
    assert shown, command
    return shown[1]


def run(*arguments: str) -> str:
    """Standard output of the real command, in the repository's root, 80 columns wide."""
    env = {**os.environ, "PYTHONUTF8": "1", "COLUMNS": "80"}
    done = starting.run([sys.executable, "-m", "qa", *arguments], at=ROOT, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode("utf-8").rstrip("\n")


def test_the_demo_prints_what_the_readme_shows() -> None:
    """The first transcript is a real one."""
    assert run("demo") == transcript("make demo")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the example documents, which no test changes."""
    folder = tmp_path_factory.mktemp("readme") / ".qa"
    documents = ROOT / "examples" / "documents"
    report = sync([documents], folder=folder, embedder=load_embedder)
    assert not report.failed
    return folder


def test_an_abstention_looks_as_the_readme_shows(index: Path) -> None:
    """The second transcript begins as the real answer does; it leaves out the further passages."""
    question = "What is the boiling point of ethanol?"
    assert run("ask", question, "--index", str(index)).startswith(transcript(f'qa ask "{question}"'))


def test_every_command_is_in_the_readme() -> None:
    """Each command that `qa --help` lists has a row, and no other has."""
    shown = run("--help").partition("Commands")[2].partition("\n\n")[0]
    listed = set(re.findall(r"^  ([a-z]+) ", shown, re.MULTILINE))
    assert listed == set(re.findall(r"^\| `qa ([a-z]+)", README, re.MULTILINE))


def test_the_python_example_runs(
    tmp_path: Path, own_settings: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It prints an answer, and where each citation stands."""
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert code
    shutil.copytree(ROOT / "examples" / "documents", own_settings / "papers")
    monkeypatch.chdir(tmp_path)
    exec(code[1], {})
    text, *cited = capsys.readouterr().out.partition("\n[1] ")
    assert "[1]" in text
    assert re.fullmatch(r"(\[\d+\] )?\S+:\d+  .+", cited[1].splitlines()[0])


def test_it_can_be_read_in_three_minutes() -> None:
    """At most eight thousand bytes; the rest stands in docs/."""
    assert len(README.encode()) <= 8_000
