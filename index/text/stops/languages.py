"""The language of a stretch of text, by its function words.

Only as far as sentence ends need it: whether the language writes an ordinal number with a full stop ("der 2.
Weltkrieg"). Those that do not are here so as not to be taken for one that does.
"""

from __future__ import annotations

import re
from collections import Counter

_FUNCTION_WORDS = {
    "English": """
        a about after all also an and any are as at be because been but by can could did do does
        each for from had has have he her his how i if in into is it its may more most no not of on
        one or other our out over she so some such than that the their them then there these they
        this those to two under up was we were what when where which while who will with would you
        your
    """,
    "German": """
        aber alle als also am an auch auf aus bei beim bis da dabei dagegen daher damit danach dann
        das dass dem den denn der des deshalb dessen die dies diese dieser dieses doch dort durch
        ein eine einem einen einer eines er erst es für hat hatte hier ihr ihre im in ist ja jede
        jeder jedoch kein keine kann man mit nach nicht nichts noch nun nur ob oder ohne schon sehr
        sein seine seit sich sie sind so sowie sowohl über um und uns unser unter viele vom von vor
        war waren was weil wenn wer werden wie wir wird wo wurde wurden zu zum zur zwar zwischen
        zwei
    """,
    "French": """
        a au aux avec ce ces cette dans de des du elle elles en est et eu il ils je la le les leur
        leurs lui mais ne nous on ont ou où par pas plus pour qu que qui sa se ses son sont sur un
        une vous était été
    """,
    "Spanish": """
        a al como con de del desde el ella ellos en entre era es esta este esto está fue ha han
        hasta hay la las le lo los más muy no nos o para pero por que se según ser si sin sobre son
        su sus también un una y ya
    """,
    "Italian": """
        a ad al alla alle anche che chi come con da dal dalla degli dei del della delle di e è era
        gli ha hanno i il in la le lo ma nel nella non o per più quale questa questo se sei si sono
        su sua sul sulla suo un una uno
    """,
    "Portuguese": """
        a ao aos as com como da das de do dos e ela ele eles em entre era esta este foi há já mais
        mas muito na nas no nos não o os ou para pela pelo por quando que se sem ser seu seus sua
        são também um uma à é
    """,
    "Dutch": """
        aan al als bij dan dat de den der deze die dit door een en er geen had heeft hem het hij hoe
        hun ik in is je kan maar meer met mijn na naar niet nog of om omdat onder ook op over te tot
        uit van veel voor waar was wat we werd wij worden wordt zei zij zijn zo zou
    """,
    "Romanian": """
        a al ale au ca care ce cu de din după ea el este fi fost în la lui mai nu o pe pentru prin
        sa sau se și sunt un unei unui
    """,
    "Swedish": """
        alla att av blev de den det detta då där eller en ett från för han hade har hon i inte kan
        kommer man med men mot ni nu när och om på sedan ska som så till under upp ut var vi vid än
        är över
    """,
    "Nordic": """
        af alle at av ble blev da de den denne der det dette du efter eller en er et etter for fra
        fram før han har havde hadde hendes hun i ikke ingen jeg kan man med meget men mot mod mange
        må nå når og om op opp os over på sin sine sit sitt skal som så til ud under ut var ved vi
        vil være været år
    """,
    "Finnish": """
        ei eikä eivät en että hän he ja jo joka jos kaikki kanssa kuin kukaan kun lisäksi me minä
        mukaan mutta myös ne niin näin nyt ole oli olivat on ovat sekä se sen siellä sitten tai tämä
        tämän tähän vain vielä
    """,
    "Estonian": """
        aga ei ehk ei et ja juba ka kas kes kui kuid koos kõik ma me meie mida mis ning nad nii oli
        olid oma on pärast see seda selle siis ta tema tuli välja või
    """,
    "Latvian": """
        ar arī bet bija būs gan ir jau kā kas ko kur lai ne no par pēc pie pirms tā tad tas tie to
        un uz vai vairs viņa viņš visi
    """,
    "Polish": """
        a ale bez był była było byli co czy dla do gdy i ich jak jako jego jej jest już lub miał
        może na nad nie nikt niż o oba obaj od ona oni ono oraz po pod podczas ponieważ przed przez
        przy się są ta tak także tam te tego tej ten to tu tylko tym w we wtedy wszystkie wszyscy z
        za ze że
    """,
    "Czech": """
        a aby aj ale ani asi až bez bol bola bolo boli byl byla bylo byly být co či do ho i ich ja
        jak jako jeho jej její je jsme jsou k kde když která které který ktorá ktoré ktorý ku mal má
        mezi na nad nebo není nie nič než nikdo o od ode on ona oni po pod podľa podle potom pred
        před pri při pro pre proto protože s sa se si sme som sú ta tak také takže tam te ten tento
        to toho tu u už v ve však vo všichni všetci z za zo ze že
    """,
    "Hungarian": """
        a addig akkor ahol aki amely amelyek ami az azt azután be csak de e egy egyik el és ez ezek
        ezért ezt fel föl ha hanem hogy illetve is itt jól ki le lehet lesz majd már meg még mert
        mint minden most nagyon ne nem nincs ő ők össze ott pedig sem s sokan szerint után vagy van
        vannak volt
    """,
    "South Slavic": """
        a ali bil bila bile bili bilo bio bo če da do drugi ga i ili in iz ja je jer ji ju k kad
        kada kako kao kaj kar ker ki ko koja koje koji kot lahko na nad nakon nam ne nego ni nije
        niti no o od on ona oni ovaj ovo pa po pod pred pri prije prema s sa sam samo se si so su
        svi ta tada tako tam te ter to toga tu tudi u v već vsi z za zato zbog že što
    """,
    "Turkish": """
        ama ancak bir biz bu bunlar bunu çok da daha de değil diye en gibi her hem herkes için ile
        ise kadar ki mi ne o olan olarak oldu onlar onu sonra şu tüm var ve veya ya yok
    """,
}
# Before an ordinal in the languages that write one with a full stop: articles, prepositions, "was", "and".
_BEFORE_ORDINAL = {
    "German": """
        ab am an beim bis das dein deine deinen dem den der des die dies diese diesem diesen dieser
        ein eine einem einen einer eines erst erste ihr ihre ihrem ihren ihrer im ins je jede jedem
        jeden jeder jedes kein keine mein meine meinem meinen nach oder pro sein seine seinem seinen
        seiner seit und unser unsere unserem unseren vom von vor welche welchem welcher zum zur
        zwischen über
    """,
    "Nordic": """
        de den denne det dette din eller fra fram før hver hvert i min og på sin sit sitt til under
        ved
    """,
    "Finnish": "ja oli on se sen tämä tämän",
    "Estonian": "ja oli on see selle",
    "Latvian": "bija ir un tas šis",
    "Polish": """
        był była było byli do i jest jej jego ku na nad o od oraz po przed przez przy są tej ten tę
        w we z za ze
    """,
    "Czech": """
        a bol bola bolo byl byla bylo do i je její jeho k ke mal měl na nad o od po pod pred pro pre
        před při pri s so sú ta tato ten tento v ve vo z za ze zo
    """,
    "Hungarian": "a az e egy és ez is vagy",
    "South Slavic": "bila bili bilo bio do i ili in iz k na od oz po pred pri prije s taj ta to u v z za",
    "Turkish": "bir bu ve veya şu",
}
_LANGUAGES = {name: frozenset(words.split()) for name, words in _FUNCTION_WORDS.items()}
_ORDINALS = {name: frozenset(words.split()) for name, words in _BEFORE_ORDINAL.items()}
_BY_WORD: dict[str, tuple[str, ...]] = {
    word: tuple(name for name, words in _LANGUAGES.items() if word in words)
    for words in _LANGUAGES.values()
    for word in words
}
_WORD = re.compile(r"[^\W\d_]+")


def languages_of(text: str) -> frozenset[str]:
    """The languages whose function words are most of those in `text`: several if equal, none without any."""
    found = Counter(name for word in _WORD.findall(text.casefold()) for name in _BY_WORD.get(word, ()))
    most = max(found.values(), default=0)
    return frozenset(name for name, count in found.items() if count == most)


def write_ordinals(languages: frozenset[str]) -> frozenset[str]:
    """Those of `languages` that write an ordinal with a full stop; all that do, if none is given."""
    if "English" in languages:
        return frozenset()
    return languages & _ORDINALS.keys() if languages else frozenset(_ORDINALS)


# Centuries and the like, which are counted whatever stands before the number: "im späten 15. Jahrhundert".
_COUNTED = re.compile(
    r"jahrhundert(?:s|e[sn]?)?|jh|jhdt|jahrtausends?|århundrede[ts]?|århundre[ts]?|århundradet?|stolet[ií]|stol"
    r"|storočí|storočia|stoljeć[aeu]|stoletj[aeu]|század\w*|vuosisa[dt]\w*|sajandi\w*"
)


def is_ordinal(before: str, following: str, languages: frozenset[str]) -> bool:
    """True if a number and stop between two words is an ordinal, in a language that writes it so.

    `before` is "" where the number is the first word, after a comma or after a bracket. No function word
    follows an ordinal, and what stands before one is one of few.
    """
    writing = write_ordinals(languages)
    following = following.casefold()
    if any(following in _LANGUAGES[name] for name in writing):
        return False
    if writing and _COUNTED.fullmatch(following):
        return True
    return bool(writing) and (not before or any(before.casefold() in _ORDINALS[name] for name in writing))
