"""Opening an uploaded file: is it a workbook at all, and is it safe to hand to openpyxl.

Checked before the library sees any of it: size, number of entries, size unpacked, methods of
compression, and each part by ``part_check``.  The library is then given a package of its own, with
the parts that a reading needs and nothing else: no drawings, comments, charts, pivots or links.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from qipp_assure.workbooks.part_check import (
    MAX_ELEMENTS,
    NotAWorkbook,
    PartCheck,
    SheetCheck,
    check_part,
)
from qipp_assure.workbooks.text_escapes import guarded_escapes

MAX_UPLOAD = 10 * 1024 * 1024
MAX_UNPACKED = 50 * 1024 * 1024
MAX_ENTRIES = 1_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CONTENT_TYPES = "[Content_Types].xml"
_READ_ROOTS = frozenset({"worksheet", "sst", "styleSheet"})
_STRICT = "http://purl.oclc.org/ooxml/"
_AGAIN = "save it as an Excel workbook (.xlsx) and send that"


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook that has been checked.

    `content` is what openpyxl may read, packed afresh.  `sheets` holds, by the names of the sheets,
    what was found of those parts in the check.
    """

    content: bytes
    sheets: Mapping[str, SheetCheck]
    has_external_links: bool


def open_package(data: bytes) -> Package:
    """Unpack a workbook; raises NotAWorkbook for anything else, and for what is unsafe."""
    if len(data) > MAX_UPLOAD:
        raise NotAWorkbook(
            f"the file has {len(data):,} bytes; at most {MAX_UPLOAD:,} can be taken in"
        )
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise NotAWorkbook(
                f"the workbook is protected by a password; take it off, then {_AGAIN}"
            )
        raise NotAWorkbook(f"this is an old Excel file (.xls); {_AGAIN}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _unpack(archive)
            names = set(archive.namelist())
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise NotAWorkbook(
            "this is no Excel workbook, or a damaged one; fill in the workbook downloaded from "
            "here and send that"
        ) from None
    return _described(parts, names)


def _unpack(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if "mimetype" in names and "content.xml" in names:
        raise NotAWorkbook(f"this is an OpenDocument file; {_AGAIN}")
    if "xl/workbook.bin" in names:
        raise NotAWorkbook(f"this is a binary Excel workbook (.xlsb); {_AGAIN}")
    if any(name.casefold().endswith("vbaproject.bin") for name in names):
        raise NotAWorkbook(f"the workbook holds macros; {_AGAIN}, without macros")
    if len(entries) > MAX_ENTRIES or len(set(names)) != len(names):
        raise NotAWorkbook("the file is not packed as Excel packs a workbook: too many entries")
    # zipfile never gives more than the size stated here, so that stated sizes can be relied on.
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED:
        raise NotAWorkbook(
            f"the workbook unpacks to {unpacked:,} bytes; at most {MAX_UNPACKED:,} can be taken in"
        )
    for entry in entries:
        if entry.flag_bits & 1:
            raise NotAWorkbook(f"the file is protected by a password; take it off, then {_AGAIN}")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotAWorkbook(f"the file is not packed as Excel packs a workbook; {_AGAIN}")
    return {
        entry.filename: archive.read(entry)
        for entry in entries
        if entry.filename.endswith((".xml", ".rels"))
    }


def _described(parts: dict[str, bytes], names: set[str]) -> Package:
    checks: dict[str, PartCheck] = {}
    elements_left = MAX_ELEMENTS
    for name, content in parts.items():
        checks[name] = check_part(content, elements_left) if content else PartCheck()
        elements_left -= checks[name].elements
    mains = [name for name, check in checks.items() if check.root == "workbook"]
    if "xl/workbook.xml" not in parts and not mains:
        raise NotAWorkbook("this is no Excel workbook; fill in the one downloaded from here")
    if any(check.space.startswith(_STRICT) for check in checks.values()):
        raise NotAWorkbook(f"the workbook is of the kind 'Strict Open XML'; {_AGAIN}")
    if b"macroEnabled.main" in parts.get(_CONTENT_TYPES, b""):
        raise NotAWorkbook(f"the workbook is of the kind that holds macros (.xlsm); {_AGAIN}")
    linked = any(name.startswith("xl/externalLinks/") for name in names)
    if not mains or _CONTENT_TYPES not in parts:
        return Package(b"", {}, linked)
    if len(mains) > 1:
        raise NotAWorkbook("the workbook is damaged inside: it holds two lists of sheets")
    (main,) = mains
    folder, file = posixpath.split(main)
    relations = posixpath.join(folder, "_rels", f"{file}.rels")
    sheets = _sheets(checks, checks[main], checks.get(relations, PartCheck()), folder)
    wanted = {_CONTENT_TYPES, main, relations}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            if name in wanted or checks[name].root in _READ_ROOTS:
                is_texts = checks[name].root == "sst"
                archive.writestr(name, guarded_escapes(content) if is_texts else content)
    return Package(stream.getvalue(), sheets, linked)


def _sheets(
    checks: Mapping[str, PartCheck], main: PartCheck, relations: PartCheck, folder: str
) -> dict[str, SheetCheck]:
    """Hold each sheet's check against its name; no name and no part may stand there twice."""
    parts = {
        identity: posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        for identity, target in relations.relations
    }
    seen = [parts.get(relation, relation) for _, relation in main.sheets]
    names = [name.casefold() for name, _ in main.sheets]
    doubled = len(set(seen)) < len(seen) or len(set(names)) < len(names)
    if doubled or len(parts) < len(relations.relations):
        raise NotAWorkbook("the workbook is damaged inside: a sheet is listed twice")
    return {
        name: checks[part].sheet
        for (name, _), part in zip(main.sheets, seen, strict=True)
        if part in checks and checks[part].root == "worksheet"
    }
