"""The mail to somebody with an account who may read along with another network from now on."""

from flask import current_app, render_template
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale
from flask_babel import gettext as _
from procrastinate import RetryStrategy

from app import mail, tenancy
from app.database import transaction
from app.jobs import job
from app.security.models import Network

# A mail server that is away is tried again after 4, 16, 64, 256 and 1024 seconds.
_PATIENTLY = RetryStrategy(max_attempts=5, exponential_wait=4)


@job("organisations.tell_guest", retry=_PATIENTLY)
def tell_guest(person_id: int) -> None:
    """Tell a person with an account in which network they are a guest now, and where to choose it."""
    settings = current_app.extensions["settings"]
    with transaction() as session, force_locale("nl"):
        person, network = session.get(User, person_id), session.get(Network, tenancy.current_network_id())
        if person is None or not person.active or network is None:
            return
        body = render_template(
            "organisations/guest_mail.txt", name=person.first_name, network=network.name, href=f"{settings.base_url}/"
        )
        mail.send(settings, person.email, _("You can read along with %(network)s", network=network.name), body)
