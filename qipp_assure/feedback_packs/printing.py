"""The door to WeasyPrint: one document of ours in, PDF bytes out, nothing fetched on the way.

WeasyPrint is imported late, because it fails at import where Pango is not installed.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from qipp_assure.vocabulary import Refused

FONT_SCHEME = "pack-font:"
_FONTS = resources.files("qipp_assure.web") / "static" / "nhsuk" / "fonts"
# Two files under one family name and weight are taken for one font, and the letters of the
# second are drawn with the first: each file has a family of its own.
_FACES = (
    ("arimo-latin-400-normal.woff2", "Arimo", 400),
    ("arimo-latin-700-normal.woff2", "Arimo", 700),
    ("arimo-latin-ext-400-normal.woff2", "Arimo Extended", 400),
    ("arimo-latin-ext-700-normal.woff2", "Arimo Extended", 700),
)
_EXTENDED = re.compile("[\u0100-\u02bf\u1d00-\u1eff\u20a0-\u20cf\u2113\u2c60-\u2c7f\ua720-\ua7ff]")
WHAT_TO_INSTALL = (
    "Packs are made with WeasyPrint, which needs Pango and fonts. On Debian or Ubuntu: "
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation "
    "fonts-dejavu-core"
)


class PrinterMissing(Refused):
    """WeasyPrint cannot be loaded on this machine; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF, and every address it asked for that was refused (none, if we made it right)."""

    pdf: bytes
    refused: tuple[str, ...] = field(default=())


def font_faces(html: str) -> str:
    """CSS that declares the fonts a document needs, by addresses only our fetcher knows."""
    needed = [face for face in _FACES if face[1] == "Arimo" or _EXTENDED.search(html)]
    return "\n".join(
        f"@font-face {{ font-family: '{family}'; font-weight: {weight}; font-style: normal; "
        f"src: url({FONT_SCHEME}{name}) format('woff2'); }}"
        for name, family, weight in needed
    )


def print_document(html: str, css: str, identifier: str) -> Printed:
    """Lay a document out as a tagged PDF.

    Args:
        html: the whole document; user text in it is escaped already.
        css: our own style sheet, without any user text.
        identifier: what the document is, such as a digest; the file's /ID is made of it.

    Raises:
        PrinterMissing: WeasyPrint or a library that it needs is not installed.
    """
    weasyprint = _weasyprint()
    fonts = _font_configuration()
    fetcher, refused = _fetcher()
    with _no_garbage_collection():
        sheet = weasyprint.CSS(
            string=font_faces(html) + css, font_config=fonts, url_fetcher=fetcher
        )
        document = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url=None)
        pdf = document.write_pdf(
            stylesheets=[sheet],
            font_config=fonts,
            pdf_variant="pdf/ua-1",
            pdf_identifier=identifier.encode("ascii"),
            uncompressed_pdf=True,  # the finisher compresses, and does it faster
        )
    return Printed(pdf, tuple(refused))


def _weasyprint() -> Any:
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        raise PrinterMissing(f"{WHAT_TO_INSTALL} ({error})") from error
    return weasyprint


def _font_configuration() -> Any:
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _fetcher() -> tuple[Any, list[str]]:
    """A fetcher that knows our fonts by their exact names and refuses everything else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    known = {FONT_SCHEME + name: _FONTS / name for name, _, _ in _FACES}
    refused: list[str] = []

    class FontsOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint comes without types
        """Gives our own fonts; no network, no files."""

        def fetch(self, url: str, headers: object = None) -> Any:
            """Give the font of that name; raise for any other address."""
            if url not in known:
                refused.append(url)
                raise ValueError(f"a pack fetches nothing, and was asked for {url[:80]}")
            return URLFetcherResponse(url, known[url].read_bytes())

    return FontsOnly(), refused


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Keep the collector off while boxes are made by the hundred thousand: it finds nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
