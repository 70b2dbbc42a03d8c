"""docs/ says what is true: links lead somewhere, the table of settings is that of the program."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from typer.main import get_command

from docs.make_architecture import PAGE, page
from index.readers.formats import FORMATS, IMAGES
from qa.cli.app import app
from qa.settings.settings import SETTINGS, Settings

if TYPE_CHECKING:
    from typer.core import TyperGroup

ROOT = Path(__file__).parent.parent
PAGES = sorted((*(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md", ROOT / "README.md"))
LINK = re.compile(r"\]\(([^)\s]+)\)")
HOME = "https://github.com/cited-qa/cited-qa/blob/main/"


def anchors(path: Path) -> set[str]:
    """The anchors that a page's headings make, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_architecture_page_is_that_of_the_code() -> None:
    """`python docs/make_architecture.py` would change nothing."""
    text = PAGE.read_text(encoding="utf-8")
    assert page(text) == text


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    """A link to a file of the repository names one that is there, and a heading in it."""
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        target = link.removeprefix(HOME)
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        place = path if not name else (ROOT if link != target else path.parent) / name
        assert place.exists(), link
        assert not anchor or anchor in anchors(place), link


def test_the_package_index_can_follow_the_links_of_the_readme() -> None:
    """It shows the README away from the repository, so every link and picture has a whole address."""
    links = LINK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not link.startswith("https://")] == []


def test_every_promise_names_tests_that_are_there() -> None:
    """The tests of docs/security.md, by name; each of its promises has one."""
    table = (
        (ROOT / "docs" / "security.md")
        .read_text(encoding="utf-8")
        .partition("| promise |")[2]
        .partition("\n\n")[0]
    )
    rows = [row.split("|")[2] for row in table.splitlines()[2:]]
    named = [re.findall(r"`(test_\w+)`", row) for row in rows]
    assert len(rows) > 10
    assert all(named)
    there = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for names in named for name in names if f"def {name}(" not in there] == []


def settings_table() -> dict[str, list[str]]:
    """The cells after the key of each row of the settings' table in docs/usage.md, by key."""
    page = (ROOT / "docs" / "usage.md").read_text(encoding="utf-8")
    table = page.partition("### All settings\n")[2].partition("\n\n`QA_CONFIG`")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()[2:]]
    return {row[0].strip("`"): row[1:] for row in rows}


def code(cell: str) -> list[str]:
    """What stands between backticks in a cell."""
    return re.findall(r"`([^`]+)`", cell)


def flags() -> dict[str, set[str]]:
    """The flags of each parameter of any command, by the parameter's name."""
    flags: dict[str, set[str]] = {}
    for command in cast("TyperGroup", get_command(app)).commands.values():
        for option in command.params:
            flags.setdefault(option.name or "", set()).update(option.opts, option.secondary_opts)
    return flags


def test_every_setting_is_in_the_table() -> None:
    """In the order of `qa config`, and nothing else is."""
    assert list(settings_table()) == [declared.form.key or name for name, declared in SETTINGS.items()]


@pytest.mark.parametrize("name", SETTINGS)
def test_the_table_says_what_a_setting_is(name: str) -> None:
    """Its variable, its flags, a plain default, and whether a project's file may set it."""
    declared = SETTINGS[name]
    variable, flag, default, _, project = settings_table()[declared.form.key or name]
    assert code(variable) == ([declared.variable] if declared.variable else [])
    assert {word for word in code(flag) if word.startswith("--")} == flags().get(name, set())
    assert project == ("yes" if declared.in_project else "no")
    value = getattr(Settings(), name)
    if value not in (None, ()):
        plain = f"{value:,}" if isinstance(value, int) and value >= 10_000 else str(value)
        assert default.strip("`").startswith(plain.lower())


def test_every_variable_is_in_the_docs() -> None:
    """Each QA_… that the code reads is in docs/usage.md, and no other is."""
    sources = (
        path.read_text(encoding="utf-8") for part in ("qa", "index") for path in (ROOT / part).rglob("*.py")
    )
    known = {name for source in sources for name in re.findall(r"\bQA_[A-Z_]+\b", source)}
    page = (ROOT / "docs" / "usage.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\bQA_[A-Z_]+\b", page)) == known


def test_the_manual_names_every_suffix_that_is_read() -> None:
    """All of the table of formats, but of source code only the most frequent ones; and no other."""
    section = (
        (ROOT / "docs" / "usage.md").read_text(encoding="utf-8").partition("## Formats that are read")[2]
    )
    rows = section.partition("\nA file that is named")[0].splitlines()
    named = {suffix for row in rows[3:] for suffix in re.findall(r"\.\w+", row.split("|")[2])}
    known = {row.name: {suffix for suffix in row.suffixes if suffix} for row in (*FORMATS, IMAGES)}
    code = known.pop("code")
    assert named - code == set().union(*known.values())
