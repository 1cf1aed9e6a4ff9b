"""The form of a contact person."""

import uuid
from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import Length, Optional

from app.security.models import Tenant
from app.ui.fields import DayField
from playbook.exchange.models import Contact
from playbook.exchange.rules import LABELS, ContactKind
from playbook.exchange.service import Entry

_SHORT = Length(max=120, message=_l("Use at most 120 characters."))


class ContactForm(FlaskForm):
    """A contact person: professional data only."""

    organisation = SelectField(_l("Organisation"))
    kind = SelectField(_l("Role in the network"))
    name = StringField(_l("First and last name"), [_SHORT])
    job = StringField(_l("Function"), [Optional(), _SHORT])
    phone = StringField(_l("Phone at work"), [Optional(), Length(max=40, message=_l("Use at most 40 characters."))])
    email = StringField(_l("E-mail at work"), [Optional(), _SHORT])
    absent_from = DayField(_l("Absent from"), [Optional()])
    absent_to = DayField(_l("Up to and including"), [Optional()])
    replacement = SelectField(_l("Who answers in the meantime"))

    def offer(self, organisations: Iterable[Tenant], contacts: Iterable[Contact], own: Contact | None = None) -> None:
        """Offer these organisations, and every contact save `own` as a replacement."""
        names = {each.id: each.name for each in organisations}
        self.organisation.choices = [(str(key), name) for key, name in names.items()]
        self.kind.choices = [(kind.value, _(label)) for kind, label in LABELS.items()]
        others = [each for each in contacts if own is None or each.id != own.id]
        self.replacement.choices = [("", _("Nobody")), *((str(each.id), each.name) for each in others)]

    def fill(self, contact: Contact) -> None:
        """Show `contact` as it is."""
        for name in ("kind", "name", "job", "phone", "email", "absent_from", "absent_to"):
            self[name].data = getattr(contact, name)
        self.organisation.data = str(contact.organisation_id)
        self.replacement.data = str(contact.replacement_id or "")

    def entry(self) -> Entry:
        """The valid form as what the service takes."""
        return Entry(
            organisation_id=uuid.UUID(self.organisation.data),
            kind=ContactKind(self.kind.data),
            name=(self.name.data or "").strip(),
            job=(self.job.data or "").strip(),
            phone=(self.phone.data or "").strip(),
            email=(self.email.data or "").strip(),
            absent_from=self.absent_from.data,
            absent_to=self.absent_to.data,
            replacement_id=uuid.UUID(self.replacement.data) if self.replacement.data else None,
        )

    def show(self, problems: Iterable[tuple[str, str]]) -> None:
        """Put every problem at its field."""
        for field, message in problems:
            self[field].errors = [*self[field].errors, _(message)]
