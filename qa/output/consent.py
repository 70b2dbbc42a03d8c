"""Asks a person once whether a hosted service may be asked, or says that it is.

Only where a key in the environment alone leads there: see `qa/settings/services.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import StorageError
from qa.output.text import printable
from qa.settings.services import (
    HostedService,
    Sent,
    answering_service,
    decided,
    decisions_file,
    declined,
    embedding_service,
    remember,
    service_of_key,
)

if TYPE_CHECKING:
    from qa.output.console import Console
    from qa.settings.settings import Settings

_WHAT: dict[Sent, str] = {
    "questions": "questions and the passages found for them",
    "documents": "the texts of the documents",
}


def agreed(
    settings: Settings,
    environ: Mapping[str, str],
    index: Path,
    console: Console,
    *,
    sent: Sent = "questions",
    ask: bool = True,
) -> Settings:
    """The settings, without connections where a person does not want them for the index in that folder.

    Nobody is asked where stdin or stderr is no terminal, or without `ask`: then it is said in one line what
    would be `sent`, and where. Raises UnusableIndex, StorageError, KeyRefused, SettingsError.
    """
    from index.storage.catalog import Catalog

    with Catalog.open(index) as catalog:  # without an index, nobody is asked anything
        embedder = catalog.manifest.embedder
    service = (
        embedding_service(settings, environ, embedder)
        if sent == "documents"
        else answering_service(settings, environ, embedder)
    )
    if service is None or _may(service, index, sent, console, ask=ask):
        return settings
    return declined(settings)


def note_named_embedder(
    settings: Settings, environ: Mapping[str, str], index: Path, console: Console
) -> None:
    """Remember that a person named the embedder of an index: they need not be asked about it later.

    Raises KeyRefused, SettingsError.
    """
    named = "embedder" in settings.given and (settings.embedder or "").startswith("openai/")
    if named and (service := service_of_key(settings, environ)):
        _keep(index, service, "documents", console, allowed=True)


def _may(service: HostedService, index: Path, sent: Sent, console: Console, *, ask: bool) -> bool:
    decision = decided(decisions_file(), index, service, sent)
    if decision is None and ask and may_ask(console):
        decision = _answer(service, index, sent, console)
        if decision is None:
            console.log("no answer: nothing is sent this time")
            return False
        _keep(index, service, sent, console, allowed=decision)
    host = printable(service.host)
    if decision is None:
        console.log(f"qa: {_WHAT[sent]} go to {host}: {service.variable} is set (--offline sends nothing)")
    elif not decision:
        way = "--model NAME" if sent == "questions" else "--no-offline"
        console.log(f"qa: nothing goes to {host}, as you decided for this index ({way} asks it)")
    return decision is not False


def _answer(service: HostedService, index: Path, sent: Sent, console: Console) -> bool | None:
    """What a person says; None if they leave without a word."""
    host = printable(service.host)
    console.log(f"{service.variable} is set. May {_WHAT[sent]} go to {host}?")
    console.log(f"Your answer is kept for this index, {printable(str(index))}.")
    return says_yes("", console)


def may_ask(console: Console) -> bool:
    """True if somebody is there to answer."""
    return sys.stdin.isatty() and console.err.isatty()


def says_yes(question: str, console: Console) -> bool | None:
    """What a person answers to a question; None if they leave without a word."""
    console.clear_status()
    console.err.write(f"{question} [y/N] ".lstrip())
    console.err.flush()
    line = sys.stdin.readline()
    if not line:
        console.log("")
        return None
    return line.strip().casefold() in ("y", "yes")


def _keep(index: Path, service: HostedService, sent: Sent, console: Console, *, allowed: bool) -> None:
    """Remember a decision; where that cannot be, the person is told, and asked again next time."""
    try:
        remember(decisions_file(), index, service, sent, allowed=allowed)
    except StorageError as error:
        console.log(f"qa: your answer will not be remembered: {printable(error.cause)}")
