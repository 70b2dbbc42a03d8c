"""Documents as they are compared with receipts, and citations of all that they say."""

from __future__ import annotations

from index.storage.records import FileStat, Prepared
from index.sync.prepare import prepare
from index.sync.tasks import Task
from qa.checking.receipts.reread import Document, document_of
from qa.types import Citation
from tests.support.mutations import sentences_of
from tests.support.written_files import Written


def document(data: bytes, name: str) -> Document:
    """A file's bytes, read as `qa index` reads them, in this process."""
    result = prepare(data, Task(f"/docs/{name}", f"/docs/{name}", name, "id", FileStat(len(data), 0)))
    assert isinstance(result, Prepared), result
    return document_of(result)


def cited_in(document: Document, written: Written) -> list[Citation]:
    """Citations of all sentences and rows that were written into it."""
    known = sentences_of(written)
    found = [document.cite(number, span) for number, span in enumerate(document.sentences, 1)]
    return [each for each in found if each.labelled or " ".join(each.text.split()) in known]
