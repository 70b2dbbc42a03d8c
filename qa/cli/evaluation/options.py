"""The command-line options of `qa eval`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

QuestionsArgument = Annotated[Path | None, typer.Argument(metavar="QUESTIONS", hidden=True)]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="FOLDER", help="The run folder; runs/ and the set's name by default."),
]
LimitOption = Annotated[
    int | None, typer.Option("--limit", min=1, metavar="N", help="Only the first N questions.")
]
TagOption = Annotated[
    list[str] | None, typer.Option("--tag", metavar="TAG", help="Only questions with this tag. Repeatable.")
]
SampleOption = Annotated[
    int | None,
    typer.Option("--sample", min=1, metavar="N", help="N questions at random, the same for a --seed."),
]
SeedOption = Annotated[
    int, typer.Option("--seed", metavar="N", help="Another seed, another --sample or --draft.")
]
RepeatOption = Annotated[
    int, typer.Option("--repeat", min=1, max=100, metavar="N", help="Ask every question N times.")
]
ConcurrencyOption = Annotated[
    int | None,
    typer.Option(
        "--concurrency",
        min=1,
        max=64,
        metavar="N",
        help="Questions at a time: with a model at most 8, without one as many as there are cores.",
    ),
]
RetryErrorsOption = Annotated[
    bool,
    typer.Option(
        "--retry-errors", "--retry-failing", help="Ask again what ended in an error; answers are kept."
    ),
]
OnlyOption = Annotated[
    str | None,
    typer.Option(
        "--only",
        metavar="failing[=RUN]",
        help="Only questions that ended in an error, a wrong decision, a wrong answer or without gold cited.",
    ),
]
VaryOption = Annotated[
    list[str] | None,
    typer.Option(
        "--vary", metavar="NAME=V1,V2", help="One run for each value, compared with the first: k=5,10,20."
    ),
]
CsvOption = Annotated[
    Path | None,
    typer.Option(
        "--csv",
        metavar="FILE",
        help="Write questions as CSV, and beside them FILE-figures.csv; - for stdout.",
    ),
]
MarkdownOption = Annotated[
    Path | None,
    typer.Option("--markdown", metavar="FILE", help="Write figures and questions as Markdown; - for stdout."),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Write over files that qa did not write, too.")]
JudgeOption = Annotated[
    bool, typer.Option("--judge", help="A model judges the answers, and whether citations support claims.")
]
JudgeModelOption = Annotated[
    str | None,
    typer.Option("--judge-model", metavar="NAME", help="Another model that judges; implies --judge."),
]
ColumnOption = Annotated[
    list[str] | None,
    typer.Option("--column", metavar="FIELD=NAME", help="The column that is a field. Repeatable."),
]
FromOption = Annotated[
    str | None,
    typer.Option("--from", metavar="TOOL", help="A set made for squad, ragas, promptfoo or beir."),
]
CheckSetOption = Annotated[
    bool, typer.Option("--check", help="Only hold the question set against the index; ask nothing.")
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Only say what would be asked and what it would cost.")
]
NewOption = Annotated[
    Path | None,
    typer.Option("--new", metavar="FILE", help="Write a question set: ask, and accept answers with /gold."),
]
CalibrateOption = Annotated[
    Path | None,
    typer.Option("--calibrate", metavar="LABELS", help="Only compare the judge with labels of your own."),
]
DraftOption = Annotated[
    int | None,
    typer.Option("--draft", min=1, max=1000, metavar="N", help="Propose N questions about your documents."),
]
AcceptOption = Annotated[
    Path | None,
    typer.Option("--accept", metavar="FILE", help="Accept drafts of a question set, one by one."),
]
MinOption = Annotated[
    list[str] | None,
    typer.Option("--min", metavar="METRIC=VALUE", help="Exit with 5 if a metric is lower. Repeatable."),
]
MaxOption = Annotated[
    list[str] | None,
    typer.Option("--max", metavar="METRIC=VALUE", help="Exit with 5 if a metric is higher. Repeatable."),
]
ConfidentOption = Annotated[
    bool, typer.Option("--confident", help="A gate holds only if its whole interval does.")
]
JUnitOption = Annotated[
    Path | None, typer.Option("--junit", metavar="FILE", help="Write gates and errors as JUnit XML.")
]
FullOption = Annotated[bool, typer.Option("--full", help="Print every metric, and every tag.")]
