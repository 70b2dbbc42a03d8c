"""Detects leakage: indexed documents that contain the questions themselves."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import UsageError
from index.text.terms import fts_text
from qa.evaluation.types import Question

if TYPE_CHECKING:
    from index.storage.queries import CatalogReader

_ASKED = 200  # questions, evenly spread, that are looked for
_FEWEST_TERMS = 4  # of a question that is looked for; shorter ones stand everywhere
_FEWEST = 2  # questions that a source must hold; or this share of those looked for:
_SHARE = 0.02
_EACH = 20  # chunks that are looked at for one question


def same_file(path: Path, catalog: CatalogReader) -> tuple[str, ...]:
    """The names of the indexed sources that are the file at `path`, or copies of it. Raises UsageError.

    Of a folder, its file of queries is meant: its corpus is there to be indexed.
    """
    try:
        files = sorted(path.glob("queries*")) if path.is_dir() else [path]
        locations = {str(each.resolve()) for each in files}
        digests = {hashlib.sha256(each.read_bytes()).hexdigest() for each in files}
    except OSError as exc:
        raise UsageError(f"cannot read {path}: {exc.strerror or exc}", "make the file readable") from exc
    return tuple(
        source.name
        for source in catalog.sources()
        if source.location in locations or source.sha256 in digests
    )


def holders(questions: Sequence[Question], catalog: CatalogReader) -> tuple[tuple[str, int, int], ...]:
    """The sources with several questions word for word: (name, how many, of how many), most first.

    Case, punctuation and endings of words are not compared. Of many questions a sample is looked for.
    """
    phrases = [_phrase(question.text) for question in questions]
    asked = [phrase for phrase in phrases if phrase.count(" ") >= _FEWEST_TERMS - 1]
    asked = asked[:: max(-(-len(asked) // _ASKED), 1)]
    holding: Counter[str] = Counter()
    for phrase in asked:
        rows = [match.row for match in catalog.match(f'text : "{phrase}"', limit=_EACH)]
        if rows:
            holding.update({source.name for _, source in catalog.chunks(rows).values()})
    least = max(min(_FEWEST, len(asked)), _SHARE * len(asked))
    names = sorted(holding, key=lambda name: (-holding[name], name))
    return tuple((name, holding[name], len(asked)) for name in names if holding[name] >= least)


def _phrase(text: str) -> str:
    return " ".join(fts_text(text).split())  # letters, digits and spaces: no quote could end it
