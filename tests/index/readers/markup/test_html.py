"""HTML: the text a person sees, in blocks; nothing hidden, nothing around it, nothing fetched."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given, strategies as st

from index.errors import ReadError
from index.readers.markup.html import read_html
from index.types import Reading
from tests.support.readings import attempt, check_damaged, check_reading, mutations, texts

PAGE = """<!doctype html><html><head><title>The  Autumn
Summit</title><meta property="article:published_time" content="2025-10-21T09:30:00Z">
<style>p { color: red }</style><script>var secret = 1;</script></head>
<body><nav><a href="/">Home</a></nav><article><header><h1>Summit off</h1></header>
<p>The talks were <b>called</b>
off.<!-- no comment --></p><ul><li>one<li>two</ul>
<table><tr><th>Year<th>Sum</tr><tr><td>2025<td>1&nbsp;200</tr></table>
<pre>
  x = 1
    y = 2</pre><p style="display: none">hidden</p><img alt="a picture"></article>
<footer>Imprint</footer></body></html>"""


def read(markup: str) -> Reading:
    reading = read_html(markup.encode(), "a.html")
    check_reading(reading)
    return reading


def test_a_page_becomes_its_blocks() -> None:
    """Headings, paragraphs, items, rows and code, with title and date from the head."""
    reading = read(PAGE)
    assert [(block.kind, block.span.of(reading.text)) for block in reading.blocks] == [
        ("heading", "Summit off"),
        ("paragraph", "The talks were called off."),
        ("item", "one"),
        ("item", "two"),
        ("row", "Year | Sum"),
        ("row", "2025 | 1\xa0200"),
        ("code", "x = 1\n    y = 2"),
    ]
    assert reading.title == "The Autumn Summit"
    assert reading.date is not None
    assert (reading.date.value, reading.date.origin) == ("2025-10-21", "metadata")


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>no</script>",
        "<style>no</style>",
        "<template>no</template>",
        "<noscript>no</noscript>",
        "<!-- no -->",
        "<p hidden>no</p>",
        '<div style="color:red; DISPLAY : none"><p>no</p></div>',
        '<span style="visibility:hidden">no</span>',
        '<img alt="no">',
        "<meta name=description content=no>",
        "<svg><title>no</title><path d='no'/></svg>",
        "<select><option>no</select>",
        "<dialog>no</dialog>",
        "<button>no</button>",
    ],
)
def test_what_is_not_shown_is_not_read(hidden: str) -> None:
    """Only "yes" is shown."""
    assert read(f"<body><p>yes</p>{hidden}").text == "yes"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<nav><a>a</a></nav><main><p>text</p></main><p>outside</p>", ["text"]),
        ("<header>Site</header><article><header>By A.</header><p>text</p></article>", ["By A.", "text"]),
        ("<header><p>An opening of some length, no links.</header><p>text", None),
        ("<header><a>Home</a> <a>News</a></header><p>text", ["text"]),
        ("<article><p>text</p><aside>Mind the gap.</aside></article>", ["text", "Mind the gap."]),
        ("<article><p>text</p><aside><a>Another article</a></aside></article>", ["text"]),
        ("<article><p>text</p><footer><a>Share</a> <a>Print</a></footer></article>", ["text"]),
        ("<article><p>text</p><footer>By Ann, on 3 May.</footer></article>", ["text", "By Ann, on 3 May."]),
        ("<article><p>text</p><nav>Not much</nav></article>", ["text"]),
        (
            "<article>text</article><blockquote>q<footer><a>Ann</a></footer></blockquote>",
            ["text", "q", "Ann"],
        ),
        ("<article>text</article><figure>f<footer>Photo: Bo</footer></figure>", ["text", "f", "Photo: Bo"]),
        ("<main>text</main><footer>Imprint</footer>", ["text"]),
        ("<main></main><p>text</p>", ["text"]),
        ("<nav><a>only</a></nav>", ["only"]),
    ],
)
def test_what_stands_around_the_text(markup: str, expected: list[str] | None) -> None:
    """The rules of the module's docstring, one by one."""
    result = texts(read(f"<body>{markup}"))
    assert result == (expected or ["An opening of some length, no links.", "text"])


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("a<br>b", ["a\nb"]),
        ("a<br> <br>b", ["a", "b"]),
        ("bare <div>inner</div> tail", ["bare", "inner", "tail"]),
        ("<p>10<sup>6</sup> and x<sup>th</sup>", ["10⁶ and xth"]),
        ("<p>a&nbsp;&nbsp;b &lt;c&gt; &euro;", ["a b <c> €"]),
        ("<p>soft&shy;hyphen", ["softhyphen"]),
        ("<p>zero\u200bwidth\u2060 signs", ["zerowidth signs"]),
        ("<table><tr><td><h2>Layout</h2><p>text</td><td>side</td></tr></table>", ["Layout", "text", "side"]),
        ("<ul><li>a<ul><li>b</ul>c</ul>", ["a", "b", "c"]),
        ("<h2>Title<a>¶</a></h2>", ["Title"]),
    ],
)
def test_white_space_and_breaks(markup: str, expected: list[str]) -> None:
    """As a browser breaks lines, and no words grow together."""
    assert texts(read(f"<body>{markup}")) == expected


@pytest.mark.parametrize(
    "struck",
    [
        "<del>no</del>",
        "<s>no</s>",
        "<strike>no</strike>",
        '<span style="color:red; text-decoration: line-through">no</span>',
        '<span style="TEXT-DECORATION-LINE: underline line-through">no</span>',
        '<span class="old">no</span>',
        '<div id="gone"><p>no</p></div>',
    ],
)
def test_struck_out_text_is_left_out_and_counted(struck: str) -> None:
    """By its tag, its style, or a simple rule of the page's own style sheet."""
    sheet = "<style>b { color: red } .old, #gone { text-decoration: line-through }</style>"
    reading = read(f"{sheet}<p>yes {struck}</p><ins>new</ins>")
    assert reading.text.split() == ["yes", "new"]
    assert reading.notes == ("1 struck-out passage left out",)


def test_a_rule_that_strikes_nothing_out() -> None:
    """Other decorations, and rules for links that are hovered over, change nothing."""
    sheet = "a:hover { text-decoration: line-through } p { text-decoration: underline } .a .b { top: 0 }"
    reading = read(f"<style>{sheet}</style><p>all <a>of</a> it")
    assert (reading.text, reading.notes) == ("all of it", ())


def test_readings_of_characters_are_counted() -> None:
    """The words stay whole, as a search needs them; how they are pronounced is left out."""
    reading = read("<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rt>じ</rt></ruby>です</p>")
    assert (reading.text, reading.notes) == ("漢字です", ("2 ruby readings left out",))


def test_a_page_inside_the_page() -> None:
    """It is read where its text is in the file, but not without end."""
    assert texts(read("<p>a</p><iframe srcdoc='<p>b &lt;i&gt;c&lt;/i&gt;</p>'></iframe>")) == ["a", "b c"]
    deep = "<p>d</p>"
    for _ in range(5):
        deep = f"<p>x</p><iframe srcdoc='{deep.replace('&', '&amp;').replace(chr(39), '&#39;')}'></iframe>"
    assert texts(read(deep)) == ["x"] * 3


def test_the_labels_of_a_drawing() -> None:
    """They are read together; what only a tooltip says is not."""
    chart = "<svg><title>no</title><g><text>Jan</text><text> 12 <tspan>t</tspan></text></g></svg>"
    assert texts(read(f"<p>yes</p><div>{chart}</div>")) == ["yes", "Jan · 12 t"]


def test_numbers_of_lines_are_no_code() -> None:
    """Beside a listing, or at the beginning of each of its lines."""
    gutter = "<table><tr><td><pre>1\n2</pre></td><td><pre>a = 1\nb = 2</pre></td></tr></table>"
    lines = '<pre><span class="lineno">1</span>a = 1\n<span class="linenos">2</span>b = 2</pre>'
    assert texts(read(gutter)) == texts(read(lines)) == ["a = 1\nb = 2"]


def test_formulas_are_read_once() -> None:
    """As Wikipedia and KaTeX write them: what shows them, or what describes them, is hidden."""
    formula = "<math alttext='no'><semantics><msup><mi>x</mi><mn>2</mn></msup><annotation>no</annotation>"
    picture = f'<span style="display: none">{formula}</semantics></math></span><img alt="no">'
    katex = f'<span>{formula}</semantics></math></span><span aria-hidden="true">no</span>'
    assert texts(read(f"<p>a {picture} b</p><p>a {katex} b</p>")) == ["a x² b", "a x² b"]


@pytest.mark.parametrize(
    ("data", "encoding", "expected"),
    [
        (b'<meta charset="iso-8859-1"><p>caf\xe9 \x80', "cp1252", "café €"),
        ("<meta charset=shift_jis><p>会談".encode("shift_jis"), "cp932", "会談"),
        ("\ufeff<meta charset=iso-8859-1><p>café".encode(), None, "café"),
        ("<meta charset=utf-16><p>café".encode(), "utf-8", "café"),
        ("<p>café".encode("utf-16"), None, "café"),
        (b"<meta charset=unicode_escape><p>caf\\u00e9", "utf-8", "caf\\u00e9"),
    ],
)
def test_encodings(data: bytes, encoding: str | None, expected: str) -> None:
    """A byte-order mark counts first, then the page's own word, then detection."""
    reading = read_html(data, "a.html")
    assert reading.text == expected
    assert encoding in {None, reading.encoding}


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">{"@graph": [{"datePublished": "2025-10-21"}]}</script>',
        '<time datetime="2025-10-21T10:00">yesterday</time>',
        '<meta itemprop="datePublished" content="2025-10-21">',
    ],
)
def test_where_dates_are_kept(head: str) -> None:
    """JSON-LD, `<time>` and microdata name the day too."""
    date = read(f"<p>text</p>{head}").date
    assert date is not None
    assert date.value == "2025-10-21"


def test_broken_metadata_is_no_metadata() -> None:
    """JSON that is none, or nested without end, gives no date and no error."""
    for script in ("{", "[" * 200_000):
        assert read(f'<script type="application/ld+json">{script}</script><p>text').date is None


def test_deep_nesting() -> None:
    """Twenty thousand levels are walked without recursion."""
    assert read("<i>" * 20_000 + "deep").text == "deep"


def test_nesting_beyond_reason_is_refused() -> None:
    """A page whose parsing would take minutes is an error; as many elements beside each other are not."""
    with pytest.raises(ReadError, match="10,000 elements") as caught:
        read_html(b"<ul><li>" * 100_000 + b"word", "a.html")
    assert "PDF" in caught.value.hint
    assert read_html(b"<div>one</div><br>" * 10_001, "a.html").text.count("one") == 10_001


def test_a_huge_attribute() -> None:
    """A megabyte in an attribute is no text."""
    assert read(f'<p title="{"x" * 1_000_000}">text').text == "text"


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """No address in a page is ever opened."""

    def refuse(*_args: object) -> None:
        pytest.fail("something was fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    links = '<img src="http://169.254.169.254/"><link href="file:///etc/passwd">'
    links += '<iframe src="http://a.example"></iframe>'
    assert read(f"{links}<p>text").text == "text"


def test_a_page_without_text() -> None:
    """It says so, instead of giving nothing."""
    with pytest.raises(ReadError, match="no text"):
        read_html(b"<body><script>write()</script>", "a.html")


def test_mutated_files() -> None:
    """Sixty damaged pages give a reading or a `ReadError`."""
    check_damaged(read_html, mutations(PAGE.encode(), 60, seed=7))


TAGS = ("p", "div", "ul", "li", "table", "tr", "td", "h1", "pre", "sup")
PIECES = st.sampled_from(
    [
        *(f"<{tag}>" for tag in TAGS),
        *(f"</{tag}>" for tag in TAGS),
        *("<br>", "<article>", "<nav>", "<button>", "a", "b", "1", "&amp;", ".", "\xa0", " ", "\n"),
    ]
)


@given(st.lists(PIECES, max_size=40))
def test_spans_hold(pieces: list[str]) -> None:
    """Whatever the tags, blocks are trimmed, in order and apart."""
    result = attempt(read_html, "".join(["<body>", *pieces]).encode())
    assert isinstance(result, Reading) or "no text" in result.cause


def test_text_raised_by_style() -> None:
    """A style raises and lowers as the tags do, in the element or in a style sheet of the page."""
    markup = (
        "<style>.c3{vertical-align: super} .low { font-size:8pt; vertical-align:sub }</style>"
        "<p>5<span class=c3>2</span> H<span class=low>2</span>O 10<a style='vertical-align:super'>8</a></p>"
    )
    assert read_html(markup.encode(), "a.html").text == "5² H₂O 10⁸"
