"""Prompts for language models: one Markdown file each, loaded, hashed and filled in.

A prompt names its variables in double braces, `{{question}}`; everything else is sent as it stands.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_VARIABLE = re.compile(r"\{\{(\w+)\}\}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as its file has it. `sha256` is of the file's text, in hexadecimal, for every record."""

    name: str
    text: str
    sha256: str

    @property
    def variables(self) -> frozenset[str]:
        """The names it wants values for."""
        return frozenset(_VARIABLE.findall(self.text))


@cache
def load(name: str) -> Prompt:
    """The prompt of the file `<name>.md` beside this module, a clone's or a wheel's.

    Its hash is the same on every platform: line ends are read as newlines. Raises KeyError if there is none.
    """
    file = files(__name__).joinpath(f"{name}.md")
    if not _NAME.fullmatch(name) or not file.is_file():
        raise KeyError(f"there is no prompt named {name!r}")
    text = file.read_text(encoding="utf-8")
    return Prompt(name, text, hashlib.sha256(text.encode("utf-8")).hexdigest())


def fill(prompt: Prompt, **values: str) -> str:
    """The prompt's text with every variable replaced by its value, once: values are not looked into.

    Raises ValueError if a variable has no value or a value no variable.
    """
    variables = prompt.variables
    faults = [f"no value for {name}" for name in sorted(variables - values.keys())]
    faults += [f"no variable {name}" for name in sorted(values.keys() - variables)]
    if faults:
        raise ValueError(f"prompt {prompt.name}: {'; '.join(faults)}")
    return _VARIABLE.sub(lambda match: values[match[1]], prompt.text)
