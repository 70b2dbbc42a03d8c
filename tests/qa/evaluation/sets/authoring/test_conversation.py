"""A question set that grows in a conversation: what /gold takes, and what becomes of the file."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from index.errors import StorageError, UsageError
from index.types import Span
from qa.answering.index_reader import IndexReader
from qa.chat.commands import run_command
from qa.chat.conversation import Conversation
from qa.errors import SetError
from qa.evaluation.sets.audit import check_set
from qa.evaluation.sets.authoring.conversation import Mark, begin, keep, mark_of, marked
from qa.evaluation.sets.dataset import load_questions, read_set
from qa.evaluation.types import Gold, Question
from qa.output.console import Console
from tests.support.answers import TEXT, abstained, answered, citation
from tests.support.indexes import catalog_of

FIRST = Gold("docs/a.txt", Span(0, 25), text=TEXT[:25])
SECOND = Gold("docs/a.txt", Span(26, 60), text=TEXT[26:])
TWO = answered(
    text="The summit was cancelled. [1] Lavrov said so [2].",
    citations=(citation(), citation(2, span=Span(26, 60), text=TEXT[26:])),
)


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("", Mark()),
        ("1 3", Mark((1, 3))),
        (" 3,1, 3 ", Mark((3, 1))),
        ("= 28  points\n", Mark(answer="28 points")),
        ("1=28 = x", Mark((1,), "28 = x")),
        ("2 =", Mark((2,), "")),
        ("None", Mark(unanswerable=True)),
    ],
)
def test_what_gold_takes(argument: str, expected: Mark) -> None:
    """Numbers of citations, an answer after an equals sign, or that there is none."""
    assert mark_of(argument) == expected


@pytest.mark.parametrize("argument", ["x", "1 x", "[1]", "-1", "none = x", "1.5", "28 points"])
def test_what_gold_does_not_take(argument: str) -> None:
    """The hint shows every form."""
    with pytest.raises(UsageError, match="does not understand") as caught:
        mark_of(argument)
    assert "/gold none" in caught.value.hint


def test_what_is_marked_becomes_a_row() -> None:
    """All citations or some, in the order given, and the answer only if it is said to be right."""
    assert marked(TWO, Mark()) == Question("", "Why?", (), True, (FIRST, SECOND))
    assert marked(TWO, Mark((2,))).evidence == (SECOND,)
    assert marked(TWO, Mark((2, 1), "rain")) == Question("", "Why?", ("rain",), True, (SECOND, FIRST))
    assert marked(TWO, Mark(answer="")).answers == ("The summit was cancelled. Lavrov said so.",)
    assert marked(TWO, Mark(unanswerable=True)) == Question("", "Why?", answerable=False)
    assert marked(abstained(), Mark(answer="28")) == Question("", "Why?", ("28",), True)


@pytest.mark.parametrize(
    ("mark", "message", "hint"),
    [
        (Mark(), "cites nothing", "/gold none"),
        (Mark(answer=""), "was not answered", "/gold = ANSWER"),
        (Mark((1,)), "no citation [1]", "cites nothing"),
    ],
)
def test_an_abstention_has_no_gold(mark: Mark, message: str, hint: str) -> None:
    """Whoever marks it says that it is right, or what the answer is."""
    with pytest.raises(UsageError) as caught:
        marked(abstained(), mark)
    assert message in caught.value.cause
    assert hint in caught.value.hint


def test_a_citation_that_is_not_there_is_told() -> None:
    """With those that are."""
    with pytest.raises(UsageError, match=r"no citation \[7\]") as caught:
        marked(TWO, Mark((1, 7)))
    assert caught.value.hint == "it has: 1, 2"


def test_a_set_grows_and_passes_its_own_check(tmp_path: Path) -> None:
    """One line a question, valid after each, its gold where the index has it."""
    path = tmp_path / "set.jsonl"
    assert begin(path) == 0
    line = keep(path, TWO, "1 = rain")
    assert line == f'added to {path}, which has 1 question now: gold docs/a.txt:0-25; answer "rain"'
    keep(path, answered(question="Who?"), "")
    assert keep(path, abstained(question="When?"), "none").endswith("has 3 questions now: not answerable")
    assert begin(path) == 3
    first, second, third = load_questions(path)
    assert (first.text, first.answers, first.evidence) == ("Why?", ("rain",), (FIRST,))
    assert (second.text, second.evidence, third.answerable) == ("Who?", (FIRST,), False)
    with catalog_of(tmp_path, {"docs/a.txt": TEXT}) as catalog:
        audit = check_set(read_set(path), catalog, path)
    assert (audit.problems, audit.remarks) == ((), ())


def test_a_question_that_is_marked_again_is_changed(tmp_path: Path) -> None:
    """Its id, and what was not said this time, stay; other rows stay to the byte."""
    path = tmp_path / "set.jsonl"
    mine = '{"note": [1, 2.50], "question": "why? ", "id": "mine", "tags": "a", "answers": ["rain"]}'
    other = '{"question":   "Other?"}'
    path.write_bytes(f"\ufeff{mine}\r\n\n{other}".encode())
    line = keep(path, TWO, "2")
    assert line.startswith(f"changed in {path}, which has 2 questions now: gold docs/a.txt:26-60; answer")
    first, blank, last = path.read_bytes().split(b"\n")
    assert (blank, last) == (b"", other.encode())
    row = json.loads(first)
    assert list(row) == ["note", "question", "id", "tags", "answers", "answerable", "evidence"]
    assert (row["id"], row["note"], row["tags"], row["answers"]) == ("mine", [1, 2.5], "a", ["rain"])
    keep(path, TWO, "1 = snow")
    question = load_questions(path)[0]
    assert (question.answers, question.evidence) == (("snow",), (FIRST,))
    keep(path, TWO, "none")
    assert load_questions(path)[0] == Question("mine", "why?", (), False, (), ("a",), None, "set.jsonl:1")
    keep(path, TWO, "")
    question = load_questions(path)[0]
    assert (question.answerable, question.evidence) == (True, (FIRST, SECOND))
    assert json.loads(path.read_bytes().split(b"\n")[0])["note"] == [1, 2.5]


def test_a_question_within_one_document_is_another_question(tmp_path: Path) -> None:
    """It is not overwritten by the same words asked of all."""
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "Why?", "within": "a.txt", "id": "w"}\n', encoding="utf-8")
    keep(path, TWO, "1")
    within, everywhere = load_questions(path)
    assert (within.id, within.evidence, everywhere.evidence) == ("w", (), (FIRST,))


def test_an_id_that_is_taken_is_not_given_again(tmp_path: Path) -> None:
    """A row whose question was reworded by hand keeps its id, and the old question gets another."""
    path = tmp_path / "set.jsonl"
    keep(path, TWO, "1")
    path.write_text(path.read_text(encoding="utf-8").replace("Why?", "How come?"), encoding="utf-8")
    keep(path, TWO, "1")
    first, second = load_questions(path)
    assert second.id == f"{first.id}-2"


@pytest.mark.parametrize(
    "content", ["", "\n", '{"question": "a"}', '{"question": "a"}\n', '{"question": "a"}\n\n \n']
)
def test_a_file_without_a_last_line_end_is_not_corrupted(tmp_path: Path, content: str) -> None:
    """The new row gets a line of its own, and ends it."""
    path = tmp_path / "set.jsonl"
    path.write_text(content, encoding="utf-8")
    before = begin(path)
    keep(path, TWO, "1")
    assert begin(path) == before + 1
    *rest, line, end = path.read_text(encoding="utf-8").split("\n")
    assert (json.loads(line)["question"], end) == ("Why?", "")
    assert "\n".join(rest).rstrip() == content.rstrip()
    assert len(rest) <= content.count("\n") + (content[-1:] == "}")


@pytest.mark.parametrize("content", ['{"question": 1}\n', "[]", "\xff"])
def test_a_file_that_is_no_set_is_left_alone(tmp_path: Path, content: str) -> None:
    """Its bytes stay, and what is wrong is told."""
    path = tmp_path / "set.jsonl"
    path.write_bytes(content.encode("latin-1"))
    for attempt in (begin, lambda path: keep(path, TWO, "")):
        with pytest.raises(SetError):
            attempt(path)
    assert path.read_bytes() == content.encode("latin-1")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("set.csv", "is CSV"),
        ("set", "cannot tell the format"),
        ("no/set.jsonl", "there is no folder"),
        ("folder.jsonl", "cannot read"),
    ],
)
def test_what_cannot_be_written_is_told_at_the_beginning(tmp_path: Path, name: str, message: str) -> None:
    """Before anything is asked."""
    (tmp_path / "folder.jsonl").mkdir()
    with pytest.raises(UsageError) as caught:
        begin(tmp_path / name)
    assert message in caught.value.cause
    assert caught.value.hint


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the beginning; root may write everywhere, so the system is asked in its place."""
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(UsageError, match="cannot be written"):
        begin(tmp_path / "set.jsonl")


def test_a_link_stays_a_link_and_a_mode_a_mode(tmp_path: Path) -> None:
    """The file behind it is replaced, for the same readers."""
    (tmp_path / "there").mkdir()
    file = tmp_path / "there" / "set.jsonl"
    file.write_text('{"question": "a"}', encoding="utf-8")
    file.chmod(0o640)
    link = tmp_path / "set.jsonl"
    link.symlink_to(file)
    keep(link, TWO, "1")
    assert link.is_symlink()
    assert len(load_questions(file)) == 2
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(file.parent.iterdir()) == [file]


def test_a_full_disk_leaves_the_set_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new file takes the old one's place only when it is whole."""
    path = tmp_path / "set.jsonl"
    keep(path, TWO, "1")
    before = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        keep(path, answered(question="Who?"), "")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


MARKS = st.sampled_from(["", "1", "2 =", "= x|y\u2028\ud800", "none"])


@given(st.lists(st.tuples(st.sampled_from("abc"), MARKS)))
def test_whatever_is_marked_the_file_is_a_set(
    tmp_path_factory: pytest.TempPathFactory, marks: list[tuple[str, str]]
) -> None:
    """One row for each question, saying what was said last."""
    path = tmp_path_factory.mktemp("sets") / "set.jsonl"
    for question, argument in marks:
        keep(path, answered(question=question, text=TWO.text, citations=TWO.citations), argument)
    last = dict(marks)
    questions = load_questions(path) if marks else ()
    assert [one.text for one in questions] == list(dict.fromkeys(question for question, _ in marks))
    assert all((one.answerable is False) == (last[one.text] == "none") for one in questions)


def test_gold_is_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how to begin, writes, tells what it wrote, and may be shortened."""
    monkeypatch.chdir(tmp_path)  # a name as short as this is never broken, however long the path to it
    out = io.StringIO()
    console = Console(out, out)
    conversation = Conversation(IndexReader(tmp_path / ".qa"), last=TWO)
    with pytest.raises(UsageError) as caught:
        run_command(conversation, console, "gold", "1")
    assert "qa eval --new" in caught.value.hint
    conversation.gold = Path("set.jsonl")
    run_command(conversation, console, "g", "1")
    assert out.getvalue() == "added to set.jsonl, which has 1 question now: gold docs/a.txt:0-25\n"
    conversation.last = None
    with pytest.raises(UsageError, match="nothing was asked yet"):
        run_command(conversation, console, "gold", "")


@pytest.mark.parametrize(
    "text",
    [
        '[{"question": "Why?"}]',
        '{"data": [{"question": "Why?"}]}',
        '{"query": "Why?"}\n',
        '{"user_input": "Why?", "reference": "rain"}\n',
        '{\n "question": "Why?"\n}\n',
    ],
)
def test_a_set_of_another_form_is_not_written_to(tmp_path: Path, text: str) -> None:
    """It can be asked, but one question of it cannot be changed alone."""
    path = tmp_path / "set.json"
    path.write_text(text, encoding="utf-8")
    assert load_questions(path)
    with pytest.raises(UsageError, match="is no set as /gold writes one"):
        begin(path)


def test_gold_takes_the_place_of_a_source_beside_the_question(tmp_path: Path) -> None:
    """Else the row would say both."""
    path = tmp_path / "set.jsonl"
    for argument, kept in (("1", {"id", "evidence", "answerable"}), ("none", {"id", "answerable"})):
        row = {"id": "a", "question": "Why?", "source": "docs/a.txt", "text": "The summit"}
        path.write_text(json.dumps(row) + "\n", encoding="utf-8")
        keep(path, TWO, argument)
        assert json.loads(path.read_bytes()).keys() == {"question", *kept}
        assert read_set(path).remarks == ()


def test_marking_the_answer_of_a_draft_accepts_it(tmp_path: Path) -> None:
    """Whoever says what is right has read the question; its id stays."""
    path = tmp_path / "set.jsonl"
    path.write_text(
        '{"id": "d1", "question": "Why?", "answers": ["rain"], "draft": true}\n', encoding="utf-8"
    )
    assert begin(path) == 1
    keep(path, TWO, "")
    held = read_set(path)
    assert held.drafts == ()
    assert [(each.id, each.answers, each.evidence) for each in held.questions] == [
        ("d1", ("rain",), (FIRST, SECOND))
    ]
