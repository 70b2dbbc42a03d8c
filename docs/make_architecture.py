"""Bring the tree and the floors in docs/architecture.md up to date: `python docs/make_architecture.py`.

A module's line in the tree is the first sentence of its docstring; floors and doors are those that
`tests/test_architecture.py` holds the code to.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.test_architecture import DOORS, FLOORS  # noqa: E402  # reached by the line before

PAGE = ROOT / "docs" / "architecture.md"
WIDTH = 30  # columns of names


def first_sentence(path: Path) -> str:
    """The first sentence of a module's docstring, without its full stop."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    first = " ".join(docstring.partition("\n\n")[0].split())
    return re.split(r"\.(?= |$)", first, maxsplit=1)[0]


def tree(folder: Path, depth: int = 0) -> list[str]:
    """The lines of a package: its own, those of its modules, then those of the packages in it."""
    lines = [f"{'  ' * depth}{folder.name}/".ljust(WIDTH) + first_sentence(folder / "__init__.py")]
    modules = sorted(set(folder.glob("*.py")) - {folder / "__init__.py"})
    lines += [f"{'  ' * (depth + 1)}{path.name}".ljust(WIDTH) + first_sentence(path) for path in modules]
    for path in sorted(folder.iterdir()):
        if (path / "__init__.py").exists():
            lines += tree(path, depth + 1)
    return lines


def floors() -> list[str]:
    """A row for each floor, the highest first, with the rooms on it."""
    rows = ["| floor | rooms |", "|---|---|"]
    for floor in sorted(set(FLOORS.values()), reverse=True):
        rooms = ", ".join(f"`{room}`" for room, its_floor in FLOORS.items() if its_floor == floor)
        rows.append(f"| {floor} | {rooms} |")
    return rows


def doors() -> list[str]:
    """A row for each library that has a door, with the modules that may import it."""
    rows = ["| library | imported by |", "|---|---|"]
    rows += [f"| {library} | {', '.join(f'`{door}`' for door in its)} |" for library, its in DOORS.items()]
    return rows


def page(old: str) -> str:
    """The page with the three parts between its marks made anew."""
    trees = ["```text", *(line for name in ("prompts", "index", "qa") for line in tree(ROOT / name)), "```"]
    for name, lines in (("tree", trees), ("floors", floors()), ("doors", doors())):
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, mark, rest = old.partition(begin)
        assert mark, f"no mark {begin!r} in {PAGE}"
        old = before + begin + "\n".join(lines) + "\n" + end + rest.partition(end)[2]
    return old


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
