"""How many claims are doubted that cite a wrong sentence of the right document, and how many true ones.

`python benchmarks/wrong_sentences.py DATA_FOLDER [--fit]`

True claims: sentences of people's answers (`clapnq`) with the evidence of the same person; questions of
`squad2` made statements with the sentence that answers; and sentences told in other words (`own_words.jsonl`)
with the sentence that they tell. Each is also cited to two wrong sentences of the same document: one drawn
from the five that share most words with the claim ("near"), and one from all ("any"). What a claim might have
been cited to instead are all sentences of the document. By the rules alone, with the floor of words, and with
that of words and reader together, as `qa` has them.

With `--fit`, the bounds that are highest at `MOST_ALARMS` on the other sets, and what they give on each set.
Shares with Wilson 95 % intervals, Markdown on stdout.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.perturb import Document, Pair, answers, load, subjects, wilson
from qa.checking.rules import doubts
from qa.checking.words import floor
from qa.checking.words.floor import Bounds, Similarity
from qa.models.reader.minilm import MiniLM
from qa.models.reader.sentence_reader import SentenceReader

HERE = Path(__file__).resolve().parent
OWN_WORDS = HERE / "own_words.jsonl"
MOST = 300  # claims of one set
NEAREST = 5  # sentences that a wrong one is drawn from
SHORTEST = 30  # characters of a sentence that is cited
MOST_ALARMS = 0.03  # of true claims: where bounds are put with --fit, well within the .05 that is allowed
KINDS = ("true", "near", "any")
NOTHING = Bounds(-1.0, -1.0, -1.0)


@dataclass(frozen=True, slots=True)
class CitedClaim:
    """A claim with what it is cited to, and the sentences of the document; `kind` is one of `KINDS`."""

    set: str
    kind: str
    pair: Pair
    cited: tuple[str, ...]
    sentences: tuple[str, ...]

    def doubted(self, bounds: Bounds, similarity: Similarity | None) -> bool:
        """True if it is doubted with these bounds, which replace those in the code."""
        floor.BY_WORDS = floor.JOINED = bounds
        return bool(
            doubts(
                self.pair.claim,
                self.cited,
                question=self.pair.question,
                known=self.pair.known,
                context=" ".join(self.sentences)[:3_000],
                others=self.sentences,
                similarity=similarity,
            )
        )


def told_otherwise(documents: dict[str, Document]) -> Iterator[Pair]:
    """Sentences of some documents in other words, each with the sentence itself."""
    told = [json.loads(line) for line in OWN_WORDS.read_text(encoding="utf-8").splitlines()]
    for document in documents.values():
        for sentence in document.sentences:
            text = sentence.span.of(document.text)
            for each in told:
                if text.startswith(each["begins"]):
                    yield Pair("answer", document.name, "", document.title, each["said"], (text,))


def claims(data: Path) -> Iterator[CitedClaim]:
    """All claims, truly and wrongly cited."""
    documents = {name: load(data / name) for name in ("clapnq", "squad2")}
    made = {
        "clapnq": list(answers(data / "clapnq", documents["clapnq"])),
        "squad2": list(subjects(data / "squad2", documents["squad2"])),
        "own words": [pair for some in documents.values() for pair in told_otherwise(some)],
    }
    dice = random.Random(0)
    for name, pairs in made.items():
        for pair in dice.sample(pairs, min(MOST, len(pairs))):
            home = pair.document.partition("/")[0]
            document = documents[home][pair.document.rpartition("/")[2]]
            yield from _cited(name, pair, document, dice)


def _cited(name: str, pair: Pair, document: Document, dice: random.Random) -> Iterator[CitedClaim]:
    sentences = tuple(each.span.of(document.text) for each in document.sentences)
    right = " ".join(pair.cited)
    wrong = [s for s in sentences if len(s) >= SHORTEST and s not in right and right not in s]
    if wrong:
        said = floor.content(pair.claim)
        near = sorted(wrong, key=lambda each: -len(said & floor.content(each)))[:NEAREST]
        true = CitedClaim(name, "true", pair, pair.cited, sentences)
        yield true
        yield replace(true, kind="near", cited=(dice.choice(near),))
        yield replace(true, kind="any", cited=(dice.choice(wrong),))


def shares(trials: Sequence[CitedClaim], bounds: Bounds, similarity: Similarity | None) -> dict[str, str]:
    """Of each kind the share that is doubted, with its interval."""
    cells = {}
    for kind in KINDS:
        some = [each for each in trials if each.kind == kind]
        hits = sum(each.doubted(bounds, similarity) for each in some)
        low, high = wilson(hits, len(some))
        cells[kind] = f"{hits / len(some):.3f} [{low:.3f}, {high:.3f}] of {len(some)}"
    return cells


def fitted(trials: Sequence[CitedClaim], similarity: Similarity | None) -> Bounds:
    """The highest bounds, in steps of .05, at which at most `MOST_ALARMS` of the true claims are doubted."""
    true = [each for each in trials if each.kind == "true"]
    best = NOTHING
    for step in range(2, 18):
        named = step / 20
        bounds = Bounds(named, named + 0.1, named + (0.3 if similarity is None else 0.2))
        if sum(each.doubted(bounds, similarity) for each in true) > MOST_ALARMS * len(true):
            break
        best = bounds
    return best


def kept(similarity: Similarity) -> Similarity:
    """A similarity that is asked once for the same texts."""
    known: dict[tuple[str, tuple[str, ...]], float] = {}

    def asked(claim: str, cited: Sequence[str]) -> float:
        key = (claim, tuple(cited))
        if key not in known:
            known[key] = similarity(claim, cited)
        return known[key]

    return asked


def main() -> None:
    """Cite, check, count, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--fit", action="store_true", help="bounds fitted to the other sets, too")
    options = parser.parse_args()
    reader = kept(SentenceReader(MiniLM()).similarity)
    by_words, joined = floor.BY_WORDS, floor.JOINED
    every = list(claims(options.data))
    ways = (
        ("rules alone", NOTHING, None),
        ("with the words", by_words, None),
        ("with words and reader", joined, reader),
    )
    print(f"| claims of | doubted | true | wrong, near | wrong, any |\n|---|---|{'--:|' * len(KINDS)}")
    for name in dict.fromkeys(each.set for each in every):
        here = [each for each in every if each.set == name]
        for way, bounds, similarity in ways:
            cells = shares(here, bounds, similarity)
            print(f"| {name} | {way} | {' | '.join(cells[kind] for kind in KINDS)} |", flush=True)
        for way, _, similarity in ways[1:] if options.fit else ():
            # What is told in other words is a small set, which the rules doubt more than bounds could.
            others = [each for each in every if each.set not in (name, "own words")]
            bounds = fitted(others, similarity)
            cells = shares(here, bounds, similarity)
            title = f"{way}, fitted elsewhere ({bounds.named:.2f}, {bounds.alone:.2f})"
            print(f"| {name} | {title} | {' | '.join(cells[kind] for kind in KINDS)} |", flush=True)


if __name__ == "__main__":
    main()
