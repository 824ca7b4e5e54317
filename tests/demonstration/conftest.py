"""The demonstration year, made once for all tests of it."""

from __future__ import annotations

import pytest

from qipp_assure.demonstration.year import DemonstrationYear, build


@pytest.fixture(scope="session")
def year() -> DemonstrationYear:
    return build()
