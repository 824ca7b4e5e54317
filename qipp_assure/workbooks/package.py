"""Opening an uploaded file: is it a workbook at all, is it safe to unpack, and what is inside.

Everything is checked before any of it is parsed: size, number of entries, size unpacked, methods
of compression, and no document type declarations (the door to entity attacks).
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from xml.parsers import expat

MAX_UPLOAD = 10 * 1024 * 1024
MAX_UNPACKED = 50 * 1024 * 1024
MAX_ENTRIES = 1_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_AGAIN = "save it as an Excel workbook (.xlsx) and send that"


class NotAWorkbook(Exception):
    """A file that cannot be read as a workbook; the message says why and what would be right."""


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet by its name, and the name of the part that holds it."""

    name: str
    part: str


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a workbook that matter here, unpacked."""

    parts: dict[str, bytes]
    sheets: tuple[SheetEntry, ...]
    strings_part: str
    styles_part: str
    from_1904: bool
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
    main = "xl/workbook.xml"
    for kind, target in _relations(parts, ""):
        if kind == "officeDocument":
            main = target
    if main not in parts:
        raise NotAWorkbook("this is no Excel workbook; fill in the one downloaded from here")
    if b"macroEnabled.main" in parts.get("[Content_Types].xml", b""):
        raise NotAWorkbook(f"the workbook is of the kind that holds macros (.xlsm); {_AGAIN}")
    by_id = _relations_by_id(parts, main)
    sheets: list[SheetEntry] = []
    from_1904 = False
    for name, attributes in elements(parts[main]):
        if name == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith(" id")), "")
            part = by_id.get(relation, ("", ""))[1]
            if part in parts:
                sheets.append(SheetEntry(attributes.get("name", ""), part))
        elif name == "workbookPr":
            from_1904 = attributes.get("date1904", "0") in {"1", "true"}
    targets = dict(by_id.values())
    return Package(
        parts,
        tuple(sheets),
        targets.get("sharedStrings", ""),
        targets.get("styles", ""),
        from_1904,
        any(name.startswith("xl/externalLinks/") for name in names),
    )


def _relations(parts: dict[str, bytes], of: str) -> list[tuple[str, str]]:
    return list(_relations_by_id(parts, of).values())


def _relations_by_id(parts: dict[str, bytes], of: str) -> dict[str, tuple[str, str]]:
    """Read a part's relations: id, then kind and the part it leads to."""
    folder, file = posixpath.split(of)
    found: dict[str, tuple[str, str]] = {}
    for name, attributes in elements(
        parts.get(posixpath.join(folder, "_rels", f"{file}.rels"), b"")
    ):
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = (kind, path)
    return found


def xml_parser() -> expat.XMLParserType:
    """Make a parser that refuses document types, so that there are no entities to expand."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: object) -> None:
    raise NotAWorkbook("the file holds a document type declaration, which no Excel workbook does")


def parse_xml(parser: expat.XMLParserType, data: bytes) -> None:
    """Run a parser over a part; raises NotAWorkbook where it is not XML."""
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise NotAWorkbook(f"the workbook is damaged inside: {error}") from None


def elements(data: bytes) -> list[tuple[str, dict[str, str]]]:
    """List the elements of a small part: local name and attributes (namespaced ones in full)."""
    found: list[tuple[str, dict[str, str]]] = []
    if data:
        parser = xml_parser()
        parser.StartElementHandler = lambda name, attributes: found.append(
            (name.rpartition(" ")[2], attributes)
        )
        parse_xml(parser, data)
    return found
