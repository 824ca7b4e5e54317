"""The words of the demonstration year, read from the YAML files in ``words/``, and how they vary."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from qipp_assure.vocabulary import BetterWhen, KpiKind, SpendingArea

_FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True, slots=True)
class KpiWording:
    """A KPI that initiatives may use; `change` is the share of the baseline to improve by."""

    key: str
    kind: KpiKind
    name: str
    unit: str
    better_when: BetterWhen
    lowest: float
    highest: float
    change: float
    decimals: int


@dataclass(frozen=True, slots=True)
class InitiativeWording:
    """An initiative that regions may run."""

    name: str
    area: SpendingArea
    efficiency_area: int
    does: str
    gain: str
    kpis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkstreamWording:
    """A kind of workstream: its links to the national ones and its programmes by name."""

    national: tuple[str, ...]
    programmes: Mapping[str, tuple[InitiativeWording, ...]]


@dataclass(frozen=True, slots=True)
class RegionSettings:
    """How one region of the demonstration is made; see ``words/regions.yaml``."""

    code: str
    name: str
    pcts: int
    initiatives: int
    care: float
    delivery: float
    delivery_pct: int | None
    over: float
    added: float
    weak: frozenset[str]
    workstreams: Mapping[str, tuple[str, ...]]


@cache
def load_words(name: str) -> Any:
    """Read one file of words; the name is without its ending."""
    with (_FOLDER / f"{name}.yaml").open(encoding="utf-8") as file:
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both loaders are safe ones


@cache
def kpi_wordings() -> dict[str, KpiWording]:
    """Give all KPIs by key."""
    return {
        key: KpiWording(key, KpiKind(row[0]), row[1], row[2], BetterWhen(row[3]), *row[4:])
        for key, row in load_words("kpis").items()
    }


@cache
def workstream_wordings() -> dict[str, WorkstreamWording]:
    """Give all kinds of workstream by key."""
    return {
        key: WorkstreamWording(
            tuple(entry["national"]),
            {
                programme: tuple(
                    InitiativeWording(
                        row[0], SpendingArea(row[1]), row[2], row[3], row[4], tuple(row[5])
                    )
                    for row in rows
                )
                for programme, rows in entry["programmes"].items()
            },
        )
        for key, entry in load_words("workstreams").items()
    }


@cache
def region_settings() -> dict[str, RegionSettings]:
    """Give the settings of the ten regions by organisation code."""
    return {
        code: RegionSettings(
            code=code,
            name=entry["region"],
            pcts=entry["pcts"],
            initiatives=entry["initiatives"],
            care=entry["care"],
            delivery=entry["delivery"],
            delivery_pct=entry.get("pct"),
            over=entry["over"],
            added=entry["added"],
            weak=frozenset(entry["weak"]),
            workstreams={name: tuple(kinds) for name, kinds in entry["workstreams"].items()},
        )
        for code, entry in load_words("regions").items()
    }


def sentence(rng: random.Random, choices: Sequence[str], **names: object) -> str:
    """Pick a sentence and fill its names in.

    >>> sentence(random.Random(1), ["To {does}."], does="see people sooner")
    'To see people sooner.'
    """
    return rng.choice(choices).format(**names)


def chance(rng: random.Random, pct: float) -> bool:
    """Let something happen in so many of a hundred cases."""
    return rng.random() * 100 < pct


def person(rng: random.Random) -> str:
    """Make up a person's name."""
    names = load_words("names")
    return f"{rng.choice(names['first'])} {rng.choice(names['last'])}"


def rng_for(seed: int, *about: object) -> random.Random:
    """Give a generator that depends on the seed and on what it is for, and on nothing else.

    So a change to one initiative leaves all others as they were.
    """
    return random.Random(":".join(map(str, (seed, *about))))  # noqa: S311 - made-up data, no secret
