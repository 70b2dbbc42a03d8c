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
# Endings by which the words for a place and its people differ.
_PEOPLE = """
    an ans ian ians n ns ean ese i is ish ic ite ites er ers e ia a y land s al ine in ne o os os'
"""
# Words that end what a negation before them is about.
_BREAKS = """
    but although though because while whereas however unless which who whom whose where when whether if
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
# Countries, peoples, cities and unions whose words do not begin alike, in English, German, French and
# Spanish, folded, a group a line.
_KIN = """
    us usa washington america american americans united amerika vereinigte etats unis estados unidos
    uk britain british briton britons england english united kingdom grossbritannien bretagne royaume
    france french frenchman frenchmen frankreich franzosisch francais francia frances
    netherlands dutch holland niederlande pays-bas paises
    germany german germans deutschland deutsch deutsche deutschen deutscher allemagne allemand alemania aleman
    spain spanish spaniard spaniards spanien spanisch espagne espagnol espana espanol
    denmark danish dane danes danemark dinamarca
    poland polish pole poles polen pologne polonia
    sweden swedish swede swedes schweden suede suecia
    turkey turkiye turkish turk turks turkei turquie turquia
    greece greek greeks hellenic griechenland grece grecia
    ireland irish irland irlande irlanda
    wales welsh
    scotland scottish scots scot scotch schottland ecosse escocia
    switzerland swiss schweiz suisse suiza
    norway norwegian norwegians norwegen norvege noruega
    finland finnish finn finns finnland finlande finlandia
    thailand thai thais
    czechia czech czechs tschechien tcheque checa
    philippines filipino filipinos philippine
    ussr soviet soviets sowjetunion urss
    russia moscow kremlin russian russland moskau moscou moscu kreml russie rusia ruso
    iceland icelandic island islandia
    europe european europeans eu europa ue
    cyprus cypriot cypriots zypern chypre chipre
    lebanon lebanese libanon liban libano
    afghanistan afghan afghans
    argentina argentine argentinian
    peru peruvian
    christianity christian christ
    islam islamic muslim muslims
    judaism jewish jew jews
    prc china chinese chinois chine beijing peking pekin
    un uno onu vereinte nations unies naciones unidas
    nato otan
    italy italian italians italien italie italia
    austria austrian osterreich autriche
    hungary hungarian ungarn hongrie hungria
    belgium belgian belgien belgique belgica
    ukraine ukrainian ukrainians ucrania ukrainisch kyiv kiev kiew
    israel israeli israelis israelien
    egypt egyptian agypten egypte egipto
    japan japanese japon japanisch
    vienna wien vienne viena
    warsaw warschau varsovie varsovia
    prague prag praga
    cologne koln colonia
    munich munchen
    geneva genf geneve ginebra
    brussels brussel bruxelles bruselas
    rome rom roma
    london londres
    jerusalem jerusalen
    gulf golf golfe golfo
"""
# Words of bodies and laws, whose names are translated: "Federal Court" for "Bundesgericht".
_TRANSLATED = """
    act agency agreement army assembly association authority bank bureau cabinet centre center chamber church
    code commission committee confederation conference congress constitution convention council court
    department directorate federal federation force forces foreign foundation fund government high house
    institute international interior justice law league ministry minister museum national office organisation
    organization parliament parliamentary party police prison protocol regulation republic school security
    senate society state station supreme treaty union university world
"""
# Stems of verbs that say no: a negation before one affirms.
_REFUSALS = "rule reject exclud oppos prohibit ban prevent forbid object contradict"
# What may stand between a negation and the date that it denies.
_BEFORE_DATES = "on in at by until from the of"
# Those who are "the two", where a number counts nobody new.
_PERSONS = """
    leaders presidents ministers men women sides countries parties companies nations governments states
    sources teams officials delegations brothers sisters friends rivals diplomats capitals
"""

TITLES = frozenset((*_TITLES.split(), *ENGLISH_MONTHS, *ENGLISH_SHORT, *WEEKDAYS))
OPENERS = frozenset(_OPENERS.split())
VERBS = frozenset(_VERBS.split())
PEOPLE = frozenset((*_PEOPLE.split(), ""))
BREAKS = frozenset(_BREAKS.split())
HEDGES = frozenset(_HEDGES.split())
PERSONS = frozenset(_PERSONS.split())
REFUSALS = frozenset(_REFUSALS.split())
BEFORE_DATES = frozenset(_BEFORE_DATES.split())
DATES = frozenset((*ENGLISH_MONTHS, *ENGLISH_SHORT, *WEEKDAYS))
EMPTY = frozenset(_EMPTY.split())
TRANSLATED = frozenset(_TRANSLATED.split())
_GROUPS = [line.split() for line in _KIN.strip().splitlines()]
# The groups of each word: "unidos" are states, "unidas" nations.
KIN = {
    word: tuple(group for group, words in enumerate(_GROUPS) if word in words)
    for words in _GROUPS
    for word in words
}
