"""Which column of a table is which field of a question, by the names that people and tools give them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache

from index.errors import UsageError
from qa.evaluation.sets.rows import FIELDS, RowError, meant

PIECE_FIELDS = ("source", "start", "end", "text", "page", "set")  # one piece of evidence in columns
READ_FIELDS = (*FIELDS, *PIECE_FIELDS)
INVERSE = "unanswerable"  # a column that says the contrary of `answerable`

# Of each field the names that others give it, as `plain` writes them; the first that is there is taken.
_GOLD_ANSWERS = re.findall(
    r"\S+",
    """
    expected_answer expected_answers expected expected_output expected_outputs expected_response
    expected_responses expected_result ground_truth ground_truths groundtruth groundtruths
    ground_truth_answer ground_truth_answers gold_answer gold_answers golden_answer golden_answers
    reference_answer reference_answers reference_response correct_answer correct_answers right_answer
    ideal_answer ideal target_answer target_answers erwartete_antwort reponse_attendue respuesta_esperada
    """,
)
_ALIASES: dict[str, Sequence[str]] = {
    "question": re.findall(
        r"\S+",
        """
        query questions queries user_input user_query user_question question_text input_question prompt input
        q frage pregunta domanda vraag
        """,
    ),
    "answers": (
        *_GOLD_ANSWERS,
        *(
            "reference",
            "references",
            "answer",
            "a",
            "antwort",
            "antworten",
            "reponse",
            "respuesta",
            "risposta",
        ),
    ),
    "text": re.findall(
        r"\S+",
        """
        quote quotes quotation quotations reference_context reference_contexts gold_context gold_contexts
        golden_context golden_contexts ground_truth_context ground_truth_contexts supporting_text
        supporting_texts supporting_context supporting_passage evidence_text gold_text source_text
        gold_passage gold_passages context contexts excerpt excerpts passage passages
        snippet snippets zitat zitate
        """,
    ),
    "source": re.findall(
        r"\S+",
        """
        sources source_document source_documents source_doc source_file source_files source_name gold_source
        gold_sources gold_document gold_documents gold_doc expected_source expected_sources expected_document
        expected_documents reference_document reference_documents reference_doc document_name doc_name
        document documents doc docs file files filename filenames file_name document_id doc_id quelle quellen
        dokument datei fuente
        """,
    ),
    "page": ("page_number", "page_no", "page_num", "pages", "gold_page", "source_page", "seite"),
    "answerable": ("is_answerable", "has_answer"),
    INVERSE: ("is_unanswerable", "is_impossible", "impossible", "no_answer"),
}
# Quotations by these names are what was looked at, which need not answer the question.
CONTEXT_NAMES = frozenset(name for name in _ALIASES["text"] if "context" in name or "passage" in name)
# What a system gave that was asked before: no gold, however much it sounds like it.
_GIVEN = frozenset(
    re.findall(
        r"\S+",
        """
        response responses actual_output actual_answer generated_answer generated_response predicted_answer
        prediction predictions model_answer model_output bot_answer system_answer completion
        retrieved_context retrieved_contexts retrieval_context retrieval_contexts retrieved_documents
        retrieved_docs retrieved_passages retrieved_chunks
        """,
    )
)
_RETRIEVED = ("retriev",)
_GOLD_WORDS = frozenset(
    re.findall(
        r"\S+",
        """
        answer answers expected truth gold golden reference references correct ideal target context contexts
        evidence quote quotes quotation citation citations cited source sources document page pages passage
        span spans rubric impossible answerable output outputs answer1 antwort quelle
        """,
    )
)
_NO_GOLD_WORDS = frozenset(
    (
        "url",
        "link",
        "id",
        "type",
        "types",
        "count",
        "date",
        "time",
        "by",
        "score",
        "similarity",
        "length",
        "hash",
    )
)
_FILE_NAME = re.compile(r"[^\n]{1,200}\.[A-Za-z][A-Za-z0-9]{1,4}(?:\W.{0,20})?")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The columns that are read: of each field the name of its column, as the file spells it.

    `foreign` are those whose column is called otherwise, `unused` the columns that look like gold and are not
    read, with the reason. `ambiguous` says why no choice could be made, empty where one could.
    """

    columns: Mapping[str, str]
    foreign: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[tuple[str, str], ...] = ()
    ambiguous: str = ""


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """A column's name for comparison: "Expected Answer(s)" and "expectedAnswers" are "expected_answers"."""
    text = unicodedata.normalize("NFKD", name.strip())
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text).casefold().replace("(s)", "s")
    return re.sub(r"[\W_]+", "_", text).strip("_")


def names_question(names: Sequence[str], mapping: Mapping[str, str]) -> bool:
    """Whether these are the columns of a question set: one of them is the question, or a test's assertion."""
    wanted = mapping.get("question")
    if wanted:
        return any(plain(name) == plain(wanted) for name in names)
    known = {plain(name) for name in names}
    tests = any(name.strip().startswith("__expected") or name == "vars" for name in names)
    return tests or not known.isdisjoint(("question", *_ALIASES["question"]))


def check_mapping(mapping: Iterable[str]) -> dict[str, str]:
    """The columns that a person named, "FIELD=NAME" each, by field; NAME is empty for a field without one.

    Raises UsageError for what is no such pair, and for a field that there is not.
    """
    columns: dict[str, str] = {}
    for pair in mapping:
        name, equals, column = pair.partition("=")
        known = plain(name)
        if not equals:
            raise UsageError(
                f"{pair[:60]!r} is no FIELD=NAME", 'such as answers="Expected Answer"', option="column"
            )
        if known not in (*READ_FIELDS, INVERSE):
            near = get_close_matches(known, READ_FIELDS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"fields are: {', '.join(READ_FIELDS)}"
            raise UsageError(f"there is no field {name[:40]!r}", hint, option="column")
        if known in columns:
            raise UsageError(f"the field {known} is given two columns", "name one", option="column")
        columns[known] = column.strip().strip("\"'")
    return columns


def choose(
    names: Sequence[str],
    mapping: Mapping[str, str] | None = None,
    samples: Mapping[str, object] | None = None,
) -> Chosen:
    """The field that each of `names` is; `mapping` is what a person said, `samples` has a value of a column.

    Raises RowError where `mapping` names a column that is not there.
    """
    given = _given(names, mapping or {})
    taken = set(given.values())
    by_plain: dict[str, str] = {}
    for name in names:
        if name not in taken:
            by_plain.setdefault(plain(name), name)
    columns = {name: column for name, column in given.items() if column}
    for wanted in (*READ_FIELDS, INVERSE):
        if wanted in given:
            continue
        for alias in (wanted, *_ALIASES.get(wanted, ())):
            column = by_plain.get(alias)
            if column is not None and column not in columns.values():
                columns[wanted] = column
                break
    ambiguous = _settle_references(columns, by_plain, given, samples or {})
    given_by_system = _given_by_system(columns, by_plain, given)
    spelt = {column: wanted for wanted, column in columns.items() if plain(column) != wanted}
    unused = tuple(_unused(names, columns, given_by_system, frozenset(given)))
    return Chosen(columns, spelt, unused, ambiguous)


def _given(names: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for wanted, column in mapping.items():
        exact = [name for name in names if name.strip() == column] or [
            name for name in names if plain(name) == plain(column)
        ]
        if column and not exact:
            near = get_close_matches(column, names, n=1)
            hint = f"; did you mean {near[0][:40]!r}?" if near else ""
            raise RowError(f"there is no column {column[:40]!r}{hint}")
        given[wanted] = exact[0] if column else ""
    return given


def _settle_references(
    columns: dict[str, str],
    by_plain: Mapping[str, str],
    given: Mapping[str, str],
    samples: Mapping[str, object],
) -> str:
    """`reference` may be a right answer, or a document, as file names are. Gives what cannot be told."""
    column = columns.get("answers", "")
    if "answers" in given or plain(column) not in ("reference", "references"):
        return ""
    value = samples.get(column)
    first = value[0] if isinstance(value, list) and value else value
    other = next((by_plain[name] for name in ("answer", "antwort") if name in by_plain), None)
    if isinstance(first, str) and _FILE_NAME.fullmatch(first.strip()):
        del columns["answers"]
        if other is not None:
            columns["answers"] = other
        if "source" not in columns and "source" not in given:
            columns["source"] = column
        return ""
    if other is not None and other not in columns.values():
        return f"both {other!r} and {column!r} may be the right answer"
    return ""


def _given_by_system(
    columns: dict[str, str], by_plain: Mapping[str, str], given: Mapping[str, str]
) -> frozenset[str]:
    """The columns that an evaluated system filled: its answer, and the contexts that it was given."""
    filled = {column for name, column in by_plain.items() if name in _GIVEN or name.startswith(_RETRIEVED)}
    answer = by_plain.get("answer")
    if (
        answer is not None
        and answer not in columns.values()
        and plain(columns.get("answers", "")) in _GOLD_ANSWERS
    ):
        filled.add(answer)
    answered = any(not plain(column).startswith(_RETRIEVED) for column in filled)
    retrieved = any(plain(column).startswith(_RETRIEVED) for column in filled)
    text = columns.get("text", "")
    if "text" not in given and plain(text) in ("context", "contexts") and answered and not retrieved:
        filled.add(columns.pop("text"))
    return frozenset(filled - set(columns.values()))


def _unused(
    names: Sequence[str], columns: Mapping[str, str], filled: frozenset[str], denied: frozenset[str]
) -> Iterable[tuple[str, str]]:
    read = set(columns.values())
    for name in names:
        if name in read or not name.strip():
            continue
        near = meant(name)
        words = set(plain(name).split("_"))
        if name in filled:
            yield name, "is what another system gave, and is not used"
        elif near and near not in columns and near not in denied:
            yield name, f"is ignored; did you mean {near}?"
        elif words & _GOLD_WORDS and not words & _NO_GOLD_WORDS:
            yield name, "looks like gold, and is not used"
