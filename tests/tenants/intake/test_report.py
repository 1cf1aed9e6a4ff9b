"""A stranger's report: who gets it, what is asked, what keeps robots out."""

import hashlib
import itertools
import re
from datetime import timedelta

import pytest
import time_machine

from app.database import db
from app.jobs import run_worker
from app.security.models import utc_now
from tenants.intake import drafts, gate
from tenants.intake.models import Report
from tests.tenants.intake.conftest import MORNING

DOOR = "/meldpunt/{}/verhuurder/"
REPORTER = {"reporter_last": "Feys", "reporter_phone": "056 12 34 56"}
HOUSEHOLD = {
    "last_name": "Vermeulen", "street": "Budastraat", "house_number": "12",
    "postcode": "8500", "municipality": "Kortrijk",
}  # fmt: skip
TROUBLE = {"reasons": ["nuisance"], "may_tell": "yes"}
COUNT = "SELECT count(*) FROM report WHERE tenant_id = :t"


def sent(page):
    """(reference, code) that stand on the receipt."""
    found = re.findall(r'name="(?:reference|code)" value="([^"]+)"', page.get_data(as_text=True))
    return found[0], found[1]


def stands(page, name):
    """What stands in a field of the page."""
    (field,) = re.findall(rf'<input[^>]*id="{name}"[^>]*>', page.get_data(as_text=True))
    return re.search(r'value="([^"]*)"', field)[1]


def test_a_report_makes_one_row_in_the_municipality_and_none_at_the_neighbour(region, stranger, stored, reading):
    answer = stranger().send(DOOR.format(region.slug))
    assert answer.status_code == 200
    assert "OCMW Kortrijk" in answer.get_data(as_text=True)
    assert stored(COUNT, t=region.kortrijk.tenant.id) == [(1,)]
    assert stored(COUNT, t=region.menen.tenant.id) == [(0,)]
    with reading(region.kortrijk):
        (report,) = db.session.query(Report).all()
        assert report.told.household == ("Vermeulen", "Dirk")
        assert report.told.may_tell is False
    with reading(region.menen):
        assert db.session.query(Report).all() == []


def test_nothing_readable_is_stored(region, stranger, stored):
    stranger().send(DOOR.format(region.slug))
    rows = stored("SELECT r::text, s::text FROM report r JOIN report_slip s USING (id)")
    assert rows
    for word in ("Vermeulen", "Budastraat", "Feys"):
        assert word not in str(rows)
        assert word.encode().hex() not in str(rows)
    assert not re.search(r"(?<![0-9a-f])2340(?![0-9a-f])", str(rows)), "digits within what is sealed are a chance"


def test_the_steps_lead_to_a_summary_and_carry_what_was_told(region, stranger, read):
    visitor = stranger()
    visitor.start(DOOR.format(region.slug))
    first = visitor.tells("melder", reporter_last="Feys")
    assert first.status_code == 422
    assert "Geef een e-mailadres of een telefoonnummer" in read(first)
    assert visitor.tells("melder", **REPORTER).status_code == 200
    assert visitor.tells("gezin", **HOUSEHOLD).status_code == 200
    summary = visitor.tells("probleem", **TROUBLE)
    assert "Je melding gaat naar OCMW Kortrijk" in read(summary)
    assert "Vermeulen" in read(summary)
    assert stands(visitor.tells("overzicht", go="reporter"), "reporter_phone") == "056 12 34 56"


def test_back_and_forward_ask_nothing_and_find_what_was_typed(region, stranger):
    visitor = stranger()
    visitor.start(DOOR.format(region.slug))
    visitor.tells("melder", **REPORTER)
    # Typed in the next step, and then Back without pressing Next: its script keeps it.
    assert visitor.tells("gezin", go="keep", street="Budastraat", postcode="85x").status_code == 204
    assert stands(visitor.get(visitor.place("melder")), "reporter_phone") == "056 12 34 56"
    visitor.tells("melder", **REPORTER | {"reporter_phone": "059 1"})
    household = visitor.get(visitor.place("gezin"))
    assert household.status_code == 200, "nothing is wrong before Next was pressed"
    assert (stands(household, "street"), stands(household, "postcode")) == ("Budastraat", "85x")
    assert visitor.tells("gezin", street="", postcode="85x").status_code == 422
    again = visitor.get(visitor.place("gezin"))  # reloaded: the same page, and no question whether to send anew
    assert (again.status_code, stands(again, "street"), stands(again, "postcode")) == (422, "", "85x")
    assert all(word not in visitor.at for word in ("Feys", "Budastraat", "056"))


def test_what_is_typed_is_kept_for_this_browser_only(region, stranger, stored, read):
    visitor, other = stranger(), stranger()
    visitor.start(DOOR.format(region.slug))
    visitor.tells("melder", **REPORTER)
    (row,) = stored("SELECT id, content FROM report_draft ORDER BY changed_at DESC LIMIT 1")
    assert b"Feys" not in bytes(row.content)
    other.start(DOOR.format(region.slug))
    for place in ("melder", "gezin", "overzicht", "verstuurd"):
        seen = other.client.get(visitor.place(place), follow_redirects=True)
        assert "Feys" not in seen.get_data(as_text=True), place
        assert seen.request.path == visitor.at
    visitor.tells("gezin", go="wipe", street="Budastraat")
    gone = visitor.client.get(visitor.place("gezin"), follow_redirects=True)
    assert "wordt hier niet meer bewaard" in read(gone)
    assert stands(gone, "reporter_phone") == ""


def test_after_sending_back_leads_to_the_receipt_and_nothing_told_stays_in_the_draft(region, stranger, stored, app):
    visitor = stranger()
    first = visitor.send(DOOR.format(region.slug))
    with time_machine.travel(MORNING + timedelta(minutes=2), tick=False):
        for place in ("overzicht", "melder"):
            seen = visitor.client.get(visitor.place(place), follow_redirects=True)
            assert seen.request.path == visitor.place("verstuurd")
            assert sent(seen) == sent(first)
        assert sent(visitor.tells("overzicht", go="send")) == sent(first), "a second hit is no second report"
        with visitor.client.session_transaction() as known, app.app_context():
            kept = drafts.find(known["meldpunt"], visitor.at.split("/")[-3])
            db.session.remove()
    assert stored(COUNT, t=region.kortrijk.tenant.id) == [(1,)]
    assert kept.sent
    assert kept.answers == {}


def test_two_tabs_are_two_reports(region, stranger):
    visitor = stranger()
    visitor.start(DOOR.format(region.slug))
    visitor.tells("melder", **REPORTER)
    first = visitor.at
    visitor.at = visitor.get(DOOR.format(region.slug)).location
    assert visitor.at != first
    visitor.tells("melder", **REPORTER | {"reporter_last": "Claes"})
    assert stands(visitor.get(first), "reporter_last") == "Feys"


def test_drafts_that_nobody_goes_on_with_are_forgotten(region, stranger, stored, app):
    visitor = stranger()
    visitor.start(DOOR.format(region.slug))
    visitor.tells("melder", **REPORTER)
    with time_machine.travel(utc_now() + drafts.KEPT + timedelta(minutes=1), tick=False):
        assert stands(visitor.client.get(visitor.at), "reporter_last") == ""
        with app.app_context():
            drafts.forget_old()
            db.session.remove()
    assert stored("SELECT count(*) FROM report_draft") == [(0,)]


def test_more_than_a_report_can_hold_is_shown_again_and_not_kept(region, stranger, read):
    visitor = stranger()
    visitor.start(DOOR.format(region.slug))
    answer = visitor.tells("probleem", **TROUBLE | {"explanation": "é" * 150_000})
    assert answer.status_code == 422
    assert "hoogstens 4000 tekens" in read(answer)
    assert "é" * 1000 in answer.get_data(as_text=True)


def test_everything_that_is_missing_is_told_at_once(region, stranger, read, stored):
    answer = stranger().send(
        DOOR.format(region.slug), reporter_last="", last_name="", street="", postcode="85", reasons=[], may_tell=""
    )
    assert answer.status_code == 422
    assert read(answer).startswith("Vul je melding aan")
    assert read(answer).count("Vul ") >= 4
    for name in ("reporter_last", "last_name", "street", "postcode", "reasons", "may_tell"):
        assert f'href="#{name}"' in answer.get_data(as_text=True), name
    assert stored(COUNT, t=region.kortrijk.tenant.id) == [(0,)]


def test_a_postcode_that_is_not_the_municipalitys_is_asked_again(region, stranger, read):
    answer = stranger().send(DOOR.format(region.slug), postcode="8930", municipality="Kortrijk")
    assert answer.status_code == 422
    assert "8930 is geen postcode van Kortrijk (8500, 8501, 8510, 8511)" in read(answer)


def test_a_place_outside_the_network_goes_to_the_coordinator_sealed(region, stranger, stored, read):
    answer = stranger().send(DOOR.format(region.slug), postcode="9000", municipality="Gent")
    assert "De coördinator van" in read(answer)
    ((organisation, held),) = stored(
        "SELECT organisation_id, held FROM report_slip WHERE network_id = :n", n=region.kortrijk.network.id
    )
    assert organisation is None
    assert b"Vermeulen" not in bytes(held)
    for made in (region.kortrijk, region.menen):
        assert stored(COUNT, t=made.tenant.id) == [(0,)]


def test_on_the_page_of_an_ocmw_an_unknown_place_stays_there_marked(region, stranger, stored, read, app):
    door = read(app.test_client().get(f"/meldpunt/{region.menen.tenant.slug}/"))
    assert f"dan geeft {region.menen.tenant.name} ze door" in door
    assert "coördinator van de regio" not in door
    stranger().send(DOOR.format(region.menen.tenant.slug), postcode="9000", municipality="Gent")
    rows = stored("SELECT outside FROM report WHERE tenant_id = :t", t=region.menen.tenant.id)
    assert rows == [(True,)]


def test_a_form_sent_twice_is_one_report(region, stranger, stored):
    visitor, path = stranger(), DOOR.format(region.slug)
    token = visitor.start(path)
    one, other = visitor.send(path, start=token), visitor.send(path, start=token)
    assert sent(one) == sent(other)
    assert stored(COUNT, t=region.kortrijk.tenant.id) == [(1,)]


def test_the_same_household_twice_in_a_minute_is_two_reports(region, stranger, stored):
    for _ in range(2):
        assert stranger().send(DOOR.format(region.slug)).status_code == 200
    assert stored(COUNT, t=region.kortrijk.tenant.id) == [(2,)]


# ---------------------------------------------------------------- robots


def test_the_trap_refuses(region, stranger, stored):
    assert stranger().send(DOOR.format(region.slug), website="http://spam.test").status_code == 422
    assert stored(COUNT, t=region.kortrijk.tenant.id) == [(0,)]


@pytest.mark.parametrize(
    "wrong", [{"answer": ""}, {"answer": "0"}, {"answer": "", "proof": "1"}, {"proof": "²", "answer": "x"}]
)
def test_without_sum_or_proof_nothing_is_kept(region, stranger, stored, read, wrong):
    answer = stranger().send(DOOR.format(region.slug), **wrong)
    assert answer.status_code == 422
    assert "Vermeulen" in read(answer), "what was filled in stays"
    assert stored(COUNT, t=region.kortrijk.tenant.id) == [(0,)]


def proof_of(token):
    return next(
        str(n)
        for n in itertools.count()
        if int.from_bytes(hashlib.sha256(f"{token}:{n}".encode()).digest(), "big") >> (256 - gate.PROOF_BITS) == 0
    )


def test_the_proof_stands_for_the_sum_and_is_faster(region, stranger):
    visitor, path = stranger(), DOOR.format(region.slug)
    token = visitor.start(path)
    given = {"start": token, "proof": proof_of(token), "answer": ""}
    early = visitor.send(path, after=gate.SECONDS - 2, **given)
    assert early.status_code == 429
    assert int(early.headers["Retry-After"]) <= gate.SECONDS
    assert visitor.send(path, after=gate.SECONDS + 1, **given).status_code == 200


def test_too_fast_without_proof_says_how_long_to_wait(region, stranger, read, stored):
    answer = stranger().send(DOOR.format(region.slug), after=gate.SECONDS + 1)
    assert answer.status_code == 429
    assert "Wacht" in read(answer)
    assert "Vermeulen" in read(answer)
    assert stored(COUNT, t=region.kortrijk.tenant.id) == [(0,)]


def test_an_old_form_gets_a_new_token_and_keeps_what_was_typed(region, stranger, read):
    visitor, path = stranger(), DOOR.format(region.slug)
    token = visitor.start(path)
    answer = visitor.send(path, start=token, after=gate.VALID_HOURS * 3600 + 60)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Vermeulen" in read(answer)
    assert token not in page
    assert 'name="start" value="' in page


def test_a_token_of_somebodys_own_making_is_refused(region, stranger):
    visitor = stranger()
    visitor.start(DOOR.format(region.slug))
    assert visitor.send(DOOR.format(region.slug), start="zelfgemaakt").status_code == 422


def test_one_address_can_not_flood_and_others_go_on(region, stranger, stored, read):
    visitor, path = stranger(), DOOR.format(region.slug)
    for _ in range(10):
        assert visitor.send(path).status_code == 200
    answer = visitor.send(path)
    assert answer.status_code == 429
    assert "minuten" in read(answer)
    assert "Vermeulen" in read(answer)
    assert stranger().send(path).status_code == 200
    assert stored(COUNT, t=region.kortrijk.tenant.id) == [(11,)]


def test_signs_that_no_database_takes_do_no_harm(region, stranger):
    answer = stranger().send(
        DOOR.format(region.slug), last_name="Ver\0meulen", arrears="9" * 400, months="x", born="40/40/1"
    )
    assert answer.status_code == 422


# ---------------------------------------------------------------- the page itself


@pytest.mark.parametrize("path", ["/meldpunt/nergens/", "/meldpunt/nergens/verhuurder/"])
def test_an_unknown_page_says_so(stranger, path):
    assert stranger().get(path).status_code == 404


def test_another_word_is_no_track(region, stranger):
    assert stranger().get(f"/meldpunt/{region.slug}/iets/").status_code == 404


def test_the_pages_set_no_cookie_but_the_forms_own(region, stranger):
    visitor = stranger()
    visitor.start(DOOR.format(region.slug))
    visitor.tells("melder", **REPORTER)
    assert {cookie.key for cookie in visitor.client._cookies.values()} <= {"woonvast"}


def test_a_report_without_its_form_token_is_refused(region, stranger):
    visitor = stranger()
    visitor.start(DOOR.format(region.slug))
    answer = visitor.client.post(visitor.at, data={"go": "send"})
    assert answer.status_code == 400


def test_the_page_speaks_french(region, stranger):
    visitor = stranger()
    visitor.post("/taal/fr")
    page = visitor.get(f"/meldpunt/{region.slug}/").get_data(as_text=True)
    assert 'lang="fr"' in page
    assert "expulsion" in page


# ---------------------------------------------------------------- following


def test_the_code_opens_how_far_it_is_and_nothing_of_the_household(region, stranger, read):
    visitor = stranger()
    reference, code = sent(visitor.send(DOOR.format(region.slug)))
    page = visitor.post("/meldpunt/opvolgen/", reference=reference.lower(), code=code.replace("-", " "))
    assert page.status_code == 200
    assert "Ontvangen" in read(page)
    assert "OCMW Kortrijk" in read(page)
    for word in ("Vermeulen", "Budastraat", "Feys", "huur meer"):
        assert word not in page.get_data(as_text=True)


def test_words_can_be_added_and_reach_the_ocmw(region, stranger, stored, reading):
    visitor = stranger()
    reference, code = sent(visitor.send(DOOR.format(region.slug)))
    given = {"reference": reference, "code": code}
    assert visitor.post("/meldpunt/opvolgen/aanvullen", **given, words=" ").status_code == 422
    assert visitor.post("/meldpunt/opvolgen/aanvullen", **given, words="Hij betaalde 200 euro.").status_code == 200
    with reading(region.kortrijk):
        from tenants.intake.models import ReportAddition

        assert [each.body for each in db.session.query(ReportAddition).all()] == ["Hij betaalde 200 euro."]


def test_a_wrong_code_is_limited(region, stranger, read):
    visitor = stranger()
    reference, code = sent(visitor.send(DOOR.format(region.slug)))
    for _ in range(5):
        answer = visitor.post("/meldpunt/opvolgen/", reference=reference, code="AAAA-BBBB")
        assert answer.status_code == 422
        assert "kennen geen melding" in read(answer)
    assert visitor.post("/meldpunt/opvolgen/", reference=reference, code=code).status_code == 429


def test_an_unknown_reference_is_answered_like_a_wrong_code(stranger, read):
    for reference in ("W99-AAAA-BBBB", "x", "''--", "é" * 80):
        answer = stranger().post("/meldpunt/opvolgen/", reference=reference, code="AAAA-BBBB")
        assert answer.status_code == 422
        assert "kennen geen melding" in read(answer)


def test_the_receipt_is_a_pdf_without_the_household(region, stranger):
    visitor = stranger()
    reference, code = sent(visitor.send(DOOR.format(region.slug)))
    answer = visitor.post("/meldpunt/opvolgen/bewijs", reference=reference, code=code)
    assert answer.mimetype == "application/pdf"
    assert answer.get_data().startswith(b"%PDF-1.7")
    assert visitor.post("/meldpunt/opvolgen/bewijs", reference=reference, code="AAAA-BBBB").mimetype == "text/html"


def mails(settings, word):
    settings.outbox_dir.mkdir(parents=True, exist_ok=True)
    from email import message_from_bytes, policy

    found = [message_from_bytes(p.read_bytes(), policy=policy.default) for p in settings.outbox_dir.glob("*.eml")]
    return [m for m in found if word in m["Subject"]]


def test_the_reporter_gets_the_number_and_the_code_by_mail(app, settings, region, stranger):
    reference, code = sent(stranger().send(DOOR.format(region.slug)))
    run_worker(app, settings.database_url, wait=False)
    (mail,) = [m for m in mails(settings, reference) if m["To"] == "an.feys@voorbeeld.test"]
    body = mail.get_content()
    assert reference in body
    assert code in body
    assert "Vermeulen" not in body
    assert "Budastraat" not in body


def test_the_coordinator_is_told_of_a_report_without_an_ocmw(app, settings, region, stranger):
    reference, _code = sent(stranger().send(DOOR.format(region.slug), postcode="9000", municipality="Gent"))
    run_worker(app, settings.database_url, wait=False)
    coordinator = region.kortrijk.users["regional_coordinator"].email
    assert [m["To"] for m in mails(settings, reference) if m["To"] == coordinator] == [coordinator]
