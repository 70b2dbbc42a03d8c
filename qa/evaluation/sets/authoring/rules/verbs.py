"""English verbs whose past forms can be turned back: "agreed" to "agree", "met" to "meet"."""

from __future__ import annotations

from typing import Final

_IRREGULAR = """
    met-meet led-lead left-leave won-win lost-lose sold-sell bought-buy built-build gave-give took-take
    went-go came-come became-become began-begin wrote-write spoke-speak told-tell held-hold made-make
    found-find brought-bring sent-send paid-pay grew-grow rose-rise fell-fall drew-draw flew-fly
    broke-break chose-choose withdrew-withdraw withstood-withstand swore-swear stood-stand set-set
    put-put cut-cut shut-shut hit-hit died-die married-marry applied-apply denied-deny replied-reply
    tried-try carried-carry supplied-supply planned-plan banned-ban stopped-stop dropped-drop
    shipped-ship cancelled-cancel admitted-admit permitted-permit referred-refer controlled-control
    signalled-signal travelled-travel canceled-cancel signaled-signal traveled-travel
"""
_ADD_E = """
    agree announce issue change propose close leave receive release replace produce reduce introduce
    approve arrive acquire argue accuse advise allege arrange assume authorize bribe capture cease
    celebrate challenge charge cite combine compare complete compose conclude continue create criticise
    criticize damage decide declare decline decrease define demonstrate describe determine devise
    dictate donate double educate emerge encourage engage estimate evacuate evaluate examine exchange
    exclude excuse execute exercise expose finance force generate graduate guarantee ignore illustrate
    impose improve include increase indicate invade invite involve isolate judge liberate license locate
    manage measure merge migrate move negotiate nominate note notice observe operate oppose organise
    organize outline participate pledge postpone praise prepare preside promise prove provide pursue
    raise realise realize recognise recognize relate remove renounce rescue reserve resolve restore
    retire revise sacrifice schedule score seize separate serve settle share state store suppose
    surprise survive terminate trace trade translate underline unite update urge use value vote welcome
"""
_PLAIN = """
    abandon accept account add adopt advance affirm affect aim alert answer appeal appear appoint
    approach assert assign assist attack attempt attend await award back belong blame block boost borrow
    call campaign claim collect commission commit-committed complain condemn confirm connect consider
    consult contact contain contest contract contribute-contributed convert cross debut deliver demand
    depart deposit destroy detail detain develop discover discuss dismiss display doubt draft earn edit
    elect employ end enter establish exhibit expand expect explain export extend fail fight-fought film
    finish fix follow form found fund gain grant halt hand help highlight host import inform inherit
    insist inspect install intend invent investigate-investigated invest join label lack land last
    launch lift limit list maintain mark mention mount obtain offer open order overturn own paint pardon
    pass perform point present press prevent print privilege proceed protest publish push question
    quit-quit reach recall record recover reform refuse-refused register reject remain remark remind
    repair repeat report represent request require-required resign respond result return reveal-revealed
    rule scrap seek-sought select sentence-sentenced show sign stage start stress suggest suspend
    sustain talk test threaten transfer-transferred turn unveil-unveiled visit wait warn warrant weaken
    win-won withhold-withheld work
"""


def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for pair in _IRREGULAR.split():
        past, _, base = pair.partition("-")
        table[past] = base
    for words, ending in ((_ADD_E, "d"), (_PLAIN, "ed")):
        for word in words.split():
            base, _, past = word.partition("-")
            table[past or base + ending] = base
    return table


# Of past forms the bare ones.
BASE_OF: Final = _table()
# Forms with which somebody says, does or decides something, so that "who" can ask for them.
_SAYING = "said says told wrote added argued warned insisted recalled explained"
SAYING: Final = frozenset(_SAYING.split())
_AUXILIARIES = "is are was were has have had will would can could must should may"
AUXILIARIES: Final = frozenset(_AUXILIARIES.split())


_BASES: Final = frozenset((*BASE_OF.values(), "say", "ask", "sanction", "call", "plan", "need", "like"))


def base_clause(clause: str) -> str:
    """A clause with its verb as "did" wants it, "" where none of its words is a verb that is known.

    >>> base_clause("Anna asks for help"), base_clause("Anna and Bo met"), base_clause("Anna, 44")
    ('Anna ask for help', 'Anna and Bo meet', '')
    """
    words = clause.split()
    for at, word in enumerate(words[1:], 1):
        forms = (BASE_OF.get(word, ""), word, word.removesuffix("s"), word.removesuffix("es"))
        if base := next((form for form in forms if form in _BASES), ""):
            return " ".join((*words[:at], base, *words[at + 1 :]))
    return ""
