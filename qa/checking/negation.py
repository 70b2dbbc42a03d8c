"""Contradictions by negation: a claim denies what its cited text asserts, or the reverse. English only.

Every word of negation has a scope: the next content words of its clause. A claim is suspect if it negates
words that the cited text has only affirmed, or affirms words that the cited text has only negated; if it
negates anything that the cited text mentions, and nothing there says no; and if it denies as a whole what
the cited text says. Two negations in a row cancel. Words that say no in other ways (reject, ban, few, but)
never accuse; they excuse. Antonyms, and who says what, are beyond it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.text.stemmer import stem
from index.text.stop_words import STOP_WORDS
from index.text.terms import fold
from qa.checking.words.denial_forms import DENIES, HARMLESS, WHOLLY, WITHOUT, negates, without_prefix
from qa.checking.words.english import BEFORE_DATES, BREAKS, DATES, EMPTY, HEDGES, REFUSALS
from qa.checking.words.floor import begins_alike
from qa.checking.words.withheld import FIGURES, TELLS, TEXTS

# A word with its apostrophes ("doesn't"), or a sign that may end a clause.
_WORD = re.compile(r"[^\W_]++(?:'[^\W\d_]++)*+|[.!?;:,()\n]|--")
_STOPS = frozenset((".", "!", "?", ";", ":", "(", ")", "\n", "--"))
# Between two negations they part what each is about: "no disagreements and never had any".
_PARTS = _STOPS | {",", "and", "or", "but"}
_SENTENCE_STOPS = frozenset(".!?\n")
# Words that only English text has: without any of them nothing is judged.
_ENGLISH = re.compile(
    r"\b(?:the|of|and|is|was|were|that|to|did|has|have|had|with|for|it|are|be|been|by|on|not|an|from|as|they|he|"
    r"she)\b",
    re.IGNORECASE,
)
_EMPTY_AFTER_NO = frozenset(("way", "means", "longer"))  # in no way, by no means, no longer
_SCOPE = 3  # content words that a negation is about
_BOTH = ("neither", "nor")  # what they deny stands at the end of their clause
_NONE = frozenset(("no", "none", "nobody", "nothing"))
_CLAUSE_OPENS = frozenset((*_STOPS, ",", "and", "but", "that", "because", "since", "for", "as"))
_CLAUSE = 40  # words of it
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
        cues = [at for at, word in enumerate(words) if negates(word.text)]
        self.cancelled = _cancelled(words, cues)
        self.scopes = {at: self._scope(at) for at in cues if at not in self.cancelled}
        self.granted: dict[int, tuple[int, ...]] = {}
        self.asks = bool(words) and words[-1].text == "?"
        self.all = {word.stem for word in words}
        self.at: dict[str, list[int]] = defaultdict(list)
        for at, word in enumerate(words):
            if word.content:
                self.at[word.stem].append(at)

    def grant(self, asked: Sequence[_Clause], cited: Container[str]) -> None:
        """Take back the negations that accuse nobody, by the stems that are `cited`.

        Those are contrasts ("Trump, not Putin,"), what the question `asked` denies, refusals denied ("did not
        rule out"), and what the texts are said not to tell ("no figure is given").
        """
        denied = {stem_ for clause in asked for cue in clause.scopes for stem_ in clause.about(cue)}
        for cue in list(self.scopes):
            about = self.about(cue)
            if (
                self._is_contrast(cue)
                or self._is_date(cue)
                or self._is_superlative(cue, cited)
                or (self._is_undone(cue) and self.nearest(cue) not in cited)
                or (self._is_withheld(cue) and not self._is_told(cue, cited))
                or 2 * len(denied.intersection(about)) >= max(len(about), 1)
            ):
                self.granted[cue] = self.scopes.pop(cue)

    def _is_undone(self, cue: int) -> bool:
        """True for "did not rule out", "never rejected": what is denied says no itself."""
        scope = self.scopes[cue]
        return bool(scope) and scope[0] > cue and self.words[scope[0]].stem in REFUSALS

    def _is_withheld(self, cue: int) -> bool:
        """True for "no amount is given" and "the report does not say": of what texts tell, not of things."""
        near = self.nearest(cue)
        before = {word.stem for word in self.words[max(0, cue - _REACH) : cue]}
        told_nothing = cue > 0 and self.words[cue - 1].stem in TELLS  # "the report gives no revenue"
        return near in FIGURES or ((near in TELLS or told_nothing) and bool(before & TEXTS))

    def _is_superlative(self, cue: int, cited: Container[str]) -> bool:
        """True for "no state is closer to it than": who is closest is said, in other words than the cited."""
        if self.words[cue].text not in _NONE:
            return False
        clause = self.words[cue : self._end_of_clause(cue)]
        than = next((at for at, word in enumerate(clause) if word.text == "than"), 0)
        compared = [word for word in clause[max(0, than - _REACH) : than] if word.text.endswith("er")]
        return bool(compared) and all(word.stem not in cited and word.text not in cited for word in compared)

    def _is_told(self, cue: int, cited: Container[str]) -> bool:
        """True if the word of telling that a negation denies is in the cited text."""
        before = self.words[cue - 1].stem if cue else ""
        return (before if before in TELLS else self.nearest(cue)) in cited

    def _is_date(self, cue: int) -> bool:
        """True for "not on 21 October but": a date or a number is denied, which is compared as such."""
        for word in self.words[cue + 1 : cue + 8]:
            if word.text == "but":
                return word is not self.words[cue + 1]
            if not (word.text.isdigit() or word.text in DATES or word.text in BEFORE_DATES):
                return False
        return False

    def looks_back(self, cue: int) -> bool:
        """True if what a negation is about stands before it, as far as that can be told."""
        return bool(self.scopes[cue]) and self.scopes[cue][-1] < cue

    def nearest(self, cue: int) -> str:
        """The stem of the content word that stands next to the negation."""
        scope = self.scopes[cue]
        return self.words[scope[0] if scope[0] > cue else scope[-1]].stem if scope else ""

    def _is_contrast(self, cue: int) -> bool:
        """True for "not" and one or two words between commas: somebody or something else is meant."""
        if (
            self.words[cue].text != "not"
            or not cue
            or self.words[cue - 1].text not in (",", "(", "and", "--")
        ):
            return False
        after = [word.text for word in self.words[cue + 1 : cue + 5]]
        ends = [at for at, word in enumerate(after) if word in (",", ".", ")", "--")]
        return 0 < len(after) <= 3 or bool(ends and 0 < ends[0] <= 3)

    def _scope(self, cue: int) -> tuple[int, ...]:
        """The content words that the negation at `cue` is about; those before it if none follow."""
        scope: list[int] = []
        for at in range(self._end_of_aside(cue) + 1, min(cue + 25, len(self.words))):
            word = self.words[at]
            if word.text in _STOPS or (scope and (word.text == "," or word.text in BREAKS)):
                break
            if word.content:
                scope.append(at)
            if len(scope) == _SCOPE:
                break
        if not scope:
            scope = [at for at in range(max(0, cue - _REACH), cue) if self.words[at].content][-2:]
        return tuple(scope)

    def _end_of_aside(self, cue: int) -> int:
        """Where a few words between commas after the negation end ("Nor, it says, were"); else `cue`."""
        commas = [
            at for at in range(cue + 1, min(cue + _ASIDE, len(self.words))) if self.words[at].text == ","
        ]
        return commas[1] if len(commas) > 1 and commas[0] == cue + 1 else cue

    def under(self, beside: _Clause, *, strict: bool) -> set[int]:
        """The words in reach of a negation, or of a word that says no and that `beside` lacks.

        With `strict`, a negation reaches only what it is about.
        """
        if self.asks and not beside.asks:  # a question affirms nothing: "what is the sense in that?"
            return set(range(len(self.words)))
        reached = {at for cue, scope in self.scopes.items() for at in (cue, *scope)}
        for cue in self.scopes:
            if self.words[cue].text in _BOTH:
                reached.update(range(cue, self._end_of_clause(cue)))
        starts = [] if strict else [*self.scopes, *self.cancelled]
        starts += [
            at
            for at, word in enumerate(self.words)
            if word.stem not in beside.all and _says_no_otherwise(word, beside)
        ]
        for start in starts:
            reached.update(range(max(0, start - _BACK), min(start + _REACH + 1, len(self.words))))
        return reached

    def denied_clauses(self) -> set[int]:
        """The words of the clauses that "no" or "none" opens: "no date for a meeting was named"."""
        reached: set[int] = set()
        for cue in self.scopes:
            opens = cue == 0 or self.words[cue - 1].text in _CLAUSE_OPENS
            if self.words[cue].text in _NONE and opens:
                reached.update(range(cue, self._end_of_clause(cue)))
        return reached

    def _end_of_clause(self, cue: int) -> int:
        """Where the clause of a negation ends: "neither one thing nor the other was the reason"."""
        ends = (at for at in range(cue, len(self.words)) if self.words[at].text in _STOPS)
        return min(next(ends, len(self.words)), cue + _CLAUSE)

    def about(self, cue: int) -> list[str]:
        """The stems that the negation at `cue` is about, nearest first."""
        return [self.words[at].stem for at in self.scopes[cue]]

    def phrase(self, cue: int) -> str:
        """The negation with what it is about, to show."""
        places = (cue, *self.scopes[cue])
        shown = self.words[min(places) : min(max(places) + 1, min(places) + 8)]
        return " ".join(word.text for word in shown)


def contradictions(claim: str, cited: Sequence[str], *, asked: str = "") -> tuple[str, ...]:
    """Reasons why `claim` and `cited` contradict each other by a negation. All texts made plain.

    What the question `asked` denies is no news.
    """
    if not any(_ENGLISH.search(text) for text in (claim, *cited)):
        return ()
    frame = WHOLLY.match(claim)
    if frame and not any(DENIES.search(text) for text in cited):
        return _denied_as_a_whole(claim[frame.end() :], cited, frame[0].strip())
    whole_claim = _Clause([word for sentence in _sentences(claim) for word in sentence.words])
    sentences = [sentence for text in cited for sentence in _sentences(text)]
    whole_claim.grant(_sentences(asked), {stem_ for sentence in sentences for stem_ in sentence.all})
    repeated = [sentence for sentence in sentences if _shared_content(whole_claim, sentence) >= _VERBATIM]
    if repeated:
        # The claim repeats a sentence: its negations must be that sentence's, and no other's.
        by_sentence = [
            list(dict.fromkeys(_contradictions_with(whole_claim, [sentence], strict=True)))
            for sentence in repeated
        ]
        fewest = min(by_sentence, key=len)
        return tuple(fewest)
    reasons = tuple(dict.fromkeys(_contradictions_with(whole_claim, sentences, strict=False)))
    return reasons or tuple(_unfounded_negation(whole_claim, sentences))


def _denied_as_a_whole(claim: str, cited: Sequence[str], frame: str) -> tuple[str, ...]:
    """Why `claim`, which is denied as a whole, is not to be denied: the cited text says it."""
    whole_claim = _Clause([word for sentence in _sentences(claim) for word in sentence.words])
    cited_stems = {stem_ for text in cited for sentence in _sentences(text) for stem_ in sentence.at}
    if 2 * len(cited_stems & whole_claim.at.keys()) < len(whole_claim.at) or contradictions(claim, cited):
        return ()
    return (f"the claim says “{frame}”, and the cited text does not",)


def _shared_content(claim: _Clause, sentence: _Clause) -> float:
    """The share of the claim's content words that the sentence has, with or without their prefixes."""
    if len(claim.at) < 2:
        return 0.0
    bare = {without_prefix(word.text) for word in sentence.words} | set(sentence.at)
    return sum(1 for word in claim.at if word in bare or _stem_without_prefix(claim, word) in bare) / len(
        claim.at
    )


def _stem_without_prefix(claim: _Clause, word: str) -> str:
    return without_prefix(claim.words[claim.at[word][0]].text) or word


def _contradictions_with(claim: _Clause, sentences: Sequence[_Clause], *, strict: bool) -> Iterator[str]:
    yield from _added_negations(claim, sentences, strict=strict)
    yield from _dropped_negations(claim, sentences, strict=strict)
    yield from _changed_prefixes(claim, sentences)


def _added_negations(claim: _Clause, sentences: Sequence[_Clause], *, strict: bool) -> Iterator[str]:
    """Negations of the claim whose words the cited text only affirms."""
    if not claim.scopes:
        return
    under = [sentence.under(claim, strict=strict) for sentence in sentences]
    says_no = any(sentence.scopes or sentence.cancelled for sentence in sentences)
    there = {stem_ for sentence in sentences for stem_ in sentence.at}
    for cue in claim.scopes:
        about = claim.about(cue)
        shared = sum(word in there for word in about)
        near = claim.nearest(cue)
        in_other_words = shared < _SCOPE - 1 or len(about) < _SCOPE or begins_alike(near, there)
        if says_no and near not in there and in_other_words:
            continue  # the text denies something too, and in other words: "not told", "not informed"
        met = [
            (word, any(at in reached for at in sentence.at[word]))
            for word in about
            for sentence, reached in zip(sentences, under, strict=True)
            if word in sentence.at
        ]
        mentioned = {word for word, _ in met}
        if mentioned and 2 * len(mentioned) >= len(about) and not any(negated for _, negated in met):
            yield f"the claim says “{claim.phrase(cue)}”, and the cited text does not"


def _unfounded_negation(claim: _Clause, sentences: Sequence[_Clause]) -> Iterator[str]:
    """The first negation of the claim about something that a cited text mentions which says no in no way."""
    if any(
        sentence.scopes or sentence.cancelled or _denies_somehow(sentence, claim) for sentence in sentences
    ):
        return
    there = {stem_ for sentence in sentences for stem_ in sentence.at}
    asked = {stem_ for sentence in sentences if sentence.asks and not claim.asks for stem_ in sentence.at}
    for cue in claim.scopes:
        if asked.intersection(claim.about(cue)):
            continue  # "no sense in it" for "What is the sense in it?"
        if there.intersection(claim.about(cue)):
            yield f"the claim says “{claim.phrase(cue)}”, and the cited text does not"
            return


def _denies_somehow(sentence: _Clause, beside: _Clause) -> bool:
    return any(_says_no_otherwise(word, beside) or WITHOUT.match(word.text) for word in sentence.words)


def _dropped_negations(claim: _Clause, sentences: Sequence[_Clause], *, strict: bool) -> Iterator[str]:
    """Negations of the cited text whose words the claim only affirms."""
    under_negation = [sentence.under(claim, strict=strict) for sentence in sentences]
    affirmed = {
        word
        for sentence, under in zip(sentences, under_negation, strict=True)
        for word, places in sentence.at.items()
        if any(at not in under for at in places)
    }
    for sentence in sentences:
        ours = claim.under(sentence, strict=strict) | claim.denied_clauses() if sentence.scopes else set()
        cues = {claim.words[cue].text for cue in claim.scopes}
        granted = {at for scope in claim.granted.values() for at in scope}
        for cue in sentence.scopes:
            about = sentence.about(cue)
            shared = [word for word in about if word in claim.at]
            if sentence.looks_back(cue) and sentence.words[cue].text in cues:
                continue  # "and never have been", "and never had any": of what, is told by no word behind it
            if (
                len(shared) < min(2, len(about))
                or not shared
                or (not strict and affirmed.intersection(shared))
            ):
                continue
            if any(at in ours for word in shared for at in claim.at[word]):
                continue
            if any(at in granted for at in claim.at.get(sentence.nearest(cue), ())):
                continue
            if 2 * len(claim.at.keys() & sentence.at.keys()) >= len(claim.at):
                yield f"the cited text says “{sentence.phrase(cue)}”, and the claim does not"


def _changed_prefixes(claim: _Clause, sentences: Sequence[_Clause]) -> Iterator[str]:
    """Words that one side has with a negating prefix, and the other only without."""
    theirs = {stem_ for sentence in sentences for stem_ in sentence.all}
    negated = {
        sentence.words[at].stem for sentence in sentences for at in sentence.under(claim, strict=False)
    } - HEDGES  # "limited" is not denied by itself
    negated |= {stem_ for sentence in sentences for cue in sentence.scopes for stem_ in sentence.about(cue)}
    for word in claim.words:
        bare = without_prefix(word.text)
        if bare in theirs and word.stem not in theirs and bare not in negated:
            yield f"the claim says “{word.text}”, and the cited text does not"
    for sentence in sentences:
        for word in sentence.words:
            bare = without_prefix(word.text)
            if bare in claim.all and word.stem not in claim.all and bare not in theirs:
                ours = {claim.words[at].stem for at in claim.under(sentence, strict=False)} - HEDGES
                if bare not in ours and not any(bare in claim.about(cue) for cue in claim.scopes):
                    yield f"the cited text says “{word.text}”, and the claim does not"


def _says_no_otherwise(word: _Word, beside: _Clause) -> bool:
    return word.stem in HEDGES or word.text in HEDGES or without_prefix(word.text) in beside.all


def _cancelled(words: Sequence[_Word], cues: Sequence[int]) -> set[int]:
    """Pairs of negations with hardly a word between: "did not deny", "never without"."""
    cancelled: set[int] = set()
    for left, right in pairwise(cues):
        between = words[left + 1 : right]
        if left in cancelled or right - left > _NEXT or any(word.text in _PARTS for word in between):
            continue
        if words[right].text != "nor" and words[left].text != words[right].text:
            cancelled |= {left, right}
    return cancelled


def _sentences(text: str) -> list[_Clause]:
    """`text` as sentences: a stop after a word of more than two letters ends one."""
    sentences: list[list[_Word]] = [[]]
    last = ""
    for match in _WORD.finditer(HARMLESS.sub(lambda phrase: " " * len(phrase[0]), text)):
        folded = fold(match[0]).removesuffix("'s")
        content = (
            len(folded) > 1 and folded not in STOP_WORDS and folded not in EMPTY and not negates(folded)
        ) and not (last == "no" and folded in _EMPTY_AFTER_NO)
        sentences[-1].append(_Word(folded, stem(folded), content))
        if match[0] in _SENTENCE_STOPS and (len(last) > 2 or match[0] != "."):
            sentences.append([])
        last = folded
    return [_Clause(words) for words in sentences if words]
