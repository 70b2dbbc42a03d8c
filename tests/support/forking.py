"""A process that has imported what `qa` needs, and forks for each `qa` that a test starts.

It is run as a script by `tests.support.starting`, which says there what differs from a fresh interpreter. On
the socket whose number it is given it is asked, a connection for each child; over that it sends back the
child's number, and its wait status once it has ended. It ends when its standard input does.
"""

from __future__ import annotations

import fcntl
import gc
import io
import json
import os
import pkgutil
import runpy
import selectors
import socket
import struct
import sys
import tempfile
import termios
import time
import types
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

NUMBER = struct.Struct("q")
STREAMS = 3
LEFT_OUT = ("qa.__main__", "qa.integrations", "index.vectors", "index.sync.workers.main")


class Asked(NamedTuple):
    """What a child is to run, and its three streams."""

    what: dict[str, Any]
    streams: list[int]


def import_all() -> None:
    """What command lines use in the end, but for Chroma and LlamaIndex: a process of its own has those."""
    for package in ("qa", "index"):
        for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            if not module.name.startswith(LEFT_OUT):
                import_module(module.name)
    for name in ("numpy", "openai", "prompt_toolkit", "tokenizers"):
        import_module(name)


def serve(listener: socket.socket) -> Asked | None:
    """In each child, what it was asked for; in the process that forks, nothing, when its input has ended."""
    waiting = selectors.DefaultSelector()
    waiting.register(listener, selectors.EVENT_READ)
    waiting.register(sys.stdin, selectors.EVENT_READ)
    while True:
        for key, _ in waiting.select():
            if key.fileobj is sys.stdin:
                return None
            if key.fileobj is not listener:
                waiting.unregister(key.fd)
                child, connection = key.data
                with suppress(OSError):  # who asked has gone
                    connection.sendall(NUMBER.pack(os.waitpid(child, 0)[1]))
                connection.close()
                os.close(key.fd)
                continue
            connection = listener.accept()[0]
            asked = receive(connection)
            if (child := os.fork()) == 0:
                connection.close()
                for other in waiting.get_map().values():
                    if other.data:
                        other.data[1].close()
                        os.close(other.fd)
                waiting.close()
                listener.close()
                return asked
            for stream in asked.streams:
                os.close(stream)
            with suppress(OSError):
                connection.sendall(NUMBER.pack(child))
            waiting.register(os.pidfd_open(child), selectors.EVENT_READ, (child, connection))


def receive(connection: socket.socket) -> Asked:
    """What is asked for: its length with the three streams, and then an object of JSON."""
    length, streams, _, _ = socket.recv_fds(connection, NUMBER.size, STREAMS)
    with connection.makefile("rb") as file:
        return Asked(json.loads(file.read(*NUMBER.unpack(length))), streams)


def run(asked: Asked) -> None:
    """Do what a fresh interpreter with these words, streams, variables and folder does."""
    what = asked.what
    for number, stream in enumerate(asked.streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(what["at"])
    os.umask(what["umask"])
    os.environ.clear()
    os.environ.update(what["env"])
    time.tzset()
    tempfile.tempdir = None
    if what["new_session"]:
        os.setsid()
        if os.isatty(0):
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    for name, mode, errors in (
        ("stdin", "r", "strict"),
        ("stdout", "w", "strict"),
        ("stderr", "w", "backslashreplace"),
    ):
        old = getattr(sys, name)
        binary = os.fdopen(old.fileno(), f"{mode}b", closefd=False)
        lines = name == "stderr" or binary.isatty()
        new = io.TextIOWrapper(binary, "utf-8", errors, newline="\n", line_buffering=lines)
        setattr(sys, name, new)
        setattr(sys, f"__{name}__", new)
    options, words = what["options"], what["words"]
    if "-P" not in options:
        sys.path.insert(0, what["at"] if "-m" in options else "")
    if "-m" in options:
        sys.argv = ["-m", *words]
        runpy.run_module(options[-1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = ["-c", *words]
        main = sys.modules["__main__"] = types.ModuleType("__main__")
        exec(compile(options[-1], "<string>", "exec"), vars(main))


if __name__ == "__main__":
    import_all()
    gc.collect()
    gc.freeze()
    own = socket.socket(fileno=int(sys.argv[1]))
    address = Path(own.getsockname())
    if one := serve(own):
        run(one)
    else:
        address.unlink()
        address.parent.rmdir()
