"""A command imports what it needs, and its values come as they were typed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.core import TyperCommand
from typer.main import get_command

from qa.cli.commands import PlainCommand
from tests.support.cli import QUESTION, environment
from tests.support.starting import run

# What a question without a model has no use for: models, what writes an index, and what validates.
NOT_FOR_A_QUESTION = {
    *("openai", "httpx", "httpx2", "aiohttp", "chromadb", "llama_index", "onnxruntime", "wordllama"),
    *("tokenizers", "numpy.ma", "tomllib", "email", "html", "qa.models.base", "index.remote.failures"),
    *("pydantic", "rich", "jinja2", "yaml", "prompt_toolkit", "pypdfium2", "selectolax", "syntok", "asyncio"),
}


def test_a_question_without_a_model_imports_little(library: Path, tmp_path: Path) -> None:
    """Each of these would take longer than the answer does."""
    script = (
        f"import json, sys\nfrom qa.cli.app import main\nassert main(['ask', {QUESTION!r}]) == 0\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = run((sys.executable, "-P", "-c", script), at=library, env=environment(tmp_path), fresh=True)
    assert done.returncode == 0, done.stderr
    assert NOT_FOR_A_QUESTION.intersection(json.loads(done.stderr)) == set()


def test_modules_in_the_working_directory_are_no_modules_of_ours(tmp_path: Path) -> None:
    """`python -m` looks there first; a file among the documents that is called as a module is not run."""
    bad = "raise SystemExit('run from the working directory')\n"
    for name in ("json", "random", "typing", "typer", "rich", "numpy", "sqlite3", "index", "prompts"):
        (tmp_path / f"{name}.py").write_text(bad, encoding="utf-8")
    (tmp_path / "vasa.txt").write_text("The Vasa sank.\n", encoding="utf-8")
    env = environment(tmp_path)
    for words in (("index", "."), ("ask", "What sank?")):
        done = run((sys.executable, "-m", "qa", *words), at=tmp_path, env=env, fresh=True)
        assert done.returncode == 0, done.stderr
    assert b"The Vasa sank. [1]" in done.stdout


def shouted(value: str | None) -> str | None:
    return value and value.upper()


def called_with(words: list[str], kind: type[TyperCommand]) -> dict[str, object] | str:
    """What a function with an option of each kind is called with, or what is wrong with the words."""
    app, given = typer.Typer(add_completion=False), dict[str, object]()

    @app.command(cls=kind)
    def function(
        text: Annotated[list[str], typer.Argument()],
        *,
        name: Annotated[str | None, typer.Option("--name")] = None,
        loud: Annotated[str | None, typer.Option("--loud", callback=shouted)] = None,
        globs: Annotated[list[str] | None, typer.Option("--glob")] = None,
        number: Annotated[int | None, typer.Option("--number", min=1)] = None,
        share: Annotated[float, typer.Option("--share")] = 0.5,
        flag: Annotated[bool, typer.Option("--flag")] = False,
        choice: Annotated[bool | None, typer.Option("--yes/--no")] = None,
    ) -> None:
        given.update(locals())

    try:
        get_command(app).main(words, standalone_mode=False)
    except typer.TyperException as error:
        return f"{type(error).__name__}: {error}"
    return {name: value for name, value in given.items() if name not in {"app", "given", "kind"}}


@pytest.mark.parametrize(
    "words",
    [
        ["why"],
        ["why", "so", "--name", "ż", "--loud", "me", "--glob", "a*", "--glob", "b", "--flag", "--no"],
        ["why", "--number", "3", "--share", "1", "--yes", "--name", ""],
        ["why", "--number", "0"],
        ["why", "--number", "three"],
        ["why", "--share", "x"],
        ["why", "--name"],
        [],
        ["--nothing"],
    ],
)
def test_values_are_those_that_typer_validates(words: list[str]) -> None:
    """Whether they are spared a validator or not; so are the errors."""
    assert called_with(words, PlainCommand) == called_with(words, TyperCommand)
