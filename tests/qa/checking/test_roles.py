"""Claims that turn actor and patient of a cited text round are doubted; those in other words are not."""

from __future__ import annotations

import pytest

from qa.checking.rules import doubts

PAIRS = [
    (
        "Harrington sued Whitlock in 2019 over the patent.",
        "Whitlock was sued by Harrington over the patent in 2019.",
        "Whitlock sued Harrington in 2019 over the patent.",
    ),
    (
        "Harrington was sued by Whitlock for unpaid rent.",
        "Whitlock sued Harrington for unpaid rent.",
        "Harrington sued Whitlock for unpaid rent.",
    ),
    (
        "In March, the firm Nordal filed a lawsuit against Bexley over stolen designs.",
        "Nordal sued Bexley over stolen designs.",
        "Bexley sued Nordal over stolen designs.",
    ),
    (
        "Orica bought Tellus for 40 million dollars.",
        "Tellus was bought by Orica for 40 million dollars.",
        "Orica was bought by Tellus for 40 million dollars.",
    ),
    (
        "Orica, a maker of pumps, acquired its smaller rival Tellus in 2020.",
        "Tellus was acquired by Orica in 2020.",
        "Tellus acquired Orica in 2020.",
    ),
    (
        "Tellus sold its mine to Orica last year.",
        "Orica bought the mine from Tellus last year.",
        "Orica sold its mine to Tellus last year.",
    ),
    (
        "Lindqvist bought the painting from Moretti in 1931.",
        "Moretti sold the painting to Lindqvist in 1931.",
        "Lindqvist sold the painting to Moretti in 1931.",
    ),
    (
        "Karlsen gave Dupont the letters in Geneva.",
        "The letters were given to Dupont by Karlsen in Geneva.",
        "Dupont gave Karlsen the letters in Geneva.",
    ),
    (
        "Karlsen gave the letters to Dupont in Geneva.",
        "Dupont received the letters from Karlsen in Geneva.",
        "Karlsen received the letters from Dupont in Geneva.",
    ),
    (
        "The foundation was led by Abebe, who lent Okafor the money for the house.",
        "Okafor borrowed the money for the house from Abebe.",
        "Okafor lent Abebe the money for the house.",
    ),
    (
        "Okafor borrowed 500 pounds from Abebe.",
        "Abebe lent Okafor 500 pounds.",
        "Abebe borrowed 500 pounds from Okafor.",
    ),
    (
        "Brazil beat Sweden 5-2 in the final.",
        "Sweden were beaten 5-2 by Brazil in the final.",
        "Sweden beat Brazil 5-2 in the final.",
    ),
    (
        "Sweden lost to Brazil in the final.",
        "Brazil defeated Sweden in the final.",
        "Brazil lost to Sweden in the final.",
    ),
    (
        "Arsenal were defeated by Ajax after extra time.",
        "Ajax defeated Arsenal after extra time.",
        "Ajax were defeated by Arsenal after extra time.",
    ),
    ("Ajax won 2-1 against Arsenal.", "Arsenal lost 1-2 to Ajax.", "Arsenal won 2-1 against Ajax."),
    (
        "Senator Pike accused Governor Holt of taking bribes.",
        "Holt was accused by Pike of taking bribes.",
        "Holt accused Pike of taking bribes.",
    ),
    (
        "Holt was accused of fraud by Pike in a letter.",
        "Pike accused Holt of fraud in a letter.",
        "Pike was accused of fraud by Holt in a letter.",
    ),
    (
        "Pike blamed Holt for the delay.",
        "Holt was blamed for the delay by Pike.",
        "Holt blamed Pike for the delay.",
    ),
    (
        "Marta told Viktor that the bridge was closed.",
        "Viktor was told by Marta that the bridge was closed.",
        "Viktor told Marta that the bridge was closed.",
    ),
    (
        "Viktor asked Marta for the keys on Friday.",
        "On Friday Marta was asked for the keys by Viktor.",
        "On Friday Marta asked Viktor for the keys.",
    ),
    (
        "Pelletier succeeded Gagnon as chairman in 2014.",
        "Gagnon was succeeded as chairman by Pelletier in 2014.",
        "Gagnon succeeded Pelletier as chairman in 2014.",
    ),
    (
        "Gagnon was replaced by Pelletier in 2014.",
        "Pelletier replaced Gagnon in 2014.",
        "Gagnon replaced Pelletier in 2014.",
    ),
    (
        "Pelletier took over from Gagnon in 2014.",
        "Pelletier succeeded Gagnon in 2014.",
        "Gagnon took over from Pelletier in 2014.",
    ),
    (
        "Hale arrested Brandt at the station.",
        "Brandt was arrested at the station by Hale.",
        "Brandt arrested Hale at the station.",
    ),
    (
        "The rebels under Sato attacked the troops of Ueda at dawn.",
        "Ueda's troops were attacked at dawn by the rebels under Sato.",
        "The troops of Ueda attacked the rebels under Sato at dawn.",
    ),
    (
        "Austria invaded Serbia in August.",
        "Serbia was invaded in August by Austria.",
        "Serbia invaded Austria in August.",
    ),
    (
        "Serbia was invaded by Austria in August.",
        "Austria invaded Serbia in August.",
        "Austria was invaded by Serbia in August.",
    ),
    (
        "Hungary refused to hand the suspect over to Poland.",
        "Poland did not get the suspect, whom Hungary refused to hand over.",
        "Poland refused to hand the suspect over to Hungary.",
    ),
    (
        "Chen taught Alvarez the violin for six years.",
        "Alvarez was taught the violin by Chen for six years.",
        "Alvarez taught Chen the violin for six years.",
    ),
    (
        "Alvarez, a student of Chen, won the prize.",
        "Chen was the teacher of Alvarez, who won the prize.",
        "Chen, a student of Alvarez, won the prize.",
    ),
    ("Elena is the mother of Tomas.", "Tomas is the son of Elena.", "Tomas is the mother of Elena."),
    (
        "Vestra is a subsidiary of Kolmar.",
        "Kolmar is the parent of Vestra.",
        "Kolmar is a subsidiary of Vestra.",
    ),
    ("Vestra is owned by Kolmar.", "Kolmar owns Vestra.", "Kolmar is owned by Vestra."),
    (
        "Denmark is larger than Belgium.",
        "Belgium is smaller than Denmark.",
        "Belgium is larger than Denmark.",
    ),
    ("Lena earns more than Paul.", "Paul earns less than Lena.", "Paul earns more than Lena."),
    (
        "The train runs from Porto to Lisbon.",
        "The train runs to Lisbon from Porto.",
        "The train runs from Lisbon to Porto.",
    ),
    (
        "Mendel moved from Brno to Vienna in 1851.",
        "In 1851 Mendel moved to Vienna from Brno.",
        "Mendel moved from Vienna to Brno in 1851.",
    ),
    (
        "Rossi criticised Bianchi, and Verdi praised Bianchi.",
        "Bianchi was criticised by Rossi and praised by Verdi.",
        "Bianchi criticised Rossi, and Verdi praised Bianchi.",
    ),
    (
        "Novak, whom Ivanov had warned twice, left the town.",
        "Ivanov had warned Novak twice before he left the town.",
        "Novak had warned Ivanov twice.",
    ),
    (
        "Ivanov wrote to Novak in June to thank him for the books.",
        "In June Novak was thanked by Ivanov for the books.",
        "Novak wrote to Ivanov in June to thank him for the books.",
    ),
    (
        "Judge Amari fined Castell for contempt.",
        "Castell was fined for contempt by Judge Amari.",
        "Castell fined Judge Amari for contempt.",
    ),
    (
        "The Guardian interviewed Lowell twice before the vote.",
        "Lowell was interviewed twice by the Guardian before the vote.",
        "Lowell interviewed the Guardian twice before the vote.",
    ),
    (
        "Castell's lawyers asked Amari to step down.",
        "Amari was asked to step down by Castell's lawyers.",
        "Amari asked Castell's lawyers to step down.",
    ),
    (
        "After the talks in Tallinn, Reyes thanked Horvath for his patience.",
        "Horvath was thanked by Reyes for his patience after the talks in Tallinn.",
        "After the talks in Tallinn, Horvath thanked Reyes for his patience.",
    ),
    (
        "Reyes, who had been promoted by Horvath in May, resigned.",
        "Horvath promoted Reyes in May.",
        "Reyes promoted Horvath in May.",
    ),
    (
        "Samira sent Oscar three postcards from Fez.",
        "Oscar received three postcards from Samira.",
        "Samira received three postcards from Oscar.",
    ),
    (
        "The museum got the vase from Lady Renwick, to whom Hobbs had sold it.",
        "Hobbs sold the vase to Lady Renwick.",
        "Lady Renwick sold the vase to Hobbs.",
    ),
    (
        "Bauer persuaded Klein to sign the lease.",
        "Klein was persuaded by Bauer to sign the lease.",
        "Klein persuaded Bauer to sign the lease.",
    ),
    ("Klein owes Bauer 300 euros.", "Bauer is owed 300 euros by Klein.", "Bauer owes Klein 300 euros."),
    (
        "Prague lost 0-3 to Turin on Sunday.",
        "Turin beat Prague 3-0 on Sunday.",
        "Prague beat Turin 3-0 on Sunday.",
    ),
    (
        "Turin's win over Prague was its fifth.",
        "Prague's defeat was the fifth win of Turin.",
        "Prague's win over Turin was its fifth.",
    ),
    (
        "Nokes was convicted on evidence that Farrow gave to Tilling.",
        "Farrow gave Tilling the evidence.",
        "Tilling gave Farrow the evidence.",
    ),
    (
        "The takeover of Brightwell by Corvane was announced in June.",
        "Corvane took over Brightwell, it was announced in June.",
        "Brightwell took over Corvane, it was announced in June.",
    ),
    (
        "Corvane's acquisition of Brightwell cost 12 million.",
        "Corvane acquired Brightwell for 12 million.",
        "Brightwell acquired Corvane for 12 million.",
    ),
    (
        "Brightwell became a subsidiary of Corvane.",
        "Corvane became the owner of Brightwell.",
        "Corvane became a subsidiary of Brightwell.",
    ),
    (
        "Mali is bigger than Niger, Osei told the class.",
        "Niger is smaller than Mali.",
        "Niger is bigger than Mali.",
    ),
    ("Osei supported Adjei against Mensah.", "Adjei was supported by Osei.", "Adjei supported Osei."),
    (
        "Mensah warned that Adjei would betray Osei.",
        "Adjei would betray Osei, Mensah warned.",
        "Osei would betray Adjei, Mensah warned.",
    ),
    (
        "According to the letter, Delacroix hired Varga as a guide.",
        "Varga was hired as a guide by Delacroix.",
        "Varga hired Delacroix as a guide.",
    ),
    (
        "Varga rescued two climbers and Delacroix from the ice.",
        "Delacroix was rescued from the ice by Varga.",
        "Delacroix rescued Varga from the ice.",
    ),
    (
        "Iceland lent Latvia its only tug.",
        "Latvia borrowed its only tug from Iceland.",
        "Latvia lent Iceland its only tug.",
    ),
    ("Quint called Rhodes a liar.", "Rhodes was called a liar by Quint.", "Rhodes called Quint a liar."),
    (
        "Rhodes was visited in hospital by Quint and Sayle.",
        "Quint and Sayle visited Rhodes in hospital.",
        "Rhodes visited Quint and Sayle in hospital.",
    ),
    (
        "Sayle inherited the farm from Tooley.",
        "Tooley left the farm to Sayle.",
        "Tooley inherited the farm from Sayle.",
    ),
    (
        "Microtech licensed the design to Panwell.",
        "Panwell licensed the design from Microtech.",
        "Panwell licensed the design to Microtech.",
    ),
    (
        "Panwell outbid Microtech for the site.",
        "Microtech was outbid by Panwell for the site.",
        "Microtech outbid Panwell for the site.",
    ),
    (
        "The claim against Dorset Water was brought by Mr Ellery.",
        "Mr Ellery brought a claim against Dorset Water.",
        "Dorset Water brought a claim against Mr Ellery.",
    ),
]
MUTUAL = [
    ("Pavlov met Jansen in Riga.", "Jansen met Pavlov in Riga."),
    ("Pavlov and Jansen were married in Riga.", "Jansen married Pavlov in Riga."),
    ("Jansen talked with Pavlov.", "Pavlov talked with Jansen."),
    ("Leeds played Derby on Saturday.", "Derby played Leeds on Saturday."),
    ("Chad borders Niger.", "Niger borders Chad."),
    ("Chad and Niger signed a treaty with Mali.", "Mali signed a treaty with Chad and Niger."),
    ("Ward agreed with Novik that Hill was wrong.", "Novik agreed with Ward that Hill was wrong."),
    ("A train runs from Porto to Lisbon and back.", "A train runs from Lisbon to Porto."),
    ("Trains between Porto and Lisbon are slow.", "Trains from Lisbon to Porto are slow."),
    ("Talks between Ward and Hill were led by Novik.", "Novik led the talks between Hill and Ward."),
    ("Ward, Hill and Novik founded the club.", "The club was founded by Novik, Hill and Ward."),
    ("Ward phoned Hill. He told him that Novik had left.", "Novik had left, Ward told Hill on the phone."),
    ("The report of Ward about Hill was read by Novik.", "Novik read Ward's report about Hill."),
    ("Ward's friend Hill was seen with Novik.", "Hill, a friend of Ward, was seen with Novik."),
    ("Hill is the brother of Ward.", "Ward is the brother of Hill."),
    ("France joined Germany in the pact.", "Germany joined France in the pact."),
    (
        "Ward was replaced by Hill, whom Ward had proposed.",
        "Ward had proposed Hill, by whom he was replaced.",
    ),
    ("The song by Ward was covered by Hill.", "Hill covered the song by Ward."),
    ("Hill exchanged letters with Ward.", "Ward exchanged letters with Hill."),
]


@pytest.mark.parametrize(("cited", "claim", "_turned"), PAIRS)
def test_the_same_in_other_words(cited: str, claim: str, _turned: str) -> None:
    """Active and passive, giver and receiver, "of" and "'s"."""
    assert doubts(claim, [cited]) == ()


@pytest.mark.parametrize(("cited", "_claim", "turned"), PAIRS)
def test_the_other_way_round(cited: str, _claim: str, turned: str) -> None:
    """Whoever did it has it done to them."""
    assert any("the other way round" in reason for reason in doubts(turned, [cited]))


@pytest.mark.parametrize(("one", "other"), MUTUAL)
def test_what_both_do(one: str, other: str) -> None:
    """Meetings, borders, matches: neither is the actor."""
    assert doubts(one, [other]) == ()
    assert doubts(other, [one]) == ()
