"""Names are found as people type them, on both engines."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.database import Database
from storage.names import find, find_exact, forget_names, index_names
from tests.conftest import NOW, examples
from tests.workflows.ledger import customer

NAMES = {
    "K1": "Brightwater Pumps GmbH",
    "K2": "Northgate Tooling Ltd",
    "K3": "华为技术有限公司",
    "K4": "深圳市腾讯计算机系统有限公司",
    "K5": "Müller & Söhne AG",
    "K6": "International Business Machines Corporation",
    "K7": "重庆长安汽车股份有限公司",
    "K8": "S&T AG",
    "K9": "ST星河实业股份有限公司",
}


@pytest.fixture
def named(database: Database) -> dict[str, int]:
    """Index the names; return the customers' ids by number."""
    with database.write() as session:
        ids = {n: customer(session, n, NOW, name=name) for n, name in NAMES.items()}
        index_names(session, [(ids[n], name) for n, name in NAMES.items()])
    return ids


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("Brightwater Pumps", "K1"),
        ("pumps brightwater", "K1"),
        ("brihgtwater pmups", "K1"),
        ("BRIGHT WATER", "K1"),
        ("northgate", "K2"),
        ("华为", "K3"),
        ("華為技術", "K3"),
        ("huawei jishu", "K3"),
        ("hwjs", "K3"),
        ("腾讯", "K4"),
        ("tengxun", "K4"),
        ("Mueller Soehne", "K5"),
        ("muller sohne", "K5"),
        ("IBM", "K6"),
        ("长安汽车", "K7"),
        ("chongqing changan", "K7"),
        ("*ST长安", "K7"),
        ("＊ＳＴ 长安汽车", "K7"),
        ("长安汽车-U", "K7"),
        ("xd长安汽车", "K7"),
        ("*ST星河", "K9"),
        ("ST星河实业股份有限公司", "K9"),
    ],
)
def test_a_name_is_found_as_people_type_it(
    database: Database, named: dict[str, int], typed: str, number: str
) -> None:
    with database.read() as session:
        [first, *_] = find(session, typed)
    assert first.number == number
    assert 0 < first.score <= 1


def test_a_number_or_the_very_name_is_exact(
    database: Database, named: dict[str, int]
) -> None:
    with database.read() as session:
        assert find_exact(session, "k2") == [(named["K2"], "K2")]
        assert find_exact(session, "northgate tooling ltd") == [(named["K2"], "K2")]
        assert find_exact(session, "northgate") == []


def test_indexing_twice_adds_nothing_and_a_forgotten_name_is_gone(
    database: Database, named: dict[str, int]
) -> None:
    name = (named["K2"], NAMES["K2"])
    with database.write() as session:
        assert index_names(session, [name]) == 0
        assert index_names(session, [(named["K2"], "Former Name Inc")]) == 1
    with database.read() as session:
        assert find(session, "former name")[0].number == "K2"
    with database.write() as session:
        forget_names(session, [name])
    with database.read() as session:
        assert all(m.name != NAMES["K2"] for m in find(session, "northgate tooling"))


@given(typed=st.text(max_size=80) | st.sampled_from(["' OR 1=1 --", "%", "😀" * 50]))
@settings(
    max_examples=examples(50),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_is_typed_raises_nothing(
    database: Database, named: dict[str, int], typed: str
) -> None:
    with database.read() as session:
        found = find(session, typed, 3)
    assert len(found) <= 3
    assert [m.score for m in found] == sorted((m.score for m in found), reverse=True)
