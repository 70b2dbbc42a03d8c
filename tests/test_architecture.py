"""Rules of the code: who imports whom, what is imported late, names, sizes, docstrings."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.support.timeouts import PATIENCE

ROOT = Path(__file__).parent.parent
PACKAGES = ("index", "prompts", "qa")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
SCRIPTS = sorted(
    path for part in ("tests", "benchmarks", "docs", "examples") for path in (ROOT / part).rglob("*.py")
)
HEAVY = {
    *("bs4", "chromadb", "charset_normalizer", "docx", "ebooklib", "filelock", "jinja2", "llama_index"),
    *("lxml", "numpy", "onnxruntime", "openai", "openpyxl", "pandas", "pptx", "prompt_toolkit", "pydantic"),
    *("pypdfium2", "rich", "safetensors", "selectolax", "tiktoken", "tokenizers", "wcwidth"),
    "wordllama",
}
# Modules that are themselves imported only where what they are for is wanted.
MAY_BE_HEAVY = {
    "qa/chat/repl.py": {"prompt_toolkit"},
    "qa/chat/completion.py": {"prompt_toolkit"},
    "qa/integrations/llama_index.py": {"llama_index"},
}
# A module may import its own room, and rooms on lower floors.
FLOORS = {
    "prompts": 1,
    "index/types.py": 1,
    "index/errors.py": 1,
    "index/text": 2,
    "index/concurrency": 2,
    "index/readers": 5,
    "index/remote": 3,
    "index/storage": 3,
    "index/vectors": 4,
    "index/embedding": 4,
    "index/sync": 6,
    "index/search": 7,
    "index/health": 7,
    "qa/types.py": 11,
    "qa/errors.py": 11,
    "qa/settings": 11,
    "qa/models": 12,
    "qa/output": 12,
    "qa/checking": 13,
    "qa/answering": 14,
    "qa/api.py": 15,
    "qa/integrations": 15,
    "qa/__init__.py": 16,
    "qa/evaluation/types.py": 16,
    "qa/evaluation/stats": 17,
    "qa/evaluation/metrics": 18,
    "qa/evaluation/sets": 19,
    "qa/evaluation/judging": 20,
    "qa/evaluation/runs": 20,
    "qa/evaluation/running": 22,
    "qa/evaluation/report": 23,
    "qa/evaluation/comparison.py": 20,
    "qa/evaluation/gates.py": 21,
    "qa/evaluation/scoring.py": 24,
    "qa/evaluation/evaluate.py": 25,
    "qa/chat": 26,
    "qa/cli": 27,
    "qa/__main__.py": 28,
}
# A library, and the only places that may import it.
DOORS = {
    "chromadb": ("index/vectors/chroma.py",),
    "filelock": ("index/storage/lock.py",),
    "jinja2": ("qa/evaluation/report/html/build.py",),
    "onnxruntime": ("qa/models/reader/minilm.py",),
    "openai": ("index/remote/transport",),
    "prompt_toolkit": ("qa/chat",),
    "pydantic": ("qa/evaluation/metrics/scores_json.py", "qa/evaluation/runs/codec.py"),
    "pydantic_core": ("qa/evaluation/runs/codec.py",),
    "pypdfium2": ("index/readers/pdf",),
    "rich": ("qa/output/progress.py",),
    "sqlite3": (
        "index/storage/database.py",
        "index/storage/schema.py",
        "index/storage/opening",
        "index/health",
    ),
    "subprocess": (
        "index/concurrency/processes.py",
        "index/readers/office/legacy.py",
        "index/readers/pdf/ocr/tesseract.py",
        "index/vectors/writer_process.py",
        "qa/output/console.py",
        "qa/chat/editor.py",
    ),
    "typer": ("qa/cli",),
    "wcwidth": ("qa/output/text.py",),
    "yaml": ("qa/evaluation/sets/files/yaml_file.py",),
}
# The command line, the conversation, and the rooms that lay out what they print; what calls another program.
SPEAK_IN_FLAGS = (
    *("qa/cli/", "qa/chat/", "qa/output/", "qa/evaluation/report/"),
    "index/readers/pdf/ocr/tesseract.py",
)
MOST_ENTRIES = 12
# What `qa --help` must not pay for.
NOT_FOR_HELP = (
    *("numpy", "chromadb", "llama_index", "openai", "wordllama", "pypdfium2", "prompt_toolkit"),
    *("sqlite3", "rich", "index.storage.catalog", "index.search.searcher"),
)
COMMANDS = (
    "index",
    "ask",
    "chat",
    "sources",
    "show",
    "demo",
    "config",
    "eval",
    "compare",
    "report",
    "verify",
    "doctor",
)
LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
LONGEST_SENTENCE = 100  # the first of a module's docstring, which docs/architecture.md shows


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
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and not late:
            continue
        elif isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING" and not late:
            yield from _imports(ast.Module(child.orelse, []), late=late)
        elif isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):  # no expression holds one
            yield from _imports(child, late=late)


def importers(package: str) -> set[str]:
    """The modules of ours that import `package`, anywhere in them."""
    return {name_of(path) for path in MODULES if any(name.split(".")[0] == package for name in imports(path))}


def test_the_import_reader_sees_what_it_should(tmp_path: Path) -> None:
    """An example with imports at once, late and for types only."""
    path = tmp_path / "example.py"
    path.write_text(
        "import a\nif TYPE_CHECKING:\n    import b\nelse:\n    import c\n"
        "def f():\n    from d import e\nclass G:\n    import h\ntry:\n    import i\nexcept E:\n    pass\n",
        encoding="utf-8",
    )
    assert imports(path) == {"a", "b", "c", "d", "d.e", "h", "i"}
    assert imports(path, late=False) == {"a", "c", "h", "i"}


def test_index_knows_neither_questions_nor_prompts() -> None:
    """`index` imports neither `qa` nor `prompts`; `prompts` imports nothing of ours."""
    for path in MODULES:
        packages = {name.split(".")[0] for name in imports(path)}
        package = name_of(path).split("/")[0]
        if package == "index":
            assert not packages & {"qa", "prompts"}, name_of(path)
        if package == "prompts":
            assert not packages & {"qa", "index"}, name_of(path)


def room_of(name: str) -> str:
    """The room of `FLOORS` that a module stands in."""
    (room,) = (room for room in FLOORS if name == room or name.startswith(room + "/"))
    return room


@cache
def imported(path: Path) -> frozenset[Path]:
    """The modules of ours that `path` imports, late ones and those for types only included."""
    places = (ROOT.joinpath(*name.split(".")) for name in imports(path) if name.split(".")[0] in PACKAGES)
    files = {place.with_suffix(".py") for place in places} | {
        ROOT.joinpath(*name.split("."), "__init__.py") for name in imports(path)
    }
    return frozenset(files & set(MODULES) - {path})


def test_imports_lead_downwards() -> None:
    """Every room has a floor; a module imports its own room and lower ones."""
    for path in MODULES:
        name = name_of(path)
        if path.name == "__init__.py" and not imported(path):
            continue
        for other in imported(path):
            if other.name == "__init__.py" and name_of(other) not in FLOORS and not imported(other):
                continue
            mine, theirs = room_of(name), room_of(name_of(other))
            assert mine == theirs or FLOORS[mine] > FLOORS[theirs], f"{name} imports {name_of(other)}"


def test_every_room_is_there() -> None:
    """`FLOORS` lists no room that does not exist."""
    assert all((ROOT / room).exists() for room in FLOORS)


def circle(arrows: dict[str, set[str]]) -> list[str]:
    """Some circle of arrows, or nothing."""
    done: set[str] = set()
    path: list[str] = []

    def visit(node: str) -> list[str]:
        if node in path:
            return path[path.index(node) :]
        if node in done:
            return []
        path.append(node)
        cycle = next(filter(None, map(visit, sorted(arrows.get(node, ())))), [])
        done.add(path.pop())
        return cycle

    return next(filter(None, map(visit, sorted(arrows))), [])


def test_a_circle_is_seen() -> None:
    """An example with a circle, and one without."""
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c"]
    assert circle({"a": {"b", "c"}, "b": {"c"}}) == []


def test_files_import_in_no_circle() -> None:
    """Neither at once nor late nor for types does a file import one that leads back to it."""
    assert not circle({name_of(path): {name_of(other) for other in imported(path)} for path in MODULES})


def test_folders_import_in_no_circle() -> None:
    """Of the files and folders that stand side by side anywhere, none leads back to itself."""
    for folder in sorted({path.parent for path in MODULES}):
        arrows: dict[str, set[str]] = {}
        for path in MODULES:
            if folder in path.parents:
                entry = path.relative_to(folder).parts[0]
                others = {one.relative_to(folder).parts[0] for one in imported(path) if folder in one.parents}
                arrows.setdefault(entry, set()).update(others - {entry})
        assert not circle(arrows), name_of(folder)


def test_a_folder_has_few_entries() -> None:
    """At most twelve entries, besides what makes a folder a package, or one that can be run."""
    folders = {parent for path in MODULES for parent in path.parents if ROOT in parent.parents}
    for folder in sorted(folders):
        held = {path.relative_to(folder) for path in folder.rglob("*") if "__pycache__" not in path.parts}
        names = {path.parts[0] for path in held if (folder / path).is_file()} - {"py.typed"}
        entries = {name for name in names if not name.startswith("__")}
        assert len(entries) <= MOST_ENTRIES, name_of(folder)


def test_each_foreign_library_has_one_door() -> None:
    """A library is imported where `DOORS` says, and nowhere else."""
    for library, doors in DOORS.items():
        users = importers(library)
        assert users, library
        for name in users:
            assert any(name == door or name.startswith(door + "/") for door in doors), f"{name}: {library}"


def test_heavy_packages_are_imported_late() -> None:
    """Importing a module of ours imports no heavy package: functions do, when they need it."""
    for path in MODULES:
        packages = {name.split(".")[0] for name in imports(path, late=False)}
        assert not packages & HEAVY - MAY_BE_HEAVY.get(name_of(path), set()), name_of(path)


def test_modules_and_functions_are_short() -> None:
    """A module has at most 400 lines, a function at most 60."""
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= LONGEST_MODULE, name_of(path)
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                assert length <= LONGEST_FUNCTION, f"{name_of(path)}: {node.name} has {length} lines"


def test_no_module_forks() -> None:
    """A child that is forked has our locks, connections and threads half: children are started."""
    for path in MODULES:
        found = re.search(r"\bmultiprocessing\b|\bos\.fork|\bProcessPool", path.read_text(encoding="utf-8"))
        assert not found, f"{name_of(path)}: {found[0]}"


def test_no_class_name_is_used_twice() -> None:
    """A public class is known by its name alone: no two modules define the same one."""
    modules: dict[str, set[str]] = {}
    for path in MODULES:
        for node in tree_of(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                modules.setdefault(node.name, set()).add(name_of(path))
    assert {name: places for name, places in modules.items() if len(places) > 1} == {}


def private_imports(tree: ast.Module) -> Iterator[str]:
    """What a module imports of another's own names: those with one leading underscore."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = (alias.name for alias in node.names)
            yield from (f"{node.module}.{name}" for name in names if re.match(r"_(?!_)", name))


def test_private_names_stay_in_their_module() -> None:
    """What a module keeps to itself is imported by no other."""
    assert list(private_imports(ast.parse("from a import b, _c, __version__\nimport _d\n"))) == ["a._c"]
    for path in MODULES:
        assert not list(private_imports(tree_of(path))), name_of(path)


def test_every_module_says_what_it_is_for() -> None:
    """A module begins with a docstring, whose first sentence has at most 100 characters."""
    for path in MODULES:
        paragraph = " ".join((ast.get_docstring(tree_of(path)) or "").partition("\n\n")[0].split())
        sentence = re.split(r"\.(?= |$)", paragraph, maxsplit=1)[0]
        assert 0 < len(sentence) <= LONGEST_SENTENCE, f"{name_of(path)}: {sentence}"


def test_help_is_cheap() -> None:
    """`qa --help` and the help of every command import no heavy package; one after another in one process."""
    lines = [["--version"], ["--help"], *([name, "--help"] for name in COMMANDS)]
    script = (
        "import json, sys\nfrom qa.cli.app import main\n"
        f"for line in {lines!r}:\n"
        "    sys.stderr.write(json.dumps([line, main(line), sorted(sys.modules)]) + '\\n')\n"
        "    print(end='\\f')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=PATIENCE,
        encoding="utf-8",
    )
    reports = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line for line, _, _ in reports] == lines
    for (line, code, modules), out in zip(reports, done.stdout.split("\f"), strict=False):
        assert code == 0, line
        assert line == ["--version"] or f"Usage: qa {line[0] if len(line) == 2 else '['}" in out, line
        assert not set(NOT_FOR_HELP) & set(modules), line


def test_every_command_is_on_the_list() -> None:
    """`COMMANDS` lists every command of `qa`."""
    from qa.cli import commands

    assert set(commands.COMMANDS) == set(COMMANDS)


def literals(tree: ast.Module) -> Iterator[str]:
    """The string literals of a module, but no docstring."""
    nodes = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    docstrings = {
        id(node.body[0].value) for node in nodes if node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def test_the_library_speaks_in_no_flags() -> None:
    """Errors name options without dashes, which the command line adds; pip's options are spelt out."""
    for path in MODULES:
        if name_of(path).startswith(SPEAK_IN_FLAGS):
            continue
        for text in literals(tree_of(path)):
            assert not re.search(r"(?<![\w-])--[a-z]", text) or "pip install" in text, (
                f"{name_of(path)}: {text}"
            )


def test_a_flag_is_seen() -> None:
    """An example with flags in literals and in a docstring, which may name them."""
    tree = ast.parse('"""--a"""\ndef f(x):\n    "--b"\n    return f"--c {x}", "--d"\n')
    assert list(literals(tree)) == ["--d", "--c "]


def locale_dependent(tree: ast.Module) -> Iterator[int]:
    """The lines that open a text file, or the streams of a child as text, and name no encoding."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or any(word.arg == "encoding" for word in call.keywords):
            continue
        words = {word.arg: word.value for word in call.keywords}
        function = call.func
        if isinstance(function, ast.Attribute):
            name, arguments = function.attr, call.args
        else:
            name, arguments = ast.unparse(function), call.args[1:]
        mode = words.get("mode", arguments[0] if arguments else None)
        text = isinstance(mode, ast.Constant) and re.fullmatch("[rwaxt+]+", str(mode.value))
        if (
            (name == "read_text" and isinstance(function, ast.Attribute) and not call.args)
            or (name == "write_text" and len(call.args) == 1)
            or (name == "open" and (text or (mode is None and isinstance(function, ast.Name))))
            or (name in {"run", "Popen", "check_output"} and {"text", "universal_newlines"} & words.keys())
        ):
            yield call.lineno


def test_no_text_depends_on_the_locale() -> None:
    """Every text file, and every child whose output is text, is opened with an encoding."""
    for path in (*MODULES, *SCRIPTS):
        assert not list(locale_dependent(tree_of(path))), name_of(path)


def test_a_missing_encoding_is_seen() -> None:
    """A worked example of the test above: bytes have no encoding."""
    bad = (
        "open(x)",
        "open(x, 'w')",
        "x.open('r')",
        "x.read_text()",
        "x.write_text(y)",
        "s.run(x, text=True)",
    )
    good = (
        "open(x, 'rb')",
        "x.open('wb')",
        "x.open()",
        "x.read_text(encoding=y)",
        "s.run(x)",
        "read_text(x)",
    )
    assert list(locale_dependent(ast.parse("\n".join((*bad, *good))))) == [1, 2, 3, 4, 5, 6]
