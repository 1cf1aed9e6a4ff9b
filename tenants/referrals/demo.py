"""Referrals and a waiting list for the demo: invented questions about cases that are there, and one overrule."""

from datetime import timedelta

from sqlalchemy import select

from app.database import db
from app.demo import DemoRegion
from tenants.cases.codes import CaseState, Market
from tenants.cases.intake import NewCase, NewDwelling, NewPerson
from tenants.cases.models import Case
from tenants.guidance.codes import ProcedureKind
from tenants.referrals import waiting
from tenants.referrals.codes import Referrer
from tenants.referrals.models import Referral
from tenants.referrals.service import NewReferral, refer

# Where, by whom, and in which municipality the newcomers live.
PLACES = {
    "oostende": ("medewerker.oostende", "8400", "Oostende", "Alfons Pieterslaan"),
    "kortrijk": ("medewerker.kortrijk", "8500", "Kortrijk", "Zwevegemsestraat"),
    "brugge": ("medewerker.brugge", "8000", "Brugge", "Scheepsdalelaan"),
}
# About cases that are there: who refers, how many days ago, for what, who asks and what.
QUESTIONS = (
    (Referrer.BUDGET_AND_DEBT, 34, ProcedureKind.FBU, "Els Huyghe", "Drie maanden achterstal, budgetplan is positief."),
    (Referrer.FIRST_RECEPTION, 61, ProcedureKind.HOUSING_GUIDANCE, "balie", "Vraagt hulp met post en rekeningen."),
    (Referrer.HOUSING_DESK, 18, ProcedureKind.CRISIS_MEDIATION, "woonloket", "Kreeg een oproep van de vrederechter."),
    (Referrer.CAW, 47, ProcedureKind.HOUSING_GUIDANCE, "Tine Maes", "Onze woonbegeleiding loopt af, opvolging nodig."),
    (Referrer.LANDLORD, 9, ProcedureKind.FBU, "Immo Noordzee", "Wil meewerken aan een plan als er begeleiding komt."),
)  # fmt: skip
# Households that the referral itself brings in.
NEWCOMERS = (
    ("Verstraete", "Nele", "14", Referrer.HOSPITAL, 5, "Kan na opname niet terug zonder afspraken met de verhuurder."),
    ("Benali", "Karim", "230", Referrer.CAW, 3, "Laatste kans van de woonmaatschappij na klachten over lawaai."),
)

LAST_CHANCE = "De woonmaatschappij wacht nog tot het einde van de maand. Daarna gaat ze naar de vrederechter."


def load(demo: DemoRegion) -> None:
    """Fill the waiting list of three OCMWs that have no referral yet."""
    for slug, (worker, postcode, town, street) in PLACES.items():
        if slug not in demo.tenants:
            continue
        with demo.acting(worker):
            if db.session.scalar(select(Referral.id).limit(1)) is None:
                _load(demo, worker, NewDwelling(street, "", "", postcode, town))


def _load(demo: DemoRegion, worker: str, home: NewDwelling) -> None:
    me = demo.users[worker].id
    query = select(Case.id).where(Case.state == CaseState.OPEN).order_by(Case.number).limit(len(QUESTIONS))
    for case_id, (referrer, ago, guidance, who, question) in zip(
        db.session.scalars(query).all(), QUESTIONS, strict=False
    ):
        day = demo.today - timedelta(days=ago)
        refer(NewReferral(referrer, day, question, who, informed=True, guidance=guidance), case_id)
    for last, first, number, referrer, ago, question in NEWCOMERS:
        day = demo.today - timedelta(days=ago)
        case = NewCase(
            persons=(NewPerson(last, first),),
            opened_on=day,
            source=referrer.source,
            market=Market.SOCIAL if referrer is Referrer.CAW else Market.PRIVATE,
            dwelling=NewDwelling(home.street, number, "", home.postcode, home.municipality),
        )
        kind = ProcedureKind.SOCIAL_PREVENTION if referrer is Referrer.CAW else ProcedureKind.HOUSING_GUIDANCE
        refer(NewReferral(referrer, day, question, informed=True, guidance=kind), case)
    listed = waiting.waiting_list()
    if len(listed) > 3:
        waiting.take(listed[-1].id, me, LAST_CHANCE)
