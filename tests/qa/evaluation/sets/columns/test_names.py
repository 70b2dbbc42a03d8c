"""Columns by the names that people and tools give them."""

from __future__ import annotations

import pytest

from index.errors import UsageError
from qa.evaluation.sets.columns.names import check_mapping, choose, names_question, plain
from qa.evaluation.sets.rows import RowError


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Expected Answer", "expected_answer"),
        (" expectedAnswer ", "expected_answer"),
        ("Answer(s)", "answers"),
        ("context(s)", "contexts"),
        ("GROUND-TRUTH", "ground_truth"),
        ("__expected", "expected"),
        ("Réponse attendue", "reponse_attendue"),
        ("user_input", "user_input"),
    ],
)
def test_names_are_compared_without_their_looks(name: str, expected: str) -> None:
    """Case, spaces, dashes, accents and a plural in brackets."""
    assert plain(name) == expected


@pytest.mark.parametrize(
    ("names", "columns"),
    [
        (["Question", "Expected Answer"], {"question": "Question", "answers": "Expected Answer"}),
        (["query", "ground_truth"], {"question": "query", "answers": "ground_truth"}),
        (["user_input", "reference"], {"question": "user_input", "answers": "reference"}),
        (
            ["Frage", "Antwort", "Quelle", "Seite"],
            {"answers": "Antwort", "source": "Quelle", "page": "Seite"},
        ),
        (["question", "answer", "context(s)"], {"answers": "answer", "text": "context(s)"}),
        (["question", "document"], {"source": "document"}),
        (["question", "is_impossible"], {"unanswerable": "is_impossible"}),
        (["question", "answers", "ground_truth"], {"answers": "answers"}),
        (["input", "expected_output", "context", "retrieval_context", "actual_output"], {"text": "context"}),
    ],
)
def test_columns_are_recognised(names: list[str], columns: dict[str, str]) -> None:
    """The field's own name first, then those of others by how surely they are meant."""
    chosen = choose(names)
    assert columns.items() <= dict(chosen.columns).items()
    assert not chosen.ambiguous


@pytest.mark.parametrize(
    ("names", "unread"),
    [
        (["question", "answer", "contexts", "ground_truth"], {"answer", "contexts"}),
        (["user_input", "reference", "response", "retrieved_contexts"], {"response", "retrieved_contexts"}),
        (["question", "expected_answer", "actual_output"], {"actual_output"}),
    ],
)
def test_what_a_system_gave_is_no_gold(names: list[str], unread: set[str]) -> None:
    """Its answer beside the right one, and what it had retrieved; each is told."""
    chosen = choose(names)
    assert {name for name, why in chosen.unused if "another system" in why} == unread
    assert unread.isdisjoint(chosen.columns.values())


def test_columns_that_look_like_gold_are_told() -> None:
    """And so are slips, but not columns of addresses, numbers and the like."""
    chosen = choose(["question", "anwers", "Correct Ans. text", "source_url", "score", "note"])
    assert dict(chosen.unused) == {
        "anwers": "is ignored; did you mean answers?",
        "Correct Ans. text": "looks like gold, and is not used",
    }


def test_a_reference_may_be_a_document() -> None:
    """Told by its first value; beside an answer, any other value is ambiguous."""
    names = ["question", "answer", "reference"]
    chosen = choose(names, {}, {"reference": "Summit.pdf, p. 3"})
    assert (chosen.columns["answers"], chosen.columns["source"]) == ("answer", "reference")
    assert "both 'answer' and 'reference'" in choose(names, {}, {"reference": "because of rain"}).ambiguous
    assert choose(names, {"answers": "reference"}, {"reference": "rain"}).columns["answers"] == "reference"


def test_columns_are_named_by_a_person() -> None:
    """Whatever the spelling; the field of an empty name is read from no column."""
    mapping = check_mapping(["answers=Right one", 'Question="Q text"', "source="])
    assert mapping == {"answers": "Right one", "question": "Q text", "source": ""}
    chosen = choose(["Q text", "right_one", "answer", "source"], mapping)
    assert dict(chosen.columns) == {"answers": "right_one", "question": "Q text"}
    assert names_question(["q TEXT"], mapping)
    assert not names_question(["question"], mapping)
    with pytest.raises(RowError, match="no column 'Right one'; did you mean 'Right ones'"):
        choose(["question", "Right ones"], {"answers": "Right one"})


@pytest.mark.parametrize(
    ("pair", "hint"),
    [("answers", "such as"), ("anwsers=x", "did you mean answers?"), ("zzz=x", "fields are")],
)
def test_a_pair_that_is_none_is_refused(pair: str, hint: str) -> None:
    """With the way to write it."""
    with pytest.raises(UsageError) as caught:
        check_mapping([pair])
    assert hint in caught.value.hint
    assert caught.value.options == ("column",)
    with pytest.raises(UsageError, match="two columns"):
        check_mapping(["answers=x", "answers=y"])
