"""How files are read: by classes that can be had, and by none where connections are forbidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import SettingsError
from qa.settings.reading import reading_options
from qa.settings.settings import Settings, load_settings
from tests.support.fake_readers import PATH


def test_readers_of_the_settings_are_found() -> None:
    """From a table of the user's own file, in its order."""
    settings = Settings().with_options(
        {"readers": {".slides": f"{PATH}:SlidesReader", ".x": f"{PATH}:PathReader"}}
    )
    found = reading_options(settings).llama_readers
    assert [(reader.suffix, str(reader.path)) for reader in found] == [
        (".slides", f"{PATH}:SlidesReader"),
        (".x", f"{PATH}:PathReader"),
    ]
    assert reading_options(Settings()).llama_readers == ()


def test_a_class_that_is_not_there_is_an_error() -> None:
    """Before anything is read, with what to install."""
    settings = Settings().with_options({"readers": ".x=llama_index.readers.nowhere:Reader"})
    with pytest.raises(SettingsError) as caught:
        reading_options(settings)
    assert "pip install llama-index-readers-nowhere" in caught.value.hint


def test_offline_forbids_other_peoples_code() -> None:
    """A reader may ask a server, so it is refused before it is imported."""
    settings = Settings().with_options({"readers": ".x=no.such:Reader", "offline": True}, spell="--{}".format)
    with pytest.raises(
        SettingsError, match=r"no\.such:Reader may need a connection, which --offline forbids"
    ):
        reading_options(settings)


def test_a_projects_file_names_no_reader(tmp_path: Path) -> None:
    """It may lie beside somebody else's documents, and a reader is code."""
    (tmp_path / ".qa").mkdir()
    (tmp_path / "qa.toml").write_text(f'[readers]\n".x" = "{PATH}:PathReader"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"qa\.toml:1: a project's file may not set readers"):
        load_settings({}, environ={}, directory=tmp_path)
    own = tmp_path / "user.toml"
    (tmp_path / "qa.toml").rename(own)
    settings = load_settings({}, environ={}, directory=tmp_path, user_file=own)
    assert settings.readers == (f".x={PATH}:PathReader",)
