"""Refusals in plain words: told from answers, in many languages, with what is missing where words tell."""

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
    "The provided passages do not include details on the cost of the lighthouse.",
    "I'm afraid the documents don't cover this topic.",
    "This question cannot be answered with the information given.",
    "The passages give no figure for the cost.",
    "Regrettably, none of the sources addresses the cost of the lighthouse.",
    "According to the provided context, there is no mention of the lighthouse.",
    "The answer cannot be found in the documents.",
    "The documents you shared don't discuss the lighthouse at all.",
    "I don't have information about who paid for the lighthouse.",
    "I do not see anything about a lighthouse in the passages.",
    "My documents contain nothing on this.",
    "No passage says who paid for the lighthouse.",
    "No sentence in the passages answers the question.",
    "Not mentioned in the passages.",
    "Not stated.",
    "There isn't any information about that in the passages.",
    "There isn't enough information to say.",
    "It's not mentioned who paid for the lighthouse.",
    "It is not stated in the passages who paid.",
    "The passages do not contain the answer. They describe the harbour festival and the repairs to the quay.",
    "Sorry, but the passages don't contain that information. Let me know if you have other questions!",
    "The text doesn't say.",
    "It doesn't say.",
    "The source documents fail to mention the cost.",
    "Based on the information provided, it is impossible to say who paid.",
    "Based on the documents, I cannot determine who paid for the lighthouse.",
    "Who paid for the lighthouse is not mentioned in any of the passages.",
    "The cost of the lighthouse isn't given.",
    "Nobody in the passages says who paid for it.",
    "The lighthouse is not mentioned in the documents.",
    "Nothing about a lighthouse is mentioned in the passages.",
    "I found no information on this in the documents.",
    "We have no information regarding the lighthouse.",
    "As an AI, I cannot answer this.",
    "I cannot answer that based on the passages provided.",
    "I can't find that in the documents.",
    "The requested information is missing from the passages.",
    "Information on the lighthouse is absent from the documents.",
    "The passages don't talk about a lighthouse.",
    "The context is insufficient to answer the question.",
    "The information provided is not sufficient to answer this question.",
    "The passages are about a festival, not a lighthouse.",
    "Es gibt in den Passagen keine Information darüber.",
    "Die Frage lässt sich anhand der Passagen nicht beantworten.",
    "Dazu steht nichts in den Dokumenten.",
    "Darüber sagen die Texte nichts.",
    "In den Texten wird kein Leuchtturm erwähnt.",
    "Das weiß ich nicht.",
    "Die Antwort ist in den Passagen nicht enthalten.",
    "Keine Angabe.",
    "Les documents fournis ne contiennent pas cette information.",
    "Je n'ai pas trouvé d'information à ce sujet dans les passages.",
    "Cette information n'est pas disponible.",
    "Los documentos no mencionan quién pagó.",
    "No lo sé.",
    "No se menciona en los pasajes.",
    "No puedo responder a esta pregunta con los documentos proporcionados.",
    "Non lo so.",
    "Non ci sono informazioni sul faro nei documenti.",
    "I documenti forniti non menzionano il faro.",
    "Lo siento, pero los pasajes no contienen esa información.",
    "Désolé, mais les passages ne mentionnent pas le phare.",
    "Na podstawie fragmentów nie można odpowiedzieć na to pytanie.",
    "提供的段落中没有提到灯塔。",
    "В документах нет информации о маяке.",
)
ANSWERS = (
    "The mayor has not said who paid for it.",
    "The bill is not known to have passed.",
    "The report does not give the cost of 5 million.",
    "Yes. The passages say so.",
    "Unfortunately, the festival was cancelled.",
    "I am the mayor.",
    "The price is 5 crowns.",
    "No.",
    "Yes.",
    "The festival has no date yet.",
    "It was not the quay.",
    "The company could not answer the claim.",
    "The documents were never found.",
    "The council provided no documents to the court.",
    "The file was not available on the server.",
    "He did not include the annex in the report.",
    "The sources of the river are not known.",
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
