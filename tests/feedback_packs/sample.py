"""A made-up region for the tests of packs: plan, report cards, and what they are rated by."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from qipp_assure.criteria_engine.rating import rate
from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.feedback_packs.content import PackContent
from qipp_assure.feedback_packs.pack import render_pack
from qipp_assure.feedback_packs.presenters import PackSource, RatedReturn
from qipp_assure.ratings.criteria_files import library
from qipp_assure.returns.canonical import digest, pruned
from qipp_assure.returns.facts import facts_of
from qipp_assure.returns.periods import months_of
from qipp_assure.vocabulary import SpendingArea

MONTHS = months_of("2011/12")
AS_OF = date(2011, 10, 20)
_AREAS = list(SpendingArea)
_THEMES = (
    *("Medicines management", "Urgent care", "Planned care", "Long-term conditions"),
    *("Mental health", "Primary care contracting", "Children and maternity", "End of life care"),
    *("Specialised commissioning", "Workforce", "Back office and procurement", "Estates"),
)
_PROJECTS = (
    *("Generic medicines in practice", "Fewer follow-up appointments", "Ambulatory care pathways"),
    *("Community nursing redesign", "Shorter length of stay", "Shared procurement hub"),
)


class SampleRegion:
    """Builds the documents of one region, the same for the same seed and sizes."""

    def __init__(self, workstreams: int = 3, initiatives: int = 2, seed: int = 1) -> None:
        self._random = Random(seed)  # noqa: S311 - made-up figures, no secrets
        self.workstreams = workstreams
        self.initiatives = initiatives
        self.plan = self._plan()

    def _money(self) -> int:
        return self._random.randrange(10_000, 900_000)

    def _plan(self) -> dict[str, Any]:
        numbers = range(1, self.workstreams + 1)
        return {
            "template": "plan@2011.1",
            "region": "Q33",
            "round": "2011-12",
            "about": {
                "title": "East Midlands integrated plan",
                "first_year": "2011/12",
                "last_year": "2014/15",
            },
            "background": {
                "vision": "Care is given at home or near it whenever that is safe. " * 12,
                "quality_and_productivity": "Each saving names the quality measure that it moves.",
            },
            "finance": {
                "challenge_gbp": 1_500_000_000,
                "past_position": "The region ended the year in balance.",
                "delivery_risks": "Demand may not fall as planned.",
            },
            "workstreams": [
                {
                    "id": f"w{n}",
                    "code": f"W{n:02d}",
                    "name": _THEMES[(n - 1) % len(_THEMES)],
                    "lead": f"Lead {n}",
                    "national_workstreams": ["right-care"],
                    "regional_alignment": "Serves the first aim of the regional plan.",
                }
                for n in numbers
            ],
            "programmes": [
                {"id": f"p{n}", "name": f"Programme {n}", "workstream_id": f"w{n}"} for n in numbers
            ],
            "initiatives": [
                self._initiative(n, m) for n in numbers for m in range(1, self.initiatives + 1)
            ],
            "risks": [
                {
                    "id": f"r{n}",
                    "kind": "workforce",
                    "description": f"Posts in community teams stay empty (risk {n})",
                    "consequence": "Care cannot move out of hospital and the saving slips a year.",
                    "mitigation": "Recruitment together with neighbouring regions; rotas shared.",
                    "owner": "Director of workforce",
                    "status": "open",
                    "likelihood": n % 5 + 1,
                    "impact": 4,
                    "help_wanted": n == 1,
                    "help_description": "A national recruitment campaign" if n == 1 else None,
                }
                for n in range(1, 5)
            ],
            "support_wanted": [
                {
                    "id": "s1",
                    "what": "Advice on tariff for pathways that cross organisations",
                    "why": "Providers lose income before they can take cost out.",
                    "needed_by": "2011-09-30",
                }
            ],
        }

    def _initiative(self, n: int, m: int) -> dict[str, Any]:
        key = f"w{n}i{m}"
        amount = self._money()
        thin = (n + m) % 5 == 0
        return {
            "id": key,
            "code": f"{n:02d}.{m}",
            "name": f"{_PROJECTS[(n * 3 + m) % len(_PROJECTS)]} {n}.{m}",
            "programme_id": f"p{n}",
            "brief": {
                "objectives": "To bring care nearer home with no loss of quality on the way.",
                "scope": "All practices and hospitals of the county; children are left out.",
                "benefits": None if thin else "Fewer admissions, and the saving set out below.",
                "approach": "Clinicians drew the model up; it was tried for three months.",
                "dependencies": None if thin else "Community beds opened by Urgent care.",
            },
            "leadership": {
                "sponsor": None if thin else f"Dr Sponsor {key}",
                "manager": f"Manager {key}",
                "manager_capacity": "Three days a week, with a finance analyst for one.",
            },
            "governance": {
                "arrangements": "A monthly board that reports to the region's QIPP board.",
                "clinical_engagement": "Two consultants and a GP lead sit on the board.",
                "local_engagement": "The cluster's commissioners meet it each quarter.",
            },
            "milestones": [
                {
                    "id": f"{key}m{number}",
                    "name": f"Step {number} of {key}",
                    "owner": f"Owner {number}",
                    "due": f"2011-{4 + number * 2:02d}-30",
                    "status": "not_started",
                }
                for number in range(1, 5)
            ],
            "kpis": [
                {
                    "id": f"{key}k1",
                    "name": "Emergency admissions",
                    "kind": "activity",
                    "unit": "a month",
                    "better_when": "lower",
                    "baseline": "1200",
                    "target": "1000",
                    "trajectory": {month: str(1200 - 15 * i) for i, month in enumerate(MONTHS)},
                },
                {
                    "id": f"{key}k2",
                    "name": "Patients who would recommend the service",
                    "kind": "quality",
                    "unit": "% of those asked",
                    "better_when": "higher",
                    "baseline": "74",
                    "target": "85",
                    "trajectory": {month: str(74 + i) for i, month in enumerate(MONTHS)},
                },
            ],
            "savings": [
                {
                    "id": f"{key}s1",
                    "name": f"Saving of {key}",
                    "kind": "cost_reduction",
                    "recurrent": n % 4 != 0,
                    "cash_effect": "cost_avoiding" if m == 2 else "cash_releasing",
                    "driver": "provider",
                    "spending_area": _AREAS[(n + m) % len(_AREAS)].value,
                    "phased_by": "month",
                    "planned": dict.fromkeys(MONTHS, amount) | {"2012/13": amount * 14},
                    "forecast": dict.fromkeys(MONTHS, amount * 95 // 100),
                    "method": "Price times volume, against last year.",
                    "evidence": None if thin else "Finance paper 12.",
                }
            ],
            "financial_assumptions": "Prices stay flat; volumes fall by two per cent a year.",
            "project_cost_gbp": 120_000,
            "risks": [
                {
                    "id": f"{key}r1",
                    "kind": "activity",
                    "description": f"Demand does not fall for {key}",
                    "consequence": "Beds stay open and cost stays in.",
                    "mitigation": "Weekly figures to practices; visits to the highest.",
                    "owner": f"Manager {key}",
                    "status": "open",
                    "likelihood": 3,
                    "impact": 4,
                    "action_under_way": True,
                    "reviewed_on": "2011-09-15",
                }
            ],
        }

    def card(self, month: str) -> dict[str, Any]:
        """The report card of one month."""
        upto = MONTHS.index(month) + 1
        return {
            "template": "report-card@2011.1",
            "region": "Q33",
            "round": "2011-12",
            "period": month,
            "plan_digest": digest(pruned(self.plan)),
            "position": {"summary": "On plan but for urgent care.", "figures_as_at": f"{month}-28"},
            "lines": [
                {
                    "id": f"l{n}",
                    "kind": "workstream",
                    "name": _THEMES[(n - 1) % len(_THEMES)],
                    "workstream_id": f"w{n}",
                    "regional_alignment": "Serves the first aim of the regional plan.",
                    "national_workstreams": ["right-care"],
                    "national_alignment": "Part of the national collaborative.",
                }
                for n in range(1, self.workstreams + 1)
            ],
            "tracker": [self._tracked(one, month, upto) for one in self.plan["initiatives"]],
        }

    def _tracked(self, planned: dict[str, Any], month: str, upto: int) -> dict[str, Any]:
        line = planned["savings"][0]
        amount = line["planned"][month]
        share = self._random.choice((70, 92, 97, 100, 104))
        return {
            "id": planned["id"],
            "code": planned["code"],
            "name": planned["name"],
            "workstream_id": planned["programme_id"].replace("p", "w"),
            "updated_on": f"{month}-28",
            "milestones": [
                one
                | (
                    {"met_on": one["due"], "status": "done"}
                    if one["due"] <= f"{month}-30" and self._random.random() < 0.85
                    else {"status": "under_way"}
                )
                for one in planned["milestones"]
            ],
            "kpis": [
                {
                    "id": one["id"],
                    "name": one["name"],
                    "kind": one["kind"],
                    "better_when": one["better_when"],
                    "expected": one["trajectory"][month],
                    "actual": str(int(one["trajectory"][month]) + self._random.choice((-4, 0, 3))),
                    "updated_on": f"{month}-28",
                }
                for one in planned["kpis"]
            ],
            "savings": [
                {
                    "id": line["id"],
                    "name": line["name"],
                    "recurrent": line["recurrent"],
                    "cash_effect": line["cash_effect"],
                    "spending_area": line["spending_area"],
                    "planned_month_gbp": amount,
                    "actual_month_gbp": amount * share // 100,
                    "planned_to_date_gbp": amount * upto,
                    "actual_to_date_gbp": amount * upto * share // 100,
                    "planned_year_gbp": amount * 12,
                    "forecast_year_gbp": amount * 12 * share // 100,
                    "evidence": line["evidence"],
                }
            ],
            "risks": planned["risks"],
        }


def load_sets() -> tuple[CriteriaSet, ...]:
    """The criteria sets as they are published."""
    return library().newest()


def rated(
    document: dict[str, Any],
    sets: Sequence[CriteriaSet],
    plan: dict[str, Any] | None = None,
    as_of: date = AS_OF,
    judgements: Sequence[dict[str, Any]] = (),
) -> RatedReturn:
    """Rate a document by the real engine."""
    document = pruned(document)
    documents = {digest(pruned(plan)): pruned(plan)} if plan else {}
    context = {
        "organisation": {"code": "Q33", "name": "East Midlands", "tier": "regional"},
        "challenge_gbp": 1_480_000_000,
        "baseline_plan": next(iter(documents), None),
    }
    facts = facts_of(document, context, documents, as_of)
    assessment = rate(facts, judgements, context, sets, as_of).to_json()
    return RatedReturn(document, assessment, facts.digest, facts, sets)


def judgements_for(source: RatedReturn, share: float = 0.9, seed: int = 7) -> list[dict[str, Any]]:
    """Judgements on most of the checks of an assessment that wait for one."""
    random = Random(seed)  # noqa: S311 - made-up ratings, no secrets
    versions = {one["set"]: one["version"] for one in source.assessment["criteria"]}
    return [
        {
            "set": criterion["set"],
            "version": versions[criterion["set"]],
            "check": check["id"],
            "check_digest": check["digest"],
            "subject_kind": subject["kind"],
            "subject_id": subject["id"],
            "rating": random.choice(("green", "green", "green", "green", "amber", "red")),
            "reason": "The account is clear, and the costs of change are counted.",
            "by": "Reviewer",
            "at": "2011-10-12T10:00:00Z",
        }
        for subject in source.assessment["subjects"]
        for criterion in subject["criteria"]
        for check in criterion["checks"]
        if check["because"] == "judgement_outstanding" and random.random() < share
    ]


def card_source(
    region: SampleRegion,
    sets: Sequence[CriteriaSet],
    month: str = "2011-09",
    judged_share: float = 0.9,
    **more: Any,
) -> PackSource:
    """What a pack of the card of one month is made from."""
    cards = [region.card(one) for one in MONTHS[: MONTHS.index(month) + 1]]
    main, plan = rated(cards[-1], sets, region.plan), rated(region.plan, sets)
    if judged_share:
        told = judgements_for(main, judged_share)
        main = rated(cards[-1], sets, region.plan, judgements=told)
        plan = rated(region.plan, sets, judgements=judgements_for(plan, judged_share))
    return PackSource(
        organisation_code="Q33",
        organisation_name="East Midlands",
        round_title="Planning round 2011-12",
        main=main,
        as_of=AS_OF,
        plan=plan,
        cards=[pruned(one) for one in cards],
        **more,
    )


@dataclass(frozen=True)
class Made:
    """A pack as it was printed: what it says, its bytes, a file of it, and its pages as text."""

    content: PackContent
    pdf: bytes
    path: Path
    pages: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole text, with single blanks."""
        return one_line(" ".join(self.pages))


def one_line(text: str) -> str:
    """A text with single blanks, as it can be compared however its lines were broken."""
    return " ".join(text.split())


def make(content: PackContent, folder: Path) -> Made:
    """Print a pack and read its pages, in the order in which their text was written."""
    pdf = render_pack(content)
    path = folder / "pack.pdf"
    path.write_bytes(pdf)
    read = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", str(path), "-"], check=True, capture_output=True
    )
    pages = read.stdout.decode().split("\f")[:-1]
    return Made(content, pdf, path, tuple(pages))
