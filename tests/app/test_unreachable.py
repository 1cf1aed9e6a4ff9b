"""While the database is away, people are told so and what to do; nobody sees a stack or a number alone."""

from dataclasses import replace

import pytest
from flask import template_rendered
from sqlalchemy import text

from app import database
from app.crypto import keyring
from app.database import db
from app.factory import create_app


@pytest.fixture
def cut_off(app, settings, tmp_path):
    """A client of a portal whose database is not there, with a cookie that must be looked up."""
    away = settings.database_url.replace("host=", f"host={tmp_path}&was=").split("&was=")[0]
    portal = create_app(replace(settings, database_url=away))
    client = portal.test_client()
    with client.session_transaction() as stored:
        stored["token"] = "x" * 43
    yield client
    keyring.configure(settings)


def test_the_page_says_to_try_again(cut_off):
    answer = cut_off.get("/vandaag/")
    assert answer.status_code == 503
    assert "Wacht een halve minuut" in answer.text
    assert int(answer.headers["Retry-After"]) > 0


def test_a_part_of_a_page_says_so_too(cut_off):
    answer = cut_off.get("/vandaag/", headers={"HX-Request": "true"})
    assert answer.status_code == 503
    assert "Wacht een halve minuut" in answer.text
    assert answer.headers["HX-Retarget"] == "#messages"


def test_a_proxy_learns_that_it_is_not_well(cut_off):
    answer = cut_off.get("/healthz")
    assert (answer.status_code, answer.json) == (503, {"status": "the database does not answer"})


def test_what_is_done_counts_though_the_database_goes_right_after(app, settings, organisation, sign_in):
    client = sign_in(organisation())
    owner = database.owner_engine(settings)

    def cut(*_, **__):
        with owner.connect() as connection:
            own = db.session.scalar(text("SELECT pg_backend_pid()"))
            assert connection.scalar(text("SELECT pg_terminate_backend(:own, 5000)"), {"own": own})

    with template_rendered.connected_to(cut, app):
        assert client.get("/vandaag/").status_code == 200
    owner.dispose()
    assert client.get("/vandaag/").status_code == 200
