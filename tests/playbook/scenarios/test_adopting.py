"""A scenario goes from one network to another: shown, taken over with its link, what differs, what changes later."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.database import db
from app.security.roles import Role
from playbook.scenarios import rules, service
from playbook.scenarios.rules import Definition, Event, Step, Who
from tests.conftest import make_organisation

EDITOR, WORKER = Role.PLAYBOOK_EDITOR, Role.SOCIAL_WORKER
INDEX = "/draaiboek/scenario/"


def step(key, what=""):
    return Step(key, Who.SOCIAL_WORKER, what or f"Doe {key}", Event.STARTED, 3)


BASE = Definition("Naam", "Waarvoor", "Wanneer", (step("a"), step("b"), step("c")))


def steps(*wanted):
    return replace(BASE, steps=wanted)


@pytest.mark.parametrize(
    ("theirs", "own", "made"),
    [
        (steps(step("a", "Anders"), step("b"), step("c")), BASE, ["Anders", "Doe b", "Doe c"]),
        (steps(step("a"), step("n"), step("b"), step("c")), BASE, ["Doe a", "Doe n", "Doe b", "Doe c"]),
        (steps(step("n"), *BASE.steps), BASE, ["Doe n", "Doe a", "Doe b", "Doe c"]),
        (steps(step("a"), step("c")), BASE, ["Doe a", "Doe c"]),
        (steps(step("a", "Anders"), step("b")), steps(step("b", "Eigen"), step("a"), step("c")), ["Eigen", "Anders"]),
        (steps(*BASE.steps, step("n")), steps(step("a")), ["Doe a", "Doe n"]),
        (steps(step("a", "Zij"), step("b"), step("c")), steps(step("a", "Wij"), step("b"), step("c")), None),
        (steps(step("a", "Zij"), step("b"), step("c")), steps(step("b"), step("c")), None),
        (steps(step("b"), step("c")), steps(step("a", "Wij"), step("b"), step("c")), None),
        (replace(BASE, title="Zij"), replace(BASE, title="Wij"), None),
        (steps(step("c"), step("a"), step("b")), BASE, ["Doe c", "Doe a", "Doe b"]),
        (BASE, steps(step("c"), step("a"), step("b")), ["Doe c", "Doe a", "Doe b"]),
        (
            steps(step("c"), step("b"), step("n"), step("a")),
            steps(step("a", "Eigen"), step("x"), step("b"), step("c")),
            ["Doe c", "Doe b", "Doe n", "Eigen", "Doe x"],
        ),
        (steps(step("c"), step("a"), step("b")), steps(step("b"), step("a"), step("c")), None),
    ],
)
def test_what_they_changed_is_put_in_and_what_was_changed_here_stays(theirs, own, made):
    merged = rules.merged(BASE, theirs, own)
    assert (None if merged is None else [each.what for each in merged.steps]) == made


@settings(max_examples=60)
@given(st.lists(st.sampled_from("abcdefgh"), unique=True), st.lists(st.sampled_from("abcdefgh"), unique=True))
def test_who_changed_nothing_gets_theirs_and_theirs_changed_nothing_leaves_ours(one, other):
    one, other = steps(*map(step, one)), steps(*map(step, other))
    merged = rules.merged(one, other, one)
    assert merged == other
    assert rules.merged(one, one, other) == other
    assert rules.merged(one, other, other) == other


# ---------------------------------------------------------------- between two networks


@pytest.fixture(scope="module")
def networks(app):
    """Two networks; the first has a published scenario."""
    theirs, ours = make_organisation(app, EDITOR, WORKER), make_organisation(app, EDITOR, WORKER)
    with app.app_context(), theirs.acting(EDITOR):
        made = service.create(Definition("Samen op tijd", "Vroeg erbij", "Er is een melding"))
        for number, what in enumerate(("Bellen", "Langsgaan"), start=1):
            service.save_step(made.slug, step("", what), number)
        service.publish(made.slug, "Eerste", 3)
        db.session.remove()
    return theirs, ours


@pytest.fixture
def by(app):
    def act(organisation, do):
        with app.app_context(), organisation.acting(EDITOR):
            found = do()
            db.session.commit()
            db.session.remove()
        return found

    return act


def draft_of(slug):
    scenario = service.by_slug(slug)
    return scenario, rules.definition_of(scenario.draft)


def test_a_scenario_is_shown_taken_over_and_followed(networks, by, sign_in, csrf):
    theirs, ours = networks
    editor, worker, giver = sign_in(ours, EDITOR), sign_in(ours), sign_in(theirs, EDITOR)

    def post(client, path, **data):
        return client.post(path, data={"csrf_token": csrf(client), **data})

    def version(organisation, slug="samen-op-tijd"):
        return by(organisation, lambda: str(service.by_slug(slug).draft_version))

    foreign, home = f"{INDEX}van/{theirs.network.slug}/samen-op-tijd/", f"{INDEX}samen-op-tijd/"
    assert editor.get(foreign).status_code == 404, "not shown yet"
    assert post(sign_in(theirs), f"{home}delen", version=version(theirs)).status_code == 403
    assert post(giver, f"{home}delen", version=version(theirs), wanted="yes").status_code == 302
    assert foreign in worker.get(INDEX).text
    assert "Langsgaan" in worker.get(foreign).text
    assert giver.get(foreign).status_code == 404, "one's own has its own address"
    assert post(worker, f"{foreign}overnemen").status_code == 403
    # Their draft is nobody else's.
    by(theirs, lambda: service.save_step("samen-op-tijd", step("", "Nog geheim"), int(version(theirs))))
    assert "Nog geheim" not in worker.get(foreign).text
    draft = post(editor, f"{foreign}overnemen").location
    assert draft == post(editor, f"{foreign}overnemen").location, "a second time gives the same"
    assert post(editor, f"{draft}publiceren", version=version(ours)).status_code == 302
    difference = f"{home}overgenomen/"
    assert difference in worker.get(home).text
    assert "Beide zijn gelijk." in worker.get(difference).text
    # Here the first step changes, there a third one comes.
    first = by(ours, lambda: draft_of("samen-op-tijd")[1].steps[0])
    by(ours, lambda: service.save_step("samen-op-tijd", replace(first, what="Eerst appen"), int(version(ours))))
    assert post(giver, f"{home}ontwerp/publiceren", version=version(theirs)).status_code == 302
    assert "Zien wat zij veranderden" in worker.get(home).text or difference in worker.get(home).text
    page = worker.get(difference).text
    for words in ("Nog geheim", "Eerst appen"):
        assert words in page
    assert post(worker, f"{difference}binnenhalen", number="2", version=version(ours)).status_code == 403
    assert post(editor, f"{difference}binnenhalen", number="1", version=version(ours)).status_code == 409
    assert post(editor, f"{difference}binnenhalen", number="2", version="1").status_code == 409
    assert post(editor, f"{difference}binnenhalen", number="2", version=version(ours)).status_code == 302
    whats = by(ours, lambda: [each.what for each in draft_of("samen-op-tijd")[1].steps])
    assert whats == ["Eerst appen", "Langsgaan", "Nog geheim"]
    # Now they change the step that was changed here too.
    by(theirs, lambda: service.save_step("samen-op-tijd", replace(first, what="Eerst mailen"), int(version(theirs))))
    assert post(giver, f"{home}ontwerp/publiceren", version=version(theirs)).status_code == 302
    assert post(editor, f"{difference}binnenhalen", number="3", version=version(ours)).status_code == 409
    assert post(editor, f"{difference}gezien", number="3").status_code == 302
    assert by(ours, lambda: draft_of("samen-op-tijd")[1].steps[0].what) == "Eerst appen"
    # Another order is a change too: it is shown, and taken over.
    third = by(theirs, lambda: draft_of("samen-op-tijd")[1].steps[2].key)
    by(theirs, lambda: service.move_step("samen-op-tijd", third, -2, int(version(theirs))))
    assert post(giver, f"{home}ontwerp/publiceren", version=version(theirs)).status_code == 302
    assert "Andere volgorde" in worker.get(difference).text
    assert post(editor, f"{difference}binnenhalen", number="4", version=version(ours)).status_code == 302
    whats = by(ours, lambda: [each.what for each in draft_of("samen-op-tijd")[1].steps])
    assert whats == ["Nog geheim", "Eerst appen", "Langsgaan"]
    # What they withdraw is shown no more; what was made of it stays.
    assert post(giver, f"{home}intrekken", version=version(theirs), why="Op").status_code == 302
    assert editor.get(foreign).status_code == 404
    assert "tonen dit scenario niet meer" in worker.get(difference).text
    assert worker.get(home).status_code == 200


def test_what_cases_can_t_follow_is_not_shown(networks, by, sign_in, csrf):
    theirs, _ours = networks
    made = by(theirs, lambda: service.create(Definition("Nog niets", "", "Ooit")).slug)
    client = sign_in(theirs, EDITOR)
    answer = client.post(f"{INDEX}{made}/delen", data={"csrf_token": csrf(client), "version": "1", "wanted": "yes"})
    assert answer.status_code == 422
    assert client.get(f"{INDEX}{made}/overgenomen/").status_code == 404
