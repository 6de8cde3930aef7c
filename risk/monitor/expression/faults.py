"""What can be wrong with an expression: where it is, and what to write instead."""

from dataclasses import dataclass

from risk.errors import N_, UserError


class ExpressionFault(UserError):
    """An expression that cannot be taken."""


@dataclass(eq=False)
class NothingWritten(ExpressionFault):
    """An empty expression."""

    example: str = 'overdue > 10000 && class in ["D", "E"]'
    message = N_("Write a condition over facts, for example: %(example)s")


@dataclass(eq=False)
class TooLong(ExpressionFault):
    """More characters than the policy allows."""

    length: int
    most: int
    message = N_(
        "It has %(length)s characters; %(most)s are allowed. Split it into two rules."
    )


@dataclass(eq=False)
class TooManyWords(ExpressionFault):
    """More words and signs than can be sound."""

    most: int
    message = N_("It has more than %(most)s words and signs. Split it into two rules.")


@dataclass(eq=False)
class FaultAt(ExpressionFault):
    """Something at a place."""

    line: int
    column: int


@dataclass(eq=False)
class TooDeep(FaultAt):
    """Brackets in brackets in brackets."""

    most: int
    message = N_(
        "Line %(line)s, character %(column)s: brackets are nested more than %(most)s"
        " deep. Take some away."
    )


@dataclass(eq=False)
class WriteInstead(FaultAt):
    """A word or sign that is written otherwise in CEL."""

    written: str
    instead: str
    message = N_(
        "Line %(line)s, character %(column)s: write “%(instead)s” instead of"
        " “%(written)s”."
    )


@dataclass(eq=False)
class SignUnknown(FaultAt):
    """A character that stands for nothing."""

    sign: str
    signs: str = "+ - * / < <= > >= == != && || ! ? : in [ ] ( )"
    message = N_(
        "Line %(line)s, character %(column)s: “%(sign)s” means nothing here. There are"
        " facts, numbers, texts in quotes, and %(signs)s"
    )


@dataclass(eq=False)
class QuoteOpen(FaultAt):
    """A text without its end."""

    message = N_(
        "Line %(line)s, character %(column)s: the text that begins here has no closing"
        " quote."
    )


@dataclass(eq=False)
class BracketOpen(FaultAt):
    """A bracket that is not closed."""

    bracket: str
    message = N_(
        "Line %(line)s, character %(column)s: the bracket “%(bracket)s” that opens here"
        " is not closed."
    )


@dataclass(eq=False)
class EndsEarly(FaultAt):
    """Nothing follows where something must."""

    message = N_(
        "Line %(line)s, character %(column)s: it ends here, but a fact, a number or a"
        " text must follow."
    )


@dataclass(eq=False)
class ValueExpected(FaultAt):
    """A sign stands where a value must."""

    found: str
    message = N_(
        "Line %(line)s, character %(column)s: a fact, a number or a text must stand"
        " here, not “%(found)s”."
    )


@dataclass(eq=False)
class Misplaced(FaultAt):
    """Something stands after the end of a condition."""

    found: str
    both: str = "&&"
    either: str = "||"
    message = N_(
        "Line %(line)s, character %(column)s: “%(found)s” does not belong here. Join"
        " conditions with %(both)s (and) or %(either)s (or)."
    )


@dataclass(eq=False)
class ColonMissing(FaultAt):
    """A question mark without its colon."""

    message = N_(
        "Line %(line)s, character %(column)s: a choice is written condition ? this :"
        " that, and the “:” is missing."
    )


@dataclass(eq=False)
class ListWrong(FaultAt):
    """What follows `in` is not a list of like values."""

    message = N_(
        "Line %(line)s, character %(column)s: “in” needs a list of numbers or of texts,"
        ' for example class in ["D", "E"].'
    )


@dataclass(eq=False)
class FactUnknown(FaultAt):
    """No such fact."""

    name: str
    message = N_(
        "Line %(line)s, character %(column)s: there is no fact “%(name)s”. “Facts”"
        " lists all there are; a text stands in quotes."
    )


@dataclass(eq=False)
class FactNearly(FaultAt):
    """No such fact, but one that is called much alike."""

    name: str
    near: str
    message = N_(
        "Line %(line)s, character %(column)s: there is no fact “%(name)s”. Did you mean"
        " “%(near)s”?"
    )


@dataclass(eq=False)
class CallUnknown(FaultAt):
    """No such function, or not used so."""

    name: str
    message = N_(
        "Line %(line)s, character %(column)s: “%(name)s” cannot be called so. There are"
        " known(fact), text.startsWith(text), text.endsWith(text) and"
        " text.contains(text)."
    )


@dataclass(eq=False)
class NumbersNeeded(FaultAt):
    """Arithmetic or an order on what is not a number."""

    sign: str
    message = N_(
        "Line %(line)s, character %(column)s: “%(sign)s” needs numbers on both sides."
    )


@dataclass(eq=False)
class LikesNeeded(FaultAt):
    """A comparison of unlike things."""

    sign: str
    message = N_(
        "Line %(line)s, character %(column)s: “%(sign)s” compares like with like: a"
        " number with a number, a text with a text."
    )


@dataclass(eq=False)
class ConditionsNeeded(FaultAt):
    """A fact where a condition must stand."""

    sign: str
    example: str = "overdue > 0"
    message = N_(
        "Line %(line)s, character %(column)s: “%(sign)s” joins conditions, such as"
        " %(example)s; a bare fact is none."
    )


@dataclass(eq=False)
class NotACondition(ExpressionFault):
    """An expression that gives a number or a text."""

    example: str = "overdue > 10000"
    message = N_(
        "It gives a number or a text; a rule must be true or false. Compare it, for"
        " example: %(example)s"
    )


@dataclass(eq=False)
class NoFacts(ExpressionFault):
    """An expression that is the same for everybody."""

    message = N_(
        "It names no fact, so it would fire for everybody or for nobody. Name one, such"
        " as overdue."
    )
