"""Plans a search: a model's queries for what the words of a question alone do not find.

The model is shown the question, the names of the sources that the question found, and the day. What it
writes is read leniently, and never more than searched for: a query cannot change what an answer may cite.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from index.errors import QaError
from prompts import fill, load
from prompts.delimiters import Draw, random_mark, unused_mark
from prompts.sanitize import sanitize, visible_line
from qa.models.base import Message
from qa.models.reasoning import final_text, without_reasoning

if TYPE_CHECKING:
    from index.types import Passage, Source
    from qa.models.base import LLM

PROMPT = "queries"
MOST_QUERIES = 4
MOST_SOURCES = 10  # that a model is shown the names of
PLAN_TOKENS = 300  # of the queries: twice what four of them take in any language
LONGEST_QUERY = 300  # characters
_LONGEST_SOURCE = 200  # characters of its line
_LONGEST_QUESTION = 4_000  # characters that are shown; the search reads fewer

# What may stand before a query: a list's sign or number, "Query 2:", quotation marks and emphasis.
_SIGNS = "-*+•–—·#>`\"'“”„«»‘’_| \t"
_LABEL = re.compile(
    r"(?:\(?\d{1,2}[.):\]]|[a-d]\)|(?:search )?(?:quer(?:y|ies)|(?:such)?anfrage|q)\s*\d{0,2}\s*[:.)])\s+",
    re.IGNORECASE,
)
_QUOTED = re.compile(r'"([^"\n]{3,})"|“([^”\n]{3,})”|«([^»\n]{3,})»|`([^`\n]{3,})`')
_TAG = re.compile(r"</?[a-z_]+(?: [^<>]*)?>|```\w*", re.IGNORECASE)
# Lines that are about the queries, or refuse to write any.
_ABOUT = re.compile(
    r"(?:(?:sure|certainly|of course|okay|ok|sorry|unfortunately|leider)\b(?:[,.!:—-]|$)"
    r"|(?:note|explanation|reasoning|answer|language)\s*:|(?:none|n/a|nothing)\W*$"
    r"|no (?:answer|(?:search )?quer)|here (?:are|is)\b|these (?:are|queries)\b"
    r"|i (?:am|cannot|can|could|will|would|do|don|have|need)\b"
    r"|i['’](?:m|ll|ve|d)\b|as an ai\b|hier sind\b|ich (?:kann|habe|werde)\b)",
    re.IGNORECASE,
)
_ASIDE = re.compile("reason|think|thought|expla|lang|note|question", re.IGNORECASE)  # fields of JSON


def plan_queries(
    question: str,
    passages: Sequence[Passage],
    llm: LLM,
    *,
    today: date | None = None,
    draw: Draw = random_mark,
) -> tuple[str, ...]:
    """At most four queries by which `llm` would search for what answers `question`; none if it writes none.

    `passages` are those that the question itself found. One small call. Raises `ModelError` if the model
    cannot be asked or writes nothing, and what a meter raises.
    """
    prompt = planning_prompt(question, passages, today=today, draw=draw)
    completion = llm.complete((Message("user", prompt),), max_tokens=PLAN_TOKENS)
    return parse_queries(completion.text, question, whole=completion.whole)


def planning_prompt(
    question: str, passages: Sequence[Passage], *, today: date | None = None, draw: Draw = random_mark
) -> str:
    """The prompt that asks for queries. Names and titles are data: nothing in them can pass for ours."""
    sources = "\n".join(_source_line(source) for source in likely_sources(passages)) or "none"
    asked = sanitize(question)[:_LONGEST_QUESTION]
    today = today or datetime.now().astimezone().date()
    mark = unused_mark(sources + asked, draw)
    return fill(load(PROMPT), mark=mark, sources=sources, question=asked, today=today.isoformat())


def likely_sources(passages: Iterable[Passage]) -> list[Source]:
    """The first ten distinct sources of `passages`, in their order."""
    distinct = {passage.source.id: passage.source for passage in passages}
    return list(distinct.values())[:MOST_SOURCES]


def _source_line(source: Source) -> str:
    dated = source.date.value if source.date and source.date.of_document else ""
    facts = (source.name, source.title if source.title != source.name else "", dated)
    return " | ".join(sanitize(fact) for fact in facts if fact)[:_LONGEST_SOURCE]


def parse_queries(written: str, question: str, *, whole: bool = True) -> tuple[str, ...]:
    """The queries in what a model wrote: lines, a list in any dress, or JSON; at most four, none twice.

    Introductions, refusals and what only repeats the question are left out. Of a text that is not `whole`,
    the last line is left out if it is not the only one.
    """
    text = final_text(without_reasoning([written]))
    found = _json_queries(text)
    if found is None:
        lines = [line for line in _TAG.sub("\n", text).splitlines() if line.strip()]
        found = list(_line_queries(lines if whole or len(lines) < 2 else lines[:-1]))
    queries: dict[tuple[str, ...], str] = {}
    asked = _words(question)
    for query in found:
        plain = _shortened(visible_line(query).strip(_SIGNS + ",;"))
        words = _words(plain)
        if words and words != asked:
            queries.setdefault(words, plain)
    return tuple(queries.values())[:MOST_QUERIES]


def _json_queries(text: str) -> list[str] | None:
    """The texts of a JSON list or object that is there, whatever stands around it; None if there is none."""
    if (opening := re.search(r"[\[{]", text)) is None or not _begins_text(text[: opening.start()]):
        return None
    end = text.rfind("]" if opening[0] == "[" else "}")
    try:
        return list(_texts(json.loads(text[opening.start() : end + 1])))
    except (ValueError, RecursionError):
        return None


def _begins_text(before: str) -> bool:
    """Whether what stands before a bracket is none of a query: nothing, a fence, a line of its own."""
    last = before.rsplit("\n", 1)[-1].strip(_SIGNS)
    return not last or last.endswith((":", "json"))


def _texts(value: object, depth: int = 0) -> Iterator[str]:
    """All texts in a value of JSON, but for the names of fields and what such a name says is no query."""
    if isinstance(value, str):
        yield value
    elif depth < 4 and isinstance(value, dict):
        for name, item in value.items():
            if not _ASIDE.search(name):
                yield from _texts(item, depth + 1)
    elif depth < 4 and isinstance(value, list):
        for item in value:
            yield from _texts(item, depth + 1)


def _line_queries(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        plain = line.replace("**", "").strip().strip(_SIGNS)
        label = _LABEL.match(plain)
        plain = plain[label.end() :].strip(_SIGNS) if label else plain
        quoted = ["".join(groups) for groups in _QUOTED.findall(line)]
        if len(quoted) > 1 and not re.search(r"\w", _QUOTED.sub("", _LABEL.sub("", line)).replace("and", "")):
            yield from quoted  # several on one line, with nothing but commas between
        elif not plain.endswith((":", "：")) and not _ABOUT.match(plain):
            yield plain


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))


def _shortened(query: str) -> str:
    """A query, cut after a word where it is longer than any that is meant."""
    if len(query) <= LONGEST_QUERY:
        return query
    return query[:LONGEST_QUERY].rsplit(" ", 1)[0]


def failure_note(error: QaError) -> str:
    """What is said of an answer whose search could not be planned."""
    return f"only the question itself was searched for: no queries from the model ({error.cause})"
