"""Every address of the portal, from the URL map, called by a neighbour with somebody else's identifiers.

An organisation is filled until it owns a row in every tenant table. Then a person with every role at another
organisation, in another network, calls every route with each of those identifiers, by GET and by POST: the answer
is 403 or 404 (or, for a form that is no one's, nothing of the other), and never a word of the other's in it.
"""

import uuid
from typing import Any

import pytest
from sqlalchemy import text

from app.database import db, owner_engine
from app.jobs import run_worker
from app.security.roles import Role
from tests.conftest import make_organisation
from tests.filling import MARK, fill, run_a_shelter

# Every table whose rows have an id and belong to an organisation, or to a network.
IDENTITIES = text("""
SELECT c.relname FROM pg_class c
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname NOT IN ('tenant', 'network_membership')
  AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = :column)
  AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'id')
""")
ALL_ROLES = (Role.SOCIAL_WORKER, Role.TEAM_LEAD, Role.TENANT_ADMIN, Role.DPO)


@pytest.fixture(scope="module")
def other(app, settings):
    """Identifiers of an organisation that owns a row of everything: table -> ids; also those of its network."""
    ours = make_organisation(app, *ALL_ROLES, Role.PLAYBOOK_EDITOR, name=f"OCMW {MARK}")
    with app.app_context():
        fill(ours)
    run_worker(app, settings.database_url, wait=False)
    engine = owner_engine(settings)
    ids: dict[str, list[Any]] = {}
    with engine.connect() as admin:
        for column, owner in (("network_id", ours.network.id), ("tenant_id", ours.tenant.id)):
            for table in admin.scalars(IDENTITIES, {"column": column}).all():
                found = admin.scalars(text(f'SELECT id FROM "{table}" WHERE {column} = :owner'), {"owner": owner})
                ids[table] = list(found)
        for table in ("playbook_page", "playbook_chapter", "training_course", "training_track", "scenario"):
            ids[f"{table}.slug"] = list(
                admin.scalars(text(f"SELECT slug FROM {table} WHERE network_id = :n"), {"n": ours.network.id})
            )
        ids["playbook_file.name"] = list(
            admin.scalars(text("SELECT name FROM playbook_file WHERE network_id = :n"), {"n": ours.network.id})
        )
        ids["member"] = [user.id for user in ours.users.values()]
        ids["slug"] = [ours.tenant.slug, ours.network.slug]
    engine.dispose()
    return ids


@pytest.fixture
def neighbour(app, organisation, sign_in):
    """A client with every role at another organisation, in another network."""
    from tenants.organisations import service

    theirs = organisation(*ALL_ROLES)
    person = theirs.users[Role.SOCIAL_WORKER]
    with app.app_context():
        service.add_member(theirs.tenant, person, ALL_ROLES)
        for role in (Role.PLAYBOOK_EDITOR, Role.REGIONAL_COORDINATOR):
            service.add_network_member(theirs.network, person, role)
        with theirs.acting():
            run_a_shelter(theirs.tenant.id)
        db.session.remove()
    return sign_in(theirs, Role.SOCIAL_WORKER)


# These change the neighbour's own session; they take no identifier of a row.
LEAVES = {"SignInView.logout", "AccountView.sign_out_everywhere", "SignInView.switch", "SignInView.new_password"}
# The public pages of the reporting point carry their organisation's name, to whoever comes by.
OPEN_TO_ALL = {"PointView.index", "PointView.report", "PointView.step"}


def fitting(name: str, converter: str, ids: dict[str, list[Any]]) -> list[Any]:
    """The other's identifiers that an argument may mean: by its name ('person_id'), else one of every table."""
    if converter == "IntegerConverter":
        return [*ids["member"][:2], 1]
    if converter != "UUIDConverter":
        return [i for values in ids.values() for i in values[:2] if isinstance(i, str)]
    stem = name.removesuffix("_id")
    named = [values[0] for table, values in ids.items() if stem in table and values]
    return named or [values[0] for values in ids.values() if values and isinstance(values[0], uuid.UUID)]


def calls(app, ids):
    """(rule, path) for every route with the other's identifiers in each of its arguments."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint.endswith("static") or rule.endpoint in LEAVES | OPEN_TO_ALL:
            continue
        pools = {n: fitting(n, type(c).__name__, ids) for n, c in rule._converters.items()}
        for turn in range(max((len(pool) for pool in pools.values()), default=1)):
            yield rule, adapter.build(rule.endpoint, {n: pool[turn % len(pool)] for n, pool in pools.items()})


def test_the_organisation_owns_a_row_of_everything(other):
    empty = {table for table, ids in other.items() if not ids}
    assert empty <= {"import_mapping"}, "fill() must reach every table, or the next test proves nothing"


def test_no_route_shows_or_changes_what_is_anothers(app, settings, other, neighbour, csrf):
    def rows() -> dict[str, int]:
        engine = owner_engine(settings)
        with engine.connect() as admin:
            counted = {
                table: admin.scalar(text(f'SELECT count(*) FROM "{table}" WHERE id = ANY(:ids)'), {"ids": list(ids)})
                for table, ids in other.items()
                if ids and isinstance(ids[0], uuid.UUID) and not table.startswith("audit_")
            }
            prints = admin.scalars(
                text("SELECT md5(string_agg(c::text, '' ORDER BY id)) FROM case_file c WHERE id = ANY(:ids)"),
                {"ids": other["case_file"]},
            ).all()
        engine.dispose()
        return counted | {"print": prints}

    before = rows()
    token = csrf(neighbour)
    some = {name: str(ids[0]) for name, ids in other.items() if ids}
    form = {
        "csrf_token": token,
        "case_id": some["case_file"],
        "assigned_to": str(other["member"][0]),
        "landlord_id": some["landlord"],
        "landlord": some["landlord"],
        "guest_id": some["shelter_guest"],
        "replacement_id": some["exchange_contact"],
        "chapter_id": some.get("playbook_chapter", ""),
        "case": some["case_file"],
    }
    called = 0
    for rule, path in calls(app, other):
        has_arguments = bool(rule.arguments)
        for method in sorted(rule.methods & {"GET", "POST"}):
            answer = neighbour.open(path, method=method, data=form if method == "POST" else None)
            called += 1
            body = answer.get_data()
            assert MARK.encode() not in body, f"{method} {rule} shows another organisation's words"
            for secret in (b"56032774332", b"26A7777", b"56.03.27-743.32"):
                assert secret not in body, f"{method} {rule} shows another organisation's data"
            if has_arguments and rule.endpoint not in ("ui.language", "LocaleView.index"):
                assert answer.status_code in (403, 404), f"{method} {path} answered {answer.status_code}"
            else:
                assert answer.status_code < 500, f"{method} {path} answered {answer.status_code}"
    assert called > 200
    assert rows() == before


def test_parameters_of_lists_reach_nothing_of_anothers(app, other, neighbour):
    """Filters, searches and pre-filled forms with another's identifiers and names."""
    some = [str(other["case_file"][0])]
    with app.test_request_context():
        paths = [
            app.url_map.bind("localhost").build(rule.endpoint)
            for rule in app.url_map.iter_rules()
            if not rule.arguments and "GET" in rule.methods and rule.endpoint not in LEAVES
        ]
    names = ("q", "case", "dossier", "wie", "assigned_to", "verhuurder", "nacht")
    asked = [*(dict.fromkeys(names, value) for value in (*some, "26A7777")), {"q": "26A7777"}]
    for path in paths:
        for query in asked:
            answer = neighbour.get(path, query_string=query)
            assert answer.status_code < 500, (path, query)
            assert MARK.encode() not in answer.get_data(), (path, query)
