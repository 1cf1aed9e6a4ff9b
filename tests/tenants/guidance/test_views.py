"""The pages of guidance, as a worker uses them."""

import re
from datetime import UTC, datetime

import time_machine

from app.database import db
from app.security.roles import Role
from tenants.cases import service as cases
from tenants.cases.codes import EvictionOutcome, HousingOutcome, Market
from tenants.cases.models import Case
from tenants.cases.service import Closing
from tenants.guidance import aftercare, checklist, service
from tenants.guidance.codes import Condition, Piste, ProcedureKind, Verdict

CLOSING = {"closed_on": "2026-11-24", "housing": "stayed", "eviction": "avoided"}


def shown(page, panel):
    """The text of a panel of the case page."""
    text = page.get_data(as_text=True)
    start = text.index(f'id="{panel}"')
    return " ".join(re.sub(r"<[^>]+>", " ", text[start : text.index("</section>", start)]).split())


def test_a_condition_is_answered_and_the_procedure_begins(ocmw, make_case, sign_in, send, inside, read):
    case_id = make_case()
    client = sign_in(ocmw)
    overview = read(client.get(f"/begeleiding/dossier/{case_id}/"))
    assert "Achterstal van 3 keer de huur; 2 tot 6 keer mag." in overview
    assert "Bron: BVR van 3 mei 2019" in overview
    assert "open voor iedereen" in overview
    answer = send(client, f"/begeleiding/dossier/{case_id}/overwegen", kind="fbu")
    page = answer.headers["Location"]
    text = read(client.get(page))
    assert "€ 1.170,00 aan de verhuurder" in text  # half of 2340, under the maximum
    assert "niet bevestigd" in text  # the maximum of 2026 is not
    assert "2 voldaan, 4 niet bekend" in text
    question = f"/begeleiding/dossier/{case_id}/voorwaarde/landlord_signs/"
    assert "Wil de verhuurder de begeleidingsovereenkomst tekenen?" in read(
        client.get(question, query_string={"terug": page})
    )
    assert send(client, question, version="0").status_code == 422
    reply = send(client, question, verdict="met", note="Aan de telefoon", version="0", terug=page)
    assert reply.headers["Location"] == page
    text = read(client.get(page))
    assert "Beantwoord met ja. Marie Van Social_Worker, 24 nov: ‘Aan de telefoon’" in text
    late = send(client, question, verdict="not_met", note="Toch niet", version="0", terug=page)
    assert late.status_code == 409
    assert re.search(r"Marie Van Social_Worker was je net voor\. \(\d+ \w+, \d+\.\d\d u\)", read(late))
    assert "Je antwoord : nu bewaard is ‘Ja’, jij hebt ‘Nee’" in read(late)
    assert "Notitie : nu bewaard is ‘Aan de telefoon’, jij hebt ‘Toch niet’" in read(late)
    assert "Toch niet" in late.get_data(as_text=True)  # what was typed stands there still
    told = send(client, f"{page}beginnen", **{"begin-on": "2026-11-24", "begin-reason": "", "version": "1"})
    assert told.status_code == 422
    assert "Zeg waarom je toch begint" in read(told)
    begun = send(
        client, f"{page}beginnen", **{"begin-on": "24/11/2026", "begin-reason": "Comité akkoord", "version": "1"}
    )
    assert begun.status_code == 302
    late = send(client, f"{page}beginnen", **{"begin-on": "23/11/2026", "begin-reason": "Het kan wel", "version": "1"})
    assert late.status_code == 409
    assert "Marie Van Social_Worker was je net voor. (" in read(late)
    assert "nu bewaard is ‘24/11/2026’, jij hebt ‘23/11/2026’" in read(late)
    assert "nu bewaard is ‘Comité akkoord’, jij hebt ‘Het kan wel’" in read(late)
    assert send(client, f"{page}stap/budget_plan", gedaan="ja").status_code == 302
    text = read(client.get(page))
    assert "Toch begonnen: Comité akkoord" in text
    assert "1 van 8" in text
    assert send(client, f"{page}stap/talk_company", gedaan="ja").status_code == 404
    ended = send(client, f"{page}beeindigen", **{"end-outcome": "reached", "end-on": "2026-11-24", "version": "2"})
    assert ended.status_code == 302
    case = client.get(f"/dossiers/{case_id}/")
    assert "FBU" in shown(case, "begeleiding")
    for entry in ("FBU: overwogen", "FBU: begonnen", "FBU: Het budgetplan opmaken", "FBU: beëindigd"):
        assert entry in shown(case, "verloop")


def test_a_refusal_offers_only_what_is_not_met(ocmw, make_case, sign_in, send, inside, read):
    case_id = make_case(market=Market.SOCIAL)
    client = sign_in(ocmw)
    page = send(client, f"/begeleiding/dossier/{case_id}/overwegen", kind="social_prevention").headers["Location"]
    text = client.get(page).get_data(as_text=True)
    assert "Zoals het dossier nu is, kan dit niet beginnen." in text
    assert "/beginnen" not in text
    assert re.findall(r'name="refuse-condition"[^>]*value="(\w+)"', text) == ["nuisance"]
    fields = {"refuse-condition": "nuisance", "refuse-on": "2026-11-24", "version": "1"}
    wrong = send(client, f"{page}weigeren", **fields, **{"refuse-reason": ""})
    assert wrong.status_code == 422
    assert 'id="refuse-reason-error"' in wrong.get_data(as_text=True)
    other = send(client, f"{page}weigeren", **fields | {"refuse-condition": "last_chance"}, **{"refuse-reason": "nee"})
    assert other.status_code == 422
    sent = send(client, f"{page}weigeren", **fields, **{"refuse-reason": "Er is enkel huurachterstal"})
    assert sent.status_code == 302
    text = read(client.get(page))
    assert "Geweigerd. Niet voldaan: Er is overlast, niet enkel huurachterstal." in text
    assert "Er is enkel huurachterstal" in text
    again = send(client, f"{page}weigeren", **fields, **{"refuse-reason": "nog eens"})
    assert again.status_code in (409, 422)
    assert "Niet voldaan: Er is overlast" in shown(client.get(f"/dossiers/{case_id}/"), "begeleiding")
    assert send(client, f"{page}heroverwegen", version="2").status_code == 302


def test_the_same_procedure_twice_is_told(ocmw, make_case, sign_in, send, read):
    case_id = make_case()
    client = sign_in(ocmw)
    address = f"/begeleiding/dossier/{case_id}/overwegen"
    assert send(client, address, kind="fbu").status_code == 302
    again = send(client, address, kind="fbu")
    assert again.status_code == 409
    assert "Deze procedure loopt al in dit dossier" in read(again)
    assert send(client, address, kind="iets").status_code == 404
    assert send(client, f"/begeleiding/dossier/{case_id}/voorwaarde/iets/", verdict="met").status_code == 404
    assert client.get(f"/pistes/dossier/{case_id}/iets/").status_code == 404


def test_a_piste_is_answered_in_its_line(ocmw, make_case, sign_in, send, inside, read):
    case_id = make_case()
    client = sign_in(ocmw)
    assert "0 van 5 bekeken" in shown(client.get(f"/dossiers/{case_id}/"), "pistes")
    address = f"/pistes/dossier/{case_id}/money/"
    part = client.get(address, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<main" not in part
    assert 'name="state"' in part
    wrong = send(client, address, htmx=True, state="result", means=["fund"], note="", version="0")
    assert wrong.status_code == 422
    assert "Zeg wat ervan gekomen is" in wrong.get_data(as_text=True)
    assert re.search(r'value="fund"[^>]*checked|checked[^>]*value="fund"', wrong.get_data(as_text=True))
    right = send(client, address, htmx=True, state="result", means=["fund"], note="FBU gevraagd", version="0")
    assert right.status_code == 200
    assert "1 van 5 bekeken" in right.get_data(as_text=True)
    late = send(client, address, htmx=True, state="explored", note="anders", version="0")
    assert late.status_code == 409
    assert "was je net voor" in late.get_data(as_text=True)
    assert "nu bewaard is ‘FBU gevraagd’, jij hebt ‘anders’" in read(late)
    assert "anders" in late.get_data(as_text=True)
    whole = send(client, f"/pistes/dossier/{case_id}/rights/", state="explored", version="0")
    assert whole.headers["Location"] == f"/dossiers/{case_id}/#pistes"
    case = client.get(f"/dossiers/{case_id}/")
    assert "2 van 5 bekeken" in shown(case, "pistes")
    assert "Piste: FBU, steun of afbetalingsvoorstel Gaf resultaat" in shown(case, "verloop")


def test_closing_asks_why_something_stays_undone(ocmw, make_case, sign_in, send, inside, read):
    case_id = make_case()
    client = sign_in(ocmw)
    with inside():
        version = str(db.session.get_one(Case, case_id).version)
    address = f"/dossiers/{case_id}/sluiten"
    assert "Piste nog niet bekeken: Rechten en inkomen." in read(client.get(address))
    wrong = send(client, address, **CLOSING, helped=["reached"], version=version)
    assert wrong.status_code == 422
    assert 'id="left_open-error"' in wrong.get_data(as_text=True)
    both = send(client, address, **CLOSING, helped=["reached", "nothing"], left_open="x", version=version)
    assert 'id="helped-error"' in both.get_data(as_text=True)
    done = send(
        client, address, **CLOSING, helped=["reached", "repayment"], left_open="Gezin verhuisde", version=version
    )
    assert done.status_code == 302
    text = read(client.get(f"/dossiers/{case_id}/"))
    assert "Wat hielp: Gezocht en bereikt worden, Afbetalingsplan" in text
    assert "Niet afgerond omdat: Gezin verhuisde" in text
    assert "nog na te vragen" in shown(client.get(f"/dossiers/{case_id}/"), "nazorg")


def test_three_months_later_it_stands_in_vandaag_with_its_form(ocmw, make_case, sign_in, send, inside, read):
    case_id = make_case()
    with inside():
        end = Closing(datetime(2026, 11, 24).date(), HousingOutcome.STAYED, EvictionOutcome.AVOIDED, left_open="x")
        cases.close(case_id, end, None)
        name = db.session.get_one(Case, case_id).display_name
        first = aftercare.follow_ups_of(case_id)[0].task_id
    assert name not in read(sign_in(ocmw).get("/vandaag/"))
    with time_machine.travel(datetime(2027, 2, 24, 9, 0, tzinfo=UTC), tick=False):
        client = sign_in(ocmw)
        today = client.get("/vandaag/")
        assert name in read(today)
        assert "Nazorg: woont het gezin er nog, na 3 maanden?" in read(today)
        address = f"/nazorg/{first}/"
        assert f'href="{address}"' in today.get_data(as_text=True)
        assert f'href="{address}"' in client.get("/taken/").get_data(as_text=True)
        assert "3 maanden later: hoe gaat het nu?" in read(client.get(address))
        wrong = send(client, address, contact="none", still_there="yes")
        assert wrong.status_code == 422
        assert 'id="still_there-error"' in wrong.get_data(as_text=True)
        assert send(client, address, contact="household", still_there="no").status_code == 422
        right = send(client, address, contact="household", still_there="no", housing="family", note="Bij haar zus")
        assert right.headers["Location"] == "/vandaag/"
        assert f'href="{address}"' not in client.get("/vandaag/").get_data(as_text=True)
        case = client.get(f"/dossiers/{case_id}/")
        assert "Nee, verhuisd: Bij familie of vrienden" in shown(case, "nazorg")
        assert "Nagevraagd na 3 maanden" in shown(case, "verloop")
        late = send(client, address, contact="others", still_there="yes")
        assert late.status_code == 409
        assert "antwoordde hier net vóór jou op" in read(late)
        assert "deze vraag wordt één keer gesteld" in read(late)
        assert 'name="still_there"' not in late.get_data(as_text=True), "there is nothing to save any more"
        assert "Waar wonen ze nu? : nu bewaard is ‘Bij familie of vrienden’, jij hebt ‘niets’" in read(late)
        assert "nu bewaard is ‘Bij haar zus’, jij hebt ‘niets’" in read(late)
        assert "Dit is al ingevuld" in read(client.get(address))


def test_who_may_not_write_sees_and_changes_nothing_more(ocmw, organisation, make_case, sign_in, send, inside):
    case_id = make_case()
    with inside():
        procedure = service.consider(case_id, ProcedureKind.CRISIS_MEDIATION)
        service.answer(case_id, Condition.ACCEPTS_GUIDANCE, Verdict.MET)
    other = organisation(Role.SOCIAL_WORKER, Role.DPO, Role.TENANT_ADMIN)
    paths = [f"/begeleiding/dossier/{case_id}/", f"/begeleiding/procedure/{procedure}/",
             f"/begeleiding/dossier/{case_id}/voorwaarde/accepts_guidance/", f"/pistes/dossier/{case_id}/",
             f"/pistes/dossier/{case_id}/money/"]  # fmt: skip
    for role, status in ((Role.SOCIAL_WORKER, 404), (Role.DPO, 403), (Role.TENANT_ADMIN, 403)):
        client = sign_in(other, role)
        assert {client.get(path).status_code for path in paths} == {status}
        assert send(client, paths[1] + "beginnen", version="1").status_code == status
        assert send(client, paths[4], state="explored", version="0").status_code == status
    with inside():
        assert checklist.pistes_of(case_id) == {}
        assert Piste.MONEY not in checklist.pistes_of(case_id)


def test_the_case_page_asks_no_more_questions_with_more_procedures(app, ocmw, make_case, sign_in, inside):
    """Statements of the page: the same for one procedure and for five."""
    from sqlalchemy import event

    counted = []
    case_id = make_case()
    client = sign_in(ocmw)

    def statements():
        seen = []
        with app.app_context():
            engine = db.engine
        listener = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        assert client.get(f"/dossiers/{case_id}/").status_code == 200
        event.remove(engine, "before_cursor_execute", listener)
        return len(seen)

    statements()  # the first page of a session asks what the menu's badges say
    for kinds in ([ProcedureKind.FBU], [k for k in ProcedureKind if k is not ProcedureKind.FBU]):
        with inside():
            for kind in kinds:
                service.consider(case_id, kind)
        counted.append(statements())
    assert counted[0] == counted[1]
