"""The guidance agreement (begeleidingsovereenkomst): who agrees on what, what lacks, what deserves a second look.

Two kinds: the ordinary one between the organisation and the tenant, and the one of the Fonds ter bestrijding
van de uithuiszettingen (FBU), which the landlord signs too (BVR of 3 May 2019). Amounts in euro, days are dates.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from app.dated.rules import Dated
from app.i18n import N_
from tenants.cases.codes import Code
from tenants.letters.fund import FUND_SINCE, Payment, PaymentRule, ocmw_payment
from tenants.money.rules import Instalment, ScheduleError, months_later, repayment_schedule


class AgreementKind(Code):
    GUIDANCE = "guidance", N_("Guidance agreement")
    FBU = "fbu", N_("Guidance agreement with the fund (FBU)")


class ContactEvery(Code):
    """How often the social worker and the tenant speak."""

    WEEK = "week", N_("Every week")
    TWO_WEEKS = "two_weeks", N_("Every two weeks")
    MONTH = "month", N_("Every month")


@dataclass(frozen=True)
class Address:
    street: str = ""
    postcode: str = ""
    city: str = ""

    def __bool__(self) -> bool:
        return bool(self.street and self.postcode and self.city)

    def __str__(self) -> str:
        return f"{self.street}, {self.postcode} {self.city}"


@dataclass(frozen=True)
class Organisation:
    """The OCMW or CAW that guides. `representatives` sign for it: name and function, one each.

    retention_years: how long it keeps a closed file.
    """

    name: str = ""
    is_ocmw: bool = True
    address: Address = Address()
    kbo: str = ""
    phone: str = ""
    email: str = ""
    dpo: str = ""
    representatives: tuple[str, ...] = ()
    retention_years: int = 10


@dataclass(frozen=True)
class Tenant:
    """Who rents and signs. No national register number: the agreement also goes to the landlord."""

    name: str
    born: date | None = None


@dataclass(frozen=True)
class Landlord:
    name: str = ""
    is_company: bool = False
    kbo: str = ""
    representative: str = ""
    address: str = ""


@dataclass(frozen=True)
class Lease:
    """The rented dwelling; `is_social` None when the market is not known."""

    address: Address = Address()
    since: date | None = None
    rent: Decimal | None = None
    is_social: bool | None = None


@dataclass(frozen=True)
class Terms:
    """What a draft agrees on; None or empty where nobody has filled it in yet.

    charges: euro a month beside the rent. pay_to: IBAN for the arrears. recovered: the part of `ocmw_payment`
    that the OCMW reclaims from the tenant by its own local rules.
    """

    kind: AgreementKind
    reason: str = ""
    charges: Decimal | None = None
    arrears: Decimal | None = None
    arrears_on: date | None = None
    arrears_note: str = ""
    ocmw_payment: Decimal | None = None
    recovered: Decimal = Decimal(0)
    decision_on: date | None = None
    instalment_count: int | None = None
    instalment_amount: Decimal | None = None
    first_due: date | None = None
    pay_to: str = ""
    communication: str = ""
    start: date | None = None
    months: int | None = None
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    contact_every: ContactEvery = ContactEvery.MONTH
    goals: tuple[str, ...] = ()
    extra: str = ""
    place: str = ""
    signed_on: date | None = None


@dataclass(frozen=True)
class Agreement:
    """An agreement with its parties, as they are at the moment of writing."""

    file_number: str
    organisation: Organisation
    tenants: tuple[Tenant, ...]
    landlord: Landlord
    lease: Lease
    terms: Terms
    fund_rules: tuple[Dated[PaymentRule], ...] = ()  # none: those that come with the program

    @property
    def is_fbu(self) -> bool:
        return self.terms.kind is AgreementKind.FBU

    @property
    def balance(self) -> Decimal:
        """What the tenant pays back: the arrears less what the OCMW pays under the fund."""
        paid = (self.terms.ocmw_payment or Decimal(0)) if self.is_fbu else Decimal(0)
        return (self.terms.arrears or Decimal(0)) - paid

    @property
    def is_planned(self) -> bool:
        """Whether the terms say how the balance is paid back."""
        return self.terms.instalment_count is not None or self.terms.instalment_amount is not None

    def schedule(self) -> tuple[Instalment, ...]:
        """The repayment plan; empty when nothing is owed. Raises ScheduleError when the terms make none."""
        if self.balance == 0:
            return ()
        return repayment_schedule(
            self.balance,
            self.terms.first_due or date.min,
            count=self.terms.instalment_count,
            monthly=self.terms.instalment_amount,
        )

    def last_day(self) -> date | None:
        """The last day on which the agreement holds."""
        if self.terms.start is None or self.terms.months is None:
            return None
        return months_later(self.terms.start, self.terms.months) - timedelta(days=1)

    def copies(self) -> int:
        """One for each party with an interest of its own: the organisation, every tenant, the landlord (FBU)."""
        return 1 + len(self.tenants) + self.is_fbu


def rule_day(agreement: Agreement) -> date:
    """The day whose amounts hold: the agreement's first, else the one of the arrears, else the newest known."""
    return agreement.terms.start or agreement.terms.arrears_on or date.max


# ------------------------------------------------------------------ what lacks, what deserves a second look


class Where(Code):
    """Where a missing thing is filled in."""

    AGREEMENT = "agreement", N_("in this agreement")
    CASE = "case", N_("in the case")
    ORGANISATION = "organisation", N_("in your organisation's data")


@dataclass(frozen=True)
class Missing:
    """A datum without which the agreement can't be made final; `label` is an English msgid that names it."""

    key: str
    label: str
    where: Where = Where.AGREEMENT


@dataclass(frozen=True)
class Remark:
    """Something to think about, never a refusal; an English msgid with its named values."""

    message: str
    values: dict[str, str] = field(default_factory=dict)


def missing(agreement: Agreement) -> list[Missing]:
    """All that must be filled in before the agreement can be final, in the order of the document."""
    found = [*_missing_parties(agreement), *_missing_terms(agreement.terms)]
    if agreement.is_fbu:
        found += _missing_for_fund(agreement)
    if agreement.terms.arrears or agreement.is_fbu:
        found += _missing_for_repayment(agreement)
    return found


def _missing_parties(agreement: Agreement) -> list[Missing]:
    organisation, lease = agreement.organisation, agreement.lease
    checks = [
        (organisation.name, "organisation.name", N_("the name of your organisation")),
        (organisation.address, "organisation.address", N_("the address of your organisation")),
        (organisation.kbo, "organisation.kbo", N_("the enterprise number of your organisation")),
        (organisation.representatives, "organisation.representatives", N_("who signs for your organisation")),
        (organisation.phone, "organisation.phone", N_("the phone number of your organisation")),
        (organisation.dpo, "organisation.dpo", N_("how to reach your data protection officer")),
    ]
    found = [Missing(key, label, Where.ORGANISATION) for value, key, label in checks if not value]
    if not agreement.tenants:
        found.append(Missing("tenants", N_("at least one tenant")))
    if any(tenant.born is None for tenant in agreement.tenants):
        found.append(Missing("tenants.born", N_("the date of birth of each tenant"), Where.CASE))
    if not lease.address:
        found.append(Missing("lease.address", N_("the full address of the dwelling"), Where.CASE))
    if not agreement.landlord.name:
        found.append(Missing("landlord.name", N_("the name of the landlord"), Where.CASE))
    return found


def _missing_terms(terms: Terms) -> list[Missing]:
    checks = [
        (terms.reason or terms.arrears, "reason", N_("the reason for the guidance, or the arrears")),
        (terms.start, "start", N_("the first day of the agreement")),
        (terms.months, "months", N_("the number of months")),
        (terms.contact_name, "contact_name", N_("the name of the contact person")),
        (terms.contact_phone or terms.contact_email, "contact_phone", N_("the contact person's phone or e-mail")),
        (terms.place, "place", N_("the place of signing")),
    ]
    return [Missing(key, label) for value, key, label in checks if not value]


def _missing_for_fund(agreement: Agreement) -> list[Missing]:
    landlord, lease, terms = agreement.landlord, agreement.lease, agreement.terms
    found = []
    if not landlord.address:
        found.append(Missing("landlord.address", N_("the full address of the landlord"), Where.CASE))
    if landlord.is_company and not landlord.kbo:
        found.append(Missing("landlord.kbo", N_("the enterprise number of the landlord"), Where.CASE))
    if landlord.is_company and not landlord.representative:
        found.append(Missing("landlord.representative", N_("who signs for the landlord"), Where.CASE))
    if lease.since is None:
        found.append(Missing("lease.since", N_("the first day of the lease"), Where.CASE))
    if not lease.rent:
        found.append(Missing("lease.rent", N_("the monthly rent"), Where.CASE))
    if not terms.arrears:
        found.append(Missing("arrears", N_("the amount of the arrears")))
    if not terms.ocmw_payment:
        found.append(Missing("ocmw_payment", N_("the amount that the OCMW pays")))
    return found


def _missing_for_repayment(agreement: Agreement) -> list[Missing]:
    terms = agreement.terms
    found = []
    if terms.arrears and terms.arrears_on is None:
        found.append(Missing("arrears_on", N_("the day on which the arrears were counted")))
    if agreement.balance > 0:
        if terms.first_due is None:
            found.append(Missing("first_due", N_("the day of the first instalment")))
        if not agreement.is_planned:
            found.append(Missing("instalment_count", N_("the number of instalments or the amount per month")))
    if not terms.pay_to and (agreement.is_fbu or agreement.balance > 0):
        found.append(Missing("pay_to", N_("the landlord's account number")))
    return found


def contradictions(agreement: Agreement) -> list[str]:
    """What can't be true together, as English msgids; the agreement can't be final while there are any."""
    terms = agreement.terms
    found = []
    if agreement.balance < 0:
        found.append(N_("The OCMW can't pay more than the arrears."))
    if terms.recovered < 0 or terms.recovered > (terms.ocmw_payment or Decimal(0)):
        found.append(N_("The part that is reclaimed can't be more than what the OCMW pays."))
    if agreement.is_fbu and not agreement.organisation.is_ocmw:
        found.append(N_("Only an OCMW can make an agreement under the fund."))
    if agreement.is_fbu and rule_day(agreement) < FUND_SINCE:
        found.append(N_("On that day the fund didn't exist yet."))
    if agreement.is_planned and agreement.balance > 0:
        try:
            agreement.schedule()
        except ScheduleError as error:
            found += error.problems
    return found


def remarks(agreement: Agreement) -> list[Remark]:
    """What a colleague would say about this draft. The committee decides."""
    terms, rent, found = agreement.terms, agreement.lease.rent, []
    if agreement.is_fbu and terms.arrears and rent:
        if not 2 * rent <= terms.arrears <= 6 * rent:
            found.append(Remark(N_("The fund asks arrears of at least two and at most six times the monthly rent.")))
        if rule_day(agreement) >= FUND_SINCE:
            payment = ocmw_payment(terms.arrears, rule_day(agreement), agreement.fund_rules)
            found += _remarks_on_payment(terms, payment)
    if agreement.is_fbu and agreement.lease.is_social:
        found.append(
            Remark(N_("The fund is meant for private rental and social rental agencies; look at your local rules."))
        )
    if agreement.is_fbu and (terms.months or 0) > 12:
        found.append(Remark(N_("Under the fund an agreement counts for at most twelve months.")))
    if terms.first_due and terms.start and terms.first_due < terms.start and agreement.balance > 0:
        found.append(Remark(N_("The first instalment falls before the first day of the agreement.")))
    end = agreement.last_day()
    if end and not missing(agreement) and not contradictions(agreement):
        rows = agreement.schedule()
        if rows and rows[-1].due > end:
            found.append(Remark(N_("The repayment plan runs on after the last day of the agreement.")))
    return found


def _remarks_on_payment(terms: Terms, payment: Payment) -> list[Remark]:
    rule, found = payment.rule, []
    if terms.ocmw_payment is not None and terms.ocmw_payment != payment.amount:
        found.append(
            Remark(
                N_("By the rules of that day the OCMW pays %(amount)s (at most %(maximum)s)."),
                {"amount": f"{payment.amount:.2f}", "maximum": f"{rule.value.maximum:.2f}"},
            )
        )
    if rule.value.confidence == "C":
        found.append(
            Remark(
                N_("The maximum of %(maximum)s isn't confirmed for this year (%(source)s): check it first."),
                {"maximum": f"{rule.value.maximum:.2f}", "source": rule.source},
            )
        )
    return found


def follow_up_days(start: date, months: int) -> tuple[date, ...]:
    """When the parties look back together: after one month, then every quarter, and on the last day.

    The first month is when a plan fails or holds; after it a quarter is short enough to mend what slips.
    """
    between = [months_later(start, after) for after in (1, *range(3, months, 3)) if after < months]
    return (*between, months_later(start, months) - timedelta(days=1))
