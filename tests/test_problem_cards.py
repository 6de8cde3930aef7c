"""Cards of problems hold whatever is in names, reasons and figures."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, get_args

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from risk.monitor.facts import WATCH_FACTS, Unit
from risk.monitor.signals import SIGNALS
from risk.policy.monitor import CAUSES
from risk.policy.signals import SIGNALS as ALL_SIGNALS
from templates.engine import LANGUAGES, Renderer
from templates.messages.base import Message
from templates.messages.problems import (
    AssignForm,
    Figure,
    Finding,
    HandForm,
    Hidden,
    LabelForm,
    LiveProblem,
    ProblemDone,
    ProblemHead,
    ProblemList,
    ProblemListWindow,
    ProblemNews,
    ProblemStep,
    ProblemTimeline,
    ProblemWindow,
    SnoozeForm,
    TimelineShared,
    TimelineWindow,
)
from tests.conftest import examples

AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
KINDS = (
    *("opened", "signal", "stronger", "over", "solved", "reopened", "acknowledged"),
    *("assigned", "snoozed", "woken", "labelled", "handed", "unheard of"),
)
EVIL = ["<!channel>", "<@U1>", "&", "<", ">", "a", "客", "*", "\n", "`", "%(x)s", "{{"]

render = Renderer()
texts = st.builds(
    lambda text, times, end: (text * times)[:1200] + end,
    st.sampled_from(EVIL),
    st.sampled_from([0, 1, 9, 70, 1200]),
    st.sampled_from(EVIL),
)
names = texts.map(lambda text: text.strip() or "x")
people = st.sampled_from(["", "U1", "UANA", "<!here>"])
numbers = st.one_of(
    st.floats(-1e12, 1e12),
    st.sampled_from([0.0, -0.0, 1.0, 0.5, -3.0, 1e-9, 4.0]),
)
facts = st.sampled_from([*sorted(WATCH_FACTS), "hhi", "share", "<!channel>"])
money = st.decimals(-(10**14), 10**14, places=2)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    evidence = draw(st.dictionaries(facts, numbers, max_size=8))
    about = st.sampled_from(["", *(doc.about for doc in WATCH_FACTS.values())])
    units = st.sampled_from([*get_args(Unit), "unheard"])
    return Finding(
        rule=draw(names),
        title=draw(st.one_of(st.just(""), names)),
        signal=draw(st.sampled_from([*ALL_SIGNALS, "unheard"])),
        severity=draw(st.integers(0, 4)),
        evidence=evidence,
        figures=[Figure(f, draw(about), draw(units), v) for f, v in evidence.items()],
        names={"related_to": draw(names)},
        quiet_until=draw(st.sampled_from([None, AT])),
    )


@st.composite
def steps(draw: st.DrawFn) -> ProblemStep:
    return ProblemStep(
        at=AT,
        actor=draw(people),
        kind=draw(st.sampled_from(KINDS)),
        text=draw(texts),
        findings=draw(st.lists(findings(), max_size=2)),
        person="USAM",
        until=AT,
        label=draw(st.sampled_from(["", "useful", "known", "wrong"])),
        code=draw(st.one_of(st.just("paid"), names)),
    )


@st.composite
def heads(draw: st.DrawFn) -> ProblemHead:
    kinds = ["customer", "group", "industry", "feed", "rule", "portfolio", "unheard"]
    return ProblemHead(
        problem_id=draw(st.integers(1, 2**62)),
        version=draw(st.integers(1, 10**6)),
        state=draw(st.sampled_from(["open", "solved"])),
        kind=draw(st.sampled_from(kinds)),
        customer_id=draw(st.one_of(st.none(), st.integers(1, 2**62))),
        number=draw(texts),
        name=draw(names),
        cause=draw(st.sampled_from([*CAUSES, "unheard"])),
        signal=draw(st.sampled_from(["", *ALL_SIGNALS, "unheard"])),
        severity=draw(st.integers(0, 4)),
        exposure=draw(st.one_of(st.none(), money)),
        risk_class=draw(st.sampled_from([None, *"ABCDE"])),
        value=draw(money),
        snoozed_until=draw(st.sampled_from([None, AT])),
        shadow=draw(st.booleans()),
    )


LONGEST = ProblemHead(
    problem_id=2**62,
    version=10**6,
    state="open",
    kind="group",
    customer_id=None,
    number="&" * 1200,
    name="&" * 1200,
    cause="orders",
    signal="guarantee_lapse",
    severity=0,
    exposure=Decimal("0.72"),
    risk_class="B",
    value=Decimal(10**14),
    snoozed_until=AT,
    shadow=True,
)
"""Slack reads each `&` as five characters."""


@st.composite
def cards(draw: st.DrawFn) -> LiveProblem:
    head = draw(heads())
    return LiveProblem(
        head=head,
        currency="USD",
        owner=draw(st.one_of(st.none(), names)),
        findings=draw(st.lists(findings(), max_size=9)),
        opened_at=AT,
        solved_at=AT if head.state == "solved" else None,
        times_opened=draw(st.integers(1, 9)),
        acknowledged_by=draw(st.one_of(st.none(), people)),
        assignee=draw(st.one_of(st.none(), people)),
        handed_by=draw(st.one_of(st.none(), people)),
        steps=draw(st.lists(steps(), max_size=6)),
        earlier=draw(st.integers(0, 10**6)),
    )


def holds(message: Message) -> None:
    """Check a message in each language: within Slack's limits, and pinging nobody."""
    for language in LANGUAGES:
        said = render(message, language)
        for text in _texts([said.blocks, {"text": said.text, "type": "mrkdwn"}]):
            assert "<!channel>" not in text
            assert "<!here>" not in text
            assert "<@U1>" not in text or _mentioned(message)
            assert "&amp;lt;" not in text, "escaped twice"
        _fits(said.blocks)


def _mentioned(message: Message) -> bool:
    return "U1" in str(message)


def _texts(node: Any) -> list[str]:
    """Return every text that Slack reads as markup."""
    if isinstance(node, dict):
        own = [node["text"]] if node.get("type") == "mrkdwn" else []
        return own + [t for part in node.values() for t in _texts(part)]
    return [t for part in node for t in _texts(part)] if isinstance(node, list) else []


def _fits(blocks: list[dict[str, Any]]) -> None:
    assert len(blocks) <= 50
    for block in blocks:
        for element in [*block.get("elements", ()), block.get("accessory") or {}]:
            if element.get("type") == "button":
                assert len(element["text"]["text"]) <= 75
                assert len(element.get("value") or "") <= 2000
    assert len(json.dumps(blocks)) < 200_000


@settings(max_examples=examples(25), phases=(Phase.reuse, Phase.generate))
@given(card=cards())
def test_a_card_holds_whatever_it_is_about(card: LiveProblem) -> None:
    holds(card)
    holds(ProblemWindow(**vars(card)))


@settings(max_examples=examples(25), phases=(Phase.reuse, Phase.generate))
@given(head=heads(), step=steps())
def test_threads_and_histories_hold_too(head: ProblemHead, step: ProblemStep) -> None:
    holds(ProblemNews(head, "USD", step))
    life = ProblemTimeline(head, "USD", [step] * 10, 2, 3, can_share=True)
    holds(life)
    holds(replace(life, shared_by=head.name, can_share=False))
    holds(TimelineWindow(**vars(life)))


@settings(max_examples=examples(25), phases=(Phase.reuse, Phase.generate))
@given(head=heads(), title=names)
@example(head=LONGEST, title="`" * 1200)
def test_lists_and_forms_hold_too(head: ProblemHead, title: str) -> None:
    many = [replace(head, problem_id=n) for n in range(1, 16)]
    holds(ProblemList(many, 10**6, "USD", name=title, solved=3))
    holds(ProblemListWindow(many, 15, "USD", everybody=True))
    rules = [Hidden(title, title, "overdue", n, AT) for n in range(14)]
    holds(SnoozeForm(head, "USD", rules, 90))
    holds(LabelForm(head, "USD", "known", rules))
    holds(LabelForm(head, "USD", "wrong", rules))
    holds(HandForm(head, "USD", "lead"))
    holds(AssignForm(head, "USD", "USAM"))
    holds(ProblemDone("handed", head, roles=["lead"]))
    holds(ProblemDone("snoozed", head, until=AT))
    holds(TimelineShared(title))


def test_every_signal_is_told_in_words_of_its_own() -> None:
    """A signal that gives its evidence never falls back to bare figures."""
    for name, signal in SIGNALS.items():
        evidence = dict.fromkeys(signal.evidence, 2.0)
        told = _told(name, evidence)
        assert "About " not in told, (name, told)


def test_a_rule_nobody_has_words_for_shows_its_figures() -> None:
    assert "About x 2" in _told("unheard", {"x": 2.0})


def _told(signal: str, evidence: dict[str, float]) -> str:
    finding = Finding(
        rule=signal,
        title="",
        signal=signal,
        severity=2,
        evidence=evidence,
        figures=[Figure(f, f"About {f}", "ratio", v) for f, v in evidence.items()],
        names={},
    )
    head = ProblemHead(
        problem_id=1,
        version=1,
        state="open",
        kind="customer",
        customer_id=1,
        number="1",
        name="Acme",
        cause="own",
        signal=signal,
        severity=2,
        exposure=None,
        risk_class=None,
        value=Decimal(0),
    )
    step = ProblemStep(AT, "", "opened", "", [finding])
    return render(ProblemNews(head, "USD", step), "en").text
