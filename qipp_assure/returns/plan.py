"""The region's integrated plan, template ``plan@2011.1``.

It holds intent and baseline for four financial years.  Lists are flat and refer to each other by
lasting ids: a workstream has programmes, a programme has initiatives.  Source: A figure 5, 2.6,
3.2-3.14 and appendix one.
"""

from __future__ import annotations

from typing import Annotated, Literal

from qipp_assure.returns.initiative import Initiative, Risk
from qipp_assure.returns.values import (
    Code,
    Codes,
    Count,
    CountByYear,
    Day,
    Declared,
    Item,
    ItemId,
    Line,
    MapArea,
    Mark,
    Money,
    MoneyByYear,
    Number,
    NumberByPeriod,
    Share,
    Text,
    Year,
    YesNo,
    field,
    items,
    needed,
)
from qipp_assure.vocabulary import (
    BetterWhen,
    InputKind,
    PartnerGroup,
    Rating,
    TrajectoryKind,
)


class About(Declared):
    """What the plan covers and how it counts."""

    title: Line | None = field("Title of the plan")
    first_year: Year | None = field("First year")
    last_year: Year | None = field("Last year")
    targets_set_by: Literal["workstream", "overall"] | None = field(
        "Targets are set", "By workstream, or for the region overall"
    )
    management_costs_counted: YesNo | None = field("Management-cost savings are counted in")
    contract_savings_net: YesNo | None = field(
        "Contract savings are net", "Of activity above the contract"
    )


class Background(Declared):
    """Where the region comes from and what it wants to reach."""

    vision: Text | None = field("Vision of quality")
    quality_and_productivity: Text | None = field("How quality and productivity are tied together")


class Finance(Declared):
    """Allocation against activity, and the challenge."""

    past_position: Text | None = field("Past financial position")
    delivery_risks: Text | None = field("Risks to financial delivery")
    baseline_year: Year | None = field("Baseline year")
    challenge_gbp: Money | None = field("Size of the challenge", unit="£")
    challenge_basis: Text | None = field("How the challenge was worked out")
    forecast_assumptions: Text | None = field("Assumptions of the forecast")


class Allocation(Item):
    """The allocation of one commissioner: baseline and forecast."""

    organisation_code: Code | None = field("Organisation code")
    name: Line | None = field("Organisation")
    baseline_gbp: Money | None = field("Baseline allocation", unit="£")
    forecast: MoneyByYear = field("Forecast allocation", unit="£", default={})


class Activity(Declared):
    """Assumptions behind the forecast of activity."""

    assumptions: Text | None = field("Assumptions of the activity forecast")
    cost_pressures: Text | None = field("Cost pressures")
    commissioning_intentions: Text | None = field("Commissioning intentions")
    intentions_agreed: YesNo | None = field("Commissioning intentions are known and agreed")
    demographic_change: Text | None = field("Demographic change")
    demographic_growth_pct: Share | None = field("Growth counted for demography", unit="% a year")


class ActivityLine(Item):
    """Current and forecast activity of one commissioner at one point of delivery."""

    organisation_code: Code | None = field("Organisation code")
    point_of_delivery: Line | None = field("Point of delivery", "Such as emergency admissions")
    current: Count | None = field("Current activity", unit="a year")
    forecast: CountByYear = field("Forecast activity", unit="a year", default={})


class Productivity(Declared):
    """How productivity is to rise."""

    analysis: Text | None = field("Analysis of productivity")


class ProductivityImprovement(Item):
    """One improvement, by the input that it saves."""

    name: Line | None = field("Improvement")
    input: InputKind | None = field("Input")
    saving_gbp: Money | None = field("Saving", unit="£")
    analysis: Text | None = field("Analysis")


class UnitCosts(Declared):
    """Input unit costs: pay, capital, estate."""

    staffing_implications: Text | None = field("What the plan means for staffing")
    pay_assumptions: Text | None = field("Assumptions about pay")
    capital_cost_gbp: Money | None = field("Capital cost", unit="£")
    capital_costs: Text | None = field("Capital costs explained")
    estate_implications: Text | None = field("What the plan means for the estate")
    estate_rationalisation: Text | None = field("Estate rationalisation")


class PayBillLine(Item):
    """The pay bill of one staff group."""

    staff_group: Line | None = field("Staff group")
    baseline_gbp: Money | None = field("Pay bill, baseline", unit="£")
    forecast: MoneyByYear = field("Pay bill, forecast", unit="£", default={})
    posts_now: Number | None = field("Posts now", unit="whole-time equivalents")
    posts_planned: Number | None = field("Posts at the end", unit="whole-time equivalents")


class Opportunity(Item):
    """An efficiency area with its benefit in money and what it does to quality."""

    name: Line | None = field("Opportunity")
    efficiency_area: MapArea | None = field("Efficiency-map area", "1 to 21")
    benefit_gbp: Money | None = field("Benefit over the plan", unit="£")
    assumptions: Text | None = field("Assumptions")
    interdependencies: Text | None = field("Interdependencies", "Between services")
    provided_for: Text | None = field("How interdependencies are provided for")
    quality_impact: Text | None = field("Impact on quality")
    spending_and_outcomes: Text | None = field("Spending tied to quality outcomes")
    outcome_measures: Text | None = field("Outcome measures", "As they stand on the scorecard")
    innovation: Text | None = field("Innovation and productivity")


class Workstream(Item):
    """A regional workstream, linked to any number of national ones."""

    code: Line | None = field("Code")
    name: Line = needed("Workstream")
    lead: Line | None = field("Lead")
    national_workstreams: Codes = field("National workstreams", default=[])
    national_part: Text | None = field("Part taken in the national workstreams")
    regional_alignment: Text | None = field("How it serves the regional plan")
    target_gbp: Money | None = field("Savings target", unit="£")


class Programme(Item):
    """A programme under a workstream."""

    code: Line | None = field("Code")
    name: Line = needed("Programme")
    workstream_id: ItemId | None = field("Workstream", refers_to="workstreams")


class Delivery(Declared):
    """Accountability and delivery."""

    approach: Text | None = field("How the plan will be delivered")
    groups: Text | None = field("Groups that deliver it")
    accountability: Text | None = field("Accountability")
    governance: Text | None = field("Governance")
    roles: Text | None = field("Roles and responsibilities")
    leadership: Text | None = field("Leadership at the region")
    dedicated_resource: Text | None = field("Dedicated resource at the region")
    monitoring: Text | None = field("Monitoring and reporting")


class Capacity(Declared):
    """Skills and capacity for change at pace."""

    in_place: YesNo | None = field("Skills and capacity are in place")
    assessment: Text | None = field("Skills and capacity assessed")
    gap: Text | None = field("The gap")
    support_wanted: Text | None = field("Support wanted from the centre")


class Engagement(Declared):
    """Support for partners, beside the engagement listed by group."""

    delivery_support: Text | None = field("How commissioners and providers will be supported")
    workforce: Text | None = field("Engagement with the workforce, now or planned")
    other_partners: Text | None = field("Plans for other partners")


class PartnerEngagement(Item):
    """Engagement with one group of partners."""

    group: PartnerGroup | None = field("Group")
    who: Line | None = field("Who")
    detail: Text | None = field("How they are engaged")


class Trajectory(Item):
    """A trajectory at the level of the plan."""

    name: Line | None = field("Trajectory")
    kind: TrajectoryKind | None = field("Kind")
    unit: Line | None = field("Unit")
    better_when: BetterWhen | None = field("Better when")
    baseline: Number | None = field("Baseline")
    target: Number | None = field("Target")
    points: NumberByPeriod = field("Planned values", default={})


class OrganisationShare(Item):
    """The share of the plan that one commissioner or cluster has to find."""

    organisation_code: Code | None = field("Organisation code")
    name: Line | None = field("Organisation")
    planned: MoneyByYear = field("Planned saving", unit="£", default={})


class SupportWanted(Item):
    """Support that the region asks for."""

    what: Text | None = field("Support wanted")
    why: Text | None = field("Why")
    needed_by: Day | None = field("Needed by")


class SelfAssessment(Item):
    """The region's own rating against one criterion."""

    criteria_set: Code = needed("Criteria set")
    criterion: Code = needed("Criterion")
    rating: Rating | None = field("Own rating")
    comment: Text | None = field("Comment")


class Plan(Declared):
    """A region's integrated plan."""

    template: Annotated[Literal["plan@2011.1"], Mark("template")] = needed("Template")
    region: Code = needed("Region", "Organisation code")
    round: Code = needed("Planning round")
    about: About = field("About the plan", default=About())
    background: Background = field("Background", default=Background())
    finance: Finance = field("Finance", default=Finance())
    allocations: list[Allocation] = items("Allocations")
    activity: Activity = field("Activity", default=Activity())
    activity_lines: list[ActivityLine] = items("Activity by commissioner")
    productivity: Productivity = field("Productivity", default=Productivity())
    productivity_improvements: list[ProductivityImprovement] = items("Productivity improvements")
    unit_costs: UnitCosts = field("Input unit costs", default=UnitCosts())
    pay_bill: list[PayBillLine] = items("Pay bill")
    opportunities: list[Opportunity] = items("Opportunities")
    workstreams: list[Workstream] = items("Workstreams")
    programmes: list[Programme] = items("Programmes")
    initiatives: list[Initiative] = items("Initiatives")
    delivery: Delivery = field("Accountability and delivery", default=Delivery())
    capacity: Capacity = field("Skills and capacity", default=Capacity())
    engagement: Engagement = field("Engagement", default=Engagement())
    partner_engagements: list[PartnerEngagement] = items("Engagement by group")
    risks: list[Risk] = items("Risks")
    trajectories: list[Trajectory] = items("Trajectories")
    organisation_shares: list[OrganisationShare] = items("Shares by commissioner")
    support_wanted: list[SupportWanted] = items("Support wanted")
    self_assessments: list[SelfAssessment] = items("Self-assessment")
