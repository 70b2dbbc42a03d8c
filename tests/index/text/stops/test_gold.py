"""Sentences of 23 languages, parted as a reader of each would part them."""

from __future__ import annotations

import pytest

from index.text.sentences import split_sentences
from index.types import Block, Span

# One paragraph a line; ‖ stands between two sentences.
GOLD = """
# English
The mill burned down in 1987.‖The town rebuilt it.
It cost 12.‖He paid.
She was number 3.‖Peter came second.
The vote was 21 to 19.‖March followed suit.
See art. 12 of the treaty.‖It applies.
See No. 5 and p. 12 of vol. 3, sec. 4, for details.
The total was $1,577.25 in fiscal 2016.‖Revenue rose by 3.4%.
World War II.‖The Allies won it.
Page 7.‖Chapter 3.‖Nothing else.
He died in 44 B.C. and not before.
Of the 31 members, 12 came on Oct. 3, 2025.‖Nobody left.
I am 12.‖John is 13.
We drove 300 miles.‖12 people came along.
# German
Die Sitzung fand am 3. Oktober 2025 statt.‖Danach wurde gefeiert.
Der 2. Weltkrieg begann 1939.‖Er endete 1945.
Im 19. Jahrhundert wuchs die Stadt.‖Sie wurde reich.
Die Frist endet am 31. Dezember.‖Es gibt keine Verlängerung.
Nach § 5 Abs. 2 Satz 1 gilt das nicht.‖Siehe auch Art. 12 GG.
Die Miete beträgt ca. 500 Euro, d. h. 6000 Euro im Jahr.
Bitte bis zum 15. Mai bzw. 1. Juni zahlen.
Er wurde 1987 geboren.‖Die Mühle brannte 1990.
Das Haus hat die Nummer 12.‖Der Eingang liegt hinten.
Sie wurde 45.‖Danach zog sie weg.
Kaiser Wilhelm II. besuchte am 5. März die Stadt.‖Viele kamen.
Der 1. FC Köln gewann sein 3. Spiel in Folge.
Das Treffen ist am Mo., 3. Nov., um 10 Uhr, z. B. im Saal Nr. 4.
Die Mühle brannte im Jahr 1987.‖Das Dorf baute sie wieder auf.
Der Vertrag läuft bis 2030.‖Die Kosten betragen rd. 3 Mio. Euro p. a. inkl. MwSt.
Siehe Seite 12.‖Kapitel 3 folgt.
In der 2. Bundesliga spielt er seit der 10. Klasse.
Jede 3. Frau und jeder 4. Mann stimmten zu.
Frau Prof. Dr. Müller, geb. Meier, kam um 9 Uhr.‖Sie ging um 12.
Am 24. und 25. Dezember bleibt das Büro zu.‖Ab dem 2. Januar ist es offen.
# French
En vertu de l'art. 12 du code, il paie.‖Elle refuse.
Voir p. 5, al. 2 et fig. 3.‖Tout est dit.
M. Dupont arrive le 3 octobre 2025.‖Mme Durand part.
L'usine a brûlé en 1987.‖La ville l'a reconstruite.
Il a eu 12.‖Marie a eu 15.
Le n° 5 et le no. 6 sont vides.
Cf. l'art. L. 121-3 et l'annexe n. 4.
Le prix est de 12 euros env. par jour.
L'arrêt du 3 janv. 2020 fait foi, cf. chap. 2.
J.-C. Martin et le Dr. Petit sont venus.‖Ils sont repartis.
Les dirigeants, c.-à-d. MM. Petit et Grand, ont signé.
# Spanish
Según el art. 12 de la ley, se paga.‖No hay multa.
Véase la pág. 5 y el núm. 3 del anexo.‖Está claro.
El molino ardió en 1987.‖La ciudad lo reconstruyó.
La Sra. García y el Dr. López llegaron el 3 de octubre de 2025.
Costó 12.‖Pedro pagó.
El 3 de mayo de 2024 hubo 21.‖Nadie faltó.
En EE. UU. viven 300 millones.‖Son muchos.
El apdo. 4 y el cap. 2 lo dicen.
Vive en la Av. Libertad, núm. 7, 3.º izq., de Madrid.
Felipe II.‖El rey murió en 1598.
El Excmo. Sr. alcalde firmó el decreto n.º 5 de 2020.
# Italian
Ai sensi dell'art. 12 del codice, si paga.‖Non c'è multa.
Vedi pag. 5 e la legge n. 241 del 1990.‖È chiaro.
Il mulino bruciò nel 1987.‖La città lo ricostruì.
Il sig. Rossi e la dott.ssa Bianchi sono arrivati il 3 ottobre 2025.
Costava 12.‖Pietro pagò.
Il D.Lgs. n. 81 e l'art. 3, co. 2, lo dicono.
Il cap. 3 e la fig. 4 sono utili.‖Vedi anche il par. 7.
La prof. Verdi abita in via Roma n. 5.
Nel sec. XIX la città crebbe.‖Diventò ricca.
I soci, ecc. possono votare.
# Portuguese
Nos termos do art. 12 do código, paga-se.‖Não há multa.
Ver pág. 5 e o n.º 3 do anexo.‖É claro.
O moinho ardeu em 1987.‖A cidade reconstruiu-o.
O Sr. Silva e a Dra. Costa chegaram a 3 de outubro de 2025.
Custou 12.‖Pedro pagou.
O séc. XIX foi longo, cf. cap. 2 e fl. 7.
Lei n. 5 de 2020, inc. 3, al. 4.‖Entra em vigor hoje.
A Av. Brasil, nº 7, fica no Rio.
O Exmo. Sr. Presidente falou às 12.‖Todos ouviram.
O prof. Alves lê a p. 12.
# Dutch
Volgens art. 12 van de wet moet hij betalen.‖Hij weigert.
Zie blz. 5 en nr. 3 van de bijlage.‖Het is duidelijk.
De molen brandde af in 1987.‖De stad herbouwde hem.
Dhr. Jansen en mevr. De Vries kwamen op 3 oktober 2025.
Het kostte 12.‖Piet betaalde.
Dat is o.a. in de 19e eeuw gebeurd, m.a.w. lang geleden.
De huur is ca. 500 euro p.m. excl. btw.
Zie hfdst. 3, par. 4, d.w.z. het eind.
Het boek telt 300 blz. en kost 12 euro.‖Jan leest het.
Mr. A. Bakker is t.a.v. lid 2 akkoord.
# Polish
Zgodnie z art. 5 ust. 2 pkt 3 ustawy umowa wygasa.‖Kara nie grozi.
W 12. rocznicę przyszło 300 osób.‖Nikt nie wyszedł.
Młyn spłonął w 1987 r. i nie istnieje.
Zob. str. 5 i nr 3, rozdz. 4, np. rys. 2.
Spotkanie odbyło się 3 października 2025 r. w Krakowie.
Dz. U. z 2020 r. poz. 1234, t. 2.
Ul. Długa 5 m. 12 jest pusta.
Prof. dr hab. Jan Nowak mówił o 2. wojnie światowej.
W XIX w. miasto rosło.‖Było bogate.
Kosztowało to 12.‖Piotr zapłacił.
To było 45. Spotkanie Rady w tym roku.
Umowa obejmuje ok. 5 tys. osób, tj. 3 proc. ludności.
# Czech
Podle čl. 5 odst. 2 písm. a) zákona platí smlouva.‖Pokuta nehrozí.
Zákon č. 12 ze dne 2. května 2020 platí.‖Nikdo neprotestoval.
Dne 3. října 2025 se sešla rada.‖Přišlo 300 lidí.
Mlýn shořel v roce 1987.‖Město ho obnovilo.
Viz s. 5, tab. 3 a obr. 4, např. kap. 2.
Císař Karel IV. založil v 14. století univerzitu.
Bylo to ve 2. světové válce.‖Město trpělo.
Stálo to 12.‖Petr zaplatil.
Ing. Novák a MUDr. Malá bydlí v ul. Dlouhá č. p. 7.
V 19. a 20. století rostlo i tzv. Nové Město.
Cena je cca 500 Kč, tj. 20 eur vč. DPH.
Dne 1. 5. 2020 a 12. 10. 2021 bylo zavřeno.
# Slovak
Podľa čl. 5 ods. 2 zákona č. 12 zmluva platí.‖Pokuta nehrozí.
Dňa 3. októbra 2025 sa zišla rada.‖Prišlo 300 ľudí.
V 19. storočí mesto rástlo.‖Bolo bohaté.
Mlyn zhorel v roku 1987.‖Mesto ho obnovilo.
Pozri str. 5, obr. 4, napr. kap. 2.
Stálo to 12.‖Peter zaplatil.
Dňa 1. 5. 2020 o 9. hod. bolo zatvorené.
Bolo to v 2. svetovej vojne, t. j. dávno.
Ing. Novák býva na ul. Dlhá č. 7.
Mal 2. Medzinárodnú cenu v rade.
# Hungarian
A szerződés 2025. október 3-án lép hatályba.‖Addig nem érvényes.
Lásd a 12. oldalon és az 5. pontban.‖Ott minden áll.
A malom 1987. május 2. napján égett le.‖A város újjáépítette.
A 2. világháború után nőtt a város.
A 2020. évi V. törvény 5. §-a szerint fizet.
IV. Béla király 1270. május 3-án halt meg.
Kelt: Budapest, 2025. október 3.‖A bizottság aláírta.
Dr. Kovács János és id. Nagy Péter kb. 5-kor jött, pl. busszal.
A XIX. század elején épült.‖Szép ház.
Az ár 12.‖Péter fizetett.
Ez a 45. Nemzetközi Vásár.‖Sokan jöttek.
A Kossuth u. 7. sz. alatt, a 3. em. 2. ajtónál lakik.
A 12. Országos Kongresszus júniusban lesz.
# Danish
Mødet fandt sted den 3. oktober 2025.‖Alle kom.
Se s. 5 og nr. 3, jf. § 2, stk. 4, i loven.‖Det er klart.
I det 19. århundrede voksede byen.‖Den blev rig.
Møllen brændte i 1987.‖Byen byggede den op igen.
Det gælder bl.a. den 2. maj og ca. 5 andre dage.
Den 2. Verdenskrig begyndte i 1939.‖Den sluttede i 1945.
Det kostede 12.‖Peter betalte.
Christian 4. byggede Rundetårn.‖Han døde i 1648.
Den 1. januar f.eks. er der lukket, dvs. helt lukket.
Kl. 9. begynder mødet.
# Norwegian
Møtet fant sted den 3. oktober 2025.‖Alle kom.
Jf. lovens § 5, kap. 3, nr. 4.‖Det er klart.
På 19. mai var det stengt.‖Ingen kom.
Møllen brant i 1987.‖Byen bygde den opp igjen.
Det gjelder bl.a. 2. verdenskrig og ca. 5 andre kriger.
Det kostet 12.‖Per betalte.
Harald 5. ble konge i 1991.
Den 17. Mai er en fridag.‖Alle har fri.
Se s. 12 og fig. 3, dvs. den siste.
# Swedish
Mötet hölls den 3 oktober 2025.‖Alla kom.
Se s. 5 och nr. 3, jfr. 2 kap. 4 § i lagen.‖Det är klart.
Kvarnen brann 1987.‖Staden byggde upp den.
Det gäller bl.a. Sverige och t.ex. Norge.
Det kostade 12.‖Per betalade.
Det tog ca. 5 år, dvs. hela tiden.
Han bodde på Storgatan nr. 7.‖Hon bodde mittemot.
Kl. 12 var alla där, m.fl. kom senare.
# Finnish
Kokous pidettiin 3. lokakuuta 2025.‖Kaikki tulivat.
Katso s. 5 ja nro. 3, ks. myös luku 2.‖Se on selvä.
Mylly paloi vuonna 1987.‖Kaupunki rakensi sen.
Se maksoi 12.‖Pekka maksoi.
1800-luvulla ja 2. maailmansodan aikana kaupunki kasvoi.
Kaupunki kasvoi 19. vuosisadalla esim. Turussa.
Se alkaa klo. 9 ja kestää n. 5 tuntia.
Hän asuu 3. kerroksessa.‖Hissiä ei ole.
Tämä on 45. Kansainvälinen kongressi.
# Slovene
Sestanek je bil 3. oktobra 2025.‖Prišli so vsi.
Po čl. 5 in št. 12 zakona pogodba velja.‖Kazni ni.
V 19. stoletju je mesto raslo.‖Bilo je bogato.
Mlin je pogorel leta 1987.‖Mesto ga je obnovilo.
Glej str. 5, npr. sliko 3 oz. tab. 4.
To je bilo v 2. svetovni vojni.‖Mesto je trpelo.
Dne 1. 5. 2020 je bilo zaprto, tj. cel dan.
# Croatian
Sastanak je bio 3. listopada 2025.‖Svi su došli.
Prema čl. 5 st. 2 i br. 12 zakona ugovor vrijedi.‖Kazne nema.
U 19. stoljeću grad je rastao.‖Bio je bogat.
Mlin je izgorio 1987. godine.‖Grad ga je obnovio.
Vidi str. 5, npr. sliku 3 i tab. 4.
To je bilo u 2. svjetskom ratu.‖Grad je patio.
Bio je to 45. Međunarodni sajam u gradu.
Od 1. siječnja do 31. prosinca 2020. vrijede iste cijene.
# Russian
Согласно ст. 5 п. 2 закона, договор действует.‖Штрафа нет.
Мельница сгорела в 1987 г. в Твери.‖Город её восстановил.
См. стр. 5, рис. 3 и табл. 4.‖Всё ясно.
Это стоило 12.‖Пётр заплатил.
Он родился 3 октября 1987 года.‖Мать умерла.
В г. Москве живёт 12 млн. человек, т. е. много.
Адрес: ул. Ленина, д. 5, кв. 12.
И. И. Иванов приехал в XIX в. и остался.
Это было в 300 г. до н. э. в Риме.
Проф. Петров и акад. Сидоров ушли.
# Turkish
Toplantı 3. Ekim günü yapıldı.‖Herkes geldi.
Bkz. s. 5 ve md. 12.‖Açıktır.
Değirmen 1987 yılında yandı.‖Şehir onu yeniden yaptı.
Şehir 19. yüzyılda büyüdü.‖Zengin oldu.
Kanunun 5. maddesi ve No. 12 geçerlidir.
Bu 2. Dünya Savaşı sırasında oldu.
Fiyatı 12.‖Ali ödedi.
# Estonian
Koosolek toimus 3. oktoobril 2025.‖Kõik tulid.
Vt lk. 5 ja nr. 3.‖See on selge.
Linn kasvas 19. sajandil.‖See sai rikkaks.
Veski põles 1987. aastal.‖Linn ehitas selle üles.
See maksis 12.‖Peeter maksis.
# Latvian
Sanāksme notika 2025. gada 3. oktobrī.‖Visi ieradās.
Sk. 5. lpp. un 3. pantu.‖Tas ir skaidrs.
Pilsēta auga 19. gadsimtā.‖Tā kļuva bagāta.
Tas maksāja 12.‖Pēteris samaksāja.
# Romanian
Conform art. 12 din cod, se plătește.‖Nu există amendă.
Vezi pag. 5 și nr. 3, alin. 2, lit. a.‖Este clar.
Moara a ars în 1987.‖Orașul a refăcut-o.
A costat 12.‖Petru a plătit.
# Ukrainian
Згідно зі ст. 5 п. 2 закону, договір діє.‖Штрафу немає.
Млин згорів у 1987 р. в Києві.‖Місто його відбудувало.
Див. с. 5, рис. 3.‖Усе ясно.
Це коштувало 12.‖Петро заплатив.
"""


def _paragraphs() -> list[tuple[str, str]]:
    language = ""
    found = []
    for line in GOLD.strip().split("\n"):
        if line.startswith("# "):
            language = line[2:]
        else:
            found.append((language, line))
    return found


@pytest.mark.parametrize(("language", "marked"), _paragraphs())
def test_sentences_end_where_a_reader_ends_them(language: str, marked: str) -> None:
    """Numbers, dates, ordinals and abbreviations of law, trade and letters."""
    expected = marked.split("‖")
    text = " ".join(expected)
    block = Block("paragraph", Span(0, len(text)))
    assert [sentence.span.of(text) for sentence in split_sentences(text, [block])] == expected, language
