"""The files of a folder that may be read, in a stable order, and what was left out and why.

Ignore files are `.gitignore` and `.qaignore` inside the root, in git's syntax; in one folder `.qaignore` has
the last word, and `--exclude` over both. A file is taken if it matches an `--include` pattern, when there
are any, and no ignore pattern. Hidden files and folders (a name with a leading dot) are never entered.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from index.errors import ReadError
from index.storage.catalog import FILE_NAME
from index.storage.names import composed
from index.storage.records import FileStat
from index.sync.files import clean_name, kind_of, plain_reason, read_small
from index.sync.own_output import without_index
from index.sync.scan.ignore import IGNORE_FILES, FolderPatterns, compile_patterns

_MARKS_HIDDEN = hasattr(os.stat_result, "st_file_attributes")  # Windows, with an attribute instead of a dot


class FoundFile(NamedTuple):
    """A regular file to be read.

    `location` is where it stands in the tree, as the system names it (absolute; bytes that are not UTF-8 are
    surrogates), `path` what is opened: the same, or what a link at `location` leads to. `name` is clean text,
    relative to the root. `file` is (inode, device), `links` how many names the file has on its disk.
    """

    path: str
    location: str
    name: str
    stat: FileStat
    file: tuple[int, int]
    links: int = 1


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was left out and is named. `unreadable`: it may well be there, we could not look."""

    location: str
    name: str
    reason: str
    unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """Something that was left out and is only counted. `file` is that of an unknown kind."""

    name: str
    why: Literal["hidden", "excluded", "unknown"]
    file: FoundFile | None = None


Seen = FoundFile | Skipped | Passed


@dataclass(frozen=True)
class Rules:
    """What a walk takes: patterns of the user, the folder of the index, and which names can be read."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    index_folder: str | None = None
    readable: Callable[[str], bool] = field(default=lambda _name: True)


def walk(root: str, rules: Rules, *, start: str | None = None) -> Iterator[Seen]:
    """Everything under `start` (default: all of `root`), depth first, in the order of the paths' code points.

    `root` is an absolute, real path; names are relative to it. Memory grows with the depth of the tree and
    the longest folder, not with the number of files.
    """
    walker = _Walker(root, rules)
    yield from walker.run(root if start is None else start)


class _Walker:
    """One walk: the patterns in force, and the inodes that were reached through a link."""

    def __init__(self, root: str, rules: Rules) -> None:
        self.root = root
        self.prefix = _prefix(root)
        self.rules = rules
        self.index = os.path.realpath(rules.index_folder) if rules.index_folder else None
        self.include = compile_patterns(rules.include, given=True) if rules.include else None
        self.exclude = compile_patterns(rules.exclude, given=True) if rules.exclude else None
        self.chosen = bool(rules.include or rules.exclude)
        self.followed: set[tuple[int, int]] = set()

    def run(self, start: str) -> Iterator[Seen]:
        """The tree under `start`, without recursion: a tree may be deeper than Python's stack."""
        patterns = self._patterns_above(start)
        stack = [(_prefix(start), patterns, self._entries(start))]
        while stack:
            above, patterns, entries = stack[-1]
            for name in entries:
                if isinstance(name, Skipped):
                    yield name
                    continue
                path = above + name
                if path == self.index:
                    continue  # neither a document nor something hidden
                seen = self._look(path, name, patterns)
                if seen is None:
                    stack.append((_prefix(path), self._patterns_in(path, patterns), self._entries(path)))
                    break
                yield seen
            else:
                stack.pop()

    def _entries(self, folder: str) -> Iterator[str | Skipped]:
        """The names in `folder`, sorted; or why it cannot be looked into."""
        try:
            names = sorted(os.listdir(folder))  # noqa: PTH208 - names only, of 100,000 files
        except OSError as error:
            reason = f"folder not readable: {plain_reason(error)}"
            yield Skipped(folder, self._name(folder) or ".", reason, unreadable=True)
            return
        documents = without_index(folder, names)
        if len(documents) < len(names) and folder != self.index:
            yield self._skip(os.path.join(folder, FILE_NAME), "an index of qa")  # noqa: PTH118
        names = documents
        if not all(name.isascii() for name in names):
            taken = {name for name in names if clean_name(name) == name}
            for name in names:
                clean = clean_name(name)
                if clean != name and clean in taken:
                    yield self._skip(os.path.join(folder, name), "another name reads the same")  # noqa: PTH118
                else:
                    taken.add(clean)
                    yield name
            return
        yield from names

    def _look(self, path: str, name: str, patterns: tuple[FolderPatterns, ...]) -> Seen | None:
        """What stands at `path`; None is a folder to enter."""
        try:
            status = None if name.startswith(".") else os.lstat(path)
        except OSError as error:
            return self._skip(path, plain_reason(error), unreadable=error.errno != errno.ENOENT)
        if status is None or (_MARKS_HIDDEN and _hidden(status)):
            return Passed(self._name(path), "hidden")
        folder = stat.S_ISDIR(status.st_mode)
        if (patterns or self.chosen) and self._excluded(path, patterns, folder=folder):
            return Passed(self._name(path), "excluded")
        if folder:
            return None
        if stat.S_ISLNK(status.st_mode):
            return self._link(path, name)
        return self._file(path, path, name, status)

    def _file(self, location: str, path: str, name: str, status: os.stat_result) -> Seen:
        """The file at `path`, met at `location` under `name`."""
        if not stat.S_ISREG(status.st_mode):
            return self._skip(location, f"a {kind_of(status.st_mode)}, not a file")
        file = found_file(path, self._name(location), status, location=location)
        return file if self.rules.readable(name) else Passed(file.name, "unknown", file)

    def _link(self, path: str, name: str) -> Seen:
        """A link: followed once, and only to a file of this tree that is not met under its own name."""
        try:
            target = os.path.realpath(path, strict=True)
            status = os.lstat(target)
        except OSError as error:
            words = {errno.ENOENT: "a link to nothing", errno.ELOOP: "a link that leads back to itself"}
            reason = words.get(error.errno or 0, f"a link that cannot be followed: {plain_reason(error)}")
            return self._skip(path, reason)
        refusal = self._refusal(target, status)
        file = (status.st_ino, status.st_dev)
        if refusal is None and self.rules.readable(name):
            if file in self.followed or self.rules.readable(os.path.basename(target)):  # noqa: PTH119
                return self._skip(path, f"a link to {self._name(target)}")
            self.followed.add(file)
        return self._skip(path, refusal) if refusal else self._file(path, target, name, status)

    def _refusal(self, target: str, status: os.stat_result) -> str | None:
        """Why a link to `target` is not followed, if it is not."""
        if stat.S_ISDIR(status.st_mode):
            return "a link to a folder; links to folders are not followed"
        if not target.startswith(self.prefix):
            return "a link that leads out of the folder"
        hidden = any(part.startswith(".") for part in _parts(target[len(self.prefix) :]))
        in_index = self.index is not None and target.startswith(self.index + os.sep)
        patterns = self._patterns_above(os.path.dirname(target))  # noqa: PTH120 - see `suffix_of`
        if hidden or in_index or self._excluded(target, patterns, folder=False):
            return "a link to a file that is hidden or excluded"
        return None

    def _excluded(self, path: str, patterns: tuple[FolderPatterns, ...], *, folder: bool) -> bool:
        """The rule of git: the deepest ignore file that says anything decides, by its last matching line."""
        relative = self._name(path) + ("/" if folder else "")
        specs = [(rules.spec, relative[rules.depth :]) for rules in patterns]
        if self.exclude is not None:
            specs.append((self.exclude, relative))
        verdicts = (spec.check_file(composed(name)).include for spec, name in reversed(specs))
        if next((verdict for verdict in verdicts if verdict is not None), False):
            return True
        return self.include is not None and not folder and not self.include.match_file(composed(relative))

    def _patterns_above(self, start: str) -> tuple[FolderPatterns, ...]:
        """The patterns of every folder from the root down to `start`."""
        patterns: tuple[FolderPatterns, ...] = self._patterns_in(self.root, ())
        folder = self.root
        for part in _parts(start[len(self.prefix) :]):
            folder = os.path.join(folder, part)  # noqa: PTH118 - as everywhere in this walk
            patterns = self._patterns_in(folder, patterns)
        return patterns

    def _patterns_in(self, folder: str, above: tuple[FolderPatterns, ...]) -> tuple[FolderPatterns, ...]:
        """`above`, and on top of it what the ignore files of `folder` say."""
        lines: list[str] = []
        for name in IGNORE_FILES:
            try:
                data = read_small(os.path.join(folder, name))  # noqa: PTH118
            except (OSError, ReadError):
                continue  # most folders have none; one that cannot be read excludes nothing
            lines.extend(data.decode("utf-8", "replace").splitlines())
        if not lines:
            return above
        depth = len(self._name(folder)) + 1 if folder != self.root else 0
        return (*above, FolderPatterns(depth, compile_patterns(lines)))

    def _name(self, path: str) -> str:
        name = clean_name(path[len(self.prefix) :])
        return name if os.sep == "/" else name.replace(os.sep, "/")

    def _skip(self, path: str, reason: str, *, unreadable: bool = False) -> Skipped:
        return Skipped(path, self._name(path), reason, unreadable)


def found_file(path: str, name: str, status: os.stat_result, *, location: str | None = None) -> FoundFile:
    """The regular file at `path`, with the numbers that tell one version of it from another."""
    return FoundFile(
        path,
        location or path,
        name,
        FileStat(status.st_size, status.st_mtime_ns, status.st_ino, status.st_ctime_ns),
        (status.st_ino, status.st_dev),
        status.st_nlink,
    )


def _prefix(folder: str) -> str:
    """What the paths in a folder begin with."""
    return folder if folder.endswith(os.sep) else folder + os.sep


def _parts(relative: str) -> list[str]:
    """The names a relative path is made of."""
    return [part for part in relative.split(os.sep) if part]  # noqa: PTH206 - strings here, see `suffix_of`


def _hidden(status: os.stat_result) -> bool:
    return bool(getattr(status, "st_file_attributes", 0) & stat.FILE_ATTRIBUTE_HIDDEN)
