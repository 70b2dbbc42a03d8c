"""Prompts are files: each is loaded once, hashed as it stands, and filled completely or not at all."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

import prompts
from prompts import Prompt, fill, load

FOLDER = Path(prompts.__file__).parent
NAMES = sorted(path.stem for path in FOLDER.glob("*.md"))


def prompt(text: str) -> Prompt:
    return Prompt("trial", text, "")


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_is_its_file(name: str) -> None:
    """Every file loads under its name, with the hash of its text."""
    loaded = load(name)
    assert loaded.name == name
    assert loaded.text == (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    assert loaded.sha256 == hashlib.sha256(loaded.text.encode("utf-8")).hexdigest()


@pytest.mark.parametrize("name", ["nowhere", "", "../README", "answer.md", "Answer"])
def test_what_is_no_prompt_is_an_error(name: str) -> None:
    """A name that is none, or no plain name, loads nothing."""
    with pytest.raises(KeyError, match="no prompt"):
        load(name)


def test_the_answer_prompt_ends_with_the_question() -> None:
    """The question comes last, after the passages, and nothing else wants a value."""
    text = load("answer").text
    assert load("answer").variables == {"mark", "passages", "question"}
    assert text.index("{{passages}}") < text.index("{{question}}")
    assert text.endswith("{{question}}\n")


def test_prompts_load_from_a_zip(tmp_path: Path) -> None:
    """What loads from a clone loads from an archive too, as from any installed package."""
    archive = tmp_path / "packed.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in (FOLDER / "__init__.py", FOLDER / "answer.md"):
            packed.write(path, f"prompts/{path.name}")
    script = "import prompts; print(prompts.__file__, prompts.load('answer').sha256)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(archive)!r}); {script}"],
        capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    where, sha256 = done.stdout.split()
    assert where.startswith(str(archive))
    assert sha256 == load("answer").sha256


def test_filling_replaces_every_use() -> None:
    """A worked example; single braces stay."""
    assert fill(prompt("{{a}} {b} {{c}}{{a}}"), a="1", c="2") == "1 {b} 21"


def test_a_missing_or_extra_value_is_an_error() -> None:
    """All that is wrong is named at once."""
    with pytest.raises(ValueError, match="prompt trial: no value for a; no variable b"):
        fill(prompt("{{a}}"), b="1")
    with pytest.raises(ValueError, match="no variable a"):
        fill(prompt("plain"), a="1")


@given(st.text(), st.text())
def test_values_are_not_looked_into(first: str, second: str) -> None:
    """What a value says is never taken for a variable or an escape."""
    first = f"{{{{b}}}}{first}\\1"
    assert fill(prompt("{{a}}|{{b}}"), a=first, b=second) == f"{first}|{second}"
