"""How names are folded: what makes two spellings one."""

from hypothesis import given
from hypothesis import strategies as st

from risk.names.fold import fold
from risk.names.likeness import likeness


@given(st.text(max_size=60))
def test_folding_a_folded_name_changes_nothing(name: str) -> None:
    once = fold(name).text
    assert fold(once).text == once


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_a_share_of_one(one: str, other: str) -> None:
    assert 0 <= likeness(fold(one), fold(other)).score <= 1


def test_width_case_and_accents_make_no_difference() -> None:
    assert fold("ＡＣＭＥ　Ltd").text == fold("acme LTD").text
    assert fold("Société Générale").text == fold("societe generale").text


def test_the_very_name_is_most_like() -> None:
    name = fold("Brightwater Pumps GmbH")
    others = ["Brightwater Pumps", "Brightwater Valves GmbH", "Dark Water"]
    same = likeness(name, name).score
    alike = [likeness(name, fold(other)).score for other in others]
    assert same >= alike[0] > alike[1] > alike[2]
