"""Every fault of the matrix has a test that is there and runs, or says why it has none.

`matrix.toml` is read by people as well: a fault, what must happen, and what holds it. A new test of a fault
is named there; one that is renamed is looked for here.
"""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FAULTS = {
    "F": 16, "D": 15, "E": 10, "P": 17, "S": 16, "C": 10, "L": 22, "M": 10, "I": 14, "T": 9, "K": 9, "V": 10,
    "R": 9,
}  # fmt: skip
MATRIX = tomllib.loads(Path(__file__).with_name("matrix.toml").read_text(encoding="utf-8"))
NAMED = sorted({test for row in MATRIX.values() for test in row.get("tests", [])})


@cache
def module(path: str) -> tuple[dict[str, ast.FunctionDef], frozenset[str]]:
    """The tests of a file by their names, and all texts in it, the names of parameters among them."""
    tree = ast.parse((ROOT / path).read_bytes())
    tests = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return tests, frozenset(value for value in constants if isinstance(value, str))


def test_every_fault_has_a_row() -> None:
    """All of them, in order, each with a test or a reason."""
    assert list(MATRIX) == [f"{letter}{n}" for letter, count in FAULTS.items() for n in range(1, count + 1)]
    for name, row in MATRIX.items():
        assert row["fault"], name
        assert row["must"], name
        assert bool(row.get("tests")) != bool(row.get("why")), f"{name}: tests or a reason, not both"


@pytest.mark.parametrize("path", sorted({test.partition("::")[0] for test in NAMED}))
def test_every_test_is_there_and_runs(path: str) -> None:
    """By its name, and its case among the parameters; where one is skipped, it says on which system."""
    tests, texts = module(path)
    for named in (one.partition("::")[2] for one in NAMED if one.startswith(f"{path}::")):
        name, _, case = named.rstrip("]").partition("[")
        assert name in tests, f"{path} has no {name}"
        assert not case or case in texts, f"{path} has no case {case!r}"
        for decorator in tests[name].decorator_list:
            written = ast.unparse(decorator)
            assert "mark.skip" not in written or "reason=" in written, f"{path}::{name} is skipped"
            assert "mark.xfail" not in written, f"{path}::{name} is expected to fail"
