"""Flask-AppBuilder's pages are ours, and a CRUD view is a handful of declarations."""

import re
import threading
from pathlib import Path

import flask_appbuilder
import pytest
from flask import g
from flask_appbuilder.models.sqla.interface import SQLAInterface

from app.database import db
from app.factory import create_app
from app.security.models import Network
from app.security.roles import Role
from app.ui.views import PortalModelView

THEIRS = Path(flask_appbuilder.__file__).parent / "templates"
# Pages that no view of the portal has: Google's charts, the API's explorer, the editor of FAB's own roles.
NEVER_SHOWN = re.compile(r"chart|swagger|widgets/roles/|register_mail")


class TooFar(Exception):
    pass


class NetworkView(PortalModelView):
    datamodel = SQLAInterface(Network, db.session)
    route_base = "/proef/netwerken"
    class_permission_name = "platform"
    list_title, add_title = "Netwerken", "Nieuw netwerk"
    list_columns = search_columns = add_columns = edit_columns = ["name", "slug"]
    label_columns = {"name": "Naam", "slug": "Kenmerk"}
    refusals = (TooFar,)

    def change(self, item, form):
        if form.name.data == "Te ver":
            raise TooFar("Not required")
        super().change(item, form)


@pytest.fixture(scope="module")
def app(settings):
    """The whole application, with a CRUD view on the networks."""
    made = create_app(settings)
    made.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    with made.app_context():
        made.appbuilder.add_view_no_menu(NetworkView)
    return made


@pytest.fixture
def admin(organisation, sign_in):
    return sign_in(organisation(Role.PLATFORM_ADMIN), Role.PLATFORM_ADMIN)


@pytest.fixture
def send(admin, csrf):
    def post(path, **data):
        return admin.post(f"/proef/netwerken{path}", data={**data, "csrf_token": csrf(admin)})

    return post


def _id_of(app, slug):
    with app.app_context():
        found = db.session.query(Network).filter_by(slug=slug).one_or_none()
        return found and str(found.id)


@pytest.mark.parametrize(
    "name",
    sorted(str(path.relative_to(THEIRS)) for path in THEIRS.rglob("*.html") if not NEVER_SHOWN.search(str(path))),
)
def test_template_is_ours(app, name):
    assert "app/ui/templates" in app.jinja_env.get_template(name).filename


@pytest.mark.parametrize(
    "path", ["/static/appbuilder/js/jquery-latest.js", "/users/list/", "/roles/list/", "/api/v1/security/login"]
)
def test_nothing_else_of_theirs_is_served(admin, path):
    assert admin.get(path).status_code == 404


def test_row_is_added_found_changed_and_deleted(app, admin, send):
    assert send("/add", name="Westhoek", slug="westhoek").location == "/proef/netwerken/list/"
    page = admin.get("/proef/netwerken/list/?_flt_2_name=westh&_flt_2_slug=").get_data(as_text=True)
    assert "Toegevoegd." in page
    assert page.count("<tr>") == 2  # the headings and the one row
    key = _id_of(app, "westhoek")
    assert "Westhoek" in admin.get(f"/proef/netwerken/show/{key}").get_data(as_text=True)
    assert send(f"/edit/{key}", name="De Westhoek", slug="westhoek").status_code == 302
    assert 'value="De Westhoek"' in admin.get(f"/proef/netwerken/edit/{key}").get_data(as_text=True)
    assert send(f"/delete/{key}").status_code == 302
    assert _id_of(app, "westhoek") is None


def test_refused_form_comes_back_with_what_was_typed(app, send):
    send("/add", name="Meetjesland", slug="meetjesland")
    answer = send("/add", name="Ander", slug="meetjesland")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Dit bestaat al. Kies iets anders." in page
    assert 'value="Ander"' in page
    assert send("/add", name="").status_code == 422


def test_error_of_the_service_stands_on_the_form(app, send):
    send("/add", name="Pajottenland", slug="pajottenland")
    answer = send(f"/edit/{_id_of(app, 'pajottenland')}", name="Te ver", slug="pajottenland")
    assert answer.status_code == 422
    assert "Not required" in answer.get_data(as_text=True)


def test_row_in_use_is_not_deleted(app, organisation, send):
    used = organisation().network
    answer = send(f"/delete/{used.id}")
    assert answer.status_code == 302
    assert _id_of(app, used.slug)


def test_nothing_is_deleted_by_a_link(app, admin, send):
    send("/add", name="Hageland", slug="hageland")
    admin.get(f"/proef/netwerken/delete/{_id_of(app, 'hageland')}")
    assert _id_of(app, "hageland")


def test_list_without_rows_says_what_to_do(admin):
    page = admin.get("/proef/netwerken/list/?_flt_2_name=bestaat-niet").get_data(as_text=True)
    assert "Niets gevonden" in page


def test_person_without_the_right_is_kept_out(organisation, sign_in):
    client = sign_in(organisation(Role.SOCIAL_WORKER))
    assert client.get("/proef/netwerken/list/").status_code == 403


def test_two_requests_never_share_a_filter(app):
    """Flask-AppBuilder keeps the filters on the view, which all threads share."""
    view = next(each for each in app.appbuilder.baseviews if isinstance(each, NetworkView))
    seen, together = {}, threading.Barrier(2)

    def search(word):
        with app.test_request_context(f"/?_flt_2_name={word}"):
            g.pop("list_filters", None)
            view._filters.add_filter_index("name", 2, [word])
            together.wait(timeout=10)
            seen[word] = view._filters.values

    threads = [threading.Thread(target=search, args=(word,)) for word in ("een", "twee")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"een": [["een"]], "twee": [["twee"]]}


def test_no_history_of_addresses_is_kept_in_the_cookie(admin):
    admin.get("/proef/netwerken/list/?_flt_2_name=Vermeulen")
    with admin.session_transaction() as session:
        assert "Vermeulen" not in str(dict(session))
