"""Reads one check of a criteria file; see `loading` for the whole file.

A check has `id`, `asks`, optionally `source`, `applies` and `if_not` (why it may not apply, as in
"does not apply, as there are no KPIs"), and is one of four kinds::

    each: milestones as m            how many items pass
    where: m.due <= as_of              (optional) which items count
    holds: m.met_on <= m.due           what makes one pass
    green: all                         bands over the share or number that pass
    amber: at least 80%
    none: not_rated                    nothing to count: not_rated, green, amber or red
    missing: fails                     (optional) what is not known fails
    counted: milestones due by {as_of} (optional) words for the reason
    passing: were met on time
    failing: late
    show: as_of - m.due                (optional) shown beside each item that fails
    show_as: "{show} late"             (optional) around what is shown
    show_missing: not met              (optional) when what would be shown is missing

    measure: abs(actual - planned) / abs(planned)
    called: Variance from plan         (optional) what the number is called
    green: under 5%
    amber: under 10%
    undefined: not_rated               (optional) rating when it is divided by nothing

    holds: given(sponsor)            without `each`: yes or no of the subject itself
    otherwise: red                     the rating when it does not hold: amber or red
    passing: A sponsor is named        (optional) words for the reason
    failing: No sponsor is named
    missing: fails                     (optional)

    judged: reviewer                 a person decides
    look_for: ...
    evidence: [brief.objectives]       names of fields, checked
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from qipp_assure.criteria_engine.band_proof import band_faults
from qipp_assure.criteria_engine.bands import Band, Bands
from qipp_assure.criteria_engine.dated import on_day, starts_of
from qipp_assure.criteria_engine.declared import Declared, Fields, content_digest, plain
from qipp_assure.criteria_engine.faults import nearest, shortened
from qipp_assure.criteria_engine.names import Scope
from qipp_assure.criteria_engine.sets import Body, Check, Each, Holds, Judged, Measure
from qipp_assure.criteria_engine.source_text import Keys
from qipp_assure.criteria_engine.tree import ListRef, Node, Parameter
from qipp_assure.criteria_engine.types import Kind, Record, RecordList
from qipp_assure.criteria_engine.values import NUMERIC
from qipp_assure.vocabulary import Rating

_COMMON = ("id", "asks", "applies", "if_not", "source", "origin")
_BANDS = ("green", "amber", "red")
_KINDS: dict[str, tuple[str, ...]] = {
    "each": (
        *("each", "where", "holds", *_BANDS, "none", "missing", "counted", "passing", "failing"),
        *("show", "show_as", "show_missing"),
    ),
    "measure": ("measure", *_BANDS, "undefined", "called"),
    "judged": ("judged", "look_for", "evidence"),
    "holds": ("holds", "otherwise", "missing", "passing", "failing"),
}
_RATINGS = ("not_rated", "green", "amber", "red")
_EACH = re.compile(r"(\S+) as ([A-Za-z]\w*)", re.ASCII)


@dataclass(slots=True)
class CheckLoader:
    """Reads the checks of one set, whose origin is passed down to its checks."""

    declared: Declared

    def load(self, keys: Keys, source: str, origin: str) -> Check | None:
        """One check, or None with its faults noted."""
        kinds = [kind for kind in _KINDS if kind in keys.entries]
        if len(kinds) > 1 and kinds == ["each", "holds"]:
            kinds = ["each"]
        if len(kinds) != 1:
            said = "A check is one of: each, measure, holds, judged."
            self.declared.faults.add(keys.line, "check-kind", said)
            return None
        kind = kinds[0]
        faults = self.declared.faults
        fields = Fields(keys, f"A check with '{kind}'", (*_COMMON, *_KINDS[kind]), faults)
        outer_use, self.declared.used = self.declared.used, set()
        identity, asks = fields.identity(), fields.text("asks", required=True)
        applies = self._expression(fields, "applies", self.declared.scopes(), condition=True)
        if_not = load_if_not(fields)
        body = self._body(kind, fields)
        used, self.declared.used = self.declared.used, outer_use | self.declared.used
        source = fields.text("source") or source
        origin = fields.choice("origin", ("published", "own"), origin or "own")
        if body is None:
            return None
        content = {
            "check": plain(keys),
            "parameters": {n: _written(self.declared.parameters[n]) for n in sorted(used)},
        }
        digest = content_digest(content)
        return Check(identity, asks, body, applies, if_not, source, origin, digest, keys.line)

    def _body(self, kind: str, fields: Fields) -> Body | None:
        match kind:
            case "each":
                return self._each(fields)
            case "measure":
                return self._measure(fields)
            case "holds":
                return self._holds(fields)
            case _:
                return self._judged(fields)

    def _expression(
        self, fields: Fields, key: str, scopes: list[tuple[str, Scope]], *, condition: bool
    ) -> Node | None:
        text = fields.text(key)
        if not text:
            return None
        return self.declared.expression(text, fields.line(key), scopes, condition=condition)

    def _each(self, fields: Fields) -> Each | None:
        fields.text("holds", required=True)
        match = _EACH.fullmatch(fields.text("each"))
        if match is None:
            said = "Write 'each' like: milestones as m."
            self.declared.faults.add(fields.line("each"), "shape", said)
            return None
        line, variable = fields.line("each"), match[2]
        source = self.declared.list_ref(match[1], line)
        if source is None:
            return None
        if not isinstance(source.declared, RecordList):
            self.declared.faults.add(line, "type", "'each' walks a list of records, not of texts.")
            return None
        scopes = self.declared.attempt(line, lambda: self.declared.scopes(variable, source))
        if scopes is None:
            return None
        where = self._expression(fields, "where", scopes, condition=True)
        holds = self._expression(fields, "holds", scopes, condition=True)
        show = self._expression(fields, "show", scopes, condition=False)
        bands = self._bands(fields, None)
        none = _rating(fields.choice("none", _RATINGS, "not_rated"))
        missing = fields.choice("missing", ("fails", "unknown"), "unknown")
        counted = fields.sentence("counted") or source.declared.label
        passing = fields.sentence("passing") or "pass"
        failing = fields.sentence("failing") or "not"
        show_as = fields.sentence("show_as", ("show", "as_of")) or "{show}"
        show_missing = fields.sentence("show_missing")
        if holds is None or bands is None:
            return None
        return Each(
            ListRef("", source.path, source.declared),
            variable,
            where,
            holds,
            bands,
            none,
            missing == "fails",
            counted,
            passing,
            failing,
            show,
            show_as,
            show_missing,
        )

    def _bands(self, fields: Fields, kind: Kind | None) -> Bands | None:
        fields.text("green", required=True)
        faults = self.declared.faults
        texts = {colour: fields.text(colour) for colour in _BANDS}
        made: dict[str, Band | None] = {}
        for colour, text in texts.items():
            made[colour] = self.declared.band(text, fields.line(colour), kind) if text else None
        green = made["green"]
        if green is None or any(text and made[c] is None for c, text in texts.items()):
            return None
        bands = Bands(green, made["amber"], made["red"])
        for start in (date.min, *starts_of(self.declared.parameters)):
            found = band_faults(on_day(bands, start), kind)
            for fault in found:
                faults.add(fields.line(fault.colour.value), fault.code, fault.message)
            if found:
                break
        return bands

    def _measure(self, fields: Fields) -> Measure | None:
        scopes = self.declared.scopes()
        expression = self._expression(fields, "measure", scopes, condition=False)
        undefined = _rating(fields.choice("undefined", _RATINGS, "not_rated"))
        called = fields.sentence("called")
        if expression is None:
            return None
        if expression.kind not in NUMERIC | {Kind.DATE}:
            said = (
                f"'measure' is a number, money, share, days or date; not {expression.kind.words}."
            )
            self.declared.faults.add(fields.line("measure"), "type", said)
            return None
        bands = self._bands(fields, expression.kind)
        return Measure(expression, bands, undefined, called) if bands is not None else None

    def _holds(self, fields: Fields) -> Holds | None:
        condition = self._expression(fields, "holds", self.declared.scopes(), condition=True)
        otherwise = fields.choice("otherwise", ("red", "amber"))
        missing = fields.choice("missing", ("fails", "unknown"), "unknown")
        passing, failing = fields.sentence("passing"), fields.sentence("failing")
        if condition is None or not otherwise:
            return None
        return Holds(condition, Rating(otherwise), missing == "fails", passing, failing)

    def _judged(self, fields: Fields) -> Judged | None:
        by = fields.choice("judged", ("reviewer",))
        look_for = fields.text("look_for", required=True)
        evidence = fields.texts("evidence", required=True)
        for item in evidence:
            for record in self.declared.records.values():
                fault = _evidence_fault(item.text, record)
                if fault:
                    self.declared.faults.add(item.line, "unknown-name", fault)
                    break
        return Judged(by, look_for, tuple(item.text for item in evidence))


def load_if_not(fields: Fields) -> str:
    """Why something may not apply, in words; a fault where nothing says when it applies."""
    if_not = fields.sentence("if_not")
    if if_not and not fields.text("applies"):
        said = "'if_not' says why 'applies' does not hold, and there is no 'applies'."
        fields.faults.add(fields.line("if_not"), "missing-key", said)
    return if_not.removesuffix(".")


def _evidence_fault(path: str, record: Record) -> str:
    """What is wrong with a field's path (`kpis.target` goes into the items), or nothing."""
    whole, seen = path, record
    while True:
        if seen.find(path) is not None:
            return ""
        inner = next(
            (m for m in seen.lists if path.startswith(f"{m.name}.") and isinstance(m, RecordList)),
            None,
        )
        if inner is None:
            groups = {name.rsplit(".", 1)[0] for name in seen.names() if "." in name}
            if path in groups:
                return ""
            near = nearest(path, [*seen.names(), *groups])
            return f"There is no '{shortened(whole)}'.{near}"
        path, seen = path[len(inner.name) + 1 :], inner.record


def _written(parameter: Parameter) -> str:
    """A parameter's values as they count in the digest of a check."""
    later = (f"; {one.value} from {one.start.isoformat()}" for one in parameter.later)
    return "".join([str(parameter.value), *later])


def _rating(text: str) -> Rating | None:
    return None if text in ("", "not_rated") else Rating(text)
