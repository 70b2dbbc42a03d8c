"""Does a claim deny what its cited text asserts, or assert what it denies? English only.

Every word of negation has a scope: the next content words of its clause. A claim is suspect if it negates
words that the cited text has only affirmed, or affirms words that the cited text has only negated; if it
negates anything that the cited text mentions, and nothing there says no; and if it denies as a whole what
the cited text says. Two negations in a row cancel. Words that say no in other ways (reject, ban, few, but)
never accuse; they excuse. Knows nothing of antonyms, nor of who says what.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from index.text.negation_words import NEGATIONS
from index.text.stemmer import stem
from index.text.stop_words import STOP_WORDS
from index.text.terms import fold
from qa.checking.english import BREAKS, EMPTY, HEDGES

_WORD = re.compile(r"[^\W_]++(?:'[^\W\d_]++)*+|[.!?;:,()\n]|--")
_STOPS = frozenset((".", "!", "?", ";", ":", "(", ")", "\n", "--"))
_SENTENCE_STOPS = frozenset(".!?\n")
_ENGLISH = re.compile(
    r"\b(?:the|of|and|is|was|were|that|to|did|has|have|had|with|for|it|are|be|been|by|on|not|an|from|as|they|he|"
    r"she)\b",
    re.IGNORECASE,
)
# Phrases whose negation denies nothing.
_HARMLESS = re.compile(
    r"\bnot (?:only|just|merely|simply|solely|alone|least|to mention|unlike|until|necessarily)\b"
    r"|\bno (?:more|fewer|less|later|earlier|sooner|greater|smaller|longer) than\b"
    r"|\bno (?:doubt|matter|wonder)\b"
    r"|\bn?or (?:not|no|never|without)\b|\bif not\b|\bnothing (?:but|short)\b|\bnone other\b|\bno\.? ?(?=\d)"
    r"|(?:\A|(?<=[.!?] ))\W?(?:no|yes),|\bnever(?:-| )?ending\b|\bfail-?safe\b"
    r"|\b(?:not|cannot|never|[a-z]{2,7}n't)(?= (?:\w{1,30} ){1,4}until\b)"
    r"|\bwithout (?:doubt|question)\b",
    re.IGNORECASE,
)
_AFFIXED = re.compile(
    r"(?:non-?|un(?!it|iv|iq|if|io|der|til|cle))(?P<un>[a-z]{4,})\Z"
    r"|(?:in|im|ir|il)(?P<in>[a-z]{3,}(?:ble|al|ant|ent|ate|ive|ous|ect|ite|ture|ar|ance|ence|ency|acy|ity|bly|ly))\Z"
    r"|dis(?P<dis>(?:agree|approv|allow|appear|believ|connect|continu|honest|lik|obey|prov|satisf|similar|trust|"
    r"advantag|loyal|order|respect|able)[a-z]*)\Z"
)
# Words that may deny; "international" and "important" would look as if they did.
_WITHOUT = re.compile(
    r"[^\W_]{3,}less\Z|non[^\W_]{4,}|dis[^\W_]{4,}|un(?!it|iv|iq|if|io|der|til|cle)[^\W_]{4,}"
)
# A claim that is denied as a whole, and words by which a text may deny another as a whole.
_WHOLLY = re.compile(
    r"\W*(?:it(?: is| was|'s) (?:not|never|hardly|by no means|in no way) (?:true|correct|right|so|the case)"
    r"|it (?:isn't|wasn't) (?:true|correct|right|so|the case)"
    r"|it(?: is| was|'s) (?:false|untrue|incorrect|wrong|a myth)"
    r"|(?:nobody|no one) (?:believes|thinks|says|claims)) that ",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:false|untrue|incorrect|wrong|mistaken|myth|misconception|contrary|not (?:true|so|the case)|nobody"
    r"|no one|disprove|refute|den(?:y|ie))",
    re.IGNORECASE,
)
_EMPTY_AFTER_NO = frozenset(("way", "means", "longer"))  # in no way, by no means, no longer
_SCOPE = 3  # content words that a negation is about
_REACH = 8  # words after a negation that may still be under it
_BACK = 4  # words before one
_ASIDE = 8  # words after a negation, within which an aside must end
_NEXT = 3  # words between two negations that cancel
_VERBATIM = 0.8  # share of a claim's content words in one sentence, from which it repeats the sentence


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    stem: str
    content: bool


class _Clause:
    """One sentence as words, with its negations and what each is about."""

    def __init__(self, words: Sequence[_Word]) -> None:
        self.words = words
        cues = [at for at, word in enumerate(words) if _negates(word.text)]
        self.cancelled = _cancelled(words, cues)
        self.scopes = {at: self._scope(at) for at in cues if at not in self.cancelled}
        self.all = {word.stem for word in words}
        self.at: dict[str, list[int]] = defaultdict(list)
        for at, word in enumerate(words):
            if word.content:
                self.at[word.stem].append(at)

    def _scope(self, cue: int) -> tuple[int, ...]:
        """The content words that the negation at `cue` is about; those before it if none follow."""
        found: list[int] = []
        for at in range(self._beyond_aside(cue) + 1, min(cue + 25, len(self.words))):
            word = self.words[at]
            if word.text in _STOPS or (found and (word.text == "," or word.text in BREAKS)):
                break
            if word.content:
                found.append(at)
            if len(found) == _SCOPE:
                break
        if not found:
            found = [at for at in range(max(0, cue - _REACH), cue) if self.words[at].content][-2:]
        return tuple(found)

    def _beyond_aside(self, cue: int) -> int:
        """Where a few words between commas after the negation end ("Nor, it says, were"); else `cue`."""
        commas = [
            at for at in range(cue + 1, min(cue + _ASIDE, len(self.words))) if self.words[at].text == ","
        ]
        return commas[1] if len(commas) > 1 and commas[0] == cue + 1 else cue

    def under(self, beside: _Clause, *, strict: bool) -> set[int]:
        """The words in reach of a negation, or of a word that says no and that `beside` lacks.

        With `strict`, a negation reaches only what it is about.
        """
        reached = {at for cue, scope in self.scopes.items() for at in (cue, *scope)}
        starts = [] if strict else [*self.scopes, *self.cancelled]
        starts += [
            at for at, word in enumerate(self.words) if word.stem not in beside.all and _hedges(word, beside)
        ]
        for start in starts:
            reached.update(range(max(0, start - _BACK), min(start + _REACH + 1, len(self.words))))
        return reached

    def about(self, cue: int) -> list[str]:
        """The stems that the negation at `cue` is about, nearest first."""
        return [self.words[at].stem for at in self.scopes[cue]]

    def phrase(self, cue: int) -> str:
        """The negation with what it is about, to show."""
        places = (cue, *self.scopes[cue])
        shown = self.words[min(places) : min(max(places) + 1, min(places) + 8)]
        return " ".join(word.text for word in shown)


def contradictions(claim: str, cited: Sequence[str]) -> tuple[str, ...]:
    """Reasons why `claim` and `cited` contradict each other by a negation. All texts made plain."""
    if not any(_ENGLISH.search(text) for text in (claim, *cited)):
        return ()
    frame = _WHOLLY.match(claim)
    if frame and not any(_DENIES.search(text) for text in cited):
        return _denied(claim[frame.end() :], cited, frame[0].strip())
    said = _Clause([word for line in _lines(claim) for word in line.words])
    lines = [line for text in cited for line in _lines(text)]
    near = [line for line in lines if _overlap(said, line) >= _VERBATIM]
    if near:
        # The claim repeats a sentence: its negations must be that sentence's, and no other's.
        every = [list(dict.fromkeys(_between(said, [line], strict=True))) for line in near]
        fewest = min(every, key=len)
        return tuple(fewest)
    found = tuple(dict.fromkeys(_between(said, lines, strict=False)))
    return found or tuple(_unfounded(said, lines))


def _denied(claim: str, cited: Sequence[str], frame: str) -> tuple[str, ...]:
    """Why `claim`, which is denied as a whole, is not to be denied: the cited text says it."""
    said = _Clause([word for line in _lines(claim) for word in line.words])
    there = {stem_ for text in cited for line in _lines(text) for stem_ in line.at}
    if 2 * len(there & said.at.keys()) < len(said.at) or contradictions(claim, cited):
        return ()
    return (f"the claim says “{frame}”, and the cited text does not",)


def _overlap(said: _Clause, line: _Clause) -> float:
    """The share of the claim's content words that the sentence has, with or without their prefixes."""
    if len(said.at) < 2:
        return 0.0
    bare = {_bare(word.text) for word in line.words} | set(line.at)
    return sum(1 for word in said.at if word in bare or _bare_stem(said, word) in bare) / len(said.at)


def _bare_stem(said: _Clause, word: str) -> str:
    return _bare(said.words[said.at[word][0]].text) or word


def _between(said: _Clause, lines: Sequence[_Clause], *, strict: bool) -> Iterator[str]:
    yield from _added(said, lines, strict=strict)
    yield from _dropped(said, lines, strict=strict)
    yield from _affixed(said, lines)


def _added(said: _Clause, lines: Sequence[_Clause], *, strict: bool) -> Iterator[str]:
    """Negations of the claim whose words the cited text only affirms."""
    if not said.scopes:
        return
    under = [line.under(said, strict=strict) for line in lines]
    for cue in said.scopes:
        about = said.about(cue)
        met = [
            (word, any(at in reached for at in line.at[word]))
            for word in about
            for line, reached in zip(lines, under, strict=True)
            if word in line.at
        ]
        found = {word for word, _ in met}
        if found and 2 * len(found) >= len(about) and not any(negated for _, negated in met):
            yield f"the claim says “{said.phrase(cue)}”, and the cited text does not"


def _unfounded(said: _Clause, lines: Sequence[_Clause]) -> Iterator[str]:
    """The first negation of the claim about something that a cited text mentions which says no in no way."""
    if any(line.scopes or line.cancelled or _says_no(line, said) for line in lines):
        return
    there = {stem_ for line in lines for stem_ in line.at}
    for cue in said.scopes:
        if there.intersection(said.about(cue)):
            yield f"the claim says “{said.phrase(cue)}”, and the cited text does not"
            return


def _says_no(line: _Clause, beside: _Clause) -> bool:
    return any(_hedges(word, beside) or _WITHOUT.match(word.text) for word in line.words)


def _dropped(said: _Clause, lines: Sequence[_Clause], *, strict: bool) -> Iterator[str]:
    """Negations of the cited text whose words the claim only affirms."""
    reached = [line.under(said, strict=strict) for line in lines]
    affirmed = {
        word
        for line, under in zip(lines, reached, strict=True)
        for word, places in line.at.items()
        if any(at not in under for at in places)
    }
    for line in lines:
        ours = said.under(line, strict=strict) if line.scopes else set()
        for cue in line.scopes:
            about = line.about(cue)
            kept = [word for word in about if word in said.at]
            if len(kept) < min(2, len(about)) or not kept or (not strict and affirmed.intersection(kept)):
                continue
            if any(at in ours for word in kept for at in said.at[word]):
                continue
            if 2 * len(said.at.keys() & line.at.keys()) >= len(said.at):
                yield f"the cited text says “{line.phrase(cue)}”, and the claim does not"


def _affixed(said: _Clause, lines: Sequence[_Clause]) -> Iterator[str]:
    """Words that one side has with a negating prefix, and the other only without."""
    theirs = {stem_ for line in lines for stem_ in line.all}
    negated = {line.words[at].stem for line in lines for at in line.under(said, strict=False)}
    for word in said.words:
        bare = _bare(word.text)
        if bare in theirs and word.stem not in theirs and bare not in negated:
            yield f"the claim says “{word.text}”, and the cited text does not"
    for line in lines:
        for word in line.words:
            bare = _bare(word.text)
            if bare in said.all and word.stem not in said.all and bare not in theirs:
                ours = said.under(line, strict=False)
                if not any(said.words[at].stem == bare for at in ours):
                    yield f"the cited text says “{word.text}”, and the claim does not"


def _hedges(word: _Word, beside: _Clause) -> bool:
    return word.stem in HEDGES or word.text in HEDGES or _bare(word.text) in beside.all


@lru_cache(maxsize=1 << 14)
def _bare(word: str) -> str:
    """The stem of `word` without its negating prefix; empty if it has none."""
    match = _AFFIXED.match(word)
    return stem(match[match.lastgroup or 0]) if match else ""


def _negates(word: str) -> bool:
    return word in NEGATIONS or word.endswith("n't")


def _cancelled(words: Sequence[_Word], cues: Sequence[int]) -> set[int]:
    """Pairs of negations with hardly a word between: "did not deny", "never without"."""
    gone: set[int] = set()
    for left, right in pairwise(cues):
        between = words[left + 1 : right]
        if left in gone or right - left > _NEXT or any(word.text in (*_STOPS, ",") for word in between):
            continue
        if words[right].text != "nor" and words[left].text != words[right].text:
            gone |= {left, right}
    return gone


def _lines(text: str) -> list[_Clause]:
    """`text` as sentences: a stop after a word of more than two letters ends one."""
    lines: list[list[_Word]] = [[]]
    last = ""
    for match in _WORD.finditer(_HARMLESS.sub(lambda found: " " * len(found[0]), text)):
        folded = fold(match[0]).removesuffix("'s")
        content = (
            len(folded) > 1 and folded not in STOP_WORDS and folded not in EMPTY and not _negates(folded)
        ) and not (last == "no" and folded in _EMPTY_AFTER_NO)
        lines[-1].append(_Word(folded, stem(folded), content))
        if match[0] in _SENTENCE_STOPS and (len(last) > 2 or match[0] != "."):
            lines.append([])
        last = folded
    return [_Clause(words) for words in lines if words]
