"""What is said of a score fits what Slack takes, at its worst, in each language."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from risk.explain import Delta, Kin, Line, Override
from sandbox.blocks.limits import check_blocks
from storage.columns import LARGEST_AMOUNT
from storage.policy_file import load_policy
from templates.engine import LANGUAGES, Renderer
from templates.messages.base import Message
from templates.messages.check import Way
from templates.messages.lookup import Candidate
from templates.messages.score import CustomerWhy, FactorLine, Moved, Proof, Weighty
from templates.messages.whatif import (
    ChangeLine,
    Scored,
    Stand,
    WayLine,
    WayUp,
    WhatIf,
    WhatIfChoices,
    WhatIfHelp,
)

MOST = LARGEST_AMOUNT
LONG = "<&> " * 125
DAY = date(2027, 12, 31)
POLICY = load_policy().policy.score
KINDS = ("pay_oldest", "pay_overdue", "pay_all", "pay_amount", "on_time", "later")
FIGURES = ("turnover", "profit", "debt", "cash_flow", "equity")
EVENTS = ("insolvency", "default", "write_off", "suit", "hold")
CHANGES = [
    *(ChangeLine(kind, 9999, MOST, "USD", until=DAY, days=9999) for kind in KINDS),
    ChangeLine("earlier", days=1),
    ChangeLine("wait", days=3650, until=DAY),
    *(ChangeLine("accounts", share=s, name=n) for n in FIGURES for s in (-1, 10)),
    ChangeLine("rated", name="own_scale", value="AAA"),
    *(ChangeLine("event", name=name) for name in EVENTS),
    *(ChangeLine(kind, 0, MOST, "USD") for kind in ("cover", "limit", "ship")),
    ChangeLine("ship", 0, MOST, "USD", days=365),
]
MEASURES = [name for name, _ in POLICY.measures()] + [*POLICY.deductions]
DELTAS = [Delta(m, m, -350, -1e9, 1e9) for m in (*MEASURES, "adjustment")]
WAY = Way(MOST, Decimal("0.5"), MOST, MOST, 90, MOST, MOST, "USD")
STAND = Stand(MOST, MOST, Decimal(0), "yes_if", WAY)
WHAT_IF = WhatIf(
    customer_id=10**12,
    name=LONG,
    currency="USD",
    changes=CHANGES,
    before=Scored(1000, "A", 100),
    after=Scored(0, "E", 0),
    in_force="A",
    moved=DELTAS,
    assumed=-99,
    bounds=[*POLICY.caps],
    stands=STAND,
    would_stand=replace(STAND, exposure=-MOST, overdue=Decimal(1), verdict="ask"),
    cool_down_days=30,
    policy_version=LONG[:60],
)
LINE = WayLine(CHANGES[:2], Scored(650, "B", 50))
UP = WayUp(
    customer_id=10**12,
    name=LONG,
    currency="USD",
    target="B",
    now=Scored(649, "C", 50),
    in_force="D",
    reached=False,
    ways=[LINE] * 5,
    best=None,
    bounds=(),
    override_until=None,
    cool_down_days=30,
    policy_version="p",
)
WHY = CustomerWhy(
    customer_id=10**12,
    name=LONG[:200],
    currency="USD",
    as_of=DAY,
    known_then=True,
    score=0,
    risk_class="E",
    computed_class="D",
    confidence=100,
    default_chance=0.5,
    policy_version="p",
    override=Override("A", LONG * 2, "U1", "U2", DAY),
    override_id=10**12,
    factors=[FactorLine(key, 430, 430) for key in [*POLICY.factors, "adjustment"]],
    lines=[Line(m, m, -1e9, 150, 150, assumed=True) for m in MEASURES],
    adjustment=-999,
    bounds=[*POLICY.caps],
    kin=[Kin(n, LONG[:200], 2, 0.5) for n in range(5)],
    moved=Moved(DAY, 1000, "A", DELTAS, [(key, -430) for key in POLICY.factors]),
    weightiest=[Weighty(LONG, MOST, DAY, None, 9999)] * 5,
    invoices=(10**6, 10**6),
    proofs=[
        Proof(kind, LONG, LONG, DAY, LONG, link, counts=False)
        for kind, link in (
            *[("accounts", None)] * 5,
            *[("rating", None)] * 5,
            *[("event", None)] * 5,
            *[("note", "https://crm.example/" + "n" * 500)] * 5,
        )
    ],
    today=date(2028, 1, 1),
    since=date(2020, 1, 1),
)


def _messages() -> Iterator[Message]:
    yield WHAT_IF
    nothing = Scored(None, None, 0)
    yield replace(WHAT_IF, before=nothing, after=nothing, moved=(), assumed=0)
    for change in CHANGES:
        yield replace(WHAT_IF, changes=[change], stands=replace(STAND, limit=None))
    yield UP
    yield replace(UP, ways=(), best=LINE, bounds=[*POLICY.caps])
    yield replace(UP, ways=(), target="A")
    yield replace(UP, reached=True, override_until=DAY)
    yield replace(UP, reached=True, target="", ways=())
    yield WhatIfHelp(LONG)
    yield WhatIfHelp("")
    many = [Candidate(n, *["&" * 300] * 4) for n in range(8)]
    yield WhatIfChoices(LONG[:300], sure=True, candidates=many, words=LONG * 5)
    yield WhatIfChoices(LONG[:300], sure=False, candidates=many, words="")
    yield WHY
    yield replace(WHY, moved=None, proofs=(), override=None, override_id=None)
    yield replace(WHY, score=None, risk_class=None, computed_class=None, lines=())


def _texts(part: Any) -> Iterator[dict[str, Any]]:
    """Yield every text object of some blocks."""
    if isinstance(part, list):
        for one in part:
            yield from _texts(one)
    elif isinstance(part, dict):
        if part.get("type") in {"mrkdwn", "plain_text"}:
            yield part
        for one in part.values():
            yield from _texts(one)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_of_a_score_fits_slack(render: Renderer, language: str) -> None:
    for message in _messages():
        rendered = render(message, language)
        assert check_blocks(rendered.blocks, "message") == []
        assert rendered.text
        marked = [t["text"] for t in _texts(rendered.blocks) if t["type"] == "mrkdwn"]
        assert not any("<&>" in text for text in marked)
