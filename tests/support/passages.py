"""Small texts and their passages, for the tests of prompts and generated answers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from index.types import Copy, Dated, Passage, Source, Span
from qa.answering.retrieval import Retrieval
from tests.support.sentences import passage_of


@dataclass(frozen=True, slots=True)
class Corpus:
    """Texts by source name, and dates of some."""

    texts: dict[str, str]
    dates: dict[str, str]

    @property
    def by_id(self) -> dict[str, str]:
        """The texts by source id."""
        return {f"id-{name}": text for name, text in self.texts.items()}

    def retrieval(self) -> Retrieval:
        """All passages and texts, as if a search had given them."""
        return Retrieval(self.passages(), self.by_id)

    def passages(self) -> tuple[Passage, ...]:
        """One passage of each text, all of it, in order."""
        return tuple(
            self.passage(name, Span(0, len(text)), rank)
            for rank, (name, text) in enumerate(self.texts.items(), 1)
        )

    def passage(self, name: str, span: Span, rank: int = 1) -> Passage:
        """A passage of one text: the sentences that lie within `span`."""
        plain = passage_of(self.texts[name], name, rank=rank, start=span.start, end=span.end)
        return replace(plain, source=self.source(name))

    def as_one_sentence(self, name: str) -> Passage:
        """All of one text as a single sentence, with whatever line ends it has."""
        plain = self.passage(name, Span(0, len(self.texts[name])))
        return replace(plain, chunk=replace(plain.chunk, sentences=(plain.chunk.span,)))

    def source(self, name: str, title: str | None = None) -> Source:
        """The source of that name."""
        date = Dated(self.dates[name], "text") if name in self.dates else None
        length = len(self.texts.get(name, ""))
        return Source(f"id-{name}", name, None, "ab" * 32, "text/1", length, title=title, date=date)

    def copy(self, passage: Passage, name: str) -> Copy:
        """`passage` as it stands in another source as well."""
        return Copy(passage.chunk, self.source(name))


def corpus_of(*texts: str, dates: dict[str, str] | None = None) -> Corpus:
    """A corpus of texts named a.txt, b.txt and so on."""
    return Corpus({f"{chr(97 + at)}.txt": text for at, text in enumerate(texts)}, dates or {})
