"""`qa verify` from outside: what it prints, and how it ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from qa.chat.followup import Turn
from qa.chat.sessions import save, sessions_folder
from tests.support.cli import DOCUMENTS, QUESTION, Run
from tests.support.fake_server import FakeServer, answer as respond


@pytest.fixture
def own(library: Path, tmp_path: Path) -> Path:
    """The library, to be changed."""
    return Path(shutil.copytree(library, tmp_path / "own"))


def answer_of(run: Run, at: Path) -> str:
    return run("ask", "--json", QUESTION, at=at).out


def boats(own: Path) -> Path:
    (name,) = (name for name, text in DOCUMENTS.items() if "too many cannons" in text)
    return own / "docs" / name


def test_an_intact_answer_ends_with_0(run: Run, own: Path) -> None:
    """Every citation with its place, and a line of counts."""
    (own / "answer.json").write_text(answer_of(run, own), encoding="utf-8")
    done = run("verify", "answer.json", at=own)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        f"answer.json: {QUESTION}",
        "  [1] intact     docs/deep/boats.md:3",
        "",
        "1 citation: 1 intact",
    ]


def test_a_changed_one_ends_with_5_and_says_what_changed(run: Run, own: Path) -> None:
    """Word by word; from a pipe as well."""
    answer = answer_of(run, own)
    change_boats(own)
    done = run("verify", "-", at=own, stdin=answer.encode())
    assert done.code == 5
    assert "  [1] changed    docs/deep/boats.md:3" in done.out.splitlines()
    assert "[-many cannons.-]{+few sails.+}" in " ".join(done.out.split())
    assert done.out.endswith("1 citation: 1 changed\n")


def test_json_has_both_places(run: Run, own: Path) -> None:
    """What was cited, and what stands there now."""
    answer = answer_of(run, own)
    path = boats(own)
    path.write_text("Before.\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    done = run("verify", "--json", "-", at=own, stdin=answer.encode())
    shown = json.loads(done.out)
    assert (done.code, shown["schema"]) == (5, "qa.verify/1")
    assert shown["counts"] == {"intact": 0, "moved": 1, "changed": 0, "gone": 0, "unreadable": 0}
    (check,) = shown["receipts"][0]["citations"]
    assert check["now"]["start"] == check["was"]["start"] + len("Before.\n\n")
    assert check["now"]["text"] == check["was"]["text"]


def test_a_saved_conversation_is_known_by_its_name(run: Run, own: Path) -> None:
    """As `qa chat --sessions` lists it."""
    answer = json.loads(answer_of(run, own))
    turn = Turn(QUESTION, QUESTION, answer["text"])
    save(sessions_folder(), "boats", [(turn, answer)])
    done = run("verify", "boats", at=own)
    assert done.code == 0
    assert done.out.endswith("1 citation: 1 intact\n")


def test_of_many_only_those_that_are_not_intact_are_listed(run: Run, own: Path) -> None:
    """And all are counted."""
    answers = answer_of(run, own) * 30
    done = run("verify", "-", at=own, stdin=answers.encode())
    assert done.out == "30 citations: 30 intact\n"


def test_what_is_no_answer_is_named(run: Run, own: Path) -> None:
    """In two lines, with the code of a slip."""
    done = run("verify", "docs", at=own)
    assert done.code == 2
    assert done.err.splitlines()[0] == "qa: cannot read docs: it is no run folder"


def change_boats(own: Path) -> None:
    path = boats(own)
    changed = path.read_text(encoding="utf-8").replace("too many cannons", "too few sails")
    path.write_text(changed, encoding="utf-8")


def test_only_what_changed_is_asked_again(run: Run, own: Path) -> None:
    """What the answer was, and what it is now, from the files as they are; it ends with 5 all the same."""
    other = run("ask", "--json", "What do cats do?", at=own).out
    answer = answer_of(run, own)
    change_boats(own)
    done = run("verify", "-", "--refresh", at=own, stdin=f"{other}{answer}".encode())
    assert done.code == 5
    _, _, after = done.out.partition("1 changed\n")
    shown = " ".join(after.split())
    assert "was: The Vasa was lost in 1628 because it carried too many cannons. [1]" in shown
    assert "The Vasa was lost in 1628 because it carried too few sails. [1]" in shown
    assert "cats" not in after
    done = run("verify", "-", "--refresh", "--json", at=own, stdin=f"{other}{answer}".encode())
    first, second = json.loads(done.out)["receipts"]
    assert first["answer"] is None
    assert "too few sails" in second["answer"]["text"]
    assert second["answer"]["citations"][0]["file"] == "current"


def test_a_model_is_called_for_what_changed_and_for_nothing_else(
    run: Run, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing at all where every citation is intact."""
    answer = answer_of(run, own)
    with FakeServer(respond("It carried too few sails [s2].")) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "k")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        options = ("--model", "m", "--refresh", "--json")
        done = run("verify", "-", *options, at=own, stdin=answer.encode())
        assert (done.code, len(server.requests)) == (0, 0)
        change_boats(own)
        done = run("verify", "-", *options, at=own, stdin=answer.encode() * 3)
    receipts = json.loads(done.out)["receipts"]
    assert [receipt["answer"]["text"] for receipt in receipts] == ["It carried too few sails [1]."] * 3
    assert len(server.requests) == 1  # one question, however many receipts; four passages need no plan
