"""The demo's data-sharing agreements: in each network that has a CAW, between its OCMWs and that CAW; and a draft."""

from datetime import timedelta

from app import tenancy
from app.demo import DemoRegion, acting_alone
from playbook.agreements import service
from playbook.agreements.rules import CHOSEN, Part
from playbook.agreements.service import Draft
from playbook.exchange.service import organisations

TEXT = """## Waarom

Een gezin dat zijn woning dreigt te verliezen, wordt soms door twee diensten begeleid. Dan moet ieder van de ander
weten wat er al geprobeerd en beloofd is, zodat het gezin zijn verhaal maar één keer hoeft te doen.

## Wat we afspreken

- Het dossier blijft van het OCMW. Het OCMW deelt het per gezin, nooit allemaal tegelijk.
- Het gezin weet het en gaat akkoord **voor** er iets gedeeld wordt.
- Eén persoon is het aanspreekpunt voor het gezin: wie het dossier bij het OCMW draagt.
- Elke dienst noteert zelf wat hij doet. Beide teams lezen het.
- Is de begeleiding afgelopen, dan stopt het delen dezelfde dag.

## Wie wat zag

Elke keer dat iemand een gedeeld dossier opent, wordt dat bijgehouden bij het OCMW.
"""


def load(demo: DemoRegion) -> None:
    """An agreement in force per network with a CAW; in W13 a wider one is being drawn up."""
    for slug, network in demo.networks.items():
        with acting_alone(tenancy.Context(network_id=network.id, user_id=_coordinator(demo, slug))):
            known = organisations()
            partners = [each for each in known if each.kind == "caw"]
            if not partners or service.agreements():
                continue
            title = f"Samen begeleiden: OCMW's en {partners[0].name}"
            everybody = tuple(each.id for each in known)
            parts = CHOSEN if slug == "w13" else (Part.HOUSEHOLD, Part.DWELLING)
            service.put_in_force(
                service.draw_up(Draft(title, everybody, parts, demo.today - timedelta(days=300), body=TEXT)), 1
            )
            if slug == "w13":
                later = demo.today + timedelta(days=40)
                text = "## In bespreking\n\nZelfde afspraken, met een jaarlijkse evaluatie door beide directies."
                service.draw_up(Draft(f"{title} (herziening)", everybody, CHOSEN, later, body=text))


def _coordinator(demo: DemoRegion, network: str) -> int | None:
    user = demo.users.get(f"coordinator.{network}")
    return user.id if user else None
