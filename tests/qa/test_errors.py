"""The tree of errors in `qa.errors` is the tree of errors: drawn, exported and complete."""

from __future__ import annotations

import pickle
import pkgutil
import re
from importlib import import_module

import pytest

import index
import prompts
import qa
from index.types import Span
from qa import errors
from qa.errors import QaError, StorageError, UsageError, unforeseen

_LINE = re.compile(r"(?P<branch>[ │]*[├└]── |)(?P<name>[A-Z]\w+)  +(?P<what>\S.*?)(?:  +exit (?P<code>\d))?")


def every_error() -> set[type[QaError]]:
    """QaError and all that is derived from it in any module of ours."""
    for package in (index, prompts, qa):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)

    def below(kind: type[QaError]) -> set[type[QaError]]:
        return {kind}.union(*map(below, kind.__subclasses__()))

    return {kind for kind in below(QaError) if kind.__module__.split(".")[0] in {"index", "prompts", "qa"}}


def drawn() -> dict[str, tuple[str | None, int]]:
    """The name of each error that the docstring draws, with the one it hangs from and its exit code."""
    tree: dict[str, tuple[str | None, int]] = {}
    above: list[tuple[str, int]] = []  # the errors from the root to the line at hand, each with its exit code
    for line in (errors.__doc__ or "").splitlines():
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        depth = (len(match["branch"]) + 1) // 5  # " ├── " and each "│    " before it are five wide
        above = above[:depth]
        parent, code = above[-1] if above else (None, 1)
        code = int(match["code"] or code)
        tree[match["name"]] = (parent, code)
        above.append((match["name"], code))
    return tree


def test_every_error_is_drawn_where_it_hangs() -> None:
    """Each class, under the class that it is derived from, with the exit code that it has."""
    real = {
        kind.__name__: (
            kind.__base__.__name__ if kind is not QaError and kind.__base__ else None,
            kind.exit_code,
        )
        for kind in every_error()
    }
    assert drawn() == real


def test_every_error_is_exported() -> None:
    """`qa.errors` gives each by its name, and nothing else."""
    kinds = every_error()
    assert {kind.__name__ for kind in kinds} == set(errors.__all__)
    assert {getattr(errors, name) for name in errors.__all__} == kinds


def test_exit_codes_of_the_drawing_are_read() -> None:
    """A worked example of what the tests above compare: one given, one of the error above, one of its own."""
    tree = drawn()
    assert tree["QaError"] == (None, 1)
    assert tree["MoreToThink"] == ("OutOfTokens", 1)
    assert tree["KeyRefused"] == ("ModelUnavailable", 4)


@pytest.mark.parametrize(
    ("error", "cause", "hint"),
    [
        (UsageError("k takes a number, not 'x'", option="k"), "-k takes a number, not 'x'", ""),
        (UsageError("k: no number", "write one", option="k"), "-k: no number", "write one"),
        (
            UsageError("too much", "ask for less", option=("k", "max_cost")),
            "too much",
            "ask for less (-k, -max_cost)",
        ),
        (StorageError("out is full", "name another", option="out"), "out is full", "name another (-out)"),
        (StorageError("it is full", "make room"), "it is full", "make room"),
    ],
)
def test_options_are_spelled_by_who_shows_the_error(error: QaError, cause: str, hint: str) -> None:
    """In place where the cause is about one, else behind the hint."""
    assert error.spelled(lambda name: f"-{name}") == (cause, hint)


def test_an_error_comes_whole_out_of_another_process() -> None:
    """Cause, hint and options are pickled."""
    copy = pickle.loads(pickle.dumps(UsageError("a", "b", option="k")))
    assert (type(copy), copy.cause, copy.hint, copy.options) == (UsageError, "a", "b", ("k",))


def test_what_nobody_foresaw_is_told_with_its_place_and_no_text() -> None:
    """What an exception says may be a sentence of a private document."""
    try:
        Span(5, 2)
    except ValueError as error:
        cause, hint = unforeseen(error)
    assert re.fullmatch(r"internal error: ValueError at index.types\.py:\d+", cause)
    assert "debug" in hint
    secret = KeyError("a sentence of a private document")
    assert unforeseen(secret)[0] == "internal error: KeyError"
    assert unforeseen(MemoryError())[0] == "there is not enough memory"
    assert "install qa again" in unforeseen(ImportError("no module"))[1]
