"""Mail to who follows a page and to who is asked to read a draft: bundled, once a day at most, with titles only."""

from email import message_from_bytes, policy

import pytest

from app.database import db
from app.jobs import run_worker
from app.security.roles import Role
from playbook.handbook import drafts, mailing, proposals, reading, remarks, service
from playbook.handbook.jobs import daily_mail, tell_people_of
from playbook.handbook.review import Verdict
from playbook.handbook.service import Draft

EDITOR, COORDINATOR, WORKER = Role.PLAYBOOK_EDITOR, Role.REGIONAL_COORDINATOR, Role.SOCIAL_WORKER


@pytest.fixture
def home(app, organisation):
    """A network with two pages, both followed by a social worker; the coordinator follows nothing."""
    made = organisation(EDITOR, COORDINATOR, WORKER)
    with app.app_context():
        with made.acting(EDITOR):
            made.chapter = service.create_chapter("De zitting")
            for title in ("Naar de zitting", "Na het vonnis"):
                service.create_page(Draft(title, "Bel.", made.chapter.id))
            db.session.commit()
        with made.acting(WORKER):
            for page in both():
                reading.see(page)
                reading.follow(page, True)
            db.session.remove()
    return made


def both():
    return [service.page_by_slug(slug) for slug in ("naar-de-zitting", "na-het-vonnis")]


def change(home, words, role=EDITOR):
    with home.app.app_context(), home.acting(role):
        for page in both():
            service.save_page(page.slug, Draft(page.title, words, page.chapter_id), page.version)
        db.session.remove()


@pytest.fixture
def by(home):
    """by(role, do): what `do` gives when somebody with that role does it."""

    def acting(role, do):
        with home.app.app_context(), home.acting(role):
            found = do()
            db.session.commit()
            db.session.remove()
        return found

    return acting


@pytest.fixture
def mails(app, settings, home):
    """What the next morning (or its part for this network) brings to people of this network: {address: body}."""

    def of_a_morning(*, everybody=False):
        before = set(settings.outbox_dir.glob("*.eml"))
        with app.app_context():
            if everybody:
                daily_mail.func(timestamp=0)
            else:
                tell_people_of(home.network.id)
            db.session.remove()
        run_worker(app, settings.database_url, wait=False)
        new = [path.read_bytes() for path in set(settings.outbox_dir.glob("*.eml")) - before]
        sent = [message_from_bytes(content, policy=policy.default) for content in new]
        own = {user.email for user in home.users.values()}
        told = [(mail["To"], mail.get_content()) for mail in sent if mail["To"] in own]
        assert len(told) == len(dict(told)), "one mail each"
        return dict(told)

    return of_a_morning


def test_a_day_s_changes_are_one_mail_and_are_told_once(home, mails):
    assert mails() == {}
    change(home, "Bel eerst.")
    change(home, "Bel altijd eerst.")
    told = mails(everybody=True)
    assert list(told) == [home.users[WORKER].email]
    body = told[home.users[WORKER].email]
    for word in ("Naar de zitting", "Na het vonnis", "/draaiboek/naar-de-zitting/", "/draaiboek/berichten/"):
        assert body.count(word) == 1, word
    for word in ("Marie", "Declerck", "Bel altijd", "None"):
        assert word not in body
    assert mails() == {}
    change(home, "Bel morgen.")
    assert list(mails()) == [home.users[WORKER].email]


def test_who_read_it_meanwhile_or_turned_it_off_gets_none(home, mails, sign_in, csrf):
    client = sign_in(home)
    change(home, "Bel eerst.")
    for path in ("/draaiboek/naar-de-zitting/", "/draaiboek/na-het-vonnis/"):
        assert client.get(path).status_code == 200
    assert mails() == {}
    assert "Mail uitzetten" in client.get("/draaiboek/berichten/").text
    sent = {"wants": "no", "csrf_token": csrf(client)}
    assert client.post("/draaiboek/berichten/", data=sent).status_code == 302
    assert "Mail aanzetten" in client.get("/draaiboek/berichten/").text
    change(home, "Bel morgen.")
    assert mails() == {}
    client.post("/draaiboek/berichten/", data={**sent, "wants": "yes"})
    assert mails() == {}, "what passed while it was off is no news"


def test_who_is_asked_to_read_a_draft_is_told_until_they_did(home, mails):
    reader = home.users[COORDINATOR]
    with home.app.app_context(), home.acting(EDITOR):
        kept = drafts.keep(Draft("Nieuw blad", "Zo doen we het.", home.chapter.id), None, 0)
        drafts.ask(kept.id, [reader.id])
        draft_id = kept.id
        db.session.remove()
    told = mails()
    assert list(told) == [reader.email]
    assert "Nieuw blad" in told[reader.email]
    assert f"/draaiboek/ontwerp/{draft_id}/" in told[reader.email]
    assert mails() == {}
    with home.app.app_context(), home.acting(COORDINATOR):
        drafts.judge(draft_id, Verdict.AGREED, "")
        assert not mailing.told_to(reader.id).is_something


def test_who_proposed_a_page_is_told_once_what_became_of_it(home, mails, by):
    proposer = home.users[WORKER]

    def proposed(title, role=WORKER):
        return by(role, lambda: proposals.propose(Draft(title, "Bel de tolk.", home.chapter.id)).id)

    one, other, own = proposed("De tolk"), proposed("Het weer"), proposed("Van mij", EDITOR)
    assert mails() == {}
    by(EDITOR, lambda: (proposals.accept(one), proposals.refuse(other, "Dat hoort hier niet."), proposals.accept(own)))
    told = mails()
    assert list(told) == [proposer.email], "not the editor who decided about their own"
    body = told[proposer.email]
    for word in ("De tolk", "Het weer", "Dat hoort hier niet.", f"/draaiboek/voorstel/{one}/", f"voorstel/{other}/"):
        assert body.count(word) == 1, word
    for word in ("Marie", "Declerck", "Bel de tolk", "None"):
        assert word not in body
    assert mails() == {}


def test_who_suggested_other_words_is_told_once_what_became_of_them(home, mails, by):
    writer = home.users[COORDINATOR]

    def suggested(words):
        return by(COORDINATOR, lambda: remarks.suggest(both()[0], 1, words).id)

    one, other, own = suggested("Bel eerst."), suggested("Bel later."), suggested("Bel nooit.")
    by(EDITOR, lambda: (remarks.decline(other, "Later is te laat."), remarks.accept(one, "Voorstel")))
    by(COORDINATOR, lambda: remarks.settle(own))
    body = mails()[writer.email]
    for word in ("Later is te laat.", "Ze staan in de tekst.", f"/naar-de-zitting/opmerkingen/#opmerking-{one}"):
        assert body.count(word) == 1, word
    for word in ("Marie", "Declerck", "Bel", f"{own}", "None"):
        assert word not in body
    assert writer.email not in mails()


def test_words_in_a_draft_that_is_published_meanwhile_are_told_at_its_page(home, mails, by):
    draft_id = by(EDITOR, lambda: drafts.keep(Draft("Nieuw blad", "Zo doen we het.", home.chapter.id), None, 0).id)
    by(EDITOR, lambda: drafts.ask(draft_id, [home.users[WORKER].id]))
    mails()
    one = by(COORDINATOR, lambda: remarks.suggest(drafts.find(draft_id), 1, "Zo doen we het samen.").id)
    by(EDITOR, lambda: (remarks.accept(one, "Voorstel"), drafts.publish(draft_id)))
    body = mails()[home.users[COORDINATOR].email]
    assert "Ze staan in de tekst." in body
    assert "/draaiboek/nieuw-blad/\n" in body


def test_a_new_text_that_is_handed_in_is_one_mail_more_to_who_reads_along(home, mails, by):
    """What is saved on the way is not told; nor is the editor who wrote it, nor whoever read it meanwhile."""
    reader = home.users[COORDINATOR]

    def edited(words, revision):
        drafts.change(draft_id, Draft("Nieuw blad", words, home.chapter.id), revision, 0)

    draft_id = by(EDITOR, lambda: drafts.keep(Draft("Nieuw blad", "Zo doen we het.", home.chapter.id), None, 0).id)
    by(EDITOR, lambda: drafts.ask(draft_id, [reader.id, home.users[EDITOR].id]))
    assert reader.email in mails()
    by(COORDINATOR, lambda: drafts.judge(draft_id, Verdict.NOT_YET, "Welk uur?"))
    assert mails() == {}
    by(EDITOR, lambda: edited("Om negen uur.", 1))
    assert mails() == {}, "not handed in yet"
    by(EDITOR, lambda: drafts.hand_in(draft_id))
    with pytest.raises(drafts.HandbookError):
        by(EDITOR, lambda: drafts.hand_in(draft_id))
    told = mails()
    assert list(told) == [reader.email]
    assert "nieuwe tekst" in told[reader.email]
    assert f"/draaiboek/ontwerp/{draft_id}/" in told[reader.email]
    for word in ("Marie", "Declerck", "Welk uur", "Om negen"):
        assert word not in told[reader.email]
    assert mails() == {}
    by(EDITOR, lambda: drafts.step(draft_id, drafts.DraftState.DRAFT))
    by(EDITOR, lambda: edited("Om tien uur.", 2))
    assert mails() == {}
    by(EDITOR, lambda: drafts.ask(draft_id, []))
    assert list(mails()) == [reader.email], "sent into review again with another text"
    by(EDITOR, lambda: edited("Om elf uur.", 3))
    by(EDITOR, lambda: drafts.hand_in(draft_id))
    by(COORDINATOR, lambda: drafts.judge(draft_id, Verdict.AGREED, ""))
    assert mails() == {}
