"""English negation words, folded and without apostrophes."""

from __future__ import annotations

from index.text.stemmer import stem

_PLAIN = "not never no none nobody nothing nowhere neither nor without cannot noone"
_NEARLY = "hardly scarcely barely rarely seldom"  # they leave next to nothing
_CONTRACTED = (
    "cant dont doesnt didnt wont wouldnt shouldnt couldnt isnt arent wasnt werent hasnt havent hadnt"
)
_DENIALS = (
    "unable untrue false lacking lacked lacks lack absence denied denies deny denying refused refuses refuse "
    "refusing declined declines failed fails failing failure refusal denial neglected"
)

# Words of grammar: whatever stands beside them is denied. Contractions typed without their apostrophe are no
# part of it, for they stand in names of songs and films ("cant get you out of my head"): taking them for the
# negation of a question was measured to refuse right answers.
PLAIN_NEGATIONS = frozenset(f"{_PLAIN} {_NEARLY}".split())
# With them, and with the words whose meaning is a denial.
NEGATIONS = PLAIN_NEGATIONS | frozenset(f"{_CONTRACTED} {_DENIALS}".split())
# Their stems, as texts are compared. Tokenised text writes "did n't", whose terms are "did" and "t".
NEGATION_STEMS = frozenset(map(stem, (*NEGATIONS, "t")))
