"""Whether an expression makes sense: its facts exist, likes meet likes."""

from difflib import get_close_matches
from typing import Literal

from risk.monitor.expression.faults import (
    CallUnknown,
    ConditionsNeeded,
    FactNearly,
    FactUnknown,
    LikesNeeded,
    ListWrong,
    NotACondition,
    NumbersNeeded,
)
from risk.monitor.expression.tree import (
    Among,
    Binary,
    Choice,
    Constant,
    Fact,
    Known,
    Node,
    Unary,
)

Kind = Literal["number", "text", "condition"]
Names = frozenset[str]

_ALIKE = 0.6


def check(root: Node, numbers: Names, texts: Names) -> None:
    """Raise what makes no sense in a rule; the whole must be a condition."""
    if _Kinds(numbers, texts).of(root) != "condition":
        raise NotACondition


class _Kinds:
    """Says what kind of value each node gives."""

    def __init__(self, numbers: Names, texts: Names) -> None:
        self._numbers, self._texts = numbers, texts

    def of(self, node: Node) -> Kind:
        kind: Kind
        match node:
            case Constant(_, value):
                kind = _constant(value)
            case Fact():
                kind = self._fact(node)
            case Known(_, fact):
                self._fact(fact)
                kind = "condition"
            case Unary():
                kind = self._unary(node)
            case Among():
                kind = self._among(node)
            case Choice():
                kind = self._choice(node)
            case Binary():
                kind = self._binary(node)
        return kind

    def _fact(self, fact: Fact) -> Kind:
        if fact.name in self._texts:
            return "text"
        if fact.name in self._numbers:
            return "number"
        line, column = fact.place.line, fact.place.column
        known = sorted(self._numbers | self._texts)
        near = get_close_matches(fact.name.casefold(), known, 1, _ALIKE)
        if near:
            raise FactNearly(line, column, fact.name, near[0])
        raise FactUnknown(line, column, fact.name)

    def _unary(self, node: Unary) -> Kind:
        kind, place = self.of(node.of), node.place
        if node.sign == "!":
            if kind != "condition":
                raise ConditionsNeeded(place.line, place.column, node.sign)
            return "condition"
        if kind != "number":
            raise NumbersNeeded(place.line, place.column, node.sign)
        return "number"

    def _among(self, node: Among) -> Kind:
        kinds = {self.of(node.of), *(self.of(option) for option in node.options)}
        if len(kinds) > 1 or kinds == {"condition"}:
            raise ListWrong(node.place.line, node.place.column)
        return "condition"

    def _choice(self, node: Choice) -> Kind:
        line, column = node.place.line, node.place.column
        if self.of(node.test) != "condition":
            raise ConditionsNeeded(line, column, "?")
        yes, no = self.of(node.yes), self.of(node.no)
        if yes != no:
            raise LikesNeeded(line, column, ":")
        return yes

    def _binary(self, node: Binary) -> Kind:
        line, column, sign = node.place.line, node.place.column, node.sign
        left, right = self.of(node.left), self.of(node.right)
        if sign in {"&&", "||"}:
            if {left, right} != {"condition"}:
                raise ConditionsNeeded(line, column, sign)
            return "condition"
        if sign in {"==", "!="}:
            if left != right:
                raise LikesNeeded(line, column, sign)
            return "condition"
        if sign[0].isalpha():
            if {left, right} != {"text"}:
                raise CallUnknown(line, column, sign)
            return "condition"
        if {left, right} != {"number"}:
            raise NumbersNeeded(line, column, sign)
        return "condition" if sign[0] in "<>" else "number"


def _constant(value: float | str | bool) -> Kind:  # noqa: FBT001 - any constant
    if isinstance(value, bool):
        return "condition"
    return "number" if isinstance(value, float) else "text"
