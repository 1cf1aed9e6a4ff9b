"""A page that another network published to all becomes one's own, with its link and the difference."""

import pytest

from app import tenancy
from app.database import db
from app.security.roles import Role
from playbook.handbook import adopting, service
from playbook.handbook.adopting import AdoptionError
from playbook.handbook.service import Draft

EDITOR, WORKER = Role.PLAYBOOK_EDITOR, Role.SOCIAL_WORKER
TEXT = "Bel de griffie.\n\nNeem het vonnis mee.\n\nSpreek een datum af."


@pytest.fixture
def two(organisation):
    """(theirs, ours): a network with a page for all and one for itself, and another with a chapter."""
    theirs, ours = organisation(EDITOR, name="OCMW Aalbeke"), organisation(EDITOR, WORKER, name="OCMW Zarren")
    with theirs.app.app_context():
        with theirs.acting(EDITOR):
            chapter = service.create_chapter("Zitting")
            theirs.page = service.create_page(Draft("Naar de griffie", TEXT, chapter.id, published_to_all=True))
            service.create_page(Draft("Alleen hier", "Intern.", chapter.id))
            db.session.commit()
        with ours.acting(EDITOR):
            ours.chapter = service.create_chapter("Van elders")
            db.session.commit()
            db.session.remove()
    return theirs, ours


@pytest.fixture
def post(csrf):
    return lambda client, path, **values: client.post(path, data={**values, "csrf_token": csrf(client)})


def write(organisation, body):
    """Give an organisation's page another text."""
    with organisation.app.app_context(), organisation.acting(EDITOR):
        page = service.page_by_slug("naar-de-griffie")
        draft = Draft(page.title, body, page.chapter_id, published_to_all=page.published_to_all)
        service.save_page(page.slug, draft, page.version)
        db.session.remove()


def test_an_editor_adopts_once_and_a_member_only_reads(two, sign_in, post):
    theirs, ours = two
    editor, member = sign_in(ours, EDITOR), sign_in(ours)
    path = f"/draaiboek/van/{theirs.network.slug}/naar-de-griffie/"
    assert "Neem deze pagina over" in editor.get(path).text
    assert "Neem deze pagina over" not in member.get(path).text
    assert post(member, f"{path}overnemen", chapter="van-elders").status_code == 403
    assert post(editor, f"{path}overnemen", chapter="zitting").status_code == 422
    assert (
        post(editor, f"/draaiboek/van/{theirs.network.slug}/alleen-hier/overnemen", chapter="van-elders").status_code
        == 404
    )
    for _twice in range(2):
        taken = post(editor, f"{path}overnemen", chapter="van-elders")
        assert taken.headers["Location"] == "/draaiboek/naar-de-griffie/"
    shown = member.get("/draaiboek/naar-de-griffie/").text
    assert "Bel de griffie." in shown
    assert f"Overgenomen van {theirs.network.name}" in shown
    assert "Beide teksten zijn gelijk" in member.get("/draaiboek/naar-de-griffie/overgenomen/").text
    assert sign_in(theirs, EDITOR).get("/draaiboek/naar-de-griffie/overgenomen/").status_code == 404


def test_their_change_is_seen_and_brought_in_beside_ours(two, sign_in, post):
    theirs, ours = two
    with ours.app.app_context(), ours.acting(EDITOR):
        adopting.adopt(theirs.network.slug, "naar-de-griffie", ours.chapter.id)
        db.session.remove()
    write(ours, TEXT.replace("Bel de griffie.", "Mail de griffie."))
    write(theirs, TEXT.replace("Spreek een datum af.", "Spreek twee data af."))
    editor = sign_in(ours, EDITOR)
    assert "Bekijk wat ze wijzigden" in editor.get("/draaiboek/naar-de-griffie/").text
    at = "/draaiboek/naar-de-griffie/overgenomen/"
    seen = editor.get(at).text
    for word in ("twee", "Mail", "Breng hun wijzigingen binnen"):
        assert word in seen
    assert post(editor, f"{at}binnenhalen", version="1").status_code == 409  # they changed it since
    assert post(editor, f"{at}binnenhalen", version="2").status_code == 302
    with ours.app.app_context(), ours.acting(EDITOR):
        page = service.page_by_slug("naar-de-griffie")
        assert page.body == "Mail de griffie.\n\nNeem het vonnis mee.\n\nSpreek twee data af."
        assert not adopting.of(page).has_news
        db.session.remove()


def test_what_both_changed_is_for_a_person(two, sign_in, post):
    theirs, ours = two
    with ours.app.app_context(), ours.acting(EDITOR):
        adopting.adopt(theirs.network.slug, "naar-de-griffie", ours.chapter.id)
        db.session.remove()
    write(ours, TEXT.replace("Bel", "Mail"))
    write(theirs, TEXT.replace("Bel", "Schrijf"))
    with ours.app.app_context(), ours.acting(EDITOR):
        with pytest.raises(AdoptionError, match="same paragraph"):
            adopting.bring_in("naar-de-griffie", 2)
        db.session.remove()
    editor = sign_in(ours, EDITOR)
    assert post(editor, "/draaiboek/naar-de-griffie/overgenomen/gezien", version="2").status_code == 302
    shown = editor.get("/draaiboek/naar-de-griffie/").text
    assert "Mail de griffie." in shown
    assert "Bekijk wat ze wijzigden" not in shown


def test_a_page_that_they_hide_again_stays_ours(two, sign_in):
    theirs, ours = two
    with ours.app.app_context(), ours.acting(EDITOR):
        adopting.adopt(theirs.network.slug, "naar-de-griffie", ours.chapter.id)
        db.session.remove()
    with theirs.app.app_context(), theirs.acting(EDITOR):
        page = service.page_by_slug("naar-de-griffie")
        service.save_page(page.slug, Draft(page.title, "Nu geheim.", page.chapter_id), page.version)
        db.session.remove()
    member = sign_in(ours)
    assert "Bel de griffie." in member.get("/draaiboek/naar-de-griffie/").text
    shown = member.get("/draaiboek/naar-de-griffie/overgenomen/").text
    assert "tonen deze pagina niet meer" in shown
    assert "Nu geheim" not in shown
    with ours.app.app_context(), ours.acting(), pytest.raises(service.NotThereError):
        adopting.adopt(theirs.network.slug, "naar-de-griffie", ours.chapter.id)
    assert tenancy.current() == tenancy.NOBODY


LINKED = (
    "Eerst [de griffie](/draaiboek/naar-de-griffie/#deel-uren), dan [het plan](/draaiboek/het-plan/), "
    "[intern](/draaiboek/alleen-hier/), [elders](https://w13.be/) en [zoeken](/draaiboek/zoeken?q=plan)."
)


def test_links_of_an_adopted_page_lead_where_they_can_be_read(two, sign_in):
    theirs, ours = two
    there = f"/draaiboek/van/{theirs.network.slug}/"
    with theirs.app.app_context():
        with theirs.acting(EDITOR):
            chapter = service.chapter_by_slug("zitting")
            service.create_page(Draft("Het plan", "Betaal.", chapter.id, published_to_all=True))
            service.create_page(Draft("Overzicht", LINKED, chapter.id, published_to_all=True))
            db.session.commit()
            db.session.remove()
        with ours.acting(EDITOR):
            taken = adopting.adopt(theirs.network.slug, "naar-de-griffie", ours.chapter.id)
            adopting.adopt(theirs.network.slug, "overzicht", ours.chapter.id)
            service.create_page(Draft("Het plan", "Iets anders.", ours.chapter.id))
            own = taken.slug
            db.session.commit()
            db.session.remove()
    reader = sign_in(ours)
    for path in ("/draaiboek/overzicht/", f"{there}overzicht/"):
        told = reader.get(path).text
        assert f'<a href="/draaiboek/{own}/#deel-uren"' in told, path
        assert f'<a href="{there}het-plan/"' in told, path
        assert f"intern <small>(een pagina van {theirs.network.name} die niet gedeeld is)</small>" in told, path
        assert '<a href="https://w13.be/"' in told
        assert '<a href="/draaiboek/zoeken?q=plan"' in told

    with ours.app.app_context(), ours.acting(EDITOR):
        page = service.page_by_slug("overzicht")
        added = Draft(page.title, f"{page.body}\n\nZie [ons blad](/draaiboek/ons-blad/).", page.chapter_id)
        service.save_page(page.slug, added, page.version)
        service.create_page(Draft("Alleen hier", "Van ons.", ours.chapter.id))
        db.session.remove()
    told = reader.get("/draaiboek/overzicht/").text
    assert '<a href="/draaiboek/ons-blad/"' in told, "what was added here is left as it is"
    assert '<a href="/draaiboek/alleen-hier/"' in told, "an own page of that name is better than none"
