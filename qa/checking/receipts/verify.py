"""Compares what was cited with the files as they are now: intact, moved, changed or gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

from index.errors import NoIndex
from index.storage.catalog import Catalog
from index.sync.files import DEFAULT_MAX_FILE_SIZE
from index.sync.tasks import Unreadable
from qa.checking.receipts.elsewhere import OtherFiles
from qa.checking.receipts.locate import find_quote, find_similar
from qa.checking.receipts.reread import Document, document_of, read_again

if TYPE_CHECKING:
    from pathlib import Path

    from index.readers.formats import ReadingOptions
    from index.types import Span
    from qa.checking.receipts.saved import Receipt
    from qa.types import Citation

State = Literal["intact", "moved", "changed", "gone", "unreadable"]
STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """What has become of a citation.

    `now` is where it stands, or of a "changed" one what stands in its stead. `reason` says why it is not
    intact, where the two texts do not. A file that cannot be read is "unreadable": nothing is known of it.
    """

    citation: Citation
    state: State
    now: Citation | None = None
    reason: str = ""


def verify(
    receipts: Sequence[Receipt],
    folder: Path | None,
    *,
    reading: ReadingOptions,
    limit: int = DEFAULT_MAX_FILE_SIZE,
    on_progress: Callable[[int, int], object] = lambda _done, _of: None,
) -> list[tuple[CitationCheck, ...]]:
    """Of each receipt the verdicts on its citations, in their order.

    Files are read anew, each once, as `qa index` reads them; the index in `folder` only tells where else to
    look for what is no longer where it was, and has the texts that are no files. `on_progress` is told how
    many files were read, of how many so far. Raises StorageError, and UnusableIndex if there is an index in
    `folder` that cannot be used.
    """
    with ExitStack() as stack:
        catalog = None
        if folder is not None:
            with suppress(NoIndex):
                catalog = stack.enter_context(Catalog.open(folder))
        files = _Files(reading, limit, on_progress)
        cited = dict.fromkeys(citation for receipt in receipts for citation in receipt.citations)
        files.read(citation.location for citation in cited if citation.location is not None)
        verdicts = {citation: _in_place(citation, files, catalog) for citation in cited}
        gone = [verdict for verdict in verdicts.values() if verdict.state == "gone"]
        verdicts |= _found_elsewhere(gone, files, OtherFiles(catalog, reading, limit))
    return [tuple(verdicts[citation] for citation in receipt.citations) for receipt in receipts]


class _Files:
    """Files as they are now, each read once."""

    def __init__(
        self, reading: ReadingOptions, limit: int, on_progress: Callable[[int, int], object]
    ) -> None:
        self._reading, self._limit, self._on_progress = reading, limit, on_progress
        self._found: dict[str, Document | Unreadable] = {}
        self._wanted = 0

    def read(self, paths: Iterable[str]) -> Mapping[str, Document | Unreadable]:
        """The files at `paths`, and all that were read before."""
        new = [path for path in dict.fromkeys(paths) if path not in self._found]
        before, self._wanted = self._wanted, self._wanted + len(new)
        count = iter(range(before + 1, self._wanted + 1))
        if new:
            self._found |= read_again(
                new, self._reading, self._limit, lambda: self._on_progress(next(count), self._wanted)
            )
        return self._found


def _in_place(citation: Citation, files: _Files, catalog: Catalog | None) -> CitationCheck:
    """The verdict by the file that was cited."""
    document = _document(citation, files, catalog)
    if isinstance(document, Document):
        return compare(citation, document)
    gone = document.gone or document.empty
    return CitationCheck(citation, "gone" if gone else "unreadable", reason=document.reason)


def _document(citation: Citation, files: _Files, catalog: Catalog | None) -> Document | Unreadable:
    """What was cited, as it is now."""
    if citation.location is not None:
        return files.read([citation.location])[citation.location]
    source = catalog.source(citation.source) if catalog else None
    if catalog is None or source is None or source.location is not None:
        return Unreadable("it was no file, and the index does not have it", gone=True)
    return document_of(catalog.prepared(source.id))


def compare(citation: Citation, document: Document) -> CitationCheck:
    """What a document makes of a citation: "gone" if it says nothing like it."""
    if document.source.sha256 == citation.sha256 and citation.span.of(document.text) == citation.text:
        return CitationCheck(citation, "intact", _cited_now(document, citation.span, citation))
    span = find_quote(citation.text, citation.span, document.text, document.sentences)
    if span is not None:
        now = _cited_now(document, span, citation)
        if citation.labelled is not None and document.labelled(span) != citation.labelled:
            return CitationCheck(citation, "changed", now, "the names of its columns are others now")
        return CitationCheck(citation, "intact" if span == citation.span else "moved", now)
    similar = find_similar(citation.text, document.text, document.sentences)
    if similar is not None:
        return CitationCheck(citation, "changed", _cited_now(document, similar, citation))
    return CitationCheck(citation, "gone", reason="its file says nothing like it any more")


def _found_elsewhere(
    gone: Sequence[CitationCheck], files: _Files, others: OtherFiles
) -> dict[Citation, CitationCheck]:
    """Those of the missing citations that stand in other files."""
    paths = {verdict.citation: others.likely(verdict.citation) for verdict in gone}
    documents = files.read(path for likely in paths.values() for path in likely)
    found: dict[Citation, CitationCheck] = {}
    for citation, likely in paths.items():
        compared = (
            compare(citation, each) for path in likely if isinstance(each := documents[path], Document)
        )
        here = next((verdict for verdict in compared if verdict.state in {"intact", "moved"}), None)
        if here is not None:
            found[citation] = replace(here, state="moved")
    return found


def _cited_now(document: Document, span: Span, citation: Citation) -> Citation:
    """What stands in `span` as a citation of that number; its source keeps the name that it was cited by."""
    now = document.cite(citation.number, span)
    return replace(now, source=citation.source) if now.location == citation.location else now
