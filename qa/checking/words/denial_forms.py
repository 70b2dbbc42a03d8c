"""How English denies: words of negation, prefixes, phrases that deny a whole claim, or nothing at all."""

from __future__ import annotations

import re
from functools import lru_cache

from index.text.negation_words import NEGATIONS
from index.text.patterns import lazy_compile
from index.text.stemmer import stem

# Phrases whose negation denies nothing; they are blotted out before negations are looked for.
HARMLESS = lazy_compile(
    # "not only", "not to mention", "not until": the sentence affirms
    r"\bnot (?:only|just|merely|simply|solely|alone|least|to mention|unlike|until|necessarily)\b"
    r"|\bno (?:more|fewer|less|later|earlier|sooner|greater|smaller|longer) than\b"  # "no more than five"
    r"|\bno (?:doubt|matter|wonder)\b"
    # "whether or not", "with or without", "if not", "nothing but", "none other", "no. 5"
    r"|\bn?or (?:not|no|never|without)\b|\bif not\b|\bnothing (?:but|short)\b|\bnone other\b|\bno\.? ?(?=\d)"
    r"|(?:\A|(?<=[.!?] ))\W?(?:no|yes),|\bnever(?:-| )?ending\b|\bfail-?safe\b"  # "No, he went", "fail-safe"
    r"|\b(?:not|cannot|never|[a-z]{2,7}n't)(?= (?:\w{1,30} ){1,4}until\b)"  # "did not come until May"
    r"|\bwithout (?:doubt|question)\b"
    # "including, but not limited to", "including without limitation": what follows are examples
    r"|\bbut (?:is |are |was |were |be )?not (?:necessarily )?limited to\b"
    # "has declined:", "declined by 3 %", "declined to 18 %": it fell
    r"|\bdeclin(?:ed|es)\b(?=:|,? (?:by|from|against|to [$€£]?\d)\b|,? (?:slightly|sharply|to [$€£]?\d))"
    r"|\binclud\w+,? (?:not limited to|without limitation)\b|\bwithout limitation,",
    re.IGNORECASE,
)
# Words with a negating prefix; the named group is the word without it.
_AFFIXED = lazy_compile(
    # "nonviolent", "unhappy"; "unit", "university", "unique", "under", "until", "uncle" have no prefix
    r"(?:non-?|un(?!it|iv|iq|if|io|der|til|cle))(?P<un>[a-z]{4,})\Z"
    # "impossible", "irregular", "inability": only with an ending of adjectives and their nouns, for "include"
    # and "import" deny nothing
    r"|(?:in|im|ir|il)(?P<in>[a-z]{3,}(?:ble|al|ant|ent|ate|ive|ous|ect|ite|ture|ar|ance|ence|ency|acy|ity|bly|ly))\Z"
    # "disagree", "dislike": only before stems that stand without it, for "discover" and "distance" do not
    r"|dis(?P<dis>(?:agree|approv|allow|appear|believ|connect|continu|honest|lik|obey|prov|satisf|similar|trust|"
    r"advantag|loyal|order|respect|able)[a-z]*)\Z"
)
# Words that may deny: "homeless", "nonstop", "disclaim", "undone". Those in in- and im- are left out:
# "international" and "important" would look as if they did.
WITHOUT = lazy_compile(
    r"[^\W_]{3,}less\Z|non[^\W_]{4,}|dis[^\W_]{4,}|un(?!it|iv|iq|if|io|der|til|cle)[^\W_]{4,}"
)
# How a claim denies as a whole what follows: "It is not true that …", "It's a myth that …", "Nobody believes
# that …".
WHOLLY = lazy_compile(
    r"\W*(?:it(?: is| was|'s) (?:not|never|hardly|by no means|in no way) (?:true|correct|right|so|the case)"
    r"|it (?:isn't|wasn't) (?:true|correct|right|so|the case)"
    r"|it(?: is| was|'s) (?:false|untrue|incorrect|wrong|a myth)"
    r"|(?:nobody|no one) (?:believes|thinks|says|claims)) that ",
    re.IGNORECASE,
)
# Words by which a cited text may deny something as a whole, too.
DENIES = lazy_compile(
    r"\b(?:(?:false|untrue|incorrect|wrong|wrongly|mistaken|myths?|misconceptions?|contrary"
    r"|not (?:true|so|the case)|nobody|no one)\b|disprove|refute|den(?:y|ie))",
    re.IGNORECASE,
)


@lru_cache(maxsize=1 << 14)
def without_prefix(word: str) -> str:
    """The stem of `word` without its negating prefix; empty if it has none."""
    match = _AFFIXED.match(word)
    return stem(match[match.lastgroup or 0]) if match else ""


def negates(word: str) -> bool:
    """True for a word of negation: not, never, cannot, didn't."""
    return word in NEGATIONS or word.endswith("n't")
