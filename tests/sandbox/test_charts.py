"""Charts show their figures: where points, bars and slices lie, and in words."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.block_ids import identified
from sandbox.blocks.charts import HEIGHT, WIDTH, plot
from sandbox.blocks.draw import draw
from sandbox.blocks.limits import check_blocks
from tests.sandbox.drawn import drawing, page_of
from tests.sandbox.gallery import BLOCKS, Json, lines
from tests.sandbox.html_tree import read


def chart(kind: str, series: dict[str, list[float]], labels: list[str]) -> Json:
    block = lines(kind)
    data = {
        name: [
            {"label": label, "value": value}
            for label, value in zip(labels, values, strict=True)
        ]
        for name, values in series.items()
    }
    block["chart"]["series"] = [{"name": n, "data": d} for n, d in data.items()]
    block["chart"]["axis_config"]["categories"] = labels
    return block


def pie(**parts: float) -> Json:
    segments = [{"label": name, "value": value} for name, value in parts.items()]
    return {
        "type": "data_visualization",
        "title": "Parts",
        "chart": {"type": "pie", "segments": segments},
    }


def test_points_lie_where_their_values_say() -> None:
    drawn = plot(chart("line", {"a": [0, 50, 100]}, ["x", "y", "z"]), "en")
    first, middle, last = drawn.lines[0].marks
    assert first.y == drawn.zero
    assert middle.y == (first.y + last.y) / 2
    assert middle.x - first.x == pytest.approx(last.x - middle.x)
    assert [tick.label for tick in drawn.ticks] == ["0", "25", "50", "75", "100"]


def test_points_stand_in_the_order_of_the_categories() -> None:
    block = chart("line", {"a": [1, 2]}, ["x", "y"])
    block["chart"]["series"][0]["data"].reverse()
    assert plot(block, "en").rows == [["x", "1"], ["y", "2"]]


def test_bars_stand_on_nought_and_hang_below_it() -> None:
    drawn = plot(chart("bar", {"a": [10, -5], "b": [4, 0]}, ["x", "y"]), "en")
    up, down = drawn.lines[0].marks
    assert up.y + up.height == drawn.zero
    assert down.y == drawn.zero
    assert up.height == 2 * down.height
    beside = drawn.lines[1].marks[0]
    assert beside.x >= up.x + up.width


def test_an_area_reaches_down_to_nought() -> None:
    drawn = plot(chart("area", {"a": [3, 4]}, ["x", "y"]), "en")
    assert drawn.lines[0].area.endswith(f" {drawn.zero}Z")


def test_slices_share_the_circle() -> None:
    drawn = plot(pie(Good=3, Bad=1), "en")
    assert [s.label for s in drawn.slices] == ["Good: 3 (75%)", "Bad: 1 (25%)"]
    assert "A" in plot(pie(All=1), "en").slices[0].path


def test_large_values_are_short_on_the_axis_and_whole_in_words() -> None:
    block = chart("line", {"a": [1_250_000, 2_000_000]}, ["x", "y"])
    english, chinese = plot(block, "en"), plot(block, "zh")
    assert [t.label for t in english.ticks] == ["0", "500K", "1M", "1.5M", "2M"]
    assert [t.label for t in chinese.ticks] == ["0", "50万", "100万", "150万", "200万"]
    assert english.rows[0] == ["x", "1,250,000"]


def test_crowded_labels_leave_some_out() -> None:
    months = [f"2026-{n:02}" for n in range(1, 21)]
    drawn = plot(chart("line", {"a": [1.0] * 20}, months), "en")
    assert 3 <= len(drawn.categories) <= 10
    assert drawn.categories[0].label == "2026-01"


def test_a_chart_has_a_name_a_description_and_its_figures() -> None:
    page = page_of(BLOCKS["line"])
    picture = page.one("svg", role="img")
    title, about = (page.one(id=i) for i in picture.attrs["aria-labelledby"].split())
    assert title.text == "A line chart"
    assert about.text == (
        "line chart. 2026-01: In 5, Out -2; 2026-02: In 8, Out 4; "
        "2026-03: In 3.5, Out 6"
    )
    rows = [[c.text for c in row if c.tag in {"th", "td"}] for row in page.all("tr")]
    assert rows == [
        ["", "In", "Out"],
        ["2026-01", "5", "-2"],
        ["2026-02", "8", "4"],
        ["2026-03", "3.5", "6"],
    ]
    assert [li.text for li in page.one(cls="legend").all("li")] == ["In", "Out"]


def test_a_point_tells_its_value_when_pointed_at() -> None:
    titles = [t.text for t in page_of(BLOCKS["bar"]).all("title")]
    assert titles[:2] == ["In, 2026-01: 5", "In, 2026-02: 8"]


VALUES = st.floats(allow_nan=False, allow_infinity=False)
LABELS = st.lists(
    st.text(min_size=1, max_size=20), min_size=1, max_size=20, unique=True
)


@st.composite
def charts(draw_from: st.DrawFn) -> Json:
    kind = draw_from(st.sampled_from(["line", "bar", "area", "pie"]))
    labels = draw_from(LABELS)
    if kind == "pie":
        shares = st.floats(min_value=0, exclude_min=True, allow_infinity=False)
        return pie(**{label: draw_from(shares) for label in labels[:6]})
    count = draw_from(st.integers(1, 6))
    width = len(labels)
    values = st.lists(VALUES, min_size=width, max_size=width)
    return chart(kind, {f"s{n}": draw_from(values) for n in range(count)}, labels)


@settings(deadline=None)
@given(charts())
def test_every_chart_that_is_taken_is_drawn_within_its_frame(block: Json) -> None:
    assert check_blocks([block], "message") == []
    page = read(draw(identified([block]), drawing()))
    for path in page.all("path"):
        assert not re.search("nan|inf", path.attrs["d"])
    for node in page.all("circle"):
        assert 0 <= float(node.attrs["cx"]) <= WIDTH
        assert 0 <= float(node.attrs["cy"]) <= HEIGHT
    for node in page.all("rect"):
        top = float(node.attrs.get("y", 0))
        assert 0 <= top <= top + float(node.attrs["height"]) <= HEIGHT
