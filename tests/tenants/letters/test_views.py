"""The pages of documents: drafting, refusals in plain words, final, signed; and closed to everybody else."""

import io
import re

import pytest

from app.database import db
from app.security.roles import Role
from tenants.letters import letterhead, service
from tenants.letters.rules import AgreementKind
from tests.tenants.letters.worlds import case_ready_for_the_fund, draft_ready


@pytest.fixture
def ocmw(organisation):
    return organisation(Role.SOCIAL_WORKER, Role.TENANT_ADMIN)


@pytest.fixture
def client(ocmw, sign_in):
    return sign_in(ocmw)


@pytest.fixture
def post(client, csrf):
    """Post with the token that the page's form carries."""

    def send(address, **data):
        return client.post(address, data={**data, "csrf_token": csrf(client)}, content_type="multipart/form-data")

    return send


def made(app, ocmw, what):
    """What `what` gives, done by the organisation's social worker; objects are not kept."""
    with app.app_context(), ocmw.acting():
        result = what()
        db.session.remove()
        return result


@pytest.fixture
def case_id(app, ocmw):
    return made(app, ocmw, case_ready_for_the_fund)


@pytest.fixture
def draft_id(app, ocmw, case_id):
    return made(app, ocmw, lambda: draft_ready(case_id))


@pytest.fixture
def final_id(app, ocmw, case_id, draft_id):
    made(app, ocmw, lambda: service.finalise(case_id, draft_id))
    return draft_id


def address(case_id, document_id=None, what=""):
    return f"/dossiers/{case_id}/documenten/" + (f"{document_id}/{what}" if document_id else what)


def filled(**changes):
    """What a browser sends of a complete form."""
    return {
        "version": "2",
        "arrears": "2.800,00",
        "arrears_on": "2024-02-01",
        "ocmw_payment": "1400",
        "recovered": "",
        "decision_on": "",
        "instalment_count": "10",
        "instalment_amount": "",
        "first_due": "31/03/2024",
        "pay_to": "BE71 0961 2345 6769",
        "communication": "010806817183",
        "start": "2024-03-01",
        "months": "12",
        "contact_name": "Marie Declerck",
        "contact_phone": "059 00 00 01",
        "contact_email": "",
        "contact_every": "week",
        "goals": "een huurpremie aanvragen\n\nhet budget bekijken",
        "extra": "",
        "place": "Oostende",
        "signed_on": "",
        **changes,
    }


def test_from_the_case_to_a_final_agreement(client, post, case_id):
    page = client.get(address(case_id))
    assert page.status_code == 200
    assert "Er is nog geen overeenkomst" in page.text
    started = post(address(case_id, what="nieuw"), kind="fbu")
    assert started.status_code == 302
    form = client.get(started.location)
    assert form.status_code == 200
    assert 'value="2800,00"' in form.text
    signers = re.findall(r'name="signers"[^>]*value="([^"]+)"', form.text)
    assert len(signers) == 3
    saved = post(started.location, **filled(version="1", signers=signers[:2]))
    assert saved.status_code == 302, saved.text
    read = client.get(saved.location)
    assert "+++010/8068/17183+++" in read.text
    assert "Definitief maken" in read.text
    final = post(saved.location + "definitief", version="2")
    assert final.status_code == 302
    page = client.get(final.location)
    assert "Definitief sinds" in page.text
    pdf = client.get(saved.location + "pdf")
    assert pdf.data.startswith(b"%PDF-1.7")
    assert pdf.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in pdf.headers["Content-Security-Policy"]


def test_a_wrong_value_stands_at_its_field_and_nothing_is_saved(app, ocmw, client, post, case_id, draft_id):
    wrong = filled(arrears="veel", pay_to="BE00", communication="010806817184", months="99", start="31/02/2024")
    page = post(address(case_id, draft_id, "bewerken"), **wrong)
    assert page.status_code == 422
    for name in ("arrears", "pay_to", "communication", "months", "start"):
        assert f'id="{name}-error"' in page.text
    assert 'value="veel"' in page.text
    assert made(app, ocmw, lambda: service.draft(case_id, draft_id).terms.months) == 12


def test_a_half_filled_draft_is_saved_and_says_what_lacks(client, post, case_id, draft_id):
    saved = post(address(case_id, draft_id, "bewerken"), **filled(pay_to="", place="", ocmw_payment="1.200,50"))
    assert saved.status_code == 302
    page = client.get(saved.location).text
    assert "het rekeningnummer van de verhuurder (in deze overeenkomst)" in page
    assert "minstens één huurder (in deze overeenkomst)" in page
    assert "Volgens de regels van die dag betaalt het OCMW €\xa01.400,00 (hoogstens €\xa01.482,00)." in page
    assert f'href="{address(case_id, draft_id, "bewerken")}#pay_to"' in page
    assert "Definitief maken" not in page
    refused = post(address(case_id, draft_id, "definitief"))
    assert refused.status_code == 422
    assert "de plaats van ondertekening" in refused.text


def test_a_colleague_who_saved_first_is_not_overwritten(client, post, case_id, draft_id):
    assert post(address(case_id, draft_id, "bewerken"), **filled()).status_code == 302
    page = post(address(case_id, draft_id, "bewerken"), **filled(months="6"))
    assert page.status_code == 409
    assert "Een collega bewaarde dit ontwerp intussen" in page.text
    assert 'value="6"' in page.text


def test_a_draft_as_pdf_and_away(client, post, case_id, draft_id):
    assert client.get(address(case_id, draft_id, "ontwerp.pdf")).data.startswith(b"%PDF")
    assert post(address(case_id, draft_id, "weggooien")).status_code == 302
    assert client.get(address(case_id, draft_id)).status_code == 404


def test_signs_that_cannot_be_printed_are_told(client, post, case_id, draft_id):
    post(address(case_id, draft_id, "bewerken"), **filled(extra="Afgesproken 👍"))
    page = client.get(address(case_id, draft_id)).text
    assert "Deze tekens kunnen niet afgedrukt worden: 👍" in page
    assert client.get(address(case_id, draft_id, "ontwerp.pdf")).status_code == 422
    assert post(address(case_id, draft_id, "definitief")).status_code == 422


def test_the_signed_copy_comes_in(client, post, case_id, final_id):
    where = address(case_id, final_id, "getekend")
    assert post(where).status_code == 422
    refused = post(where, file=(io.BytesIO(b"<svg onload=alert(1)>"), "getekend.pdf"))
    assert refused.status_code == 422
    assert 'id="file-error"' in refused.text
    kept = post(where, file=(io.BytesIO(b"%PDF-1.4 scan"), "getekend.pdf"))
    assert kept.status_code == 302
    page = client.get(kept.location).text
    signed = re.search(rf"/dossiers/{case_id}/bijlagen/[0-9a-f-]+/", page)
    assert client.get(signed[0]).data == b"%PDF-1.4 scan"


def test_a_caw_is_offered_no_agreement_that_only_an_ocmw_can_make(app, organisation, sign_in, csrf):
    caw = organisation(Role.SOCIAL_WORKER, Role.TENANT_ADMIN, kind="caw")
    case_id, client = made(app, caw, case_ready_for_the_fund), sign_in(caw)
    assert "Met het fonds" not in client.get(address(case_id)).text
    data = {"csrf_token": csrf(client)}
    refused = client.post(address(case_id, what="nieuw"), data={**data, "kind": "fbu"})
    assert refused.status_code == 400
    assert "Alleen een OCMW" in refused.text
    assert client.post(address(case_id, what="nieuw"), data={**data, "kind": "guidance"}).status_code == 302


def test_final_stays_final(client, post, case_id, final_id):
    assert client.get(address(case_id, final_id, "bewerken")).location == address(case_id, final_id)
    late = post(address(case_id, final_id, "bewerken"), **filled(reason="Wat ik nog typte"))
    assert late.status_code == 409
    assert "kan niet meer veranderen" in late.text
    assert "Wat ik nog typte" in late.text, "nothing typed is lost"
    gone = post(address(case_id, final_id, "weggooien"))
    assert gone.status_code == 302
    assert "kan niet meer veranderen" in client.get(gone.location).text
    assert client.get(address(case_id, final_id)).status_code == 200


def test_a_check_of_the_document_says_that_it_is_whole(client, post, case_id, final_id):
    post(address(case_id, final_id, "nazicht"))
    assert "precies wat definitief werd gemaakt" in client.get(address(case_id, final_id)).text


def test_the_case_page_links_its_documents(client, case_id, final_id):
    page = client.get(f"/dossiers/{case_id}/").text
    assert address(case_id, final_id) in page
    assert "Overeenkomst maken" in page
    assert "Definitief, nog niet getekend" in page


@pytest.mark.parametrize("what", ["", "ontwerp.pdf", "pdf", "bewerken"])
def test_the_neighbour_finds_nothing(organisation, sign_in, case_id, final_id, what):
    neighbour = sign_in(organisation())
    answer = neighbour.get(address(case_id, final_id, what))
    assert answer.status_code == 404
    assert "Vermeulen" not in answer.text


@pytest.mark.parametrize("what", ["definitief", "weggooien", "getekend", "nazicht", "bewerken"])
def test_the_neighbour_changes_nothing(organisation, sign_in, csrf, case_id, draft_id, what):
    neighbour = sign_in(organisation())
    sent = {"csrf_token": csrf(neighbour), "file": (io.BytesIO(b"%PDF-1.4"), "x.pdf")}
    assert neighbour.post(address(case_id, draft_id, what), data=sent).status_code == 404


def test_the_neighbour_starts_nothing(organisation, sign_in, csrf, case_id):
    neighbour = sign_in(organisation())
    for kind in ("fbu", "no such kind"):
        sent = {"kind": kind, "csrf_token": csrf(neighbour)}
        assert neighbour.post(address(case_id, what="nieuw"), data=sent).status_code == 404


@pytest.mark.parametrize("role", [Role.TENANT_ADMIN, Role.DPO, Role.REGIONAL_COORDINATOR, Role.PLATFORM_ADMIN])
def test_who_does_no_case_work_has_no_documents(organisation, sign_in, role, case_id, final_id):
    assert sign_in(organisation(role), role).get(address(case_id, final_id)).status_code == 403


def test_no_token_no_change(client, case_id, draft_id):
    assert client.post(address(case_id, draft_id, "weggooien")).status_code == 400
    assert client.get(address(case_id, draft_id)).status_code == 200


@pytest.mark.parametrize("kind", ["", "anders", "FBU"])
def test_an_unknown_kind_is_no_agreement(post, case_id, kind):
    assert post(address(case_id, what="nieuw"), kind=kind).status_code == 400


def test_what_people_typed_is_text(client, post, case_id, draft_id):
    post(address(case_id, draft_id, "bewerken"), **filled(extra="<script>alert(1)</script>"))
    page = client.get(address(case_id, draft_id)).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_ordinary_agreement_shows_nothing_of_the_fund(app, ocmw, client, case_id):
    document_id = made(app, ocmw, lambda: draft_ready(case_id, AgreementKind.GUIDANCE))
    assert 'name="ocmw_payment"' not in client.get(address(case_id, document_id, "bewerken")).text


def test_the_administrator_fills_in_the_letterhead(app, ocmw, sign_in, csrf):
    admin = sign_in(ocmw, Role.TENANT_ADMIN)
    page = admin.get("/briefhoofd/")
    assert page.status_code == 200
    data = {
        "street": "Edith Cavellstraat 15",
        "postcode": "8400",
        "city": "Oostende",
        "enterprise_number": "0630.835.639",
        "phone": "059 00 00 00",
        "email": "wonen@oostende.voorbeeld.be",
        "dpo": "dpo@oostende.voorbeeld.be",
        "representatives": "An Verbeke, voorzitter\nTom Claeys, algemeen directeur",
        "retention_years": "10",
    }
    wrong = admin.post("/briefhoofd/", data={**data, "enterprise_number": "123", "csrf_token": csrf(admin)})
    assert wrong.status_code == 422
    assert 'id="enterprise_number-error"' in wrong.text
    assert admin.post("/briefhoofd/", data={**data, "csrf_token": csrf(admin)}).status_code == 302
    with app.app_context(), ocmw.acting():
        party = letterhead.organisation()
    assert party.kbo == "0630.835.639"
    assert party.representatives == ("An Verbeke, voorzitter", "Tom Claeys, algemeen directeur")
    again = admin.post("/briefhoofd/", data={**data, "city": "Bredene", "csrf_token": csrf(admin)})
    assert again.status_code == 302
    assert 'value="Bredene"' in admin.get("/briefhoofd/").text


def test_the_money_of_an_agreement_stands_in_the_course_of_the_case(client, case_id, final_id):
    page = client.get(f"/dossiers/{case_id}/verloop?soort=money").get_data(as_text=True)
    said = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert re.search(
        r"achterstal € [\d.,]+ · het OCMW betaalt € [\d.,]+ aan de verhuurder · afbetaald in \d+ schijven", said
    )
    assert "Gevorderd: € 2.800,00" in said  # what the petition claims is money too
    assert "Dossier geopend" not in said
