"""Guests of a network: by enumeration of every table and every address, they see what is marked and nothing else."""

import io
import re
import threading
from types import SimpleNamespace

import pytest
from flask import session, url_for
from flask_appbuilder.security.sqla.models import User
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, NotFound

from app import tenancy
from app.database import db, transaction
from app.security import guard
from app.security.roles import Role
from playbook.exchange import digest
from playbook.handbook import drafts, files, guests, mirror, mirroring, remarks, service
from playbook.handbook.service import Draft
from tenants.organisations import network_guests
from tenants.organisations.service import OrganisationError

EDITOR, COORDINATOR, GUEST = Role.PLAYBOOK_EDITOR, Role.REGIONAL_COORDINATOR, Role.GUEST
SECRET = "Geheimzwam"
TABLES = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v') AND relnamespace = 'public'::regnamespace"
MAY_SELECT = text("SELECT has_any_column_privilege(:table, 'SELECT')")
MAY_WRITE = text("SELECT has_table_privilege(:table, 'INSERT, UPDATE, DELETE, TRUNCATE')")
PLAYBOOK = {"playbook_page", "playbook_chapter", "playbook_file", "playbook_file_page"}
OPEN = PLAYBOOK | {"scenario", "scenario_version", "network"}


def png(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 10), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def made(app):
    """What the module's tests look at; made by the first."""
    return SimpleNamespace()


@pytest.fixture
def home(app, organisation, made):
    """A network with a marked page that shows a file, and everything that its guest must not see."""
    if hasattr(made, "home"):
        return made.home
    made.home = home = organisation(EDITOR, COORDINATOR, GUEST, Role.SOCIAL_WORKER)
    with app.app_context(), home.acting(EDITOR):
        shown, hidden = files.add("a.png", "kaart", png("teal")), files.add("b.png", f"foto {SECRET}", png("red"))
        chapter = service.create_chapter("De zitting", f"samenvatting {SECRET}")
        other = service.create_chapter(f"Intern {SECRET}")
        body = (
            f"De griffie helpt.\n\n![kaart](/draaiboek/bestand/{shown.name})\n\n"
            "Zie [het interne blad](/draaiboek/intern/), [de dag](/draaiboek/de-dag/) en [vorming](/vorming/)."
        )
        page = service.create_page(Draft("Naar de zitting", body, chapter.id, for_guests=True))
        service.create_page(Draft("De dag", "Om negen uur.", chapter.id, page.id, for_guests=True))
        intern = f"griffie {SECRET} ![x](/draaiboek/bestand/{hidden.name})"
        service.create_page(Draft("Intern", intern, other.id))
        service.create_page(Draft("Voor allen", f"griffie {SECRET}", other.id, published_to_all=True))
        remarks.comment(page, 1, f"opmerking {SECRET}")
        drafts.keep(Draft(page.title, f"ontwerp {SECRET}", chapter.id), page, 1)
        home.shown, home.hidden = shown.name, hidden.name
        db.session.commit()
        db.session.remove()
    return home


@pytest.fixture
def as_guest(home):
    """A session of the database as the portal opens it for a guest."""
    user = home.users[GUEST].id
    context = tenancy.Context(user_id=user, network_id=home.network.id, role=tenancy.GUEST)
    with home.app.app_context(), tenancy.acting(context), Session(db.engine) as session:
        yield session


# ---------------------------------------------------------------- the database


def test_no_table_but_the_playbooks_own_is_open(as_guest):
    for table in as_guest.scalars(text(TABLES)).all():
        assert as_guest.scalar(MAY_SELECT, {"table": table}) == (table in OPEN), table
        assert not as_guest.scalar(MAY_WRITE, {"table": table}), table


def test_only_marked_pages_their_chapter_and_their_files_are_read(home, as_guest):
    assert set(as_guest.scalars(text("SELECT slug FROM playbook_page"))) == {"naar-de-zitting", "de-dag"}
    assert set(as_guest.scalars(text("SELECT title FROM playbook_chapter"))) == {"De zitting"}
    assert set(as_guest.scalars(text("SELECT name FROM playbook_file"))) == {home.shown}
    with pytest.raises(DBAPIError, match="permission denied"):
        as_guest.execute(text("SELECT summary FROM playbook_chapter"))


def test_a_guest_writes_nothing(as_guest):
    with pytest.raises(DBAPIError, match="permission denied"):
        as_guest.execute(text("UPDATE playbook_page SET title = 'x'"))


def test_a_guest_of_another_network_or_of_none_reads_nothing(home, organisation):
    other = organisation(GUEST)
    for network_id in (other.network.id, None):
        context = tenancy.Context(user_id=other.users[GUEST].id, network_id=network_id, role=tenancy.GUEST)
        with home.app.app_context(), tenancy.acting(context), Session(db.engine) as session:
            for table in OPEN - {"network"}:
                assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0


def test_a_mark_that_is_taken_away_shuts_page_and_file_at_once(home, as_guest):
    with home.acting(EDITOR):
        page = service.page_by_slug("naar-de-zitting")
        body, chapter_id = page.body, page.chapter_id
        service.save_page(page.slug, Draft(page.title, body, chapter_id), page.version)
        db.session.remove()
    assert as_guest.scalars(text("SELECT slug FROM playbook_page")).all() == ["de-dag"]
    assert as_guest.scalar(text("SELECT count(*) FROM playbook_file")) == 0
    with home.acting(EDITOR):
        service.save_page("naar-de-zitting", Draft("Naar de zitting", body, chapter_id, for_guests=True), 1)
        db.session.remove()


# ---------------------------------------------------------------- the pages


def test_every_other_address_is_shut(app, home, sign_in, csrf):
    guest, paths = sign_in(home, GUEST), []
    samples = {"UUIDConverter": home.tenant.id, "IntegerConverter": 1}
    sent = {"csrf_token": csrf(guest)}
    with guest.session_transaction() as stored:
        known = dict(stored)
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            right = guard.right_of(rule.endpoint)
            if right not in ("", "playbook.visit") and not (right or "").startswith("account."):
                values = {name: samples.get(type(kind).__name__, "x") for name, kind in rule._converters.items()}
                method = "GET" if "GET" in rule.methods else "POST"  # the door looks at the endpoint alone
                paths.append((method, url_for(rule.endpoint, **values)))
    # Up to the door and no further: an error page for each would take seconds.
    for method, path in paths:
        with app.test_request_context(path, method=method, data=sent if method == "POST" else None):
            session.update(known)
            with pytest.raises((Forbidden, NotFound)):
                app.preprocess_request()
            assert tenancy.current().network_id is None, path
    assert len(paths) > 150
    assert SECRET not in guest.get("/draaiboek/intern/geschiedenis/").text


def test_a_guest_starts_in_the_playbook_and_sees_what_is_marked(home, sign_in):
    guest = sign_in(home, GUEST)
    assert guest.get("/").location == "/draaiboek/"
    told = guest.get("/draaiboek/").text
    assert "Naar de zitting" in told
    assert "De zitting" in told
    for word in (SECRET, "Voor allen", "/netwerk/", "/vorming/", "/cijfers/", "/geschiedenis/"):
        assert word not in told, word
    assert guest.get("/account/").status_code == 200


def test_a_page_has_its_text_and_nothing_around_it(home, sign_in):
    guest = sign_in(home, GUEST)
    told = guest.get("/draaiboek/naar-de-zitting/").text
    assert "De griffie helpt." in told
    assert '<a href="/draaiboek/de-dag/"' in told
    assert "het interne blad" in told
    for word in (SECRET, "/draaiboek/intern/", "/vorming/", "opmerking", "/geschiedenis/", "/bewerken/", "/volgen"):
        assert word not in told, word
    assert guest.get("/draaiboek/intern/").status_code == 404
    assert guest.get("/draaiboek/voor-allen/").status_code == 404


def test_its_pdf_and_its_pictures_are_there_those_of_others_are_not(home, sign_in):
    guest = sign_in(home, GUEST)
    paper = guest.get("/draaiboek/naar-de-zitting/pdf")
    assert (paper.status_code, paper.data[:5]) == (200, b"%PDF-")
    assert guest.get(f"/draaiboek/bestand/{home.shown}").status_code == 200
    assert guest.get(f"/draaiboek/bestand/{home.hidden}").status_code == 404
    assert guest.get("/draaiboek/intern/pdf").status_code == 404


def test_search_finds_marked_pages_only(home, sign_in):
    told = sign_in(home, GUEST).get("/draaiboek/zoeken?q=griffie").text
    assert "Naar de zitting" in told
    assert SECRET not in told
    assert "Voor allen" not in told


def test_a_guest_without_a_marked_page_is_told_so(organisation, sign_in):
    told = sign_in(organisation(GUEST), GUEST).get("/draaiboek/")
    assert told.status_code == 200
    assert "gasten" in told.text


def test_an_editor_marks_a_page_and_an_export_keeps_it(home, sign_in, csrf):
    editor = sign_in(home, EDITOR)
    assert "Gasten van het netwerk lezen" in editor.get("/draaiboek/de-dag/").text
    assert 'name="for_guests"' in editor.get("/draaiboek/de-dag/bewerken/").text
    with home.app.app_context(), home.acting(EDITOR):
        parts = mirroring.chapters()
        again, wrong = mirror.read(mirror.files_of(parts))
    assert not wrong
    assert [page.for_guests for page in mirror.all_pages(again)] == [True, True, False, False]


def test_a_draft_keeps_the_mark(home):
    with home.app.app_context(), home.acting(EDITOR):
        chapter = service.chapter_by_slug("de-zitting")
        kept = drafts.keep(Draft("Nog een", "tekst", chapter.id, for_guests=True), None, 0)
        assert drafts.publish(kept.id).for_guests
        page = service.page_by_slug("nog-een")
        service.save_page(page.slug, Draft(page.title, page.body, page.chapter_id), page.version)


def test_guests_are_not_asked_to_review_and_get_no_news(home):
    with home.app.app_context(), home.acting(EDITOR):
        assert home.users[GUEST].id not in {user.id for user in drafts.candidates()}
    with home.app.app_context(), tenancy.acting(tenancy.Context(network_id=home.network.id)):
        assert home.users[GUEST].id not in digest.members()


# ---------------------------------------------------------------- in and out


def test_a_coordinator_lets_a_guest_in_and_out(app, home, sign_in, csrf):
    coordinator = sign_in(home, COORDINATOR)
    told = {"first_name": "An", "last_name": "Vrederechter", "email": "an@voorbeeld.be", "note": "kanton Kortrijk"}
    sent = {**told, "csrf_token": csrf(coordinator)}
    assert coordinator.post("/gasten/nieuw/", data={**sent, "email": "geen"}).status_code == 422
    assert coordinator.post("/gasten/nieuw/", data=sent).status_code == 302
    assert coordinator.post("/gasten/nieuw/", data=sent).status_code == 422, "twice"
    listed = coordinator.get("/gasten/").text
    assert "An Vrederechter" in listed
    assert "kanton Kortrijk" in listed
    from tenants.organisations import network_guests

    with app.app_context(), home.acting(COORDINATOR):
        user = next(each.user for each in network_guests.guests() if each.note)
        db.session.remove()
    guest = sign_in(SimpleNamespace(users={GUEST: user}), GUEST)
    assert guest.get("/draaiboek/de-dag/").status_code == 200
    ended = coordinator.post(f"/gasten/{user.id}/beeindigen", data={"csrf_token": sent["csrf_token"]})
    assert ended.status_code == 302
    assert guest.get("/draaiboek/de-dag/").status_code == 302, "the open browser is signed out"


def test_a_coordinator_does_not_learn_who_has_an_account(app, home, organisation, sign_in, csrf):
    elsewhere, coordinator = organisation(EDITOR), sign_in(home, COORDINATOR)
    known, seen, ending = elsewhere.users[EDITOR], [], r"/gasten/(\d+)/beeindigen"
    open_browser = sign_in(elsewhere, EDITOR)
    with app.app_context(), transaction() as session:
        session.get_one(User, known.id).email = "bekend@voorbeeld.be"
    for address in ("BEKEND@voorbeeld.be", "nieuw@voorbeeld.be"):
        before = set(re.findall(ending, coordinator.get("/gasten/").text))
        told = {"first_name": "Eva", "last_name": "Getypt", "email": address, "csrf_token": csrf(coordinator)}
        page = coordinator.post("/gasten/nieuw/", data=told, follow_redirects=True).text
        (user_id,) = set(re.findall(ending, page)) - before
        seen.append(page.replace(address.lower(), "ADDRESS").replace(f"/{user_id}/", "/ID/"))
        assert coordinator.post("/gasten/nieuw/", data=told).status_code == 422, "twice"
        ended = coordinator.post(f"/gasten/{user_id}/beeindigen", data={"csrf_token": told["csrf_token"]})
        assert ended.status_code == 302
    one, other = (re.sub(r'csrf[^>]+|nonce="[^"]+"', "", text) for text in seen)
    assert one == other
    assert known.last_name not in one
    assert open_browser.get("/draaiboek/").status_code == 200, "who works elsewhere stays signed in"
    with app.app_context():
        mails = db.session.scalars(text("SELECT task_name FROM procrastinate_jobs ORDER BY id DESC LIMIT 2")).all()
    assert mails == ["security.send_link", "organisations.tell_guest"]


def test_who_is_invited_twice_at_the_same_moment_is_a_guest_once(app, organisation):
    made = organisation(COORDINATOR)
    told = []

    def invite(first: str) -> None:
        with app.app_context(), tenancy.acting(made.context(COORDINATOR)):
            try:
                network_guests.invite(first, "Baert", f"an.baert.{made.network.slug}@voorbeeld.test", "")
            except OrganisationError as error:
                told.append(error.message)
            finally:
                db.session.remove()

    invite("Begin")
    with app.app_context(), tenancy.acting(made.context(COORDINATOR)):
        (first,) = network_guests.guests()
        network_guests.end(first.user.id)  # so that both find an account, and no guest
        db.session.remove()
    both = [threading.Thread(target=invite, args=(name,)) for name in ("An", "Anne")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert told == ["%(name)s is a guest already."]
    with app.app_context(), tenancy.acting(made.context(COORDINATOR)):
        assert len(network_guests.guests()) == 1
        db.session.remove()


def test_nobody_ends_who_is_no_guest_of_their_network(home, organisation, sign_in, csrf):
    stranger = sign_in(organisation(COORDINATOR), COORDINATOR)
    for user in (home.users[GUEST], home.users[EDITOR]):
        path = f"/gasten/{user.id}/beeindigen"
        assert stranger.post(path, data={"csrf_token": csrf(stranger)}).status_code == 404


def test_who_has_another_role_in_the_network_acts_with_that(app, home, sign_in):
    from tenants.organisations import service as organisations

    with app.app_context():
        organisations.add_network_member(home.network, home.users[COORDINATOR], GUEST)
        db.session.remove()
    assert sign_in(home, COORDINATOR).get("/draaiboek/intern/").status_code == 200


# ---------------------------------------------------------------- what they read


def test_the_coordinator_sees_which_pages_a_guest_read_and_when_and_no_more(home, organisation, sign_in):
    reader = organisation(GUEST, network=home.network)
    guest, path = sign_in(reader, GUEST), f"/gasten/{reader.users[GUEST].id}/"
    coordinator = sign_in(home, COORDINATOR)
    assert "Nog niets gelezen" in coordinator.get(path).text
    for address in ("/draaiboek/", "/draaiboek/zoeken?q=griffie", "/draaiboek/intern/"):
        guest.get(address)
    assert "Nog niets gelezen" in coordinator.get(path).text
    for _twice in range(2):
        assert guest.get("/draaiboek/de-dag/").status_code == 200
    assert guest.get("/draaiboek/naar-de-zitting/pdf").status_code == 200
    told = coordinator.get(path).text
    assert told.count('href="/draaiboek/de-dag/"') == 1, "once a day"
    assert "Naar de zitting" in told
    assert path in coordinator.get("/gasten/").text
    assert "welke pagina's je opende" in guest.get("/draaiboek/").text.replace("&#39;", "'")
    assert guest.get("/draaiboek/de-dag/").status_code == 200, "the noting did not end the visit"


def test_what_a_guest_read_is_for_the_coordinator_of_that_network_alone(home, organisation, sign_in):
    path = f"/gasten/{home.users[GUEST].id}/"
    assert sign_in(home, EDITOR).get(path).status_code == 403
    assert sign_in(home, GUEST).get(path).status_code == 403
    assert sign_in(organisation(COORDINATOR), COORDINATOR).get(path).status_code == 404
    assert sign_in(home, COORDINATOR).get(f"/gasten/{home.users[EDITOR].id}/").status_code == 404


def test_what_was_read_is_kept_for_a_year(home):
    who = tenancy.Context(user_id=home.users[GUEST].id, network_id=home.network.id)
    with home.app.app_context(), tenancy.acting(who):
        page = service.page_by_slug("de-dag")
        guests.note(page.id)
        with db.session.begin_nested():
            db.session.execute(text("UPDATE playbook_guest_read SET at = at - interval '367 days', day = day - 367"))
        db.session.commit()
        guests.note(page.id)
        reads, count = guests.reads_of(home.users[GUEST].id)
        assert (count, len(reads)) == (1, 1)
        db.session.remove()
