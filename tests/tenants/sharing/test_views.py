"""Sharing and ending on the owner's side, working as a guest on the partner's, and the owner's trail of it all."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.audit.service import verify
from app.database import db
from app.security.roles import Role
from playbook.agreements import service as agreements
from playbook.agreements.models import SharingAgreement
from playbook.agreements.rules import Part
from tenants.cases.facts import rebuild
from tenants.cases.models import Case, Note, Task
from tenants.outreach.models import OutreachAttempt
from tenants.petitions.course import today

ATTEMPT = {"channel": "home_visit", "result": "reached", "hour": "12:00"}  # of yesterday, so surely over


def yesterday():
    return (today() - timedelta(days=1)).isoformat()


def share(made, **changed):
    given = {
        "partner": made.caw.tenant.id, "their_contact": "Pieter Vandewalle", "parts": ["household"],
        "starts_on": today().isoformat(), "consent": "spoken", "consent_on": today().isoformat(),
        "consent_by": made.ocmw.users[Role.SOCIAL_WORKER].id,
    }  # fmt: skip
    return {**given, **changed}


def test_the_owner_shares_and_ends(duo, sign_in, send, read):
    made = duo()
    owner, partner = sign_in(made.ocmw), sign_in(made.caw)
    address = f"/delen/{made.other_id}/nieuw"
    assert "Alleen je eigen team" in read(owner.get(f"/dossiers/{made.other_id}/"))
    assert "CAW Proef" in read(owner.get(address))
    for wrong, told in [
        ({"partner": made.ocmw.tenant.id}, "geen afspraak van kracht"),
        ({"starts_on": yesterday()}, "Delen begint vandaag"),
        ({"consent": ""}, "Kies hoe het gezin"),
        ({"their_contact": ""}, "Vul in wie er bij de partner"),
        ({"consent_by": made.caw.users[Role.SOCIAL_WORKER].id}, "Kies iemand uit de lijst"),
    ]:
        answer = send(owner, address, **share(made, **wrong))
        assert answer.status_code == 422
        assert told in read(answer)
    assert partner.get("/gedeeld/").get_data(as_text=True).count("Geheimzwam") == 0
    assert send(owner, address, **share(made)).status_code == 302
    again = send(owner, address, **share(made, their_contact="Els"))
    assert again.status_code == 409
    assert 'value="Els"' in again.get_data(as_text=True)
    page = read(owner.get(f"/dossiers/{made.other_id}/"))
    assert "Gedeeld met CAW Proef" in page
    assert "Contactpersoon: Pieter Vandewalle" in page
    assert "Andere organisaties CAW Proef" in page
    assert "Geheimzwam" in read(partner.get("/gedeeld/"))

    end = f"/delen/{made.grant_id}/beeindigen"
    assert send(owner, end, reason="").status_code == 422
    assert partner.get(end).status_code == 404
    assert send(owner, end, reason="De begeleiding is rond").status_code == 302
    assert send(owner, end, reason="nog eens").status_code == 302
    assert "De begeleiding is rond" in read(owner.get(f"/dossiers/{made.case_id}/"))


def test_a_guest_works_in_the_case_and_both_see_who_did_what(duo, sign_in, send, read, reading):
    made = duo()
    owner, partner = sign_in(made.ocmw), sign_in(made.caw)
    page = read(partner.get(made.page))
    for shown in ("Vermeulen", "Torhoutsesteenweg 41", "0470 99 88 77", "Immo Vermeulen", "780,00", "bellen naar"):
        assert shown in page
    assert "€ 60,00 van € 300,00 betaald, nog € 240,00" in page.replace("\xa0", " ")
    assert "aan het loket Vermeulen" in page  # in the course
    assert "Ontvangen" not in page  # nothing of it is theirs to note
    assert "85.07.30" not in page
    assert "85073003328" not in page

    answer = send(partner, f"{made.page}poging", **ATTEMPT, day=yesterday(), note="Samen aan tafel gezeten")
    assert answer.headers["Location"] == made.page
    promise = {"task": "attest opvragen", "due_on": today().isoformat(), "kind": "promise"}
    me = made.caw.users[Role.SOCIAL_WORKER].id
    assert send(partner, f"{made.page}noteren", body="Zij wil blijven", **promise, assigned_to=me).status_code == 302
    assert send(partner, f"{made.page}noteren").status_code == 422
    with reading(made.ocmw):
        task_id = db.session.scalar(
            select(Task.id).where(Task.case_id == made.case_id, Task.by_tenant != made.caw.tenant.id)
        )
        foreign = db.session.scalar(select(Task.id).where(Task.case_id == made.other_id))
    assert send(partner, f"{made.page}taken/{foreign}/klaar").status_code == 404
    assert send(partner, f"{made.page}taken/{task_id}/klaar").status_code == 302

    for client, address in ((owner, f"/dossiers/{made.case_id}/"), (partner, made.page)):
        course = read(client.get(address))
        assert "Zij wil blijven" in course
        assert "Samen aan tafel gezeten" in course
        assert course.count("· CAW Proef") == 3  # the attempt, the note, the task that was done
        assert f"· {made.ocmw.tenant.name}" in course
        assert "attest opvragen" in course
    with reading(made.ocmw):
        case = db.session.get(Case, made.case_id)
        assert case.reached_on.isoformat() == yesterday()  # what follows is computed with the owner's sight
        assert rebuild(made.ocmw.tenant.id, write=False)[1] == []
        assert {row.by_tenant for row in db.session.scalars(select(Note).where(Note.case_id == made.case_id))} == {
            made.ocmw.tenant.id,
            made.caw.tenant.id,
        }
        assert db.session.get(Task, task_id).done_by_tenant == made.caw.tenant.id
        assert {a.result for a in db.session.scalars(select(OutreachAttempt)) if a.by == me} == {"reached"}


def test_the_owners_trail_holds_what_the_guest_read_and_wrote(duo, sign_in, send, reading):
    made = duo()
    partner = sign_in(made.caw)
    page = partner.get(made.page).get_data(as_text=True)
    address = page[page.index(f"{made.page}bestanden/") :].split('"')[0]
    assert partner.get(address).data == b"%PDF-1.7 huur"
    assert send(partner, f"{made.page}noteren", body="gezien").status_code == 302
    guest = made.caw.users[Role.SOCIAL_WORKER].id
    with reading(made.ocmw):
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.actor_id == guest)).all()
        assert {(e.act, e.subject) for e in events} >= {
            ("read", "case_file"), ("download", "attachment"), ("insert", "note"),
        }  # fmt: skip
        assert {e.case_id for e in events} == {made.case_id}
    with made.app.app_context():
        assert verify(made.ocmw.tenant.id).fault is None
        assert verify(made.caw.tenant.id).fault is None
        db.session.remove()


def end_by_agreement(made, owner, send):
    with made.app.app_context(), made.ocmw.acting(Role.REGIONAL_COORDINATOR):
        agreements.end(made.agreement_id, "gedaan", db.session.get(SharingAgreement, made.agreement_id).version)
        db.session.remove()


def end_by_owner(made, owner, send):
    assert send(owner, f"/delen/{made.grant_id}/beeindigen", reason="rond").status_code == 302


@pytest.mark.parametrize("end", [end_by_owner, end_by_agreement])
def test_after_the_end_nothing_is_read_or_written(duo, sign_in, send, read, reading, end):
    made = duo()
    owner, partner = sign_in(made.ocmw), sign_in(made.caw)
    assert "Gedeeld met ons" in partner.get("/vandaag/").get_data(as_text=True)
    end(made, owner, send)
    for address in ("", "noteren", "poging", f"bestanden/{made.case_id}/"):
        answer = partner.get(f"{made.page}{address}")
        assert answer.status_code == 404
        assert "De samenwerking is afgelopen" in read(answer)
        assert "Vermeulen" not in answer.get_data(as_text=True)
    assert send(partner, f"{made.page}noteren", body="te laat").status_code == 404
    assert send(partner, f"{made.page}poging", **ATTEMPT, day=yesterday()).status_code == 404
    assert "Vermeulen" not in partner.get("/gedeeld/").get_data(as_text=True)
    assert "Gedeeld met ons" not in partner.get("/vandaag/").get_data(as_text=True)
    with reading(made.ocmw):
        assert {note.by_tenant for note in db.session.scalars(select(Note))} == {made.ocmw.tenant.id}


def test_what_is_not_shared_and_what_is_anothers(duo, organisation, sign_in, read):
    made = duo(parts=(Part.HOUSEHOLD,))
    page = read(sign_in(made.caw).get(made.page))
    assert "0470 99 88 77" in page
    for hidden in ("Immo Vermeulen", "huurcontract", "780,00", "60,00", "aan het loket", "Afbetaling"):
        assert hidden not in page
    for other in (organisation(network=made.ocmw.network), organisation()):
        client = sign_in(other)
        assert client.get(made.page).status_code == 404
        assert client.get(f"/dossiers/{made.case_id}/").status_code == 404
    assert sign_in(made.caw).get(f"/dossiers/{made.case_id}/").status_code == 404
    later = duo(starts_on=today() + timedelta(days=2))
    answer = sign_in(later.caw).get(later.page)
    assert answer.status_code == 404
    assert "moet nog beginnen" in read(answer)
