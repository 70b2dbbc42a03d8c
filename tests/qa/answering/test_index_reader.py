"""What counts as a question, and an index that is held open between questions."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from index.errors import IndexDamaged, NoIndex, UsageError
from index.search.filters import ALL, Filters, check_date, make_filters
from index.search.searcher import Searcher
from index.storage.catalog import Catalog
from index.sync.sync import Options, sync
from index.types import Passage
from qa.answering.answer import answer
from qa.answering.generative.generate import AnswerModel
from qa.answering.generative.prompt import prompt_of
from qa.answering.index_reader import IndexReader, check_question
from qa.answering.retrieval import retrieve
from qa.models.base import Completion, Message
from qa.output.answers.as_json import to_json
from qa.output.answers.terminal import to_text
from tests.support.fake_embedder import LetterEmbedder
from tests.support.fake_models import ScriptedModel


@given(st.text())
def test_a_question_has_a_letter_or_digit(text: str) -> None:
    """Anything else is refused; what passes is the text without outer white space."""
    try:
        assert check_question(text) == text.strip()
        assert any(character.isalnum() for character in text)
    except UsageError:
        assert not any(character.isalnum() for character in text)


def test_bytes_on_the_command_line_become_text() -> None:
    """In an ASCII locale Python holds UTF-8 arguments as stray bytes; bytes that are no text are shown."""
    assert check_question("Was ist \udcc5\udc82?") == "Was ist ł?"
    assert check_question("caf\udce9") == "caf\\xe9"


@pytest.mark.parametrize("text", ["2025", "2025-10", "2025-10-21", "2024-02-29"])
def test_dates_may_be_cut_short(text: str) -> None:
    """A year or a month is a date too."""
    assert check_date(text, "since") == text


@pytest.mark.parametrize("text", ["25", "2025-13", "2025-02-29", "0000", "2025-1-1", "21.10.", "٢٠٢٥", ""])
def test_what_is_no_date_is_refused(text: str) -> None:
    """The option is named."""
    with pytest.raises(UsageError, match=r"^until takes a date"):
        check_date(text, "until")


def test_a_range_that_holds_nothing_is_refused() -> None:
    """A range of one day, month or year is fine, however precisely its ends are given."""
    for since, until in (("2025", "2025-03"), ("2025-03", "2025"), ("2025-10-21", "2025-10-21")):
        assert make_filters((), since, until).since == since
    with pytest.raises(UsageError, match="nothing lies between"):
        make_filters((), "2025-10-22", "2025-10-21")


def test_an_index_that_was_made_anew_is_opened_anew(tmp_path: Path) -> None:
    """A conversation goes on with the index that stands there now."""
    folder = tmp_path / ".qa"
    Catalog.open(folder, create=True).close()
    reader = IndexReader(folder)
    first = reader.catalog()
    assert reader.catalog() is first
    shutil.move(folder, tmp_path / "old")
    with pytest.raises(NoIndex):
        reader.catalog()
    Catalog.open(folder, create=True).close()
    assert reader.catalog() is not first
    reader.close()


def test_an_empty_index_says_how_to_fill_it(tmp_path: Path) -> None:
    """Asking it is no answer and no crash."""
    folder = tmp_path / ".qa"
    Catalog.open(folder, create=True).close()
    reader = IndexReader(folder)
    with pytest.raises(NoIndex, match="is empty"):
        reader.find("x", k=3, filters=ALL)
    reader.close()


class Replacing(ScriptedModel):
    """A model during whose call a document is replaced."""

    def __init__(self, text: str, folder: Path, then: str) -> None:
        super().__init__(text)
        self._folder = folder
        self._then = then

    def complete(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Completion:
        """The text of the script, after the document was replaced."""
        put(self._folder, self._then)
        return super().complete(messages, max_tokens=max_tokens, stop=stop)


def put(folder: Path, text: str) -> None:
    """The one document of `folder`, and the index in it brought up to date."""
    (folder / "a.txt").write_text(text, encoding="utf-8")
    sync([folder / "a.txt"], folder=folder / ".qa", embedder=LetterEmbedder, options=Options(chroma=False))


@pytest.mark.parametrize("then", ["A cat was born in Riga in 1999.\n", ""])
def test_an_answer_quotes_what_was_found_whatever_happens_meanwhile(tmp_path: Path, then: str) -> None:
    """A model may write for a minute: a document replaced or emptied by then is quoted as it was read."""
    text, question = "The Vasa sank in 1628 in Stockholm.\n", "When did the Vasa sink?"
    put(tmp_path, text)
    reader = IndexReader(tmp_path / ".qa", lambda _: LetterEmbedder())
    model = AnswerModel(Replacing("The Vasa sank in 1628 [s1].", tmp_path, then))
    first, again = (
        answer(question, reader.find(question, k=3, filters=ALL), model=model) for model in (model, None)
    )
    reader.close()
    (citation,) = first.citations
    assert citation.text == text.strip()
    assert citation.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert text.strip() not in [one.text for one in again.citations]


class Overtaken(Searcher):
    """A searcher that finds what is replaced at once, so many `times`."""

    def __init__(self, catalog: Catalog, folder: Path, times: int) -> None:
        super().__init__(catalog, LetterEmbedder())
        self._folder, self._times, self.calls = folder, times, 0

    def search(
        self, question: str, *, k: int = 10, filters: Filters = ALL, queries: Sequence[str] = ()
    ) -> tuple[Passage, ...]:
        """The passages; then the document is replaced."""
        passages = super().search(question, k=k, filters=filters, queries=queries)
        self.calls += 1
        if self.calls <= self._times:
            put(self._folder, f"The Vasa sank in {self.calls} BC.\n")
        return passages


def test_a_text_that_was_replaced_since_the_search_is_searched_for_again(tmp_path: Path) -> None:
    """Three times; an index whose passages never fit its texts is damaged."""
    put(tmp_path, "The Vasa sank in 1628.\n")
    with Catalog.open(tmp_path / ".qa") as catalog:
        twice = Overtaken(catalog, tmp_path, times=2)
        retrieval = retrieve("Vasa", twice, catalog, k=1, filters=ALL)
        assert [passage.chunk.text for passage in retrieval.passages] == ["The Vasa sank in 2 BC."]
        assert list(retrieval.texts.values()) == ["The Vasa sank in 2 BC.\n"]
        thrice = Overtaken(catalog, tmp_path, times=3)
        with pytest.raises(IndexDamaged, match="not what their sources say"):
            retrieve("Vasa", thrice, catalog, k=1, filters=ALL)
        assert thrice.calls == 3


def test_closing_lets_go_of_all_that_was_opened(tmp_path: Path) -> None:
    """The searcher, which may hold Chroma open, the catalog, and nothing twice; then it opens again."""
    put(tmp_path, "The Vasa sank in 1628.\n")
    reader = IndexReader(tmp_path / ".qa", lambda _: LetterEmbedder())
    searcher = reader.searcher()
    searcher.search("Vasa", k=1)
    assert searcher._dense._vectors is not None
    reader.close()
    reader.close()
    assert searcher._dense._vectors is None
    assert reader.find("Vasa", k=1, filters=ALL).passages
    reader.close()


def shelved(folder: Path, **texts: str) -> IndexReader:
    """A reader of an index of these texts."""
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    sync([folder], folder=folder / ".qa", embedder=LetterEmbedder, options=Options(chroma=False))
    return IndexReader(folder / ".qa", lambda _: LetterEmbedder())


def test_a_small_corpus_is_read_whole(tmp_path: Path) -> None:
    """What was found comes first, then the rest by source and place; only for a prompt, and if it fits."""
    others = {f"n{at:02}": f"Line {at} of others." for at in range(30)}
    with closing(shelved(tmp_path, z="The bridge is closed.", **others)) as reader:
        found = reader.find("Is the bridge closed?", k=None, filters=ALL, budget=12_000)
        names = [passage.source.name for passage in found.passages]
        scored = sum(passage.score > 0 for passage in found.passages)
        assert names[0] == "z.txt"
        assert scored < 31
        assert names[scored:] == sorted(names[scored:])
        assert [passage.rank for passage in found.passages] == list(range(1, 32))
        assert (found.whole, found.of_passages, found.of_sources) == (True, 31, 31)
        assert set(found.texts) == {passage.source.id for passage in found.passages}
        without = reader.find("Is the bridge closed?", k=None, filters=ALL)
        assert (without.whole, without.of_passages) == (False, 0)
        for k, budget in ((2, 12_000), (None, 500)):
            assert not reader.find("Is the bridge closed?", k=k, filters=ALL, budget=budget).whole


def test_a_corpus_is_what_the_filters_admit(tmp_path: Path) -> None:
    """A folder of a large index may be small."""
    with closing(shelved(tmp_path, a="Otters swim.", b="The bridge is closed. " * 3_000)) as reader:
        assert not reader.find("Do otters swim?", k=None, filters=ALL, budget=12_000).whole
        only = Filters(sources=("a.txt",))
        found = reader.find("Do otters swim?", k=None, filters=only, budget=12_000)
        assert (found.whole, found.of_passages, found.of_sources) == (True, 1, 1)


def test_a_corpus_that_is_read_whole_knows_which_chunks_follow_each_other(tmp_path: Path) -> None:
    """So that nothing seems to be left out between them."""
    text = "\n\n".join(f"Paragraph {number} tells of otters. " + "They swim. " * 90 for number in range(4))
    with closing(shelved(tmp_path, a=text, b="The bridge is closed.")) as reader:
        found = reader.find("Where are otters?", k=None, filters=ALL, budget=12_000)
        assert found.whole
        assert "…" not in prompt_of("Where are otters?", found, 12_000).text.split("# The passages")[1]


def test_a_passage_for_a_prompt_knows_the_chunk_before_it(tmp_path: Path) -> None:
    """The first of a source has none; k is the most."""
    text = "\n\n".join(f"Paragraph {number} tells of otters. " + "They swim. " * 90 for number in range(40))
    with closing(shelved(tmp_path, a=text)) as reader:
        found = reader.find("Which paragraph tells of otters?", k=12, filters=ALL, budget=12_000)
        assert len(found.passages) == 12
        for passage in found.passages:
            before = found.before.get(passage.chunk.id)
            assert (before is None) == (passage.chunk.span.start == 0)
            assert before is None or not text[before.span.end : passage.chunk.span.start].strip()


@pytest.mark.parametrize("modelled", [False, True])
def test_an_abstention_says_what_was_searched(tmp_path: Path, *, modelled: bool) -> None:
    """Which filters were on, and how many sources they admit of how many; an answer does not."""
    texts = {"a2026-03-01": "The Vasa sank.", "b2026-04-01": "Rain fell.", "c2025-01-01": "Snow fell."}
    texts["undated"] = "Hail fell."
    with closing(shelved(tmp_path, **texts)) as reader:
        for filters, note in (
            (Filters(("a*", "b*")), "only sources of a* or b* were searched: 2 of 4"),
            (Filters(since="2026-03"), "only sources from 2026-03 on were searched: 2 of 4"),
            (Filters(("b*",), until="2026"), "only sources of b* up to 2026 were searched: 1 of 4"),
            (
                Filters(since="2025", until="2026-03"),
                "only sources from 2025 to 2026-03 were searched: 2 of 4",
            ),
        ):
            model = AnswerModel(ScriptedModel("NO_ANSWER: nothing is said of it.")) if modelled else None
            retrieval = reader.find("Who painted Guernica?", k=3, filters=filters)
            result = answer("Who painted Guernica?", retrieval, model=model)
            assert result.status == "abstained"
            assert note in result.notes
            assert note in json.loads(to_json(result))["notes"]
            assert note in " ".join(to_text(result, width=70).split())
        assert not answer("Who painted Guernica?", reader.find("Guernica?", k=3, filters=ALL)).notes


def test_filters_may_be_paths(tmp_path: Path) -> None:
    """From the directory that the reader was given."""
    with closing(shelved(tmp_path, a="The Vasa sank.", b="The Vasa is a ship.")) as reader:
        reader.directory = tmp_path / "elsewhere"
        found = reader.find("Vasa", k=3, filters=Filters(("../b.txt:1",)))
        assert [passage.source.name for passage in found.passages] == ["b.txt"]
        assert found.narrowed.endswith("1 of 2")
        with pytest.raises(UsageError, match=r"no source fits 'c\.txt'"):
            reader.find("Vasa", k=3, filters=Filters(("b.txt", "c.txt")))
