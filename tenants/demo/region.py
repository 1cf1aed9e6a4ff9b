"""The demo's region: organisations by their real names, people who do not exist.

NIS codes: Statbel's list of municipalities. W13's members: w13.be.
"""

from dataclasses import dataclass

from app.security.roles import Role


@dataclass(frozen=True)
class Organisation:
    """A tenant to make. prefix: of its file numbers, unique within the region so that nobody mixes them up."""

    slug: str
    name: str
    network: str
    prefix: str
    nis: str | None = None
    kind: str = "ocmw"


@dataclass(frozen=True)
class DemoPerson:
    """A person to make. `homes`: (organisation's or network's slug, role), the first being where they start."""

    username: str
    first_name: str
    last_name: str
    homes: tuple[tuple[str, Role], ...]

    @property
    def first_home(self) -> str:
        return self.homes[0][0]


NETWORKS = {
    "w13": "W13 Zuid-West-Vlaanderen",
    "oostende": "Netwerk Oostende",
    "brugge": "Netwerk Brugge",
}

ORGANISATIONS = (
    Organisation("anzegem", "OCMW Anzegem", "w13", "ANZ", "34002"),
    Organisation("avelgem", "OCMW Avelgem", "w13", "AVE", "34003"),
    Organisation("deerlijk", "OCMW Deerlijk", "w13", "DEE", "34009"),
    Organisation("harelbeke", "OCMW Harelbeke", "w13", "HAR", "34013"),
    Organisation("kortrijk", "OCMW Kortrijk", "w13", "KOR", "34022"),
    Organisation("kuurne", "OCMW Kuurne", "w13", "KUU", "34023"),
    Organisation("lendelede", "OCMW Lendelede", "w13", "LEN", "34025"),
    Organisation("menen", "OCMW Menen", "w13", "MEN", "34027"),
    Organisation("spiere-helkijn", "OCMW Spiere-Helkijn", "w13", "SPI", "34043"),
    Organisation("waregem", "OCMW Waregem", "w13", "WAR", "34040"),
    Organisation("wervik", "OCMW Wervik", "w13", "WVK", "33029"),
    Organisation("wevelgem", "OCMW Wevelgem", "w13", "WEV", "34041"),
    Organisation("wielsbeke", "OCMW Wielsbeke", "w13", "WIE", "37017"),
    Organisation("zwevegem", "OCMW Zwevegem", "w13", "ZWE", "34042"),
    Organisation("caw-zwvl", "CAW Zuid-West-Vlaanderen", "w13", "CZW", kind="caw"),
    Organisation("oostende", "OCMW Oostende", "oostende", "OOS", "35013"),
    Organisation("bredene", "OCMW Bredene", "oostende", "BRE", "35002"),
    Organisation("caw-nwvl", "CAW Noord-West-Vlaanderen", "oostende", "CNW", kind="caw"),
    Organisation("brugge", "OCMW Brugge", "brugge", "BRU", "31005"),
)

WORKER, LEAD = Role.SOCIAL_WORKER, Role.TEAM_LEAD
PEOPLE = (
    DemoPerson("medewerker.oostende", "Marie", "Declerck", (("oostende", WORKER),)),
    DemoPerson("collega.oostende", "Youssef", "Amrani", (("oostende", WORKER),)),
    DemoPerson("hoofd.oostende", "Katrien", "Vanhoutte", (("oostende", LEAD),)),
    DemoPerson("beheer.oostende", "Bart", "Lievens", (("oostende", Role.TENANT_ADMIN),)),
    DemoPerson("medewerker.bredene", "Sofie", "Maes", (("bredene", WORKER),)),
    DemoPerson("medewerker.kortrijk", "Jonas", "Verhaeghe", (("kortrijk", WORKER),)),
    DemoPerson("hoofd.kortrijk", "Ilse", "Desmet", (("kortrijk", LEAD),)),
    DemoPerson("dpo.kortrijk", "Griet", "Callens", (("kortrijk", Role.DPO),)),
    DemoPerson("medewerker.menen", "Nadia", "El Khatib", (("menen", WORKER),)),
    DemoPerson("medewerker.caw", "Pieter", "Vandewalle", (("caw-zwvl", WORKER),)),
    DemoPerson("medewerker.caw-nwvl", "Leen", "Verstraete", (("caw-nwvl", WORKER),)),
    DemoPerson("medewerker.brugge", "Lotte", "Claeys", (("brugge", WORKER),)),
    DemoPerson("redacteur.w13", "Hanne", "Bossuyt", (("w13", Role.PLAYBOOK_EDITOR),)),
    DemoPerson("coordinator.w13", "Dries", "Lambrecht", (("w13", Role.REGIONAL_COORDINATOR),)),
    DemoPerson("gast.w13", "Godelieve", "Vermandere", (("w13", Role.GUEST),)),
    DemoPerson("platform", "Petra", "Goossens", (("", Role.PLATFORM_ADMIN),)),
)
