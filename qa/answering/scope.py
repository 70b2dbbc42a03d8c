"""Questions over many documents: "list all", "how many reports", "which files", "summarise", "compare".

A few passages answer none of them. They are told by their wording, in English, German, French and Spanish.
Who asks for one fact is left alone: "How many seats does the hall have?" is answered by one sentence, however
many documents there are.
"""

from __future__ import annotations

import unicodedata
from typing import Literal

from index.text.patterns import lazy_compile

Scope = Literal["list", "count", "documents", "summary", "comparison"]

# All forms are written in small letters without accents; so is the question when they are compared with it.

# What a person calls what was indexed, in the plural. Those of `_FILES` are nothing else as well.
_FILES = (
    "documents|files|pdfs|e-?mails|news (?:items|reports|stories)|dokumenten?|dateien|fichiers|documentos"
    "|archivos|ficheros"
)
_DOCUMENTS = (
    f"{_FILES}|sources|texts|articles|reports|papers|letters|mails|messages|notes|memos|contracts|filings"
    "|chapters|transcripts|minutes|invoices|interviews|posts|studies|reviews|quellen|texten?|artikeln?"
    "|berichten?|briefen?|nachrichten|notizen|vertragen?|rechnungen|protokollen?|unterlagen|studien|beitragen?"
    "|textes|rapports|lettres|courriels|contrats|etudes|factures|comptes rendus|fuentes|textos|articulos"
    "|informes|cartas|correos|mensajes|notas|contratos|facturas|estudios|actas"
)
_THE = (
    r"(?:(?:of|the|my|your|our|these|those|two|three|different|von|der|die|den|dem|meine[nr]?|unsere[nr]?"
    r"|diese[nr]?|beiden|verschiedene[nr]?|de|des|d'entre|parmi|les?|mes|nos|ces|deux|los|las|mis|nuestr[oa]s"
    r"|est[oa]s|dos|entre) )*"
)
_ALL = "(?:all|every|each|any and all|alle[nr]?|jede[nrs]?|samtliche[nr]?|tou(?:te)?s|chaque|tod[oa]s|cada)"
_WHICH = "(?:which|what|welche[nrs]?|quel(?:le)?s|lesquel(?:le)?s|que|cuales)"
_HOW_MANY = "(?:how many|wie viele[nr]?|combien|cuant[oa]s)"

# What documents do: who asks which of them do it wants those documents, and not one fact.
_SAY = (
    r"(?:(?:that|which|do|does|also|all|actually|explicitly|auch|aussi|tambien|que|se) )*"
    r"(?:mention(?:s|ed|ing)?|discuss(?:ed|ing)?|talk|speak|contain(?:ing)?|cover|deal with|refer|describe"
    r"|cite|quote|say|support|contradict|disagree|agree|concern|are (?:about|indexed|relevant|dated)"
    r"|erwahnen|nennen|behandeln|enthalten|handeln|sprechen|berichten|beschreiben|sagen|gehen|widersprechen"
    r"|mentionnent|parlent|evoquent|contiennent|traitent|decrivent|citent|disent|concernent|abordent"
    r"|mencionan|hablan|contienen|tratan|describen|citan|dicen|abordan)\b"
)
_ARE_THERE = r"(?:are there|are in|do (?:i|we) have|gibt es|liegen vor|y a-t-il|hay)\b"
_OCCURS = (
    r"\b(?:mention|discuss|appear|occur|describ|cover|refer|vorkomm|kommt|kommen|erwahn|genannt|steht|stehen"
    r"|geht es|question|parle|trouve|cite|mencion|aparece|habla|trata)"
)
_MENTIONED = r"\b(?:mentioned|erwahnt|genannt|mentionnee?s?|mencionan?|mencionad[oa]s?)\b"

# Where a request begins, and how polite it may be.
_ASKED = (
    r"(?:^|[.!?;:,¿¡] ?)(?:(?:please|kindly|(?:can|could|would|will) you|now|then|and|also"
    r"|i (?:want|need) you to|bitte|kannst du|konnen sie|konntest du|konnten sie|und|nun|peux-tu|pouvez-vous"
    r"|pourrais-tu|pourriez-vous|s'il (?:te|vous) plait|veuillez|et"
    r"|por favor|puedes|puede|podrias|podria|y),? )*"
)
_ME = r"(?:(?: me| us| mir| uns| sie| sie mir|-moi|-nous|me|nos)\b)?"
_GIVE = (
    r"(?:give|make|write|show|create|compile|prepare|provide|find|get|gib|geben|mach|schreibe?|erstellen?|zeigen?"
    r"|fin(?:de|den)|suchen?|fais|faites|donne[rz]?|dresse[rz]?|montre[rz]?|trouve[rz]?|cherche[rz]?|haz|hacer|da"
    r"|dar|crea|elabora|escribe|muestra|busca)"
)
_LIST = (
    rf"(?:{_GIVE}|list|name|enumerate|tell|itemi[sz]e|collect|extract|liste[nrz]?|nennen?|nenn|zahlen?|sammeln?"
    r"|enumere[rz]?|cite[rz]?|indique[rz]?|nomme[rz]?|lista|listar|enumerar?|nombra|cita|indica|di|decir)"
)
_A = r"(?:a|an|the|eine?n?|une?|el|la)"
_SHORT = (
    r"(?:(?:short|brief|quick|concise|general|full|complete|kurze[nr]?|gute[nr]?|court|bref|petit|breve) )*"
)
_SUMMARY = (
    "(?:summary|overview|digest|synopsis|zusammenfassung|uberblick|ubersicht|resume|synthese|apercu|resumen"
    "|vision general)"
)
_COLLECTION = f"(?:{_DOCUMENTS}|corpus|collection|folder|index|sammlung|ordner|dossier|carpeta|coleccion)"
_ABOUT = r"(?:all |mostly |mainly )*(?:about|contain|cover|deal with|talk about|say)\b"
_DIFFERENCES = (
    "(?:differences?|contradictions?|disagreements?|similarities|unterschiede?|widerspruche?|gemeinsamkeiten"
    "|diferencias?|contradiccion(?:es)?)"
)

_BETWEEN = "(?:between|among|across|in|zwischen|unter|entre)"
_VERSIONS = "versions?|versionen|fassungen|versiones"
_AND = r"\b(?:and|with|to|the|both|und|mit|die|et|avec|les|y|con|los|las)\b"
_WHAT_ABOUT = (
    r"(?:worum geht es in|wovon handeln|de quoi (?:parlent|traitent)|(?:de|sobre) que (?:tratan|hablan))"
)

_FORMS: dict[Scope, tuple[str, ...]] = {
    "documents": (
        rf"\b{_WHICH} {_THE}(?:{_DOCUMENTS}),? {_SAY}",
        rf"\b{_WHICH} {_THE}(?:{_FILES}),? {_ARE_THERE}",
        rf"\b(?:in|from|aus|en|dans|de) {_WHICH} {_THE}(?:{_DOCUMENTS})\b.*{_OCCURS}",
        rf"{_ASKED}{_LIST}{_ME} (?:{_ALL} )?{_THE}(?:{_FILES})\b",
        rf"\b(?:where|wo|ou|donde) (?:else )?(?:is|are|wird|werden|est|sont|se)\b.*{_MENTIONED}",
    ),
    "count": (
        rf"\b{_HOW_MANY} {_THE}(?:{_DOCUMENTS}),? {_SAY}",
        rf"\b{_HOW_MANY} {_THE}(?:{_FILES}),? {_ARE_THERE}",
        rf"\b(?:in|en|dans) {_HOW_MANY} {_THE}(?:{_DOCUMENTS})\b",
        rf"\b(?:how often|wie oft|{_HOW_MANY} (?:times|de fois|veces))\b.*{_MENTIONED}",
        rf"{_ASKED}(?:count|zahlen?|compte[rz]?|cuenta|contar) (?:{_ALL} )?{_THE}(?:{_DOCUMENTS})\b",
    ),
    "list": (
        rf"{_ASKED}{_LIST}{_ME} {_ALL}\b",
        rf"\b(?:{_WHICH}|who|was|wer|quien(?:es)?) (?:are|were|sind|waren|sont|son) {_ALL} {_THE}",
        rf"{_ASKED}{_GIVE}{_ME} (?:{_A} )?{_SHORT}(?:list|liste|lista|inventory)\b",
        rf"\b(?:what|was|que|qu'est-ce que) (?:do|sagen|disent|dicen) {_ALL} {_THE}(?:{_DOCUMENTS})\b",
    ),
    "summary": (
        rf"{_ASKED}(?:summari[sz]e|sum up|recap|resume[rz]?|resumir|sinteti[sz]a|synthetise[rz]?|tl;?dr)\b",
        rf"{_ASKED}(?:fassen?|fass)\b.*\bzusammen\b|\bzusammenfassen\b|{_ASKED}resume(?:me|lo)\b",
        rf"{_ASKED}{_GIVE}{_ME} (?:{_A} )?{_SHORT}{_SUMMARY}\b",
        rf"{_ASKED}(?:mir |uns )?(?:{_A} )?{_SHORT}{_SUMMARY} (?:of|uber|der|des|von|du|de|del)\b",
        rf"\bthe (?:main|key|central|common) [a-z]+ (?:of|in|across) (?:{_ALL} )?{_THE}{_COLLECTION}\b",
        rf"\bwhat (?:is|are|do|does) (?:{_ALL} )?{_THE}{_COLLECTION} {_ABOUT}",
        rf"\b{_WHAT_ABOUT} (?:{_ALL} )?{_THE}{_COLLECTION}\b",
    ),
    "comparison": (
        rf"{_ASKED}(?:compare|contrast|vergleichen?|compare[rz]|comparar?|confronte[rz]?)\b.*{_AND}",
        rf"\b{_DIFFERENCES} (?:are there )?{_BETWEEN} (?:{_ALL} )?{_THE}(?:{_DOCUMENTS}|{_VERSIONS})\b",
        rf"\bdo (?:{_ALL} )?{_THE}(?:{_DOCUMENTS}) (?:disagree|differ|contradict|agree|compare)\b",
    ),
}
_PATTERNS = tuple((scope, lazy_compile("|".join(forms))) for scope, forms in _FORMS.items())
# One of these is in every form. To compile the forms takes as long as a search, and few questions need them.
_SIGNS = lazy_compile(
    rf" {_ALL}\b|{_MENTIONED}|\b(?:{_COLLECTION}|{_SUMMARY}|{_DIFFERENCES}|the (?:main|key|central|common)"
    r"|list|liste|lista|inventory|zusammen|zusammenfassen|summari[sz]e|sum up|recap|resume\w*|resumir"
    r"|sinteti[sz]a|synthetise[rz]?|tl;?dr|contrast|vergleichen?|compare[rz]?|comparar?|confronte[rz]?)\b"
)


def scope_of(question: str) -> Scope | None:
    """What `question` wants of many documents; None if one of them may answer it.

    >>> scope_of("How many of the reports mention a delay?")
    'count'
    >>> scope_of("How many seats does the hall have?") is None
    True
    """
    folded = _folded(question)
    if not _SIGNS.search(folded):
        return None
    return next((scope for scope, pattern in _PATTERNS if pattern.search(folded)), None)


def _folded(text: str) -> str:
    """`text` in small letters without accents, on one line, its apostrophes straight."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return " ".join("".join(sign for sign in apart if not unicodedata.combining(sign)).split())
