"""The report as a file: all there, nothing from elsewhere, nothing that a document could make run."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest

from index.types import Span
from qa.evaluation.metrics.per_question import METRICS
from qa.evaluation.report.html.build import report_page
from qa.evaluation.report.html.data import packed
from qa.evaluation.report.html.metric_words import GROUPS, HEADLINES, points
from qa.evaluation.report.html.summary import tag_rows
from qa.evaluation.report.html.view import RunView
from qa.evaluation.types import ClaimVerdict, GoldPlace, Record, Verdict
from qa.output.text import clean
from tests.support import report_runs as reporting

HOSTILE = "</script><img src=x onerror=window.__hacked=1>{{7*7}}\u202e"
PALETTES = re.findall(
    r":root \{(.*?)\}",
    files("qa.evaluation.report.html").joinpath("page/report.css").read_text(encoding="utf-8"),
    re.DOTALL,
)
SHAPES = {"--ink", "--soft", "--link", "--bad", "--a", "--b"}  # colours that text is written in


class Elements(HTMLParser):
    """The elements of a page, as a browser would find them, and the text of each kind."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.elements:
            self.texts.setdefault(self.elements[-1][0], []).append(data)


@pytest.fixture(scope="module")
def run() -> RunView:
    """A run of eight questions, one of them abstained from, one failed, one doubtful."""
    return reporting.view("quoted", reporting.ordinary())


@pytest.fixture(scope="module")
def page(run: RunView) -> str:
    """The report of that run."""
    return report_page([run])


def data_of(page: str) -> Any:
    """The questions as the page's script unpacks them."""
    match = re.search(r'id="data">([A-Za-z0-9+/=]+)</script>', page)
    assert match
    return json.loads(zlib.decompress(base64.b64decode(match[1])))


def hostile(text: str) -> RunView:
    """A run that says `text` wherever a document, a model or a user has a say."""
    at = Span(0, len(text))
    one = reporting.answered(
        1,
        [reporting.cited(1, at, text, text)],
        [reporting.gold(at, text, text)],
        id=text,
        tags=(text,),
        within=text,
    )
    assert one.answer
    claims = (replace(one.answer.claims[0], text=text, reasons=(text,)),)
    answer = replace(one.answer, text=f"{text} [1]", missing=text, claims=claims, notes=(text,))
    asked = replace(one.question, text=text, answers=(text,))
    return replace(reporting.view(text, [replace(one, question=asked, answer=answer)]), facts=((text, text),))


def test_everything_is_in_one_file(page: str) -> None:
    """Nothing is loaded, linked to or sent: no element of the page has an address but places in it."""
    for tag, attributes in Elements(page).elements:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "image", "use"}
        for name in ("src", "href", "action", "srcset", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#")
    assert "url(" not in page.partition("</style>")[0]


def test_the_policy_allows_only_what_we_wrote(page: str) -> None:
    """The policy names the hashes of the one style sheet and the one script, and forbids the rest."""
    (policy,) = (a["content"] for tag, a in Elements(page).elements if a.get("http-equiv"))
    assert policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    script = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    for (text,) in (style, script):
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in policy


def test_no_handlers_or_styles_in_the_markup(page: str) -> None:
    """What the policy would refuse is not in the page: no style attribute, no handler attribute."""
    for _, attributes in Elements(page).elements:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_the_script_writes_text_only() -> None:
    """The script has no way to make markup or code out of a string."""
    script = files("qa.evaluation.report.html").joinpath("page/report.js").read_text(encoding="utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(|Function\(|setAttribute\(\"on", script
    )
    assert len(script.splitlines()) < 400


def test_hostile_text_is_inert() -> None:
    """Markup, a template's braces and marks of reading order arrive as visible text, and as nothing else."""
    page = report_page([hostile(HOSTILE)])
    elements = Elements(page)
    assert [tag for tag, _ in elements.elements].count("script") == 2
    assert "img" not in [tag for tag, _ in elements.elements]
    assert "\u202e" not in page
    assert "{{7*7}}\\u202e" in "".join(elements.texts["td"])
    assert clean(HOSTILE) == data_of(page)["questions"][0]["question"]


def test_data_cannot_end_its_element() -> None:
    """Packed data is made of letters that mean nothing to a browser, whatever it holds."""
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", packed({"text": HOSTILE}))


def test_equal_runs_give_equal_pages(run: RunView, page: str) -> None:
    """The page has no date of its own, no random part and no path of the machine."""
    assert report_page([run]) == page


def test_no_run_is_refused() -> None:
    """A report of nothing is a mistake of the caller."""
    with pytest.raises(ValueError, match="needs a run"):
        report_page([])


def test_headlines_say_figures_with_interval_and_n(run: RunView, page: str) -> None:
    """Each headline gives the mean, the interval and n of its metric."""
    f1 = run.scores.metrics["citation_f1"]
    text = page.replace("\u00a0", " ")
    assert f"What is cited and what is gold agree to {100 * f1.mean:.1f} % (F1 over characters) <span" in text
    assert f"({100 * f1.low:.1f} to {100 * f1.high:.1f} %, n = {f1.n})" in text


def test_every_metric_has_words(page: str) -> None:
    """Each name that scores.json can have is listed once, with what it means."""
    names = [metric.name for group in GROUPS for metric in group.metrics]
    assert sorted(names) == sorted(METRICS)
    assert set(HEADLINES) <= set(METRICS)
    assert all(metric.meaning for group in GROUPS for metric in group.metrics)


def test_headings_are_in_order(page: str) -> None:
    """One first heading, and no level left out below it."""
    levels = [int(tag[1]) for tag, _ in Elements(page).elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_referred_to_rightly(page: str) -> None:
    """Every label and link inside the page leads to exactly one element."""
    elements = Elements(page).elements
    ids = [a["id"] for _, a in elements if "id" in a]
    assert len(ids) == len(set(ids))
    used = [(a.get("aria-labelledby") or "").split() for _, a in elements]
    used += [[str(a["href"])[1:]] for _, a in elements if "href" in a]
    missing = {name for names in used for name in names} - set(ids)
    assert missing == {"detail-title"}  # which the script makes


def test_two_runs_are_told_apart() -> None:
    """Two runs get letters, a comparison in words and in figures, and both answers to each question."""
    a, b = (
        reporting.view("first", reporting.ordinary()),
        reporting.view("second", reporting.ordinary(shift=1)),
    )
    page = report_page([a, b], reporting.compared(a, b))
    assert "B minus A" in page
    assert "decided together (Holm)" in page
    data = data_of(page)
    assert data["runs"] == ["first", "second"]
    assert all(len(one["runs"]) == 2 for one in data["questions"])


def test_more_runs_are_compared_in_figures() -> None:
    """Of four runs all have their column, and the first two their questions."""
    runs = [reporting.view(f"run {n}", reporting.ordinary()) for n in range(4)]
    page = report_page(runs)
    assert all(f"run {n}" in page for n in range(4))
    assert data_of(page)["runs"] == ["run 0", "run 1"]
    assert "Of the first two runs, A and B." in page


def test_a_run_without_records_has_a_page() -> None:
    """Nothing was asked, or nothing yet: the page says so and has no plot."""
    page = report_page([reporting.view("empty", [])])
    assert "0 questions: 0 answered, 0 abstained, 0 failed" in page
    assert "<figure" not in page


def test_only_failures_have_a_page() -> None:
    """Where every question failed there are no metrics but the share of errors."""
    page = report_page([reporting.view("down", [reporting.failed(3)])])
    assert "100.0\u00a0% of the records failed" in page


def test_what_a_question_came_to_is_in_the_data(run: RunView, page: str) -> None:
    """Errors, missing parts, rejected keys and which passage holds which gold are in the data."""
    questions = data_of(page)["questions"]
    assert questions[3]["runs"][0]["answers"][0]["error"] == ["ModelError", "the server gave up", "try again"]
    assert questions[2]["runs"][0]["answers"][0]["missing"] == "the year"
    assert questions[4]["runs"][0]["answers"][0]["claims"][1]["rejected"] == ["s99: no sentence bears it"]
    assert [one["gold"] for one in questions[5]["runs"][0]["answers"][0]["passages"]] == [[], [1]]


def test_repeats_are_kept_and_averaged() -> None:
    """A question that was asked twice is one row with the mean of both and both answers."""
    place = reporting.gold(reporting.span(1))
    records = [
        reporting.answered(1, [reporting.cited(1, reporting.span(n))], [place], repeat=n) for n in (2, 1)
    ]
    (question,) = (data := data_of(report_page([reporting.view("twice", records)])))["questions"]
    (f1, _), *_ = data["columns"]
    assert [answer["repeat"] for answer in question["runs"][0]["answers"]] == [1, 2]
    assert question["runs"][0]["metrics"][f1] == 0.5


def test_verdicts_are_shown() -> None:
    """A judge's verdict on an answer and on its claims is in the data; an unreadable one is said to be so."""
    record = reporting.answered(1, [reporting.cited(1, reporting.span(1))], [])
    verdict = Verdict("", "a-judge", "partly", reason="half of it", claims=(ClaimVerdict(supported=False),))
    run = reporting.view("judged", [record], {(record.key, 1): verdict})
    judge = data_of(report_page([run]))["questions"][0]["runs"][0]["answers"][0]["judge"]
    assert judge == {
        "judge": "a-judge",
        "correctness": "partly",
        "reason": "half of it",
        "claims": ["not borne out"],
    }
    lost = replace(verdict, correctness=None, unreadable=True)
    run = reporting.view("judged", [record], {(record.key, 1): lost})
    judge = data_of(report_page([run]))["questions"][0]["runs"][0]["answers"][0]["judge"]
    assert judge["correctness"] == "unreadable"


def test_pages_are_gold_too() -> None:
    """Gold that is a page has no span to mark: its place and its text, if there is one, are shown."""
    one = reporting.answered(
        1, [reporting.cited(1, reporting.span(1))], [GoldPlace("a.pdf", page=3, text="Page.")]
    )
    (gold,) = data_of(report_page([reporting.view("paged", [one])]))["questions"][0]["gold"]
    assert gold == {"place": "a.pdf, page 3", "mark": None, "text": "Page.", "indexed": True}


def test_tags_are_shaded_by_their_means() -> None:
    """A tag's cells give mean, n and a shade; a metric that it lacks leaves its cell empty."""
    (even, odd) = tag_rows([reporting.view("run", reporting.ordinary())])
    assert (even.tag, even.n, odd.n) == ("even", 4, 4)
    assert {cell.shade for cell in even.cells} <= set(range(6))


@pytest.mark.parametrize(
    ("value", "text"), [(0.061, "+6.1"), (-0.0614, "−6.1"), (-0.0001, "0.0"), (0, "0.0")]
)
def test_points_have_a_sign(value: float, text: str) -> None:
    """A difference is in percentage points, with a true minus, and never minus zero."""
    assert points(value) == text


def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb`, as WCAG 2 defines it."""
    if len(colour) == 4:
        colour = "#" + "".join(2 * digit for digit in colour[1:])
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", PALETTES[:2], ids=["light", "dark"])
def test_text_has_contrast(palette: str) -> None:
    """Text in every colour stands out from paper, ink from every mark, 4.5 to 1; controls 3 to 1."""
    colours = dict(re.findall(r"(--[\w-]+): (#\w+);", palette))
    for ground in ("--paper", "--raised"):
        for text in SHAPES:
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for ground in ("--cited", "--gold", "--both", *(f"--h{n}" for n in range(6))):
        assert contrast(colours["--ink"], colours[ground]) >= 4.5, ground
    assert contrast(colours["--strong"], colours["--paper"]) >= 3
    assert contrast(colours["--paper"], colours["--link"]) >= 4.5


def long_run(count: int) -> RunView:
    """Questions over as many documents, with answers of four claims and 300 characters of context."""
    random_words = random.Random(7)
    vocabulary = [
        "".join(random_words.choices("etaoinshrdlucmfw", k=random_words.randint(2, 9))) for _ in range(6000)
    ]
    weights = [1 / rank for rank in range(1, 6001)]  # as in language

    def words(n: int) -> str:
        return " ".join(random_words.choices(vocabulary, weights, k=n))

    records: list[Record] = []
    for number in range(count):
        text, source = words(600), f"docs/{number:05}.txt"
        spans = [Span(at, at + 140) for at in (400, 1100, 1800, 2500)]
        cites = [reporting.cited(n, at, text, source) for n, at in enumerate(spans, 1)]
        cites = [
            (one, replace(context, before=text[at.start - 300 : at.start], after=text[at.end : at.end + 300]))
            for (one, context), at in zip(cites, spans, strict=True)
        ]
        text_of_answer = " ".join(f"{words(22).capitalize()}. [{n}]" for n in range(1, 5))
        record = reporting.answered(
            number, cites, [reporting.gold(spans[0], text, source)], text=text_of_answer
        )
        records.append(replace(record, question=replace(record.question, text=words(12), tags=())))
    return reporting.view("long", records)


def test_a_thousand_questions_are_below_two_megabytes() -> None:
    """A page of 1,000 model-like answers over 1,000 documents stays small: 500 take less than half."""
    assert len(report_page([long_run(500)]).encode()) < 1_000_000
