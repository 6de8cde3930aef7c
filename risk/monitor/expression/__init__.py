"""People's own rules: conditions over documented facts, in a part of CEL.

CEL, the Common Expression Language, is what such conditions are written in elsewhere
too: no loops, no side effects, an answer for whatever it is given. A library that
evaluates it takes a customer at a time; measured on a million customers, the quickest
way through one (`common-expression-language`, filters over short lists) takes 8 s a
rule, and cel-python over an hour. So the part that rules need is read and evaluated
here, all customers at once: a rule then takes hundredths of a second, it can name
nothing but facts and plain operators, and division by zero or an unknown fact concerns
the customers it happens to and nobody else. The library judges instead: a rule is taken
only if it reads and answers it alike (`workflows.rules.reference`), and tests hold this
evaluator to it with expressions made up by the thousand.

Three things are kinder than the standard: whole numbers are numbers (`overdue > 1000`),
division by zero is a failure rather than infinity, and `known(fact)` asks whether a
fact is there; one that is not is to the others what CEL makes of a missing variable. As
in CEL, a condition that is decided by its known half is
decided: `false && …` is false whatever is unknown on the right.
"""

from risk.monitor.expression.own import TEXT_FACTS, Failure, fire_own
from risk.monitor.expression.reader import Expression, read

__all__ = ["TEXT_FACTS", "Expression", "Failure", "fire_own", "read"]
