"""Every message about a limit fits what Slack takes, at its worst, in each language."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from sandbox.blocks.limits import check_blocks, check_view
from storage.columns import LARGEST_AMOUNT
from templates.engine import LANGUAGES, Renderer
from templates.messages.base import Message
from templates.messages.limit import (
    AccountsLine,
    GroupLine,
    LimitAsk,
    LimitDone,
    LimitForm,
    LimitRefusal,
    LimitView,
    MethodRow,
    Proposal,
    StandingLimit,
    WaitingLine,
    Worth,
)

D = Decimal
MOST = LARGEST_AMOUNT
LONG = "<&> " * 125
"""500 characters, of which many grow when they are escaped."""
DAY = date(2027, 12, 31)
NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
EUROS = Worth(MOST, "EUR", MOST, DAY)
FOREIGN = Worth(MOST, "CHF", None)
CASH = Worth(D(0), "USD", D(0))

MISSING = ("net_worth", "working_capital", "turnover", "references", "sales_to_it")
ROWS = [
    MethodRow("net_worth", MOST, [MOST], [D("0.1")]),
    MethodRow("working_capital", None, (), [D("0.1")], missing="working_capital"),
    MethodRow("monthly_sales", MOST, [MOST], [D("0.1")]),
    MethodRow("references", None, missing="references"),
    MethodRow("grade", MOST, [MOST, MOST], [D("0.35"), D("0.05")]),
    MethodRow("capacity", None, missing="all"),
    MethodRow("need", D(1), [MOST], days=1, binds=True),
    MethodRow("cap", D(0), [MOST, MOST]),
]
PROPOSAL = Proposal(
    amount=MOST,
    until=DAY,
    binding="group",
    bound=MOST,
    factor=D("0.7"),
    risk_class="C",
    class_known=False,
    need=MOST,
    gap=MOST,
    others=MOST,
)
STANDING = StandingLimit(
    worth=EUROS,
    set_on=DAY,
    until=DAY,
    expired=False,
    used=D("99.5"),
    warning="hold",
    set_by="U1",
    approved_by="U2",
    reason=LONG,
)
GROUP = GroupLine(LONG, 1, MOST, MOST, MOST, 1, ("CHF", "XXX"), MOST)
FAULTS = ("assets", "liabilities", "period", "sales", "rate")
WAITING = WaitingLine(FOREIGN, "U3", NOW)
VIEW = LimitView(
    customer_id=1,
    number=LONG[:60],
    name=LONG,
    currency="USD",
    exposure=MOST,
    proposal=PROPOSAL,
    rows=ROWS,
    standing=STANDING,
    group=GROUP,
    accounts=AccountsLine(DAY, "CHF", audited=True, faults=FAULTS),
    later_accounts=DAY,
    terms_days=1,
    terms_agreed=False,
    waiting=WAITING,
    may_set=True,
    without_rate=("CHF", "XXX"),
)
BARE = replace(
    VIEW,
    rows=[MethodRow("grade", None, (), [D(1), D(1)], missing=key) for key in MISSING],
    standing=None,
    group=None,
    accounts=None,
    waiting=None,
    terms_days=None,
)
FORM = LimitForm(
    name=LONG,
    metadata="{}",
    may_set=True,
    alone=D(50_000),
    currency="USD",
    amount="",
    chosen="USD",
    currencies=[f"X{n:02}" for n in range(99)] + ["USD"],
    until=DAY,
    risk_class="C",
    proposed=MOST,
    standing=replace(STANDING, expired=True),
    waiting=WAITING,
)
ASK = LimitAsk(
    ticket="1:1",
    customer_id=1,
    number=LONG[:60],
    name=LONG,
    currency="USD",
    worth=EUROS,
    until=DAY,
    reason=LONG,
    asked_by="U3",
    roles=("approver", "lead"),
    exposure=MOST,
    proposal=replace(PROPOSAL, amount=D(1)),
    standing=STANDING,
    group=GROUP,
    state="waiting",
)
DONE = LimitDone(
    what="set",
    number="1",
    name=LONG,
    worth=EUROS,
    until=DAY,
    reason=LONG,
    by="U2",
    decided_reason=LONG,
    before=CASH,
)


def everything() -> Iterator[Message]:
    yield from (VIEW, BARE, FORM, ASK, replace(ASK, worth=CASH))
    yield LimitRefusal(LONG, "1:1", EUROS, "U3")
    yield replace(FORM, may_set=False, alone=None, proposed=None, standing=None)
    yield replace(FORM, alone=None, proposed=D(0), waiting=None)
    for binding in ("cap", "aggregate", "need", "class", "nothing_known"):
        amount = None if binding == "nothing_known" else D(0)
        made = replace(PROPOSAL, binding=binding, amount=amount)
        yield replace(VIEW, proposal=made)
        yield replace(ASK, proposal=made, standing=None)
    for state in ("approved", "refused", "replaced"):
        yield replace(ASK, state=state, decided_by="U2", decided_reason=LONG)
    for what in ("set", "asked", "approved", "refused", "replaced"):
        yield replace(DONE, what=what, roles=("approver", "lead"))
        yield replace(DONE, what=what, worth=CASH, at_terminal=True, before=None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_fits_what_slack_takes(render: Renderer, language: str) -> None:
    for message in everything():
        said = render(message, language)
        if said.view:
            assert check_view(said.as_view()) == []
        else:
            assert check_blocks(said.blocks, "message") == []
        words = said.text + str(said.blocks)
        assert "&amp;amp;" not in words, "escaped once"
        assert "&lt;@" not in words, "mentions stay mentions"
