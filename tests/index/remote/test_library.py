"""The openai package is imported without what no request needs, and is whole for whoever asks for more."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.abc import Loader
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest

from index.remote.transport.library import _LateLoader, _SparingFinder
from tests.support.timeouts import PATIENCE


def test_the_library_is_imported_sparingly() -> None:
    """Without aiohttp and most of the types, two thirds of the time; both are found as before afterwards."""
    code = (
        "import sys; from index.remote.transport.library import import_sparingly;"
        "found = list(sys.meta_path); import_sparingly();"
        "import openai; assert sys.meta_path == found;"
        "print('aiohttp' in sys.modules, 'openai.types.responses.response' in sys.modules);"
        "import aiohttp; from openai.types import *; from openai.types.responses import Response;"
        "print(Response.__name__, Embedding.__name__, openai.types.chat.ChatCompletion.__name__);"
        "print(openai.types.__all__ if hasattr(openai.types, '__all__') else 'no list')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stdout == "False False\nResponse Embedding ChatCompletion\nno list\n"


def late(path: Path, text: str) -> ModuleType:
    """A package `late_package` that is run when it is used."""
    (path / "late_package").mkdir()
    (path / "late_package" / "__init__.py").write_text(text, encoding="utf-8")
    (path / "late_package" / "part.py").write_text("x = 1\n", encoding="utf-8")
    spec = PathFinder.find_spec("late_package", [str(path)])
    assert spec is not None
    assert spec.loader is not None
    spec.loader = cast("Loader", _LateLoader(spec.loader))
    module = module_from_spec(spec)
    sys.modules["late_package"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def no_late_package() -> Iterator[None]:
    yield
    for name in [name for name in sys.modules if name.startswith("late_package")]:
        del sys.modules[name]


def test_a_late_package_is_run_once_by_whoever_uses_it_first(tmp_path: Path) -> None:
    """One of its modules is imported without; another thread waits for what is being run."""
    text = "with open(__file__ + '.runs', 'a') as runs: runs.write('x')\ny = 2\n"
    module = late(tmp_path, text)
    assert import_module("late_package.part").x == 1
    runs = tmp_path / "late_package" / "__init__.py.runs"
    assert not runs.exists()
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda _: module.y, range(4), timeout=PATIENCE)) == [2] * 4
    with pytest.raises(AttributeError, match="has no attribute 'z'"):
        _ = module.z
    assert runs.read_text(encoding="utf-8") == "x"
    assert "__getattr__" not in vars(module)


def test_a_late_package_may_find_names_of_its_own(tmp_path: Path) -> None:
    """It has a `__getattr__` itself, and looks into itself while it runs."""
    text = (
        "import late_package\nearly = hasattr(late_package, 'y')\ndef __getattr__(name): return name\ny = 2\n"
    )
    module = late(tmp_path, text)
    assert (module.z, module.y, module.early) == ("z", 2, False)


def test_only_the_thread_that_imports_the_library_finds_no_aiohttp() -> None:
    """What another one imports at that moment may need it."""
    finder = _SparingFinder()
    with ThreadPoolExecutor(1) as other:
        other.submit(finder.find_spec, "aiohttp").result(PATIENCE)
    finder.find_spec("asyncio")
    with pytest.raises(ModuleNotFoundError):
        finder.find_spec("aiohttp")
