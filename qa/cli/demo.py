"""`qa demo`: the examples indexed into a temporary index, and their sample question answered."""

from __future__ import annotations

from pathlib import Path

from index.errors import StorageError
from qa.cli.asking.ask import print_answer
from qa.cli.context import load_context
from qa.cli.options import ColorOption, DebugOption, JsonOption

DEMO_QUESTION = "Why was the Budapest summit cancelled?"


def demo(as_json: JsonOption = False, color: ColorOption = None, debug: DebugOption = False) -> int:
    """Answer a question about the example documents.

    They are read into a temporary index, which is removed afterwards, also if this is killed.
    """
    from contextlib import closing
    from dataclasses import replace

    from index.concurrency.processes import temporary_folder
    from index.search.filters import ALL
    from qa.answering.answer import answer
    from qa.answering.index_reader import IndexReader
    from qa.cli.documents.index import index_paths
    from qa.output.text import printable
    from qa.settings.settings import Settings

    context = load_context(color=color, debug=debug)
    folder = examples_folder()
    with temporary_folder("qa-demo-") as temporary:
        place = temporary / ".qa"
        context.console.log(f"Indexing {printable(str(folder))} into a temporary index ...")
        # All examples, embedded by the bundled model, whatever is set for indexes of one's own. Without
        # Chroma: nobody else will open this one.
        index_paths([str(folder)], place, replace(context, settings=Settings()))
        context.console.log(f"Asking: {DEMO_QUESTION}\n")
        with closing(IndexReader(place)) as reader:
            retrieval = reader.find(DEMO_QUESTION, k=context.settings.k, filters=ALL)
        print_answer(answer(DEMO_QUESTION, retrieval), context.console, as_json=as_json)
    return 0


def examples_folder() -> Path:
    """Where the example documents lie: in the installed package, or in the root of a clone."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "examples", package.parent / "examples"):
        if (folder / "documents").is_dir():
            return folder / "documents"
    raise StorageError("the example documents are missing", "install qa again, or run it in its repository")
