"""The coded values of facts in words (msgids), in the order in which a page shows them.

The codes are those that organisations publish; None stands for what is not known (yet).
"""

from app.i18n import N_

JUDGMENTS: dict[str | None, str] = {
    "agreement": N_("Agreement recorded"),
    "conditional": N_("Conditional dissolution"),
    "default": N_("Dissolution by default"),
    "contested": N_("Dissolution, contested"),
    "rejected": N_("Claim rejected"),
    "withdrawn": N_("Withdrawn or struck off"),
    "postponed": N_("Postponed"),
    None: N_("No judgment yet, or not known"),
}
REACHED: dict[bool | None, str] = {
    True: N_("Reached before the hearing"),
    False: N_("Not reached before the hearing"),
    None: N_("No hearing known"),
}
PRESENT: dict[bool | None, str] = {
    True: N_("Tenant or lawyer present at the hearing"),
    False: N_("Neither tenant nor lawyer present"),
    None: N_("No hearing held yet, or not recorded"),
}
