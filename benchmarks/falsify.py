"""Falsifies sentences in one place (digit, unit, date, name, negation), for `benchmarks/perturb.py`.

Not a command. Written without looking at the words and rules of `qa/checking`, and imports none of
them, so that the checks are measured on changes which they were not made for.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

_MONTHS = "January February March April May June July August September October November December"
MONTHS = _MONTHS.split()
_MONTH = "|".join(MONTHS)
_CAPITALISED = r"[A-Z][a-zà-ž'’]+(?:-[A-Z][a-zà-ž]+)?"
_RUN = re.compile(rf"(?<=[a-z,;] ){_CAPITALISED}(?: {_CAPITALISED}){{0,2}}(?![\w])")
_FIRST_RUN = re.compile(rf"\A{_CAPITALISED}(?: {_CAPITALISED}){{0,2}}(?![\w])")
_COMMON = """
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday The A An In On At He She They We I If As For But
    And
    Of To By This That These Those There Its His Her When While After Before During However Mr Mrs Ms Dr
    President Minister King Queen State University
"""
_NOT_NAMES = frozenset((*MONTHS, *_COMMON.split()))


@dataclass
class Corpus:
    """Names and words of all documents, from which falsehoods are made."""

    names: dict[int, list[str]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()

    @classmethod
    def of(cls, texts: Iterable[str]) -> Corpus:
        """Capitalised runs that stand within sentences, by their number of words, and all small words."""
        counts: Counter[str] = Counter()
        words: set[str] = set()
        for text in texts:
            counts.update(match[0] for match in _RUN.finditer(text))
            words.update(re.findall(r"\b[a-z]+\b", text))
        names: dict[int, list[str]] = {}
        for name in sorted(counts):
            parts = name.split()
            if not _NOT_NAMES.intersection(parts) and all(part.lower() not in words for part in parts):
                names.setdefault(len(parts), []).append(name)
        return cls(names, frozenset(words))


Falsify = Callable[[str, str, Corpus, random.Random], "str | None"]


def falsified(kind: str, claim: str, beside: str, corpus: Corpus, dice: random.Random) -> str | None:
    """`claim` with one falsehood of `kind`, or None if there is no place for one.

    `beside` is all text that the claim may rest on: nothing put in occurs there.
    """
    made = KINDS[kind](claim, beside, corpus, dice)
    return None if made is None or made == claim else made


def _swap(text: str, match: re.Match[str], new: str, group: int | str = 0) -> str:
    return text[: match.start(group)] + new + text[match.end(group) :]


def digits(claim: str, beside: str, _corpus: Corpus, dice: random.Random) -> str | None:
    """One digit of one number made another."""
    places = list(re.finditer(r"(?<![\w.,])\d[\d,.]*(?<=\d)(?!\w)", claim))
    dice.shuffle(places)
    for match in places:
        at = dice.choice([i for i, letter in enumerate(match[0]) if letter.isdigit()])
        others = [digit for digit in "123456789" if digit != match[0][at]]
        dice.shuffle(others)
        for digit in others:
            new = match[0][:at] + digit + match[0][at + 1 :]
            if not re.search(rf"(?<!\d){re.escape(new)}(?!\d)", beside):
                return _swap(claim, match, new)
    return None


_WORDS = "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty"
_NUMERALS = _WORDS.split()


def numerals(claim: str, beside: str, _corpus: Corpus, dice: random.Random) -> str | None:
    """One number in words made another."""
    places = list(re.finditer(rf"\b(?:{'|'.join(_NUMERALS)})\b", claim))
    if not places:
        return None
    match = dice.choice(places)
    new = dice.choice([word for word in _NUMERALS if not re.search(rf"\b{word}\b", beside)])
    return _swap(claim, match, new)


_UNITS = (
    ("million", "billion"),
    ("billion", "million"),
    ("thousand", "million"),
    ("trillion", "billion"),
    ("km", "miles"),
    ("kilometres", "miles"),
    ("kilometers", "miles"),
    ("miles", "kilometres"),
    ("mi", "km"),
    ("metres", "feet"),
    ("meters", "feet"),
    ("feet", "metres"),
    ("ft", "km"),
    ("m", "km"),
    ("inches", "feet"),
    ("%", " percentage points"),
    ("percent", "percentage points"),
    ("per cent", "percentage points"),
    ("kg", "tonnes"),
    ("tons", "kilograms"),
    ("tonnes", "kilograms"),
    ("pounds", "tons"),
    ("acres", "hectares"),
    ("hectares", "acres"),
    ("years", "months"),
    ("year", "month"),
    ("months", "weeks"),
    ("weeks", "days"),
    ("days", "hours"),
    ("day", "hour"),
    ("hours", "minutes"),
    ("hour", "minute"),
    ("minutes", "hours"),
    ("seconds", "minutes"),
    ("minute", "hour"),
    ("decades", "years"),
    ("cm", "mm"),
    ("mm", "cm"),
    ("centuries", "years"),
)
_FIGURE = r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|hundred|thousand|million)"


def units(claim: str, beside: str, _corpus: Corpus, dice: random.Random) -> str | None:
    """The unit or the scale of one number made another."""
    changed = []
    for old, new in _UNITS:
        changed += [
            _swap(claim, match, new, "unit")
            for match in re.finditer(rf"(?<![\w.]){_FIGURE}[ -]?(?P<unit>{re.escape(old)})(?!\w)", claim)
            if not re.search(rf"(?<!\w){re.escape(match[0][: -len(old)] + new)}(?!\w)", beside)
        ]
    for match in re.finditer(r"[$€£](?=\d)", claim):
        others = [sign for sign in "$€£" if sign != match[0]]
        changed.append(_swap(claim, match, dice.choice(others)))
    return dice.choice(changed) if changed else None


def dates(claim: str, beside: str, _corpus: Corpus, dice: random.Random) -> str | None:
    """The day, the month or the year of one date made another."""
    changed = []
    for match in re.finditer(
        rf"\b(\d{{1,2}}) (?:of )?(?:{_MONTH})\b|\b(?:{_MONTH}) (\d{{1,2}})\b(?!,?\d)", claim
    ):
        group = 1 if match[1] else 2
        days = [day for day in range(1, 29) if not re.search(rf"\b{day}\b", beside)]
        changed.append(_swap(claim, match, str(dice.choice(days)), group))
    for match in re.finditer(rf"\b(?:{_MONTH})\b", claim):
        if match[0] not in ("May", "March") or re.match(r",? \d", claim[match.end() :]):
            months = [month for month in MONTHS if month not in beside]
            changed.append(_swap(claim, match, dice.choice(months)))
    for match in re.finditer(r"(?<![\w.,-])(?:1[0-9]\d\d|20[0-3]\d)(?![\w-]|[.,]\d)", claim):
        year = int(match[0])
        years = [year + step for step in (*range(-30, 0), *range(1, 31)) if str(year + step) not in beside]
        changed.append(_swap(claim, match, str(dice.choice(years))))
    return dice.choice(changed) if changed else None


def names(claim: str, beside: str, corpus: Corpus, dice: random.Random) -> str | None:
    """One name made another of as many words, none of which stands in the cited text."""
    places = [match for match in _RUN.finditer(claim) if _is_name(match[0], corpus)]
    first = _FIRST_RUN.match(claim)
    if first and first[0] in corpus.names.get(len(first[0].split()), ()):
        places.append(first)
    dice.shuffle(places)
    small = beside.lower()
    for match in places:
        others = corpus.names.get(len(match[0].split()), [])
        for new in dice.sample(others, min(20, len(others))):
            if not any(part.lower()[:4] in small for part in re.split("[ -]", new)):
                return _swap(claim, match, new)
    return None


def _is_name(run: str, corpus: Corpus) -> bool:
    return not any(part in _NOT_NAMES or part.lower() in corpus.words for part in run.split())


_AUXILIARY = (
    r"\b(?:is|are|was|were|has|have|had|can|could|will|would|should|may|might|must|does|did|do)\b"
    r"(?! not|n't| n't| never| no\b)"
)
_OPPOSITES = (
    ("possible", "impossible"),
    ("able", "unable"),
    ("likely", "unlikely"),
    ("common", "uncommon"),
    ("successful", "unsuccessful"),
    ("known", "unknown"),
    ("legal", "illegal"),
    ("direct", "indirect"),
    ("complete", "incomplete"),
    ("important", "unimportant"),
    ("similar", "dissimilar"),
    ("agree", "disagree"),
    ("agreed", "disagreed"),
    ("official", "unofficial"),
    ("popular", "unpopular"),
    ("clear", "unclear"),
    ("dependent", "independent"),
    ("formal", "informal"),
    ("usual", "unusual"),
    ("necessary", "unnecessary"),
    ("limited", "unlimited"),
    ("certain", "uncertain"),
    ("changed", "unchanged"),
    ("equal", "unequal"),
    ("approved", "disapproved"),
    ("correct", "incorrect"),
    ("regular", "irregular"),
    ("stable", "unstable"),
)


def denials(claim: str, _beside: str, corpus: Corpus, dice: random.Random) -> str | None:
    """A negation put in, in one of many forms."""
    forms = [form for form in _INSERTIONS if form(claim, corpus, dice)]
    return dice.choice(forms)(claim, corpus, dice) if forms else None


def _after_auxiliary(claim: str, _corpus: Corpus, dice: random.Random) -> str | None:
    match = next(iter(re.finditer(_AUXILIARY, claim)), None)
    if match is None:
        return None
    word = dice.choice(
        (" not", " not", " not", "n't", " never", " no longer", " by no means", " hardly", " in no way")
    )
    contracted = {"can": "can't", "will": "won't", "may": "may not", "might": "might not", "must": "mustn't"}
    new = contracted.get(match[0], match[0] + "n't") if word == "n't" else match[0] + word
    return _swap(claim, match, new)


def _before_verb(claim: str, corpus: Corpus, dice: random.Random) -> str | None:
    """A verb in the past made "did not invent", "never invented", "failed to invent", and so on."""
    pattern = (
        r"(?<=[a-z0-9)] )(?P<verb>[a-z]{3,}ed)(?= (?:the|a|an|his|her|its|their|to|that|in|on|for|by|[A-Z]))"
    )
    passive = (
        r"\b(?:is|are|was|were|be|been|being|has|have|had|the|a|an|and|of|not|by|as|or|more|most|its|which|"
        r"\w+ly)\s\Z"
    )
    for match in re.finditer(pattern, claim):
        if re.search(passive, claim[: match.start()]):
            continue
        stem = match["verb"][:-2]
        bases = [base for base in (stem + "e", stem, stem[:-1]) if base in corpus.words]
        lead = dice.choice(
            ("did not ", "didn't ", "failed to ", "refused to ", "declined to ", "never ", "denied having ")
        )
        if lead in ("never ", "denied having "):
            return _swap(claim, match, lead + match["verb"])
        return _swap(claim, match, lead + bases[0]) if bases else None
    return None


def _no_for_article(claim: str, _corpus: Corpus, dice: random.Random) -> str | None:
    places = list(re.finditer(r"(?<=[a-z] )(?:a|an|some|any)(?= [a-z])", claim))
    return _swap(claim, dice.choice(places), "no") if places else None


def _quantifier(claim: str, _corpus: Corpus, _dice: random.Random) -> str | None:
    for old, new in (
        (r"\b[Aa]ll (?:of )?(?=the\b|[a-z]+s\b)", "none of "),
        (r"\b[Ee]very(?= )", "no"),
        (r"\b[Ee]veryone\b", "no one"),
        (r"\balways\b", "never"),
        (r"\bboth (\w+) and\b", r"neither \1 nor"),
        (r"\beither (\w+) or\b", r"neither \1 nor"),
        (r"\bwith (?=a |the |[a-z]+s\b)", "without "),
    ):
        made, count = re.subn(old, new, claim, count=1)
        if count:
            return made[0].upper() + made[1:]
    return None


def _whole(claim: str, _corpus: Corpus, dice: random.Random) -> str | None:
    lead = dice.choice(
        ("It is not true that ", "It is false that ", "It is not the case that ", "Nobody believes that ")
    )
    first = claim.partition(" ")[0]
    small = first in ("The", "A", "An", "In", "It", "This", "These", "They", "He", "She", "On", "At", "There")
    return lead + (first.lower() if small else first) + claim[len(first) :]


def _opposite(claim: str, _corpus: Corpus, _dice: random.Random) -> str | None:
    for old, new in _OPPOSITES:
        match = re.search(rf"(?<![\w-]){old}(?![\w-])", claim)
        if match:
            return _swap(claim, match, new)
    return None


_INSERTIONS = (
    _after_auxiliary,
    _after_auxiliary,
    _before_verb,
    _no_for_article,
    _quantifier,
    _whole,
    _opposite,
)
_DENIED = (
    r"\b(can|could|would|should|did|does|do|is|are|was|were|has|have|had|may|might|must|will)"
    r"(?: not| ?n't|n’t)\b(?! only| just)"
)
_REMOVALS = (
    (_DENIED, r"\1"),
    (r"\bcannot\b", "can"),
    (r"\bnot (?!only|just|merely|until)", ""),
    (r"\bnever ", ""),
    (r"\bno longer\b", "still"),
    (r"\bno (?!more than|fewer|less|later|doubt)(?=[a-z])", "some "),
    (r"\bwithout\b", "with"),
    (r"\b[Nn]either (\w+) nor\b", r"both \1 and"),
    (r"\b(?:[Nn]obody|[Nn]o one)\b", "everyone"),
    (r"\bunable\b", "able"),
    (r"\bimpossible\b", "possible"),
    (r"\bunlikely\b", "likely"),
    (r"\b(?:failed|refused|declined) to\b", "managed to"),
    (r"\b(?:denied|denies) that\b", "confirmed that"),
    (r"\black of\b", "wealth of"),
    (r"\bun(?=known|successful|common|clear|usual|changed|likely|limited|stable|equal|necessary)", ""),
    (r"\bin(?=correct|complete|direct|sufficient|effective|dependent)", ""),
)


def assertions(claim: str, _beside: str, _corpus: Corpus, dice: random.Random) -> str | None:
    """A negation taken out."""
    made = [re.sub(old, new, claim, count=1) for old, new in _REMOVALS if re.search(old, claim)]
    return dice.choice(made) if made else None


KINDS: dict[str, Falsify] = {
    "digits": digits,
    "number words": numerals,
    "units": units,
    "dates": dates,
    "names": names,
    "negation put in": denials,
    "negation taken out": assertions,
}
