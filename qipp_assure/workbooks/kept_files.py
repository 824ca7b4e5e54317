"""What was read from a file, carried by a page until somebody says that it may be taken in.

It is signed, so that what comes back is what was read, for the return and the draft that the
person saw; nothing of it is kept here meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from qipp_assure.submissions.services import IncomingFile
from qipp_assure.vocabulary import Refused
from qipp_assure.workbooks.queries import Place

_SALT = "qipp-assure-incoming-workbook"
_HOURS = 4


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A document that was read, its file and export, and the revision that was seen."""

    document: dict[str, Any]
    file: IncomingFile
    export_id: str
    revision: int


def pack(secret: str, place: Place, kept: KeptFile) -> str:
    """Write what is kept as one text for a hidden field."""
    file = kept.file
    return _serializer(secret).dumps(
        [
            *(_place(place), kept.document, file.name, file.size_bytes, file.digest),
            *(kept.export_id, kept.revision),
        ]
    )


def unpack(secret: str, place: Place, text: str) -> KeptFile:
    """Read what was kept; raises Refused where it is too old, changed, or for another return."""
    try:
        where, document, name, size, digest, export_id, revision = _serializer(secret).loads(
            text, max_age=_HOURS * 3600
        )
    except BadData as fault:
        raise Refused("The page was open too long. Choose the workbook again.") from fault
    if where != _place(place):
        raise Refused("This workbook was read for another return. Choose it again.")
    return KeptFile(document, IncomingFile(name, size, digest), export_id, revision)


def _place(place: Place) -> list[str]:
    return [place.organisation.code, place.round.code, place.kind.value, place.period]


def _serializer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=_SALT)
