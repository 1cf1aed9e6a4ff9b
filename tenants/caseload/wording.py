"""What a caseload says: somebody's cases and points in words."""

from flask_babel import gettext as _
from flask_babel import ngettext

from tenants.caseload.service import Load, loads
from tenants.cases.assigning import AssignedMeanwhileError
from tenants.organisations.service import colleagues, names


def load_sentence(load: Load) -> str:
    """'14 dossiers, 31 punten'."""
    cases = ngettext("%(num)d case", "%(num)d cases", load.cases)
    points = ngettext("%(num)d point", "%(num)d points", load.points)
    return f"{cases}, {points}"


def people_with_load(without: int | None = None) -> list[tuple[int, str]]:
    """The colleagues to choose from, each with what they carry."""
    carried = loads()
    return [
        (user.id, f"{user.get_full_name()} ({load_sentence(carried.get(user.id, Load()))})")
        for user in colleagues()
        if user.id != without
    ]


def taken_sentences(error: AssignedMeanwhileError) -> list[str]:
    """'Vermeulen, Dirk is nu van Marie Declerck.' for each case that a colleague gave away first."""
    called = names(taken.by for taken in error.taken)
    return [
        _("%(case)s is now carried by %(name)s.", case=taken.display_name, name=called.get(taken.by, ""))
        if taken.by
        else _("%(case)s is carried by nobody any more.", case=taken.display_name)
        for taken in error.taken
    ]
