"""`qa eval`, `qa compare` and `qa report` as a person and a CI job use them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.support.cli import Done, Run
from tests.support.fake_server import CANARY, FakeServer, answer, error, status

ROWS: tuple[dict[str, object], ...] = (
    {
        "id": "vasa",
        "question": "Why was the Vasa lost?",
        "answers": ["it carried too many cannons"],
        "evidence": [
            {
                "source": "deep/boats.md",
                "start": 9,
                "end": 67,
                "text": "The Vasa was lost in 1628 because it carried too many cann",
            }
        ],
        "tags": ["why"],
    },
    {"id": "mia", "question": "Where was Mia born?", "answers": ["Riga"], "tags": ["where"]},
    {"id": "far", "question": "What is the boiling point of ethanol?", "answerable": False, "tags": ["far"]},
)
GOOD = "The Vasa was lost in 1628 because it carried too many cannons [s2]."
Eval = Callable[..., Done]


def write_set(path: Path, *rows: object) -> Path:
    """A question set of JSON Lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows or ROWS), encoding="utf-8")
    return path


@pytest.fixture
def evaluate(run: Run, library: Path, tmp_path: Path) -> Eval:
    """Runs `qa eval` over three questions and a library of four documents, in a folder of its own."""
    write_set(tmp_path / "set.jsonl")

    def runner(*arguments: str, questions: str = "set.jsonl") -> Done:
        return run("eval", questions, "--index", str(library / ".qa"), *arguments, at=tmp_path)

    return runner


@pytest.fixture
def connected(evaluate: Eval, monkeypatch: pytest.MonkeyPatch) -> Eval:
    """The same with a model behind a server."""

    def runner(server: FakeServer, *arguments: str) -> Done:
        monkeypatch.setenv("OPENAI_API_KEY", CANARY)
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        done = evaluate("--model", "wise-1", *arguments)
        assert CANARY not in done.out + done.err
        return done

    return runner


def files(folder: Path) -> dict[str, bytes]:
    """What lies in a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_set_is_asked_and_scored(evaluate: Eval, tmp_path: Path) -> None:
    """The folder is named after the set; the figures printed are those of scores.json."""
    done = evaluate()
    assert done.code == 0, done.err
    assert done.out.startswith("3 questions (1 unanswerable)")
    scores = json.loads((tmp_path / "runs/set/scores.json").read_bytes())
    assert scores["schema"] == "qa.scores/1"
    assert scores["counts"]["questions"] == 3
    assert scores["metrics"]["citation_hit"]["mean"] == 1
    assert scores["metrics"]["R@10"]["n"] == 1
    assert set(scores["by_tag"]) == {"why", "where", "far"}
    assert "citation_f1" in done.out
    records = (tmp_path / "runs/set/records.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(one)["question"]["id"] for one in records] == ["vasa", "mia", "far"]


def test_the_same_command_asks_nothing_twice(evaluate: Eval, tmp_path: Path) -> None:
    """Records and scores stay as they were, to the byte."""
    evaluate()
    before = files(tmp_path / "runs/set")
    done = evaluate()
    after = files(tmp_path / "runs/set")
    assert "3 of 3 are done already" in done.err
    for name in ("records.jsonl", "scores.json", "run.json"):
        assert before[name] == after[name], name


def test_json_is_scores_json(evaluate: Eval, tmp_path: Path) -> None:
    """One object on stdout, and nothing else there."""
    done = evaluate("--json")
    assert json.loads(done.out) == json.loads((tmp_path / "runs/set/scores.json").read_bytes())


def test_other_settings_want_another_folder(evaluate: Eval) -> None:
    """What differs is named, and nothing is asked."""
    evaluate()
    done = evaluate("--k", "3")
    assert done.code == 2
    assert "k (10, now 3)" in done.err
    assert "--out" in done.err


@pytest.mark.parametrize(
    ("gates", "code", "message"),
    [
        (["--min", "citation_hit=1"], 0, "citation_hit >= 1: passed"),
        (["--min", "citation_f1=0.999"], 5, "citation_f1 >= 0.999"),
        (["--max", "error_rate=0"], 0, "passed"),
        (["--max", "error_rate=0", "--confident"], 5, "error_rate <= 0"),
        (["--min", "judged_correct=0.1"], 5, "judged_correct"),
        (["--min", "citation_f=0.1"], 2, "citation_f1"),
        (["--min", "citation_f1"], 2, "citation_f1"),
    ],
)
def test_gates_decide_the_exit_code(evaluate: Eval, gates: list[str], code: int, message: str) -> None:
    """5 names the gate; a name that is none is a wrong command, found before anything is asked."""
    done = evaluate(*gates)
    assert done.code == code, done.err
    assert message in done.err


def test_junit_has_a_case_for_every_gate(evaluate: Eval, tmp_path: Path) -> None:
    """Written although the gate fails."""
    assert evaluate("--junit", "out.xml", "--min", "citation_f1=1").code == 5
    suite = ET.parse(tmp_path / "out.xml").getroot()
    assert [case.find("failure") is not None for case in suite.iter("testcase")].count(True) == 1


def test_a_gate_that_fails_is_named_once(evaluate: Eval) -> None:
    """A failed gate stands in the error that ends the run, one that holds in a line of its own."""
    done = evaluate("--min", "citation_f1=0.999", "--max", "error_rate=0")
    assert done.err.count("citation_f1 >= 0.999: failed") == 1
    assert done.err.count("error_rate <= 0: passed") == 1


def test_a_folder_that_is_not_there_is_found_before_anything_is_asked(evaluate: Eval, tmp_path: Path) -> None:
    """A run is not paid for in order to fail at its last line."""
    done = evaluate("--junit", "nowhere/out.xml")
    assert done.code == 2
    assert "nowhere" in done.err
    assert not (tmp_path / "runs").exists()


def test_figures_are_printed_before_what_cannot_be_written(evaluate: Eval, tmp_path: Path) -> None:
    """The figures are what the run was for."""
    (tmp_path / "taken").mkdir()
    done = evaluate("--junit", "taken")
    assert (done.code, "citation_f1" in done.out) == (1, True)
    assert "taken" in done.err


def test_questions_without_gold_are_said_to_measure_nothing(evaluate: Eval, tmp_path: Path) -> None:
    """Who has written questions only learns why there is hardly a figure."""
    write_set(tmp_path / "bare.jsonl", {"question": "Where was Mia born?"})
    assert "nothing of right answers" in evaluate(questions="bare.jsonl").err
    assert "nothing of right answers" not in evaluate().err


def test_gold_that_is_elsewhere_is_counted(evaluate: Eval, tmp_path: Path) -> None:
    """However far beyond the document's end the set says that it stands."""
    gold = {"source": "cats.txt", "start": 5000, "end": 5010}
    write_set(tmp_path / "far.jsonl", {"question": "Where was Mia born?", "evidence": [gold]})
    done = evaluate(questions="far.jsonl")
    assert done.code == 0, done.err
    assert "1 piece of gold is not where the set says" in done.err
    assert evaluate("--check", questions="far.jsonl").code == 1


def test_rows_that_do_not_fit_are_all_named(evaluate: Eval, tmp_path: Path) -> None:
    """Each by file and line, before anything is asked."""
    write_set(tmp_path / "bad.jsonl", {"question": "ok?"}, {"question": 3}, {"quest": "x"})
    done = evaluate(questions="bad.jsonl")
    assert done.code == 2
    assert "bad.jsonl:2" in done.err
    assert "bad.jsonl:3" in done.err
    assert not (tmp_path / "runs").exists()


def test_check_holds_the_set_against_the_index(evaluate: Eval, tmp_path: Path) -> None:
    """Nothing is asked; a span that says something else is a problem, and exits with 1."""
    assert evaluate("--check").code == 0
    gold = {"source": "cats.txt", "start": 0, "end": 3, "text": "Leo"}
    write_set(tmp_path / "bad.jsonl", {"question": "Who?", "evidence": [gold]}, {"question": "Ok?"})
    done = evaluate("--check", questions="bad.jsonl")
    assert done.code == 1
    assert "bad.jsonl:1" in done.out
    checked = json.loads(evaluate("--check", "--json", questions="bad.jsonl").out)
    assert checked["schema"] == "qa.check/1"
    assert not (tmp_path / "runs").exists()


def test_only_some_questions(evaluate: Eval) -> None:
    """By tag, by number, at random but always the same; a tag that none has is a slip."""
    assert evaluate("--tag", "why", "--tag", "far", "--out", "a").out.startswith("2 questions")
    assert evaluate("--limit", "1", "--out", "b").out.startswith("1 question")
    assert evaluate("--sample", "2", "--seed", "4", "--out", "c").out.startswith("2 questions")
    assert evaluate("--tag", "whi").code == 2


def test_repeats_are_averaged(evaluate: Eval) -> None:
    """Three questions, six records."""
    scores = json.loads(evaluate("--repeat", "2", "--json").out)
    assert (scores["counts"]["questions"], scores["counts"]["records"]) == (3, 6)
    assert scores["metrics"]["right_decision"]["n"] == 3


def test_a_model_that_fails_is_no_wrong_answer(connected: Eval, tmp_path: Path) -> None:
    """It is counted apart, exits with 1, and is asked again on demand, the others not."""
    with FakeServer(answer(GOOD), error(400, "no"), answer("NO ANSWER: it")) as server:
        done = connected(server, "--concurrency", "1", "--json")
        assert len(server.requests) == 3
    assert done.code == 1
    scores = json.loads(done.out)
    assert scores["counts"]["errors"] == 1
    assert scores["metrics"]["error_rate"]["n"] == 3
    assert scores["metrics"]["token_f1"]["n"] == 1
    assert "failed once: " in done.err
    assert "--retry-errors" in done.err
    with FakeServer(answer("Mia was born in Riga [s1]."), after=server) as server:
        again = connected(server, "--retry-errors", "--json")
        assert len(server.requests) == 1
    assert again.code == 0, again.err
    assert json.loads(again.out)["counts"]["errors"] == 0


def test_a_refused_key_ends_the_run(connected: Eval) -> None:
    """At the first question, with the exit code that `qa ask` has for it."""
    with FakeServer(always=error(401, "Incorrect API key provided")) as server:
        done = connected(server, "--concurrency", "1")
        assert len(server.requests) == 1
    assert done.code == 4
    assert "Traceback" not in done.err


def test_a_busy_server_is_waited_for(connected: Eval) -> None:
    """429 slows a run down, and fails none of its questions."""
    busy = status(429, Retry_After="0")
    with FakeServer(busy, busy, busy, busy, always=answer(GOOD)) as server:
        done = connected(server, "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["counts"]["errors"] == 0


def test_a_run_has_as_many_connections_as_requests_at_once(connected: Eval) -> None:
    """For all of its questions; those that are asked again, too."""
    with FakeServer(status(429, Retry_After="0"), always=answer(GOOD)) as server:
        done = connected(server, "--concurrency", "8", "--repeat", "8", "--json")
        assert len(server.requests) > 24
        assert len(server.connections) <= 8
    assert done.code == 0, done.err


def test_a_judge_is_asked_once_about_each_answer(connected: Eval) -> None:
    """Its verdicts are kept, and scored; another model may judge."""
    answers = [answer(GOOD), answer("Mia was born in Riga [s1]."), answer("NO ANSWER: it")]
    with FakeServer(*answers, always=answer("1: YES\nVERDICT: CORRECT")) as server:
        done = connected(server, "--judge-model", "judge-1", "--concurrency", "1", "--json")
        judging = [one for one in server.requests if one.body.get("model") == "judge-1"]
        assert judging
        assert len(server.connections) == 1
        asked = len(server.requests)
        again = connected(server, "--judge-model", "judge-1", "--concurrency", "1", "--json")
        assert len(server.requests) == asked
    assert done.code == 0, done.err
    assert again.out == done.out
    assert json.loads(done.out)["counts"]["judged"] == 3


def test_a_judge_that_keeps_to_no_form_is_shown(connected: Eval) -> None:
    """With one of its verdicts, what may help, and an exit code of failure."""
    answers = [answer(GOOD), answer("Mia was born in Riga [s1]."), answer("NO ANSWER: it")]
    with FakeServer(*answers, always=answer("I would rather not say.")) as server:
        done = connected(server, "--judge-model", "judge-1", "--concurrency", "1", "--json")
    assert done.code == 1
    assert "a verdict that could not be read: I would rather not say." in done.err
    assert "a verdict on support that could not be read: I would rather not say." in done.err
    assert "another judge may keep to the form" in done.err
    assert json.loads(done.out)["counts"]["unreadable"] == 2


def test_what_could_not_be_judged_is_judged_by_the_same_command(connected: Eval) -> None:
    """--retry-errors would ask nobody; the answers and their figures are there."""
    answers = [answer(GOOD), answer("Mia was born in Riga [s1]."), answer("NO ANSWER: it")]
    judging = ("--judge-model", "judge-1", "--concurrency", "1", "--json")
    with FakeServer(*answers, always=error(400, "ill")) as server:
        done = connected(server, *judging)
    assert done.code == 1
    assert "not judged " in done.err
    assert "the same command once more" in done.err
    assert "--retry-errors" not in done.err
    assert json.loads(done.out)["counts"]["judged"] == 1  # the abstention, of which nobody is asked
    with FakeServer(always=answer("1: YES\nVERDICT: CORRECT"), after=server) as server:
        again = connected(server, *judging)
    assert again.code == 0, again.err
    assert json.loads(again.out)["counts"]["judged"] == 3


def test_a_judge_that_lets_nobody_in_costs_no_figures(connected: Eval) -> None:
    """What was answered is scored and printed; the exit code is that of a refused key."""
    answers = [answer(GOOD), answer("Mia was born in Riga [s1]."), answer("NO ANSWER: it")]
    with FakeServer(*answers, always=error(401, "Incorrect API key provided")) as server:
        done = connected(server, "--judge-model", "judge-1", "--concurrency", "1", "--json")
    assert done.code == 4
    assert json.loads(done.out)["counts"]["answered"] == 2


def test_a_judge_without_a_price_is_found_before_answers_are_paid_for(
    evaluate: Eval, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A limit on costs could not be kept while it judges."""
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    with FakeServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        done = evaluate("--judge-model", "judge-1", "--model", "wise-1", "--max-cost", "1")
        assert not server.requests
    assert done.code == 4
    assert "no price is known for judge-1" in done.err
    assert not (tmp_path / "runs").exists()


def test_judging_needs_a_model(evaluate: Eval) -> None:
    """The error comes before anything is asked."""
    done = evaluate("--judge")
    assert done.code == 4
    assert "OPENAI_API_KEY" in done.err


def test_a_dry_run_asks_nobody(connected: Eval, evaluate: Eval, tmp_path: Path) -> None:
    """It says how many questions there are and what is known of their cost, and leaves no folder."""
    with FakeServer() as server:
        done = connected(server, "--dry-run")
        assert not server.requests
    assert (done.code, "3 questions to ask" in done.out) == (0, True)
    assert not (tmp_path / "runs").exists()


def test_a_dry_run_is_json_for_programs(connected: Eval) -> None:
    """Every figure of the estimate; a price that is not known is null."""
    with FakeServer() as server:
        estimate = json.loads(connected(server, "--dry-run", "--json").out)
    assert (estimate["schema"], estimate["questions"], estimate["answers"]) == ("qa.estimate/1", 3, None)
    assert estimate["prompt_tokens"] > 0


def test_a_dry_run_without_a_model_costs_nothing(evaluate: Eval) -> None:
    """The estimate says so."""
    assert evaluate("--dry-run").out == "3 questions to ask; no model: costs nothing\n"


def test_labels_show_how_far_a_judge_agrees(
    connected: Eval, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One label agrees, one does not; QUESTIONS has no place beside --calibrate."""
    rows = [
        {"question": "Where?", "answers": ["Riga"], "answer": "In Riga.", "label": "correct"},
        {"question": "When?", "answers": ["2019"], "answer": "In 2020.", "label": "wrong"},
    ]
    labels = write_set(tmp_path / "labels.jsonl", *rows)
    with FakeServer(always=answer("VERDICT: CORRECT")) as server:  # which offers no list of models
        done = connected(server, "--calibrate", str(labels))
        assert done.code == 2
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        done = run("eval", "--calibrate", str(labels), "--judge-model", "judge-1", "--json", at=tmp_path)
    assert done.code == 0, done.err
    assert json.loads(done.out)["schema"] == "qa.calibration/1"


def test_writing_a_set_needs_a_terminal(run: Run, tmp_path: Path) -> None:
    """It is a conversation, and every conversation does."""
    done = run("eval", "--new", "set.jsonl", at=tmp_path)
    assert done.code == 2
    assert "terminal" in done.err


def test_nothing_to_ask_is_a_wrong_command(run: Run, tmp_path: Path) -> None:
    """The hint says how to begin."""
    done = run("eval", at=tmp_path)
    assert done.code == 2
    assert "--new" in done.err


def test_two_runs_are_compared(evaluate: Eval, run: Run, tmp_path: Path) -> None:
    """A sentence says what they differ in; JSON holds it too."""
    evaluate("--out", "a")
    evaluate("--out", "b", "--k", "1")
    done = run("compare", "a", "b", at=tmp_path)
    assert done.code == 0, done.err
    assert "k (10, now 1)" in done.out
    assert "questions changed (95 % interval: B " in " ".join(done.out.split())
    assert json.loads(run("compare", "a", "b", "--json", at=tmp_path).out)["schema"] == "qa.compare/1"


def test_runs_with_no_question_in_common_are_not_compared(evaluate: Eval, run: Run, tmp_path: Path) -> None:
    """That is an error; a run beside itself is compared, and nothing changed."""
    evaluate("--out", "a", "--tag", "why")
    evaluate("--out", "b", "--tag", "far")
    done = run("compare", "a", "b", at=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "no question in common" in done.err
    assert "no question changed" in run("compare", "a", "a", at=tmp_path).out


def test_a_report_is_one_file(evaluate: Eval, run: Run, tmp_path: Path) -> None:
    """In the run's folder, or where it is wanted; of one run or two, which may have the same name."""
    evaluate("--out", "a")
    (tmp_path / "more").mkdir()
    evaluate("--out", "more/a")
    done = run("report", "a", at=tmp_path)
    assert (done.code, done.out) == (0, f"{Path('a/report.html')}\n")
    assert "Why was the Vasa lost?" not in done.err
    page = run("report", "a", "more/a", "-o", "-", at=tmp_path).out
    assert page.lower().startswith("<!doctype html>")
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert run("report", "a", "-o", "nowhere/x.html", at=tmp_path).code == 1


@pytest.mark.parametrize("command", [("compare", "set.jsonl", "x"), ("report", "nothing")])
def test_what_is_no_run_is_said(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    """The hint says how to make one."""
    done = run(*command, at=tmp_path)
    assert done.code == 2
    assert "qa eval" in done.err


def test_a_quotation_is_gold_and_one_that_is_nowhere_ends_the_run(evaluate: Eval, tmp_path: Path) -> None:
    """A near place is shown with its likeness; what is not there is named by row, and nothing is asked."""
    quoted = "The Vasa was lost in 1628 because it had too many cannons."
    good = f"source,text,question\ndeep/boats.md,{quoted},Why was it?\n"
    (tmp_path / "near.csv").write_text(good, encoding="utf-8")
    done = evaluate("--json", questions="near.csv")
    assert done.code == 0, done.err
    assert "near.csv:2: the quotation" in done.err
    assert "91 % alike" in done.err
    assert json.loads(done.out)["metrics"]["R@5"]["n"] == 1
    bad = "cats.txt,The queen opened a bridge on a sunny day.,Who?\n,An elephant came to the fair.,What?\n"
    (tmp_path / "lost.csv").write_text(good + bad, encoding="utf-8")
    done = evaluate(questions="lost.csv")
    assert done.code == 2
    assert "2 quotations of lost.csv are not in the index" in done.err
    assert "lost.csv:3: the quotation" in done.err
    assert "lost.csv:4: the quotation" in done.err
    assert not (tmp_path / "runs/lost").exists()


def test_documents_are_measured_and_columns_are_told(evaluate: Eval, tmp_path: Path) -> None:
    """With document metrics alone; a column that looks like gold is named, and `--column` reads it."""
    row = "Why was the Vasa lost?;cannons;boats;The Vasa was lost in 1628"
    rows = f"query;Expected Answer;Source;Gold words\n{row}\n"
    (tmp_path / "q.csv").write_text(rows, encoding="utf-8")
    done = evaluate("--json", questions="q.csv")
    assert done.code == 0, done.err
    metrics = json.loads(done.out)["metrics"]
    assert metrics["document_R@1"]["mean"] == metrics["document_citation_hit"]["mean"] == 1
    assert "R@1" not in metrics
    assert "'query' as question, 'Expected Answer' as answers" in done.err
    done = evaluate("--check", "--json", questions="q.csv")
    assert "the column 'Gold words' looks like gold" in done.out
    done = evaluate("--column", "text=gold words", "--json", "--out", "runs/r", questions="q.csv")
    assert "looks like gold" not in done.err
    assert json.loads(done.out)["metrics"]["R@5"]["mean"] == 1


def test_a_set_of_another_tool_is_imported(evaluate: Eval, tmp_path: Path) -> None:
    """A folder of BEIR, by its form or by name; a tool that is not known is refused."""
    (tmp_path / "beir/qrels").mkdir(parents=True)
    (tmp_path / "beir/queries.jsonl").write_text(
        '{"_id": "q", "text": "Why was the Vasa lost?"}\n', encoding="utf-8"
    )
    text = "Mia is a grey cat. She was born in Riga in 2019. Leo is her brother."
    corpus = json.dumps({"_id": "d1", "text": text}) + '\n{"_id": "boats", "text": "x"}\n'
    (tmp_path / "beir/corpus.jsonl").write_text(corpus, encoding="utf-8")
    (tmp_path / "beir/qrels/test.tsv").write_text("q\tc\ts\nq\tboats\t1\nq\td1\t1\n", encoding="utf-8")
    done = evaluate("--json", questions="beir")
    assert done.code == 0, done.err
    assert "beir: read as a set of beir, by its form" in done.err
    metrics = json.loads(done.out)["metrics"]
    assert metrics["document_R@5"]["mean"] >= 0.5
    assert json.loads((tmp_path / "runs/beir/run.json").read_bytes())["asked"]["questions"] == "beir"
    done = evaluate("--from", "BEIR", "--check", questions="beir")
    assert done.code == 0, done.out + done.err
    done = evaluate("--from", "bear", questions="beir")
    assert (done.code, "did you mean beir?" in done.err) == (2, True)
    done = evaluate("--column", "anwers=x")
    assert (done.code, "did you mean answers? (--column)" in done.err) == (2, True)
