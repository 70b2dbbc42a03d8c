"""What a reader measures, and that it reads every passage once."""

from __future__ import annotations

import pickle
import threading

import pytest

from qa.answering.answer import answer
from qa.answering.extractive.extract import extract
from qa.answering.retrieval import Retrieval
from qa.models.reader.closeness import (
    CLOSE_EVIDENCE_WEIGHTS,
    CLOSENESS_WEIGHTS,
    Closeness,
    close_evidence_features,
)
from qa.models.reader.sentence_reader import MOST_KEPT, SentenceReader
from tests.support.fake_encoder import WordEncoder
from tests.support.sentences import passage_of, texts

MILL = "The mill at Brodno ground rye. It was purchased by Anna Kovac. The miller kept geese."


def test_a_sentence_with_all_words_of_the_question_is_as_close_as_can_be() -> None:
    passage = passage_of("The mill ground rye. Geese bite.")
    near = SentenceReader(WordEncoder()).closeness("the mill ground rye", [passage])
    same, other = (near[passage.chunk.id, span] for span in passage.chunk.sentences)
    assert same.matched == pytest.approx(1, abs=1e-3)
    assert same.cosine == pytest.approx(1, abs=1e-3)
    assert same.passage == other.passage == pytest.approx(1, abs=1e-3)
    assert other.matched < 0.5
    assert other.cosine < 0.5


def test_maxsim_is_the_mean_over_the_words_asked_for() -> None:
    """One of two words is there, the other has something near: the mean of the two."""
    reader = SentenceReader(WordEncoder({"maze": "m"}))
    alone = reader.similarity("maze", ["a mill"])
    assert 0 <= alone < 0.5
    assert reader.similarity("mill maze", ["a mill"]) == pytest.approx((1 + alone) / 2, abs=1e-3)
    assert reader.similarity("mill", ["geese", "a mill"]) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(("claim", "sentences"), [("", ["mill"]), ("mill", []), ("mill", [""]), ("…", ["…"])])
def test_nothing_is_close_to_nothing(claim: str, sentences: list[str]) -> None:
    assert SentenceReader(WordEncoder()).similarity(claim, sentences) == 0.0


def test_a_passage_is_read_once() -> None:
    encoder = WordEncoder()
    reader = SentenceReader(encoder)
    passage = passage_of(MILL)
    first = reader.closeness("Who bought the mill?", [passage])
    second = reader.closeness("Who bought the mill?", [passage])
    assert first == second
    assert sum(len(asked) > 1 for asked in encoder.asked) == 1


def test_only_so_many_passages_are_kept() -> None:
    encoder = WordEncoder()
    reader = SentenceReader(encoder)
    every = [passage_of("A mill. Some geese.", f"{n}.txt") for n in range(MOST_KEPT + 1)]
    reader.closeness("mill", every)
    read = len(encoder.asked)
    reader.closeness("mill", every[-3:])
    assert len(encoder.asked) == read + 1  # the question alone
    reader.closeness("mill", every[:1])
    assert len(encoder.asked) == read + 3  # and the passage that was let go


def test_several_threads_may_ask() -> None:
    reader = SentenceReader(WordEncoder())
    passages = [passage_of(MILL, f"{n}.txt") for n in range(20)]
    expected = reader.closeness("Who bought the mill?", passages)
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(reader.closeness("Who bought the mill?", passages)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


def test_other_words_for_the_same_are_found_with_a_reader_alone() -> None:
    """Without, the sentence that shares a word with the question is given; with it, the one that answers."""
    question = "Who acquired the facility?"
    passage = passage_of("The facility is old. The mill was purchased by Anna Kovac. Geese bite.")
    encoder = WordEncoder({"acquired": "purchased", "facility": "mill", "who": "by"})
    near = SentenceReader(encoder).closeness(question, [passage])
    best = max(extract(question, [passage], closeness=near).picks, key=lambda pick: pick.likelihood)
    without = max(extract(question, [passage]).picks, key=lambda pick: pick.likelihood)
    assert "old" in without.span.of("The facility is old. The mill was purchased by Anna Kovac. Geese bite.")
    assert best.span != without.span


def test_an_answer_asks_the_reader_only_without_a_model() -> None:
    """And its evidence is then the reader's too."""
    encoder = WordEncoder()
    passage = passage_of(MILL, "mill.txt")
    retrieval = Retrieval((passage,), texts(mill=MILL), 0.0)
    with_reader = answer("Who purchased the mill?", retrieval, reader=SentenceReader(encoder))
    without = answer("Who purchased the mill?", retrieval)
    assert encoder.asked
    assert with_reader.evidence != without.evidence


def test_what_is_weighed_is_what_is_measured() -> None:
    question = "Who bought the mill?"
    passage = passage_of(MILL)
    near = SentenceReader(WordEncoder()).closeness(question, [passage])
    features = close_evidence_features(0.5, list(near.values()))
    assert tuple(features) == tuple(CLOSE_EVIDENCE_WEIGHTS)
    assert ("words", *Closeness._fields) == tuple(CLOSENESS_WEIGHTS)
    assert features["words"] == 0.0


def test_another_process_is_given_a_reader_of_its_own() -> None:
    """With the same encoder and nothing read yet."""
    passage = passage_of(MILL)
    reader = SentenceReader(WordEncoder({"purchased": "bought"}))
    near = reader.closeness("Who bought the mill?", [passage])
    assert pickle.loads(pickle.dumps(reader)).closeness("Who bought the mill?", [passage]) == near
