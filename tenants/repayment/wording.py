"""A repayment plan in words, for its pages and for those who read along."""

from typing import Any

from flask_babel import gettext as _

from app.ui.formats import euro, today
from tenants.repayment.codes import PlanState, Standing
from tenants.repayment.service import Shown

KINDS = {Standing.RECEIVED: "good", Standing.MISSED: "late", Standing.EXPECTED: "soon", Standing.TO_COME: None}


def in_words() -> dict[str, Any]:
    """What a template that shows a plan asks: how a line stands and its colour, the plan's state, its balance."""
    return {
        "standing_of": lambda line: line.standing(today()),
        "kinds": KINDS,
        "said": said,
        "state": lambda plan: _(PlanState(plan.state).label),
    }


def said(shown: Shown) -> str:
    """'€ 240,00 van € 1.200,00 betaald, nog € 960,00'."""
    balance = shown.balance
    return _(
        "%(paid)s of %(total)s paid, %(left)s to go",
        paid=euro(balance.received), total=euro(balance.total), left=euro(balance.left),
    )  # fmt: skip
