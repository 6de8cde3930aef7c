"""Works an expression out for all customers at once, and says where it cannot be."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

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

Column = npt.NDArray[Any]
Lost = npt.NDArray[np.int16] | None
"""For each customer 0, or the number of the reason why there is no value; None: all
have one."""

DIVISION, OVERFLOW, UNKNOWN = "division", "overflow", "unknown:"
"""Why there is no value: by the name of the fact behind `unknown:`."""

_ORDERS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_SUMS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_METHODS: dict[str, Callable[[str, str], bool]] = {
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "contains": str.__contains__,
}


class TooSlow(Exception):
    """An expression that took longer than it may."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A value for each customer, or one for all; and for whom there is none."""

    value: Column
    lost: Lost = None


@dataclass(slots=True)
class Run:
    """One evaluation: the facts it may see, until when, why values were lost."""

    numbers: Mapping[str, npt.NDArray[np.float64]]
    texts: Mapping[str, Column]
    until: float
    """By `time.perf_counter`."""
    reasons: list[str] = field(default_factory=lambda: [""])

    def answer(self, node: Node) -> Answer:
        """Return what a node gives.

        Raises:
            TooSlow: the time is over.

        """
        if perf_counter() > self.until:
            raise TooSlow
        match node:
            case Constant(_, constant):
                kind = object if isinstance(constant, str) else None
                found = Answer(np.array(constant, kind))
            case Fact(_, name):
                found = self._fact(name)
            case Known(_, fact):
                lost = self._fact(fact.name).lost
                found = Answer(np.ones((), bool) if lost is None else lost == 0)
            case Unary(_, sign, of):
                found = self.answer(of)
                value = ~found.value if sign == "!" else -found.value
                found = Answer(value, found.lost)
            case Among(_, of, options):
                found = self._among(of, options)
            case Choice(_, test, yes, no):
                found = _chosen(self.answer(test), self.answer(yes), self.answer(no))
            case Binary(_, "&&" | "||" as sign, left, right):
                found = _joined(self.answer(left), self.answer(right), sign)
            case Binary():
                found = self._binary(node)
        return found

    def _fact(self, name: str) -> Answer:
        if name in self.texts:
            value = np.asarray(self.texts[name], object)
            missing = _missing(value) | np.equal(value, "")
        else:
            value = self.numbers[name]
            missing = np.isnan(value)
        return Answer(value, self._lost(missing, UNKNOWN + name))

    def _lost(self, where: npt.NDArray[np.bool_], reason: str) -> Lost:
        if not where.any():
            return None
        if reason not in self.reasons:
            self.reasons.append(reason)
        return where.astype(np.int16) * np.int16(self.reasons.index(reason))

    def _among(self, of: Node, options: tuple[Constant, ...]) -> Answer:
        found = self.answer(of)
        value = np.zeros(found.value.shape, bool)
        for option in options:
            value |= np.equal(found.value, option.value)
        return Answer(value, found.lost)

    def _binary(self, node: Binary) -> Answer:
        left, right = self.answer(node.left), self.answer(node.right)
        lost = _either(left.lost, right.lost)
        if node.sign in _METHODS:
            return Answer(_method(node.sign, left.value, right.value), lost)
        if node.sign in _ORDERS:
            value = _ORDERS[node.sign](left.value, right.value)
            return Answer(np.asarray(value, bool), lost)
        with np.errstate(all="ignore"):
            value = np.asarray(_SUMS[node.sign](left.value, right.value))
        if node.sign == "/":
            zero = np.broadcast_to(right.value == 0, value.shape)
            lost = _either(lost, self._lost(zero, DIVISION))
        return Answer(value, _either(lost, self._lost(np.isnan(value), OVERFLOW)))


def _either(first: Lost, second: Lost) -> Lost:
    if first is None or second is None:
        return second if first is None else first
    return np.where(first, first, second)


def _joined(left: Answer, right: Answer, sign: str) -> Answer:
    """Return both or either; a half that decides makes the other half's loss good."""
    join = operator.and_ if sign == "&&" else operator.or_
    value = np.asarray(join(_sure(left, sign), _sure(right, sign)))
    lost = _either(left.lost, right.lost)
    if lost is None:
        return Answer(value)
    decided = value if sign == "||" else ~value
    lost = np.where(decided, np.int16(0), lost)
    return Answer(value, lost if lost.any() else None)


def _sure(side: Answer, sign: str) -> Column:
    """Return a side with its lost values set to what decides nothing."""
    if side.lost is None:
        return side.value
    return np.where(side.lost == 0, side.value, sign == "&&")


def _chosen(test: Answer, yes: Answer, no: Answer) -> Answer:
    value = np.where(test.value, yes.value, no.value)
    zero = np.int16(0)
    ways = [zero if side.lost is None else side.lost for side in (yes, no)]
    taken = np.where(test.value, *ways)
    if test.lost is not None:
        taken = np.where(test.lost, test.lost, taken)
    return Answer(value, taken if taken.any() else None)


def _method(name: str, left: Column, right: Column) -> Column:
    method = np.frompyfunc(_METHODS[name], 2, 1)
    plain = [np.where(_missing(side), "", side) for side in (left, right)]
    return np.asarray(method(*plain), bool)


def _missing(texts: Column) -> Column:
    return np.asarray(np.equal(texts, np.array(None, object)), bool)
