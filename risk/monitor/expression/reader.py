"""Reads an expression into a tree, or says what is wrong with it and where."""

from collections.abc import Collection
from dataclasses import dataclass

from risk.monitor.expression.faults import (
    BracketOpen,
    CallUnknown,
    ColonMissing,
    EndsEarly,
    ListWrong,
    Misplaced,
    NoFacts,
    NothingWritten,
    TooDeep,
    TooLong,
    TooManyWords,
    ValueExpected,
)
from risk.monitor.expression.kinds import check
from risk.monitor.expression.tree import (
    Among,
    Binary,
    Choice,
    Constant,
    Fact,
    Known,
    Node,
    Unary,
    walk,
)
from risk.monitor.expression.words import Word, words

DEEPEST, MOST_WORDS = 30, 300
METHODS = frozenset({"startsWith", "endsWith", "contains"})
_LEVELS = (
    frozenset({"||"}),
    frozenset({"&&"}),
    frozenset({"<", "<=", ">", ">=", "==", "!=", "in"}),
    frozenset({"+", "-"}),
    frozenset({"*", "/"}),
)
"""Operators between values, those that bind least first."""


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was read: its text, its tree, the facts it names."""

    text: str
    root: Node
    facts: tuple[str, ...]


def read(
    text: str, numbers: Collection[str], texts: Collection[str], most: int
) -> Expression:
    """Return the condition that `text` says over the facts there are.

    `most` characters are allowed.

    Raises:
        ExpressionFault: it cannot be taken; says where and what to write.

    """
    if not text.strip():
        raise NothingWritten
    if len(text) > most:
        raise TooLong(len(text), most)
    found = words(text)
    if len(found) > MOST_WORDS:
        raise TooManyWords(MOST_WORDS)
    root = _Reader(found).whole()
    check(root, frozenset(numbers) - frozenset(texts), frozenset(texts))
    named = dict.fromkeys(n.name for n in walk(root) if isinstance(n, Fact))
    if not named:
        raise NoFacts
    return Expression(text, root, tuple(named))


class _Reader:
    """Goes through words once, from the left; each method returns what it read."""

    def __init__(self, found: list[Word]) -> None:
        self._words, self._at, self._depth = found, 0, 0

    def whole(self) -> Node:
        """Return the tree of all words."""
        root = self._choice()
        left = self._next
        if left.kind != "end":
            raise Misplaced(left.place.line, left.place.column, left.value)
        return root

    @property
    def _next(self) -> Word:
        return self._words[self._at]

    def _take(self) -> Word:
        word = self._next
        self._at += word.kind != "end"
        return word

    def _takes(self, *signs: str) -> Word | None:
        """Return the next word if it is one of `signs`, and go on behind it."""
        word = self._next
        named = word.kind in {"sign", "name"} and word.value in signs
        return self._take() if named else None

    def _choice(self) -> Node:
        self._depth += 1
        word = self._next
        if self._depth > DEEPEST:
            raise TooDeep(word.place.line, word.place.column, DEEPEST)
        test = self._level(0)
        asked = self._takes("?")
        if asked:
            yes = self._choice()
            if not self._takes(":"):
                raise ColonMissing(asked.place.line, asked.place.column)
            test = Choice(asked.place, test, yes, self._choice())
        self._depth -= 1
        return test

    def _level(self, level: int) -> Node:
        """Return what operators of a level, and those that bind more, make."""
        if level == len(_LEVELS):
            return self._unary()
        left = self._level(level + 1)
        while sign := self._takes(*_LEVELS[level]):
            if sign.value == "in":
                left = Among(sign.place, left, self._options(sign))
            else:
                left = Binary(sign.place, sign.value, left, self._level(level + 1))
        return left

    def _unary(self) -> Node:
        signs = []
        while sign := self._takes("!", "-"):
            signs.append(sign)
        if len(signs) > DEEPEST:
            place = signs[0].place
            raise TooDeep(place.line, place.column, DEEPEST)
        value = self._member()
        for sign in reversed(signs):
            value = Unary(sign.place, sign.value, value)
        return value

    def _member(self) -> Node:
        """Return a value, with the text methods called on it."""
        value = self._value()
        while self._takes("."):
            method = self._take()
            if method.value not in METHODS:
                raise CallUnknown(
                    method.place.line, method.place.column, method.value or "."
                )
            value = Binary(method.place, method.value, value, self._argument(method))
        return value

    def _argument(self, called: Word) -> Node:
        """Return the one argument in the brackets that follow."""
        opened = self._takes("(")
        if not opened or self._next.value == ")":
            raise CallUnknown(called.place.line, called.place.column, called.value)
        return self._closed(opened, ")", self._choice())

    def _closed(self, opened: Word, close: str, inside: Node) -> Node:
        """Return what is inside, if its bracket is closed."""
        if self._takes(close):
            return inside
        word = self._next
        if word.kind == "end":
            raise BracketOpen(opened.place.line, opened.place.column, opened.value)
        raise Misplaced(word.place.line, word.place.column, word.value)

    def _value(self) -> Node:
        word = self._take()
        place = word.place
        if word.kind == "number":
            return Constant(place, float(word.value))
        if word.kind == "text":
            return Constant(place, word.value)
        if word.kind == "name":
            return self._named(word)
        if word.kind == "end":
            raise EndsEarly(place.line, place.column)
        if word.value != "(":
            raise ValueExpected(place.line, place.column, word.value)
        return self._closed(word, ")", self._choice())

    def _named(self, word: Word) -> Node:
        """Return a fact, true or false, or whether a fact is known."""
        place = word.place
        if word.value in {"true", "false"}:
            return Constant(place, word.value == "true")
        if self._next.value != "(" or self._next.kind != "sign":
            return Fact(place, word.value)
        if word.value != "known":
            raise CallUnknown(place.line, place.column, word.value)
        fact = self._argument(word)
        if not isinstance(fact, Fact):
            raise CallUnknown(place.line, place.column, word.value)
        return Known(place, fact)

    def _options(self, sign: Word) -> tuple[Constant, ...]:
        """Return the constants of the list that follows `in`."""
        wrong = ListWrong(sign.place.line, sign.place.column)
        if not self._takes("["):
            raise wrong
        options: list[Constant] = []
        while True:
            option = self._unary()
            if isinstance(option, Unary) and isinstance(option.of, Constant):
                value = option.of.value
                if option.sign != "-" or not isinstance(value, float):
                    raise wrong
                option = Constant(option.place, -value)
            if not isinstance(option, Constant):
                raise wrong
            options.append(option)
            if self._takes("]"):
                return tuple(options)
            if not self._takes(","):
                raise wrong
