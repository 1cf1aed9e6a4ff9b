"""The fields of a register of petitions, with the headings under which OCMWs keep them in three languages. Pure."""

import re
from enum import StrEnum
from functools import lru_cache

from app.i18n import N_
from tenants.imports.words import plain


class Field(StrEnum):
    """What a register tells about a petition; `label` is the msgid of its name, `words` what stands above it."""

    label: str
    words: tuple[str, ...]

    def __new__(cls, value: str, label: str = "", words: str = "") -> "Field":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.words = tuple(plain(word) for word in words.split("|"))
        return member

    # fmt: off
    RECEIVED = "received", N_("Date received"), (
        "datum ontvangst|ontvangen|ontvangen op|ontvangst|ontvangstdatum|datum verzoekschrift|datum binnen"
        "|binnen op|binnengekomen|binnengekomen op|datum in|datum melding|datum|date|reçu le"
        "|date de réception|réception|date requête|date received|received"
        "|datum aanmelding|datum binnenkomst|ontvangst verzoekschrift|date d entrée|date de dépôt"
    )
    ROLL = "roll", N_("Roll number"), (
        "rolnr|rolnummer|rol nr|rol|algemene rol|a r|ar nr|ar nummer|zaaknummer|numéro de rôle|n de rôle"
        "|no de rôle|rôle|r g|rg|roll|roll number|role number"
        "|ar|a r nr|n r g|n rg|numéro de rôle général|algemeen rolnummer|rolnummer griffie"
    )
    COURT = "court", N_("Court"), (
        "vredegerecht|kanton|vred|gerecht|rechtbank|justice de paix|canton|tribunal|j p|court"
        "|vrederechter|kanton vredegerecht"
    )
    REQUESTER = "requester", N_("Landlord"), (
        "verzoeker|verzoekers|verzoekende partij|eiser|eisers|eisende partij|verhuurder|naam verhuurder"
        "|eigenaar|requérant|demandeur|bailleur|propriétaire|petitioner|claimant|plaintiff|landlord"
        "|naam verzoeker|naam eiser|naam eigenaar|eigenaar verhuurder|naam eigenaar verhuurder|partie requérante"
        "|nom du bailleur|nom du requérant|nom du demandeur|nom du propriétaire"
    )
    DEFENDANTS = "defendants", N_("Name of the tenant"), (
        "verweerder|verweerders|verwerende partij|verwerende partijen|gedaagde|gedaagden|huurder|huurders"
        "|naam huurder|naam|naam en voornaam|naam voornaam|familienaam|achternaam|cliënt|cliënten|betrokkene"
        "|défendeur|défendeurs|locataire|locataires|nom|nom et prénom|nom du locataire|defendant|defendants"
        "|tenant|tenants|name"
        "|naam verweerder|naam gedaagde|naam cliënt|verweerder 1|huurder 1|partie défenderesse|nom du défendeur"
    )
    FIRST_NAME = "first_name", N_("First name"), "voornaam|voornaam huurder|prénom|first name"
    NATIONAL_NUMBER = "national_number", N_("National register number"), (
        "rijksregisternr|rijksregisternummer|rijksregister|rr|rrn|rrnr|rr nr|rr nummer|insz|insz nr"
        "|nationaal nummer|registre national|numéro national|n national|niss|inss|nn|national number"
        "|national register number"
    )
    BIRTH_DATE = "birth_date", N_("Date of birth"), (
        "geb datum|gebdatum|geboortedatum|geboren|geboren op|geb|geboorte|date de naissance|naissance|né le"
        "|birth date|date of birth|dob"
    )
    ADDRESS = "address", N_("Address"), (
        "adres|adres huurder|adres woning|adres van de woning|straat|straat en nummer|straat en huisnummer"
        "|straat nr|adresse|rue|rue et numéro|adresse du locataire|address|street"
        "|volledig adres|woonadres|adres gemeente|rue n|adresse complète|adresse du bien"
    )
    NUMBER = "number", N_("House number"), "huisnummer|huisnr|nr|numéro|house number"
    BOX = "box", N_("Box"), "bus|busnr|busnummer|boîte|bte|box"
    POSTCODE = "postcode", N_("Postcode"), (
        "postcode|post code|postnr|postnummer|pc|code postal|cp|postal code|zip"
    )
    MUNICIPALITY = "municipality", N_("Municipality"), (
        "gemeente|deelgemeente|stad|plaats|woonplaats|postcode en gemeente|commune|ville|localité"
        "|municipality|city|town"
        "|stad gemeente|postcode gemeente|postcode woonplaats"
    )
    ARREARS = "arrears", N_("Rent arrears in euro"), (
        "huurachterstal|huurachterstand|achterstal|achterstand|bedrag achterstal|bedrag huurachterstal"
        "|openstaand|openstaand bedrag|openstaande huur|huurschuld|schuld|bedrag|vordering|arriérés"
        "|arriérés de loyer|arriéré de loyer|montant|dette|arrears|rent arrears|amount"
        "|achterstallige huur|bedrag achterstallige huur|achterstallen|huurachterstallen|totale achterstand"
        "|totaal achterstal"
        "|arriéré locatif|arriérés locatifs|loyers impayés|montant réclamé|montant dû"
    )
    MONTHS = "months", N_("Months of arrears"), (
        "# mnd|# maanden|aantal mnd|aantal maanden|maanden|mnd|maanden achterstal|aantal maanden achterstal"
        "|# mois|nombre de mois|mois|months|number of months"
        "|aantal maanden achterstand|aantal maanden huurachterstal|aantal maanden huurachterstand"
    )
    RENT = "rent", N_("Monthly rent"), (
        "huurprijs|huur|maandhuur|maandelijkse huur|huur per maand|basishuur|loyer|loyer mensuel|rent"
        "|monthly rent"
        "|maandelijkse huurprijs|kale huur|huurbedrag"
    )
    REASONS = "reasons", N_("Reason"), (
        "reden|redenen|reden verzoekschrift|reden uithuiszetting|oorzaak|grond|motief|aard|raison|raisons"
        "|motif|cause|reason|reasons"
        "|reden vordering|reden van de vordering|motif de la demande"
    )
    MARKET = "market", N_("Rental market"), (
        "huurmarkt|markt|type huur|soort huur|privé sociaal|sociaal privé|type verhuurder|soort verhuurder"
        "|marché|marché locatif|market|rental market"
    )
    HEARING = "hearing", N_("Hearing"), (
        "zitting|zittingsdatum|datum zitting|zitting op|inleidende zitting|inleiding|datum inleiding|audience"
        "|date audience|date de l audience|hearing|hearing date"
        "|datum uur zitting|zitting uur datum|date heure audience"
    )
    HEARING_TIME = "hearing_time", N_("Hour of the hearing"), (
        "uur|uur zitting|zittingsuur|tijdstip|heure|heure audience|hour|time"
    )
    JUDGMENT = "judgment", N_("Judgment"), (
        "vonnis|uitspraak|soort vonnis|aard vonnis|type vonnis|beslissing|jugement|décision|judgment"
        "|judgement"
    )
    JUDGMENT_DATE = "judgment_date", N_("Date of the judgment"), (
        "datum vonnis|vonnisdatum|vonnis op|vonnis dd|datum uitspraak|date jugement|date du jugement"
        "|judgment date|date of judgment"
        "|datum uitspraak vonnis|jugement rendu le"
    )
    SERVED = "served", N_("Served on"), (
        "betekend|betekend op|betekening|datum betekening|vonnis betekend|signifié|signifié le|signification"
        "|date signification|served|served on"
        "|betekening vonnis|datum betekening vonnis|signification du jugement"
    )
    NOTICE = "notice", N_("Bailiff's notice"), (
        "afroep|datum afroep|afroep uitdrijving|aankondiging|aankondiging uitdrijving|avis|avis d expulsion"
        "|notice"
        "|datum aankondiging|datum aankondiging uitdrijving"
    )
    EVICTION = "eviction", N_("Eviction on"), (
        "uitdrijving|datum uitdrijving|uitdrijving op|effectieve uitdrijving|uithuiszetting"
        "|datum uithuiszetting|expulsion|date expulsion|date d expulsion|eviction|eviction date"
        "|uitdrijvingsdatum"
    )
    ATTEMPTS = "attempts", N_("Contact attempts"), (
        "contactpogingen|contactpoging|pogingen|poging tot contact|contacten|ondernomen acties|acties"
        "|outreach|tentatives de contact|tentatives|contact attempts|attempts"
    )
    REACHED = "reached", N_("Reached?"), (
        "contact gelukt|contact|contact gehad|bereikt|gelukt|contact ja nee|contact établi|contact réussi"
        "|atteint|reached"
    )
    REMARKS = "remarks", N_("Remarks"), (
        "opmerkingen|opmerking|nota|nota s|notities|commentaar|bemerkingen|bemerking|info|extra info|remarque"
        "|remarques|commentaire|commentaires|remarks|notes|comments"
        "|opm|varia"
    )
    PHONE = "phone", N_("Phone"), (
        "telefoon|telefoonnummer|tel|gsm|gsm nr|gsm nummer|telefoon gsm|mobiel|téléphone|phone"
    )
    EMAIL = "email", N_("E-mail"), "e mail|email|mail|mailadres|e mailadres|courriel|adresse e mail"
    # fmt: on


REQUIRED = (Field.RECEIVED, Field.ROLL, Field.DEFENDANTS)
SYNONYMS: dict[str, Field] = {word: member for member in Field for word in member.words}
# Words that add nothing to a heading: 'Datum van de zitting (dd/mm/jjjj)' is 'datum zitting'.
_ARTICLES = r"van|vd|v|de|het|een|der|den|in|op|bij|voor|te|du|des|le|la|les|l|d|of|the"
_FILLERS = (
    re.compile(_ARTICLES),
    re.compile(
        _ARTICLES + r"|dd|mm|jj|jjjj|yyyy|euro|eur|bedrag|nr|nummer|huurder|verweerder|ja|nee|verzoekschrift|dossier"
    ),
)


def heading(text: str) -> str:
    """A heading without what is in brackets after it and without strokes: 'Verweerder(s)' is 'verweerder'."""
    bare = re.sub(r"\((?:s|en|n|e|r)\)", "", text)
    return plain(bare) or plain(text)


def _apart(words: str) -> frozenset[str]:
    """The words that count, in whatever order: 'Vonnis datum' and 'Datum van het vonnis' are the same."""
    return frozenset(word for word in words.split() if not _JOINING.fullmatch(word))


_JOINING = re.compile(_ARTICLES + r"|en|et|and")
_IN_ANY_ORDER: dict[frozenset[str], Field] = {
    apart: member for word, member in reversed(SYNONYMS.items()) if len(apart := _apart(word)) > 1
}


# The heading of the column that a file of rejected rows adds, and how it reads in each language it may be written in.
OWN_COLUMN = N_("Why not imported")
_OWN = ("why not imported", "waarom niet ingelezen", "pourquoi pas importe")


def is_own_column(label: str) -> bool:
    return heading(label) in _OWN


@lru_cache(4096)
def meaning(label: str) -> tuple[Field, int] | None:
    """The field a heading names and how surely (the more of it was recognised, the surer)."""
    words = heading(label)
    if words in SYNONYMS:
        return SYNONYMS[words], 100 + len(words)
    if (apart := _apart(words)) in _IN_ANY_ORDER:
        return _IN_ANY_ORDER[apart], 90 + len(words)
    without = plain(re.sub(r"\(.*?\)", " ", label))
    shortened = [" ".join(w for w in words.split() if not filler.fullmatch(w)) for filler in _FILLERS]
    for shorter in (without, *shortened):
        # 'nr', 'date' and the like say something only when they stand alone.
        if shorter in SYNONYMS and len(shorter) > 4:
            return SYNONYMS[shorter], 50 + len(shorter)
    return None
