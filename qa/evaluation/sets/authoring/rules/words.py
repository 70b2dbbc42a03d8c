"""The word lists of the rules: countries, invented names, offices, words that are no names."""

from __future__ import annotations

from typing import Final

# Countries that near misses are asked about, with the word for what is of them.
_COUNTRIES = """
    Portugal-Portuguese Norway-Norwegian Chile-Chilean Kenya-Kenyan Peru-Peruvian Estonia-Estonian
    Ghana-Ghanaian Croatia-Croatian Vietnam-Vietnamese Uruguay-Uruguayan Iceland-Icelandic
    Morocco-Moroccan Nepal-Nepalese Tunisia-Tunisian Malaysia-Malaysian Ireland-Irish Finland-Finnish
    Zambia-Zambian Bolivia-Bolivian Oman-Omani Albania-Albanian Jordan-Jordanian Senegal-Senegalese
    Mongolia-Mongolian
"""
# Countries and peoples that are exchanged for them.
_KNOWN_COUNTRIES = """
    Russia Ukraine Hungary Germany France Italy Spain Poland Turkey China India Japan Brazil Canada
    Mexico Egypt Israel Iran Iraq Sweden Denmark Austria Switzerland Belgium Netherlands Greece Romania
    Bulgaria Serbia Slovakia Czechia Britain England Scotland Wales America Australia Nigeria Ethiopia
    Argentina Colombia Venezuela Cuba Indonesia Thailand Pakistan Afghanistan Taiwan Singapore
    Luxembourg Latvia Lithuania Slovenia Georgia Armenia Kazakhstan Belarus Moldova
"""
_KNOWN_PEOPLES = """
    Russian Ukrainian Hungarian German French Italian Spanish Polish Turkish Chinese Indian Japanese
    Brazilian Canadian Mexican Egyptian Israeli Iranian Iraqi Swedish Danish Austrian Swiss Belgian
    Dutch Greek Romanian Bulgarian Serbian Slovak Czech British English Scottish Welsh American
    Australian Nigerian Ethiopian Argentine Colombian Venezuelan Cuban Indonesian Thai Pakistani Afghan
    Taiwanese Latvian Lithuanian Slovenian Georgian Armenian Kazakh Belarusian Moldovan
"""
# Invented names, for companies, ships, products and the like.
_THINGS = """
    Halvorsen Brandvik Castellane Merriwick Ostrander Quenby Tavistock Ravensholt Delacourt Winterbourne
"""
# Words that are no names though they open a sentence with a capital.
_COMMON = """
    a according after all also although an and another any as at because before both but by despite
    during each even every few following for from furthermore he hence her here his how however i if in
    instead into it its just many meanwhile moreover most much my no nor not now of off on one only onto
    or other our out over several she since so some still such that the their then there therefore these
    they this those though three thus to today tomorrow two under until up we what when where which
    while who why with yes yesterday yet you your
"""
# Things of which there is one, so that "the" says which.
_UNIQUE = """
    agenda army battlefield earth east economy european future government internet law market media moon
    north past police present press public sea sky south sun united weather west world
"""
# Words that end what somebody is.
_OFFICES = """
    Affairs Ambassador Chairman Chairwoman Chancellor Commissioner Defence Defense Director Executive
    Finance General Governor Minister Officer President Secretary State
"""
# What "who" can ask for in "Anna Ek, who leads the bank,".
_LEADING = """
    built chairs created designed developed directs discovered edits founded headed heads invented leads
    led manages owns represents runs teaches won wrote
"""
# What amounts do, in many periods.
_AMOUNTS = """
    decline decrease earn fall gain grow increase rise
"""
# Invented people.
_PERSONS = """
    Henrik Solberg | Margaret Ellwood | Tomás Quintela | Aiko Murakami | Daniel Achterberg | Lucía
    Ferrand | Oskar Lindqvist | Priya Raghunath | Edwin Marlowe | Beatriz Cardenal | Ivo Stanchev |
    Nadia Belhaj | Gareth Pryce | Helena Vasconcelos
"""

COUNTRIES: Final = dict(pair.split("-") for pair in _COUNTRIES.split())
KNOWN_COUNTRIES: Final = frozenset((*_KNOWN_COUNTRIES.split(), *COUNTRIES))
KNOWN_PEOPLES: Final = frozenset((*_KNOWN_PEOPLES.split(), *COUNTRIES.values()))
PERSONS: Final = tuple(" ".join(name.split()) for name in _PERSONS.split("|"))
THINGS: Final = tuple(_THINGS.split())
COMMON: Final = frozenset(_COMMON.split())
UNIQUE: Final = frozenset(_UNIQUE.split())
OFFICES: Final = frozenset(_OFFICES.split())
LEADING: Final = frozenset(_LEADING.split())
AMOUNTS: Final = frozenset(_AMOUNTS.split())
