"""The report in a real Chromium: no errors, quick, usable by keyboard, and nothing of a document runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.types import Span
from qa.evaluation.report.html.build import report_page
from qa.evaluation.report.html.view import RunView
from qa.evaluation.types import Record
from qa.output.text import clean
from tests.support import report_runs as reporting
from tests.support.timeouts import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=f"no Chromium is installed ({', '.join(NAMES)})")

HOSTILE = (
    "</script><script>window.__hacked=1</script><img src=x onerror=window.__hacked=1>"
    "{{7*7}}${7*7}javascript:alert(1)\u202egnp.exe\u200b" + "w" * 300
)
# The least contrast of any text that is to be seen with what lies behind it, and that text.
CONTRAST = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => parts(colour).slice(0, 3).map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if ((parts(colour)[3] ?? 1) === 1) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  let least = [21, ""];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    if (element.closest("dialog") || !document.querySelector("dialog[open]")) {
      const style = getComputedStyle(element);
      const colour = element.closest("svg") ? style.fill : style.color;
      const pair = [light(colour), light(behind(element))].sort((a, b) => b - a);
      const contrast = (pair[0] + 0.05) / (pair[1] + 0.05);
      if (contrast < least[0] && !element.closest(":disabled")) least = [contrast, walker.currentNode.data];
    }
  }
  return least;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=arguments,
            env={**os.environ, "TMPDIR": "/tmp"},  # where its socket has a path of no more than 107 bytes
            timeout=PATIENCE * 1000,
        )
        yield one
        one.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Reports of one run, of two, and of one whose every text is hostile."""
    folder = tmp_path_factory.mktemp("reports")
    a, b = (
        reporting.view("first", reporting.ordinary()),
        reporting.view("second", reporting.ordinary(shift=1)),
    )
    texts = {
        "one": report_page([a]),
        "two": report_page([a, b], reporting.compared(a, b)),
        "hostile": report_page([hostile()]),
        "agreed": report_page([reporting.view("agreed", [agreed()])]),
        "many": report_page([reporting.view("many", reporting.ordinary(260))]),
    }
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


Opened = Callable[..., "Page"]


@pytest.fixture
def opened(browser: Browser, pages: dict[str, Path]) -> Iterator[Opened]:
    """Opens a report; at the end, nothing was complained of and nothing but the file was asked for."""
    heard: list[str] = []
    contexts = []

    def open_page(name: str, fragment: str = "", width: int = 1200, **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("dialog", lambda dialog: heard.append(f"dialog: {dialog.message}"))
        address = pages[name].as_uri()
        page.on(
            "request", lambda request: None if request.url.startswith(address) else heard.append(request.url)
        )
        page.goto(address + fragment)
        if options.get("java_script_enabled", True):
            page.wait_for_selector("#explorer:not([hidden])")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert heard == []


def hostile() -> RunView:
    """A run that says `HOSTILE` wherever a document, a model or a user has a say."""
    at = Span(0, len(HOSTILE))
    cites = [reporting.cited(1, at, HOSTILE, HOSTILE)]
    one = reporting.answered(1, cites, [reporting.gold(at, HOSTILE, HOSTILE)], id=HOSTILE, tags=(HOSTILE,))
    assert one.answer
    claims = (replace(one.answer.claims[0], text=HOSTILE, reasons=(HOSTILE,)),)
    answer = replace(one.answer, text=f"{HOSTILE} [1]", missing=HOSTILE, claims=claims, notes=(HOSTILE,))
    asked = replace(one.question, text=HOSTILE, answers=(HOSTILE,))
    run = reporting.view(HOSTILE, [replace(one, question=asked, answer=answer), reporting.failed(3)])
    return replace(run, facts=((HOSTILE, HOSTILE),))


def agreed() -> Record:
    """An answer that cites none of the two sentences that two annotators marked."""
    golds = [replace(reporting.gold(reporting.span(n)), set=n) for n in (1, 2)]
    return reporting.answered(1, [reporting.cited(1, reporting.span(30))], golds)


def rows(page: Page) -> list[str]:
    """The questions' ids in the order of the table."""
    return page.locator("#table td.id").all_inner_texts()


@contextmanager
def no_script(page: Page) -> Iterator[None]:
    """Nothing that a text said has run."""
    yield
    assert page.evaluate("window.__hacked") is None


def test_it_opens_quietly(opened: Opened) -> None:
    """A report shows its plots and its questions, without a word on the console or a request."""
    page = opened("one")
    assert page.locator("svg.plot").count() == 5
    assert len(rows(page)) == 8
    assert page.inner_text("#count") == "8 of 8 questions"


def test_questions_are_filtered(opened: Opened) -> None:
    """Text, outcome, support and tag narrow the table, together; the button clears them."""
    page = opened("one")
    page.fill("#f-text", "BRIDGE 5")
    page.get_by_text("1 of 8 questions").wait_for()
    assert rows(page) == ["q-5"]
    page.click("button[type=reset]")
    page.get_by_text("8 of 8 questions").wait_for()
    for name, value, expected in (
        ("status", "error", ["q-3"]),
        ("status", "abstained", ["q-2"]),
        ("support", "suspect", ["q-4"]),
        ("support", "rejected", ["q-4"]),
        ("tag", "odd", ["q-1", "q-3", "q-5", "q-7"]),
    ):
        page.select_option(f"#f-{name}", value)
        assert rows(page) == expected
        page.select_option(f"#f-{name}", "")
    page.select_option("#f-tag", "odd")
    page.select_option("#f-status", "abstained")
    assert page.inner_text("#count") == "0 of 8 questions"


def test_questions_are_sorted(opened: Opened) -> None:
    """A heading's button sorts by its column, again the other way round; what has no value comes last."""
    page = opened("one")
    headings = page.locator("#table th")
    for label, first, falling in (
        ("Citation F1", "ascending", "descending"),
        ("Seconds", "descending", "ascending"),
    ):
        heading = headings.filter(has_text=label)
        assert heading.get_attribute("aria-sort") == "none"
        at = page.locator("#table th").all_inner_texts().index(heading.inner_text())
        for order in (first, falling):
            heading.get_by_role("button").click()
            assert heading.get_attribute("aria-sort") == order
            cells = page.locator(f"#table tbody td:nth-child({at + 1})").all_inner_texts()
            values = [float(cell) for cell in cells if cell != "–"]
            assert values == sorted(values, reverse=order == "descending")
            assert cells[-1] == "–"


def test_a_citation_opens_its_passage_beside_the_gold(opened: Opened) -> None:
    """The cited sentence is marked in its context; gold that it meets is marked there, other gold beside."""
    page = opened("one")
    page.get_by_role("button", name="When was bridge 5 opened?").click()
    assert page.locator(".evidence h4").all_inner_texts() == [f"Cited [1] {reporting.SOURCE}:2, with gold 1"]
    mark = page.locator(".quote mark")
    assert mark.get_attribute("class") == "cited gold"
    assert mark.text_content() == f"[cited and gold: {reporting.SENTENCES[5]}]"
    assert reporting.SENTENCES[4][-20:] in page.inner_text(".quote")
    page.get_by_role("button", name="Citation 2").click()
    assert page.get_by_role("button", name="Citation 2").get_attribute("aria-pressed") == "true"
    assert reporting.SENTENCES[35] in page.inner_text(".quote:has(mark.cited)")
    assert reporting.SENTENCES[5] in page.inner_text(".quote:has(mark.gold)")


def test_gold_of_several_annotators_is_one_text(opened: Opened) -> None:
    """Gold that stands together is shown once, each place marked; what is cited afar stands beside it."""
    page = opened("agreed", "#q=q-1")
    assert page.locator(".evidence h4").all_inner_texts()[1].startswith("Gold 1, 2 ")
    assert page.locator(".quote:has(mark.gold) mark").all_text_contents() == [
        f"[gold: {reporting.SENTENCES[1]}]",
        f"[gold: {reporting.SENTENCES[2]}]",
    ]


def test_a_question_shows_all_that_is_known(opened: Opened) -> None:
    """Reference, claims with support and reasons, rejected keys, errors and passages are there to read."""
    page = opened("one", "#q=q-4")
    text = page.inner_text("dialog")
    for part in (
        "Reference: 1804",
        "suspect",
        "1799 is not there",
        "rejected key s99",
        "1. notes/bridges.txt:0-400 holds gold 1",
    ):
        assert part in text
    page.get_by_role("button", name="Previous").last.click()
    assert "ModelError: the server gave up" in page.inner_text("dialog")


def test_a_link_leads_to_its_question(opened: Opened) -> None:
    """`#q=ID` opens a question, a new one the next; closing takes it out of the address."""
    page = opened("one", "#q=q-5")
    assert page.inner_text("#detail-title") == "When was bridge 5 opened?"
    page.evaluate("location.hash = '#q=q-6'")
    page.get_by_role("heading", name="When was bridge 6 opened?").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_url("**#questions")
    assert not page.locator("dialog").is_visible()


def test_two_runs_stand_side_by_side(opened: Opened) -> None:
    """Both answers are in one row of the page, each with its citations; what changed can be filtered."""
    page = opened("two", "#q=q-5")
    boxes = [page.get_by_role("region", name=name).bounding_box() for name in ("A: first", "B: second")]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] < boxes[1]["x"]
    page.get_by_role("region", name="B: second").get_by_role("button", name="Citation 1").click()
    assert reporting.SENTENCES[6] in page.inner_text(".quote mark.cited")
    page.keyboard.press("Escape")
    page.select_option("#f-change", "down")
    assert rows(page) == ["q-0", "q-1", "q-5", "q-6", "q-7"]
    page.select_option("#f-change", "up")
    assert rows(page) == []


def test_everything_can_be_done_by_keyboard(opened: Opened) -> None:
    """Filter, sort, open, cite and close with Tab, Enter and Escape; the focus comes back."""
    page = opened("one")
    page.focus("#f-text")
    page.keyboard.type("bridge 5")
    page.get_by_text("1 of 8 questions").wait_for()
    focused = "document.activeElement.textContent || document.activeElement.ariaLabel"
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate(focused) == "When was bridge 5 opened?":
            break
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "detail-title"
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.ariaLabel") == f"Citation 2, {reporting.SOURCE}:3":
            break
    page.keyboard.press("Enter")
    assert reporting.SENTENCES[35] in page.inner_text(".quote mark.cited")
    page.keyboard.press("Escape")
    assert page.evaluate(focused) == "When was bridge 5 opened?"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(opened: Opened, scheme: str) -> None:
    """In light and dark, every text stands out from what lies behind it, 4.5 to 1."""
    page = opened("two", color_scheme=scheme)
    contrast, text = page.evaluate(CONTRAST)
    assert contrast >= 4.5, text
    page.get_by_role("button", name="When was bridge 4 opened?").click()
    contrast, text = page.evaluate(CONTRAST)
    assert contrast >= 4.5, text
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(253, 253, 252)") == (scheme == "light")


@pytest.mark.parametrize("name", ["one", "two", "hostile"])
def test_nothing_is_cut_off_on_a_narrow_screen(opened: Opened, name: str) -> None:
    """At 360 pixels, and at 200 % on a common screen, page and panel are no wider than the window."""
    page = opened(name)
    for width in (320, 360, 640):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("#table td.question button").first.click()
    for width in (320, 360, 640):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.querySelector('dialog').scrollWidth") <= width


def test_print_has_all_questions_and_no_controls(opened: Opened) -> None:
    """On paper there are the summary, the plots and every question of the table; nothing to press."""
    page = opened("many")
    assert len(rows(page)) == 100
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(rows(page)) == 260
    assert page.locator("svg.plot").first.is_visible()
    for control in (".filters", ".pager", ".top nav", ".skip"):
        assert not page.locator(control).is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert len(rows(page)) == 100


def test_hostile_text_does_nothing(opened: Opened) -> None:
    """Markup and scripts in names, questions, answers and documents are shown, and never run."""
    page = opened("hostile")
    with no_script(page):
        page.locator("#table td.question button").first.click()
        page.locator(".answer button").click()
        shown = page.inner_text("dialog")
        assert "</script><script>window.__hacked=1</script><img src=x" in shown
        assert "{{7*7}}" in shown
        assert "\\u202egnp.exe\\u200b" in shown
        assert page.locator("dialog img, main img").count() == 0
        assert page.locator(".quote mark").text_content() == f"[cited and gold: {clean(HOSTILE)}]"


def test_a_link_to_a_hostile_question_does_nothing(opened: Opened) -> None:
    """An address that names markup opens its question, or none."""
    page = opened("hostile", "#q=<img src=x onerror=window.__hacked=1>%")
    with no_script(page):
        assert not page.locator("dialog").is_visible()


def test_pages_of_the_table_are_turned(opened: Opened) -> None:
    """A hundred questions at a time, and how many of how many."""
    page = opened("many")
    page.get_by_role("button", name="Next").click()
    assert page.inner_text("#pages") == "101 to 200 of 260"
    page.get_by_role("button", name="Next").click()
    assert rows(page)[-1] == "q-259"
    assert page.get_by_role("button", name="Next").is_disabled()


def test_it_can_be_read_without_its_script(opened: Opened) -> None:
    """Where scripts do not run, summary and plots are there, and a sentence says what is missing."""
    page = opened("one", java_script_enabled=False)
    assert page.locator("svg.plot").first.is_visible()
    assert "needs JavaScript" in page.inner_text("#message")


def test_an_old_browser_gets_a_message(browser: Browser, pages: dict[str, Path]) -> None:
    """A browser that cannot unpack the questions says so in place of them."""
    page = browser.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(pages["one"].as_uri())
    page.get_by_text("The questions could not be shown").wait_for()
    assert page.locator("#explorer").is_hidden()
    page.close()
