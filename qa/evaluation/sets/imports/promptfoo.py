"""Tests in the form of promptfoo: variables and assertions, in YAML, JSON or CSV with `__expected`.

An assertion that gives a text of the right answer becomes a reference answer; a rubric, a pattern or a
program says nothing that a metric here could compare, and is counted. Assertions of one test must all hold:
`equals` is then the whole answer, and several texts to be contained are one answer together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from qa.evaluation.sets.columns.lists import listed
from qa.evaluation.sets.columns.names import choose
from qa.evaluation.sets.files.rows import SetRow, SetRows
from qa.evaluation.sets.imports.imported import Imported
from qa.evaluation.sets.rows import RowError, described

_WHOLE = ("equals", "factuality", "similar", "levenshtein", "rouge-n", "bleu", "meteor", "f-score")
_PART = ("contains", "icontains", "starts-with")
_ALL, _ANY = ("contains-all", "icontains-all"), ("contains-any", "icontains-any")
_PREFIX = re.compile(
    r"(?P<type>(?:not-)?(?:[a-z]+(?:-[a-z]+)*))(?:\((?P<threshold>\d+(?:\.\d+)?)\))?:(?P<value>.*)", re.DOTALL
)
_KNOWN = frozenset(
    (
        *_WHOLE,
        *_PART,
        *_ALL,
        *_ANY,
        *re.findall(
            r"\S+",
            """
            answer-relevance assert-set classifier contains-html contains-json contains-sql contains-xml
            context-faithfulness context-recall context-relevance cost eval file fn g-eval gleu grade
            guardrails
            is-html is-json is-refusal is-sql is-valid-function-call is-valid-openai-function-call
            is-valid-openai-tools-call is-xml javascript latency llm-rubric model-graded-closedqa
            model-graded-factuality moderation perplexity perplexity-score pi python regex ruby search-rubric
            select-best tool-call-f1 trajectory webhook word-count
            """,
        ),
    )
)
_LEGACY = {
    "grade": "llm-rubric",
    "fn": "javascript",
    "eval": "javascript",
    "model-graded-factuality": "factuality",
}
_TEMPLATE = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
_REFUSAL = "is-refusal"


def is_promptfoo(file: SetRows) -> bool:
    """Whether the rows are tests of promptfoo, or the columns those of its tables."""
    first = next((row.values for row in file.rows if isinstance(row.values, Mapping)), {})
    in_table = any(name.strip().startswith("__expected") for name in (*file.columns, *first))
    return in_table or isinstance(first.get("vars"), Mapping) or "defaultTest" in file.beside


def import_promptfoo(file: SetRows, mapping: Mapping[str, str]) -> Imported:
    """The tests as rows: their variables, and `answers` for what they assert."""
    lost: Counter[str] = Counter()
    default = file.beside.get("defaultTest")
    shared = default if isinstance(default, Mapping) else {}
    lost["scenarios"] += "scenarios" in file.beside
    rows = tuple(made for row in file.rows for made in _tests(row, shared, mapping, lost))
    tests = file.beside.get("tests")
    if isinstance(tests, str):
        bad = RowError(f"the tests are in another file, {tests[:60]}: name that one")
        rows = (*rows, SetRow("tests", bad))
    return Imported(replace(file, rows=rows, columns=()), lost)


def _tests(
    row: SetRow, shared: Mapping[str, object], mapping: Mapping[str, str], lost: Counter[str]
) -> Iterator[SetRow]:
    """The rows of one test: one for each question that it lists."""
    if isinstance(row.values, RowError):
        yield row
        return
    try:
        variables, assertions = _parts(row.values, shared, lost)
        variables = _named_question(variables, mapping)
        answers = _answers(assertions, variables, lost)
    except RowError as exc:
        yield SetRow(row.place, exc)
        return
    made: dict[str, object] = dict(variables)
    if answers == [_REFUSAL]:
        made["answerable"] = False
    elif answers:
        made["answers"] = answers
    asked = [(name, value) for name, value in made.items() if name == "question" and isinstance(value, list)]
    for name, questions in asked:
        for question in questions:
            yield SetRow(row.place, {**made, name: question})
    if not asked:
        yield SetRow(row.place, made)


def _parts(
    test: Mapping[str, object], shared: Mapping[str, object], lost: Counter[str]
) -> tuple[dict[str, object], list[tuple[str, object]]]:
    """The variables and the assertions of a test, those of `defaultTest` included. Raises RowError."""
    if "vars" not in test and "assert" not in test:  # a row of a table
        named = {name: value for name, value in test.items() if not name.strip().startswith("__")}
        written = [
            value
            for name, value in test.items()
            if name.strip().startswith("__expected") and value not in (None, "")
        ]
        for name, value in test.items():
            if name.strip().startswith("__") and not name.strip().startswith("__expected") and value:
                lost[name.strip()] += 1
        return named, [_of_text(str(value)) for value in written]
    variables, assertions = test.get("vars"), test.get("assert")
    if not isinstance(variables, Mapping):
        raise RowError(f"a test with vars was expected; its vars are {described(variables)}")
    more = [shared.get("assert"), assertions]
    listed_more = [each for part in more if isinstance(part, list) for each in part]
    for name in ("options", "threshold", "provider", "providers", "metadata"):
        lost[name] += bool(test.get(name))
    common = shared.get("vars")
    merged = {**(common if isinstance(common, Mapping) else {}), **variables}
    return merged, [_of_object(each) for each in listed_more]


def _of_object(assertion: object) -> tuple[str, object]:
    if isinstance(assertion, str):
        return _of_text(assertion)
    if not isinstance(assertion, Mapping) or not isinstance(assertion.get("type"), str):
        raise RowError(f"an assertion with type and value was expected, not {described(assertion)}")
    kind = str(assertion["type"])
    return _LEGACY.get(kind, kind), assertion.get("value")


def _of_text(written: str) -> tuple[str, object]:
    """An assertion in a cell: "contains: Paris", "similar(0.8): Paris"; a text alone is to be equalled."""
    match = _PREFIX.fullmatch(written.strip())
    kind = match["type"] if match else ""
    if written.strip() in _KNOWN and written.strip().removeprefix("not-") not in _WHOLE + _PART:
        return written.strip(), None
    if match is None or kind.removeprefix("not-") not in _KNOWN:
        return "equals", written.strip()
    value: object = match["value"].strip()
    if kind.removeprefix("not-") in (*_ALL, *_ANY):
        value = [part.strip() for part in match["value"].split(",")]
    return _LEGACY.get(kind, kind), value


def _named_question(variables: dict[str, object], mapping: Mapping[str, str]) -> dict[str, object]:
    """The variables, that which is the question under its name. Raises RowError where none can be told."""
    chosen = choose(list(variables), {"question": mapping["question"]} if mapping.get("question") else {})
    column = chosen.columns.get("question")
    if column is None:
        filled = [name for name, value in variables.items() if value not in (None, "")]
        if len(filled) != 1:
            shown = ", ".join(filled[:6]) or "none"
            raise RowError(f"which variable is the question? The test has: {shown}")
        (column,) = filled
    value = variables[column]
    if isinstance(value, str) and listed(value.strip()) is None:
        value = _filled(value, variables)
    return {
        "question" if name == column else name: value if name == column else each
        for name, each in variables.items()
    }


def _answers(
    assertions: Sequence[tuple[str, object]], variables: Mapping[str, object], lost: Counter[str]
) -> list[str]:
    """The reference answers that the assertions come to; what is none is counted."""
    whole: list[str] = []
    together: list[str] = []
    either: list[str] = []
    for kind, value in assertions:
        texts = [
            _filled(str(each).strip(), variables) for each in (value if isinstance(value, list) else [value])
        ]
        texts = [text for text in texts if text]
        if kind == _REFUSAL:
            return [_REFUSAL]
        if value is None or not texts or any(text.startswith("file://") for text in texts):
            lost[kind] += 1
        elif kind in _WHOLE:
            whole += texts
        elif kind in _PART or kind in _ALL:
            together += texts
        elif kind in _ANY:
            either += texts
        else:
            lost[kind] += 1
    if whole:
        return list(dict.fromkeys(whole))
    if together:
        lost["contains-any beside other assertions"] += bool(either)
        return [", ".join(dict.fromkeys(together))]
    return list(dict.fromkeys(either))


def _filled(text: str, variables: Mapping[str, object]) -> str:
    """A text with the variables that it names put in; what is not known stays as it is."""
    return _TEMPLATE.sub(
        lambda match: str(variables[match[1]]) if isinstance(variables.get(match[1]), str) else match[0], text
    )
