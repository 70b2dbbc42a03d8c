"""Whom a text credits with what it says: "according to Reuters", "citing Bloomberg", "(AP)".

English, German, French, Spanish, Italian, Portuguese, Dutch, Russian and Ukrainian. A person or an office
that is quoted is credited too; whether that makes two texts one source is decided in `independence.py`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.text.patterns import lazy_compile
from index.text.terms import fold
from index.types import Sliceable
from qa.checking.rules import plain

_MEDIA = """
    reuters рейтер рейтерс ap associated-press afp agence-france-presse dpa apa ansa efe lusa anp ntb
    tt ritzau upi tass тасс itar-tass interfax интерфакс ria риа ria-novosti unn унн ukrinform укринформ
    xinhua kyodo yonhap pti pap ctk mti bloomberg блумберг cnn bbc nbc abc cbs cnbc npr fox-news msnbc
    axios politico guardian times new-york-times nyt washington-post wall-street-journal wsj
    financial-times ft economist telegraph independent spiegel bild zeit welt faz handelsblatt
    sueddeutsche tagesschau ard zdf orf le-monde figaro liberation el-pais el-mundo repubblica corriere
    meduza nikkei al-jazeera haaretz newsweek time forbes sky-news euronews dw deutsche-welle kommersant
    izvestia ukrainska-pravda
"""
# News agencies and papers, folded: two texts that credit the same one have one source.
MEDIA = frozenset(name.replace("-", " ") for name in _MEDIA.split())
_MEDIUM = lazy_compile(
    r"(?:times|post|journal|news|agency|courier|herald|tribune|gazette|telegraph|chronicle|observer|press|mail"
    r"|zeitung|nachrichten|anzeiger|tageblatt|kurier|rundschau|agentur|agence|agencia|agenzia|diario|journal"
    r"|gazette|nouvelles|pravda)\Z"
)
_PART = r"[A-ZÀ-ÞА-ЯЄІЇҐ](?:[\w&'-]|\.(?=\w))*"
_NAME = rf"(?P<name>{_PART}(?:[ ](?:of |and )?{_PART}){{0,4}}|dpa|apa|afp|ansa|efe|tagesschau)"
_THE = (
    r"(?:(?:[Tt]he )?(?:news agency |agency |newspaper |daily )?"
    r"|(?:l'agence|la agencia|(?:der|die) (?:Nachrichtena|A)gentur|der|die|das|dem|den|le|la|el|il) |[ldLD]')"
)
_SAYS = (
    r"(?:reports|reported|writes|wrote|berichtet|berichtete|meldet|meldete|schreibt|schrieb|rapporte|écrit|"
    r"informe|informó|informa|escribe|reporta|riferisce|scrive|bericht|meldt|сообщает|сообщил|пишет|передает|"
    r"повідомляє|пише|передає)"
)
# Someone is said to be where this comes from, whatever they are.
_FOLLOWED = tuple(
    lazy_compile(form)
    for form in (
        rf"\b(?:citing|quoting|quotes|cites|cited by|with reference to|with a reference to) {_THE}{_NAME}",
        rf"\b(?:first )?(?:reported|published|revealed) by {_THE}{_NAME}",
        rf"\b[Aa]s {_THE}{_NAME} (?:has |had )?(?:first )?(?:reported|reports|revealed|wrote|writes)",
        rf"\b(?:unter Berufung auf|unter Verweis auf|beruft sich auf|zitiert|wie) {_THE}{_NAME}",
        rf"\b(?:citant|en citant|citando(?: a)?|rapporté par|selon les informations (?:de|du)) {_THE}{_NAME}",
        rf"\b(?:со ссылкой на|ссылаясь на|з посиланням на|посилаючись на) {_NAME}",
    )
)
# Someone is said to say this: a source that others may follow if it is a paper or an agency.
_SAID = tuple(
    lazy_compile(form)
    for form in (
        rf"\b(?:[Tt]old|[Ss]aid to|[Ii]nterview with) {_THE}{_NAME}",
        rf"\b(?:[Aa]ccording to|[Pp]er|[Ll]aut) {_THE}{_NAME}",
        rf"\b[Nn]ach (?:Angaben|Informationen) (?:von|der|des) {_THE}{_NAME}",
        rf"\b(?:[Ss]elon|[Dd]'après|[Ss]egún|[Ss]econdo|[Ss]egundo|[Vv]olgens) {_THE}{_NAME}",
        rf"{_NAME}(?:,? citing [^.]{{0,80}},)? {_SAYS}\b",
        rf"\b{_SAYS} (?:this, |dies |das )?{_THE}{_NAME}",
    )
)
# Datelines and credits: "MOSCOW (AP) -", "(Reuters) -", "Reuters -", "BERLIN (dpa)", "Source: AFP".
_CREDITED = (
    lazy_compile(r"\((?P<name>[A-Za-zÀ-ž][\w .&-]{1,30}?)(?:/[\w .&-]{1,30})?\)"),
    lazy_compile(rf"(?m)^[\s*_]*(?:[A-ZÀ-Þ][A-ZÀ-Þ .,]+[,/ ]+)?{_NAME}\s+--?\s"),
    lazy_compile(rf"\A[\s#*_]*{_THE}{_NAME}\s?:\s"),
    lazy_compile(rf"\b(?:Source|Quelle|Fuente|Fonte|Bron|Via)\s?: {_THE}{_NAME}"),
)
_HEAD = 700  # characters at the head of a text whose credits hold for all of it
# Capitalised at the head of a sentence, and no name.
_NO_NAMES = """
    he she it they who this that these those the a an there here officials sources source people two three
    several i we you monday tuesday wednesday thursday friday saturday sunday er sie es ein eine il elle on el
    ella
"""
_NOBODY = frozenset(_NO_NAMES.split())


@lru_cache(maxsize=1 << 12)
def followed(text: str) -> tuple[str, ...]:
    """Whom a sentence says that it follows ("citing the Foreign Ministry"), folded, each once."""
    written = plain(text)
    found = [_named(match) for form in _FOLLOWED for match in form.finditer(written)]
    return tuple(dict.fromkeys(name for name in found if name))


@lru_cache(maxsize=1 << 12)
def media_credited(text: str) -> tuple[str, ...]:
    """The papers, broadcasters and agencies that a text credits with what it says, folded, each once."""
    written = plain(text)
    found = [_named(match) for form in (*_SAID, *_CREDITED) for match in form.finditer(written)]
    return tuple(dict.fromkeys(name for name in (*followed(text), *found) if is_medium(name)))


def media_of_head(text: Sliceable) -> tuple[str, ...]:
    """The same of the head of a document, whose credits hold for all of it."""
    return media_credited(text[:_HEAD])


def is_medium(name: str) -> bool:
    """True if a folded name is that of a paper, a broadcaster or an agency."""
    return name in MEDIA or bool(_MEDIUM.search(name))


def _named(match: re.Match[str]) -> str:
    words = [word.strip(".'&-").removesuffix("'s") for word in fold(match["name"]).split()]
    while words and words[0] in ("the", "der", "die", "das", "le", "la", "el"):
        words.pop(0)
    return "" if not words or words[0] in _NOBODY else " ".join(words)
