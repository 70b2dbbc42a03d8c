"""What reaches a terminal is harmless, fits, and is coloured only where that is wanted."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Literal, cast

import pytest
from hypothesis import given, strategies as st

from qa.chat.conversation import Conversation
from qa.chat.repl import _session
from qa.output.console import Console, wants_colour
from qa.output.progress import ProgressLine
from qa.output.text import cells, clean, json_text, paint, pictured, printable, shorten, table, wrap
from tests.support.terminals import Terminal

if TYPE_CHECKING:
    from qa.answering.index_reader import IndexReader

ATTACKS = [
    "\x1b[2J",  # clear the screen
    "\x1b]0;title\x07",  # set the title
    "\x1b]8;;http://evil\x1b\\click\x1b]8;;\x1b\\",  # a link
    "\x1b]52;c;ZXZpbA==\x07",  # write to the clipboard
    "\x1bP+q544e\x1b\\",  # DCS
    "\x9b31m",  # CSI as one character
    "\x07\x08\x0b\x0c\x7f\x85",
    "over\rwritten",
    "\u202egnp.exe",  # right to left
    "\u2066x\u2069\u200f\u061c",
    "zero\u200bwidth\u200d\ufeff\u2060",
    "hidden\U000e0068\U000e0069",  # tags
    "a\u2028b\u2029c",
    "soft\u00adhyphen",
    "\udc80",  # a byte of a file name that is no UTF-8
]


def harmful(text: str) -> list[str]:
    """The characters of `text` that a terminal would obey or not show."""
    allowed = {"\t", "\n"}
    return [c for c in text if c not in allowed and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_attack_becomes_visible(attack: str) -> None:
    """Nothing is obeyed and nothing is dropped: an escape stands for every character."""
    assert not harmful(clean(attack))
    assert "\\" in clean(attack)
    assert not harmful(printable(attack))
    assert "\n" not in printable(attack)


@given(st.text())
def test_clean_text_holds_no_control_character(text: str) -> None:
    """Whatever goes in, no character that could act on a terminal comes out."""
    visible = clean(text)
    # Arabic and Indic number signs are of category Cf too, but are seen.
    assert not [c for c in harmful(visible) if unicodedata.bidirectional(c) not in {"AN", "L"}]
    assert clean(visible) == visible


@given(st.text(st.sampled_from("ab\r\n\t\x1b\x9b\u200b\u202e\u00ad\x7f") | st.characters()))
def test_pictures_keep_every_position(text: str) -> None:
    """As long as the text, and equal but for what acts on a terminal, which is never printed."""
    shown = pictured(text)
    assert len(shown) == len(text)
    changed = {before for before, after in zip(text, shown, strict=True) if before != after}
    assert changed <= set(harmful(text))
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\r(?!\n)", shown)


def test_pictures_of_control_characters() -> None:
    """A worked example: an escape, a lone carriage return, an override; what is only not seen stays."""
    assert pictured("a\x1b[2J\r\nb\rc\u202ed\u200be\x7f") == "a␛[2J\r\nb␍c\ufffdd\u200be␡"


@given(st.text(), st.integers(0, 20))
def test_a_sequence_cut_in_two_is_caught_too(text: str, at: int) -> None:
    """Pieces of a stream, each cleaned alone, say what the whole would."""
    text = text.replace("\r\n", "\n")
    assert clean(text[:at]) + clean(text[at:]) == clean(text)


@given(st.text())
def test_harmless_json_reads_back_equal(text: str) -> None:
    """Escaping for the terminal loses nothing of a JSON value, in UTF-8 and in ASCII."""
    written = json.dumps({"text": text}, ensure_ascii=False)
    for ascii_only in (False, True):
        safe = json_text(written, ascii_only=ascii_only)
        assert json.loads(safe) == {"text": text}
        assert not [c for c in harmful(safe) if unicodedata.bidirectional(c) not in {"AN", "L"}]
        assert safe.isascii() or not ascii_only


def test_lone_surrogates_survive_json() -> None:
    """A file name that is no UTF-8 can be written and read back."""
    assert json.loads(json_text(json.dumps("\udc80", ensure_ascii=False))) == "\udc80"


def test_ordinary_text_stays_as_it_is() -> None:
    """Letters of all scripts, emoji, tabs and newlines are not touched."""
    text = "Ärger\tin Łódź\n日本語 العربية हिन्दी ❤️ 🇪🇺 €5"
    assert clean(text) == text


def test_windows_line_ends_become_newlines() -> None:
    """A line end is a line end; a lone carriage return, which overwrites a line, is shown."""
    assert clean("a\r\nb\rc") == "a\nb\\x0dc"


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "Zs"])), st.integers(12, 60))
def test_wrapped_lines_fit_and_keep_every_word(text: str, width: int) -> None:
    """No line is too wide, and nothing but white space is lost."""
    lines = wrap(text, width, "  ")
    assert all(cells(line) <= width for line in lines)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


def test_wide_characters_take_two_columns() -> None:
    """East Asian text is wrapped by columns, combining marks take none."""
    assert cells("日本") == 4
    assert cells("e\u0301") == 1
    assert wrap("日本語日本語", 8) == ["日本語日", "本語"]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("❤️", 2),
        ("⚠️", 2),
        ("👍🏽", 2),
        ("👍", 2),
        ("🇩🇪", 2),
        ("⚠", 1),
        ("n\u0303", 1),
        ("한국", 4),
        ("a b", 3),
    ],
)
def test_columns_are_those_of_a_terminal(text: str, columns: int) -> None:
    """An emoji takes two, whatever it is made of: a heart that is told to be one, a thumb with its skin."""
    assert cells(text) == columns
    assert cells(f"a{text}b") == columns + 2


def test_what_a_reader_sees_as_one_character_is_not_cut_in_two() -> None:
    """Neither where a line breaks nor where a text is shortened."""
    assert wrap("👍🏽👍🏽👍🏽👍🏽👍🏽", 8) == ["👍🏽👍🏽👍🏽👍🏽", "👍🏽"]
    assert shorten("👍🏽👍🏽👍🏽👍🏽", 7) == "👍🏽👍🏽..."
    assert table([("❤️", "x"), ("ab", "y")], width=20) == ["❤️  x", "ab  y"]


def test_shortened_text_says_so() -> None:
    """A text that was cut ends in three dots and fits."""
    assert shorten("abcdefgh", 6) == "abc..."
    assert shorten("abc", 6) == "abc"
    assert cells(shorten("日本語日本語", 7)) <= 7


def test_a_table_fits_its_width() -> None:
    """The loose column gives way first; a name that fits stays whole."""
    rows = [("name", "title", "n"), ("a-long-name.txt", "a title that is far too long to be shown", "12")]
    lines = table(rows, width=40, right={2}, loose={1})
    assert lines[0] == "name             title                 n"
    assert lines[1] == "a-long-name.txt  a title that is...   12"
    assert table([], width=10) == []


@pytest.mark.parametrize(
    ("choice", "environ", "terminal", "expected"),
    [
        ("auto", {"TERM": "xterm"}, True, True),
        ("auto", {"TERM": "xterm"}, False, False),
        ("auto", {"TERM": "xterm", "NO_COLOR": "1"}, True, False),
        ("auto", {"TERM": "xterm", "NO_COLOR": ""}, True, True),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"TERM": "xterm"}, True, False),
    ],
)
def test_colour_is_sent_only_where_it_is_wanted(
    choice: str, environ: dict[str, str], terminal: bool, expected: bool
) -> None:
    """An explicit choice wins over the environment, which wins over the terminal."""
    stream = Terminal() if terminal else io.StringIO()
    assert wants_colour(choice, stream, environ) is expected  # type: ignore[arg-type]  # a row of a table


def test_paint_adds_nothing_without_colour() -> None:
    """Colour codes are ours alone."""
    assert paint("x", "bold", colour=False) == "x"
    assert paint("x", "bold", "red", colour=True) == "\x1b[1;31mx\x1b[0m"
    assert paint("", "bold", colour=True) == ""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_no_encoding_makes_printing_fail(encoding: str) -> None:
    """What a terminal's encoding lacks is shown as an escape, and JSON stays JSON."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    console = Console.open(stream, io.StringIO(), choice="auto", environ={})
    console.print("Łódź 日本")
    console.print_json('{"text": "Łódź 日本"}')
    text, data = raw.getvalue().decode(encoding).splitlines()
    assert text
    assert json.loads(data) == {"text": "Łódź 日本"}
    stream.detach()


def test_the_width_is_the_terminals_or_columns_or_eighty() -> None:
    """COLUMNS has the last word, and no width is too narrow to print in."""
    assert Console.open(io.StringIO(), io.StringIO(), choice="auto", environ={}).width == 80
    assert Console.open(io.StringIO(), io.StringIO(), choice="auto", environ={"COLUMNS": "33"}).width == 33
    assert Console.open(io.StringIO(), io.StringIO(), choice="auto", environ={"COLUMNS": "3"}).width == 20


def test_hints_are_for_people_only() -> None:
    """A hint is written to a terminal and to nothing else."""
    pipe, terminal = io.StringIO(), Terminal()
    Console(io.StringIO(), pipe).hint("try this")
    Console(io.StringIO(), terminal).hint("try this")
    assert pipe.getvalue() == ""
    assert terminal.getvalue() == "try this\n"


def test_a_long_result_goes_through_the_pager(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """PAGER gets what is longer than the terminal; where there is no pager, it is just printed."""
    monkeypatch.setenv("LINES", "5")
    monkeypatch.setenv("COLUMNS", "80")
    long = "\n".join("abcdefgh")
    for pager, shown in (("sed s/^/paged:/", ""), ("no-such-pager-here", long + "\n")):
        monkeypatch.setenv("PAGER", pager)
        terminal = Terminal()
        Console(terminal, io.StringIO()).page(long)
        assert terminal.getvalue() == shown
    assert capfd.readouterr().out.splitlines()[0] == "paged:a"


def test_the_pager_gets_what_the_terminals_encoding_holds(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Letters are bytes of the terminal's encoding, and escapes stand for those it lacks."""
    monkeypatch.setenv("LINES", "5")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("PAGER", "cat")
    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    monkeypatch.setattr(stream, "isatty", lambda: True)
    Console.open(stream, io.StringIO(), choice="auto", environ={"TERM": "xterm"}).page("Łódź\n" * 9)
    assert capfdbinary.readouterr().out == b"\\u0141\xf3d\\u017a\n" * 9 + b"\n"


def test_a_status_line_gives_way_to_what_comes_next() -> None:
    """It is wiped before a result or another line; on a terminal that cannot, it stays as a line."""
    out, err = io.StringIO(), Terminal()
    console = Console(out, err, width=30, err_moves=True)
    console.status("asking \x1b[2Ja model with a very long name")
    assert err.getvalue() == "asking \\x1b[2Ja model with..."
    console.print("It sank.")
    console.print("In 1628.")
    assert err.getvalue().endswith("with...\r\x1b[K")
    assert out.getvalue() == "It sank.\nIn 1628.\n"
    plain = Terminal()
    Console.open(out, plain, choice="never", environ={"TERM": "dumb"}).status("asking a model")
    assert plain.getvalue() == "asking a model ...\n"
    nobody = io.StringIO()
    Console.open(out, nobody, choice="never", environ={"TERM": "xterm"}).status("asking a model")
    assert nobody.getvalue() == ""


@pytest.mark.parametrize(
    ("choice", "environ"),
    [
        ("never", {"TERM": "xterm"}),
        ("auto", {"TERM": "xterm", "NO_COLOR": "1"}),
        ("auto", {"TERM": "dumb"}),
        ("auto", {}),
    ],
)
def test_who_wants_no_colour_gets_no_escape_sequence(
    choice: Literal["never", "auto"], environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal, too: no bar, no line taken back, no pager, no prompt that draws."""
    monkeypatch.setenv("PAGER", "false")
    out, err = Terminal(), Terminal()
    console = Console.open(out, err, choice=choice, environ=environ)
    ticks = iter(range(0, 1000, 6))
    progress = ProgressLine(console, lambda: next(ticks))
    for done in range(3):
        progress.show(lambda: "reading", done, 3)
    progress.note("a file")
    progress.close()
    console.status("waiting")
    console.log("a remark", "yellow")
    console.hint("a hint")
    console.page("a long line\n" * 200)
    console.print(console.paint("bold", "bold"))
    monkeypatch.setattr("sys.stdin", io.StringIO("a question\n"))
    prompt = _session(Conversation(cast("IndexReader", None)), console)
    assert prompt.prompt("qa> ") == "a question"
    with pytest.raises(EOFError):
        prompt.prompt("qa> ")
    assert "reading" in err.getvalue()
    assert "\x1b" not in out.getvalue() + err.getvalue()
    assert out.getvalue().startswith("a long line\na long")


def test_colour_that_was_asked_for_stays_in_a_pipe() -> None:
    """But nothing is redrawn there."""
    out, err = io.StringIO(), io.StringIO()
    console = Console.open(out, err, choice="always", environ={"NO_COLOR": "1", "TERM": "dumb"})
    console.print(console.paint("bold", "bold"))
    console.status("waiting")
    assert out.getvalue() == "\x1b[1mbold\x1b[0m\n"
    assert err.getvalue() == ""
