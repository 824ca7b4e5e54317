"""The finisher: mends in the tagged PDF what WeasyPrint leaves out, by pikepdf."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name


def finish(pdf: bytes, alternatives: Sequence[str]) -> bytes:
    """Give header cells their scope and figures their alternative text; deterministic bytes.

    Header cells in the head of a table speak for their column, all others for their row.
    `alternatives` are the texts of the figures, in the order of the document.  The ids by which
    cells name their headers are taken out: they repeat where a table goes on overleaf, and the
    scope says it all.

    Raises ValueError where the figures are more or fewer than the texts.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root.StructTreeRoot
        texts = list(alternatives)
        for element, in_head in _walk(root, in_head=False):
            kind = element.get("/S")
            if kind == Name.TH:
                _scope(element, Name.Column if in_head else Name.Row)
            elif kind == Name.TD and "/A" in element and "/Headers" in element.A:
                del element.A["/Headers"]
            elif kind == Name.Figure:
                if not texts:
                    raise ValueError("there are more figures than texts for them")
                element["/Alt"] = texts.pop(0)
        if texts:
            raise ValueError(f"{len(texts)} texts have no figure")
        document.Root["/Lang"] = "en-GB"
        finished = io.BytesIO()
        document.save(
            finished,
            deterministic_id=True,
            compress_streams=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return finished.getvalue()


def _scope(element: Any, scope: Name) -> None:
    attributes = element.get("/A")
    if not isinstance(attributes, Dictionary):
        attributes = Dictionary(O=Name.Table)
        element["/A"] = attributes
    attributes["/Scope"] = scope
    if "/ID" in element:
        del element["/ID"]


def _walk(element: Any, *, in_head: bool) -> Iterator[tuple[Any, bool]]:
    """Every structure element under one, in order, with whether it lies in a table's head."""
    kids = element.get("/K")
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary) and "/S" in kid:
            inside = in_head or Name.THead == kid.S
            yield kid, inside
            yield from _walk(kid, in_head=inside)
