"""What becomes of questions when the catalog is damaged: flipped bits, garbled bytes, pages out of place.

`python benchmarks/damage.py DATA_FOLDER [--trials N] [--seed N] [--kind KIND] [--show]`

Documents of the sets in DATA_FOLDER are indexed, in a folder of its own. For each trial, the catalog or its
write-ahead log is damaged in one place, and in a forked process asked, shown, listed and searched; now and
then also verified and indexed. What these commands print is compared with what they printed of the undamaged
index: every citation, text, name, title, date, page and line. All is seeded. A Markdown table on stdout.

- wrong: something printed is not what was indexed, and nothing is said
- internal: a traceback, a warning of Python, "internal error", or words of a document in an error
- died: the process was killed, crashed, or took a minute
- named: exit 6
- otherwise: another error than one of the index
- other: an answer of other sentences, each quoted as it was indexed
- older: all as before the last commits, which a damaged log has lost
- harmless: all as it was

Linux and macOS.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import random
import resource
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import chain, takewhile
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.open_sets import set_names
from index.storage.catalog import Catalog
from index.storage.opening.connect import PAGE_SIZE
from index.types import Source
from qa.cli.app import main as qa_main

MEMORY = 4 << 30  # bytes of address space that a command may take: what wants more was misled
SECONDS = 60  # that all commands of a trial may take
SMALLEST_PDFS = 2
PER_SET = 25  # documents
LARGEST = 250_000  # bytes
SHOWN = 20  # of them
COMMITS = 3  # to the log
EACH_SET = 2  # questions
BAD = ("wrong", "internal", "died", "otherwise")
LEAKED = 24  # characters of a document in an error that are no coincidence
OUTCOMES = ("wrong", "internal", "died", "named", "otherwise", "other", "older", "harmless")
SECTOR = 512  # bytes
HEADER_BYTES = 100  # of an SQLite file
NEAR_THE_BEGINNING = 0.4  # of the places in a page
SLOW_EACH = 100  # trials
INDEX_UNUSABLE, ABSTAINED, NOT_INTACT = 6, 3, 5  # exit codes
TWO_LINES = 2


class Printed(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Place:
    """An index with its documents, and copies of its catalog as it was: whole, and with a log beside it."""

    folder: Path
    whole: bytes
    logged: bytes
    logs: Sequence[bytes]  # as it was before the first commit, and after each
    pages: Mapping[str, Sequence[int]]  # numbers of pages, from 0, by the table that they belong to

    @property
    def catalog(self) -> Path:
        """Where it stands."""
        return self.folder / ".qa/catalog.sqlite3"

    def put(self, catalog: bytes, log: bytes) -> None:
        """Put a catalog and its log in place."""
        for path in self.catalog.parent.glob("catalog.*"):
            path.unlink()
        self.catalog.write_bytes(catalog)
        if log:
            self.catalog.with_name(f"{self.catalog.name}-wal").write_bytes(log)


# The index


def make_place(data: Path, folder: Path) -> tuple[Place, list[str]]:
    """Documents of every set indexed in `folder`, and questions about them.

    The last commits to the catalog with a log stand in that log alone: sources that are named otherwise, and
    one that is gone.
    """
    questions: list[str] = []
    for name in set_names(data):
        paths = sorted((data / name / "docs").iterdir(), key=lambda path: path.stat().st_size)
        paths = paths[:SMALLEST_PDFS] if paths[0].suffix == ".pdf" else paths[:PER_SET]
        paths = [path for path in paths if path.stat().st_size <= LARGEST]
        (folder / name).mkdir(parents=True)
        for path in paths:
            shutil.copy(path, folder / name)
        names = {path.name for path in paths}
        rows = map(json.loads, (data / name / "questions.jsonl").read_text(encoding="utf-8").splitlines())
        fitting = [row["question"] for row in rows if any(e["source"] in names for e in row["evidence"])]
        questions += fitting[:: max(1, len(fitting) // EACH_SET)][:EACH_SET]
    os.environ["QA_CHROMA"] = "no"
    os.chdir(folder)
    if qa_main(["index", "."]):
        raise SystemExit("the documents could not be indexed")
    path = folder / ".qa/catalog.sqlite3"
    whole, pages = path.read_bytes(), pages_of(path)
    with Catalog.open(path.parent) as catalog:
        logs = [b""]
        for number, source in enumerate(catalog.sources()[:COMMITS]):
            if number % 2:
                catalog.remove([source.id])
            else:
                catalog.rename({source.id: f"new/{source.name}"})
            logs.append(path.with_name(f"{path.name}-wal").read_bytes())
        logged = path.read_bytes()
    return Place(folder, whole, logged, logs, pages), questions


def pages_of(path: Path) -> dict[str, list[int]]:
    """The numbers of a file's pages, from 0, by the table or index that they belong to."""
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT name, pageno FROM dbstat").fetchall()
    pages: dict[str, list[int]] = {}
    for name, number in rows:
        pages.setdefault(name, []).append(number - 1)
    return pages


# Damage


def flip(data: bytearray, at: int, chance: random.Random) -> None:
    """One bit."""
    data[at] ^= 1 << chance.randrange(8)


def garble(data: bytearray, at: int, chance: random.Random) -> None:
    """Up to 64 bytes of anything."""
    size = min(chance.choice([1, 2, 4, 8, 64]), len(data) - at)
    data[at : at + size] = chance.randbytes(size)


def blank(data: bytearray, at: int, chance: random.Random) -> None:
    """A sector of zeros, or of ones."""
    at -= at % SECTOR
    size = min(SECTOR, len(data) - at)
    data[at : at + size] = chance.choice([b"\0", b"\xff"]) * size


def displace(data: bytearray, at: int, chance: random.Random) -> None:
    """A page where another one should be."""
    at -= at % PAGE_SIZE
    other = chance.randrange(0, len(data) // PAGE_SIZE) * PAGE_SIZE
    size = min(PAGE_SIZE, len(data) - at, len(data) - other)
    data[at : at + size] = data[other : other + size]


def cut(data: bytearray, at: int, _chance: random.Random) -> None:
    """Everything from here on is gone."""
    del data[at:]


Damage = Callable[[bytearray, int, random.Random], None]
DAMAGES: Mapping[Damage, int] = {flip: 10, garble: 6, blank: 2, displace: 1, cut: 1}
LOG = "log"
HEADER = "header"
OFTEN = ("sources", "chunks", "sqlite_schema", "manifest", HEADER, LOG)  # each as often as any page


def damaged(place: Place, chance: random.Random) -> tuple[str, str, bytes, bytes]:
    """Where and how a catalog is damaged, the catalog and its log."""
    (damage,) = chance.choices(list(DAMAGES), list(DAMAGES.values()))
    target = chance.choice((*OFTEN, "any"))
    catalog, log = bytearray(place.whole), bytearray()
    if target == LOG:
        catalog, log = bytearray(place.logged), bytearray(place.logs[-1])
        damage(log, chance.randrange(len(log)), chance)
    elif target == HEADER:
        damage(catalog, chance.randrange(HEADER_BYTES), chance)
    else:
        known = {name: pages for name, pages in place.pages.items() if target in (name, "any")}
        page = chance.choice([page for pages in known.values() for page in pages])
        target = next(name for name, pages in known.items() if page in pages)
        at = PAGE_SIZE * page
        if chance.random() < NEAR_THE_BEGINNING:  # where a page says what is on it
            at += chance.randrange(100 if page == 0 else 0, 160)
        else:
            used = [place for place in range(at, at + PAGE_SIZE) if catalog[place]]
            at = chance.choice(used or [at])
        damage(catalog, at, chance)
    return target, damage.__name__, bytes(catalog), bytes(log)


# What is asked


class Expected(NamedTuple):
    """What commands print of an undamaged index; its sources, and their texts and pages, by name."""

    printed: Mapping[tuple[str, ...], Printed]
    sources: Mapping[str, Mapping[str, Any]]
    texts: Mapping[str, str]
    paged: Mapping[str, Source]


def commands_for(place: Place, questions: Sequence[str]) -> Expected:
    """All commands that are tried, and what they print now."""
    listed = _run(("sources", "--json"))
    sources = {source["name"]: source for source in json.loads(listed.out)["sources"]}
    printed = {("sources", "--json"): listed, ("sources",): _run(("sources",))}
    texts = {}
    for name in sources:
        texts[name] = json.loads(_run(("show", name, "--json")).out)["text"]
    for name in list(sources)[:SHOWN]:
        for command in (("show", name, "--json"), ("show", f"{name}:2", "--json"), ("show", name)):
            printed[command] = _run(command)
    for question in questions:
        command = ("ask", "--json", question)
        printed[command] = _run(command)
        narrowed = (*command, "--source", f"{next(iter(sources)).partition('/')[0]}/*")
        printed[narrowed] = _run(narrowed)
    receipt = place.folder.parent / "receipt.json"
    receipt.write_text(printed["ask", "--json", questions[0]].out, encoding="utf-8")
    printed["verify", "--json", str(receipt)] = _run(("verify", "--json", str(receipt)))
    printed["index", "--json"] = _run(("index", "--json"))
    with Catalog.open(place.catalog.parent) as catalog:
        paged = {source.name: source for source in catalog.sources()}
    return Expected(printed, sources, texts, paged)


def _run(command: Sequence[str]) -> Printed:
    """A command run here, with what it printed."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        kept = os.dup(1), os.dup(2)
        try:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            code = qa_main(list(command))
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            for number, descriptor in enumerate(kept, 1):
                os.dup2(descriptor, number)
                os.close(descriptor)
        out.seek(0)
        err.seek(0)
        return Printed(code, out.read().decode(errors="replace"), err.read().decode(errors="replace"))


def run_in_child(commands: Sequence[tuple[str, ...]]) -> tuple[list[Printed], str]:
    """What commands printed one after the other in a process of their own, and how that died, if it did."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.alarm(SECONDS)
        ended = 1
        try:
            with os.fdopen(writing, "wb") as pipe:
                for command in commands:
                    pickle.dump(_run(command), pipe)
                    pipe.flush()
            ended = 0
        finally:  # whatever was raised: to clean up is the parent's business
            os._exit(ended)
    os.close(writing)
    printed = []
    with os.fdopen(reading, "rb") as pipe:
        while True:
            try:
                printed.append(pickle.load(pipe))
            except (EOFError, pickle.UnpicklingError):
                break
    _, status = os.waitpid(child, 0)
    died = "" if status == 0 else f"status {status} at {' '.join(commands[len(printed)])}"
    return printed, died


def choose(expected: Expected, trial: int, chance: random.Random) -> list[tuple[str, ...]]:
    """The commands of one trial: the list, a question and three texts; the slow ones now and then."""
    by_name: dict[str, list[tuple[str, ...]]] = {}
    for command in expected.printed:
        by_name.setdefault(command[0], []).append(command)
    chosen = [
        chance.choice(by_name["sources"]),
        chance.choice(by_name["ask"]),
        *chance.sample(by_name["show"], 3),
    ]
    chance.shuffle(chosen)
    if trial % SLOW_EACH == 0:
        chosen += [*by_name["verify"], *by_name["index"], ("sources", "--json")]
    return chosen


# What came of it


def judge(command: tuple[str, ...], now: Printed, expected: Expected) -> tuple[str, str]:
    """The outcome of one command, and what is wrong with it, if anything is."""
    before = expected.printed[command]
    leak = _leak(now.err, expected.texts)
    if leak or any(words in now.err for words in ("Traceback", "internal error", "Warning: ")):
        return "internal", f"{now.err} {leak!r}"
    if now.code == INDEX_UNUSABLE:
        return "named" if now.err.count("\n") == TWO_LINES else "internal", now.err
    if now.code not in (before.code, 0, ABSTAINED):
        return "otherwise", f"exit {now.code}: {now.err}"
    if command[0] == "ask":
        return judge_answer(json.loads(before.out), json.loads(now.out), expected)
    if now == before or (command[0] == "index" and not now.code):
        return "harmless", ""
    return "wrong", _difference(before.out, now.out)


def judge_answer(before: Any, now: Any, expected: Expected) -> tuple[str, str]:
    """Whether an answer is the same, another one that is quoted rightly, or wrong."""
    if _comparable(before) == _comparable(now):
        return "harmless", ""
    nearest = now.get("nearest") or {}
    sides = chain.from_iterable(found["sides"] for found in now.get("disagreements", ()))
    citations = [
        *now["citations"],
        *nearest.get("citations", ()),
        *(c for side in sides for c in side["citations"]),
    ]
    for citation in citations:
        if wrong := _wrong(citation, expected):
            return "wrong", wrong
    said = {" ".join(c[key].split()) for c in now["citations"] for key in ("text", "labelled") if c[key]}
    for claim in now["claims"]:
        if not any(
            " ".join(claim["text"].split()) in one or one in " ".join(claim["text"].split()) for one in said
        ):
            return "wrong", f"claimed and not cited: {claim['text']!r}"
    return "other", f"{before['status']} -> {now['status']}"


def _wrong(citation: Mapping[str, Any], expected: Expected) -> str:
    source = expected.sources.get(citation["source"])
    if source is None:
        return f"no such source: {citation['source']}"
    text = expected.texts[citation["source"]]
    start = citation["start"]
    right = {
        "text": text[start : citation["end"]],
        "page": expected.paged[citation["source"]].page_at(start),
        "line": text[:start].replace("\r\n", "\n").count("\n") + 1,
        **{key: source[key] for key in ("sha256", "title", "date", "date_origin", "location")},
    }
    differing = [key for key, value in right.items() if citation[key] != value]
    return ", ".join(f"{key}: {citation[key]!r} for {right[key]!r}" for key in differing)


def _comparable(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key not in ("seconds", "timings")}


def _difference(before: str, now: str) -> str:
    """The first place where two texts differ, with what stands around it."""
    at = next((at for at, (one, other) in enumerate(zip(before, now, strict=False)) if one != other), 0)
    return f"{before[max(at - 30, 0) : at + 30]!r} -> {now[max(at - 30, 0) : at + 30]!r}"


def _leak(message: str, texts: Mapping[str, str]) -> str:
    """A run of words in a message that a document has."""
    for at in range(0, max(len(message) - LEAKED, 0), LEAKED // 3):
        words = message[at : at + LEAKED]
        if any(words in text for text in texts.values()):
            return words
    return ""


# All of it


class Found(NamedTuple):
    """What a trial came to: where and how the catalog was damaged, the worst outcome, and what was wrong."""

    trial: int
    target: str
    damage: str
    outcome: str
    what: str


def try_once(place: Place, states: Sequence[Expected], trial: int, seed: int) -> Found:
    """One trial. `states` are what is expected of the catalog without a log, and after each commit."""
    chance = random.Random(f"{seed} {trial}")
    target, damage, catalog, log = damaged(place, chance)
    expected = states[-1] if target == LOG else states[0]
    place.put(catalog, log)
    commands = choose(expected, trial, chance)
    printed, died = run_in_child(commands)
    outcomes = [
        (*judge(command, now, expected), command) for command, now in zip(commands, printed, strict=False)
    ]
    if died:
        return Found(trial, target, damage, "died", died)
    outcome, what, command = min(outcomes, key=lambda found: OUTCOMES.index(found[0]))
    if target == LOG and any(_is_as(state, commands, printed) for state in states[:-1]):
        outcome = "older"
    return Found(trial, target, damage, outcome, f"{' '.join(command)}: {what}" if what else "")


def _is_as(state: Expected, commands: Sequence[tuple[str, ...]], printed: Sequence[Printed]) -> bool:
    """True if all was printed as in that state, until it was indexed anew; what is not known is left out."""
    until_indexed = takewhile(lambda pair: pair[0][0] != "index", zip(commands, printed, strict=False))
    pairs = [(state.printed[one], now) for one, now in until_indexed if one in state.printed]
    return all(
        before.code == now.code and (before.out == now.out or _same_answer(before.out, now.out))
        for before, now in pairs
    )


def _same_answer(before: str, now: str) -> bool:
    try:
        return _comparable(json.loads(before)) == _comparable(json.loads(now))
    except ValueError:
        return False


def table(found: Sequence[Found]) -> list[str]:
    """How many trials came to what, by what was damaged."""
    counts = Counter((_group(one.target), one.outcome) for one in found)
    targets = sorted({_group(one.target) for one in found})
    lines = [f"| damaged | trials | {' | '.join(OUTCOMES)} |", f"|---|{'--:|' * (len(OUTCOMES) + 1)}"]
    for target in [*targets, "all"]:
        row = [
            sum(count for (at, what), count in counts.items() if target in (at, "all") and what == outcome)
            for outcome in OUTCOMES
        ]
        lines.append(f"| {target} | {sum(row):,} | {' | '.join(f'{count:,}' for count in row)} |")
    return lines


def _group(target: str) -> str:
    """What a table or index is for."""
    if target.startswith("chunks_fts"):
        return "full text"
    if "autoindex" in target or "_by_" in target:
        return "indexes of tables"
    known = ("sources", "chunks", "vectors", "manifest", "sqlite_schema", HEADER, LOG)
    return target if target in known else "other tables"


def main() -> None:
    """Try and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--trials", type=int, default=2_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first trial")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="each trial that came to no good, on stderr")
    arguments = parser.parse_args()
    data = arguments.data.resolve()
    with tempfile.TemporaryDirectory() as temporary:
        place, questions = make_place(data, Path(temporary) / "documents")
        states = []
        for log in place.logs:
            place.put(place.logged, log)
            states.append(commands_for(place, questions))
        found: list[Found] = []
        signal.signal(signal.SIGINT, signal.default_int_handler)  # ends it early, with what was found
        with suppress(KeyboardInterrupt):
            for trial in range(arguments.first, arguments.first + arguments.trials):
                one = try_once(place, states, trial, arguments.seed)
                found.append(one)
                if arguments.show and one.outcome in BAD:
                    told = f"{one.trial} {one.target} {one.damage}: {one.outcome}: {one.what}"
                    print(told, file=sys.stderr, flush=True)
        os.chdir("/")
    print("\n".join(table(found)))


if __name__ == "__main__":
    main()
