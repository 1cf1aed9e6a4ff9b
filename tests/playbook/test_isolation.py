"""What keeps shared tables to their network, held by enumeration; and what the statistics role may read."""

import pytest
from flask_appbuilder import Model
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import tenancy
from app.database import db, statistics_session

# Tables that mention a network without being owned by one: the registry that decides who is in which.
MENTION_A_NETWORK = {"tenant", "network_membership"}
# As far as a page that is marked for guests leads (tests/playbook/handbook/test_guests.py).
OPEN_TO_GUESTS = {
    "playbook_page", "playbook_chapter", "playbook_file", "playbook_file_page", "scenario", "scenario_version"
}  # fmt: skip


def tables_with_network():
    """A tenant's own row may point to what its network shares (a grant to its agreement): it stays the tenant's."""
    return {
        table.name: table
        for table in Model.metadata.sorted_tables
        if "network_id" in table.c and "tenant_id" not in table.c
    }


@pytest.fixture
def catalogue(app_context):
    """{table: (forced, {policy: (command, using, check)})} of every table of the schema."""
    forced = db.session.execute(
        text("SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relkind = 'r'")
    )
    found = {name: (bool(is_forced), {}) for name, is_forced in forced}
    for row in db.session.execute(text("SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies")):
        found[row.tablename][1][row.policyname] = (row.cmd, row.qual, row.with_check)
    return found


def test_every_table_with_a_network_is_owned_by_it_or_known_not_to_be(app):
    tables = tables_with_network()
    owned = {name for name, table in tables.items() if tenancy.is_shared_by_network(table)}
    assert owned == set(tables) - MENTION_A_NETWORK
    assert {"playbook_page", "exchange_contact"} <= owned
    assert not any("tenant_id" in tables[name].c for name in owned)


def test_every_shared_table_is_kept_to_its_network(catalogue):
    for name, table in tables_with_network().items():
        forced, policies = catalogue[name]
        if name in MENTION_A_NETWORK:
            assert not policies, name
            continue
        assert forced, name
        command, using, check = policies["network"]
        assert command == "ALL"
        assert using == check
        assert "app.network_id" in using
        published = {"published"} if "published_to_all" in table.c else set()
        assert set(policies) == {"network", "backup", *published} | ({"guest"} if name in OPEN_TO_GUESTS else set())
        assert all(policies[each][0] == "SELECT" for each in set(policies) & {"published", "guest"})


def test_keys_of_shared_tables_start_with_the_network(app):
    for name, table in tables_with_network().items():
        if name in MENTION_A_NETWORK:
            continue
        assert [column.name for column in table.primary_key] == ["network_id", "id"], name
        for constraint in table.constraints:
            columns = [column.name for column in getattr(constraint, "columns", [])]
            if type(constraint).__name__ == "UniqueConstraint":
                assert columns[0] == "network_id", constraint.name
            if type(constraint).__name__ == "ForeignKeyConstraint":
                to_shared = tenancy.is_shared_by_network(constraint.referred_table)
                assert columns[0] == "network_id" or not to_shared, constraint.name


def test_the_statistics_role_reads_facts_and_nothing_else(app_context):
    tables = {table.name for table in Model.metadata.sorted_tables}
    for name in tables - {"case_fact", "scenario_fact"}:
        with pytest.raises(DBAPIError, match="permission denied"), statistics_session() as session:
            session.execute(text(f'SELECT 1 FROM "{name}" LIMIT 1'))
    with statistics_session() as session:
        session.execute(text("SELECT 1 FROM case_fact, scenario_fact LIMIT 1"))


def test_the_statistics_role_writes_nothing(app_context):
    with pytest.raises(DBAPIError, match=r"permission denied|read-only"), statistics_session() as session:
        session.execute(text("DELETE FROM case_fact"))
