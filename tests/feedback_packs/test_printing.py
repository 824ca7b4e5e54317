"""The door to WeasyPrint: what it fetches, what it says where Pango is missing, how it leaves gc."""

from __future__ import annotations

import builtins
import gc
import subprocess
import sys
from typing import Any

import pytest

from qipp_assure.feedback_packs import printing
from qipp_assure.feedback_packs.printing import PrinterMissing, print_document

PAGE = "<!doctype html><html lang='en-GB'><head><title>T</title></head><body><h1>T</h1>{}</body>"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/x.png",
        "file:///etc/hostname",
        "data:image/png;base64,AAAA",
        "pack-font:../../../etc/passwd",
        "pack-font:other.woff2",
    ],
)
def test_every_address_but_our_fonts_is_refused(address: str) -> None:
    printed = print_document(PAGE.format(f"<img alt='x' src='{address}'>"), "", "a")
    assert printed.refused == (address,)


def test_our_fonts_are_given_and_the_extended_ones_only_where_needed() -> None:
    assert "arimo-latin-ext" not in printing.font_faces("plain text, £5 – “quoted”")
    assert printing.font_faces("Ŵ").count("arimo-latin-ext") == 2
    assert print_document(PAGE.format("Ŵ"), "body { font-family: Arimo }", "a").refused == ()


def test_the_collector_is_on_again_afterwards() -> None:
    assert gc.isenabled()
    print_document(PAGE.format(""), "", "a")
    assert gc.isenabled()


def test_without_pango_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_pango(name: str, *args: Any, **named: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **named)

    monkeypatch.setattr(builtins, "__import__", without_pango)
    with pytest.raises(PrinterMissing, match="apt-get install libpango"):
        print_document(PAGE.format(""), "", "a")


def test_importing_the_room_does_not_import_weasyprint() -> None:
    code = (
        "import sys; import qipp_assure.feedback_packs.pack; "
        "import qipp_assure.feedback_packs.presenters; "
        "sys.exit('weasyprint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
