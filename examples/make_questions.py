"""Make `questions.jsonl` out of the questions below: `python examples/make_questions.py`.

A question names its evidence by words that occur once in a document; this script reads the documents as `qa index`
does and writes the exact spans down. It stops if a quotation is missing or stands in a document twice.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from index.readers.formats import read

HERE = Path(__file__).parent


class Q(NamedTuple):
    """A question, its reference answers, and (document, quotation) pairs that answer it; none if nothing does."""

    question: str
    answers: tuple[str, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()


CALL = "2025-10-16-call-and-announcement.txt"
PREPARES = "2025-10-17-budapest-prepares.md"
ZELENSKY = "2025-10-18-zelensky-at-the-white-house.html"
RUBIO = "2025-10-20-rubio-lavrov-call.txt"
NO_PLANS = "2025-10-21-no-plans-for-a-summit.txt"
COURIER = "2025-10-21-morning-courier-summit-on-hold.txt"
KREMLIN = "2025-10-21-kremlin-nothing-to-postpone.md"
SANCTIONS = "2025-10-22-sanctions-on-rosneft-and-lukoil.html"
PUTIN = "2025-10-23-putin-on-the-sanctions.txt"
EU = "2025-10-23-eu-nineteenth-package.md"
REACTIONS = "2025-10-24-reactions-in-budapest.docx"
LETTER = "2025-10-25-letter-from-an-editor.eml"
BRIEFING = "2025-10-27-briefing-why-it-failed.pdf"
MEMO = "2025-10-31-the-memorandum.txt"
PLAN = "2025-11-24-the-plan-shrinks.txt"
ALASKA = "background-alaska-summit.md"
TIMELINE = "background-timeline.csv"
PEOPLE = "who-is-who.json"

QUESTIONS = (
    Q(
        "Why was the Budapest summit cancelled?",
        (
            "Russia would not freeze the front line and repeated its hardest demands, so Trump saw no prospect of a result",
            "Moscow refused a ceasefire along the front line; the preparatory meeting never took place; Trump feared a wasted meeting",
        ),
        (
            (
                BRIEFING,
                "Moscow refused to freeze the front line and insisted that Ukraine first withdraw from the rest of the Donetsk region.",
            ),
            (
                SANCTIONS,
                "It did not feel right to him, he said: he did not think that the talks would have got to where they had to get.",
            ),
            (
                MEMO,
                "The United States called off the Budapest summit after the Russian Foreign Ministry had sent Washington a memorandum that repeated Moscow's hardest demands, a London newspaper reported on Friday, naming people familiar with the matter.",
            ),
            (NO_PLANS, "Behind the delay stands a disagreement about the ceasefire."),
        ),
        ("why", "multi-source"),
    ),
    Q(
        "When did Trump and Putin agree to meet in Budapest?",
        ("16 October 2025", "on Thursday, 16 October 2025"),
        (
            (CALL, "WASHINGTON, 16 October 2025"),
            (
                CALL,
                "The presidents of the United States and Russia agreed on Thursday to hold a second summit this year, this time in the Hungarian capital, Budapest.",
            ),
            (BRIEFING, "The summit in Budapest was announced on 16 October and cancelled on 22 October."),
            (TIMELINE, "2025-10-16,Trump and Putin agree by telephone to meet again,Washington and Moscow"),
        ),
        ("when", "multi-source"),
    ),
    Q(
        "How long did the call between Trump and Putin last?",
        ("almost two and a half hours",),
        (
            (
                CALL,
                "The announcement followed a telephone call that the Kremlin said had lasted almost two and a half hours.",
            ),
        ),
        ("how-many",),
    ),
    Q(
        "Who suggested Budapest as the place of the summit?",
        ("Donald Trump",),
        (
            (
                CALL,
                "The Kremlin's foreign policy adviser, Yuri Ushakov, said that Budapest had been suggested by Mr Trump and accepted at once by Vladimir Putin.",
            ),
        ),
        ("who",),
    ),
    Q(
        "What did Putin warn about Tomahawk missiles on the telephone?",
        (
            "that they would not change the battlefield but would harm relations between Moscow and Washington",
        ),
        (
            (
                CALL,
                "According to Mr Ushakov, Mr Putin warned on the telephone that handing over such missiles would not change the situation on the battlefield but would do great harm to relations between Moscow and Washington.",
            ),
        ),
        ("what",),
    ),
    Q(
        "When did the International Criminal Court issue a warrant for Putin's arrest?",
        ("March 2023",),
        (
            (
                PREPARES,
                "The International Criminal Court issued a warrant for Mr Putin's arrest in March 2023.",
            ),
        ),
        ("when",),
    ),
    Q(
        "From what date is Hungary no longer a member of the International Criminal Court?",
        ("2 June 2026",),
        (
            (
                PREPARES,
                "Hungary announced in April 2025 that it would leave the court, but the withdrawal only takes effect on 2 June 2026, so in October 2025 it was still formally bound to arrest him.",
            ),
        ),
        ("when",),
    ),
    Q(
        "Over which countries could Putin's plane have flown to Budapest?",
        ("Turkey and Bulgaria, or Serbia",),
        ((PREPARES, "Possible routes lead over Turkey and Bulgaria or over Serbia."),),
        ("where",),
    ),
    Q(
        "Why did Orbán think that Budapest was the right place?",
        ("it had spoken for talks since the first day of the war and was trusted by both sides",),
        (
            (
                PREPARES,
                "He argued that Budapest had spoken for talks with Moscow since the first day of the war and was trusted by both sides.",
            ),
        ),
        ("why",),
    ),
    Q(
        "What did Zelensky offer in return for Tomahawk missiles?",
        ("thousands of Ukrainian drones",),
        (
            (
                ZELENSKY,
                "The Ukrainian president offered a trade: thousands of Ukrainian drones in return for the missiles.",
            ),
        ),
        ("what",),
    ),
    Q(
        "Why did Trump refuse to give Ukraine Tomahawks?",
        ("the United States needed its stock for itself and he hoped to end the war without them",),
        (
            (
                ZELENSKY,
                "Donald Trump told him that the United States needed its stock of Tomahawks for itself and that he hoped to end the war without them.",
            ),
        ),
        ("why",),
    ),
    Q(
        "Was Zelensky willing to come to Budapest?",
        ("Yes, if he were invited",),
        (
            (
                ZELENSKY,
                "Mr Zelensky said that he would be ready to come to Budapest if he were invited, whether for a meeting of three or for talks in separate rooms.",
            ),
        ),
        ("yes-no",),
    ),
    Q(
        "What did Lavrov demand in his call with Rubio?",
        ("the whole of the Donetsk and Luhansk regions before a ceasefire",),
        (
            (
                RUBIO,
                "Mr Lavrov, he said, had repeated that Russia would not accept a ceasefire along the present front line and wanted the whole of the Donetsk and Luhansk regions first.",
            ),
        ),
        ("what",),
    ),
    Q(
        "What conclusion did Rubio draw from the call with Lavrov?",
        (
            "that Moscow's position had not moved since Alaska",
            "that Moscow showed no willingness to negotiate",
        ),
        (
            (
                RUBIO,
                "Two people briefed on the American side said that Mr Rubio came away convinced that Moscow's position had not moved since Alaska.",
            ),
            (
                MEMO,
                "After it, the report said, Mr Rubio told the president that Moscow showed no willingness to negotiate.",
            ),
        ),
        ("what", "multi-source"),
    ),
    Q(
        "Why did the White House say that a meeting of Rubio and Lavrov in person was not needed?",
        ("their telephone call had been productive",),
        (
            (
                NO_PLANS,
                "The official said that Secretary Rubio and Minister Lavrov had had a productive call and that a further meeting of the two in person was therefore not necessary.",
            ),
            (
                COURIER,
                "The official said that Secretary Rubio and Minister Lavrov had had a productive call and that a further meeting of the two in person was therefore not necessary.",
            ),
        ),
        ("why", "copies"),
    ),
    Q(
        "What are the three points on which Russia would not give way?",
        (
            "Ukraine gives up the rest of Donetsk and Luhansk; no NATO membership; ceasefire only after the root causes are settled",
        ),
        (
            (
                KREMLIN,
                "Ukraine must give up the parts of the Donetsk and Luhansk regions that it still holds.",
            ),
            (KREMLIN, "Ukraine must not become a member of NATO."),
            (KREMLIN, "A ceasefire can come only after the root causes of the conflict have been settled."),
        ),
        ("list",),
    ),
    Q(
        "Why did the Kremlin say that the summit had not been postponed?",
        ("no date had ever been agreed",),
        ((KREMLIN, "No date had ever been agreed, he said, so there was nothing to postpone."),),
        ("why",),
    ),
    Q(
        "Which oil companies did the United States sanction?",
        ("Rosneft and Lukoil",),
        (
            (
                SANCTIONS,
                "The United States put Russia’s two largest oil companies, Rosneft and Lukoil, on its sanctions list on Wednesday.",
            ),
            (TIMELINE, "2025-10-22,The United States sanctions Rosneft and Lukoil,Washington"),
        ),
        ("which", "multi-source"),
    ),
    Q(
        "When did the United Kingdom sanction Lukoil?",
        ("15 October 2025",),
        (
            (SANCTIONS, "Lukoil | private shareholders | 15 October 2025 | 22 October 2025"),
            (TIMELINE, "2025-10-15,The United Kingdom sanctions Rosneft and Lukoil,London"),
        ),
        ("when", "table"),
    ),
    Q(
        "By how much did the price of Brent crude rise?",
        ("about five per cent", "to 65 dollars a barrel"),
        (
            (
                SANCTIONS,
                "The price of Brent crude rose by about five per cent on Thursday to 65 dollars a barrel.",
            ),
        ),
        ("how-many",),
    ),
    Q(
        "Did Putin say that the summit was cancelled?",
        ("No, he said that it was being put off rather than cancelled",),
        (
            (
                PUTIN,
                "The meeting had been proposed by the American side, he said, and it was now being put off rather than cancelled; it would have been a mistake to go into it without the necessary preparation.",
            ),
            (LETTER, "Mr Putin says that it was only put off."),
        ),
        ("yes-no", "conflict"),
    ),
    Q(
        "When does the European ban on Russian liquefied natural gas apply to long-term contracts?",
        ("1 January 2027",),
        (
            (
                EU,
                "It applies to long-term contracts from 1 January 2027 and to short-term contracts after six months.",
            ),
        ),
        ("when",),
    ),
    Q(
        "How many ships of the shadow fleet are on the European list?",
        ("557",),
        (
            (
                EU,
                "Another 117 tankers of the so-called shadow fleet may no longer enter ports of the Union, which brings the list to 557 ships.",
            ),
        ),
        ("how-many",),
    ),
    Q(
        "Which country wanted the risk of the loan to Ukraine to be shared?",
        ("Belgium",),
        ((EU, "Belgium, where most of the assets lie, asked that the other states share the risk."),),
        ("which",),
    ),
    Q(
        "Who leads the Tisza party?",
        ("Péter Magyar",),
        (
            (
                REACTIONS,
                "Péter Magyar, who leads the Tisza party, said that Hungary should be glad of every step towards peace, but that the prime minister had announced a success before there was one.",
            ),
        ),
        ("who",),
    ),
    Q(
        "What did the Budapest Memorandum of 1994 give Ukraine?",
        ("assurances of its borders in return for its nuclear weapons",),
        (
            (
                REACTIONS,
                "The mayor of Budapest, Gergely Karácsony, reminded his guests of the Budapest Memorandum of 1994, in which Russia, the United Kingdom and the United States gave Ukraine assurances of its borders in return for its nuclear weapons.",
            ),
        ),
        ("what",),
    ),
    Q(
        "What did Sikorski say about the flight of the Russian president?",
        ("he could not guarantee that a Polish court would not order the plane to be stopped",),
        (
            (
                LETTER,
                "Poland made the flight harder: Foreign Minister Radosław Sikorski said on Tuesday that he could not guarantee that a Polish court would not order the plane of the Russian president to be stopped.",
            ),
        ),
        ("what",),
    ),
    Q(
        "Was the arrest warrant the reason for the cancellation?",
        ("No",),
        (
            (
                BRIEFING,
                "The arrest warrant of the International Criminal Court was not the reason: Hungary had promised safe passage, and no participant named the warrant as an obstacle.",
            ),
        ),
        ("yes-no", "page"),
    ),
    Q(
        "What did the Russian memorandum ask for?",
        (
            "territorial concessions, a much smaller Ukrainian army and a guarantee that Ukraine would never join NATO",
        ),
        (
            (
                MEMO,
                "According to the report the paper asked for territorial concessions, a much smaller Ukrainian army and a guarantee that the country would never join NATO.",
            ),
        ),
        ("what",),
    ),
    Q(
        "How many points were left of the American peace plan after Geneva?",
        ("19",),
        (
            (
                PLAN,
                "Of the 28 points with which it started, 19 were left after a day of talks between American and Ukrainian delegations in Geneva on Sunday, the Ukrainian side said.",
            ),
        ),
        ("how-many",),
    ),
    Q(
        "To how many men would the first draft have limited the Ukrainian army?",
        ("600,000",),
        (
            (
                PLAN,
                "It would have limited the Ukrainian army to 600,000 men and left the whole Donbas to Russia.",
            ),
        ),
        ("how-many",),
    ),
    Q(
        "Where in Alaska did Trump and Putin meet?",
        ("Joint Base Elmendorf-Richardson near Anchorage",),
        (
            (
                ALASKA,
                "Donald Trump and Vladimir Putin met on 15 August 2025 at Joint Base Elmendorf-Richardson near Anchorage, Alaska.",
            ),
        ),
        ("where",),
    ),
    Q(
        "Who sat beside Trump in Alaska?",
        ("Marco Rubio and Steve Witkoff",),
        (
            (
                ALASKA,
                "Three men sat on each side: Mr Trump with Marco Rubio and the special envoy Steve Witkoff, Mr Putin with Sergei Lavrov and Yuri Ushakov.",
            ),
        ),
        ("who",),
    ),
    Q(
        "What did Yuri Ushakov do before he became an adviser in the Kremlin?",
        ("ambassador in Washington from 1998 to 2008",),
        ((PEOPLE, "Foreign policy adviser in the Kremlin, ambassador in Washington from 1998 to 2008"),),
        ("what",),
    ),
    Q(
        "What did the preparations for the Budapest summit cost?",
        ("it is not known",),
        (
            (
                LETTER,
                "We do not know what the preparations have cost, nor which hotel or palace was to be the venue.",
            ),
        ),
        ("what", "not-known"),
    ),
    Q("In which hotel was the Budapest summit to be held?", tags=("near",)),
    Q("How long did the Budapest summit last?", tags=("near",)),
    Q("Which Bulgarian minister offered Bulgaria's airspace?", tags=("near",)),
    Q("How many Tomahawk missiles did the United States deliver to Ukraine?", tags=("near",)),
    Q("When did the Indian government sanction Rosneft?", tags=("near",)),
    Q("Who interpreted for Putin in Alaska?", tags=("near",)),
    Q("What did the Chinese foreign minister say about the cancelled summit?", tags=("near",)),
    Q("How many points does the final version of the peace plan have?", tags=("near",)),
    Q("What is the boiling point of ethanol?", tags=("far",)),
)


def record(number: int, question: Q) -> dict[str, object]:
    """One line of the question set, in the format of the README."""
    return {
        "id": f"budapest-{number:02d}",
        "question": question.question,
        "answers": list(question.answers),
        "answerable": bool(question.evidence),
        "evidence": [locate(*pair) for pair in question.evidence],
        "tags": [*question.tags, *(() if question.evidence else ("unanswerable",))],
    }


def locate(document: str, quotation: str) -> dict[str, object]:
    """The span of the one place where `quotation` stands in `document`; SystemExit if it is not exactly one."""
    text = read((HERE / "documents" / document).read_bytes(), document).text
    if text.count(quotation) != 1:
        raise SystemExit(f"{document}: found {text.count(quotation)} times: {quotation}")
    start = text.index(quotation)
    return {"source": document, "start": start, "end": start + len(quotation), "text": quotation}


if __name__ == "__main__":
    lines = [json.dumps(record(n, q), ensure_ascii=False) for n, q in enumerate(QUESTIONS, start=1)]
    (HERE / "questions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
