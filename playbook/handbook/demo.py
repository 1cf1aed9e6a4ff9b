"""The playbook with which a network starts: the pages of the folder `start`, one folder per chapter."""

from pathlib import Path

from sqlalchemy import update

from app import tenancy
from app.database import transaction
from app.demo import DemoRegion, acting_alone
from app.documents.engine import render_pdf
from app.identifiers import uuid7
from app.security.models import Network, NetworkMembership, utc_now
from app.security.roles import Role
from playbook.handbook import drafts, files, proposals, remarks, service
from playbook.handbook.markdown import render
from playbook.handbook.models import Chapter, Page
from playbook.handbook.pictures import ADDRESS
from playbook.handbook.review import Verdict
from playbook.handbook.service import Draft

START = Path(__file__).parent / "start"
EDITORS = {"w13": "redacteur.w13"}
# What an editor added after a first season, so that the history has something to show.
ADDED = """

## Vragen die vaak terugkomen

- *Moet de huurder iets zeggen?* Nee, maar het helpt. Oefen samen de eerste zin.
- *Kan de zitting verplaatst worden?* Vraag het zo vroeg mogelijk en schriftelijk, met de reden.
"""
PROPOSED = """

## Wie belt de huurder?

::: afspraak
Wie het eerste gesprek had, blijft het gezicht. De andere organisatie belt alleen na overleg.
:::
"""
# What a member misses: it waits for an editor.
NEW_PAGE = (
    "Een tolk erbij halen",
    """Wie de brief van het gerecht niet begrijpt, komt ook niet naar de zitting.

- Vraag bij het eerste gesprek al in welke taal iemand zich goed kan uitdrukken.
- Bel een telefoontolk voor een kort gesprek, en vraag een tolk aan huis als je de brieven samen leest.
- Laat geen kind of buur vertalen: die zegt niet alles, en weet daarna te veel.
""",
)
# A sheet to give to a household, attached to a page: the search finds what stands in it too.
LEAFLET_OF, LEAFLET_TITLE = "de-dag-van-de-zitting", "Blaadje voor de huurder: morgen is de zitting"
LEAFLET = f"""<!doctype html><html lang="nl-BE"><head><title>{LEAFLET_TITLE}</title>
<link rel="stylesheet" href="packaged:styles/paper-1.css"></head><body>
<h1>Morgen is de zitting</h1>
<p>Kom een halfuur vroeger. Wij staan aan de ingang van het vredegerecht en gaan mee naar binnen.</p>
<h2>Neem dit mee</h2>
<ul><li>je identiteitskaart</li><li>de brief van het gerecht</li><li>het huurcontract, als je het nog hebt</li>
<li>rekeninguittreksels van de laatste drie maanden</li><li>een leesbril, als je er een nodig hebt</li></ul>
<h2>Lukt het niet om te komen?</h2>
<p>Bel ons vandaag nog, ook 's avonds. Kinderopvang, geen bus, ziek: we zoeken samen een oplossing.</p>
</body></html>"""
PUBLISHED = "zorgvuldig-noteren"
# What a justice of the peace or a housing company may read along.
FOR_GUESTS = (
    "elke-vermeden-uithuiszetting-telt", "vier-momenten-waarop-je-mensen-zoekt", "de-zitting-voorbereiden",
    "de-dag-van-de-zitting", "sociale-huur-de-laatste-kans", "een-private-verhuurder-meldt",
)  # fmt: skip
# What Oostende shows to all networks, and W13 may take over.
ELSEWHERE = (
    "De eerste week na de nachtopvang",
    """Wie na een uithuiszetting in de nachtopvang slaapt, heeft de week erna vooral één vast gezicht nodig.

## Dag één

- Spreek af wie de contactpersoon is, en geef die naam en dat nummer op papier mee.
- Vraag waar de spullen staan en tot wanneer.
- Kijk na of er een referentieadres nodig is, zodat post en uitkering blijven komen.

## Binnen de week

1. Zit samen met het CAW: wie zoekt mee naar een woning, wie volgt het inkomen op?
2. Schrijf in bij de woonmaatschappij, of kijk na of de inschrijving nog klopt.
3. Spreek het volgende gesprek af voor deze week eindigt.

::: tip
Vraag toestemming voor je iets deelt, en zeg met wie. Wie net alles kwijt is, wil weten wie wat weet.
:::
""",
)


def load(demo: DemoRegion) -> None:
    """Give every network its playbook; one that has a chapter is left as it is."""
    for slug, network in demo.networks.items():
        editor = demo.users.get(EDITORS.get(slug, ""))
        with acting_alone(tenancy.Context(None, editor.id if editor else None, network.id)):
            fill(network)
        if slug in EDITORS and {"redacteur.w13", "medewerker.menen", "medewerker.caw"} <= set(demo.users):
            _colleagues_join_in(demo, network)
            _introduce_guests(network)


def fill(network: Network) -> None:
    """Write the start pages in `network`, in which somebody acts; nothing when there is a chapter already."""
    if service.contents():
        return
    for folder in sorted(path for path in START.iterdir() if path.is_dir()):
        title, summary = _read(folder / "hoofdstuk.md")
        _pages(folder, service.create_chapter(title, summary), None)
    if network.slug == "w13":
        _a_season_later()
    elif network.slug == "oostende":
        chapter = service.page_by_slug("nachtopvang-na-een-uithuiszetting").chapter_id
        service.create_page(Draft(*ELSEWHERE, chapter, published_to_all=True))


def _read(path: Path) -> tuple[str, str]:
    """(title, text) of a file that starts with '# Title'."""
    title, _newline, body = path.read_text(encoding="utf-8").partition("\n")
    return title.removeprefix("# ").strip(), body.strip()


def _pages(folder: Path, chapter: Chapter, parent: Page | None) -> None:
    """The pages of `folder` in order; those under one stand in a folder with its name."""
    for path in sorted(folder.glob("*.md")):
        if path.name == "hoofdstuk.md":
            continue
        title, body = _read(path)
        page = service.create_page(Draft(title, body, chapter.id, parent.id if parent else None))
        below = path.with_suffix("")
        if below.is_dir():
            _pages(below, chapter, page)


def _a_season_later() -> None:
    page = service.page_by_slug("de-zitting-voorbereiden")
    draft = Draft(page.title, page.body + ADDED, page.chapter_id, comment="Vragen van de vorming toegevoegd")
    service.save_page(page.slug, draft, page.version)
    _add_leaflet()
    page = service.page_by_slug(PUBLISHED)
    text = Draft(page.title, page.body, page.chapter_id, published_to_all=True, confirm="once")
    service.save_page(page.slug, text, page.version)
    for slug in FOR_GUESTS:
        page = service.page_by_slug(slug)
        service.save_page(
            slug, Draft(page.title, page.body, page.chapter_id, page.parent_id, for_guests=True), page.version
        )


def _add_leaflet() -> None:
    content = render_pdf(LEAFLET, title=LEAFLET_TITLE, lang="nl-BE", identifier=uuid7(), created=utc_now())
    row = files.add("morgen-is-de-zitting.pdf", LEAFLET_TITLE, content)
    page = service.page_by_slug(LEAFLET_OF)
    body = f"{page.body}\n\nOm mee te geven: [{row.title}]({ADDRESS}{row.name}) (pdf, één bladzijde)."
    draft = Draft(page.title, body, page.chapter_id, page.parent_id, comment="Blaadje voor de huurder toegevoegd")
    service.save_page(page.slug, draft, page.version)


def _introduce_guests(network: Network) -> None:
    """Say as whom the demo's guest reads along."""
    theirs = (NetworkMembership.network_id == network.id, NetworkMembership.role == Role.GUEST)
    with transaction() as session:
        session.execute(update(NetworkMembership).where(*theirs).values(note="vrederechter, kanton Kortrijk"))


def _colleagues_join_in(demo: DemoRegion, network: Network) -> None:
    """What stands open in the playbook: a draft to read along with, a question, a suggestion."""
    with demo.acting("redacteur.w13"):
        page = service.page_by_slug("duobegeleiding-van-ocmw-en-caw")
        if drafts.waiting(page):
            return
        draft = drafts.keep(
            Draft(page.title, page.body + PROPOSED, page.chapter_id, comment="Afspraak over wie belt"),
            page,
            page.version,
        )
        drafts.ask(draft.id, [user.id for user in drafts.candidates() if user.username != "redacteur.w13"])
    with acting_alone(tenancy.Context(None, demo.users["medewerker.menen"].id, network.id)):
        page = service.page_by_slug("het-meldpunt")
        remarks.comment(page, 1, "Geldt dit ook voor een verhuurder die maar één woning heeft?")
        drafts.judge(draft.id, Verdict.AGREED, "Zo weten we meteen wie wat doet.")
    with acting_alone(tenancy.Context(None, demo.users["medewerker.caw"].id, network.id)):
        about = service.page_by_slug("duobegeleiding-van-ocmw-en-caw").chapter_id
        proposals.propose(Draft(*NEW_PAGE, about, comment="Deze vraag krijgen we elke week aan de telefoon."))
        remarks.suggest(
            page,
            1,
            render(page.body).blocks[0].source + " Bel gerust: een vraag is nog geen melding.",
            "Zo durven meer mensen te bellen.",
        )
