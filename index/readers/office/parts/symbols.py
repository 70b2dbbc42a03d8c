"""Signs of the symbol fonts (Symbol, Wingdings, Webdings, Zapf Dingbats) as Unicode characters.

Such a font draws other signs for the codes of letters; office files keep the code, plain or as U+F0xx.
"""

from __future__ import annotations

TICKED = "☒"
NOT_TICKED = "☐"
_PRIVATE = range(0xF000, 0xF100)
UNKNOWN = "\ufffd"


def _from(first: int, signs: str) -> dict[int, str]:
    """The signs of consecutive codes; a space leaves one out."""
    return {code: sign for code, sign in enumerate(signs, first) if sign != " "}


_WINGDINGS = {
    **_from(0x21, "✏✂✁👓🔔📖🕯☎✆✉🖃📪📫📬📭📁📂📄🗏🗐🗄⌛⌨🖰🖲🖳🖴💾🖬✇✍"),
    **_from(0x40, "🖎✌👌👍👎☜☞☝☟🖐☺😐☹💣☠🏳🏱✈☼💧❄🕆✞🕈✠✡☪☯ॐ☸♈♉♊♋♌♍♎♏♐♑♒♓🙰&●❍■☐"),
    **_from(0x70, "❐❑❒⬧⧫◆❖⬥☒⮹⌘🏵🏶“”"),
    **_from(0x80, "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿"),
    **_from(0x9E, "·•▪○○○◉◎○▪☐▴✦★✶✴✹✵⯐⌖⟡⌑⯑✪✰🕐🕑🕒🕓🕔🕕🕖🕗🕘🕙🕚🕛"),
    **_from(0xD5, "⌫⌦"),
    **_from(0xD8, "➢"),
    **_from(0xDC, "➲"),
    **_from(0xDF, "←→↑↓↖↗↙↘←➔↑↓↖↗↙↘⇦⇨⇧⇩⬄⇳⬁⬀⬃⬂▭▫✗✓☒☑"),
}
_WINGDINGS_2 = {
    **_from(0x4F, "✗✓☒☑☒☒"),
    **_from(0x69, "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿"),
    **_from(0x95, "··•●●◉○"),
    **_from(0x9F, "■■■■☐"),
}
_WINGDINGS_3 = _from(0x21, "→↑↓") | _from(0x66, "←→↑↓↖↗↙↘↔↕") | _from(0x70, "▲▼△▽◀▶◁▷◣◢")
_WEBDINGS = _from(0x61, "✓") | _from(0x63, "☐") | _from(0x67, "■") | _from(0x6E, "●") | _from(0x72, "✗")
_SYMBOL = {
    **_from(
        0x20,
        " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
    ),
    **_from(0xA0, "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪"),
    **_from(0xF1, "⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"),
    0x20: " ",
}
_DINGBATS = {
    **{code: chr(code + 0x26E0) for code in range(0x21, 0x7F)},
    **{code: chr(code + 0x26C0) for code in range(0xA1, 0xFF)},
    **_from(0x25, "☎"),
    **_from(0x2A, "☛☞"),
    **_from(0x48, "★"),
    **_from(0x6C, "● ■"),
    **_from(0x73, "▲▼◆"),
    **_from(0x77, "◗"),
    **_from(0xA8, "♣♦♥♠①②③④⑤⑥⑦⑧⑨⑩"),
    **_from(0xD5, "→↔↕"),
}
_BOXES = frozenset((0xF0A8, 0xF06F, 0xF0FB, 0xF0FC, 0xF0FD, 0xF0FE))
_FONTS = {
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "wingdings 3": _WINGDINGS_3,
    "webdings": _WEBDINGS,
    "symbol": _SYMBOL,
    **dict.fromkeys(("zapfdingbats", "zapf dingbats", "itc zapf dingbats", "monotype sorts"), _DINGBATS),
}


def is_symbol_font(font: str | None) -> bool:
    """True for a font that draws signs in the place of letters."""
    return (font or "").lower() in _FONTS


def symbol(code: int, font: str | None) -> str:
    """The character that `font` draws for `code`; U+FFFD if it is not known.

    >>> symbol(0xF0FE, "Wingdings"), symbol(0x2612, "MS Gothic"), symbol(ord("b"), "Symbol")
    ('☑', '☒', 'β')
    """
    signs = _FONTS.get((font or "").lower())
    if signs is None and code not in _PRIVATE:
        return chr(code) if 0x20 <= code < 0x110000 else ""
    if signs is None:  # a private code of an unknown font: mostly a bullet of Symbol, a box of Wingdings
        return "•" if code == 0xF0B7 else _WINGDINGS[code - 0xF000] if code in _BOXES else UNKNOWN
    at = code - 0xF000 if code in _PRIVATE else code
    return " " if at == 0x20 else signs.get(at, UNKNOWN)


def in_font(text: str, font: str | None) -> str:
    """`text` as it looks in `font`: as it is but for the symbol fonts."""
    if is_symbol_font(font):
        return "".join(symbol(ord(sign), font) if ord(sign) > 0x20 else sign for sign in text)
    return text
