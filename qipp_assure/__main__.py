"""``python -m qipp_assure`` is the ``qipp-assure`` command."""

from __future__ import annotations

from qipp_assure.cli import main

if __name__ == "__main__":
    main()
