"""The /commands of a conversation: a table of names, help texts and functions."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

from index.errors import UsageError
from index.search.filters import check_date
from index.storage.location import expanded
from index.text.lines import line_at
from qa.answering.retrieval import PASSAGES
from qa.chat.conversation import Conversation
from qa.output.console import Console
from qa.output.places import citation_ref, date_text
from qa.output.text import printable, shell_words, table, wrap
from qa.output.written import append_output, check_output, write_output
from qa.settings.settings import Settings

_COMMAND = re.compile(r"/([a-z]*)(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """One /command. `run` gets the words after its name."""

    usage: str
    purpose: str
    run: Callable[[Conversation, Console, str], None]


class LeaveConversation(Exception):
    """The person asked to leave."""


def parse_command(line: str) -> tuple[str, str] | None:
    """(name, argument) of a command; None for a question, which may begin with a path (`/etc/hosts`)."""
    if line.strip() in {"quit", "exit"}:
        return "quit", ""
    match = _COMMAND.fullmatch(line.strip())
    return (match[1], (match[2] or "").strip()) if match else None


def run_command(conversation: Conversation, console: Console, name: str, argument: str) -> None:
    """Run the command of that name, which may be shortened while it stays unique. Raises UsageError."""
    fitting = [known for known in COMMANDS if known.startswith(name)] if name else ["help"]
    if name in COMMANDS or len(fitting) == 1:
        COMMANDS[name if name in COMMANDS else fitting[0]].run(conversation, console, argument)
        return
    near = fitting or get_close_matches(name, COMMANDS, n=1)
    hint = f"did you mean {' or '.join('/' + known for known in near)}?" if near else "see /help"
    raise UsageError(f"there is no command /{name}", hint)


def _help(_conversation: Conversation, console: Console, _argument: str) -> None:
    rows = [(command.usage, command.purpose) for command in COMMANDS.values()]
    lines = table(rows, width=console.width)
    keys = "Alt-Enter begins a new line; ^C clears the line or stops an answer; ^D leaves."
    console.print("\n".join([*lines, "", keys, "Everything else is a question."]))


def _sources(conversation: Conversation, console: Console, pattern: str) -> None:
    sources = [
        source
        for source in conversation.reader.sources()
        if not pattern or fnmatchcase(source.name.casefold(), pattern.casefold())
    ]
    if not sources:
        raise UsageError("no source matches", "the whole list: /sources")
    rows = []
    for source in sources:
        date = date_text(source.date.value, source.date.origin) if source.date else ""
        rows.append((printable(source.name), printable(source.title or ""), date))
    console.page("\n".join(table(rows, width=console.width, loose={1})))


def _why(conversation: Conversation, console: Console, _argument: str) -> None:
    from qa.chat.explain import explanation

    console.print(explanation(conversation.last_answer(), width=console.width, colour=console.colour))


def _open(conversation: Conversation, console: Console, argument: str) -> None:
    if not re.fullmatch(r"\[?\d*\]?", argument):
        _open_typed(conversation, console, argument)
        return
    argument = argument.strip("[]")
    answer = conversation.last_answer()
    places = {str(citation.number): citation for citation in answer.citations}
    if argument not in places:
        hint = f"/open N, N being one of {', '.join(places)}" if places else "the last answer has no sources"
        hint += "; or /open PATH:LINE"
        raise UsageError(f"there is no source {argument or 'without a number'} to open", hint)
    chosen = places[argument]
    _open_file(console, chosen.source, chosen.location, chosen.line, citation_ref(chosen))


def _open_typed(conversation: Conversation, console: Console, target: str) -> None:
    """Open a source by name or path, at the place behind it, if any."""
    from qa.output.excerpt import find_target

    reader = conversation.reader
    source, span, text = find_target(reader.catalog(), target, reader.directory)
    line = line_at(text, span.start) if span else 1
    _open_file(console, source.name, source.location, line, printable(target))


def _open_file(console: Console, name: str, location: str | None, line: int, place: str) -> None:
    """Open the file at `line`; where nothing opens it, print `place`."""
    from qa.chat.editor import open_place

    if location is None or not Path(location).is_file():
        raise UsageError(
            "the file is not there any more" if location else "this source did not come from a file",
            f"its text as it was read: qa show {name}",
        )
    if not open_place(Path(location), line, os.environ):
        console.print(place)


def _save(conversation: Conversation, console: Console, argument: str) -> None:
    from qa.output.answers.as_json import to_json
    from qa.output.answers.markdown import MARK, to_markdown

    path = expanded(argument)
    if not path.suffix and path.name == argument:
        name = conversation.save(argument or None)
        console.print(f"saved; to take it up again: qa chat --resume {shlex.quote(name)}")
        return
    answer = conversation.last_answer()
    if path.suffix.lower() == ".json":
        _refuse_present(path)
        write_output(path, _bytes(f"{to_json(answer)}\n"))
    elif path.suffix.lower() == ".jsonl":
        check_output(path)
        append_output(path, _bytes(f"{to_json(answer)}\n"))
    elif path.suffix.lower() in {".md", ".markdown"}:
        head = "" if path.exists() else f"{MARK}\n\n"
        append_output(path, _bytes(f"{head}{to_markdown(answer)}\n"))
    else:
        raise UsageError(f"cannot tell the format from {path.name!r}", "end it with .md, .json or .jsonl")
    console.print(f"saved to {printable(str(path))}")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _refuse_present(path: Path) -> None:
    if path.exists():
        raise UsageError(f"{path} is there already", "choose another name, or .jsonl to add to a file")


def _gold(conversation: Conversation, console: Console, argument: str) -> None:
    from qa.evaluation.sets.authoring.conversation import keep

    if conversation.gold is None:
        raise UsageError("no question set is being written", "begin one: qa eval --new questions.jsonl")
    line = keep(conversation.gold, conversation.last_answer(), argument)
    console.print("\n".join(wrap(line, console.width)))


def _sessions(_conversation: Conversation, console: Console, _argument: str) -> None:
    from qa.chat.sessions import print_sessions, sessions, sessions_folder

    print_sessions(sessions(sessions_folder()), console)


def _set(conversation: Conversation, console: Console, argument: str) -> None:
    """`/set` shows what is set; `/set NAME VALUE` sets it; `/set NAME` or `/set NAME off` takes it back."""
    name, _, value = argument.partition(" ")
    value = "" if value.strip() == "off" else value.strip()
    if name == "k":
        conversation.k = Settings().with_options({"k": value}).k if value else conversation.configured_k
    elif name == "source":
        conversation.sources = _words(value)
    elif name in {"since", "until"}:
        setattr(conversation, name, check_date(value, name) if value else None)
    elif name:
        near = get_close_matches(name, SETTABLE, n=1)
        hint = f"did you mean /set {near[0]}?" if near else f"one of {', '.join(SETTABLE)}"
        raise UsageError(f"there is nothing called {name!r} to set", hint)
    shown = {
        "k": str(conversation.k or ("what fits" if conversation.model else PASSAGES)),
        "source": " ".join(conversation.sources) or "all",
        "since": conversation.since or "any date",
        "until": conversation.until or "any date",
    }
    rows = [(name, printable(value)) for name, value in shown.items()]
    console.print("\n".join(table(rows, width=console.width)))


def _words(value: str) -> tuple[str, ...]:
    """The patterns, names and paths in `value`; quotes hold together what has spaces."""
    if not {'"', "'"} & set(value):
        return tuple(value.split())
    return tuple(shell_words(value))


def _quit(_conversation: Conversation, _console: Console, _argument: str) -> None:
    raise LeaveConversation


SETTABLE = ("k", "source", "since", "until")


def spelled(option: str) -> str:
    """An option as a person in a conversation has it: `/set k`, or one of `qa chat` itself."""
    name = {"sources": "source"}.get(option, option)
    return f"/set {name}" if name in SETTABLE else f"--{name.replace('_', '-')}"


COMMANDS: dict[str, Command] = {
    "sources": Command("/sources [GLOB]", "list what is indexed", _sources),
    "open": Command("/open N|PLACE", "open source [N] of the last answer, or NAME or PATH[:LINE]", _open),
    "why": Command("/why", "which passages the last answer comes from, and what found them", _why),
    "set": Command("/set [NAME VALUE]", "show or set k, source, since, until; off takes back", _set),
    "save": Command(
        "/save [NAME|FILE]",
        "keep this conversation, or add the last answer to FILE.md or FILE.jsonl, or write FILE.json",
        _save,
    ),
    "gold": Command(
        "/gold [N] [= ANSWER]",
        "add question and citations to the set; or /gold none",
        _gold,
    ),
    "sessions": Command("/sessions", "list the conversations that were kept", _sessions),
    "help": Command("/help", "this list", _help),
    "quit": Command("/quit", "leave", _quit),
}
