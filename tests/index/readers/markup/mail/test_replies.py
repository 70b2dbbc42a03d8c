"""Replies: what was written, what introduces a quotation, what it quotes, the signature."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from index.readers.markup.mail.replies import joined_lines, mail_parts


def parts(text: str) -> list[tuple[str, int, str]]:
    return [(part.kind, part.depth, part.text) for part in mail_parts(text)]


def test_an_answer_between_quotations() -> None:
    """Each run of marked lines is a part, by its depth."""
    assert parts(
        "Yes.\n\nOn Tue, 7 May, Ann\n<a@x.example> wrote:\n\n> At ten?\n>> Or nine?\n\nNo.\n> Why?\n"
    ) == [
        ("own", 0, "Yes."),
        ("introduction", 0, "On Tue, 7 May, Ann\n<a@x.example> wrote:"),
        ("quoted", 1, "At ten?"),
        ("quoted", 2, "Or nine?"),
        ("own", 0, "No."),
        ("quoted", 1, "Why?"),
    ]


@pytest.mark.parametrize(
    "introduction",
    [
        "On Tue, 7 May 2024 at 10:00, Ann Lee <ann@x.example> wrote:",
        "Am 07.05.2024 um 10:00 schrieb Ann Lee:",
        "Le mar. 7 mai 2024 à 10:00, Ann Lee <ann@x.example> a écrit :",
        "El mar, 7 may 2024 a las 10:00, Ann Lee escribió:",
        "Il giorno mar 7 mag 2024 Ann Lee ha scritto:",
        "Em ter., 7 de mai. de 2024, Ann Lee escreveu:",
        "Op di 7 mei 2024 schreef Ann Lee:",
        "W dniu 7.05.2024 o 10:00 Ann Lee pisze:",
        "7 мая 2024 г., в 10:00, Ann Lee написал:",
        "2024年5月7日(火) 10:00 Ann Lee <ann@x.example>:",
        "Ann Lee wrote:",
    ],
)
def test_introductions_in_many_languages(introduction: str) -> None:
    """The line before marked lines that ends in a colon is none of the answer's, even with no blank line."""
    for gap in ("\n", "\n\n"):
        assert parts(f"Fine with me.\n{introduction}{gap}> At ten?") == [
            ("own", 0, "Fine with me."),
            ("introduction", 0, introduction),
            ("quoted", 1, "At ten?"),
        ]


@pytest.mark.parametrize(
    "heading",
    [
        "-----Original Message-----\nFrom: Ann <a@x.example>\nSent: Tuesday\nTo: Bo\nSubject: Price",
        "-----Ursprüngliche Nachricht-----\nVon: Ann\nGesendet: Dienstag\nAn: Bo\nBetreff: Preis",
        "---------- Forwarded message ---------\nFrom: Ann\nDate: Tue, 7 May\nSubject: Price\nTo: Bo",
        "________________________________\nFrom: Ann\nSent: Tuesday\nTo: Bo",
        "*From:* Ann\n*Sent:* Tuesday\n*To:* Bo",
        "Begin forwarded message:\n\nFrom: Ann\nDate: Tuesday",
        "De : Ann\nEnvoyé : mardi\nÀ : Bo\nObjet : Prix",
        "发件人: Ann\n发送时间: 2024\n收件人: Bo",
    ],
)
def test_a_repeated_message(heading: str) -> None:
    """Its heading is a line a part, and what follows is quoted."""
    first, *rest = parts(f"It is fine.\n\n{heading}\n\nThe price is 5.\n\nAnn")
    lines = [line for line in heading.split("\n") if line and not line.startswith("____")]
    assert first == ("own", 0, "It is fine.")
    assert rest[:-1] == [("header", 0, line) for line in lines]
    assert rest[-1] == ("quoted", 0, "The price is 5.\n\nAnn")


@pytest.mark.parametrize(
    "text",
    [
        "From: now on we start at nine.\nThank you.",
        "--- News ---\n\nThe boat is blue.",
        "Costs: 3\nTo: pay\nBy: May",
    ],
)
def test_what_is_no_repeated_message(text: str) -> None:
    """One line with a colon, or a rule with words, is text of the mail."""
    assert parts(text) == [("own", 0, text)]


def test_the_signature() -> None:
    """It stands after a line of two dashes; a line of more is none."""
    assert parts("Yes.\n-- \nBo Lee\nTel. 1") == [("own", 0, "Yes."), ("signature", 0, "Bo Lee\nTel. 1")]
    assert parts("Yes.\n---\nNo.") == [("own", 0, "Yes.\n---\nNo.")]


@pytest.mark.parametrize(
    ("text", "drop_space", "expected"),
    [
        ("a long \nline\nnext", False, "a long line\nnext"),
        ("日 \n本", True, "日本"),
        ("> a \n> b\nc", False, "> a b\nc"),
        ("> a \nb", False, "> a \nb"),
        ("text\n-- \nBo", False, "text\n-- \nBo"),
        (" From x", False, "From x"),
    ],
)
def test_flowed_lines(text: str, drop_space: bool, expected: str) -> None:
    """A space at the end of a line says that it goes on (RFC 3676)."""
    assert joined_lines(text, drop_space=drop_space) == expected


@given(st.text(st.sampled_from("ab:> -\nFrom@_")))
def test_no_letter_is_lost(text: str) -> None:
    """The letters of all parts are those of the text, in order."""
    together = "".join(part.text for part in mail_parts(text))
    assert [sign for sign in together if sign.isalpha()] == [sign for sign in text if sign.isalpha()]
