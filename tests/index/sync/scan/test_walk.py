"""Which files a walk takes, in which order, and what it says of the rest."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from pathspec import GitIgnoreSpec

from index.errors import ReadError, UsageError
from index.sync.files import clean_name, open_regular
from index.sync.scan.ignore import compile_patterns
from index.sync.scan.walk import FoundFile, Passed, Rules, Seen, Skipped, found_file, walk
from tests.support.file_names import local_name, utf8_file_names

NOBODY = 65534
EVERYBODYS = "/tmp"  # where any user may look, which a TMPDIR of one's own need not be
ESC = "\x1b]0;x\x07"


def readable(name: str) -> bool:
    """The suffixes these tests pretend to have readers for."""
    return name.endswith((".txt", ".md")) or "." not in name


def plant(root: Path, *names: str) -> None:
    """Files with a word in them, folders where a name ends in a slash."""
    for name in names:
        path = root / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.write_text("word\n", encoding="utf-8")


def taking(
    *, include: tuple[str, ...] = (), exclude: tuple[str, ...] = (), index_folder: str | None = None
) -> Rules:
    return Rules(include, exclude, index_folder, readable)


def seen(root: Path, rules: Rules | None = None, start: str | None = None) -> list[Seen]:
    real = Path(os.path.realpath(root))
    return list(walk(str(real), rules or taking(), start=None if start is None else str(real / start)))


def names(root: Path, rules: Rules | None = None) -> list[str]:
    return [one.name for one in seen(root, rules) if isinstance(one, FoundFile)]


def reasons(root: Path) -> dict[str, str]:
    return {one.name: one.reason for one in seen(root) if isinstance(one, Skipped)}


def passed(root: Path) -> dict[str, str]:
    return {one.name: one.why for one in seen(root) if isinstance(one, Passed)}


@contextmanager
def powerless() -> Iterator[None]:
    """As a user whom permissions bind: root may read everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder every user can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory(dir=EVERYBODYS) as name:
        folder = Path(os.path.realpath(name))
        folder.chmod(0o755)
        yield folder


posix = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX file system")
linux = pytest.mark.skipif(
    sys.platform != "linux", reason="needs a file system that takes any bytes as a name"
)


def test_files_come_depth_first_in_order(tmp_path: Path) -> None:
    """The order of a walk depends on names alone."""
    plant(tmp_path, "b.txt", "a/z.txt", "a/b/c.md", "a.txt", "c/d.txt")
    assert names(tmp_path) == ["a/b/c.md", "a/z.txt", "a.txt", "b.txt", "c/d.txt"]


def test_hidden_files_and_folders_are_counted_and_never_entered(tmp_path: Path) -> None:
    """A leading dot keeps a file out, whatever is in it (D12)."""
    plant(tmp_path, "a.txt", ".env", ".git/config", "sub/.secret.txt")
    assert names(tmp_path) == ["a.txt"]
    assert passed(tmp_path) == {".env": "hidden", ".git": "hidden", "sub/.secret.txt": "hidden"}


def test_the_index_folder_is_not_entered(tmp_path: Path) -> None:
    """An index with a visible name inside the documents is no document (D13)."""
    plant(tmp_path, "a.txt", "store/b.txt")
    assert names(tmp_path, taking(index_folder=str(tmp_path / "store"))) == ["a.txt"]


def test_names_no_reader_knows_are_passed(tmp_path: Path) -> None:
    """A file of an unknown kind is counted, not an error (F4)."""
    plant(tmp_path, "a.txt", "b.iso")
    assert passed(tmp_path) == {"b.iso": "unknown"}


@posix
def test_pipes_and_sockets_are_skipped_without_being_opened(tmp_path: Path) -> None:
    """A pipe nobody writes to would hang whoever opens it (D1)."""
    os.mkfifo(tmp_path / "pipe.txt")
    here = Path.cwd()
    os.chdir(tmp_path)  # the name of a socket may be no longer than 107 bytes
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("socket.txt")
    finally:
        os.chdir(here)
    assert reasons(tmp_path) == {"pipe.txt": "a pipe, not a file", "socket.txt": "a socket, not a file"}


@posix
def test_links_that_lead_nowhere_or_out_are_named(tmp_path: Path) -> None:
    """No link makes the walk read what is not in the tree (D2, D3, D4, D5)."""
    root = tmp_path / "root"
    plant(tmp_path, "root/sub/a.txt", "root/.hidden.txt", "outside.txt", "rootless/b.txt")
    for link, target in {
        "self.txt": "self.txt",
        "nothing.txt": "gone.txt",
        "out.txt": "../outside.txt",
        "sibling.txt": "../rootless/b.txt",
        "folder": "sub",
        "secret.txt": ".hidden.txt",
    }.items():
        (root / link).symlink_to(target)
    assert names(root) == ["sub/a.txt"]
    assert reasons(root) == {
        "self.txt": "a link that leads back to itself",
        "nothing.txt": "a link to nothing",
        "out.txt": "a link that leads out of the folder",
        "sibling.txt": "a link that leads out of the folder",
        "folder": "a link to a folder; links to folders are not followed",
        "secret.txt": "a link to a file that is hidden or excluded",
    }


@posix
def test_a_file_with_links_to_it_is_met_once(tmp_path: Path) -> None:
    """The file's own name wins over those of its links; a link that alone can be read is followed once."""
    plant(tmp_path, "real.txt", "blob.bin")
    (tmp_path / "alias.txt").symlink_to("real.txt")
    (tmp_path / "one.txt").symlink_to("blob.bin")
    (tmp_path / "two.txt").symlink_to("blob.bin")
    files = [one for one in seen(tmp_path) if isinstance(one, FoundFile)]
    assert [(one.name, Path(one.path).name) for one in files] == [
        ("one.txt", "blob.bin"),
        ("real.txt", "real.txt"),
    ]
    assert reasons(tmp_path) == {"alias.txt": "a link to real.txt", "two.txt": "a link to blob.bin"}


@posix
def test_a_hard_link_is_a_file_like_any_other(tmp_path: Path) -> None:
    """Both names of a file are taken, and that it has two is known (D4)."""
    plant(tmp_path, "a.txt")
    os.link(tmp_path / "a.txt", tmp_path / "b.txt")
    assert [one.links for one in seen(tmp_path) if isinstance(one, FoundFile)] == [2, 2]


def test_ignore_files_follow_git(tmp_path: Path) -> None:
    """The deepest ignore file decides, by its last matching line; an excluded folder is not entered."""
    plant(
        tmp_path, "a.txt", "keep.txt", "build/x.txt", "sub/a.txt", "sub/b.txt", "sub/build/y.txt", "src/build"
    )
    (tmp_path / ".gitignore").write_text("*.txt\n!keep.txt\nbuild/\n", encoding="utf-8")
    (tmp_path / "sub/.gitignore").write_text("!a.txt\n", encoding="utf-8")
    assert names(tmp_path) == ["keep.txt", "src/build", "sub/a.txt"]


def test_an_anchored_pattern_is_meant_from_its_own_folder(tmp_path: Path) -> None:
    """`/x` in a folder's ignore file is that folder's x only."""
    plant(tmp_path, "x.txt", "sub/x.txt", "sub/deep/x.txt")
    (tmp_path / "sub/.gitignore").write_text("/x.txt\n", encoding="utf-8")
    assert names(tmp_path) == ["sub/deep/x.txt", "x.txt"]


def test_our_own_ignore_file_has_the_last_word_over_gits(tmp_path: Path) -> None:
    """`.qaignore` can take back in what is kept out of git, and the reverse."""
    plant(tmp_path, "notes.txt", "code.txt")
    (tmp_path / ".gitignore").write_text("notes.txt\n", encoding="utf-8")
    (tmp_path / ".qaignore").write_text("!notes.txt\ncode.txt\n", encoding="utf-8")
    assert names(tmp_path) == ["notes.txt"]


def test_options_have_the_last_word_over_files(tmp_path: Path) -> None:
    """`--exclude` beats every ignore file; `--include` narrows what is left."""
    plant(tmp_path, "a.txt", "b.md", "sub/c.md", "sub/d.md")
    (tmp_path / ".gitignore").write_text("sub/d.md\n", encoding="utf-8")
    assert names(tmp_path, taking(exclude=("sub/c.md",))) == ["a.txt", "b.md"]
    assert names(tmp_path, taking(exclude=("!sub/d.md",))) == ["a.txt", "b.md", "sub/c.md", "sub/d.md"]
    assert names(tmp_path, taking(include=("*.md",))) == ["b.md", "sub/c.md"]
    assert names(tmp_path, taking(include=("sub/",), exclude=("d.md",))) == ["sub/c.md"]


def test_a_walk_of_a_part_names_and_ignores_as_the_whole_does(tmp_path: Path) -> None:
    """Indexing a folder below a known root changes neither names nor rules."""
    plant(tmp_path, "sub/a.txt", "sub/deep/b.txt", "sub/deep/no.txt", "other.txt")
    (tmp_path / ".gitignore").write_text("no.txt\n", encoding="utf-8")
    part = [one.name for one in seen(tmp_path, start="sub/deep") if isinstance(one, FoundFile)]
    assert part == ["sub/deep/b.txt"]


@linux
@utf8_file_names
def test_names_that_are_not_utf8_get_a_clean_one(tmp_path: Path) -> None:
    """No surrogate leaves the walk in a name; the file can be opened all the same (D9)."""
    raw = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    Path(os.fsdecode(raw)).write_text("word", encoding="utf-8")
    (one,) = (one for one in seen(tmp_path) if isinstance(one, FoundFile))
    assert one.name == r"caf\xe9.txt"
    assert os.fsencode(one.location) == raw
    os.close(open_regular(one.path, one.file))


@linux
@utf8_file_names
def test_of_two_names_that_read_the_same_one_is_taken(tmp_path: Path) -> None:
    """A file literally named with the escape keeps its name; the other is named and left out."""
    for raw in (b"caf\xe9.txt", rb"caf\xe9.txt"):
        (tmp_path / os.fsdecode(raw)).write_text("word", encoding="utf-8")
    assert names(tmp_path) == [r"caf\xe9.txt"]
    assert reasons(tmp_path) == {r"caf\xe9.txt": "another name reads the same"}


@linux
def test_odd_names_are_names(tmp_path: Path) -> None:
    """Newlines, escapes, markup and bidi marks in names are for whoever prints them (D8)."""
    marks = local_name("\u202etxt.exe.txt")
    odd = ["a\nb.txt", f"{ESC}.txt", "[link=x].txt", marks, "x" * 251 + ".txt"]
    plant(tmp_path, *odd)
    assert sorted(names(tmp_path)) == sorted(odd)


def test_a_tree_of_eighty_levels_is_walked(tmp_path: Path) -> None:
    """The walk does not recurse (D10)."""
    deep = "/".join(["d"] * 80) + "/a.txt"
    plant(tmp_path, deep)
    assert names(tmp_path) == [deep]


@posix
def test_a_path_too_long_for_the_system_is_named(tmp_path: Path) -> None:
    """Where the system refuses a path, the rest is still walked (D10)."""
    here = Path.cwd()
    plant(tmp_path, "z.txt")
    os.chdir(tmp_path)
    try:
        for _ in range(20):  # 5,000 bytes; Linux takes 4,096 at once
            Path("n" * 250).mkdir()
            os.chdir("n" * 250)
        Path("a.txt").write_text("word", encoding="utf-8")
    finally:
        os.chdir(here)
    found_here = seen(tmp_path)
    assert [one.name for one in found_here if isinstance(one, FoundFile)] == ["z.txt"]
    (refused,) = (one for one in found_here if isinstance(one, Skipped))
    assert refused.unreadable
    assert "file name too long" in refused.reason


def test_memory_does_not_grow_with_the_tree(tmp_path: Path) -> None:
    """2,000 files in 40 folders need no more than a few folders do (D10)."""
    for folder in range(40):
        plant(tmp_path, *(f"{folder:03}/{name:03}.txt" for name in range(50)))
    sum(1 for _ in walk(str(tmp_path), Rules()))
    tracemalloc.start()
    try:
        count = sum(1 for _ in walk(str(tmp_path), Rules()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 2000
    assert peak < 60_000  # a list of what was found would take 700,000


@posix
def test_an_unreadable_folder_is_named_and_the_rest_walked(open_folder: Path) -> None:
    """What we may not look into is not taken for empty (D7)."""
    plant(open_folder, "a.txt", "closed/b.txt", "z.txt")
    (open_folder / "closed").chmod(0)
    with powerless():
        met = seen(open_folder)
    (open_folder / "closed").chmod(0o755)
    assert [one.name for one in met if isinstance(one, FoundFile)] == ["a.txt", "z.txt"]
    (refused,) = (one for one in met if isinstance(one, Skipped))
    assert (refused.name, refused.reason) == ("closed", "folder not readable: permission denied")
    assert refused.unreadable


@posix
def test_a_link_put_in_the_files_place_is_not_followed(tmp_path: Path) -> None:
    """Between the look and the opening the file may become something else (D6)."""
    plant(tmp_path, "a.txt", "secret")
    path = tmp_path / "a.txt"
    before = found_file(str(path), "a.txt", path.lstat())
    path.unlink()
    path.symlink_to("secret")
    with pytest.raises(OSError, match=r"a\.txt"):
        open_regular(before.path, before.file)
    path.unlink()
    plant(tmp_path, "a.txt", "b.txt")
    (tmp_path / "b.txt").replace(path)
    with pytest.raises(ReadError, match="replaced"):
        open_regular(before.path, (before.file[0] + 1, before.file[1]))
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(ReadError, match="a pipe, not a file"):
        open_regular(before.path, before.file)


@posix
def test_a_race_of_links_never_opens_the_other_file(tmp_path: Path) -> None:
    """A thousand openings while a thread swaps file and link: each is the file or an error (D6)."""
    plant(tmp_path, "kept.txt", "secret")
    path, kept = tmp_path / "a.txt", tmp_path / "kept.txt"
    os.link(kept, path)
    file = found_file(str(path), "a.txt", path.lstat()).file
    done = threading.Event()

    def swap() -> None:
        link, hard = tmp_path / "link", tmp_path / "hard"
        while not done.is_set():
            link.symlink_to("secret")
            link.replace(path)
            os.link(kept, hard)
            hard.replace(path)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        for _ in range(1000):
            try:
                descriptor = open_regular(str(path), file)
            except (OSError, ReadError):
                continue
            status = os.fstat(descriptor)
            os.close(descriptor)
            assert (status.st_ino, status.st_dev) == file
    finally:
        done.set()
        thread.join()
    path.unlink()
    os.link(kept, path)
    os.close(open_regular(str(path), file))


@given(st.binary(min_size=1, max_size=40))
def test_a_clean_name_can_always_be_encoded(raw: bytes) -> None:
    """Whatever bytes a file system calls a file, the name is valid Unicode, and unchanged if it was."""
    name = raw.decode("utf-8", "surrogateescape")
    clean_name(name).encode("utf-8")
    if raw.decode("utf-8", "replace").encode() == raw:
        assert clean_name(name) == name


@given(st.sets(st.text("abc.", min_size=1, max_size=3).filter(lambda n: n not in {".", ".."}), max_size=8))
def test_every_entry_is_met_exactly_once(entries: set[str]) -> None:
    """Nothing in a folder goes without being found, skipped or passed, or is met twice."""
    with tempfile.TemporaryDirectory() as root:
        for entry in entries:
            Path(root, entry).write_text("word", encoding="utf-8")
        assert sorted(one.name for one in seen(Path(root))) == sorted(entries)


def test_what_is_no_pattern_excludes_nothing(tmp_path: Path) -> None:
    """An ignore file may hold anything; an option that is no pattern is refused, and named."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / ".gitignore").write_text("[z-a]\n!!!\\\n!\na.txt\n\\\n", encoding="utf-8")
    assert [seen.name for seen in walk(str(tmp_path), Rules()) if isinstance(seen, FoundFile)] == ["b.txt"]
    with pytest.raises(UsageError, match="is no pattern"):
        list(walk(str(tmp_path), Rules(exclude=("[z-a]",))))


@pytest.mark.parametrize("pattern", ["*a" * 40 + "*b", "*" * 40 + "b", "***a" * 20 + "***b"])
def test_a_pattern_of_many_stars_is_matched_in_no_time(tmp_path: Path, pattern: str) -> None:
    """Without trying every way to share a name out among them (R7)."""
    (tmp_path / ("a" * 200)).write_text("x", encoding="utf-8")
    (tmp_path / ("a" * 100 + "b")).write_text("x", encoding="utf-8")
    (tmp_path / ".gitignore").write_text(f"{pattern}\n", encoding="utf-8")
    found = [seen.name for seen in walk(str(tmp_path), Rules()) if isinstance(seen, FoundFile)]
    assert found == ["a" * 200]


@given(
    st.lists(st.sampled_from(["*", "***", "?", "a", "b", ".", "[ab]", "\\*"]), min_size=1, max_size=8),
    st.text("ab.*", min_size=1, max_size=9),
)
def test_patterns_mean_what_git_says(parts: list[str], name: str) -> None:
    """The faster pattern decides as pathspec's own."""
    lines = ["".join(parts)]
    ours, theirs = compile_patterns(lines), GitIgnoreSpec.from_lines(lines)
    assert ours.check_file(name).include == theirs.check_file(name).include
    assert ours.check_file(f"a/{name}/b").include == theirs.check_file(f"a/{name}/b").include
