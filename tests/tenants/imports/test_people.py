"""Names, and what was tried to reach them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.cases.codes import Channel, ContactResult
from tenants.imports.attempts import read_attempts
from tenants.imports.names import read_people


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("Verhelst, Marie", ["Verhelst, Marie"]),
        ("Roland DE CONINCK", ["De Coninck, Roland"]),
        ("DE CONINCK Roland", ["De Coninck, Roland"]),
        ("Van Dyck Nicole", ["Van Dyck, Nicole"]),
        ("Van den Bossche Andy", ["Van den Bossche, Andy"]),
        ("Nicole Van Dyck", ["Van Dyck, Nicole"]),
        ("VAN DER AUWERA, LIES", ["Van der Auwera, Lies"]),
        ("D'HONDT Piet", ["D'Hondt, Piet"]),
        ("De Vos", ["De Vos"]),
        ("Maes-Peeters, Jan-Baptist", ["Maes-Peeters, Jan-Baptist"]),
        ("mevrouw Els Maes", ["Maes, Els"]),
        ("Peeters, Jan en Maes, Els", ["Peeters, Jan", "Maes, Els"]),
        ("Peeters, Jan & Maes, Els", ["Peeters, Jan", "Maes, Els"]),
        ("Peeters, Jan; Maes, Els", ["Peeters, Jan", "Maes, Els"]),
        ("Peeters, Jan\nMaes, Els", ["Peeters, Jan", "Maes, Els"]),
        ("Peeters, Jan en Els", ["Peeters, Jan", "Peeters, Els"]),
        ("Jan PEETERS, Els MAES", ["Peeters, Jan", "Maes, Els"]),
        ("Jan PEETERS en Els DE SMET", ["Peeters, Jan", "De Smet, Els"]),
        ("Peeters, Jan, Maes, Els", ["Peeters, Jan", "Maes, Els"]),
        ("Peeters, Jan c.s.", ["Peeters, Jan"]),
        ("Dhr. en mevr. Maes", ["Maes"]),
        ("Familie Maes", ["Maes"]),
        ("Claes NV", ["Claes NV"]),
        ("", []),
        (None, []),
    ],
)
def test_people(written: str, people: list[str]) -> None:
    assert [str(person) for person in read_people(written)] == people


def test_what_the_writing_does_not_tell_is_marked() -> None:
    assert [person.sure for person in read_people("Peeters Jan")] == [False]
    assert [person.sure for person in read_people("Peeters, Jan")] == [True]
    assert [person.sure for person in read_people("Van den Berghe, Jan Piet")] == [True]
    assert [person.sure for person in read_people("Peeters Jan, Maes Els")] == [False]  # one person or two
    assert read_people("Claes NV")[0].company


@pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("http://x.test","klik")', "@som(a1)"])
def test_a_formula_is_nobody_s_name_and_stays_whole(formula: str) -> None:
    assert [str(person) for person in read_people(formula)] == [formula]


@given(st.text(max_size=60))
def test_no_name_is_lost(text: str) -> None:
    for person in read_people(text):
        assert person.last or person.first or not text.strip(" ,;&+/\n")


RECEIVED, HEARING = date(2020, 12, 5), date(2021, 1, 7)


@pytest.mark.parametrize(
    ("written", "attempts"),
    [
        ("29/12 telefoon; 31/12 huisbezoek; 03/01 ziekenhuis",
         [(date(2020, 12, 29), Channel.PHONE), (date(2020, 12, 31), Channel.HOME_VISIT),
          (date(2021, 1, 3), Channel.HOSPITAL)]),
        ("03/01 sms, 20/12 gekleurde briefkaart",
         [(date(2020, 12, 20), Channel.POSTCARD), (date(2021, 1, 3), Channel.TEXT_MESSAGE)]),
        ("brief op 20/12/20", [(date(2020, 12, 20), Channel.LETTER)]),
        ("20 december facebook", [(date(2020, 12, 20), Channel.SOCIAL_MEDIA)]),
        ("20.12 inlichting CA", [(date(2020, 12, 20), Channel.INQUIRY)]),
        ("20/12 via verhuurder", [(date(2020, 12, 20), Channel.LANDLORD)]),
        ("20/12 HB", [(date(2020, 12, 20), Channel.HOME_VISIT)]),
    ],
)  # fmt: skip
def test_attempts_get_the_year_in_which_they_must_lie(written: str, attempts: list[tuple[date, Channel]]) -> None:
    found = read_attempts(written, RECEIVED, HEARING)
    assert [(attempt.day, attempt.channel) for attempt in found.made] == attempts
    assert found.left == ()


def test_what_is_no_attempt_is_kept() -> None:
    found = read_attempts("20/12 brief; moeilijk bereikbaar; 31/02 sms; 3x gebeld", RECEIVED, HEARING)
    assert [attempt.text for attempt in found.made] == ["brief"]
    assert found.left == ("moeilijk bereikbaar", "31/02 sms", "3x gebeld")


def test_results_are_read_where_they_are_written() -> None:
    found = read_attempts(
        "20/12 huisbezoek: niet thuis; 21/12 gebeld, geen gehoor; 22/12 gsm: gesproken", RECEIVED, None
    )
    assert [attempt.result for attempt in found.made] == [
        ContactResult.NOT_HOME,
        ContactResult.NO_ANSWER,
        ContactResult.REACHED,
    ]


def test_without_a_day_of_receipt_the_hearing_tells_the_year() -> None:
    assert read_attempts("30/12 brief", None, HEARING).made[0].day == date(2020, 12, 30)
    assert read_attempts("30/12 brief", None, None).left == ("30/12 brief",)


@given(st.text(alphabet="0123456789/;, brieftlsmhub", max_size=60))
def test_every_word_is_in_an_attempt_or_left(text: str) -> None:
    found = read_attempts(text, RECEIVED, HEARING)
    kept = "".join([*(attempt.text for attempt in found.made), *found.left])
    assert sorted(c for c in kept if c.isalpha()) == sorted(c for c in text if c.isalpha())
