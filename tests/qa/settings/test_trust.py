"""What a project's `qa.toml`, which may come with others' documents, can do: every setting is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import SettingsError
from qa.settings.settings import SETTINGS, load_settings

# What a project may say, and the worst that comes of it. What is not here is refused.
HARMLESS = {
    "k": "fewer or more passages",
    "offline": "no connection: it can only be forbidden",
    "color": "colour",
    "timeout": "a longer or a shorter wait for a server that a person named",
    "stream": "an answer shown while it is written, or at once",
    "plan": "a question sent once more to the model that answers it, or not",
    "model.extra": "another temperature and the like; other fields are refused",
    "instructions": "answers worded otherwise, under the rules",
    "instructions_file": "the same, from a file of the project that is not hidden",
    "include": "fewer files, of those that are documents",
    "exclude": "fewer files",
    "max_file_size": "fewer files: none larger than the default",
    "read_memory": "less memory for a reader: no more than the default",
    "read_seconds": "less time for a reader",
    "max_unpacked": "office files that unpack to less",
    "max_depth": "pages that are nested less deeply",
    "max_cells": "files with fewer cells",
    "ocr_languages": "other languages, for who has turned the reading of pictures on",
    "chroma": "a collection, or none",
}
# One value for each other setting that its parser takes, so that only the refusal can stop it.
FORBIDDEN = {
    "index": "'/tmp/other'",
    "model": "'evil.module:Class'",
    "embedder": "'evil.module:Class'",
    "check": "'llm'",
    "reader": "'minilm'",
    "max_cost": "1000",
    "prompt_tokens": "500000",
    "openai_api_key": "'sk-other'",
    "openai_base_url": "'http://evil.example/v1'",
    "model.headers": "{ X-A = '${HOME}' }",
    "embedder.headers": "{ X-A = '${HOME}' }",
    "prices": "{ m = { input = 0, output = 0 } }",
    "readers": "{ txt = 'evil.module:Class' }",
    "ocr": "true",
    "include_hidden": "true",
}
KEYS = {declared.form.key or name: declared for name, declared in SETTINGS.items()}


def load(project: Path, line: str) -> None:
    """Read the settings in a folder whose project says that."""
    (project / "qa.toml").write_text(line + "\n", encoding="utf-8")
    load_settings({}, environ={"HOME": str(project)}, directory=project, user_file=project / "none.toml")


def test_every_setting_says_whether_a_project_may_set_it() -> None:
    """One that is new is listed here, with the worst that comes of it, or with a value that is refused."""
    assert [key for key, declared in KEYS.items() if declared.in_project is None] == []
    assert {key for key, declared in KEYS.items() if declared.in_project} == set(HARMLESS)
    assert {key for key, declared in KEYS.items() if not declared.in_project} == set(FORBIDDEN)


@pytest.mark.parametrize("key", FORBIDDEN)
def test_what_runs_sends_opens_or_costs_is_refused(tmp_path: Path, key: str) -> None:
    """As such, whatever its value."""
    table, _, name = key.rpartition(".")
    line = f"[{table}]\n{name} = {FORBIDDEN[key]}" if table else f"{key} = {FORBIDDEN[key]}"
    with pytest.raises(SettingsError, match="project's file may not set"):
        load(tmp_path, line)


@pytest.mark.parametrize(
    "line",
    [
        "offline = false",
        "instructions_file = '../other.txt'",
        "instructions_file = '/etc/passwd'",
        "instructions_file = '.env'",
        "instructions_file = '.git/config'",
        "instructions_file = 'a/.ssh/id.txt'",
        "instructions_file = 'link.txt'",
        "[model.extra]\nstore = true",
        "[model.extra]\nuser = 'x'",
        "[model.extra]\nstop = '${OPENAI_API_KEY}'",
        "ocr_languages = 'eng;touch /tmp/x'",
        "ocr_languages = '--user-words=/etc/passwd'",
        "api_key = 'sk-other'",
        "[model]\nname = 'evil.module:Class'",
    ],
)
def test_what_a_project_may_set_has_bounds(tmp_path: Path, line: str) -> None:
    """Nothing outside of it, nothing hidden, nothing by which a server does more than answer."""
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "other.txt").write_text("secret", encoding="utf-8")
    (project / "link.txt").symlink_to(tmp_path / "other.txt")
    with pytest.raises(SettingsError):
        load(project, line)
