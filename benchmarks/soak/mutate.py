"""Changes of a file by chance: of its bytes, words, lines, elements, JSON values, and of its parts."""

from __future__ import annotations

import base64
import binascii
import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.soak.parts import WHOLE, Parts, put_together, take_apart

LARGEST = 120_000  # bytes of a part: what is larger is cut
_TOKEN = re.compile(rb"\\[a-z]+-?\d*|</?[\w:.-]+|[\w.+-]+|\s+|[^\w\s]+")
_TAG = re.compile(rb"<(/?)([\w:.-]+)([^<>]*?)(/?)>")
_ATTRIBUTE = re.compile(rb'[\w:.-]+\s*=\s*"[^"]*"')
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{60,}={0,2}\r?\n?)+")
_OPENING = {
    b"(": b")",
    b"[": b"]",
    b"{": b"}",
    b"<<": b">>",
    b'"': b'"',
    b"*": b"*",
    b"> ": b"",
    b"<b>": b"</b>",
}
NUMBERS = (
    *(
        b"0",
        b"-1",
        b"1",
        b"2",
        b"255",
        b"256",
        b"65535",
        b"65536",
        b"2147483647",
        b"-2147483648",
        b"4294967295",
    ),
    *(b"99999999999999999999", b"1e308", b"1e999", b"1e-999", b"NaN", b"0.5", b"-0", b"1900", b"2958466"),
    b"9" * 400,
)
_SIGNS = (
    *(
        "\0",
        "\ufeff",
        "\ud800",
        "\u202e",
        "\u2066",
        "\u2028",
        "\x85",
        "\x1c",
        "\x0b",
        "\x0c",
        "\r",
        "\r\n",
        "\n\n",
    ),
    *(
        "\t",
        "\t\t",
        "\u0301",
        "\U0001f468\u200d\U0001f469",
        "\u00a0",
        "\u3000",
        "\u200b",
        "\u00ad",
        "\u2060",
        "\x9b",
    ),
    *("İ", "ß", "ŉ", "ﬁ", "ǰ", "½", "²", "٣", "१", "。", "！", "؟", "“", "•", "\x1b[31m", "\U000e0041"),
    *("&#0;", "&#xD800;", "&#x110000;", "&amp;", "&nbsp;", "<!--", "-->", "<![CDATA[", "]]>", "<?x"),
    *("..", "...", ". ", ". \n", "\\", "\\\\", '"', "'", "|", "1.", "Dr.", "e.g.", "%%EOF"),
    *("=?utf-8?b?", "?=", "=3D", "=\n"),
)
SIGNS = tuple(text.encode("utf-8", "surrogatepass") for text in _SIGNS)


@dataclass(frozen=True, slots=True)
class Chance:
    """What a change draws on: numbers, words that the readers look for, and other files of the format."""

    random: random.Random
    words: Sequence[bytes]
    others: Sequence[bytes]

    def other(self) -> bytes:
        """A part of another file, or one of its own."""
        parts = take_apart(self.random.choice(self.others))
        return self.random.choice(list(parts.values()))

    def word(self) -> bytes:
        """A word of the readers, a number, or an odd sign."""
        return self.random.choice(self.random.choice((self.words, self.words, NUMBERS, SIGNS)))

    def span(self, count: int, most: int) -> tuple[int, int]:
        """A range of at most `most` of `count` things; of one at least, if there is one."""
        start = self.random.randrange(max(count, 1))
        return start, min(count, start + 1 + int(most * self.random.random() ** 3))


def mutate(data: bytes, chance: Chance) -> bytes:
    """Another file: one to four changes of a part, or of which parts there are."""
    if chance.random.random() < 0.05:
        return _bytes(data, chance)
    parts = take_apart(data)
    for _ in range(1 + int(4 * chance.random.random() ** 3)):
        name = chance.random.choice(_changeable(parts))
        if name != WHOLE and chance.random.random() < 0.06:
            _other_parts(parts, name, chance)
        else:
            parts[name] = _part(parts[name], chance)
    return put_together(parts, data)


def _changeable(parts: Parts) -> Sequence[str]:
    """Names of parts; those of some length more often, as they hold what is read."""
    return [name for name, data in parts.items() for _ in range(1 + min(3, len(data) // 200))] or [WHOLE]


def _other_parts(parts: Parts, name: str, chance: Chance) -> None:
    """Leave a part out, or put another one in its place."""
    other = chance.random.choice(list(parts))
    if chance.random.random() < 0.4 and len(parts) > 1:
        del parts[name]
    else:
        parts[name] = parts[other] if chance.random.random() < 0.5 else chance.other()


def _part(data: bytes, chance: Chance) -> bytes:
    kinds: list[Callable[[bytes, Chance], bytes]] = [_words, _words, _numbers, _lines, _nest, _bytes, _many]
    if _TAG.search(data):
        kinds += [_elements] * 6
    if data[:1] in b"{[" and data[:1]:
        kinds += [_json] * 6
    if _BASE64.search(data):
        kinds += [_encoded] * 3
    return chance.random.choice(kinds)(data, chance)[:LARGEST]


def _bytes(data: bytes, chance: Chance) -> bytes:  # noqa: PLR0911 - one for each kind of change
    """Bits and bytes changed, a range left out, doubled, repeated, or cut off behind."""
    draw = chance.random
    start, end = chance.span(len(data), 200)
    match draw.randrange(7):
        case 0:
            changed = bytearray(data or b" ")
            for _ in range(draw.randint(1, 8)):
                changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
            return bytes(changed)
        case 1:
            return data[:start] + draw.randbytes(draw.randint(1, 4)) + data[end:]
        case 2:
            return data[:start] + data[end:]
        case 3:
            return data[:end] + data[start:end] * draw.choice((1, 1, 1, 30, 1000)) + data[end:]
        case 4:
            return data[:start]
        case 5:
            other = chance.other()
            a, b = chance.span(len(other), 4000)
            return data[:start] + other[a:b] + data[end:]
        case _:
            return data[:start] + draw.choice(SIGNS) + data[start:]


def _words(data: bytes, chance: Chance) -> bytes:
    """Words left out, doubled, exchanged, or others put in their place."""
    draw = chance.random
    tokens = _TOKEN.findall(data) or [b""]
    for _ in range(draw.randint(1, 4)):
        start, end = chance.span(len(tokens), 20)
        match draw.randrange(5):
            case 0:
                del tokens[start:end]
            case 1:
                tokens[start:start] = tokens[start:end]
            case 2:
                tokens[start:end] = [chance.word()]
            case 3:
                tokens.insert(start, chance.word())
            case _:
                other = draw.randrange(len(tokens) or 1)
                tokens[start:end] = tokens[other : other + end - start]
        tokens = tokens or [b""]
    return b"".join(tokens)


def _numbers(data: bytes, chance: Chance) -> bytes:
    """One number in all places where it stands, or in one."""
    found = list(_NUMBER.finditer(data))
    if not found:
        return _words(data, chance)
    one, new = chance.random.choice(found), chance.random.choice(NUMBERS)
    if chance.random.random() < 0.2:
        return data.replace(one[0], new)
    return data[: one.start()] + new + data[one.end() :]


def _lines(data: bytes, chance: Chance) -> bytes:
    """Lines left out, doubled, exchanged, joined, indented, or taken from another file."""
    draw = chance.random
    lines = data.splitlines(keepends=True) or [b""]
    start, end = chance.span(len(lines), 8)
    match draw.randrange(6):
        case 0:
            del lines[start:end]
        case 1:
            lines[start:start] = lines[start:end] * draw.choice((1, 1, 5, 100))
        case 2:
            draw.shuffle(lines)
        case 3:
            lines[start:end] = [b"".join(lines[start:end]).replace(b"\r", b"").replace(b"\n", b"")]
        case 4:
            lines[start:end] = [
                draw.choice((b" ", b"    ", b"\t", b"> ", b"# ", b"- ")) + line for line in lines[start:end]
            ]
        case _:
            other = chance.other().splitlines(keepends=True) or [b""]
            a, b = chance.span(len(other), 8)
            lines[start:start] = other[a:b]
    return b"".join(lines)


def _nest(data: bytes, chance: Chance) -> bytes:
    """Something opened many times around a range, and mostly closed again."""
    draw = chance.random
    start, end = chance.span(len(data), 400)
    tag = draw.choice(found) if (found := _TAG.findall(data[:20_000])) else None
    if tag and draw.random() < 0.7:
        before, behind = b"<%s%s>" % (tag[1], tag[2]), b"</%s>" % tag[1]
    else:
        before, behind = draw.choice(list(_OPENING.items()))
    times = draw.choice((2, 3, 10, 100, 1500))
    return (
        data[:start]
        + before * times
        + data[start:end]
        + behind * draw.choice((times, times, times - 1, 0))
        + data[end:]
    )


def _many(data: bytes, chance: Chance) -> bytes:
    """Something that stands there once, so often that work which grows with its square shows."""
    draw = chance.random
    elements, lines = _whole_elements(data), data.splitlines(keepends=True)
    if elements and draw.random() < 0.6:
        start, _, _, end = draw.choice(elements)
    elif lines and draw.random() < 0.6:
        first, behind = chance.span(len(lines), 4)
        start = len(b"".join(lines[:first]))
        end = start + len(b"".join(lines[first:behind]))
    else:
        start, end = chance.span(len(data), 60)
    unit = data[start:end] or b" "
    times = (LARGEST - len(data)) // (len(unit) + 2)
    if draw.random() < 0.5:
        return data[:end] + unit * times + data[end:]
    numbered = (
        _NUMBER.sub(b"%d" % at, unit) if _NUMBER.search(unit) else unit + b"%d" % at for at in range(times)
    )
    return data[:end] + b"".join(numbered) + data[end:]


def _elements(data: bytes, chance: Chance) -> bytes:  # noqa: PLR0911 - one for each kind of change
    """An element left out, doubled, moved, wrapped, renamed, or its attributes changed."""
    draw = chance.random
    found = _whole_elements(data)
    if not found:
        return _words(data, chance)
    (start, inner, close, end), (a, _, _, b) = draw.choice(found), draw.choice(found)
    match draw.randrange(8):
        case 0:
            return data[:start] + data[end:]
        case 1:
            return data[:end] + data[start:end] * draw.choice((1, 1, 2, 50)) + data[end:]
        case 2:
            return data[:a] + data[start:end] + data[a:]
        case 3:
            return data[:start] + data[inner:close] + data[end:]
        case 4:
            return data[:start] + data[a:b] + data[end:]
        case 5:
            return (
                data[:inner] + chance.word() + data[inner:]
                if draw.random() < 0.5
                else data[:inner] + data[close:]
            )
        case 6:
            other = chance.other()
            theirs = _whole_elements(other)
            c, _, _, d = draw.choice(theirs) if theirs else (0, 0, 0, 0)
            return data[:start] + other[c:d] + data[start if draw.random() < 0.5 else end :]
        case _:
            return data[:start] + _tag(data[start:inner], data, chance) + data[inner:]


def _tag(tag: bytes, data: bytes, chance: Chance) -> bytes:
    """A tag with another name, or another attribute."""
    draw = chance.random
    attributes: list[bytes] = _ATTRIBUTE.findall(data[:50_000]) or [b'a="b"']
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    match draw.randrange(3):
        case 0:
            return tag[:end] + b" " + draw.choice(attributes) + tag[end:]
        case 1:
            return re.sub(
                rb'"[^"]*"', b'"%s"' % chance.word().replace(b"\\", b"").replace(b'"', b""), tag, count=1
            )
        case _:
            name: bytes = draw.choice(_TAG.findall(data[:50_000]))[1]
            return re.sub(rb"[\w:.-]+", name, tag, count=1)


def _whole_elements(data: bytes) -> list[tuple[int, int, int, int]]:
    """Of each element where it starts, where its content starts and ends, and where it ends."""
    found, open_tags = [], list[tuple[bytes, int, int]]()
    for tag in _TAG.finditer(data):
        if tag[4]:
            found.append((tag.start(), tag.end(), tag.end(), tag.end()))
        elif not tag[1]:
            open_tags.append((tag[2], tag.start(), tag.end()))
        elif open_tags and open_tags[-1][0] == tag[2]:
            _, start, inner = open_tags.pop()
            found.append((start, inner, tag.start(), tag.end()))
    return found


def _json(data: bytes, chance: Chance) -> bytes:
    """A value of a JSON file exchanged, doubled, wrapped or left out; of JSON Lines, in one line."""
    lines = data.splitlines(keepends=True)
    at = chance.random.randrange(len(lines))
    for text, before, behind in (
        (data, b"", b""),
        (lines[at], b"".join(lines[:at]), b"".join(lines[at + 1 :])),
    ):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            continue
        value = _value(value, chance, depth=0)
        indent = chance.random.choice((None, None, 1))
        written = json.dumps(value, ensure_ascii=chance.random.random() < 0.5, indent=indent)
        end = b"\n" if text.endswith(b"\n") else b""
        return before + written.encode("utf-8", "surrogatepass") + end + behind
    return _words(data, chance)


def _value(value: Any, chance: Chance, depth: int) -> Any:
    """The value with one place of it changed."""
    draw = chance.random
    if isinstance(value, (dict, list)) and value and draw.random() < 0.8 and depth < 30:
        keys: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = draw.choice(keys)
        if draw.random() < 0.1:
            del value[key]
        elif isinstance(value, list) and draw.random() < 0.2:
            value.insert(key, value[draw.choice(keys)])
        elif isinstance(value, dict) and draw.random() < 0.2:
            value[chance.word().decode("utf-8", "surrogatepass" if draw.random() < 0.5 else "replace")] = (
                value.pop(key)
            )
        else:
            value[key] = _value(value[key], chance, depth + 1)
        return value
    text = chance.word().decode("utf-8", "replace")
    return draw.choice(
        (
            text,
            str(value) + text,
            text * 50,
            None,
            True,
            -1,
            1e300,
            [],
            {},
            [value],
            {text: value},
            {"": [value, value]},
        )
    )


def _encoded(data: bytes, chance: Chance) -> bytes:
    """What a base64 text holds, changed as a file of its own."""
    found = chance.random.choice(list(_BASE64.finditer(data)))
    try:
        inner = base64.b64decode(found[0])
    except binascii.Error:
        return _bytes(data, chance)
    changed = mutate(inner, chance)
    return data[: found.start()] + base64.encodebytes(changed) + data[found.end() :]
