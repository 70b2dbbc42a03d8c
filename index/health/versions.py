"""The versions of what an index depends on."""

from __future__ import annotations

import platform
import sqlite3
from importlib.metadata import PackageNotFoundError, version

from index.health.findings import CheckFinding
from index.storage.schema import MIGRATIONS

PACKAGES = ("chromadb", "llama-index-core", "openai")


def check_versions(own: str, schema: int | None) -> CheckFinding:
    """The versions in use; `own` is that of this program, `schema` the format of the catalog, if any."""
    versions = {"qa": own, "python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    missing = []
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            missing.append(package)
    said = ", ".join(f"{name} {number}" for name, number in versions.items())
    if missing:
        return CheckFinding(
            "versions", "wrong", f"not installed: {', '.join(missing)}", "install qa again", (said,)
        )
    old = schema is not None and schema < len(MIGRATIONS)
    text = said if schema is None else f"{said}, index format {schema}"
    if old:
        return CheckFinding("versions", "note", f"{text} of {len(MIGRATIONS)}", "qa index converts it")
    return CheckFinding("versions", "ok", text)
