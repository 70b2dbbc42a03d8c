"""Which tool a set was made for, as somebody says or as its form shows, and its import."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from index.errors import UsageError
from qa.evaluation.sets.files.rows import SetRows
from qa.evaluation.sets.imports.imported import Imported
from qa.evaluation.sets.imports.promptfoo import import_promptfoo, is_promptfoo
from qa.evaluation.sets.imports.ragas import import_ragas, is_ragas
from qa.evaluation.sets.imports.squad import import_squad, is_squad

FORMS = ("squad", "ragas", "promptfoo", "beir")


def check_form(form: str) -> str:
    """The name of a form. Raises UsageError for one that is not known."""
    name = form.strip().casefold()
    if name not in FORMS:
        near = get_close_matches(name, FORMS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known are: {', '.join(FORMS)}"
        raise UsageError(f"no sets of {form[:40]!r} can be read", hint, option="from")
    return name


def guessed_form(file: SetRows) -> str | None:
    """The tool whose form the rows plainly have; None for a set of our own, or of nobody's."""
    forms = {"squad": is_squad, "promptfoo": is_promptfoo, "ragas": is_ragas}
    return next((name for name, fits in forms.items() if fits(file)), None)


def imported(file: SetRows, form: str, mapping: Mapping[str, str]) -> Imported:
    """The rows of a file in the form of another tool, as rows of ours."""
    if form == "squad":
        return import_squad(file)
    return import_ragas(file) if form == "ragas" else import_promptfoo(file, mapping)
