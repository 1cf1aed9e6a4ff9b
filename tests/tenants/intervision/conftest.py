"""What the tests of anonymous cases share: one organisation with two workers' roles, a closed case, a clean text."""

from datetime import date
from decimal import Decimal

import pytest

from app.database import db, transaction
from app.security.roles import Role
from playbook.handbook import service as handbook
from tenants.cases import service as cases
from tenants.cases.codes import EvictionOutcome, HousingOutcome, Market
from tenants.cases.intake import NewCase, NewDwelling, NewLandlord, NewPerson
from tenants.cases.opening import open_case
from tenants.petitions.service import NewPetition, add_petitions, recompute

CLEAN = {
    "title": "De deur bleef dicht tot een buur hielp",
    "household": "Een alleenstaande ouder met twee kleine kinderen.",
    "arrival": "Een verzoekschrift, laat in de procedure.",
    "tried": "Drie huisbezoeken en een kaartje in de bus.",
    "helped": "De buur sprak de ouder aan op school.",
    "question": "Hoe hadden we vroeger kunnen beginnen?",
}


@pytest.fixture(scope="module")
def kept():
    """One organisation for all tests of a module."""
    return {}


@pytest.fixture
def ocmw(kept, organisation, app):
    """An organisation with a worker, a team lead and the network's editor and coordinator; a playbook of one page."""
    if "ocmw" not in kept:
        made = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD, Role.PLAYBOOK_EDITOR, Role.REGIONAL_COORDINATOR)
        with app.app_context(), made.acting(Role.PLAYBOOK_EDITOR):
            chapter = handbook.create_chapter("Aan de deur")
            page = handbook.create_page(handbook.Draft("Mensen vinden", "Bel eerst.\n\nGa dan langs.", chapter.id))
            made.slug = page.slug
            db.session.remove()
        kept["ocmw"] = made
    return kept["ocmw"]


@pytest.fixture
def closed_case(app):
    """Make a closed case of a household with everything that could tell who it is."""

    def make(organisation, *, close=True):
        user = organisation.users[Role.SOCIAL_WORKER].id
        with app.app_context(), organisation.acting(Role.SOCIAL_WORKER):
            with transaction():
                case_id = open_case(
                    NewCase(
                        persons=(NewPerson("Vermeulen", "Dirk", insz="85073003328", phone="059 12 34 56"),),
                        opened_on=date(2026, 3, 2),
                        dwelling=NewDwelling("Torhoutsesteenweg", "41", "", "8400", "Oostende", Decimal("612.50")),
                        landlord=NewLandlord("Immo Zeezicht"),
                        market=Market.PRIVATE,
                        assigned_to=user,
                    )
                )
                add_petitions(
                    [
                        NewPetition(
                            case_id,
                            court="Oostende 1",
                            received_on=date(2026, 3, 12),
                            arrears=Decimal("2340.55"),
                            claimant="Feys Luc",
                        )
                    ]
                )
                recompute([case_id])
            if close:
                done = cases.Closing(
                    date(2026, 10, 1), HousingOutcome.STAYED, EvictionOutcome.AVOIDED, left_open="Proefdossier"
                )
                cases.close(case_id, done, None)
            db.session.remove()
        return case_id

    return make
