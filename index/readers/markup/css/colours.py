"""Colours of CSS and HTML as red, green, blue and alpha, and which of them nobody can tell apart."""

from __future__ import annotations

import colorsys
import re
from functools import lru_cache
from typing import NamedTuple


class Colour(NamedTuple):
    """Red, green and blue from 0 to 255; `alpha` from 0, which is not to be seen, to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    def over(self, ground: Colour) -> Colour:
        """The colour that is seen where this one lies over an opaque one."""
        mixed = (a * self.alpha + b * (1 - self.alpha) for a, b in zip(self[:3], ground[:3], strict=True))
        return Colour(*mixed)


BLACK, WHITE, LINK = Colour(0, 0, 0), Colour(255, 255, 255), Colour(0, 0, 238)
CLEAR = Colour(0, 0, 0, 0.0)
NEARLY_CLEAR = 0.05  # alpha
_ALIKE = 16  # of 255 in each part: grey 240 on white is not to be seen, 238 is
_FUNCTION = re.compile(r"(rgba?|hsla?)\(\s*([^()]*?)\s*\)")
_NUMBER = re.compile(r"([+-]?(?:\d*\.)?\d+)(%|deg|turn|rad)?|none")
_HEX = re.compile(r"#?([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b")
_TOKEN = re.compile(r"(?:rgba?|hsla?)\([^()]*\)|#[0-9a-f]{3,8}\b|[a-z]+(?![\w(-])")
# The names whose colours are near white, black or in common use; others are far from every usual ground.
_NAMES = {
    "white": "ffffff", "snow": "fffafa", "ivory": "fffff0", "floralwhite": "fffaf0", "ghostwhite": "f8f8ff",
    "whitesmoke": "f5f5f5", "mintcream": "f5fffa", "azure": "f0ffff", "aliceblue": "f0f8ff",
    "seashell": "fff5ee", "honeydew": "f0fff0", "lavenderblush": "fff0f5", "oldlace": "fdf5e6",
    "linen": "faf0e6", "cornsilk": "fff8dc", "lightyellow": "ffffe0", "lightcyan": "e0ffff",
    "beige": "f5f5dc", "lavender": "e6e6fa", "gainsboro": "dcdcdc", "lightgray": "d3d3d3",
    "lightgrey": "d3d3d3", "silver": "c0c0c0", "darkgray": "a9a9a9", "darkgrey": "a9a9a9", "gray": "808080",
    "grey": "808080", "dimgray": "696969", "dimgrey": "696969", "black": "000000", "red": "ff0000",
    "green": "008000", "blue": "0000ff", "yellow": "ffff00", "orange": "ffa500", "purple": "800080",
    "navy": "000080", "teal": "008080", "maroon": "800000", "olive": "808000", "lime": "00ff00",
    "aqua": "00ffff", "cyan": "00ffff", "fuchsia": "ff00ff", "magenta": "ff00ff", "pink": "ffc0cb",
    "brown": "a52a2a", "gold": "ffd700", "crimson": "dc143c", "darkblue": "00008b", "darkred": "8b0000",
    "darkgreen": "006400", "lightblue": "add8e6", "lightgreen": "90ee90", "midnightblue": "191970",
    "steelblue": "4682b4", "tomato": "ff6347", "coral": "ff7f50", "indigo": "4b0082", "tan": "d2b48c",
    "khaki": "f0e68c", "violet": "ee82ee", "turquoise": "40e0d0", "salmon": "fa8072",
    "darkslategray": "2f4f4f", "darkslategrey": "2f4f4f", "slategray": "708090", "royalblue": "4169e1",
    "canvas": "ffffff", "canvastext": "000000",
}  # fmt: skip


@lru_cache(maxsize=1024)
def parse_colour(text: str) -> Colour | None:
    """The colour that a value in lower case names: a name, hexadecimal digits, rgb() or hsl(); else None."""
    text = text.strip()
    if text == "transparent":
        return CLEAR
    if function := _FUNCTION.fullmatch(text):
        return _computed(function[1], function[2])
    if text[:1] == "#":
        found = _HEX.fullmatch(text)
        return _of_digits(found[1]) if found else None
    digits = _NAMES.get(text)
    return _of_digits(digits) if digits else None


def colour_in(text: str) -> Colour | None:
    """The colour among the parts of a shorthand: of `url(a.png) #fff no-repeat` the white; else None."""
    found = (parse_colour(token) for token in _TOKEN.findall(re.sub(r"url\([^)]*\)", " ", text)))
    return next((colour for colour in found if colour), None)


def attribute_colour(text: str) -> Colour | None:
    """The colour of an attribute of HTML (`bgcolor`), which may leave the # out."""
    text = text.strip().lower()
    found = _HEX.fullmatch(text)
    return parse_colour(text) or (_of_digits(found[1]) if found else None)


def are_alike(one: Colour, other: Colour) -> bool:
    """True for opaque colours that a reader cannot tell apart."""
    return all(abs(a - b) <= _ALIKE for a, b in zip(one[:3], other[:3], strict=True))


def _of_digits(digits: str) -> Colour:
    if len(digits) in {3, 4}:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue, alpha = (int(digits.ljust(8, "f")[at : at + 2], 16) for at in (0, 2, 4, 6))
    return Colour(red, green, blue, alpha / 255)


def _computed(function: str, arguments: str) -> Colour | None:
    parts = [(float(found[1] or 0), found[2]) for found in _NUMBER.finditer(arguments)]
    if len(parts) not in {3, 4}:
        return None
    alpha = _share(*parts[3], of=1) if len(parts) > 3 else 1.0
    if function.startswith("rgb"):
        red, green, blue = (_share(value, unit, of=255) for value, unit in parts[:3])
        return Colour(red, green, blue, alpha)
    (hue, unit), (saturation, _), (lightness, _) = parts[:3]
    turn = hue if unit == "turn" else hue / 6.283185 if unit == "rad" else hue / 360
    red, green, blue = colorsys.hls_to_rgb(turn % 1, min(lightness / 100, 1), min(saturation / 100, 1))
    return Colour(255 * red, 255 * green, 255 * blue, alpha)


def _share(value: float, unit: str, *, of: float) -> float:
    return min(max(value * of / 100 if unit == "%" else value, 0), of)
