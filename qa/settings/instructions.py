"""A person's own instructions for answers, from the settings or from the file that they name."""

from __future__ import annotations

from pathlib import Path

from index.errors import SettingsError
from qa.settings.settings import Settings
from qa.settings.values import LONGEST_INSTRUCTIONS


def own_instructions(settings: Settings) -> str:
    """The instructions in force: those of the file, then those of the settings; "" where there are none.

    Raises SettingsError for a file that cannot be read, is no text or is too long.
    """
    parts = [_read(Path(path)) if (path := settings.instructions_file) else "", settings.instructions or ""]
    text = "\n".join(filter(None, parts))
    if len(text) > LONGEST_INSTRUCTIONS:
        where = settings.instructions_file or settings.origin("instructions")
        raise SettingsError(
            f"the instructions are longer than {LONGEST_INSTRUCTIONS:,} characters: {where}",
            "shorten them: a few sentences",
        )
    return text


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(8 * LONGEST_INSTRUCTIONS).decode("utf-8-sig").strip()
    except OSError as exc:
        why = exc.strerror or str(exc)
    except UnicodeDecodeError as exc:
        why = f"it is not UTF-8 (byte {exc.start})"
    raise SettingsError(f"cannot read {path}: {why}", "correct instructions_file, or leave it out")
