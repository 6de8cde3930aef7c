"""`/risk watch` and `/risk unwatch`: who wants to hear of whom, and of what."""

import json
from typing import Any

import pytest
from sqlmodel import select

from storage.names import index_names
from storage.tables import Watch
from tests.conftest import NOW, Person
from tests.fake_slack import FakeSlack
from tests.workflows.ledger import customer
from workflows.alerts.watching import split_causes
from workflows.services import Services

ACME = ("1001", "Acme Pumps Ltd")
OTHERS = [("2001", "Borea Textiles North"), ("2002", "Borea Textiles South")]


@pytest.fixture
def ids(services: Services) -> dict[str, int]:
    """Add three customers that can be found by name; return their ids by number."""
    with services.database.write() as session:
        found = {n: customer(session, n, NOW, name=name) for n, name in [ACME, *OTHERS]}
        names = [(found[n], name) for n, name in [ACME, *OTHERS]]
        index_names(session, names)
    return found


def watched(services: Services) -> dict[tuple[str, int], list[str]]:
    with services.database.read() as session:
        rows = session.exec(select(Watch))
        return {(row.slack_id, row.customer_id): row.causes for row in rows}


def said(answer: dict[str, Any]) -> str:
    return json.dumps(answer["blocks"], ensure_ascii=False)


def button(answer: dict[str, Any], words: str) -> dict[str, Any]:
    """Return the first button that reads so."""
    for block in answer["blocks"]:
        for one in [*block.get("elements", ()), block.get("accessory") or {}]:
            if one.get("text", {}) and one.get("type") == "button":
                found: dict[str, Any] = one
                if found["text"]["text"] == words:
                    return found
    raise AssertionError(f"no button {words}")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Acme", ("Acme", ())),
        ("Acme payment", ("Acme", ("payment",))),
        ("Acme Pumps payment, limit", ("Acme Pumps", ("payment", "limit"))),
        ("青杉精密 付款，额度", ("青杉精密", ("payment", "limit"))),
        ("青杉精密 付款、额度 事件", ("青杉精密", ("payment", "limit", "event"))),
        ("limit", ("limit", ())),
        ("Limit Breakers", ("Limit Breakers", ())),
        ("Acme payment,nonsense", ("Acme payment,nonsense", ())),
        ("", ("", ())),
    ],
)
def test_causes_are_what_follows_the_name(
    text: str, meant: tuple[str, tuple[str, ...]]
) -> None:
    assert split_causes(text) == meant


def test_a_customer_is_watched_and_no_more(
    person: Person, services: Services, ids: dict[str, int]
) -> None:
    answer = person.types("/risk", "watch acme payment,limit")
    assert "You watch Acme Pumps Ltd." in answer["text"]
    assert "Payment trouble, Limit under pressure" in said(answer)
    assert "between 08:00 and 19:00 (UTC)" in said(answer)
    assert watched(services) == {("U1", ids["1001"]): ["payment", "limit"]}

    assert "You watch 1 customer" in person.types("/risk", "watch")["text"]
    person.types("/risk", "watch 1001")
    assert watched(services) == {("U1", ids["1001"]): []}, "as it was said last"

    assert "any more" in person.types("/risk", "unwatch acme")["text"]
    assert watched(services) == {}
    assert "You do not watch Acme" in person.types("/risk", "unwatch acme")["text"]
    assert "You watch nobody yet" in said(person.types("/risk", "watch"))


def test_it_reads_well_in_chinese(person: Person, ids: dict[str, int]) -> None:
    person.reads("zh-CN")
    answer = person.types("/risk", "关注 acme 付款")
    assert "您已关注 Acme Pumps Ltd。" in answer["text"]
    assert "提醒内容：" in said(answer)
    assert "您已取消关注" in person.types("/risk", "取消关注 acme")["text"]


def test_one_is_chosen_from_several_for_what_was_typed(
    person: Person, services: Services, ids: dict[str, int]
) -> None:
    choices = person.types("/risk", "watch borea textiles payment")
    chosen = person.clicks(button(choices, "Show"))

    assert "You watch Borea" in chosen["text"]
    assert list(watched(services).values()) == [["payment"]]


def test_the_card_has_a_button_for_it(
    person: Person, services: Services, ids: dict[str, int]
) -> None:
    card = person.types("/risk", "acme")
    answer = person.clicks(button(card, "Watch"))
    assert "You watch Acme" in answer["text"]
    assert watched(services) == {("U1", ids["1001"]): []}

    card = person.types("/risk", "acme")
    person.clicks(button(card, "Unwatch"))
    assert watched(services) == {}


def test_the_list_ends_what_it_lists(
    person: Person, services: Services, ids: dict[str, int]
) -> None:
    for number in ids:
        person.types("/risk", f"watch {number}")
    listed = person.types("/risk", "watch")
    assert "You watch 3 customers" in listed["text"]
    person.clicks(button(listed, "Unwatch"))
    assert watched(services).keys() == {("U1", ids["2001"]), ("U1", ids["2002"])}


def test_nobody_of_the_name_is_said(person: Person, ids: dict[str, int]) -> None:
    assert "No customer is called" in person.types("/risk", "watch zzqx")["text"]
    assert "Type a customer's name" in person.types("/risk", "unwatch")["text"]


def test_guests_watch_nobody(
    person: Person, services: Services, slack: FakeSlack, ids: dict[str, int]
) -> None:
    slack.users["U1"] = {"is_restricted": True}
    assert "our own people" in person.types("/risk", "watch acme")["text"]
    answer = person.clicks({"action_id": "customer_watch", "value": str(ids["1001"])})
    assert "our own people" in answer["text"]
    assert watched(services) == {}
