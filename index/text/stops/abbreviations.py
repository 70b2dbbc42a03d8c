"""Abbreviations of many languages after which a sentence goes on.

Two kinds: what stands before a number ("Art. 12", "čl. 5", "ст. 5"), and what stands before a name or any
other word and never ends a sentence ("Dott. Rossi", "tzv. Nové Město"). The abbreviations that syntok knows
are in `syntok_words.py`. Forms that are also words which may end a sentence are left out.
"""

from __future__ import annotations

import re

# Before a number or letter: article, paragraph, page, number, volume, chapter, figure, about, and the like.
_BEFORE_NUMBER = """
    abs anm ann annex anh anl app art arts aufl bd bde bl cap caps ch chap chaps cl eq eqs exh fig figs fol
    lit nos nr nrs nums op par para paras pag pg pp pt pts ref refs rn sec secs sect ser suppl tab tbl vol
    vols

    env gem max min pto

    az ca kap kl lfd rd rdn rdnr rz ss std tel tz zif ziff

    al alin ap apdo av avd chr cit coul dép esc étg fasc inc inf liv livr núm ord pág págs parr párr prel
    sér séc tít tom trim vid

    cfr co lett mapp rist seg segg sez sgg sub tav tavv

    aant afb afd afl artt bijl blz dl hfdst hfst jrg lid nrs paragr vlg

    bil jf jfr jvf lok mom nro num prp rskr stk str tlf

    klo ks kts momn vrt

    dz lp ok pkt ppkt poz roz rozdz rys tj tys ul ust wyd zał zob

    čl čís hod kapit obr obv odd odst ods opr písm pol popř pozn příl príl roč str taj vyhl zák zv bek em
    évf fej kb lsz old pl sz táb tábl ütem br gl god knj npr odj pogl pril sl št toč zv bkz md sf sok şek

    apt lk lpp lõik lpk nod pant pnk psl ptk sal sk žr

    гл див дод журн кн корп мін напр оф пер под подп пп прил прим рис розд ср ст стр сс тыс тис табл тел ул
    част άρθ αρ αριθ εδ κεφ παρ σελ τηλ τόμ
"""
# Before a name or a word, and never the last word of a sentence.
_GOES_ON = """
    Abg Adj Arch Ass Av Avda Avv Bc Bgm Dhr Dipl Dipl.-Ing Doç Dott Dott.ssa Dra Dras Drs Egr Enga Exc Excma
    Excmo Exma Exmo Frk Geom Hrn Ilma Ilmo Ing Insp Inż JUDr Kand Kpt Lcda Lcdo Lda MDDr MM MUDr MVDr Mag
    Mej Mestre Mevr Mgr Mlles Mmes Mons Ntra Ntro PaedDr PharmDr PhDr Plk Pplk Ppor Prof.ssa RNDr RSDr Rag
    Revdo Rvdo Sgto Sig Sig.na Sig.ra Sigg Spett Sr Sra Sras Sres Srs Srta Sta Ste Sto ThDr Verw Vda Yrd

    bijv bl.a bspw bv bzw cf cfr d.h d.w.z dvs dz engl esim evtl exkl f.eks franz geb gesch gest ggf hab id
    ifj i.d.R i.H.v i.S.d i.S.v i.V.m incl inkl insb insbes inż ital jf jfr jvf kapt kath kb krp ks lt luutn
    m.a.w mevr mw napr např npr np o.a o.ä odp özv p.es p.ex p.ej p.n pl popř przyp psl resp sig sog sogen
    spez szt szül śp t.d t.ex toim tzv tzw u.a.m ul urspr usw.u verh vč vgl viz vs wg wł zb zob zw

    Проф пер просп акад вул доц докт инж канд напр наб пл полк проф просп ред рис см ср ст табл тов т.е т.зв
    т.н ул г-жа г-н δρ κα λεωφ οδ

    Abt Bzgl Cad Fa Mah Mtre Sok Św avv bd bp br c.a.d c.-à-d dott dott.ssa dr geom i.e ing jun l.c m.E m.W
    n.Chr nám o.g o.B op.cit p.a p.m.a pl p.zza p.za prof str św tgl u.a u.ä u.E u.U v.Chr
"""
# The names of cases at law and the rules and reports that they are cited by: "ex rel. Smith", "et al. Jones".
_LEGAL = "exrel etal Civ Crim Supp Atty"
BEFORE_NUMBER = frozenset(_BEFORE_NUMBER.split())
GOES_ON = frozenset(
    form for name in f"{_GOES_ON} {_LEGAL}".split() for form in (name, name[0].upper() + name[1:])
)

_VOWELS = "aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýāăąēėęěīįıőœūůűųαεηιουωάέήίόύώаеёиоуыэюяєіїґ"
_VOWELLESS = re.compile(rf"(?:(?![{_VOWELS}])[^\W\d_]){{2,5}}", re.IGNORECASE)


def is_vowelless(word: str) -> bool:
    """True for a few letters without a vowel ("blz", "Hfdst"): short for something."""
    return _VOWELLESS.fullmatch(word) is not None
