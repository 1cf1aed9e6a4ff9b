"""The macros escape what they are given, and tie hints and errors to their control."""

from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict

from .conftest import EveryField

EVIL = "<script>alert(1)</script>"
SNIPPETS = [
    "{{ ui.page_header(evil, evil) }}",
    "{{ ui.tag(evil, evil) }}",
    "{{ ui.notice('soon', evil, evil) }}",
    "{{ ui.empty_state(evil, evil, evil, evil) }}",
    "{% call ui.card(evil, evil) %}{% endcall %}",
    "{{ ui.entry(evil, evil, evil, evil, evil) }}",
    "{{ ui.timeline_entry(evil, evil, evil, evil) }}",
    "{{ ui.path([{'label': evil, 'text': evil, 'state': 'now'}]) }}",
    "{{ ui.definitions([(evil, evil, 'num')]) }}",
    "{{ ui.stat(evil, evil) }}",
    "{% call(row) ui.table(evil, [evil], [evil]) %}<td>{{ row }}</td>{% endcall %}",
    "{{ ui.tabs(evil, [(evil, evil, true, evil)]) }}",
    "{{ ui.filter_bar(evil, search=evil, query=evil) }}",
    "{{ ui.filter_select(evil, evil, [(evil, evil)]) }}",
    "{{ ui.saved_filters([(evil, evil)], evil, evil) }}",
    "{{ ui.post_button(evil, evil, values={'a': evil}) }}",
    "{{ ui.confirm_dialog(evil, evil, evil, evil, evil) }}",
    "{{ ui.progress(1, 2, evil) }}",
    "{% call ui.form_section(evil, evil) %}{% endcall %}",
    "{{ ui.input(evil, evil, evil, hint=evil, error=evil, title=evil) }}",
    "{{ ui.file_input(evil, evil, evil, evil, evil) }}",
    "{{ ui.form_actions(evil, evil) }}",
]


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_macro_escapes_every_text(render, snippet):
    page = render(snippet, evil=EVIL)
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_dialog_asks_what_its_caller_adds(render):
    asks = '{% call ui.confirm_dialog("end", "t", "w", "/x", "ok") %}<input name="why">{% endcall %}'
    assert render(asks).count('<input name="why">') == 1
    assert "why" not in render('{{ ui.confirm_dialog("end", "t", "w", "/x", "ok") }}')


def _form(ui_app, **values):
    with ui_app.test_request_context(method="POST"):
        form = EveryField(MultiDict(values), meta={"csrf": False})
        form.validate()
        return form


def test_field_ties_label_hint_and_error_to_its_control(ui_app, render):
    page = render("{{ ui.field(form.name) }}", form=_form(ui_app))
    assert '<label class="form-label" for="name">Naam</label>' in page
    assert 'id="name-hint">Zoals op de kaart' in page
    assert 'aria-describedby="name-hint name-error"' in page
    assert 'aria-invalid="true"' in page


def test_field_without_error_is_not_marked_wrong(ui_app, render):
    page = render("{{ ui.field(form.name) }}", form=_form(ui_app, name="Dirk"))
    assert "aria-invalid" not in page
    assert 'value="Dirk"' in page


@pytest.mark.parametrize("name", ["channel", "pistes"])
def test_choices_under_one_question_are_a_group_with_a_legend(ui_app, render, name):
    page = render(f"{{{{ ui.field(form.{name}) }}}}", form=_form(ui_app))
    assert page.startswith('<fieldset class="field"')
    assert "<legend>" in page
    assert page.count("form-check-input") == 2


def test_optional_field_says_so(ui_app, render):
    assert "niet verplicht" in render("{{ ui.field(form.born) }}", form=_form(ui_app))
    assert "niet verplicht" not in render("{{ ui.field(form.name) }}", form=_form(ui_app))


def test_error_summary_collects_everything_and_links_to_the_fields(ui_app, render):
    form = _form(ui_app, rent="veel")
    form.form_errors.append("Er is al een dossier voor dit adres.")
    page = render("{{ ui.error_summary(form) }}", form=form)
    assert 'role="alert"' in page
    assert "Er is al een dossier voor dit adres." in page
    for anchor in ("#name", "#rent", "#channel"):
        assert f'href="{anchor}"' in page
    assert (
        render("{{ ui.error_summary(form) }}", form=_form(ui_app, name="A", channel="letter", household="single")) == ""
    )


def test_unknown_value_is_said_and_zero_is_not_unknown(render):
    page = render("{{ ui.definitions([('Huur', none), ('Kosten', zero | euro, 'num')]) }}", zero=Decimal(0))
    assert "niet bekend" in page
    assert "€\xa00,00" in page


@pytest.mark.parametrize(
    ("page", "links"),
    [(1, ["2", "3", "Volgende"]), (3, ["Vorige", "1", "2", "4", "5", "Volgende"]), (5, ["Vorige", "3", "4"])],
)
def test_pagination_offers_the_neighbours(render, page, links):
    html = render("{{ ui.pagination(page, 25, 110, href) }}", page=page, href=lambda number: f"?p={number}")
    assert html.count("<a ") == len(links) + 1  # and the page itself
    assert f'href="?p={page}" aria-current="page"' in html
    assert all(f"{link}</a>" in html for link in links)
    assert f"{(page - 1) * 25 + 1}–{min(page * 25, 110)} van 110" in html


def test_pagination_of_an_empty_list_says_nothing(render):
    assert render("{{ ui.pagination(1, 25, 0, none) }}").strip() == ""
