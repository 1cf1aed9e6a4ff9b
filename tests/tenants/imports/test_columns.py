"""Which column is which, wherever the headings stand and whatever they are called."""

from typing import Any

import pytest

from tenants.imports.columns import Mapping, recognise
from tenants.imports.fields import SYNONYMS, Field, meaning


@pytest.mark.parametrize(
    ("label", "member"),
    [
        ("Datum ontvangst", Field.RECEIVED),
        ("Ontvangen op:", Field.RECEIVED),
        ("Rolnr.", Field.ROLL),
        ("Rol nr", Field.ROLL),
        ("ROLNUMMER", Field.ROLL),
        ("Verweerder(s)", Field.DEFENDANTS),
        ("Naam van de huurder", Field.DEFENDANTS),
        ("Geb.datum", Field.BIRTH_DATE),
        ("INSZ", Field.NATIONAL_NUMBER),
        ("N° national", Field.NATIONAL_NUMBER),
        ("# mnd", Field.MONTHS),
        ("Huurachterstal (in euro)", Field.ARREARS),
        ("Datum van de zitting (dd/mm/jjjj)", Field.HEARING),
        ("Datum vonnis", Field.JUDGMENT_DATE),
        ("Vonnis", Field.JUDGMENT),
        ("Contact gelukt?", Field.REACHED),
        ("Date de réception", Field.RECEIVED),
        ("Locataire(s)", Field.DEFENDANTS),
        ("Received", Field.RECEIVED),
        ("Naam verweerder", Field.DEFENDANTS),
        ("Eigenaar / verhuurder", Field.REQUESTER),
        ("A.R. nr", Field.ROLL),
        ("Achterstallige huur", Field.ARREARS),
        ("Datum + uur zitting", Field.HEARING),
        ("Vonnis (datum)", Field.JUDGMENT_DATE),
        ("Vonnis datum", Field.JUDGMENT_DATE),
        ("Datum betekening vonnis", Field.SERVED),
        ("Opm.", Field.REMARKS),
        ("Nom du défendeur", Field.DEFENDANTS),
        ("Loyers impayés", Field.ARREARS),
        ("Date et heure de l'audience", Field.HEARING),
        ("Adres verhuurder", None),
        ("Kleur", None),
        ("", None),
    ],
)
def test_headings(label: str, member: Field | None) -> None:
    found = meaning(label)
    assert (found[0] if found else None) is member


def test_no_heading_means_two_things() -> None:
    assert len(SYNONYMS) == sum(len(member.words) for member in Field)


HEADINGS = ["Datum ontvangst", "Rolnr.", "Verweerder", "Zitting"]
BODY = [["14/02/2020", f"20A{n}", "Peeters, Jan", "01/03/2020"] for n in range(5)]


def columns(*rows: list[Any]) -> dict[Field, int]:
    mapping = recognise(rows)
    assert mapping is not None
    return mapping.columns


def test_headings_are_found_below_other_text() -> None:
    mapping = recognise([["Register: naam en adres vertrouwelijk"], [None], *[[None]] * 20, HEADINGS, *BODY])
    assert mapping is not None
    assert mapping.header_row == 23
    assert mapping.missing() == []


def test_a_column_without_a_known_heading_is_known_by_its_content() -> None:
    rows = [["Datum ontvangst", "Dossier", "Verweerder", "Zitting", "Reden", "ID", "Waar"]]
    rows += [["14/02/2020", f"20A{n}", "Peeters, Jan", "", "", "76.08.27-050.16", "8400 Oostende"] for n in range(5)]
    found = columns(*rows)
    assert (found[Field.ROLL], found[Field.NATIONAL_NUMBER], found[Field.MUNICIPALITY]) == (1, 5, 6)


def test_nr_is_what_stands_in_it() -> None:
    assert columns(["Datum ontvangst", "Nr", "Verweerder", "Zitting", "Reden"], *BODY)[Field.ROLL] == 1
    with_street = [["Datum ontvangst", "Straat", "Nr", "Verweerder", "Rolnr"], ["14/02/2020", "Kaai", 5, "X", "20A1"]]
    assert columns(*with_street)[Field.NUMBER] == 2


def test_a_table_without_headings_offers_what_its_content_tells() -> None:
    mapping = recognise(BODY)
    assert mapping is not None
    assert (mapping.header_row, mapping.columns) == (0, {Field.ROLL: 1})
    assert Field.DEFENDANTS in mapping.missing()


def test_a_sheet_of_something_else_is_no_register() -> None:
    assert recognise([["Naam", "Bedrag"], ["Jan", 5]]) is None
    assert recognise([]) is None


def test_the_surer_of_two_columns_wins() -> None:
    found = columns(["Datum", "Datum ontvangst", "Rolnr", "Verweerder", "Zitting"], [None] * 5)
    assert found[Field.RECEIVED] == 1


def test_the_signature_is_the_headings() -> None:
    one = Mapping(3, ("Datum ontvangst", "Rolnr."), {})
    assert one.signature == Mapping(12, ("DATUM ONTVANGST", "rolnr"), {Field.ROLL: 1}).signature
    assert one.signature != Mapping(3, ("Rolnr.", "Datum ontvangst"), {}).signature
