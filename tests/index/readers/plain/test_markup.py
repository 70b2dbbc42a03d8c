"""Markup and LaTeX: what a reader of the page would see, as spans of the file."""

from __future__ import annotations

import pytest

from index.readers.formats import read
from index.types import Dated
from tests.support.readings import check_reading

LATEX = r"""\documentclass[11pt]{article}
\usepackage{graphicx}
% a comment
\newcommand{\mill}{The Mill}
\title{The mill of Kiel}
\author{Anna Berg}
\date{21 October 2025}
\begin{document}
\maketitle
\section{History}\label{sec:h}
The mill closed in 1987. % not shown
It is now a
library \cite{x}.
% hidden comment
\subsection*{Today}
\begin{itemize}
\item Open on Monday.
\item[b] Closed on
  Sunday.
\end{itemize}
\begin{table}
\caption{Nights by month}
\begin{tabular}{lrr}
\hline
Month & Guests & Nights \\ \hline
January & 112 & 340 \\
February & 98 & 301 \\
\end{tabular}
\end{table}
\begin{verbatim}
x = 1
\end{verbatim}
\begin{comment}
never shown
\end{comment}
The end.
\end{document}
"""
ORG = r"""#+TITLE: The mill
#+AUTHOR: Anna
#+STARTUP: overview
# comment
* TODO History :old:
:PROPERTIES:
:ID: 12
:END:
The mill closed in 1987.
It is a library.
** Nights
| Month | Nights |
|-------+--------|
| May   | 301    |
- [ ] Call the town
- Sweep
#+BEGIN_SRC python
x = 1
#+END_SRC
Done.
"""
ASCIIDOC = r"""= The mill
Anna Berg
:toc: left
:revdate: 2025-10-21

// comment
== History

The mill closed in 1987.
It is a library.

[source,python]
----
x = 1
----

.Nights by month
|===
|Month |Nights

|May |301
|June
|98
|===

* Open on Monday
** Closed on Sunday

////
hidden
////

image::mill.png[The mill]
"""
TEXTILE = r"""h1. The mill

p. It closed in 1987.

h2(#x). Nights

|_. Month |_. Nights |
| May | 301 |

* Monday
# Sunday

bq. A quote.
"""
WIKI = r"""{{Infobox}}
== History ==
The '''mill''' closed in 1987. See [[Kiel]].

<!-- hidden
more -->
{| class="wikitable"
|+ Nights by month
|-
! Month !! Nights
|-
| May || 301
|}
* Monday
** Sunday
[[Category:Mills]]
"""


@pytest.mark.parametrize(
    ("name", "text", "blocks"),
    [
        (
            "a.tex",
            LATEX,
            [
                ("heading", 1, "The mill of Kiel"),
                ("row", 0, "Anna Berg"),
                ("row", 0, "21 October 2025"),
                ("heading", 3, "History"),
                ("paragraph", 0, "The mill closed in 1987."),
                ("paragraph", 0, "It is now a\nlibrary \\cite{x}."),
                ("heading", 4, "Today"),
                ("item", 0, "Open on Monday."),
                ("item", 0, "Closed on\n  Sunday."),
                ("paragraph", 0, "Nights by month"),
                ("row", 0, "Month & Guests & Nights"),
                ("row", 0, "January & 112 & 340"),
                ("row", 0, "February & 98 & 301"),
                ("code", 0, "x = 1"),
                ("paragraph", 0, "The end."),
            ],
        ),
        (
            "a.org",
            ORG,
            [
                ("heading", 1, "The mill"),
                ("row", 0, "Anna"),
                ("heading", 1, "TODO History"),
                ("paragraph", 0, "The mill closed in 1987."),
                ("paragraph", 0, "It is a library."),
                ("heading", 2, "Nights"),
                ("row", 0, "Month | Nights"),
                ("row", 0, "May   | 301"),
                ("item", 0, "Call the town"),
                ("item", 0, "Sweep"),
                ("code", 0, "x = 1"),
                ("paragraph", 0, "Done."),
            ],
        ),
        (
            "a.adoc",
            ASCIIDOC,
            [
                ("heading", 1, "The mill"),
                ("paragraph", 0, "Anna Berg"),
                ("row", 0, "2025-10-21"),
                ("heading", 2, "History"),
                ("paragraph", 0, "The mill closed in 1987."),
                ("paragraph", 0, "It is a library."),
                ("code", 0, "x = 1"),
                ("item", 0, "Nights by month"),
                ("row", 0, "Month |Nights"),
                ("row", 0, "May |301"),
                ("row", 0, "June\n|98"),
                ("item", 0, "Open on Monday"),
                ("item", 0, "Closed on Sunday"),
            ],
        ),
        (
            "a.textile",
            TEXTILE,
            [
                ("heading", 1, "The mill"),
                ("item", 0, "It closed in 1987."),
                ("heading", 2, "Nights"),
                ("row", 0, "_. Month |_. Nights"),
                ("row", 0, "May | 301"),
                ("item", 0, "Monday"),
                ("item", 0, "Sunday"),
                ("item", 0, "A quote."),
            ],
        ),
        (
            "a.wiki",
            WIKI,
            [
                ("heading", 2, "History"),
                ("paragraph", 0, "The '''mill''' closed in 1987. See [[Kiel]]."),
                ("item", 0, "Nights by month"),
                ("row", 0, "Month !! Nights"),
                ("row", 0, "May || 301"),
                ("item", 0, "Monday"),
                ("item", 0, "Sunday"),
            ],
        ),
    ],
)
def test_what_is_shown(name: str, text: str, blocks: list[tuple[str, int, str]]) -> None:
    """Titles with levels, prose, items and rows without their marks; no comments, commands and settings."""
    reading = read(text.encode(), name)
    check_reading(reading)
    assert reading.text == text
    assert [(block.kind, block.level, block.span.of(text)) for block in reading.blocks] == blocks


@pytest.mark.parametrize(
    ("name", "text", "title", "date"),
    [
        ("a.tex", LATEX, "The mill of Kiel", Dated("2025-10-21", "front matter")),
        ("a.org", ORG, "The mill", None),
        ("a.adoc", ASCIIDOC, "The mill", Dated("2025-10-21", "front matter")),
        ("a.textile", TEXTILE, "The mill", None),
    ],
)
def test_title_and_date(name: str, text: str, title: str, date: Dated | None) -> None:
    """What the file says of itself."""
    reading = read(text.encode(), name)
    assert (reading.title, reading.date) == (title, date)


def test_a_latex_file_without_a_preamble() -> None:
    """A chapter that another file includes is read from its first line."""
    reading = read(b"\\chapter{The mill}\nIt cost 5\\% more. 100\\,\\% of it.\n", "a.tex")
    assert [block.span.of(reading.text) for block in reading.blocks] == [
        "The mill",
        r"It cost 5\% more. 100\,\% of it.",
    ]


def test_what_follows_a_latex_command_on_its_line() -> None:
    """It is read; a line of commands alone shows nothing; the title may stand among others."""
    text = "\\title{Mill}\\author{Ann}\n\\begin{document}\\maketitle\n\\begin{itemize}\\item Boats\n"
    reading = read(text.encode(), "a.tex")
    assert reading.title == "Mill"
    assert [block.span.of(reading.text) for block in reading.blocks] == ["\\begin{itemize}\\item Boats"]


def test_tables_of_org_have_columns() -> None:
    """Above the line of dashes."""
    (table,) = read(ORG.encode(), "a.org").tables
    assert table.columns == ("Month", "Nights")


def test_tables_of_asciidoc() -> None:
    """A row has as many cells as there are columns, on one line or several; its title is the caption."""
    text = (
        '.Ferries\n[cols="1,2"]\n|===\n|Route |Price\n\n|North\n|9 euros\n\n|South |\n2+|All year\n|===\n\n'
        "Text.\n\n|===\n|Month |Nights\n|May |3\n|June\n|===\n\n----\n|===\n|a |b\n|===\n----\n"
    )
    reading = read(text.encode(), "a.adoc")
    check_reading(reading)
    shown = [(block.kind, block.span.of(reading.text)) for block in reading.blocks]
    rows = ["Route |Price", "North\n|9 euros", "South |", "All year", "Month |Nights", "May |3", "June"]
    assert [words for kind, words in shown if kind == "row"] == rows
    assert [words for kind, words in shown if kind == "code"] == ["|===\n|a |b\n|==="]
    assert [(table.columns, table.caption) for table in reading.tables] == [
        (("Route", "Price"), "Ferries"),
        (("Month", "Nights"), ""),
    ]
