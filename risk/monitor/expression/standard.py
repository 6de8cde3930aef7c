"""Writes an expression that was read in standard CEL, as its library takes it."""

import json
from collections.abc import Collection

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


def standard(node: Node, known: Collection[str]) -> str:
    """Return `node` in CEL for a customer of whom the facts `known` are known.

    Numbers are CEL's doubles; whether a fact is known stands there as true or false.
    """
    match node:
        case Constant(_, value):
            written = repr(value) if isinstance(value, float) else json.dumps(value)
        case Fact(_, name):
            written = name
        case Known(_, fact):
            written = json.dumps(fact.name in known)
        case Unary(_, sign, of):
            written = f"{sign}({standard(of, known)})"
        case Among(_, of, options):
            listed = ", ".join(standard(option, known) for option in options)
            written = f"({standard(of, known)} in [{listed}])"
        case Choice(_, test, yes, no):
            sides = [standard(side, known) for side in (test, yes, no)]
            written = "({} ? {} : {})".format(*sides)
        case Binary(_, sign, left, right):
            sides = [standard(side, known) for side in (left, right)]
            if sign[0].isalpha():
                written = f"{sides[0]}.{sign}({sides[1]})"
            else:
                written = f"({sides[0]} {sign} {sides[1]})"
    return written
