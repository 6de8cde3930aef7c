"""Emoji are found by Slack's names for them."""

import pytest

from sandbox.blocks.emojis import all_names, by_code, by_name, named, search

NAMES = [
    ("tada", "🎉"),
    ("+1", "👍"),
    ("white_check_mark", "✅"),
    ("large_blue_circle", "🔵"),
    ("flag-de", "🇩🇪"),
    ("wave::skin-tone-5", "👋🏾"),
    ("simple_smile", "🙂"),
    ("nosuch", ""),
    ("flag-xyz", ""),
    ("nosuch::skin-tone-2", ""),
]


@pytest.mark.parametrize(("name", "emoji"), NAMES)
def test_emoji_by_slack_s_names(name: str, emoji: str) -> None:
    assert by_name(name) == emoji


def test_what_is_typed_finds_names_the_nearest_first() -> None:
    found = search("thumb")
    assert found[0][0].startswith("thumbs")
    assert ("thumbsup", "👍") in found
    assert len(search("a", most=7)) == 7
    assert search("no such thing") == []
    assert search(":Red heart") == search("red_heart")


def test_every_listed_name_draws_its_emoji() -> None:
    assert len(all_names()) > 1500
    assert all(by_name(name) for name, _ in all_names())


def test_emoji_by_their_codes() -> None:
    assert by_code("1f1e9-1f1ea") == "🇩🇪"
    assert by_code("1F389") == "🎉"
    assert by_code("3c") == by_code("fffff") == by_code("x") == by_code("") == ""


def test_names_in_a_text() -> None:
    assert named("10:30:45 :tada::tada: a:tada: :x y:") == "10:30:45 🎉🎉 a:tada: :x y:"
