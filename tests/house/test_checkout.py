"""The checkout as a whole: what may not stand in it, and what must."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {".git", ".venv", "var", "node_modules", "__pycache__"}
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".lock",
    ".yaml",
    ".yml",
    ".json",
    ".jinja",
    ".html",
    ".css",
    ".js",
    "",
}
LONGEST_MODULE = 400
PURE = ("criteria_engine", "returns", "vocabulary")


def files(folder: Path = ROOT) -> Iterator[Path]:
    """Yield the checkout's own text files."""
    for path in sorted(folder.iterdir()):
        if path.name in NOT_OURS or path.name.endswith("_cache") or path.name == ".hypothesis":
            continue
        if path.is_dir():
            yield from files(path)
        elif path.suffix in TEXT:
            yield path


def modules() -> list[Path]:
    return [path for path in files() if path.suffix == ".py"]


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    places = re.compile(r"(?<![\w.])[/](?:work|root|home/\w+)/")
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in files()
        for match in places.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_package_can_be_imported_without_the_web() -> None:
    assert (ROOT / "qipp_assure" / "__init__.py").read_bytes() == b""


def test_modules_are_of_a_size_that_can_be_read() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules()
        if (lines := path.read_text(encoding="utf-8").count("\n")) > LONGEST_MODULE
    }
    assert long == {}


def test_modules_are_named_for_what_lives_in_them() -> None:
    vague = {"utils", "helpers", "common", "misc", "managers", "util", "helper"}
    assert [str(path) for path in modules() if path.stem in vague] == []
    assert [str(path) for path in modules() if vague & set(path.parent.parts)] == []


def test_every_exception_from_a_rule_says_why() -> None:
    bare = re.compile(
        r"#\s*(?:noqa|type:\s*ignore)(?:\s*[:\[]\s*[A-Za-z0-9, -]+\]?)?\s*$", re.MULTILINE
    )
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in modules()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line) and " - " not in line.rpartition("#")[2]
    ]
    assert found == []


def test_the_readme_gives_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = {line.strip() for line in readme.splitlines()}
    assert {"./run", "./run test"} <= lines


@pytest.mark.parametrize("room", PURE)
def test_the_pure_rooms_import_without_web_database_or_pdf(room: str) -> None:
    program = f"""
import importlib, pkgutil, sys
for name in ("flask", "jinja2", "sqlalchemy", "alembic", "wtforms", "weasyprint", "openpyxl",
             "xlsxwriter", "python_calamine", "pikepdf", "psycopg"):
    sys.modules[name] = None
room = importlib.import_module("qipp_assure.{room}")
for module in pkgutil.walk_packages(getattr(room, "__path__", []), room.__name__ + "."):
    importlib.import_module(module.name)
print("whole")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "whole\n"
