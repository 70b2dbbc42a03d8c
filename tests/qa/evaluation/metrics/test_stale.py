"""What a run says of cited files that had changed, or were gone, when its questions were asked."""

from __future__ import annotations

import json
from dataclasses import replace

from index.types import FileState
from qa.evaluation.comparison import RunTable, compare
from qa.evaluation.gates import check_gates, parse_gates
from qa.evaluation.metrics.aggregate import score_records
from qa.evaluation.metrics.scores_json import scores_object, scores_of
from qa.evaluation.metrics.stale import stale_files
from qa.evaluation.report.html.build import report_page
from qa.evaluation.report.html.data import question_data
from qa.evaluation.report.scores_text import scores_text
from qa.evaluation.report.tables.as_markdown import runs_markdown
from qa.evaluation.report.tables.rows import question_table
from qa.evaluation.types import Record
from qa.types import Nearest
from tests.support import report_runs
from tests.support.records import abstained, answered, citation, record


def citing(number: int, *states: FileState | None) -> Record:
    """A record whose answer cites a file for each state, `a.txt`, `b.txt` and so on."""
    cited = [
        replace(citation(0, 5, f"{chr(97 + at)}.txt", number=at + 1), file=state)
        for at, state in enumerate(states)
    ]
    return record(number, answer=answered(*cited))


def test_files_that_changed_or_went_are_named() -> None:
    """One that cannot be read may be as it was; a text that is no file cannot change."""
    answer = citing(1, "current", "changed", "gone", "unreadable", None).answer
    assert answer is not None
    assert stale_files(answer) == {"b.txt": "changed", "c.txt": "gone"}


def test_what_comes_nearest_counts_too() -> None:
    """It is quoted as well."""
    near = Nearest("It is so. [1]", (replace(citation(0, 5), file="gone"),))
    assert stale_files(abstained(nearest=near)) == {"a.txt": "gone"}


def test_the_summary_says_how_many_answers() -> None:
    """In scores.json and on the terminal; nothing is said where all is as it was."""
    scores = score_records([citing(1, "changed"), citing(2, "current"), citing(3, "gone", "gone")], {})
    assert scores.counts.stale == 2
    written = json.loads(json.dumps(scores_object(scores)))
    assert written["counts"]["stale"] == 2
    assert scores_of(written) == scores
    text = " ".join(scores_text(scores, width=200).split())
    assert "2 answers cite files that changed since they were indexed, or are gone" in text
    assert "since they were indexed" not in scores_text(score_records([citing(1, "current")], {}))


def test_scores_without_such_answers_are_written_as_ever() -> None:
    """The count is left out, as in what was written before there was one."""
    scores = score_records([citing(1, "current")], {})
    written = json.loads(json.dumps(scores_object(scores)))
    assert "stale" not in written["counts"]
    assert scores_of(written) == scores


def test_a_gate_can_refuse_it() -> None:
    """`--max stale=0`."""
    (gate,) = parse_gates([], ["stale=0"])
    fresh, stale = (score_records([citing(1, state)], {}) for state in ("current", "changed"))
    assert [result.passed for scores in (fresh, stale) for result in check_gates([gate], scores)] == [
        True,
        False,
    ]


def test_a_comparison_says_which_run() -> None:
    """Both, if both do."""
    one, other = RunTable("one", {}, stale=3), RunTable("other", {})
    notes = " ".join(compare(one, other).notes)
    assert "of A, 3 answers cite files that changed" in notes
    assert "of B" not in notes


def test_tables_and_the_page_name_them() -> None:
    """Beside the answer that quotes them."""
    run = report_runs.view("run", [citing(1, "changed", "current"), citing(2, "current")])
    table = question_table([run])
    at = table.columns.index("stale_files")
    assert [row[at] for row in table.rows] == ["a.txt (changed)", ""]
    markdown = runs_markdown([run])
    assert "answered; a.txt changed" in markdown
    assert "1 answer cites files that changed since they were indexed" in markdown
    assert "1 answer cites files that changed since they were indexed" in report_page([run])
    data = json.loads(json.dumps(question_data([run])))
    cited = data["questions"][0]["runs"][0]["answers"][0]["citations"]
    assert [each["file"] for each in cited] == [
        "The file has changed since it was indexed: the older text is quoted.",
        "",
    ]
