"""Drafts without a model: even over the documents, the same for a seed, true to the text."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.evaluation.sets.authoring.offline import Drafted, draft_offline, near_count
from qa.evaluation.sets.authoring.sampling import interleaved, spread
from qa.evaluation.types import Question
from tests.support.indexes import catalog_of

NAMES = ("Anna Ek", "Bo Lund", "Cai Moe", "Dag Roe", "Eva Lie")
TEXTS = {
    f"{name.split()[0].lower()}.txt": (
        f"Deputy Finance Minister {name} stayed at home that day.\n"
        f"The {name.split()[1]} Bridge was opened on 4 May 19{number}7.\n"
        f"{name} told reporters in Oslo that Norway would not sign the {name.split()[1]} treaty.\n"
    )
    for number, name in enumerate(NAMES, 1)
}


def drafted(folder: Path, wanted: int, seed: int = 0, known: tuple[Question, ...] = ()) -> Drafted:
    """Drafts from five documents of three facts each."""
    with catalog_of(folder, TEXTS) as catalog:
        return draft_offline(catalog, wanted, seed=seed, known=known)


def test_drafts_are_spread_evenly_and_their_gold_is_a_slice(tmp_path: Path) -> None:
    """One of each document before a second of any."""
    questions = [each for each in drafted(tmp_path, 6).questions if each.answerable]
    assert len({question.evidence[0].source for question in questions}) == 5
    for question in questions:
        (gold,) = question.evidence
        assert gold.span is not None
        assert gold.span.of(TEXTS[gold.source]) == gold.text
        assert question.answers[0] in str(gold.text)


def test_the_same_seed_gives_the_same_drafts(tmp_path: Path) -> None:
    """Another one gives others."""
    first = drafted(tmp_path / "a", 6).questions
    assert first == drafted(tmp_path / "b", 6).questions
    assert first != drafted(tmp_path / "c", 6, seed=1).questions


def test_what_the_set_has_is_not_asked_again(tmp_path: Path) -> None:
    """It is counted as rejected."""
    first = drafted(tmp_path / "a", 6).questions
    again = drafted(tmp_path / "b", 6, known=tuple(first))
    assert not {each.text for each in first} & {each.text for each in again.questions}
    assert again.rejected["it was asked before"] > 0


def test_near_misses_name_what_stands_nowhere(tmp_path: Path) -> None:
    """One in five; no gold, and the group of the document that they are near to."""
    questions = drafted(tmp_path, 10).questions
    misses = [question for question in questions if question.answerable is False]
    assert len(misses) == near_count(10) == 2
    everything = " ".join(TEXTS.values())
    for miss in misses:
        assert not miss.evidence
        assert not miss.answers
        assert miss.tags[0] == "near"
        assert miss.group in TEXTS
        words = {word.strip("?'s") for word in miss.text.split()}
        assert any(word not in everything for word in words)


def test_sources_that_are_not_admitted_are_not_asked_about(tmp_path: Path) -> None:
    """As with --source."""
    with catalog_of(tmp_path, TEXTS) as catalog:
        found = draft_offline(catalog, 4, seed=0, admit=lambda source: source.name == "bo.txt")
    assert {gold.source for each in found.questions for gold in each.evidence} == {"bo.txt"}


def test_documents_without_facts_give_no_drafts(tmp_path: Path) -> None:
    """And no error."""
    with catalog_of(tmp_path, {"a.txt": "Ja, und?\nNichts.\n"}) as catalog:
        assert draft_offline(catalog, 5, seed=0).questions == []


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        (["ab", "c", "def"], "acdbef"),
        ([], ""),
        (["", "a"], "a"),
    ],
)
def test_items_are_taken_in_rounds(lists: list[str], expected: str) -> None:
    """The first of each, then the second of each."""
    assert "".join(spread(lists, iter)) == expected


def test_a_source_is_read_when_its_turn_comes() -> None:
    """Of many only as many as are needed."""
    read: list[int] = []

    def items(source: int) -> list[int]:
        read.append(source)
        return [source]

    found = spread(range(1_000), items)
    assert [next(found), next(found)] == [0, 1]
    assert read == [0, 1]


def test_kinds_take_turns() -> None:
    """Whatever many there are of one."""
    mixed = interleaved(["a1", "a2", "a3", "b1"], 0, kind=lambda item: item[0], name=str)
    assert {item[0] for item in mixed[:2]} == {"a", "b"}
    assert sorted(mixed) == ["a1", "a2", "a3", "b1"]
