"""An answer with its sources held against each other: counted, dated, and where they disagree."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from index.types import Dated, DateOrigin, Passage
from qa.answering.answer import answer
from qa.answering.compared import compared
from qa.answering.generative.generate import AnswerModel
from qa.answering.retrieval import Retrieval
from qa.output.answers.as_json import to_json
from qa.types import Answer, Claim
from tests.support.fake_models import ScriptedModel
from tests.support.sentences import passage_of

HEAD = "The ferry Marlow sank off Cape Brodno on Sunday.\n"
FERRY = (
    "The coast guard rescued 48 passengers of the ferry Marlow.\n"
    "Divers searched the hull until nightfall. The harbour of Brodno stays closed."
)
OTHER = (
    "Rain had fallen for a week when the ship went down.\n"
    "All 48 passengers of the Marlow were rescued by the coast guard, said Mayor Adams.\n"
    "He thanked the crew of a trawler, which had been the first on the spot."
)
QUESTION = "How many passengers of the ferry Marlow were rescued by the coast guard?"


def retrieval_of(**texts: str) -> Retrieval:
    """A passage of each text, which is all of a source of that name."""
    passages = [passage_of(text, f"{name}.txt", rank=at) for at, (name, text) in enumerate(texts.items(), 1)]
    return Retrieval(tuple(passages), {f"id-{name}.txt": text for name, text in texts.items()})


def asked(**texts: str) -> Answer:
    """The answer to `QUESTION` from the texts."""
    return answer(QUESTION, retrieval_of(**texts))


def counts(result: Answer) -> tuple[int, int]:
    """Of the first claim how many sources say it, and how many are independent."""
    return result.claims[0].sources, result.claims[0].independent


def test_a_claim_of_one_source_has_one() -> None:
    """What else was found says nothing of the matter."""
    assert counts(asked(a=HEAD + FERRY, b="The ferry Sonya sails to Cape Brodno on Sundays.")) == (1, 1)


@pytest.mark.parametrize(
    "copy",
    [
        HEAD + FERRY,
        "Another title\nBy Our Correspondent\n" + FERRY,
        FERRY.replace("\n", " "),
        FERRY.replace("Divers searched", "Divers had searched"),
        FERRY.partition("\n")[0] + "\nThe weather was mild.",
        FERRY + " The owner could not be reached.",
    ],
)  # fmt: skip
def test_copies_are_no_independent_sources(copy: str) -> None:
    """However they are wrapped, titled, cut or added to, and however many; another's own words are one."""
    with_copy = asked(a=HEAD + FERRY, b=copy)
    assert with_copy.claims[0].independent == 1
    many = {f"copy{at}": copy for at in range(5)}
    assert asked(a=HEAD + FERRY, **many).claims[0].independent == 1
    assert counts(asked(a=HEAD + FERRY, b=OTHER)) == (2, 2)
    assert asked(a=HEAD + FERRY, other=OTHER, **many).claims[0].independent == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{} Reuters reported.", "According to Reuters, {}"),
        ("{} UNN reports, citing Bloomberg.", "Bloomberg: {}"),
        ("MARLOW (AP) - {}", "{} (AP)"),
        ("{} Das berichtete die Agentur dpa.", "Laut dpa: {}"),
        ("Selon l'AFP, {}", "{} (AFP)"),
        ("{} The mayor told the Morning Courier.", "{} This was first reported by the Morning Courier."),
        ("Según Reuters, {}", "REUTERS - {}"),
    ],
)
def test_those_that_credit_one_agency_are_one_source(first: str, second: str) -> None:
    """Each in its own words; without the credits they are two."""
    one = "The coast guard rescued 48 passengers of the ferry Marlow."
    two = "All 48 passengers of the ferry Marlow were rescued by the coast guard."
    assert counts(asked(a=first.format(one), b=second.format(two))) == (2, 1)
    assert counts(asked(a=one, b=two)) == (2, 2)


def test_who_follows_a_source_that_is_there_is_no_other_source() -> None:
    """One that cites the Harbour Office adds nothing to a statement of the Harbour Office."""
    one = "The coast guard rescued 48 passengers of the ferry Marlow."
    two = "All 48 passengers of the ferry Marlow were rescued by the coast guard, the paper says, citing {}."
    found = retrieval_of(a=one, b=two.format("the Harbour Office"))
    first = replace(found.passages[0], source=replace(found.passages[0].source, title="Harbour Office: log"))
    both = Retrieval((first, found.passages[1]), found.texts)
    assert counts(answer(QUESTION, both)) == (2, 1)
    assert counts(answer(QUESTION, found)) == (2, 2)


@pytest.mark.parametrize(
    ("theirs", "kind", "mine", "its"),
    [
        (FERRY.replace("48", "43"), "number", "48", "43"),
        (OTHER.replace("48", "52"), "number", "48", "52"),
        (FERRY.replace("Marlow", "Sonya"), "name", "Marlow", "Sonya"),
        (
            FERRY.replace("rescued", "never rescued"),
            "denial",
            FERRY.partition("\n")[0],
            "The coast guard never rescued 48 passengers of the ferry Marlow.",
        ),
    ],
)
def test_both_sides_of_a_disagreement_are_shown(theirs: str, kind: str, mine: str, its: str) -> None:
    """With the values, and a citation of each: the answer's own keep their numbers."""
    result = asked(a=FERRY, b=theirs)
    (found,) = result.disagreements
    assert found.kind == kind
    assert {side.value for side in found.sides} == {mine, its}
    cited = {citation.source: citation for side in found.sides for citation in side.citations}
    assert cited.keys() == {"a.txt", "b.txt"}
    assert cited["a.txt"] in result.citations or cited["b.txt"] in result.citations
    assert len({citation.number for citation in cited.values()}) == 2
    for name, text in (("a.txt", FERRY), ("b.txt", theirs)):
        assert cited[name].span.of(text) == cited[name].text


def test_a_date_and_a_year_may_differ() -> None:
    """And what is meant is the sentence with a gap in the place of the date."""
    text = "The treaty of Brodno was signed by both ministers on 14 May 1971.\nIt has nine articles."
    question = "When was the treaty of Brodno signed?"
    for other, its in (("15 May 1971", "15 May 1971"), ("14 May 1972", "14 May 1972")):
        result = answer(question, retrieval_of(a=text, b=text.replace("14 May 1971", other)))
        (found,) = result.disagreements
        assert found.kind == "date"
        assert its in {side.value for side in found.sides}
        assert found.about == "The treaty of Brodno was signed by both ministers on …."


@pytest.mark.parametrize(
    "theirs",
    [
        FERRY.replace("48", "forty-eight"),  # another writing
        FERRY.replace("48", "about 50"),  # rounded
        FERRY.replace("48", "at least 40"),  # a bound that 48 keeps
        FERRY.replace("48 passengers", "12 sailors"),  # other people
        "The coast guard rescued 31 passengers of the ferry Sonya off Zell in 1998.",  # another ferry
        "The Marlow was built for 480 passengers and 90 cars.",  # another matter
    ],
)
def test_what_fits_together_is_no_disagreement(theirs: str) -> None:
    """Roundings, bounds, other entities and other units."""
    assert asked(a=FERRY, b=theirs).disagreements == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # periods: each report speaks of its own year
        (
            "Sales of Brodno Mills rose by 12 percent compared with the previous year.",
            "Sales of Brodno Mills rose by 9 percent compared with the previous year.",
        ),
        (
            "Brodno Mills earned 12 million dollars in 2018.",
            "Brodno Mills earned 15 million dollars in 2019.",
        ),
        ("The mill at Brodno has 12 workers and 3 horses.", "The mill at Zell has 14 workers and 3 horses."),
    ],
)
def test_other_periods_and_entities_are_other_facts(first: str, second: str) -> None:
    """No disagreement, whichever is cited."""
    found = retrieval_of(a=first, b=second)
    for question in (
        "How much did Brodno Mills earn?",
        "How many workers has the mill?",
        "By how much did sales rise?",
    ):
        assert answer(question, found).disagreements == ()


def test_reports_of_a_series_are_not_compared() -> None:
    """Those of two years are; two files that are merely numbered are."""
    first, second = "Brodno Mills has 12 workers at its mill.", "Brodno Mills has 15 workers at its mill."
    question = "How many workers has Brodno Mills?"
    for names, shown in ((("annual-2018", "annual-2019"), 0), (("note-1", "note-2"), 1), (("q1", "q2"), 0)):
        found = retrieval_of(**dict(zip(names, (first, second), strict=True)))
        assert len(answer(question, found).disagreements) == shown


def dated(passage: Passage, value: str, origin: DateOrigin = "text") -> Passage:
    """`passage` of a source of that date."""
    return replace(passage, source=replace(passage.source, date=Dated(value, origin)))


def test_the_newest_side_comes_first() -> None:
    """By the dates of the documents; one without a date comes last."""
    found = retrieval_of(a=FERRY, b=FERRY.replace("48", "43"), c=FERRY.replace("48", "57"))
    a, b, c = found.passages
    result = answer(QUESTION, Retrieval((a, dated(b, "2024-05-02"), dated(c, "2024-05-03")), found.texts))
    (disagreement,) = result.disagreements
    assert [side.value for side in disagreement.sides] == ["57", "43", "48"]


def test_a_running_count_is_compared_only_between_dated_sources() -> None:
    """Forty-eight so far, and then fifty-two: both may be right, and the dates must show it."""
    first = "So far the coast guard rescued 48 passengers of the ferry Marlow."
    found = retrieval_of(a=first, b=first.replace("48", "52"))
    assert answer(QUESTION, found).disagreements == ()
    a, b = found.passages
    (disagreement,) = answer(
        QUESTION, Retrieval((dated(a, "2024-05-02"), dated(b, "2024-05-04")), found.texts)
    ).disagreements
    assert [side.citations[0].date for side in disagreement.sides] == ["2024-05-04", "2024-05-02"]


def test_a_claim_is_as_of_the_newest_document_it_cites() -> None:
    """A file's date of change is none of the document."""
    found = retrieval_of(a=FERRY)
    passage = found.passages[0]
    for origin, expected in (("text", "2024-05-02"), ("created", "2024-05-02"), ("modified", None)):
        with_date = dated(passage, "2024-05-02", origin)  # type: ignore[arg-type]  # a tuple of literals
        assert answer(QUESTION, Retrieval((with_date,), found.texts)).claims[0].as_of == expected


TODAY = date(2025, 6, 1)
MAYOR = "Adams is the mayor of Brodno."


def noted(question: str, *dates: str) -> tuple[str, ...]:
    """The notes on an answer that cites the first of some sources, each of which names the mayor."""
    texts = {
        f"s{at}": MAYOR if at == 0 else f"The mayor of Brodno, {at}, is ill." for at in range(len(dates))
    }
    found = retrieval_of(**texts)
    passages = tuple(dated(each, value) for each, value in zip(found.passages, dates, strict=True))
    first = answer(question, Retrieval(passages[:1], found.texts))
    return compared(replace(first, notes=()), Retrieval(passages, found.texts), today=TODAY).notes


def test_an_answer_from_old_sources_only_says_so() -> None:
    """Where something newer was found, or the present is asked for; not for what is dated in the question."""
    assert noted("Which mayor has Brodno?", "2019-03", "2025-01-02") == (
        "the newest source cited is of 2019-03; one of 2025-01-02 was found too",
    )
    assert noted("Which mayor has Brodno?", "2019-03", "2020-01-02") == ()
    assert noted("Who is the mayor of Brodno?", "2019-03") == ("the newest source cited is of 2019-03",)
    assert noted("Who is the mayor of Brodno?", "2024-09-30") == ()
    assert noted("Which mayor had Brodno in 2019?", "2019-03", "2025-01-02") == ()
    assert noted("Which mayor has Brodno?", "2019-03") == ()


def test_a_claim_without_sources_is_not_counted() -> None:
    """Its counts stay 0."""
    result = asked(a=FERRY)
    bare = replace(result, claims=(*result.claims, Claim("Says who?", (), "uncited")))
    assert compared(bare, retrieval_of(a=FERRY)).claims[-1].sources == 0


def test_a_model_s_answer_is_compared_too() -> None:
    """Its claims are in its own words; the sources it does not cite are looked at as well."""
    found = retrieval_of(a=FERRY, b=OTHER, c=FERRY.replace("48", "43"))
    model = AnswerModel(ScriptedModel("The coast guard rescued 48 passengers of the Marlow [s1]."))
    result = answer(QUESTION, found, model=model)
    assert result.mode == "llm"
    assert counts(result) == (2, 2)
    assert [{side.value for side in each.sides} for each in result.disagreements] == [{"48", "43"}]


def test_disagreements_are_in_the_json() -> None:
    """With sides, values and citations."""
    found = json.loads(to_json(asked(a=FERRY, b=FERRY.replace("48", "43"))))["disagreements"]
    assert [each["kind"] for each in found] == ["number"]
    assert {side["value"] for side in found[0]["sides"]} == {"48", "43"}
    assert all(side["citations"][0]["source"] in ("a.txt", "b.txt") for side in found[0]["sides"])
