"""A secret is found in every form, in streams cut anywhere, and words that are none stay."""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterator

import pytest
from hypothesis import given, strategies as st

from index.remote.masking import (
    NO_SECRETS,
    Secrets,
    looks_secret,
    mask_line,
    mask_stream,
    masked,
    secrets_in,
)
from index.remote.shown_address import address_secrets, shown_address
from tests.support.planted import FORMS, KEY, shows

PLANTED = Secrets([KEY])


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_key_is_masked(form: str) -> None:
    """In a whole text, on a line, and in a stream."""
    text = f"It is {FORMS[form]} or so."
    assert shows(text)
    for seen in (masked(text, PLANTED), mask_line(text, PLANTED), "".join(mask_stream(text, PLANTED))):
        assert not shows(seen)
        assert seen.startswith("It is ")
        assert seen.endswith(" or so.")


@given(st.text(), st.integers(0, 2**32))
def test_a_stream_is_masked_wherever_it_is_cut(text: str, seed: int) -> None:
    """And nothing is lost or changed besides."""
    chance = random.Random(seed)
    whole = f"{text} {KEY} {text}"
    pieces, at = [], 0
    while at < len(whole):
        size = chance.randint(1, 9)
        pieces.append(whole[at : at + size])
        at += size
    shown = "".join(mask_stream(pieces, PLANTED))
    assert not shows(shown)
    assert shown.startswith(text[: len(text) - 3])
    assert "".join(mask_stream(pieces, NO_SECRETS)) == whole


@given(st.text())
def test_a_text_without_secrets_is_the_same(text: str) -> None:
    """Whatever it holds."""
    assert masked(text, PLANTED, known_only=True) == text
    assert "".join(mask_stream(list(text), PLANTED)) == text


def test_what_comes_before_an_error_in_a_stream_is_shown() -> None:
    """Held back or not; half a key is not."""

    def broken() -> Iterator[str]:
        yield "The key is "
        yield KEY[:-5]
        raise NotImplementedError

    stream = mask_stream(broken(), PLANTED)
    seen = [next(stream), next(stream)]
    with pytest.raises(NotImplementedError):
        next(stream)
    assert "".join(seen) == "The key is ***"


def test_a_short_secret_is_a_whole_word_in_answers_and_anything_elsewhere() -> None:
    """A password that is a word must not eat other words."""
    tiger = Secrets(["tiger"], doubtful=["research"])
    said = "tiger, tigers, research"
    assert masked(said, tiger, known_only=True) == "***, tigers, research"
    assert masked(said, tiger) == "***, ***s, ***"
    assert "".join(mask_stream(["a tig", "er and tig", "ers"], tiger)) == "a *** and tigers"


def test_secrets_show_nothing_of_themselves() -> None:
    """Nor do they lose anything on the way to another process."""
    both = PLANTED | Secrets(["other-1"])
    assert KEY not in repr(both) + str(both)
    assert pickle.loads(pickle.dumps(both)) == both == Secrets(["other-1", KEY])
    assert hash(both) == hash(Secrets(["other-1", KEY]))
    assert not NO_SECRETS


@pytest.mark.parametrize(
    ("value", "secret"),
    [
        (KEY, True),
        ("3f2504e0-4f89-11d3-9a0c-0305e82c3301", True),
        ("canary-key-7f3a9b21", True),
        ("20241021123456", True),
        ("gpt-4o-2024-08-06", False),
        ("llama-3.1-8b-instruct", False),
        ("two words 1a2b3c4d5e", False),
        ("/usr/share/things", False),
        ("v1", False),
    ],
)
def test_names_do_not_look_like_secrets(value: str, secret: bool) -> None:
    """Models and folders have digits too."""
    assert looks_secret(value) is secret


def test_the_environment_is_known_by_its_names() -> None:
    """What is called a key, if it looks like one."""
    environ = {"ANTHROPIC_API_KEY": KEY, "PATH": f"/{KEY}x9", "SSH_KEY": "none", "MY_TOKEN": "hunter2hunter2"}
    assert secrets_in(environ) == Secrets([KEY, "hunter2hunter2"])


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://localhost:11434/v1", "http://localhost:11434/v1"),
        ("https://user:pw-1@host/v1", "https://***@host/v1"),
        ("user:pw-1@host", "***@host"),
        ("https//user:pw-1@host/v1", "***@host/v1"),
        ("https:user:pw-1@host/v1", "***@host/v1"),
        ("https://user:pw-/1@host/v1", "https://***@host/v1"),
        ("https://user:pw-?1#x@host", "https://***@host"),
        ("https://user:pw-@1@host:80/v1", "https://***@host:80/v1"),
        ("https://h ost/user:pw-1@x", "https://***@x"),
        (f"https://host/{KEY}/v1?key=pw-12", "https://host/***/v1?***"),
        ("https://host/v1?key=pw-1", "https://host/v1?***"),
        ("https://host/v1?api-version=2024-10-21", "https://host/v1?api-version=2024-10-21"),
        ("https://host/openai/deployments/gpt-4o-2024-08-06", "https://host/openai/deployments/gpt-4o-2024-08-06"),
        (KEY, "***"),
        (f"https://{KEY}/v1", "https://***/v1"),
        ("http://[::1", "http://[::1"),
        ("", ""),
    ],
)  # fmt: skip
def test_an_address_is_shown_without_its_secrets(address: str, shown: str) -> None:
    """Well-formed or not; what was left out is known as a secret."""
    assert shown_address(address) == shown
    if "pw-" in address:
        assert any("pw-" in secret for secret in address_secrets(address))


@given(st.text())
def test_any_text_may_stand_where_an_address_should(text: str) -> None:
    """Nothing in it ends the program."""
    list(address_secrets(text))
    assert "hunter" not in shown_address(f"hunter:{'hunter'}@{text}")
