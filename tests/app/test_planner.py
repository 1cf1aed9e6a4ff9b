"""After many rows came in the planner knows of them at once, though the portal owns no table."""

from sqlalchemy import text

from app import planner
from app.database import db, transaction
from app.security.roles import Role
from tenants.cases.opening import open_cases
from tests.tenants.cases.test_opening import VERMEULEN


def told(function):
    """What PostgreSQL itself tells of the households of all organisations."""
    found = db.session.scalar(text(f"SELECT pg_stat_get_{function}('household'::regclass)"))
    db.session.rollback()
    return found


def counted():
    return told("analyze_count")


def test_tables_that_changed_much_are_counted_and_others_are_left(app_context, organisation):
    ocmw = organisation(Role.SOCIAL_WORKER)
    with ocmw.acting():
        planner.count_again()  # what other tests left
        before, told_before = counted(), told("live_tuples")
        with transaction() as session:
            open_cases([VERMEULEN] * (100 + told_before // 8))
            session.execute(text("SELECT pg_stat_force_next_flush()"))  # as after a second or more
        planner.count_again()
        assert counted() > before
        after = counted()
        planner.count_again()
        assert counted() == after
