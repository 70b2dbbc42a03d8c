"""A claim is doubted for what its cited text lacks or denies, and for nothing else."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, strategies as st

from qa.checking.rules import doubts

TALKS = "On 18 April 2025 Marco Rubio told the European Union that Russia would not agree to a freeze."
_SAMPLES = """
    Rubio Moscow the a not never no agreed denied 1,577 28 18 April 2025 about over million % . , ; without
    unable possible impossible Tuesday first - ' “ ” ( ) n't 3.5 km twenty five but only
"""
WORDS = st.sampled_from(_SAMPLES.split())


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("Revenue was $1.577 billion.", "Revenue came to 1,577 million dollars."),
        ("It met on April 18.", "It met on 18 April 2025."),
        ("It met on 2025-04-18.", "It met on 18.4.2025."),
        ("They met on Friday.", "They met on 18 April 2025."),
        ("There are twenty-eight points.", "There are 28 points."),
        ("About 12 000 people came.", "12,000 people came."),
        ("The EU objected.", "The European Union objected."),
        ("The European Union objected.", "The EU objected."),
        ("Russians voted.", "Russia voted."),
        ("President Zelensky's plan failed.", "Zelenskyy had a plan, which failed."),
        ("Emmanuel Macron's visit to Orleans", "Macron, Emmanuel: visit to Orléans"),
        ("Russia refused to agree.", "Russia did not agree."),
        ("Russia did not agree.", "Russia refused to agree."),
        ("Russia never denied it.", "Russia never denied it, a source said."),
        ("It is not only good but cheap.", "It is good and cheap."),
        ("No fewer than 20 people came.", "20 people came."),
        ("Farmers may not sell land.", "Farmers are prohibited from selling land."),
        ("The bridge was not opened until 1990.", "The bridge was opened in 1990."),
        ("Bills pass after 4 weeks.", "They cannot pass bills until 4 weeks are over."),
        ("Nor, it says, were the funds returned.", "The funds were not returned, the report says."),
        ("Nor, it says, were any of the barriers inspected.", "None of the barriers was inspected."),
        ("It is not the case that the Vasa was old.", "The Vasa was by no means old."),
        ("It is a myth that the Vasa was old.", "It is wrong to say that the Vasa was old."),
        ("Nobody believes that the ship was old.", "Its deck was new."),
        ("It is an engine without pistons.", "The Wankel is a pistonless engine."),
        ("He did not marry.", "He remained a bachelor."),
        ("Die Regierung hat die Steuer nicht erhöht.", "Die Steuern wurden erhöht und der Minister ging."),
        ("Путин встретился с Байденом.", "Президент встретился с коллегой."),
        ("会议在莫斯科举行。", "会议在布达佩斯举行。"),
        ("The two met in Moscow.", "Rubio met Witkoff in Moscow."),
        ("Proverbs 26:11 says so.", "Proverbs , 26 : 11 says so ."),
    ],
)
def test_quiet(claim: str, cited: str) -> None:
    """Another format, a rounding, an acronym, a people or another way to say no is no reason for doubt."""
    assert doubts(claim, [cited]) == ()


@pytest.mark.parametrize(
    ("claim", "cited", "reason"),
    [
        (
            "It had 1,577 members.",
            "It had 1,557 members.",
            "the number 1,577 is not in the cited text (which has 1,557)",
        ),
        ("It is 5 miles long.", "It is 5 km long.", "the claim says 5 miles, the cited text 5 km"),
        ("It began in 1994.", "It began in 1995.", "the year 1994 is not in the cited text (which has 1995)"),
        (
            "They met on 18 May 2025.",
            "They met on April 18, 2025.",
            "the date 18 May 2025 is not in the cited text (which has April 18, 2025)",
        ),
        (
            "会议于2025年4月18日举行",
            "会议于2025年4月19日举行",
            "the date 2025年4月18日 is not in the cited text (which has 2025年4月19日)",
        ),
        ("They met on Monday.", "They met on 18 April 2025.", "the day Monday is not in the cited text"),
        (
            "Talks with Sergei Lavrov failed.",
            "Talks with Marco Rubio failed.",
            "the name Sergei Lavrov is not in the cited text",
        ),
        ("Lavrov was told.", "Rubio was told.", "the name Lavrov is not in the cited text"),
        (
            "Russia would agree to a freeze.",
            TALKS,
            "the cited text says “not agree to a freeze”, and the claim does not",
        ),
        (
            "Russia did not agree.",
            "Russia agreed to it.",
            "the claim says “not agree”, and the cited text does not",
        ),
        (
            "Water is not the typical working fluid of the engine.",
            "In the engine, normally water is the fluid of choice.",
            "the claim says “not the typical working fluid”, and the cited text does not",
        ),
        (
            "It is in no way the largest port.",
            "It is an important port of international trade.",
            "the claim says “no way the largest port”, and the cited text does not",
        ),
        (
            "Nor, it says, were the funds returned.",
            "The funds were returned, the report says.",
            "the claim says “nor , it says , were the funds”, and the cited text does not",
        ),
        (
            "It is not true that the Vasa sank in 1628.",
            "In 1628 the Vasa sank, but few were punished.",
            "the claim says “It is not true that”, and the cited text does not",
        ),
        (
            "He denied that he lied.",
            "He said that he lied.",
            "the claim says “denied that he lied”, and the cited text does not",
        ),
        (
            "It was impossible to leave.",
            "It was possible to leave.",
            "the claim says “impossible”, and the cited text does not",
        ),
        (
            "Some evidence was found.",
            "No evidence was found.",
            "the cited text says “no evidence was found”, and the claim does not",
        ),
    ],
)
def test_reasons(claim: str, cited: str, reason: str) -> None:
    """What is missing or contradicted is named, with what the cited text has instead."""
    assert reason in doubts(claim, [cited])


def test_background() -> None:
    """A name may come from the question or the title, a year and a date from the source's date."""
    claim = "Lavrov said in 2025 that talks ended on 3 June."
    cited = ["The minister said that talks had ended."]
    assert doubts(claim, cited, question="What did Lavrov say?", known="3 June 2025") == ()
    assert len(doubts(claim, cited)) == 3


def test_nothing_cited() -> None:
    """Without a cited text there is nothing to compare; that is said elsewhere."""
    assert doubts("Anything happened in 1999.", []) == ()


@given(st.text(), st.lists(st.text(), max_size=3), st.text())
def test_never_raises(claim: str, cited: list[str], beside: str) -> None:
    """Any text at all is checked."""
    assert isinstance(doubts(claim, cited, question=beside, known=beside), tuple)


@given(st.lists(WORDS, max_size=30), st.lists(WORDS, max_size=10))
def test_verbatim_is_not_suspect(words: list[str], more: list[str]) -> None:
    """A claim that is a cited text, whatever else is cited, is never doubted."""
    assert doubts(" ".join(words), [" ".join(more), " ".join(words)]) == ()


@given(
    st.lists(WORDS, max_size=20),
    st.permutations([TALKS, "It had 1,577 members.", "He never agreed.", "Paris"]),
)
def test_order_of_texts(words: list[str], cited: list[str]) -> None:
    """The order of the cited texts does not matter."""
    claim = " ".join(words)
    assert doubts(claim, cited) == doubts(claim, sorted(cited))


@pytest.mark.parametrize(
    "unit", ["a", "1,", "1 ", "not ", "A.", "5 May ", "Ab ", "one ", "'", "1-", "no. ", "May "]
)
def test_linear(unit: str) -> None:
    """10,000 characters of anything repetitive take no more than a few seconds on a slow machine."""
    text = unit * (10_000 // len(unit))
    began = time.process_time()
    doubts(text, [text + " x"])
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("The notice period is three months.", "Die Kündigungsfrist beträgt drei Monate."),
        ("The notice period is three months.", "Es gilt eine dreimonatige Kündigungsfrist."),
        ("The deposit is ninety-seven euros.", "La caution est de quatre-vingt-dix-sept euros."),
        ("There are thirty-five houses.", "Son treinta y cinco casas."),
        ("Die Frist beträgt drei Monate.", "The period is three months."),
        ("It has five rooms.", "Mieszkanie ma pięć pokoi."),
        ("Lavrov met Putin in Kyiv.", "Lawrow traf Putin in Kiew."),
        ("Gorbachev met Poutine.", "Gorbatschow traf Putin."),
        ("Germany's Federal Court decided it.", "Das Bundesgericht in Deutschland entschied es."),
        ("Die Miete und die Kaution zahlt der Mieter.", "The tenant pays the rent and the deposit."),
        ("On April 18 that ended.", "It ended on 18 April."),
    ],
)
def test_quiet_across_languages(claim: str, cited: str) -> None:
    """Number words, names and nouns of German, French and Spanish are read as what they are."""
    assert doubts(claim, [cited]) == ()


@pytest.mark.parametrize(
    ("claim", "cited", "reason"),
    [
        (
            "The notice period is four months.",
            "Die Kündigungsfrist beträgt drei Monate.",
            "the number four months is not in the cited text (which has drei Monate)",
        ),
        ("The tenant Smith pays.", "Der Mieter Müller zahlt.", "the name Smith is not in the cited text"),
    ],
)
def test_doubted_across_languages(claim: str, cited: str, reason: str) -> None:
    """What is wrong stays wrong in another language."""
    assert doubts(claim, [cited]) == (reason,)


def test_words_of_the_question_are_no_news() -> None:
    """It may be the question that says "the second summit", unless the cited text has another ordinal."""
    claim, question = "The second summit was held in Oslo.", "Where was the second summit held?"
    assert doubts(claim, ["It was held in Oslo."], question=question) == ()
    assert doubts(claim, ["It was held in Oslo."]) != ()
    assert doubts(claim, ["The third summit was held in Oslo."], question=question) != ()


def test_the_date_of_a_document_is_not_that_of_what_it_tells() -> None:
    """It is evidence only where the cited text has no other day."""
    known = "briefing.md. 2025-04-17"
    assert doubts("They met on 17 April.", ["They met today."], known=known) == ()
    assert doubts("They met on 17 April.", ["They met on 18 April."], known=known) == (
        "the date 17 April is not in the cited text (which has 18 April)",
    )
    said = "The briefing of 17 April says that they meet on 18 April."
    assert doubts(said, ["They meet on 18 April."], known=known) == ()


TRANSLATED = (
    ("Le loyer est de 1 500,50 €.", "The rent is 1,500.50 euros."),
    ("Le bail commence le 1er mars 2024.", "The lease begins on 1 March 2024."),
    ("Il contratto inizia il 1° marzo 2024.", "The contract begins on 1 March 2024."),
    ("Il termine è di trenta giorni.", "The term is 30 days."),
    ("L'associazione ha ventuno soci.", "The club has 21 members."),
    ("C'erano circa dodicimila visitatori.", "There were about 12,000 visitors."),
    ("De opzegtermijn bedraagt drie maanden.", "The notice period is three months."),
    ("De vereniging heeft eenentwintig leden.", "The club has 21 members."),
    ("Había unos doce mil visitantes.", "There were about 12,000 visitors."),
    ("La maison date du XIXe siècle.", "The house dates from the 19th century."),
    ("La casa es del siglo XIX.", "The house is from the 19th century."),
    ("Der Rat tagte am Donnerstag.", "The council met on Thursday."),
    ("Le premier lundi du mois, le conseil se réunit.", "The council meets on the first Monday."),
    ("Die Frist beträgt eine Woche.", "The deadline is one week."),
    ("Ein Drittel der Kosten trägt der Mieter.", "The tenant bears one third of the costs."),
    ("Der Betrieb öffnet um halb neun.", "The business opens at 8:30."),
    ("Le bureau ouvre à 8h30.", "The office opens at 8:30."),
    ("Das Büro öffnet um 14 Uhr.", "The office opens at 2 p.m."),
    ("L'accord a été signé le trois février.", "The agreement was signed on 3 February."),
    ("Der Vorstand wurde im Jänner 2023 gewählt.", "The board was elected in January 2023."),
    ("Umowa została zawarta 3 maja 2023 r.", "The contract was concluded on 3 May 2023."),
    ("Avtalet började gälla den 3 maj 2023.", "The agreement took effect on 3 May 2023."),
)


@pytest.mark.parametrize(("cited", "claim"), TRANSLATED)
def test_figures_of_a_text_in_another_language_are_found(cited: str, claim: str) -> None:
    """Whoever asks in English sees no warning below a right answer."""
    assert doubts(claim, [cited]) == ()


@pytest.mark.parametrize(
    ("cited", "claim"),
    [
        ("De opzegtermijn bedraagt drie maanden.", "The notice period is four months."),
        ("Il contratto inizia il 1° marzo 2024.", "The contract begins on 1 May 2024."),
        ("Der Rat tagte am Donnerstag.", "The council met on Friday."),
        ("Le bureau ouvre à 8h30.", "The office opens at 9:30."),
        ("La casa es del siglo XIX.", "The house is from the 18th century."),
    ],
)
def test_other_figures_of_a_text_in_another_language_are_doubted(cited: str, claim: str) -> None:
    """They were read, and are not the claim's."""
    assert doubts(claim, [cited])


@pytest.mark.parametrize(
    "claim",
    [
        "A briefing of 27 October 2025 says that the summit of 21 October was called off.",
        "The summit was called off, according to the 27 October 2025 briefing.",
        "In a report dated October 27, 2025 the summit was called off.",
    ],
)
def test_a_source_may_be_named_by_its_date(claim: str) -> None:
    """Its date is beside its text, and dates the source, not what it tells of."""
    cited = ["The summit planned for 24 October was called off on 21 October."]
    known = "Briefing. 2025-10-27"
    assert doubts(claim, cited, known=known) == ()
    assert doubts("The summit was called off on 27 October 2025.", cited, known=known)
    assert doubts(claim, cited)


def test_the_first_word_of_a_row_is_no_name() -> None:
    """Not so in a sentence."""
    row = "Net cash from operations | 693"
    assert doubts("Free cash flow was 693.", [row]) == ()
    assert doubts("Harrison rejected it.", ["Smith rejected it."]) == (
        "the name Harrison is not in the cited text",
    )
