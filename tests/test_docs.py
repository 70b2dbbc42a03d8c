"""docs/ says what is true: links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted((*(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md", ROOT / "README.md"))
LINK = re.compile(r"\]\(([^)\s]+)\)")
HOME = "https://github.com/cited-qa/cited-qa/blob/main/"


def anchors(path: Path) -> set[str]:
    """The anchors that a page's headings make, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


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
