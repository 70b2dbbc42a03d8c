"""Folders of documents with an index beside them, for the tests of what `qa index` does."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from index.storage.catalog import Catalog
from index.sync.events import Event, Finished, SyncReport
from index.sync.sync import Options, sync, sync_text
from tests.support.fake_embedder import LetterEmbedder


@dataclass
class Workspace:
    """A folder of documents with an index beside it, and the events of its last sync."""

    home: Path
    embedder: LetterEmbedder = field(default_factory=LetterEmbedder)
    events: list[Event] = field(default_factory=list)

    @property
    def docs(self) -> Path:
        return self.home / "docs"

    def write(self, **texts: str) -> None:
        """Files by name, `a_txt="…"` for a.txt, two underscores for a slash; an hour old, so settled."""
        for name, text in texts.items():
            path = self.docs / (name.replace("__", "/").replace("_", "."))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            age(path)

    def index(self, *paths: Path, **options: object) -> SyncReport:
        self.events.clear()
        return sync(
            paths or (self.docs,),
            folder=self.home / ".qa",
            embedder=lambda: self.embedder,
            options=Options(**options),  # type: ignore[arg-type]  # the tests' own keywords
            on_event=self.events.append,
        )

    def text(self, data: bytes, name: str) -> SyncReport:
        return sync_text(data, name, folder=self.home / ".qa", embedder=lambda: self.embedder)

    def names(self) -> list[str]:
        with Catalog.open(self.home / ".qa") as catalog:
            return [source.name for source in catalog.sources()]

    def content(self, name: str) -> str:
        with Catalog.open(self.home / ".qa") as catalog:
            source = catalog.source(name)
            assert source is not None
            return catalog.text(source.id)

    def outcomes(self) -> dict[str, str]:
        return {event.name: event.outcome for event in self.events if isinstance(event, Finished)}


def age(path: Path, seconds: float = 3600) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def figures(report: SyncReport) -> dict[str, int]:
    """The counts of a report that are not 0."""
    counts = ("added", "updated", "unchanged", "removed", "moved")
    return {name: getattr(report, name) for name in counts if getattr(report, name)}
