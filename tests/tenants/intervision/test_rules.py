"""What the detector finds: tables of every way of writing, and properties on invented texts."""

import random
import unicodedata
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.intervision import rules
from tenants.intervision.codes import A_CHILD, HARD, INSTEAD, THE_PARTNER, Kind, Section
from tenants.intervision.own import FileWords, Named

PLACES = frozenset({"oostende", "kortrijk", "menen", "spiere helkijn", "heule", "brugge"})
FILE = FileWords(
    people=(Named("Dirk", "Vermeulen"), Named("Chloë-Ann", "Van Den Broecke", THE_PARTNER),
            Named("An", "De Wit", A_CHILD)),
    parties=("Immo Zeezicht bv", "De Mandel", "Luc Feys"),
    workers=(Named("Marie", "Declerck"),),
    organisations=("OCMW Oostende",),
    streets=("Torhoutsesteenweg", "Sint-Jansdreef"),
    house_numbers=("41",),
    places=("Oostende", "Menen"),
    postcodes=("8400",),
    numbers=("OOS-2026-0412", "26A7777", "85073003328", "0630835639", "BE68539007547034"),
    phones=("0476 12 34 56", "059/12.34.56"),
    emails=("dirk.v@voorbeeld.test",),
    dates=frozenset({date(2026, 3, 12), date(1985, 7, 30)}),
    amounts=frozenset({Decimal("2340.55"), Decimal("1875.00")}),
)  # fmt: skip


def found(text, file=FILE):
    return [(each.text, each.kind) for each in rules.find({Section.TRIED: text}, file, PLACES)]


HARD_WORDS = [
    ("Dirk belde ons", "Dirk", Kind.OWN_NAME),
    ("toen kwam DIRK", "DIRK", Kind.OWN_NAME),
    ("de fiets van dirk's zoon", "dirk's", Kind.OWN_NAME),
    ("Dirks huis", "Dirks", Kind.OWN_NAME),
    ("bij vermeulen thuis", "vermeulen", Kind.OWN_NAME),
    ("Vermeulen, Dirk", "Vermeulen, Dirk", Kind.OWN_NAME),
    ("dirkvermeulen", "dirkvermeulen", Kind.OWN_NAME),
    ("de Vermeulen's", "Vermeulen's", Kind.OWN_NAME),
    ("Verme\u00adulen", "Verme\u00adulen", Kind.OWN_NAME),
    ("met Chloe en", "Chloe", Kind.OWN_NAME),
    ("met Chloe\u0308 en", "Chloe\u0308", Kind.OWN_NAME),
    ("CHLOË ANN", "CHLOË ANN", Kind.OWN_NAME),
    ("mevrouw Vandenbroecke", "Vandenbroecke", Kind.OWN_NAME),
    ("van den broecke", "van den broecke", Kind.OWN_NAME),
    ("enkel Broecke", "Broecke", Kind.OWN_NAME),
    ("dochter An sprak", "An", Kind.OWN_NAME),
    ("familie De Wit", "De Wit", Kind.OWN_NAME),
    ("immo zeezicht", "immo zeezicht", Kind.OWN_PARTY),
    ("bij Zeezicht", "Zeezicht", Kind.OWN_PARTY),
    ("de Mandel zei", "de Mandel", Kind.OWN_PARTY),
    ("eigenaar Feys", "Feys", Kind.OWN_PARTY),
    ("Marie ging mee", "Marie", Kind.OWN_WORKER),
    ("in de Torhoutsesteenweg 41 bus 2", "Torhoutsesteenweg 41", Kind.OWN_ADDRESS),
    ("torhoutse steenweg", "torhoutse steenweg", Kind.OWN_ADDRESS),
    ("sint jansdreef", "sint jansdreef", Kind.OWN_ADDRESS),
    ("op nummer 41", "nummer 41", Kind.OWN_ADDRESS),
    ("in OOSTENDE", "OOSTENDE", Kind.OWN_ADDRESS),
    ("te 8400 zee", "8400", Kind.OWN_ADDRESS),
    ("dossier oos 2026 0412", "oos 2026 0412", Kind.OWN_NUMBER),
    ("rol 26 A 7777", "26 A 7777", Kind.OWN_NUMBER),
    ("rol 26/a/7777", "26/a/7777", Kind.OWN_NUMBER),
    ("BTW BE 0630.835.639", "0630.835.639", Kind.OWN_NUMBER),
    ("0476123456", "0476123456", Kind.PHONE),
    ("+32 476/12.34.56", "+32 476/12.34.56", Kind.PHONE),
    ("0032(0)59 12 34 56", "0032(0)59 12 34 56", Kind.PHONE),
    ("mail dirk.v@voorbeeld.test", "dirk.v@voorbeeld.test", Kind.EMAIL),
    ("op 12 maart", "op 12 maart", Kind.OWN_DATE),
    ("op 12/03/2026", "op 12/03/2026", Kind.OWN_DATE),
    ("op 12.3.26", "op 12.3.26", Kind.OWN_DATE),
    ("le 12 mars 2026", "le 12 mars 2026", Kind.OWN_DATE),
    ("2026-03-12", "2026-03-12", Kind.OWN_DATE),
    ("de 12de maart '26", "12de maart '26", Kind.OWN_DATE),
    ("geboren 30-7-1985", "30-7-1985", Kind.OWN_DATE),
    ("op twaalf maart", "op twaalf maart", Kind.OWN_DATE),
    ("op de twaalfde maart 2026", "op de twaalfde maart 2026", Kind.OWN_DATE),
    ("dertig juli", "dertig juli", Kind.OWN_DATE),
    ("€ 2.340,55 schuld", "€ 2.340,55", Kind.OWN_AMOUNT),
    ("1875 euro", "1875 euro", Kind.OWN_AMOUNT),
    ("schuld van 2340,55", "2340,55", Kind.OWN_AMOUNT),
    # of anybody
    ("56.03.27-743.32", "56.03.27-743.32", Kind.INSZ),
    ("56032774332", "56032774332", Kind.INSZ),
    ("56 03 27 743 32", "56 03 27 743 32", Kind.INSZ),
    ("56/03/27-743/32", "56/03/27-743/32", Kind.INSZ),
    ("56.23.27 743-32", "56.23.27 743-32", Kind.INSZ),
    ("bel 051 20 30 40", "051 20 30 40", Kind.PHONE),
    ("bel 0499/88 77 66", "0499/88 77 66", Kind.PHONE),
    ("bel 02 123 45 67", "02 123 45 67", Kind.PHONE),
    ("+33 6 12 34 56 78", "+33 6 12 34 56 78", Kind.PHONE),
    ("jan@ocmw.example.be", "jan@ocmw.example.be", Kind.EMAIL),
    ("BE71 0961 2345 6769", "BE71 0961 2345 6769", Kind.IBAN),
    ("be71096123456769", "be71096123456769", Kind.IBAN),
    ("NL91 ABNA 0417 1643 00", "NL91 ABNA 0417 1643 00", Kind.IBAN),
]  # fmt: skip


@pytest.mark.parametrize(("text", "passage", "kind"), HARD_WORDS)
def test_what_identifies_has_to_go(text, passage, kind):
    assert (passage, kind) in found(text)
    assert kind in HARD


SOFT_WORDS = [
    ("de Oostendse kust", "Oostendse", Kind.RESEMBLES),
    ("wij menen dat", "menen", Kind.RESEMBLES),
    ("une fois par an", "an", Kind.RESEMBLES),
    ("een vermeulentje", "vermeulentje", Kind.RESEMBLES),
    ("Vermeullen", "Vermeullen", Kind.RESEMBLES),
    ("toen Vermuelen belde", "Vermuelen", Kind.RESEMBLES),
    ("vandenbroeke", "vandenbroeke", Kind.RESEMBLES),
    ("met Choë", "Choë", Kind.RESEMBLES),
    ("bij Verm. thuis", "Verm.", Kind.RESEMBLES),
    ("D.V. kwam niet", "D.V.", Kind.RESEMBLES),
    ("C. V. D. B. kwam niet", "C. V. D. B.", Kind.RESEMBLES),
    ("in de torhoutsestenweg", "torhoutsestenweg", Kind.RESEMBLES),
    ("mevr. D. kwam", "mevr. D", Kind.TITLE),
    ("mevrouw d. kwam", "mevrouw d.", Kind.TITLE),
    ("meneer v.d. Walle", "meneer v.d. Walle", Kind.TITLE),
    ("in de kapellestraat", "kapellestraat", Kind.STREET),
    ("Torhoutsestwg. 41", "Torhoutsestwg. 41", Kind.STREET),
    ("de eenentwintigste mei", "eenentwintigste mei", Kind.DATE),
    ("gezien op 12.03", "op 12.03", Kind.DATE),
    ("Ze kwamen op 12.03.", "op 12.03", Kind.DATE),
    ("Op 12/3, na de zitting", "Op 12/3", Kind.DATE),
    ("Ć.V.D.B. kwam niet", "Ć.V.D.B.", Kind.RESEMBLES),
    ("mevrouw Janssens kwam", "mevrouw Janssens", Kind.TITLE),
    ("Dhr. El Amrani", "Dhr. El Amrani", Kind.TITLE),
    ("monsieur Dupont", "monsieur Dupont", Kind.TITLE),
    ("hun zoon Kevin werkt", "zoon Kevin", Kind.TITLE),
    ("werkt bij Barco als", "Barco", Kind.CAPITAL),
    ("Jan Peeters kwam mee", "Jan Peeters", Kind.CAPITAL),
    ("in de Kerkstraat 12", "Kerkstraat 12", Kind.STREET),
    ("kerkstraat 12", "kerkstraat 12", Kind.STREET),
    ("dans la rue de Gand", "rue de Gand", Kind.STREET),
    ("naar 8800 Roeselare", "8800 Roeselare", Kind.PLACE),
    ("Kortrijk hielp", "Kortrijk", Kind.PLACE),
    ("via Spiere-Helkijn", "Spiere-Helkijn", Kind.PLACE),
    ("op 3 mei", "op 3 mei", Kind.DATE),
    ("op 01/02/2024 om 9 uur", "op 01/02/2024", Kind.DATE),
    ("le 1er juillet 2020", "le 1er juillet 2020", Kind.DATE),
    ("in maart 2021", "maart 2021", Kind.DATE),
    ("een 41-jarige man", "41-jarige", Kind.AGE),
    ("43 jaar oud", "43 jaar oud", Kind.AGE),
    ("geboren in 1971", "geboren in 1971", Kind.AGE),
    ("1.234,56 euro", "1.234,56 euro", Kind.AMOUNT),
    ("€ 815", "€ 815", Kind.AMOUNT),
    ("rol 21 B 4321", "21 B 4321", Kind.NUMBER),
    ("nummerplaat 1-ABC-234", "1-ABC-234", Kind.NUMBER),
    ("KOR-2025-0101", "KOR-2025-0101", Kind.NUMBER),
    ("+++123/4567/89012+++", "+++123/4567/89012+++", Kind.NUMBER),
    ("zie www.voorbeeld.be/gezin", "www.voorbeeld.be/gezin", Kind.WEB),
]


@pytest.mark.parametrize(("text", "passage", "kind"), SOFT_WORDS)
def test_what_may_be_innocent_is_asked(text, passage, kind):
    assert (passage, kind) in found(text)
    assert kind not in HARD


INNOCENT = [
    "Het gezin kwam via het eerste onthaal. We zochten hen drie keer op.",
    "Alleenstaande ouder, achterstal van ongeveer 3 huren en 1/3 van het inkomen naar huur.",
    "Het OCMW en het CAW spraken af: wie belt? De vrederechter volgde het voorstel.",
    "Zij spraken alleen Arabisch; de Vlaamse regels waren onduidelijk.",
    "In het voorjaar, na 14u30, met 1.500 euro van het Fonds.",
    "[de huurder] woonde in [een gemeente] bij [de verhuurder]. [Jan Peeters] staat al tussen haken.",
    "De aanpak werkte bij 2 van 100 gezinnen, 10 jaar lang.",
    "Er hielp een buurvrouw. En de school deed mee. Ze komen nog langs.",
    "In een zijstraat van de markt, met de tweede mail en de eerste aanmaning, een derde van de huur. Het was ver.",
    "Ils ont trouvé un logement après trois mois.",
]


@pytest.mark.parametrize("text", INNOCENT)
def test_ordinary_sentences_are_left_alone(text):
    assert found(text) == []


def test_a_finding_says_what_may_stand_there():
    texts = {Section.TRIED: "Chloë belde Marie op 12 maart.", Section.HELPED: "Dirk zweeg in Menen."}
    findings = rules.find(texts, FILE, PLACES)
    new = rules.replaced(texts, findings, lambda msgid: msgid)
    assert new == {
        Section.TRIED: "[the partner] belde [the social worker] in the spring.",
        Section.HELPED: "[the tenant] zweeg in [a municipality].",
    }
    assert rules.find(new, FILE, PLACES) == []


def test_confirming_is_of_the_same_words_everywhere():
    texts = {Section.TRIED: "Ze werkt bij Barco.", Section.HELPED: "De ploeg van Barco hielp, en die van Bekaert."}
    findings = rules.find(texts, FileWords(), PLACES)
    assert [each.text for each in rules.to_confirm(findings, [findings[0].key])] == ["Bekaert"]
    assert rules.hard(findings) == []


def test_what_is_missing_is_told_together():
    assert {section for section, _why in rules.problems_of({}, complete=True)} == {
        Section.TITLE, Section.HOUSEHOLD, Section.TRIED, Section.QUESTION,
    }  # fmt: skip
    assert rules.problems_of({}, complete=False) == []
    assert [s for s, _why in rules.problems_of({Section.TRIED: "x" * 4001}, complete=False)] == [Section.TRIED]


@pytest.mark.parametrize(
    ("arrears", "rent", "months", "band"),
    [
        (None, None, None, None), ("100", None, None, None), ("100", "0", None, None), ("1399", "700", None, "under_2"),
        ("1400", "700", None, "2_to_6"), ("4200", "700", None, "2_to_6"), ("4201", "700", None, "over_6"),
        ("100", "700", "7", "over_6"),
    ],
)  # fmt: skip
def test_arrears_are_told_in_rents(arrears, rent, months, band):
    known = [Decimal(each) if each is not None else None for each in (arrears, rent, months)]
    assert rules.arrears_band(*known) == band


@pytest.mark.parametrize(
    ("days", "band"),
    [(0, "under_3_months"), (90, "3_to_6_months"), (364, "6_to_12_months"), (365, "over_a_year")],
)
def test_how_long_is_told_in_bands(days, band):
    assert rules.duration_band(date(2026, 1, 1), date.fromordinal(date(2026, 1, 1).toordinal() + days)) == band
    assert rules.duration_band(date(2026, 1, 1), None) is None


# ---------------------------------------------------------------- properties

ENTITIES = ["Dirk", "Vermeulen", "Dirk Vermeulen", "Vermeulen Dirk", "Chloë-Ann", "Van Den Broecke", "Broecke",
            "Zeezicht", "Feys", "Luc", "Torhoutsesteenweg", "Torhoutsesteenweg 41", "Oostende", "8400", "Declerck",
            "OOS-2026-0412", "26A7777", "85.07.30-033.28", "0476 12 34 56", "12 maart 2026", "30/07/1985",
            "dirk.v@voorbeeld.test", "2340,55", "BE68 5390 0754 7034"]  # fmt: skip
SENTENCE = "het gezin kreeg hulp van een buur en toen belde iemand maar niemand wist hoe lang , . ; ( 3 keer"
WORDS = st.sampled_from(SENTENCE.split())


def written(entity, chance):
    """As somebody may type it: capitals, small letters, accents lost, decomposed or added."""
    text = chance.choice([str, str.upper, str.lower, str.title, str.swapcase])(entity)
    form = chance.choice(["NFC", "NFD", "bare"])
    if form != "bare":
        return unicodedata.normalize(form, text)
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


@settings(max_examples=80)
@given(st.lists(WORDS, max_size=12), st.lists(WORDS, max_size=12), st.sampled_from(ENTITIES), st.integers(0, 999))
def test_a_word_of_the_file_is_found_wherever_and_however_it_is_written(before, after, entity, seed):
    typed = written(entity, random.Random(seed))
    text = " ".join([*before, typed, *after])
    start = len(" ".join([*before, ""])) if before else 0
    covered = set()
    for each in rules.find({Section.ARRIVAL: text}, FILE, PLACES):
        if each.is_hard:
            covered |= set(range(each.start, each.end))
    telling = [place for place in range(start, start + len(typed)) if text[place].isalnum()]
    assert set(telling) <= covered, typed


@settings(max_examples=25)
@given(st.text(max_size=200) | st.lists(st.sampled_from(ENTITIES) | WORDS, max_size=15).map(" ".join))
def test_findings_lie_apart_and_replacing_them_ends(text):
    texts = {Section.TITLE: text}
    findings = rules.find(texts, FILE, PLACES)
    assert all(texts[Section.TITLE][each.start : each.end] == each.text for each in findings)
    assert all(one.end <= other.start for one, other in pairwise(findings))
    assert all(each.start < each.end for each in findings)
    for _turn in range(10):
        if not rules.hard(findings):
            break
        texts = rules.replaced(texts, rules.hard(findings), lambda msgid: INSTEAD[Kind.NUMBER])
        findings = rules.find(texts, FILE, PLACES)
    assert rules.hard(findings) == []
