"""Home visits: sorted as one walks, taken along, and what a phone hands in is kept once."""

import uuid
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.cases.codes import Channel, ContactResult, EvictionOutcome, HousingOutcome
from tenants.cases.intake import NewDwelling
from tenants.cases.service import Closing, close, save_dwelling
from tenants.outreach.rules import street_order
from tenants.outreach.service import attempts_of

pytestmark = pytest.mark.usefixtures("on_tuesday")
SOON = datetime(2026, 12, 1, 9, 30)  # the plan's first step is a home visit today


@pytest.fixture(scope="module")
def shared():
    return {}


@pytest.fixture
def ocmw(shared, organisation):
    if "ocmw" not in shared:
        shared["ocmw"] = organisation()
    return shared["ocmw"]


@pytest.fixture
def hand_in(csrf):
    """Hand in visits as the phone does."""

    def post(client, *visits, token=None):
        headers = {"X-CSRFToken": token or csrf(client)}
        return client.post("/pogingen/route/inleveren", json={"visits": list(visits)}, headers=headers)

    return post


def visit(made, step=None, **more):
    return {
        "id": str(uuid.uuid4()),
        "case_id": str(made.case_id),
        "step_id": str(step) if step else None,
        "at": "2026-11-24T08:30:00Z",
        "result": "not_home",
        "note": "Gordijnen dicht",
    } | more


def test_streets_are_sorted_as_one_walks():
    addresses = [
        ("Oostende", "Kerkstraat", "10", ""),
        ("Oostende", "Kerkstraat", "9", ""),
        ("Bredene", "Zeelaan", "1", ""),
        ("Oostende", "Élisabethlaan", "1", ""),
        ("Oostende", "Kerkstraat", "10A", ""),
        ("Oostende", "Kerkstraat", "10", "2"),
        ("Oostende", "Kerkstraat", "10", "11"),
    ]
    assert [" ".join(a[1:]).strip() for a in sorted(addresses, key=lambda a: street_order(*a))] == [
        "Zeelaan 1", "Élisabethlaan 1", "Kerkstraat 9", "Kerkstraat 10", "Kerkstraat 10 2", "Kerkstraat 10 11",
        "Kerkstraat 10A",
    ]  # fmt: skip


@settings(max_examples=25)
@given(st.lists(st.tuples(*[st.text(max_size=8)] * 4), max_size=6))
def test_any_address_can_be_sorted(addresses):
    sorted(addresses, key=lambda a: street_order(*a))


def test_a_route_is_chosen_printed_and_taken_along(ocmw, proceeding, sign_in, send, reading, step_id, read):
    far, near = proceeding(ocmw, "Verweg", hearing_at=SOON), proceeding(ocmw, "Dichtbij", hearing_at=SOON)
    for made, number in ((far, "101"), (near, "9")):
        with reading(ocmw):
            save_dwelling(made.case_id, NewDwelling("Torhoutsesteenweg", number, "", "8400", "Oostende"), None, None)
    client = sign_in(ocmw)
    page = read(client.get("/pogingen/route/"))
    assert page.index("Torhoutsesteenweg 9,") < page.index("Torhoutsesteenweg 101,")
    steps = [str(step_id(ocmw, made.case_id, "home_visit")) for made in (far, near)]
    assert send(client, "/pogingen/route/", step=steps).status_code == 302
    data = client.get("/pogingen/route/gegevens").get_json()
    assert [(v["name"], v["done"]) for v in data["visits"]] == [("Dichtbij, Dirk", False), ("Verweg, Dirk", False)]
    assert data["visits"][0]["why"] == "Na het verzoekschrift · zitting di 1 dec, 9.30\u00a0u"
    assert client.get("/pogingen/route/lijst.pdf").get_data().startswith(b"%PDF")
    shell = client.get("/pogingen/route/onderweg/").get_data(as_text=True)
    assert "Dichtbij" not in shell  # the page that a phone keeps names nobody
    assert "csrf_token" not in shell
    send(client, "/pogingen/route/", step=steps[:1])
    assert len(client.get("/pogingen/route/gegevens").get_json()["visits"]) == 1


def test_a_visit_that_arrives_twice_is_one_attempt(ocmw, proceeding, sign_in, reading, step_id, hand_in, steps_of):
    made = proceeding(ocmw, hearing_at=SOON)
    client = sign_in(ocmw)
    sent = visit(made, step_id(ocmw, made.case_id, "home_visit"))
    assert hand_in(client, sent).get_json()["results"][0]["state"] == "kept"
    again = hand_in(client, sent, sent).get_json()["results"]
    assert [each["state"] for each in again] == ["known", "known"]
    with reading(ocmw):
        (attempt,) = attempts_of(made.case_id)
        assert (str(attempt.id), attempt.channel, attempt.result) == (
            sent["id"], Channel.HOME_VISIT, ContactResult.NOT_HOME,
        )  # fmt: skip
        assert (attempt.note, attempt.at.isoformat()) == ("Gordijnen dicht", "2026-11-24T08:30:00+00:00")
    assert ("home_visit", "11-24", "done") in steps_of(ocmw, made.case_id)


def test_a_visit_on_a_case_that_was_closed_is_kept_and_told(ocmw, proceeding, sign_in, reading, step_id, hand_in):
    made = proceeding(ocmw, hearing_at=SOON)
    sent = visit(made, step_id(ocmw, made.case_id, "home_visit"), result="reached")
    with reading(ocmw):
        end = Closing(date(2026, 11, 24), HousingOutcome.STAYED, EvictionOutcome.AVOIDED, left_open="verhuisd")
        close(made.case_id, end, None)
    (told,) = hand_in(sign_in(ocmw), sent).get_json()["results"]
    assert told["state"] == "kept_closed"
    assert "Dit dossier is intussen gesloten. Je bezoek is er toch in bewaard" in told["message"]
    with reading(ocmw):
        assert len(attempts_of(made.case_id)) == 1


def test_a_colleague_who_was_first_takes_nothing_away(ocmw, proceeding, sign_in, reading, step_id, hand_in):
    made = proceeding(ocmw, hearing_at=SOON)
    step, client = step_id(ocmw, made.case_id, "home_visit"), sign_in(ocmw)
    assert hand_in(client, visit(made, step)).get_json()["results"][0]["state"] == "kept"
    (told,) = hand_in(client, visit(made, step)).get_json()["results"]
    assert (told["state"], "ernaast bewaard" in told["message"]) == ("kept_after_others", True)
    with reading(ocmw):
        assert len(attempts_of(made.case_id)) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "x"},
        {"at": "gisteren"},
        {"at": "2026-11-24T08:30:00"},
        {"result": "weg"},
        {"note": "x" * 4001},
        {"note": "a\x00b"},
        {"case_id": None},
    ],
)
def test_what_cannot_be_read_holds_up_nothing_else(ocmw, proceeding, sign_in, hand_in, wrong, shared):
    made = shared.setdefault("case", None) or proceeding(ocmw, hearing_at=SOON)
    shared["case"] = made
    results = hand_in(sign_in(ocmw), visit(made) | wrong, visit(made)).get_json()["results"]
    assert results[0]["state"] == "refused"
    assert results[1]["state"].startswith("kept")


def test_the_clock_of_a_phone_that_runs_ahead(ocmw, proceeding, sign_in, reading, hand_in):
    made = proceeding(ocmw, hearing_at=SOON)
    hand_in(sign_in(ocmw), visit(made, at="2027-01-01T00:00:00Z"))
    with reading(ocmw):
        assert attempts_of(made.case_id)[0].at == datetime.fromisoformat("2026-11-24T09:00:00+00:00")


def test_strangers_and_neighbours_hand_in_nothing(app, ocmw, organisation, proceeding, sign_in, reading, hand_in):
    made = proceeding(ocmw, hearing_at=SOON)
    neighbour = sign_in(organisation())
    assert hand_in(neighbour, visit(made)).get_json()["results"][0]["state"] == "refused"
    assert hand_in(neighbour, visit(made), token="wrong").status_code == 400
    assert app.test_client().post("/pogingen/route/inleveren", json={"visits": [visit(made)]}).status_code in (400, 401)
    assert hand_in(sign_in(ocmw), *[visit(made)] * 101).status_code == 422
    ours, theirs = (sign_in(each).get("/pogingen/route/gegevens").get_json() for each in (ocmw, organisation()))
    assert ours["owner"] != theirs["owner"]
    assert set(ours["keys"].values()).isdisjoint(theirs["keys"].values())
    with reading(ocmw):
        assert attempts_of(made.case_id) == []
