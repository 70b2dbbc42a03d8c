"""The run folder: what is written comes back, whatever was killed, and nothing foreign is written to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, strategies as st

from index.errors import QaError, StorageError, UsageError
from index.types import Span
from qa.errors import RunLocked, TooNew
from qa.evaluation.runs.folder import RunFolder
from qa.evaluation.runs.header import (
    Header,
    Named,
    differences,
    header_object,
    header_of,
    server_of,
)
from qa.evaluation.runs.journal import Journal, lines
from qa.evaluation.runs.serialization import (
    Call,
    call_object,
    call_of,
    record_object,
    record_of,
    verdict_object,
    verdict_of,
)
from qa.evaluation.runs.state import load_run
from qa.evaluation.types import (
    ClaimVerdict,
    Context,
    Failure,
    Gold,
    GoldPlace,
    Question,
    Record,
    Retrieved,
    SourceSpan,
    Verdict,
)
from qa.models.base import LLM, Tokens
from qa.types import Answer, Citation, Claim, RejectedCitation, Seconds, Usage
from tests.support.run_folders import HEADER

texts = st.text(max_size=12)
names = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=8)
counts = st.integers(0, 10**6)
spans = st.tuples(counts, counts).map(lambda pair: Span(min(pair), max(pair)))
numbers = st.integers(1, 9)
some_texts = st.lists(texts, max_size=3).map(tuple)
some_names = st.lists(names, max_size=3, unique=True).map(tuple)
maybe = st.one_of(st.none(), texts)
figures = st.floats(0, 1).map(lambda figure: round(figure, 4))
usages = st.builds(
    Usage, st.none() | counts, st.none() | counts, st.none() | st.floats(0, 9, allow_subnormal=False)
)


def several(values: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(values, max_size=3).map(tuple)


golds = st.builds(
    Gold,
    names,
    span=st.tuples(counts, numbers).map(lambda pair: Span(pair[0], pair[0] + pair[1])),
    text=st.none() | names,
    set=st.none() | numbers,
) | st.builds(Gold, names, page=numbers)
questions = st.builds(
    lambda one, text, gold, tags, source: Question(one, text, (), True if gold else None, gold, tags, source),
    names,
    st.from_regex(r"[a-z]{1,9}\?", fullmatch=True),
    several(golds),
    some_names,
    st.none() | names,
)
places = st.builds(SourceSpan, texts, spans, several(numbers))
answers = st.builds(
    Answer,
    texts,
    st.sampled_from(["answered", "partial", "abstained"]),
    st.sampled_from(["llm", "extractive"]),
    maybe,
    texts,
    several(
        st.builds(
            Claim,
            texts,
            several(numbers),
            st.sampled_from(["supported", "suspect", "uncited", "rejected"]),
            some_texts,
            several(st.builds(RejectedCitation, texts, texts)),
        )
    ),
    several(
        st.builds(
            Citation,
            numbers,
            texts,
            texts,
            spans,
            texts,
            numbers,
            st.none() | numbers,
            maybe,
            maybe,
            maybe,
            some_texts,
            st.sampled_from([None, "modified", "text"]),
        )
    ),
    st.just(()),
    figures,
    maybe,
    usages,
    st.builds(Seconds, figures, figures),
    maybe,
    some_texts,
)
gold_places = st.builds(
    GoldPlace,
    texts,
    st.none() | spans,
    st.none() | numbers,
    st.none() | numbers,
    st.booleans(),
    texts,
    texts,
    texts,
    several(counts),
)
whole = st.builds(
    Record,
    texts,
    questions,
    numbers,
    several(gold_places),
    answers,
    several(st.builds(Retrieved, numbers, places, figures, several(places))),
    several(st.builds(Context, numbers, texts, texts, several(numbers))),
    some_texts,
)
failed = st.builds(
    Record, texts, questions, numbers, completions=some_texts, failure=st.builds(Failure, texts, texts, texts)
)
opinions = st.none() | st.booleans()
verdicts = st.builds(
    Verdict,
    texts,
    texts,
    st.sampled_from([None, "correct", "partly", "wrong"]),
    st.booleans(),
    texts,
    st.none() | several(st.none() | st.builds(ClaimVerdict, opinions, several(opinions), several(opinions))),
    usages,
)
calls = st.builds(
    Call,
    texts,
    numbers,
    counts,
    counts,
    texts,
    st.sampled_from(["stop", "length", "filtered"]),
    texts,
    st.none() | st.builds(Tokens, counts, counts, counts),
)


def there_and_back(row: dict[str, object]) -> dict[str, object]:
    """`row` as it comes back from a file."""
    read: dict[str, object] = json.loads(json.dumps(row, ensure_ascii=False))
    return read


@given(whole | failed)
def test_a_record_survives_the_trip(record: Record) -> None:
    """Every field of it, down to the last digit."""
    assert record_of(there_and_back(record_object(record))) == record


@given(verdicts, calls)
def test_a_verdict_and_a_call_survive_the_trip(verdict: Verdict, call: Call) -> None:
    """The unreadable parts of a verdict are not taken for a no."""
    assert verdict_of(there_and_back(verdict_object(verdict))) == verdict
    assert call_of(there_and_back(call_object(call))) == call


def test_what_was_written_before_a_field_came_is_read() -> None:
    """Of a record and a call of another version: what they lack has its default, more is ignored."""
    row = record_object(simple("k1"))
    del row["spent"]
    assert record_of({**row, "later": 1}) == simple("k1")
    call = Call("k1", 1, 0, 0, "text", "stop", "m")
    row = call_object(call)
    del row["cost_usd"]
    assert call_of(row) == call


def test_a_header_survives_the_trip() -> None:
    """Prompts and versions are by name."""
    row = there_and_back(header_object(HEADER))
    assert header_of(row) == HEADER
    assert row["versions"] == {"qa": "1", "python": "3.11.7"}


def simple(key: str, repeat: int = 1, failure: Failure | None = None, note: str = "") -> Record:
    """A record with an abstention or a failure."""
    answer = Answer("", "abstained", "extractive", None, "No.", (), (), (), missing=note)
    return Record(key, Question(key, "Why?"), repeat, answer=None if failure else answer, failure=failure)


SPOILT: list[tuple[Callable[[dict[str, object]], object], str]] = [
    (lambda row: row.pop("repeat"), "repeat is missing"),
    (lambda row: row.pop("gold"), "gold is missing"),
    (lambda row: row.update(repeat="1"), "repeat is no int"),
    (lambda row: row.update(repeat=True), "repeat is no int"),
    (lambda row: row.update(gold={}), "gold is no list"),
    (lambda row: row.update(answer=None), "either answer or failure"),
    (lambda row: row.update(question={"id": "7"}), "question is missing"),
    (lambda row: row.update(question=7), "question is missing"),
    (lambda row: row["answer"].update(status="so"), "answer status is none of answered, partial, abstained"),  # type: ignore[attr-defined]  # JSON is untyped
    (lambda row: row.update(passages=[{"rank": 1, "place": {"source": "a"}}]), "span is no object"),
    (lambda row: row.update(passages=[{"rank": 1, "place": {"source": "a", "start": 5, "end": 4}}]), "span"),
    (lambda row: row.update(schema="other/1"), "schema is not qa.record/1"),
    (lambda row: row.pop("schema"), "schema is not qa.record/1"),
]


@pytest.mark.parametrize(("spoil", "why"), SPOILT, ids=[why for _, why in SPOILT])
def test_what_is_no_record_is_refused(
    spoil: Callable[[dict[str, object]], object], why: str, tmp_path: Path
) -> None:
    """By file, line and field, when the run is read."""
    fill(tmp_path, "k1", "k2")
    rows = [
        json.loads(line) for line in (tmp_path / "records.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    spoil(rows[0])
    (tmp_path / "records.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with pytest.raises(StorageError, match=f"records.jsonl:1 is damaged: .*{why}"):
        load_run(tmp_path)


def test_a_newer_version_is_told_apart_from_damage(tmp_path: Path) -> None:
    """In records and in the header; the folder is left as it is."""
    fill(tmp_path, "k1")
    for name, ours in (("records.jsonl", "qa.record/1"), ("run.json", "qa.run/1")):
        path = tmp_path / name
        before = path.read_text(encoding="utf-8")
        path.write_text(before.replace(ours, ours[:-1] + "12"), encoding="utf-8")
        for read in (load_run, lambda folder: RunFolder(folder, HEADER)):
            with pytest.raises(TooNew, match=rf"{name}.*newer version of qa") as caught:
                read(tmp_path)
            assert "update qa" in caught.value.hint
        path.write_text(before, encoding="utf-8")
    assert len(load_run(tmp_path).records) == 1


def fill(folder: Path, *keys: str) -> None:
    """A run folder with records of these questions."""
    with RunFolder(folder, HEADER) as opened:
        for key in keys:
            opened.add(simple(key))


def test_a_folder_gives_back_what_was_put_in(tmp_path: Path) -> None:
    """In the order of the questions; the newest record of each; another selection is another run."""
    folder = tmp_path / "runs" / "a"
    with RunFolder(folder, HEADER) as opened:
        opened.add(simple("k2"))
        opened.add(simple("k1", failure=Failure("TooSlow", "it was")))
        opened.add(simple("old"))
        assert [(key, 1) in opened.state.records for key in ("k1", "k2", "k3")] == [True, True, False]
        opened.add_verdict(Verdict("k2", "judge"))
        opened.write_scores({"schema": "qa.scores/1"})
    with RunFolder(folder, replace(HEADER, created="later")) as opened:
        assert opened.header == HEADER
        assert opened.state.attempts["k1", 1] == 1
        assert opened.state.records["k1", 1].failure == Failure("TooSlow", "it was")
        opened.add(simple("k1", note="second"))
    run = load_run(folder)
    assert run.header == HEADER
    assert [record.key for record in run.records] == ["k1", "k2"]
    assert run.records[0].answer is not None
    assert run.records[0].answer.missing == "second"
    assert run.verdicts == (Verdict("k2", "judge"),)
    assert json.loads((folder / "scores.json").read_text(encoding="utf-8")) == {"schema": "qa.scores/1"}
    assert sorted(path.name for path in folder.iterdir()) == [
        *("judgements.jsonl", "records.jsonl", "run.json", "scores.json", "writer.json", "writer.lock")
    ]
    more = replace(HEADER, asked=replace(HEADER.asked, keys=("old", "k2"), repeat=2, limit=2))
    with RunFolder(folder, more):
        pass
    run = load_run(folder)
    assert run.header.asked.limit == 2
    assert [record.key for record in run.records] == ["old", "k2"]


def test_what_was_spent_is_known_when_a_run_goes_on(tmp_path: Path) -> None:
    """On answers and on judges, as far as a price was known."""
    record = simple("k1")
    assert record.answer is not None
    with RunFolder(tmp_path, HEADER) as opened:
        opened.add(replace(record, answer=replace(record.answer, usage=Usage(1, 2, 0.25))))
        opened.add(simple("k2"))
        opened.add_verdict(Verdict("v", "judge", usage=Usage(1, 2, 0.5)))
    with RunFolder(tmp_path, HEADER) as opened:
        assert opened.spent == 0.75


@given(st.data())
def test_a_file_cut_anywhere_loses_one_record_at_most(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """The torn line is cut off, the others stay, and the next one stands on a line of its own."""
    folder = tmp_path_factory.mktemp("cut")
    fill(folder, "k1", "k2")
    path = folder / "records.jsonl"
    before = path.read_bytes()
    first = before.index(b"\n") + 1
    cut = data.draw(st.integers(0, len(before)))
    path.write_bytes(before[:cut])
    left = [] if cut < first - 1 else ["k1"] if cut < len(before) - 1 else ["k1", "k2"]
    assert [record.key for record in load_run(folder).records] == left
    fill(folder, "k3")
    assert [record.key for record in load_run(folder).records] == [*left, "k3"]


@pytest.mark.parametrize(
    "tail", [b"\0\0\0\0", b"\0\0\n", b'{"schema": "qa.record/1", "k\n', b"7\n", b"\xff\n"]
)
def test_what_a_loss_of_power_leaves_at_the_end_is_cut_off(tmp_path: Path, tail: bytes) -> None:
    """The same bytes in the middle are an error that names the line, and nothing is changed."""
    fill(tmp_path, "k1", "k2")
    path = tmp_path / "records.jsonl"
    before = path.read_bytes()
    path.write_bytes(before + tail)
    assert len(load_run(tmp_path).records) == 2
    fill(tmp_path, "k3")
    assert len(load_run(tmp_path).records) == 3
    path.write_bytes(before + tail.rstrip(b"\n") + b"\n" + before)
    damaged = path.read_bytes()
    for read in (load_run, lambda folder: RunFolder(folder, HEADER)):
        with pytest.raises(StorageError, match=r"records\.jsonl:3 is damaged"):
            read(tmp_path)
    assert path.read_bytes() == damaged


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
def test_what_an_editor_leaves_does_no_harm(tmp_path: Path, mark: bytes) -> None:
    """A byte-order mark, other line ends, blank lines, no line end at the end; and the next record fits."""
    fill(tmp_path, "k1", "k2")
    path = tmp_path / "records.jsonl"
    first, second, _ = path.read_bytes().split(b"\n")
    path.write_bytes(mark + b"\r\n" + first + b"\r\n\r\n \n" + second)
    if mark:
        path.write_bytes(mark + first + b"\r\n" + second)
    assert [record.key for record in load_run(tmp_path).records] == ["k1", "k2"]
    fill(tmp_path, "k3")
    assert [record.key for record in load_run(tmp_path).records] == ["k1", "k2", "k3"]


@given(st.text(st.characters(categories=["Cs", "Cc", "Lu"]), max_size=30))
def test_half_characters_in_a_completion_come_back(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """A model may write them; the file stays UTF-8."""
    folder = tmp_path_factory.mktemp("half")
    with RunFolder(folder, HEADER) as opened:
        opened.add(replace(simple("k1"), completions=(text,)))
    (folder / "records.jsonl").read_text(encoding="utf-8")
    # Two halves that fit together are one character when they come back, as JSON has it.
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    assert load_run(folder).records[0].completions == (whole,)


CHANGED: list[tuple[Header, str]] = [
    (replace(HEADER, made=replace(HEADER.made, k=5)), "k (10, now 5)"),
    (replace(HEADER, made=replace(HEADER.made, model=None)), "model (gpt, now none)"),
    (replace(HEADER, made=replace(HEADER.made, sources=("a*",))), "sources (none, now a*)"),
    (replace(HEADER, index=replace(HEADER.index, sha256="0", sources=5)), "the index (4 sources, now 5"),
    (replace(HEADER, index=replace(HEADER.index, embedder="e")), "embedder (letters/1, now e)"),
    (replace(HEADER, prompts=(Named("answer", "0"),)), "the prompt answer"),
    (replace(HEADER, versions=(Named("qa", "2"), Named("python", "3.11.7"))), "qa's version (1, now 2)"),
]


@pytest.mark.parametrize(("now", "what"), CHANGED, ids=[what for _, what in CHANGED])
def test_other_settings_are_refused(tmp_path: Path, now: Header, what: str) -> None:
    """In one line that names what differs, and only that; the folder stays as it is."""
    fill(tmp_path, "k1")
    before = (tmp_path / "run.json").read_bytes()
    with pytest.raises(UsageError) as caught:
        RunFolder(tmp_path, now)
    assert what in caught.value.cause
    assert "\n" not in caught.value.cause + caught.value.hint
    assert ";" not in caught.value.cause
    assert caught.value.options == ("out",)
    assert (tmp_path / "run.json").read_bytes() == before


def test_what_changes_no_answer_is_not_refused(tmp_path: Path) -> None:
    """The question file, which of them are asked, the time, the versions of packages, and --offline."""
    fill(tmp_path, "k1")
    asked = replace(HEADER.asked, questions="b.jsonl", sha256="0", tags=("core",))
    versions = (Named("qa", "1"), Named("python", "3.12.1"))
    now = replace(HEADER, asked=asked, versions=versions, created="now", offline=True)
    with RunFolder(tmp_path, now) as opened:
        assert opened.header.asked == asked
    assert load_run(tmp_path).header == replace(HEADER, asked=asked)


HOLDER = """
import sys
from pathlib import Path
from tests.support.run_folders import HEADER
from qa.evaluation.runs.folder import RunFolder
with RunFolder(Path(sys.argv[1]), HEADER):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[int]:
    """The id of a process that is writing to the folder."""
    root = str(Path(__file__).resolve().parents[4])
    with subprocess.Popen(
        [sys.executable, "-P", "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": root},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process.pid
        process.kill()


def test_a_second_process_is_told_who_writes(tmp_path: Path, holder: int) -> None:
    """At once; whoever only reads is not kept waiting."""
    with pytest.raises(RunLocked, match=f"is being written by process {holder} since "):
        RunFolder(tmp_path, HEADER)
    assert load_run(tmp_path).records == ()


def test_a_folder_of_something_else_is_not_written_to(tmp_path: Path) -> None:
    """Nor is records without a header; what a kill left of a run that never began does no harm."""
    (tmp_path / "thesis.tex").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match=r"is no run folder, and not empty: thesis\.tex"):
        RunFolder(tmp_path, HEADER)
    with pytest.raises(UsageError, match=r"no run folder: there is no run\.json"):
        load_run(tmp_path)
    (tmp_path / "thesis.tex").unlink()
    (tmp_path / ".run.json.123").write_text("{", encoding="utf-8")
    fill(tmp_path, "k1")
    assert len(load_run(tmp_path).records) == 1
    (tmp_path / "run.json").write_text("[]", encoding="utf-8")
    with pytest.raises(StorageError, match=r"run\.json is damaged"):
        RunFolder(tmp_path, HEADER)


def test_a_place_that_cannot_be_written_is_found_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before any question is asked: a file in the way, a folder in the place of a file, no room."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match=r"cannot write .*file"):
        RunFolder(tmp_path / "file" / "run", HEADER)
    fill(tmp_path / "run", "k1")
    (tmp_path / "run" / "records.jsonl").unlink()
    (tmp_path / "run" / "records.jsonl").mkdir()
    with pytest.raises(StorageError, match=r"records\.jsonl"):
        RunFolder(tmp_path / "run", HEADER)
    monkeypatch.setattr("qa.evaluation.runs.folder.RECORD_BYTES", 10**12)
    with pytest.raises(StorageError, match=r"has room for .* MB, and 3 records may take 3,000,000\.0 MB"):
        RunFolder(tmp_path / "new", HEADER)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_leaves_whole_lines(tmp_path: Path) -> None:
    """What does not fit is taken back, and no later line is written behind it."""
    import resource

    path = tmp_path / "lines.jsonl"
    journal = Journal(path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    journal.add({"n": 1}, durable=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50, hard))
    try:
        with pytest.raises(StorageError, match=r"cannot write .*lines\.jsonl"):
            journal.add({"n": "x" * 100}, durable=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with pytest.raises(StorageError, match="closed"):
        journal.add({"n": 2}, durable=True)
    journal.close()
    assert path.read_bytes() == b'{"n":1}\n'


def test_threads_share_a_journal(tmp_path: Path) -> None:
    """Each line is whole, and each is there; half a character comes back as it was."""
    path = tmp_path / "lines.jsonl"
    journal = Journal(path)

    def add(who: int) -> None:
        for n in range(50):
            journal.add({"who": who, "n": n, "text": "\ud83d" + "é" * n}, durable=n % 7 == 0)

    threads = [threading.Thread(target=add, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.close()
    journal.close()
    rows = [line.row for line in lines(path)]
    assert sorted((row["who"], row["n"]) for row in rows) == [(who, n) for who in range(8) for n in range(50)]
    assert all(row["text"] == "\ud83d" + "é" * int(str(row["n"])) for row in rows)


def test_calls_of_finished_questions_are_forgotten(tmp_path: Path) -> None:
    """Only when every question is finished: until then they are what must not be paid for twice."""
    call = Call("k2", 1, 0, 0, "Yes [s1].", "stop", "gpt", Tokens(5, 6))
    with RunFolder(tmp_path, HEADER) as opened:
        opened.add(simple("k1"))
        opened.add_call(call)
    with RunFolder(tmp_path, HEADER) as opened:
        assert opened.calls("k2", 1, 0) == {0: call}
        assert opened.calls("k2", 1, 1) == opened.calls("k1", 1, 0) == {}
        opened.add(simple("k2"))
        opened.add(simple("k3"))
    assert not (tmp_path / "calls.jsonl").exists()


def test_errors_are_our_own(tmp_path: Path) -> None:
    """Whatever bytes stand in the header."""
    fill(tmp_path, "k1")
    for content in (b"", b"\xff", b"[" * 100_000, b'{"schema": "qa.run/1"}', b'{"schema": 7}'):
        (tmp_path / "run.json").write_bytes(content)
        with pytest.raises(QaError, match=r"run\.json"):
            load_run(tmp_path)


@dataclass(frozen=True)
class Served:
    """A model that says where it is asked, if it does."""

    server: object


@pytest.mark.parametrize(
    ("given", "noted"),
    [
        ("http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1"),
        ("https://api.openai.com/v1/", "https://api.openai.com/v1"),
        ("HTTPS://Host.Example:443/v1", "https://host.example/v1"),
        ("http://host:80", "http://host"),
        ("https://user:secret@host/v1?key=secret&api-version=1#secret", "https://host/v1"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
        (None, None),
    ],
)
def test_an_address_is_noted_without_secrets(given: object, noted: str | None) -> None:
    """Nor with what differs in writing alone."""
    assert server_of(cast(LLM, Served(given))) == noted


def test_another_server_is_another_run_and_an_unknown_one_is_not() -> None:
    """Runs of earlier versions have no address: they go on and are compared as before."""
    here, there = (
        replace(HEADER, made=replace(HEADER.made, server=f"http://{host}/v1")) for host in ("a", "b")
    )
    assert differences(here, there) == ("the server's address (http://a/v1, now http://b/v1)",)
    assert differences(HEADER, here) == differences(here, HEADER) == differences(here, here) == ()


def test_a_header_without_an_address_is_read() -> None:
    """As earlier versions wrote it."""
    row = header_object(HEADER)
    made = row["made"]
    assert isinstance(made, dict)
    del made["server"]
    assert header_of(row) == HEADER
