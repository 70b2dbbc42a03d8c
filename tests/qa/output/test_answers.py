"""An answer as JSON, text and Markdown: complete, in the agreed shape, and harmless."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from index.types import Span
from qa.output.answers.as_json import to_json
from qa.output.answers.markdown import to_markdown
from qa.output.answers.terminal import EXTRACTIVE_NOTE, to_text
from qa.output.places import citation_ref
from qa.types import Answer, Claim, Nearest, prose
from tests.support.answers import TEXT, abstained, answered, citation, doubtful, passage

EVIL = "\x1b]52;c;ZXZpbA==\x07[/bold]<b>*x*</b>\u202e`"


def test_json_has_the_agreed_shape() -> None:
    """Keys and their order are a contract; what we add comes after the agreed keys of each object."""
    shown = json.loads(to_json(answered()))
    assert list(shown) == [
        *("schema", "question", "status", "mode", "model", "text", "missing", "claims", "citations"),
        *("passages", "usage", "seconds", "evidence", "prompt_sha256", "notes"),
        *("nearest", "disagreements", "queries", "coverage", "markers"),
    ]
    assert shown["schema"] == "qa.answer/1"
    assert list(shown["claims"][0])[:4] == ["text", "citations", "support", "reasons"]
    assert list(shown["citations"][0]) == [
        *("number", "source", "sha256", "start", "end", "text", "page", "line", "title", "date"),
        *("location", "also", "date_origin", "labelled", "file", "hidden"),
    ]
    assert list(shown["passages"][0]) == [
        *("rank", "source", "start", "end", "score", "lexical_rank", "dense_rank"),
        *("also", "hits", "read"),
    ]
    assert shown["usage"] == {"prompt_tokens": 0, "completion_tokens": 0, "cost_usd": None}
    assert shown["seconds"] == {"search": 0.01, "answer": 0.02}


def test_json_citations_are_exact() -> None:
    """The span and the text of a citation are written as they are."""
    shown = json.loads(to_json(answered()))["citations"][0]
    assert TEXT[shown["start"] : shown["end"]] == shown["text"]
    assert "\n" not in to_json(answered(text="two\nlines [1]"))


def test_text_shows_prose_then_the_sentences_it_rests_on() -> None:
    """A worked example, line by line; where the answer is the quotation, it is shown once."""
    head = [
        "The summit was cancelled. [1]",
        "",
        "Sources",
        "[1] docs/a.txt:4  characters 0-25  2025-10-21",
    ]
    also = ["    also in copies/b.txt"]
    assert to_text(answered(mode="extractive", model=None), 60).splitlines() == [*head, *also]
    quoted = to_text(answered(mode="llm", model=None), 60).splitlines()
    assert quoted[:6] == [*head, '    "The summit was cancelled."', *also]


def test_the_date_of_a_file_is_said_to_be_the_files() -> None:
    """A date that no text vouches for is never shown as if the document said it."""
    of_the_file = answered(citations=(citation(date="2026-11-22", date_origin="modified"),))
    assert "characters 0-25  file modified 2026-11-22" in to_text(of_the_file, 80)
    assert "(file modified 2026-11-22)" in to_markdown(of_the_file)
    assert json.loads(to_json(of_the_file))["citations"][0]["date_origin"] == "modified"
    made = answered(citations=(citation(date="2019-02-03", date_origin="created"),))
    assert "characters 0-25  created 2019-02-03" in to_text(made, 80)
    assert "(created 2019-02-03)" in to_markdown(made)
    assert json.loads(to_json(made))["citations"][0]["date"] == "2019-02-03"
    of_the_text = answered(citations=(citation(date_origin="front matter"),))
    assert "characters 0-25  2025-10-21" in to_text(of_the_text, 80)
    assert "modified" not in to_text(of_the_text, 80)


def test_a_row_is_shown_with_the_names_of_its_columns() -> None:
    """Below the words as they stand, where a model's claim does not give it so already."""
    row = citation(labelled="Month: May\x1b | *Nights*: 31")
    shown = to_text(answered(mode="llm", citations=(row,)), 80)
    assert '"\n    (Month: May\\x1b | *Nights*: 31)\n' in shown
    assert "(Month: May\\\\x1b \\| \\*Nights\\*: 31)" in to_markdown(answered(mode="llm", citations=(row,)))
    assert json.loads(to_json(answered(citations=(row,))))["citations"][0]["labelled"] == row.labelled
    for written in (to_text, to_markdown):
        assert "Month" not in written(answered(mode="extractive", citations=(row,)))


def test_a_paged_source_is_shown_with_page_and_line() -> None:
    """`path:page:line` for formats that have pages."""
    assert citation_ref(citation(page=3)) == "docs/a.txt:3:4"
    assert citation_ref(citation()) == "docs/a.txt:4"


def test_a_path_can_be_opened_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file below the working directory is named from there, another one in full, a missing one not."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.txt").write_text("x", encoding="utf-8")
    assert citation_ref(citation(location=str(tmp_path / "x.txt"))) == "x.txt:4"
    monkeypatch.chdir("/")
    assert citation_ref(citation(location=str(tmp_path / "x.txt"))).endswith(f"{tmp_path.name}/x.txt:4")
    assert citation_ref(citation(location=str(tmp_path / "gone.txt"))) == "docs/a.txt:4"


def test_an_abstention_names_no_sources() -> None:
    """What is nearest is shown as such, with places that `qa show` takes."""
    shown = to_text(abstained(), 70)
    assert shown.splitlines()[0] == "The documents do not answer this."
    assert "Missing: nothing is said about ethanol" in shown
    assert "Nearest passages (not sources)" in shown
    assert f"docs/a.txt:0-{len(TEXT)}, 2025-10-21" in shown
    assert "\nSources" not in shown


def test_an_abstention_shows_the_nearest_fact() -> None:
    """Below what is missing, with what it rests on, and not as an answer; in Markdown and JSON too."""
    near = abstained(nearest=Nearest("It was planned for May [1].", (citation(),)))
    lines = to_text(near, 70).splitlines()
    at = lines.index("Nearest: It was planned for May [1].")
    assert lines[at + 1].startswith("[1] ")
    assert "Sources" not in lines
    assert "Nearest: It was planned for May [1].\n\n- [1] " in to_markdown(near)
    shown = json.loads(to_json(near))
    assert (shown["nearest"]["text"], shown["citations"]) == ("It was planned for May [1].", [])


def test_an_abstention_without_passages_is_short() -> None:
    """Nothing was found, and nothing is made up."""
    assert (
        to_text(abstained(passages=(), missing=None, text="")) == "The documents do not answer this question."
    )


def test_doubts_are_never_silent() -> None:
    """Every claim that is not borne out is shown with its reasons."""
    kinds = (
        ("Doubtful: compare", "Without a source", "Citing what was not shown"),
        ("suspect", "uncited", "rejected"),
    )
    for shown, named in zip((to_text(doubtful(), 100), to_markdown(doubtful())), kinds, strict=True):
        for word in (*named, "45 is not in the cited text", "Missing: the date", "s99: no"):
            assert word in shown


def test_colour_adds_only_colour() -> None:
    """Without its colour codes, the coloured text is the plain one."""
    for answer in (answered(), abstained(), doubtful()):
        coloured = to_text(answer, 60, colour=True)
        plain = coloured
        for code in ("0", "1", "2", "33", "36"):
            plain = plain.replace(f"\x1b[{code}m", "")
        assert plain == to_text(answer, 60)
        assert "\x1b[" in coloured


def test_only_our_own_markers_are_coloured() -> None:
    """A document that holds `[7]` does not get a citation by it."""
    shown = to_text(answered(text="As in [7]. [1]"), colour=True)
    assert "\x1b[36m[1]" in shown
    assert "\x1b[36m[7]" not in shown


MARKED = (
    "It sank [1]. As in `names[1]` and ``x[`1`][1]`` [1].\n\n```\nrow[1] = 2\n```\nSee [ 2 ] or [a][1]."
)  # fmt: skip


def test_a_marker_is_told_from_code_and_from_a_documents_own() -> None:
    """In JSON by its place, in Markdown by escapes, in the prose that is scored, and by colour."""
    answer = answered(text=MARKED, mode="llm")
    markers = json.loads(to_json(answer))["markers"]
    assert [MARKED[each["start"] : each["end"]] for each in markers] == ["[1]"] * 3
    assert [MARKED.index("[1]"), MARKED.index(" [1].\n") + 1, MARKED.rindex("[1]")] == [
        each["start"] for each in markers
    ]
    assert len(re.findall(r"(?<!\\)\[1\]", to_markdown(answer).partition("### Sources")[0])) == 3
    assert prose(answer) == (
        "It sank. As in `names[1]` and ``x[`1`][1]``.\n\n```\nrow[1] = 2\n```\nSee [ 2 ] or [a]."
    )  # fmt: skip
    assert to_text(answer, colour=True).partition("Sources")[0].count("\x1b[36m[1]") == 3


def evil_answers() -> list[Answer]:
    """Answers whose every text is an attack."""
    bad = citation(text=EVIL, source=EVIL, also=(EVIL,), date=EVIL, title=EVIL)
    claim = Claim(EVIL, (1,), "suspect", (EVIL,))
    return [
        answered(text=EVIL + " [1]", question=EVIL, citations=(bad,), claims=(claim,), missing=EVIL),
        abstained(text=EVIL, missing=EVIL, passages=(passage(1, EVIL, EVIL),)),
    ]


@pytest.mark.parametrize("answer", evil_answers())
def test_no_document_reaches_the_terminal(answer: Answer) -> None:
    """No control, bidi or tag character passes; markup stays what it is: text."""
    for shown in (to_text(answer), to_markdown(answer)):
        assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cf"} and c != "\n"]
        assert "\\x1b]52" in shown or "\\\\x1b\\]52" in shown
    assert "[/bold]" in to_text(answer)
    assert "<b>" not in re.sub(r"`` .*? ``", "", to_markdown(answer))  # code spans show their text as it is


@given(st.text(min_size=1), st.integers(20, 120))
def test_text_fits_the_terminal(text: str, width: int) -> None:
    """Whatever a sentence is, the prose and the quotation stay within the width."""
    from qa.output.text import cells

    answer = answered(text=f"{text} [1]", citations=(citation(text=text, source="a.txt", also=()),))
    assert all(cells(line) <= max(width, 48) for line in to_text(answer, width).splitlines())


def test_that_an_answer_was_stopped_is_its_first_note() -> None:
    """In JSON, where it is no key of its own, in text and in Markdown."""
    answer = answered(stopped=True, notes=("the prompt has no room for 1 of 2 passages that were found",))
    assert json.loads(to_json(answer))["notes"] == ["stopped before its end", *answer.notes]
    for shown in (to_text(answer), to_markdown(answer)):
        assert shown.index("Note: stopped before its end") < shown.index("Note: the prompt has no room")


def test_markdown_quotes_and_escapes() -> None:
    """A worked example."""
    answer = answered(question="Why *now*?", citations=(citation(text="1. A <b> # word", span=Span(0, 15)),))
    assert to_markdown(answer).splitlines() == [
        r"## Why \*now\*?",
        "",
        "The summit was cancelled. [1]",
        "",
        "### Sources",
        "",
        "- [1] `docs/a.txt:4` (2025-10-21)",
        r"  > 1\. A \<b\> # word",
        "  also in `copies/b.txt`",
    ]


def test_a_name_with_backticks_stays_one_code_span() -> None:
    """The fence is longer than any run of backticks in the name."""
    assert "`` a`b.txt:4 ``" in to_markdown(answered(citations=(citation(source="a`b.txt"),)))


def test_the_note_on_extracted_answers_fits_a_terminal() -> None:
    """A terminal of 80 columns does not break a word of it."""
    assert len(EXTRACTIVE_NOTE) <= 80
