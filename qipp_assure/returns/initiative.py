"""What an initiative is made of: milestones, KPIs, savings lines and risks.

The plan declares them whole; the report card's tracker carries the same milestones and risks with
the month's position, and the baseline figures of KPIs and savings that the month is judged against.
"""

from __future__ import annotations

from qipp_assure.returns.values import (
    Day,
    Declared,
    Item,
    ItemId,
    Line,
    MapArea,
    Money,
    MoneyByPeriod,
    Number,
    NumberByPeriod,
    Score,
    Text,
    YesNo,
    field,
    items,
    needed,
)
from qipp_assure.vocabulary import (
    BetterWhen,
    CashEffect,
    Driver,
    KpiKind,
    MilestoneStatus,
    PhasedBy,
    RiskKind,
    RiskStatus,
    SavingKind,
    SpendingArea,
)


class Milestone(Item):
    """A dated step with an owner."""

    name: Line | None = field("Milestone")
    owner: Line | None = field("Owner", "The named person who answers for it")
    due: Day | None = field("Due date")
    status: MilestoneStatus | None = field("Status")
    met_on: Day | None = field("Date met", "Leave empty until it is met")
    expected_on: Day | None = field("Expected date", "Where it will not be met on its due date")
    updated_on: Day | None = field("Status updated on")
    transformational: YesNo | None = field(
        "Transformational", "Stands in for savings that come years later"
    )


class Kpi(Item):
    """A key performance indicator with its baseline, target, trajectory and actuals."""

    name: Line | None = field("KPI")
    kind: KpiKind | None = field("Kind")
    unit: Line | None = field("Unit", "What is counted, such as % of patients or bed days")
    better_when: BetterWhen | None = field("Better when")
    baseline: Number | None = field("Baseline")
    target: Number | None = field("Target")
    benchmark: Number | None = field("Benchmark", "What others reach")
    measuring_plan: Text | None = field(
        "Plan to measure", "Where there is no measure yet: how and when there will be"
    )
    trajectory: NumberByPeriod = field("Trajectory", "The value planned, by period", default={})
    actuals: NumberByPeriod = field("Actuals", "The value measured, by period", default={})
    updated_on: Day | None = field("Actuals updated on")


class SavingClass(Item):
    """What sort of saving a line is: the part that plan and report card share."""

    name: Line | None = field("Savings line")
    kind: SavingKind | None = field("Kind of saving")
    recurrent: YesNo | None = field("Recurrent", "Goes on saving in later years")
    cash_effect: CashEffect | None = field("Cash effect")
    driver: Driver | None = field("Driven by")
    efficiency_area: MapArea | None = field("Efficiency-map area", "1 to 21")
    spending_area: SpendingArea | None = field("Spending area")
    organisation_code: Line | None = field("Organisation", "Code of the body that saves")


class SavingsLine(SavingClass):
    """A saving of the plan, gross, with what it costs to achieve, phased in time."""

    phased_by: PhasedBy | None = field("Phased by")
    planned: MoneyByPeriod = field("Planned saving, gross", unit="£", default={})
    forecast: MoneyByPeriod = field("Forecast saving, gross", unit="£", default={})
    actual: MoneyByPeriod = field("Actual saving, gross", unit="£", default={})
    cost_one_off_gbp: Money | None = field(
        "One-off cost to achieve", "Redundancy, for one", unit="£"
    )
    cost_recurrent_gbp: Money | None = field(
        "Recurrent cost a year", "The service that replaces the old one, for one", unit="£"
    )
    method: Text | None = field("How it is calculated", "Method and baseline")
    evidence: Text | None = field("Evidence", "The document that shows it")
    moved_elsewhere: YesNo | None = field(
        "Moves cost elsewhere", "To another part of the body or the system"
    )
    counted_by_other: YesNo | None = field(
        "Counted by another workstream too", "One workstream alone may count a saving"
    )


class Risk(Item):
    """A risk: what may happen, what follows, what is done about it, by whom."""

    kind: RiskKind | None = field("Kind")
    description: Text | None = field("Risk")
    consequence: Text | None = field("Consequence")
    mitigation: Text | None = field("Mitigation")
    action_under_way: YesNo | None = field("Action under way")
    owner: Line | None = field("Owner", "The named person who watches and manages it")
    status: RiskStatus | None = field("Status")
    likelihood: Score | None = field("Likelihood", "1 rare to 5 almost certain")
    impact: Score | None = field("Impact", "1 slight to 5 severe")
    help_wanted: YesNo | None = field("National help wanted")
    help_description: Text | None = field("What that help would look like")
    reviewed_on: Day | None = field("Last reviewed on")


class Brief(Declared):
    """The project brief."""

    objectives: Text | None = field("Objectives")
    scope: Text | None = field("Scope")
    benefits: Text | None = field("Benefits expected")
    approach: Text | None = field("Approach")
    dependencies: Text | None = field("Dependencies")
    document: Line | None = field("Brief document", "Name of the completed brief")


class Leadership(Declared):
    """Who leads the initiative."""

    sponsor: Line | None = field("Sponsor", "The leader who answers for it")
    manager: Line | None = field("Manager", "The named person who runs it")
    manager_capacity: Text | None = field("Manager's capacity", "Time given, and skills")


class Governance(Declared):
    """How the initiative is governed, and who takes part."""

    arrangements: Text | None = field("Governance", "Groups, reporting, decisions")
    clinical_engagement: Text | None = field("Clinicians engaged")
    local_engagement: Text | None = field(
        "Local engagement", "Sector, cluster and local health economy"
    )


class Initiative(Item):
    """A project of the plan, under a programme."""

    code: Line | None = field("Code")
    name: Line = needed("Initiative")
    programme_id: ItemId | None = field("Programme", refers_to="programmes")
    opportunity_id: ItemId | None = field("Opportunity", refers_to="opportunities")
    transformational: YesNo | None = field(
        "Transformational", "Milestones stand in place of savings for now"
    )
    brief: Brief = field("Project brief", default=Brief())
    leadership: Leadership = field("Leadership", default=Leadership())
    governance: Governance = field("Governance", default=Governance())
    milestones: list[Milestone] = items("Milestones")
    kpis: list[Kpi] = items("KPIs")
    savings: list[SavingsLine] = items("Savings")
    financial_assumptions: Text | None = field("Financial assumptions")
    project_cost_gbp: Money | None = field("Cost of the project itself", unit="£")
    risks: list[Risk] = items("Risks")


class TrackedKpi(Item):
    """A KPI in the month, beside the figures of the plan it is judged against."""

    name: Line | None = field("KPI")
    kind: KpiKind | None = field("Kind")
    unit: Line | None = field("Unit")
    better_when: BetterWhen | None = field("Better when")
    baseline: Number | None = field("Baseline")
    target: Number | None = field("Target")
    expected: Number | None = field("Planned for the month", "From the trajectory of the plan")
    actual: Number | None = field("Actual")
    updated_on: Day | None = field("Actual updated on")


class TrackedSaving(SavingClass):
    """A savings line in the month: planned, forecast and actual, gross, with costs to date."""

    planned_month_gbp: Money | None = field("Planned in the month", unit="£")
    actual_month_gbp: Money | None = field("Actual in the month", unit="£")
    planned_to_date_gbp: Money | None = field("Planned, year to date", unit="£")
    actual_to_date_gbp: Money | None = field("Actual, year to date", unit="£")
    planned_year_gbp: Money | None = field("Planned for the year", unit="£")
    forecast_year_gbp: Money | None = field("Forecast for the year", unit="£")
    cost_one_off_gbp: Money | None = field("One-off cost to date", unit="£")
    cost_recurrent_gbp: Money | None = field("Recurrent cost to date", unit="£")
    evidence: Text | None = field("Evidence", "The document that shows it")


class TrackedInitiative(Item):
    """The month's position of one initiative; its id is that of the plan's initiative."""

    code: Line | None = field("Code")
    name: Line = needed("Initiative")
    workstream_id: ItemId | None = field("Workstream", "Id of the plan's workstream")
    transformational: YesNo | None = field("Transformational")
    updated_on: Day | None = field("Tracker updated on")
    forecast_reviewed_on: Day | None = field("Forecast last reviewed on")
    project_changed_on: Day | None = field("Project last changed on")
    change: Text | None = field("What changed in the project")
    milestones: list[Milestone] = items("Milestones")
    kpis: list[TrackedKpi] = items("KPIs")
    savings: list[TrackedSaving] = items("Savings")
    risks: list[Risk] = items("Risks")
