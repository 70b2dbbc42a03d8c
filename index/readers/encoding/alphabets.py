"""The letters of languages, and the older codecs that their texts are written in.

Beyond ASCII only, for languages in Latin letters; for others the whole alphabet, the commonest letters first.
`odd` finds what the language does not have in a word, which tells "Peña" (cp1252) from "Peńa" (cp1250) and
"Gdańsk" from "Gdañsk". `cost` is higher for languages whose texts are rarer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Language:
    """What is known of how a language is written."""

    letters: str
    cost: float
    odd: re.Pattern[str] = field(default=_NOTHING)


@dataclass(frozen=True, slots=True)
class Codec:
    """A codec of one byte a character, the languages that are written in it, and how rare it is."""

    name: str
    languages: tuple[Language, ...]
    cost: float
    latin: bool = True


def _language(letters: str, cost: float, odd: str = "(?!)") -> Language:
    return Language(letters, cost, re.compile(odd))


_ENGLISH = _language("éèêëçïñöüôâàæ", 0.3, r"ñ(?![aeiou])|à\w")
_FRENCH = _language("àâçéèêëîïôùûüÿœæ", 0.3, r"(?<!o)ù|à\w")
_ITALIAN = _language("àèéìíòóùú", 0.3, r"[àèéìíòóùú]\w")
_SPANISH = _language("áéíóúüñ", 0.3, r"ñ(?![aeiouáéíóú])|(?<!g)ü")
_CATALAN = _language("àçèéíïòóúü", 0.45)
_PORTUGUESE = _language("áâãàçéêíóôõúü", 0.3, r"õ(?!e)|ã(?![oesnm]|\b)")
_GERMAN = _language("äöüß", 0.3, r"\bß")
_DUTCH = _language("áéëïóöüèêíú", 0.35)
_DANISH = _language("æøåé", 0.3, r"ø[ia]|iæ\b")
_SWEDISH = _language("åäöé", 0.3)
_IRISH = _language("áéíóú", 0.4)
_ICELANDIC = _language("áéíóúýþæöð", 0.8, r"\bð")
_FAROESE = _language("áíóúýæøð", 0.9, r"\bð")
_ESTONIAN = _language("äöüõšž", 0.6)
_ALBANIAN = _language("ëç", 0.9)
_POLISH = _language("ąćęłńóśźż", 0.45, r"[ńćśź][aeouyąęó]|\b[ąęń]|[vqx]")
_CZECH = _language("áčďéěíňóřšťúůýž", 0.45, r"\b[ěůý]")
_SLOVAK = _language("áäčďéíĺľňóôŕšťúýž", 0.5, r"[ĺŕ](?![^\Waeiouáéíóúyý])|\b[ĺŕ]")
_HUNGARIAN = _language("áéíóöőúüű", 0.45)
_ROMANIAN = _language("ăâîşţ", 0.5, r"ă[oăâ]|\bă")
_CROATIAN = _language("čćđšž", 0.5)
_TURKISH = _language("çğıöşüâîûi̇", 0.45, r"\bğ")
_LITHUANIAN = _language("ąčęėįšųūž", 0.6)
_LATVIAN = _language("āčēģīķļņšūžō", 0.6)

_NO_VOWEL = r"|\A[^аеёиоуыэюяіїєъ]{3,}\Z"
_RUSSIAN = _language("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", 0.3, r"\b[ьъы]" + _NO_VOWEL)
_UKRAINIAN = _language("оаинвіртесклудмпяьзйбгчхжюцшїєщфґ", 0.4, r"\bь" + _NO_VOWEL)
_BULGARIAN = _language("аиоетнрсвлкдпмзъгубчяжщцйхшюфь", 0.4, r"\bь" + _NO_VOWEL)
_SERBIAN = _language("аоиенсртјукдмлпзвгбчцшжњхћљђфџ", 0.5)
_BELARUSIAN = _language("аніыорлеядкстувўьцбпмзгхшчйжэюфё", 0.5, r"\b[ьы]" + _NO_VOWEL)
_GREEK = _language("αοιετσνηυρπκμλςίάόέδωγήχύθφώβξζψϊϋΐΰ", 0.3, r"ς\w")
_HEBREW = _language("יוהלאתרבמשנדקעחפטגצזסכםןךףץְִֵֶַָֹּׁ", 0.3, r"[םןךףץ][א-ת]|(?<![א-תְ-ׂ])[ְ-ׂ]")
_ARABIC = _language("اليمنوتربعدهفسكقحجةشطصخأىئذضغظءإثآؤـًٌٍَُِّْ", 0.3, r"[ةى]\w|\bء|(?<![ء-ي])[ً-ْ]")
_PERSIAN = _language("اینردمهوتبشسکزلفگخقعپجآحئصطچذضغثظژءأؤ", 0.5)
_THAI = _language(
    "านรก่อเงม้ัยลวีดทสติะปบคหแจิ์พชขใไุืโูผภธฉถซศ็ณญฟำๆฐษฎฝฮฬฏฆฌฑฒฃฅฤฯๅฦ฿ฺํ๎๏๐๑๒๓๔๕๖๗๘๙๚๛",
    0.4,
    r"(?<![ก-๎])[ะ-ู็-๎]|[ฤๅฦฺ๎]",
)

_WESTERN = (
    *(_ENGLISH, _FRENCH, _ITALIAN, _SPANISH, _CATALAN, _PORTUGUESE, _GERMAN, _DUTCH, _DANISH, _SWEDISH),
    *(_IRISH, _ICELANDIC, _FAROESE, _ESTONIAN, _ALBANIAN),
)
_CENTRAL = (_POLISH, _CZECH, _SLOVAK, _HUNGARIAN, _ROMANIAN, _CROATIAN, _GERMAN, _ALBANIAN)
_CYRILLIC = (_RUSSIAN, _UKRAINIAN, _BULGARIAN, _SERBIAN, _BELARUSIAN)

# Where two codecs are as likely, the first one counts.
CODECS = (
    Codec("cp1252", _WESTERN, 0.0),
    Codec("cp1250", _CENTRAL, 0.1),
    Codec("cp1254", (_TURKISH, _GERMAN, _FRENCH, _ENGLISH), 0.15),
    Codec("cp1257", (_LITHUANIAN, _LATVIAN, _ESTONIAN, _GERMAN), 0.2),
    Codec("iso8859_15", _WESTERN, 0.2),
    Codec("iso8859_2", _CENTRAL, 0.25),
    Codec("mac_roman", _WESTERN, 0.4),
    Codec("cp850", _WESTERN, 0.4),
    Codec("cp437", _WESTERN, 0.45),
    Codec("cp852", _CENTRAL, 0.5),
    Codec("cp1251", _CYRILLIC, 0.0, latin=False),
    Codec("koi8_r", (_RUSSIAN, _BULGARIAN), 0.1, latin=False),
    Codec("koi8_u", (_UKRAINIAN, _RUSSIAN), 0.15, latin=False),
    Codec("cp866", (_RUSSIAN, _UKRAINIAN, _BULGARIAN), 0.2, latin=False),
    Codec("mac_cyrillic", _CYRILLIC, 0.35, latin=False),
    Codec("iso8859_5", _CYRILLIC, 0.3, latin=False),
    Codec("cp1253", (_GREEK,), 0.0, latin=False),
    Codec("iso8859_7", (_GREEK,), 0.1, latin=False),
    Codec("cp1255", (_HEBREW,), 0.0, latin=False),
    Codec("iso8859_8", (_HEBREW,), 0.1, latin=False),
    Codec("cp1256", (_ARABIC, _PERSIAN), 0.0, latin=False),
    Codec("iso8859_6", (_ARABIC,), 0.1, latin=False),
    Codec("cp874", (_THAI,), 0.1, latin=False),
)
