"""An organisation that owns a row in every table, through the services that people use.

What a test of isolation looks for at somebody else's: every text of it holds MARK.
"""

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

from flask import current_app
from sqlalchemy import select, text
from sqlalchemy.orm import undefer
from xlsxwriter import Workbook

from app import tenancy
from app.audit.service import record_read
from app.database import db, transaction
from app.security.models import Tenant, utc_now
from app.security.roles import Role
from playbook.agreements import service as sharing_agreements
from playbook.exchange import calendar as meeting_calendar
from playbook.exchange import digest, initiatives, meetings, questions
from playbook.exchange import service as exchange
from playbook.exchange.rules import ContactKind
from playbook.handbook import drafts, files, guests, mailing, proposals, reading, remarks
from playbook.handbook import printing as paper
from playbook.handbook import service as handbook
from playbook.handbook.models import Adoption, Page
from playbook.intervision import service as discussions
from playbook.scenarios import adopting as between_networks
from playbook.scenarios import rules as scenario_rules
from playbook.scenarios import service as scenarios
from playbook.scenarios.models import Scenario, ScenarioAdoption
from playbook.training import attending, certificates, learning, materials, sessions
from playbook.training import service as training
from playbook.training.models import Course, TrainingSession
from tenants.after_eviction import service as after_eviction
from tenants.after_eviction.rules import Aftermath, GoodsPlace, HelpKind, Place
from tenants.caseload import service as caseload
from tenants.cases import attachments, filters, listing, notes, tasks
from tenants.cases import service as cases
from tenants.cases.codes import Channel, ContactResult, EvictionOutcome, HousingOutcome, JudgmentKind, Reason
from tenants.cases.intake import NewCase, NewDwelling, NewLandlord, NewPerson
from tenants.cases.opening import open_case
from tenants.dialogue import agreements, cantons
from tenants.dialogue import service as partners
from tenants.dialogue.codes import ContactRole, Coverage, PartnerKind
from tenants.file_copy import rules as leaving_out
from tenants.file_copy import service as file_copy
from tenants.guidance import checklist
from tenants.guidance import service as guidance
from tenants.guidance.codes import Condition, Piste, PisteState, ProcedureKind, Step, Verdict
from tenants.hearings.service import Preparation, prepare
from tenants.imports import staging
from tenants.intake import dispatch
from tenants.intake import service as intake
from tenants.intake.codes import ReporterKind, Track
from tenants.intake.rules import Told
from tenants.intervision import service as intervision
from tenants.intervision.codes import Section
from tenants.letters import letterhead
from tenants.letters import service as letters
from tenants.letters.rules import AgreementKind
from tenants.organisations import service as organisations
from tenants.outreach import plan as outreach
from tenants.outreach import printing
from tenants.outreach.service import NewAttempt, add_attempts
from tenants.petitions import changes, hearings
from tenants.petitions.course import today as local_today
from tenants.petitions.service import NewPetition, add_petitions, recompute
from tenants.referrals import service as referrals
from tenants.referrals import waiting
from tenants.referrals.codes import Referrer
from tenants.referrals.service import NewReferral
from tenants.repayment import service as repayment
from tenants.scenarios import own as own_steps
from tenants.scenarios import service as case_scenarios
from tenants.sharing import service as sharing
from tenants.sharing.codes import Consent
from tenants.shelter import consent, residence, seasons
from tenants.shelter import service as night_shelter
from tenants.shelter.codes import ResidenceKind, TurnedAwayReason
from tenants.shelter.guests import NewGuest
from tenants.shelter.rules import Season
from tenants.team import reminders
from tenants.today import calendar
from tests.conftest import Organisation
from tests.playbook.handbook.test_pdf_text import pdf

MARK = "Geheimzwam"  # stands in every text of the other organisation


def register() -> bytes:
    out = BytesIO()
    book = Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for column, words in enumerate(
        zip(
            ("Datum ontvangst", "Rolnr.", "Vredegerecht", "Verzoeker", "Verweerder", "Adres", "Gemeente"),
            ("01/10/2026", "26A5555", "Oostende 1", f"Immo {MARK}", f"{MARK}, An", "Kerkstraat 1", "8400 Oostende"),
            strict=True,
        )
    ):
        for row, word in enumerate(words):
            sheet.write_string(row, column, word)
    book.close()
    return out.getvalue()


def daily_work() -> None:
    """A row in every table of a tenant's own work."""
    today = local_today()
    case = NewCase(
        persons=(NewPerson(MARK, "Dirk", insz="56032774332", phone="059123456", birth_date=date(1956, 3, 27)),),
        opened_on=today - timedelta(days=60),
        dwelling=NewDwelling(f"{MARK}straat", "1", "", "8400", "Oostende", Decimal(700)),
        landlord=NewLandlord(f"Immo {MARK}"),
        note=f"nota {MARK}",
    )
    with transaction():
        case_id = open_case(case)
        (petition_id,) = add_petitions(
            [
                NewPetition(
                    case_id,
                    court="Oostende 1",
                    roll_number="26A7777",
                    received_on=today - timedelta(days=50),
                    claimant=f"Immo {MARK}",
                    arrears=Decimal(2100),
                    hearing_at=datetime.combine(today - timedelta(days=40), datetime.min.time()),
                    judgment_kind=JudgmentKind.DEFAULT,
                    pronounced_on=today - timedelta(days=40),
                    judgment_served_on=today - timedelta(days=35),
                    notice_on=today - timedelta(days=3),
                )
            ]
        )
        add_attempts(
            [
                NewAttempt(
                    case_id,
                    utc_now() - timedelta(days=45),
                    Channel.HOME_VISIT,
                    ContactResult.REACHED,
                    note=f"gesproken {MARK}",
                )
            ]
        )
        recompute([case_id])
    hearing_id = hearings.set_hearing(petition_id, datetime.combine(today + timedelta(days=4), datetime.min.time()))
    prepare(hearing_id, Preparation(proposal=f"voorstel {MARK}"))
    tasks.add_task(tasks.NewTask(f"bellen naar {MARK}", today, case_id=case_id))
    notes.add_note(case_id, f"nog een {MARK}")
    attachments.attach(case_id, f"{MARK}.pdf", b"%PDF-1.7 " + MARK.encode())
    waiting_list(case_id, today)
    listing.keep_filter(f"lijst {MARK}", filters.read_filter({"q": "x"}))
    letterhead.save_letterhead(
        letterhead.NewLetterhead(f"{MARK}plein 1", "8400", "Oostende", "0630835639", "059", "a@b.test", "dpo", (MARK,))
    )
    letters.start_agreement(case_id, AgreementKind.FBU)
    repay(case_id, today)
    guide(case_id, today)
    evict(case_id, petition_id, today - timedelta(days=1))
    outreach.add_step(outreach.plans_of(case_id)[0].row.id, Channel.LETTER, today)
    printing.make([row.id for row in printing.waiting()])
    calendar.renew()
    staging.upload(f"{MARK}.xlsx", register())
    record_read("case_file", case_id, case_id, "case work")
    copy(case_id)
    shelter(case_id, today)
    dialogue(today)
    together(case_id)
    db.session.commit()
    report()


def offer_training() -> tuple[TrainingSession, Course]:
    """A course with a track, a material, a quiz and a session that begins soon."""
    course = training.save_course(None, training.NewCourse(f"Vorming {MARK}", f"over {MARK}"))
    training.save_track(None, training.NewTrack(f"Traject {MARK}", courses=[course.id]))
    training.save_question(course.id, None, training.NewQuestion(f"Wat is {MARK}?", f"* {MARK}\nniets"))
    materials.add(course.id, f"dia's {MARK}", materials.NewContent("", "a.pdf", b"%PDF-1.7 " + MARK.encode()))
    start = utc_now() + timedelta(minutes=30)
    session = sessions.plan(course.id, sessions.NewSession(start, start + timedelta(hours=2), f"Zaal {MARK}"))
    return session, course


def offer_scenario() -> uuid.UUID:
    """A scenario that is published."""
    made = scenarios.create(scenario_rules.Definition(f"Scenario {MARK}", "", f"als {MARK}"))
    scenarios.save_step(made.slug, scenario_step(), 1)
    scenarios.publish(made.slug, f"eerste {MARK}", 2)
    with transaction() as session:
        between_networks.show(session, made, is_for_all=False)
        theirs = {"source_network_id": made.network_id, "source_scenario_id": made.id}
        session.add(ScenarioAdoption(scenario_id=made.id, number=1, body={"title": MARK}, **theirs))
    return made.id


def scenario_step() -> scenario_rules.Step:
    return scenario_rules.Step("", scenario_rules.Who.SOCIAL_WORKER, f"Bel {MARK}", scenario_rules.Event.STARTED, 2)


def follow_scenario(scenario_id: uuid.UUID) -> None:
    """An own step in it, and a case that follows it."""
    own_steps.save(db.session.get_one(Scenario, scenario_id), scenario_step(), None)
    case_id = cases.open_new(NewCase(persons=(NewPerson(MARK, "Jef"),), opened_on=local_today()))
    case_scenarios.start(case_id, scenario_id)


def follow_training(session: TrainingSession, course: Course) -> None:
    """Be there, pass the quiz, say what one thought, and get the certificate."""
    attending.arrive(session.id)
    learning.evaluate(session.id, learning.NewEvaluation(5, 5, 5, f"goed {MARK}"))
    learning.hand_in(course, [[0]])
    certificates.give_due([course])


def discuss() -> None:
    """A closed case that a colleague released to the network, where somebody said something and proposed a change."""
    today, me = local_today(), tenancy.current()
    case_id = cases.open_new(NewCase(persons=(NewPerson("Iemand", "Anders"),), opened_on=today))
    closing = cases.Closing(today, HousingOutcome.STAYED, EvictionOutcome.AVOIDED, left_open=f"voor {MARK}")
    cases.close(case_id, closing, None)
    draft = intervision.save(case_id, dict.fromkeys(Section, "een verhaal"), (), 0)
    intervision.hand_in(case_id, (), draft.revision)
    db.session.commit()
    with transaction() as session:
        colleague = session.scalar(text("SELECT user_id FROM membership WHERE role = 'team_lead'"))
    with tenancy.acting(replace(me, user_id=colleague)):
        shared_id = intervision.release(draft.id, draft.revision)
        discussions.find(shared_id).title = f"verhaal {MARK}"  # the detector would not let it through
        intervision.find(draft.id).title = f"verhaal {MARK}"
        discussions.say(shared_id, "reactie").text = f"reactie {MARK}"
        page = db.session.scalars(
            select(Page).where(Page.network_id == me.network_id).options(undefer(Page.body))
        ).first()
        discussions.propose(shared_id, page, 1, seen=page.version, text=f"voorstel {MARK}")
        db.session.commit()


def repay(case_id: uuid.UUID, today: date) -> None:
    """A plan of which something came in and the rest stays out, so that a task says so."""
    repayment.start(case_id, repayment.NewPlan(Decimal(200), today - timedelta(days=40), count=2))
    repayment.receive(case_id, repayment.Receipt(today, Decimal(50), f"loket {MARK}"), None)
    repayment.watch()


def copy(case_id: uuid.UUID) -> None:
    """A copy of the whole file; it holds what the page of the case shows, so it is asked for in a request."""
    # Who leaves a request is nobody any more: afterwards the organisation acts again.
    with tenancy.acting(tenancy.current()), current_app.test_request_context():
        seen = file_copy.review(case_id).seen
        file_copy.make(case_id, leaving_out.Purpose.ACCESS, leaving_out.Choice(), seen)
        db.session.remove()


def run_a_shelter(tenant_id: uuid.UUID) -> None:
    """Only an organisation that runs a night shelter has its pages: without this they would be shut to all."""
    with transaction() as session:
        tenant = session.get_one(Tenant, tenant_id)
        tenant.settings = {**(tenant.settings or {}), "has_shelter": True}


def shelter(case_id: uuid.UUID, today: date) -> None:
    """A night with somebody in a bed, in a place, linked to their eviction; and somebody who got none."""
    run_a_shelter(tenancy.current_tenant_id())
    seasons.save_season(None, Season(f"Seizoen {MARK}", today - timedelta(days=30), 20))
    seasons.save_places({ResidenceKind.GROUP: 2})
    stay = night_shelter.register_new(NewGuest(MARK, "Dirk", note=f"nota {MARK}"), 1, seasons.tonight())
    night_shelter.turn_away(TurnedAwayReason.FULL, 2, seasons.tonight(), f"naar {MARK}")
    residence.move_in(stay.guest_id, ResidenceKind.GROUP, today - timedelta(days=1))
    consent.link(stay.guest_id, case_id, today - timedelta(days=1))


def dialogue(today: date) -> None:
    """A court with a contact, an agreement, and a talk whose decision became a task."""
    court = partners.save_partner(None, partners.NewPartner(PartnerKind.COURT, f"Vredegerecht {MARK}"))
    partners.save_contact(court, None, partners.NewContact(ContactRole.REGISTRY, f"Hilde {MARK}", "059 12 34 56"))
    agreements.agree(court, agreements.NewAgreement(f"Afspraak {MARK}", today))
    decision = agreements.NewDecision(f"Beslissing {MARK}", today)
    talk = agreements.NewMeeting(today, notes=f"Gezegd {MARK}", is_yearly=True, decisions=(decision,))
    agreements.hold(court, talk, f"Gesprek met {MARK}", MARK)
    cantons.state(cantons.NewStatement("Oostende 1", "35002", Coverage.WHOLE, f"Griffie {MARK}"), None)


def together(case_id: uuid.UUID) -> None:
    """A case shared with a partner of the same network."""
    tenant = db.session.get_one(Tenant, tenancy.current_tenant_id())
    slug, network = tenant.slug, tenant.network.slug
    db.session.commit()  # the partner is made for itself, so in a transaction of its own
    partner = organisations.create_tenant(f"{slug}-caw", f"CAW {MARK}", network=network)
    today = local_today() - timedelta(days=1)
    agreed = sharing_agreements.draw_up(
        sharing_agreements.Draft(f"Duo {MARK}", (tenant.id, partner.id), starts_on=today)
    )
    sharing_agreements.put_in_force(agreed, 1)
    me = tenancy.current().user_id
    sharing.share(
        sharing.NewGrant(case_id, partner.id, (), local_today(), None, MARK, Consent.SPOKEN, local_today(), me)
    )


def share(page: Page) -> None:
    """A row in every table that says something about a page of the playbook."""
    remarks.comment(page, 1, f"opmerking {MARK}")
    theirs = {"source_network_id": page.network_id, "source_page_id": page.id}
    db.session.add(Adoption(page_id=page.id, version=1, body=f"van elders {MARK}", **theirs))
    files.add(f"{MARK}.pdf", f"bestand {MARK}", pdf(f"bijlage {MARK}"))
    paper.ask(None)
    me = tenancy.current().user_id
    draft = drafts.keep(handbook.Draft(f"Ontwerp {MARK}", f"ontwerp {MARK}", page.chapter_id), page, 1)
    drafts.ask(draft.id, [me])
    proposals.propose(handbook.Draft(f"Voorstel {MARK}", f"voorstel {MARK}", page.chapter_id))
    drafts.autosave("nieuw", f"Ontwerp {MARK}", f"getypt {MARK}", "")
    reading.visit()
    reading.see(page)
    mailing.choose(me, wants=False)
    dispatch.choose_coordinator_first(False)
    guests.note(page.id)


def waiting_list(case_id: uuid.UUID, today: date) -> None:
    """Referrals, an order that was not followed, a hand-over, a task that was deleted, and no daily mail."""
    someone = NewCase(persons=(NewPerson(MARK, "Els"),), opened_on=today)
    asked = NewReferral(Referrer.CAW, today, f"vraag {MARK}", f"An {MARK}", f"09 {MARK}", guidance=ProcedureKind.FBU)
    referrals.refer(asked, case_id)
    second = referrals.refer(replace(asked, guidance=ProcedureKind.HOUSING_GUIDANCE), someone)
    place = next(p for p in waiting.waiting_list() if p.case_id == second)
    me = tenancy.current().user_id
    waiting.take(place.id, me, f"reden {MARK}")
    caseload.hand_over(case_id, me, f"overdracht {MARK}", None, f"lees {MARK}")
    task_id = tasks.add_task(tasks.NewTask(f"niet meer {MARK}", today))
    tasks.drop_task(task_id, f"want {MARK}", 1)
    reminders.choose(me, wants=False)


def guide(case_id: uuid.UUID, today: date) -> None:
    """A procedure with an answer and a step, a piste, and a closed case of which people are asked later."""
    procedure = guidance.consider(case_id, ProcedureKind.CRISIS_MEDIATION, today)
    guidance.answer(case_id, Condition.ACCEPTS_GUIDANCE, Verdict.MET, f"zegt {MARK}")
    guidance.begin(procedure, today, f"zoals {MARK} vroeg")
    guidance.mark_step(procedure, Step.SPEAK, done=True)
    checklist.answer_piste(case_id, Piste.RIGHTS, PisteState.RESULT, note=f"premie voor {MARK}")
    over = cases.open_new(NewCase(persons=(NewPerson(MARK, "Ria"),), opened_on=today))
    cases.close(
        over, cases.Closing(today, HousingOutcome.STAYED, EvictionOutcome.AVOIDED, left_open=f"voor {MARK}"), None
    )


def evict(case_id: uuid.UUID, petition_id: uuid.UUID, day: date) -> None:
    """The eviction, and what became of the household."""
    changes.save_eviction(petition_id, day - timedelta(days=7), None, day)
    until = day + timedelta(days=30)
    went = Aftermath(
        Place.FAMILY_FRIENDS, day, f"bij {MARK}", HelpKind.REMOVAL, day,
        goods_place=GoodsPlace.OCMW, goods_where=MARK, goods_until=until,
    )  # fmt: skip
    after_eviction.save(case_id, went)


def report() -> None:
    """A stranger's report, and what they added to it later."""
    tenant = db.session.get_one(Tenant, tenancy.current_tenant_id())
    told = Told(
        ReporterKind.DEBTS, "Jo", MARK, f"Dienst {MARK}", last_name=MARK, street=f"{MARK}straat", postcode="8400",
        municipality="Oostende", reasons=(Reason.NUISANCE,), explanation=f"lawaai {MARK}",
    )  # fmt: skip
    receipt = intake.submit(intake.find_page(tenant.slug), Track.OTHER, told, f"token of {tenant.slug}")
    intake.add_words(intake.follow(receipt.reference, receipt.code, "198.51.100.7"), f"nog eens {MARK}")


def exchange_words(page: Page) -> None:
    """A question with an answer that helped, an initiative, a meeting with a decision, and no weekly mail."""
    asked = questions.ask(f"Vraag {MARK}", f"meer {MARK}", page.id)
    given = questions.answer(asked.id, f"antwoord {MARK}", page.id)
    questions.accept(asked.id, given.id)
    initiatives.save(None, initiatives.NewInitiative(f"Initiatief {MARK}", MARK, tags=MARK))
    start = utc_now() + timedelta(days=1)
    met = meetings.plan(meetings.NewMeeting(f"Overleg {MARK}", start, start + timedelta(hours=1), MARK, agenda=MARK))
    meetings.write_minutes(met.id, f"verslag {MARK}", met.revision)
    meetings.decide(met.id, f"besluit {MARK}", MARK, local_today())
    digest.choose(tenancy.current().user_id, wants=False)
    meeting_calendar.renew()


def fill(ours: Organisation) -> None:
    """A row in every table of an organisation and of its network. Needs an application context."""
    with ours.acting(Role.SOCIAL_WORKER):
        daily_work()
        db.session.remove()
    with ours.acting(Role.PLAYBOOK_EDITOR):
        chapter = handbook.create_chapter(f"Hoofdstuk {MARK}")
        page = handbook.create_page(handbook.Draft(f"Bladzijde {MARK}", f"tekst {MARK}", chapter.id))
        share(page)
        exchange.add(exchange.Entry(ours.tenant.id, ContactKind.CENTRAL, MARK, phone="059 12 34 56", email="a@b.test"))
        exchange_words(page)
        trained = offer_training()
        scenario = offer_scenario()
        db.session.commit()
        db.session.remove()
    with ours.acting(Role.SOCIAL_WORKER):
        follow_training(*trained)
        follow_scenario(scenario)
        discuss()
        db.session.remove()
