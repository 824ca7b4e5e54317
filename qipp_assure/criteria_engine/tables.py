"""Decision tables: how a whole is rated from the ratings of its parts.

A table is a list of rules, read from the top; the first that applies gives the rating.  It must
meet every combination (see `table_proof`), most plainly by ending in `otherwise`.  With
`hit: unique` no two rules may meet the same combination.  A *limit* caps what the other rules
give: `not better than amber: any red in financials`.  The same words serve for every table::

    rule   = (RATING | "not better than" RATING) ":" words
    words  = "otherwise" | some {("or" | ",") some}
    some   = clause {"and" clause}
    clause = NAME "is" STATE                       one part by its id
           | ("any" | "no" | "all") [NOUN] STATE [WITHIN]
           | AMOUNT [NOUN] STATE [WITHIN]
    AMOUNT = N "or more" | "at least" N | "more than" N | "at most" N | "fewer than" N
             where N is a number (2) or a share (30%) of the parts that are rated
    STATE  = ["not"] ("red" | "amber" | "green")
    NOUN   = what the parts of this table are called: areas, criteria, checks, parts, ...
    WITHIN = "in" NAME              only of the part of that name, or of those whose id begins with
                                    it (`financials.estimate`, ... in financials)

A part that is not rated is in no state: it is neither red nor "not red".

>>> rules = parse_rule(
...     "2 or more areas red, or financials is red", ("area", "areas"), ("financials", "risks")
... )
>>> [type(clause).__name__ for group in rules for clause in group]
['Amount', 'Named']
>>> parse_rule("any aera red", ("area", "areas"), ())
Traceback (most recent call last):
...
qipp_assure.criteria_engine.spelling.ExpressionFault: 'aera' is not counted here. Did you mean 'area'?
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from qipp_assure.criteria_engine.faults import nearest, shortened
from qipp_assure.criteria_engine.reckoning import compared
from qipp_assure.criteria_engine.spelling import ExpressionFault
from qipp_assure.vocabulary import Rating

COLOURS = (Rating.RED, Rating.AMBER, Rating.GREEN)
_MAX_LENGTH = 500
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?%?)(?![\w.])|([A-Za-z][\w.-]*)|(,))", re.ASCII)
WORDS = frozenset(
    (
        *("any", "no", "all", "at", "least", "most", "more", "than", "fewer", "or", "and", "not"),
        *("is", "in", "red", "amber", "green", "otherwise"),
    )
)
"""Words of the grammar, which cannot be names of parts."""
_LEADS = {"at least": ">=", "more than": ">", "at most": "<=", "fewer than": "<"}


@dataclass(frozen=True, slots=True)
class Named:
    """The part of that id is in one of the states."""

    name: str
    states: frozenset[Rating]

    def applies(self, counts: Counts) -> bool:
        """Whether the clause applies."""
        return counts.named.get(self.name) in self.states


@dataclass(frozen=True, slots=True)
class Amount:
    """So many parts, or such a share of the rated parts, are in one of the states."""

    operator: str
    amount: Fraction
    is_share: bool
    states: frozenset[Rating]

    def applies(self, counts: Counts) -> bool:
        """Whether the clause applies."""
        found = 0
        for state in self.states:
            found += counts.by_rating.get(state, 0)
        against = self.amount.numerator * (counts.total if self.is_share else 1)
        return compared(self.operator, found * self.amount.denominator, against)


@dataclass(frozen=True, slots=True)
class Within:
    """So many of some parts, or such a share of those of them that are rated, are in a state."""

    within: str
    names: tuple[str, ...]
    amount: Amount

    def applies(self, counts: Counts) -> bool:
        """Whether the clause applies."""
        rated = [counts.named[name] for name in self.names if name in counts.named]
        return self.amount.applies(Counts({state: rated.count(state) for state in COLOURS}, {}))


Clause = Named | Amount | Within


@dataclass(frozen=True, slots=True)
class Counts:
    """What a table looks at: how many parts have each colour, and which has which."""

    by_rating: Mapping[Rating, int]
    named: Mapping[str, Rating]

    @property
    def total(self) -> int:
        """Parts that are rated."""
        return sum(self.by_rating.values())


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a table; no clauses at all is `otherwise`.

    A limit allows nothing better than its rating where it applies.
    """

    rating: Rating
    text: str
    groups: tuple[tuple[Clause, ...], ...]
    is_limit: bool = False

    def applies(self, counts: Counts) -> bool:
        """Whether this line applies."""
        return not self.groups or any(
            all(clause.applies(counts) for clause in group) for group in self.groups
        )


@dataclass(frozen=True, slots=True)
class Table:
    """Rules in order; `names` are the parts that it asks for by id, `limits` cap the rules."""

    rules: tuple[Rule, ...]
    names: frozenset[str]
    limits: tuple[Rule, ...] = ()
    is_unique: bool = False

    def decide(self, counts: Counts) -> Rule:
        """The first rule that applies (one always does), or the limit that caps it."""
        found = next(rule for rule in self.rules if rule.applies(counts))
        for limit in self.limits:
            if COLOURS.index(limit.rating) < COLOURS.index(found.rating) and limit.applies(counts):
                found = limit
        return found


def table_of(rules: Sequence[Rule], *, is_unique: bool = False) -> Table:
    """A table of checked rules.  Raises `ExpressionFault` when `otherwise` stands too early."""
    ordinary = tuple(rule for rule in rules if not rule.is_limit)
    if any(not rule.groups for rule in ordinary[:-1]):
        raise ExpressionFault("table", "'otherwise' stands in the last line only.")
    if not ordinary:
        raise ExpressionFault("table", "A table has rules; this one has none.")
    names: set[str] = set()
    for clause in (clause for rule in rules for group in rule.groups for clause in group):
        if isinstance(clause, Named):
            names.add(clause.name)
        elif isinstance(clause, Within):
            names.update(clause.names)
    limits = tuple(rule for rule in rules if rule.is_limit)
    return Table(ordinary, frozenset(names), limits, is_unique)


WORST_RULES = (("red", "any red"), ("amber", "any amber"), ("green", "otherwise"))


def worst() -> Table:
    """The worst of the parts: what `worst` means wherever a table may stand."""
    return table_of([Rule(Rating(r), text, parse_rule(text, (), ())) for r, text in WORST_RULES])


def parse_rule(
    text: str, nouns: Sequence[str], names: Sequence[str]
) -> tuple[tuple[Clause, ...], ...]:
    """The clauses of a rule, as alternatives; empty for `otherwise`.

    Raises `ExpressionFault` for words outside the grammar, a noun that this table does not
    count, or the id of a part that does not exist.
    """
    if text.strip() == "otherwise":
        return ()
    if len(text) > _MAX_LENGTH:
        raise ExpressionFault("too-long", f"A rule may have {_MAX_LENGTH} characters.")
    parser = _Rule(_tokens(text), text, tuple(nouns), tuple(names))
    return parser.read()


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    at = 0
    text = text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ExpressionFault("table", f"'{shortened(text[at:])}' has no meaning in a table.")
        tokens.append(match[0].strip())
        at = match.end()
    return tokens


@dataclass(slots=True)
class _Rule:
    tokens: list[str]
    text: str
    nouns: tuple[str, ...]
    names: tuple[str, ...]
    at: int = 0

    def read(self) -> tuple[tuple[Clause, ...], ...]:
        groups: list[tuple[Clause, ...]] = [self._group()]
        while self.at < len(self.tokens):
            comma = self._take(",")
            if not self._take("or") and not comma:
                raise self._fault()
            groups.append(self._group())
        return tuple(groups)

    def _group(self) -> tuple[Clause, ...]:
        clauses = [self._clause()]
        while self._take("and"):
            clauses.append(self._clause())
        return tuple(clauses)

    def _take(self, *words: str) -> bool:
        if tuple(self.tokens[self.at : self.at + len(words)]) == words:
            self.at += len(words)
            return True
        return False

    def _next(self) -> str:
        if self.at >= len(self.tokens):
            raise self._fault()
        self.at += 1
        return self.tokens[self.at - 1]

    def _fault(self) -> ExpressionFault:
        return ExpressionFault(
            "table",
            f"'{shortened(self.text)}' is not a rule. Write it like 'any red', "
            "'2 or more amber', '30% or more red' or 'otherwise'.",
        )

    def _clause(self) -> Clause:
        for words, operator in _LEADS.items():
            if self._take(*words.split()):
                return self._amount(operator, self._next())
        if self._take("any"):
            return self._counted(">=", Fraction(1), is_share=False)
        if self._take("no"):
            return self._counted("<=", Fraction(0), is_share=False)
        if self._take("all"):
            return self._counted(">=", Fraction(1), is_share=True)
        word = self._next()
        if word[0].isdigit():
            if not self._take("or", "more"):
                raise self._fault()
            return self._amount(">=", word)
        if not self._take("is"):
            raise self._fault()
        if word not in self.names:
            near = nearest(word, self.names)
            raise ExpressionFault("unknown-name", f"There is no part '{shortened(word)}'.{near}")
        return Named(word, self._state())

    def _amount(self, operator: str, word: str) -> Clause:
        if not word[0].isdigit() or len(word) > 12:  # noqa: PLR2004 - no table counts further
            raise self._fault()
        share = word.endswith("%")
        number = Fraction(word[:-1]) / 100 if share else Fraction(word)
        return self._counted(operator, number, is_share=share)

    def _counted(self, operator: str, amount: Fraction, *, is_share: bool) -> Clause:
        made = Amount(operator, amount, is_share, self._counted_state())
        if not self._take("in"):
            return made
        within = self._next()
        names = tuple(n for n in self.names if n == within or n.startswith(f"{within}."))
        if not names:
            near = nearest(within, {part for n in self.names for part in (n, n.split(".")[0])})
            raise ExpressionFault("unknown-name", f"There is no part '{shortened(within)}'.{near}")
        return Within(within, names, made)

    def _counted_state(self) -> frozenset[Rating]:
        if self.at < len(self.tokens) and self.tokens[self.at] not in (*COLOURS, "not"):
            noun = self._next()
            if noun not in self.nouns:
                near = nearest(noun, (*self.nouns, *COLOURS))
                raise ExpressionFault("table", f"'{shortened(noun)}' is not counted here.{near}")
        return self._state()

    def _state(self) -> frozenset[Rating]:
        opposite = self._take("not")
        word = self._next()
        if word not in tuple(COLOURS):
            near = nearest(word, COLOURS)
            raise ExpressionFault("table", f"'{shortened(word)}' is not a rating.{near}")
        return frozenset(COLOURS) - {Rating(word)} if opposite else frozenset({Rating(word)})
