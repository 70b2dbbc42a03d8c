"""Quality of the answers without a model, over open question sets.

`python benchmarks/answers.py DATA [SET…]`

DATA holds one folder a set, with `docs/` and `questions.jsonl`. Every set is indexed as `qa index` does it
and asked as `qa ask` does it. Printed as a Markdown table: whether a citation hits the gold (`citation_hit`
or `page_citation_hit` of `qa eval`; an abstention on an answerable question is a miss), how much of the cited
sentences is gold, how long answers are, what abstains, and whether every citation equals its slice of the
file, read anew. Ends with 1 if one does not, or a question far off the documents is answered.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.open_sets import GoldQuestion, OpenSet, open_set
from index.types import Span
from qa.answering.answer import answer
from qa.evaluation.metrics.per_question import question_metrics
from qa.evaluation.running.attempt import contexts, retrieved
from qa.evaluation.sets.dataset import question_key
from qa.evaluation.types import GoldPlace, Question, Record
from qa.types import Answer

SETS = ("news", "squad2", "clapnq", "chunk_eval")
FAR_QUESTIONS = (  # of which no set says anything
    "Who composed the opera Turandot?",
    "How many moons does Jupiter have?",
    "When did the Chernobyl reactor explode?",
    "Where was the painter Frida Kahlo born?",
    "Why do sourdough loaves need a starter?",
    "What is the currency of Iceland?",
    "How long does it take to smoke a brisket?",
    "Who won the first Tour de France?",
    "Who invented the zipper?",
    "How do bees make honey?",
    "What is the capital of Mongolia?",
    "Does aspirin thin the blood?",
    "What year was the Rubik's cube released?",
    "How many strings does a violin have?",
    "Who painted Girl with a Pearl Earring?",
    "What are the two official languages of Paraguay?",
    "When do tulip bulbs have to be planted?",
    "How high is Mount Kilimanjaro?",
    "Why did Nokia stop making mobile phones?",
    "Which company makes the Leica camera?",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question, its answer, what of it is measured, and the spans of the sentences that are cited."""

    asked: GoldQuestion
    answer: Answer
    metrics: Mapping[str, float]
    cited: tuple[tuple[str, Span], ...]

    @property
    def hit(self) -> bool:
        """Whether a citation has a character of a gold span, or lies on a gold page."""
        return any(self.metrics.get(name) for name in ("citation_hit", "page_citation_hit"))

    @property
    def abstained(self) -> bool:
        """Whether there is no answer."""
        return self.answer.status == "abstained"

    @property
    def gold_characters(self) -> int:
        """The characters of those cited sentences that overlap a gold span."""
        return sum(len(span) for name, span in self.cited if overlaps(name, span, self.asked.gold))

    @property
    def characters(self) -> int:
        """The characters of all cited sentences."""
        return sum(len(span) for _, span in self.cited)


def overlaps(source: str, span: Span, gold: Sequence[GoldPlace]) -> bool:
    """Whether a span of a source has a character of a gold span."""
    return any(
        place.source == source and place.span is not None and place.span.overlaps(span) for place in gold
    )


def ask(asked_set: OpenSet, asked: GoldQuestion) -> Outcome:
    """Ask a set one question, and measure the answer as `qa eval` does."""
    retrieval = asked_set.find(asked.question.text)
    given = answer(asked.question.text, retrieval)
    record = Record(
        question_key(asked.question),
        asked.question,
        1,
        asked.gold,
        given,
        tuple(map(retrieved, given.passages)),
        contexts(given, retrieval.texts),
    )
    sentences = {
        (passage.source.name, span) for passage in given.passages for span in passage.chunk.sentences
    }
    cited = tuple(
        (name, span)
        for name, span in sorted(sentences)
        if any(citation.source == name and citation.span.contains(span) for citation in given.citations)
    )
    return Outcome(asked, given, question_metrics(record, None), cited)


def false_citations(asked_set: OpenSet, outcomes: Sequence[Outcome]) -> list[str]:
    """Every citation whose text is not the slice of the file itself (of the stored text, for a PDF)."""
    return [
        f"{asked_set.name}/{citation.source}:{citation.span.start}-{citation.span.end}"
        for outcome in outcomes
        for citation in outcome.answer.citations
        if citation.span.of(asked_set.file_text(citation.source)) != citation.text
    ]


def share(some: float, whole: float) -> str:
    """A share with its parts, or a dash if there is nothing to divide by."""
    return f"{some / whole:.3f} ({some:.0f}/{whole:.0f})" if whole else "–"


def table_row(name: str, outcomes: Sequence[Outcome], far: Sequence[Outcome]) -> str:
    """The set's figures as one row of the table."""
    answerable = [each for each in outcomes if each.asked.answerable]
    core = [each for each in answerable if each.asked.core]
    answered = [each for each in answerable if each.answer.status == "answered"]
    near = [each for each in outcomes if not each.asked.answerable and "far" not in each.asked.question.tags]
    core_near = [each for each in near if each.asked.core]
    milliseconds = sorted(1000 * each.answer.seconds.answer for each in outcomes)
    late = milliseconds[len(milliseconds) * 95 // 100]
    by_span = any(place.span for each in answered for place in each.asked.gold)
    gold_share = share(
        sum(each.gold_characters for each in answered),
        sum(each.characters for each in answered) if by_span else 0,
    )
    return " | ".join(
        (
            f"| {name}",
            share(sum(each.hit for each in answerable), len(answerable)),
            share(sum(each.hit for each in core), len(core)),
            share(len(answerable) - len(answered), len(answerable)),
            gold_share.split(" ")[0],
            f"{statistics.fmean(len(each.answer.claims) for each in answered):.2f}" if answered else "–",
            share(sum(each.abstained for each in near), len(near)),
            share(sum(each.abstained for each in core_near), len(core_near)),
            share(sum(each.abstained for each in far), len(far)),
            f"{sum(len(each.answer.citations) for each in outcomes)}",
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
    far_questions = [
        GoldQuestion(Question(f"far-{n}", text, answerable=False)) for n, text in enumerate(FAR_QUESTIONS)
    ]
    rows, wrong, answered_far = [], [], []
    with TemporaryDirectory() as temporary:
        for name in args.sets:
            started = time.perf_counter()
            with open_set(args.data / name, (args.work or Path(temporary)) / name / ".qa") as asked_set:
                chosen = [
                    each for n, each in enumerate(asked_set.questions) if each.core or n % args.sample == 0
                ]
                outcomes = [ask(asked_set, each) for each in chosen]
                far = [ask(asked_set, each) for each in far_questions]
                far += [each for each in outcomes if "far" in each.asked.question.tags]
                wrong += false_citations(asked_set, [*outcomes, *far])
                answered_far += [
                    f"{name}: {each.asked.question.text}" for each in far if each.answer.citations
                ]
                rows.append(table_row(name, outcomes, far))
                for each in outcomes[: args.show]:
                    answer = each.answer
                    print(
                        f"{each.asked.question.text}\n  {answer.status} {answer.evidence:.2f} hit={each.hit}"
                    )
                    print("  " + (answer.text + " " + (answer.missing or "")).replace("\n", "\n  "))
            print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    print(HEAD, *rows, "", sep="\n")
    print(*(f"not its slice: {citation}" for citation in wrong), sep="\n")
    print(*(f"far-off, yet answered: {question}" for question in answered_far), sep="\n")
    return 1 if wrong or answered_far else 0


if __name__ == "__main__":
    sys.exit(main())
