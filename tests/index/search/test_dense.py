"""However vectors are held and compared, the nearest chunks and their cosines are the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from index.search.dense import search
from index.search.dense.products import AT_ONCE, products
from index.search.dense.quantised import QuantisedVectors
from index.search.dense.search import DenseSearch
from index.storage.catalog import Catalog
from index.storage.records import VectorTable
from tests.support.catalogs import EMBEDDER, open_catalog, prepared, store

Vectors = NDArray[np.float32]


def unit(matrix: NDArray[np.float64]) -> Vectors:
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / lengths, dtype=np.float32)


def random_vectors(count: int, dimension: int) -> Vectors:
    return unit(np.random.default_rng(count).normal(size=(count, dimension)))


def one_large_number(count: int, dimension: int) -> Vectors:
    """Each rounds the others away."""
    matrix = np.random.default_rng(count).normal(size=(count, dimension)) / 200
    matrix[np.arange(count), np.arange(count) % dimension] += 1
    return unit(matrix)


def nearly_equal(count: int, dimension: int) -> Vectors:
    """Nearer to each other than rounding tells apart."""
    matrix = 1 + np.random.default_rng(count).normal(size=(count, dimension)) / 500
    return unit(matrix)


def held(matrix: Vectors) -> QuantisedVectors:
    """Held rounded, read in two pages of which the later rows come first; the rows are tens."""
    rows = np.arange(10, 10 * len(matrix) + 10, 10)
    half = len(matrix) // 2
    pages = [VectorTable(rows[half:], matrix[half:]), VectorTable(rows[:half], matrix[:half])]
    return QuantisedVectors.of(rows, matrix.shape[1], pages)


@pytest.mark.parametrize("dimension", [3, 64])
@pytest.mark.parametrize("made", [random_vectors, one_large_number, nearly_equal])
def test_no_near_vector_is_left_out(made: Callable[[int, int], Vectors], dimension: int) -> None:
    """Of all, and of some: what is nearest by exact cosines is among what could be."""
    matrix = np.repeat(made(300, dimension), 2, axis=0)  # each twice: equal ones tie
    quantised = held(matrix)
    some = np.arange(len(matrix)) % 3 == 0
    for vector in made(7, dimension):
        for among in (None, some):
            open_to = np.arange(len(matrix)) if among is None else np.flatnonzero(among)
            cosines = np.round(matrix[open_to] @ vector, search.DIGITS)
            nearest = open_to[np.argsort(-cosines, kind="stable")[:20]]
            found = quantised.nearest(vector, 20, among)
            assert set(quantised.rows[nearest]) <= set(found)
            assert set(found) <= set(quantised.rows[open_to])
            assert made is not random_vectors or len(found) < len(open_to)


def test_of_a_vector_of_zeros_the_first_are_nearest() -> None:
    """And not all, of which there may be many."""
    quantised = held(random_vectors(50, 8))
    assert quantised.nearest(np.zeros(8, np.float32), 3, None).tolist() == [10, 20, 30]


@pytest.mark.parametrize("count", [0, 1, 2 * AT_ONCE // 256 + 5])
@pytest.mark.parametrize("kind", [np.float32, np.int8])
def test_products_are_those_of_numpy(count: int, kind: type[np.float32 | np.int8]) -> None:
    """Also of bytes, and of more than are looked at at once."""
    chance = np.random.default_rng(3)
    matrix: NDArray[Any] = chance.integers(-127, 128, size=(count, 256)).astype(kind)
    vector = random_vectors(1, 256)[0]
    assert products(matrix, vector) == pytest.approx(matrix.astype(float) @ vector, abs=1e-3)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every catalog is too large for its vectors to be held as they are."""
    monkeypatch.setattr(search, "HELD_AT_ONCE", 0)


def text(name: str, lines: int) -> str:
    return "".join(f"{name} {number * number} and {number % 7} items.\n" for number in range(lines))


def everything(catalog: Catalog, vector: Vectors) -> dict[int, float]:
    """The cosines of the nearest chunks, and of those in rows 1 and 2, by comparing all."""
    rows, matrix = catalog.vectors()
    cosines = dict(zip(rows.tolist(), np.round(matrix @ vector, search.DIGITS).tolist(), strict=True))
    nearest = sorted(cosines, key=lambda row: (-cosines[row], row))[: search.DENSE_CANDIDATES]
    return {row: cosines[row] for row in sorted({*nearest, 1, 2} & cosines.keys())}


@pytest.mark.usefixtures("large")
def test_every_question_finds_the_same(tmp_path: Path) -> None:
    """The first one page by page, others by what is held, also when chunks came and went in between."""
    with open_catalog(tmp_path / ".qa") as catalog:
        dense = DenseSearch(catalog, 10**6)

        def check(question: str) -> None:
            vector = EMBEDDER.embed([question])[0]
            near = dense.neighbours(vector, None)
            assert near is None
            for _ in range(2):
                assert dense.cosines(vector, near, [1, 2], None) == pytest.approx(everything(catalog, vector))

        check("Nothing is there.")
        check("There are no items.")
        first, second = prepared(catalog.folder, "a.txt", text("Lots", 90)), text("Parts", 60)
        store(catalog, first)
        for question in ("Parts 49 and 0 items", "Lots 64", "items and items"):
            check(question)
        store(catalog, prepared(catalog.folder, "b.txt", second))
        check("Parts 49 and 0 items")
        catalog.remove([first.source.id])
        check("Lots 64")


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("most_new", [0, 1000])
def test_what_is_held_is_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_new: int
) -> None:
    """Read anew only where much came."""
    monkeypatch.setattr(search, "MOST_NEW", most_new)
    with open_catalog(tmp_path / ".qa") as catalog:
        store(catalog, prepared(catalog.folder, "a.txt", text("Lots", 40)))
        dense = DenseSearch(catalog, 10**6)
        first, second, vector = EMBEDDER.embed(["Lots of items", "Parts", "Parts of items"])
        for each in (first, second):
            dense.cosines(each, dense.neighbours(each, None), [], None)
        store(catalog, prepared(catalog.folder, "b.txt", text("Parts", 40)))
        if most_new:
            monkeypatch.setattr(catalog, "vector_pages", None)
        found = dense.cosines(vector, dense.neighbours(vector, None), [1, 2], None)
        assert found == pytest.approx(everything(catalog, vector))


@pytest.mark.usefixtures("large")
def test_only_what_is_admitted_is_found(tmp_path: Path) -> None:
    """With what full-text search found beside it."""
    with open_catalog(tmp_path / ".qa") as catalog:
        store(catalog, prepared(catalog.folder, "a.txt", text("Lots", 90)))
        dense, admitted = DenseSearch(catalog, 10**6), np.arange(30, 50)
        for question in ("Lots 64 and 1 items", "Lots 81"):
            vector = EMBEDDER.embed([question])[0]
            found = dense.cosines(vector, dense.neighbours(vector, admitted), [35], admitted)
            assert sorted(found) == admitted.tolist()
