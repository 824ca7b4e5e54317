"""Checks an expression against the declared names and types, and makes its typed tree.

Python's own parser splits the text (after `spelling` took the literals out); each node of its
tree must be one of the few known here, and is built anew.  Nothing of it is ever run.

>>> from qipp_assure.criteria_engine.types import Field, Record
>>> plan = Record("plan", (), (Field("due", Kind.DATE, "due date"),))
>>> parse_condition("due <= as_of", Scope(plan)).kind
<Kind.YES_NO: 'yes_no'>
>>> parse_condition("duee <= 5", Scope(plan))
Traceback (most recent call last):
...
qipp_assure.criteria_engine.spelling.ExpressionFault: There is no 'duee'. Did you mean 'due'?
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from qipp_assure.criteria_engine import functions
from qipp_assure.criteria_engine.faults import nearest, shortened
from qipp_assure.criteria_engine.names import Scope, check_choice, check_choices, look_up
from qipp_assure.criteria_engine.spelling import ExpressionFault, spell
from qipp_assure.criteria_engine.tree import (
    Among,
    Arithmetic,
    Call,
    Compare,
    Contains,
    FieldRef,
    Gather,
    Given,
    ListRef,
    Literal,
    Logic,
    Negative,
    Node,
    Not,
)
from qipp_assure.criteria_engine.types import Kind, TextList
from qipp_assure.criteria_engine.values import NUMERIC

MAX_DEPTH = 40
MAX_LISTS_WITHIN_LISTS = 2

_ORDERS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_EQUALS = {ast.Eq: "==", ast.NotEq: "!="}
_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


def parse_expression(text: str, scope: Scope) -> Node:
    """The typed tree of an expression.  Raises `ExpressionFault` with all that is wrong."""
    spelled = spell(text)
    try:
        parsed = ast.parse(spelled.code.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        said = (
            "An expression is missing."
            if not text.strip()
            else (f"'{shortened(text)}' is not a complete expression.")
        )
        raise ExpressionFault("syntax", said) from error
    return _Builder(spelled.literals).build(parsed.body, scope, 0)


def parse_condition(text: str, scope: Scope) -> Node:
    """The same for what must be yes or no."""
    node = parse_expression(text, scope)
    if node.kind is not Kind.YES_NO:
        raise ExpressionFault("type", f"This must be yes or no, and is {node.kind.words}.")
    return node


def parse_list(text: str, scope: Scope) -> ListRef:
    """A declared list, by its name."""
    spelled = spell(text)
    parts = spelled.code.strip().split(".")
    if spelled.literals or not all(part.isidentifier() for part in parts):
        raise ExpressionFault("name", f"'{shortened(text)}' is not the name of a list.")
    found = look_up(parts, scope)
    if not isinstance(found, ListRef):
        raise ExpressionFault("type", f"'{text}' is not a list.")
    return found


@dataclass(slots=True)
class _Builder:
    literals: Mapping[str, Literal]

    def build(self, node: ast.expr, scope: Scope, depth: int) -> Node:
        """One value; lists are refused here."""
        found = self.any(node, scope, depth)
        if isinstance(found, ListRef):
            name = ".".join(found.path)
            raise ExpressionFault(
                "type", f"'{name}' is a list; use count(), any(), 'in' and the like."
            )
        return found

    def any(self, node: ast.expr, scope: Scope, depth: int) -> Node | ListRef:
        """One value or a list."""
        if depth > MAX_DEPTH:
            raise ExpressionFault("too-deep", "The expression is nested too deeply.")
        deeper = depth + 1
        match node:
            case ast.Name(id=name) if name in self.literals:
                return self.literals[name]
            case ast.Name() | ast.Attribute():
                return look_up(self._dotted(node), scope)
            case ast.BoolOp():
                return self._logic(node, scope, deeper)
            case ast.UnaryOp(op=ast.Not()):
                return Not(self._condition(node.operand, scope, deeper))
            case ast.UnaryOp(op=ast.USub()):
                part = self.build(node.operand, scope, deeper)
                if part.kind not in NUMERIC:
                    raise ExpressionFault("type", f"{part.kind.words.capitalize()} has no minus.")
                return Negative(part, part.kind)
            case ast.BinOp(op=operator) if type(operator) in _ARITHMETIC:
                sign = _ARITHMETIC[type(operator)]
                left, right = self._each([node.left, node.right], scope, deeper)
                return Arithmetic(sign, left, right, functions.arithmetic_kind(sign, left, right))
            case ast.Compare():
                return self._compare(node, scope, deeper)
            case ast.Call():
                return self._call(node, scope, deeper)
            case _:
                raise ExpressionFault("not-allowed", _not_allowed(node))

    def _each(self, nodes: Sequence[ast.expr], scope: Scope, depth: int) -> list[Node]:
        return self._all([partial(self.build, n, scope, depth) for n in nodes])

    def _all(self, makers: Sequence[Callable[[], Node]]) -> list[Node]:
        """Makes every part even when one is at fault, so that all faults come at once."""
        made: list[Node] = []
        found: list[tuple[str, str]] = []
        for make in makers:
            try:
                made.append(make())
            except ExpressionFault as fault:
                found += fault.found
        if found:
            together = ExpressionFault(*found[0])
            together.found = tuple(dict.fromkeys(found))
            raise together
        return made

    def _dotted(self, node: ast.expr) -> list[str]:
        if isinstance(node, ast.Name):
            return [node.id]
        if isinstance(node, ast.Attribute):
            before = self._dotted(node.value)
            if len(before) > 4:  # noqa: PLR2004 - no declared field lies deeper
                raise ExpressionFault("unknown-name", "No name has so many dots.")
            return [*before, node.attr]
        raise ExpressionFault("not-allowed", "Only a declared field may stand before a dot.")

    def _condition(self, node: ast.expr, scope: Scope, depth: int) -> Node:
        built = self.build(node, scope, depth)
        if built.kind is not Kind.YES_NO:
            raise ExpressionFault(
                "type", f"'and', 'or', 'not' and 'if' join yes or no, not {built.kind.words}."
            )
        return built

    def _logic(self, node: ast.BoolOp, scope: Scope, depth: int) -> Node:
        parts = self._all([partial(self._condition, n, scope, depth) for n in node.values])
        return Logic("and" if isinstance(node.op, ast.And) else "or", tuple(parts))

    def _compare(self, node: ast.Compare, scope: Scope, depth: int) -> Node:
        operands = [node.left, *node.comparators]
        links = [
            partial(self._link, op, operands[i], operands[i + 1], scope, depth)
            for i, op in enumerate(node.ops)
        ]
        parts = self._all(links)
        return parts[0] if len(parts) == 1 else Logic("and", tuple(parts))

    def _link(
        self, op: ast.cmpop, one: ast.expr, other: ast.expr, scope: Scope, depth: int
    ) -> Node:
        if isinstance(op, ast.In | ast.NotIn):
            among = self._among(one, other, scope, depth)
            return Not(among) if isinstance(op, ast.NotIn) else among
        left, right = self._each([one, other], scope, depth)
        alike = functions.common_kind(left, right)
        if alike is None:
            raise functions.mixed("and", left, right)
        check_choices(left, right)
        if type(op) in _ORDERS:
            if alike not in NUMERIC | {Kind.DATE}:
                raise ExpressionFault(
                    "type", f"{alike.words.capitalize()} has no order; use == or !=."
                )
            return Compare(_ORDERS[type(op)], left, right)
        if type(op) in _EQUALS:
            return Compare(_EQUALS[type(op)], left, right)
        raise ExpressionFault("not-allowed", "Compare with ==, !=, <, <=, >, >= or in.")

    def _among(self, one: ast.expr, other: ast.expr, scope: Scope, depth: int) -> Node:
        item = self.build(one, scope, depth)
        if isinstance(other, ast.List | ast.Tuple):
            options = self._each(other.elts, scope, depth)
            for option in options:
                if functions.common_kind(item, option) is None:
                    raise functions.mixed("and", item, option)
                check_choices(item, option)
            return Among(item, tuple(options))
        return _in_list(item, self.any(other, scope, depth))

    def _call(self, node: ast.Call, scope: Scope, depth: int) -> Node:
        if not isinstance(node.func, ast.Name) or node.func.id not in functions.NAMES:
            named = node.func.id if isinstance(node.func, ast.Name) else "this"
            known = nearest(named, functions.NAMES)
            raise ExpressionFault(
                "unknown-function", f"There is no function '{shortened(named)}'.{known}"
            )
        name = node.func.id
        if node.keywords or any(isinstance(part, ast.Starred) for part in node.args):
            raise ExpressionFault("call", f"{name}() takes plain values only.")
        if len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
            return self._gather(name, node.args[0], scope, depth)
        if name == "given":
            return self._given(node.args, scope, depth)
        if name == "count" and len(node.args) == 1:
            source = self.any(node.args[0], scope, depth)
            if isinstance(source, ListRef):
                return Gather("count", source, "", None, None, Kind.COUNT)
        if name in functions.GATHERING and name not in ("min", "max"):
            raise ExpressionFault("call", f"{name}() wants '(... for x in a list)'.")
        if name == "contains" and len(node.args) == 2:  # noqa: PLR2004 - container and part
            container = self.any(node.args[0], scope, depth)
            if isinstance(container, ListRef):
                return _in_list(self.build(node.args[1], scope, depth), container)
        parts = self._each(node.args, scope, depth)
        kind = functions.call_kind(name, parts)
        if name == "contains":
            return Contains(parts[0], parts[1])
        return Call(name, tuple(parts), kind)

    def _given(self, nodes: Sequence[ast.expr], scope: Scope, depth: int) -> Node:
        refs: list[FieldRef | ListRef] = []
        for node in nodes:
            found = self.any(node, scope, depth)
            if not isinstance(found, FieldRef | ListRef):
                raise ExpressionFault("call", "given() asks for fields, not for other things.")
            refs.append(found)
        if not refs:
            raise ExpressionFault("call", "given() wants a field.")
        return Given(tuple(refs))

    def _gather(self, name: str, node: ast.GeneratorExp, scope: Scope, depth: int) -> Node:
        if name not in functions.GATHERING:
            raise ExpressionFault("call", f"{name}() does not take '(... for x in a list)'.")
        loop = node.generators[0]
        if len(node.generators) != 1 or loop.is_async:
            raise ExpressionFault("not-allowed", "One 'for' at a time.")
        if len(scope.variables) >= MAX_LISTS_WITHIN_LISTS:
            raise ExpressionFault("too-deep", "Lists within lists go two deep at most.")
        if not isinstance(loop.target, ast.Name) or loop.target.id in self.literals:
            raise ExpressionFault("not-allowed", "After 'for' stands a single name.")
        source = self.any(loop.iter, scope, depth)
        if not isinstance(source, ListRef):
            raise ExpressionFault("type", "After 'in' stands a list.")
        variable = loop.target.id
        inner = scope.with_variable(variable, source.declared)
        conditions = self._all([partial(self._condition, n, inner, depth) for n in loop.ifs])
        condition = None
        if conditions:
            condition = conditions[0] if len(conditions) == 1 else Logic("and", tuple(conditions))
        if name == "count":
            if not isinstance(node.elt, ast.Name) or node.elt.id != variable:
                raise ExpressionFault(
                    "call", f"count() counts items: count({variable} for {variable} in ... if ...)."
                )
            return Gather(name, source, variable, condition, None, Kind.COUNT)
        element = self.build(node.elt, inner, depth)
        return Gather(name, source, variable, condition, element, _gathered_kind(name, element))


def _gathered_kind(name: str, element: Node) -> Kind:
    if name in ("any", "all", "share"):
        if element.kind is not Kind.YES_NO:
            raise ExpressionFault("type", f"{name}() is of yes or no, not {element.kind.words}.")
        return Kind.SHARE if name == "share" else Kind.YES_NO
    ordered = NUMERIC if name == "sum" else NUMERIC | {Kind.DATE}
    if element.kind not in ordered:
        raise ExpressionFault("type", f"{name}() is of numbers, not {element.kind.words}.")
    return element.kind


def _in_list(item: Node, source: Node | ListRef) -> Among:
    if not isinstance(source, ListRef) or not isinstance(source.declared, TextList):
        raise ExpressionFault("type", "After 'in' stands [a, b, c] or a list of texts.")
    if item.kind not in (Kind.TEXT, Kind.CHOICE):
        raise ExpressionFault("type", f"A list of texts holds no {item.kind.words}.")
    check_choice(item, source.declared.choices)
    return Among(item, source)


def _not_allowed(node: ast.expr) -> str:
    names = {
        ast.Lambda: "No functions of one's own here.",
        ast.IfExp: "No 'if ... else' inside an expression; make two checks.",
        ast.Subscript: "No [ ] after a name.",
        ast.Constant: "This word has no meaning here; write yes or no, or given(x).",
        ast.List: "A list [a, b] may stand after 'in' only.",
        ast.Tuple: "A list [a, b] may stand after 'in' only.",
        ast.GeneratorExp: "'for' may stand inside count(), sum(), any() and the like only.",
        ast.ListComp: "'for' may stand inside count(), sum(), any() and the like only.",
    }
    return names.get(type(node), "This has no meaning in the language of criteria.")
