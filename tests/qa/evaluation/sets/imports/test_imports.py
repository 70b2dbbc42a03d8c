"""Sets in the forms of SQuAD, ragas, promptfoo and BEIR."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.errors import UsageError
from qa.errors import SetError
from qa.evaluation.sets.dataset import QuestionSet, read_set, set_digest
from qa.evaluation.sets.imports.choice import check_form
from qa.evaluation.types import Gold

CONTEXT = "The port of Lund opened in 1904. Its keeper sold the house. The port closed in 1950."


def saved(folder: Path, name: str, text: str) -> Path:
    """A file with this text."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def told(question_set: QuestionSet) -> str:
    """All that is said of a set."""
    return "\n".join(f"{place}: {what}" for place, what in question_set.remarks)


def squad(*asked: object) -> str:
    """A set of SQuAD with these questions about one paragraph."""
    paragraph = {"context": CONTEXT, "qas": list(asked)}
    return json.dumps({"version": "v2.0", "data": [{"title": "Lund", "paragraphs": [paragraph]}]})


def test_squad_becomes_sentences(tmp_path: Path) -> None:
    """Each answer once; without one it is unanswerable; what is only plausible is counted."""
    answers = [{"text": "1904", "answer_start": 27}, {"text": "1904", "answer_start": 27}]
    path = saved(
        tmp_path,
        "dev.json",
        squad(
            {"id": "a", "question": "When did it open?", "answers": answers},
            {
                "id": "b",
                "question": "Who came?",
                "answers": [],
                "is_impossible": True,
                "plausible_answers": [{}],
            },
            {"id": "c", "question": "What was sold?", "answers": [{"text": "the house", "answer_start": 3}]},
            {"id": "d", "question": "What closed?", "answers": [{"text": "The port", "answer_start": 3}]},
        ),
    )
    held = read_set(path)
    first, second, third, fourth = held.questions
    assert (first.id, first.answers, first.group) == ("a", ("1904",), "Lund")
    assert first.evidence == (Gold("", text="The port of Lund opened in 1904."),)
    assert (second.answerable, second.evidence) == (False, ())
    assert third.evidence == (Gold("", text="Its keeper sold the house."),)
    assert (fourth.answers, fourth.evidence) == (("The port",), ())
    assert held.form == "squad"
    assert "read as a set of squad, by its form" in told(held)
    assert "1 answers that do not stand where the set says, 1 plausible answers" in told(held)


def test_squad_as_rows_is_read_too(tmp_path: Path) -> None:
    """As Hugging Face writes it, without an answer as an empty list."""
    rows = [
        {
            "id": "a",
            "title": "Lund",
            "context": CONTEXT,
            "question": "When?",
            "answers": {"text": ["1904"], "answer_start": [27]},
        },
        {
            "id": "b",
            "title": "Lund",
            "context": CONTEXT,
            "question": "Who?",
            "answers": {"text": [], "answer_start": []},
        },
    ]
    held = read_set(saved(tmp_path, "s.jsonl", "".join(json.dumps(row) + "\n" for row in rows)))
    assert [each.answerable for each in held.questions] == [True, False]
    assert held.questions[0].evidence == (Gold("", text="The port of Lund opened in 1904."),)


def test_squad_that_does_not_fit_is_refused_by_question(tmp_path: Path) -> None:
    """With the paragraph that it stands in."""
    path = saved(tmp_path, "dev.json", squad({"id": "a", "question": "W?", "answers": [{"text": 3}]}, "x"))
    with pytest.raises(SetError) as caught:
        read_set(path)
    assert [place for place, _ in caught.value.rows] == [
        "dev.json:1, paragraph 1, question 1",
        "dev.json:1, paragraph 1, question 2",
    ]


def test_ragas_gives_quotations_without_a_source(tmp_path: Path) -> None:
    """What a system gave is counted; the kind of a question is its tag."""
    rows = [
        {
            "user_input": "When did it open?",
            "reference": "In 1904",
            "reference_contexts": ["<1-hop>\n\nThe port of Lund opened in 1904.", "Its keeper"],
            "retrieved_contexts": ["x"],
            "response": "y",
            "synthesizer_name": "multi_hop",
        },
        {
            "user_input": "Who sang?",
            "reference": "The answer to given question is not present in context",
            "reference_contexts": ["The port"],
        },
    ]
    held = read_set(saved(tmp_path, "r.jsonl", "".join(json.dumps(row) + "\n" for row in rows)))
    first, second = held.questions
    assert (first.answers, first.tags) == (("In 1904",), ("multi_hop",))
    assert first.evidence == (Gold("", text="The port of Lund opened in 1904."), Gold("", text="Its keeper"))
    assert (second.answerable, second.answers, second.evidence) == (False, (), ())
    assert "not carried over from ragas: 1 response, 1 retrieved_contexts" in told(held)


def test_ragas_in_csv_has_its_lists_in_cells(tmp_path: Path) -> None:
    """As pandas writes them; a conversation is refused."""
    path = saved(
        tmp_path,
        "r.csv",
        "user_input,reference_contexts,reference,synthesizer_name\n"
        "When?,\"['<1-hop>\\n\\nThe port' 'Its keeper']\",1904,single\n",
    )
    (question,) = read_set(path).questions
    assert question.evidence == (Gold("", text="The port"), Gold("", text="Its keeper"))
    path = saved(tmp_path, "r.jsonl", '{"user_input": [{"content": "a"}], "reference": "b"}\n')
    with pytest.raises(SetError, match=r"r\.jsonl:1: a conversation of several turns"):
        read_set(path)


PROMPTFOO = """
prompts: ["{{question}}"]
defaultTest:
  vars: {town: Lund}
  assert: [{type: latency, threshold: 3000}]
tests:
  - vars: {question: "When did {{town}} open?"}
    assert:
      - type: equals
        value: 1904
      - type: contains
        value: 19
  - description: two parts
    vars: {topic: Who sold what in {{town}}}
    assert: [{type: icontains, value: keeper}, {type: contains-all, value: [house, sold]}]
"""


def test_promptfoo_in_yaml(tmp_path: Path) -> None:
    """Assertions that give the right answer are answers; what must be contained is so together."""
    text = PROMPTFOO.replace("{topic: Who sold what in {{town}}}", '{topic: "Who sold what in {{town}}?"}')
    more = """
  - vars: {question: "Who came?"}
    assert: [{type: contains-any, value: [Elsa, Per]}]
  - vars: {question: "Who sang?"}
    assert: [{type: is-refusal}]
  - vars: {question: ["Why?", "How?"]}
    assert: [{type: javascript, value: "true"}, {type: not-contains, value: x}, {type: llm-rubric}]
"""
    with pytest.raises(SetError, match="which variable is the question"):
        read_set(saved(tmp_path, "p.yaml", text + more))
    text = text.replace("topic:", "query:")
    held = read_set(saved(tmp_path, "p.yaml", text + more))
    assert [(each.text, each.answers, each.answerable) for each in held.questions] == [
        ("When did Lund open?", ("1904",), True),
        ("Who sold what in Lund?", ("keeper, house, sold",), True),
        ("Who came?", ("Elsa", "Per"), True),
        ("Who sang?", (), False),
        ("Why?", (), None),
        ("How?", (), None),
    ]
    assert "not carried over from promptfoo: 5 latency, 1 javascript, 1 llm-rubric, 1 not-contains" in told(
        held
    )


@pytest.mark.parametrize(
    ("expected", "answers"),
    [
        ("equals: Lund", ("Lund",)),
        ("contains:Lund", ("Lund",)),
        ("icontains: the port: old", ("the port: old",)),
        ("similar(0.8): in Lund", ("in Lund",)),
        ('"contains-any: Elsa, Per"', ("Elsa", "Per")),
        ('"contains-all: Elsa, Per"', ("Elsa, Per",)),
        ("Lund", ("Lund",)),
        ("note: it rained", ("note: it rained",)),
        ("llm-rubric: is polite", ()),
        ("grade: is polite", ()),
        ("javascript: output > 3", ()),
        ("not-equals: Lund", ()),
        ("is-json", ()),
    ],
)
def test_promptfoo_in_csv(tmp_path: Path, expected: str, answers: tuple[str, ...]) -> None:
    """Assertions in cells; a text without a known prefix is to be equalled."""
    path = saved(tmp_path, "p.csv", f"question,__expected,__description\nWhere?,{expected},x\n")
    held = read_set(path)
    assert held.questions[0].answers == answers
    assert held.form == "promptfoo"
    assert ("not carried over" in told(held)) is True
    lost = ("rubric", "not-equals", "javascript", "is-json")
    assert bool(answers) is not any(each in told(held) for each in lost)


def test_tests_of_promptfoo_in_another_file_are_named(tmp_path: Path) -> None:
    """They are not followed."""
    with pytest.raises(SetError, match=r"the tests are in another file, file://t\.csv: name that one"):
        read_set(saved(tmp_path, "p.yaml", "prompts: [a]\ndefaultTest: {}\ntests: file://t.csv\n"))


def beir(folder: Path) -> Path:
    """A folder with three queries, judgements in two files, and a corpus."""
    saved(
        folder,
        "queries.jsonl",
        "".join(json.dumps({"_id": f"q{n}", "text": f"Why {n}?"}) + "\n" for n in (1, 2, 3)),
    )
    saved(
        folder,
        "corpus.jsonl",
        '{"_id": "d1", "title": "t", "text": "rain"}\n\nbroken\n{"_id": "d9", "text": "x"}\n',
    )
    saved(
        folder,
        "qrels/test.tsv",
        "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t1\nq1\td3\t0\nq2\td1\t0\nq9\td1\t1\n",
    )
    saved(folder, "qrels/train.tsv", "query-id\tcorpus-id\tscore\nq3\td1\t1\n")
    return folder


def test_beir_gives_documents(tmp_path: Path) -> None:
    """Of the judgements that count; what they say beyond it is counted."""
    held = read_set(beir(tmp_path))
    assert read_set(tmp_path / "queries.jsonl") == held
    (question,) = held.questions
    assert (question.id, question.text, question.place) == ("q1", "Why 1?", "queries.jsonl:1")
    assert question.evidence == (Gold("d1"), Gold("d2"))
    assert held.documents == {"d1": "rain"}
    assert "judgements are those of test.tsv, not of train.tsv" in told(held)
    for lost in (
        "2 documents judged not relevant",
        "2 queries without",
        "1 grades of",
        "1 judgements of queries",
    ):
        assert lost in told(held)


def test_beir_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    """By line; and a file is no folder."""
    folder = beir(tmp_path / "a")
    digest = set_digest(folder)
    saved(folder, "qrels/test.tsv", "q1\td1\t1\nq1 d1\nq1\td2\thigh\n")
    assert set_digest(folder) != digest
    with pytest.raises(SetError, match="2 lines of ") as caught:
        read_set(folder)
    assert [place for place, _ in caught.value.rows] == ["test.tsv:2", "test.tsv:3"]
    with pytest.raises(SetError, match="is no set in the form of BEIR"):
        read_set(tmp_path, form="beir")
    with pytest.raises(SetError, match="is no folder"):
        read_set(folder / "corpus.jsonl", form="beir")


def test_a_form_is_named_or_refused() -> None:
    """With the nearest one."""
    assert check_form(" SQuAD ") == "squad"
    with pytest.raises(UsageError, match="no sets of 'ragass'") as caught:
        check_form("ragass")
    assert caught.value.hint == "did you mean ragas?"
