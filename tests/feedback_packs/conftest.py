"""Packs of a made-up region, printed once for all tests; the press prints nothing twice."""

from __future__ import annotations

from datetime import date

import pytest

from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.feedback_packs import press
from qipp_assure.feedback_packs.content import PackContent
from qipp_assure.feedback_packs.pack import html_of, render_pack
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
def printed() -> dict[str, bytes]:
    """What the press has printed in this run, by what was laid out."""
    return {}


@pytest.fixture(autouse=True)
def _print_once(monkeypatch: pytest.MonkeyPatch, printed: dict[str, bytes]) -> None:
    """Keep what the press prints: `test_tags` shows that the same content gives the same bytes."""

    def once(content: PackContent) -> bytes:
        html = html_of(content)
        if html not in printed:
            printed[html] = render_pack(content)
        return printed[html]

    monkeypatch.setattr(press, "render_pack", once)


@pytest.fixture(scope="session")
def criteria_sets() -> tuple[CriteriaSet, ...]:
    """The criteria sets as they are published."""
    return load_sets()


@pytest.fixture(scope="session")
def small_source(criteria_sets: tuple[CriteriaSet, ...]) -> PackSource:
    """A small region: three workstreams of two initiatives each."""
    return card_source(SampleRegion(), criteria_sets)


@pytest.fixture(scope="session")
def least_source(criteria_sets: tuple[CriteriaSet, ...]) -> PackSource:
    """One initiative, for what can be seen on any pack."""
    region = SampleRegion(workstreams=1, initiatives=1)
    return PackSource(
        organisation_code="Q33",
        organisation_name="East Midlands",
        round_title="Planning round 2011-12",
        main=rated(region.plan, criteria_sets),
        as_of=date(2011, 3, 31),
    )


@pytest.fixture(scope="session")
def made(small_source: PackSource, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The pack of the small region's report card."""
    return make(pack_content(small_source), tmp_path_factory.mktemp("card"))


@pytest.fixture(scope="session")
def made_of_plan(
    criteria_sets: tuple[CriteriaSet, ...], tmp_path_factory: pytest.TempPathFactory
) -> Made:
    """The pack of the small region's plan, undecided and with nothing judged."""
    region = SampleRegion(workstreams=2, initiatives=1)
    source = PackSource(
        organisation_code="Q33",
        organisation_name="East Midlands",
        round_title="Planning round 2011-12",
        main=rated(region.plan, criteria_sets),
        as_of=date(2011, 3, 31),
    )
    return make(pack_content(source), tmp_path_factory.mktemp("plan"))
