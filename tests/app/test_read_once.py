"""What a page reads twice is asked once, and never older than what was written meanwhile."""

import pytest
from sqlalchemy import select, text, update

from app.database import db, read_once, transaction
from app.security.models import Tenant


@pytest.fixture
def name_of(organisation, app):
    """A reader of the organisation's name, the list of its questions, and the organisation."""
    asked = []

    @read_once
    def read(tenant_id):
        asked.append(tenant_id)
        return db.session.scalar(select(Tenant.name).where(Tenant.id == tenant_id))

    made = organisation(name="OCMW Eerst")
    with app.app_context(), made.acting():
        yield read, asked, made.tenant.id
        db.session.remove()


def test_the_same_question_is_asked_once(name_of):
    read, asked, tenant_id = name_of
    assert read(tenant_id) == read(tenant_id) == "OCMW Eerst"
    assert len(asked) == 1


def by_statement(session, tenant_id):
    session.execute(update(Tenant).where(Tenant.id == tenant_id).values(name="OCMW Daarna"))


def by_text(session, tenant_id):
    session.execute(text("UPDATE tenant SET name = 'OCMW Daarna' WHERE id = :id"), {"id": tenant_id})


def by_object(session, tenant_id):
    session.get(Tenant, tenant_id).name = "OCMW Daarna"


@pytest.mark.parametrize("write", [by_statement, by_text, by_object])
def test_what_was_written_is_read(name_of, write):
    read, _asked, tenant_id = name_of
    with transaction() as session:
        assert read(tenant_id) == "OCMW Eerst"
        write(session, tenant_id)
        session.flush()
        assert read(tenant_id) == "OCMW Daarna"
    assert read(tenant_id) == "OCMW Daarna"


def test_a_new_transaction_asks_anew(name_of):
    read, asked, tenant_id = name_of
    read(tenant_id)
    db.session.commit()
    read(tenant_id)
    assert len(asked) == 2


def test_others_do_not_get_each_others_answers(name_of, organisation):
    read, asked, tenant_id = name_of
    read(tenant_id)
    with organisation().acting():
        read(tenant_id)
    assert len(asked) == 2
