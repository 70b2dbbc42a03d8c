"""Verbs and nouns that have an actor and a patient, by the way in which sentences name the two."""

from __future__ import annotations

from typing import NamedTuple


class Verb(NamedTuple):
    """What a verb says and how it names the two: "sue" somebody, "give" to, "get" from, "lose" to."""

    deed: str
    way: str


# Ways: `object` (the patient is the object), `give` (the patient is who receives), `get` (the subject
# receives), `to` and `against` (the patient stands behind that word), `lost` (the actor is behind "to"),
# `from` (the patient is behind "from"), `before` (the object comes after), `either` (the object
# goes "to" the patient, or "from" the actor).
_VERBS = (
    ("sue", "object", "sue sues sued suing"),
    ("buy", "object", "buy buys bought buying acquire acquires acquired acquiring purchase purchases"),
    ("buy", "object", "purchased purchasing"),
    ("give", "give", "give gives gave given giving hand hands handed send sends sent award awards awarded"),
    ("give", "give", "grant grants granted present presents presented donate donates donated"),
    ("give", "give", "deliver delivers delivered cede cedes ceded transfer transfers transferred"),
    ("give", "give", "offer offers offered bequeathed"),
    ("trade", "give", "sell sells sold selling"),
    ("lend", "give", "lend lends lent lending loaned"),
    ("license", "either", "license licenses licensed lease leases leased rent rents rented"),
    ("pay", "give", "pay pays paid paying owes owed"),
    ("give", "get", "receive receives received receiving get gets got inherit inherited obtained accepted"),
    ("lend", "get", "borrow borrows borrowed borrowing"),
    ("beat", "object", "beat beats beaten beating defeat defeats defeated overcame vanquished routed"),
    ("beat", "lost", "lose loses lost losing"),
    ("beat", "against", "win wins won prevailed prevails"),
    ("succeed", "object", "succeed succeeds succeeded replace replaces replaced supersede supersedes"),
    ("succeed", "from", "took takes take taken"),
    ("succeed", "before", "precede precedes preceded"),
    ("own", "object", "own owns owned"),
    ("own", "lost", "belong belongs belonged"),
    ("tell", "object", "tell tells told inform informs informed"),
    ("teach", "object", "teach teaches taught"),
    ("write", "to", "write writes wrote written"),
    ("speak", "to", "speak speaks spoke spoken"),
    ("appeal", "to", "appeal appeals appealed"),
    ("apologise", "to", "apologise apologises apologised apologize apologizes apologized"),
    ("complain", "to", "complain complains complained"),
    ("surrender", "to", "surrender surrenders surrendered yield yields yielded"),
    ("report", "to", "report reports reported"),
    ("lead", "object", "lead leads led"),
    ("choose", "object", "choose chooses chose chosen"),
    ("hit", "object", "hit hits strike strikes struck"),
    ("leave", "object", "leave leaves left forsook"),
    ("see", "object", "see sees saw seen"),
    ("find", "object", "find finds found"),
    ("fire", "object", "fire fires fired dismiss dismisses dismissed sack sacks sacked"),
    ("make", "object", "make makes made build builds built"),
    ("overthrow", "object", "overthrow overthrows overthrew overthrown"),
    ("shoot", "object", "shoot shoots shot"),
    ("catch", "object", "catch catches caught"),
    ("hold", "object", "hold holds held"),
    ("bring", "against", "bring brings brought file files filed launch launches launched lodge lodged"),
)  # fmt: skip
# Verbs of the rest, which are what they say by their stem: "accused", "praised".
_REGULAR = """
    accuse blame thank warn ask urge order invite criticise criticize praise support help attack invade bomb
    occupy conquer arrest kill murder wound rescue save free release follow chase hire employ appoint nominate
    elect promote pardon convict sentence fine punish investigate interview question answer call phone visit
    host welcome greet betray abandon reject refuse challenge threaten assault kidnap rob cheat deceive
    persuade convince advise train mentor raise adopt name influence inspire translate cite quote copy imitate
    admire love hate fear envy trust mock insult offend protect guard defend supply finance fund sponsor
    outsell outlive outnumber outrank outperform surpass exceed overtake dominate annex colonise colonize
    colonize liberate besiege capture seize assassinate execute poison sanction embargo boycott recognise
    recognize recall contact commission consult prosecute acquit indict condemn denounce endorse veto
    oppose outbid evict
"""
# Verbs that both do to each other, whoever is named first.
_MUTUAL = """
    meet meets met marry marries married marrying wed divorce divorced fight fights fought play plays played
    face faces faced resemble resembles resembled border borders bordered match matches matched dates dated
    debate debates debated tie tied drew draws merge merges merged equal equals equalled join joins joined
    neighbour neighbours encounter encountered befriend befriended greets kissed hugged
"""
# Nouns for the first of "X is the mother of Y", by what they say, and those that say it of the second.
_NOUNS = (
    ("parent", "mother father parent", "son daughter child"),
    ("teacher", "teacher mentor tutor professor", "student pupil disciple protégé apprentice"),
    ("owner", "owner parent-company holding", "subsidiary unit division affiliate"),
    ("employer", "employer boss", "employee"),
    ("succeed", "successor", "predecessor"),
    ("uncle", "uncle aunt", "nephew niece"),
    ("grandparent", "grandfather grandmother grandparent", "grandson granddaughter grandchild"),
    ("creditor", "creditor lender", "debtor borrower"),
    ("landlord", "landlord", "tenant"),
)
_OTHER_NOUNS = """
    leader founder author editor inventor translator biographer killer murderer assassin lawyer guardian
    capital province colony suburb tributary supplier customer sponsor patron guest critic admirer author
    king queen president heir godfather widow wife husband
"""
# Nouns of deeds, by what they say: "X's takeover of Y", "the takeover of Y by X".
_ACTS = (
    ("buy", "takeover acquisition purchase"),
    ("beat", "defeat win victory triumph"),
    ("sue", "lawsuit suit claim case"),
    ("attack", "attack assault raid"),
    ("invade", "invasion"),
    ("occupy", "occupation"),
    ("murder", "murder"),
    ("arrest", "arrest"),
    ("kill", "killing"),
    ("assassinate", "assassination"),
    ("criticise", "criticism"),
    ("replace", "replacement"),
    ("appoint", "appointment"),
    ("dismiss", "dismissal"),
    ("promote", "promotion"),
    ("betray", "betrayal"),
    ("rescue", "rescue"),
    ("annex", "annexation"),
    ("visit", "visit"),
    ("support", "support"),
)
# Comparisons: the first of each line means more, the others less of it.
_MORE = (
    ("large", "larger bigger greater", "smaller"),
    ("high", "higher taller", "lower shorter"),
    ("long", "longer", "briefer"),
    ("old", "older", "younger newer"),
    ("fast", "faster quicker", "slower"),
    ("rich", "richer wealthier", "poorer"),
    ("strong", "stronger", "weaker"),
    ("heavy", "heavier", "lighter"),
    ("early", "earlier", "later"),
    ("near", "nearer closer", "farther further"),
    ("good", "better", "worse"),
    ("warm", "warmer hotter", "colder cooler"),
    ("cheap", "cheaper", ""),
    ("more", "more", "less fewer"),
)

VERBS = {form: Verb(deed, way) for deed, way, forms in _VERBS for form in forms.split()}
REGULAR = frozenset(_REGULAR.split())
MUTUAL = frozenset(_MUTUAL.split())
# The relation that a noun names, and whether its bearer is the second of it.
NOUNS = (
    {noun: (relation, False) for relation, nouns, _ in _NOUNS for noun in nouns.split()}
    | {noun: (relation, True) for relation, _, nouns in _NOUNS for noun in nouns.split()}
    | {noun: (noun, False) for noun in _OTHER_NOUNS.split()}
)
ACTS = {noun: deed for deed, nouns in _ACTS for noun in nouns.split()}
COMPARATIVES = {word: (quality, False) for quality, words, _ in _MORE for word in words.split()} | {
    word: (quality, True) for quality, _, words in _MORE for word in words.split()
}


def verb_of(word: str) -> Verb | None:
    """The verb that a word in small letters is a form of, if it is one that is known here."""
    if word in VERBS:
        return VERBS[word]
    for ending in ("", "s", "d", "ed", "es", "ing"):
        bare = word.removesuffix(ending) if ending else word
        for base in (bare, f"{bare}e", f"{bare[:-1]}y" if bare.endswith("i") else bare, bare[:-1]):
            if base in REGULAR and (base != bare[:-1] or bare[-2:-1] == bare[-1:]):
                return Verb(base, "object")
    return None
