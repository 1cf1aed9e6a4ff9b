"""The way of an anonymous case, as an author, a second person, the network and a stranger go it."""

import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.database import transaction
from app.security.roles import Role
from playbook.intervision import rules as shared
from playbook.intervision import service as network
from tenants.cases import service as cases
from tenants.cases.codes import Composition, EvictionOutcome, HousingOutcome, Market, Reason
from tenants.intervision import service
from tenants.intervision.codes import State
from tenants.petitions.codes import StageKey
from tests.tenants.intervision.conftest import CLEAN

pytestmark = pytest.mark.usefixtures("on_tuesday")
TELLING = {**CLEAN, "tried": "Op 12 maart belden we DIRK vermeulen in de Torhoutse steenweg; hij werkt bij Barco."}


def location(answer):
    assert answer.status_code == 302, answer.get_data(as_text=True)[-3000:]
    return answer.headers["Location"]


def revision(page):
    return re.search(r'name="revision"[^>]*value="(\d+)"', page.text)[1]


@pytest.fixture
def handed_in(ocmw, closed_case, reading):
    """A clean case that waits for a second person: (case, draft, revision)."""

    def make(texts=CLEAN):
        case_id = closed_case(ocmw)
        with reading(ocmw):
            draft = service.save(case_id, {**texts}, (), 0)
            draft = service.hand_in(case_id, (), draft.revision)
            return case_id, draft.id, draft.revision

    return make


def test_from_a_closed_case_to_a_changed_playbook(ocmw, closed_case, sign_in, send, read, organisation):
    case_id = closed_case(ocmw)
    author, reader = sign_in(ocmw), sign_in(ocmw, Role.TEAM_LEAD)
    colleague = sign_in(organisation(Role.SOCIAL_WORKER, network=ocmw.network))
    form = f"/intervisie/dossier/{case_id}/"
    assert form in author.get(f"/dossiers/{case_id}/").text
    page = author.get(form)
    assert "Huurmarkt: private huur" in page.text
    facts = re.findall(r'name="facts"[^>]*value="(\w+)"', page.text)
    assert set(facts) == {"market", "reason", "stage", "arrears", "duration", "eviction", "housing"}
    kept = send(author, form, **TELLING, facts=[f for f in facts if f != "housing"], revision="0", do="check")
    check = location(kept)
    page = author.get(check)
    words = read(page)
    for passage in ("‘Op 12 maart’", "‘DIRK vermeulen’", "‘Torhoutse steenweg’", "‘Barco’"):
        assert passage in words
    refused = send(author, check, do="hand_in", revision=revision(page))
    assert refused.status_code == 422
    assert "‘DIRK vermeulen’" in read(refused)
    location(send(author, check, do="replace", revision=revision(page)))
    page = author.get(check)
    assert "In het voorjaar belden we [de huurder] in de [adres]; hij werkt bij" in read(page)
    refused = send(author, check, do="hand_in", revision=revision(page))
    assert refused.status_code == 422  # Barco is not confirmed
    innocent = re.findall(r'name="confirm" value="(\w+)"', page.text)
    shown = location(send(author, check, do="hand_in", confirm=innocent, revision=revision(page)))
    assert send(author, f"{shown}vrijgeven", read="1", revision="2").status_code == 403
    assert colleague.get(shown).status_code == 404
    page = reader.get(shown)
    assert "Barco" in read(page)
    assert send(reader, f"{shown}vrijgeven", revision=revision(page)).status_code == 422
    location(send(reader, f"{shown}vrijgeven", read="1", revision=revision(page)))
    listed = colleague.get("/netwerk/intervisie/")
    assert CLEAN["title"] in read(listed)
    case = re.search(r"/netwerk/intervisie/[0-9a-f-]{36}/", listed.text)[0]
    words = read(colleague.get(case))
    assert "2 tot 6 maanden huur" in words
    assert "Woning behouden" not in words
    for secret in ("Vermeulen", "Torhout", ocmw.tenant.name, "Declerck"):
        assert secret not in words, secret
    assert send(colleague, case, text=" ").status_code == 422
    location(send(colleague, case, text="Wij laten een kaartje achter."))
    location(send(author, case, text="Dat deden we ook.", unnamed="1"))
    words = read(colleague.get(case))
    assert "Wij laten een kaartje achter." in words
    assert "Iemand uit het netwerk, zonder naam" in words
    propose = location(colleague.get(f"{case}voorstel/?blad={ocmw.slug}"))
    assert send(colleague, propose, block="1", seen="1", do="suggest", proposal="Bel eerst.").status_code == 422
    late = send(colleague, propose, block="1", seen="7", do="suggest", proposal="Bel twee keer.")
    assert late.status_code == 409
    assert "Bel twee keer." in late.text
    location(send(colleague, propose, block="1", seen="1", do="suggest", proposal="Bel eerst, twee keer.", text="Zo"))
    assert "Wacht op een redacteur" in read(colleague.get(case))
    talk = colleague.get(f"/draaiboek/{ocmw.slug}/opmerkingen/")
    assert case in talk.text
    editor = sign_in(ocmw, Role.PLAYBOOK_EDITOR)
    location(
        send(editor, re.search(r"/draaiboek/opmerking/[0-9a-f-]+/aanvaarden", editor.get(talk.request.path).text)[0])
    )
    assert "Overgenomen" in read(colleague.get(case))
    location(send(author, f"{shown}intrekken"))
    assert colleague.get(case).status_code == 404
    assert colleague.get(f"/draaiboek/{ocmw.slug}/opmerkingen/").status_code == 200
    gone = send(colleague, case, text="Nog iets")
    assert gone.status_code == 404


def test_what_is_typed_is_kept_by_itself_and_never_lost(ocmw, closed_case, sign_in, send, read):
    case_id = closed_case(ocmw)
    author, other = sign_in(ocmw), sign_in(ocmw, Role.TEAM_LEAD)
    form = f"/intervisie/dossier/{case_id}/"
    first = send(author, form, title="Half getypt", revision="0", autosave="1")
    assert first.json["revision"] == 1
    assert "Half getypt" in author.get(form).text
    late = send(author, form, **{**CLEAN, "title": "Uit het andere venster"}, revision="0")
    assert late.status_code == 409
    assert "Uit het andere venster" in late.text
    assert "Half getypt" in read(late)
    assert revision(late) == "1"
    long = send(author, form, **{**CLEAN, "tried": "x" * 4001}, revision="1")
    assert long.status_code == 422
    assert "x" * 4001 in long.text
    theirs = send(other, form, title="Van een collega", revision="1")
    assert theirs.status_code == 403
    assert "Van een collega" in theirs.text
    assert send(author, form, title="x", revision="1", autosave="1").json["revision"] == 2
    empty = send(author, f"{form}nakijken/", do="hand_in", revision="2")
    assert empty.status_code == 422
    assert "Vul dit in voor een collega het naleest." in read(empty)


def test_a_colleague_takes_over_what_nobody_writes_any_more(ocmw, closed_case, reading, sign_in, send, read):
    case_id = closed_case(ocmw)
    with reading(ocmw):
        draft = service.save(case_id, CLEAN, (), 0)
    other, shown = sign_in(ocmw, Role.TEAM_LEAD), f"/intervisie/{draft.id}/"
    assert location(other.get(f"/intervisie/dossier/{case_id}/")).endswith(shown)
    assert send(other, f"{shown}overnemen", revision="7").status_code == 409
    form = location(send(other, f"{shown}overnemen", revision="1"))
    assert CLEAN["tried"] in other.get(form).text
    assert send(sign_in(ocmw), form, **CLEAN, revision="2").status_code == 403


def test_an_open_case_is_not_discussed(ocmw, closed_case, handed_in, reading, sign_in, send):
    open_one = closed_case(ocmw, close=False)
    author, reader = sign_in(ocmw), sign_in(ocmw, Role.TEAM_LEAD)
    assert "/intervisie/dossier/" not in author.get(f"/dossiers/{open_one}/").text
    refused = send(author, f"/intervisie/dossier/{open_one}/", **CLEAN, revision="0")
    assert refused.status_code == 422
    assert CLEAN["tried"] in refused.text
    case_id, draft_id, seen = handed_in()
    with reading(ocmw):
        cases.reopen(case_id, None)
    assert send(reader, f"/intervisie/{draft_id}/vrijgeven", read="1", revision=str(seen)).status_code == 422


def test_a_second_person_sends_back_and_reads_what_it_became(ocmw, handed_in, sign_in, send, read):
    case_id, draft_id, seen = handed_in()
    author, reader = sign_in(ocmw), sign_in(ocmw, Role.TEAM_LEAD)
    page, shown = f"/intervisie/dossier/{case_id}/", f"/intervisie/{draft_id}/"
    assert "Intervisie nalezen" in reader.get("/netwerk/").text
    assert send(author, page, **CLEAN, revision=str(seen)).status_code == 409  # it was handed in
    assert send(reader, f"{shown}terugsturen", remark=" ", revision=str(seen)).status_code == 422
    long = send(reader, f"{shown}terugsturen", remark="é" * 2001, revision=str(seen))
    assert (long.status_code, "hoogstens 2.000 tekens" in long.text, "é" * 2001 in long.text) == (422, True, True)
    assert send(author, f"{shown}terugsturen", remark="zelf", revision=str(seen)).status_code == 403
    location(send(reader, f"{shown}terugsturen", remark="Schrap de school.", revision=str(seen)))
    assert "Schrap de school." in read(author.get(page))
    changed = {**CLEAN, "helped": "De buur sprak de ouder aan."}
    location(send(author, page, **changed, revision=str(seen), do="check"))
    location(send(author, f"{page}nakijken/", do="hand_in", revision=str(seen + 1)))
    late = send(reader, f"{shown}vrijgeven", read="1", revision=str(seen))
    assert late.status_code == 409
    assert "De buur sprak de ouder aan." in read(late)
    location(send(author, f"{shown}terugnemen"))
    assert send(reader, f"{shown}vrijgeven", read="1", revision=str(seen + 1)).status_code == 409
    assert send(reader, f"{shown}intrekken").status_code == 409


def test_the_detector_runs_again_with_the_file_as_it_is_at_release(ocmw, handed_in, reading, sign_in, send, read):
    _case_id, draft_id, seen = handed_in({**CLEAN, "helped": "De ploeg van zeemeeuw hielp."})
    with reading(ocmw), transaction() as session:
        session.execute(text("UPDATE petition SET claimant = 'Zeemeeuw' WHERE case_id = :c"), {"c": _case_id})
    refused = send(sign_in(ocmw, Role.TEAM_LEAD), f"/intervisie/{draft_id}/vrijgeven", read="1", revision=str(seen))
    assert refused.status_code == 422
    assert "‘zeemeeuw’" in read(refused)
    with reading(ocmw):
        assert service.find(draft_id).state == State.WAITING


def test_the_database_itself_wants_a_second_person(ocmw, handed_in, reading):
    _case_id, draft_id, _seen = handed_in()
    mine = "UPDATE discussion_draft SET state = 'released', released_id = id, released_by = {} WHERE id = :d"
    for by in ("author_id", "NULL"):
        with reading(ocmw), pytest.raises(IntegrityError), transaction() as session:
            session.execute(text(mine.format(by)), {"d": draft_id})


def test_remarks_are_deleted_by_their_author_and_the_coordinator(ocmw, handed_in, reading, sign_in, send, organisation):
    _case_id, draft_id, seen = handed_in()
    with reading(ocmw, Role.TEAM_LEAD):
        shared_id = service.release(draft_id, seen)
    with reading(ocmw):
        mine, unnamed = network.say(shared_id, "met naam").id, network.say(shared_id, "zonder", unnamed=True).id
    address = f"/netwerk/intervisie/{shared_id}/opmerking"
    author, lead = sign_in(ocmw), sign_in(ocmw, Role.TEAM_LEAD)
    coordinator = sign_in(ocmw, Role.REGIONAL_COORDINATOR)
    assert send(lead, f"{address}/{mine}/verwijderen").status_code == 403
    assert send(author, f"{address}/{unnamed}/verwijderen").status_code == 403
    location(send(author, f"{address}/{mine}/verwijderen"))
    location(send(coordinator, f"{address}/{unnamed}/verwijderen"))
    assert send(coordinator, f"{address}/{unnamed}/verwijderen").status_code == 404
    stranger = sign_in(organisation(Role.SOCIAL_WORKER))
    assert stranger.get(f"/netwerk/intervisie/{shared_id}/").status_code == 404
    assert send(stranger, f"/netwerk/intervisie/{shared_id}/", text="hallo").status_code == 404
    assert send(stranger, f"/intervisie/{draft_id}/intrekken").status_code == 404


def test_facts_have_the_codes_of_cases():
    def codes(of, *without):
        return {value: label for value, label in of.choices() if value not in without}

    assert shared.CODES[shared.Fact.MARKET] == codes(Market, "unknown")
    assert shared.CODES[shared.Fact.REASON] == codes(Reason)
    assert shared.CODES[shared.Fact.HOUSEHOLD] == codes(Composition, "unknown")
    assert shared.CODES[shared.Fact.STAGE] == codes(StageKey)
    assert shared.CODES[shared.Fact.EVICTION] == codes(EvictionOutcome, "unknown")
    assert shared.CODES[shared.Fact.HOUSING] == codes(HousingOutcome, "unknown")
    assert shared.only_known({"market": "social", "stage": "Kerkstraat 12", "else": "x", "reason": None}) == {
        "market": "social"
    }
