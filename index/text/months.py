"""Month names of seven languages, those in the dates of further ones, and English weekday names.

English, German, French, Spanish, Italian, Portuguese and Dutch. Keys are in small letters, months count from
1, days of the week from Monday = 0.
"""

from __future__ import annotations

from collections.abc import Iterable

_ENGLISH = "january february march april may june july august september october november december"
_GERMAN = "januar februar märz april mai juni juli august september oktober november dezember"
_WRITTEN_SMALL = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
)


def _numbered(names: str) -> dict[str, int]:
    return {name: number for number, name in enumerate(names.split(), 1)}


ENGLISH_MONTHS = _numbered(_ENGLISH)
ENGLISH_SHORT = _numbered("jan feb mar apr may jun jul aug sep oct nov dec") | {"sept": 9}
GERMAN_MONTHS = _numbered(_GERMAN)
# Every full name in any language.
FULL_MONTHS = {
    name: number
    for names in (_ENGLISH, _GERMAN, *_WRITTEN_SMALL)
    for name, number in _numbered(names).items()
}
# Short forms of the other languages and names without their accents. Some are words of sentences ("set",
# "out", "ago"), so they count only where nothing but a date can stand.
FOREIGN_SHORT = {
    name: number
    for number, names in (
        (1, "ene gen"),
        (2, "fevrier"),
        (3, "maerz marco"),
        (4, "abr"),
        (8, "aout ago"),
        (9, "set"),
        (10, "okt out"),
        (12, "decembre dez dic"),
    )
    for name in names.split()
}
_FURTHER = (
    "januar februar marts april maj juni juli august september oktober november december",  # Danish
    "januar februar mars april mai juni juli august september oktober november desember",  # Norwegian
    "januari februari mars april maj juni juli augusti september oktober november december",  # Swedish
    """tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta
    lokakuuta marraskuuta joulukuuta""",
    "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
    """jaanuaril veebruaril märtsil aprillil mail juunil juulil augustil septembril oktoobril novembril
    detsembril""",
    "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "ledna února března dubna května června července srpna září října listopadu prosince",
    "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra",
    "január február március április május június július augusztus szeptember október november december",
    "januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra",
    "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
)
_LISTED = [(name, number) for names in _FURTHER for name, number in _numbered(names).items()]
# Names in further languages, in the case that dates are written in. "Listopada" is October in Croatian and
# November in Polish: a month, but not which.
FURTHER_MONTHS = {name: number for name, number in _LISTED if name != "listopada"}
EVERY_MONTH = frozenset((*FULL_MONTHS, *ENGLISH_SHORT, *(name for name, _ in _LISTED)))
# Every full name as running text writes it: "October", "Oktober", "octobre". Small letters would make "may"
# and "march" months.
MONTHS_AS_WRITTEN = (
    *(name.capitalize() for name in dict.fromkeys((*ENGLISH_MONTHS, *GERMAN_MONTHS))),
    *dict.fromkeys(name for names in _WRITTEN_SMALL for name in names.split()),
)
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday"
WEEKDAYS = {name: number for number, name in enumerate(_WEEKDAYS.split())}


def any_of(names: Iterable[str]) -> str:
    """A regular expression for any of `names`, the longer ones first: "june" before "jun"."""
    return "|".join(sorted(names, key=len, reverse=True))
