"""Metrics, speed and crash safety of `qa eval`.

`python benchmarks/evaluation.py [PART…] --data DATA_FOLDER`

Parts, all without any: `sets` runs every open set in DATA_FOLDER without a model and prints its metrics with
their intervals; `speed` asks `squad2` as `qa eval` does and, block by block in turns with it, by bare calls
of `answer()`, and prints questions a second, and a second of CPU in one process and in as many as there are
cores; `askers` asks through one `qa.Index` from one thread and from several, in its own process and in
others, in turns, and prints how many times as many questions a second that is; `kills` kills runs with
`kill -9` at random moments and resumes them, without a model and with a server on loopback, until they are
done, and prints whether their metrics are those of runs that nobody killed. Markdown on stdout.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from index.concurrency.processes import cores
from index.search.filters import ALL, Filters
from qa import Index
from qa.answering.answer import answer as answer_question
from qa.answering.index_reader import IndexReader
from qa.answering.shared_reader import SharedIndexReader
from qa.evaluation.evaluate import Models, Plan, SelectedQuestions, header_for
from qa.evaluation.metrics.scores_json import scores_of
from qa.evaluation.running.attempt import AskOptions
from qa.evaluation.running.runner import run_questions
from qa.evaluation.running.throttle import Throttle
from qa.evaluation.runs.folder import RunFolder
from qa.evaluation.sets.dataset import load_questions, question_key, select
from qa.evaluation.types import Estimate, Question, Scores
from tests.support.fake_server import FakeServer, Request, answer

REPOSITORY = Path(__file__).resolve().parent.parent
SETS = ("news", "squad2", "clapnq", "chunk_eval", "financebench")
SHOWN = (
    *("R@1", "R@5", "R@10", "Success@5", "MRR", "nDCG@10", "page_R@5", "page_Success@5", "page_MRR"),
    *("citation_precision", "citation_recall", "citation_f1", "citation_hit", "page_citation_hit"),
    *("exact_match", "token_f1", "rouge_l"),
    *("right_decision", "abstention_precision", "abstention_recall", "abstention_f1", "coverage", "aurc"),
)
QA = [sys.executable, "-m", "qa"]
BLOCK = 50  # questions in one turn of the speed part
QUESTIONS: dict[str, str] = {}  # texts by key
GOOD = "It is said so in the first sentence [s1]."


def qa(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """The command, started in the repository."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("QA_", "OPENAI_"))}
    return subprocess.Popen(
        [*QA, *arguments],
        cwd=REPOSITORY,
        env={**env, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        encoding="utf-8",
    )


def finished(process: subprocess.Popen[str]) -> str:
    """What a command printed, which must have succeeded."""
    out, err = process.communicate()
    if process.returncode:
        raise SystemExit(f"{process.args!r}: {process.returncode}\n{err}")
    return out


def indexed(data: Path, name: str, work: Path) -> Path:
    """The index of one set, made if it is not there."""
    place = work / name / ".qa"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        finished(qa("index", str(data / name / "docs"), "--index", str(place)))
    return place


def sets(data: Path, work: Path) -> None:
    """Every open set, offline."""
    scores: dict[str, Scores] = {}
    for name in SETS:
        began = time.perf_counter()
        arguments = (str(data / name / "questions.jsonl"), "--index", str(indexed(data, name, work)))
        out = finished(qa("eval", *arguments, "--out", str(work / name / "run"), "--offline", "--json"))
        scores[name] = scores_of(json.loads(out))
        sys.stderr.write(f"{name}: {time.perf_counter() - began:.0f} s\n")
    runs = list(scores.values())
    print("| metric |", " | ".join(scores), "|")
    print("|---|" + "---|" * len(scores))
    print("| questions |", " | ".join(str(run.counts.questions) for run in runs), "|")
    print("| unanswerable |", " | ".join(str(run.counts.unanswerable) for run in runs), "|")
    print("| errors |", " | ".join(str(run.counts.errors) for run in runs), "|")
    for metric in SHOWN:
        print(f"| {metric} |", " | ".join(_cell(run.metrics.get(metric)) for run in runs), "|")
    seconds = (run.timing.seconds for run in runs)
    print("| seconds, p50 / p95 |", " | ".join(f"{each.p50:.3f} / {each.p95:.3f}" for each in seconds), "|")


def _cell(estimate: Estimate | None) -> str:
    if estimate is None:
        return ""
    low, high = (f"{end:.3f}".removeprefix("0") for end in (estimate.low, estimate.high))
    return f"{estimate.mean:.3f}".removeprefix("0") + f" ({low}–{high})"


def speed(data: Path, work: Path, *, blocks: int = 20) -> None:
    """Questions a second, and the overhead over bare calls."""
    path, place = data / "squad2" / "questions.jsonl", indexed(data, "squad2", work)
    questions = select(load_questions(path), sample=blocks * BLOCK, seed=1)
    bare, shared = IndexReader(place), SharedIndexReader(place)
    ratios, rates = [], []
    for number in range(blocks):
        block = questions[number * BLOCK : (number + 1) * BLOCK]
        parts: list[Callable[[], None]] = [
            partial(_bare, bare, block),
            partial(_batch, path, block, shared, work / "speed" / str(number)),
        ]
        seconds = [0.0, 0.0]
        for at in (0, 1) if number % 2 else (1, 0):
            began = time.perf_counter()
            parts[at]()
            seconds[at] = time.perf_counter() - began
        if number:  # the first block loads what the others have
            ratios.append(seconds[1] / seconds[0])
            rates.append(BLOCK / seconds[1])
    bare.close()
    shared.close()
    print(f"{blocks - 1} blocks of {BLOCK} questions of squad2, each asked both ways in turn.")
    print(
        f"qa eval: {statistics.median(rates):.0f} questions a second ({min(rates):.0f} to {max(rates):.0f})"
    )
    print(
        f"against bare answer() calls: {statistics.median(ratios):.2f} times as long"
        f" ({min(ratios):.2f} to {max(ratios):.2f})"
    )
    count = len(load_questions(path))
    for processes in dict.fromkeys((1, cores())):
        arguments = (str(path), "--index", str(place), "--offline", "--concurrency", str(processes))
        began, cpu = time.perf_counter(), _cpu_of_children()
        finished(qa("eval", *arguments, "--out", str(work / "speed" / f"whole-{processes}")))
        took, cpu = time.perf_counter() - began, _cpu_of_children() - cpu
        print(f"the whole command over {count:,} questions, processes: {processes}: {took:.0f} s, ", end="")
        print(f"{count / took:.0f} questions a second, {count / cpu:.0f} a second of CPU")


def _cpu_of_children() -> float:
    """Seconds of CPU that processes took which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def askers(data: Path, work: Path, *, blocks: int = 10) -> None:
    """How many times as many questions are answered where several ask at once."""
    at_once = max(2, min(8, cores()))
    texts = [each.text for each in load_questions(data / "squad2" / "questions.jsonl")]
    random.Random(1).shuffle(texts)
    place = indexed(data, "squad2", work)
    rates: dict[str, list[float]] = {}
    with (
        Index(place, offline=True) as own,
        Index(place, offline=True, processes=at_once) as apart,
        ThreadPoolExecutor(at_once) as threads,
    ):
        for number in range(blocks + 1):
            block = texts[number * BLOCK : (number + 1) * BLOCK]
            for name, index in (("in this process", own), ("in processes", apart)):
                for several in (False, True):
                    began = time.perf_counter()
                    list((threads.map if several else map)(index.ask, block))
                    rate = BLOCK / (time.perf_counter() - began)
                    if number:  # the first block starts and loads what the others have
                        rates.setdefault(f"{at_once if several else 1} {name}", []).append(rate)
    alone = rates["1 in this process"]
    for name, found in rates.items():
        times = statistics.median(rate / one for rate, one in zip(found, alone, strict=True))
        print(f"threads that ask: {name}: {statistics.median(found):.0f} a second, {times:.2f} times")


def _bare(library: IndexReader, questions: Sequence[Question]) -> None:
    for question in questions:
        answer_question(question.text, library.find(question.text, k=10, filters=ALL))


def _batch(path: Path, questions: Sequence[Question], library: SharedIndexReader, out: Path) -> None:
    options, models = AskOptions(10, Filters()), Models(None, None, None, Throttle(1))
    plan = Plan(SelectedQuestions(path, tuple(questions)), out, options, models)
    with RunFolder(out, header_for(plan, library)) as folder:
        run_questions(
            questions, folder.header.asked.record_ids, folder=folder, reader=library, options=options
        )


def kills(data: Path, work: Path, *, times: int = 20) -> None:
    """Runs that are killed and resumed."""
    for question in load_questions(data / "squad2" / "questions.jsonl"):
        QUESTIONS[question_key(question)] = question.text
    arguments = [str(data / "squad2" / "questions.jsonl"), "--index", str(indexed(data, "squad2", work))]
    print(_killed([*arguments, "--sample", "800", "--offline"], work / "kills", times, None))
    with FakeServer(always=answer(GOOD)) as server:
        more = ["--sample", "120", "--model", "fake-1", "--concurrency", "4"]
        print(_killed([*arguments, *more], work / "kills-model", times, server))


def _killed(arguments: list[str], work: Path, times: int, server: FakeServer | None) -> str:
    """One run killed `times` times and resumed, beside one that was not."""
    environment = {} if server is None else {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": server.url}
    whole, cut = work / "whole", work / "cut"
    began = time.perf_counter()
    finished(qa("eval", *arguments, "--out", str(whole), **environment))
    took = time.perf_counter() - began
    rng, killed, repeated, done = random.Random(7), 0, 0, False
    while not done:
        finished_questions, seen = _finished_questions(cut), len(server.requests) if server else 0
        process = qa("eval", *arguments, "--out", str(cut), **environment)
        try:
            longest = 0.8 + 2.0 * took / times
            process.wait(None if killed == times else rng.uniform(0.3, longest))
            done = process.returncode == 0
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            killed += 1
        if server:
            repeated += sum(_question_of(request) in finished_questions for request in server.requests[seen:])
    same = all(_figures(whole)[part] == _figures(cut)[part] for part in ("metrics", "by_tag"))
    result = (
        f"{killed} kills; {_lines(cut)} records, {_lines(whole)} without kills; metrics and by_tag are"
        f" {'byte for byte the same' if same else 'NOT the same'}"
    )
    return result + (f"; finished model calls that were repeated: {repeated}" if server else "")


def _finished_questions(folder: Path) -> set[str]:
    """The questions whose model call, or all of them, is on the disk."""
    texts = {line["key"]: line["question"]["question"] for line in _rows(folder / "records.jsonl")}
    return {*texts.values(), *(QUESTIONS[line["key"]] for line in _rows(folder / "calls.jsonl"))}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        for line in path.read_bytes().split(b"\n")[:-1]:
            yield json.loads(line)


def _question_of(request: Request) -> str:
    """The question at the end of a prompt."""
    messages: Any = request.body["messages"]
    text: str = messages[0]["content"]
    return text.rstrip("\n").rpartition("\n\n")[2]


def _figures(folder: Path) -> dict[str, str]:
    scores = json.loads((folder / "scores.json").read_bytes())
    return {part: json.dumps(scores[part]) for part in ("metrics", "by_tag")}


def _lines(folder: Path) -> int:
    return (folder / "records.jsonl").read_bytes().count(b"\n")


PARTS: dict[str, Callable[[Path, Path], None]] = {
    "sets": sets,
    "speed": speed,
    "askers": askers,
    "kills": kills,
}


def main() -> None:
    """Run the parts that are asked for, all without any."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="PART")
    parser.add_argument("--data", type=Path, required=True)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qa-benchmark-") as folder:
        for part in arguments.parts or PARTS:
            print(f"\n### {part}\n", flush=True)
            PARTS[part](arguments.data, Path(folder))


if __name__ == "__main__":
    main()
