"""What the demo's networks tell each other: questions, initiatives and meetings, invented save for the initiatives."""

from playbook.exchange.initiatives import NewInitiative

INITIATIVES = (
    NewInitiative(
        "Anzoh",
        "Een initiatief dat W13 noemt als voorbeeld om ervaringen mee uit te wisselen. Deze kaart wacht op wie er op"
        " bezoek gaat: vul aan hoe zij huishoudens vinden, wie er meedoet en wat het oplevert.",
        "Genoemd in de presentatie van W13 (VVSG)",
        "Vragen voor het bezoek: wie neemt het eerste contact, wat delen de diensten met elkaar, en wat meten ze?",
        tags="uitwisselen, werkbezoek",
    ),
    NewInitiative(
        "Eropaf!",
        "Hulpverleners gaan zelf naar mensen met schulden of een dreigende ontruiming. Ze wachten niet tot iemand naar"
        " het loket komt, en ze blijven komen als de deur eerst dicht blijft.",
        "Nederland",
        "Spreek in het team af hoe vaak je langsgaat voor je stopt, en wissel van uur en van gezicht.",
        "https://www.eropaf.org/",
        "aanklampend, huisbezoek",
    ),
    NewInitiative(
        "Vroegsignalering van schulden",
        "Verhuurders, energie- en waterbedrijven en zorgverzekeraars melden betaalachterstanden aan de gemeente. Die"
        " neemt zelf contact op, lang voor er een rechter aan te pas komt.",
        "Gemeenten in Nederland",
        "Een melding na één of twee maanden achterstal is nog op te lossen. Spreek met je woonmaatschappij een vaste"
        " drempel en een vast aanspreekpunt af.",
        "https://www.divosa.nl/",
        "vroeg opsporen, verhuurders, schulden",
    ),
    NewInitiative(
        "Housing First",
        "Wie lang dakloos is, krijgt eerst een woning en daarna intensieve begeleiding, zonder dat die persoon eerst"
        " moet bewijzen dat hij kan wonen.",
        "België, onder meer in Oostende",
        "Na een uithuiszetting hoeft de nachtopvang geen tussenstap te zijn: vraag na of iemand in aanmerking komt.",
        "https://www.housingfirstbelgium.be/",
        "na de uithuiszetting, dakloosheid",
    ),
    NewInitiative(
        "De huurdersbonden",
        "Juridisch advies voor huurders over achterstal, opzeg, gebreken en de zitting. Ook hulpverleners kunnen er"
        " met een vraag terecht.",
        "Elke Vlaamse provincie en Brussel",
        "Bel voor de zitting over een betwiste opzeg of een woning met gebreken: dat verandert soms de hele zaak.",
        "https://www.huurdersbond.be/",
        "rechten, private huur, zitting",
    ),
    NewInitiative(
        "De LAC als vindplaats",
        "Wie voor de lokale adviescommissie komt omdat elektriciteit, gas of water dreigt te worden afgesloten, heeft"
        " vaak ook achterstal bij de huur.",
        "OCMW's",
        "Vraag op elke LAC ook naar de huur, en maak de melding bij het meldpunt dezelfde dag.",
        tags="vroeg opsporen, energie, schulden",
    ),
)

# (days ago, who, title, what more, page, answers: (who, text, page), which helped from 0 or none, closed)
QUESTIONS = {
    "w13": (
        (
            2, "medewerker.menen", "Waar kunnen spullen staan als de gemeente geen plaats heeft?",
            "Bij de laatste uitdrijving was het depot vol. Heeft iemand een afspraak met een buurgemeente of een"
            " kringwinkel?", "de-spullen-na-de-uitdrijving", (), None, False,
        ),
        (
            5, "medewerker.kortrijk", "Neemt iemand van jullie zelf het woord op de zitting?",
            "Wij gaan mee, maar zwijgen meestal. Hoe doen jullie dat?", "de-zitting-voorbereiden",
            (
                (
                    "medewerker.caw", "De huurder spreekt, wij zitten ernaast. We geven wel een blad mee met het"
                    " inkomen, wat er aangevraagd is en een bedrag per maand dat haalbaar is.", None,
                ),
            ), None, False,
        ),
        (
            16, "medewerker.caw", "Hoe bereiken jullie mensen die nooit de deur opendoen?",
            "Na twee huisbezoeken en een kaart in de bus horen we niets.", "mensen-vinden-die-niet-reageren",
            (
                (
                    "medewerker.kortrijk", "Kom eens na vijf uur of op zaterdagvoormiddag, en wissel van collega."
                    " Een nieuw gezicht helpt soms.", None,
                ),
                (
                    "medewerker.menen", "Een kaartje met de hand geschreven werkt bij ons beter dan een brief met een"
                    " logo. Zet er een voornaam en een gsm-nummer op, en wanneer je opnieuw komt.",
                    "de-gekleurde-kaart",
                ),
            ), 1, False,
        ),
        (
            41, "hoofd.kortrijk", "Wie belt eerst: het OCMW of het CAW?",
            "Bij een duobegeleiding kreeg een gezin op één dag twee keer dezelfde vraag.", "duobegeleiding",
            (
                (
                    "medewerker.caw", "Spreek het af bij de start en schrijf het in het dossier. Bij ons belt wie het"
                    " gezin al kent; de ander komt mee op het eerste huisbezoek.", "duobegeleiding",
                ),
            ), 0, True,
        ),
    ),
    "oostende": (
        (
            4, "medewerker.oostende", "Wat zeggen jullie aan een verhuurder terwijl de FBU-aanvraag loopt?",
            "Hij wil een bedrag en een datum horen, en die hebben we nog niet.", "het-fonds-fbu",
            (
                (
                    "medewerker.bredene", "De dag van de aanvraag, wanneer we beslissen en wie hij mag bellen. Het"
                    " bedrag zeggen we pas als de beslissing er is.", "het-fonds-fbu",
                ),
            ), 0, False,
        ),
    ),
}  # fmt: skip

# (days from today, title, agenda, minutes, decisions: (text, who, days from today it is due or none, done))
MEETINGS = (
    (
        -84, "Netwerkoverleg: start van het lerend netwerk",
        "## Kennismaken\n\n## Wie is het aanspreekpunt\n\n## Het draaiboek",
        "## Kennismaken\n\nElke organisatie vertelde welke drie situaties haar het meeste tijd kosten.\n\n"
        "## Wie is het aanspreekpunt\n\nIeder noemt één centrale contactpersoon en iemand die vervangt.\n\n"
        "## Het draaiboek\n\n- de pagina's over de zitting zijn klaar\n- de pagina over spullen mist afspraken",
        (
            ("Elke organisatie zet haar centrale contactpersoon op de lijst.", "Alle organisaties", -60, True),
            ("We komen om de drie maanden samen, telkens in een andere gemeente.", "", None, False),
        ),
    ),
    (
        -20, "Netwerkoverleg",
        "## Cijfers van het kwartaal\n\n## Spullen na een uitdrijving\n\n## Vorming",
        "## Cijfers van het kwartaal\n\nMeer huishoudens bereikt voor de zitting. Bij private huur bereiken we ze nog"
        " te laat.\n\n## Spullen na een uitdrijving\n\nNiet elke gemeente heeft een depot. We vragen het na.\n\n"
        "## Vorming\n\nVraag naar een halve dag over de zitting, met rollenspel.",
        (
            ("Nagaan welke gemeenten plaats hebben voor spullen uit een buurgemeente.", "De coördinator", -3, False),
            ("Een ambassadeur noemen die preventie in het eigen team op de agenda houdt.", "Alle OCMW's", 25, False),
            ("De pagina over spullen aanvullen met die afspraken.", "De redactie van het draaiboek", 40, False),
        ),
    ),
    (
        11, "Netwerkoverleg met de vrederechters",
        "## Wat vrederechters van ons verwachten\n\n- welk blad helpt op de zitting\n- wanneer een verzoening zin heeft"
        "\n\n## Opvolging van de vorige keer\n\n## Initiatieven van elders: wie gaat op bezoek bij Anzoh?",
        "", (),
    ),
)  # fmt: skip
ROOMS = {"w13": "Sociaal Huis, zaal 2, Kortrijk", "oostende": "Sociaal Huis, zaal 1, Oostende"}
