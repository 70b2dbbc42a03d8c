"""The folder of an index: permissions, room, file system, who is writing, what was left behind."""

from __future__ import annotations

import os
import re
import shutil
import stat
from pathlib import Path

from index.errors import IndexLocked, StorageError
from index.health.findings import CheckFinding, counted
from index.health.structure import megabytes
from index.storage.catalog import FILE_NAME
from index.storage.lock import LOCK, take, writer_lock
from index.vectors.stamp import OLD_FOLDERS

LITTLE = 50_000_000  # bytes, below which a disk counts as full
# Locks and shared memory, which SQLite needs, are those of one machine here, or come late, or not at all.
NETWORK = re.compile(
    r"nfs\d?|cifs|smb\w*|9p|afs|ncpfs|webdav|davfs\d?|afpfs|glusterfs|ceph|lustre|beegfs|drvfs|vboxsf|prl_fs"
    r"|fuse\.(sshfs|rclone|s3fs|gcsfuse|goofys|davfs\w*|glusterfs|cephfs|blobfuse\w*|google-drive-ocamlfuse)"
)
SYNCED = re.compile(
    r"OneDrive\b.*|Dropbox\b.*|Google ?Drive.*|GoogleDrive-.*|CloudStorage|Mobile Documents|iCloud ?Drive.*"
    r"|Nextcloud|ownCloud|pCloud ?Drive|Proton ?Drive|MEGA|Syncthing|Yandex\.Disk|Box(?: Sync)?",
    re.IGNORECASE,
)
MOUNTS = Path("/proc/self/mountinfo")
# What processes leave that were killed while they replaced a file.
LEFTOVERS = (
    *("writer.json.*", ".*.[0-9]*", *OLD_FOLDERS),
    *("catalog.new.*", "catalog.ready.sqlite3*"),
)
KEPT = ("catalog.damaged-*", "catalog.format-*")  # what a repair or a conversion put aside


def check_permissions(folder: Path) -> CheckFinding:
    """Whether the owner alone may read what documents say, and whether this process may write."""
    check = "permissions"
    mode = folder.stat().st_mode
    if not os.access(folder, os.W_OK | os.X_OK):
        return CheckFinding(
            check,
            "note",
            "the index can be asked and not written: the folder is read-only",
            f"chmod u+rwx {folder}",
        )
    unwritable = [path.name for path in folder.iterdir() if not os.access(path, os.W_OK)]
    if unwritable:
        text = f"{counted(len(unwritable), 'file')} of the index cannot be written: {unwritable[0]}"
        return CheckFinding(check, "wrong", text, f"chmod -R u+rw {folder}", tuple(unwritable))
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        others = "others on this machine may look into the index"
        return CheckFinding(check, "note", f"{others} (mode {stat.S_IMODE(mode):o})", f"chmod 700 {folder}")
    return CheckFinding(check, "ok", "the index can be written, and read by its owner only")


def check_disk(folder: Path) -> CheckFinding:
    """Whether there is room to write the catalog anew, which a removal or a repair may want."""
    free = shutil.disk_usage(folder).free
    catalog = folder / FILE_NAME
    size = catalog.stat().st_size if catalog.exists() else 0
    text = f"{free / 1e9:,.1f} GB free"
    if free < LITTLE:
        return CheckFinding(
            "disk", "wrong", f"{megabytes(free)} free: nothing can be indexed", "free some space"
        )
    if free < 2 * size:
        wanted = f"the catalog of {size / 1e9:,.1f} GB cannot be written anew"
        return CheckFinding("disk", "note", f"{text}: {wanted}", "free some space")
    return CheckFinding("disk", "ok", text)


def check_lock(folder: Path) -> CheckFinding:
    """Who writes to the index now."""
    if not os.access(folder, os.W_OK):
        return CheckFinding("lock", "ok", "nobody can write here")
    try:
        release = take(folder, LOCK)
        if release is not None:
            release()
            return CheckFinding("lock", "ok", "nobody is writing")
        with writer_lock(folder, wait=0):
            return CheckFinding("lock", "ok", "nobody is writing any more")
    except IndexLocked as error:
        return CheckFinding("lock", "note", f"being written by {error.holder}")
    except StorageError as error:
        return CheckFinding("lock", "wrong", error.cause, error.hint)


def check_file_system(folder: Path, mounts: Path = MOUNTS) -> CheckFinding:
    """Whether the folder is on a disk of this machine that nobody else synchronises, as far as is known."""
    check = "file system"
    kind = _file_system_of(folder.resolve(), mounts)
    if kind and NETWORK.fullmatch(kind):
        text = f"on a network ({kind}), where locks may not hold"
        return CheckFinding(check, "note", text, "let one machine write at a time, or use a disk of its own")
    synced = next((part for part in folder.resolve().parts if SYNCED.fullmatch(part)), None)
    if synced:
        text = f"in {synced}, whose synchronisation may copy half of a commit"
        return CheckFinding(check, "note", text, "keep it in another folder: set QA_INDEX")
    return CheckFinding(check, "ok", f"a disk of this machine ({kind})" if kind else "no network known of")


def _file_system_of(folder: Path, mounts: Path) -> str | None:
    """The type of the file system that holds `folder`; None where the system does not say."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    best, kind = -1, None
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        place = re.sub(r"\\(\d{3})", lambda hit: chr(int(hit[1], 8)), fields[4])
        if len(place) >= best and (folder == Path(place) or Path(place) in folder.parents):
            best, kind = len(place), after.split(" ")[0]  # of two at one place, the last is seen
    return kind


def check_leftovers(folder: Path) -> CheckFinding:
    """What killed processes and repairs left in the folder."""
    check = "leftovers"
    left, kept = leftovers(folder), sorted(path for pattern in KEPT for path in folder.glob(pattern))
    if left:
        names = tuple(path.name for path in left)
        text = f"{counted(len(left), 'file')} of processes that were killed: {names[0]}"
        return CheckFinding(check, "note", text, "removed", names, repair=True)
    if kept:
        size = megabytes(sum(path.stat().st_size for path in kept))
        text = f"an older catalog was put aside: {kept[0].name} ({size})"
        names = tuple(path.name for path in kept)
        return CheckFinding(check, "note", text, "delete it when you miss nothing", names)
    return CheckFinding(check, "ok", "none")


def leftovers(folder: Path) -> list[Path]:
    """Files and folders that nobody wants any more, unless somebody is writing just now."""
    found = {path for pattern in LEFTOVERS for path in folder.glob(pattern)}
    return sorted(path for path in found if path.name != ".gitignore")
