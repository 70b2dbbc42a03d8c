"""The house keeps its rules (DESIGN, section 2): who imports whom, what is imported late, how long it is."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("index", "prompts", "qa")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
HEAVY = {
    *(
        "bs4",
        "chromadb",
        "docx",
        "ebooklib",
        "jinja2",
        "llama_index",
        "lxml",
        "numpy",
        "onnxruntime",
        "openai",
    ),
    *("openpyxl", "pandas", "pptx", "prompt_toolkit", "pydantic", "pypdfium2", "rich", "safetensors"),
    *("selectolax", "syntok", "tiktoken", "tokenizers", "wordllama", "charset_normalizer", "filelock"),
}
# Modules that are themselves imported only where what they are for is wanted.
MAY_BE_HEAVY = {"qa/repl.py": {"prompt_toolkit"}, "qa/integrations/llama_index.py": {"llama_index"}}
# What `qa --help` must not pay for.
NOT_FOR_HELP = (
    *("numpy", "chromadb", "llama_index", "openai", "wordllama", "syntok", "pypdfium2", "prompt_toolkit"),
    *("sqlite3", "rich", "index.catalog", "index.search"),
)
COMMANDS = ("index", "ask", "chat", "sources", "show", "demo", "config", "eval", "compare", "report")
LONGEST_MODULE = 400
LONGEST_FUNCTION = 60


def name_of(path: Path) -> str:
    """The path of a module as it is written in these rules."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path, *, late: bool = True) -> frozenset[str]:
    """Every module that `path` imports: anywhere, or only while it is itself imported."""
    return frozenset(_imports(tree_of(path), late=late))


def _imports(node: ast.AST, *, late: bool) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield child.module or ""
            yield from (f"{child.module}.{alias.name}" for alias in child.names)
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not late:
            continue
        elif isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING" and not late:
            yield from _imports(ast.Module(child.orelse, []), late=late)
        else:
            yield from _imports(child, late=late)


def importers(package: str) -> set[str]:
    """The modules of ours that import `package`, anywhere in them."""
    return {name_of(path) for path in MODULES if any(name.split(".")[0] == package for name in imports(path))}


def test_the_import_reader_sees_what_it_should(tmp_path: Path) -> None:
    """A worked example: what is imported late, for types only, and at once."""
    path = tmp_path / "example.py"
    path.write_text(
        "import a\nif TYPE_CHECKING:\n    import b\nelse:\n    import c\n"
        "def f():\n    from d import e\nclass G:\n    import h\ntry:\n    import i\nexcept E:\n    pass\n"
    )
    assert imports(path) == {"a", "b", "c", "d", "d.e", "h", "i"}
    assert imports(path, late=False) == {"a", "c", "h", "i"}


def test_index_knows_neither_questions_nor_prompts() -> None:
    """`index` imports neither `qa` nor `prompts`; `prompts` imports nothing of ours."""
    for path in MODULES:
        found = {name.split(".")[0] for name in imports(path)}
        package = name_of(path).split("/")[0]
        if package == "index":
            assert not found & {"qa", "prompts"}, name_of(path)
        if package == "prompts":
            assert not found & {"qa", "index"}, name_of(path)


def test_each_foreign_library_has_one_door() -> None:
    """Chroma has one importer, Typer the command line alone, OpenAI at most one client module."""
    assert importers("chromadb") <= {"index/vectors.py"}
    assert all(name.startswith("qa/cli") for name in importers("typer"))
    assert len(importers("openai")) <= 1
    assert all(name in MAY_BE_HEAVY for name in importers("prompt_toolkit"))


def test_heavy_packages_are_imported_late() -> None:
    """Importing a module of ours imports no heavy package: functions do, when they need it."""
    for path in MODULES:
        found = {name.split(".")[0] for name in imports(path, late=False)}
        assert not found & HEAVY - MAY_BE_HEAVY.get(name_of(path), set()), name_of(path)


def test_modules_and_functions_are_short() -> None:
    """A module of more than 400 lines wants splitting, and so does a function of more than 60."""
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= LONGEST_MODULE, name_of(path)
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                assert length <= LONGEST_FUNCTION, f"{name_of(path)}: {node.name} has {length} lines"


def test_every_module_says_what_it_is_for() -> None:
    """A module begins with a docstring."""
    for path in MODULES:
        assert ast.get_docstring(tree_of(path)), name_of(path)


def test_help_is_cheap() -> None:
    """`qa --help` and the help of every command import no heavy package; one after another in one process."""
    lines = [["--version"], ["--help"], *([name, "--help"] for name in COMMANDS)]
    script = (
        "import json, sys\nfrom qa.cli import main\n"
        f"for line in {lines!r}:\n"
        "    sys.stderr.write(json.dumps([line, main(line), sorted(sys.modules)]) + '\\n')\n"
        "    print(end='\\f')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line for line, _, _ in told] == lines
    for (line, code, modules), out in zip(told, done.stdout.split("\f"), strict=False):
        assert code == 0, line
        assert line == ["--version"] or f"Usage: qa {line[0] if len(line) == 2 else '['}" in out, line
        assert not set(NOT_FOR_HELP) & set(modules), line


def test_every_command_is_on_the_list() -> None:
    """A new command is tested for cheap help too."""
    from qa.cli import app

    assert {command.name for command in app.registered_commands} == set(COMMANDS)
