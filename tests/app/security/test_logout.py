"""Signing out: the session ends here and in the database, the language stays."""

from app.security.models import LoginSession
from app.security.roles import Role


def test_it_ends_the_session_for_a_copied_cookie_too(app, organisation, sign_in, csrf):
    client, copied = sign_in(organisation()), app.test_client()
    with client.session_transaction() as mine, copied.session_transaction() as theirs:
        theirs["token"] = mine["token"]
    assert copied.get("/account/").status_code == 200
    assert client.post("/logout/", data={"csrf_token": csrf(client)}).headers["Location"] == "/login/"
    assert copied.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 302


def test_the_row_is_gone(app, organisation, sign_in, csrf):
    ocmw = organisation()
    client = sign_in(ocmw)
    client.post("/logout/", data={"csrf_token": csrf(client)})
    with app.app_context():
        from app.database import db

        assert db.session.query(LoginSession).filter_by(user_id=ocmw.users[Role.SOCIAL_WORKER].id).count() == 0
        db.session.remove()


def test_only_the_language_stays_in_the_cookie(organisation, sign_in, csrf):
    client = sign_in(organisation())
    client.post("/taal/fr", data={"csrf_token": csrf(client)})
    client.post("/logout/", data={"csrf_token": csrf(client)})
    assert 'lang="fr"' in client.get("/login/").text
    with client.session_transaction() as stored:
        assert set(stored) <= {"locale", "csrf_token", "_flashes"}


def test_no_address_of_another_site_signs_one_out(organisation, sign_in):
    client = sign_in(organisation())
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").status_code == 400
    assert client.get("/account/").status_code == 200
