"""`import qa`: an index from Python, from any thread, with the settings of the command."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.embeddings import MockEmbedding
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata

import qa
from index.embedding.wordllama import DEFAULT_EMBEDDER
from qa.answering.answer import answer
from qa.answering.index_reader import IndexReader
from qa.models.base import Completion, Writing
from qa.types import THOUGHT_ENDS, Retract, TextDelta
from tests.support.cli import QUESTION, environment, write_documents
from tests.support.fake_embedder import LetterEmbedder
from tests.support.fake_models import ScriptedModel
from tests.support.file_names import local_name
from tests.support.timeouts import PATIENCE

FILTERS = qa.Filters()
LOST = "The Vasa was lost in 1628 [s2]."


@pytest.fixture
def index(library: Path) -> Iterator[qa.Index]:
    """The index of four documents, without a model."""
    with qa.Index(library) as opened:
        yield opened


def test_documents_are_synced_searched_and_asked(tmp_path: Path) -> None:
    """From nothing to a citation that is a slice of its source; then a document goes."""
    write_documents(tmp_path)
    with qa.Index(tmp_path / "new" / ".qa") as index:
        assert not index.folder.exists()
        report = index.sync(tmp_path / "docs")
        assert (report.added, report.indexed, report.failed) == (4, 4, ())
        (citation,) = index.ask(QUESTION).citations
        source, text = index.source(citation.source)
        assert citation.text == text[citation.span.start : citation.span.end]
        assert text == (tmp_path / "docs" / "deep" / "boats.md").read_text(encoding="utf-8")
        assert [one.name for one in index.sources] == [
            "cats.txt",
            "deep/boats.md",
            "evil.txt",
            local_name("łódź.txt"),
        ]
        assert source in index.sources
        (tmp_path / "docs" / "deep" / "boats.md").unlink()
        assert index.sync(tmp_path / "docs").removed == 1
        assert index.ask(QUESTION).status == "abstained"


def test_the_answer_is_that_of_the_command(index: qa.Index, library: Path) -> None:
    """The same claims, citations and passages as where its parts are called one by one."""
    reader = IndexReader(library / ".qa")
    expected = answer(QUESTION, reader.find(QUESTION, k=10, filters=FILTERS))
    reader.close()
    result = index.ask(f" {QUESTION}\n")
    assert (result.question, result.text, result.claims) == (QUESTION, expected.text, expected.claims)
    assert (result.citations, result.passages) == (expected.citations, expected.passages)
    assert index.search(QUESTION) == expected.passages


def test_a_search_is_narrowed_down(index: qa.Index) -> None:
    """By number, and by names in one text or several, each of which must fit something."""
    assert len(index.search("the summit in Riga", k=1)) == 1
    for patterns in ("deep", ["deep/*.md", "deep/boats.md:1"]):
        assert {one.source.name for one in index.search(QUESTION, sources=patterns)} == {"deep/boats.md"}
    with pytest.raises(qa.errors.UsageError, match="no source fits 'nothing'"):
        index.search(QUESTION, sources=["deep/*.md", "nothing"])


def test_a_search_keeps_to_days(tmp_path: Path) -> None:
    """Days as text or date, of what a document says of itself: a file's time of change is none."""
    Path(tmp_path, "news.txt").write_text("21 October 2025\n\nThe summit in Riga was cancelled.\n", "utf-8")
    Path(tmp_path, "note.txt").write_text("The summit in Riga is planned.\n", "utf-8")
    with qa.Index(tmp_path / ".qa") as index:
        index.sync(tmp_path)
        for since, until in ((date(2025, 10, 1), None), ("2025", date(2999, 1, 1))):
            passages = index.search("the summit in Riga", since=since, until=until)
            assert {passage.source.name for passage in passages} == {"news.txt"}
        with pytest.raises(qa.errors.UsageError, match="no source fits") as raised:
            index.ask("the summit in Riga", until=date(1990, 1, 1))
        undated = "1 source has no date of its own, and is in no range of dates"
        assert undated in str(raised.value.hint)
        narrowed, told = index.ask("Who painted Guernica?", since="2025").notes
        assert narrowed.startswith("only sources from 2025 on were searched: ")
        assert told == undated
        assert index.ask("Who painted Guernica?").notes == ()


def test_any_thread_may_ask(index: qa.Index) -> None:
    """At once, of one object; a closed one opens again."""
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(index.ask, [QUESTION] * 8))
        index.close()
        sources = pool.submit(lambda: index.sources).result()
    assert {one.text for one in answers} == {answers[0].text}
    assert len(sources) == 4


@pytest.mark.parametrize("limit", [0, 1001, "many"])
def test_a_number_of_passages_is_one(index: qa.Index, limit: Any) -> None:
    """As for the command, and called what the argument is called."""
    with pytest.raises(qa.errors.UsageError, match="k takes a whole number from 1 to 1000"):
        index.search(QUESTION, k=limit)


def test_a_question_has_a_word(index: qa.Index) -> None:
    """Whether it is searched for or asked."""
    for act in (index.ask, index.search):
        with pytest.raises(qa.errors.UsageError, match="empty"):
            act(" ?! ")


def test_a_source_that_is_not_there(index: qa.Index) -> None:
    """Its name is in the error."""
    with pytest.raises(qa.errors.UsageError, match=r"'birds\.txt'"):
        index.source("birds.txt")


def test_settings_are_those_of_the_command(
    library: Path, own_settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An argument wins over the environment, that over `qa.toml` beside the index and the user's own file."""
    (tmp_path / ".qa").symlink_to(library / ".qa")
    config = own_settings / ".config" / "qa"
    config.mkdir(parents=True)
    (config / "config.toml").write_text('k = 1\nindex = "elsewhere"\n', encoding="utf-8")
    assert len(qa.Index(library).search("the")) == 1
    monkeypatch.setenv("QA_K", "2")
    assert len(qa.Index(library).search("the")) == 2
    assert len(qa.Index(library).search("the", k=3)) == 3
    monkeypatch.setenv("QA_INDEX", str(library))
    monkeypatch.chdir(tmp_path)
    assert qa.Index().folder == (library / ".qa").resolve()
    monkeypatch.setenv("QA_K", "none")
    with pytest.raises(qa.errors.SettingsError, match="QA_K"):
        qa.Index(library)


def test_where_the_index_is(tmp_path: Path, own_settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder itself, the one that holds it, home for ~, the nearest upwards, or a new one here."""
    (own_settings / "papers" / ".qa").mkdir(parents=True)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(own_settings / "papers")
    expected = (own_settings / "papers" / ".qa").resolve()
    for named in ("~/papers", "~/papers/.qa", Path(), None):
        assert qa.Index(named).folder == expected
    assert repr(qa.Index()) == f"qa.Index({str(expected)!r})"
    monkeypatch.chdir(tmp_path / "here")
    assert qa.Index().folder == (tmp_path / "here" / ".qa").resolve()
    with pytest.raises(qa.errors.NoIndex):
        qa.Index(create=False)
    with pytest.raises(qa.errors.NoIndex):
        qa.Index().ask(QUESTION)
    assert list(Path().iterdir()) == []


def test_a_folder_of_documents_does_not_become_an_index(tmp_path: Path) -> None:
    """An index is a folder of its own; and without documents there is none."""
    write_documents(tmp_path)
    with pytest.raises(qa.errors.UsageError, match="holds other files") as caught:
        qa.Index(tmp_path).sync(tmp_path / "docs")
    assert str(tmp_path / ".qa") in caught.value.hint
    for paths in ((), (tmp_path / "nothing",)):
        with pytest.raises(qa.errors.UsageError, match="nothing"):
            qa.Index(tmp_path / "new").sync(*paths)
    assert [path.name for path in tmp_path.iterdir()] == ["docs"]


def test_a_model_of_ours_writes_and_streams(library: Path) -> None:
    """Its text comes piece by piece, with numbers for keys, once it is clear that it is no refusal."""
    pieces: list[str] = []
    with qa.Index(library, model=ScriptedModel(LOST)) as index:
        result = index.ask(QUESTION, stream=pieces.append)
        assert index.ask(QUESTION).text == result.text
    assert (result.mode, result.model, "".join(pieces)) == ("llm", "scripted", result.text)
    assert len(pieces) > 1
    assert result.text == "The Vasa was lost in 1628 [1]."


class Thinking(ScriptedModel):
    """A model whose reasoning is among its text."""

    def _writing(self, completion: Completion) -> Writing:
        yield TextDelta("Hm.")
        yield Retract()
        yield TextDelta(completion.text)
        return completion


def test_what_is_taken_back_while_it_streams_is_marked(library: Path) -> None:
    """The piece that says so stands between it and the answer."""
    pieces: list[str] = []
    with qa.Index(library, model=Thinking(LOST)) as index:
        result = index.ask(QUESTION, stream=pieces.append)
    assert "".join(pieces) == f"Hm.{THOUGHT_ENDS}{result.text}"


def test_an_interrupted_answer_is_what_had_come(library: Path) -> None:
    """And says that it was stopped; any other error of `stream` goes through."""

    def interrupted(piece: str) -> None:
        if "1628" in piece:
            raise KeyboardInterrupt

    def broken(_: str) -> None:
        raise LookupError

    with qa.Index(library, model=ScriptedModel(LOST)) as index:
        result = index.ask(QUESTION, stream=interrupted)
        with pytest.raises(LookupError):
            index.ask(QUESTION, stream=broken)
    assert (result.stopped, result.status, result.notes) == (True, "partial", ())
    assert result.text == "The Vasa was lost in 1628"


class Foreign(CustomLLM):
    """A LlamaIndex LLM."""

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="foreign", context_window=4000)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return CompletionResponse(text=LOST)

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        yield CompletionResponse(text=LOST, delta=LOST)


def test_a_llama_index_model_writes(library: Path) -> None:
    """An object, as it is."""
    with qa.Index(library, model=Foreign()) as index:
        result = index.ask(QUESTION)
    assert (result.model, result.text) == ("foreign", "The Vasa was lost in 1628 [1].")


def test_a_name_without_a_key_is_an_error_when_it_is_needed(library: Path) -> None:
    """Searching needs no model."""
    with qa.Index(library, model="gpt-4.1-mini") as index:
        assert index.search(QUESTION)
        with pytest.raises(qa.errors.SettingsError, match="OPENAI_API_KEY"):
            index.ask(QUESTION)


@pytest.mark.parametrize("embedder", [LetterEmbedder(), MockEmbedding(embed_dim=8)])
def test_an_embedder_of_ones_own(tmp_path: Path, embedder: Any) -> None:
    """Ours or LlamaIndex's; the index keeps to it."""
    write_documents(tmp_path)
    with qa.Index(tmp_path / ".qa", embedder=embedder) as index:
        assert index.sync(tmp_path / "docs").added == 4
        assert index.ask(QUESTION).status == "answered"
    with qa.Index(tmp_path / ".qa") as index, pytest.raises(qa.errors.QaError):
        index.search(QUESTION)
    for other in (DEFAULT_EMBEDDER, LetterEmbedder(name="letters/2")):
        with qa.Index(tmp_path / ".qa", embedder=other) as index, pytest.raises(qa.errors.IndexMismatch):
            index.sync(tmp_path / "docs")
    (tmp_path / "docs" / "new.txt").write_text("Dogs bark.\n", encoding="utf-8")
    bundled = qa.Index(tmp_path / ".qa", embedder=DEFAULT_EMBEDDER)
    with bundled as index, pytest.raises(qa.errors.IndexMismatch):
        index.sync(tmp_path / "docs")


@pytest.mark.parametrize(
    "arguments",
    [
        {"model": 3},
        {"embedder": 3},
        {"model": "", "offline": True},
        {"model": "gpt-4.1", "offline": True},
        {"model": ScriptedModel("x"), "offline": True},
        {"embedder": "openai/x", "offline": True},
        {"embedder": LetterEmbedder(), "offline": True},
        {"path": "\0"},
    ],
)
def test_what_cannot_be_meant_is_refused_at_once(arguments: dict[str, Any]) -> None:
    """Before anything is read; what forbids it is named."""
    with pytest.raises(qa.errors.UsageError) as caught:
        qa.Index(**arguments)
    assert "--" not in f"{caught.value.cause} {caught.value.hint}"


def test_offline_from_the_environment_holds_too(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a key, too, no model is asked; one that is given is refused."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-x")
    monkeypatch.setenv("QA_OFFLINE", "1")
    with qa.Index(library) as index:
        assert index.ask(QUESTION).mode == "extractive"
    with pytest.raises(qa.errors.UsageError, match="QA_OFFLINE"):
        qa.Index(library, model=Foreign())


def python(script: str, at: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """What another Python, started in a folder, makes of a script."""
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=at,
        capture_output=True,
        text=True,
        env=environment(at, **more),
        timeout=PATIENCE,
        check=False,
        encoding="utf-8",
    )


def test_offline_opens_no_socket(tmp_path: Path) -> None:
    """Whatever the environment offers: neither syncing nor asking makes one that leads anywhere."""
    write_documents(tmp_path)
    script = (
        "import sys, socket\n"
        "def hook(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.bind', 'socket.gethostbyname'):\n"
        "        raise SystemExit(f'{event} {arguments}')\n"
        "sys.addaudithook(hook)\n"
        "import qa\n"
        "with qa.Index('.qa', offline=True) as index:\n"
        "    print(index.sync('docs').added, index.ask('Why was the Vasa lost?').status)\n"
    )
    more = {"OPENAI_API_KEY": "sk-x", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    done = python(script, tmp_path, **more)
    assert (done.stdout, done.stderr) == ("4 answered\n", "")


def test_importing_it_imports_nothing_heavy(tmp_path: Path) -> None:
    """Not even its own parts; `import *` brings its names, an unknown one is an error as of any module."""
    script = (
        "import json, sys\nbefore = set(sys.modules)\nimport qa\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in set(sys.modules) - before})))\n"
        "print(json.dumps(dir(qa)))\nfrom qa import *\nIndex, errors.NoIndex\nqa.Indexes\n"
    )
    done = python(script, tmp_path)
    imported, names = map(json.loads, done.stdout.splitlines())
    assert not set(imported) & {"index", "prompts", "numpy", "llama_index", "openai", "chromadb", "pydantic"}
    assert set(qa.__all__) <= set(names)
    assert done.stderr.splitlines()[-1].startswith("AttributeError: module 'qa' has no attribute 'Indexes'")


@pytest.mark.parametrize("name", ["index.py", "index/__init__.py", "prompts.py", "prompts/__init__.py"])
def test_a_file_that_hides_a_package_of_ours_is_named(tmp_path: Path, name: str) -> None:
    """In one error that says what to do, and none from inside."""
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("x = 1\n", encoding="utf-8")
    done = python("import qa", tmp_path)
    *_, cause, hint = done.stderr.splitlines()
    package = Path(name).parts[0].removesuffix(".py")
    assert cause == f"ImportError: qa finds {path} where its own package {package!r} should be"
    assert hint.strip().startswith("rename that file")


def test_a_folder_of_the_same_name_hides_nothing(tmp_path: Path) -> None:
    """Without an `__init__.py`, Python looks on."""
    for name in ("index", "prompts"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "notes.py").touch()
    assert python("import qa; qa.Index", tmp_path).stderr == ""


def test_processes_give_the_answers_of_one(library: Path, index: qa.Index) -> None:
    """To any thread; what is raised in one is raised here; after `close` the next question starts others."""
    with qa.Index(library, offline=True, processes=2) as many:
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(many.ask, [QUESTION] * 4))
        expected = index.ask(QUESTION)
        assert [replace(one, seconds=expected.seconds) for one in answers] == [expected] * 4
        with pytest.raises(qa.errors.UsageError, match="no source fits"):
            many.ask(QUESTION, sources="none*")
        many.close()
        assert many.search(QUESTION) == index.search(QUESTION)


def test_a_model_reads_what_a_process_found(library: Path) -> None:
    """The model is asked in the thread that asks."""
    with qa.Index(library, model=ScriptedModel(LOST), processes=1) as one:
        assert one.ask(QUESTION, plan=False).claims[0].text == "The Vasa was lost in 1628."


def test_what_processes_cannot_have_is_refused(library: Path) -> None:
    """Before one is started."""
    with pytest.raises(qa.errors.UsageError, match="other processes"):
        qa.Index(library, embedder=LetterEmbedder(), processes=1)
    with pytest.raises(qa.errors.UsageError, match="processes"):
        qa.Index(library, processes=-1)
