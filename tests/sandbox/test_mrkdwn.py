"""mrkdwn reads as in Slack: its own marks, nothing more, and never as HTML."""

from collections.abc import Set as AbstractSet

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.blocks.mrkdwn import draw_mrkdwn, draw_plain, flat
from tests.sandbox.drawn import names
from tests.sandbox.html_tree import read

MARKED = [
    ("*bold*", "<b>bold</b>"),
    ("_italic_", "<i>italic</i>"),
    ("~gone~", "<s>gone</s>"),
    ("*bold _both_*", "<b>bold <i>both</i></b>"),
    ("_*both*_", "<i><b>both</b></i>"),
    ("(*in brackets*)", "(<b>in brackets</b>)"),
    ("`a*b*c`", "<code>a*b*c</code>"),
    ("`&lt;&amp;amp;`", "<code>&lt;&amp;amp;</code>"),
    ("a\nb", "a<br>b"),
    ("a\n\nb", "a<br><br>b"),
    ("```\nx = *1*\n  y\n```", "<pre>x = *1*\n  y</pre>"),
    ("before\n```code```\nafter", "before<pre>code</pre>after"),
    ("before ```code``` after", "before <pre>code</pre> after"),
    ("> said\n> twice\nanswer", "<blockquote>said<br>twice</blockquote>answer"),
    ("&gt; said", "<blockquote>said</blockquote>"),
    (">>> all\nof it\n\nhere", "<blockquote>all<br>of it<br><br>here</blockquote>"),
    ("> *strong*", "<blockquote><b>strong</b></blockquote>"),
]
BARE = [
    "2 * 3 * 4",
    "snake_case_name",
    "a*b*c",
    "* not bold*",
    "*not bold *",
    "**twice**",
    "~ 5 ~",
    "10:30:45",
    "客户*甲*风险",
    "*over\ntwo lines*",
]
LINKED = [
    ("<https://example.com>", "https://example.com", "https://example.com"),
    ("<https://example.com|here>", "https://example.com", "here"),
    (
        "<https://example.com/?a=1&amp;b=2|x &amp; y>",
        "https://example.com/?a=1&b=2",
        "x & y",
    ),
    ("<mailto:a@example.com|a@example.com>", "mailto:a@example.com", "a@example.com"),
    (
        "see https://example.com/a_b_c.",
        "https://example.com/a_b_c",
        "https://example.com/a_b_c",
    ),
    ("<https://example.com/*x*/_y_|*z*>", "https://example.com/*x*/_y_", "*z*"),
]
DATED = [
    ("<!date^1772616600^{date_num} {time}|old>", "2026-03-04 9:30 AM"),
    ("<!date^1772616600^{date_short_pretty}|old>", "today"),
    ("<!date^1772616600^{date_pretty} at {time_secs}|old>", "today at 9:30:00 AM"),
    ("<!date^1771000000^{date}|old>", "February 13th, 2026"),
    ("<!date^1771000000^{date_long}|old>", "Friday, February 13th, 2026"),
    ("<!date^1771000000^{date_short} ({date_slash})|old>", "Feb 13, 2026 (2026/02/13)"),
    ("<!date^1772530200^{date_long_pretty}|old>", "yesterday"),
    ("<!date^1772609400^{ago}|old>", "2 hours ago"),
    ("<!date^99999999999999^{date}|back to this>", "back to this"),
    ("<!date^nonsense^{date}|back to this>", "back to this"),
    ("<!date^1772616600^{unknown}|old>", "{unknown}"),
]


@pytest.mark.parametrize(("text", "html"), MARKED)
def test_marks(text: str, html: str) -> None:
    assert draw_mrkdwn(text, names()) == html


@pytest.mark.parametrize("text", BARE)
def test_what_is_no_mark_stays(text: str) -> None:
    assert draw_mrkdwn(text, names()) == text.replace("\n", "<br>")


@pytest.mark.parametrize(("text", "href", "shown"), LINKED)
def test_links_open_apart(text: str, href: str, shown: str) -> None:
    link = read(draw_mrkdwn(text, names())).one("a")
    assert (link.attrs["href"], link.text) == (href, shown)
    assert link.attrs["rel"] == "noopener noreferrer"


@pytest.mark.parametrize(("text", "shown"), DATED)
def test_dates_in_the_reader_s_words(text: str, shown: str) -> None:
    assert read(draw_mrkdwn(text, names())).one("time").text == shown


def test_dates_in_chinese() -> None:
    text = "<!date^1771000000^{date_long} {time}|old>"
    assert read(draw_mrkdwn(text, names("zh"))).text == "2026年2月13日 星期五 16:26"


def test_a_date_may_be_a_link() -> None:
    text = "<!date^1772616600^{date_num}^https://example.com/|old>"
    link = read(draw_mrkdwn(text, names())).one("a")
    assert (link.attrs["href"], link.text) == ("https://example.com/", "2026-03-04")


def test_people_channels_groups_and_everybody() -> None:
    drawn = read(
        draw_mrkdwn(
            "<@U1> <@U2|old> <@U9|gone> <#C1> <#C9|far> <!subteam^S1> <!here>", names()
        )
    )
    shown = [(n.text, "mine" in n.classes) for n in drawn.all(cls="mention")]
    assert shown == [
        ("@Ada", True),
        ("@Béla <b>", False),
        ("@gone", False),
        ("#sales", False),
        ("#far", False),
        ("@risk-team", False),
        ("@here", True),
    ]
    assert drawn.one(data_channel="C1").text == "#sales"
    assert drawn.one(data_user="U1").text == "@Ada"


def test_emoji_by_their_names_only() -> None:
    drawn = read(
        draw_mrkdwn(":tada: :+1::skin-tone-3: :flag-cn: :nosuch: a:b:c", names())
    )
    assert drawn.text == "🎉 👍🏼 🇨🇳 :nosuch: a:b:c"
    assert drawn.all(cls="emoji")[0].attrs["aria-label"] == "tada"


def test_entities_are_decoded_once() -> None:
    assert read(draw_mrkdwn("a &amp; b &lt;b&gt; &amp;amp; &quot;", names())).text == (
        "a & b <b> &amp; &quot;"
    )
    assert read(draw_plain("a &amp;lt; b :tada: *c*")).text == "a &lt; b 🎉 *c*"
    assert draw_plain(":tada:", emoji=False) == ":tada:"


def test_verbatim_leaves_bare_addresses_alone() -> None:
    text = "https://example.com <https://example.com|link>"
    assert len(read(draw_mrkdwn(text, names(), verbatim=True)).all("a")) == 1
    assert len(read(draw_mrkdwn(text, names())).all("a")) == 2


def test_a_preview_is_one_line_of_words() -> None:
    text = "*Hi* <@U1>\n> quoted\n```code```\n• item\nend"
    assert flat(text, names()) == "Hi @Ada quoted code • item end"


HOSTILE = [
    "<script>alert(1)</script>",
    "<javascript:alert(1)|x>",
    "<data:text/html,<script>|x>",
    '<https://x.example/"onmouseover="alert(1)|x>',
    "<https://x.example|<img src=x onerror=alert(1)>>",
    "`<img src=x onerror=alert(1)>`",
    "```</pre><script>alert(1)</script>```",
    "<!date^1^<b>{date}^javascript:alert(1)|x>",
    "<@U1|<script>>",
    '<#C9|"><script>>',
    "\ue0000\ue001<b>\ue0021\ue001",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "*<b*onclick=x>*",
]
ALLOWED: dict[str, AbstractSet[str]] = {
    "a": {"href", "target", "rel", "class", "data-channel"},
    "div": {"class"},
    "span": {"class", "role", "aria-label", "data-user"},
    **dict.fromkeys(
        ("b", "i", "s", "code", "pre", "blockquote", "br", "time"), frozenset()
    ),
}
SCHEMES = ("http://", "https://", "mailto:", "tel:", "#")


def assert_tame(html: str) -> None:
    for node in read(html):
        assert node.attrs.keys() <= ALLOWED[node.tag], node
        if node.tag == "a":
            assert node.attrs["href"].lower().startswith(SCHEMES), node


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(text: str) -> None:
    assert_tame(draw_mrkdwn(text, names()))
    assert not list(read(draw_plain(text)))


SIGNS = """* _ ~ ` ``` < > | & &amp; &lt; " ' >>> <@U1> <!date^ ^ https://x.example/
<script> :tada: : javascript: • - 0 1 \ue000 \ue001 \ue002"""
MARKS = st.sampled_from([*SIGNS.split(), " ", "\n", "> "])


@given(st.lists(MARKS | st.text(max_size=6), max_size=25).map("".join))
def test_no_text_ever_becomes_markup(text: str) -> None:
    assert_tame(draw_mrkdwn(text, names()))
    assert {n.tag for n in read(draw_plain(text))} <= {"br"}


@given(
    st.text(
        alphabet=st.characters(exclude_characters="<>&*_~`:•◦▪︎‣-.\n\ue000\ue001\ue002")
    )
)
def test_text_without_marks_stays_as_it_is(text: str) -> None:
    assert read(draw_mrkdwn(text, names())).text == text
