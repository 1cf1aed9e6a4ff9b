"""The pages under /netwerk/initiatieven/: everybody reads, the coordinator keeps them."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count its silence.

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.security.guard import act
from app.ui.views import PortalView
from playbook.exchange import initiatives
from playbook.exchange.errors import NotThereError, RefusedError
from playbook.exchange.question_views import page_of_request
from playbook.exchange.sharing_forms import InitiativeForm


class InitiativesView(PortalView):
    """Initiatives elsewhere, as cards."""

    route_base = "/netwerk/initiatieven"
    class_permission_name = "exchange"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self):
        """The initiatives with the words of ?q= and the tag of ?trefwoord=."""
        words, tag, page = request.args.get("q", ""), request.args.get("trefwoord", ""), page_of_request()
        tags = initiatives.tags()
        rows, count = initiatives.listed(words, tag, page)
        return self.render_template(
            "exchange/initiatives.html",
            rows=rows,
            count=count,
            page=page,
            size=initiatives.PAGE_SIZE,
            words=words,
            tag=tag,
            tags=tags,
            tag_choices=[(name, f"{name} ({number})") for name, number in tags],
            href=lambda number: url_for(".index", pagina=number, q=words or None, trefwoord=tag or None),
        )

    @expose("/nieuw/", methods=["GET", "POST"])
    @act("write")
    def add(self):
        """A new initiative."""
        return self._edit(None)

    @expose("/<uuid:initiative_id>/", methods=["GET", "POST"])
    @act("write")
    def edit(self, initiative_id):
        """Change an initiative."""
        return self._edit(_initiative(initiative_id))

    @expose("/<uuid:initiative_id>/verwijderen", methods=["POST"])
    @act("write")
    def remove(self, initiative_id):
        """Take an initiative off the list."""
        _initiative(initiative_id)
        initiatives.remove(initiative_id)
        flash(_("Deleted."), "success")
        return redirect(url_for(".index"))

    def _edit(self, row):
        form = InitiativeForm()
        if request.method == "GET":
            if row is not None:
                form.fill(row)
            return self.render_template("exchange/initiative_form.html", form=form, row=row)
        if form.validate():
            try:
                initiatives.save(row.id if row else None, form.entry())
            except RefusedError as error:
                form.show(error.problems)
            else:
                flash(_("Saved.") if row else _("Added."), "success")
                return redirect(url_for(".index"))
        return self.render_template("exchange/initiative_form.html", form=form, row=row), 422


def _initiative(initiative_id):
    try:
        return initiatives.one(initiative_id)
    except NotThereError:
        abort(404)
