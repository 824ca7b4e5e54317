"""The field's words, as enumerations and small values.

Every other room may import this one; it imports nothing of ours.  The string value of each
member is what stands in documents, in the database and in criteria files.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rating(StrEnum):
    """Red, amber, green, or not rated (which is neither bad nor good)."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    NOT_RATED = "not_rated"


class Because(StrEnum):
    """Why something is not rated."""

    NOTHING_DUE = "nothing_due"
    MISSING = "missing"
    UNDEFINED = "undefined"
    JUDGEMENT_OUTSTANDING = "judgement_outstanding"
    DOES_NOT_APPLY = "does_not_apply"


class Direction(StrEnum):
    """Direction of travel of a rating since last month."""

    IMPROVING = "improving"
    STEADY = "steady"
    WORSENING = "worsening"
    NEW = "new"


class Half(StrEnum):
    """The two halves of the report card."""

    DEVELOPMENT = "development"
    PROGRESS = "progress"


class ReturnKind(StrEnum):
    """The returns that a region sends in."""

    PLAN = "plan"
    REPORT_CARD = "report-card"


class Role(StrEnum):
    """What a person may do for an organisation, from one date to another."""

    CONTRIBUTOR = "contributor"
    REGION_LEAD = "region_lead"
    REGION_DIRECTOR = "region_director"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    ANALYST = "analyst"
    ADMIN = "admin"


class Tier(StrEnum):
    """Where an organisation stands in the system."""

    NATIONAL = "national"
    REGIONAL = "regional"
    LOCAL_NATIONAL = "local_national"
    COMMISSIONER = "commissioner"
    PROVIDER = "provider"


class KpiKind(StrEnum):
    """The four kinds of key performance indicator on the report card."""

    QUALITY = "quality"
    ACTIVITY = "activity"
    WORKFORCE = "workforce"
    FINANCE = "finance"


class TrajectoryKind(StrEnum):
    """What a trajectory at the level of the plan follows."""

    QUALITY = "quality"
    REFORM = "reform"
    FINANCE = "finance"
    WORKFORCE = "workforce"


class BetterWhen(StrEnum):
    """In which direction a measure improves."""

    HIGHER = "higher"
    LOWER = "lower"
    NEUTRAL = "neutral"


class SavingKind(StrEnum):
    """Kinds of saving, after the efficiency map's explanation of terms."""

    COST_REDUCTION = "cost_reduction"
    COST_AVOIDANCE = "cost_avoidance"
    INCOME_GENERATION = "income_generation"
    SERVICE_PRODUCTIVITY = "service_productivity"


class CashEffect(StrEnum):
    """Whether a saving leaves money to reinvest or holds growth down."""

    CASH_RELEASING = "cash_releasing"
    COST_AVOIDING = "cost_avoiding"


class Driver(StrEnum):
    """Who drives a saving."""

    CENTRAL = "central"
    PROVIDER = "provider"
    COMMISSIONER = "commissioner"


class PhasedBy(StrEnum):
    """How finely a savings line is phased."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class SpendingArea(StrEnum):
    """The ten areas of recurrent spending by which savings are published."""

    ACUTE = "acute"
    COMMUNITY = "community"
    MENTAL_HEALTH = "mental_health"
    PRESCRIBING = "prescribing"
    SPECIALISED = "specialised"
    CONTINUING_HEALTHCARE = "continuing_healthcare"
    NON_NHS = "non_nhs"
    PRIMARY_CARE = "primary_care"
    AMBULANCE = "ambulance"
    OTHER = "other"


class MilestoneStatus(StrEnum):
    """Where a milestone stands."""

    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    AT_RISK = "at_risk"
    DONE = "done"
    DROPPED = "dropped"


class RiskStatus(StrEnum):
    """Where a risk stands."""

    OPEN = "open"
    MITIGATED = "mitigated"
    HAPPENED = "happened"
    CLOSED = "closed"


class RiskKind(StrEnum):
    """What a risk is about; workforce and configuration are looked for above all."""

    WORKFORCE = "workforce"
    CONFIGURATION = "configuration"
    FINANCE = "finance"
    ACTIVITY = "activity"
    QUALITY = "quality"
    ENGAGEMENT = "engagement"
    LOCAL = "local"
    OTHER = "other"


class PartnerGroup(StrEnum):
    """Those with whom a region must show that it works."""

    COMMISSIONERS = "commissioners"
    PROVIDERS = "providers"
    CLINICIANS = "clinicians"
    MANAGERS = "managers"
    PATIENTS = "patients"
    WORKFORCE = "workforce"
    OTHER = "other"


class InputKind(StrEnum):
    """By which input a productivity improvement is analysed."""

    VOLUME = "volume"
    PAY = "pay"
    NON_PAY = "non_pay"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a person by id and e-mail address, or the system itself.

    The audit log takes this value and no foreign key, so that it outlives the person's row.
    """

    person_id: int | None
    name: str

    @property
    def is_system(self) -> bool:
        """True for the program itself, which signs its own events."""
        return self.person_id is None


SYSTEM = Actor(person_id=None, name="system")


class Refused(Exception):
    """An act that the rules do not allow; the message is written for the person who tried it."""


class NotAllowed(Refused):
    """The person has no right to do this."""


class Stale(Refused):
    """Somebody else changed the thing since it was read."""
