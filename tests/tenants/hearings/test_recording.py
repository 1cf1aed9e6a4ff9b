"""Recording hearings: within a minute, one after the other, and what follows from each result."""

from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from app.database import db
from tenants.cases.models import Task
from tenants.petitions.models import Hearing, Judgment

pytestmark = pytest.mark.usefixtures("on_tuesday")
TODAY_AT = datetime(2026, 11, 24, 9, 30)
SESSION = "/zittingen/op/2026-11-24/?vredegerecht=Oostende+1"


def record(made):
    return f"/zittingen/{made.hearing_id}/noteren"


def stored(hearing_id):
    hearing = db.session.get(Hearing, hearing_id)
    judgment = db.session.scalar(select(Judgment).where(Judgment.hearing_id == hearing_id))
    return hearing, judgment


def test_a_default_judgment(organisation, proceeding, sign_in, send, reading, deadlines_of, case_row, read):
    ocmw = organisation()
    made = proceeding(ocmw, hearing_at=TODAY_AT)
    client = sign_in(ocmw)
    form = client.get(record(made)).get_data(as_text=True)
    assert 'value="2026-11-24"' in form  # the day of the judgment is likely that of the hearing
    answer = send(
        client,
        record(made),
        present=["nobody"],
        result="default",
        pronounced_on="2026-11-24",
        note="Zaal 2",
        refer="y",
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == SESSION
    with reading(ocmw):
        hearing, judgment = stored(made.hearing_id)
        assert (hearing.present, hearing.note) == (["nobody"], "Zaal 2")
        assert (judgment.kind, judgment.pronounced_on) == ("default", date(2026, 11, 24))
        task = db.session.scalar(select(Task))
        assert (task.title, task.case_id) == ("Doorverwijzen naar Rechtenverkenning", made.case_id)
    assert deadlines_of(ocmw, made.case_id) == {}
    assert case_row(ocmw, made.case_id).stage == "judgment"
    day = read(client.get(SESSION))
    assert "Ontbinding bij verstek 24 nov" in day
    assert "Niemand · doorverwezen naar Rechtenverkenning · genoteerd door" in day
    assert "Doorverwezen naar Rechtenverkenning" in read(client.get(f"/dossiers/{made.case_id}/"))


def test_recording_again_corrects(organisation, proceeding, sign_in, send, reading, deadlines_of):
    ocmw = organisation()
    made = proceeding(ocmw, hearing_at=TODAY_AT)
    client = sign_in(ocmw)
    send(client, record(made), present=["nobody"], result="default", pronounced_on="2026-11-24")
    assert "checked" in client.get(record(made)).get_data(as_text=True)
    assert send(client, record(made), present=["tenant", "ocmw"], result="undecided").status_code == 302
    with reading(ocmw):
        hearing, judgment = stored(made.hearing_id)
        assert hearing.present == ["tenant", "ocmw"]
        assert judgment is None
        assert db.session.scalar(select(func.count()).select_from(Judgment)) == 0
    # Held and not decided: the first contact is still to be made, the hearing no longer to come.
    assert deadlines_of(ocmw, made.case_id) == {"first_contact": date(2026, 11, 19)}


def test_put_off_to_another_day(organisation, proceeding, sign_in, send, reading, deadlines_of, case_row):
    ocmw = organisation()
    made = proceeding(ocmw, hearing_at=TODAY_AT, reached_on=date(2026, 11, 18))
    client = sign_in(ocmw)
    fields = {"present": ["lawyer"], "result": "postponed", "next_on": "2026-12-08", "next_hour": "10:00"}
    assert send(client, record(made), **fields).status_code == 302
    assert deadlines_of(ocmw, made.case_id) == {"hearing": date(2026, 12, 8)}
    assert case_row(ocmw, made.case_id).hearing_at.isoformat() == "2026-12-08T09:00:00+00:00"
    assert send(client, record(made), **fields).status_code == 302  # again: the next hearing is not set twice
    with reading(ocmw):
        assert db.session.scalar(select(func.count()).select_from(Hearing)) == 2


def test_the_judgment_of_a_register_is_taken_over(organisation, proceeding, sign_in, send, reading):
    ocmw = organisation()
    made = proceeding(ocmw, hearing_at=TODAY_AT, judgment_kind="default", pronounced_on=date(2026, 11, 24))
    client = sign_in(ocmw)
    assert (
        send(client, record(made), present=["tenant"], result="contested", pronounced_on="2026-11-24").status_code
        == 302
    )
    with reading(ocmw):
        judgments = db.session.scalars(select(Judgment)).all()
        assert [(j.kind, j.hearing_id) for j in judgments] == [("contested", made.hearing_id)]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"result": "default"}, "Zeg wie er was, of dat er niemand was"),
        ({"present": ["tenant"]}, "Kies wat de vrederechter besliste"),
        ({"present": ["tenant", "nobody"], "result": "default"}, "samen kan niet"),
        ({"present": ["tenant"], "result": "default", "pronounced_on": "2026-11-20"}, "Het vonnis kan niet van"),
        ({"present": ["tenant"], "result": "default", "pronounced_on": "2026-11-25"}, "moet nog komen"),
        ({"present": ["tenant"], "result": "default", "next_on": "2026-12-01"}, "hoort bij ‘uitgesteld’"),
        ({"present": ["tenant"], "result": "postponed", "next_on": "2026-11-24"}, "De volgende zitting moet na deze"),
        ({"present": ["tenant"], "result": "postponed", "next_on": "2066-11-24"}, "Kijk het jaar na"),
        ({"present": ["keizer"], "result": "default"}, "Kies uit de lijst"),
        ({"present": ["tenant"], "result": "onthoofding"}, "Kies opnieuw"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_kept(
    organisation, proceeding, sign_in, send, reading, read, fields, told
):
    ocmw = organisation()
    made = proceeding(ocmw, hearing_at=TODAY_AT)
    answer = send(sign_in(ocmw), record(made), **fields)
    assert answer.status_code == 422
    assert told in read(answer)
    with reading(ocmw):
        hearing, judgment = stored(made.hearing_id)
        assert (hearing.recorded_at, hearing.present, judgment) == (None, None, None)
        assert db.session.scalar(select(func.count()).select_from(Hearing)) == 1


def test_a_hearing_to_come_is_not_recorded_yet(organisation, proceeding, sign_in, send, reading, read):
    ocmw = organisation()
    made = proceeding(ocmw, hearing_at=datetime(2026, 11, 25, 9, 30))
    answer = send(sign_in(ocmw), record(made), present=["tenant"], result="undecided")
    assert answer.status_code == 422
    assert "noteer ze als ze voorbij is" in read(answer)


def test_a_served_judgment_is_not_undone_by_a_hearing(organisation, proceeding, sign_in, send, deadlines_of, read):
    ocmw = organisation()
    made = proceeding(
        ocmw,
        hearing_at=datetime(2026, 11, 17, 9, 30),
        judgment_kind="default",
        pronounced_on=date(2026, 11, 17),
        judgment_served_on=date(2026, 11, 20),
    )
    before = deadlines_of(ocmw, made.case_id)
    answer = send(sign_in(ocmw), record(made), present=["tenant"], result="undecided")
    assert answer.status_code == 422
    assert "Het vonnis is betekend op vrijdag 20 november 2026" in read(answer)
    assert deadlines_of(ocmw, made.case_id) == before


def test_a_recorded_hearing_is_not_taken_away(organisation, proceeding, sign_in, send, reading):
    ocmw = organisation()
    made = proceeding(ocmw, hearing_at=TODAY_AT)
    client = sign_in(ocmw)
    send(client, record(made), present=["tenant"], result="undecided")
    assert send(client, f"/zittingen/{made.hearing_id}/verwijderen").status_code == 302
    with reading(ocmw):
        assert db.session.get(Hearing, made.hearing_id) is not None
    assert send(client, f"/zittingen/{made.hearing_id}/", hearing_on="2026-12-01").status_code == 422


def test_one_goes_from_case_to_case(organisation, proceeding, sign_in, send):
    ocmw = organisation()
    first = proceeding(ocmw, "Aerts", hearing_at=TODAY_AT)
    second = proceeding(ocmw, "Maes", hearing_at=TODAY_AT)
    proceeding(ocmw, "Elders", hearing_at=TODAY_AT, court="Oostende 2")
    client = sign_in(ocmw)
    fields = {"present": ["tenant"], "result": "undecided", "next": "1"}
    assert send(client, record(first), **fields).headers["Location"] == record(second)
    assert send(client, record(second), **fields).headers["Location"] == SESSION
