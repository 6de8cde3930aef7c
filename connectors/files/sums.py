"""What the amounts of an invoice's row say together."""

from typing import Any


def fill_in_sides(row: dict[str, Any]) -> None:
    """Fill in the amount, and what it is, of a row with a debit or a credit side.

    What stands on the credit side and is called no credit note is a payment.
    """
    debit, credit = row.get("debit"), row.get("credit")
    if row.get("amount") is not None or (debit is None and credit is None):
        return
    row["amount"] = (debit or 0) - (credit or 0)
    if row["amount"] < 0 and credit:
        credited = row.get("kind") == "credit_note"
        row["kind"] = "credit_note" if credited else "payment"


def stated_paid(row: dict[str, Any]) -> int | None:
    """Return how much of its invoice a row says is paid; None if it does not."""
    amount, left, paid = (
        row.get("amount"),
        row.get("open_amount"),
        row.get("paid_amount"),
    )
    if amount is not None and amount < 0:
        left, paid = (n and -abs(n) for n in (left, paid))
    if paid is not None and (paid or left is None):
        return int(paid)
    if left is not None and amount is not None:
        return int(amount - left)
    if row.get("paid_on") is not None or row.get("status") == "paid":
        return None if amount is None else int(amount)
    return None
