"""The four scenarios with which a network can start: own wording, after the practice of Brugge, Oostende and W13."""

from app.calendar.rules import Unit
from playbook.scenarios.rules import Avenue, Definition, Event, Step, Who

WORKER, LANDLORD, COMPANY, CAW = Who.SOCIAL_WORKER, Who.LANDLORD, Who.HOUSING_COMPANY, Who.CAW
DAYS = Unit.DAYS

# The hearing is within 15 days of the registration (Ger.W. art. 1344bis) and the copy comes after 4: about seven
# working days are left for all that comes before the hearing.
TO_HEARING = Definition(
    "Van verzoekschrift tot zitting",
    "Zorgen dat het gezin weet wat er komt, dat er een voorstel op tafel ligt en dat iemand mee naar de zitting gaat.",
    "Het OCMW krijgt het afschrift van een verzoekschrift of een dagvaarding.",
    (
        Step("contact", WORKER, "Contact zoeken: brief, sms en een huisbezoek", Event.PETITION, 3,
             document="Brief 'Kom met ons praten'", piste=Avenue.COOPERATION,
             if_not="Volg het plan van pogingen verder: een ander uur, een ander kanaal, een andere collega."),
        Step("verhaal", WORKER, "Het verhaal horen en inkomsten, schulden en rechten nakijken", Event.FIRST_CONTACT, 2,
             piste=Avenue.RIGHTS, if_not="Komt het gezin niet, ga dan zelf langs met de vragenlijst."),
        Step("budget", Who.BUDGET, "Budgetplan maken: wat kan het gezin per maand afbetalen?", Event.HEARING, 3,
             before=True, document="Budgetplan", piste=Avenue.MONEY,
             if_not="Zoek met het gezin of een andere woning nodig is."),
        Step("voorstel", WORKER, "Een voorstel op papier zetten", Event.HEARING, 3, before=True,
             document="Afbetalingsvoorstel", piste=Avenue.MEDIATION,
             if_not="Vraag op de zitting uitstel om het voorstel af te werken."),
        Step("verhuurder", LANDLORD, "Antwoorden op het voorstel", Event.HEARING, 2, before=True,
             piste=Avenue.MEDIATION, if_not="Bel zelf, en leg het voorstel anders voor aan de vrederechter."),
        Step("aanwezig", Who.HOUSEHOLD, "Bevestigen wie naar de zitting gaat", Event.HEARING, 1, before=True,
             if_not="Bel 's morgens nog eens, en ga zelf: je hoort wat er beslist wordt."),
        Step("zitting", WORKER, "Mee naar de zitting", Event.HEARING, 0,
             document="Akkoord of voorstel", if_not="Stuur het voorstel schriftelijk naar de griffie."),
    ),
)  # fmt: skip

# What the editors of W13 added after a year: it stands in their second version.
LEGAL_HELP = Step(
    "juridisch", Who.LAWYER, "Rechten van de huurder nakijken (Rechtenverkenning of pro-Deoadvocaat)",
    Event.PETITION, 4, piste=Avenue.INFORMATION, if_not="Vraag advies bij de juridische eerstelijnsbijstand.",
)  # fmt: skip

REPORT = Definition(
    "Melding van een private verhuurder",
    "Zo vroeg mogelijk bij het gezin zijn, en de verhuurder één vast gezicht geven.",
    "Een verhuurder, makelaar of syndicus meldt een huurder bij het meldpunt.",
    (
        Step("teken", WORKER, "De melder laten weten wie ermee bezig is", Event.OPENED, 3,
             document="Ontvangstbericht", if_not="De centrale contactpersoon belt de melder zelf."),
        Step("contact", WORKER, "Het gezin opzoeken en zeggen waarom je komt", Event.OPENED, 5,
             piste=Avenue.COOPERATION, if_not="Probeer een ander uur en laat een kaartje achter."),
        Step("lopend", CAW, "Nakijken of er al hulp loopt, en wie die geeft", Event.OPENED, 5,
             piste=Avenue.COOPERATION, if_not="Ga verder alsof er geen hulp is."),
        Step("rechten", WORKER, "Huursubsidie, premies en toelagen aanvragen", Event.FIRST_CONTACT, 10,
             piste=Avenue.RIGHTS, if_not="Noteer wat het gezin zelf nog moet binnenbrengen."),
        Step("afspraak", LANDLORD, "Samen een haalbare afbetaling afspreken", Event.FIRST_CONTACT, 15,
             document="Afbetalingsplan", piste=Avenue.MEDIATION,
             if_not="Stel een oproep in verzoening bij de vrederechter voor: die is gratis."),
        Step("fonds", Who.COMMITTEE, "Beslissen over het fonds (FBU) of aanvullende steun", Event.FIRST_CONTACT, 30,
             DAYS, document="Begeleidingsovereenkomst", piste=Avenue.MONEY,
             if_not="Zeg het gezin waarom niet, en zoek een andere piste."),
        Step("opvolging", WORKER, "Nabellen: wordt er betaald, en hoe gaat het?", Event.STARTED, 90, DAYS,
             if_not="Spreek een nieuw gesprek met de verhuurder af."),
    ),
)  # fmt: skip

TO_EVICTION = Definition(
    "Van vonnis tot uitdrijving",
    "Elke dag winnen die er te winnen is, en zorgen dat niemand op straat belandt.",
    "De vrederechter ontbindt de huur.",
    (
        Step("lezen", WORKER, "Het vonnis samen lezen: wat moet er gebeuren, tegen wanneer?", Event.JUDGMENT, 3,
             document="Vonnis", piste=Avenue.INFORMATION, if_not="Vraag het vonnis op bij de griffie."),
        Step("beroep", Who.LAWYER, "Bekijken of verzet of beroep zin heeft", Event.SERVED, 10, DAYS,
             piste=Avenue.INFORMATION, if_not="Zeg tot welke dag het kan: een maand na de betekening."),
        Step("akkoord", LANDLORD, "Nog een laatste akkoord bespreken", Event.SERVED, 10,
             document="Akkoord", piste=Avenue.MEDIATION, if_not="Vraag de deurwaarder wat er nodig is om te wachten."),
        Step("wonen", WORKER, "Een andere plek zoeken: inschrijven, woonloket, familie", Event.SERVED, 5,
             piste=Avenue.COOPERATION, if_not="Vraag een crisisplaats aan."),
        Step("afroep", WORKER, "Langsgaan op de dag dat de deurwaarder zijn komst aankondigt", Event.NOTICE, 1,
             if_not="Bel en kom de volgende ochtend terug."),
        Step("deurwaarder", Who.BAILIFF, "Dag en uur bevestigen", Event.PLANNED_EVICTION, 3, before=True,
             if_not="Bel het kantoor van de deurwaarder."),
        Step("opvang", CAW, "Opvang en een plek voor de spullen klaar hebben", Event.PLANNED_EVICTION, 2, before=True,
             piste=Avenue.COOPERATION, if_not="Vraag een noodwoning aan het bijzonder comité."),
        Step("dag", WORKER, "Er zijn op de dag zelf", Event.EVICTED, 0,
             document="Lijst van de goederen", if_not="Zoek het gezin dezelfde dag nog op."),
        Step("nadien", WORKER, "Horen waar het gezin slaapt en wat nu nodig is", Event.EVICTED, 3,
             if_not="Vraag het na bij de nachtopvang en bij het CAW."),
    ),
)  # fmt: skip

LAST_CHANCE = Definition(
    "Sociale huur: de laatste kans",
    "De woning behouden wanneer er overlast is: steunen, woonvaardigheden oefenen en het netwerk sterker maken.",
    "De woonmaatschappij geeft een huurder met overlast nog één kans.",
    (
        Step("overleg", COMPANY, "Samen afspreken wat er precies moet veranderen, en tegen wanneer", Event.STARTED, 5,
             document="Verslag van het overleg", piste=Avenue.MEDIATION,
             if_not="Vraag de woonmaatschappij de stap naar de rechter uit te stellen."),
        Step("gesprek", WORKER, "Met het gezin praten: wat ging er mis, wat willen ze zelf?", Event.STARTED, 10,
             piste=Avenue.COOPERATION, if_not="Ga samen met de woonmaatschappij langs."),
        Step("overeenkomst", Who.HOUSEHOLD, "De begeleidingsovereenkomst tekenen", Event.STARTED, 20,
             document="Begeleidingsovereenkomst", if_not="Leg uit dat het zonder handtekening stopt."),
        Step("bezoeken", WORKER, "Elke week thuis langsgaan en woonvaardigheden oefenen", Event.STARTED, 30, DAYS,
             if_not="Bespreek in het team wie er beter bij het gezin past."),
        Step("netwerk", CAW, "Buren, familie en andere diensten mee laten helpen", Event.STARTED, 45, DAYS,
             piste=Avenue.COOPERATION, if_not="Begin met één persoon die het gezin vertrouwt."),
        Step("evaluatie", COMPANY, "Na drie maanden evalueren, met de huurder erbij", Event.STARTED, 90, DAYS,
             document="Evaluatie", if_not="Kies samen een ander scenario, of verleng met drie maanden."),
    ),
)  # fmt: skip

SCENARIOS = (TO_HEARING, REPORT, TO_EVICTION, LAST_CHANCE)
