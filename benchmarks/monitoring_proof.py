"""The figures of docs/monitoring.md: what the default rules catch, and how early.

On the real receivables beside the project, month by month as known then: each rule and
all together against the single rules to beat. And on a made company, whose customers
turn slow and whose groups pass trouble on, which no public file shows. Fails if a
figure falls short. Run: `python -m benchmarks.monitoring_proof`, with
`--write docs/monitoring.md` to put the tables there.
"""

import argparse
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from sqlmodel import Session

from benchmarks.made_company import Made, make_company
from benchmarks.proof import ASKED, DATA, END, LEARN, TEST
from benchmarks.proof_tables import Grid
from benchmarks.real_data import RECEIVABLES
from bot.build import build_services
from bot.settings import Settings
from connectors.files import open_file
from risk.backtest import Fates, went_bad
from risk.monitor.columns import Array, Bools
from storage.as_of import Asked, View, Who
from storage.migrate import migrate
from storage.outcomes import fates
from workflows.backtest import month_ends
from workflows.import_files import import_file
from workflows.monitor.replay import Replayed, replay
from workflows.services import Services

START = "<!-- python -m benchmarks.monitoring_proof -->"
LEAST = 0.5
"""Precision and recall that all rules together must reach."""

BEST_SINGLE = 0.511
"""F1 of the best single rule listed: mean days late above 6."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Customer-months: who went bad, when, and which rules had fired."""

    month: np.ndarray
    customer: np.ndarray
    bad: Bools
    days_ahead: Array
    """Days from the month end until the first invoice passes; NaN if none does."""
    fired: Mapping[str, Bools]
    simple: Mapping[str, Bools]
    """The single rules to beat."""

    def flagged(self, rules: Sequence[str]) -> Bools:
        """Return the rows for which any of `rules` fired."""
        marks = [self.fired[name] for name in rules if name in self.fired]
        none = np.zeros(len(self.bad), np.bool_)
        found: Bools = np.logical_or.reduce([none, *marks])
        return found


@dataclass(frozen=True, slots=True)
class Hit:
    """How a rule did: precision, recall and their mean, and how early it was."""

    flagged: Bools
    bad: Bools
    days_ahead: Array

    @property
    def precision(self) -> float:
        """Return the share of flagged rows that went bad."""
        return float(self.bad[self.flagged].mean()) if self.flagged.any() else 0.0

    @property
    def recall(self) -> float:
        """Return the share of bad rows that were flagged."""
        return float(self.flagged[self.bad].mean()) if self.bad.any() else 0.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def lead(self) -> str:
        """Return the median days from flag to event, and its quartiles."""
        ahead = self.days_ahead[self.flagged & self.bad]
        if not len(ahead):
            return "–"
        low, mid, high = np.percentile(ahead, (25, 50, 75))
        return f"{mid:.0f} ({low:.0f}–{high:.0f})"

    def cells(self) -> list[str]:
        """Return its figures as cells of a table."""
        return [
            f"{self.flagged.mean():.1%}",
            f"{self.precision:.3f}",
            f"{self.recall:.3f}",
            f"{self.f1:.3f}",
            self.lead,
        ]


HEAD = ["rule", "flagged", "precision", "recall", "F1", "days ahead (quartiles)"]


def rows_of(services: Services, days: Sequence[date]) -> Rows:
    """Return every customer-month of `days`, as known then, and what came of it."""
    with services.database.read() as session:
        seen = list(replay(services, session, days))
        came = _fates(services, session, seen)
    parts = [_part(one, came) for one in seen]
    names = sorted({rule for part in parts for rule in part.fired})
    simple = parts[0].simple if parts else {}
    return Rows(
        np.concatenate([p.month for p in parts]),
        np.concatenate([p.customer for p in parts]),
        np.concatenate([p.bad for p in parts]),
        np.concatenate([p.days_ahead for p in parts]),
        {
            name: np.concatenate(
                [p.fired.get(name, np.zeros(len(p.bad), np.bool_)) for p in parts]
            )
            for name in names
        },
        {name: np.concatenate([p.simple[name] for p in parts]) for name in simple},
    )


@dataclass(frozen=True, slots=True)
class _Came:
    ids: np.ndarray
    fates: Fates


def _fates(services: Services, session: Session, seen: Sequence[Replayed]) -> _Came:
    ids = np.unique(np.concatenate([one.ids for one in seen]))
    who = Who(first=int(ids[0]), last=int(ids[-1]))
    asked = Asked(session, who, View(services.today()))
    everybody = np.arange(ids[0], ids[-1] + 1)
    return _Came(everybody, fates(asked, everybody))


def _part(seen: Replayed, came: _Came) -> Rows:
    today = seen.day.toordinal()
    place = np.searchsorted(came.ids, seen.ids)
    bad = went_bad(came.fates, today, ASKED)[place]
    passes = came.fates.due + ASKED.late
    inside = (passes > today) & (passes <= today + ASKED.horizon)
    inside &= came.fates.settled > passes
    first = np.full(len(came.ids), np.inf)
    np.minimum.at(first, came.fates.customer[inside], passes[inside] - today)
    ahead = np.where(np.isinf(first), np.nan, first)[place]
    fired = {}
    for one in seen.fired:
        fired[one.rule] = np.zeros(len(seen.ids), np.bool_)
        fired[one.rule][one.rows] = True
    mean = _mean_late(came.fates, today)[place]
    overdue = np.nan_to_num(seen.facts["overdue_oldest"])
    simple = {
        "mean days late > 6": mean > 6,
        "something overdue now": overdue > 0,
        "overdue now > 7 days": overdue > 7,
        "overdue now and mean late > 4": (overdue > 0) & (mean > 4),
    }
    month = np.full(len(seen.ids), today)
    return Rows(month, seen.ids, bad, ahead, fired, simple)


def _mean_late(came: Fates, today: int) -> Array:
    """Return the plain mean of days late of what was paid by a day, early as 0."""
    paid = came.settled <= today
    late = np.maximum(came.settled - came.due, 0)[paid]
    count = np.bincount(came.customer[paid], minlength=came.size)
    total = np.bincount(came.customer[paid], late, minlength=came.size)
    mean: Array = total / np.maximum(count, 1)
    return mean


def alarms(services: Services) -> list[str]:
    """Return the rules of the default policy that may interrupt somebody."""
    rules = services.policy.policy.monitor.rules
    return [n for n, r in rules.items() if r.mode == "live" and r.interrupts]


def real(folder: Path, data: Path = DATA) -> tuple[Rows, Rows, list[str]]:
    """Return the rows learnt from and tested on, of the receivables, and the rules."""
    url = f"sqlite:///{folder / 'real.db'}"
    services = build_services(Settings.load({"DATABASE_URL": url}))
    migrate(services.database.engine)
    try:
        import_file(services, open_file(data / RECEIVABLES), by="proof")
        learn = rows_of(services, month_ends(*LEARN))
        return learn, rows_of(services, month_ends(*TEST)), alarms(services)
    finally:
        services.database.close()


def together(rows: Rows, rules: Sequence[str]) -> Hit:
    """Return how `rules` did together."""
    return Hit(rows.flagged(rules), rows.bad, rows.days_ahead)


def real_tables(learn: Rows, test: Rows, rules: Sequence[str]) -> Iterator[Grid]:
    """Yield the rules on the real data: each, together, month by month."""
    lines = [
        [name, *Hit(mark, test.bad, test.days_ahead).cells()]
        for name, mark in test.simple.items()
    ]
    lines += [
        [f"`{name}`", *Hit(test.fired[name], test.bad, test.days_ahead).cells()]
        for name in rules
        if name in test.fired
    ]
    lines.append(["**all that interrupt, together**", *together(test, rules).cells()])
    told = f"{len(test.bad):,} customer-months, {test.bad.sum()} bad"
    yield Grid(f"Default rules on late payers: {told}", HEAD, lines)
    quiet = [n for n in test.fired if n not in rules]
    if quiet:
        yield Grid(
            "Rules that only a digest tells of, on the same rows",
            HEAD,
            [
                [f"`{n}`", *Hit(test.fired[n], test.bad, test.days_ahead).cells()]
                for n in quiet
            ],
        )
    months = []
    for part in (learn, test):
        for month in np.unique(part.month):
            inside = part.month == month
            hit = Hit(
                part.flagged(rules)[inside], part.bad[inside], part.days_ahead[inside]
            )
            day = date.fromordinal(int(month)).isoformat()
            months.append([day, f"{part.bad[inside].sum()}", *hit.cells()])
    yield Grid(
        "All together, month by month as known then (2012 was there to look at, 2013"
        " was not)",
        ["month end", "bad", *HEAD[1:]],
        months,
    )


def made_tables(made: Made, rows: Rows) -> Iterator[Grid]:
    """Yield what the rules catch on the made company, and how long before."""
    turn = {
        "turn slow, a week a month": ("slower_payment", made.slow),
        "a group member defaults": ("related_trouble", made.kin),
    }
    lines = []
    for story, (rule, since) in turn.items():
        caught, waits = 0, []
        for customer, turned in since.items():
            mine = (rows.customer == customer) & rows.fired[rule]
            seen = rows.month[mine & (rows.month >= turned)]
            if len(seen):
                caught += 1
                waits.append(int(seen.min()) - turned)
        others = ~np.isin(rows.customer, list(since))
        false = float(rows.fired[rule][others].mean())
        wait = f"{np.median(waits):.0f}" if waits else "–"
        lines.append(
            [story, f"`{rule}`", f"{caught} of {len(since)}", wait, f"{false:.2%}"]
        )
    slow = np.isin(rows.customer, list(made.slow))
    known = rows.fired["slower_payment"] & slow & rows.bad
    ahead = rows.days_ahead[known]
    yield Grid(
        "A made company: what no public file shows",
        ["story", "rule", "caught", "days from the turn", "of all others flagged"],
        lines,
    )
    yield Grid(
        "… and the days left before an invoice passed 15 days overdue",
        ["rule", "flagged in time", "median days left"],
        [
            [
                "`slower_payment`",
                f"{known.sum()} customer-months",
                f"{np.median(ahead):.0f}" if len(ahead) else "–",
            ]
        ],
    )


def made(folder: Path) -> tuple[Made, Rows]:
    """Return the made company and its customer-months of the year after the turn."""
    url = f"sqlite:///{folder / 'made.db'}"
    services = build_services(Settings.load({"DATABASE_URL": url}))
    migrate(services.database.engine)
    try:
        company = make_company(services, folder)
        return company, rows_of(services, month_ends(company.turn, company.last))
    finally:
        services.database.close()


def main(write: Path | None) -> bool:
    """Print the tables, and write them into a document; return whether all is well."""
    with tempfile.TemporaryDirectory() as folder:
        learn, test, rules = real(Path(folder))
        company, after = made(Path(folder))
    found = [*real_tables(learn, test, rules), *made_tables(company, after)]
    for table in found:
        print(f"\n{table}", flush=True)
    hit = together(test, rules)
    well = hit.precision >= LEAST and hit.recall >= LEAST and hit.f1 > BEST_SINGLE
    print(f"\ntogether: {hit.precision:.3f} / {hit.recall:.3f} / {hit.f1:.3f}")
    if write is not None:
        text = write.read_text(encoding="utf-8")
        told = "\n\n".join(map(str, found))
        pattern = f"{re.escape(START)}.*?{re.escape(END)}"
        new = re.sub(
            pattern, lambda _: f"{START}\n\n{told}\n\n{END}", text, flags=re.DOTALL
        )
        write.write_text(new, encoding="utf-8")
    return well


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="a document to put the tables into")
    raise SystemExit(not main(parser.parse_args().write))
