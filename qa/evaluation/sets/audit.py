"""`qa eval --check`: a question set checked against the index, without asking anything.

A problem makes scores wrong; a remark is for the person to judge.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from heapq import nlargest
from pathlib import Path
from typing import TYPE_CHECKING

from qa.evaluation.sets.dataset import QuestionSet
from qa.evaluation.sets.gold import Resolved, Resolver
from qa.evaluation.sets.leakage import holders, same_file
from qa.evaluation.sets.placing import linked_questions
from qa.evaluation.types import Gold, GoldPlace, Question

if TYPE_CHECKING:
    from index.storage.queries import CatalogReader

SCHEMA = "qa.check/1"
_NAMED = 20  # problems and remarks that are shown as text; JSON has all
_ALIKE = 500  # names with the most words of a name that is not indexed, to choose the nearest from


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where it stands first, what to do about it, and in how many places it stands."""

    place: str
    what: str
    hint: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Checked:
    """The audit of a set. `counts` are of questions and gold, `measured` the n of each group of metrics."""

    counts: dict[str, int]
    tags: dict[str, int]
    measured: dict[str, int]
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()


def check_set(question_set: QuestionSet, catalog: CatalogReader, path: Path | None = None) -> Checked:
    """A question set checked against an index; `path` is the set's file, to see whether it is indexed itself.

    Drafts are checked as if they were accepted. Raises UsageError if that file cannot be read, and what the
    catalog raises.
    """
    drafts = question_set.drafts
    question_set = replace(question_set, questions=(*question_set.questions, *drafts))
    resolver = Resolver(catalog)
    questions = linked_questions(question_set.questions, resolver, question_set.documents)
    near = _nearest(resolver, [source.name for source in catalog.sources()])
    problems: list[Problem] = []
    unreachable: list[Problem] = []
    gold: list[tuple[GoldPlace, ...]] = []
    for question in questions:
        resolved = resolver.resolve(question)
        gold.append(resolved.gold)
        lenient = question_set.form is not None
        flaws, foreign = _flaws(question, resolved, resolver, near, lenient=lenient)
        problems += flaws
        unreachable += foreign
        unreachable += [Problem(question.place, note.what) for note in resolved.notes]
        problems += _within(question, resolver, near)
        unreachable += _unreachable(question, resolved)
    remarks = [Problem(place, what) for place, what in (*question_set.remarks, *question_set.split)]
    remarks += [Problem(draft.place, "is a draft, and in no figure until it is accepted") for draft in drafts]
    remarks += [*_twice(questions), *_unmeasured(questions), *unreachable]
    return Checked(
        _counts(questions, gold),
        dict(Counter(tag for question in questions for tag in question.tags).most_common()),
        _measured(questions, gold),
        _merged(problems),
        (*_leaks(questions, catalog, path), *_merged(remarks)),
    )


def check_object(checked: Checked, path: str) -> dict[str, object]:
    """What `qa eval --check --json` prints."""

    def listed(problems: Sequence[Problem]) -> list[dict[str, object]]:
        return [
            {
                "place": problem.place,
                "what": problem.what,
                "hint": problem.hint or None,
                "times": problem.times,
            }
            for problem in problems
        ]

    return {
        "schema": SCHEMA,
        "questions": path,
        "counts": checked.counts,
        "tags": checked.tags,
        "measured": checked.measured,
        "problems": listed(checked.problems),
        "remarks": listed(checked.remarks),
    }


def check_json(checked: Checked, path: str) -> str:
    """`check_object` on one line."""
    return json.dumps(check_object(checked, path), ensure_ascii=False)


def _flaws(
    question: Question, resolved: Resolved, resolver: Resolver, near: Callable[[str], str], *, lenient: bool
) -> tuple[list[Problem], list[Problem]]:
    """Problems of a question's gold; apart from them quotations of an imported set, which are not scored."""
    problems: list[Problem] = []
    unscored: list[Problem] = []
    for flaw in resolved.flaws:
        gold = question.evidence[flaw.at]
        indexed = resolver.indexed(gold.source) if gold.source else None
        if gold.is_quotation and (indexed is not None or not gold.source):
            found = Problem(question.place, flaw.what, "quote the text as qa show prints it")
        elif indexed is None:
            found = Problem(question.place, flaw.what, near(gold.source))
        else:
            found = Problem(question.place, flaw.what, _where(gold, indexed.text))
        (unscored if lenient and gold.is_quotation else problems).append(found)
    return problems, unscored


def _nearest(resolver: Resolver, names: Sequence[str]) -> Callable[[str], str]:
    """A function that gives a hint for a name of no source, or of several."""
    hints: dict[str, str] = {}
    words = {name: _words(name) for name in names}

    def hint(name: str) -> str:
        if resolver.names(name):
            return "write the name in full, as qa sources lists it"
        if name not in hints and len(hints) < _NAMED:
            wanted = _words(name)  # comparing a name with all of 100,000 would take 20 seconds
            alike = nlargest(_ALIKE, names, key=lambda known: len(wanted & words[known]))
            near = get_close_matches(name, alike, n=3)
            hints[name] = f"did you mean {' or '.join(near)}?" if near else ""
        return hints.get(name) or "the names are listed by: qa sources"

    return hint


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.casefold()))


def _where(gold: Gold, text: str) -> str:
    """A hint: where the gold's text stands in `text`, white space apart, if exactly once."""
    words = (gold.text or "").split()
    if not words:
        return ""
    matches = re.compile(r"\s+".join(map(re.escape, words))).finditer(text)
    first, second = next(matches, None), next(matches, None)
    if first is None:
        return "that text is not in the source; was the document changed since?"
    if second is not None:
        return "that text is in the source more than once"
    return f"that text stands at start {first.start()}, end {first.end()}"


def _within(question: Question, resolver: Resolver, near: Callable[[str], str]) -> Iterator[Problem]:
    if question.within is None:
        return
    indexed = resolver.indexed(question.within)
    if indexed is None:
        what = f"within: {question.within} is not indexed"
        yield Problem(question.place, what, near(question.within))
        return
    for gold in question.evidence:
        other = resolver.indexed(gold.source) if gold.source else None
        if other is not None and other.source.name != indexed.source.name:
            what = f"the evidence is in {other.source.name}, the question within {indexed.source.name}"
            yield Problem(question.place, what, "one of the two is wrong")


def _unreachable(question: Question, resolved: Resolved) -> Iterator[Problem]:
    """Gold that stands where no chunk is: text that indexing leaves out, a page that is a picture."""
    flawed = {flaw.at for flaw in resolved.flaws}
    for at, place in zip(resolved.of, resolved.gold, strict=True):
        if at not in flawed and not place.chunks and not place.is_document:
            where = f"page {place.page}" if place.span is None else f"[{place.span.start}, {place.span.end})"
            what = f"no indexed chunk bears {where} of {place.source}, so that search cannot find it"
            yield Problem(question.place, what)


def _leaks(questions: Sequence[Question], catalog: CatalogReader, path: Path | None) -> Iterator[Problem]:
    same = same_file(path, catalog) if path is not None else ()
    hint = "take it out of the index: search finds the questions in it, not the answers"
    for name in same:
        yield Problem(name, "this question set is among the indexed documents", hint)
    for name, count, asked in holders(questions, catalog):
        if name not in same:
            what = f"{count:,} of {asked:,} questions stand in this document word for word"
            yield Problem(name, what, hint.replace("take", "if it holds tests and no facts, take"))


def _twice(questions: Sequence[Question]) -> Iterator[Problem]:
    first: dict[tuple[str | None, str], str] = {}
    for question in questions:
        asked = (question.within, " ".join(question.text.casefold().split()))
        if asked in first:
            yield Problem(question.place, f"asks the same as {first[asked]}")
        else:
            first[asked] = question.place


def _unmeasured(questions: Sequence[Question]) -> Iterator[Problem]:
    for question in questions:
        if not (question.answers or question.evidence):
            if question.answerable:
                what = "answerable, without answers or evidence: only whether it is refused is measured"
                yield Problem(question.place, what)
            elif question.answerable is None:
                yield Problem(
                    question.place,
                    "the row says nothing but the question: nothing is measured of it",
                    "add answers, evidence or answerable; /gold does so in a conversation",
                )


def _counts(questions: Sequence[Question], gold: Sequence[Sequence[GoldPlace]]) -> dict[str, int]:
    return {
        "questions": len(questions),
        "answerable": sum(question.answerable is True for question in questions),
        "unanswerable": sum(question.answerable is False for question in questions),
        "not_said": sum(question.answerable is None for question in questions),
        "with_answers": sum(bool(question.answers) for question in questions),
        "with_spans": sum(map(_spans, gold)),
        "with_pages": sum(map(_pages, gold)),
        "with_documents": sum(map(_documents, gold)),
        "pieces_of_gold": sum(len(question.evidence) for question in questions),
    }


def _measured(questions: Sequence[Question], gold: Sequence[Sequence[GoldPlace]]) -> dict[str, int]:
    spans, pages, documents = (sum(map(has, gold)) for has in (_spans, _pages, _documents))
    return {
        "retrieval": spans,
        "page_retrieval": pages,
        "document_retrieval": documents,
        "citations": spans,
        "page_citations": pages,
        "document_citations": documents,
        "answers": sum(bool(question.answers) for question in questions),
        "refusals": sum(question.answerable is not None for question in questions),
    }


def _spans(gold: Sequence[GoldPlace]) -> bool:
    return any(place.span is not None for place in gold)


def _pages(gold: Sequence[GoldPlace]) -> bool:
    return any(place.page is not None for place in gold)


def _documents(gold: Sequence[GoldPlace]) -> bool:
    return any(place.is_document for place in gold)


def _merged(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Problems of one wording as one, at its first place."""
    by_wording: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        by_wording.setdefault((problem.what, problem.hint), []).append(problem)
    return tuple(
        Problem(same[0].place, same[0].what, same[0].hint, sum(problem.times for problem in same))
        for same in by_wording.values()
    )
