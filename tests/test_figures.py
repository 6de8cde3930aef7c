"""Money is written as Babel writes it, whatever the amount, currency and language."""

from decimal import Decimal

import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from templates.engine import LANGUAGES, Form

AMOUNTS = st.one_of(
    st.decimals(min_value=-(10**15), max_value=10**15, places=4),
    st.integers(-(10**22), 10**22).map(Decimal),
    st.sampled_from([Decimal(t) for t in ("0", "-0", "0.005", "-0.004", "99.995")]),
)


@pytest.mark.parametrize("language", LANGUAGES)
@given(amount=AMOUNTS, currency=st.sampled_from(["USD", "CNY", "JPY", "KWD", "XQZ"]))
def test_money_is_as_babel_writes_it(
    language: str, amount: Decimal, currency: str
) -> None:
    whole = abs(amount) >= 100 or amount == 0
    wanted = format_currency(
        amount,
        currency,
        "¤¤ #,##0" if whole else "¤¤ #,##0.00",
        locale=language.replace("-", "_"),
        currency_digits=False,
    )
    assert Form(language).money(amount, currency) == wanted
