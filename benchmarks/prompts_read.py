"""Prompt size, and the gold that is in the prompt, with ten passages and with what is worth reading.

`python benchmarks/prompts_read.py DATA_FOLDER [--set NAME …] [--limit N]`

For each set in DATA_FOLDER: indexes its documents into a temporary folder, builds the prompt of each question
that has gold, once of the first ten passages and once as a model gets it by default, and prints a Markdown
table, a row a set: tokens as the program estimates them, passages, and the share of the gold (spans, or
pages), of the best annotator, of which the prompt has a sentence. No model is asked.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.open_sets import GoldQuestion, OpenSet, open_set, set_names
from index.search.filters import ALL
from index.types import Source, Span
from qa.answering.generative.prompt import BUDGET, AnswerPrompt, answer_prompt, prompt_of
from qa.evaluation.metrics.per_question import by_annotator
from qa.evaluation.running.attempt import pages_of
from qa.evaluation.types import GoldPlace


def shown(prompt: AnswerPrompt) -> list[tuple[Source, Span]]:
    """Every sentence of the prompt with its source, those of copies of its passage included."""
    places = [(sentence.passage.source, sentence.span) for sentence in prompt.sentences]
    return places + [(copy.source, copy.chunk.span) for each in prompt.passages for copy in each.copies]


def recall(asked: GoldQuestion, prompt: AnswerPrompt) -> float:
    """The share of the gold of which the prompt has a sentence, for the annotator whom it serves best."""
    places = shown(prompt)

    def has(gold: GoldPlace) -> bool:
        spans = [(source, span) for source, span in places if source.name == gold.source]
        if gold.span is not None:
            return any(span.overlaps(gold.span) for _, span in spans)
        return any(gold.page in pages_of(source, span) for source, span in spans)

    return max(fmean(map(has, annotation)) for annotation in by_annotator(asked.gold))


def prompts(asked_set: OpenSet, question: str) -> tuple[AnswerPrompt, AnswerPrompt]:
    """The prompt of the first ten passages, and that of what is worth reading."""
    ten = answer_prompt(question, asked_set.find(question).passages)
    found = asked_set.reader.find(question, k=None, filters=ALL, budget=BUDGET)
    return ten, prompt_of(question, found, BUDGET)


def row(folder: Path, limit: int | None) -> Sequence[str]:
    """The cells of a set."""
    with tempfile.TemporaryDirectory() as work, open_set(folder, Path(work) / ".qa") as asked_set:
        asked = [each for each in asked_set.questions if each.gold][:limit]
        pairs = [(each, prompts(asked_set, each.question.text)) for each in asked]
        cells = [f"{len(asked):,}"]
        for which in (0, 1):
            cells += [
                f"{fmean(pair[which].tokens for _, pair in pairs):,.0f}",
                f"{fmean(len(pair[which].passages) for _, pair in pairs):.1f}",
                f"{fmean(recall(each, pair[which]) for each, pair in pairs):.3f}",
            ]
        return cells


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--set", action="append", dest="sets", help="only this set; may be repeated")
    parser.add_argument("--limit", type=int, help="questions of each set")
    options = parser.parse_args()
    print("| set | questions | tokens of ten | passages | gold | tokens read | passages | gold |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for name in options.sets or set_names(options.data):
        print(f"| {name} | {' | '.join(row(options.data / name, options.limit))} |", flush=True)


if __name__ == "__main__":
    main()
