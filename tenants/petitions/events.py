"""What is known of a procedure, and what an OCMW sets itself. Pure values."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tenants.cases.codes import JudgmentKind

BRUSSELS = ZoneInfo("Europe/Brussels")
ENDING = frozenset({JudgmentKind.REJECTED, JudgmentKind.WITHDRAWN})


@dataclass(frozen=True)
class PetitionSettings:
    """What an OCMW sets itself: `first_contact_working_days`, at least 1, from the copy's receipt."""

    first_contact_working_days: int = 3


@dataclass(frozen=True)
class ProcedureEvents:
    """What is known of one procedure; every day may be unknown.

    `hearing_at` is the latest hearing that was set; `hearing_held_on` the last one that took place. A time
    without a zone is Belgian local time; one with a zone is turned into it. Its hour counts for nothing when
    `hearing_hour_known` is false. `judgment_kind` 'postponed' with `pronounced_on` puts the hearing off.
    """

    registered_on: date | None = None
    received_on: date | None = None
    writ_served_on: date | None = None
    first_contact_on: date | None = None
    hearing_at: datetime | None = None
    hearing_hour_known: bool = True
    hearing_held_on: date | None = None
    pronounced_on: date | None = None
    judgment_kind: JudgmentKind | None = None
    served_on: date | None = None
    notice_on: date | None = None
    planned_eviction_on: date | None = None
    evicted_on: date | None = None
    goods_since: date | None = None
    goods_until: date | None = None
    goods_settled: bool = False

    @property
    def hearing_local(self) -> datetime | None:
        """The hearing in Belgian time, without a zone."""
        if self.hearing_at is None or self.hearing_at.tzinfo is None:
            return self.hearing_at
        return self.hearing_at.astimezone(BRUSSELS).replace(tzinfo=None)

    @property
    def postponed_on(self) -> date | None:
        """The day on which the judge put the case off, if that is the last thing decided."""
        return self.pronounced_on if self.judgment_kind is JudgmentKind.POSTPONED else None

    @property
    def hearing_to_come(self) -> datetime | None:
        """The hearing that was set and has not been held, put off or overtaken by a judgment."""
        hearing = self.hearing_local
        passed = max(filter(None, (self.hearing_held_on, self.postponed_on)), default=None)
        if hearing is None or self.is_decided or (passed and hearing.date() <= passed):
            return None
        return hearing

    @property
    def is_decided(self) -> bool:
        """There is a judgment; a postponement is none, and what follows a judgment proves it."""
        followed = any((self.served_on, self.notice_on, self.planned_eviction_on, self.evicted_on))
        if self.judgment_kind is JudgmentKind.POSTPONED:
            return followed
        return followed or self.judgment_kind is not None or self.pronounced_on is not None

    @property
    def is_over(self) -> bool:
        """No eviction can follow: withdrawn, rejected, or carried out already."""
        return self.judgment_kind in ENDING or self.evicted_on is not None

    @property
    def needs_breach(self) -> bool:
        """The judgment leads to eviction only when its terms are not kept."""
        return self.judgment_kind in (JudgmentKind.CONDITIONAL, JudgmentKind.AGREEMENT)
