"""The code lists of case work: standard values every OCMW shares, so that figures can be added up.

Each code is a stable lower-case word stored in the database; `label` is the English msgid that a page translates.
The Dutch terms are those of the field (see the glossary in the handbook).
"""

from enum import StrEnum
from typing import Self

from app.i18n import N_


class Code(StrEnum):
    """A coded value with a label; the value is stored, the label is translated where it is shown."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """(stored value, English msgid) in the order in which a form offers them."""
        return [(member.value, member.label) for member in cls]


class CaseState(Code):
    OPEN = "open", N_("Open")
    CLOSED = "closed", N_("Closed")


class Source(Code):
    """Where the first sign came from (bron van het signaal)."""

    PETITION = "petition", N_("Petition")
    WRIT = "writ", N_("Writ of summons")
    MELDPUNT_LANDLORD = "meldpunt_landlord", N_("Reporting point: landlord")
    MELDPUNT_OTHER = "meldpunt_other", N_("Reporting point: other")
    INTERNAL_REFERRAL = "internal_referral", N_("Referral from inside")
    EXTERNAL_REFERRAL = "external_referral", N_("Referral from outside")


class LandlordKind(Code):
    PRIVATE_PERSON = "private_person", N_("Private person")
    PRIVATE_COMPANY = "private_company", N_("Private company or agency")
    WOONMAATSCHAPPIJ = "woonmaatschappij", N_("Social housing company")
    OCMW = "ocmw", N_("OCMW or municipality")
    OTHER = "other", N_("Other landlord")


class About(Code):
    """What an entry in the course of a case is about: how one narrows it."""

    CONTACT = "contact", N_("Contacts")
    PROCEDURE = "procedure", N_("Procedure")
    GUIDANCE = "guidance", N_("Guidance")
    DOCUMENT = "document", N_("Documents")
    NOTE = "note", N_("Notes")
    TASK = "task", N_("Tasks")
    MONEY = "money", N_("Money")
    CASE = "case", N_("The file itself")


class Market(Code):
    """Private or social rental market (huurmarkt)."""

    PRIVATE = "private", N_("Private rental")
    SOCIAL = "social", N_("Social rental")
    UNKNOWN = "unknown", N_("Unknown")


class Reason(Code):
    """Why the household may lose its home (reden)."""

    RENT_ARREARS = "rent_arrears", N_("Rent arrears")
    NUISANCE = "nuisance", N_("Nuisance")
    NEGLECT = "neglect", N_("Neglect of the dwelling")
    END_OF_TERM = "end_of_term", N_("End of term or notice")
    NO_TITLE = "no_title", N_("Occupation without title")
    ILLEGAL_USE = "illegal_use", N_("Illegal use or sublet")
    UNFIT = "unfit", N_("Dwelling unfit")
    OTHER = "other", N_("Other reason")


class Composition(Code):
    """Household composition (gezinssamenstelling)."""

    SINGLE = "single", N_("Single")
    COUPLE = "couple", N_("Couple")
    SINGLE_PARENT = "single_parent", N_("Single parent")
    COUPLE_WITH_CHILDREN = "couple_with_children", N_("Couple with children")
    OTHER = "other", N_("Other household")
    UNKNOWN = "unknown", N_("Household not known")


class PersonRole(Code):
    REFERENCE = "reference", N_("Reference person")
    PARTNER = "partner", N_("Partner")
    CHILD = "child", N_("Child")
    OTHER = "other", N_("Other member of the household")


class PetitionKind(Code):
    PETITION = "petition", N_("Petition")
    WRIT = "writ", N_("Writ of summons")


class Channel(Code):
    """How someone was sought (kanaal van de contactpoging)."""

    LETTER = "letter", N_("Letter")
    TEXT_MESSAGE = "text_message", N_("Text message")
    PHONE = "phone", N_("Phone")
    HOME_VISIT = "home_visit", N_("Home visit")
    SOCIAL_MEDIA = "social_media", N_("Social media")
    HOSPITAL = "hospital", N_("Call to the hospital")
    INQUIRY = "inquiry", N_("Inquiry at another service")
    POSTCARD = "postcard", N_("Coloured postcard")
    LANDLORD = "landlord", N_("Through the landlord")
    PARTNER = "partner", N_("Through a partner")


class ContactResult(Code):
    REACHED = "reached", N_("Reached")
    MESSAGE_LEFT = "message_left", N_("Message left")
    NOT_HOME = "not_home", N_("Not at home")
    WRONG_ADDRESS = "wrong_address", N_("Wrong address")
    REFUSED = "refused", N_("Refused contact")
    MOVED = "moved", N_("Moved away")
    NO_ANSWER = "no_answer", N_("No answer")


class Moment(Code):
    """The four moments at which people are sought (de vier cruciale momenten)."""

    PETITION = "petition", N_("After the petition")
    JUDGMENT = "judgment", N_("After the judgment")
    NOTICE = "notice", N_("After the bailiff's notice")
    EVICTION = "eviction", N_("After the eviction")


class Presence(Code):
    """Who was there at the hearing."""

    TENANT = "tenant", N_("Tenant present")
    LAWYER = "lawyer", N_("Lawyer present")
    OCMW = "ocmw", N_("OCMW present")
    CAW = "caw", N_("CAW present")
    NOBODY = "nobody", N_("Nobody present")


class JudgmentKind(Code):
    AGREEMENT = "agreement", N_("Agreement recorded")
    CONDITIONAL = "conditional", N_("Conditional dissolution")
    DEFAULT = "default", N_("Dissolution by default")
    CONTESTED = "contested", N_("Dissolution, contested")
    REJECTED = "rejected", N_("Claim rejected")
    WITHDRAWN = "withdrawn", N_("Withdrawn or struck off")
    POSTPONED = "postponed", N_("Postponed")


class HousingOutcome(Code):
    """Where the household lives in the end."""

    STAYED = "stayed", N_("Stayed in the dwelling")
    MOVED_OWN_CHOICE = "moved_own_choice", N_("Moved by own choice")
    SOCIAL_DWELLING = "social_dwelling", N_("Moved to a social dwelling")
    INSTITUTION = "institution", N_("Institution")
    SHELTER = "shelter", N_("Shelter")
    FAMILY = "family", N_("With family or friends")
    STREET = "street", N_("On the street")
    UNKNOWN = "unknown", N_("Housing not known")


class EvictionOutcome(Code):
    AVOIDED = "avoided", N_("Eviction avoided")
    POSTPONED = "postponed", N_("Eviction postponed")
    CARRIED_OUT = "carried_out", N_("Eviction carried out")
    LEFT_BEFORE = "left_before", N_("Tenant left before")
    UNKNOWN = "unknown", N_("Eviction not known")


class Helped(Code):
    """What helped the household, in the eyes of who closes the case (wat hielp)."""

    REACHED = "reached", N_("Being sought and reached")
    RIGHTS = "rights", N_("Rights and income put in order")
    FUND = "fund", N_("Fund against evictions (FBU)")
    AID = "aid", N_("Additional aid")
    REPAYMENT = "repayment", N_("Repayment plan")
    BUDGET = "budget", N_("Budget guidance or debt mediation")
    MEDIATION = "mediation", N_("Mediation with the landlord")
    CONCILIATION = "conciliation", N_("Agreement before the justice of the peace")
    PRESENT = "present", N_("Being present at the hearing")
    LEGAL_HELP = "legal_help", N_("Legal help or information")
    GUIDANCE = "guidance", N_("Guidance at home")
    OTHER_DWELLING = "other_dwelling", N_("Another dwelling")
    OTHER_SERVICE = "other_service", N_("Cooperation with another service")
    NOTHING = "nothing", N_("Nothing helped")


class TaskKind(Code):
    """What kind of promise or work a task is."""

    PROMISE = "promise", N_("Promised")
    TODO = "todo", N_("To do")
    VISIT = "visit", N_("Appointment")
    FOLLOW_UP = "follow_up", N_("Follow up")
    AFTERCARE = "aftercare", N_("Aftercare")  # asked by the portal some months after a case was closed


class AttachmentKind(Code):
    PETITION = "petition", N_("Petition")
    JUDGMENT = "judgment", N_("Judgment")
    SIGNED_AGREEMENT = "signed_agreement", N_("Signed agreement")
    LEASE = "lease", N_("Lease")
    IDENTITY = "identity", N_("Proof of identity")
    OTHER = "other", N_("Other document")
