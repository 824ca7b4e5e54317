"""Renews the committed stylesheet, script, icons and font from npm.

`python -m qipp_assure.web.renew_assets`.

Only whoever renews the assets needs Node; a user's machine never does.  The packages' stylesheet
fetches a font from a public host and names its icons by absolute address: both are rewritten here,
so that a page loads from its own host alone.  `SHA256SUMS` lists what is committed.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

NHSUK = Path(__file__).parent / "static" / "nhsuk"
PACKAGES = ("nhsuk-frontend@10.6.1", "@fontsource/arimo@5.3.0")
FONT_STACK = 'Arimo, "Liberation Sans", Arial, sans-serif'
WEIGHTS = (400, 700)
SCRIPTS = ("latin", "latin-ext")
ICONS = (
    "favicon.ico",
    "favicon.svg",
    "nhsuk-icon-180.png",
    "nhsuk-icon-arrow-down.svg",
    "nhsuk-icon-arrow-up-down.svg",
    "nhsuk-icon-arrow-up.svg",
    "nhsuk-icon-cross.svg",
    "nhsuk-icon-mask.svg",
)

NOTE = "/* nhsuk-frontend 10.6.1, Crown copyright, MIT licence; changed by renew_assets.py */\n"

_FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
_FRUTIGER = re.compile(r"font-family:Frutiger W01,arial,sans-serif")
_SOURCE_MAP = re.compile(r"\n?/[/*]# sourceMappingURL=\S+(?: \*/)?\s*$")


def without_outside_addresses(stylesheet: str) -> str:
    """The NHS stylesheet with our font, icons beside it, and no address of another host.

    >>> without_outside_addresses(
    ...     "@font-face{src:url(https://x)}a{font-family:Frutiger W01,arial,"
    ...     "sans-serif;background:url(/assets/images/i.svg)}"
    ... )
    'a{font-family:Arimo, "Liberation Sans", Arial, sans-serif;background:url(images/i.svg)}'
    """
    text = _FONT_FACE.sub("", stylesheet)
    text = _FRUTIGER.sub(f"font-family:{FONT_STACK}", text)
    text = text.replace("url(/assets/images/", "url(images/")
    return without_source_map(text)


def without_source_map(text: str) -> str:
    """A stylesheet or script without the line that names its source map, which is not shipped."""
    return _SOURCE_MAP.sub("\n", text)


def sums(folder: Path) -> str:
    """The lines of `SHA256SUMS` for every file of a folder but that list itself.

    Files with their digests in the order of their names, as `sha256sum --check` reads them.
    """
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "SHA256SUMS")
    return "".join(
        f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder).as_posix()}\n"
        for p in files
    )


def _font_faces(package: Path) -> str:
    """Copies the font files we use and returns the package's own rules for them."""
    (NHSUK / "fonts").mkdir(exist_ok=True)
    rules = [
        "/* Arimo, by the Arimo Project Authors: SIL Open Font License 1.1, fonts/LICENSE */\n"
    ]
    for weight in WEIGHTS:
        sheet = (package / f"{weight}.css").read_text(encoding="utf-8")
        for script in SCRIPTS:
            name = f"arimo-{script}-{weight}-normal"
            rule = re.search(rf"/\* {name} \*/\n(@font-face \{{[^}}]*\}})", sheet)
            if rule is None:
                raise SystemExit(f"{name} is not in the font package's {weight}.css")
            local = re.sub(
                r"src: [^;]*;", f"src: url(fonts/{name}.woff2) format('woff2');", rule[1]
            )
            rules.append(f"{local}\n")
            shutil.copyfile(package / "files" / f"{name}.woff2", NHSUK / "fonts" / f"{name}.woff2")
    return "".join(rules)


def renew(modules: Path) -> None:
    """Writes the assets out of an unpacked `node_modules` folder."""
    NHSUK.mkdir(parents=True, exist_ok=True)
    dist = modules / "nhsuk-frontend" / "dist" / "nhsuk"
    css = (dist / "nhsuk-frontend.min.css").read_text(encoding="utf-8")
    (NHSUK / "nhsuk-frontend.min.css").write_text(
        without_outside_addresses(css) + NOTE, encoding="utf-8"
    )
    script = (dist / "nhsuk-frontend.min.js").read_text(encoding="utf-8")
    (NHSUK / "nhsuk-frontend.min.js").write_text(
        without_source_map(script) + NOTE, encoding="utf-8"
    )
    (NHSUK / "images").mkdir(exist_ok=True)
    for icon in ICONS:
        shutil.copyfile(dist / "assets" / "images" / icon, NHSUK / "images" / icon)
    fonts = modules / "@fontsource" / "arimo"
    (NHSUK / "fonts.css").write_text(_font_faces(fonts), encoding="utf-8")
    shutil.copyfile(fonts / "LICENSE", NHSUK / "fonts" / "LICENSE")
    (NHSUK / "SHA256SUMS").write_text(sums(NHSUK), encoding="utf-8")


def main() -> None:
    """Fetches the pinned packages into a folder of the moment and writes the assets from them."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "install", "--no-save", "--ignore-scripts", "--prefix", folder, *PACKAGES]
        subprocess.run(command, check=True)  # noqa: S603 - the words are constants of this file
        renew(Path(folder) / "node_modules")


if __name__ == "__main__":
    main()
