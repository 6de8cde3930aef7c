"""Charts as shapes on a canvas: where lines, bars and slices of a chart block lie.

The template `chart.html` writes them as SVG. All lengths are units of the SVG's own
`viewBox`; the origin is its upper left corner.
"""

from dataclasses import dataclass, field
from math import ceil, cos, floor, log10, pi, sin
from typing import Any

from babel.numbers import (
    format_compact_decimal,
    format_decimal,
    format_percent,
    format_scientific,
)

WIDTH, HEIGHT = 560, 260
_TOP, _RIGHT, _BOTTOM = 12, 14, 26
_LETTER = 6.4
"""The width of a digit of an axis label."""
_GAP = 16
"""Between two labels of the x axis."""
_TICKS = 5
_COMPACT = 10_000
"""From here on the y axis says 10K, 1.5M, 3亿."""
_LONG = 1e15
"""From here on figures are written as 1.2E15."""
_LEAST, _MOST = 1e-300, 1e300
"""Beyond these, arithmetic with floats fails; no picture can tell them apart."""
_BAR_SHARE = 0.72
"""Of a category's width, the part that its bars fill."""


@dataclass(frozen=True)
class Mark:
    """A point, a bar or a label, and what it says."""

    x: float
    y: float
    label: str
    width: float = 0
    height: float = 0


@dataclass(frozen=True)
class Line:
    """One series: its points or bars, and for lines and areas their path."""

    name: str
    marks: list[Mark]
    path: str = ""
    area: str = ""


@dataclass(frozen=True)
class Slice:
    """A piece of a pie."""

    name: str
    path: str
    label: str


@dataclass(frozen=True)
class Plot:
    """All that is drawn of one chart, and its figures as rows of text."""

    kind: str
    title: str
    header: list[str]
    rows: list[list[str]]
    """Its figures: a row for each category or slice, the label first."""
    lines: list[Line] = field(default_factory=list)
    slices: list[Slice] = field(default_factory=list)
    ticks: list[Mark] = field(default_factory=list)
    categories: list[Mark] = field(default_factory=list)
    left: float = 0
    zero: float = 0
    """Where the value nought lies on the y axis."""
    x_label: str = ""
    y_label: str = ""
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def right(self) -> float:
        """Return where the plotting area ends."""
        return self.width - _RIGHT

    @property
    def names(self) -> list[str]:
        """Return what the legend lists."""
        return [part.name for part in (self.lines or self.slices)]


def plot(block: dict[str, Any], locale: str) -> Plot:
    """Return how a good `data_visualization` block is drawn for `locale`."""
    chart = block["chart"]
    if chart["type"] == "pie":
        return _pie(block["title"], chart["segments"], locale)
    return _axes(block["title"], chart, locale)


def _figure(value: float, locale: str) -> str:
    if abs(value) >= _LONG:
        return format_scientific(value, format="0.###E0", locale=locale)
    return format_decimal(value, format="#,##0.######", locale=locale)


def _tick(value: float, locale: str) -> str:
    """Return a value of the y axis, short where it is large."""
    if not _COMPACT <= abs(value) < _LONG:
        return _figure(value, locale)
    return format_compact_decimal(value, fraction_digits=2, locale=locale)


def _drawable(value: float) -> float:
    return max(-_MOST, min(_MOST, float(value)))


def _steps(values: list[float]) -> list[float]:
    """Return round values for the y axis, from below the least to above the most."""
    low, high = min(0.0, *values), max(0.0, *values)
    spread = high - low if high - low > _LEAST else 1.0
    rough = spread / (_TICKS - 1)
    power = 10 ** floor(log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough)
    first, last = floor(low / step), ceil(high / step)
    return [n * step for n in range(first, max(last, first + 1) + 1)]


@dataclass(frozen=True)
class _Scale:
    """From values to places."""

    left: float
    bottom: float
    low: float
    high: float
    count: int

    @property
    def band(self) -> float:
        """Return how wide one category is."""
        return (WIDTH - _RIGHT - self.left) / self.count

    def x(self, place: int) -> float:
        return round(self.left + (place + 0.5) * self.band, 2)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.bottom - share * (self.bottom - _TOP), 2)


def _axes(title: str, chart: dict[str, Any], locale: str) -> Plot:
    axes = chart["axis_config"]
    categories = axes["categories"]
    series = [
        (s["name"], [_value(s["data"], label) for label in categories])
        for s in chart["series"]
    ]
    steps = _steps([value for _, values in series for value in values])
    shown = [_tick(step, locale) for step in steps]
    left = 18 + _LETTER * max(map(len, shown)) + (16 if axes.get("y_label") else 0)
    bottom = HEIGHT - _BOTTOM - (16 if axes.get("x_label") else 0)
    scale = _Scale(left, bottom, steps[0], steps[-1], len(categories))
    draw = _bars if chart["type"] == "bar" else _paths
    return Plot(
        kind=chart["type"],
        title=title,
        header=["", *(name for name, _ in series)],
        rows=[
            [label, *(_figure(values[n], locale) for _, values in series)]
            for n, label in enumerate(categories)
        ],
        lines=draw(series, categories, scale, locale),
        ticks=[Mark(left, scale.y(s), t) for s, t in zip(steps, shown, strict=True)],
        categories=_labels(categories, scale),
        left=left,
        zero=scale.y(0),
        x_label=axes.get("x_label", ""),
        y_label=axes.get("y_label", ""),
    )


def _value(points: list[dict[str, Any]], label: str) -> float:
    return _drawable(next(p["value"] for p in points if p["label"] == label))


def _labels(categories: list[str], scale: _Scale) -> list[Mark]:
    """Return the x axis's labels, every second or third only where they crowd."""
    wide = max(_breadth(label) for label in categories) + _GAP
    every = max(1, ceil(wide / scale.band))
    return [
        Mark(scale.x(n), scale.bottom, label)
        for n, label in enumerate(categories)
        if n % every == 0
    ]


def _breadth(label: str) -> float:
    return sum(_LETTER * (1 if ord(letter) < 0x2E80 else 1.8) for letter in label)


Series = list[tuple[str, list[float]]]


def _paths(
    series: Series, categories: list[str], scale: _Scale, locale: str
) -> list[Line]:
    lines = []
    for name, values in series:
        marks = [
            Mark(scale.x(n), scale.y(value), f"{name}, {label}: {shown}")
            for n, (label, value) in enumerate(zip(categories, values, strict=True))
            for shown in [_figure(value, locale)]
        ]
        path = "M" + "L".join(f"{m.x} {m.y}" for m in marks)
        ground = scale.y(0)
        area = f"{path}L{marks[-1].x} {ground}L{marks[0].x} {ground}Z"
        lines.append(Line(name, marks, path, area))
    return lines


def _bars(
    series: Series, categories: list[str], scale: _Scale, locale: str
) -> list[Line]:
    width = scale.band * _BAR_SHARE / len(series)
    lines = []
    for rank, (name, values) in enumerate(series):
        marks = []
        for n, (label, value) in enumerate(zip(categories, values, strict=True)):
            start = scale.x(n) - scale.band * _BAR_SHARE / 2 + rank * width
            top, foot = scale.y(max(value, 0)), scale.y(min(value, 0))
            said = f"{name}, {label}: {_figure(value, locale)}"
            height = max(foot - top, 0.5)
            marks.append(Mark(round(start, 2), top, said, round(width, 2), height))
        lines.append(Line(name, marks))
    return lines


def _pie(title: str, segments: list[dict[str, Any]], locale: str) -> Plot:
    values = [_drawable(segment["value"]) for segment in segments]
    total = sum(values)
    slices, rows, turned = [], [], 0.0
    for segment, value in zip(segments, values, strict=True):
        share = value / total
        percent = format_percent(share, format="0.#%", locale=locale)
        amount = _figure(value, locale)
        path = _wedge(turned, turned + share)
        said = f"{segment['label']}: {amount} ({percent})"
        slices.append(Slice(segment["label"], path, said))
        rows.append([segment["label"], amount, percent])
        turned += share
    return Plot("pie", title, ["", "", ""], rows, slices=slices, width=HEIGHT)


def _wedge(start: float, end: float) -> str:
    """Return the path of a slice from `start` to `end`, parts of the whole turn."""
    middle, radius = HEIGHT / 2, HEIGHT / 2 - 8
    if end - start > 0.9999:
        top, foot = middle - radius, middle + radius
        arc = f"A{radius} {radius} 0 1 1 {middle}"
        return f"M{middle} {top}{arc} {foot}{arc} {top}Z"

    def at(share: float) -> str:
        turn = share * 2 * pi
        x, y = middle + radius * sin(turn), middle - radius * cos(turn)
        return f"{x:.2f} {y:.2f}"

    large = int(end - start > 0.5)
    arc = f"A{radius} {radius} 0 {large} 1 {at(end)}"
    return f"M{middle} {middle}L{at(start)}{arc}Z"
