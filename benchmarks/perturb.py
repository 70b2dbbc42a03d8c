"""How many false claims `doubts` flags, and how many true ones.

`python benchmarks/perturb.py DATA_FOLDER`

True pairs of (claim, cited text) come from the sets in DATA_FOLDER: sentences of the documents against
themselves and against the stretch of three sentences they stand in; people's answers of `clapnq` and
`news` against the evidence of the same annotator; and questions of `squad2` that ask for their subject, with
the answer put in ("Who invented X?" - "Watt invented X."), against the sentence that answers. Each is
falsified in one place per kind (`benchmarks/falsify.py`); what is put in stands nowhere in the cited text.

False alarms: the share of untouched pairs with a reason. Detection: of falsified pairs quiet before, the
share with a reason. Wilson 95 % intervals. Halves by a hash of the document's name; the rules of `doubts`
were made on the tuning half. Markdown on stdout; `--show N` prints false alarms and misses to read instead.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import platform
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.falsify import KINDS, Corpus, falsified
from index.readers.formats import read
from index.text.sentences import split_sentences
from index.types import Block, Sentence, Span
from qa.checking.rules import doubts
from qa.evaluation.sets.dataset import load_questions
from qa.evaluation.types import Question

PER_DOCUMENT = 60  # sentences of one document taken as claims
GROUPS = (
    ("sentence", "(a) a sentence of a document, against itself"),
    ("stretch", "(a) the same, against the three sentences around it"),
    ("answer", "(b) a person's answer (clapnq, news), against its evidence"),
    ("subject", "(b) a squad2 question made a statement, against the sentence that answers"),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A true claim with the texts it rests on."""

    group: str
    document: str
    question: str
    known: str
    claim: str
    cited: tuple[str, ...]

    @property
    def held_out(self) -> bool:
        """True for half of all documents."""
        return hashlib.sha256(self.document.encode()).digest()[0] % 2 == 1

    @property
    def random(self) -> random.Random:
        """The same dice for the same pair, always."""
        return random.Random(f"{self.group} {self.document} {self.claim}")


@dataclass(frozen=True, slots=True)
class Document:
    """One file as read, and its sentences."""

    name: str
    title: str
    text: str
    sentences: Sequence[Sentence]

    def around(self, span: Span, *, margin: int = 0) -> tuple[Span, ...]:
        """The sentences that overlap `span`, and `margin` more on either side."""
        at = [number for number, sentence in enumerate(self.sentences) if sentence.span.overlaps(span)]
        if not at:
            return ()
        return tuple(
            sentence.span for sentence in self.sentences[max(0, at[0] - margin) : at[-1] + 1 + margin]
        )


def load(folder: Path) -> dict[str, Document]:
    """The text documents of one set, by file name."""
    documents = {}
    for path in sorted((folder / "docs").iterdir()):
        if path.suffix in (".md", ".txt"):
            reading = read(path.read_bytes(), path.name)
            title = reading.title or path.stem.replace("_", " ")
            sentences = split_sentences(reading.text, reading.blocks)
            documents[path.name] = Document(f"{folder.name}/{path.name}", title, reading.text, sentences)
    return documents


def questions(folder: Path) -> list[Question]:
    """The answerable questions of one set that have reference answers."""
    every = load_questions(folder / "questions.jsonl")
    return [question for question in every if question.answerable and question.answers]


def verbatim(documents: Iterable[Document]) -> Iterator[Pair]:
    """Sentences of the documents against themselves, and against their neighbourhood."""
    for document in documents:
        whole = [
            s.span
            for s in document.sentences
            if 40 <= len(s.span) <= 500 and "\n" not in s.span.of(document.text)
        ]
        dice = random.Random(document.name)
        for span in sorted(dice.sample(whole, min(PER_DOCUMENT, len(whole)))):
            text = span.of(document.text)
            around = document.around(span, margin=1)
            beside = Span(around[0].start, around[-1].end).of(document.text)
            yield Pair("sentence", document.name, "", document.title, text, (text,))
            yield Pair("stretch", document.name, "", document.title, text, (beside,))


def answers(folder: Path, documents: dict[str, Document]) -> Iterator[Pair]:
    """Sentences of the answers people wrote, against what the same person marked as evidence."""
    for question in questions(folder):
        for number, answer in enumerate(question.answers):
            own = [gold for gold in question.evidence if gold.set in (None, number)]
            evidence = own or question.evidence
            if not evidence:
                continue
            document = documents[evidence[0].source]
            cited = tuple(gold.text or "" for gold in evidence)
            for sentence in split_sentences(answer, [Block("paragraph", Span(0, len(answer)))]):
                claim = sentence.span.of(answer)
                if len(claim) >= 20:
                    yield Pair("answer", document.name, question.text, document.title, claim, cited)


_SUBJECT = re.compile(
    r"(?:Who (?P<who>(?!(?:did|do|does|is|are|were|was|has|had)\b)[a-z]+ .+)"
    r"|Who (?P<be>(?:was|were|is|are) .+)"
    r"|What (?P<what>[a-z]+(?:ed|s) (?:the|a|an|in|by|to|for|with|from|at|on) .+))\?"
)
_NO_VERB = frozenset(("was", "does", "has", "types", "kinds", "class", "classes", "process"))


def subjects(folder: Path, documents: dict[str, Document]) -> Iterator[Pair]:
    """Questions for a subject made statements: sound, because English does not change the word order."""
    for question in questions(folder):
        match = _SUBJECT.fullmatch(question.text.strip())
        gold = question.evidence[0]
        answer, span = gold.text, gold.span
        if answer is None or span is None:
            continue
        if match is None or len(answer) > 80 or (match["what"] and match["what"].split()[0] in _NO_VERB):
            continue
        document = documents[gold.source]
        cited = tuple(near.of(document.text) for near in document.around(span))
        claim = (
            answer[0].upper()
            + answer[1:].rstrip(".")
            + " "
            + (match["who"] or match["be"] or match["what"])
            + "."
        )
        yield Pair("subject", document.name, question.text, document.title, claim, (" ".join(cited),))


def pairs(data: Path) -> list[Pair]:
    """All true pairs of the open sets, each claim once."""
    sets = {name: load(data / name) for name in ("news", "squad2", "clapnq", "chunk_eval")}
    every = [pair for documents in sets.values() for pair in verbatim(documents.values())]
    every += [pair for name in ("clapnq", "news") for pair in answers(data / name, sets[name])]
    every += subjects(data / "squad2", sets["squad2"])
    return list({(pair.group, pair.claim, pair.cited): pair for pair in every}.values())


@dataclass(frozen=True, slots=True)
class Trial:
    """One claim as checked; `kind` is empty for an untouched one."""

    pair: Pair
    kind: str
    claim: str
    reasons: tuple[str, ...]


def trials(true_pairs: Sequence[Pair], corpus: Corpus) -> Iterator[Trial]:
    """Every pair as it is, and, if it is quiet, falsified in every way there is place for."""
    for pair in true_pairs:
        reasons = doubts(pair.claim, pair.cited, question=pair.question, known=pair.known)
        yield Trial(pair, "", pair.claim, reasons)
        if reasons:
            continue
        beside = " \n ".join((*pair.cited, pair.question, pair.known))
        for kind in KINDS:
            claim = falsified(kind, pair.claim, beside, corpus, pair.random)
            if claim is not None:
                reasons = doubts(claim, pair.cited, question=pair.question, known=pair.known)
                yield Trial(pair, kind, claim, reasons)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The Wilson score interval of a share at 95 % (Wilson 1927), as (low, high)."""
    if n == 0:
        return 0.0, 1.0
    z = 1.959964
    share = hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def share_cell(trials_: Sequence[Trial]) -> str:
    """The share with a reason, its interval and the number of trials."""
    hits, n = sum(1 for trial in trials_ if trial.reasons), len(trials_)
    low, high = wilson(hits, n)
    return f"{hits / n:.3f} [{low:.3f}, {high:.3f}] of {n}" if n else "-"


def report(checked: Sequence[Trial]) -> None:
    """The tables, for both halves."""
    groups = [name for name, _ in GROUPS]
    for held_out, title in ((True, "Held-out half"), (False, "Tuning half")):
        half = [trial for trial in checked if trial.pair.held_out is held_out]
        print(f"\n### {title}\n\n| | all | {' | '.join(groups)} |\n|---|{'--:|' * (len(groups) + 1)}")
        rows: list[tuple[str, tuple[str, ...]]] = [("false alarms", ("",))]
        rows += [(kind, (kind,)) for kind in KINDS]
        rows += [("negation, both", ("negation put in", "negation taken out"))]
        for name, kinds in rows:
            row = [trial for trial in half if trial.kind in kinds]
            cells = [share_cell([trial for trial in row if trial.pair.group == group]) for group in groups]
            print(f"| {name} | {share_cell(row)} | {' | '.join(cells)} |")


def show(checked: Sequence[Trial], number: int, *, only: str, held_out: bool) -> None:
    """Some false alarms and some misses of one half, to read."""
    wrong: dict[str, list[Trial]] = defaultdict(list)
    for trial in checked:
        if trial.pair.held_out is held_out and bool(trial.reasons) is (trial.kind == ""):
            wrong[trial.kind or "false alarm"].append(trial)
    for kind, some in wrong.items():
        if only in ("", kind):
            some.sort(key=lambda trial: hashlib.sha256(trial.claim.encode()).digest())
            print(f"\n=== {kind}: {len(some)}")
            for trial in some[:number]:
                print(
                    f"\n[{trial.pair.group}] {trial.claim}\n    {trial.reasons}\n    Q {trial.pair.question}"
                )
                print("    C " + " || ".join(trial.pair.cited))


def main() -> None:
    """Check, falsify, check again, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--show", type=int, default=0, help="print so many wrong ones of each kind instead")
    parser.add_argument("--kind", default="", help="with --show: only this kind, or 'false alarm'")
    parser.add_argument("--held-out", action="store_true", help="with --show: of the held-out half")
    options = parser.parse_args()
    true = pairs(options.data)
    corpus = Corpus.of(text for pair in true for text in pair.cited)
    began = time.perf_counter()
    checked = list(trials(true, corpus))
    seconds = time.perf_counter() - began
    if options.show:
        show(checked, options.show, only=options.kind, held_out=options.held_out)
        return
    print(f"Python {platform.python_version()}; {len(true)} true pairs, {len(checked)} checks, ")
    print(f"{1000 * seconds / len(checked):.2f} ms each, falsifying included.\n")
    for name, meaning in GROUPS:
        print(f"- `{name}`: {meaning}; {sum(1 for pair in true if pair.group == name)} pairs")
    report(checked)


if __name__ == "__main__":
    main()
