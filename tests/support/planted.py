"""Keys planted where a person may have one, servers that give them back, and a search for what came out."""

from __future__ import annotations

import binascii
import html
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote, unquote, urlsplit

from tests.support.fake_server import (
    Step,
    answer,
    chunk,
    error,
    events,
    raw,
    redirect,
    reset,
    status,
)

KEY = "Zq7planted3Canary9xK2secret5mW"  # of no form that any service gives its keys
_HALF = len(KEY) // 2
GOOD = "The Vasa was lost in 1628 because it carried too many cannons [s2]."


@dataclass(frozen=True)
class Planted:
    """What is set: variables of the environment, and the person's own settings file."""

    environ: Mapping[str, str]
    settings: str = ""
    reaches: bool = True  # whether a request is made at all


Plant = Callable[[str], Planted]  # what is set for a server at that address
Echo = Callable[[], Step]


def _at(url: str, *, login: str = "", path: str = "", query: str = "") -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{login}{parts.netloc}{path}{parts.path}{query}"


WAYS_IN: Mapping[str, Plant] = {
    "environment": lambda url: Planted({"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": url}),
    "settings file": lambda url: Planted({"OPENAI_BASE_URL": url}, f'openai_api_key = "{KEY}"\n'),
    "settings address": lambda url: Planted({}, f'openai_base_url = "{_at(url, login=f"me:{KEY}@")}"\n'),
    "header": lambda url: Planted({"OPENAI_BASE_URL": url}, f'[model.headers]\nX-Team = "Token {KEY}"\n'),
    "header variable": lambda url: Planted(
        {"OPENAI_BASE_URL": url, "GATEWAY": KEY}, '[model.headers]\nX-Gate = "Token ${GATEWAY}"\n'
    ),
    "field variable": lambda url: Planted(
        {"OPENAI_BASE_URL": url, "GATEWAY": KEY}, '[model.extra]\nuser = "${GATEWAY}"\n'
    ),
    "query": lambda url: Planted({"OPENAI_BASE_URL": _at(url, query=f"?key={KEY}")}),
    "path": lambda url: Planted({"OPENAI_BASE_URL": _at(url, path=f"/{KEY}")}),
    "login": lambda url: Planted({"OPENAI_BASE_URL": _at(url, login=f"me:{KEY}@")}),
    "escaped login": lambda url: Planted({"OPENAI_BASE_URL": _at(url, login=f"me:{_percent(KEY)}@")}),
    "malformed address": lambda url: Planted(
        {"OPENAI_BASE_URL": f"http//me:{KEY}@{urlsplit(url).netloc}/v1"}, reaches=False
    ),
    "malformed port": lambda url: Planted(
        {"OPENAI_BASE_URL": f"http://me:{KEY}/x@{urlsplit(url).netloc}/v1"}, reaches=False
    ),
    "exchanged": lambda url: Planted(
        {"OPENAI_BASE_URL": KEY, "OPENAI_API_KEY": url.replace(":", "-")}, reaches=False
    ),
    "broken key": lambda url: Planted({"OPENAI_API_KEY": f"{KEY} x", "OPENAI_BASE_URL": url}, reaches=False),
}


def _percent(text: str) -> str:
    return "".join(f"%{ord(character):02X}" for character in text)


FORMS: Mapping[str, str] = {
    "plain": KEY,
    "after a name": f"Bearer {KEY}",
    "escaped": _percent(KEY),
    "quoted": quote(f"key={KEY}&x"),
    "base64": b64encode(KEY.encode()).decode(),
    "base64 login": b64encode(f"me:{KEY}".encode()).decode(),
    "wrapped": f"{KEY[:_HALF]}\n    {KEY[_HALF:]}",
    "wrapped quotation": f"> {KEY[:_HALF]}\n> {KEY[_HALF:]}",
    "half": f"{KEY[:_HALF]}...",
    "other half": f"...{KEY[_HALF:]}",
    "upper case": KEY.upper(),
    "entities": "".join(f"&#{ord(character)};" for character in KEY),
    "code points": "".join(f"\\u{ord(character):04x}" for character in KEY),
    "zero width": "\u200b".join((KEY[:_HALF], KEY[_HALF:])),
    "hexadecimal": KEY.encode().hex(),
}


def _answering(form: str) -> Step:
    return answer(f"{GOOD} The key was {form} and the ship sank [s2].")


def _refusing(form: str) -> Step:
    return error(400, f"bad thing {form} here")


ANSWERS: Mapping[str, Echo] = {
    **{f"answer: {name}": partial(_answering, form) for name, form in FORMS.items()},
    "answer: in single letters": lambda: answer(*f"{GOOD} The key was {KEY} and the ship sank [s2]."),
    "answer: cut within": lambda: events(chunk(GOOD), chunk(f" It is {KEY[:-4]}"), then=reset()),
    "answer: model's name": lambda: events(
        {**chunk(GOOD), "model": f"wise-{KEY}"}, {**chunk(finish="stop"), "model": f"wise-{KEY}"}, b"[DONE]"
    ),
    "answer: missing": lambda: answer(f"NO ANSWER: the meaning of {KEY}"),
}
REFUSALS: Mapping[str, Echo] = {
    **{f"error: {name}": partial(_refusing, form) for name, form in FORMS.items()},
    "error: 401": lambda: error(401, f"Incorrect API key provided: {KEY}"),
    "error: 403": lambda: error(403, f"{KEY} may not"),
    "error: 404": lambda: error(404, f"The model `{KEY}` does not exist", "model_not_found"),
    "error: 429": lambda: error(429, f"rate limit of {KEY}"),
    "error: 500": lambda: status(500, f"<html><title>{KEY} failed</title></html>".encode(), kind="text/html"),
    "error: code": lambda: error(422, "no", KEY, param=KEY),
    "error: too long": lambda: error(400, f"maximum context length of {KEY} is 10 tokens"),
    "error: redirect": lambda: redirect(f"https://{KEY}.example/{KEY}?k={KEY}"),
    "error: no JSON": lambda: raw(f"what is {KEY}".encode(), "text/plain"),
    "error: event": lambda: events({"error": {"message": f"{KEY} failed", "code": KEY}}),
    "error: refusal": lambda: events(
        {**chunk(), "choices": [{"index": 0, "delta": {"refusal": KEY}}]}, b"[DONE]"
    ),
    "error: long": lambda: error(400, f"{'x ' * 1990}{KEY} {'y ' * 400}"),
}


def shows(text: str) -> bool:
    """Whether a text shows the key, or half of it, in any form that can be read back."""
    return any(_holds(each) for each in _readings(text))


def _holds(text: str) -> bool:
    squeezed = re.sub(r"[\s\u200b|>│┃\\]+", "", text).lower()
    key = KEY.lower()
    return any(piece in squeezed for piece in (key[:_HALF], key[_HALF:], key[_HALF - 6 : _HALF + 6]))


def _readings(text: str) -> list[str]:
    readings = [text, unquote(text), html.unescape(text), _without_escapes(text)]
    readings.append(re.sub(r"\\n|\\u200b", "", text))
    for run in re.findall(r"[A-Za-z0-9+/_-]{12,}", text):
        for start in range(4):
            padded = run[start:] + "=" * (-len(run[start:]) % 4)
            try:
                readings.append(
                    b64decode(padded, altchars=b"-_" if set("-_") & set(run) else None).decode("latin-1")
                )
            except (binascii.Error, ValueError):
                continue
        if re.fullmatch(r"(?:[0-9a-f]{2})+", run):
            readings.append(bytes.fromhex(run).decode("latin-1"))
    return readings


def _without_escapes(text: str) -> str:
    return re.sub(r"\\+u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
