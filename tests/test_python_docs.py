"""docs/python.md is true: its examples run and print what it shows, and it names all that `qa` gives."""

from __future__ import annotations

import inspect
import re
import shutil
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

import qa
from index.types import Chunk
from tests.support.fake_server import FakeServer, answer

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", re.DOTALL)
ASKS_A_SERVER = 'model="gpt-4.1-mini") as'


def test_its_examples_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One after another, as a reader would try them; what stands below one is what it prints."""
    shutil.copytree(ROOT / "examples" / "documents", tmp_path / "documents")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    with FakeServer(always=answer("The memorandum repeated old demands [s1].")) as server:
        for code, shown in BLOCK.findall(PAGE):
            with monkeypatch.context() as patched:
                if ASKS_A_SERVER in code:
                    patched.setenv("OPENAI_BASE_URL", server.url)
                exec(code, names)
            printed = capsys.readouterr().out
            assert not shown or printed == shown
        assert len(server.requests) == 1
    names["index"].close()  # type: ignore[attr-defined]  # the page's own


def test_every_public_name_is_described() -> None:
    """Those of `qa`, what an Index can do, and each field of the values."""
    exported = {name for name in qa.__all__ if name != "errors"}
    assert {name for name in exported if f"| `qa.{name}" in PAGE or f"`qa.{name}`" in PAGE} == exported
    for name in exported:
        value = getattr(qa, name)
        table = PAGE.rpartition(f"| `qa.{name}`")[2].partition("\n\n")[0]
        if is_dataclass(value) and name != "RejectedCitation":
            assert {field.name for field in fields(value)} <= set(re.findall(r"`(\w+)`", table)), name
    methods = {name for name in vars(qa.Index) if not name.startswith("_")}
    table = PAGE.rpartition("| `qa.Index(")[2].partition("\n\n")[0]
    assert {*methods, "folder"} == set(re.findall(r"^\| `(\w+)", table, re.MULTILINE))
    chunk = re.search(r"^\| `chunk` .*$", PAGE, re.MULTILINE)
    assert chunk
    assert {field.name for field in fields(Chunk)} <= set(re.findall(r"`(\w+)`", chunk[0]))


def test_signatures_are_those_of_the_code() -> None:
    """Arguments and their defaults, as the tables write them."""
    for name in ("__init__", "search", "ask"):
        parameters = [
            str(parameter.replace(annotation=inspect.Parameter.empty))
            for parameter in inspect.signature(getattr(qa.Index, name)).parameters.values()
        ]
        parameters.insert(2, "*")
        written = ", ".join(parameters[1:])
        assert f"`{'qa.Index' if name == '__init__' else name}({written})`" in PAGE


def test_every_name_it_uses_is_there() -> None:
    """`qa.X` and the errors of its table."""
    for name in set(re.findall(r"\bqa\.([A-Z]\w+)", PAGE)):
        assert name in qa.__all__
    named = PAGE.partition("\n## Errors")[2].partition("\n## ")[0]
    for name in set(re.findall(r"`([A-Z][a-z]\w+)`", named)):
        assert name in qa.errors.__all__
