"""The scripts that measure scale and peers: their texts, tables, plots and bookkeeping."""

from __future__ import annotations

import json
import re
import sys
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, strategies as st

from benchmarks.generated_text import SYLLABLES, TextModel, document, learn, spelled
from benchmarks.log_plot import SLACK, Curve, Panel, decades, drawing, short
from benchmarks.peer_systems import LONGEST, SYSTEMS, Corpus, paragraphs
from benchmarks.peers import Result, Skipped, TextFile, compare, ranking, table as peers_table
from benchmarks.processes import run
from benchmarks.scale import FIGURES, FIRST, ask_all, disk, make_corpus
from benchmarks.scale_results import GROWTH, PANELS, ROWS, Measures, growth, plot, table
from index.embedding.embedder import load_embedder
from index.sync.sync import sync

DOCS = [
    Path(__file__).parent.parent / "docs" / name for name in ("usage.md", "evaluation.md")
]  # some English
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def model() -> TextModel:
    return learn(path.read_text(encoding="utf-8") for path in DOCS)


def test_a_generated_document_is_the_same_every_time(model: TextModel) -> None:
    """Whatever was generated before it; and another number is another document."""
    fourth = document(model, 4)
    assert document(model, 5) != fourth
    assert document(model, 4) == fourth


def test_generated_words_are_as_frequent_as_real_ones(model: TextModel) -> None:
    """The most frequent stays among the most frequent; a share of words is made up."""
    words = " ".join(document(model, number) for number in range(8)).lower().split()
    known = set(model.words)
    made_up = sum(word.strip(".#") not in known for word in words) / len(words)
    assert words.count(model.words[0]) > 20 * words.count(model.words[300])
    assert 0.3 * model.unseen < made_up < 3 * model.unseen


def test_too_few_words_to_learn_from() -> None:
    with pytest.raises(SystemExit, match="too few"):
        learn(["One sentence of few words."])


def test_no_two_numbers_are_spelled_alike() -> None:
    names = [spelled(number) for number in range(2 * len(SYLLABLES) ** 2)]
    assert len(set(names)) == len(names)


def the_set(data: Path) -> str:
    """A set of one article, and questions about its sentences; its text."""
    text = "# Lamps\n\n" + "".join(
        f"The lamp of room {room} was lit by {keeper}.\n\n"
        for room, keeper in enumerate(("Ada", "Grace", "Emmy", "Sofia", "Mary", "Hedy", "Rosalind"))
    )
    words = " ".join(path.read_text(encoding="utf-8") for path in DOCS)[:50_000]
    (data / "lamps" / "docs").mkdir(parents=True)
    (data / "lamps" / "docs" / "lamps.md").write_text(text, encoding="utf-8")
    (data / "lamps" / "docs" / "words.txt").write_text(words, encoding="utf-8")
    rows: list[dict[str, object]] = []
    for room in range(7):
        start = text.index(f"The lamp of room {room}")
        evidence = [{"source": "lamps.md", "start": start, "end": text.index(".", start) + 1}]
        rows.append({"id": str(room), "question": f"Who lit the lamp of room {room}?", "evidence": evidence})
    rows.append({"id": "none", "question": "Who broke it?", "answerable": False, "evidence": []})
    lines = "".join(f"{json.dumps(row)}\n" for row in rows)
    (data / "lamps" / "questions.jsonl").write_text(lines, encoding="utf-8")
    return text


def test_a_corpus_is_written_asked_and_found(tmp_path: Path) -> None:
    """Real documents beside generated ones; its questions find what their sets say; disk is told by part."""
    text = the_set(tmp_path / "data")
    corpus = tmp_path / "60"
    make_corpus(60, tmp_path / "data", corpus)
    rows = [
        json.loads(line) for line in (corpus / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [row["id"] for row in rows] == [str(room) for room in range(7)]
    for row in rows:
        (gold,) = row["evidence"]
        assert "lamp of room" in text[gold["start"] : gold["end"]]
        assert (corpus / "documents" / gold["source"]).read_text(encoding="utf-8") == text
    assert list((corpus / "documents" / "generated" / "000").glob("*.md"))

    sync([corpus / "documents"], folder=corpus / ".qa", embedder=load_embedder)
    measures = ask_all(corpus / ".qa")
    assert measures["questions"] == len(rows) - FIRST
    assert measures["Success@10"] == 1.0
    parts = disk(corpus / ".qa")
    catalog = (corpus / ".qa" / "catalog.sqlite3").stat().st_size
    assert 0 < sum(parts.values()) <= catalog
    assert parts["vectors"]
    assert not parts["Chroma, rows"]


def measured(chunks: float, factor: float = 1.0) -> Measures:
    names = [*(key for _, curves in PANELS for key in curves), *FIGURES, "cold_ms_p95", "warm_ms_p95"]
    return {**{name: factor * n for n, name in enumerate(names, 1)}, "chunks": chunks, "disk_texts": chunks}


def test_the_table_has_a_column_a_size_and_what_it_was_before() -> None:
    sizes = {"100000": measured(100_123), "10000": measured(10_045, 2)}
    lines = list(table(sizes, {"10000": measured(10_045)}))
    assert lines[0] == "| chunks | 10,045 | 100,123 |"
    assert len(lines) == len(ROWS) + 2
    assert {line.count("|") for line in lines} == {4}
    (cold,) = (line for line in lines if "`qa ask`" in line)
    assert cold == "| **`qa ask`** (cold), CPU ms, p50 | 1 → 2 | 1 |"
    (reading,) = (line for line in lines if "reading" in line)
    assert reading.endswith("| – → – | – |")


def test_growth_is_a_straight_line_between_the_ends() -> None:
    """Of a size in the middle nothing is said, and of a single one nothing at all."""
    sizes = {"1": measured(1_000), "2": measured(2_000, 50), "3": measured(3_000, 3)}
    lines = list(growth(sizes))
    assert lines[0] == "| from 1,000 to 3,000 chunks | fixed | 1,000 chunks more | |"
    assert lines[2:] == [f"| {label} | 0 | {sizes['1'][name]:.3g} | {unit} |" for label, name, unit in GROWTH]
    assert not list(growth({"1": measured(1_000)}))


def test_the_plot_is_well_formed_and_within_its_frame() -> None:
    """Two lines for each curve, all points inside the picture."""
    sizes = {"10000": measured(10_045), "1000000": measured(1_000_456, 7)}
    older = {"10000": measured(10_045, 3), "100000": measured(100_500, 5)}
    root = ET.fromstring(plot(sizes, older))
    lines = list(root.iter(f"{SVG}polyline"))
    assert len(lines) == 2 * sum(len(curves) for _, curves in PANELS)
    panel_width = float(root.get("width", "0")) / len(PANELS)
    for line in lines:
        for point in line.get("points", "").split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= panel_width
            assert 0 <= y <= float(root.get("height", "0"))


def test_a_plot_escapes_what_it_is_given() -> None:
    curve = Curve("a < b & c", [(1, 2), (10, 20)])
    root = ET.fromstring(drawing([Panel("<title>", [curve])], "x & y", "a <plot>"))
    texts = {element.text for element in root.iter(f"{SVG}text")}
    assert {"a < b & c", "<title>", "x & y"} <= texts


@given(st.lists(st.floats(1e-3, 1e7), min_size=1))
@example([9_803_922.0])
def test_ticks_hold_all_values(values: list[float]) -> None:
    ticks = decades(values)
    assert len(ticks) >= 2
    assert ticks == sorted(set(ticks))
    assert ticks[0] <= SLACK * min(values)
    assert SLACK * ticks[-1] >= max(values)


@pytest.mark.parametrize(("value", "said"), [(0.5, "0.5"), (20, "20"), (10_000, "10k"), (2e6, "2M")])
def test_a_tick_is_short(value: float, said: str) -> None:
    assert short(value) == said


@given(st.lists(st.sampled_from(("word", " ", "\n", "\n\n", "long" * 200))).map("".join))
def test_every_word_is_in_one_passage(text: str) -> None:
    places = list(paragraphs(text))
    assert all(start < end <= start + LONGEST for start, end in places)
    assert all(end <= start for (_, end), (start, _) in pairwise(places))
    assert re.sub(r"\s", "", "".join(text[start:end] for start, end in places)) == re.sub(r"\s", "", text)


def test_systems_are_told_apart_by_name() -> None:
    assert len({system.name for system in SYSTEMS}) == len(SYSTEMS)


def test_a_hit_in_the_text_of_a_page_is_a_place_in_its_document() -> None:
    files = {"a.pdf.0002.txt": TextFile("a.pdf", 100, (2,))}
    theirs = {"name": "a.pdf.0002.txt", "start": 5, "end": 9, "pages": [], "copies": []}
    ours = {"name": "a.pdf", "start": 95, "end": 109, "pages": [1, 2], "copies": [theirs]}
    first, second = ranking([ours, theirs], files)
    assert (first.place.span.start, first.place.pages) == (95, (1, 2))
    assert first.copies == (second.place,)
    assert (second.place.source, second.place.span.start, second.place.pages) == ("a.pdf", 105, (2,))


@pytest.mark.skipif(sys.platform != "linux", reason="counts processes as Linux does")
@pytest.mark.skipif(find_spec("bm25s") is not None, reason="its package is here")
def test_a_system_whose_package_is_not_there_is_skipped_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (system,) = (each for each in SYSTEMS if each.name == "bm25s")
    corpus = Corpus(tmp_path / "docs", tmp_path / "docs", tmp_path / "work")
    with pytest.raises(Skipped, match="No module named 'bm25s'"):
        compare(system, corpus, [], {}, sys.executable)


def test_ratios_are_to_the_first_system() -> None:
    ours = Result("qa", (0.9,) * 4, 5_000.0, 2.0, 5.0, 100.0, 90.0, "cited-qa 1")
    other = Result("other", (0.8,) * 4, 20_000.0, 5.0, 2.5, 300.0, 200.0, "other 2")
    lines = list(peers_table([ours, other]))
    assert {line.count("|") for line in lines} == {13}
    assert "| 20,000 | 5.00 | 2.50 | 2.50 | 0.50 | 300 | 200 |" in lines[-1]


@pytest.mark.skipif(sys.platform != "linux", reason="counts processes as Linux does")
def test_what_a_command_leaves_running_is_waited_for(tmp_path: Path) -> None:
    """The output is that of the command, and by then its orphan is done, too."""
    usage = run(["sh", "-c", "(sleep 0.05; echo late > late) & echo said"], cwd=tmp_path, watch=True)
    assert usage.output == "said\n"
    assert (tmp_path / "late").read_text(encoding="utf-8") == "late\n"
    assert usage.all_wall_s >= usage.wall_s
    assert 0 < usage.largest_mib <= usage.together_mib


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="3\nbad"):
        run(["sh", "-c", "echo bad >&2; exit 3"], cwd=tmp_path)
