"""Which branches of some packages a run took: an import hook that puts a mark at the head of every block.

A mark is one assignment to a byte, which costs a tenth of what tracing lines does. A branch that an `if`
without an `else` skips is one, too, and so is each side of `a if b else c`.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

MARK = "_branch_marks"
MOST = 100_000  # branches


class Branches(MetaPathFinder):
    """The branches of the modules below `packages` that are imported from now on."""

    def __init__(self, packages: Sequence[str]) -> None:
        self._packages = tuple(packages)
        self.marks = bytearray(MOST)
        self.count = 0
        already = [name for name in sys.modules if self._ours(name)]
        assert not already, f"imported too early: {already}"
        sys.meta_path.insert(0, self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As any other module's, with a loader that marks."""
        if not self._ours(fullname):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(fullname, spec.loader.path, self)
        return spec

    def _ours(self, name: str) -> bool:
        return any(name == each or name.startswith(f"{each}.") for each in self._packages)

    def next(self) -> int:
        """The number of another branch."""
        self.count += 1
        return self.count - 1

    def taken(self) -> int:
        """The branches since the last call, each a bit of a number."""
        taken = int.from_bytes(self.marks[: self.count], "little")
        self.marks[: self.count] = bytes(self.count)
        return taken


class _Loader(SourceFileLoader):
    def __init__(self, fullname: str, path: str, branches: Branches) -> None:
        super().__init__(fullname, path)
        self._branches = branches

    def get_code(self, fullname: str) -> CodeType | None:  # noqa: ARG002 - as it is called
        tree = _Marker(self._branches).visit(ast.parse(Path(self.path).read_bytes()))
        return compile(ast.fix_missing_locations(tree), self.path, "exec")

    def exec_module(self, module: ModuleType) -> None:
        setattr(module, MARK, self._branches.marks)
        super().exec_module(module)


class _Marker(ast.NodeTransformer):
    """Puts marks into a tree."""

    def __init__(self, branches: Branches) -> None:
        self._branches = branches

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, ast.If) and not node.orelse:
            node.orelse = [self._mark()]
        elif isinstance(node, ast.IfExp):
            node.body, node.orelse = self._marked(node.body), self._marked(node.orelse)
        if isinstance(node, (ast.FunctionDef, ast.If, ast.For, ast.While, ast.ExceptHandler, ast.match_case)):
            at = int(isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None)
            node.body.insert(at, self._mark())
        if isinstance(node, ast.If) and not isinstance(node.orelse[0], ast.If):
            node.orelse.insert(0, self._mark())
        return node

    def _place(self) -> ast.Subscript:
        return ast.Subscript(ast.Name(MARK, ast.Load()), ast.Constant(self._branches.next()), ast.Store())

    def _mark(self) -> ast.stmt:
        return ast.Assign([self._place()], ast.Constant(1))

    def _marked(self, value: ast.expr) -> ast.expr:
        """`None or value`, where the None comes from making the mark."""
        made = ast.Call(
            ast.Attribute(ast.Name(MARK, ast.Load()), "__setitem__", ast.Load()),
            [ast.Constant(self._branches.next()), ast.Constant(1)],
            [],
        )
        return ast.BoolOp(ast.Or(), [made, value])
