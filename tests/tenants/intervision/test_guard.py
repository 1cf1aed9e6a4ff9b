"""Remarks about a released case are read like the case itself: sure things stop them, doubtful ones are asked."""

import re

import pytest

from app.security.roles import Role
from playbook.intervision import service as network
from tenants.intervision import service
from tests.tenants.intervision.conftest import CLEAN

pytestmark = pytest.mark.usefixtures("on_tuesday")


@pytest.fixture
def shared(kept, ocmw, closed_case, reading):
    """The address of a released case of a household Vermeulen, whose worker is known."""
    if "shared" not in kept:
        case_id = closed_case(ocmw)
        with reading(ocmw):
            draft = service.save(case_id, CLEAN, (), 0)
            draft = service.hand_in(case_id, (), draft.revision)
            draft_id, seen = draft.id, draft.revision
        with reading(ocmw, Role.TEAM_LEAD):
            kept["shared"] = service.release(draft_id, seen)
    return kept["shared"]


@pytest.fixture
def elsewhere(kept, ocmw, organisation):
    """Another organisation of the network, which knows nothing of the file."""
    if "elsewhere" not in kept:
        kept["elsewhere"] = organisation(Role.SOCIAL_WORKER, network=ocmw.network)
    return kept["elsewhere"]


def said(reading, organisation, discussion_id):
    with reading(organisation):
        return [each.remark.text for each in network.discussion(discussion_id)]


@pytest.mark.parametrize(
    ("text", "passage", "why"),
    [
        ("Was het 85.07.30-033.28?", "85.07.30-033.28", "rijksregisternummer"),
        ("Bel 0470 12 34 56 eens.", "0470 12 34 56", "telefoonnummer"),
        ("Mail jan@ocmw.test.", "jan@ocmw.test", "e-mailadres"),
        ("Betaald op BE68 5390 0754 7034.", "BE68 5390 0754 7034", "rekeningnummer"),
    ],
)
def test_what_leads_to_a_person_is_not_placed(elsewhere, shared, reading, sign_in, send, read, text, passage, why):
    address = f"/netwerk/intervisie/{shared}/"
    before = said(reading, elsewhere, shared)
    answer = send(sign_in(elsewhere), address, text=f"Zoals bij ons. {text}", confirm=["0" * 16])
    assert answer.status_code == 422
    assert f"‘{passage}’" in read(answer)
    assert why in read(answer)
    assert "Dit moet weg" in read(answer)
    assert f"Zoals bij ons. {text}" in answer.text, "what was typed stays"
    assert 'name="confirm" value="' + "0" * 16 in answer.text
    assert said(reading, elsewhere, shared) == before


def test_what_may_be_innocent_is_asked_once(elsewhere, shared, reading, sign_in, send, read):
    address, client = f"/netwerk/intervisie/{shared}/", sign_in(elsewhere)
    text = "Op 12 maart ging mevrouw Peeters langs in de Kerkstraat 5."
    answer = send(client, address, text=text, unnamed="1")
    assert answer.status_code == 422
    assert "Kan dit blijven?" in read(answer)
    keys = re.findall(r'type="checkbox"[^>]*name="confirm" value="(\w+)"', answer.text)
    assert len(keys) == 3, read(answer)
    assert re.search(r'id="unnamed"[^>]*checked', answer.text)
    again = send(client, address, text=text, confirm=keys[:2], unnamed="1")
    assert again.status_code == 422
    assert send(client, address, text=text, confirm=keys, unnamed="1").status_code == 302
    assert text in said(reading, elsewhere, shared)


def test_the_file_s_own_words_stop_who_may_know_them_and_tell_nobody_else(
    ocmw, elsewhere, shared, reading, sign_in, send, read
):
    address, text = f"/netwerk/intervisie/{shared}/", "vermeulen deed niet open"
    own = send(sign_in(ocmw), address, text=text)
    assert own.status_code == 422
    assert "een naam uit dit dossier" in read(own)
    # A stranger to the file, and a colleague without a right to it, learn nothing by trying names.
    assert send(sign_in(elsewhere), address, text=text).status_code == 302
    assert send(sign_in(ocmw, Role.REGIONAL_COORDINATOR), address, text=f"{text} hoor").status_code == 302


def test_who_stays_unnamed_does_not_name_themselves(elsewhere, shared, sign_in, send, read):
    me = elsewhere.users[Role.SOCIAL_WORKER]
    text = f"Vraag het aan {me.first_name.lower()} {me.last_name.lower()}"
    answer = send(sign_in(elsewhere), f"/netwerk/intervisie/{shared}/", text=text, unnamed="1")
    assert answer.status_code == 422
    assert "een collega of je organisatie" in read(answer)


def test_a_proposal_out_of_a_discussion_names_nobody_either(ocmw, shared, sign_in, send, read):
    address = f"/netwerk/intervisie/{shared}/voorstel/{ocmw.slug}/"
    known = {"block": "1", "seen": "1", "proposal": "Bel eerst."}
    for text, passage in (("Zoals bij Vermeulen.", "Vermeulen"), ("Bel 0470 12 34 56.", "0470 12 34 56")):
        answer = send(sign_in(ocmw), address, **known, do="comment", text=text)
        assert answer.status_code == 422
        assert f"‘{passage}’ kan verraden" in read(answer)
        assert text in answer.text
    assert send(sign_in(ocmw), address, **{**known, "proposal": "Bel Vermeulen."}, do="suggest").status_code == 422
    assert send(sign_in(ocmw), address, **known, do="comment", text="Kom twee keer langs.").status_code == 302
