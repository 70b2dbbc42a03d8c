"""The command `qa`: its subcommands, and errors turned into two lines and an exit code.

Commands import what they need when they run, so that `qa --help` imports none of the heavy packages.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, cast

import typer
from typer.main import get_command

from index.errors import QaError, UsageError
from qa import __version__
from qa.cli.commands import Commands
from qa.cli.context import debugging, flag, known
from qa.cli.options import ColorOption, DebugOption, IndexOption, ModelOption, OfflineOption

if TYPE_CHECKING:
    from typer.core import TyperGroup

EXIT_CODES = (
    "Exit codes: 0 done, 1 failed, 2 usage, 3 abstained (with --fail-on-abstain), 4 configuration, key or"
    " model not available, 5 a gate failed, 6 no index, locked or damaged, 130 interrupted."
)

app = typer.Typer(
    name="qa",
    cls=Commands,
    help="Ask questions about your own documents; every answer points at the sentences it rests on.",
    epilog="Begin with `qa demo`; then `qa index FOLDER` and `qa ask QUESTION`.\n\n" + EXIT_CODES,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"qa {__version__}\n")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    *,
    index: IndexOption = None,
    model: ModelOption = None,
    offline: OfflineOption = None,
    color: ColorOption = None,
    debug: DebugOption = False,
    version: Annotated[  # noqa: ARG001 - acted upon by its callback
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
    ] = False,
) -> int:
    """Without a command, on a terminal: the conversation of `qa chat`."""
    if context.invoked_subcommand is not None:
        _pass_on(context, context.invoked_subcommand)
        return 0
    from qa.cli.asking.chat import chat

    return chat(index=index, model=model, offline=offline, color=color, debug=debug)


def _pass_on(context: typer.Context, name: str) -> None:
    """Make the options before the command `name` its defaults: what it is given itself has the last word.

    Raises UsageError for an option that the command does not have.
    """
    group = cast("TyperGroup", context.command)
    taken = {parameter.name for parameter in group.commands[name].params}
    defaults: dict[str, object] = {}
    for option in group.params:
        source = context.get_parameter_source(option.name)
        if source is None or source.name != "COMMANDLINE":
            continue
        if option.name not in taken:
            hint = f"leave it out; what it has: qa {name} --help"
            raise UsageError(f"qa {name} has no option {option.opts[0]}", hint)
        defaults[option.name] = context.params[option.name]
    context.default_map = {name: defaults}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code. Errors become two lines on stderr, never a traceback."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - closed, as `<&-` does
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    stdout = sys.stdout
    threading.excepthook = _report_of_thread
    try:
        code = _run(words)
        sys.stdout.flush()
    except BrokenPipeError:
        code = _stdout_closed()
    except SystemExit:
        if sys.stdout is stdout:
            raise
        code = _stdout_closed()  # Typer met the closed pipe, and has put another stdout in place
    return code


def _run(words: list[str]) -> int:
    """The exit code of one command, whatever it raised but a broken pipe."""
    debugging.set(False)
    known.set(None)
    try:
        code = get_command(app).main(words, prog_name="qa", standalone_mode=False)
    except QaError as exc:
        return _report(*_as_typed(exc), exc.exit_code)
    except typer.TyperException as exc:
        return _report(*_parse_failure(exc), 2)
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write("\n")
        return 130
    except BrokenPipeError:
        raise
    except OSError as exc:
        name = f": {exc.filename}" if exc.filename else ""
        return _report(f"{exc.strerror or exc}{name}", "see where with --debug", 1)
    except Exception as exc:  # noqa: BLE001 - the outermost door: nobody is left above to handle it
        from qa.errors import unforeseen

        return _report(*unforeseen(exc), 1)
    return code if isinstance(code, int) else 0


def _as_typed(error: QaError) -> tuple[str, str]:
    """Cause and hint of an error, its options written as on a command line."""
    cause, hint = error.spelled(flag)
    return cause, hint or ("see --help" if error.options and isinstance(error, UsageError) else "")


def _parse_failure(exc: Exception) -> tuple[str, str]:
    """Cause and hint for a command line that Typer could not parse."""
    message = exc.format_message() if hasattr(exc, "format_message") else str(exc)
    context = getattr(exc, "ctx", None)
    command = getattr(context, "command_path", "qa")
    if message.startswith("No such command"):
        return message, 'to ask something: qa ask "QUESTION"; the commands: qa --help'
    return message or "nothing to do", f"see: {command} --help"


def _report(cause: str, hint: str, code: int, error: BaseException | None = None) -> int:
    """Print cause and hint, below the traceback of `error`, or of the one at hand, if that is asked for."""
    from index.remote.masking import masked
    from qa.output.text import clean, printable
    from qa.settings.secrets import known_secrets

    secrets = known.get() or known_secrets(os.environ)
    if debugging.get():
        import traceback

        sys.stderr.write(
            clean(masked("".join(traceback.format_exception(error or sys.exception())), secrets))
        )
    sys.stderr.write(f"qa: {printable(masked(cause, secrets))}\n")
    if hint:
        sys.stderr.write(f"    {printable(masked(hint, secrets))}\n")
    sys.stderr.flush()
    return code


def _report_of_thread(ended: threading.ExceptHookArgs) -> None:
    """What ended a thread beside the command, reported as any other mistake."""
    from qa.errors import unforeseen

    if isinstance(ended.exc_value, Exception):
        _report(*unforeseen(ended.exc_value), 1, ended.exc_value)


def _stdout_closed() -> int:
    """The exit code when the reader of our output has left (`| head`), which is no error.

    Descriptor 1 becomes the null device, so that nothing is flushed into the closed pipe at the end.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 0
