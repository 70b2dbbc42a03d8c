"""The title of a document: what a person would call it.

Candidates are what the reader found (metadata, a "Title:" line, a title style), the headings at the top of
the text, and the file's name. Names of authorities, forms and parts of a document ("Table of Contents",
"FORM 10-K", "News") are no titles, whoever puts them first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import PurePath
from urllib.parse import unquote

from index.readers.builder import clean, real_title
from index.readers.metadata.dates import is_dateline
from index.text.patterns import lazy_compile
from index.types import Block, Reading

_TOP = 12  # blocks in which a title is looked for
_LONGEST = 200  # characters; more is a paragraph
_LABEL = 30  # characters of a line over a title that is no sentence: "Vol. 3, No. 2."
_BEGINNING = 10_000  # characters that have some word of a title that is one
# Parts of a document or of a site, which are never its title.
_PARTS = """
    about / abstract / acknowledgements / annex / appendix / article / attachment / blog / body /
    chapter / chapter 1 / confidential / contact / content / contents / cover / cover page / default /
    detail / details / disclaimer / download / draft / error / executive summary / exhibit / faq / file
    / final / foreword / for immediate release / general / header / home / home page / homepage / index
    / info / information / internal / introduction / item / list of figures / list of tables / loading /
    log in / login / main / main page / mark one / menu / new page / news / online / page / part / part
    i / post / preface / preview / press / search / section / sheet / sheet1 / slide / start / table of
    contents / text / title / title page / toc / top / topics / view / website / welcome / abstrakt /
    anhang / aktuelles / deckblatt / einleitung / entwurf / impressum / inhalt / inhaltsverzeichnis /
    inhaltsübersicht / kontakt / nachrichten / neuigkeiten / seite / startseite / tabelle1 / titel /
    vertraulich / vorwort / willkommen / accueil / actualités / avant-propos / bienvenue / sommaire /
    table des matières / contenido / detalles / inicio / introducción / noticias / prólogo / tabla de
    contenido / tabla de contenidos / índice / dettagli / indice / introduzione / notizie / prefazione /
    sommario / conteúdo / detalhes / início / notícias / sumário / inhoud / inhoudsopgave / inleiding /
    nieuws / voorwoord / spis treści / wstęp / aktualności / obsah / úvod / novinky / tartalom /
    tartalomjegyzék / bevezetés / hírek / indhold / indholdsfortegnelse / indledning / nyheder /
    innehåll / innehållsförteckning / inledning / nyheter / sisällys / sisällysluettelo / johdanto /
    uutiset / содержание / оглавление / введение / новости / главная / зміст / вступ
"""
# Kinds of documents: a title if nothing says which one it is.
_KINDS = """
    agenda / annual report / current report / data / document / documents / export / invoice / letter /
    media release / memo / memorandum / minutes / news release / newsletter / notes / notice / overview
    / press release / quarterly report / report / results / summary / test / übersicht / bericht /
    pressemitteilung / protokoll / rechnung / tagesordnung / zusammenfassung / communiqué de presse /
    facture / procès-verbal / rapport / résumé / acta / comunicado de prensa / factura / informe /
    resumen / comunicato stampa / fattura / relazione / verbale / resumo / factuur / persbericht /
    samenvatting / streszczenie / összefoglalás
"""


def _names(listed: str) -> frozenset[str]:
    return frozenset(" ".join(name.split()) for name in listed.split("/"))


_PART_NAMES, _KIND_NAMES = _names(_PARTS), _names(_KINDS)
# Who a document is from, or which form it is on: whole titles, in small letters.
_AUTHORITY = lazy_compile(
    r"united states securities and exchange commission.*|washington,? d\.?\s?c\.?[\s\d]*"
    r"|(?:the )?(?:united states|federal republic|republic|kingdom|state|commonwealth|government|ministry"
    r"|department|office|court|city|county|parliament|council|university) of (?:\w+,?\s?){1,6}"
    r"|(?:us |u\.s\. )?(?:securities and exchange commission|internal revenue service|government|congress)"
    r"|(?:\w+\s){0,3}(?:ministerium|bundesamt|amtsgericht|landgericht|ministère|ministerio)(?:\s\w+){0,5}"
    r"|european (?:union|commission|parliament)|europäische (?:union|kommission)|bundesrepublik deutschland"
    r"|république française|reino de españa|repubblica italiana|rzeczpospolita polska|magyarország"
)
_FORM = lazy_compile(
    r"(?:form|formular|formulaire|formulario|modulo|schedule)\s?(?=[\w-]*\d)[\w-]{1,8}(?:/a)?"
    r"|commission file (?:number|no\.?).*|(?:annual|quarterly|current|transition) report pursuant to .*"
    r"|pursuant to section .*|for the (?:fiscal|quarterly|transition) .*"
)
# What only says where in a document or set it stands: page 3 of 4, an address, a number.
_PLACE = lazy_compile(
    r"(?:page|seite|pagina|página|strona|sida|side|slide|sheet|blatt|tabelle|feuille|hoja|foglio)\s?\d+(?:\s?(?:of|von|/|de|di)\s?\d+)?"
    r"|(?:https?://|www\.)\S+|\S+@\S+|[\W\d_]*|(?:exhibit|attachment|annex|appendix|anlage)\s[\d.a-z]{1,5}"
)
_EXHIBIT = lazy_compile(
    r"\b(?:exhibit|attachment|annex|appendix|enclosure|anlage|annexe)\s+[\dA-Z][\d.A-Z]*\b", re.IGNORECASE
)
_NUMBERED = lazy_compile(r"\d{1,2}(?:\.\d{1,2})*\.\s|\d{1,2}\.\d")  # a section: "1. Scope"
_WHICH = lazy_compile(r"\d\d|\d-[A-Z]|\bQ\d")  # tells a form from others of its filer: 2018, 10-K, Q1
_WORKBOOKS = frozenset((".xlsx", ".xlsm", ".xltx", ".ods"))
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
# Names that cameras, scanners and programs give: nothing that a person calls a document.
_NAMELESS = lazy_compile(
    r"(?:(?:img|dsc|dcim|scan|scanned|photo|image|screenshot|doc|document|file|untitled|unbenannt|new|copy|download"
    r"|page|part|tmp|temp|output|export|attachment)\b[\s\d]*)+",
    re.IGNORECASE,
)
_HASH = lazy_compile(r"(?<![^\W_])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{6,}(?![^\W_])")
_NAME_SIGN = lazy_compile(
    r"[_+]+|(?<=[^\W\d_])-+|-+(?=[^\W\d_])|(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])|\s+"
)
_SITE = lazy_compile(r"\s*(?:[|–—·»:]|\s-)\s")  # between a page's title and its site's
_WORD = lazy_compile(r"[^\W_]{2,}")
_WRAPPED = lazy_compile(
    r"(?:[,:&–—-]|\b(?:a|an|and|at|by|for|from|in|of|on|or|the|to|with|de|des|du|der|die|das|und|von|für|et|la|le"
    r"|del|y|di|e))\Z"
)


def document_title(reading: Reading, name: str) -> str | None:
    """The title of a document read from the file `name`; None if nothing says what it is called.

    In order: what the file states, if it is about this text; the heading that opens the text; the file's
    name; and what says only of which kind the document is. A form or workbook is called by its file's name,
    and not by who filed it or by its first sheet.
    """
    headings = _headings(reading)
    words = [heading for _, heading in headings]
    stated = _whole(_on_one_line(real_title(reading.title) or ""), words)
    named = name_title(name)
    first = next(filter(_is_title, words), None)
    if any(map(_is_form, words)):
        first = None
        sure = named is None or _WHICH.search(stated) is not None
    elif PurePath(name).suffix.lower() in _WORKBOOKS and named:
        first = None
        sure = stated not in words
    else:
        sure = stated in words or not (first and _EXHIBIT.search(stated))
    if (
        sure
        and _is_title(stated)
        and (stated in words or not (first or named) or _is_of(stated, reading, name))
    ):
        return _without_site(stated, words)
    if _may_be_title(stated) and headings and headings[0][0] > 1 and not reading.pages:
        first = None  # a section of what is called "Results"
    return first or named or next(filter(_may_be_title, (stated, *words)), None)


def name_title(name: str) -> str | None:
    """A file's name as a title: "3M_2018_10K.pdf" is "3M 2018 10K"; None for one word, or a camera's name."""
    stem = unquote(PurePath(name).stem)
    stem = re.sub(r"\s*\(\d{1,2}\)$", "", _HASH.sub("", stem))
    words = _NAME_SIGN.sub(" ", clean(stem)).strip(" -.,")
    words = " ".join(words.split())
    telling = len(words.split()) > 1 and re.search(r"[^\W\d_]{2}|\w\d|\d\w", words) is not None
    return words if telling and re.search(r"[^\W\d_]", words) and not _NAMELESS.fullmatch(words) else None


def _headings(reading: Reading) -> list[tuple[int, str]]:
    """Level and words of the headings above the text of the first page, the largest first.

    A heading that is set in two lines is one.
    """
    text = reading.text
    found: list[tuple[int, str]] = []
    last: Block | None = None
    for block in _on_first_page(reading, _opening_headings(text, reading.blocks[:_TOP])):
        words = _on_one_line(block.span.of(text))
        adjoins = last is not None and not text[last.span.end : block.span.start].strip()
        if adjoins and found[-1][0] == block.level and _runs_on(found[-1][1], words):
            found[-1] = (block.level, f"{found[-1][1]} {words}")
        else:
            found.append((block.level, words))
        last = block
    return sorted(found, key=itemgetter(0))


def _on_first_page(reading: Reading, blocks: Iterable[Block]) -> Iterator[Block]:
    """Those of `blocks` on the page of the first."""
    page = None
    for number, block in enumerate(blocks):
        here = next((page.number for page in reading.pages if page.span.contains(block.span)), None)
        page = here if not number else page
        if here == page:
            yield block


def _opening_headings(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """Headings before the first sentence, and those of level 1 after it."""
    prose = False
    for block in blocks:
        if block.kind != "heading":
            prose = prose or (len(block.span) > _LABEL and text[block.span.end - 1] in ".!?:;")
        elif not prose or block.level == 1:
            yield block


def _runs_on(line: str, following: str) -> bool:
    """True if a title that is set in two lines goes on from the first to the second."""
    return following[:1].islower() or _WRAPPED.search(line.lower()) is not None


def _is_title(words: str) -> bool:
    """True if a person may call a document by these words, and tell it from others by them."""
    parts = {_plain(part) for part in _SITE.split(words)}
    if parts & _PART_NAMES or _NUMBERED.match(words):
        return False
    return _may_be_title(words) and _plain(words) not in _KIND_NAMES


def _may_be_title(words: str) -> bool:
    """True unless the words name a part, a place, an authority or a form, or a place and a day."""
    plain = _plain(words)
    if len(words) > _LONGEST or is_dateline(words) or not re.search(r"[^\W\d_]{2}", words):
        return False
    return plain not in _PART_NAMES and not any(rule.fullmatch(plain) for rule in (_AUTHORITY, _FORM, _PLACE))


def _is_form(words: str) -> bool:
    return _FORM.fullmatch(_plain(words)) is not None


def _plain(words: str) -> str:
    return words.casefold().strip(" .:*#()[]-–—|")


def _whole(stated: str, headings: Sequence[str]) -> str:
    """`stated`, with the lines that it runs on to if it is the first line of a heading."""
    return (
        next((heading for heading in headings if heading.startswith(f"{stated} ")), stated) if stated else ""
    )


def _is_of(title: str, reading: Reading, name: str) -> bool:
    """True unless a program may have put `title` there: few of its words are near the top or in the name.

    Only PDF and office files carry such titles: "Layout 3", "CORP Q1 2021".
    """
    if not reading.pages and (reading.date is None or reading.date.origin != "created"):
        return True
    words = {word.casefold() for word in _WORD.findall(title)}
    known = {word.casefold() for word in _WORD.findall(f"{reading.text[:_BEGINNING]} {name}")}
    return not words or 3 * len(words & known) > len(words)


def _without_site(title: str, headings: Sequence[str]) -> str:
    """A page's title without the name of its site, where a heading says which part is which."""
    parts = _SITE.split(title)
    return next((part for part in parts if part in headings), title) if len(parts) > 1 else title


def _on_one_line(words: str) -> str:
    return " ".join(clean(words).translate(_INVISIBLE).split())
