"""English word lists for the checks of names and negations.

What they are for is said in `names.py` and `negation.py`; words that deny are in `index/text`.
"""

from __future__ import annotations

from index.text.months import ENGLISH_MONTHS, ENGLISH_SHORT, WEEKDAYS

# Capitalised with a name and no part of it; months and days of the week are added below.
_TITLES = """
    mr mrs ms miss dr prof professor sir lord lady dame saint st president vice prime minister secretary
    senator governor general king queen prince princess emperor pope bishop chancellor ambassador judge
    justice captain colonel major lieutenant sergeant admiral doctor chairman ceo chief jr sr foreign state
    department government republic kingdom city river mountain lake university institute company corporation
    inc ltd co north south east west northern southern eastern western central new old great world earth god
    ad bc ce bce am pm tv ok i english internet no yes
"""
# Words that open a sentence and name nobody.
_OPENERS = """
    people many some most several others another someone everyone anyone nobody nothing everything something
    anything today later now since following according based due because despite although however instead
    additionally also while whereas thus therefore hence still yet even other certain part much little few
    less first second third next last finally overall life time work research evidence data information
"""
# Words that, after the first of a sentence, make that one a name if it is no common word.
_VERBS = """
    is was has had said says will would can could may might did does became wrote made began won led took
    also and or gave came went got found held stood knew told thinks believes wants who
"""
# German capitalises every noun.
_GERMAN = """
    der die das und ist nicht ein eine einen dem den wurde auf sich
"""
# Endings by which the words for a place and its people differ.
_PEOPLE = """
    an ans ian ians n ns ean ese i is ish ic ite ites er ers e ia a y land s al ine in ne o os os'
"""
# Words that end what a negation before them is about.
_BREAKS = """
    but although though because while whereas however unless
"""
# Stems and words that say no in another way, or half.
_HEDGES = """
    reject ban prohibit forbid forbidden prevent avoid stop ceas end oppos opposit few littl rather instead
    except exclud exempt differ less minu loss lost lose miss doubt contest unlik unlike unless until yet
    befor too despit free hard difficult only but cancel halt block abandon withdraw withdrew against out
    limit restrict minim reduc unknown disput controversi absent abolish remov delay postpon suspend imposs
    disagre rule contrari ignor far longer
"""
# Words between a negation and what it is about.
_EMPTY = """
    also ever any true case yet even still much many make made get got become became so
"""
# Countries and peoples that do not begin alike, a group a line.
_KIN = """
    us usa america american americans united
    uk britain british briton britons england english united kingdom
    france french frenchman frenchmen
    netherlands dutch holland
    germany german germans
    spain spanish spaniard spaniards
    denmark danish dane danes
    poland polish pole poles
    sweden swedish swede swedes
    turkey turkiye turkish turk turks
    greece greek greeks hellenic
    ireland irish
    wales welsh
    scotland scottish scots scot scotch
    switzerland swiss
    norway norwegian norwegians
    finland finnish finn finns
    thailand thai thais
    czechia czech czechs
    philippines filipino filipinos philippine
    ussr soviet soviets
    russia moscow kremlin russian
    iceland icelandic
    europe european europeans eu
    cyprus cypriot cypriots
    lebanon lebanese
    afghanistan afghan afghans
    argentina argentine argentinian
    peru peruvian
    christianity christian christ
    islam islamic muslim muslims
    judaism jewish jew jews
    kyiv kiev
    prc china chinese
"""

TITLES = frozenset((*_TITLES.split(), *ENGLISH_MONTHS, *ENGLISH_SHORT, *WEEKDAYS))
OPENERS = frozenset(_OPENERS.split())
VERBS = frozenset(_VERBS.split())
GERMAN = frozenset(_GERMAN.split())
PEOPLE = frozenset((*_PEOPLE.split(), ""))
BREAKS = frozenset(_BREAKS.split())
HEDGES = frozenset(_HEDGES.split())
EMPTY = frozenset(_EMPTY.split())
KIN = {word: group for group, line in enumerate(_KIN.strip().splitlines()) for word in line.split()}
