"""What every workflow about a customer says when the customer is not there."""

from dataclasses import dataclass

from risk.errors import N_, UserError


@dataclass(eq=False)
class CustomerGone(UserError):
    """A button of a customer that is no longer there."""

    message = N_("This customer is no longer in the books. Look it up again.")
