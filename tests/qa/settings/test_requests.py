"""What requests have besides the program's own, and a person's own instructions."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import SettingsError
from qa.settings.instructions import own_instructions
from qa.settings.requests import embedder_additions, fields_sha256, model_additions
from qa.settings.settings import Settings
from qa.settings.values import LONGEST_INSTRUCTIONS

REFERRING = Settings(
    model_headers=(("X-Key", "Bearer ${GATE}"), ("X-Team", "blue $5")),
    model_extra=(("metadata", '{"tags": ["${GATE}", 3]}'), ("seed", "7")),
    embedder_headers=(("X-Key", "${GATE}"),),
    origins={"model_headers": "config.toml"},
)


def test_variables_are_filled_in_and_hidden() -> None:
    """In headers and in fields, however deep; what is no reference stays as it is."""
    made = model_additions(REFERRING, {"GATE": " canary-1 \n"})
    assert made.headers == (("X-Key", "Bearer canary-1"), ("X-Team", "blue $5"))
    assert made.extra == {"metadata": {"tags": ["canary-1", 3]}, "seed": 7}
    assert set(made.hidden) == {"canary-1"}
    assert "canary" not in repr(made)
    assert embedder_additions(REFERRING, {"GATE": "b"}).headers == (("X-Key", "b"),)


@pytest.mark.parametrize("environ", [{}, {"GATE": " "}])
def test_a_variable_that_is_not_set_is_named(environ: dict[str, str]) -> None:
    """With the header and the file that ask for it."""
    with pytest.raises(SettingsError) as caught:
        model_additions(REFERRING, environ)
    assert caught.value.cause == "config.toml: X-Key names the variable GATE, which is not set"
    assert caught.value.hint == "set it: export GATE=…"


def test_a_variable_cannot_add_a_header() -> None:
    """A line break in it is refused, and the value not shown."""
    with pytest.raises(SettingsError) as caught:
        model_additions(REFERRING, {"GATE": "canary\r\nX-Other: a"})
    assert "the header X-Key would have a line break" in caught.value.cause
    assert "canary" not in str(caught.value)


def test_fields_have_a_hash_that_knows_no_secret() -> None:
    """Equal for the same fields in another order; none without."""
    turned = Settings(model_extra=REFERRING.model_extra[::-1])
    assert fields_sha256(REFERRING) == fields_sha256(turned)
    assert fields_sha256(Settings(model_extra=(("seed", "8"),))) != fields_sha256(turned)
    assert fields_sha256(Settings()) is None


def test_instructions_are_those_of_the_file_and_of_the_settings(tmp_path: Path) -> None:
    """In that order; without any, there is no text."""
    file = tmp_path / "wishes.md"
    file.write_bytes(b"\xef\xbb\xbfBriefly.\r\n")
    assert (
        own_instructions(Settings(instructions="In French.", instructions_file=str(file)))
        == "Briefly.\nIn French."
    )
    assert own_instructions(Settings()) == ""


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (None, "cannot read"),
        (b"\xff\xfe", "it is not UTF-8"),
        (
            b"a" * (LONGEST_INSTRUCTIONS + 1),
            f"the instructions are longer than {LONGEST_INSTRUCTIONS:,} characters",
        ),
    ],
)
def test_instructions_that_cannot_be_used_name_their_file(
    tmp_path: Path, content: bytes | None, cause: str
) -> None:
    """One that is not there, is no text or is too long."""
    file = tmp_path / "wishes.md"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        own_instructions(Settings(instructions_file=str(file)))
    assert cause in caught.value.cause
    assert str(file) in caught.value.cause
