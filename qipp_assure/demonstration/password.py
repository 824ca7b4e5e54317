"""The one password of all demonstration accounts: random, made once an installation, kept in its home."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from qipp_assure.demonstration.wording import load_words

FILE = "demonstration-password"
_WORDS = 4


def kept_password(home: Path) -> tuple[str, bool]:
    """Give the password kept in a home, made now where there is none.

    Returns:
        The password, and whether it was made now.
    """
    place = home / FILE
    try:
        kept = place.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        kept = ""
    if kept:
        return kept, False
    made = "-".join(
        [
            *(secrets.choice(load_words("names")["place_first"]).lower() for _ in range(_WORDS)),
            f"{secrets.randbelow(10_000):04d}",
        ]
    )
    part = place.with_name(FILE + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(made + "\n")
    part.replace(place)
    return made, True
