"""Packs of a made-up region, printed once for all tests."""

from __future__ import annotations

from datetime import date

import pytest

from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.feedback_packs.presenters import PackSource, pack_content
from tests.feedback_packs.sample import (
    Made,
    SampleRegion,
    card_source,
    load_sets,
    make,
    rated,
)


@pytest.fixture(scope="session")
def criteria_sets() -> tuple[CriteriaSet, ...]:
    """The criteria sets as they are published."""
    return load_sets()


@pytest.fixture(scope="session")
def small_source(criteria_sets: tuple[CriteriaSet, ...]) -> PackSource:
    """A small region: three workstreams of two initiatives each."""
    return card_source(SampleRegion(), criteria_sets)


@pytest.fixture(scope="session")
def made(small_source: PackSource, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The pack of the small region's report card."""
    return make(pack_content(small_source), tmp_path_factory.mktemp("card"))


@pytest.fixture(scope="session")
def made_of_plan(
    criteria_sets: tuple[CriteriaSet, ...], tmp_path_factory: pytest.TempPathFactory
) -> Made:
    """The pack of the small region's plan, undecided and with nothing judged."""
    region = SampleRegion(workstreams=2, initiatives=2)
    source = PackSource(
        organisation_code="Q33",
        organisation_name="East Midlands",
        round_title="Planning round 2011-12",
        main=rated(region.plan, criteria_sets),
        as_of=date(2011, 3, 31),
    )
    return make(pack_content(source), tmp_path_factory.mktemp("plan"))
