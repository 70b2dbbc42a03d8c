"""`qa eval --check`: what is wrong with a set, what is odd, and what can be measured with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.errors import UsageError
from qa.evaluation.report.audit_text import audit_lines
from qa.evaluation.sets.audit import Checked, Problem, check_json, check_set
from qa.evaluation.sets.dataset import read_set
from qa.evaluation.sets.leakage import holders
from qa.evaluation.types import Question
from tests.support.indexes import catalog_of

TEXT = "Rain fell.\nThe summit was\n cancelled by all.\nNobody came. Nobody left.\n"
QUESTIONS = "".join(f"Why was the great summit of {year} cancelled?\n" for year in range(1990, 2000))


def checked(folder: Path, *rows: object, texts: dict[str, str] | None = None) -> Checked:
    """These rows held against an index of these texts, `docs/a.txt` if none are given."""
    path = folder / "set.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with catalog_of(folder, texts or {"docs/a.txt": TEXT}) as catalog:
        return check_set(read_set(path), catalog, path)


def gold(start: int, end: int, text: str | None = None, source: str = "docs/a.txt") -> dict[str, object]:
    """A row about a span of `docs/a.txt`."""
    return {
        "question": f"Why {start}, {end}, {text} in {source}?",
        "evidence": [{"source": source, "start": start, "end": end, "text": text}],
    }


def test_a_sound_set_has_no_problems(tmp_path: Path) -> None:
    """It is counted, and told what can be measured."""
    rows = (
        {
            "question": "Why?",
            "answers": ["rain"],
            "evidence": gold(0, 4, "Rain")["evidence"],
            "tags": ["a", "b"],
        },
        {"question": "Who?", "evidence": [{"source": "a.txt", "page": 1}], "tags": "b", "within": "a.txt"},
        {"question": "When?", "answerable": False},
    )
    audit = checked(tmp_path, *rows)
    assert (audit.problems, audit.remarks) == ((), ())
    assert audit.counts == {
        "questions": 3,
        "answerable": 2,
        "unanswerable": 1,
        "not_said": 0,
        "with_answers": 1,
        "with_spans": 1,
        "with_pages": 1,
        "with_documents": 0,
        "pieces_of_gold": 2,
    }
    assert audit.tags == {"b": 2, "a": 1}
    assert audit.measured == {
        "retrieval": 1,
        "page_retrieval": 1,
        "document_retrieval": 0,
        "citations": 1,
        "page_citations": 1,
        "document_citations": 0,
        "answers": 1,
        "refusals": 3,
    }
    assert "No problem was found" in audit_lines(audit, width=80, colour=False)[-1]


@pytest.mark.parametrize(
    ("row", "what", "hint"),
    [
        (gold(0, 4, source="docs/aa.txt"), "docs/aa.txt is not indexed", "did you mean docs/a.txt?"),
        (gold(0, 4, source="zzz"), "zzz is not indexed", "qa sources"),
        (gold(1, 5, "Rain"), "[1, 5) of docs/a.txt is not the text", "start 0, end 4"),
        (gold(1, 5, "summit was cancelled"), "is not the text", "start 15, end 36"),
        (gold(60, 600, "Rain"), "reaches beyond the end of docs/a.txt at 71", "start 0, end 4"),
        (gold(60, 600), "reaches beyond the end", ""),
        (gold(0, 6, "Nobody"), "is not the text", "more than once"),
        (gold(0, 6, "Snow."), "is not the text", "is not in the source"),
        (
            {"question": "x", "evidence": {"source": "a.txt", "page": 7}},
            "docs/a.txt has no page 7, its last is 1",
            "",
        ),
        (
            {"question": "x", "answers": "y", "within": "docs/b.txt"},
            "within: docs/b.txt is not indexed",
            "docs/a",
        ),
    ],
)
def test_a_problem_is_told_with_its_place_and_the_way_out(
    tmp_path: Path, row: object, what: str, hint: str
) -> None:
    """The nearest name; where the text stands, if it stands in one place, white space apart."""
    audit = checked(tmp_path, {"question": "fine", "answers": "x"}, row)
    (problem,) = audit.problems
    assert audit.remarks == ()
    assert problem.place == "set.jsonl:2"
    assert what in problem.what
    assert hint in problem.hint
    assert bool(hint) == bool(problem.hint)


def test_evidence_outside_of_within_is_a_problem(tmp_path: Path) -> None:
    """One of the two must be wrong; a name that may be several is one too."""
    texts = dict.fromkeys(("docs/a.txt", "b.txt", "x/b.txt", "y/c.txt", "z/c.txt"), TEXT)
    audit = checked(
        tmp_path, {**gold(0, 4), "within": "b.txt"}, {**gold(0, 4), "within": "c.txt", "id": "c"}, texts=texts
    )
    first, second = audit.problems
    assert first.what == "the evidence is in docs/a.txt, the question within b.txt"
    assert second.hint == "write the name in full, as qa sources lists it"


def test_the_same_problem_is_told_once(tmp_path: Path) -> None:
    """With how often it is there."""
    rows = [gold(number, number + 4, source="no.txt") for number in range(30)]
    audit = checked(tmp_path, *rows)
    assert [(one.place, one.times) for one in audit.problems] == [("set.jsonl:1", 30)]
    assert any(
        "set.jsonl:1 and 29 more: no.txt" in line for line in audit_lines(audit, width=80, colour=False)
    )


def test_remarks_tell_what_is_odd(tmp_path: Path) -> None:
    """Questions twice, rows that measure little, near-miss fields, gold that no chunk bears."""
    rows = (
        {"question": "Why  was it?", "answers": "x"},
        {"question": "why was it?", "answers": "y"},
        {"question": "Why was it?", "answers": "x", "within": "a.txt"},
        {"question": "Who?", "anwers": "x"},
        {"question": "Whose?", "answerable": True},
    )
    audit = checked(tmp_path, *rows)
    assert [(one.place, one.what[:24]) for one in audit.remarks] == [
        ("set.jsonl:4", "the field 'anwers' is ig"),
        ("set.jsonl:2", "asks the same as set.jso"),
        ("set.jsonl:4", "the row says nothing but"),
        ("set.jsonl:5", "answerable, without answ"),
    ]
    assert {one.times for one in audit.remarks} == {1}
    with catalog_of(tmp_path / "other", {"a.txt": TEXT}, cuts=[(0, 5)]) as catalog:
        path = tmp_path / "set.jsonl"
        path.write_text(json.dumps(gold(11, 20, source="a.txt")), encoding="utf-8")
        (remark,) = check_set(read_set(path), catalog).remarks
    assert "no indexed chunk bears [11, 20) of a.txt" in remark.what


def test_a_set_among_the_documents_is_told(tmp_path: Path) -> None:
    """The file itself, a copy of it, and another file that holds the questions word for word."""
    rows = [{"question": line, "answers": "x"} for line in QUESTIONS.splitlines()]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    texts = {"set.jsonl": text, "copy.txt": text, "faq.md": f"# FAQ\n\n{QUESTIONS.lower()}", "a.txt": TEXT}
    audit = checked(tmp_path, *rows, texts=texts)
    assert [(one.place, one.what) for one in audit.remarks] == [
        ("copy.txt", "this question set is among the indexed documents"),
        ("set.jsonl", "this question set is among the indexed documents"),
        ("faq.md", "10 of 10 questions stand in this document word for word"),
    ]
    assert all("take it out of the index" in one.hint for one in audit.remarks)


def test_a_set_that_was_changed_since_it_was_indexed_is_told(tmp_path: Path) -> None:
    """It is known by where it stands."""
    (remark,) = checked(tmp_path, {"question": "Why?", "answers": "x"}, texts={"set.jsonl": "old"}).remarks
    assert remark.place == "set.jsonl"


def test_a_document_with_one_of_many_questions_is_no_leak(tmp_path: Path) -> None:
    """Nor one with questions of a word or two; quotes and operators in a question do no harm."""
    asked = tuple(Question(str(at), line) for at, line in enumerate(QUESTIONS.splitlines()))
    odd = (Question("o", 'Is "it* AND OR NOT (x): {y}^2 -- really that?'), Question("p", "Why?"))
    text = "Why was the great summit of 1990 cancelled? Why? Why not?\n"
    with catalog_of(tmp_path, {"a.txt": text}) as catalog:
        assert holders((*asked, *odd), catalog) == ()
        assert holders(asked[:1], catalog) == (("a.txt", 1, 1),)
        assert holders((), catalog) == ()


def test_a_large_set_is_sampled_for_leaks(tmp_path: Path) -> None:
    """Up to 200 questions, evenly spread."""
    lines = [f"What happened in the long year number {number}?" for number in range(450)]
    with catalog_of(tmp_path, {"a.txt": "\n".join(lines)}) as catalog:
        asked = tuple(Question(line, line) for line in lines)
        assert holders(asked, catalog) == (("a.txt", 150, 150),)
    with catalog_of(tmp_path / "other", {"a.txt": f"{lines[0]}\n{lines[3]}", "b.txt": TEXT}) as catalog:
        assert holders(asked, catalog) == ()
        assert holders(asked[:20], catalog) == (("a.txt", 2, 20),)


def test_a_set_that_is_gone_is_told(tmp_path: Path) -> None:
    """Between being read and being looked for."""
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "x"}', encoding="utf-8")
    question_set = read_set(path)
    path.unlink()
    with catalog_of(tmp_path, {"a.txt": TEXT}) as catalog, pytest.raises(UsageError, match="cannot read"):
        check_set(question_set, catalog, path)


def test_what_is_printed_is_clean_and_short() -> None:
    """Document names and fields cannot move the cursor; what is left out is counted."""
    problems = tuple(Problem(f"set.jsonl:{at}", f"\x1b[2J{at} is wrong", "\x07 mend\nit") for at in range(25))
    tags = {f"tag\u202e{at}": 1 for at in range(15)}
    counts = {"questions": 25}
    measured = dict.fromkeys(
        ("retrieval", "page_retrieval", "citations", "page_citations", "answers", "refusals"), 0
    )
    lines = audit_lines(Checked(counts, tags, measured, problems), width=60, colour=True)
    text = "\n".join(lines).replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert all(len(line) <= 60 for line in text.split("\n"))
    assert "... and 5 more" in text
    assert "... and 3 more" in text
    assert "Problems (25)" in text


def test_the_object_has_all_of_it(tmp_path: Path) -> None:
    """`qa.check/1`, one line."""
    audit = checked(tmp_path, gold(0, 4, source="no.txt"), {"question": "Who?", "answers": "x", "tags": "t"})
    line = check_json(audit, "set.jsonl")
    assert "\n" not in line
    shown = json.loads(line)
    assert list(shown) == ["schema", "questions", "counts", "tags", "measured", "problems", "remarks"]
    assert (shown["schema"], shown["questions"], shown["tags"]) == ("qa.check/1", "set.jsonl", {"t": 1})
    assert shown["problems"] == [
        {
            "place": "set.jsonl:1",
            "what": "no.txt is not indexed",
            "hint": "did you mean docs/a.txt?",
            "times": 1,
        }
    ]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_names_of_metrics_are_wrapped_and_never_cut(width: int) -> None:
    """They are what is typed after --min."""
    groups = ("retrieval", "page_retrieval", "citations", "page_citations", "answers", "refusals")
    measured = dict.fromkeys(groups, 10_000)
    lines = audit_lines(Checked({"questions": 1}, {}, measured), width=width, colour=False)
    lines.pop()  # no problem was found: a sentence, which the terminal may break
    assert "judged_correct with --judge" in " ".join(" ".join(lines).split())
    assert not any("..." in line for line in lines)
    assert max(map(len, lines)) <= width


def test_drafts_are_checked_and_said_to_be_drafts(tmp_path: Path) -> None:
    """Their gold as that of questions; that they are drafts is a remark."""
    row = {**gold(0, 4, "Snow"), "draft": True}
    audit = checked(tmp_path, row)
    assert audit.counts["questions"] == 1
    assert len(audit.problems) == 1
    assert any("is a draft" in remark.what for remark in audit.remarks)
