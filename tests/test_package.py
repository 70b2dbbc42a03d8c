"""What a wheel would hold: every module and every file that they read, and nothing else of the repository."""

from __future__ import annotations

from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parent.parent
PACKAGES = ("index", "prompts", "qa")


def test_the_wheel_has_every_file_of_the_packages() -> None:
    """The builder leaves out what git ignores: a folder of ours whose name is ignored would be missing."""
    held = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    ours = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert ours <= held
    assert {name.split("/")[0] for name in held} == set(PACKAGES)
    assert {
        "qa/models/prices.toml",
        "prompts/answer.md",
        "qa/evaluation/report/html/page/report.html.j2",
    } <= held
    assert "qa/examples/questions.jsonl" in held
