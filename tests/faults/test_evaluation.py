"""`qa eval` when things go wrong, as FAULTS.md has it (V): nothing is lost, paid twice or glossed over.

A real server, and real processes where they are killed, interrupted or waited for. The same at many random
moments is in `test_killed.py`.
"""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from index.remote.address import Address
from qa.cli.app import main
from tests.support import starting
from tests.support.cli import environment, update_index, write_documents
from tests.support.fake_server import (
    CANARY as KEY,
    Exchange,
    FakeServer,
    Step,
    answer,
    completion,
    error,
    silence,
    status,
)
from tests.support.processes import QA, Done, assert_refused, assert_well_behaved, qa, without_root_rights
from tests.support.run_folders import cited_answer, number_in, questions
from tests.support.timeouts import FOREVER, PATIENCE, SLOWER

COUNT = 16
JUDGE = "judge-1"
SLOW = 0.03  # seconds that the server takes for an answer


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with four documents, their index, and a set of sixteen questions."""
    folder = tmp_path_factory.mktemp("home")
    write_documents(folder)
    update_index(folder)
    write_set(folder / "set.jsonl", rows())
    return folder


def rows() -> list[dict[str, object]]:
    """Questions with an answer each, every third with a tag."""
    return [
        {"id": one.id, "question": one.text, "answers": [f"number {n}"], "tags": ["third"] * (n % 3 == 0)}
        for n, one in enumerate(questions(COUNT))
    ]


def write_set(path: Path, lines: Sequence[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in lines), encoding="utf-8")


class Counting:
    """A server's behaviour that counts, by model and question, what it was asked.

    `instead` gives another step for some questions, by their number. After as many requests as `answers` has
    for a model, it says nothing more.
    """

    def __init__(self, instead: Callable[[int], Step | None] = lambda _: None, verdict: str = "") -> None:
        self.asked: Counter[tuple[str, int]] = Counter()
        self.answers: dict[str, int] = {}
        self._instead = instead
        self._verdict = verdict or "1: yes\nVERDICT: CORRECT"
        self._lock = threading.Lock()

    def __call__(self, exchange: Exchange) -> None:
        prompt = str(exchange.request_seen.body["messages"][0]["content"])  # type: ignore[index]  # JSON is untyped
        model = str(exchange.request_seen.body["model"])
        number = -1 if "<pair" in prompt else number_in(prompt)
        with self._lock:
            self.asked[model, number] += 1
            asked = sum(count for (who, _), count in self.asked.items() if who == model)
        if asked > self.answers.get(model, asked):
            exchange.wait(FOREVER)
            return
        step = self._instead(number) if model != JUDGE else None
        if not exchange.wait(SLOW):
            return
        if step:
            step(exchange)
        else:
            text = self._verdict if model == JUDGE else cited_answer(prompt)
            exchange.whole(json.dumps({**completion(text), "model": model}).encode())


def words(home: Path, out: Path, *more: str, name: str = "set.jsonl") -> list[str]:
    return ["eval", str(home / name), "--index", str(home / ".qa"), "--out", str(out), "--json", *more]


def connected(server: FakeServer, **more: str) -> dict[str, str]:
    return {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url, "QA_MODEL": "wise-1", **more}


Ask = Callable[..., Done]


@pytest.fixture
def ask(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """One `qa eval` of the set with the model behind a server; in this process, which has its client."""

    def run(out: Path, server: FakeServer, *more: str) -> Done:
        with monkeypatch.context() as patch:
            patch.chdir(home)
            for name, value in connected(server).items():
                patch.setenv(name, value)
            code = main(words(home, out, *more))
        printed = capsys.readouterr()
        return assert_well_behaved(code, printed.out.encode(), printed.err.encode())

    return run


def start(home: Path, server: FakeServer, command: Sequence[str], **more: str) -> subprocess.Popen[bytes]:
    return starting.start([*QA, *command], at=home, env=environment(home, **connected(server, **more)))


def wait_until(true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def scores(out: Path) -> dict[str, Any]:
    scores_object: dict[str, Any] = json.loads((out / "scores.json").read_bytes())
    return scores_object


def lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def test_v1_killed_while_asking_and_while_judging(home: Path, tmp_path: Path, ask: Ask) -> None:
    """V1: the same metrics to the byte, and no finished call of either model made again."""
    judged = ("--judge-model", JUDGE, "--repeat", "2")
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    once, again = Counting(), Counting()
    with FakeServer(always=once) as server:
        assert ask(whole, server, *judged).code == 0
    with FakeServer(always=again) as server:
        # So many that each writes its first lines, and something is left to do, however late it is killed.
        for name, model, most in (("records.jsonl", "wise-1", 8), ("judgements.jsonl", JUDGE, 24)):
            again.answers = {model: most}
            process = start(home, server, words(home, cut, *judged))
            wait_until(lambda name=name: lines(cut / name) >= 3)  # type: ignore[misc]  # mypy cannot infer it
            process.kill()
            assert process.wait() == -signal.SIGKILL
            process.communicate()
        again.answers = {}
        done = ask(cut, server, *judged)
    assert done.code == 0, done.err
    assert again.asked.keys() == once.asked.keys()
    assert again.asked.total() - once.asked.total() <= 2 * 8
    for name in ("metrics", "by_tag", "counts"):
        assert json.dumps(scores(cut)[name]) == json.dumps(scores(whole)[name])
    assert lines(cut / "records.jsonl") == 2 * COUNT
    assert lines(cut / "judgements.jsonl") == 2 * COUNT
    # V7: what a run depends on is in its header, and repeats give intervals.
    header = json.loads((whole / "run.json").read_bytes())
    assert header["made"]["model"] == "wise-1"
    assert (header["asked"]["seed"], header["asked"]["repeat"]) == (0, 2)
    assert {"qa", "python", "openai"} <= header["versions"].keys()
    assert len(header["prompts"]["answer"]) == 64
    one = scores(whole)["metrics"]["token_f1"]
    assert one["low"] <= one["mean"] <= one["high"]


def test_v2_rows_that_do_not_fit(home: Path, tmp_path: Path) -> None:
    """V2: all named by file and line, and nothing is run."""
    good = json.dumps({"id": "a", "question": "Where was Mia born?"})
    bad = [b'{"id": "b"}', good.encode(), b'{"question": "' + b"x" * 20_000 + b'"}', b"{not json"]
    (tmp_path / "bad.jsonl").write_bytes(good.encode() + b"\n" + b"\n".join(bad))
    with FakeServer() as server:
        command = ("eval", str(tmp_path / "bad.jsonl"), "--out", str(tmp_path / "run"))
        done = qa(*command, at=home, variables=connected(server))
        assert not server.requests
    assert done.code == 2
    for line in (2, 3, 4, 5):
        assert f"bad.jsonl:{line}: " in done.err
    assert "4 of 5 rows" in done.err
    assert not (tmp_path / "run").exists()


def test_v3_one_in_five_is_refused(tmp_path: Path, ask: Ask) -> None:
    """V3: they failed and are not wrong; a server's slip is made up for; only they are asked again."""
    slipped: set[int] = set()

    def instead(number: int) -> Step | None:
        if number % 5 == 0:
            return error(400, "I would rather not")
        if number == 7 and not slipped:
            slipped.add(number)
            return status(500)
        return None

    with FakeServer(always=Counting(instead)) as server:
        done = ask(tmp_path / "run", server)
    assert done.code == 1
    scores_object = done.shown
    assert scores_object["counts"]["errors"] == 4
    assert (scores_object["counts"]["records"], scores_object["metrics"]["error_rate"]["n"]) == (16, 16)
    assert scores_object["metrics"]["token_f1"]["n"] == 12
    assert scores_object["metrics"]["token_f1"]["mean"] > 0.5
    assert "failed 4 times" in done.err
    calm = Counting()
    with FakeServer(always=calm, after=server) as server:
        done = ask(tmp_path / "run", server, "--retry-errors")
    assert done.code == 0, done.err
    assert calm.asked == {("wise-1", number): 1 for number in (0, 5, 10, 15)}
    assert done.shown["counts"]["errors"] == 0


def test_v4_everything_fails(tmp_path: Path, ask: Ask) -> None:
    """V4: the run gives up after ten in a row and says so."""
    no = error(400, "I would rather not")
    with FakeServer(always=no) as server:
        done = ask(tmp_path / "a", server, "--concurrency", "2")
        assert len(server.requests) <= 12
    assert_refused(done, 1, "10 questions in a row got no answer", "I would rather not")


def test_v5_a_judge_that_cannot_be_read(tmp_path: Path, ask: Ask) -> None:
    """V5: malformed or out of range is unreadable, which is no score; if all are, one is shown, exit 1."""
    with FakeServer(
        always=Counting(verdict="1: maybe\nI give it 11 out of 10.\nVERDICT: EXCELLENT")
    ) as server:
        done = ask(tmp_path / "run", server, "--judge-model", JUDGE, "--limit", "3")
    assert done.code == 1
    assert "a verdict that could not be read: 1: maybe I give it 11" in done.err
    assert done.shown["counts"]["unreadable"] == 3
    assert "judged_correct" not in done.shown["metrics"]


def test_v6_the_index_was_changed(home: Path, tmp_path: Path) -> None:
    """V6: between two commands; the run is refused, and stays as it was. Nor is it there afterwards."""
    own = tmp_path / "own"
    write_documents(own)
    update_index(own)
    write_set(own / "set.jsonl", rows())
    out = tmp_path / "run"
    assert qa(*words(own, out, "--limit", "2"), at=own).code == 0
    before = {path.name: path.read_bytes() for path in out.glob("*s.json*")}
    (own / "docs" / "cats.txt").write_text("Mia is a black cat.\n", encoding="utf-8")
    update_index(own)
    assert_refused(qa(*words(own, out), at=own), 2, "made with other settings: the index (4 sources, now 4")
    assert before == {path.name: path.read_bytes() for path in out.glob("*s.json*")}


def test_v8_nowhere_to_write(home: Path, tmp_path: Path, ask: Ask) -> None:
    """V8: found before the first call, for the run folder and for the JUnit file."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with FakeServer() as server:
        command = words(home, closed / "run")
        done = qa(*command, at=home, before=without_root_rights(), variables=connected(server))
        assert_refused(done, 1, "cannot write")
        junit = str(tmp_path / "nowhere" / "out.xml")
        done = ask(tmp_path / "run", server, "--junit", junit)
        assert_refused(done, 2, "there is no folder", "nowhere")
        assert not server.requests


def test_v9_answers_in_the_documents(home: Path, tmp_path: Path) -> None:
    """V9: a question set that was indexed with the documents is told by --check."""
    own = tmp_path / "own"
    (own / "docs").mkdir(parents=True)
    asked = "Which year was the great northern lighthouse finally relit?"
    leak = json.dumps({"question": asked, "answers": ["1858"]})
    (own / "docs" / "leaked.txt").write_text(f"{leak}\n", encoding="utf-8")
    update_index(own)
    write_set(own / "set.jsonl", [{"question": asked, "answers": ["1858"]}])
    done = qa("eval", str(own / "set.jsonl"), "--check", at=own)
    assert "leaked.txt" in done.out


def test_v10_no_more_than_was_allowed(tmp_path: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """V10: it stops before the limit, goes on when that is raised, and counts what went before, once."""
    monkeypatch.setattr(Address, "is_openai", True)  # as far as prices go
    counting = Counting()
    price = 11 * 0.4e-6 + 7 * 1.6e-6  # of one call, as the server counts
    with FakeServer(always=counting) as server:
        limited = ("--model", "gpt-4.1-mini", "--max-cost")
        done = ask(tmp_path / "run", server, *limited, "0.0001")
        assert done.code == 1
        assert "stopped at the cost limit with 0 of 16 done" in done.err
        assert not server.requests
        done = ask(tmp_path / "run", server, *limited, "1")
    assert done.code == 0, done.err
    assert counting.asked.total() == COUNT
    assert done.shown["cost"]["cost_usd"] == pytest.approx(COUNT * price, abs=1e-6)


def test_one_of_eight_hangs(home: Path, tmp_path: Path) -> None:
    """The others go on; the run ends soon after the hanging call's own time is over."""
    hang = Counting(lambda number: silence(FOREVER) if number == 3 else None)
    with FakeServer(always=hang) as server:
        began = time.monotonic()
        command = words(home, tmp_path / "run")
        done = qa(*command, at=home, variables=connected(server, QA_TIMEOUT="3"))
    assert time.monotonic() - began < PATIENCE
    assert done.code == 1
    assert done.shown["counts"]["errors"] == 1


def test_interrupted_while_judging(home: Path, tmp_path: Path) -> None:
    """The first ^C says what is waited for, the second leaves at once; the answers are kept."""
    out = tmp_path / "run"

    def hang(exchange: Exchange) -> None:
        judging = exchange.request_seen.body["model"] == JUDGE
        (silence(FOREVER) if judging else answer("That is so [s1]."))(exchange)

    with FakeServer(always=hang) as server:
        process = start(home, server, words(home, out, "--judge-model", JUDGE))
        wait_until(lambda: sum(one.body["model"] == JUDGE for one in server.requests) >= 4)
        process.send_signal(signal.SIGINT)
        stderr = b""
        assert process.stderr is not None
        while b"^C again leaves at once" not in stderr:
            line = process.stderr.readline()
            assert line, stderr
            stderr += line
        process.send_signal(signal.SIGINT)
        sent = time.monotonic()
        out_text, rest = process.communicate(timeout=PATIENCE)
        assert time.monotonic() - sent < 3 * SLOWER
        done = assert_well_behaved(process.returncode, out_text, stderr + rest)
    assert done.code == 130
    assert "^C again leaves at once" in done.err
    assert "run the same command to go on" in done.err
    assert lines(out / "records.jsonl") == COUNT
