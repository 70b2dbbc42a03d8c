"""Options before the command: they hold for the command, or are refused; every one with every command."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from qa.cli import app as cli
from tests.support.cli import QUESTION, Run

GROUP = get_command(cli.app)
assert isinstance(GROUP, TyperGroup)
OPTIONS = [
    option
    for option in GROUP.params
    if isinstance(option, TyperOption) and not option.is_eager and "completion" not in (option.name or "")
]
PAIRS = [
    pytest.param(option, command, id=f"{option.opts[0]} {name}")
    for option in OPTIONS
    for name, command in sorted(GROUP.commands.items())
]
WITH_VALUES = [
    pytest.param(option, command, id=f"{option.opts[0]} {name}")
    for option in OPTIONS
    for name, command in sorted(GROUP.commands.items())
    if not option.is_flag and option.name in {parameter.name for parameter in command.params}
]


def words(option: TyperOption, value: str) -> list[str]:
    """The option on a command line, with `value` unless it is a flag."""
    return [option.opts[0]] if option.is_flag else [option.opts[0], value]


def arguments(command: TyperCommand) -> list[str]:
    """A word for each argument that the command wants."""
    return ["x" for parameter in command.params if isinstance(parameter, TyperArgument)]


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What a command is called with; none of them does anything."""
    values: dict[str, object] = {}
    group = get_command(cli.app)
    assert isinstance(group, TyperGroup)
    for command in group.commands.values():
        monkeypatch.setattr(command, "callback", lambda **given: values.update(given))
    monkeypatch.setattr(cli, "get_command", lambda _: group)
    return values


def test_the_options_are_those_we_think_of() -> None:
    """What is gone through below is not an empty list."""
    assert {option.opts[0] for option in OPTIONS} == {"--index", "--model", "--offline", "--color", "--debug"}


@pytest.mark.parametrize(("option", "command"), PAIRS)
def test_an_option_before_the_command_holds_or_is_refused(
    called: dict[str, object], run: Run, tmp_path: Path, option: TyperOption, command: TyperCommand
) -> None:
    """The command is called with it as if it stood behind; without such an option, nothing is done."""
    assert command.name is not None
    done = run(*words(option, "before"), command.name, *arguments(command), at=tmp_path)
    if option.name in {parameter.name for parameter in command.params}:
        assert (done.code, done.err) == (0, "")
        assert called[option.name] == (True if option.is_flag else "before")
    else:
        assert (done.code, done.out, called) == (2, "", {})
        cause, hint = done.err.splitlines()
        assert cause == f"qa: qa {command.name} has no option {option.opts[0]}"
        assert f"qa {command.name} --help" in hint


@pytest.mark.parametrize(("option", "command"), WITH_VALUES)
def test_the_commands_own_option_wins(
    called: dict[str, object], run: Run, tmp_path: Path, option: TyperOption, command: TyperCommand
) -> None:
    """What stands behind the command is nearer to what is meant."""
    assert command.name is not None
    behind = [command.name, *words(option, "behind"), *arguments(command)]
    assert run(*words(option, "before"), *behind, at=tmp_path).code == 0
    assert called[option.name] == "behind"


def test_a_command_without_options_before_it_is_called_with_its_own_defaults(
    called: dict[str, object], run: Run, tmp_path: Path
) -> None:
    """Nothing is passed on that was not given."""
    assert run("ask", "x", at=tmp_path).code == 0
    assert {called[name] for name in ("index", "model", "color", "offline")} == {None}
    assert called["debug"] is False


def test_an_index_before_the_command_is_the_one_that_answers(run: Run, library: Path) -> None:
    """No other index answers in the place of one that is not there."""
    missing = run("--index", str(library / "nowhere"), "ask", QUESTION, at=library)
    assert (missing.code, missing.out) == (6, "")
    assert "nowhere" in missing.err
    there = run("--index", str(library / ".qa"), "ask", QUESTION, at=library / "docs")
    assert (there.code, "too many cannons" in there.out) == (0, True)


def test_without_a_command_they_hold_for_the_conversation(run: Run, tmp_path: Path) -> None:
    """`qa` alone is `qa chat`, which checks its settings first."""
    done = run("--color", "blue", at=tmp_path)
    assert (done.code, "--color takes one of" in done.err) == (2, True)


def test_debug_before_the_command_shows_the_traceback(run: Run, tmp_path: Path) -> None:
    """The traceback is shown as with --debug behind the command."""
    assert "Traceback" in run("--debug", "ask", "x", at=tmp_path).err
    assert "Traceback" not in run("ask", "x", at=tmp_path).err
