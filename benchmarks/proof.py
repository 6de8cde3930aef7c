"""The figures of docs/model.md, recomputed on the real data beside the project.

Late payers (a file imported and replayed by our own code), failures of companies, and
a scorecard of loans; each against simple rules and, where scikit-learn is installed,
boosted trees on the same facts. Fails if a figure falls short of what is to be reached.
Run: `python -m benchmarks.proof [--data FOLDER] [--write docs/model.md]`, or on files
of your own: `--receivables FILE`, `--failures FILE`, `--loans FILE --outcome COL=BAD`.
"""

import argparse
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from benchmarks.proof_tables import Grid, Line, Table
from benchmarks.real_data import (
    RECEIVABLES,
    Firms,
    Unreadable,
    read_firms,
    read_loans,
    some,
    stratified,
)
from bot.build import build_services
from bot.settings import Settings
from connectors.files import open_file
from risk.backtest import Question, Sample, TooFewEvents
from risk.calibrate import calibrate
from risk.errors import UserError
from risk.financials import LISTED, financial_facts, z_position
from risk.policy import Policy
from risk.score import Facts, score
from risk.scorecard import fit_scorecard
from risk.validation import Array, Bools, Interval, auc, auc_interval, ks
from storage.migrate import migrate
from storage.policy_file import load_policy
from workflows.backtest import (
    Backtest,
    backtest,
    last_entry,
    month_ends,
    sample_of,
)
from workflows.calibrate import Calibration, Windows, fit
from workflows.import_files import import_file
from workflows.services import Services

DATA = Path(__file__).parents[2] / "shared" / "data"
LEARN = (date(2012, 6, 30), date(2012, 12, 31))
TEST = (date(2013, 3, 31), date(2013, 9, 30))
ASKED = Question(horizon=90, late=15)
SHUFFLES, FOLDS, MONTHS = 10, 5, 7
ONE_YEAR = timedelta(days=366)
Window = tuple[date, date]
START, END = "<!-- python -m benchmarks.proof -->", "<!-- end -->"


@dataclass(frozen=True, slots=True)
class Payers:
    """What the replay of the receivables found."""

    test: Backtest
    fitted: Calibration
    learn: Sample
    unseen: Sample


def replay(data: Path, folder: Path, rounds: int) -> Payers:
    """Import the receivables into a new database in `folder`; replay and fit."""
    url = f"sqlite:///{folder / 'proof.db'}"
    services = build_services(Settings.load({"DATABASE_URL": url}))
    migrate(services.database.engine)
    try:
        file = data if data.is_file() else data / RECEIVABLES
        import_file(services, open_file(file), by="proof")
        learn, test = _windows(services)
        return Payers(
            backtest(services, *test, ASKED, rounds=rounds),
            fit(services, Windows(*learn, *test), ASKED, rounds=rounds),
            _sample(services, learn),
            _sample(services, test),
        )
    finally:
        services.database.close()


def _windows(services: Services) -> tuple[Window, Window]:
    """Return the months to learn from and to test on: ours, where the books have them.

    Of other years: the last seven month ends whose outcomes are known, and the seven
    before, which end when their own outcomes were known.
    """
    with services.database.read() as session:
        ends = last_entry(session)
    if TEST[1] <= ends - timedelta(days=ASKED.horizon) <= TEST[1] + ONE_YEAR:
        return LEARN, TEST
    known = month_ends(ends - 6 * ONE_YEAR, ends - timedelta(days=ASKED.horizon))
    gap = -(-ASKED.horizon // 30)
    learn = known[-2 * MONTHS - gap : -MONTHS - gap]
    return (learn[0], learn[-1]), (known[-MONTHS], known[-1])


def _sample(services: Services, window: Window) -> Sample:
    with services.database.read() as session:
        return sample_of(services, session, month_ends(*window), ASKED)


def late_payers(found: Payers, rounds: int, *, compare: bool = True) -> Iterator[Table]:
    """Yield how the default and the fitted policy rank late payers.

    With `compare`, against boosted trees too.
    """
    test, trial = found.test.report, found.fitted.trial
    names = {
        "last_invoice_late": "last invoice late?",
        "days_overdue_now": "days overdue now",
        "weighted_dbt": "amount-weighted days beyond terms",
        "mean_dbt": "mean signed days late",
    }
    rules = {b.name: b.auc for b in test.baselines}
    lines = [Line(names[n], rules[n]) for n in names if n in rules]
    ours = found.test.first == TEST[0]
    fixed, learnt = (0.866, 0.885) if ours else (0.0, 0.0)
    lines.append(Line("**default policy**, untouched by outcomes", test.auc, fixed))
    if trial:
        fitted = Line("**fitted scorecard**", trial.candidate.auc, learnt)
        lines.append(fitted)
    learn = found.learn
    trees = boosted(learn.facts, learn.bad, found.unseen.facts) if compare else None
    if trees is not None:
        sample = found.unseen
        interval = auc_interval(trees, sample.bad, sample.customer, rounds=rounds)
        lines.append(Line("boosted trees on the same facts", interval))
    yield Table(f"Late payers: {test.rows:,} customer-months, {test.events} bad", lines)


def classes(found: Payers) -> Iterator[Grid]:
    """Yield what became of each class, and of each band of the fitted score."""
    test, trial = found.test.report, found.fitted.trial
    yield Grid(
        "Late payers by class of the default policy",
        ["class", "customer-months", "went bad"],
        [
            [one.risk_class, f"{one.count:,}", _share(one.bad, one.count)]
            for one in test.classes
        ],
    )
    if trial:
        yield Grid(
            "Late payers by tenth of the fitted score, riskiest first",
            ["score", "customer-months", "forecast", "went bad"],
            [
                [
                    f"{band.low:.0f}–{band.high:.0f}",
                    f"{band.count:,}",
                    f"{band.expected:.1%}",
                    _share(band.bad, band.count),
                ]
                for band in trial.candidate.bands
            ],
        )
    psi = f"{test.psi:.3f} ({test.psi_by_chance:.3f} by chance)"
    yield Grid(
        "The default policy on late payers, other figures",
        ["Gini", "KS", "precision of the riskiest tenth", "base rate", "PSI"],
        [
            [
                f"{test.gini:.3f}",
                f"{test.ks:.3f}",
                f"{test.precision:.1%}",
                f"{test.rate:.1%}",
                psi,
            ]
        ],
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


def failures(data: Path, rounds: int, *, compare: bool = True) -> Iterator[Table]:
    """Yield how the financial factor ranks companies that fail within a year.

    With `compare`, against boosted trees too.
    """
    policy = load_policy().policy
    firms, market = read_firms(data)
    plain = financial_facts(firms.now, firms.before, policy.zscore)
    listed = firms.listed(market)
    place = np.full(len(market), LISTED)
    marked = financial_facts(listed, firms.before, policy.zscore, place)
    for end, begin, fixed, fitted, with_market in _splits(firms):
        train, test = firms.year <= end, firms.year >= begin
        scores: list[tuple[str, Array, float]] = [
            ("Altman Z″", z_position(firms.now, policy.zscore["z2"]), 0.0),
            ("Altman Z′", z_position(firms.now, policy.zscore["z1"]), 0.0),
            ("net income ÷ assets", plain["profit"], 0.0),
            ("liabilities ÷ assets", -plain["leverage"], 0.0),
            ("**financial factor**, default policy", factor(policy, plain), fixed),
        ]
        bad = firms.failed[train]
        ways = [("**fitted**, accounts only", plain, fitted)]
        if not np.isnan(market).all():
            ways.append(("**fitted**, with market value", marked, with_market))
        for name, facts, least in ways:
            made = calibrate(policy, some(facts, train), bad, version="proof")
            scores.append((name, factor(made, facts), least))
            trees = boosted(some(facts, train), bad, facts) if compare else None
            if trees is not None:
                words = name.replace("**fitted**", "boosted trees")
                scores.append((words, trees, 0.0))
        title = f"Failures: to {end} learnt from, from {begin} tested"
        told = f"{test.sum():,} firm-years, {firms.failed[test].sum()} failed"
        lines = [
            Line(name, _interval(firms, test, safety, rounds), least)
            for name, safety, least in scores
        ]
        yield Table(f"{title}: {told}", lines)


def _splits(firms: Firms) -> list[tuple[int, int, float, float, float]]:
    """Return (last year to learn from, first to test on, and what is to be reached).

    Of other years than ours: the earlier half of the failures and the later.
    """
    ours = [(2007, 2008, 0.80, 0.80, 0.84), (2011, 2015, 0.77, 0.79, 0.0)]
    if firms.year.min() <= ours[0][0] and firms.year.max() >= ours[-1][1]:
        return ours
    end = int(np.median(firms.year[firms.failed]))
    return [(end, end + 1, 0.0, 0.0, 0.0)]


def _interval(firms: Firms, test: Bools, safety: Array, rounds: int) -> Interval:
    known = np.nan_to_num(safety[test])
    return auc_interval(known, firms.failed[test], firms.company[test], rounds=rounds)


def factor(policy: Policy, facts: Facts) -> Array:
    """Return the points of the financial factor, however little else is known."""
    found = score(replace(policy, score=replace(policy.score, least_coverage=0)), facts)
    names = policy.score.factors["financial"].measures
    columns = [found.measures.index(name) for name in names]
    return np.asarray(found.points[:, columns].sum(axis=1), np.float64)


def loans(
    data: Path, outcome: tuple[str, str] = ("creditability", "bad")
) -> Iterator[Table]:
    """Yield how the fitter ranks loans out of fold; intervals are over shuffles."""
    columns, bad = read_loans(data, outcome)
    found, apart = [], []
    for seed in range(SHUFFLES):
        fold = stratified(bad, FOLDS, seed)
        odds = np.zeros(len(bad))
        for held in range(FOLDS):
            out = fold == held
            card = fit_scorecard({n: v[~out] for n, v in columns.items()}, bad[~out])
            odds[out] = card.log_odds({n: v[out] for n, v in columns.items()})
        found.append(auc(odds, bad))
        apart.append(ks(odds, bad))
    mean = Interval(float(np.mean(found)), min(found), max(found))
    name = f"**scorecard**, mean and range of {SHUFFLES} shuffles"
    gini = f"Gini {2 * mean.value - 1:.3f}, KS {np.mean(apart):.3f}"
    title = f"Loans: {len(bad):,}, {bad.sum()} bad, {FOLDS}-fold out of fold; {gini}"
    ours = outcome == ("creditability", "bad")
    yield Table(title, [Line(name, mean, 0.79 if ours else 0.0)])


def boosted(train: Facts, bad: Bools, test: Facts) -> Array | None:
    """Return the safety that boosted trees see in `test`; None without scikit-learn."""
    try:
        from sklearn.ensemble import (  # noqa: PLC0415 - an extra that few install
            HistGradientBoostingClassifier,
        )
    except ImportError:
        return None
    trees = HistGradientBoostingClassifier(
        max_depth=3, learning_rate=0.05, max_iter=150, random_state=1
    )
    names = [n for n in train if not np.isnan(train[n]).all()]
    trees.fit(np.column_stack([train[n] for n in names]), bad)
    chance = trees.predict_proba(np.column_stack([test[n] for n in names]))[:, 0]
    return np.asarray(chance, np.float64)


@dataclass(frozen=True, slots=True)
class Given:
    """The files to prove on; None is not given."""

    receivables: Path | None
    failures: Path | None
    loans: Path | None
    outcome: tuple[str, str] = ("creditability", "bad")


def tables(given: Given, rounds: int) -> Iterator[Table | Grid]:
    """Yield every table, as it is ready."""
    if given.receivables:
        with tempfile.TemporaryDirectory() as folder:
            payers = replay(given.receivables, Path(folder), rounds)
        yield from late_payers(payers, rounds)
        yield from classes(payers)
    if given.failures:
        yield from failures(given.failures, rounds)
    if given.loans:
        yield from loans(given.loans, given.outcome)


def main(given: Given, rounds: int, write: Path | None) -> bool:
    """Print the tables, and write them into a document; return whether all is well."""
    found = []
    for table in tables(given, rounds):
        found.append(table)
        print(f"\n{table}", flush=True)
    lines = [line for t in found if isinstance(t, Table) for line in t.lines]
    short = [line for line in lines if line.short]
    for line in short:
        print(f"{line.name}: {line.auc.value:.3f}, to reach {line.least}")
    if write is not None:
        made = "\n\n".join(map(str, found))
        _put_into(write, lambda _: f"{START}\n\n{made}\n\n{END}")
    return not short


def _put_into(document: Path, made: Callable[[re.Match[str]], str]) -> None:
    text = document.read_text(encoding="utf-8")
    part = re.compile(f"{re.escape(START)}.*?{re.escape(END)}", re.DOTALL)
    document.write_text(part.sub(made, text), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA, help="folder of our files")
    parser.add_argument("--receivables", type=Path, help="invoices of your own")
    parser.add_argument("--failures", type=Path, help="firm-years of your own")
    parser.add_argument("--loans", type=Path, help="loans of your own")
    parser.add_argument(
        "--outcome", default="creditability=bad", help="the loans' COLUMN=BAD VALUE"
    )
    parser.add_argument("--rounds", type=int, default=500, help="bootstrap draws")
    parser.add_argument("--write", type=Path, help="put the tables into this document")
    return parser.parse_args()


def _given(asked: argparse.Namespace) -> Given:
    """Return the files that were named; else all of ours."""
    column, _, value = asked.outcome.partition("=")
    if asked.receivables or asked.failures or asked.loans:
        return Given(asked.receivables, asked.failures, asked.loans, (column, value))
    if not (asked.data / RECEIVABLES).is_file():
        print(f"proof: no real data in {asked.data.name}; nothing was measured")
        raise SystemExit(0 if asked.write is None else 1)
    return Given(asked.data, asked.data, asked.data)


if __name__ == "__main__":
    asked = _arguments()
    try:
        well = main(_given(asked), asked.rounds, asked.write)
    except (UserError, Unreadable, TooFewEvents, OSError) as wrong:
        raise SystemExit(f"proof: {wrong}") from wrong
    raise SystemExit(not well)
