"""Loads the open question sets that other benchmarks index and ask; not a command.

A set is a folder with `docs/` and `questions.jsonl`. Questions are loaded, gold is resolved and hits are
counted by the product's own code, so that a metric has one definition here and in `qa eval`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.embedding.embedder import load_embedder
from index.search.filters import ALL
from index.sync.sync import sync
from qa.answering.answer import answer
from qa.answering.index_reader import IndexReader
from qa.answering.retrieval import Retrieval
from qa.evaluation.metrics.per_question import retrieval_metrics
from qa.evaluation.sets.dataset import load_questions
from qa.evaluation.sets.gold import Resolver
from qa.evaluation.types import GoldPlace, Question, Retrieved
from qa.types import Answer

DEPTH = 10  # passages that a question is given
AS_STORED = {".txt", ".md"}  # formats whose indexed text is the decoded file


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question of a set, and its gold as the index has it."""

    question: Question
    gold: tuple[GoldPlace, ...] = ()

    @property
    def core(self) -> bool:
        """Whether it is in the set's fixed sample."""
        return "core" in self.question.tags

    @property
    def answerable(self) -> bool:
        """Whether the set says that its documents answer it."""
        return bool(self.question.answerable)


@dataclass(frozen=True, slots=True)
class OpenSet:
    """An indexed set, ready to be asked in this thread."""

    name: str
    docs: Path
    questions: tuple[GoldQuestion, ...]
    reader: IndexReader

    def find(self, question: str) -> Retrieval:
        """The passages that an answer is chosen from, and the texts they were cut from."""
        return self.reader.find(question, k=DEPTH, filters=ALL)

    def ask(self, question: str) -> Answer:
        """The answer without a model, as `qa ask` gives it."""
        return answer(question, self.find(question))

    def file_text(self, source: str) -> str:
        """The text of the file itself, decoded here; the stored text for a format that must be extracted."""
        path = self.docs / source
        if path.suffix in AS_STORED:
            return _decoded(path)
        catalog = self.reader.catalog()
        stored = catalog.source(source)
        if stored is None:
            raise SystemExit(f"{source} is cited and not indexed")
        return catalog.text(stored.id)


def figures_of(
    ranking: Sequence[Retrieved], gold: Sequence[GoldPlace], names: Sequence[str]
) -> tuple[float, ...]:
    """What `qa eval` calls by these names of a ranking: by spans, else by pages, else by documents.

    There is no other definition of a hit in these scripts. Raises KeyError for gold of no such kind.
    """
    values = retrieval_metrics(ranking, gold)
    known = ("", "page_", "document_")
    prefix = next((prefix for prefix in known if prefix + names[0] in values), "")
    return tuple(values[prefix + name] for name in names)


@lru_cache(maxsize=1024)
def _decoded(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig")


@contextmanager
def open_set(folder: Path, place: Path) -> Iterator[OpenSet]:
    """Index the set in `folder` into the index folder `place`, unless that is done already, and open it.

    Without Chroma: of so few chunks all vectors are compared exactly.
    """
    docs = folder / "docs"
    place.parent.mkdir(parents=True, exist_ok=True)
    sync([docs], folder=place, embedder=load_embedder)
    reader = IndexReader(place)
    try:
        resolver = Resolver(reader.catalog())
        questions = load_questions(folder / "questions.jsonl")
        resolved = tuple(GoldQuestion(each, resolver.resolve(each).gold) for each in questions)
        yield OpenSet(folder.name, docs, resolved, reader)
    finally:
        reader.close()


def set_names(data: Path) -> list[str]:
    """The names of all sets in a folder of sets."""
    return sorted(path.parent.name for path in data.glob("*/questions.jsonl"))
