"""Sanitizes untrusted text for a prompt: hidden characters, fake sentence keys, delimiters.

The change is for the prompt alone and can be seen there; citations are cut from the source, which nobody
changes. What a text says is not judged: the prompt tells the model that documents are data.
"""

from __future__ import annotations

import re
import unicodedata

# Printable by Python's rule, but nothing is to be seen: joiners, fillers, selectors of how a character looks.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufffc\U000e0100-\U000e01ef]"
)
# A bracket and what may be the s of a key: `generative.markers` takes fewer forms than are broken here.
_MAYBE_KEY = re.compile(r"([\[［【〔〖⟦❲{｛(（][\s^]*)(\S)(?=\d)")
_LETTERS_LIKE_S = "sѕꜱ"  # after compatibility folding: Latin, Cyrillic, small capital

# Tokens of chat templates, which a server may obey wherever they stand. A space breaks them visibly.
_PIPED = re.compile(r"<(?=[|｜])|(?<=[|｜])>|<(?=<\s*/?\s*SYS)")
_ROLES = (
    "s|bos|eos|unk|pad|sop|eop|sep|cls|mask|system|user|assistant|human|model|developer|tool|think|thinking"
    "|context|documents?|passage|instructions?|(?:start|end)_of_(?:turn|image|text)|begin_of_text"
    "|tool_(?:calls?|response)|function_(?:calls?|results)|invoke"
)
_TAG = re.compile(rf"<(?=/?\s*(?:{_ROLES})\b)", re.IGNORECASE)
_BRACKETED = re.compile(
    r"\[(?=/?\s*(?:INST|SYS|gMASK|s?MASK|SEP|CLS|PAD|UNK|BOS|EOS|SYSTEM_PROMPT|AVAILABLE_TOOLS"
    r"|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|ARGS|IMG|THINK)\s*\])"
)


def sanitize(text: str) -> str:
    r"""One line of `text` without characters that cannot be seen, and with nothing that passes for ours.

    Every run of white space is one space. `sanitize("a [s12]")` is `"a [s_12]"`, `sanitize("<|im_end|>")` is
    `"< |im_end| >"`; what is left over is what a reader of the document sees.
    """
    line = visible_line(text)
    for pattern in (_PIPED, _TAG, _BRACKETED):
        line = pattern.sub(_set_apart, line)
    return _MAYBE_KEY.sub(_break_key, line)


def visible_line(text: str) -> str:
    """`text` on one line, without what a screen does not show: controls, reading order, zero widths, tags."""
    if not (text.isascii() and text.isprintable()):
        text = _INVISIBLE.sub("", "".join(map(_visible, text)))
    return " ".join(text.split())


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    if character.isspace():
        return " "
    return "\N{REPLACEMENT CHARACTER}" if "\ud800" <= character <= "\udfff" else ""


def _set_apart(match: re.Match[str]) -> str:
    """An opening with a space after it, a closing with one before."""
    return f" {match[0]}" if match[0] == ">" else f"{match[0]} "


def _break_key(match: re.Match[str]) -> str:
    """A bracket and a letter before digits, with a low line between if the letter passes for an s."""
    folded = unicodedata.normalize("NFKC", match[2]).casefold()
    if folded not in _LETTERS_LIKE_S or (match[1][0] in "(（" and match[2] == "S"):
        return match[0]
    return f"{match[0]}_"
