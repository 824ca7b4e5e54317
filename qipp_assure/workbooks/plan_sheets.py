"""The plan's workbook."""

from __future__ import annotations

from qipp_assure.workbooks.sheets import Form, Grid, Layout, Table

RISK_COLUMNS = (
    "kind",
    "description",
    "consequence",
    "mitigation",
    "action_under_way",
    "owner",
    "status",
    "likelihood",
    "impact",
    "help_wanted",
    "help_description",
    "reviewed_on",
)
MILESTONE_COLUMNS = (
    "name",
    "owner",
    "due",
    "status",
    "met_on",
    "expected_on",
    "updated_on",
    "transformational",
)
SAVING_CLASS_COLUMNS = (
    "name",
    "kind",
    "recurrent",
    "cash_effect",
    "driver",
    "efficiency_area",
    "spending_area",
    "organisation_code",
)
CARRIED = {
    "template": "set by the workbook itself, on a hidden sheet",
    "region": "set by the workbook itself, on a hidden sheet; shown on the instructions",
    "round": "set by the workbook itself, on a hidden sheet; shown on the instructions",
}

_PLAN = Form(
    "Plan",
    "The plan in words: answer in the white cells, one question a row.",
    (
        (
            "About the plan",
            (
                "about.title",
                "about.first_year",
                "about.last_year",
                "about.targets_set_by",
                "about.management_costs_counted",
                "about.contract_savings_net",
            ),
        ),
        ("Background", ("background.vision", "background.quality_and_productivity")),
        (
            "Finance",
            (
                "finance.past_position",
                "finance.delivery_risks",
                "finance.baseline_year",
                "finance.challenge_gbp",
                "finance.challenge_basis",
                "finance.forecast_assumptions",
            ),
        ),
        (
            "Activity",
            (
                "activity.assumptions",
                "activity.cost_pressures",
                "activity.commissioning_intentions",
                "activity.intentions_agreed",
                "activity.demographic_change",
                "activity.demographic_growth_pct",
            ),
        ),
        ("Productivity", ("productivity.analysis",)),
        (
            "Input unit costs",
            (
                "unit_costs.staffing_implications",
                "unit_costs.pay_assumptions",
                "unit_costs.capital_cost_gbp",
                "unit_costs.capital_costs",
                "unit_costs.estate_implications",
                "unit_costs.estate_rationalisation",
            ),
        ),
        (
            "Accountability and delivery",
            (
                "delivery.approach",
                "delivery.groups",
                "delivery.accountability",
                "delivery.governance",
                "delivery.roles",
                "delivery.leadership",
                "delivery.dedicated_resource",
                "delivery.monitoring",
            ),
        ),
        (
            "Skills and capacity",
            (
                "capacity.in_place",
                "capacity.assessment",
                "capacity.gap",
                "capacity.support_wanted",
            ),
        ),
        (
            "Engagement",
            (
                "engagement.delivery_support",
                "engagement.workforce",
                "engagement.other_partners",
            ),
        ),
    ),
)

_FINANCE = (
    Table(
        "Allocations",
        "Baseline and forecast allocation, one commissioner a row.",
        "allocations[]",
        ("organisation_code", "name", "baseline_gbp"),
        spread="forecast",
    ),
    Table(
        "Activity",
        "Current and forecast activity, one commissioner and point of delivery a row.",
        "activity_lines[]",
        ("organisation_code", "point_of_delivery", "current"),
        spread="forecast",
    ),
    Table(
        "Productivity",
        "Productivity improvements, by the input that they save.",
        "productivity_improvements[]",
        ("name", "input", "saving_gbp", "analysis"),
    ),
    Table(
        "Pay bill",
        "Pay bill and posts, one staff group a row.",
        "pay_bill[]",
        ("staff_group", "posts_now", "posts_planned", "baseline_gbp"),
        spread="forecast",
    ),
    Table(
        "Shares",
        "The share of the plan that each commissioner or cluster has to find.",
        "organisation_shares[]",
        ("organisation_code", "name"),
        spread="planned",
    ),
)

_STRUCTURE = (
    Table(
        "Opportunities",
        "Efficiency areas, with their benefit in money and what they do to quality.",
        "opportunities[]",
        (
            "name",
            "efficiency_area",
            "benefit_gbp",
            "assumptions",
            "interdependencies",
            "provided_for",
            "quality_impact",
            "spending_and_outcomes",
            "outcome_measures",
            "innovation",
        ),
        listed=True,
    ),
    Table(
        "Workstreams",
        "Regional workstreams, each linked to any number of national ones.",
        "workstreams[]",
        (
            "code",
            "name",
            "lead",
            "target_gbp",
            "national_workstreams",
            "national_part",
            "regional_alignment",
        ),
        listed=True,
    ),
    Table(
        "Programmes",
        "Programmes, each under a workstream.",
        "programmes[]",
        ("code", "name", "workstream_id"),
        listed=True,
    ),
    Table(
        "Initiatives",
        "Initiatives, each under a programme, with brief, leadership and governance.",
        "initiatives[]",
        (
            "code",
            "name",
            "programme_id",
            "opportunity_id",
            "transformational",
            "project_cost_gbp",
            "leadership.sponsor",
            "leadership.manager",
            "leadership.manager_capacity",
            "brief.document",
            "brief.objectives",
            "brief.scope",
            "brief.benefits",
            "brief.approach",
            "brief.dependencies",
            "governance.arrangements",
            "governance.clinical_engagement",
            "governance.local_engagement",
            "financial_assumptions",
        ),
        listed=True,
        bands={
            "leadership": "Leadership",
            "brief": "Project brief",
            "governance": "Governance",
        },
    ),
)

_DELIVERY = (
    Table(
        "Milestones",
        "Dated steps, each with an owner, under an initiative.",
        "initiatives[].milestones[]",
        MILESTONE_COLUMNS,
    ),
    Table(
        "KPIs",
        "Key performance indicators of each initiative; their figures by period stand on the two "
        "sheets that follow.",
        "initiatives[].kpis[]",
        (
            "name",
            "kind",
            "unit",
            "better_when",
            "baseline",
            "target",
            "benchmark",
            "measuring_plan",
            "updated_on",
        ),
        listed=True,
    ),
    Grid(
        "KPI trajectory",
        "The value planned for each period.",
        "initiatives[].kpis[]",
        "trajectory",
        "KPI",
    ),
    Grid(
        "KPI actuals",
        "The value measured in each period.",
        "initiatives[].kpis[]",
        "actuals",
        "KPI",
    ),
    Table(
        "Savings",
        "Savings lines of each initiative, gross, with what they cost to achieve; their phasing "
        "stands on the three sheets that follow.",
        "initiatives[].savings[]",
        (
            *SAVING_CLASS_COLUMNS,
            "phased_by",
            "cost_one_off_gbp",
            "cost_recurrent_gbp",
            "method",
            "evidence",
            "moved_elsewhere",
            "counted_by_other",
        ),
        listed=True,
    ),
    Grid(
        "Phasing planned",
        "The planned saving of each line, gross, in whole pounds: by month, quarter or year, as the line is phased.",
        "initiatives[].savings[]",
        "planned",
        "Savings line",
    ),
    Grid(
        "Phasing forecast",
        "The forecast saving of each line, gross, in whole pounds: by month, quarter or year, as the line is phased.",
        "initiatives[].savings[]",
        "forecast",
        "Savings line",
    ),
    Grid(
        "Phasing actual",
        "The actual saving of each line, gross, in whole pounds: by month, quarter or year, as the line is phased.",
        "initiatives[].savings[]",
        "actual",
        "Savings line",
    ),
    Table(
        "Initiative risks",
        "Risks of single initiatives.",
        "initiatives[].risks[]",
        RISK_COLUMNS,
    ),
)

_REGION = (
    Table("Risks", "Risks of the plan as a whole.", "risks[]", RISK_COLUMNS),
    Table(
        "Trajectories",
        "Trajectories at the level of the plan: quality, reform, finance, workforce.",
        "trajectories[]",
        ("name", "kind", "unit", "better_when", "baseline", "target"),
        spread="points",
    ),
    Table(
        "Engagement",
        "How each group of partners is engaged.",
        "partner_engagements[]",
        ("group", "who", "detail"),
    ),
    Table(
        "Support wanted",
        "Support that the region asks for.",
        "support_wanted[]",
        ("what", "why", "needed_by"),
    ),
    Table(
        "Self-assessment",
        "The region's own rating against each criterion.",
        "self_assessments[]",
        ("criteria_set", "criterion", "rating", "comment"),
    ),
)

PLAN = Layout(
    "plan@2011.1",
    "Integrated plan",
    (_PLAN, *_FINANCE, *_STRUCTURE, *_DELIVERY, *_REGION),
    CARRIED,
)
