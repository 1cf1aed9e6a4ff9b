"""How the shelter's pages name a night."""

from datetime import date, timedelta

from flask_babel import gettext as _

from app.ui.formats import datum_lang


def night_words(night: date) -> str:
    """'van dinsdag 24 november 2026 op woensdag 25 november 2026'."""
    return _(
        "from %(evening)s to %(morning)s",
        evening=datum_lang(night).removesuffix(f" {night.year}"),
        morning=datum_lang(night + timedelta(days=1)),
    )
