"""Where a planted key comes out: every way that one gets in, every way that a server gives it back.

`python benchmarks/planted_keys.py [--every N]`

A key is planted in the environment, in settings and in addresses (`tests/support/planted.py`), a server on
this machine repeats it in each of many forms, and everything that leaves the program is searched for it:
standard output and error, tracebacks, run folders, reports, tables, conversations, answers, exceptions. With
`--every N`, only each Nth case is tried. A Markdown table on stdout; exit 1 if any stream shows the key.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from qa.cli.app import main as run_command
from tests.support.cli import PERSONAL, QUESTION, update_index, write_documents
from tests.support.fake_server import Exchange, FakeServer, answer
from tests.support.planted import ANSWERS, FORMS, GOOD, REFUSALS, WAYS_IN, Echo, Plant, Planted, shows

SOME = ("answer: plain", "answer: base64 login", "answer: in single letters", "error: plain", "error: base64",
        "error: redirect")  # fmt: skip
_EVERYTHING = f"{GOOD} {' '.join(FORMS.values())} [s2]."
Stream = tuple[str, str]  # the kind of way out, and what came out there


class Place:
    """A folder with documents, their index, and a person's own settings file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        write_documents(folder)
        update_index(folder)

    def run(self, planted: Planted, *arguments: str) -> tuple[str, str]:
        """What a command prints on standard output and on standard error."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with self.surroundings(planted), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            run_command(arguments)

        def read(stream: io.TextIOWrapper) -> str:
            stream.seek(0)
            return stream.read()

        return read(out), read(err)

    @contextlib.contextmanager
    def surroundings(self, planted: Planted) -> Iterator[None]:
        """The environment, the settings file and the working directory of a person who has that key."""
        own = self.folder / "own.toml"
        own.write_text(planted.settings, encoding="utf-8")
        own.chmod(0o600)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PERSONAL)}
        more = {"HOME": str(self.folder), "QA_CONFIG": str(own), "QA_MODEL": "wise-1", "QA_CHROMA": "no"}
        environ = {**kept, **more, **planted.environ}
        with mock.patch.dict(os.environ, environ, clear=True), contextlib.chdir(self.folder):
            yield


def asked(place: Place, plant: Plant, step: Echo, *more: str) -> Iterator[Stream]:
    """One question: both streams, with a traceback if it fails."""
    with FakeServer(always=step()) as server:
        planted = plant(server.url)
        out, err = place.run(planted, "ask", "--debug", "--no-plan", "--index", ".qa", *more, QUESTION)
    yield ("standard output of ask --json" if "--json" in more else "standard output of ask"), out
    yield "standard error of ask --debug", err


def configured(place: Place, plant: Plant) -> Iterator[Stream]:
    """The settings as they are shown."""
    planted = plant("http://127.0.0.1:9/v1")
    for more in ((), ("--json",)):
        yield "qa config", "".join(place.run(planted, "config", "--debug", *more))


def evaluated(place: Place, plant: Plant, *steps: Echo) -> Iterator[Stream]:
    """A run, its folder, and what is made of it."""
    questions = place.folder / "set.jsonl"
    questions.write_text(f'{{"question": "{QUESTION}", "answers": ["cannons"]}}\n', encoding="utf-8")
    with tempfile.TemporaryDirectory(dir=place.folder) as name:
        made = Path(name)
        run = str(made / "run")
        *first, last = (step() for step in steps)
        calls: list[str] = []  # what the run notes of its first call, as long as the second is out

        def noted(exchange: Exchange) -> None:
            kept = made / "run" / "calls.jsonl"
            calls.extend([kept.read_text(encoding="utf-8")] if kept.exists() else [])
            last(exchange)

        with FakeServer(*first, always=noted) as server:
            planted = plant(server.url)
            outputs = (
                "--junit",
                f"{made}/junit.xml",
                "--csv",
                f"{made}/table.csv",
                "--markdown",
                f"{made}/table.md",
            )
            yield (
                "streams of eval",
                "".join(
                    place.run(planted, "eval", str(questions), "--judge", "--out", run, *outputs, "--debug")
                ),
            )
        yield "streams of report", "".join(place.run(planted, "report", run, "--debug"))
        yield from (("calls.jsonl", text) for text in calls if text)
        for path in sorted(made.rglob("*")):
            if path.is_file():
                yield path.name, path.read_text(encoding="utf-8")


def conversed(place: Place, plant: Plant) -> Iterator[Stream]:
    """A conversation that is kept, and its answers saved."""
    from qa.answering.factory import configured_model
    from qa.answering.index_reader import IndexReader
    from qa.chat.commands import run_command as command
    from qa.chat.conversation import Conversation
    from qa.models.embedders import EmbedderLoader
    from qa.output.console import Console
    from qa.settings.settings import load_settings

    with FakeServer(always=answer(_EVERYTHING)) as server, tempfile.TemporaryDirectory() as saved:
        with place.surroundings(plant(server.url)):
            settings = load_settings({}, environ=os.environ, directory=place.folder)
            reader = IndexReader(place.folder / ".qa", EmbedderLoader(settings, os.environ))
            talk = Conversation(reader, model=configured_model(settings, os.environ))
            talk.ask(talk.understood(QUESTION))
            console = Console(io.StringIO(), io.StringIO())
            for name in ("a.json", "a.jsonl", "a.md"):
                command(talk, console, "save", str(Path(saved) / name))
            talk.save("kept", Path(saved))
            reader.close()
        for path in sorted(Path(saved).iterdir()):
            yield f"/save {path.name}", path.read_text(encoding="utf-8")


def called(place: Place, plant: Plant, step: Echo) -> Iterator[Stream]:
    """The Python interface: an answer, or an exception with its traceback."""
    import qa
    from qa.errors import QaError

    with FakeServer(always=step()) as server, place.surroundings(plant(server.url)):
        try:
            with qa.Index(".qa") as index:
                yield "answer in Python", repr(index.ask(QUESTION, plan=False))
        except QaError as error:
            yield (
                "exception in Python",
                "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error)),
            )


def cases(place: Place) -> Iterator[Callable[[], Iterator[Stream]]]:
    """Every case, to be tried when it is called."""
    echoes: Mapping[str, Echo] = {**ANSWERS, **REFUSALS}
    said, refused = partial(answer, _EVERYTHING), REFUSALS["error: plain"]
    for name, plant in WAYS_IN.items():
        yield partial(configured, place, plant)
        if not plant("http://h/v1").reaches:
            yield partial(asked, place, plant, said)
            continue
        for echo in echoes if name == "environment" else SOME:
            yield partial(asked, place, plant, echoes[echo])
            if echo in ANSWERS:
                yield partial(asked, place, plant, echoes[echo], "--json")
            elif name == "environment":
                yield partial(called, place, plant, echoes[echo])
        for steps in ((said,), (refused,), (said, refused)):
            yield partial(evaluated, place, plant, *steps)
        yield partial(called, place, plant, said)
        yield partial(conversed, place, plant)


def main() -> int:
    """Print the table; 1 if a key came out anywhere."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--show", action="store_true", help="print the streams that show the key")
    arguments = parser.parse_args()
    tried: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        for number, case in enumerate(cases(place)):
            if number % arguments.every:
                continue
            for kind, text in case():
                tried[kind] += 1
                if shows(text):
                    shown[kind] += 1
                    if arguments.show:
                        sys.stderr.write(f"--- {number} {kind}\n{text}\n")
    lines = [f"| {kind} | {tried[kind]} | {shown[kind]} |" for kind in sorted(tried)]
    total = f"| all | {sum(tried.values())} | {sum(shown.values())} |"
    sys.stdout.write(
        "\n".join(["| way out | streams | show the key |", "|---|--:|--:|", *lines, total]) + "\n"
    )
    return 1 if shown else 0


if __name__ == "__main__":
    sys.exit(main())
