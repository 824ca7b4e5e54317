"""The outline of a region: its workstreams, programmes, initiatives and savings lines, no figures.

Each initiative gets a course (how delivery goes) and gaps (what its papers leave out); the
figures, the plan and the report cards all follow these, so that one story runs through the year.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from qipp_assure.demonstration.bodies import Body
from qipp_assure.demonstration.wording import (
    InitiativeWording,
    RegionSettings,
    chance,
    load_words,
    person,
    rng_for,
    sentence,
    workstream_wordings,
)
from qipp_assure.vocabulary import PhasedBy, SpendingArea, Tier


class Course(StrEnum):
    """How delivery goes."""

    ON = "on"
    SLIPPING = "slipping"
    OFF = "off"
    OVER = "over"


# What an initiative's papers may leave out.
GAPS = (
    "scope",
    "dependencies",
    "manager",
    "capacity",
    "clinicians",
    "local",
    "milestone_owner",
    "kpi_target",
    "kpi_actual",
    "assumptions",
    "project_cost",
    "risk_owner",
    "risk_mitigation",
    "risk_idle",
    "method",
    "stale",
    "forecast_stale",
)


@dataclass(slots=True)
class LineOutline:
    """A savings line without figures; `added` ones were found after the plan was made."""

    key: str
    name: str
    area: SpendingArea
    body: Body
    weight: float
    course: Course
    efficiency_area: int
    phased_by: PhasedBy
    start: int
    added: bool = False
    silent: bool = False
    later: bool = False


@dataclass(slots=True)
class InitiativeOutline:
    """An initiative without figures; `place` is where it begins."""

    key: str
    code: str
    wording: InitiativeWording
    workstream: str
    programme: str
    course: Course
    gaps: frozenset[str]
    transformational: bool
    sponsor: str
    manager: str
    place: str
    body: Body
    lines: list[LineOutline] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WorkstreamOutline:
    """A workstream with its programmes: id and name."""

    key: str
    code: str
    name: str
    lead: str
    national: tuple[str, ...]
    programmes: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class RegionOutline:
    """A region without figures."""

    settings: RegionSettings
    bodies: list[Body]
    workstreams: list[WorkstreamOutline]
    initiatives: list[InitiativeOutline]

    @property
    def pcts(self) -> list[Body]:
        """The region's primary care trusts."""
        return [body for body in self.bodies if body.tier is Tier.COMMISSIONER]

    @property
    def lines(self) -> list[LineOutline]:
        """All savings lines of the region."""
        return [line for initiative in self.initiatives for line in initiative.lines]


def outline_region(seed: int, settings: RegionSettings, bodies: list[Body]) -> RegionOutline:
    """Lay out one region."""
    rng = rng_for(seed, settings.code, "outline")
    chosen = _choose(rng, settings)
    courses = _courses(rng, settings, len(chosen))
    workstreams: list[WorkstreamOutline] = []
    initiatives: list[InitiativeOutline] = []
    for number, (name, kinds) in enumerate(settings.workstreams.items(), start=1):
        mine = [entry for entry in chosen if entry[0] == name]
        programmes = list(dict.fromkeys(programme for _, programme, _ in mine))
        key = f"ws{number:02d}"
        ids = {programme: f"{key}-p{index}" for index, programme in enumerate(programmes, start=1)}
        national = sorted({code for kind in kinds for code in workstream_wordings()[kind].national})
        workstreams.append(
            WorkstreamOutline(
                key,
                f"WS{number:02d}",
                name,
                person(rng),
                tuple(national),
                tuple((ids[programme], programme) for programme in programmes),
            )
        )
        for index, (_, programme, wording) in enumerate(mine, start=1):
            initiatives.append(
                _initiative(
                    rng, settings, bodies, wording, courses.pop(), key, ids[programme], index
                )
            )
    _lines(seed, settings, bodies, initiatives)
    return RegionOutline(settings, bodies, workstreams, initiatives)


def _choose(
    rng: random.Random, settings: RegionSettings
) -> list[tuple[str, str, InitiativeWording]]:
    """Choose the initiatives, three at least for each workstream, all ten spending areas among them."""
    kinds = workstream_wordings()
    on_offer = {
        name: [
            (name, programme, wording)
            for kind in of
            for programme, wordings in kinds[kind].programmes.items()
            for wording in wordings
        ]
        for name, of in settings.workstreams.items()
    }
    wanted: list[tuple[str, str, InitiativeWording]] = []
    for area in SpendingArea:
        having = [
            entry for entries in on_offer.values() for entry in entries if entry[2].area is area
        ]
        if not any(entry[2].area is area for entry in wanted):
            wanted.append(rng.choice(having))
    for name, entries in on_offer.items():
        spare = [entry for entry in entries if entry not in wanted]
        rng.shuffle(spare)
        missing = 3 - sum(entry[0] == name for entry in wanted)
        wanted += spare[: max(missing, 0)]
    rest = [entry for entries in on_offer.values() for entry in entries if entry not in wanted]
    rng.shuffle(rest)
    wanted += rest[: settings.initiatives - len(wanted)]
    return [entry for entries in on_offer.values() for entry in entries if entry in wanted]


def _courses(rng: random.Random, settings: RegionSettings, count: int) -> list[Course]:
    on = round(count * settings.delivery)
    over = round((count - on) * settings.over)
    off = round((count - on - over) * 0.34)
    courses = [Course.ON] * on + [Course.OVER] * over + [Course.OFF] * off
    courses += [Course.SLIPPING] * (count - len(courses))
    rng.shuffle(courses)
    return courses


def _gaps(rng: random.Random, care: float) -> frozenset[str]:
    """Most papers are whole; some lack one or two things, a few lack many."""
    roll = rng.random()
    if roll < care:
        return frozenset()
    fair = roll < care + (1 - care) * 0.6
    count = rng.randint(1, 2) if fair else rng.randint(4, 7)
    return frozenset(rng.sample(GAPS, count))


def _initiative(
    rng: random.Random,
    settings: RegionSettings,
    bodies: list[Body],
    wording: InitiativeWording,
    course: Course,
    workstream: str,
    programme: str,
    index: int,
) -> InitiativeOutline:
    provider = wording.area in (
        SpendingArea.ACUTE,
        SpendingArea.MENTAL_HEALTH,
        SpendingArea.AMBULANCE,
    )
    tier = Tier.PROVIDER if provider else Tier.COMMISSIONER
    body = rng.choice([body for body in bodies if body.tier is tier])
    return InitiativeOutline(
        key=f"{workstream}-i{index}",
        code=f"{workstream.upper()}-{index}",
        wording=wording,
        workstream=workstream,
        programme=programme,
        course=course,
        gaps=_gaps(rng, settings.care),
        transformational=chance(rng, 6),
        sponsor=person(rng),
        manager=person(rng),
        place=body.name.split()[0],
        body=body,
    )


def _lines(
    seed: int, settings: RegionSettings, bodies: list[Body], initiatives: list[InitiativeOutline]
) -> None:
    """Give each initiative its savings lines, and each spending area one line that surely saves."""
    covered: set[SpendingArea] = set()
    for initiative in initiatives:
        rng = rng_for(seed, settings.code, initiative.key, "lines")
        if initiative.wording.area not in covered:
            initiative.transformational = False
        count = rng.choices((1, 2, 3), (60, 30, 10))[0]
        names = rng.sample(load_words("initiative_sentences")["savings_line"], count)
        for number in range(1, count + 1):
            line = _line(rng, initiative, number, names[number - 1], bodies)
            line.later = initiative.transformational
            line.silent = line.silent and initiative.wording.area in covered and not line.later
            initiative.lines.append(line)
            covered.add(line.area)
    # Savings found since the plan was made go where delivery is ahead, before anywhere else.
    order = rng_for(seed, settings.code, "added")
    able = [initiative for initiative in initiatives if not initiative.transformational]
    able.sort(key=lambda initiative: (initiative.course is not Course.OVER, order.random()))
    for initiative in able[: round(settings.added * len(initiatives))]:
        number = len(initiative.lines) + 1
        line = _line(order, initiative, number, "{name}: found since the plan", bodies)
        line.added, line.silent, line.phased_by = True, False, PhasedBy.MONTH
        initiative.lines.append(line)


def _line(
    rng: random.Random,
    initiative: InitiativeOutline,
    number: int,
    name: str,
    bodies: Sequence[Body],
) -> LineOutline:
    body = initiative.body
    if number > 1:
        body = rng.choice([other for other in bodies if other.tier is body.tier])
    return LineOutline(
        key=f"{initiative.key}-s{number}",
        name=sentence(rng, [name], name=initiative.wording.name, body=body.name),
        area=initiative.wording.area,
        body=body,
        weight=rng.uniform(0.6, 1.8),
        course=initiative.course,
        efficiency_area=initiative.wording.efficiency_area,
        phased_by=rng.choices((PhasedBy.MONTH, PhasedBy.QUARTER, PhasedBy.YEAR), (80, 15, 5))[0],
        start=rng.choices((0, 1, 2, 3, 5), (45, 15, 15, 20, 5))[0],
        silent=body.foundation and chance(rng, 6),
    )
