"""Automatic numbers of Word."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from index.readers.office.docx.numbering import Numbering

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def level(at: int, pattern: str, numerals: str = "decimal", more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{numerals}"/>{more}'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def numbering(abstracts: list[str], lists: list[str], linked: dict[str, str] | None = None) -> Numbering:
    """Abstract lists by their levels, lists by what they say."""
    inner = "".join(
        f'<w:abstractNum w:abstractNumId="{at}">{x}</w:abstractNum>' for at, x in enumerate(abstracts)
    )
    inner += "".join(f'<w:num w:numId="{at}">{x}</w:num>' for at, x in enumerate(lists, 1))
    return Numbering.of(ET.fromstring(f'<w:numbering xmlns:w="{W}">{inner}</w:numbering>'), linked or {})


def of(abstract: int, more: str = "") -> str:
    return f'<w:abstractNumId w:val="{abstract}"/>{more}'


def labels(lists: Numbering, *steps: tuple[str, int]) -> list[str]:
    """What stands before each paragraph, by list and level."""
    found = (lists.next(number, at) for number, at in steps)
    return [label.text if label else "" for label in found]


CLAUSES = level(0, "%1.") + level(1, "%1.%2") + level(2, "(%3)", "lowerLetter")


def test_clauses_of_a_contract() -> None:
    """A deeper level begins again below the next clause."""
    lists = numbering([CLAUSES], [of(0)])
    steps = [("1", at) for at in (0, 1, 1, 2, 2, 0, 1, 2)]
    assert labels(lists, *steps) == ["1.", "1.1", "1.2", "(a)", "(b)", "2.", "2.1", "(a)"]


def test_a_level_without_the_one_above() -> None:
    """1.1 stands for itself where no paragraph has level 1."""
    assert labels(numbering([CLAUSES], [of(0)]), ("1", 1), ("1", 1)) == ["1.1", "1.2"]


def test_a_level_that_was_skipped_has_begun() -> None:
    """After 2.1.1 without a 2.1 comes 2.2; after 1.1 without a 1. comes 2."""
    lists = numbering([level(0, "%1.") + level(1, "%1.%2") + level(2, "%1.%2.%3")], [of(0)])
    steps = [("1", at) for at in (1, 0, 2, 1, 0, 1)]
    assert labels(lists, *steps) == ["1.1", "2.", "2.1.1", "2.2", "3.", "3.1"]


def test_numerals_that_are_written_out() -> None:
    """Word has some numerals that older programs do not know; those follow as the second alternative."""
    numerals = (
        '<w:AlternateContent><w:Choice><w:numFmt w:val="custom" w:format="001, 002, 003, ..."/></w:Choice>'
        '<w:Fallback><w:numFmt w:val="decimal"/></w:Fallback></w:AlternateContent>'
    )
    lists = numbering(
        [f'<w:lvl w:ilvl="0">{numerals}<w:lvlText w:val="E-%1"/><w:start w:val="9"/></w:lvl>'], [of(0)]
    )
    assert labels(lists, ("1", 0), ("1", 0)) == ["E-009", "E-010"]


def test_a_bullet_above_is_no_number() -> None:
    """A number that asks for that of a level of bullets leaves it out."""
    lists = numbering([level(0, "*", "bullet") + level(1, "%1.%2")], [of(0)])
    assert labels(lists, ("1", 0), ("1", 1)) == ["•", ".1"]


def test_lists_of_one_kind_count_together_unless_one_starts_again() -> None:
    """A second list goes on; with a start of its own it begins there."""
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    lists = numbering([CLAUSES], [of(0), of(0), of(0, restart)])
    steps = [("1", 0), ("1", 0), ("2", 0), ("3", 0), ("3", 0)]
    assert labels(lists, *steps) == ["1.", "2.", "3.", "1.", "2."]


def test_a_level_that_never_begins_again() -> None:
    """Articles are counted through all chapters."""
    lists = numbering(
        [level(0, "Chapter %1", "upperRoman") + level(1, "Art. %2", more='<w:lvlRestart w:val="0"/>')],
        [of(0)],
    )
    steps = [("1", 0), ("1", 1), ("1", 1), ("1", 0), ("1", 1)]
    assert labels(lists, *steps) == ["Chapter I", "Art. 1", "Art. 2", "Chapter II", "Art. 3"]


def test_legal_numbers_are_decimal() -> None:
    """Below Article IV comes Section 4.1."""
    lists = numbering(
        [level(0, "Article %1.", "upperRoman", start=4) + level(1, "%1.%2", more="<w:isLgl/>")], [of(0)]
    )
    assert labels(lists, ("1", 0), ("1", 1)) == ["Article IV.", "4.1"]


def test_bullets_are_bullets_and_boxes_boxes() -> None:
    """A sign of a symbol font marks an item; a box to tick is a box."""
    font = '<w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr>'
    lists = numbering(
        [
            level(0, "\uf0b7", "bullet"),
            level(0, "\uf0a8", "bullet", more=font),
            level(0, "", "none"),
            level(0, "%1", more='<w:lvlPicBulletId w:val="0"/>'),
        ],
        [of(0), of(1), of(2), of(3)],
    )
    assert labels(lists, ("1", 0), ("2", 0), ("3", 0), ("4", 0)) == ["•", "☐", "", "•"]
    bullet = lists.next("1", 0)
    assert bullet is not None
    assert bullet.is_bullet


def test_a_list_changed_in_place_and_a_list_of_a_style() -> None:
    """An override replaces a level; a numbering style leads to the list that it names."""
    changed = f'<w:lvlOverride w:ilvl="0">{level(0, "§ %1", start=7)}</w:lvlOverride>'
    lists = numbering(
        [CLAUSES, '<w:numStyleLink w:val="Legal"/>'], [of(0, changed), of(1), of(0)], {"Legal": "3"}
    )
    assert labels(lists, ("1", 0), ("2", 0)) == ["§ 7", "8."]


def test_what_is_not_there_has_no_number() -> None:
    """An unknown list, a level too deep, a document without lists."""
    assert labels(numbering([CLAUSES], [of(0)]), ("9", 0), ("1", 12)) == ["", ""]
    assert Numbering.of(None, {}).next("1", 0) is None


def test_the_level_of_a_style() -> None:
    """A style is numbered by the level that names it."""
    lists = numbering([CLAUSES + level(3, "%4", more='<w:pStyle w:val="Deep"/>')], [of(0)])
    assert lists.level_of_style("1", "Deep") == 3
    assert lists.level_of_style("1", "Other") is None
