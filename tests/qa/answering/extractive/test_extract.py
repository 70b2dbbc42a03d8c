"""The sentences that answer, and when there is none."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from index.types import Passage
from qa.answering.extractive.answerability import EVIDENCE_THRESHOLD, EVIDENCE_WEIGHTS, evidence_features
from qa.answering.extractive.extract import SENTENCE_WEIGHTS, Extract, choose, extract, rank
from qa.answering.extractive.question import parse_question
from qa.answering.extractive.sentence_features import FEATURES, ScoredSentence, score_sentences, tightest
from qa.answering.extractive.sentences import read_passage
from tests.support.sentences import passage_of

MILL = (
    "The water mill at Brodno ground rye for two villages. Anna Kovac bought the mill in 1902. "
    "It burned down in 1911 because a lamp fell into the straw. The miller kept forty geese. "
    "Nobody was hurt."
)
BRIDGE = "The iron bridge was opened on 4 May 1889. It was painted green. Engineers praised it."


def picked(question: str, *passages: str) -> list[str]:
    """What is picked from passages of one text each, in reading order."""
    read = [passage_of(text, f"{n}.txt", rank=n + 1) for n, text in enumerate(passages)]
    whole = {passage.source.id: text for passage, text in zip(read, passages, strict=True)}
    result = extract(question, read)
    return [pick.span.of(whole[pick.passage.source.id]) for pick in result.picks]


def test_the_sentence_with_the_asked_kind_is_picked() -> None:
    """Asked who, when, why and how many, the sentence with a name, date, reason or number is given."""
    assert picked("Who bought the mill at Brodno?", MILL, BRIDGE)[0].startswith("Anna Kovac bought")
    assert "It burned down in 1911" in " ".join(picked("When did the mill burn down?", MILL, BRIDGE))
    assert "a lamp fell" in " ".join(picked("Why did the mill burn down?", MILL, BRIDGE))
    assert picked("How many geese did the miller keep?", MILL, BRIDGE) == ["The miller kept forty geese."]


def test_one_sentence_is_enough_where_one_answers() -> None:
    """A precise question gets a precise answer, not five sentences."""
    assert picked("When was the iron bridge opened?", BRIDGE, MILL) == [
        "The iron bridge was opened on 4 May 1889."
    ]


def test_sources_that_contradict_each_other_are_both_given() -> None:
    """Two numbers for one thing are both shown: nothing is resolved by guessing."""
    assert picked(
        "How many people died in the Brodno flood?",
        "The Brodno flood was in March. In all 12 people died in the Brodno flood.",
        "Later counts differ. In all 19 people died in the Brodno flood.",
    ) == ["In all 12 people died in the Brodno flood.", "In all 19 people died in the Brodno flood."]


def test_a_sentence_that_says_it_again_is_left_out() -> None:
    """The same words in another source add nothing to the answer."""
    assert picked(
        "How many people died in the Brodno flood?",
        "In all 12 people died in the Brodno flood.",
        "In all, 12 people died in the Brodno flood.",
    ) == ["In all 12 people died in the Brodno flood."]


def test_sentences_of_one_source_are_read_in_its_order() -> None:
    """Reading order within a source, whichever sentence was more likely."""
    text = "The plan was late. Rest is one aim of the plan. Work is another aim of the plan."
    result = picked("What are the aims of the plan?", text)
    assert result == ["Rest is one aim of the plan.", "Work is another aim of the plan."]


def test_a_title_is_no_answer_where_a_sentence_is() -> None:
    """A headline repeats what the body says, and the body says it in full."""
    text = "Rye mill burns down in Brodno\nThe rye mill in Brodno burned down on Monday after a lamp fell."
    passage = passage_of(text, title="Rye mill burns down in Brodno")
    result = extract("Why did the rye mill in Brodno burn down?", [passage])
    assert [pick.span.of(text) for pick in result.picks] == [text.splitlines()[1]]


def test_a_question_in_the_document_is_no_answer() -> None:
    """A list of questions matches best, and says nothing."""
    text = "Who opened the iron bridge? The mayor Jan Novak opened the iron bridge."
    assert picked("Who opened the iron bridge?", text) == ["The mayor Jan Novak opened the iron bridge."]


def test_other_languages_are_answered_by_their_terms() -> None:
    """No cue of English is needed where question and sentence share their words."""
    german = "Die Mühle stand am Fluss. Der Müller hieß Josef Huber. Das Dorf zählte hundert Seelen."
    japanese = "橋は緑色です。会談は十月に中止された。町は静かだ。"
    assert picked("Wie hieß der Müller?", german) == ["Der Müller hieß Josef Huber."]
    assert "会談は十月に中止された" in " ".join(picked("会談はいつ中止された", japanese))


def test_far_off_questions_fall_below_the_bar() -> None:
    """No passage speaks of it: the evidence is thin, and the missing words are named as they were typed."""
    result = extract(
        "What is the boiling point of Ethanol?", [passage_of(MILL), passage_of(BRIDGE, "b.txt", rank=2)]
    )
    assert not result.enough
    assert result.evidence < EVIDENCE_THRESHOLD
    assert result.missing == ("boiling", "point", "Ethanol")
    assert result.picks == ()


def test_no_passages_and_no_words_are_no_evidence() -> None:
    """Nothing in, nothing out."""
    assert extract("Who bought the mill?", []).evidence == 0.0
    assert extract("?!", [passage_of(MILL)]).picks == ()


def test_every_weight_has_its_feature() -> None:
    """The tables in the code name exactly what is counted."""
    parsed = parse_question("Who bought the mill?")
    candidates = score_sentences(parsed, [passage_of(MILL)])
    assert set(SENTENCE_WEIGHTS) == set(FEATURES)
    assert set(EVIDENCE_WEIGHTS) == set(
        evidence_features(parsed, candidates, choose(parsed, rank(candidates)))
    )


def test_the_likelihoods_of_all_candidates_are_one_in_all() -> None:
    """A softmax, worked over every sentence of every passage."""
    candidates = score_sentences(
        parse_question("Who bought the mill?"), [passage_of(MILL), passage_of(BRIDGE, "b.txt", rank=2)]
    )
    ranked = rank(candidates)
    assert len(ranked) == 8
    assert abs(sum(likelihood for _, likelihood in ranked) - 1) < 1e-9
    assert [likelihood for _, likelihood in ranked] == sorted(
        (one.likelihood for one in ranked), reverse=True
    )


def test_a_long_table_is_searched_by_windows() -> None:
    """Terms at both ends of three hundred words do not stand together."""
    parsed = parse_question("Which mill kept geese?")
    table = "mill " + "row " * 300 + "geese kept"
    candidates = score_sentences(parsed, [passage_of(table)])
    assert tightest(parsed, candidates.weights, candidates.candidates[0].sentence.stems) == {"gees", "keep"}


words = st.lists(
    st.sampled_from(["mill", "Anna", "1902", "geese", "why", "who", "the", "東京", "ß", "?", "."]),
    max_size=12,
).map(" ".join)


@given(question=words | st.text(max_size=60), text=st.lists(words, min_size=1, max_size=4).map("\n".join))
def test_picks_are_sentences_of_the_passages(question: str, text: str) -> None:
    """Whatever is asked of whatever text: up to five whole sentences, each once, evidence within [0, 1]."""
    if not text.strip():
        text = "mill"
    passage = passage_of(text)
    result = extract(question, [passage])
    spans = [pick.span for pick in result.picks]
    assert set(spans) <= set(passage.chunk.sentences)
    assert len(spans) == len(set(spans)) <= 5
    assert spans == sorted(spans)
    assert 0 <= result.evidence <= 1
    assert result.enough == (result.evidence >= EVIDENCE_THRESHOLD)
    again = extract(question, [passage])
    assert again == result


@given(st.text(alphabet=string.ascii_letters + " .", max_size=80))
def test_features_stay_in_their_range(question: str) -> None:
    """Shares are shares."""
    for result in score_sentences(
        parse_question(question), [passage_of(MILL), passage_of(BRIDGE, "b.txt", rank=2)]
    ).candidates:
        assert len(result.features) == len(FEATURES)
        assert all(0 <= value <= 1 + 1e-9 for value in result.features)


def test_a_fact_without_the_reason_gives_way_to_the_reason() -> None:
    """Asked why, a sentence that only says that it happened is no answer where another says why."""
    notice = "The spring fair in Brodno was cancelled on 2 May. The square stayed empty."
    letter = "Rain fell all week. The spring fair in Brodno was called off because of the flood."
    result = picked("Why was the spring fair in Brodno cancelled?", notice, letter)
    assert result == ["The spring fair in Brodno was called off because of the flood."]


def test_a_lead_in_brings_its_list() -> None:
    """What was announced comes with the announcement, each item a sentence of its own."""
    text = "The square is old.\nThe mayor named three aims of the plan:\nRest\nWork\nPlay\nIt rained."
    assert picked("What are the aims of the plan?", text) == [
        "The mayor named three aims of the plan:",
        "Rest",
        "Work",
        "Play",
    ]


def test_a_dateline_alone_is_no_answer() -> None:
    """Asked when, the event is told, and the dateline comes with it where the event has no date."""
    text = "BRODNO, 3 May 1902\nThe mill in Brodno burned down on Thursday.\nNobody was hurt."
    dated = "BRODNO, 3 May 1902\nThe mill in Brodno burned down on 2 May.\nNobody was hurt."
    assert picked("When did the mill in Brodno burn down?", text) == text.splitlines()[:2]
    assert picked("When did the mill in Brodno burn down?", dated) == dated.splitlines()[1:2]
    assert picked("Who burned down the mill in Brodno?", text) == text.splitlines()[1:2]


def test_reasons_come_from_several_sources() -> None:
    """Asked why, no bare announcement, and what each source says of the cause."""
    notice = "The spring fair in Brodno was cancelled on 2 May. The square stayed empty."
    letter = "Rain fell all week. The spring fair in Brodno was called off because of the flood."
    minutes = "On Monday the spring fair in Brodno was cancelled by the mayor. He did not want to pay for it."
    assert picked("Why was the spring fair in Brodno cancelled?", notice, letter, minutes) == [
        "The spring fair in Brodno was called off because of the flood.",
        "On Monday the spring fair in Brodno was cancelled by the mayor.",
        "He did not want to pay for it.",
    ]


@pytest.mark.parametrize(
    ("likely", "at", "expected"), [(0.19, 1, 3), (0.16, 1, 2), (0.19, 2, 2)], ids=["beside", "less", "apart"]
)
def test_one_sentence_more_if_it_belongs_to_one_that_was_chosen(
    likely: float, at: int, expected: int
) -> None:
    """Two are chosen; a third only if it stands beside one of them and is half as likely as the best.

    "That earlier fair ended without one" is told in the sentence after the one that names the fair.
    """
    ask = parse_question("Did the first fair in Brodno end with a prize?")
    other = passage_of("After a dull first fair in Brodno the mayor spoke of a prize.", "b.txt")
    own = passage_of("The delay moves the fair in Brodno. That earlier one ended quietly. Rain fell.")
    first = score_sentences(ask, [other]).candidates[0]
    here = score_sentences(ask, [own]).candidates
    ranked = [(first, 0.36), (here[0], 0.22), (here[at], likely)]
    assert len(choose(ask, [ScoredSentence(*each) for each in ranked])) == expected


def test_reasons_of_something_else_are_not_given() -> None:
    """Why the place was chosen does not say why what was to be there was cancelled."""
    minutes = "On Monday the spring fair in Brodno was cancelled by the mayor. He did not want to pay for it."
    guide = passage_of(
        "Guests came early. Critics say that Brodno was chosen because its inns are cheap.",
        title="The spring fair gets ready",
        name="guide.txt",
    )
    found = extract("Why was the spring fair in Brodno cancelled?", [passage_of(minutes), guide])
    assert [pick.span.of(minutes) for pick in found.picks] == [
        "On Monday the spring fair in Brodno was cancelled by the mayor.",
        "He did not want to pay for it.",
    ]


def test_a_denying_question_is_not_answered_by_an_affirmation() -> None:
    """What does not burn is not told by what does."""
    text = "Rye straw burns in the mill at Brodno."
    affirmed = extract("What burns in the mill at Brodno?", [passage_of(text)])
    denied = extract("What does not burn in the mill at Brodno?", [passage_of(text)])
    assert affirmed.enough
    assert denied.evidence < affirmed.evidence
    assert not denied.enough


def test_that_it_is_not_known_is_an_answer() -> None:
    """A source that says what nobody knows answers the question, verbatim."""
    text = "The mill burned down. We do not know what the repair of the mill has cost."
    result = extract("What did the repair of the mill cost?", [passage_of(text)])
    assert result.enough
    assert [pick.span.of(text) for pick in result.picks] == [text[22:]]


def test_no_longer_is_no_denial() -> None:
    """A question that says "not", answered by a refusal, and one that says "no longer", stay answered."""
    refusal = "The mayor of Brodno refused to sign the treaty of the mill."
    ended = "The mill at Brodno left the guild of millers on 3 May 1902."
    assert extract("Which mayor did not sign the treaty of the mill?", [passage_of(refusal)]).enough
    assert extract(
        "Since when is the mill at Brodno no longer in the guild of millers?", [passage_of(ended)]
    ).enough


def test_a_lead_in_that_leads_nowhere_is_left_out() -> None:
    """An announcement at the end of what was found is no answer where another sentence is."""
    text = "The plan of the mayor has two aims, rest and work.\nThe mayor named the aims of the plan:"
    assert picked("What are the aims of the plan?", text) == text.splitlines()[:1]


ADOBE = (
    "The company had 13,893 employees in all countries at the end of the year. "
    "The employees are in offices of eleven countries."
)
PEPSI = "PepsiCo makes drinks. PepsiCo sells chips in the countries of Europe."


def asked_of(question: str, *passages: Passage) -> Extract:
    """What is extracted from whole texts."""
    return extract(question, passages, {passage.source.id: passage.chunk.text for passage in passages})


def test_a_document_about_another_does_not_answer() -> None:
    """The name in the question binds: nothing of Adobe's report is said of PepsiCo."""
    adobe, pepsi = passage_of(ADOBE, "ADOBE_2016_10K.txt"), passage_of(PEPSI, "PEPSICO_2016_10K.txt", rank=2)
    right = asked_of("How many employees did Adobe have at the end of the year?", adobe, pepsi)
    assert right.enough
    assert right.picks[0].passage is adobe
    wrong = asked_of("How many employees did PepsiCo have at the end of the year?", adobe, pepsi)
    assert not any(pick.passage is adobe for pick in wrong.picks)
    assert not wrong.enough


def test_a_name_that_no_source_has_binds_nothing() -> None:
    """A speech does not name its speaker; who asks may."""
    result = asked_of("How many employees did Zebedee have at the end of the year?", passage_of(ADOBE))
    assert result.picks


def test_a_passage_is_read_anew_under_another_title() -> None:
    """What is kept of one is that of its chunk, its source's title and its name, whatever its rank."""
    plain = passage_of(MILL)
    titled = replace(plain, source=replace(plain.source, title="The bridge of Riga"))
    assert read_passage(plain) is read_passage(replace(plain, rank=7, score=0.5))
    assert "riga" in read_passage(titled).heading - read_passage(plain).heading
