"""The code lists of an anonymous case: how far it is, and what the detector finds in its text."""

from app.i18n import N_
from tenants.cases.codes import Code


class State(Code):
    """Whose turn it is with an anonymous case."""

    DRAFT = "draft", N_("Being written")
    WAITING = "waiting", N_("Waits for a colleague to read it")
    SENT_BACK = "sent_back", N_("Sent back with a remark")
    RELEASED = "released", N_("Released to the network")
    WITHDRAWN = "withdrawn", N_("Withdrawn")


WRITABLE = frozenset({State.DRAFT, State.SENT_BACK, State.WITHDRAWN})


class Kind(Code):
    """What a passage tells; the label is the reason that its writer reads."""

    OWN_NAME = "own_name", N_("a name from this file")
    OWN_PARTY = "own_party", N_("the landlord or another party of this file")
    OWN_WORKER = "own_worker", N_("a colleague or your organisation")
    OWN_ADDRESS = "own_address", N_("the address of this file")
    OWN_NUMBER = "own_number", N_("a number from this file")
    OWN_DATE = "own_date", N_("a day from this file")
    OWN_AMOUNT = "own_amount", N_("an amount from this file")
    INSZ = "insz", N_("a national register number")
    PHONE = "phone", N_("a phone number")
    EMAIL = "email", N_("an e-mail address")
    IBAN = "iban", N_("an account number")
    RESEMBLES = "resembles", N_("resembles a word from this file")
    TITLE = "title", N_("a name after a form of address?")
    CAPITAL = "capital", N_("a capital in the middle of a sentence: a name?")
    STREET = "street", N_("a street or an address?")
    PLACE = "place", N_("a place?")
    DATE = "date", N_("an exact day?")
    AGE = "age", N_("an age or a year of birth?")
    AMOUNT = "amount", N_("an exact amount?")
    NUMBER = "number", N_("a number that belongs to one person or file?")
    WEB = "web", N_("a web address?")


# What can't be innocent: the file's own words, and numbers and addresses that lead to one person.
HARD = frozenset(
    {
        Kind.OWN_NAME, Kind.OWN_PARTY, Kind.OWN_WORKER, Kind.OWN_ADDRESS, Kind.OWN_NUMBER, Kind.OWN_DATE,
        Kind.OWN_AMOUNT, Kind.INSZ, Kind.PHONE, Kind.EMAIL, Kind.IBAN,
    }
)  # fmt: skip

# What may stand there instead (msgids): the reader's language is the one they write in.
INSTEAD = {
    Kind.OWN_NAME: N_("[the tenant]"),
    Kind.OWN_PARTY: N_("[the landlord]"),
    Kind.OWN_WORKER: N_("[the social worker]"),
    Kind.OWN_ADDRESS: N_("[the address]"),
    Kind.OWN_NUMBER: N_("[a number]"),
    Kind.OWN_DATE: N_("[a day]"),
    Kind.OWN_AMOUNT: N_("[an amount]"),
    Kind.INSZ: N_("[a number]"),
    Kind.PHONE: N_("[a phone number]"),
    Kind.EMAIL: N_("[an e-mail address]"),
    Kind.IBAN: N_("[an account number]"),
    Kind.RESEMBLES: N_("[something from the file]"),
    Kind.TITLE: N_("[somebody]"),
    Kind.CAPITAL: N_("[a name]"),
    Kind.STREET: N_("[an address]"),
    Kind.PLACE: N_("[a municipality]"),
    Kind.DATE: N_("[a day]"),
    Kind.AGE: N_("[an age]"),
    Kind.AMOUNT: N_("[an amount]"),
    Kind.NUMBER: N_("[a number]"),
    Kind.WEB: N_("[a website]"),
}
THE_TENANT, THE_PARTNER = INSTEAD[Kind.OWN_NAME], N_("[the partner]")
A_CHILD, A_MEMBER = N_("[a child]"), N_("[a member of the household]")
A_MUNICIPALITY, THE_ORGANISATION = INSTEAD[Kind.PLACE], N_("[our organisation]")
SEASONS = {
    12: N_("in the winter"), 1: N_("in the winter"), 2: N_("in the winter"),
    3: N_("in the spring"), 4: N_("in the spring"), 5: N_("in the spring"),
    6: N_("in the summer"), 7: N_("in the summer"), 8: N_("in the summer"),
    9: N_("in the autumn"), 10: N_("in the autumn"), 11: N_("in the autumn"),
}  # fmt: skip


class Section(Code):
    """The parts of the guided form, in order; the label is the heading under which the network reads it."""

    TITLE = "title", N_("In one sentence")
    HOUSEHOLD = "household", N_("The household, in general words")
    ARRIVAL = "arrival", N_("How it came to the OCMW")
    TRIED = "tried", N_("What was tried")
    HELPED = "helped", N_("What helped and what stood in the way")
    QUESTION = "question", N_("The question to colleagues")


# Without these there is nothing to discuss.
NEEDED = (Section.TITLE, Section.HOUSEHOLD, Section.TRIED, Section.QUESTION)
