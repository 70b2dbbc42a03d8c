"""The commands of `qa`, each imported and built when it is called.

Typer passes every value through a validator of pydantic's, also one that is not given; importing pydantic and
making twenty validators takes as long as importing NumPy. What is not given, and text, is left alone here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

if TYPE_CHECKING:
    Parameter = TyperArgument | TyperOption

COMMANDS = {
    "index": "qa.cli.documents.index:index",
    "ask": "qa.cli.asking.ask:ask",
    "chat": "qa.cli.asking.chat:chat",
    "sources": "qa.cli.documents.show:sources",
    "show": "qa.cli.documents.show:show",
    "doctor": "qa.cli.documents.doctor:doctor",
    "verify": "qa.cli.asking.verify:verify",
    "demo": "qa.cli.demo:demo",
    "config": "qa.cli.config:config",
    "eval": "qa.cli.eval:evaluate",
    "compare": "qa.cli.evaluation.report:compare",
    "report": "qa.cli.evaluation.report:report",
}


class PlainCommand(TyperCommand):
    """A command whose text needs no validator."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its arguments and options, `--help` among them."""
        return _sparing(super().get_params(ctx))


class Commands(TyperGroup):
    """`qa` itself."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = cast("MutableMapping[str, Any]", _Built())

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - Typer's signature
        """Their names, in the order of the help."""
        return list(COMMANDS)

    def get_params(self, ctx: Any) -> list[Any]:
        """The options before the command."""
        return _sparing(super().get_params(ctx))


class _Built(Mapping[str, TyperCommand]):
    """The commands by name, each built when it is first asked for."""

    def __init__(self) -> None:
        self._built: dict[str, TyperCommand] = {}

    def __getitem__(self, name: str) -> TyperCommand:
        if name not in self._built:
            module, _, function = COMMANDS[name].partition(":")
            alone = typer.Typer(rich_markup_mode=None, add_completion=False)
            alone.command(name, cls=PlainCommand)(getattr(import_module(module), function))
            self._built[name] = cast("TyperCommand", get_command(alone))
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


def _sparing(parameters: list[Any]) -> list[Any]:
    """The same, with validators for those only that need one."""
    for parameter in parameters:
        parameter.process_value = partial(_processed, parameter, type(parameter).process_value)
    return parameters


def _processed(
    parameter: Parameter, validated: Callable[[Parameter, Any, Any], object], context: Any, value: object
) -> object:
    """A value as the command gets it; `validated` is how Typer comes to it."""
    several = parameter.multiple or parameter.nargs == -1
    descriptor = getattr(parameter, "type_descriptor", None)  # as Typer has it since it validates
    annotation = None if descriptor is None else descriptor.annotation
    if value is None and not parameter.required:
        given: object = () if several else None
    elif isinstance(value, str) and annotation is str:
        given = value
    elif isinstance(value, tuple) and value and annotation == list[str]:
        given = list(value)
    else:
        return validated(parameter, context, value)
    return given if parameter.callback is None else parameter.callback(context, parameter, given)
