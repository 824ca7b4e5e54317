"""The locks: every package pinned and hashed, no address, and the tests' lock a superset."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "tests/requirements.lock")


def pins(lock: str) -> dict[str, str]:
    """Return version by package; a package may have several, by marker."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Za-z0-9._-]+(?:\[[a-z]+\])?==[^ ;\\]+)(.*)$", text, re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+(\[[a-z]+\])?==", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry
    assert "://" not in text
    assert " @ " not in text
    assert not re.search(r"^--(index|extra|find)", text, re.MULTILINE)


def test_the_tests_run_against_the_very_versions_that_are_installed() -> None:
    assert pins("requirements.lock").items() <= pins("tests/requirements.lock").items()


def test_what_the_project_asks_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {
        "requirements.lock": project["project"]["dependencies"],
        "tests/requirements.lock": project["dependency-groups"]["test"],
    }
    for lock, requirements in asked.items():
        locked = {pin.split("==")[0].split("[")[0] for pin in pins(lock)}
        names = {re.split(r"[\[><=]", requirement)[0].lower() for requirement in requirements}
        assert names <= locked
