"""How many processes a machine, or a container with a share of one, is to run."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.concurrency import processes
from index.concurrency.processes import cores


@pytest.mark.parametrize(
    ("cpu_max", "expected"),
    [
        ("max 100000\n", 8),
        ("200000 100000\n", 2),
        ("250000 100000\n", 3),
        ("50000 100000\n", 1),
        ("1600000 100000\n", 8),
        ("", 8),
        (None, 8),
    ],
)
def test_a_quota_of_the_container_counts(
    cpu_max: str | None, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty-four cores seen and two granted are two."""
    if cpu_max is not None:
        (tmp_path / "cpu.max").write_text(cpu_max, encoding="ascii")
    monkeypatch.setattr(processes, "CPU_MAX", tmp_path / "cpu.max")
    monkeypatch.setattr("os.sched_getaffinity", lambda _pid: set(range(8)), raising=False)
    assert cores() == expected
