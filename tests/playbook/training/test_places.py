"""Places, names and the waiting list on a real database: who sees whom, and what happens at the same moment."""

import threading
import uuid
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import func, select

from app import tenancy
from app.database import db
from app.jobs import run_worker
from app.security.models import utc_now
from app.security.roles import Role
from playbook.training import attending, certificates, enrolling, learning, mailing, overview, service, sessions
from playbook.training.models import Enrolment, Evaluation, Place
from playbook.training.rules import PlaceState
from playbook.training.service import NewCourse, NewQuestion, NotThereError, TrainingError
from playbook.training.sessions import NewSession

WORKER, LEAD, COORDINATOR, MEMBER = Role.SOCIAL_WORKER, Role.TEAM_LEAD, Role.REGIONAL_COORDINATOR, Role.NETWORK_MEMBER


@pytest.fixture
def region(organisation):
    """Two organisations of a network with a coordinator, and a course."""
    home = organisation(WORKER, LEAD, COORDINATOR, name="OCMW Aalbeke")
    home.other = organisation(WORKER, network=home.network, name="OCMW Bissegem")
    return home


@pytest.fixture
def arranging(region, app_context):
    """Act as the coordinator, who works for the network as a whole."""
    return tenancy.Context(None, region.users[COORDINATOR].id, region.network.id)


@pytest.fixture
def course(arranging):
    with tenancy.acting(arranging):
        made = service.save_course(None, NewCourse("Naar de zitting"))
        db.session.remove()
    return made


def planned(arranging, course, *, capacity=1, days=7, hours=3):
    start = utc_now() + timedelta(days=days)
    with tenancy.acting(arranging):
        made = sessions.plan(course.id, NewSession(start, start + timedelta(hours=hours), "Kortrijk", "", capacity))
        db.session.remove()
    return made.id


def acting(who, role=WORKER):
    db.session.remove()
    return who.acting(role)


def mails(settings, to):
    found = []
    for path in sorted(settings.outbox_dir.glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        if message["To"] == to:
            found.append((message["Subject"], message.get_content()))
    return found


def test_the_last_place_goes_to_one_and_the_other_waits(region, arranging, course):
    session_id = planned(arranging, course)
    given, errors, ready = {}, [], threading.Barrier(2)

    def ask(who):
        with region.app.app_context(), who.acting():
            try:
                ready.wait(timeout=10)
                given[who.tenant.name] = enrolling.enrol(session_id)
            except Exception as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=ask, args=(who,)) for who in (region, region.other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted((g.state, g.rank) for g in given.values()) == [(PlaceState.TAKEN, 0), (PlaceState.WAITING, 1)]
    with acting(region):
        held = sessions.one(session_id)
        assert (held.taken, held.waiting, held.left) == (1, 1, 0)


def test_who_works_for_two_organisations_is_on_the_list_once(region, arranging, course):
    session_id, before = planned(arranging, course, capacity=5, days=0), utc_now() - timedelta(hours=1)
    me = region.users[WORKER].id
    with acting(region):
        enrolling.enrol(session_id, now=before)
        db.session.remove()
    with tenancy.acting(tenancy.Context(region.other.tenant.id, me, region.network.id)):
        for again in (lambda: enrolling.enrol(session_id, now=before), lambda: attending.arrive(session_id)):
            with pytest.raises(TrainingError, match="for another organisation"):
                again()
        assert sessions.one(session_id).taken == 1
        db.session.remove()


def test_a_place_given_back_moves_the_first_up_who_hears_of_it(region, arranging, course, settings):
    session_id = planned(arranging, course)
    with acting(region):
        enrolling.enrol(session_id)
        with pytest.raises(TrainingError, match="already"):
            enrolling.enrol(session_id)
    with acting(region.other):
        assert enrolling.enrol(session_id).rank == 1
    with acting(region, LEAD):
        assert enrolling.enrol(session_id, region.users[LEAD].id).rank == 2
    with acting(region):
        enrolling.leave(session_id)  # somebody of another organisation gets it, whom one does not see
    with acting(region.other):
        assert enrolling.mine(session_id).place.state == PlaceState.TAKEN
    with acting(region, LEAD):
        assert enrolling.rank(enrolling.mine(session_id).place) == 1
        db.session.remove()
    run_worker(region.app, settings.database_url, wait=False)
    to = region.other.users[WORKER].email
    ((subject, body),) = mails(settings, to)
    assert subject == "Je hebt toch een plaats: Naar de zitting"
    assert f"/vorming/sessie/{session_id}/" in body
    assert "Declerck" not in body
    assert "Marie" not in body


def test_names_are_seen_by_the_own_organisation_and_the_coordinator_only(region, arranging, course):
    session_id = planned(arranging, course, capacity=5)
    for who in (region, region.other):
        with acting(who):
            enrolling.enrol(session_id)
    everybody = select(func.count()).select_from(Enrolment)
    with acting(region):
        assert db.session.scalar(everybody) == 1  # not even a query of all rows shows the other's
        assert db.session.scalar(select(func.count()).select_from(Place)) == 2
    with acting(region, LEAD):
        assert [user.id for user, _m in enrolling.listed(session_id)] == [region.users[WORKER].id]
    db.session.remove()
    with tenancy.acting(arranging):
        assert len(enrolling.listed(session_id)) == 2
        db.session.remove()
    stranger = tenancy.Context(
        None, region.users[WORKER].id, region.network.id
    )  # for the network, without a task in it
    with tenancy.acting(stranger):
        assert db.session.scalar(everybody) == 0
        db.session.remove()


def test_a_row_for_another_organisation_can_not_be_written(region, arranging, course):
    session_id = planned(arranging, course, capacity=5)
    with acting(region):
        with pytest.raises(NotThereError):
            enrolling.enrol(session_id, region.other.users[WORKER].id)
        place = Place(session_id=session_id, organisation_id=region.other.tenant.id, state="taken")
        db.session.add(place)
        db.session.flush()
        db.session.add(
            Enrolment(
                place_id=place.id, session_id=session_id, organisation_id=region.other.tenant.id,
                user_id=region.other.users[WORKER].id,
            )
        )  # fmt: skip
        with pytest.raises(Exception, match="row-level security"):
            db.session.flush()
        db.session.rollback()


def test_places_follow_the_capacity(region, arranging, course):
    session_id = planned(arranging, course)
    for who, role in ((region, WORKER), (region.other, WORKER), (region, LEAD)):
        with acting(who, role):
            enrolling.enrol(session_id)
    db.session.remove()
    with tenancy.acting(arranging):
        row = sessions.one(session_id).session
        more = NewSession(row.starts_at, row.ends_at, row.place, "", 2)
        sessions.change(session_id, more)
        held = sessions.one(session_id)
        assert (held.taken, held.waiting) == (2, 1)
        with pytest.raises(TrainingError) as refused:
            sessions.change(session_id, NewSession(row.starts_at, row.ends_at, row.place, "", 1))
        assert refused.value.params == {"taken": 2}
        db.session.remove()


def test_a_cancelled_session_takes_nobody_and_everybody_hears_of_it(region, arranging, course, settings):
    session_id = planned(arranging, course)
    for who in (region, region.other):
        with acting(who):
            enrolling.enrol(session_id)
    db.session.remove()
    with tenancy.acting(arranging):
        with pytest.raises(TrainingError):
            sessions.cancel(session_id, "")
        sessions.cancel(session_id, "De lesgever is ziek")
        db.session.remove()
    with acting(region, LEAD):
        with pytest.raises(TrainingError, match="cancelled"):
            enrolling.enrol(session_id)
        db.session.remove()
    run_worker(region.app, settings.database_url, wait=False)
    for who in (region, region.other):
        ((subject, body),) = mails(settings, who.users[WORKER].email)
        assert subject.startswith("Een vorming gaat niet door")
        assert "Waarom: De lesgever is ziek" in body


def test_people_are_reminded_once_a_few_days_before(region, arranging, course, settings):
    soon, later = planned(arranging, course, days=2), planned(arranging, course, days=9)
    with acting(region):
        enrolling.enrol(soon)
        enrolling.enrol(later)
    with acting(region.other):
        enrolling.enrol(soon)  # waits: no reminder of a place that is not theirs
    db.session.remove()
    for expected in (1, 0):
        with tenancy.acting(tenancy.Context(network_id=region.network.id)):
            assert mailing.remind() == expected
            db.session.remove()
    run_worker(region.app, settings.database_url, wait=False)
    ((subject, body),) = mails(settings, region.users[WORKER].email)
    assert subject.startswith("Binnenkort")
    assert str(soon) in body
    assert mails(settings, region.other.users[WORKER].email) == []


def test_the_code_makes_present_who_is_in_the_room(region, arranging, course):
    session_id = planned(arranging, course, capacity=2, days=0.02)
    with acting(region):
        with pytest.raises(NotThereError):
            attending.read_code("x" * 20)
        assert attending.read_code(attending.make_code(session_id)) == session_id
        assert attending.arrival(session_id) is attending.Arrival.CAN_JOIN
        attending.arrive(session_id)
        attending.arrive(session_id)  # scanned twice
        assert attending.arrival(session_id) is attending.Arrival.PRESENT
    with acting(region, LEAD):
        attending.arrive(session_id)
    with acting(region.other):
        assert attending.arrival(session_id) is attending.Arrival.FULL
        with pytest.raises(TrainingError, match="taken"):
            attending.arrive(session_id)
        assert enrolling.mine(session_id) is None  # nothing half-written
        db.session.remove()
    with tenancy.acting(arranging), pytest.raises(TrainingError, match="People were there already"):
        sessions.cancel(session_id, "Te laat")
    far_off = planned(arranging, course)
    with acting(region), pytest.raises(TrainingError, match="hour before"):
        attending.arrive(far_off)


def test_an_old_code_says_so(region, arranging, course, monkeypatch):
    session_id = planned(arranging, course)
    with acting(region):
        code = attending.make_code(session_id)
        monkeypatch.setattr(attending, "CODE_SECONDS", -1)
        with pytest.raises(attending.OldCodeError):
            attending.read_code(code)


def test_being_there_and_the_quiz_earn_one_certificate(region, arranging, course):
    session_id = planned(arranging, course, days=0.02, capacity=3)
    with tenancy.acting(arranging):
        service.save_question(course.id, None, NewQuestion("Wie verzoent?", "* de vrederechter\nde griffier"))
        db.session.remove()
    with acting(region):
        attending.arrive(session_id)
        assert certificates.give_due([course]) == []
        assert not learning.hand_in(course, [[1]]).passed
        assert certificates.give_due([course]) == []
        assert learning.hand_in(course, [[0]]).passed
        assert certificates.give_due([course]) == [course]
        assert certificates.give_due([course]) == []
        number, made = certificates.pdf(course.id)
        assert made.startswith(b"%PDF")
        assert certificates.pdf(course.id)[1] == made  # the same bytes, on any day
    with acting(region, LEAD):
        with pytest.raises(NotThereError):
            certificates.pdf(course.id)
        (mine,) = [p for p in overview.team(service.tracks()).people if p.user.id == region.users[WORKER].id]
        assert mine.done == {course.id}
    db.session.remove()
    with tenancy.acting(tenancy.NOBODY):
        found = certificates.verify(number.lower(), "192.0.2.1")
        assert found.certificate.course_title == "Naar de zitting"
        user = region.users[WORKER]
        assert certificates.bears(found.certificate, f"{user.last_name.upper()}, {user.first_name}", "192.0.2.1")
        assert not certificates.bears(found.certificate, "Jan Peeters", "192.0.2.1")
        assert tenancy.current() == tenancy.NOBODY
        with pytest.raises(NotThereError):
            certificates.verify(number[:-1] + ("3" if number[-1] != "3" else "4"), "192.0.2.1")
        db.session.remove()
    with tenancy.acting(arranging):
        counts = {each.organisation.id: each.of_course for each in overview.per_organisation()}
        assert counts == {region.tenant.id: {course.id: (1, 1)}, region.other.tenant.id: {}}
        db.session.remove()


def test_the_list_keeps_who_came_by_the_code_meanwhile(region, arranging, course):
    session_id = planned(arranging, course, days=0.02, capacity=1)
    for who in (region, region.other):
        with acting(who):
            enrolling.enrol(session_id)
    db.session.remove()
    with tenancy.acting(arranging):
        listed = {user.id: each for user, each in enrolling.listed(session_id)}
        first, second = (listed[who.users[WORKER].id].enrolment.id for who in (region, region.other))
        db.session.remove()
    with acting(region):
        attending.arrive(session_id)
    db.session.remove()
    with tenancy.acting(arranging):
        attending.tick(session_id, {second}, {second})  # the page was opened before the first one scanned
        by_id = {each.enrolment.id: each for _user, each in enrolling.listed(session_id)}
        assert by_id[first].enrolment.present_by == "code"
        assert (by_id[second].enrolment.present_by, by_id[second].place.state) == ("list", PlaceState.TAKEN)
        attending.tick(session_id, {first, second, uuid.uuid4()}, {first})
        by_id = {each.enrolment.id: each for _user, each in enrolling.listed(session_id)}
        assert by_id[second].enrolment.present_at is None
        assert by_id[first].enrolment.present_by == "code"
        db.session.remove()


def test_an_evaluation_holds_nothing_of_who_gave_it(region, arranging, course):
    session_id = planned(arranging, course, days=0.02, capacity=9)
    said = learning.NewEvaluation(5, 4, 3, "meer rollenspel")
    with acting(region):
        with pytest.raises(NotThereError):
            learning.evaluate(session_id, said)
        attending.arrive(session_id)
        learning.evaluate(session_id, said)
        with pytest.raises(TrainingError):
            learning.evaluate(session_id, said)
        assert learning.opinion(session_id) == (1, None)
        row = db.session.scalars(select(Evaluation)).one()
        kept = {column.name for column in Evaluation.__table__.columns}
        assert kept == {"network_id", "id", "session_id", "useful", "clear", "pace", "remark"}
        assert row.id.version == 4
