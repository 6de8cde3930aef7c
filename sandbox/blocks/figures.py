"""The shapes of tables and charts."""

from collections.abc import Iterator
from typing import Any

from sandbox.blocks.rich import RICH_TEXT
from sandbox.blocks.shape import (
    Rule,
    anything,
    array,
    boolean,
    by_type,
    number,
    one_of,
    record,
    string,
    wrong,
)

_BLOCK: dict[str, Rule] = {"block_id": string(255)}
_TYPE: dict[str, Rule] = {"type": anything}

_RAW: dict[str, Rule] = {
    "raw_text": record({**_TYPE, "text": string()}),
    "raw_number": record({**_TYPE, "value": number(), "text": string()}),
}
_CELL = by_type({**_RAW, "rich_text": RICH_TEXT})
_COLUMN = record(
    {}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean}
)


def _column(value: Any, at: str) -> Iterator[str]:
    """Yield what is wrong with a column's settings, which may be left out (null)."""
    return iter(()) if value is None else _COLUMN(value, at)


TABLE = record(
    {**_TYPE, "rows": array(array(_CELL, 1, 20), 1, 100)},
    {**_BLOCK, "column_settings": array(_column, 0, 20)},
)


def _even(table: dict[str, Any], at: str) -> Iterator[str]:
    """Yield what is wrong with a data table as a whole."""
    rows = table["rows"]
    width = len(rows[0])
    for place, cell in enumerate(rows[0]):
        yield from by_type(_RAW)(cell, f"{at}/rows/0/{place}")
    for place, row in enumerate(rows):
        if len(row) != width:
            yield wrong("all rows must have the same length", f"{at}/rows/{place}")
    if table.get("row_header_column_index", 0) >= width:
        yield wrong("must be a column of the table", f"{at}/row_header_column_index")


DATA_TABLE = record(
    {
        **_TYPE,
        "caption": string(),
        "rows": array(array(_CELL, 1, 20), 2, 101),
    },
    {
        **_BLOCK,
        "page_size": number(1, 100, whole=True),
        "row_header_column_index": number(0, whole=True),
    },
    _even,
)

_LABEL = string(20)
_POINT = record({"label": _LABEL, "value": number()})
_SERIES = record({"name": _LABEL, "data": array(_POINT, 1, 20)})
_AXES = record(
    {"categories": array(_LABEL, 1, 20)}, {"x_label": string(50), "y_label": string(50)}
)


def _aligned(chart: dict[str, Any], at: str) -> Iterator[str]:
    """Yield where a series lacks a point for a category, or has one too many."""
    categories = chart["axis_config"]["categories"]
    names = [series["name"] for series in chart["series"]]
    if len(set(names)) < len(names):
        yield wrong("series names must be unique", f"{at}/series")
    if len(set(categories)) < len(categories):
        yield wrong("categories must be unique", f"{at}/axis_config/categories")
    for place, series in enumerate(chart["series"]):
        if sorted(p["label"] for p in series["data"]) != sorted(categories):
            yield wrong(
                "must have exactly one point for each category",
                f"{at}/series/{place}/data",
            )


def _slices(chart: dict[str, Any], at: str) -> Iterator[str]:
    """Yield where a slice has nothing to show."""
    for place, segment in enumerate(chart["segments"]):
        if segment["value"] <= 0:
            yield wrong("must be greater than 0", f"{at}/segments/{place}/value")


_LINES = record(
    {**_TYPE, "series": array(_SERIES, 1, 6), "axis_config": _AXES}, None, _aligned
)
CHART = by_type(
    {
        "line": _LINES,
        "bar": _LINES,
        "area": _LINES,
        "pie": record({**_TYPE, "segments": array(_POINT, 1, 6)}, None, _slices),
    }
)
DATA_VISUALIZATION = record({**_TYPE, "title": string(50), "chart": CHART}, _BLOCK)
