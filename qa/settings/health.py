"""Whether the settings are in order: which are set and where, and who can read the files of keys."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from index.errors import QaError
from index.health.findings import CheckFinding
from qa.settings.settings import SETTINGS, Settings, described


def check_settings(settings: Settings) -> CheckFinding:
    """The settings that are not as by default, with where each comes from."""
    chosen = [(name, origin) for name, _, origin in described(settings) if origin != "default"]
    if not chosen:
        return CheckFinding("settings", "ok", "all as by default")
    return CheckFinding("settings", "ok", ", ".join(f"{name} ({origin})" for name, origin in chosen))


def wrong_settings(error: QaError) -> CheckFinding:
    """What is wrong with settings that cannot be read: the checks that follow go by the defaults."""
    return CheckFinding("settings", "wrong", error.cause, error.hint)


def check_keys(settings: Settings) -> CheckFinding:
    """Whether files that hold keys can be read by others on this machine."""
    origins = {settings.origin(name) for name, declared in SETTINGS.items() if declared.secret}
    files = sorted(path for path in map(Path, origins) if path.is_absolute() and path.is_file())
    shared = [str(path) for path in files if os.name == "posix" and _is_shared(path)]
    if shared:
        text = f"others on this machine can read a file of keys: {shared[0]}"
        return CheckFinding("keys", "wrong", text, f"chmod 600 {shared[0]}", tuple(shared))
    return CheckFinding("keys", "ok", "read by their owner only" if files else "in no file")


def _is_shared(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
