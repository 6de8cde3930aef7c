"""A backtest as tables and bars in the terminal, and as JSON."""

from math import isnan
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from risk.backtest import Report
from risk.validation import Interval, psi_meaning
from workflows.backtest import Backtest

WIDE = 24
"""Columns that a bar of 100 % takes."""

NAMES = {
    "last_invoice_late": "last invoice late?",
    "days_overdue_now": "days overdue now",
    "weighted_dbt": "amount-weighted DBT to date",
    "mean_dbt": "mean days late, early negative",
    "altman_z": "Altman Z″ of the last accounts",
}


def as_figures(found: Backtest) -> dict[str, Any]:
    """Return all figures by name; what cannot be said is null."""
    report = found.report
    return {
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "horizon": found.asked.horizon,
        "late": found.asked.late,
        "policy": found.policy_version,
        "currency": found.currency,
        "left_out": list(found.left_out),
        "rows": report.rows,
        "events": report.events,
        "customers": report.customers,
        "unscored": report.unscored,
        "unscored_events": report.unscored_events,
        "auc": said(report.auc.value),
        "auc_low": said(report.auc.low),
        "auc_high": said(report.auc.high),
        "gini": said(report.gini),
        "ks": said(report.ks),
        "precision_top_decile": said(report.precision),
        "rate": said(report.rate),
        "psi": said(report.psi),
        "psi_by_chance": said(report.psi_by_chance),
        "shifts": {shift.fact: said(shift.psi) for shift in report.shifts},
        "baselines": {
            b.name: {
                "auc": said(b.auc.value),
                "auc_low": said(b.auc.low),
                "auc_high": said(b.auc.high),
                "rows": b.rows,
                "score_auc": said(b.score_auc),
            }
            for b in report.baselines
        },
        "classes": _class_figures(report),
        "calibration": _band_figures(report),
        "months": _month_figures(report),
    }


def _class_figures(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "class": c.risk_class,
            "rows": c.count,
            "events": c.bad,
            "rate": c.bad / c.count if c.count else None,
            "share_first": said(c.share_first),
            "share_last": said(c.share_last),
        }
        for c in report.classes
    ]


def _band_figures(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "low": b.low,
            "high": b.high,
            "rows": b.count,
            "events": b.bad,
            "rate": b.bad / b.count,
            "forecast": said(b.expected),
        }
        for b in report.bands
    ]


def _month_figures(report: Report) -> list[dict[str, Any]]:
    return [
        {"day": day.isoformat(), "rate": said(rate), "mean_score": said(mean)}
        for day, rate, mean in zip(
            report.months, report.rates, report.means, strict=True
        )
    ]


def show(console: Console, found: Backtest) -> None:
    """Print the report for a person to read."""
    report = found.report
    console.print(Text(_headline(found)))
    for line in _remarks(found):
        console.print(Text(line))
    console.print(_figures(report))
    console.print(_rules(report))
    console.print(_bands(report))
    console.print(_classes(report))
    console.print(_months(report))


def _headline(found: Backtest) -> str:
    report = found.report
    return (
        f"Policy {found.policy_version}, {found.first} to {found.last}: "
        f"{report.rows:,} customer-months of {report.customers:,} customers, "
        f"{report.events:,} with an invoice more than {found.asked.late} days overdue "
        f"within {found.asked.horizon} days"
    )


def _remarks(found: Backtest) -> list[str]:
    report, lines = found.report, []
    if report.unscored:
        lines.append(
            f"{report.unscored:,} rows ({report.unscored_events:,} bad) had too few "
            "facts for a score; the figures are over the others."
        )
    if found.left_out:
        named = ", ".join(found.left_out)
        lines.append(f"Not counted, for want of an exchange rate: {named}.")
    if found.outlives_ledger:
        lines.append(
            f"The books end on {found.ledger_ends}, within the last horizon: what was "
            "paid later counts as not paid."
        )
    return lines


def _figures(report: Report) -> Table:
    table = Table("Figure", "Value", "Reads", title="The score", title_justify="left")
    table.add_row("AUC", interval(report.auc), "0.5 is a coin, 1 tells all apart")
    table.add_row("Gini", number(report.gini), "2 × AUC − 1")
    table.add_row("KS", number(report.ks), "widest gap of bad and good")
    table.add_row(
        "Precision, riskiest tenth",
        _percent(report.precision),
        f"bad there; {_percent(report.rate)} of all",
    )
    if not isnan(report.psi):
        table.add_row(
            "PSI, first to last month",
            number(report.psi),
            f"{psi_meaning(report.psi)}; {number(report.psi_by_chance)} by chance",
        )
    for shift in report.shifts:
        table.add_row(f"  PSI of {shift.fact}", number(shift.psi), "")
    return table


def _rules(report: Report) -> Table:
    table = Table(
        "Rule", "AUC (95 %)", "", "Rows", title="Against", title_justify="left"
    )
    rows = report.scored
    table.add_row("the score", interval(report.auc), _over_half(report.auc), f"{rows}")
    for rule in report.baselines:
        told = f"{rule.rows:,}"
        if 0 < rule.rows < rows:
            told += f" (the score there: {number(rule.score_auc)})"
        name = NAMES.get(rule.name, rule.name)
        table.add_row(name, interval(rule.auc), _over_half(rule.auc), told)
    return table


def _bands(report: Report) -> Table:
    table = Table(
        "Score",
        "Rows",
        "Went bad",
        "",
        "Forecast",
        title="Calibration",
        title_justify="left",
    )
    for band in report.bands:
        rate = band.bad / band.count
        table.add_row(
            f"{band.low:.0f}–{band.high:.0f}",
            f"{band.count:,}",
            _percent(rate),
            _bar(rate),
            _percent(band.expected),
        )
    return table


def _classes(report: Report) -> Table:
    table = Table(
        "Class",
        "Rows",
        "Went bad",
        "",
        "Share, first month",
        "Last month",
        title="Classes",
        title_justify="left",
    )
    for one in report.classes:
        rate = one.bad / one.count if one.count else float("nan")
        table.add_row(
            one.risk_class,
            f"{one.count:,}",
            _percent(rate),
            _bar(rate),
            _percent(one.share_first),
            _percent(one.share_last),
        )
    return table


def _months(report: Report) -> Table:
    table = Table(
        "Month end", "Mean score", "Went bad", "", title="Months", title_justify="left"
    )
    for day, mean, rate in zip(report.months, report.means, report.rates, strict=True):
        told = "–" if isnan(mean) else f"{mean:.0f}"
        table.add_row(day.isoformat(), told, _percent(rate), _bar(rate))
    return table


def said(value: float) -> float | None:
    """Return a figure for JSON; None for NaN."""
    return None if isnan(value) else round(value, 6)


def number(value: float) -> str:
    """Return a figure to three places; a dash for NaN."""
    return "–" if isnan(value) else f"{value:.3f}"


def _percent(value: float) -> str:
    return "–" if isnan(value) else f"{value:.1%}"


def interval(found: Interval) -> str:
    """Return a figure with its interval, where there is one."""
    if isnan(found.low):
        return number(found.value)
    return f"{found.value:.3f} ({found.low:.2f}–{found.high:.2f})"


def _bar(share: float) -> str:
    return "" if isnan(share) else "█" * round(share * WIDE)


def _over_half(found: Interval) -> str:
    """Return an AUC as a bar from a coin's to all's."""
    return _bar(max(0.0, 2 * found.value - 1))
