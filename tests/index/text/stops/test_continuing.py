"""Full stops of dates, ordinals and abbreviations end no sentence, in the languages that write them so."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from index.text.sentences import split_sentences
from index.text.stops.languages import languages_of
from index.types import Block, Span

# A sentence with a date in it, and the names of the months in it. Day and month are filled in.
DATED = {
    "Das Treffen fand am {day}. {month} 2025 in Köln statt.": (
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
    ),
    "Mødet blev holdt den {day}. {month} 2025 i København.": (
        "januar februar marts april maj juni juli august september oktober november december"
    ),
    "Møtet ble holdt den {day}. {month} 2025 i Oslo.": (
        "januar februar mars april mai juni juli august september oktober november desember"
    ),
    "Kokous pidettiin {day}. {month} 2025 Turussa.": (
        "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta"
        " lokakuuta marraskuuta joulukuuta"
    ),
    "Koosolek toimus {day}. {month} 2025 ja see oli pikk.": (
        "jaanuaril veebruaril märtsil aprillil mail juunil juulil augustil septembril oktoobril novembril"
        " detsembril"
    ),
    "Spotkanie odbyło się w Krakowie {day}. {month} 2025 roku.": (
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
    ),
    "Rada se sešla v Praze {day}. {month} 2025 a jednala.": (
        "ledna února března dubna května června července srpna září října listopadu prosince"
    ),
    "Rada sa zišla v Nitre {day}. {month} 2025 a rokovala.": (
        "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra"
    ),
    "A szerződés 2025. {month} {day}. napján lép hatályba.": (
        "január február március április május június július augusztus szeptember október november december"
    ),
    "Sestanek je bil {day}. {month} 2025 v Kranju.": (
        "januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra"
    ),
    "Sastanak je bio {day}. {month} 2025. u Splitu.": (
        "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca"
    ),
    "Toplantı bu yıl {day}. {month} günü yapıldı ve bitti.": (
        "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık"
    ),
}
# What stands around an ordinal that a capital follows.
ORDINALS = {
    "German": ("Das war {before} {number}. {noun}.", "der die das im am zum vom sein jede", "Weltkrieg Tag"),
    "Danish": ("Det var {before} {number}. {noun} i byen.", "den det sin", "Verdenskrig Armé"),
    "Finnish": ("Sen jälkeen {before} {number}. {noun} alkoi.", "tämä se oli", "Kansainvälinen Maailmansota"),
    "Polish": ("W Krakowie {before} {number}. {noun} tego roku.", "był na przed ten", "Kongres Festiwal"),
    "Czech": ("Na podzim {before} {number}. {noun} v Praze.", "byl na při ten", "Mezinárodní Světová"),
    "Hungarian": ("Budapesten {before} {number}. {noun} nem volt jó.", "a az ez", "Országos Nemzetközi"),
    "Croatian": ("U gradu {before} {number}. {noun} u zemlji.", "bio na taj u", "Međunarodni Svjetski"),
    "Turkish": ("Şehirde {before} {number}. {noun} çok sonra oldu.", "bu bir ve", "Dünya Uluslararası"),
}  # fmt: skip
# Sentences that refer to a number.
REFERENCES = """
    Vedi l'art. {n} della legge.
    En vertu de l'art. {n} du code, il paie.
    Voir chap. {n}, al. {n} et fig. {n} du livre.
    Véase la pág. {n} y el núm. {n} del anexo.
    Nos termos do art. {n}, pág. {n}, séc. {n}.
    Zie blz. {n}, nr. {n} en hfdst. {n} van de wet.
    Nach § {n} Abs. {n} und Art. {n} gilt das nicht.
    Zgodnie z art. {n} ust. {n} pkt {n} ustawy.
    Podle čl. {n} odst. {n} zákona č. {n} Sb.
    Podľa čl. {n} ods. {n} zákona č. {n}.
    Lásd a 3. em. {n}. szobát.
    Jf. lovens kap. {n}, stk. {n} og nr. {n}.
    Glej čl. {n} in št. {n} zakona.
    Vidi čl. {n} st. {n} i br. {n} zakona.
    Согласно ст. {n} п. {n} закона и рис. {n}.
    Згідно зі ст. {n} та табл. {n} закону.
    Bkz. md. {n} ve s. {n}.
    Conform art. {n} alin. {n} din cod.
    Se s. {n}, nr. {n} och kap. {n} i lagen.
    Ks. s. {n} ja nro. {n}.
"""
# Sentences that end with a number, and those that begin after it.
ENDS = {
    "English": ("The mill had {n}.", "The town rebuilt it.", "It was old.", "Peter left.", "Three stayed."),
    "French": ("Il a eu {n}.", "Marie est partie.", "La ville aussi."),
    "Spanish": ("Costó {n}.", "Pedro lo pagó.", "La ciudad no."),
    "Italian": ("Costava {n}.", "Pietro lo pagò.", "La città no."),
    "Portuguese": ("Custou {n}.", "Pedro não pagou.", "A cidade também."),
    "Dutch": ("Het kostte {n}.", "Piet heeft betaald.", "De stad niet."),
    "Swedish": ("Det kostade {n}.", "Per betalade inte.", "Staden också."),
    "German": ("Sie hat die Nummer {n}.", "Danach kommt nichts.", "Peter wohnt dort.", "Der Eingang ist da."),
    "Danish": ("Det kostede {n}.", "Peter betalte ikke.", "Han gik."),
    "Polish": ("Kosztowało to {n}.", "Piotr nie zapłacił.", "On wyszedł."),
    "Czech": ("Stálo to {n}.", "Petr nezaplatil.", "On odešel."),
}  # fmt: skip
NUMBERS = st.integers(1, 999)


def parts(text: str) -> list[str]:
    """The sentences of one paragraph."""
    block = Block("paragraph", Span(0, len(text)))
    return [sentence.span.of(text) for sentence in split_sentences(text, [block])]


@given(st.sampled_from(sorted(DATED)), st.integers(1, 31), st.integers(0, 11), st.booleans())
def test_a_date_is_within_its_sentence(template: str, day: int, month: int, capital: bool) -> None:
    """Twelve languages, every month, also with the capital of a heading; the sentence after it begins."""
    name = DATED[template].split()[month]
    sentence = template.format(
        day=day, month=name.capitalize() if capital and "2025." not in template else name
    )
    assert parts(sentence) == [sentence]


@given(st.sampled_from(sorted(ORDINALS)), NUMBERS, st.data())
def test_an_ordinal_is_within_its_sentence(language: str, number: int, data: st.DataObject) -> None:
    """Behind an article, preposition or "was", before a noun with a capital."""
    template, before, nouns = ORDINALS[language]
    sentence = template.format(
        before=data.draw(st.sampled_from(before.split())),
        number=number,
        noun=data.draw(st.sampled_from(nouns.split())),
    )
    assert parts(sentence) == [sentence]


@given(st.sampled_from([line.strip() for line in REFERENCES.split("\n") if line.strip()]), NUMBERS)
def test_a_reference_to_a_number_is_within_its_sentence(template: str, number: int) -> None:
    """Articles, paragraphs, pages and numbers of laws and books in twenty languages."""
    sentence = template.format(n=number)
    assert parts(sentence) == [sentence]


@settings(deadline=None)
@given(st.sampled_from(sorted(ENDS)), st.integers(1, 3000), st.data())
def test_a_sentence_may_end_with_a_number(language: str, number: int, data: st.DataObject) -> None:
    """What follows begins a sentence, so the stop ended one."""
    first, *others = ENDS[language]
    following = data.draw(st.sampled_from(others))
    assert parts(f"{first.format(n=number)} {following}") == [first.format(n=number), following]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Er kam am 1. 5. 2020 und ging am 12. 10. 2021.", None),
        ("We sat on the dl. Twelve men came.", ["We sat on the dl.", "Twelve men came."]),
        ("He ran 5 km. 12 people followed.", ["He ran 5 km.", "12 people followed."]),
        ("I am sure I don’t. I will not.", ["I am sure I don’t.", "I will not."]),
        ("He is 21. August is coming.", ["He is 21.", "August is coming."]),
        ("It was signed on 21. August 2020 in the city.", None),
        ("This is version 2. Der Spiegel wrote it.", ["This is version 2.", "Der Spiegel wrote it."]),
        ("En EE. UU. viven 300 millones de personas.", None),
        ("Les dirigeants, MM. Petit et Grand, ont signé.", None),
        ("Vedi il par. 7. La legge è chiara.", ["Vedi il par. 7.", "La legge è chiara."]),
        ("См. табл. 4. Всё ясно.", ["См. табл. 4.", "Всё ясно."]),
        ("Conforme a la Sra. García y el Ilmo. Sr. López.", None),
        ("Gezahlt wird nach § 5. Er zahlt.", ["Gezahlt wird nach § 5.", "Er zahlt."]),
        ("A törvény 5. §-a szerint a bérlő nem fizet.", None),
        ("Do it by 5. Peter will help you.", ["Do it by 5.", "Peter will help you."]),
    ],
)  # fmt: skip
def test_what_stands_around_a_stop_decides(text: str, expected: list[str] | None) -> None:
    """Worked examples (None: one sentence)."""
    assert parts(text) == ([text] if expected is None else expected)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The mill was in the town and it burned down", "English"),
        ("Die Mühle war in der Stadt und ist abgebrannt", "German"),
        ("Mlýn byl ve městě a nebyl to ten starý", "Czech"),
        ("A malom a városban volt, de már nem áll", "Hungarian"),
        ("Le moulin était dans la ville et il a brûlé", "French"),
        ("De molen stond in het dorp en is niet afgebrand", "Dutch"),
    ],
)
def test_function_words_tell_the_language(text: str, language: str) -> None:
    """The language with most of them."""
    assert languages_of(text) == {language}


def test_text_without_function_words_has_no_language() -> None:
    """Nothing is guessed from other words."""
    assert languages_of("Paris, 1987: Total 12") == frozenset()


PARAGRAPHS = (
    "Bringen Sie z. B. Brot, d. h. Gebäck, mit.",
    "Das Museum in St. Gallen hat u. a. Bilder von E. L. Kirchner.",
    "Frau Dipl.-Ing. Anna Berg leitet die Abt. Technik.|Die Fa. Meier & Co. KG liefert.|Siehe Abb. 4.",
    "Das Haus steht in der Bahnhofstr. 12 in Graz.",
    "Der Zug fährt tgl. Montag bis Freitag.|Er endet um 12.30 Uhr.",
    "Gem. § 5 Abs. 2 Nr. 1 haftet er.|Bzgl. Frage 3 gilt das auch.|Der Saal fasst max. 80 Personen.",
    "Les fruits, p. ex. Pommes et poires, sont bons.|C'est env. 5 km.|Il a 45 ans.|Elle arriva en 1990.",
    "Véase p. ej. Madrid.|Trabajan para EE. UU. desde 2001.|El pto. 3 es claro.|Eran 12.|Llovía.",
    "Il dott. Bianchi e l'avv. Conti arrivano alle ore 9.30.|La S.p.A. Fiat nacque nel 1899.",
    "Erano 12.|Pioveva.",
    "Mw. Jansen en prof. dr. De Boer spraken.|Het is m.a.w. Duidelijk.|Hij woont in St. Maarten.",
    "Św. Jan i bp. Nowak, tzw. Starszy, żyli tu.|Dnia 3 maja br. Sejm obradował.|Zob. str. 12.",
    "Sídlo je na nám. Míru 5.|Zákon č. 89/2012 Sb. platí.|Kniha má 120 str.",
    "Vyšla loni.|Bylo jich 12.|Pršelo.",
    "D-na Popescu locuiește pe str. Lungă nr. 5.|Vezi art. 3 alin. 2 lit. b).|A venit la ora 10.30.",
    "Türkiye'de Prof. Dr. Ahmet Yılmaz konuştu.|Atatürk Cad. No. 5 adresindedir.",
    "O κ. Παπαδόπουλος μένει στην οδό Ερμού, αρ. 5.|Δες σελ. 12.",
    "In re Smith, No. 05-123 (2d Cir. 2006), was cited.|The score was 3.",
    "The team left.|The answer is no.|She left.",
    "United States ex rel. Brodno is pending.|In State ex rel. Adams v. Marlow Corp. the court ruled.",
    "Under Fed. R. Civ. P. 12 it failed.|See 12 F. Supp. 3d 45 and Adams et al. Marlow.|They lost.",
)


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_paragraphs_full_of_stops_are_cut_where_their_sentences_end(paragraph: str) -> None:
    """Abbreviations before names and numbers, spaced ones, decimals; and numbers that do end a sentence."""
    wanted = paragraph.split("|")
    assert parts(" ".join(wanted)) == wanted


def test_centuries_are_counted_whatever_stands_before() -> None:
    """An adjective between the article and the number changes nothing; in English a stop is a stop."""
    assert sentences_of("Sie entstand im späten 15. Jahrhundert in der Stadt.") == 1
    assert sentences_of("Wer sie ist, weiß man seit Anfang des 19. Jahrhunderts nicht mehr.") == 1
    assert sentences_of("The score was 15. Bavaria won.") == 2


def sentences_of(text: str) -> int:
    """How many sentences a text has."""
    return len(list(split_sentences(text, [Block("paragraph", Span(0, len(text)))])))
