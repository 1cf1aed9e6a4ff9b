"""Courts and social landlords through the pages: contacts, agreements with their history, talks with their tasks."""

import re
from datetime import date

import pytest
from sqlalchemy import event, select

from app.audit.models import AuditEvent
from app.database import db, transaction
from app.security.models import Tenant
from app.security.roles import Role
from tenants.cases.codes import LandlordKind
from tenants.cases.models import Dwelling, Landlord, Task
from tenants.dialogue import agreements, cantons, service
from tenants.dialogue.codes import PartnerKind
from tenants.dialogue.models import DialogueAgreement, FollowUp, Meeting, Partner

pytestmark = pytest.mark.usefixtures("on_tuesday")
AGREED = {"title": "De griffie mailt op maandag", "agreed_on": "2026-11-02", "body": "Zonder bijlagen."}
LINE = {"decisions-0-text": "Folder meesturen", "decisions-0-due_on": "2026-12-01", "decisions-0-assigned_to": ""}
TALK = {"held_on": "2026-11-20", "present": "griffier, Team Wonen", "notes": "Te veel verstek."}


@pytest.fixture
def court(app):
    """A canton's court: court(ocmw); its id."""

    def make(ocmw, canton="Oostende 2"):
        new = service.NewPartner(PartnerKind.COURT, f"Vredegerecht {canton}", canton=canton)
        with app.app_context(), ocmw.acting():
            partner_id = service.save_partner(None, new)
            db.session.remove()
        return partner_id

    return make


def test_another_organisation_sees_and_changes_nothing(organisation, court, sign_in, send, reading, app):
    ours, theirs = organisation(), organisation()
    partner_id = court(ours)
    with app.app_context(), ours.acting():
        agreement = agreements.agree(partner_id, agreements.NewAgreement("Mailen", date(2026, 11, 2)))
        meeting = agreements.hold(partner_id, agreements.NewMeeting(date(2026, 11, 2), notes="x"), "", "")
        db.session.remove()
    client = sign_in(theirs)
    assert "Oostende 2" not in client.get("/overleg/").get_data(as_text=True)
    for path in (f"{partner_id}/", f"{partner_id}/bewerken", f"{partner_id}/contact/", f"afspraken/{agreement}/",
                 f"afspraken/{agreement}/vervangen", f"gesprekken/{meeting}/"):  # fmt: skip
        assert client.get(f"/overleg/{path}").status_code == 404, path
        assert send(client, f"/overleg/{path}", **AGREED, version="1").status_code in (404, 405), path
    with reading(ours):
        assert db.session.get(DialogueAgreement, agreement).title == "Mailen"


def test_the_cantons_of_the_municipality_are_offered(organisation, sign_in, send, reading, read):
    ocmw = organisation()
    with reading(ocmw), transaction() as session:
        session.get_one(Tenant, ocmw.tenant.id).nis = "35013"
    client = sign_in(ocmw)
    assert "Kanton Oostende 1 hoort bij je gemeente" in read(client.get("/overleg/"))
    form = client.get("/overleg/nieuw/?kanton=Oostende 1").get_data(as_text=True)
    assert 'value="Oostende 1"' in form
    answer = send(client, "/overleg/nieuw/", name="Vredegerecht Oostende 1", canton="Oostende 1")
    page = read(client.get(answer.headers["Location"]))
    assert "Wekelijkse zitting: dinsdag om 9.30 u." in page
    assert "niet zeker: vraag het na bij de griffie" in page  # Bredene was not read in a text
    assert "Kanton Oostende 1" not in read(client.get("/overleg/"))
    twice = send(client, "/overleg/nieuw/", name="vredegerecht oostende 1", canton="")
    assert twice.status_code == 422
    assert "Deze naam staat al in de lijst" in read(twice)


def test_one_box_finds_names_places_contacts_and_agreements(organisation, court, sign_in, send, read):
    ocmw = organisation()
    partner_id, _other = court(ocmw, "Waregem"), court(ocmw, "Menen")
    client = sign_in(ocmw)
    send(client, f"/overleg/{partner_id}/contact/", name="Hilde Bultinck", role="registry", phone="059 00 01 10")
    send(client, f"/overleg/afspraken/nieuw/{partner_id}/", **AGREED)
    for words in ("wielsbeke", "bultinck", "griffie mailt", "waregem"):
        found = read(client.get("/overleg/", query_string={"q": words}))
        assert "Vredegerecht Waregem" in found, words
        assert "Vredegerecht Menen" not in found, words
    assert "Niets gevonden" in read(client.get("/overleg/?q=bestaatniet"))


def test_contacts_are_checked_changed_and_removed(organisation, court, sign_in, send, reading, read):
    ocmw = organisation()
    partner_id = court(ocmw)
    client = sign_in(ocmw)
    address = f"/overleg/{partner_id}/contact/"
    for wrong in ({"phone": "", "email": ""}, {"phone": "bellen"}, {"phone": "", "email": "geen adres"}, {"name": ""}):
        fields = {"name": "Hilde Bultinck", "role": "registry", "phone": "059 00 01 10", "email": ""} | wrong
        assert send(client, address, **fields).status_code == 422, wrong
    assert send(client, address, name="Hilde Bultinck", role="registry", phone="059 00 01 10").status_code == 302
    with reading(ocmw):
        (contact,) = service.contacts_of(partner_id)
    changed = {"name": "Hilde B.", "role": "registry", "phone": "", "email": "griffie@just.fgov.be"}
    assert send(client, f"/overleg/contact/{contact.id}/", **changed).status_code == 302
    assert "Hilde B. Griffie griffie@just.fgov.be" in read(client.get(f"/overleg/{partner_id}/"))
    assert send(client, f"/overleg/contact/{contact.id}/verwijderen").status_code == 302
    assert "Nog niemand." in read(client.get(f"/overleg/{partner_id}/"))


def test_an_agreement_is_replaced_and_ended_and_the_history_stays(organisation, court, sign_in, send, reading, read):
    ocmw = organisation()
    partner_id = court(ocmw)
    client = sign_in(ocmw)
    send(client, f"/overleg/afspraken/nieuw/{partner_id}/", **AGREED)
    with reading(ocmw):
        first = db.session.scalar(select(DialogueAgreement))
    address = f"/overleg/afspraken/{first.id}"
    new = AGREED | {"title": "De griffie mailt elke dag", "agreed_on": "2026-11-20", "version": str(first.version)}
    early = send(client, f"{address}/vervangen", **(new | {"agreed_on": "2026-10-01"}))
    assert early.status_code == 422
    assert "kan niet ouder zijn" in read(early)
    assert send(client, f"{address}/", **(new | {"agreed_on": "2026-12-24"})).status_code == 422
    assert send(client, f"{address}/vervangen", **new).status_code == 302
    stale = send(client, f"{address}/beeindigen", ended_on="2026-11-24", reason="niet meer nodig", version="1")
    assert stale.status_code == 409  # a colleague replaced it meanwhile
    assert "niet meer nodig" in stale.get_data(as_text=True)
    page = read(client.get(f"/overleg/{partner_id}/"))
    assert "1 afspraak geldt" in page
    assert "2 nov – 20 nov De griffie mailt op maandag Vervangen Vervangen door: De griffie mailt elke dag" in page
    with reading(ocmw):
        second = db.session.scalar(select(DialogueAgreement).where(DialogueAgreement.ended_on.is_(None)))
    end = f"/overleg/afspraken/{second.id}/beeindigen"
    assert send(client, end, ended_on="2026-11-01", reason="x", version="1").status_code == 422
    assert send(client, end, ended_on="2026-11-24", reason="", version="1").status_code == 422
    assert send(client, end, ended_on="2026-11-24", reason="Nieuwe griffier", version="1").status_code == 302
    page = read(client.get(f"/overleg/{partner_id}/"))
    assert "0 afspraken gelden" in page
    assert "Beëindigd Nieuwe griffier" in page
    over = send(client, f"/overleg/afspraken/{second.id}/", **(new | {"version": "2"}))
    assert over.status_code == 422
    assert "geldt niet meer" in read(over)


def test_a_talk_with_decisions_puts_tasks_in_today(organisation, court, sign_in, send, reading, read):
    ocmw = organisation()
    partner_id = court(ocmw)
    client = sign_in(ocmw)
    second = {"decisions-1-text": "Cijfers samen bekijken"}
    answer = send(client, f"/overleg/gesprekken/nieuw/{partner_id}/", **TALK, **LINE, **second, is_yearly="y")
    assert answer.status_code == 302
    page = read(client.get(f"/overleg/{partner_id}/"))
    assert "Folder meesturen tegen 1 dec Cijfers samen bekijken" in page
    assert "Gepland op maandag 22 november 2027" in page
    with reading(ocmw):
        titles = {task.title: (task.due_on, task.assigned_to) for task in db.session.scalars(select(Task))}
        meeting = db.session.scalar(select(Meeting))
        assert titles == {
            "Vredegerecht Oostende 2: Folder meesturen": (date(2026, 12, 1), None),
            "Jaarlijks gesprek met Vredegerecht Oostende 2": (date(2027, 11, 22), ocmw.users[Role.SOCIAL_WORKER].id),
        }
    more = TALK | {"notes": "Ook over de winter.", "version": "1", "decisions-0-text": "Winterafspraak"}
    assert send(client, f"/overleg/gesprekken/{meeting.id}/", **more).status_code == 302
    assert send(client, f"/overleg/gesprekken/{meeting.id}/", **more).status_code == 409
    with reading(ocmw):
        (held,) = agreements.meetings_of(partner_id)
        decided = [decision.text for decision, _task in held.decisions]
        assert decided == ["Folder meesturen", "Cijfers samen bekijken", "Winterafspraak"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"notes": "", "decisions-0-text": "", "decisions-0-due_on": ""}, "minstens één beslissing"),
        ({"decisions-0-text": ""}, "Zeg wat er tegen die dag moet gebeuren"),
        ({"decisions-0-due_on": "2026-11-01"}, "Deze dag is voorbij"),
        ({"held_on": "2026-12-24"}, "moet nog komen"),
        ({"decisions-0-assigned_to": "1"}, "Dit staat niet in de lijst"),
    ],
)
def test_what_a_talk_cannot_be(organisation, court, sign_in, send, reading, read, fields, told):
    ocmw = organisation()
    partner_id = court(ocmw)
    answer = send(sign_in(ocmw), f"/overleg/gesprekken/nieuw/{partner_id}/", **(TALK | LINE | fields))
    assert answer.status_code == 422
    assert told in read(answer)
    with reading(ocmw):
        assert db.session.scalar(select(Meeting.id)) is None
        assert db.session.scalar(select(Task.id)) is None


def test_the_yearly_talk_moves_ends_and_is_held(organisation, court, sign_in, send, reading, read):
    ocmw = organisation()
    partner_id = court(ocmw)
    client = sign_in(ocmw)
    plan = f"/overleg/{partner_id}/gesprek"
    past = send(client, plan, due_on="2026-11-01")
    assert past.status_code == 422
    assert "Deze dag is voorbij" in read(past)
    assert send(client, plan, due_on="2026-11-24").status_code == 302
    assert "Jaarlijks gesprek met Vredegerecht Oostende 2" in read(client.get("/vandaag/"))
    send(client, plan, due_on="2026-11-30")
    with reading(ocmw):
        task = db.session.scalar(select(Task))
        assert (task.due_on, task.done_at) == (date(2026, 11, 30), None)
    send(client, f"/overleg/gesprekken/nieuw/{partner_id}/", **TALK, is_yearly="y")
    with reading(ocmw):
        tasks = {task.due_on: task.done_at is not None for task in db.session.scalars(select(Task))}
        assert tasks == {date(2026, 11, 30): True, date(2027, 11, 22): False}
    send(client, plan, due_on="")
    with reading(ocmw):
        assert db.session.get(Partner, partner_id).next_talk_on is None
        assert db.session.scalar(select(Task.id).where(Task.done_at.is_(None))) is None
        assert len(list(db.session.scalars(select(FollowUp)))) == 2


def test_open_files_are_counted_with_the_landlord_and_before_the_court(
    organisation, court, proceeding, sign_in, send, reading, read
):
    ocmw = organisation()
    first, second = proceeding(ocmw), proceeding(ocmw, "Maes", court="Oostende 2")
    with reading(ocmw), transaction() as session:
        landlord = Landlord(name="De Brug", sort_key="debrug", kind=LandlordKind.WOONMAATSCHAPPIJ)
        session.add(landlord)
        session.flush()
        for made in (first, second):
            session.scalar(select(Dwelling).where(Dwelling.case_id == made.case_id)).landlord_id = landlord.id
    client = sign_in(ocmw)
    assert "De Brug bekend uit je dossiers" in read(client.get("/overleg/?soort=verhuurders"))
    fields = {"name": "De Brug", "landlord": str(landlord.id)}
    answer = send(client, "/overleg/nieuw/?soort=verhuurders", **fields)
    page = client.get(answer.headers["Location"])
    assert "Open dossiers 2 Verzoekschrift 2" in read(page)
    assert f"/verhuurders/{landlord.id}/" in page.get_data(as_text=True)
    court(ocmw, "Oostende 2")
    assert "Vredegerecht Oostende 2 Oostende · 1 open dossier" in read(client.get("/overleg/"))


def test_two_people_change_the_same_partner(organisation, court, sign_in, send, reading, read):
    ocmw = organisation()
    partner_id = court(ocmw)
    client = sign_in(ocmw)
    with reading(ocmw):
        version = db.session.get(Partner, partner_id).version
    fields = {"name": "Vredegerecht Oostende 2", "canton": "Oostende 2", "version": str(version)}
    assert send(client, f"/overleg/{partner_id}/bewerken", **fields, note="lift").status_code == 302
    late = send(client, f"/overleg/{partner_id}/bewerken", **fields, note="trap links")
    assert late.status_code == 409
    assert "trap links" in read(late)


def bredene(**fields):
    """What somebody types about Bredene."""
    given = {
        "canton": "Oostende 2",
        "municipality": "Bredene",
        "covers": "whole",
        "source": "griffie, telefoon",
        "seen": "",
    }
    return given | fields


def test_what_one_organisation_asked_the_whole_network_knows(
    organisation, court, proceeding, sign_in, send, reading, read
):
    ours = organisation(Role.SOCIAL_WORKER, Role.DPO)
    colleague, stranger = organisation(network=ours.network), organisation()
    for each, nis in ((ours, "35013"), (colleague, "35002")):
        with reading(each), transaction() as session:
            session.get_one(Tenant, each.tenant.id).nis = nis
    page = court(ours)
    theirs, strange = court(colleague, "Oostende 1"), court(stranger, "Oostende 1")
    client, guest = sign_in(ours), sign_in(stranger)
    start = read(client.get("/overleg/"))
    assert "Welk kanton? Na te vragen bij de griffie 1" in start
    assert "Bredene waarschijnlijk Oostende 1" in start
    assert "kanton=Oostende+2" in client.get(f"/overleg/{page}/").get_data(as_text=True)
    off = bredene(canton="Oostende 1", covers="none", source="griffie, telefoon 24/11/2026")
    for fields in (bredene(), off):
        assert send(client, "/overleg/kantons/", **fields).status_code == 302
    made = proceeding(ours, court="Waregem")
    with reading(ours), transaction() as session:
        session.scalar(select(Dwelling).where(Dwelling.case_id == made.case_id)).postcode = "8450"
    form = client.get(f"/verzoekschriften/dossier/{made.case_id}/nieuw").get_data(as_text=True)
    assert re.findall(r'<option value="([A-Z][a-z]+(?: \d)?)"', form) == ["Oostende 2", "Waregem"]
    shown = read(client.get(f"/overleg/{page}/"))
    assert "Bredene bevestigd griffie, telefoon Genoteerd door Marie Declerck" in shown
    assert "Welk kanton?" not in read(client.get("/overleg/"))
    other = sign_in(colleague)
    assert "Bredene bevestigd hoort niet bij dit kanton griffie, telefoon 24/11/2026" in read(
        other.get(f"/overleg/{theirs}/")
    )
    assert "Kanton Oostende 2 hoort bij je gemeente" in read(other.get("/overleg/"))
    assert "Vredegerecht Oostende 1" not in read(other.get("/overleg/?q=bredene"))
    assert "Vredegerecht Oostende 2" in read(client.get("/overleg/?q=bredene"))
    assert "Bredene niet zeker Uit de lijst, niet zeker: vraag" in read(guest.get(f"/overleg/{strange}/"))
    with reading(ours):
        statement = cantons.current("Oostende 2", "35002")
        (event,) = db.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == statement.id))
        assert (event.act, event.changes["nis"]) == ("insert", [None, "35002"])
        assert event.actor_id == ours.users[Role.SOCIAL_WORKER].id
    assert send(guest, f"/overleg/kantons/{statement.id}/intrekken").status_code == 404
    assert sign_in(ours, Role.DPO).get("/overleg/kantons/").status_code == 403
    late = send(other, "/overleg/kantons/", **bredene(source="griffier zelf"))
    assert late.status_code == 409  # it did not show what stands there
    assert "Hier staat al iets genoteerd" in read(late)
    assert ": Heel de gemeente ligt in dit kanton. griffie, telefoon" in read(late)
    assert "griffier zelf" in late.get_data(as_text=True)
    again = bredene(source="griffier zelf", covers="part", seen=str(statement.id))
    assert send(other, "/overleg/kantons/", **again).status_code == 302
    assert "Bredene gedeeltelijk bevestigd griffier zelf" in read(client.get(f"/overleg/{page}/"))
    with reading(colleague):
        now = cantons.current("Oostende 2", "35002")
    assert send(client, f"/overleg/kantons/{now.id}/intrekken").status_code == 302
    assert send(client, f"/overleg/kantons/{now.id}/intrekken").status_code == 404
    assert "Bredene" not in read(client.get(f"/overleg/{page}/"))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"municipality": "Atlantis"}, "Deze gemeente kennen we niet"),
        ({"municipality": "Meulebeke"}, "Deze gemeente kennen we niet"),  # it went into Tielt
        ({"valid_from": "2026-05-01", "valid_to": "2026-04-30"}, "De laatste dag komt voor de eerste"),
        ({"covers": "none", "valid_to": "2026-12-31"}, "Stopt het op een bepaalde dag?"),
        ({"canton": "Harelbeke"}, "Dit staat niet in de lijst"),
        ({"source": " "}, "Zeg van wie je het weet"),
        ({"covers": ""}, "Kies wat je weet"),
    ],
)
def test_what_cannot_be_said_of_a_canton(organisation, sign_in, send, reading, read, fields, told):
    ocmw = organisation()
    answer = send(sign_in(ocmw), "/overleg/kantons/", **bredene(**fields))
    assert answer.status_code == 422
    assert told in read(answer)
    with reading(ocmw):
        assert cantons.statements() == []


def test_the_list_of_courts_reads_what_was_stated_once(app, organisation, court, sign_in, send, request):
    ocmw = organisation()
    court(ocmw, "Waregem")
    client = sign_in(ocmw)
    assert send(client, "/overleg/kantons/", **bredene()).status_code == 302
    sent = []

    def hear(_connection, _cursor, statement, *_rest):
        if "FROM canton_statement" in statement:
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    request.addfinalizer(lambda: event.remove(engine, "before_cursor_execute", hear))
    assert client.get("/overleg/?q=bredene").status_code == 200
    assert len(sent) == 1


def test_a_canton_that_changes_keeps_its_days(organisation, court, sign_in, send, read):
    ocmw = organisation()
    waregem, menen = court(ocmw, "Waregem"), court(ocmw, "Menen")
    client = sign_in(ocmw)
    address = "/overleg/kantons/?kanton=Waregem&gemeente=34013"
    assert 'value="Harelbeke"' in client.get(address).get_data(as_text=True)
    harelbeke = bredene(municipality="harelbeke", source="Staatsblad")
    send(client, address, **harelbeke | {"canton": "Waregem", "valid_to": "2026-12-31"})
    send(client, address, **harelbeke | {"canton": "Menen", "valid_from": "2026-11-01"})
    assert "Harelbeke bevestigd tot en met" in read(client.get(f"/overleg/{waregem}/"))
    assert "Staat ook in kanton Waregem" in read(client.get(f"/overleg/{menen}/"))
    assert "Staat ook in kanton Menen" in read(client.get(f"/overleg/{waregem}/"))
