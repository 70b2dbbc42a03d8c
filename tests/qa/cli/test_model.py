"""`qa ask` and `qa chat` with a model: what is shown, what is sent, and every failure in two lines."""

from __future__ import annotations

import io
import json
import os
import pickle
import signal
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.embedding.wordllama import DEFAULT_EMBEDDER
from index.errors import IndexMismatch
from index.remote.retry import RetryPolicy
from qa.cli.context import CommandContext
from qa.cli.documents.index import index_paths
from qa.models.embedders import EmbedderLoader, index_embedder
from qa.output.console import Console
from qa.settings.settings import load_settings
from tests.qa.chat.test_repl import Terminal
from tests.support.cli import QUESTION, Done, Run, environment, shell, update_index, write_documents
from tests.support.fake_server import (
    CANARY,
    FakeServer,
    Step,
    answer,
    chunk,
    error,
    events,
    reset,
    silence,
    status,
)
from tests.support.starting import start
from tests.support.timeouts import FOREVER, PATIENCE

GOOD = "The Vasa was lost in 1628 because it carried too many cannons [s2]."
Connected = Callable[..., Done]


@pytest.fixture
def ask(run: Run, library: Path, monkeypatch: pytest.MonkeyPatch) -> Connected:
    """Runs `qa ask` in a library with four documents, connected to a server."""

    def runner(server: FakeServer, *arguments: str, question: str = QUESTION) -> Done:
        monkeypatch.setenv("OPENAI_API_KEY", CANARY)
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        done = run("ask", question, *arguments, at=library)
        assert CANARY not in done.out + done.err
        return done

    return runner


def test_an_answer_names_its_sources_and_its_model(ask: Connected) -> None:
    """The last line says who answered and what it took; a server of one's own has no known price."""
    with FakeServer(answer(GOOD)) as server:
        done = ask(server, "--model", "wise-1")
        assert server.requests[-1].body["model"] == "wise-1"
        assert server.requests[-1].headers["authorization"] == f"Bearer {CANARY}"
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == GOOD.replace("[s2]", "[1]")
    assert "[1] docs/deep/boats.md:3" in done.out
    assert lines[-1] == "fake-1: 11 tokens in, 7 out, cost unknown; all 4 passages of 4 sources read"
    assert done.err == ""


def test_json_has_everything(ask: Connected, library: Path) -> None:
    """One object, in the shape that is agreed, printed whole; its citation is a slice of the file."""
    with FakeServer(answer(GOOD)) as server:
        printed = json.loads(ask(server, "--model", "wise-1", "--json", "--no-stream").out)
        assert not server.requests[-1].body.get("stream")
    assert (printed["mode"], printed["model"], printed["status"]) == ("llm", "fake-1", "answered")
    assert printed["usage"] == {"prompt_tokens": 11, "completion_tokens": 7, "cost_usd": None}
    assert len(printed["prompt_sha256"]) == 64
    assert printed["notes"] == []
    citation = printed["citations"][0]
    text = (library / "docs" / citation["source"]).read_text(encoding="utf-8")
    assert text[citation["start"] : citation["end"]] == citation["text"]
    assert printed["claims"][0]["citations"] == [1]
    assert printed["evidence"] > 0


def test_the_only_model_of_a_server_needs_no_name(ask: Connected) -> None:
    """It is asked which it has."""
    with FakeServer() as server:
        done = ask(server)
        assert len(server.connections) == 1
        assert [request.path for request in server.requests] == ["/v1/models", "/v1/chat/completions"]
        assert server.requests[1].body["model"] == "fake-1"
    assert done.code == 0


def test_streamed_or_not_the_page_is_the_same(ask: Connected) -> None:
    """Word for word, down to the last line."""
    pages = []
    for way in ("--stream", "--no-stream"):
        pieces = [f"{GOOD}\n\nMISSING: the"[at : at + 3] for at in range(0, 90, 3)]
        with FakeServer(answer(*pieces)) as server:
            pages.append(ask(server, "--model", "m", way))
            assert bool(server.requests[0].body.get("stream")) is (way == "--stream")
    assert pages[0] == pages[1]
    assert "\nMissing: the\n" in pages[0].out


def test_an_abstention_shows_the_nearest_passages(ask: Connected) -> None:
    """As such; and exits as scripts ask for."""
    with FakeServer(answer("NO ANSWER: who paid")) as server:
        done = ask(server, "--model", "m", "--stream", "--fail-on-abstain")
    assert done.code == 3
    assert "NO ANSWER" not in done.out
    assert "Missing: who paid" in done.out
    assert "Nearest passages (not sources)" in done.out
    assert "Sources\n" not in done.out


def test_doubts_are_shown(ask: Connected) -> None:
    """A figure that is not in the sentence, and a key that no sentence bears."""
    with FakeServer(answer("The Vasa was lost in 1629 [s2]. It was red [s99].")) as server:
        done = ask(server, "--model", "m")
    assert "Doubtful: compare with what is cited\n  - The Vasa was lost in 1629." in done.out
    assert "[s99?]" in done.out
    assert "Citing what was not shown\n  - It was red." in done.out


def test_queries_are_asked_for_first_and_explained(ask: Connected) -> None:
    """Where two passages of four were found; the page says what found which. `--no-plan` spares the call."""
    flags = ("--model", "m", "--k", "2", "--explain")
    with FakeServer(answer("1. cannons of the ship\n2. sunk in the harbour"), answer(GOOD)) as server:
        done = ask(server, *flags, question="How did it end?")
        assert (len(server.requests), len(server.connections)) == (2, 1)
        assert "You write search queries" in str(server.requests[0].body["messages"])
    assert done.code == 0
    explained = done.out.partition("\nSearched for\n")[2].splitlines()
    assert explained[:3] == ["0  How did it end?", "1  cannons of the ship", "2  sunk in the harbour"]
    assert "2 of the 2 passages that were found were read" in done.out
    with FakeServer(answer(GOOD)) as server:
        done = ask(server, *flags, "--no-plan", question="How did it end?")
        assert len(server.requests) == 1
    assert "Searched for" not in done.out
    assert "passages that were found were read" in done.out


FAILURES: dict[str, tuple[list[Step], int, str]] = {
    "key": ([error(401, f"Incorrect API key provided: {CANARY}")], 4, "key"),
    "model": ([error(404, "The model does not exist", "model_not_found")], 4, "model"),
    "quota": ([error(429, "over", "insufficient_quota")], 4, "quota"),
    "busy": ([status(429, Retry_After="0")] * 3, 1, "3 requests"),
    "broken": ([status(500, Retry_After="0")] * 3, 1, "3 requests"),
    "refused": ([error(400, "no")], 1, "no"),
    "web page": ([status(200, b"<html>", kind="text/html")] * 2, 1, "web page"),
}


@pytest.mark.parametrize(("steps", "code", "word"), FAILURES.values(), ids=list(FAILURES))
def test_a_failure_is_two_lines_and_a_code(ask: Connected, steps: list[Step], code: int, word: str) -> None:
    """Nothing on stdout, no key anywhere."""
    with FakeServer(*steps) as server:
        done = ask(server, "--model", "m", "--stream")
        assert len(server.requests) == len(steps)
    assert (done.code, done.out) == (code, "")
    cause, hint = done.err.splitlines()
    assert cause.startswith("qa: ")
    assert word in cause
    assert hint.startswith("    ")


def test_a_traceback_holds_no_key(ask: Connected) -> None:
    """Not even where the server repeats it and everything is shown; the runner looks for it."""
    with FakeServer(error(401, f"Incorrect API key provided: {CANARY}")) as server:
        done = ask(server, "--model", "m", "--debug")
    assert done.code == 4
    assert "Traceback" in done.err


def test_a_cut_stream_is_a_partial_answer(ask: Connected) -> None:
    """What came is shown, and marked."""
    cut = events(chunk("The Vasa was lost in 1628 [s2]. It car"), then=reset())
    with FakeServer(cut) as server:
        done = ask(server, "--model", "m", "--stream")
    assert done.code == 0
    assert done.out.startswith("The Vasa was lost in 1628 [1]. It car\n")
    assert "Note: cut off: " in done.out
    assert "Without a source\n  - It car (the answer was cut off here)" in done.out
    assert done.out.endswith("fake-1: tokens not counted, cost unknown; all 4 passages of 4 sources read\n")


@pytest.mark.parametrize("how", ["flag", "environment"])
def test_offline_opens_no_connection(ask: Connected, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Whatever key and server are configured; the answer is made of sentences."""
    with FakeServer() as server:
        monkeypatch.setenv("QA_MODEL", "wise-1")
        if how == "environment":
            monkeypatch.setenv("QA_OFFLINE", "1")
        done = ask(server, *(["--offline"] if how == "flag" else []), "--json")
        assert server.requests == []
    printed = json.loads(done.out)
    assert (printed["mode"], printed["model"], printed["status"]) == ("extractive", None, "answered")


def test_without_a_key_nothing_is_asked(run: Run, library: Path) -> None:
    """The default."""
    printed = json.loads(run("ask", QUESTION, "--json", at=library).out)
    assert printed["mode"] == "extractive"


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["--model", "m", "--offline"], 2, "--offline forbids"),
        (["--model", "m"], 4, "no key for m"),
        (["--check", "llm"], 4, "let rules check them (--check)"),
        (["--check", "much"], 2, "none, rules, llm"),
        (["--max-cost", "much"], 2, "amount in US dollars"),
        (["--max-cost", "-1"], 2, "amount in US dollars"),
        (["--model", "no.such:Class"], 4, "there is no module"),
    ],
)
def test_options_that_cannot_work_say_so(
    run: Run, library: Path, arguments: list[str], code: int, word: str
) -> None:
    """The error comes before anything is asked."""
    done = run("ask", QUESTION, *arguments, at=library)
    assert (done.code, done.out) == (code, "")
    assert word in done.err


def test_a_limit_without_a_price_is_refused(ask: Connected) -> None:
    """A limit that cannot be kept is an error, and nothing is sent."""
    with FakeServer() as server:
        done = ask(server, "--model", "m", "--max-cost", "1")
        assert server.requests == []
    assert done.code == 4
    assert "no price is known for m" in done.err


def test_a_judge_is_asked_about_claims(ask: Connected) -> None:
    """With the sentences they cite, and nothing else."""
    with FakeServer(answer(GOOD), answer("1: NO: it says sank")) as server:
        done = ask(server, "--model", "m", "--check", "llm")
        prompt = json.dumps(server.requests[1].body["messages"])
        assert len(server.connections) == 1
    assert "Doubtful: " in done.out
    assert "it says sank" in done.out
    assert "carried too many cannons" in prompt
    assert QUESTION not in prompt


def test_a_project_sets_neither_key_nor_server_nor_model(run: Run, library: Path, tmp_path: Path) -> None:
    """What comes with documents decides nothing about where they go; a user's own file may."""
    mine = tmp_path / "mine.toml"
    for line in ("openai_api_key = 'x'", "openai_base_url = 'http://x'", "model = 'x'", "max_cost = 9"):
        (library / "qa.toml").write_text(line, encoding="utf-8")
        try:
            done = run("config", at=library)
        finally:
            (library / "qa.toml").unlink()
        assert done.code == 4
        assert "a project's file may not set" in done.err
        mine.write_text(line, encoding="utf-8")
        os.environ["QA_CONFIG"] = str(mine)
        try:
            done = run("config", "--json", at=library)
        finally:
            del os.environ["QA_CONFIG"]
        assert done.code == 0


def test_keys_of_the_users_own_file_are_used_and_never_shown(
    run: Run, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`qa config` says that there is one."""
    with FakeServer(answer(GOOD)) as server:
        mine = tmp_path / "mine.toml"
        mine.write_text(
            f"openai_api_key = '{CANARY}'\nopenai_base_url = '{server.url}'\nmodel = 'wise-1'\n",
            encoding="utf-8",
        )
        monkeypatch.setenv("QA_CONFIG", str(mine))
        done = run("ask", QUESTION, at=library)
        assert server.requests[0].headers["authorization"] == f"Bearer {CANARY}"
        shown = run("config", at=library)
    assert done.code == 0
    assert CANARY not in shown.out
    assert 'openai_api_key\t"***"' in shown.out


def test_an_index_keeps_to_its_embedding_model(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made with a server's model, it is searched and continued with that one, never offline, never mixed."""
    folder = tmp_path / ".qa"

    def index(**flags: str) -> None:
        settings = load_settings(flags, environ=os.environ, directory=tmp_path)
        desk = CommandContext(settings, Console(io.StringIO(), io.StringIO()), tmp_path)
        assert not index_paths([str(tmp_path / "docs")], folder, desk).failed

    write_documents(tmp_path)
    with FakeServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        index(embedder="openai/fake-1")
        (tmp_path / "docs" / "new.txt").write_text("The Titanic was built in Belfast.\n", encoding="utf-8")
        index()
        assert run("ask", "Where was the Titanic built?", "--model", "m", at=tmp_path).code == 0
        kinds = {request.path for request in server.requests}
        assert kinds == {"/v1/embeddings", "/v1/chat/completions"}
        before = len(server.requests)
        done = run("ask", "Where?", "--offline", at=tmp_path)
        assert (done.code, len(server.requests)) == (4, before)
        assert "openai/fake-1 needs a connection, which --offline forbids" in done.err
        (tmp_path / "docs" / "newer.txt").write_text("The Mary Rose sank in 1545.\n", encoding="utf-8")
        with pytest.raises(IndexMismatch):
            index(embedder=DEFAULT_EMBEDDER)


def test_a_setting_is_for_new_indexes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index made with the bundled model goes on with it, whatever the user prefers by now."""
    monkeypatch.setenv("QA_EMBEDDER", "openai/fake-1")
    write_documents(tmp_path)
    update_index(tmp_path)
    (tmp_path / "docs" / "new.txt").write_text("The Titanic was built in Belfast.\n", encoding="utf-8")
    settings = load_settings({}, environ=os.environ, directory=tmp_path)
    embedder = index_embedder(tmp_path / ".qa", settings, {})
    assert embedder().name == DEFAULT_EMBEDDER


def test_a_setting_that_an_index_does_not_follow_is_remarked_on(
    run: Run, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when no file changed: a wish that is not fulfilled does not look fulfilled."""
    monkeypatch.setenv("QA_EMBEDDER", "openai/fake-1")
    done = run("index", "docs", at=library)
    assert done.code == 0
    assert f"keeps its embedding model, {DEFAULT_EMBEDDER}; openai/fake-1 (QA_EMBEDDER) is for" in done.err
    monkeypatch.setenv("QA_EMBEDDER", DEFAULT_EMBEDDER)
    assert "embedding model" not in run("index", "docs", at=library).err


def test_the_time_out_reaches_embedders(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it does language models; see `RetryPolicy`."""
    policies: list[RetryPolicy] = []
    monkeypatch.setattr(
        "index.embedding.openai.OpenAIEmbedder", lambda _, __, policy: policies.append(policy)
    )
    settings = load_settings({}, environ={"QA_TIMEOUT": "300"}, directory=Path())
    EmbedderLoader(settings, {"OPENAI_API_KEY": "sk-a"})("openai/fake-1")
    assert [policy.seconds for policy in policies] == [300]


def test_a_loader_of_embedders_travels_and_shows_no_key() -> None:
    """To another process, whole; and not into a message."""
    settings = load_settings({}, environ={"OPENAI_API_KEY": CANARY}, directory=Path())
    loader = EmbedderLoader(settings, {"OPENAI_API_KEY": CANARY})
    assert pickle.loads(pickle.dumps(loader)) == loader
    assert CANARY not in repr(loader)


def test_another_embedder_is_refused_though_nothing_changed(run: Run, library: Path) -> None:
    """An option that cannot be followed is an error, not one that is left unread; the right one is none."""
    done = run("index", "docs", "--embedder", "openai/fake-1", at=library)
    assert (done.code, done.out) == (6, "")
    assert f"made with {DEFAULT_EMBEDDER} (256 dimensions), not with openai/fake-1" in done.err
    assert "choose that embedder" in done.err
    done = run("index", "docs", "--embedder", DEFAULT_EMBEDDER, at=library)
    assert (done.code, "unchanged  4" in done.out) == (0, True)


def test_the_demo_uses_the_bundled_embedder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its index is its own: the settings for others send no example anywhere and leave none out."""
    with FakeServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("QA_EMBEDDER", "openai/fake-1")
        (tmp_path / "qa.toml").write_text('exclude = ["*"]\n', encoding="utf-8")
        done = run("demo", at=tmp_path)
        assert server.requests == []
    assert (done.code, "memorandum" in done.out) == (0, True)


def connected(server: FakeServer, **more: str) -> dict[str, str]:
    return {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": CANARY, "QA_MODEL": "m", **more}


def test_interrupting_keeps_what_has_come(library: Path) -> None:
    """^C in the middle of a stream: the partial answer with its sources, marked, and exit code 130."""
    slow = events(chunk("The Vasa was lost in 1628 [s2]. It car "), then=silence(FOREVER))
    with FakeServer(slow) as server:
        command = [sys.executable, "-m", "qa", "ask", QUESTION, "--stream"]
        process = start(command, at=library, env=environment(library, **connected(server)))
        assert process.stdout is not None
        begun = b""
        while b"car" not in begun:
            more = os.read(process.stdout.fileno(), 100)
            assert more, begun
            begun += more
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
        assert server.hung_up.wait(PATIENCE)
    assert process.returncode == 130
    assert err == b""
    page = (begun + out).decode()
    assert page.startswith("The Vasa was lost in 1628 [1]. It car\n")
    assert "Note: stopped before its end" in page
    assert "boats.md:3" in page


def test_a_conversation_follows_up_and_is_kept(library: Path, tmp_path: Path) -> None:
    """Streamed answers, a follow-up that is shown as understood, a failure in between, /save and --resume."""
    steps = (
        answer(*GOOD.split(" c")),
        error(401, "no"),
        answer("How many cannons did the Vasa carry?"),
        answer("NO ANSWER: the number"),
        answer("When was the Vasa lost?"),
        answer("In 1628 [s2]."),
    )
    state = str(tmp_path / "state")
    with FakeServer(*steps) as server:
        more = connected(server, XDG_STATE_HOME=state)
        first = Terminal(["chat"], library, **more)
        assert "Answers are written by m." in first.wait("qa>")
        first.type(f"{QUESTION}\r")
        first.wait("fake-1: 11 tokens in, 7 out, cost unknown")
        first.type("How many?\r")
        first.wait("qa: ")
        first.type("How many?\r")
        first.wait("Asking: How many cannons did the Vasa carry?")
        first.wait("Missing: the number")
        first.type("/save ship\r")
        first.wait("qa chat --resume ship")
        assert first.leave() == 0
        second = Terminal(["chat", "--resume", "last"], library, **more)
        second.wait("2 questions were asked before")
        second.type("And when?\r")
        second.wait("Asking: When was the Vasa lost?")
        second.wait("In 1628 [1].")
        second.close()
        sent = json.dumps(server.requests[4].body["messages"])
        assert "How many cannons did the Vasa carry?" in sent
        streams = [bool(request.body.get("stream")) for request in server.requests]
        assert streams == [True] * 6
        assert len(server.connections) == 2  # one for each conversation
    saved = tmp_path / "state" / "qa" / "sessions" / "ship.jsonl"
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    done = shell("$QA chat --sessions", library, XDG_STATE_HOME=state)
    assert done.stdout.splitlines()[1].startswith(b"ship\t")


def test_interrupting_an_answer_goes_on_with_the_conversation(library: Path) -> None:
    """^C: the partial answer, marked, and the prompt again."""
    slow = events(chunk("The Vasa was lost in 1628 [s2]. It car "), then=silence(FOREVER))
    with FakeServer(slow) as server:
        terminal = Terminal(["chat"], library, **connected(server))
        terminal.wait("qa>")
        terminal.type(f"{QUESTION}\r")
        terminal.wait("It car")
        terminal.type("\x03")
        terminal.wait("Note: stopped before its end")
        terminal.wait("qa>", times=2)
        terminal.close()


def test_without_a_model_a_follow_up_borrows_words(library: Path) -> None:
    """And a person at a terminal is told once how to have a model."""
    terminal = Terminal(["chat"], library)
    terminal.wait("qa>")
    terminal.type("Where was Mia born?\r")
    terminal.wait("set OPENAI_API_KEY")
    terminal.type("When was she born?\r")
    terminal.wait("Asking: When was she born? (Mia)")
    shown = terminal.wait("qa>", times=3)
    assert shown.count("set OPENAI_API_KEY") == 1
    terminal.close()
