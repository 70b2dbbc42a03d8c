"""How good the answers without a model are, over whole open sets: `python benchmarks/answers.py DATA [SET…]`.

DATA holds one folder a set, with `docs/` and `questions.jsonl`. Every set is indexed as `qa index` does it
and asked as `qa ask` does it. Printed as a Markdown table: whether a citation overlaps a gold span (an
abstention on an answerable question is a miss), how much of what is cited is gold, how long answers are, what
abstains, and whether every citation equals its slice of the file, read anew. Ends with 1 if one does not, or
a far-off question is answered.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from index.embedding.embedder import load_embedder
from index.search.searcher import Searcher
from index.storage.catalog import Catalog
from index.sync.sync import sync
from index.types import Span
from qa.answering.answer import answer
from qa.answering.retrieval import Retrieval
from qa.types import Answer

SETS = ("news", "squad2", "clapnq", "chunk_eval")
FAR = Path(__file__).with_name("far_questions.txt")
AS_IT_IS = {".txt", ".md"}  # formats whose stored text is the decoded file


@dataclass(frozen=True, slots=True)
class Gold:
    """Where an answer stands: a span of a source, or a page of it."""

    source: str
    span: Span | None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One row of `questions.jsonl`."""

    id: str
    text: str
    answerable: bool
    core: bool
    gold: tuple[Gold, ...]
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenSet:
    """An indexed set, ready to be asked."""

    name: str
    docs: Path
    questions: tuple[Question, ...]
    find: Callable[[str], Retrieval]
    text_of: Callable[[str], str]


@contextmanager
def opened(data: Path, name: str, work: Path) -> Iterator[OpenSet]:
    """Index the set `name` below `work`, unless that is done already, and open it."""
    docs, folder = data / name / "docs", work / name / ".qa"
    folder.parent.mkdir(parents=True, exist_ok=True)
    sync([docs], folder=folder, embedder=load_embedder)
    texts: dict[str, str] = {}
    with Catalog.open(folder) as catalog:
        searcher = Searcher(catalog, load_embedder())

        def text_of(source_id: str) -> str:
            if source_id not in texts:
                texts[source_id] = catalog.text(source_id)
            return texts[source_id]

        def find(question: str) -> Retrieval:
            began = time.perf_counter()
            passages = searcher.search(question)
            seconds = time.perf_counter() - began
            by_id = {passage.source.id: text_of(passage.source.id) for passage in passages}
            return Retrieval(passages, by_id, seconds)

        yield OpenSet(name, docs, tuple(_questions(data / name)), find, text_of)


def _questions(folder: Path) -> Iterator[Question]:
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        gold = tuple(
            Gold(one["source"], Span(one["start"], one["end"]) if "start" in one else None, one.get("page"))
            for one in row["evidence"]
        )
        tags = tuple(row["tags"])
        yield Question(row["id"], row["question"], row["answerable"], "core" in tags, gold, tags)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, what came of it, and the spans of the sentences it cites with their source's name."""

    question: Question
    answer: Answer
    cited: tuple[tuple[str, Span], ...]

    @property
    def hit(self) -> bool:
        """True if a citation overlaps a gold span, or stands on a gold page."""
        return any(
            citation.source == gold.source
            and (citation.page == gold.page if gold.span is None else citation.span.overlaps(gold.span))
            for citation in self.answer.citations
            for gold in self.question.gold
        )

    @property
    def gold_characters(self) -> int:
        """The characters of those cited sentences that overlap a gold span."""
        return sum(len(span) for name, span in self.cited if _is_gold(name, span, self.question.gold))

    @property
    def characters(self) -> int:
        """The characters of all cited sentences."""
        return sum(len(span) for _, span in self.cited)


def _is_gold(name: str, span: Span, gold: Sequence[Gold]) -> bool:
    return any(one.source == name and one.span is not None and one.span.overlaps(span) for one in gold)


def ask(one: OpenSet, question: Question) -> Asked:
    """Ask `one` a question, as `qa ask` would."""
    found = answer(question.text, one.find(question.text))
    sentences = {
        (passage.source.name, span) for passage in found.passages for span in passage.chunk.sentences
    }
    cited = tuple(
        (name, span)
        for name, span in sorted(sentences)
        if any(other.source == name and other.span.contains(span) for other in found.citations)
    )
    return Asked(question, found, cited)


def false_citations(one: OpenSet, answers: Sequence[Asked]) -> list[str]:
    """Every citation whose text is not the slice of the file itself (of the stored text, for a PDF)."""
    wrong = []
    files: dict[str, str] = {}
    for asked in answers:
        for citation in asked.answer.citations:
            if citation.source not in files:
                files[citation.source] = _file_text(one, citation.source, asked.answer)
            if citation.span.of(files[citation.source]) != citation.text:
                wrong.append(f"{one.name}/{citation.source}:{citation.span.start}-{citation.span.end}")
    return wrong


def _file_text(one: OpenSet, name: str, found: Answer) -> str:
    path = one.docs / name
    if path.suffix in AS_IT_IS:
        return path.read_bytes().decode("utf-8-sig")
    return one.text_of(next(passage.source.id for passage in found.passages if passage.source.name == name))


def share(some: float, whole: float) -> str:
    """A share with its parts, or a dash if there is nothing to divide by."""
    return f"{some / whole:.3f} ({some:.0f}/{whole:.0f})" if whole else "–"


def table_row(one: OpenSet, asked: Sequence[Asked], far: Sequence[Asked]) -> str:
    """The set's figures as one row of the table."""
    able = [a for a in asked if a.question.answerable]
    core = [a for a in able if a.question.core]
    said = [a for a in able if a.answer.status == "answered"]
    near = [a for a in asked if not a.question.answerable and "far" not in a.question.tags]
    core_near = [a for a in near if a.question.core]
    milliseconds = sorted(1000 * a.answer.seconds.answer for a in asked)
    late = milliseconds[len(milliseconds) * 95 // 100]
    return " | ".join(
        (
            f"| {one.name}",
            share(sum(a.hit for a in able), len(able)),
            share(sum(a.hit for a in core), len(core)),
            share(len(able) - len(said), len(able)),
            share(sum(a.gold_characters for a in said), sum(a.characters for a in said)).split(" ")[0],
            f"{statistics.fmean([len(a.answer.claims) for a in said]):.2f}" if said else "–",
            share(sum(a.answer.status == "abstained" for a in near), len(near)),
            share(sum(a.answer.status == "abstained" for a in core_near), len(core_near)),
            share(sum(a.answer.status == "abstained" for a in far), len(far)),
            f"{sum(len(a.answer.citations) for a in asked)}",
            f"{statistics.median(milliseconds):.1f} / {late:.1f} |",
        )
    )


COLUMNS = (
    "set",
    "hit, answerable",
    "hit, core",
    "answerable refused",
    "gold share of cited characters",
    "sentences",
    "near misses refused",
    "near misses refused, core",
    "far-off refused",
    "citations",
    "ms beyond search, p50 / p95",
)
HEAD = f"| {' | '.join(COLUMNS)} |\n|---|{'--:|' * (len(COLUMNS) - 1)}"


def main() -> int:
    """Measure the sets that are named, or the four that need no PDF reader."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("sets", nargs="*", default=SETS)
    parser.add_argument("--work", type=Path, help="keep the indexes in this folder")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N answers of each set")
    parser.add_argument("--sample", type=int, default=1, metavar="N", help="ask every Nth question only")
    args = parser.parse_args()
    far_off = [Question(f"far-{n}", text, False, False, ()) for n, text in enumerate(_lines(FAR))]
    rows, wrong, answered_far = [], [], []
    with TemporaryDirectory() as temporary:
        for name in args.sets:
            started = time.perf_counter()
            with opened(args.data, name, args.work or Path(temporary)) as one:
                kept = [q for n, q in enumerate(one.questions) if q.core or n % args.sample == 0]
                asked = [ask(one, question) for question in kept]
                far = [ask(one, question) for question in far_off]
                far += [a for a in asked if "far" in a.question.tags]
                wrong += false_citations(one, [*asked, *far])
                answered_far += [f"{name}: {a.question.text}" for a in far if a.answer.citations]
                rows.append(table_row(one, asked, far))
                for a in asked[: args.show]:
                    print(f"{a.question.text}\n  {a.answer.status} {a.answer.evidence:.2f} hit={a.hit}")
                    print("  " + (a.answer.text + " " + (a.answer.missing or "")).replace("\n", "\n  "))
            print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    print(HEAD, *rows, "", sep="\n")
    print(*(f"not its slice: {one}" for one in wrong), sep="\n")
    print(*(f"far-off, yet answered: {one}" for one in answered_far), sep="\n")
    return 1 if wrong or answered_far else 0


def _lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    sys.exit(main())
