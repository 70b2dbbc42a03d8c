"""Forms of HTML: what was filled in is read; buttons are read where they are text."""

from __future__ import annotations

import pytest

from index.readers.markup.html import read_html
from index.types import Reading
from tests.support.readings import check_reading, texts


def read(markup: str) -> Reading:
    reading = read_html(f"<body>{markup}".encode(), "a.html")
    check_reading(reading)
    return reading


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>Name: <input value='Ann Lee'></p>", ["Name: Ann Lee"]),
        ("<p>Day: <input type=date value=2024-05-01></p>", ["Day: 2024-05-01"]),
        ("<form>x <input type=checkbox checked>Yes <input type=checkbox>No</form>", ["x ☒ Yes ☐ No"]),
        (
            "<ul><li><input type=checkbox checked disabled> Done<li><input type=checkbox> To do</ul>",
            ["☒ Done", "☐ To do"],
        ),
        ("<p><label><input type=radio checked>A</label> <label><input type=radio>B</label></p>", ["☒ A ☐ B"]),
        ("<p>Size: <select><option>S<option selected>M</select></p>", ["Size: M"]),
        ("<p>Note: <textarea>as  written</textarea></p>", ["Note: as written"]),
        (
            "<p>x<input type=hidden value=no><input type=password value=no><input type=submit value=no></p>",
            ["x"],
        ),
        ("<p>x</p><input type=search placeholder=no>", ["x"]),
        ("<input type=checkbox id=menu><p>x</p><form><input type=checkbox></form>", ["x"]),
    ],
)
def test_what_was_filled_in(markup: str, expected: list[str]) -> None:
    """Values, chosen options and boxes are text; secrets, and switches of the page, are not."""
    assert texts(read(markup)) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            "<div><button aria-expanded=false>Opening hours</button><div>At nine.</div></div>",
            ["Opening hours", "At nine."],
        ),
        (
            "<button class=accordion>Fares</button><div class=panel>Four euros.</div>",
            ["Fares", "Four euros."],
        ),
        ("<div><button data-bs-toggle=collapse>Fares</button></div><div>Four.</div>", ["Fares", "Four."]),
        ("<h3><button>Fares</button></h3><p>Four.</p>", ["Fares", "Four."]),
        ("<dl><dt><button>Fares</button></dt><dd>Four.</dd></dl>", ["Fares: Four."]),
        ("<button>May I bring a dog?</button>", ["May I bring a dog?"]),
        ("<p>Press <button>Start</button> now.</p>", ["Press Start now."]),
        (
            "<button aria-controls=a1>Fares</button><div id=a1 hidden>Four.</div><p hidden>no</p>",
            ["Fares", "Four."],
        ),
    ],
)
def test_buttons_that_are_text(markup: str, expected: list[str]) -> None:
    """What heads a part that it opens is its heading; what it opens is read, even if it is closed now."""
    assert texts(read(f"<main>{markup}</main>")) == expected


@pytest.mark.parametrize(
    "markup",
    [
        "<button>Subscribe</button><p>yes</p>",
        "<nav><button aria-expanded=false>Menu</button><a>no</a></nav><p>yes</p>",
        "<form><input type=email><button aria-expanded=true>Send?</button></form><p>yes</p>",
        "<header><button aria-expanded=false>Menu</button><div>no</div></header><main><p>yes</p></main>",
        "<p>yes</p><button aria-expanded=false>More</button>",
        "<button class=collapse-all>Copy</button><pre>yes</pre>",
        "<div role=toolbar><button aria-expanded=false>Bold</button><button>Italic</button></div><p>yes</p>",
        "<button aria-haspopup=true aria-expanded=false>Share</button><p>yes</p>",
    ],
)
def test_buttons_that_are_controls(markup: str) -> None:
    """Menus, forms, tool bars and what does something to the page are no text."""
    assert texts(read(markup)) == ["yes"]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            "<div role=button aria-expanded=false>Hats?</div><div aria-hidden=true>Yes, hats.</div>",
            ["Hats?", "Yes, hats."],
        ),
        ("<h3>Dogs?</h3><div style='display:none'>No.</div><p>x</p>", ["Dogs?", "x"]),
        (
            "<h3>Dogs?</h3><div style='display:none'>No.</div><h3>Cats?</h3><div hidden>Yes.</div><p>x</p>",
            ["Dogs?", "No.", "Cats?", "Yes.", "x"],
        ),
        ("<dl><dt>Hens?<dd style='display: none'>Two.</dl>", ["Hens? Two."]),
        (
            "<b role=tab aria-controls=a>Mac</b><p>x<div role=tabpanel id=a hidden>Use it.</div>",
            ["x", "Mac", "Use it."],
        ),
        ("<p>x</p><div hidden>no</div>", ["x"]),
        (
            "<p>x<div><a aria-expanded=false href=a>More</a></div><ul hidden><li><a href=b>no</a></ul>",
            ["x", "More"],
        ),
        ("<p>x</p><div role=toolbar><b aria-expanded=false>A</b><div hidden>no</div></div>", ["x", "A"]),
    ],
)
def test_what_a_click_opens(markup: str, expected: list[str]) -> None:
    """An answer right below its question is read though closed; menus, and what nothing opens, are not."""
    assert texts(read(markup)) == expected


@pytest.mark.parametrize("name", ["class=cookie-banner", "id=onetrust-consent-sdk", "class='cc-window x'"])
def test_a_banner_for_consent(name: str) -> None:
    """It stands over every page of a site, and is no part of one; a text about cookies is."""
    banner = f"<div {name}><p>We use cookies.</p><button>Accept</button></div>"
    assert texts(read(f"{banner}<p>Words.</p>")) == ["Words."]
    assert texts(read(f"<div {name}><h1>Cookie law</h1><p>Bake <a>them</a>.</p></div>"))[0] == "Cookie law"


def test_buttons_nested_without_end() -> None:
    """Thousands of elements around each of many buttons take little time."""
    button = "<button aria-expanded=false>x</button>"
    assert "y" in read("<div>" * 5_000 + button * 500 + "y").text
    assert "y" in read(f"<div>{button}" * 5_000 + "y").text


def test_a_form_around_the_whole_page() -> None:
    """Some servers write one: its buttons are those of the page."""
    markup = "<form><h1>T</h1><button aria-expanded=false>Fares</button><p>Four.</p></form>"
    assert texts(read(markup)) == ["T", "Fares", "Four."]
