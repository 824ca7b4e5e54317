"""The report card's workbook."""

from __future__ import annotations

from qipp_assure.workbooks.plan_sheets import (
    CARRIED,
    MILESTONE_COLUMNS,
    RISK_COLUMNS,
    SAVING_CLASS_COLUMNS,
)
from qipp_assure.workbooks.sheets import Form, Layout, Table

REPORT_CARD = Layout(
    "report-card@2011.1",
    "Monthly report card",
    (
        Form(
            "Month",
            "The month in the region's own words.",
            (
                (
                    "The month",
                    (
                        "position.summary",
                        "position.figures_as_at",
                        "position.reinvested_gbp",
                        "position.reinvestment",
                    ),
                ),
            ),
        ),
        Table(
            "Lines",
            "One line of the card for each workstream, or for a local health economy, PCT or "
            "provider.",
            "lines[]",
            (
                "name",
                "kind",
                "workstream_id",
                "organisation_code",
                "own_development_rating",
                "own_development_direction",
                "own_progress_rating",
                "own_progress_direction",
                "regional_alignment",
                "national_workstreams",
                "national_alignment",
                "comment",
            ),
            outside={"workstream_id": "workstreams"},
        ),
        Table(
            "Tracker",
            "The month's position of each initiative.",
            "tracker[]",
            (
                "code",
                "name",
                "workstream_id",
                "transformational",
                "updated_on",
                "forecast_reviewed_on",
                "project_changed_on",
                "change",
            ),
            listed=True,
            outside={"workstream_id": "workstreams"},
        ),
        Table(
            "Milestones",
            "Where the milestones of each initiative stand.",
            "tracker[].milestones[]",
            MILESTONE_COLUMNS,
        ),
        Table(
            "KPIs",
            "Each KPI in the month, beside the figures of the plan that it is judged against.",
            "tracker[].kpis[]",
            (
                "name",
                "kind",
                "unit",
                "better_when",
                "baseline",
                "target",
                "expected",
                "actual",
                "updated_on",
            ),
        ),
        Table(
            "Savings",
            "Each savings line in the month, gross, with what it has cost so far.",
            "tracker[].savings[]",
            (
                *SAVING_CLASS_COLUMNS,
                "planned_month_gbp",
                "actual_month_gbp",
                "planned_to_date_gbp",
                "actual_to_date_gbp",
                "planned_year_gbp",
                "forecast_year_gbp",
                "cost_one_off_gbp",
                "cost_recurrent_gbp",
                "evidence",
            ),
        ),
        Table(
            "Initiative risks",
            "Risks of single initiatives, and what is done about them.",
            "tracker[].risks[]",
            RISK_COLUMNS,
        ),
        Table(
            "Exceptions",
            "What is off track, why, and what is done about it.",
            "exceptions[]",
            ("initiative_id", "what", "cause", "action", "owner", "back_on_track"),
        ),
        Table(
            "Best practice",
            "Examples worth sharing, each scored from 1 to 5.",
            "best_practice[]",
            (
                "title",
                "description",
                "contact",
                "savings_score",
                "quality_score",
                "evidence_score",
                "implementation_score",
            ),
        ),
        Table("Risk log", "Risks of the region as a whole.", "risks[]", RISK_COLUMNS),
    ),
    {
        **CARRIED,
        "period": "set by the workbook itself, on a hidden sheet; shown on the instructions",
        "plan_digest": "which sealed plan is the baseline is not the region's to type; hidden sheet",
    },
)
