"""Contact persons of the demo's organisations: people who do not exist, with numbers that ring nowhere."""

from datetime import timedelta

from app import tenancy
from app.demo import DemoRegion, acting_alone
from playbook.exchange import service
from playbook.exchange.rules import ContactKind
from playbook.exchange.service import Entry

FIRST = ("An", "Bert", "Carine", "Dieter", "Eva", "Filip", "Greet", "Hans", "Inge", "Jan", "Karen", "Luc", "Mieke")
LAST = ("Coussement", "Deprez", "Feys", "Ghekiere", "Hoste", "Labeeuw", "Mestdagh", "Nollet", "Pattyn", "Seynaeve")
JOBS = ("Hoofdmaatschappelijk werker", "Maatschappelijk werker wonen", "Woonbegeleider")
WITHOUT = frozenset({"lendelede"})  # one that still has to name somebody


def load(demo: DemoRegion) -> None:
    """One central contact in nearly every organisation; the first of each network is away, the second answers."""
    for network in demo.networks.values():
        with acting_alone(tenancy.Context(network_id=network.id)):
            if service.contacts():
                continue
            made = []
            for number, organisation in enumerate(service.organisations()):
                if organisation.slug in WITHOUT:
                    continue
                first, last = demo.random.choice(FIRST), demo.random.choice(LAST)
                entry = Entry(
                    organisation.id,
                    ContactKind.CENTRAL,
                    f"{first} {last}",
                    JOBS[number % len(JOBS)],
                    f"0000 00 00 {number:02d}",
                    f"{first}.{last}@{organisation.slug}.example".lower(),
                )
                made.append((service.add(entry).id, entry))
            if len(made) > 1:
                (away, entry), (other, _entry) = made[:2]
                days = {"absent_from": demo.today - timedelta(days=2), "absent_to": demo.today + timedelta(days=8)}
                service.change(away, Entry(**{**vars(entry), **days, "replacement_id": other}))
