"""A number or a text as a spreadsheet shows it in a number format such as `#,##0.00 "kg"` or `[h]:mm`.

Dates are given in ISO form whatever their format says, times as the format shows them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from index.readers.office.parts.date_format import (
    CURRENCY,
    ELAPSED,
    TIME_LETTERS,
    general,
    literal,
    shown_date,
    tidy,
)

LARGEST_IN_DIGITS = 1e15  # beyond, a spreadsheet itself shows no digits but powers of ten
# The formats that every workbook has by number (ECMA-376, 18.8.30), and those of East Asian programs.
BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "mm-dd-yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    37: "#,##0;(#,##0)",
    38: "#,##0;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)",
    41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)',
    42: '_("$"* #,##0_);_("$"* (#,##0);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
    49: "@",
    **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), "h:mm:ss"),
}
# "text" · \x · _x (a gap) · *x (a filling) · [Red] [h] [$€-407] · AM/PM · General · a run of one letter
_TOKEN = re.compile(
    r"\"[^\"]*\"?|\\.|_.|\*.|\[[^\]]*\]|AM/PM|A/P|上午/下午|General|Standard|[Ee][+-]|([ymdhsbge])\1*|[#0?]+|.",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?[\d.]+(?:E[+-]?\d+)?)\]", re.IGNORECASE)
_MOST_DECIMALS = 30


@dataclass(frozen=True, slots=True)
class _Section:
    """One of the up to four parts of a format, cut into tokens."""

    tokens: tuple[str, ...]
    condition: tuple[str, float] | None
    kind: str  # "general", "number", "fraction", "scientific", "date", "text"


def shown_number(value: float, code: str, *, from_1904: bool = False) -> str:
    """A number as the format `code` shows it.

    >>> shown_number(12.5, '0.0 "kg"'), shown_number(501, "00000"), shown_number(1.0625, "[h]:mm")
    ('12.5 kg', '00501', '25:30')
    >>> shown_number(1234567, '#,##0,"k"'), shown_number(-1234.5, "0.0;(0.0)"), shown_number(0.5, "# ?/?")
    ('1,235k', '(1,234.5)', '1/2')
    """
    sections = _sections(code)
    section, signed = _chosen(sections, value)
    if section.kind == "general" or not abs(value) < LARGEST_IN_DIGITS:
        text = general(value if signed else abs(value))
        return _literals(section.tokens, text) if section.kind == "general" and code else text
    if section.kind == "date":
        return shown_date(value, section.tokens, from_1904=from_1904)
    if section.kind == "text":
        return _literals(section.tokens, general(value))
    try:
        text = _WRITTEN[section.kind](abs(value), section.tokens)
    except InvalidOperation:  # more digits than a decimal number holds: 30 places, a hundred percent signs
        return general(value if signed else abs(value))
    shown = text.partition("/")[0] if section.kind == "fraction" else text
    negative = value < 0 and signed and any(digit in "123456789" for digit in shown)
    return tidy(f"-{text.lstrip()}" if negative else text)


def shown_text(value: str, code: str) -> str:
    """A text as the format shows it: by its section for texts, if it has one.

    >>> shown_text("Miller", '0;-0;0;"Mr "@'), shown_text("Miller", "0.00")
    ('Mr Miller', 'Miller')
    """
    sections = _sections(code)
    last = sections[-1].tokens
    return _literals(last, value) if len(sections) > 3 or "@" in last else value


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...]:
    parts: list[list[str]] = [[]]
    for match in _TOKEN.finditer(code):
        if match[0] == ";":
            parts.append([])
        else:
            parts[-1].append(match[0])
    return tuple(_section(tuple(tokens), code) for tokens in parts[:4])


def _section(tokens: tuple[str, ...], code: str) -> _Section:
    condition = next((match for token in tokens if (match := _CONDITION.fullmatch(token))), None)
    kept = tuple(token for token in tokens if not _is_remark(token))
    found = None if condition is None else (condition[1], float(condition[2]))
    return _Section(kept, found, _kind(kept, code))


def _is_remark(token: str) -> bool:
    """True for what is in brackets and is neither a currency nor elapsed time: a colour, a condition."""
    return token[0] == "[" and not CURRENCY.fullmatch(token) and not ELAPSED.fullmatch(token)


def _kind(tokens: tuple[str, ...], code: str) -> str:
    digits = any(token[0] in "0#?" for token in tokens)
    lower = [token.lower() for token in tokens]
    if not code or not {"general", "standard"}.isdisjoint(lower):
        return "general"
    if digits and not {"e+", "e-"}.isdisjoint(lower):
        return "scientific"
    if any(ELAPSED.fullmatch(token) or token[0] in TIME_LETTERS for token in lower):
        return "date"
    if digits and "/" in tokens:
        return "fraction"
    return "text" if "@" in tokens else "number"


def _chosen(sections: tuple[_Section, ...], value: float) -> tuple[_Section, bool]:
    """The section that shows `value`, and if a minus sign is still to be written."""
    numeric = sections[:3] if len(sections) == 4 else sections
    if len(numeric) > 1 and numeric[-1].kind == "text" and "@" in numeric[-1].tokens:
        numeric = numeric[:-1]  # a last section for texts
    if any(section.condition for section in numeric):
        for at, section in enumerate(numeric):
            last = at == len(numeric) - 1
            if (section.condition and _holds(section.condition, value)) or (not section.condition and last):
                sign, limit = section.condition or ("", 0)
                return section, not (sign in {"<", "<="} and limit <= 0)
            if not section.condition and at == 1 and value < 0:
                return section, False
        return numeric[-1], True
    if len(numeric) == 1 or value > 0 or (value == 0 and len(numeric) == 2):
        return numeric[0], True
    if value < 0:
        return numeric[1], False
    return numeric[2], True


def _holds(condition: tuple[str, float], value: float) -> bool:
    sign, limit = condition
    return {
        "<": value < limit,
        "<=": value <= limit,
        ">": value > limit,
        ">=": value >= limit,
        "=": value == limit,
        "<>": value != limit,
    }[sign]


def _literals(tokens: tuple[str, ...], text: str) -> str:
    """The literal parts of a section with `text` in the place of General or @."""
    shown = [text if token.lower() in {"@", "general", "standard"} else literal(token) for token in tokens]
    return tidy("".join(shown))


def _number(value: float, tokens: tuple[str, ...]) -> str:
    """`value`, not negative, with the digits, thousands, scale and literals of one section."""
    places = [at for at, token in enumerate(tokens) if token[0] in "0#?"]
    exact = Decimal(repr(float(value)))
    percent = tokens.count("%")
    exact = exact.scaleb(2 * percent)
    if not places:
        return "".join(literal(token) for token in tokens)
    first, last = places[0], places[-1]
    point = next((at for at in range(max(first - 1, 0), len(tokens)) if tokens[at] == "."), None)
    whole = [at for at in places if point is None or at < point]
    after = [at for at in places if point is not None and at > point]
    scale = _scaling(tokens, (whole or [first])[-1] if not after else last)
    scale += _scaling(tokens, whole[-1]) if whole and after else 0
    grouped = bool(whole) and any(tokens[at] == "," for at in range(whole[0], whole[-1]))
    decimals = min(sum(len(tokens[at]) for at in after), _MOST_DECIMALS)
    rounded = exact.scaleb(-3 * scale).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    digits, _, fraction = f"{rounded:f}".partition(".")
    digits = "" if digits == "0" else digits
    return _filled(tokens, digits, fraction, point=point, grouped=grouped, whole=whole, after=after)


def _scaling(tokens: tuple[str, ...], at: int) -> int:
    """How many commas follow the placeholder at `at`: each divides by a thousand."""
    count = 0
    while at + 1 + count < len(tokens) and tokens[at + 1 + count] == ",":
        count += 1
    nxt = tokens[at + 1 + count] if at + 1 + count < len(tokens) else ""
    return 0 if nxt[:1] and nxt[0] in "0#?" else count


def _filled(
    tokens: tuple[str, ...],
    digits: str,
    fraction: str,
    *,
    point: int | None,
    grouped: bool,
    whole: list[int],
    after: list[int],
) -> str:
    """The section's tokens with the digits in the places of its placeholders."""
    pattern = "".join(tokens[at] for at in whole)
    least = len(pattern) - len(pattern.lstrip("#?"))
    digits = digits.rjust(len(pattern) - least, "0")
    if grouped and digits:
        digits = (
            f"{int(digits):0{len(digits) + (len(digits) - 1) // 3},}"
            if digits.strip("0")
            else _commas(digits)
        )
    decimals = "".join(tokens[at] for at in after)
    kept = len(fraction)
    while kept and decimals[kept - 1] in "#?" and fraction[kept - 1] == "0":
        kept -= 1
    fraction = fraction[:kept]
    out = []
    placed = [len(tokens[at]) for at in whole]
    for at in range(len(tokens)):
        token = tokens[at]
        if at in whole:
            if len(whole) == 1 or grouped:
                out.append(digits if at == whole[0] else "")
            else:  # literals between digits: 000-00-0000
                rest = sum(placed[whole.index(at) + 1 :])
                begin = 0 if at == whole[0] else max(len(digits) - rest - len(token), 0)
                out.append(digits[begin : max(len(digits) - rest, 0)])
        elif at in after:
            begin = sum(len(tokens[other]) for other in after if other < at)
            out.append(fraction[begin : begin + len(token)])
        elif at == point:
            out.append("." if fraction or "0" in decimals or not after else "")
        elif not _is_separator(tokens, at, whole, after):
            out.append(literal(token))
    return "".join(out)


def _is_separator(tokens: tuple[str, ...], at: int, whole: list[int], after: list[int]) -> bool:
    """True for a comma that separates thousands or scales, and is not shown itself."""
    if tokens[at] != "," or not whole or at < whole[0]:
        return False
    return at <= (after or whole)[-1] or _is_scale(tokens, at)


def _is_scale(tokens: tuple[str, ...], at: int) -> bool:
    while at > 0 and tokens[at] == ",":
        at -= 1
    return tokens[at][0] in "0#?"


def _commas(digits: str) -> str:
    """Thousands in a number of zeros: 0,000."""
    head = len(digits) % 3
    return ",".join(
        filter(None, [digits[:head], *(digits[at : at + 3] for at in range(head, len(digits), 3))])
    )


def _scientific(value: float, tokens: tuple[str, ...]) -> str:
    """Mantissa and exponent; the digits before the point say by how much the exponent steps."""
    at = next(at for at, token in enumerate(tokens) if token[:1] in "Ee" and len(token) == 2)
    mantissa = tokens[:at]
    power = tokens[at + 1] if at + 1 < len(tokens) and tokens[at + 1][0] in "0#?" else "0"
    point = mantissa.index(".") if "." in mantissa else len(mantissa)
    step = max(sum(len(token) for token in mantissa[:point] if token[0] in "0#?"), 1)
    decimals = sum(len(token) for token in mantissa[point:] if token[0] in "0#?")
    exact = Decimal(repr(float(value)))
    exponent = (exact.adjusted() if value else 0) // step * step
    rounded = exact.scaleb(-exponent).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if rounded >= 10**step:
        exponent += step
        rounded = exact.scaleb(-exponent).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    sign = "-" if exponent < 0 else "+" if tokens[at][1] == "+" else ""
    least = sum(digit in "0?" for digit in power)
    rest = "".join(literal(token) for token in tokens[at + 2 :])
    return f"{_number(float(rounded), mantissa)}{tokens[at][0].upper()}{sign}{abs(exponent):0{least}d}{rest}"


def _fraction(value: float, tokens: tuple[str, ...]) -> str:
    """A whole number and a fraction whose denominator has as many digits as the format, or is given."""
    slash = tokens.index("/")
    below = next((token for token in tokens[slash + 1 :] if token[0] in "0#?123456789"), "?")
    given = "".join(token for token in tokens[slash + 1 :] if token.isdigit()).strip()
    numerator = next((at for at in range(slash - 1, -1, -1) if tokens[at][0] in "0#?"), slash)
    has_whole = any(token[0] in "0#?" for token in tokens[:numerator])
    exact = Fraction(repr(float(value)))
    whole = int(exact) if has_whole else 0
    rest = exact - whole
    if given and int(given):
        above, under = int(rest * int(given) + Fraction(1, 2)), int(given)
    else:
        nearest = rest.limit_denominator(10 ** min(len(below), 6) - 1)
        above, under = nearest.numerator, nearest.denominator
    if has_whole and above == under:
        whole, above = whole + 1, 0
    if not above and has_whole:
        return str(whole)
    text = f"{above}/{under}"
    return f"{whole} {text}" if whole else text


_WRITTEN = {"number": _number, "scientific": _scientific, "fraction": _fraction}
