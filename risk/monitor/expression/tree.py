"""What an expression is made of, once read: a tree of values and operators."""

from collections.abc import Iterator
from dataclasses import dataclass

from risk.monitor.expression.words import Place


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, or true or false."""

    place: Place
    value: float | str | bool


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of the customer, by its name."""

    place: Place
    name: str


@dataclass(frozen=True, slots=True)
class Known:
    """Whether a fact is known."""

    place: Place
    fact: Fact


@dataclass(frozen=True, slots=True)
class Unary:
    """`!` or `-` before a value."""

    place: Place
    sign: str
    of: "Node"


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator between two values, or a text's method with its one argument."""

    place: Place
    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Among:
    """Whether a value is one of a list."""

    place: Place
    of: "Node"
    options: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value or the other, by a condition."""

    place: Place
    test: "Node"
    yes: "Node"
    no: "Node"


Node = Constant | Fact | Known | Unary | Binary | Among | Choice


def parts(node: Node) -> tuple[Node, ...]:
    """Return what a node is made of."""
    match node:
        case Known(_, fact):
            return (fact,)
        case Unary(_, _, of):
            return (of,)
        case Binary(_, _, left, right):
            return (left, right)
        case Among(_, of, options):
            return (of, *options)
        case Choice(_, test, yes, no):
            return (test, yes, no)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it."""
    yield node
    for part in parts(node):
        yield from walk(part)


def conjuncts(node: Node) -> Iterator[Node]:
    """Yield the conditions that must all hold for `node` to hold."""
    if isinstance(node, Binary) and node.sign == "&&":
        yield from conjuncts(node.left)
        yield from conjuncts(node.right)
    else:
        yield node
