"""Pages from other networks: reading them, making them one's own, and following what changes there."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count its silence.

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _

from app import tenancy
from app.security.guard import act
from app.ui.views import PortalView
from playbook.handbook import adopting, service
from playbook.handbook.adopting import AdoptionError
from playbook.handbook.service import HandbookError, NotThereError
from playbook.handbook.showing import differing, page_of_request, shown_foreign


class AdoptView(PortalView):
    """What other networks published to all."""

    route_base = "/draaiboek"
    class_permission_name = "playbook"

    @expose("/van/<network>/<slug>/", methods=["GET"])
    @act("read")
    def show_of_network(self, network, slug):
        """A page that another network published to all."""
        return self._foreign(*_foreign_of_request(network, slug))

    @expose("/van/<network>/<slug>/overnemen", methods=["POST"])
    @act("write")
    def adopt(self, network, slug):
        """Make it a page of one's own, in the chapter that was chosen."""
        home, source = _foreign_of_request(network, slug)
        try:
            chapter = service.chapter_by_slug(request.form.get("chapter", ""))
        except NotThereError:
            return self._foreign(home, source, _("Choose a chapter of your playbook.")), 422
        try:
            page = adopting.adopt(network, slug, chapter.id)
        except NotThereError:
            abort(404)
        except HandbookError as error:
            return self._foreign(home, source, " ".join(_(p.message, **p.params) for p in error.problems)), 422
        flash(
            _("The page is in your playbook. Make it fit your network: where it comes from stays beside it."), "success"
        )
        return redirect(url_for("HandbookView.show_page", slug=page.slug))

    def _foreign(self, network, page, wrong=None):
        return self.render_template(
            "handbook/foreign.html",
            page=page,
            network=network,
            shown=shown_foreign(page, network),
            own=adopting.own_page_of(page),
            chapters=[part.chapter for part in service.contents()],
            wrong=wrong,
        )

    @expose("/<slug>/overgenomen/", methods=["GET"])
    @act("read")
    def difference(self, slug):
        """How an adopted page differs from theirs, and what they changed since."""
        return self._difference(page_of_request(slug))

    def _difference(self, page, wrong=None):
        adopted = adopting.of(page)
        if adopted is None:
            abort(404)
        source = adopted.source  # none when they show it no more
        return self.render_template(
            "handbook/adopted.html",
            page=page,
            adopted=adopted,
            theirs_since=differing(adopted.adoption.body, source.body) if adopted.has_news else [],
            between=differing(source.body, page.body) if source else [],
            wrong=wrong,
        )

    @expose("/<slug>/overgenomen/binnenhalen", methods=["POST"])
    @act("write")
    def bring_in(self, slug):
        """Put their changes into the own text."""
        return self._after(
            slug, lambda version: adopting.bring_in(slug, version), _("Their changes are in your page. Yours stayed.")
        )

    @expose("/<slug>/overgenomen/gezien", methods=["POST"])
    @act("write")
    def mark_seen(self, slug):
        """Leave the own text as it is."""
        return self._after(slug, lambda version: adopting.mark_seen(slug, version), _("Marked as seen."))

    def _after(self, slug, do, told):
        page = page_of_request(slug)
        given = request.form.get("version", "")
        try:
            do(int(given) if given.isdecimal() else 0)
        except NotThereError:
            abort(404)
        except (AdoptionError, HandbookError) as error:
            reasons = [(p.message, p.params) for p in getattr(error, "problems", ())] or [(str(error), {})]
            return self._difference(page, " ".join(_(message, **params) for message, params in reasons)), 409
        flash(told, "success")
        return redirect(url_for("HandbookView.show_page", slug=slug))


def _foreign_of_request(network, slug):
    """Another network's page, or 404; one's own has its own address."""
    try:
        home, page = service.page_of_network(network, slug)
    except NotThereError:
        abort(404)
    if page.network_id == tenancy.current().network_id:
        abort(404)
    return home, page
