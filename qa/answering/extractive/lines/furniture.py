"""Furniture of a page, such as "Share this" or "Sign up to our newsletter": it is no content."""

from __future__ import annotations

import re

from index.text.patterns import lazy_compile
from index.types import Chunk, Span

_LONGEST = 160  # characters of a sentence that may be furniture

# Whole sentences. A name of a thing that one may press stands here only if nothing else is called so.
_SHARE = (
    r"(?:share|like|follow|print|tweet|teilen|drucken|partager|compartir|imprim(?:er|ir))"
    r"(?: (?:this|us|on|via|by|with|page|article|story|post|friends|facebook|twitter|x|linkedin|whatsapp"
    r"|telegram|e-?mail|or|and|social media|diesen|artikel|cet|cette|este|artículo|noticia))+"
)
_SIGN_UP = (
    r"(?:sign up|subscribe|register)(?: now| here| today)? (?:to|for) .{0,90}"
    r"\b(?:newsletters?|alerts?|mailing list|updates|channel|feed|briefings?|notifications)\b.{0,40}"
)
_RELATED = (
    r"(?:related|recommended|most read|most popular|more|latest|top)(?: (?:articles?|stories|news|posts"
    r"|topics|videos|reading|from (?:us|this section)|on this (?:story|topic)))+"
)
_FORMS = (
    r"advertisements?|sponsored(?: content)?|anzeige|werbung|publicité|publicidad",
    _SHARE,
    _SIGN_UP,
    r"(?:get|receive) .{0,60}\b(?:newsletters?|alerts?|updates)\b.{0,60}\b(?:inbox|e-?mail)\b.{0,20}",
    r"(?:abonnieren sie|abonnez-vous|inscrivez-vous|suscríbe(?:te|ase)) .{0,90}",
    r"follow us(?: (?:on|at) .{0,60})?|folgen sie uns .{0,60}|suivez-nous .{0,60}|síguenos .{0,60}",
    r"(?:read|see|learn|show|load|view) (?:more|all|next|also|less)(?: (?:news|stories|articles|on this))?",
    _RELATED,
    r"(?:skip|back|go|return) to (?:the )?(?:main )?(?:content|navigation|top|home(?: ?page)?|menu)",
    r"(?:click|tap) here(?: to (?:subscribe|share|sign up|register|print|unsubscribe).{0,60})?",
    r"(?:accept|manage|reject)(?: all)? cookies|(?:this|our) (?:web)?site uses cookies.{0,100}",
    r"(?:leave|post|add|write) a (?:comment|reply)|\d+ comments?|no comments(?: yet)?|comments are closed",
    r"(?:\d+ )?(?:min(?:utes?)?)[ -]read|loading(?: comments| more)?|toggle (?:navigation|menu)",
    r"mehr (?:zum thema|lesen|anzeigen)|weiterlesen|lesen sie auch|lire (?:aussi|la suite|plus)|leer más",
)
_FURNITURE = lazy_compile(rf"[\W_]*(?:{'|'.join(f'(?:{form})' for form in _FORMS)})[\W_]*", re.IGNORECASE)
# Names of parts of a site: furniture on a line of their own in the head of a source, else perhaps a heading.
_NAVIGATION = lazy_compile(
    r"[\W_]*(?:home|news|menu|search|share|subscribe|sign (?:in|up)|log ?in|newsletters?|live"
    r"|breaking(?: news)?|latest|trending|more|startseite|nachrichten|menü|suche|teilen|accueil"
    r"|actualités|inicio|noticias)[\W_]*",
    re.IGNORECASE,
)
_HEAD = 200  # characters of a source in which a bare name of a part of its site is no content
_BULLET = lazy_compile(r"(?:^|[\r\n])[ \t>]*(?:[-*+•‣◦–]|\(?(?:\d{1,2}|[a-z])[.)])[ \t]+$")


def content_of(chunk: Chunk) -> tuple[Span, ...]:
    """The sentences of `chunk` without its furniture: rows of a table, list items and mere text stay."""
    return tuple(span for at, span in enumerate(chunk.sentences) if not _is_furniture(chunk, at, span))


def _is_furniture(chunk: Chunk, at: int, span: Span) -> bool:
    if len(span) > _LONGEST or any(table.span.overlaps(span) for table in chunk.tables):
        return False
    start = span.start - chunk.span.start
    text = chunk.text[start : span.end - chunk.span.start]
    before = chunk.text[:start]
    if _BULLET.search(before) or text.startswith(("- ", "* ", "+ ", "• ")) or not _own_line(chunk, at):
        return False
    if _FURNITURE.fullmatch(text):
        return True
    return span.start < _HEAD and _NAVIGATION.fullmatch(text) is not None


def _own_line(chunk: Chunk, at: int) -> bool:
    """True if nothing else stands on the lines of the sentence `at`."""
    span = chunk.sentences[at]
    before = chunk.text[: span.start - chunk.span.start].rpartition("\n")[2]
    after = chunk.text[span.end - chunk.span.start :].partition("\n")[0]
    return not any(map(str.isalnum, before + after))
