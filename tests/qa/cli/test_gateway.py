"""Gateways on the command line: headers, fields, own prices and instructions; a project without network."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.cli.context import CommandContext
from qa.cli.documents.index import index_paths
from qa.output.console import Console
from qa.settings.settings import Settings
from tests.support.cli import QUESTION, Done, Run
from tests.support.fake_server import CANARY, FakeServer, answer, closed_port, error

GOOD = "The Vasa was lost in 1628 because it carried too many cannons [s2]."
OWN = """
[model]
name = "own-1"
[model.headers]
X-Gateway = "Token ${GATEWAY_KEY}"
[model.extra]
options = { num_ctx = 16384 }
[prices.own-1]
input = 1000
output = 2000
"""
Connected = Callable[..., Done]


@pytest.fixture
def connected(run: Run, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Connected:
    """Runs a command in a copy of the library, with a file of the user's, connected to a server."""
    place = tmp_path / "place"
    shutil.copytree(library, place)
    own = tmp_path / "own.toml"
    monkeypatch.setenv("QA_CONFIG", str(own))
    monkeypatch.setenv("GATEWAY_KEY", CANARY)

    def runner(server: FakeServer, *arguments: str, settings: str = OWN, project: str = "") -> Done:
        own.write_text(settings, encoding="utf-8")
        (place / "qa.toml").write_text(project, encoding="utf-8")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        done = run(*arguments, at=place)
        assert CANARY not in done.out + done.err
        return done

    return runner


def test_headers_and_fields_of_the_settings_are_sent(connected: Connected) -> None:
    """Also where the server is first asked which models it has; what a project adds takes their place."""
    with FakeServer(answer(GOOD)) as server:
        assert connected(server, "ask", "--no-plan", QUESTION).code == 0
        request = server.requests[-1]
    assert request.headers["x-gateway"] == f"Token {CANARY}"
    assert request.body["options"] == {"num_ctx": 16384}
    with FakeServer() as server:
        connected(server, "ask", QUESTION, settings=OWN.replace('name = "own-1"', ""))
        assert server.requests[0].path.endswith("/models")
        assert server.requests[0].headers["x-gateway"] == f"Token {CANARY}"
    with FakeServer(answer(GOOD)) as server:
        connected(server, "ask", "--no-plan", QUESTION, project="[model.extra]\nthink = false\n")
        assert server.requests[-1].body["think"] is False
        assert "options" not in server.requests[-1].body


def test_no_header_is_shown_anywhere(connected: Connected) -> None:
    """Not by qa config, and not in an error that repeats it; the runner looks for the value."""
    with FakeServer(error(403, f"gateway: Token {CANARY} has no access")) as server:
        done = connected(server, "ask", "--no-plan", "--debug", QUESTION)
        assert done.code == 4
        assert "gateway: ***" in done.err
        shown = json.loads(connected(server, "config", "--json").out)["settings"]
    assert shown["model.headers"]["value"] == {"X-Gateway": "***"}
    assert shown["model.extra"]["value"] == {"options": {"num_ctx": 16384}}
    assert shown["model"]["value"] == "own-1"


def test_a_limit_of_costs_is_kept_with_one_s_own_prices(connected: Connected) -> None:
    """A call that would cost more is not made; what one took is shown; a free model stays within any."""
    with FakeServer(answer(GOOD)) as server:
        refused = connected(server, "ask", "--no-plan", "--max-cost", "0.5", QUESTION)
        assert server.requests == []
        assert refused.code != 0
        assert "the next call may cost up to $" in refused.err
        paid = connected(server, "ask", "--no-plan", "--no-stream", "--max-cost", "90", QUESTION)
    assert "fake-1: 11 tokens in, 7 out, $0.025" in paid.out
    free = OWN.replace("1000", "0").replace("2000", "0")
    with FakeServer(answer(GOOD)) as server:
        done = connected(
            server, "ask", "--no-plan", "--no-stream", "--max-cost", "0", QUESTION, settings=free
        )
    assert done.code == 0
    with FakeServer() as server:
        unknown = connected(server, "ask", "--model", "other", "--max-cost", "1", QUESTION)
        assert server.requests == []
    assert 'under [prices."other"]' in unknown.err


def test_instructions_of_a_project_are_sent_and_shown(connected: Connected) -> None:
    """And change the hash of the prompt, but no check."""
    project = 'instructions = "Answer without any source."\n'
    with FakeServer(answer("The Vasa was lost because of cannons.")) as server:
        done = connected(server, "ask", "--no-plan", "--json", QUESTION, project=project)
        sent = server.requests[-1].body["messages"]
        shown = connected(server, "config", project=project).out
    with FakeServer(answer("The Vasa was lost because of cannons.")) as server:
        plain = connected(server, "ask", "--no-plan", "--json", QUESTION)
    assert "Answer without any source." in json.dumps(sent)
    assert "Answer without any source." in shown
    result, usual = json.loads(done.out), json.loads(plain.out)
    assert [claim["support"] for claim in result["claims"]] == ["uncited"]
    assert result["prompt_sha256"] != usual["prompt_sha256"]


def test_a_run_knows_instructions_and_fields_by_their_hash(connected: Connected, tmp_path: Path) -> None:
    """No run goes on with others; its header has neither headers nor a text of them."""
    questions = tmp_path / "questions.jsonl"
    questions.write_text(json.dumps({"question": QUESTION}), encoding="utf-8")
    command = ("eval", str(questions), "--out", str(tmp_path / "run"), "--no-plan")
    with FakeServer(answer(GOOD), answer(GOOD)) as server:
        assert connected(server, *command).code == 0
        header = (tmp_path / "run" / "run.json").read_text(encoding="utf-8")
        changed = connected(server, *command, project='instructions = "Briefly."\n')
        other = connected(server, *command, project="[model.extra]\nseed = 1\n")
    made = json.loads(header)["made"]
    assert (len(made["extra"]), made["instructions"]) == (64, None)
    assert "Gateway" not in header
    assert "instructions (none, now " in changed.err
    assert "extra (" in other.err


def test_a_project_without_network_is_one_whatever_is_set(
    connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the command line takes it back; a model that it names is told who forbids it."""
    monkeypatch.setenv("QA_OFFLINE", "0")
    project = "offline = true\n"
    with FakeServer(answer(GOOD)) as server:
        done = connected(server, "ask", "--json", QUESTION, project=project)
        assert json.loads(done.out)["mode"] == "extractive"
        named = connected(server, "ask", "--model", "m", QUESTION, project=project)
        assert server.requests == []
        again = connected(server, "ask", "--no-plan", "--no-offline", "--json", QUESTION, project=project)
    assert named.code == 2
    assert "qa.toml forbids" in named.err
    assert json.loads(again.out)["mode"] == "llm"


@pytest.mark.parametrize("command", [("ask", "--json", QUESTION), ("eval", "q.jsonl")])
def test_a_key_alone_is_said_in_a_pipe(
    run: Run, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """One line on stderr, and it goes on; the proxy sees to it that it does not get far."""
    place = tmp_path / "place"
    shutil.copytree(library, place)
    (place / "q.jsonl").write_text(json.dumps({"question": QUESTION}), encoding="utf-8")
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    with closed_port() as url:
        monkeypatch.setenv("HTTPS_PROXY", url.removesuffix("/v1"))
        done = run(*command, at=place)
    assert done.err.count("questions and the passages found for them go to api.openai.com") == 1
    assert "does not answer" in done.err
    assert CANARY not in done.out + done.err


def test_an_index_that_somebody_else_embedded_says_where_documents_go(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was made with an embedder that nobody here named, and the key alone leads to a service."""
    (tmp_path / "a.txt").write_text("The Vasa was lost in 1628.", encoding="utf-8")
    with FakeServer() as server:
        settings = Settings(embedder="openai/tiny", openai_base_url=server.url)
        context = CommandContext(settings, Console(io.StringIO(), io.StringIO()), tmp_path)
        assert not index_paths([str(tmp_path / "a.txt")], tmp_path / ".qa", context).failed
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    (tmp_path / "a.txt").write_text("The Vasa was raised in 1961.", encoding="utf-8")
    with closed_port() as url:
        monkeypatch.setenv("HTTPS_PROXY", url.removesuffix("/v1"))
        done = run("index", "a.txt", at=tmp_path)
        named = run("index", "a.txt", "--embedder", "openai/tiny", at=tmp_path)
        later = run("index", "a.txt", at=tmp_path)
    assert "the texts of the documents go to api.openai.com" in done.err
    assert "does not answer" in done.err
    assert not any("go to" in said.err for said in (named, later))
