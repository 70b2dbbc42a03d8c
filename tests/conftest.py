"""What holds for every test: no network, no settings of this machine, the same examples each time."""

from __future__ import annotations

import gc
import os
import re
import signal
import socket
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A slow moment of a shared machine is no failure, and a failure on one machine is one on all. Who changes
# what a property is about tries more: pytest --hypothesis-profile=thorough.
settings.register_profile("qa", deadline=None, derandomize=True, max_examples=50)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile("qa")

# A shell without job control starts what it runs with `&` deaf to ^C, and every process below inherits that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# What is collected stays to the end: it is looked through for garbage neither meanwhile nor afterwards.
gc.disable()


def pytest_collection_finish() -> None:
    """From here on there is garbage again."""
    gc.freeze()
    gc.enable()


LOOPBACK = ("127.", "::1", "localhost")


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: many tests wait for a process, a socket or a disk."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """A connection that leaves the machine fails the test that made it."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: tuple[str, int] | str) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(LOOPBACK):
            pytest.fail(f"tried to connect to {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


# What a person sets to be served differently. The language and the time zone stay: no test depends on them.
PERSONAL = re.compile(
    r"(QA|OPENAI|XDG|LESS)_.*|(HTTP|HTTPS|ALL|NO)_PROXY|SSL_CERT_(FILE|DIR)|COLUMNS|LINES|NO_COLOR|FORCE_COLOR"
    r"|CLICOLOR(_FORCE)?|PAGER|LESS|EDITOR|VISUAL|DISPLAY|WAYLAND_DISPLAY",
    re.IGNORECASE,
)


@pytest.fixture(scope="session", autouse=True)
def nothing_personal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No key, no setting and no user file of this machine reaches a test or what many tests share."""
    with pytest.MonkeyPatch.context() as patch:
        for name in filter(PERSONAL.fullmatch, list(os.environ)):
            patch.delenv(name)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("PYTHONIOENCODING", "utf-8")  # what a child prints is compared, whatever the locale
        yield


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that are not there yet, below one: `mktemp` would list all that it made before for each."""
    below = tmp_path_factory.mktemp("homes")
    return (below / str(number) for number in count())


@pytest.fixture(autouse=True)
def own_settings(homes: Iterator[Path]) -> Path:
    """The home of a test is an empty folder, and nothing that an earlier test set reaches it.

    No command that it runs leaves a process behind that writes Chroma, unless the test says so. Nothing is
    set back afterwards: the next test does the same, and `nothing_personal` ends it.
    """
    for name in filter(PERSONAL.fullmatch, list(os.environ)):
        del os.environ[name]
    home = next(homes)
    home.mkdir()
    os.environ["HOME"] = str(home)
    os.environ["QA_CHROMA"] = "no"
    return home
