"""Words in which other languages than English refuse: "Darüber ist nichts bekannt".

A language is known by three words that come together, or by a whole phrase.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from index.text.patterns import lazy_compile

_FLAGS = re.IGNORECASE | re.VERBOSE

# What was shown, what denies, what is said or found.
_OTHERS: Mapping[str, tuple[str, str, str]] = {
    "de": (
        r"""passagen?|dokument\w*|quellen?|text\w*|auszüg\w*|auszug|unterlagen|abschnitt\w*|kontext
            |informationen|angaben|ausschnitt\w*|materialien|daraus|frage\ (?:kann|lässt|ist)|ich""",
        r"nicht|kein\w*|nichts|weder|nirgend\w*|unbekannt|unklar|leider",
        r"""sag\w*|nenn\w*|genannt|enth[aä]lt\w*|erwähn\w*|hervor\w*|beantwort\w*|antwort\w*|find\w*|gefunden
            |steht|stehen|angegeben|angaben|entnehm\w*|bestimm\w*|ermittel\w*|bekannt|vorhanden|beschr\w*
            |informationen|hinweis\w*|weiß|gibt|geben|unbekannt|unklar|helfen""",
    ),
    "fr": (
        r"passages?|documents?|sources?|textes?|extraits?|contexte|informations?|fournis?|question|je",
        r"pas|aucune?|rien|ni|jamais|nulle\ part|impossible|inconnue?",
        r"""di[ts]\w*|indiqu\w*|contien\w*|mentionn\w*|précis\w*|répon\w*|trouv\w*|donn\w*|fourni\w*
            |information\w*|parl\w*|détermin\w*|inconnue?|sais|permet\w*|réponse""",
    ),
    "es": (
        r"pasajes?|documentos?|fuentes?|textos?|extractos?|fragmentos?|contexto|información|pregunta",
        r"no|ninguna?|ningún|nada|tampoco|nunca|imposible|desconoc\w*",
        r"""di[cg]\w*|indica\w*|contien\w*|menciona\w*|especifica\w*|respond\w*|respuesta|encuentra\w*
            |encontr\w*|proporciona\w*|información|habla\w*|determina\w*|sé|precisa\w*|desconoc\w*|hay""",
    ),
    "it": (
        r"passagg\w*|bran[oi]|document\w*|font[ei]|test[oi]|estratt[oi]|contesto|informazion\w*|domanda",
        r"non|nessuna?|nessun|niente|nulla|né|mai|impossibile|sconosciut\w*",
        r"""dic\w*|indica\w*|contien\w*|contengono|menziona\w*|specifica\w*|rispond\w*|risposta|trova\w*
            |fornisc\w*|informazion\w*|parla\w*|determina\w*|so|precisa\w*|sconosciut\w*|ci\ sono""",
    ),
    "pt": (
        r"passage[mn]s?|documentos?|fontes?|textos?|trechos?|contexto|informaç\w*|pergunta",
        r"não|nenhuma?|nada|nunca|impossível|desconhec\w*",
        r"""di[zg]\w*|indica\w*|cont[êé]m|menciona\w*|especifica\w*|respond\w*|resposta|encontr\w*|fornec\w*
            |informaç\w*|fala\w*|determina\w*|sei|há""",
    ),
    "pl": (
        r"fragment\w*|dokument\w*|źród\w*|tekst\w*|kontek\w*|pytani\w*",
        r"nie|brak\w*|żad\w*|nic",
        r"odpowie\w*|mówi\w*|zawiera\w*|wspomin\w*|informacj\w*|poda\w*|znale\w*|wynika|określ\w*|ma",
    ),
    "ru": (
        r"фрагмент\w*|документ\w*|источник\w*|текст\w*|отрыв\w*|контекст\w*|вопрос\w*",
        r"не|нет|ни|ничего|невозможно|отсутств\w*",
        r"""ответ\w*|говор\w*|сказан\w*|содерж\w*|упомин\w*|упомян\w*|информаци\w*|указан\w*|найт\w*
            |сведени\w*""",
    ),
    "zh": (
        r".*(?:段落|文[档檔]|文件|[资資]料|文中|原文|[来來]源|上下文|提供的|[问問][题題]).*",
        r".*(?:[没沒]有|未|[无無]法|不能|不包含|不含).*",
        r".*(?:提到|提及|[说說]明|回答|找到|信息|[资資][讯訊]|[确確]定|包含|答案|[给給]出|涉及|得知|[说說]).*",
    ),
    "ko": (
        r".*(?:문서|자료|본문|지문|질문|정보|내용).*",
        r".*(?:없|않|못).*",
        r".*(?:정보|언급|나와|포함|답|찾|알\ 수|기재|명시|말하).*",
    ),
    "sv": (
        r"""dokument\w*|källo\w*|kild\w*|text\w*|tekst\w*|avsnitt\w*|utdrag\w*|passage\w*|det|detta|dette
            |fråga\w*|spørgsm\w*|spørsm\w*""",
        r"inte|ikke|ingen|inget|inga|intet|ingenting",
        r"""säg\w*|nämn\w*|framgår|fremgår|står|anges|angivet|nevn\w*|nævn\w*|siger|sier|inneh[åa]\w*|indehold\w*
            |information\w*|informasjon\w*|uppge\w*|oppgi\w*|besvar\w*|svar""",
    ),
    "tr": (
        r".*(?:belge|metin|metn|kaynak|pasaj|bölüm).*",
        r".*(?:m[iıuü]yor|m[ea]mekte|m[ea]m[iı]ş|\byok|değil).*",
        r".*(?:söz|bahs|belirt|bilgi|yer\ al|geç|cevap|yanıt|içer).*",
    ),
    "fi": (
        r"asiakir\w*|dokument\w*|teksti\w*|teksteissä|läht\w*|kat?kelm\w*",
        r"ei|eivät|en|emme",
        r"main\w*|kerro\w*|sisäl\w*|tiet\w*|tiedo\w*|vasta\w*|löyd\w*|ilmene\w*|sano\w*",
    ),
    "cs": (
        r"dokument\w*|text\w*|zdroj\w*|úryv\w*|pasáž\w*|otázk\w*",
        r"ne\w+|není|žádn\w*|nic",
        r"neuv\w*|nezmi\w*|neobsa\w*|neřík\w*|nehovo\w*|informac\w*|uved\w*|odpov\w*|zmín\w*",
    ),
    "el": (
        r".*(?:έγγραφ|εγγράφ|κείμεν|κειμέν|πηγ|απόσπασμα|αποσπάσμα).*",
        r".*(?:δεν|καμία|κανένα|τίποτα).*",
        r".*(?:αναφέρ|λέ|περιέχ|πληροφορ|απαντ|βρ|υπάρχ).*",
    ),
    "ar": (
        r".*(?:المستند|مستندات|الوثائق|وثيقة|النص|نصوص|المصادر|الفقرات|السياق).*",
        r".*(?:\bلا\b|\bلم\b|ليس|دون).*",
        r".*(?:ذكر|حتوي|معلومات|تقول|يقول|إجابة|شير|توضح).*",
    ),
    "ro": (
        r"pasaje\w*|document\w*|text\w*|surse\w*|fragment\w*|întreb\w*",
        r"nu|nicio|niciun|nimic",
        r"spun\w*|mențione\w*|conțin\w*|informați\w*|răspun\w*|precize\w*|indic\w*|afl\w*",
    ),
    "hu": (
        r"dokumentum\w*|szöveg\w*|forrás\w*|részlet\w*|kérdés\w*",
        r"nem|nincs\w*|sem|semmi\w*",
        r"említ\w*|mond\w*|tartalmaz\w*|informáci\w*|szerepel\w*|válasz\w*|derül\w*|szól\w*",
    ),
    "ja": (
        r".*(?:文書|資料|文章|本文|箇所|段落|質問|情報).*",
        r".*(?:ません|ない|なかった|いません).*",
        r".*(?:述べ|記載|書かれ|含まれ|答え|回答|見つか|言及|示され|あり|分か|わか).*",
    ),
    "nl": (
        r"passages?|documenten?|bronnen?|bron|teksten?|fragmenten?|context|informatie|vraag",
        r"niet|geen|niets|nergens|onbekend",
        r"""zeg\w*|noem\w*|genoemd|bevat\w*|vermeld\w*|antwoord\w*|beantwoord\w*|vind\w*|gevonden|sta[ant]\w*
            |gegeven|informatie|weet|bekend|onbekend""",
    ),
}


# A word without which no language above refuses; in a sentence that has none, none is looked for.
CUE = lazy_compile(
    r"""\b(?:no|not|nor|none|nothing|never|nowhere|neither|cannot|unable|unknown|unclear|unspecified|unanswer\w*
    |impossible|insufficient|lack\w*|silent|fails?|n/?a|sorry|afraid|apolog\w*|nicht|kein\w*|nichts|weder
    |nirgend\w*|leider|leid|unbekannt|unklar|pas|aucune?|rien|ni|jamais|désolée?|inconnue?|ninguna?|ningún|nada
    |tampoco|nunca|siento|non|nessun\w*|niente|nulla|né|mai|dispiace|não|nenhuma?|niet|geen|niets|nergens
    |onbekend|absent|missing|nobody|inadequate|nie|brak\w*|żad\w*|не|нет|ни|ничего|невозможно|отсутств\w*
    |inte|ikke|ingen|inget|inga|intet|ei|eivät|en|ne\w+|žádn\w*|nic|nu|nicio|niciun|nem|nincs\w*|sem|não|ej
    |değil|yok|לא)\b
    |n['’]t\b|[没沒]有|未|[无無]法|不|ません|ない|なかった|없|않|못|모르|m[iıuü]yor|δεν|καμία|κανένα|لا|لم|ليس""",
    _FLAGS,
)
# Phrases of several languages that say it whole.
_PHRASES = (
    r"""^(?:(?:das|es)\ )?(?:ich\ )?weiß\ (?:ich\ )?(?:(?:es|das)\ )?(?:leider\ )?nicht\W*$""",
    r"""\b(?:wird|wurden?|werden|ist|sind)\b.{0,40}?\bnicht\b.{0,20}?\b(?:erwähnt|genannt|angegeben|aufgeführt
        |ersichtlich|spezifiziert|dokumentiert|festgehalten|bekannt(?=,))\b
        (?:\W*$|,\ (?:wer|was|wann|wo|wie|ob|warum|welche\w*)\b)""",
    r"""^\W*(?:dazu|darüber|hierzu|hierüber|davon|diesbezüglich)\b.{0,30}?\b(?:nichts|keine?|nicht)\b""",
    r"""\b(?:n['’]est|ne\ sont|n['’]a|n['’]ont)\ (?:pas|nulle\ part|jamais)(?:\ été)?
        \ (?:mentionn|précis|indiqu|spécifi|communiqu)""",
    r"""(?:^no|\bno\ se)\ (?:(?:lo|la)\ )?(?:mencionan?|indican?|especifican?|dicen?|precisan?|sabe|conoce
        |encuentra)\b""",
    r"""\bno\ (?:está|están|ha\ sido|fue)\ (?:mencionad|indicad|especificad)""",
    r"""\bnon\ (?:è|viene|vengono|sono|si)(?:\ stat[oaie])?
        \ (?:specificat|menzionat|indicat|precisat|dice\b|riportat)""",
    r"""\bnão\ (?:é|foi|está|são|se)\ (?:mencionad|indicad|especificad|informad|diz\b|menciona\b|sabe\b)""",
    r"""\b(?:wordt|worden|is|zijn|staat)\b.{0,40}?\bniet\b.{0,20}?\b(?:vermeld|genoemd|aangegeven
        |gespecificeerd|beschreven)\W*$""",
    r"""^(?:(?:ik\ )?weet\ (?:ik\ )?(?:het|dat)\ niet|jag\ vet\ (?:det\ )?inte|(?:det\ )?ved\ jeg\ ikke
        |jeg\ (?:ved|vet)\ (?:det\ )?ikke|en\ tiedä|bilmiyorum|nevím|nu\ știu|nem\ tudom|δεν\ (?:ξέρω|γνωρίζω)
        |لا\ أعرف|لا\ أعلم|ne\ znam|не\ знаю|我?不知道|我?不清楚|わかりません|分かりません|不明です|不明
        |모르겠습니다|알\ 수\ 없습니다|मुझे\ नहीं\ पता)[\s.。!]*$""",
    r"^\W*(?:нет|nema|brak|žádné|нема)\ (?:\w+\ )?(?:информации|данных|сведений|ответа|informac\w+|danych)",
)


@cache
def _languages() -> tuple[tuple[re.Pattern[str], ...], ...]:
    return tuple(
        tuple(
            re.compile(words if words.startswith(".*") else rf"\b(?:{words})\b", _FLAGS) for words in language
        )
        for language in _OTHERS.values()
    )


@cache
def _phrases() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(phrase, _FLAGS) for phrase in _PHRASES)


def denies_elsewhere(part: str) -> bool:
    """True if a sentence or a part of one refuses in a language that is not English."""
    return any(phrase.search(part) for phrase in _phrases()) or any(
        all(word.search(part) for word in language) for language in _languages()
    )
