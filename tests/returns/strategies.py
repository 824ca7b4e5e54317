"""Returns for tests, built from the catalogue: random valid ones, and one with every field filled.

``plans()`` and ``report_cards()`` are hypothesis strategies of canonical documents (nothing empty
in them).  ``full_document`` fills every field, with a text of one's choice in every text field.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from qipp_assure.returns.canonical import to_document
from qipp_assure.returns.catalogue import Catalogue, FieldSpec, catalogue
from qipp_assure.returns.periods import financial_year, months_of
from qipp_assure.returns.validation import read_return

HOSTILE = (
    "<script>alert(1)</script>",
    "</w:t><r><t>x</t></r>",
    "<r><t>x</t></r>",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.org","x")',
    "{{7*7}}",
    "{=1+1}",
    "+1",
    "-1",
    "@x",
    "\u202eright to left\u202c",
    "a\x00b",
    "a\ufffeb",
    "'quoted",
    "_x000D_ and _x005F_",
    "one\ntwo\r\nthree\rfour\ttabbed",
    "#REF!",
    "TRUE",
    "1,234",
    "2011-04-01",
    "https://example.org/x?y=1&z=2",
    "mailto:a@example.org",
    "é ß 😀 &amp; ]]> <!-- -->",
    "qipp:name",
)
YEARS = tuple(financial_year(first) for first in range(2010, 2015))
_CODE = st.from_regex(r"[A-Za-z0-9._/-]([A-Za-z0-9 ._/-]{0,8}[A-Za-z0-9._/-])?", fullmatch=True)
_TEXT = st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=30)).filter(str.strip)
_LONG = st.one_of(_TEXT, st.just("long " * 40 + "text"))
_MONEY = st.integers(-(10**12), 10**12)
_NUMBER = st.one_of(
    st.sampled_from(["0", "-0.5", "93.5", "0.000000001", "123456789012.123456789", "1000"]),
    st.decimals(-(10**6), 10**6, places=4, allow_nan=False, allow_infinity=False).map(str),
)
_DAY = st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)).map(dt.date.isoformat)
_KINDS = {"month": 12, "quarter": 4, "year": 1}


def _periods(year: str, kind: str) -> tuple[str, ...]:
    if kind == "month":
        return months_of(year)
    return tuple(f"{year}Q{n}" for n in range(1, 5)) if kind == "quarter" else (year,)


def _phasing(figures: st.SearchStrategy[Any], kinds: tuple[str, ...]) -> st.SearchStrategy[Any]:
    """Figures by period; each year by one kind, so that no month counts twice."""

    @st.composite
    def build(draw: st.DrawFn) -> dict[str, Any]:
        kind = draw(st.sampled_from(kinds))
        year = draw(st.sampled_from(YEARS))
        periods = draw(st.sets(st.sampled_from(_periods(year, kind)), max_size=3))
        return {period: draw(figures) for period in sorted(periods)}

    return build()


def value_of(spec: FieldSpec) -> st.SearchStrategy[Any]:
    """Values that a field may hold."""
    figures = {"money": _MONEY, "count": st.integers(0, 10**12), "number": _NUMBER}
    least, most = spec.bounds
    match spec.type:
        case "text":
            return _LONG if spec.long else _TEXT
        case "code":
            return _CODE
        case "id":
            return st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True)
        case "codes":
            return st.lists(_CODE, max_size=3)
        case "count":
            return st.integers(least, most)
        case "money" | "number":
            return figures[spec.type]
        case "share":
            return _NUMBER
        case "date":
            return _DAY
        case "yes_no":
            return st.booleans()
        case "choice":
            return st.sampled_from(spec.choices)
        case "year":
            return st.sampled_from(YEARS)
        case "digest":
            return st.just("0123456789abcdef" * 4)
        case "phasing":
            return _phasing(figures[spec.of], tuple(_KINDS))
        case "phasing_by_year":
            return _phasing(figures[spec.of], ("year",))
    raise AssertionError(f"no values for the type {spec.type!r} of {spec.path}")


class _Builder:
    """Builds one document; `choose` says whether and with what a field is filled in."""

    def __init__(
        self,
        template: str,
        how_many: Callable[[str], int],
        choose: Callable[[FieldSpec], Any],
        fresh_id: Callable[[str], str],
    ) -> None:
        self._catalogue: Catalogue = catalogue(template)
        self._how_many, self._choose, self._fresh_id = how_many, choose, fresh_id
        self._ids: dict[str, list[str]] = {}
        self.document: dict[str, Any] = {"template": template, "region": "Q30", "round": "2011-12"}
        if template.startswith("report-card"):
            self.document["period"] = "2011-06"

    def build(self) -> dict[str, Any]:
        self._fill(self.document, "")
        for spec in self._catalogue.lists:
            if spec.path.count("[]") == 1:
                self._build_list(self.document, spec.path)
        self._refer()
        return self.document

    def _build_list(self, holder: dict[str, Any], path: str) -> None:
        name = path.removesuffix("[]").rpartition(".")[2]
        found = holder[name] = []
        for _ in range(self._how_many(path)):
            item: dict[str, Any] = {"id": self._fresh_id(path)}
            self._ids.setdefault(path.removesuffix("[]"), []).append(item["id"])
            self._fill(item, f"{path}.")
            found.append(item)
            for spec in self._catalogue.lists:
                if spec.path.startswith(f"{path}.") and spec.path.count("[]") > path.count("[]"):
                    self._build_list(item, spec.path)

    def _fill(self, holder: dict[str, Any], prefix: str) -> None:
        for spec in self._catalogue.fields:
            rest = spec.path.removeprefix(prefix)
            if not spec.path.startswith(prefix) or "[]" in rest or rest in {*self.document, "id"}:
                continue
            if spec.refers_to:
                continue
            value = self._choose(spec)
            if value is not None:
                *groups, name = rest.split(".")
                inner = holder
                for group in groups:
                    inner = inner.setdefault(group, {})
                inner[name] = value
        if "planned" in holder and "phased_by" in holder:
            fits = {"month": 7, "quarter": 9, "year": 7}
            kind = holder["phased_by"]
            holder["planned"] = {
                period: value
                for period, value in holder["planned"].items()
                if len(period) == fits[kind] and ("-" in period) == (kind == "month")
            }

    def _refer(self) -> None:
        for spec in self._catalogue.fields:
            if spec.refers_to and self._ids.get(spec.refers_to):
                name = spec.path.split("[]")[0]
                for number, item in enumerate(self.document.get(name, [])):
                    ids = self._ids[spec.refers_to]
                    item[spec.name] = ids[number % len(ids)]


@st.composite
def _documents(draw: st.DrawFn, template: str) -> dict[str, Any]:
    used: set[tuple[str, str]] = set()

    def fresh_id(path: str) -> str:
        found = draw(
            st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True).filter(
                lambda text: (path, text) not in used
            )
        )
        used.add((path, found))
        return found

    def choose(spec: FieldSpec) -> Any:
        wanted = spec.required or draw(st.integers(0, 5)) == 0
        return draw(value_of(spec)) if wanted else None

    def how_many(path: str) -> int:
        return draw(st.integers(0, 2 if path in {"initiatives[]", "tracker[]"} else 1))

    return canonical(_Builder(template, how_many, choose, fresh_id).build())


def canonical(document: dict[str, Any]) -> dict[str, Any]:
    """Read a document and write it again without anything empty; fails where it is not valid."""
    return to_document(read_return(document))


def plans() -> st.SearchStrategy[dict[str, Any]]:
    """Random valid plans."""
    return _documents("plan@2011.1")


def report_cards() -> st.SearchStrategy[dict[str, Any]]:
    """Random valid report cards."""
    return _documents("report-card@2011.1")


def full_document(template: str, text: str = "Words", *, each: int = 2) -> dict[str, Any]:
    """Build a canonical document with every field filled in and `each` items in every list.

    `text` stands in every field of words, cut to what the field holds.
    """
    counts: dict[str, int] = {}

    def fresh_id(path: str) -> str:
        counts[path] = counts.get(path, 0) + 1
        return f"{path.removesuffix('[]').rpartition('.')[2][:6]}-{counts[path]}"

    def choose(spec: FieldSpec) -> Any:
        figures = {"money": 1_234, "count": 12, "number": "93.5"}
        plain: dict[str, Any] = {
            "code": "5N1",
            "id": "outside-1",
            "codes": ["medicines", "safe care"],
            "money": 1_234_567,
            "count": 3,
            "number": "93.5",
            "share": "1.5",
            "date": "2011-06-30",
            "yes_no": True,
            "year": "2011/12",
            "digest": "0123456789abcdef" * 4,
        }
        if spec.type == "text":
            return text[: spec.max_length]
        if spec.type == "choice":
            return spec.choices[0]
        if spec.type == "phasing":
            return {"2011-04": figures[spec.of], "2011-05": figures[spec.of]}
        if spec.type == "phasing_by_year":
            return {"2011/12": figures[spec.of], "2012/13": figures[spec.of]}
        return plain[spec.type]

    return canonical(_Builder(template, lambda _: each, choose, fresh_id).build())
