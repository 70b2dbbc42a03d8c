"""Copies, independent sources and contradictions planted in open sets: how many are told, how many made up.

`python benchmarks/conflicts.py DATA_FOLDER`

Beside `examples/`, the sets of DATA_FOLDER are used. Everything is asked without a model, over real indexes;
what is measured is the same with one. A set is asked once as it is: every disagreement shown there is counted
as a false alarm (`--show` prints them, for some are real). Then documents are planted beside their originals:

- contradictions: a copy in which the sentence that is cited first has another number, date, name or polarity
  (`benchmarks/falsify.py`), and is a little reworded in every second one: new title, other wrapping. Found: a
  disagreement with the copy's sentence on one side. Rounded forms of figures and the like are not planted.
- copies: the document as it is, wrapped anew, with another title and byline, a sentence added, its end cut,
  as HTML.
  `independent` of the first claim must not change.
- independent documents: the statement in other words (`benchmarks/rewordings.py`: a reader's, else by rule),
  in a text of its own. `independent` must grow by one.
- repeats: the same that credits an agency, twice. Both are one.
- tables: pairs of documents of which one gives another number for the same row and column, and pairs that
  differ rightly (`benchmarks/table_plants.py`). The first must be shown, the others not.

Shares with Wilson 95 % intervals, Markdown on stdout.
"""

from __future__ import annotations

import argparse
import html
import random
import re
import shutil
import sys
import tempfile
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.falsify import KINDS, Corpus, falsified
from benchmarks.open_sets import AS_STORED, DEPTH, OpenSet, open_set, set_names
from benchmarks.perturb import wilson
from benchmarks.rewordings import by_a_reader, put_in, turned
from benchmarks.table_plants import table_pairs
from index.embedding.embedder import load_embedder
from index.search.filters import ALL
from index.sync.sync import sync
from qa.answering.answer import answer as ask
from qa.answering.index_reader import IndexReader
from qa.types import Answer

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
PER_DOCUMENT = 12  # sentences changed in the copy of one document
MOST_DOCUMENTS = 120  # of one set that are copied
MOST_TOLD = 8  # sentences of one document that others tell
TABLES = 80  # pairs of tables that disagree, and as many that do not
LEAST_WORDS = 6  # of a sentence that is planted
OWN_HEAD = "What became known in Brodno\n\nBy our own correspondent"


@dataclass(frozen=True, slots=True)
class Cited:
    """A question, and the first sentence that its answer rests on, in a document that is plain text."""

    question: str
    source: str
    start: int
    sentence: str
    independent: int


@dataclass(frozen=True, slots=True)
class Planted:
    """A sentence changed in a copy of a document."""

    kind: str
    cited: Cited
    name: str
    sentence: str


def _wrapped(text: str, _sentence: str) -> tuple[str, str]:
    paragraphs = re.split(r"\n\s*\n", text)
    return ".txt", "\n\n".join(textwrap.fill(each, 60, break_on_hyphens=False) for each in paragraphs)


def _titled(text: str, _sentence: str) -> tuple[str, str]:
    return ".md", f"# {OWN_HEAD}\n\n{text}"


def _added(text: str, sentence: str) -> tuple[str, str]:
    return ".txt", text.replace(sentence, f"{sentence} Nothing else was said in public that day.")


def _cut(text: str, sentence: str) -> tuple[str, str]:
    """What stands after the sentence, and 200 characters after it, left out."""
    return ".txt", text[: text.index(sentence) + len(sentence) + 200].rpartition(". ")[0] + "."


def _as_html(text: str, _sentence: str) -> tuple[str, str]:
    paragraphs = "".join(f"<p>{html.escape(each)}</p>" for each in re.split(r"\n\s*\n", text))
    return ".html", f"<html><head><title>Brodno</title></head><body>{paragraphs}</body></html>"


COPIES: dict[str, Callable[[str, str], tuple[str, str]]] = {
    "as it is": lambda text, _: (".txt", text),
    "wrapped": _wrapped,
    "titled": _titled,
    "added": _added,
    "cut": _cut,
    "html": _as_html,
}
_SYNONYMS = {
    "said": "stated",
    "also": "besides",
    "large": "big",
    "many": "numerous",
    "began": "started",
    "about": "around",
    "because": "since",
    "such as": "like",
    "often": "frequently",
    "however": "yet",
    "usually": "mostly",
    "were": "had been",
    "is": "remains",
    "was": "had been",
}


def _reworded_a_little(sentence: str) -> str:
    """Some common words made others."""
    return re.sub(rf"\b(?:{'|'.join(_SYNONYMS)})\b", lambda match: _SYNONYMS[match[0]], sentence, count=2)


class Tally:
    """Of each kind, how many of how many."""

    def __init__(self) -> None:
        self.counts: dict[str, list[bool]] = defaultdict(list)

    def add(self, kind: str, *, hit: bool) -> None:
        """Count one."""
        self.counts[kind].append(hit)

    def rows(self) -> Iterator[str]:
        """A row of a table for each kind, and one for all."""
        every = [hit for hits in self.counts.values() for hit in hits]
        for kind, hits in [*self.counts.items(), ("all", every)]:
            low, high = wilson(sum(hits), len(hits))
            share = sum(hits) / len(hits) if hits else 0.0
            yield f"| {kind} | {len(hits)} | {share:.3f} | {low:.3f} to {high:.3f} |"


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", default="", help="names of sets, separated by commas")
    parser.add_argument("--show", action="store_true", help="print what is shown, and missed")
    parser.add_argument("--sources", action="store_true", help="plant no contradictions")
    parser.add_argument("--core", action="store_true", help="only the fixed samples of the sets")
    parser.add_argument("--tables", action="store_true", help="only tables, no sets")
    options = parser.parse_args()
    names = options.sets.split(",") if options.sets else ["examples", *set_names(options.data)]
    with tempfile.TemporaryDirectory() as place:
        bench = Bench(options.data, Path(place), show=options.show, core=options.core)
        bench.only_sources = options.sources
        for name in names if not options.tables else ():
            bench.measure(name)
        if options.tables or not options.sources:
            bench.tables()
    print(bench.report())


class Bench:
    """All sets, measured one after the other."""

    def __init__(self, data: Path, place: Path, *, show: bool, core: bool) -> None:
        self._data, self._place, self._show, self._core = data, place, show, core
        self.alarms, self.found = Tally(), Tally()
        self.elsewhere = 0  # answers that cite neither the sentence nor its contradiction
        self.only_sources = False
        self.unfound = 0  # independent documents that the search does not return for the question
        self.copies, self.independent, self.credited = Tally(), Tally(), Tally()
        self.table_conflicts, self.table_alarms = Tally(), Tally()

    def measure(self, name: str) -> None:
        """Ask the questions of a set as it is, and with what is planted."""
        folder = self._folder(name)
        cited = self._unplanted(name, folder)
        print(f"{name}: {len(cited)} sentences to plant", file=sys.stderr)
        if cited:
            if not self.only_sources:
                self._contradictions(name, folder, cited)
            self._sources(name, folder, cited)

    def report(self) -> str:
        """What was counted, as tables."""
        head = "| | n | share | 95 % |\n|---|--:|--:|---|"
        parts = (
            ("Disagreements shown, nothing planted", self.alarms),
            ("Contradictions found", self.found),
            ("Copies that change no number", self.copies),
            ("Independent documents that are counted", self.independent),
            ("Two that credit one agency and count once", self.credited),
            ("Tables that disagree, found", self.table_conflicts),
            ("Tables that do not, shown", self.table_alarms),
        )
        tables = "\n\n".join(f"{title}\n\n{head}\n" + "\n".join(tally.rows()) for title, tally in parts)
        return (
            f"{tables}\n\nNot counted: {self.elsewhere} that are answered otherwise with the plants, "
            f"{self.unfound} independent documents that were not found."
        )

    def _folder(self, name: str) -> Path:
        if name != "examples":
            return self._data / name
        folder = self._place / "examples-set"
        if not folder.exists():
            shutil.copytree(EXAMPLES / "documents", folder / "docs")
            shutil.copy(EXAMPLES / "questions.jsonl", folder / "questions.jsonl")
        return folder

    def _unplanted(self, name: str, folder: Path) -> list[Cited]:
        cited = []
        with open_set(folder, self._place / name / "plain") as opened:
            for question in self._questions(opened):
                answer = opened.ask(question)
                if answer.status == "abstained":
                    continue
                self.alarms.add(name, hit=bool(answer.disagreements))
                if self._show and answer.disagreements:
                    print(_shown(answer))
                first = _cited(question, answer, folder / "docs")
                if first is not None:
                    cited.append(first)
        return cited

    def _questions(self, opened: OpenSet) -> list[str]:
        some = any(each.core for each in opened.questions) and (self._core or opened.name == "squad2")
        return [each.question.text for each in opened.questions if each.core or not some]

    def _contradictions(self, name: str, folder: Path, cited: Sequence[Cited]) -> None:
        docs = self._copied(name, folder, "contradictions")
        corpus = Corpus.of(
            path.read_text(encoding="utf-8") for path in sorted(docs.glob("*")) if path.suffix in AS_STORED
        )
        planted = list(_planted(docs, cited, corpus))
        with open_set(docs.parent, self._place / name / "contradictions-index") as opened:
            for each in planted:
                answer = opened.ask(each.cited.question)
                if not _cites(answer, each):
                    self.elsewhere += 1
                    continue
                hit = _tells(answer, each)
                self.found.add(each.kind, hit=hit)
                if self._show and not hit:
                    print(f"MISSED {each.kind}: {each.cited.sentence}\n       {each.sentence}")
                    print(f"       cites {[citation.text for citation in answer.citations]}")

    def tables(self) -> None:
        """Ask for what pairs of tables say."""
        pairs = list(table_pairs(TABLES))
        docs = self._place / "tables" / "docs"
        docs.mkdir(parents=True)
        for name, data in (each for pair in pairs for each in (pair.first, pair.second)):
            (docs / name).write_bytes(data)
        sync([docs], folder=docs.parent / ".qa", embedder=load_embedder)
        with closing(IndexReader(docs.parent / ".qa")) as reader:
            for pair in pairs:
                answer = ask(pair.question, reader.find(pair.question, k=DEPTH, filters=ALL))
                names = {pair.first[0], pair.second[0]}
                if not any(citation.source in names for citation in answer.citations):
                    self.elsewhere += 1
                    continue
                shown = [
                    {each.source for side in found.sides for each in side.citations}
                    for found in answer.disagreements
                ]
                hit = any(names <= sources for sources in shown) if pair.disagree else bool(shown)
                (self.table_conflicts if pair.disagree else self.table_alarms).add(pair.kind, hit=hit)
                if self._show and hit is not pair.disagree:
                    print(f"TABLES {pair.kind} {pair.first[0]} {pair.second[0]}: {answer.text}")
                    print(_shown(answer))

    def _sources(self, name: str, folder: Path, cited: Sequence[Cited]) -> None:
        """Copies; independent documents beside them; in their place, two that credit one agency."""
        dice = random.Random(name)
        told = _told(dice.sample(list(cited), len(cited)))
        docs = self._copied(name, folder, "sources")
        for at, each in enumerate({each.source: each for each in reversed(told)}.values()):
            text = (docs / each.source).read_text(encoding="utf-8")
            for number, way in enumerate(dice.sample(sorted(COPIES), 2)):
                suffix, made = COPIES[way](text, each.sentence)
                (docs / f"copy-{at}-{number}{suffix}").write_text(made, encoding="utf-8")
        self._counted(docs, name, told, self.copies, 0)
        told = [each for each in told if _otherwise(each.sentence)]
        for at, each in enumerate(told):
            (docs / f"report-{at}.txt").write_text(
                f"{OWN_HEAD}\n\n{_otherwise(each.sentence)}\n", encoding="utf-8"
            )
        self._counted(docs, name, told, self.independent, 1)
        for at, each in enumerate(told):
            wire = f"BRODNO (Reuters) - {_otherwise(each.sentence)}\n"
            (docs / f"report-{at}.txt").write_text(wire, encoding="utf-8")
            again = turned(each.sentence) or _otherwise(each.sentence)
            (docs / f"repeat-{at}.txt").write_text(
                f"{OWN_HEAD}\n\n{again} Reuters reported this.\n", encoding="utf-8"
            )
        self._counted(docs, name, told, self.credited, 1)

    def _counted(self, docs: Path, name: str, cited: Sequence[Cited], tally: Tally, more: int) -> None:
        """Count the claims with `more` independent sources than before; reports not found are left out."""
        with open_set(docs.parent, self._place / name / f"sources-index-{more}") as opened:
            for at, each in enumerate(cited):
                answer = opened.ask(each.question)
                claim = next((claim for claim in answer.claims if claim.text == each.sentence), None)
                if claim is None:
                    self.elsewhere += 1
                    continue
                if more and all(passage.source.name != f"report-{at}.txt" for passage in answer.passages):
                    self.unfound += 1
                    continue
                tally.add(name, hit=claim.independent == each.independent + more)
                if self._show and claim.independent != each.independent + more:
                    print(f"COUNTED {claim.independent}, not {each.independent + more}: {each.sentence}")

    def _copied(self, name: str, folder: Path, what: str) -> Path:
        docs = self._place / name / what / "docs"
        shutil.copytree(folder / "docs", docs)
        shutil.copy(folder / "questions.jsonl", docs.parent / "questions.jsonl")
        return docs


def _told(cited: Sequence[Cited]) -> list[Cited]:
    """Some sentences of each document, each once."""
    by_document: dict[str, list[Cited]] = defaultdict(list)
    for each in {each.sentence: each for each in cited}.values():
        if len(by_document) < MOST_DOCUMENTS or each.source in by_document:
            by_document[each.source].append(each)
    return [each for some in by_document.values() for each in some[:MOST_TOLD]]


def _otherwise(sentence: str) -> str | None:
    """A sentence in other words, a reader's if there are any."""
    return by_a_reader(sentence) or put_in(sentence) or turned(sentence)


def _shown(answer: Answer) -> str:
    """The disagreements of an answer, to be read."""
    lines = [f"SHOWN {answer.question}"]
    for found in answer.disagreements:
        lines.append(f"  {found.kind}: {found.about}")
        for side in found.sides:
            lines += [f"    {side.value!r} {each.source}: {each.text}" for each in side.citations]
    return "\n".join(lines)


def _cited(question: str, answer: Answer, docs: Path) -> Cited | None:
    """The first sentence that an answer rests on, if it stands once in a file that is plain text."""
    claim, citation = answer.claims[0], answer.citations[0]
    path = docs / citation.source
    if path.suffix not in AS_STORED or claim.text not in citation.text:
        return None
    text = path.read_text(encoding="utf-8")
    if text.count(claim.text) != 1 or len(claim.text.split()) < LEAST_WORDS:
        return None
    return Cited(question, citation.source, text.index(claim.text), claim.text, claim.independent)


def _planted(docs: Path, cited: Sequence[Cited], corpus: Corpus) -> Iterator[Planted]:
    """Copies with changed sentences, at most `PER_DOCUMENT` in one, written into `docs`."""
    by_document: dict[str, list[Cited]] = defaultdict(list)
    for each in cited:
        if all(each.sentence != other.sentence for other in by_document[each.source]):
            by_document[each.source].append(each)
    for at, (source, sentences) in enumerate(sorted(by_document.items())):
        text = (docs / source).read_text(encoding="utf-8")
        changed = f"{OWN_HEAD}\n\n{text}" if at % 2 else text
        name = f"changed-{at}{Path(source).suffix}"
        done = 0
        for each in sentences:
            dice = random.Random(f"{source} {each.start}")
            kinds = [kind for kind in KINDS if kind != "units"]
            # A negation can be put in nearly everywhere, the others cannot: they come first.
            for kind in sorted(dice.sample(kinds, len(kinds)), key="negation put in".__eq__):
                made = falsified(kind, each.sentence, text, corpus, dice)
                if made is not None and done < PER_DOCUMENT:
                    made = _reworded_a_little(made) if at % 2 else made
                    changed = changed.replace(each.sentence, made)
                    yield Planted(kind, each, name, made)
                    done += 1
                    break
        if done:
            (docs / name).write_text(changed, encoding="utf-8")


def _cites(answer: Answer, planted: Planted) -> bool:
    """True if the answer rests on the sentence or on what contradicts it."""
    sentences = (planted.cited.sentence, planted.sentence)
    return any(sentence in each.text for each in answer.citations for sentence in sentences)


def _tells(answer: Answer, planted: Planted) -> bool:
    """True if a disagreement has the planted sentence on one side and the original on another."""
    for found in answer.disagreements:
        texts = [{(each.source, each.text) for each in side.citations} for side in found.sides]
        planted_sides = [any(name == planted.name for name, _ in side) for side in texts]
        original = [any(name == planted.cited.source for name, _ in side) for side in texts]
        if any(planted_sides) and any(original):
            return True
    return False


if __name__ == "__main__":
    main()
