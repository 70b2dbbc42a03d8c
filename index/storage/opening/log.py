"""The write-ahead log beside the catalog: whether all that was committed to it can still be read.

SQLite takes a log for as long as its checksums hold, and forgets the rest without a word: what a power
failure left half written was never committed. But what follows a commit was written after that had reached
the disk: where a later transaction stands behind a frame that is broken, it broke since
(sqlite.org/fileformat2.html, section 4).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from index.storage.opening.errors import damaged

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

HEADER = struct.Struct(">8I")  # magic, version, size of pages, checkpoints, two salts, two sums
FRAME = struct.Struct(">6I")  # page, size of the file after a commit or 0, two salts, two sums
LITTLE, BIG = 0x377F0682, 0x377F0683  # magic, by the order of bytes in what is summed
VERSION = 3_007_000
SMALLEST_PAGE, LARGEST_PAGE = 512, 65_536
HALF = 8  # bytes that a step of the sum takes: two numbers


class _Sums(NamedTuple):
    """SQLite's sums over numbers of four bytes, two in each step, which go on from one frame to the next.

    A step is linear, so that the sums over a whole page are a product with the `powers` of its matrix, which
    is symmetric: (k, 3), up to as many steps as a page takes and one for its frame.
    """

    order: str
    powers: NDArray[np.uint32]

    @classmethod
    def of(cls, order: str, page_size: int) -> _Sums:
        import numpy as np

        powers = [(1, 0, 1)]
        for _ in range(page_size // HALF + 1):
            x, y, z = powers[-1]
            powers.append((x + y & 0xFFFFFFFF, y + z & 0xFFFFFFFF, y + 2 * z & 0xFFFFFFFF))
        return cls(order, np.array(powers, np.uint32))

    def over(self, data: bytes, first: int, second: int) -> tuple[int, int]:
        """The sums after `data`, which were `first` and `second` before."""
        import numpy as np

        steps = np.frombuffer(data, self.order).astype(np.uint32).reshape(-1, 2)
        added, both = steps[:, 0], steps[:, 0] + steps[:, 1]
        x, y, z = self.powers[len(steps) - 1 :: -1].T if len(steps) else self.powers[:0].T
        all_x, all_y, all_z = map(int, self.powers[len(steps)])
        one = int((x * added + y * both).sum(dtype=np.uint32)) + all_x * first + all_y * second
        two = int((y * added + z * both).sum(dtype=np.uint32)) + all_y * first + all_z * second
        return one & 0xFFFFFFFF, two & 0xFFFFFFFF


def log_path(path: Path) -> Path:
    """Where the log of the catalog at `path` stands, if it has one."""
    return path.with_name(path.name + "-wal")


def log_size(path: Path) -> int:
    """The size of the log: what was committed and has not reached the file itself."""
    try:
        return log_path(path).stat().st_size
    except FileNotFoundError:  # there is none, or the last reader just took it away
        return 0


def refuse_broken_log(path: Path) -> None:
    """Raise IndexDamaged if something that was committed to the log can no longer be read.

    Looked at twice: somebody may be writing. The last transaction of a log that is broken counts as one that
    was never committed, as it does for SQLite: the two look the same.
    """
    if log_size(path) and _is_broken(path) and _is_broken(path):
        raise damaged(log_path(path), "what was committed last, and not yet saved in the index, is broken")


def _is_broken(path: Path) -> bool:
    try:
        with log_path(path).open("rb") as log:
            beginning = log.read(HEADER.size)
            broken = _has_lost(log, beginning)
            log.seek(0)
            return broken and log.read(HEADER.size) == beginning  # else somebody began it anew
    except OSError:  # it was just taken away; or it cannot be read, as SQLite will say
        return False


def _has_lost(log: BinaryIO, beginning: bytes) -> bool:
    """True if a log has no beginning, or another transaction behind a frame that is broken."""
    if len(beginning) < HEADER.size:
        return False
    magic, version, page_size, _, *salts, first, second = HEADER.unpack(beginning)
    plausible = magic in (LITTLE, BIG) and version == VERSION
    if not plausible or not SMALLEST_PAGE <= page_size <= LARGEST_PAGE or page_size & page_size - 1:
        return bool(log.read(1))
    sums = _Sums.of("<u4" if magic == LITTLE else ">u4", page_size)
    if sums.over(beginning[: HEADER.size - HALF], 0, 0) != (first, second):
        return bool(log.read(1))
    broken = ended = False
    while len(frame := log.read(FRAME.size + page_size)) == FRAME.size + page_size:
        _, committed, *own_salts, one, two = FRAME.unpack_from(frame)
        if own_salts != salts:
            broken = True
        elif broken and ended:
            return True
        elif broken:
            ended = committed > 0
        else:
            first, second = sums.over(frame[:HALF] + frame[FRAME.size :], first, second)
            broken = (first, second) != (one, two)
            ended = broken and committed > 0
    return False
