"""The Python interface: `Index`, with methods to sync documents, search them and ask questions."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Self

from index.errors import UsageError
from index.storage.location import expanded, find_index, find_or_create_index, index_folder
from qa.settings.settings import load_settings
from qa.types import THOUGHT_ENDS, StreamEvent, TextDelta, TextEnd

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.llms import LLM as LlamaLLM  # noqa: N811  # its LLM is not our LLM

    from index.embedding.embedder import Embedder
    from index.search.filters import Filters
    from index.storage.catalog import Catalog
    from index.sync.events import SyncReport
    from index.types import Passage, Source
    from qa.answering.generative.generate import AnswerModel
    from qa.models.base import LLM
    from qa.models.reader.sentence_reader import SentenceReader
    from qa.types import Answer

_StrPath = str | os.PathLike[str]


class Index:
    """An index of documents: bring it up to date, search it, ask it.

        with qa.Index("~/papers/.qa") as index:
            index.sync("~/papers")
            answer = index.ask("Why was the Budapest summit cancelled?")

    Any number of threads may share one. Each question sees the index as it is by then, whoever wrote to it;
    nothing is opened before it is needed. What is not given as an argument is taken from where the command
    takes it: the variables `QA_…` and `OPENAI_…`, `qa.toml` beside the index, the user's own file. They are
    read once, when the object is made.

    `path` is the folder of the index, or the one that holds it as `.qa`; `~` is the home folder. None means
    `QA_INDEX`, else the nearest `.qa` at or above the working directory, else a new one there. `folder` is
    the folder that it came to.

    `model` writes the answers: a name (`"gpt-4.1-mini"`, asked for at OpenAI or at `OPENAI_BASE_URL`), the
    path of a LlamaIndex LLM (`"package.module:Class"` or `"package.module:Class:model"`), a LlamaIndex LLM,
    or an object with the methods of `qa.models.base.LLM`. None takes what the settings name; if they name
    none, and there is neither a key nor a server, answers are sentences of the documents. `QA_MAX_COST`, in
    US dollars, is what all answers of one object may cost together.

    `embedder` turns texts into vectors: a name (`"openai/text-embedding-3-small"`), the path of a LlamaIndex
    embedding class, such an object, or one with the methods of `index.embedding.embedder.Embedder`. None is
    the one that the index was made with; for a new index that of the settings, else the bundled model. An
    index keeps to its embedder; one that is a path or an object has to be given each time.

    `offline=True` makes sure that no connection is ever opened: there can be no `model` then, and no embedder
    but the bundled one.

    `processes` is how many questions are searched for, and answered without a model, at the same time: each
    in a process, on a core of its own. With 0 they take turns in a thread of this process. Processes are
    started as they are needed, each with its own part of the index in memory, and end with `close` or with
    this process. An embedder that is an object cannot be given to them.

    With `create=False` there must be an index already; otherwise the first `sync` makes
    one, and nothing is written before that.

    Raises NoIndex with `create=False`, UsageError for an argument that cannot be meant or that `offline`
    forbids, and SettingsError for a setting that is wrong.
    """

    def __init__(
        self,
        path: _StrPath | None = None,
        *,
        model: str | LLM | LlamaLLM | None = None,
        embedder: str | Embedder | BaseEmbedding | None = None,
        offline: bool = False,
        processes: int = 0,
        create: bool = True,
    ) -> None:
        from qa.answering.factory import answer_model
        from qa.answering.shared_reader import IndexReaders, SharedIndexReader
        from qa.models.embedders import EmbedderLoader, as_embedder

        directory, self._environ = _working_directory(), dict(os.environ)
        options = {
            "index": None if path is None else Path(path),
            "model": model if isinstance(model, str) else None,
            "embedder": embedder if isinstance(embedder, str) else None,
            "offline": offline or None,
        }
        self._settings = load_settings(options, environ=self._environ, directory=directory)
        self.folder = (index_folder if create else find_index)(directory, self._settings.index)
        self._embedder = None if embedder is None or isinstance(embedder, str) else as_embedder(embedder)
        self._refuse_connections(model, embedder)
        own = self._embedder
        load = EmbedderLoader(self._settings, self._environ)
        self._reader = SharedIndexReader(self.folder, load if own is None else lambda _: own, directory)
        _check_processes(processes, own)
        self._readers: IndexReaders | None = None
        if processes:
            self._readers = IndexReaders(processes, self.folder, load, directory, self._settings)
        self._choosing = threading.Lock()
        self._model: tuple[AnswerModel | None] | None = None  # not chosen yet
        self._close: tuple[SentenceReader | None] | None = None  # nor loaded
        if model is not None and not isinstance(model, str):
            self._model = (answer_model(model, self._settings),)

    def _refuse_connections(self, model: object, embedder: object) -> None:
        """Raises UsageError for a model or an embedder given where the settings forbid connections."""
        if not self._settings.offline:
            return
        from index.embedding.wordllama import DEFAULT_EMBEDDER
        from qa.answering.factory import needs_connection

        if model is not None:
            raise needs_connection(self._settings)
        name = embedder if self._embedder is None else self._embedder.name
        if name not in (None, DEFAULT_EMBEDDER):
            forbids = self._settings.origin("offline")
            raise UsageError(
                f"the embedder {name} may need a connection, which {forbids} forbids",
                "leave the embedder out, or allow connections",
                option=("embedder", "offline"),
            )

    def sync(self, *paths: _StrPath, wait: bool = False, remove_gone: bool = False) -> SyncReport:
        """Make the index say what the files and folders at `paths` say; what lies elsewhere is left alone.

        What is new is added, what changed is read again, what is gone is removed. A file that cannot be read
        raises nothing: `failed` of the report has its name and the reason. The report counts the files that
        were `added`, `updated`, `unchanged`, `moved` and `removed`; `changed` and `indexed` are their sums.

        A folder that is gone, or has lost more than half of many files, may be on a disk that is not there:
        nothing of it is removed, and `kept` of the report names it, unless `remove_gone` says that it is to
        be. Files that were found elsewhere by their bytes have `moved`, from and to where `moves` says.

        When it returns, every question can be answered. Unless `QA_CHROMA` says no, the Chroma collection is
        brought up to date by a process in the background, which may outlive this one; `wait` waits for it.
        `chroma` of the report says how far it is.

        Whatever ends it early, what was done stays, and the same call goes on from there. Raises UsageError
        if none of `paths` is there, IndexLocked if another process writes to the index for longer than 10
        seconds, IndexMismatch if it was made with another embedder, StorageError if the disk does not do what
        it should, and SettingsError and ModelError if the embedder cannot be had.
        """
        from index.sync.sync import sync
        from index.vectors.writer_process import catch_up, wait_for
        from qa.models.embedders import check_embedder, index_embedder
        from qa.settings.reading import sync_options

        places = [expanded(path) for path in paths]
        if not (any(map(os.path.lexists, places)) or self._knows(places)):
            what = f"there is no file or folder {paths[0]}" if paths else "there is nothing to sync"
            raise UsageError(what, "name files or folders that are there")
        self._make_folder()
        settings, own = self._settings, self._embedder
        options = replace(sync_options(settings), remove_gone=remove_gone)
        if own is not None:
            check_embedder(self.folder, own.name)
        load = index_embedder(self.folder, settings, self._environ) if own is None else lambda: own
        report = sync(places, folder=self.folder, embedder=load, options=options)
        if wait:
            return replace(report, chroma=wait_for(self.folder))
        return replace(report, chroma=catch_up(self.folder, report.chroma)) if settings.chroma else report

    def _knows(self, places: Sequence[Path]) -> bool:
        """True if anything was indexed of files or folders that are not there."""
        from index.storage.catalog import FILE_NAME

        if not places or not (self.folder / FILE_NAME).exists():
            return False
        found = [str(place.absolute()) for place in places]
        return self._reader.read(lambda catalog: any(any(catalog.files(path)) for path in found))

    def _make_folder(self) -> None:
        """Make the folder where there is none. Raises UsageError where it holds files that are no index."""
        from index.storage.catalog import FILE_NAME
        from index.storage.location import FOLDER

        new = not (self.folder / FILE_NAME).exists()
        if new and self.folder.name != FOLDER and self.folder.is_dir() and any(self.folder.iterdir()):
            raise UsageError(
                f"{self.folder} holds other files, and no index",
                f"name a folder of its own, such as {self.folder / FOLDER}",
            )
        find_or_create_index(self.folder, self.folder)

    def search(
        self,
        question: str,
        *,
        k: int | None = None,
        sources: str | Sequence[str] = (),
        since: str | date | None = None,
        until: str | date | None = None,
    ) -> tuple[Passage, ...]:
        """The at most `k` passages nearest to `question`, best first; 10 where the settings do not say.

        Of each, `chunk.text` is the very `text[chunk.span.start:chunk.span.end]` of its source's text, in
        code points, `score` is larger for nearer, and `copies` are near-identical passages of other sources.

        `sources` narrows the search down to source names: shell patterns or folders, one of which must fit
        (`"reports/2024/*.pdf"`, `["notes", "mail"]`). `since` and `until`, both included, narrow it down to
        dates that sources state of themselves, or have as files: a `date`, or `YYYY`, `YYYY-MM`,
        `YYYY-MM-DD`; with either, a source without a date is left out.

        Raises NoIndex before the first sync, other kinds of UnusableIndex, UsageError for a question without
        a word or filters that no source fits, and ModelError if the embedder's server fails.
        """
        from qa.answering.index_reader import check_question

        text = check_question(question)
        most, filters = self._narrowed(k, sources, since, until)
        return (self._readers or self._reader).find(text, k=most, filters=filters).passages

    def ask(
        self,
        question: str,
        *,
        k: int | None = None,
        sources: str | Sequence[str] = (),
        since: str | date | None = None,
        until: str | date | None = None,
        plan: bool | None = None,
        stream: Callable[[str], object] | None = None,
    ) -> Answer:
        r"""The answer to `question` from at most `k` passages; the filters are those of `search`.

        `status` says whether it is "answered", "partial" or "abstained"; `text` has markers such as `[1]`,
        and each of `citations` is a span of a source: `citation.text` is
        `text[citation.span.start:citation.span.end]` of it. A claim that its citations do not bear out is
        there and is marked: see `claims` and their `support`.

        A model is first asked for search queries, which find what the question's own words do not; they are
        in `queries`. `plan` says whether it is, None is what the settings say (`QA_PLAN`), and that is yes.
        It is not where the first search plainly found what is asked for, or all that there is.

        `stream` is given a model's text as it is written, piece by piece, in this thread. What it was given
        is for people to read while they wait, and `text` is what counts: a line that says what is missing
        goes to `missing`, an abstention is not streamed at all, and where a model's reasoning turns out to be
        among the text, the piece "\n</think>\n\n" says that all before it is no part of the answer. If
        `stream` raises, so does `ask`; KeyboardInterrupt ends the answer, which then is what had come, with
        `stopped` True. Without a model nothing is streamed.

        Raises what `search` raises, ModelError if the model gives no answer, CostLimit if it might cost more
        than is left to spend, SettingsError if the model cannot be had, and IndexDamaged if what is indexed
        is not what the sources say.
        """
        from qa.answering.ask import ask
        from qa.answering.index_reader import IndexReader, check_question

        text = check_question(question)
        most, filters = self._narrowed(k, sources, since, until)
        self._reader.run(IndexReader.searcher)  # without an index, no server is asked which models it has
        model = self._answer_model()
        if model is not None and plan is not None:
            model = replace(model, plan=plan)
        show = None if stream is None else _shown_by(stream)
        if model is None and self._readers is not None:
            return self._readers.answer(text, k=most, filters=filters)
        finder, close = self._readers or self._reader, self._sentence_reader()
        return ask(text, finder, k=most, filters=filters, model=model, show=show, reader=close).answer

    @property
    def sources(self) -> tuple[Source, ...]:
        """All sources, ordered by name. Raises NoIndex before the first sync, and UnusableIndex."""
        return self._reader.sources()

    def source(self, name: str) -> tuple[Source, str]:
        """The source of that name, and its text: the one that spans of citations and passages count in.

        That is the decoded file itself for text formats, with its line ends as they are, and what was read
        out of it for all others. Raises UsageError if there is none, and UnusableIndex.
        """

        def read(catalog: Catalog) -> tuple[Source, str] | None:
            with catalog.snapshot():
                source = catalog.source(name)
                return None if source is None else (source, catalog.text(source.id))

        source_and_text = self._reader.read(read)
        if source_and_text is None:
            raise UsageError(f"no source is called {name!r}", "their names are those in `sources`")
        return source_and_text

    def close(self) -> None:
        """Let go of all files and end all processes; whatever is asked next opens and starts them again."""
        self._reader.close()
        if self._readers is not None:
            self._readers.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"qa.Index({str(self.folder)!r})"

    def _narrowed(
        self,
        k: int | None,
        sources: str | Sequence[str],
        since: str | date | None,
        until: str | date | None,
    ) -> tuple[int | None, Filters]:
        """How many passages to look for, and in which sources."""
        from index.search.filters import make_filters

        patterns = (sources,) if isinstance(sources, str) else sources
        filters = make_filters(patterns, _day(since), _day(until))
        return self._settings.with_options({"k": k}).k, filters

    def _answer_model(self) -> AnswerModel | None:
        """The model that answers, None without one; chosen once, so that its answers share one budget."""
        from qa.answering.factory import configured_model

        with self._choosing:
            if self._model is None:
                self._model = (configured_model(self._settings, self._environ),)
            return self._model[0]

    def _sentence_reader(self) -> SentenceReader | None:
        """The small reader that the settings name, None without one; loaded once."""
        from qa.answering.factory import configured_reader

        with self._choosing:
            if self._close is None:
                self._close = (configured_reader(self._settings),)
            return self._close[0]


def _check_processes(count: int, embedder: object) -> None:
    """Raises UsageError for a number of processes that cannot be, or an embedder that they cannot have."""
    if count < 0:
        raise UsageError(f"processes takes 0 or more, not {count}", "0 asks in this one", option="processes")
    if count and embedder is not None:
        raise UsageError(
            "an embedder that is an object cannot be given to other processes",
            "name it by its path, or ask in this process",
            option=("embedder", "processes"),
        )


def _working_directory() -> Path:
    try:
        return Path.cwd()
    except OSError as exc:
        raise UsageError("the working directory is gone", "change to one that exists") from exc


def _day(day: str | date | None) -> str | None:
    return day.isoformat()[:10] if isinstance(day, date) else day


def _shown_by(stream: Callable[[str], object]) -> Callable[[StreamEvent], None]:
    """What gives `stream` the text of events."""

    def show(event: StreamEvent) -> None:
        if not isinstance(event, TextEnd):
            stream(event.text if isinstance(event, TextDelta) else THOUGHT_ENDS)

    return show
