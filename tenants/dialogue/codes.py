"""The code lists of the dialogue with courts and social landlords."""

from app.i18n import N_
from tenants.cases.codes import Code


class PartnerKind(Code):
    """With whom there is a dialogue: a canton's justice of the peace with its registry, or a social landlord."""

    COURT = "court", N_("Justice of the peace and registry")
    LANDLORD = "landlord", N_("Social landlord")


class ContactRole(Code):
    JUSTICE = "justice", N_("Justice of the peace")
    REGISTRY = "registry", N_("Registry")
    SOCIAL_SERVICE = "social_service", N_("Tenant support of the landlord")
    MANAGEMENT = "management", N_("Management")
    OTHER = "other", N_("Another contact")


class AgreementState(Code):
    """Where an agreement stands. Nothing is overwritten: a new one replaces the old."""

    IN_FORCE = "in_force", N_("In force")
    REPLACED = "replaced", N_("Replaced")
    ENDED = "ended", N_("Ended")


class Coverage(Code):
    """Whether a municipality lies in a canton."""

    WHOLE = "whole", N_("The whole municipality lies in this canton")
    PART = "part", N_("A part of it lies in this canton, another canton has the rest")
    NONE = "none", N_("It does not belong to this canton")
