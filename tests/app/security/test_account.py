"""One's own account: a new password, and where one is signed in."""

import pytest

from app.security.models import LoginSession, utc_now
from app.security.roles import Role
from tests.conftest import PASSWORD

NEW = "paraplu onder de brug"


@pytest.fixture
def ocmw(organisation):
    return organisation()


def change(client, csrf, current, new, again=None):
    data = {"current": current, "password": new, "again": new if again is None else again}
    return client.post("/account/wachtwoord/", data={**data, "csrf_token": csrf(client)})


def test_a_new_password_ends_every_other_session(app, ocmw, sign_in, csrf):
    here, elsewhere = sign_in(ocmw), sign_in(ocmw)
    assert change(here, csrf, PASSWORD, NEW).headers["Location"] == "/account/"
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    name = ocmw.users[Role.SOCIAL_WORKER].username
    for password, status in ((PASSWORD, 422), (NEW, 302)):
        client = app.test_client()
        data = {"username": name, "password": password, "csrf_token": csrf(client)}
        assert client.post("/login/", data=data).status_code == status


@pytest.mark.parametrize(
    ("current", "new", "again"),
    [
        ("fout", NEW, NEW),
        ("", NEW, NEW),
        (PASSWORD, "kort", "kort"),
        (PASSWORD, NEW, "paraplu naast de brug"),
        (PASSWORD, "marie is een engel", "marie is een engel"),
    ],
)
def test_what_is_not_right_is_said_at_its_field_and_nothing_changes(ocmw, sign_in, csrf, current, new, again):
    client, other = sign_in(ocmw), sign_in(ocmw)
    answer = change(client, csrf, current, new, again)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert other.get("/account/").status_code == 200


def test_guessing_at_a_desk_that_was_left_is_stopped(ocmw, sign_in, csrf):
    client = sign_in(ocmw)
    assert [change(client, csrf, f"gok {n}", NEW).status_code for n in range(6)] == [422] * 5 + [429]
    assert change(client, csrf, PASSWORD, NEW).status_code == 429


def test_one_sees_where_one_is_signed_in_and_ends_it_all(app, ocmw, sign_in, csrf):
    here, elsewhere = sign_in(ocmw), sign_in(ocmw)
    page = here.get("/account/").text
    assert page.count('data-label="Laatst gezien"') == 2
    assert page.count("deze browser") == 1
    assert here.post("/account/overal-afmelden/", data={"csrf_token": csrf(here)}).headers["Location"] == "/login/"
    assert here.get("/account/").status_code == elsewhere.get("/account/").status_code == 302


def test_a_session_that_ended_by_itself_is_not_shown(app, ocmw, sign_in):
    from datetime import timedelta

    from app.database import transaction

    here = sign_in(ocmw)
    with app.app_context(), transaction() as session:
        session.add(
            LoginSession(
                token_hash="f" * 64,
                user_id=ocmw.users[Role.SOCIAL_WORKER].id,
                seen_at=utc_now() - timedelta(minutes=31),
            )
        )
    assert here.get("/account/").text.count('data-label="Laatst gezien"') == 1
