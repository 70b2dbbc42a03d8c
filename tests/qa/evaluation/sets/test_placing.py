"""Gold found in an index before anything is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.types import Span
from qa.errors import SetError
from qa.evaluation.metrics.per_question import question_metrics
from qa.evaluation.sets.audit import check_set
from qa.evaluation.sets.dataset import QuestionSet
from qa.evaluation.sets.gold import Resolver
from qa.evaluation.sets.placing import place_gold, require_found
from qa.evaluation.types import Gold, Question, Record, Retrieved, SourceSpan
from tests.support.answers import answered, citation
from tests.support.indexes import catalog_of

RAIN = "Rain fell on the old town all night long.\nThe fair was cancelled for want of tents.\n"
SNOW = "Snow fell in March.\nThe fair was cancelled for want of tents.\nNobody came.\n"
ANSWER = answered(citations=(citation(source="snow.md", span=Span(0, 4)),))
TEXTS = {"docs/Rain.txt": RAIN, "snow.md": SNOW}


def question(*gold: Gold) -> Question:
    """A question with this gold."""
    return Question("q", "Why?", (), True, gold, place="set.csv:2")


def test_a_quotation_is_found_in_its_source(tmp_path: Path) -> None:
    """And its span is the gold."""
    with catalog_of(tmp_path, TEXTS) as catalog:
        resolved = Resolver(catalog).resolve(question(Gold("rain", text="the old  town all night")))
    (place,) = resolved.gold
    assert (place.source, place.span, place.text) == ("docs/Rain.txt", Span(13, 35), "the old town all night")
    assert place.chunks == (0,)
    assert resolved.flaws == resolved.notes == ()


def test_a_quotation_without_a_source_is_sought_everywhere(tmp_path: Path) -> None:
    """Where it stands in several places, each of them bears it out."""
    with catalog_of(tmp_path, TEXTS) as catalog:
        resolver = Resolver(catalog)
        alone = resolver.resolve(question(Gold("", text="Snow fell in March")))
        twice = resolver.resolve(question(Gold("", text="The fair was cancelled for want of tents.")))
        beside = resolver.resolve(
            question(Gold("", text="The fair was cancelled"), Gold("", text="The fair"))
        )
    assert [place.source for place in alone.gold] == ["snow.md"]
    assert [(place.source, place.set) for place in twice.gold] == [("docs/Rain.txt", 1), ("snow.md", 2)]
    assert twice.of == (0, 0)
    assert [place.set for place in beside.gold] == [None, None]
    assert "stands in 2 places" in beside.notes[0].what


def test_a_near_place_is_told_and_what_is_nowhere_is_refused(tmp_path: Path) -> None:
    """By row; other gold that is not there is counted."""
    asked = (
        question(Gold("snow.md", text="The fair was cancelled for lack of tents.")),
        question(Gold("snow.md", text="The king opened a bridge over the river in May.")),
        question(Gold("hail.txt", text="Snow fell")),
        question(Gold("hail.txt"), Gold("snow.md", page=7)),
    )
    with catalog_of(tmp_path, TEXTS) as catalog:
        placed = place_gold(asked, Resolver(catalog))
    assert placed.flaws == 2
    ((place, near),) = placed.near
    assert place == "set.csv:2"
    assert '87 % alike: "The fair was cancelled for want of tents"' in near
    assert placed.lost[1] == ("set.csv:2", "hail.txt is not indexed")
    assert "is not in snow.md" in placed.lost[0][1]
    with pytest.raises(SetError, match=r"2 quotations of set\.csv are not in the index") as caught:
        require_found(placed, "set.csv")
    assert caught.value.rows == placed.lost


def test_a_document_of_a_corpus_is_found_by_its_text(tmp_path: Path) -> None:
    """As the file that it is, or as the part of one; one of a name that the index has stays."""
    corpus = {"d1": SNOW.replace("\n", " "), "d2": "Rain fell on the old town all night long.", "snow": "x"}
    texts = {**TEXTS, "docs/Rain.txt": f"{RAIN}{'Nothing else happened here. ' * 9}"}
    asked = [question(Gold(name)) for name in ("d1", "d2", "snow", "d3")]
    with catalog_of(tmp_path, texts) as catalog:
        placed = place_gold(asked, Resolver(catalog), corpus)
    assert [each.evidence for each in placed.questions] == [
        (Gold("snow.md"),),
        (Gold("docs/Rain.txt", Span(0, 41)),),
        (Gold("snow"),),
        (Gold("d3"),),
    ]
    assert placed.flaws == 1


def test_names_are_found_without_case_and_suffix(tmp_path: Path) -> None:
    """Where only one source can be meant."""
    texts = {"docs/Rain.txt": RAIN, "a/x.md": SNOW, "a/x.txt": SNOW}
    with catalog_of(tmp_path, texts) as catalog:
        names = Resolver(catalog).names
        assert names("RAIN.TXT") == names("rain") == names("docs/rain") == ("docs/Rain.txt",)
        assert set(names("x")) == {"a/x.md", "a/x.txt"}
        assert names("rai") == names("other/rain.txt") == ()


def test_an_audit_knows_quotations_and_documents(tmp_path: Path) -> None:
    """What is not found is a problem of our sets, and a remark on those of others."""
    asked = (
        question(Gold("", text="Snow fell in March")),
        question(Gold("snow.md")),
        question(Gold("snow.md", text="The king opened a bridge over the river in May.")),
    )
    with catalog_of(tmp_path, TEXTS) as catalog:
        ours = check_set(QuestionSet(asked), catalog)
        theirs = check_set(QuestionSet(asked, form="ragas"), catalog)
    assert (ours.measured["retrieval"], ours.measured["document_retrieval"]) == (1, 1)
    assert ["The king" in problem.what for problem in ours.problems] == [True]
    assert theirs.problems == ()
    assert any("The king" in remark.what for remark in theirs.remarks)


def test_documents_have_metrics_of_their_own(tmp_path: Path) -> None:
    """They are told apart from those of spans and pages, and a quotation that is nowhere has none."""
    with catalog_of(tmp_path, TEXTS) as catalog:
        resolver = Resolver(catalog)
        asked = question(Gold("snow.md"), Gold("rain"))
        gold = resolver.resolve(asked).gold
        nowhere = resolver.resolve(question(Gold("snow.md", text="A king opened a bridge in May."))).gold
    passages = (
        Retrieved(1, SourceSpan("other.md", Span(0, 9))),
        Retrieved(2, SourceSpan("snow.md", Span(0, 9))),
        Retrieved(3, SourceSpan("snow.md", Span(9, 20))),
    )
    record = Record("k", asked, 1, gold, ANSWER, passages)
    values = question_metrics(record, None)
    shown = {name: value for name, value in values.items() if name.startswith("document_")}
    assert shown["document_R@1"] == 0
    assert shown["document_R@3"] == shown["document_MRR"] == 1 / 2
    assert shown["document_Success@3"] == shown["document_citation_precision"] == 1
    assert shown["document_citation_recall"] == 1 / 2
    assert not {"R@1", "page_R@1", "citation_f1", "page_citation_f1"} & values.keys()
    lost = question_metrics(Record("k", asked, 1, nowhere, ANSWER, passages), None)
    assert not any("R@" in name or "citation_" in name for name in lost)
