"""A report to vary: `TOLD.but(postcode="8930", municipality="Menen")`."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from tenants.cases.codes import Reason
from tenants.intake.codes import ReporterKind
from tenants.intake.rules import Told


@dataclass(frozen=True)
class Sample(Told):
    def but(self, **changes: Any) -> Told:
        return Told(**vars(replace(self, **changes)))


TOLD = Sample(
    kind=ReporterKind.LANDLORD,
    reporter_first="An",
    reporter_last="Feys",
    reporter_email="an.feys@voorbeeld.test",
    first_name="Dirk",
    last_name="Vermeulen",
    street="Budastraat",
    house_number="12",
    postcode="8500",
    municipality="Kortrijk",
    reasons=(Reason.RENT_ARREARS,),
    arrears=Decimal("2340.00"),
    explanation="Sinds juni geen huur meer.",
    may_tell=False,
)
