"""Whether processes that are nobody's children any longer have ended."""

from __future__ import annotations

import time
from pathlib import Path


def is_alive(pid: int) -> bool:
    """True if there is such a process, and it has not merely not been waited for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def ends_within(seconds: float, *pids: int) -> bool:
    """True as soon as none of them is alive."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(map(is_alive, pids)):
            return True
        time.sleep(0.02)
    return False
