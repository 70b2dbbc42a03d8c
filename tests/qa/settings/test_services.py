"""When a key alone leads to a hosted service, and what a person decided about it."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from index.errors import StorageError
from qa.settings.services import (
    HostedService,
    answering_service,
    decided,
    declined,
    embedding_service,
    remember,
)
from qa.settings.settings import Settings, load_settings

OPENAI = HostedService("api.openai.com", "OPENAI_API_KEY")
KEY = {"OPENAI_API_KEY": "sk-a"}
AZURE = {"AZURE_OPENAI_API_KEY": "a", "AZURE_OPENAI_ENDPOINT": "https://a.openai.azure.com"}
BUNDLED = "wordllama/l2_supercat-256"
CLASS = "package.module:Class"


def settings(home: Path, environ: dict[str, str], own: str = "", **options: Any) -> Settings:
    """The settings with that environment, that file of the user and those options."""
    file = home / "own.toml"
    file.write_text(own, encoding="utf-8")
    return load_settings(options, environ=environ, directory=home, user_file=file)


@pytest.mark.parametrize(
    ("environ", "service"),
    [
        (KEY, OPENAI),
        (AZURE, HostedService("a.openai.azure.com", "AZURE_OPENAI_API_KEY")),
        ({**AZURE, "AZURE_OPENAI_ENDPOINT": "http://10.0.0.9"}, None),
        ({}, None),
        ({**KEY, "OPENAI_BASE_URL": "https://gate.example/v1"}, None),
        ({**KEY, "QA_MODEL": "m"}, None),
        ({**KEY, "QA_OFFLINE": "1"}, None),
        ({**KEY, "QA_MODEL": CLASS}, None),
    ],
)
def test_only_a_key_alone_is_a_surprise(
    tmp_path: Path, environ: dict[str, str], service: HostedService | None
) -> None:
    """An address or a model that is named is meant, and a private server is no hosted service."""
    assert answering_service(settings(tmp_path, environ), environ, BUNDLED) == service


@pytest.mark.parametrize(
    "own", ['openai_api_key = "sk-b"', 'model = "m"', 'openai_base_url = "https://h/v1"']
)
def test_what_stands_in_one_s_own_file_is_meant(tmp_path: Path, own: str) -> None:
    """Whoever wrote it there meant this program; but a key of the environment goes before."""
    assert answering_service(settings(tmp_path, {}, own), {}, BUNDLED) is None


@pytest.mark.parametrize("options", [{"model": "m"}, {"offline": False}, {"offline": True}])
def test_an_option_is_meant(tmp_path: Path, options: dict[str, Any]) -> None:
    """Of a model, or about connections."""
    assert answering_service(settings(tmp_path, KEY, **options), KEY, BUNDLED) is None


def test_an_index_does_not_choose_who_embeds(tmp_path: Path) -> None:
    """Its embedder is one that its maker named; the person who uses it did not."""
    found = settings(tmp_path, KEY)
    assert embedding_service(found, KEY, "openai/e") == OPENAI
    assert embedding_service(found, KEY, BUNDLED) is None
    assert embedding_service(settings(tmp_path, KEY, 'embedder = "openai/e"'), KEY, "openai/e") is None
    assert embedding_service(settings(tmp_path, KEY, embedder="openai/e"), KEY, "openai/e") is None
    elsewhere = settings(tmp_path, KEY, model=CLASS)
    assert answering_service(elsewhere, KEY, "openai/e") == OPENAI
    assert answering_service(elsewhere, KEY, BUNDLED) is None


def test_a_decision_is_kept_for_an_index_a_host_and_what_is_sent(tmp_path: Path) -> None:
    """In a file of its owner's; another decision takes its place."""
    file, index, other = tmp_path / "state" / "services.json", tmp_path / ".qa", tmp_path / "b" / ".qa"
    assert decided(file, index, OPENAI, "questions") is None
    remember(file, index, OPENAI, "questions", allowed=True)
    remember(file, other, OPENAI, "questions", allowed=False)
    remember(file, index, OPENAI, "documents", allowed=False)
    assert decided(file, index, OPENAI, "questions") is True
    assert decided(file, other, OPENAI, "questions") is False
    assert decided(file, index, OPENAI, "documents") is False
    assert decided(file, index, HostedService("other", "K"), "questions") is None
    remember(file, index, OPENAI, "questions", allowed=False)
    assert decided(file, index, OPENAI, "questions") is False
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["services.json"]


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 100_000])
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    """It is not taken for a decision."""
    file = tmp_path / "services.json"
    file.write_bytes(content)
    with pytest.raises(StorageError) as caught:
        decided(file, tmp_path, OPENAI, "questions")
    assert str(file) in caught.value.cause
    assert "remove it" in caught.value.hint


@pytest.mark.parametrize("content", ["3", "{}", '{"indexes": 3}', '{"indexes": {"a": 3}}'])
def test_another_form_holds_no_decision(tmp_path: Path, content: str) -> None:
    """Nobody decided anything there."""
    file = tmp_path / "services.json"
    file.write_text(content, encoding="utf-8")
    assert decided(file, tmp_path, OPENAI, "questions") is None


def test_who_declines_is_offline() -> None:
    """And is told why, where something asks for a connection."""
    settled = declined(Settings())
    assert (settled.offline, settled.origin("offline")) == (True, "your answer for this index")
