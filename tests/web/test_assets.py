"""The committed assets are those that the renewing script wrote, and name no other host."""

from __future__ import annotations

import re

from qipp_assure.web import frame, renew_assets


def test_the_assets_are_those_that_were_committed() -> None:
    listed = (renew_assets.NHSUK / "SHA256SUMS").read_text(encoding="utf-8")
    assert renew_assets.sums(renew_assets.NHSUK) == listed


def test_no_stylesheet_or_script_names_another_host() -> None:
    for path in [*frame.STATIC.rglob("*.css"), *frame.STATIC.rglob("*.js")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"url\(\s*['\"]?(?:https?:|//|/)", text)
        assert "sourceMappingURL" not in text
        assert "Frutiger" not in text


def test_every_picture_and_font_that_a_stylesheet_names_is_there() -> None:
    for path in frame.STATIC.rglob("*.css"):
        for name in re.findall(r"url\(['\"]?([^)'\"#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / name).is_file(), name


def test_the_stylesheet_is_rewritten() -> None:
    before = "@charset x;@font-face{src:url(https://h/f)}a{b:url(/assets/images/i.svg)}\n"
    after = renew_assets.without_outside_addresses(before + "/*# sourceMappingURL=n.css.map */\n")
    assert after == "@charset x;a{b:url(images/i.svg)}\n"
