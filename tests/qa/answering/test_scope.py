"""Questions over many documents, told by their wording."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from qa.answering.scope import _FORMS, _SIGNS, Scope, scope_of


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("List all risks that the reports name", "list"),
        ("Please give me every date of a hearing.", "list"),
        ("What are all the names of the witnesses?", "list"),
        ("Could you make a list of the complaints?", "list"),
        ("Find all articles about the strike", "list"),
        ("Liste alle Risiken auf", "list"),
        ("Nenne mir alle Zeugen!", "list"),
        ("Donnez-moi toutes les dates", "list"),
        ("Énumère tous les risques", "list"),
        ("Enumera todos los riesgos", "list"),
        ("Which documents mention the audit?", "documents"),
        ("Which of the reports talk about flooding?", "documents"),
        ("In which files is the summit discussed?", "documents"),
        ("Where is the harbour mentioned?", "documents"),
        ("Welche Berichte erwähnen eine Verspätung?", "documents"),
        ("In welchen Dokumenten kommt der Gipfel vor?", "documents"),
        ("Quels documents mentionnent l’audit ?", "documents"),
        ("Dans quels rapports est-il question de retard ?", "documents"),
        ("¿Qué documentos mencionan la auditoría?", "documents"),
        ("¿En qué informes aparece la huelga?", "documents"),
        ("how many of the reports mention a delay", "count"),
        ("How many documents are there?", "count"),
        ("How often is the mayor mentioned?", "count"),
        ("Wie viele der Berichte erwähnen eine Verspätung?", "count"),
        ("Combien de ces rapports mentionnent un retard ?", "count"),
        ("¿Cuántos informes mencionan un retraso?", "count"),
        ("Summarise the documents", "summary"),
        ("Can you give me a brief overview of the project?", "summary"),
        ("Thanks. Now sum up what they say.", "summary"),
        ("What are these documents about?", "summary"),
        ("What are the main themes of the reports?", "summary"),
        ("Bitte fassen Sie den Bericht kurz zusammen.", "summary"),
        ("Kannst du mir einen Überblick über das Projekt geben?", "summary"),
        ("Worum geht es in den Dokumenten?", "summary"),
        ("Peux-tu résumer le rapport ?", "summary"),
        ("De quoi parlent les documents ?", "summary"),
        ("Haz un resumen del informe", "summary"),
        ("¿De qué tratan los documentos?", "summary"),
        ("Compare the 2018 and 2019 reports", "comparison"),
        ("What are the differences between the two contracts?", "comparison"),
        ("Where do the sources disagree?", "comparison"),
        ("Vergleiche die beiden Berichte", "comparison"),
        ("Quelles sont les différences entre les rapports ?", "comparison"),
        ("Compara los dos informes", "comparison"),
    ],
)
def test_a_question_over_many_documents_is_told_by_its_wording(question: str, expected: Scope) -> None:
    """In four languages, with and without politeness."""
    assert scope_of(question) == expected
    assert scope_of(question.upper()) == expected


@pytest.mark.parametrize(
    "question",
    [
        "How many seats does the hall have?",
        "How many reports did the committee publish in 2020?",
        "How many of the passengers survived?",
        "How many times did he win the race?",
        "How many letters are in the Greek alphabet?",
        "What documents do I need for a visa?",
        "Which papers did Einstein publish in 1905?",
        "Which sources of energy are cited as renewable?",
        "What texts did Luther translate?",
        "Who wrote the summary of the report?",
        "What does the executive summary say about growth?",
        "When did the talks resume?",
        "What is the difference between a crocodile and an alligator?",
        "How does the revenue compare to last year?",
        "Did all the players agree?",
        "Why did every bank fail?",
        "Who is on the list of victims?",
        "Name the bridge that reopened.",
        "List the three aims of the project.",
        "Where was the treaty signed?",
        "Wie viele Plätze hat die Halle?",
        "Welche Unterlagen brauche ich für den Antrag?",
        "Wann wurden die Gespräche wieder aufgenommen?",
        "Was ist der Unterschied zwischen Äpfeln und Birnen?",
        "Combien de places la salle a-t-elle ?",
        "Quels documents faut-il pour un visa ?",
        "Quand les pourparlers ont-ils repris ?",
        "¿Cuántos asientos tiene la sala?",
        "¿Qué documentos necesito para el visado?",
        "¿Cuándo se reanudaron las conversaciones?",
        "",
    ],
)
def test_a_question_for_one_fact_is_none(question: str) -> None:
    """Though it has a word of such a question: "how many", "all", "documents", "summary"."""
    assert scope_of(question) is None


@given(st.sampled_from([form for forms in _FORMS.values() for form in forms]).flatmap(st.from_regex))
def test_every_form_has_a_sign(question: str) -> None:
    """So that a question without any has none of the forms, which then need not be looked for."""
    assert _SIGNS.search(question)
