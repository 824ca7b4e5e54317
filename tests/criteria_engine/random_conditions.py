"""Random well-typed checks and random facts for them, unknown and undefined values included."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from qipp_assure.criteria_engine.bands import Bands, parse_band
from qipp_assure.criteria_engine.expressions import parse_condition, parse_expression
from qipp_assure.criteria_engine.facts import SubjectFacts
from qipp_assure.criteria_engine.names import Scope, look_up
from qipp_assure.criteria_engine.sets import Check, Criterion, Each, Holds, Measure
from qipp_assure.criteria_engine.spelling import ExpressionFault
from qipp_assure.criteria_engine.tree import Parameter
from qipp_assure.criteria_engine.types import Field, Kind, Record, RecordList, TextList
from qipp_assure.vocabulary import Rating

AS_OF = date(2011, 6, 30)
CHOICES = ("open", "done", "dropped")


def _fields(prefix=""):
    return tuple(
        Field(f"{prefix}{kind.value}_{number}", kind, f"{kind.value} {number}",
              CHOICES if kind is Kind.CHOICE else ())
        for kind in Kind
        for number in (1, 2)
    )  # fmt: skip


STEP = Record("step", ("text_1",), _fields())
ITEM = Record("item", ("text_1",), _fields(), (RecordList("steps", "steps", STEP),))
RECORD = Record(
    "subject",
    ("text_1",),
    (*_fields(), *_fields("group.")),
    (
        RecordList("items", "items", ITEM),
        RecordList("group.others", "others", ITEM),
        TextList("texts", "texts"),
    ),
)
PARAMETERS = {
    "tolerance": Parameter("tolerance", Fraction(1, 20), Kind.SHARE),
    "limit": Parameter("limit", 100_000, Kind.MONEY),
    "start": Parameter("start", date(2011, 4, 1), Kind.DATE),
}
LITERALS = {
    Kind.MONEY: ("£0", "£1000", "£10", "limit", "0"),
    Kind.COUNT: ("0", "1", "2", "7"),
    Kind.NUMBER: ("0.5", "1.1", "3", "0"),
    Kind.SHARE: ("5%", "50%", "tolerance", "0", "112.5%"),
    Kind.DATE: ("as_of", "start", "2011-06-01"),
    Kind.DAYS: ("0 days", "30 days", "1 day"),
    Kind.TEXT: ("'a'", "'open'", "'Ab'"),
    Kind.CHOICE: ("'open'", "'done'"),
    Kind.YES_NO: ("yes", "no"),
}
ORDERED = (Kind.MONEY, Kind.COUNT, Kind.NUMBER, Kind.SHARE, Kind.DATE, Kind.DAYS)
ORDERS = ("<", "<=", ">", ">=", "==", "!=")


def chance_of(seed: int) -> random.Random:
    """Chance that is the same each time."""
    return random.Random(seed)  # noqa: S311 - random cases, no secrets


@dataclass
class Conditions:
    """Writes expressions of each type; `owners` are the prefixes of the fields in reach."""

    chance: random.Random
    owners: tuple[str, ...] = ("", "group.")
    lists: tuple[str, ...] = ("items", "group.others")
    variables: int = 0

    def one(self, *makers: Callable[[], str]) -> str:
        return self.chance.choice(makers)()

    def field(self, kind: Kind) -> str:
        return f"{self.chance.choice(self.owners)}{kind.value}_{self.chance.choice((1, 2))}"

    def inside(self, write: Callable[[Conditions, str], str]) -> str:
        """`... for v in list if ...`, with fields of the item in reach."""
        name = f"v{len(self.owners)}"
        source = self.chance.choice(self.lists)
        steps = () if name == "v3" else (f"{name}.steps",)
        inner = Conditions(self.chance, (*self.owners, f"{name}."), (*steps, *self.lists[:1]))
        if name == "v3":
            inner.lists = ()
        return write(inner, name).replace("LIST", source)

    def value(self, kind: Kind, depth: int) -> str:
        if kind is Kind.YES_NO:
            return self.yes_no(depth)
        if depth <= 0 or self.chance.random() < 0.3:
            if self.chance.random() < 0.25:
                return self.chance.choice(LITERALS[kind])
            return self.field(kind)
        makers = getattr(self, f"_{kind.value}")(depth - 1)
        if kind in ORDERED:
            makers = [*makers, *self._any_ordered(kind, depth - 1)]
        return self.one(*makers)

    def _any_ordered(self, kind, depth):
        least = self.chance.choice(("min", "max"))
        makers = [lambda: f"{least}({self.value(kind, depth)}, {self.value(kind, depth)})"]
        if self.lists:
            makers.append(lambda: self.inside(
                lambda inner, v: f"{least}({inner.value(kind, depth)} for {v} in LIST"
                f"{inner.condition(depth)})"))  # fmt: skip
        if kind is Kind.DATE:
            return makers
        sign = self.chance.choice("+-")
        makers += [
            lambda: f"({self.value(kind, depth)} {sign} {self.value(kind, depth)})",
            lambda: f"abs({self.value(kind, depth)})",
            lambda: f"(-{self.value(kind, depth)})",
            lambda: f"round({self.value(kind, depth)})",
        ]
        if self.lists:
            makers.append(lambda: self.inside(
                lambda inner, v: f"sum({inner.value(kind, depth)} for {v} in LIST"
                f"{inner.condition(depth)})"))  # fmt: skip
        return makers

    def condition(self, depth: int) -> str:
        return self.chance.choice(("", f" if {self.yes_no(depth)}"))

    def _money(self, depth):
        return [
            lambda: f"({self.value(Kind.MONEY, depth)} * {self.value(Kind.SHARE, depth)})",
            lambda: f"({self.value(Kind.MONEY, depth)} * {self.value(Kind.NUMBER, depth)})",
            lambda: f"({self.value(Kind.MONEY, depth)} / {self.value(Kind.COUNT, depth)})",
        ]

    def _count(self, depth):
        makers = [
            lambda: (
                f"months_between({self.value(Kind.DATE, depth)}, {self.value(Kind.DATE, depth)})"
            ),
            lambda: f"length({self.value(Kind.TEXT, depth)})",
            lambda: "count(texts)",
        ]
        if self.lists:
            makers += [
                lambda: f"count({self.chance.choice(self.lists)})",
                lambda: self.inside(
                    lambda inner, v: f"count({v} for {v} in LIST if {inner.yes_no(depth)})"
                ),
            ]
        return makers

    def _number(self, depth):
        return [lambda: f"({self.value(Kind.NUMBER, depth)} * {self.value(Kind.SHARE, depth)})"]

    def _share(self, depth):
        kind = self.chance.choice((Kind.MONEY, Kind.COUNT, Kind.DAYS, Kind.NUMBER, Kind.SHARE))
        makers = [lambda: f"({self.value(kind, depth)} / {self.value(kind, depth)})"] * 3
        if self.lists:
            makers.append(lambda: self.inside(
                lambda inner, v: f"share({inner.yes_no(depth)} for {v} in LIST"
                f"{inner.condition(depth)})"))  # fmt: skip
        return makers

    def _date(self, depth):
        sign = self.chance.choice("+-")
        return [
            lambda: f"({self.value(Kind.DATE, depth)} {sign} {self.value(Kind.DAYS, depth)})",
            lambda: f"add_months({self.value(Kind.DATE, depth)}, {self.value(Kind.COUNT, depth)})",
            lambda: f"end_of_month({self.value(Kind.DATE, depth)})",
        ]

    def _days(self, depth):
        return [
            lambda: f"({self.value(Kind.DATE, depth)} - {self.value(Kind.DATE, depth)})",
            lambda: f"days_between({self.value(Kind.DATE, depth)}, {self.value(Kind.DATE, depth)})",
        ]

    def _text(self, depth):
        return [lambda: f"lower({self.value(Kind.TEXT, depth)})"]

    def _choice(self, depth):
        return [lambda: self.field(Kind.CHOICE)]

    def yes_no(self, depth: int) -> str:
        if depth <= 0:
            return self.one(lambda: self.field(Kind.YES_NO), self._given)
        ordered = self.chance.choice(ORDERED)
        text = self.chance.choice((Kind.TEXT, Kind.CHOICE))
        less = depth - 1
        word = self.chance.choice(("and", "or"))
        makers = [
            *(3 * [lambda: self._compared(ordered, ORDERS, less)]),
            *(3 * [lambda: f"({self.yes_no(less)} {word} {self.yes_no(less)})"]),
            lambda: f"({self.yes_no(less)} and {self.yes_no(less)} or {self.yes_no(less)})",
            lambda: f"(not {self.yes_no(less)})",
            lambda: f"({self.yes_no(less)} == {self.yes_no(less)})",
            lambda: self._compared(text, ("==", "!="), less),
            lambda: f"({self.value(text, less)} in [{self._options(text, less)}])",
            lambda: f"({self.value(ordered, less)} in [{self._options(ordered, less)}])",
            lambda: f"({self.value(Kind.TEXT, less)} in texts)",
            lambda: f"contains({self.value(Kind.TEXT, less)}, {self.value(Kind.TEXT, less)})",
            lambda: f"starts_with({self.value(Kind.TEXT, less)}, {self.value(Kind.TEXT, less)})",
            lambda: "any(t == 'a' or t == text_1 for t in texts)",
            self._given,
            lambda: self.field(Kind.YES_NO),
        ]
        if self.lists:
            function = self.chance.choice(("any", "all"))
            makers += 2 * [lambda: self.inside(
                lambda inner, v: f"{function}({inner.yes_no(less)} for {v} in LIST"
                f"{inner.condition(less)})")]  # fmt: skip
        return self.one(*makers)

    def _compared(self, kind, signs, depth):
        sign = self.chance.choice(signs)
        return f"({self.value(kind, depth)} {sign} {self.value(kind, depth)})"

    def _options(self, kind, depth):
        if self.chance.random() < 0.5:
            return ", ".join(self.chance.choice(LITERALS[kind]) for _ in range(2))
        return ", ".join(self.value(kind, depth) for _ in range(2))

    def _given(self):
        fields = [self.field(self.chance.choice(list(Kind)))]
        if self.lists:
            fields.append(self.chance.choice((*self.lists, "texts")))
        return (
            f"given({', '.join(self.chance.sample(fields, self.chance.randint(1, len(fields))))})"
        )


@dataclass
class Checks:
    """Makes checks of all kinds from random conditions."""

    chance: random.Random

    def __post_init__(self) -> None:
        self.scope = Scope(RECORD, parameters=PARAMETERS)

    def criterion(self, number: int, checks: int) -> Criterion:
        made = tuple(self.check(f"check-{number}-{one}") for one in range(checks))
        applies = self.condition() if self.chance.random() < 0.2 else None
        return Criterion(f"c{number}", f"area.c{number}", "A criterion", None, made, applies, "",
                         "our own", "own")  # fmt: skip

    def check(self, name: str) -> Check:
        body = self.chance.choice((self.each, self.each, self.measure, self.holds))()
        applies = self.condition() if self.chance.random() < 0.2 else None
        return Check(name, "Asks", body, applies, "", "our own", "own", name, 1)

    def _made(self, write, parse, scope):
        """Tries until it is short enough, and no bare 0 was taken for a count."""
        while True:
            try:
                return parse(write(), scope)
            except ExpressionFault as fault:
                if not {code for code, _ in fault.found} <= {"too-long", "too-deep", "type"}:
                    raise

    def condition(self):
        depth = self.chance.randint(1, 4)
        return self._made(
            lambda: Conditions(self.chance).yes_no(depth), parse_condition, self.scope
        )

    def item_condition(self):
        depth, variable = self.chance.randint(1, 3), "m"
        found = look_up(["items"], self.scope)
        scope = self.scope.with_variable(variable, found.declared)
        maker = Conditions(self.chance, ("", "m.", "m."), ("m.steps", "items"))
        return self._made(lambda: maker.yes_no(depth), parse_condition, scope)

    def each(self) -> Each:
        edges = self.chance.sample(["all", "at least 80%", "at least 50%", "at least 2", "none",
                                    "all but 1", "exactly 1", "under 50% or at least 3"], 2)  # fmt: skip
        green, amber = (parse_band(edge, None, {}) for edge in edges)
        return Each(
            source=look_up(["items"], self.scope),
            variable="m",
            where=self.item_condition() if self.chance.random() < 0.6 else None,
            holds=self.item_condition(),
            bands=Bands(green, amber if self.chance.random() < 0.7 else None, None),
            none=self.chance.choice((None, None, Rating.GREEN, Rating.RED)),
            missing_fails=self.chance.random() < 0.25,
            counted="items", passing="pass", failing="fail",
            show=None, show_as="{show}", show_missing="",
        )  # fmt: skip

    def measure(self) -> Measure:
        kind = self.chance.choice((*ORDERED, Kind.SHARE, Kind.SHARE))
        depth = self.chance.randint(0, 3)
        node = self._made(lambda: Conditions(self.chance).value(kind, depth), parse_expression,
                          self.scope)  # fmt: skip
        # A bare literal of nothing reads as a count.
        edge = self.chance.choice(LITERALS[node.kind])
        other = self.chance.choice(LITERALS[node.kind])
        green = parse_band(
            f"{self.chance.choice(('under', 'at least'))} {edge}", node.kind, PARAMETERS
        )
        amber = parse_band(f"at most {other} or exactly {edge}", node.kind, PARAMETERS)
        return Measure(
            node, Bands(green, amber, None), self.chance.choice((None, Rating.AMBER)), ""
        )

    def holds(self) -> Holds:
        return Holds(self.condition(), self.chance.choice((Rating.RED, Rating.AMBER)),
                     self.chance.random() < 0.3, "", "")  # fmt: skip


@dataclass
class RandomFacts:
    """Makes facts, of which one in four is missing; `broken` is the share of wrong types."""

    chance: random.Random
    broken: float = 0.0

    def subject(self, number: int) -> SubjectFacts:
        values = self._record(self._items(2), "items")
        values["group"] = self._record(self._items(1), "others")
        values["texts"] = self._maybe([self._maybe(self._raw(Kind.TEXT)) for _ in range(3)])
        if self.chance.random() < 0.1:
            del values["group"]
        return SubjectFacts("initiative", f"I{number}", "", "An initiative", None, values)

    def _maybe(self, value):
        return None if self.chance.random() < 0.25 else value

    def _items(self, deep):
        if self.chance.random() < 0.15:
            return None
        sizes = self.chance.randint(0, 4)
        return [self._record(self._items(deep - 1) if deep > 1 else [], "steps")
                for _ in range(sizes)]  # fmt: skip

    def _record(self, items, name):
        values = {
            f"{kind.value}_{number}": self._raw(kind) for kind in Kind for number in (1, 2)
            if self.chance.random() < 0.75
        }  # fmt: skip
        return {**values, name: items}

    def _raw(self, kind):
        if self.chance.random() < self.broken:
            return self.chance.choice((1.5, True, "text", date(2011, 1, 1), [], Decimal("nan")))
        pick = self.chance.choice
        match kind:
            case Kind.MONEY:
                return pick((0, 10, 950, 1000, 1050, 9_999, 100_000, -1000))
            case Kind.COUNT:
                return pick((0, 1, 2, 3, 7))
            case Kind.NUMBER | Kind.SHARE:
                return pick((0, 1, Decimal("0.05"), Decimal("1.1"), Decimal("-2.50"),
                             Fraction(1, 3), Decimal("0.5")))  # fmt: skip
            case Kind.DATE:
                return AS_OF + timedelta(pick((-400, -30, -1, 0, 1, 31)))
            case Kind.DAYS:
                return pick((0, 1, 30, -5, 9_999_999))
            case Kind.YES_NO:
                return pick((True, False))
            case Kind.CHOICE:
                return pick(CHOICES)
            case _:
                return pick(("a", "Ab", "open", " ", "", "abc"))
