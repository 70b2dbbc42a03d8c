"""A model's text becomes claims and citations: the model points, the program quotes, nothing is dropped."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import assume, given, strategies as st

from index.errors import IndexDamaged
from index.types import Span
from qa.answering.generative.claims import assertions
from qa.answering.generative.markers import Marker, Segment, parse
from qa.answering.generative.prompt import NumberedSentence, answer_prompt
from qa.answering.generative.resolve import MOST_AT_ONCE, ResolvedText, StreamResolver, resolve
from qa.types import RejectedCitation
from tests.qa.answering.generative.test_markers import texts
from tests.support.passages import Corpus, corpus_of

CORPUS = corpus_of(
    "The ferry stopped in 1962. A bridge replaced it. It is 240 m long.",  # s1 s2 s3
    "The bridge is closed. A council notice says so.",  # s4 s5
    dates={"a.txt": "1999-05-03"},
)


def keyed(corpus: Corpus = CORPUS) -> tuple[NumberedSentence, ...]:
    return answer_prompt("Why?", corpus.passages()).sentences


def cited(written: str) -> ResolvedText:
    """What becomes of `written` over `BOOKS`."""
    return resolve(written, keyed(), CORPUS.by_id)


def claims(written: str) -> list[tuple[str, tuple[int, ...]]]:
    """Text and citations of every claim."""
    return [(claim.text, claim.citations) for claim in cited(written).claims]


def test_a_worked_example() -> None:
    """Keys become numbers by first use, quotes are cut from the source, what is missing is told."""
    answer = cited(
        "A bridge replaced the ferry [s1-s2]. It is closed [s4], 240 m long [s3], and closed [s4].\n\n"
        "MISSING: who paid for it."
    )
    assert answer.status == "partial"
    assert answer.missing == "who paid for it"
    assert answer.text == "A bridge replaced the ferry [1]. It is closed [2], 240 m long [3], and closed [2]."
    assert [(claim.text, claim.citations, claim.support) for claim in answer.claims] == [
        ("A bridge replaced the ferry.", (1,), "supported"),
        ("It is closed, 240 m long, and closed.", (2, 3), "supported"),
    ]
    first, second, third = answer.citations
    assert (first.number, first.source, first.span) == (1, "a.txt", Span(0, 48))
    assert (first.text, first.line, first.date) == (
        "The ferry stopped in 1962. A bridge replaced it.",
        1,
        "1999-05-03",
    )
    assert (second.text, second.source, third.text) == ("The bridge is closed.", "b.txt", "It is 240 m long.")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("One [s1]. Two [s2].", [("One.", (1,)), ("Two.", (2,))]),
        ("One. [s1] Two. [s2]", [("One.", (1,)), ("Two.", (2,))]),
        ("One.[s1] Two.[s2]", [("One.", (1,)), ("Two.", (2,))]),
        ("One [s1]. Two.", [("One.", (1,)), ("Two.", ())]),
        ("Old [s1] and new [s2] agree.", [("Old and new agree.", (1, 2))]),
        ("He said “no.” [s1] She left [s2].", [("He said “no.”", (1,)), ("She left.", (2,))]),
        ("- One [s1]\n- Two. [s2]\n- Three", [("One", (1,)), ("Two.", (2,)), ("Three", ())]),
        ("1. [s1] One\n2. [s2] Two", [("One", (1,)), ("Two", (2,))]),
        ("One.\n[s1]\n\nTwo.\n\n[s2]", [("One.", (1,)), ("Two.", (2,))]),
        ("One goes\non here [s1].", [("One goes on here.", (1,))]),
        ("## Title\nOne [s1].\n**Part:**\nTwo [s2].", [("One.", (1,)), ("Two.", (2,))]),
        ("**Larch** [s1]", [("**Larch**", (1,))]),
        ("# Larch [s1]", [("Larch", (1,))]),
        ("**Larch**", [("**Larch**", ())]),
        ("| a | b |\n|---|---|\n| 1 | 2 [s1] |\n| 3 | 4 |", [("| 1 | 2 |", (1,)), ("| 3 | 4 |", ())]),
        ("> Quoted [s1].", [("Quoted.", (1,))]),
        ("Run:\n```\nx = [s1]\n```\n[s2]", [("Run:", ()), ("```\nx = [s1]\n```", (1,))]),
        ("It is `[s1]` [s2].", [("It is.", (1, 2))]),
        ("It is `x[s1]` [s2].", [("It is `x[s1]`.", (1,))]),
        (
            "The quay was unsafe s1. It is closed [s2].",
            [("The quay was unsafe.", (1,)), ("It is closed.", (2,))],
        ),
        (
            "The quay was unsafe s9. It is closed [s2].",
            [("The quay was unsafe s9.", ()), ("It is closed.", (1,))],
        ),
        ("橋は長い。[s1]船は止まった[s2]。", [("橋は長い。", (1,)), ("船は止まった。", (2,))]),
        ("In 1962 [2023], e.g. by Dr. Low [sic] [s1].", [("In 1962 [2023], e.g. by Dr. Low [sic].", (1,))]),
        ("[s1] One. [s2] Two.\n\n[s3] Three.", [("One.", (1,)), ("Two.", (2,)), ("Three.", (3,))]),
        ("[s1] One [s2]. [s3] Two.", [("One.", (1, 2)), ("Two.", (3,))]),
        ("[s1] One. [s2] Two [s3].", [("One.", (1, 2)), ("Two.", (3,))]),
        ("First [s1].\n\n[s2] One, [s3] two.", [("First.", (1,)), ("One, two.", (2, 3))]),
        ("[s1] One. Two. [s2]", [("One.", (1,)), ("Two.", (2,))]),
        ("First [s1].\n\n[s2] One. [s3] Two.", [("First.", (1,)), ("One.", (2,)), ("Two.", (3,))]),
        ("``` a ``` is so [s1].\nTwo [s2].", [("``` a ``` is so.", (1,)), ("Two.", (2,))]),
        ("````\n```\nx\n````\nOne [s1].", [("````\n```\nx\n````", ()), ("One.", (1,))]),
        (
            "Sources disagree. One says so [s1]. One says no [s4].",
            [("One says so.", (1,)), ("One says no.", (2,))],
        ),
        ("The two sources disagree on this: One [s1].", [("The two sources disagree on this: One.", (1,))]),
        ("Sure! Here is the answer to your question:\n\nOne [s1].", [("One.", (1,))]),
        ("Based on the passages you gave me:\n- One [s1]", [("One", (1,))]),
        ("Answer: One [s1].", [("Answer: One.", (1,))]),
        ("From the quay: nothing.", [("From the quay: nothing.", ())]),
        ("Sources disagree [s1]. One [s4].", [("Sources disagree.", (1,)), ("One.", (2,))]),
        ("[s1]", [("", (1,))]),
        ("[s1] and\n\n[s2]", [("and", (1, 2))]),
    ],
)
def test_a_marker_supports_the_sentence_it_stands_in_or_after(
    written: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    """Every sentence, item and row is a claim; titles are none."""
    assert claims(written) == expected


def test_neighbours_are_one_citation_and_others_are_not() -> None:
    """Sentences named together merge if they follow each other in one source."""
    spans = {
        written: [(one.source[0], one.span.start, one.span.end) for one in cited(f"So {written}.").citations]
        for written in ("[s1-s3]", "[s2][s1]", "[s1, s3]", "[s3, s4]", "[s5, s4, s1]")
    }
    assert spans == {
        "[s1-s3]": [("a", 0, 66)],
        "[s2][s1]": [("a", 0, 48)],
        "[s1, s3]": [("a", 0, 26), ("a", 49, 66)],
        "[s3, s4]": [("a", 49, 66), ("b", 0, 21)],
        "[s5, s4, s1]": [("b", 0, 47), ("a", 0, 26)],
    }


def test_passages_that_follow_each_other_are_quoted_as_one() -> None:
    """The last sentence of one passage and the first of the next have nothing between them."""
    corpus = corpus_of("One is here. Two is here.")
    passages = (corpus.passage("a.txt", Span(13, 25)), corpus.passage("a.txt", Span(0, 12), 2))
    answer = resolve("So [s1, s2].", answer_prompt("Why?", passages).sentences, corpus.by_id)
    assert [one.text for one in answer.citations] == ["One is here. Two is here."]


def test_a_sentence_of_two_passages_is_one_citation() -> None:
    """Whichever key names it."""
    corpus = corpus_of("One is here. Two is here.")
    passages = (corpus.passages()[0], corpus.passage("a.txt", Span(13, 25), 2))
    one, two = Span(0, 12), Span(13, 25)
    shown = ((passages[0], one), (passages[0], two), (passages[1], two))
    sentences = tuple(NumberedSentence(number, *pair) for number, pair in enumerate(shown, 1))
    answer = resolve("So [s2]. So [s3]. So [s2, s3].", sentences, corpus.by_id)
    assert [claim.citations for claim in answer.claims] == [(1,), (1,), (1,)]


def test_items_of_a_list_are_quoted_with_their_bullets_between() -> None:
    """Sentences that follow each other are one span, whatever markup stands between them."""
    corpus = corpus_of("One is here.\n\n- Two is here.")
    text = corpus.texts["a.txt"]
    passage = corpus.passages()[0]
    assert [span.of(text) for span in passage.chunk.sentences] == ["One is here.", "- Two is here."]
    answer = resolve("So [s1-s2].", answer_prompt("Why?", [passage]).sentences, corpus.by_id)
    assert [one.text for one in answer.citations] == [text]


@pytest.mark.parametrize(
    ("marker", "key", "reason"),
    [
        ("[s99]", "s99", "no such sentence: the model was shown 5"),
        ("[s0]", "s0", "no such sentence: the model was shown 5"),
        ("[s1-s99999]", "s1-s99999", "no such sentence: the model was shown 5"),
        ("[s3-s1]", "s3-s1", "the range runs backwards"),
    ],
)
def test_keys_that_name_nothing_are_rejected(marker: str, key: str, reason: str) -> None:
    """They are shown, with the reason, and never dropped; a claim with nothing else is rejected."""
    answer = cited(f"It is so {marker}. It was so {marker[:-1]}, s1].")
    first, second = answer.claims
    assert first.rejected == second.rejected == (RejectedCitation(key, reason),)
    assert (first.support, first.citations) == ("rejected", ())
    assert (second.support, second.citations) == ("supported", (1,))
    assert answer.text == f"It is so [{key}?]. It was so [1][{key}?]."


def test_a_range_of_too_many_points_at_nothing() -> None:
    """A range as wide as a document would support anything."""
    corpus = corpus_of(" ".join(f"Sentence {at} is here." for at in range(MOST_AT_ONCE + 1)))
    most, more = f"[s1-s{MOST_AT_ONCE}]", f"[s1-s{MOST_AT_ONCE + 1}]"
    assert [
        claim.support for claim in resolve(f"So {most}. So {more}.", keyed(corpus), corpus.by_id).claims
    ] == [
        "supported",
        "rejected",
    ]


def test_a_number_of_the_model_is_no_citation() -> None:
    """A model's own `[1]`, copied from a document perhaps, cannot be taken for ours."""
    answer = cited("It is so [1][s4], see array[2] and [1, 2], 【1】, [Source 1].")
    assert answer.text == "It is so [ 1 ][1], see array[ 2 ] and [ 1, 2 ], [ 1 ], [ Source 1 ]."
    assert [claim.citations for claim in answer.claims] == [(1,)]


@pytest.mark.parametrize(
    "written",
    [
        "A bridge replaced the ferry [s2]. The passages do not say who paid for it.",
        "I could not find out who paid for it. A bridge replaced the ferry [s2].",
        "Sorry, but the passages do not say who paid for it. They only say that a bridge came [s2].",
    ],
)
def test_a_sentence_that_says_what_is_not_there_is_no_claim(written: str) -> None:
    """Beside others it is what is missing; one that cites a denial of the documents is a claim."""
    answer = cited(written)
    assert (answer.status, answer.missing) == ("partial", "who paid for it")
    assert [claim.support for claim in answer.claims] == ["supported"]
    denied = cited("The notice does not say who paid for it [s5]. A bridge replaced the ferry [s2].")
    assert (denied.status, denied.missing, len(denied.claims)) == ("answered", None, 2)


def test_a_plain_refusal_may_have_a_nearest_fact() -> None:
    """On a line of its own below, as after the sentinel."""
    answer = cited("The passages do not say who paid for it.\nNEAREST: A bridge replaced the ferry [s2].")
    assert (answer.status, answer.missing, answer.claims) == ("abstained", "who paid for it", ())
    assert answer.nearest is not None
    assert len(answer.nearest.citations) == 1


def test_an_answer_that_cites_nothing_is_shown_as_uncited() -> None:
    """It is no abstention: the model did say something."""
    answer = cited("The bridge is long.")
    assert (answer.status, answer.citations) == ("answered", ())
    assert [claim.support for claim in answer.claims] == ["uncited"]


@pytest.mark.parametrize(
    ("written", "missing"),
    [
        ("NO ANSWER: the length of the bridge", "the length of the bridge"),
        ("**NO ANSWER:** the length of the bridge.", "the length of the bridge"),
        ("**NO ANSWER**: the length", "the length"),
        ('"NO ANSWER: the length"', "the length"),
        ("`NO ANSWER: the length`", "the length"),
        ("> no answer: the length", "the length"),
        ("No answer: the length", "the length"),
        ("NO_ANSWER: the length", "the length"),
        ("NO ANSWER：橋の長さ", "橋の長さ"),
        ("NO ANSWER — the length", "the length"),
        ('NO ANSWER: what "long" is', 'what "long" is'),
        ("NO ANSWER: the length [s3]", "the length"),
        ("\n\nNO ANSWER: the length\n\n", "the length"),
        ("```\nNO ANSWER: the length\n```", "the length"),
        ("NO ANSWER. The passages do not mention a lighthouse.", "a lighthouse"),
        ("Answer: NO ANSWER: the length", "the length"),
        ("**Answer:** NO ANSWER: the length", "the length"),
        ("## Answer\n\nNO ANSWER: the length", "the length"),
        ("Answer:\nNO ANSWER: the length", "the length"),
        ("NO ANSWER (the length)", "the length)"),
        ("KEINE ANTWORT: die Länge", "die Länge"),
        ("Keine Antwort.", None),
        ("PAS DE RÉPONSE: la longueur", "la longueur"),
        ("SIN RESPUESTA: la longitud", "la longitud"),
        ("NESSUNA RISPOSTA: la lunghezza", "la lunghezza"),
        ('{"answer": "NO ANSWER"}', None),
        ('```json\n{"answer": "NO ANSWER: the length"}\n```', "the length"),
        ('{"answer": null}', None),
        ("I'm sorry. NO ANSWER", None),
        ("Based on the passages, the length cannot be determined.", "the length"),
        ("I could not find the length in the documents.", "the length"),
        ("# Answer\nThe passages do not say how long it is.", "how long it is"),
        ("**NO ANSWER**", None),
        ("NO ANSWER", None),
        ("No answer.", None),
        ("MISSING: the length", "the length"),
        ("NO ANSWER: the length\nMISSING: the width", "the length; the width"),
        ("", None),
        ("...", None),
    ],
)
def test_abstentions(written: str, missing: str | None) -> None:
    """The sentinel in whatever dress, alone: nothing is claimed and nothing cited."""
    assert cited(written) == ResolvedText("abstained", "", (), (), missing)


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("NO ANSWER: the length\nNEAREST: It is closed [s4].", "It is closed [1]."),
        ("NO ANSWER: the length\n\n**NEAREST:** It is closed [s4].", "It is closed [1]."),
        ("NO ANSWER: the length\n- Nearest fact: It is closed [s4].", "It is closed [1]."),
        ("NO ANSWER: the length NEAREST: It is closed [s4].", "It is closed [1]."),
        ("NO ANSWER: the length. NEAREST: It is closed [s4][s1].", "It is closed [1][2]."),
        ("NO ANSWER. It is closed [s4].", "It is closed [1]."),
        ("NO ANSWER: the length\nNEAREST: It is closed.", None),
        ("NO ANSWER: the length\nNEAREST: It is closed [s77].", None),
        ("NO ANSWER: the length\nNEAREST:", None),
    ],
)
def test_the_nearest_fact(written: str, nearest: str | None) -> None:
    """One that cites a sentence, in whatever dress; it makes no answer."""
    answer = cited(written)
    assert (answer.status, answer.claims, answer.citations) == ("abstained", (), ())
    assert (answer.nearest.text if answer.nearest else None) == nearest
    for citation in answer.nearest.citations if answer.nearest else ():
        assert citation.span.of(CORPUS.texts[citation.source]) == citation.text


def test_a_nearest_fact_beside_an_answer_is_a_claim() -> None:
    """It is cited as any other, and there is no nearest fact of an answer."""
    answer = cited("It is closed [s4].\nMISSING: since when\nNEAREST: It is 240 m long [s3].")
    assert (answer.status, answer.missing, answer.nearest) == ("partial", "since when", None)
    assert answer.text == "It is closed [1].\nIt is 240 m long [2]."


@pytest.mark.parametrize(
    ("written", "text", "missing"),
    [
        ("It is closed [s4].\nMISSING: since when", "It is closed [1].", "since when"),
        ("It is closed [s4].\n\n**MISSING:** since when.", "It is closed [1].", "since when"),
        ("It is closed [s4].\nMissing: since when", "It is closed [1].", "since when"),
        ("It is closed [s4].\nMISSING:\n- since when\n- why", "It is closed [1].", "since when; why"),
        ("MISSING: since when [s1]\n\nIt is closed [s4].", "It is closed [1].", "since when"),
        ("NO ANSWER: since when\n\nIt is closed [s4].", "It is closed [1].", "since when"),
        ("It is closed.\n\nNO ANSWER: since when", "It is closed.", "since when"),
        ("It is closed [s4].\n\nNO ANSWER", "It is closed [1].", None),
    ],
)
def test_partial_answers(written: str, text: str, missing: str | None) -> None:
    """What the documents say, and what they do not."""
    answer = cited(written)
    assert (answer.status, answer.text, answer.missing) == ("partial", text, missing)


@pytest.mark.parametrize(
    "written",
    [
        "No answer was given [s4].",
        "No answer: the council kept silent [s4].",
        "Missing: two spans [s4].",
        "It is closed [s4].\nMISSING: nothing",
        "It is closed [s4].\nMISSING: none.",
        "Missing: two spans\nIt is closed [s4].",
        "There is no answer: it is closed [s4].",
        "The council said that there is no information on it [s4].",
        "The passages do not say why, but it is closed [s4].",
    ],
)
def test_what_only_sounds_like_a_sentinel(written: str) -> None:
    """Such an answer is whole, and says what it cites."""
    answer = cited(written)
    assert (answer.status, answer.missing) == ("answered", None)
    assert [one.text for one in answer.citations] == ["The bridge is closed."]


def test_a_source_that_is_not_as_indexed_cannot_be_quoted() -> None:
    """A difference between index and text is an error, never an answer."""
    with pytest.raises(IndexDamaged, match=r"a\.txt:0-26 is not what its source says"):
        resolve("So [s1].", keyed(), dict.fromkeys(CORPUS.by_id, "Something else stands here. " * 3))


@given(texts)
def test_every_citation_is_its_slice(written: str) -> None:
    """Whatever a model writes: quotes are slices, numbers run from 1 by first use, all are in the text."""
    answer = cited(written)
    for citation in answer.citations:
        assert citation.span.of(CORPUS.texts[citation.source]) == citation.text
    assert [one.number for one in answer.citations] == list(range(1, len(answer.citations) + 1))
    used = list(dict.fromkeys(number for claim in answer.claims for number in claim.citations))
    assert sorted(used) == [one.number for one in answer.citations]
    assert all(f"[{number}]" in answer.text for number in used)
    for claim in answer.claims:
        assert (claim.support == "supported") == bool(claim.citations)
        assert (claim.support == "rejected") == bool(claim.rejected and not claim.citations)
        assert all(f"[{one.key}?]" in answer.text for one in claim.rejected)
    if answer.status == "abstained":
        assert not answer.claims


def names_sentences(segment: Segment) -> bool:
    """True for a marker; a bare key is one only if there is such a sentence."""
    known = range(1, len(keyed()) + 1)
    return isinstance(segment, Marker) and (
        not segment.bare or all(key.first in known and key.last in known for key in segment.keys)
    )


LETTERS = re.compile(r"[^\W\d_]+")


@given(texts)
def test_no_word_of_the_model_is_lost(written: str) -> None:
    """Every word outside markers is in a claim, in order, unless it stands in a title or a table's head."""
    assume(not set("#*_|") & set(written))
    texts = [segment.raw for segment in parse(f"It is. {written}") if not names_sentences(segment)]
    claimed = [word for claim in cited(f"It is. {written}").claims for word in LETTERS.findall(claim.text)]
    assert "".join(claimed) == "".join(LETTERS.findall("".join(texts)))


@given(texts.map(lambda text: f"It is {text}"), st.lists(st.integers(0, 400), max_size=40))
def test_what_streams_is_the_text(written: str, cuts: list[int]) -> None:
    """Fed in any pieces, the pieces shown are the text of the whole answer."""
    live = StreamResolver(keyed(), CORPUS.by_id)
    places = sorted({0, len(written), *(cut for cut in cuts if cut < len(written))})
    shown = "".join(live.feed(written[start:end]) for start, end in pairwise(places)) + live.close()
    assert shown.strip() == cited(written).text


@pytest.mark.parametrize("size", [1, 3, 50])
@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("NO ANSWER: the length", ""),
        ("**No answer.**", ""),
        ("NO ANSWER: the length\nIt is closed [s4].", "It is closed [1]."),
        ("No answer was given [s4].", "No answer was given [1]."),
        ("No answer: silence [s4].", "No answer: silence [1]."),
        ("No", "No"),
        ("The passages do not say how long it is.", ""),
        ("The passages do not say why it is closed [s4].", "The passages do not say why it is closed [1]."),
        ("I do not know. It is closed [s4].", "I do not know. It is closed [1]."),
        ("NO ANSWER: the length\nNEAREST: It is closed [s4].", ""),
        ('{"answer": "It is closed [s4]."}', "It is closed [1]."),
        ('{"answer": "NO ANSWER"}', ""),
        ("It is closed [s4].\nMISSING: why", "It is closed [1].\nMISSING: why"),
    ],
)
def test_an_abstention_does_not_stream(written: str, shown: str, size: int) -> None:
    """The opening is held until it is clear whether it is the sentinel."""
    live = StreamResolver(keyed(), CORPUS.by_id)
    pieces = [live.feed(written[at : at + size]) for at in range(0, len(written), size)]
    assert "".join(pieces) + live.close() == shown


@pytest.mark.parametrize(
    ("written", "claims"),
    [
        ("It says: “The quay was unsafe. It was closed.” Repairs follow.", 2),
        ('The report says: "The quay was unsafe. It was closed."', 1),
        ("Es heißt: „Der Kai war unsicher. Er wurde gesperrt.“", 1),
        ("Le texte dit : « Le quai était dangereux. Il a été fermé. »", 1),
        ('The 5" pipe broke. It was closed. Repairs follow.', 3),
        ("“The quay was unsafe.” It was closed.", 2),
        ("The “quay” was unsafe. It was “closed”.", 2),
    ],
)
def test_a_quotation_of_several_sentences_is_one_claim(written: str, claims: int) -> None:
    """What cites it cites all of it; a mark that nothing closes joins nothing."""
    assert len(assertions(written)) == claims
