"""Texts and single names of many languages in their older codecs come out as they were written."""

from __future__ import annotations

import random

import pytest

from index.readers.encoding import decode

ENGLISH = "The report was read in English, and nothing more was said of it.\n" * 8
# A text of a language, names of that language in an English sentence, and the codecs that it is written in.
LANGUAGES = {
    "French": (
        "Le conseil s'est réuni à l'hôtel de ville près du théâtre. Où est passée la caisse ? C'est naïf.",
        "Signed by François Lefèvre and Zoë Gaël.",
        "cp1252 iso8859_15 mac_roman cp850",
    ),
    "German": (
        "Der Müller fährt über die große Brücke nach Köln. Die Straße war gesperrt; schön für die Gäste.",
        "Signed by Jürgen Groß and Käthe Böll.",
        "cp1252 latin-1 mac_roman cp850 cp437",
    ),
    "Spanish": (
        "¿Dónde está el niño? El señor Peña llegó por la mañana a la 3ª planta, según la comisión. ¡Qué año!",
        "Signed by Señor Peña and José Ibáñez.",
        "cp1252 mac_roman cp850",
    ),
    "Portuguese": (
        "A eleição não foi contabilizada até às três horas. As irmãs põem os limões à mesa.",
        "Signed by João Conceição.",
        "cp1252 mac_roman cp850",
    ),
    "Italian": (
        "La città è già piena. Perché non è più così? Però lunedì verrà.",
        "Signed by Niccolò Forlì.",
        "cp1252 mac_roman",
    ),
    "Danish": (
        "På øen spiste de rødgrød med fløde, og børnene læste i går. Århus er større end Ærø.",
        "Signed by Bjørn Sørensen and Åse Kjær.",
        "cp1252 mac_roman cp850",
    ),
    "Swedish": (
        "Sjön låg spegelblank när båten gick över från Åland till Gävle i förrgår.",
        "Signed by Göran Sjöström and Åke Nygård.",
        "cp1252 mac_roman",
    ),
    "Icelandic": (
        "Þorpið við fjörðinn er þekkt fyrir góðan fisk. Það er ekki langt síðan.",
        "Signed by Þórður Guðmundsson.",
        "cp1252",
    ),
    "Polish": (
        "Łódź jest piękna, źródło też. Wczoraj w Gdańsku padał śnieg, a zając uciekł do lasu.",
        "Signed by Lech Wałęsa and Jarosław Kaczyński.",
        "cp1250 iso8859_2 cp852",
    ),
    "Czech": (
        "Příliš žluťoučký kůň úpěl ďábelské ódy. Řeka tekla pod mostem směrem k městu.",
        "Signed by Jiří Dvořák and Růžena Čapková.",
        "cp1250 iso8859_2 cp852",
    ),
    "Slovak": (
        "Mäkčeň a dĺžeň sú znamienka. Kôň sa pásol pri ľanovom poli, vŕba šumela.",
        "Signed by Ľudovít Štúr.",
        "cp1250 iso8859_2",
    ),
    "Hungarian": (
        "A külügyminiszter szerint az őszi tárgyalások előtt fűtött viták voltak. Győr üdvözölte.",
        "Signed by Győző Székely and Ferenc Szűcs.",
        "cp1250 iso8859_2 cp852",
    ),
    "Romanian": (
        "Ştefan a plecat în oraş după ce a mâncat. Naţiunea română şi-a ales preşedintele fără grabă.",
        "Signed by Ştefan Ionăscu and Băsescu.",
        "cp1250 iso8859_2",
    ),
    "Croatian": (
        "Predsjednik je otišao kući. Čovjek je žurno prešao rijeku kod Đakova, pa je došao kasno.",
        "Signed by Slobodan Milošević and Ante Perić.",
        "cp1250 iso8859_2",
    ),
    "Turkish": (
        "İstanbul’da yağmur yağıyor. Çocuklar okula gitti, öğretmen kapıyı açtı; değişiklik için teşekkür.",
        "Signed by Tayyip Erdoğan and Işık Şahin.",
        "cp1254",
    ),
    "Lithuanian": (
        "Vilniaus miestas šiąnakt buvo tylus. Žmonės ėjo į bažnyčią, vaikai žaidė su ąžuolų gilėmis.",
        "Signed by Dalia Grybauskaitė and Žydrūnas Šličys.",
        "cp1257",
    ),
    "Latvian": (
        "Rīgā šodien snieg. Bērni gāja uz skolu, un vēl ņēma līdzi ķirbi, ģimene gaidīja.",
        "Signed by Vaira Vīķe-Freiberga and Jānis Bērziņš.",
        "cp1257",
    ),
    "Russian": (
        "Саммит в Будапеште был отменён после телефонного разговора министров. Мельница закрылась.",
        "Signed by Иван Петров and Мария.",
        "cp1251 koi8_r cp866 iso8859_5 mac_cyrillic",
    ),
    "Ukrainian": (
        "Зустріч у Києві скасували після розмови міністрів. Її учасники поїхали додому, ґанок порожній.",
        "Signed by Олексій Їжак.",
        "cp1251 koi8_u",
    ),
    "Greek": (
        "Η σύνοδος κορυφής της Βουδαπέστης ακυρώθηκε μετά από συνομιλία των υπουργών.",
        "Signed by Γιώργος Παπάς.",
        "cp1253 iso8859_7",
    ),
    "Hebrew": (
        "הפסגה בבודפשט בוטלה לאחר שיחת טלפון בין השרים. הספרייה סגורה היום.",
        "Signed by דוד כהן.",
        "cp1255 iso8859_8",
    ),
    "Arabic": (
        "ألغيت القمة في بودابست بعد مكالمة هاتفية بين الوزراء. المكتبة مغلقة اليوم.",
        "Signed by محمد علي.",
        "cp1256 iso8859_6",
    ),
    "Thai": (
        "การประชุมสุดยอดที่บูดาเปสต์ถูกยกเลิกหลังจากการสนทนาทางโทรศัพท์",
        "Signed by สมชาย ใจดี.",
        "cp874",
    ),
    "Japanese": (
        "ブダペストでの首脳会談は中止された。村の図書館は水曜日に開く。",
        "Signed by 山田太郎.",
        "shift_jis iso2022_jp",
    ),
    "Chinese": (
        "布达佩斯峰会被取消。两国外长通话后，双方分歧明显。总统表示不想浪费时间。",
        "Signed by 王小明.",
        "hz",
    ),
    "Korean": (
        "부다페스트 정상회담이 취소되었다. 양국 외무장관의 통화 이후 입장 차이가 드러났다.",
        "Signed by 김철수.",
        "iso2022_kr",
    ),
}
WRITTEN = [(language, codec) for language, (_, _, codecs) in LANGUAGES.items() for codec in codecs.split()]
WESTERN = [
    "Conceição",
    "Peña",
    "François",
    "Jürgen",
    "Groß",
    "Bjørn",
    "Åke",
    "Nygård",
    "Niccolò",
    "Zoë",
    "Dónde",
    "Århus",
]


@pytest.mark.parametrize(("language", "codec"), WRITTEN)
def test_texts_and_names_of_a_language(language: str, codec: str) -> None:
    """A text, a name in an English sentence, and both in a longer English text."""
    whole, names, _ = LANGUAGES[language]
    for text in (whole, names, f"{whole} {whole}\n{names}\n{ENGLISH}"):
        assert decode(text.encode(codec)).text == text


@pytest.mark.parametrize("seed", range(30))
def test_names_of_several_western_languages(seed: int) -> None:
    """An English text with names from all over Western Europe is Western."""
    names = random.Random(seed).sample(WESTERN, 4)
    text = f"The list names {', '.join(names)} – and says “all of them”; it’s signed."
    assert decode(text.encode("cp1252")).text == text


@pytest.mark.parametrize(
    "text",
    ["It’s the mayor’s “last” word.", "20 °C – § 4 … £12 • 5½ m²", "A café.", "naïve façade", "Gdansk: 5 €"],
)
def test_signs_alone(text: str) -> None:
    """Punctuation and single loan words say nothing of a language: they are Western."""
    assert decode(text.encode("cp1252")).text == text


@pytest.mark.parametrize("name", ["Gdańsk", "Jiří", "Dvořák", "Miloš Perić", "Győr", "Poznań", "Škvorecký"])
def test_single_central_european_names(name: str) -> None:
    """A name with letters in an order that no Western language has is Central European."""
    text = f"The letter came from {name} in May."
    assert decode(text.encode("cp1250")).text == text


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_utf16_without_a_mark(language: str, codec: str) -> None:
    """Not only Latin letters, of which every other byte is NUL."""
    text = "\n".join(LANGUAGES[language][:2])
    assert decode(text.encode(codec)).text == text


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        ('<?xml version="1.0" encoding="windows-1251"?>\n<a>', "cp1251"),
        ("#!/usr/bin/env python\n# -*- coding: iso-8859-15 -*-\n# ", "iso8859_15"),
        ("% vim: set fileencoding=koi8-r :\n", "koi8_r"),
        ("Content: charset=GB2312\n", "gb18030"),
        ("# coding: macintosh\n", "mac_roman"),
    ],
)
def test_declared_encodings(head: str, codec: str) -> None:
    """What the first lines say is believed, without a note, where it fits."""
    text = f"{head}é Ж"[: len(head) + 1] if codec in {"iso8859_15", "mac_roman"} else f"{head}Ж"
    decoded = decode(text.encode(codec))
    assert (decoded.text, decoded.encoding, decoded.notes) == (text, codec, ())


def test_a_false_declaration_is_not_believed() -> None:
    """A codec that gives control characters, or that nobody knows, does not count."""
    for declared in ("iso-8859-7", "klingon", "utf-16", "rot13"):
        text = f"# coding: {declared}\nThe “summit” was called off – it’s said."
        assert decode(text.encode("cp1252")).text == text


def test_latin_1_is_read_as_its_wider_codec() -> None:
    """Who declares ISO-8859-1 and writes curly quotes has cp1252."""
    text = "# coding: iso-8859-1\n“é” costs 5 €"
    assert decode(text.encode("cp1252")).text == text


def test_braces_of_programs_are_no_chinese() -> None:
    """`~{` in a program or in LaTeX opens no HZ text, nor does an escape of a terminal one of ISO-2022."""
    for text in ("path=~{a}~ and Figure~{\\ref{x}}~", "\x1b[31mred\x1b[0m text"):
        assert decode(text.encode()).text == text


def test_drawings_of_old_terminals() -> None:
    """Boxes of cp437 stay boxes."""
    text = "╔══════════╗\n║ READ ME! ║\n╚══════════╝\n ▄▄▄▄ ████ ░░▒▒▓▓\nGreetings to all."
    assert decode(text.encode("cp437")).text == text
