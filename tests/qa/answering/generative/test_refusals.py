"""Refusals in plain words: told from answers, in seven languages, with what is missing where words tell."""

from __future__ import annotations

import pytest

from qa.answering.generative.refusals import Refusal, may_refuse_in_words, refused

REFUSALS = (
    "The passages do not say who paid for the lighthouse.",
    "I don't know based on the provided documents.",
    "The passages do not contain information about the lighthouse.",
    "I could not find any information about who paid for the lighthouse in the passages.",
    "There is no information about the lighthouse in the provided documents.",
    "Based on the passages, the length of the bridge cannot be determined.",
    "I'm sorry, but I cannot answer this question based on the provided passages.",
    "Unfortunately, the provided context does not mention the price. If you can share more, I can help.",
    "The documents do not answer this question.",
    "The length of the bridge is not stated in the passages.",
    "The length of the bridge is not mentioned.",
    "None of the passages mention a lighthouse.",
    "Nothing in the passages says who paid.",
    "No information about the lighthouse is provided.",
    "The passages only discuss the festival and do not say who paid.",
    "While the passages mention the quay, they do not say who paid for the lighthouse.",
    "The passages do not mention a lighthouse. They only discuss the harbour festival.",
    "It is not possible to determine who paid from the passages.",
    "Not specified.",
    "Unknown.",
    "I don't know.",
    "The answer is not in the passages.",
    "The answer to this question isn't contained in the documents you provided.",
    "The provided text is silent on who paid.",
    "The passages lack any information about the lighthouse.",
    "There's no mention of a lighthouse in the text.",
    "There is insufficient information to answer this question.",
    "I was unable to find an answer.",
    "I'm unable to determine who paid.",
    "I'm not able to answer that.",
    "The question cannot be answered from the given passages.",
    "We cannot tell from the passages who paid.",
    "Die Passagen sagen nicht, wer den Leuchtturm bezahlt hat.",
    "Dazu enthalten die Dokumente keine Informationen.",
    "Das geht aus den Quellen nicht hervor.",
    "In den bereitgestellten Dokumenten gibt es keine Angaben zum Leuchtturm.",
    "Es tut mir leid, aber die Textstellen beantworten die Frage nicht.",
    "Ich weiß es nicht.",
    "Leider kann ich diese Frage anhand der Texte nicht beantworten.",
    "Les passages ne disent pas qui a payé le phare.",
    "Je ne sais pas.",
    "Aucune information sur le phare n'est fournie dans les documents.",
    "Los pasajes no dicen quién pagó el faro.",
    "No hay información sobre el faro en los documentos.",
    "I passaggi non dicono chi ha pagato il faro.",
    "I documenti non contengono informazioni sul faro.",
    "De passages zeggen niet wie de vuurtoren betaalde.",
    "Os documentos não mencionam o farol.",
    "The passages provided do not specify the exact length; they only mention that it reopened.",
    "I apologize, but the passages do not mention this. Please consult another source.",
    "The context provided doesn't include details regarding the lighthouse's funding.",
    "As the passages do not mention a lighthouse, I cannot answer the question.",
    "Neither passage names the person who paid.",
    "The information is not available in the documents.",
    "There is nothing in the sources about a lighthouse.",
    "Who paid for the lighthouse remains unknown.",
    "I do not have enough information to answer this question.",
    "The given passages don't provide an answer to the question.",
    "This information is not provided.",
    "The sources do not disclose the lighthouse's cost.",
    "No answer can be found in the passages.",
    "Sorry, I can't help with that.",
    "The passages never mention who paid for it.",
    "The texts make no mention of the lighthouse.",
    "It cannot be determined from the text.",
    "It is unclear from the passages who paid for the lighthouse.",
    "The passages say nothing about who paid.",
    "The documents say nothing about a lighthouse.",
    "I have no information about that.",
    "I see no mention of the lighthouse in the passages.",
    "Not enough information.",
    "The passages do not tell us when the lighthouse was built.",
    "The excerpts give no indication of the lighthouse's owner.",
)
ANSWERS = (
    "The bridge is long.",
    "The council did not say why the festival was called off.",
    "The festival was not given a permit.",
    "The quay was not safe.",
    "No one was hurt.",
    "Nobody was punished.",
    "The mayor said that there is no plan for a lighthouse.",
    "The bridge is closed, but the passages do not say since when.",
    "The passages do not say who paid, but the repairs cost 82,000 crowns.",
    "The council does not have the money.",
    "He did not tell the police.",
    "No ferry runs since 1962.",
    "The mayor could not find a tenant.",
    "Nothing was stolen.",
    "The festival was called off because the quay was unsafe.",
    "Es gab kein Fest.",
    "Le maire n'a pas répondu.",
    "El alcalde no dijo nada.",
    "Il sindaco non ha detto nulla.",
    "The contract has no termination clause.",
    "Nein, der Rat hat nicht zugestimmt.",
    "No, the council refused.",
    "The cause is a broken quay.",
    "They do not like it.",
    "He knows nothing about it.",
    "The passport is not valid.",
    "The bridge was not found by the divers.",
    "Der Bürgermeister hat die Frage nicht beantwortet.",
)


@pytest.mark.parametrize("said", REFUSALS)
def test_what_only_says_that_the_passages_do_not_say(said: str) -> None:
    """In whatever words, with an apology or a heading before, emphasis, or an offer behind it."""
    assert refused(said)
    assert refused(f"I'm sorry.\n\n{said}")
    assert refused(f"**Answer:**\n\n{said} Please ask about something else.")
    assert refused(f"{said} The bridge is closed.") is None


@pytest.mark.parametrize("said", ANSWERS)
def test_what_says_something(said: str) -> None:
    """Also that something did not happen, or is not so."""
    assert refused(said) is None


@pytest.mark.parametrize("said", REFUSALS)
def test_a_refusal_may_be_one_from_its_first_letter(said: str) -> None:
    """Else a stream would show the beginning of it. None of them is long before it denies."""
    assert all(may_refuse_in_words(said[:end], longest=120) for end in range(len(said) + 1))


def test_an_answer_is_not_held_back_for_long() -> None:
    """A finished sentence that says something is none, nor a long one that denies nothing."""
    assert not may_refuse_in_words("The bridge is closed. It", longest=120)
    assert may_refuse_in_words("The bridge", longest=120)
    assert not may_refuse_in_words("The bridge " * 12, longest=120)
    assert may_refuse_in_words("The passages do not mention it. The bridge", longest=120)


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("The passages do not say who paid for it.", "who paid for it"),
        ("There is no information about the cost of it in the provided documents.", "the cost of it"),
        ("I could not find any details on the lighthouse in the passages you provided.", "the lighthouse"),
        ("Based on the passages, its length cannot be determined.", "its length"),
        ("The length of the bridge is not mentioned.", "The length of the bridge"),
        ("I'm sorry, but I cannot answer this question.", None),
        ("Die Passagen sagen nicht, wer bezahlt hat.", None),
    ],
)
def test_what_is_missing(said: str, missing: str | None) -> None:
    """As the refusal puts it; None where that is nothing, or in another language."""
    assert refused(said) == Refusal(missing)


def test_a_long_refusal_is_read_in_linear_time() -> None:
    """A model that repeats itself is no trap."""
    assert refused("The passages do not say. " * 2_000)
    assert refused("not " * 5_000) is None
    assert refused("The passages " * 2_000 + "say.") is None
