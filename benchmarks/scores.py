"""Scores and checks at a million customers.

All scored from stored facts, against the same arithmetic in plain numpy in the same
run; one customer beyond its queries; “may I ship?” with its ways to a yes, from the
question to the kept receipt. Run: `python -m benchmarks.scores [--customers N]`.
"""

import argparse
import json
import random
import statistics
import tempfile
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.company import desk, fill, name_of
from benchmarks.lookup import most_resident
from benchmarks.steps import apart
from risk.explain import explain
from risk.policy import Policy
from risk.score import Array, score
from storage.database import Database
from storage.migrate import migrate
from storage.scores import stored_facts
from workflows.check import Question, check_named
from workflows.monitor.sweep import sweep_all
from workflows.score import score_all
from workflows.services import Actor

MODULE = "benchmarks.scores"
MOST_SECONDS, MOST_MEMORY, MOST_RATIO = 10.0, 1000, 3.0
MOST_ONE, MOST_CHECK = 1.0, 10.0
CHECKS = 400


def plain(policy: Policy, facts: dict[str, Array]) -> Array:
    """Return the scores by plain numpy: curves, whole points, sums, caps, all known."""
    rules = policy.score
    size = len(next(iter(facts.values())))
    worths, weights = [], []
    for name, measure in rules.measures():
        figures, worth = zip(*measure.curve, strict=True)
        worths.append(np.interp(facts.get(name, np.full(size, np.nan)), figures, worth))
        weights.append(float(measure.points))
    table, most = np.column_stack(worths), np.array(weights)
    known = ~np.isnan(table)
    weight = known @ most
    mean = np.nan_to_num(table) @ most / np.maximum(weight, 1e-9)
    points = np.rint(np.where(known, table, mean[:, None]) * most).sum(axis=1)
    for name, deduction in rules.deductions.items():
        figures, worth = zip(*deduction.curve, strict=True)
        taken = np.interp(facts[name], figures, worth) * deduction.points
        points -= np.rint(np.nan_to_num(taken))
    for cap in rules.caps.values():
        held = facts[cap.fact] >= cap.at_least
        points = np.where(held, np.minimum(points, rules.least("D")), points)
    clipped: Array = np.clip(points, 0, 1000)
    return clipped


def measure_all(url: str) -> dict[str, float]:
    """Score everybody in this process, which has loaded nothing else."""
    services = desk(url)
    began = perf_counter()
    everyone = score_all(services)
    seconds = perf_counter() - began
    memory = most_resident()
    with services.database.read() as session:
        pieces = [dict(piece.facts) for piece in stored_facts(session)]
    facts = {k: np.concatenate([p[k] for p in pieces]) for k in pieces[0]}
    policy = services.policy.policy
    ours, theirs = [], []
    for _ in range(3):
        began = perf_counter()
        score(policy, facts)
        ours.append(perf_counter() - began)
        began = perf_counter()
        plain(policy, facts)
        theirs.append(perf_counter() - began)
    one = {name: values[:1] for name, values in facts.items()}
    singles = []
    for _ in range(300):
        began = perf_counter()
        explain(policy, one, score(policy, one))
        singles.append((perf_counter() - began) * 1000)
    return {
        "count": len(everyone.ids),
        "seconds": seconds,
        "memory": memory,
        "ratio": min(ours) / min(theirs),
        "one": statistics.median(singles),
    }


def measure_checks(url: str, count: int) -> dict[str, float]:
    """Ask “may I ship?” of customers at random, by name."""
    services = desk(url)
    chance, actor = random.Random(5), Actor("U1")
    taken, offered = [], 0
    for n in range(CHECKS + 20):
        name = name_of(chance.randrange(1, count + 1))
        asked = Question(Decimal(chance.randrange(1_000, 200_000)), "USD", 45)
        began = perf_counter()
        found = check_named(services, actor, name, asked)
        if n >= 20:
            taken.append((perf_counter() - began) * 1000)
            offered += bool(getattr(found, "ways", ()))
    return {
        "median": statistics.median(taken),
        "p99": statistics.quantiles(taken, n=100)[98],
        "offered": offered / CHECKS,
    }


def prepare(url: str, count: int) -> None:
    """Make the company, and count its scores."""
    database = Database(url)
    migrate(database.engine)
    fill(database, count, names=True)
    services = desk(url)
    began = perf_counter()
    sweep_all(services)
    print(json.dumps({"sweep": perf_counter() - began, "memory": most_resident()}))
    database.close()


def run(count: int) -> bool:
    """Print the figures; return whether all are within bounds."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        swept: dict[str, float] = apart(MODULE, "prepare", url, count)
        found: dict[str, float] = apart(MODULE, "all", url, count)
        checks: dict[str, float] = apart(MODULE, "checks", url, count)
    print(f"scores: {count:,} customers with {count * 5:,} invoices, SQLite")
    print(
        f"  everybody's facts gathered and scored anew: {swept['sweep']:.0f} s,"
        f" {swept['memory']:.0f} MB (prepared in the same process)"
    )
    print(f"  all from stored facts: {found['seconds']:.1f} s, at most {MOST_SECONDS}")
    print(f"  memory: {found['memory']:.0f} MB, at most {MOST_MEMORY}")
    print(f"  ÷ plain numpy: {found['ratio']:.2f}, at most {MOST_RATIO}")
    print(f"  one, explained: {found['one']:.2f} ms, at most {MOST_ONE}")
    print(f"checks: by name, receipt kept, {checks['offered']:.0%} with ways to a yes")
    print(f"  median {checks['median']:.1f} ms, at most {MOST_CHECK}")
    print(f"  p99 {checks['p99']:.1f} ms")
    return (
        found["seconds"] <= MOST_SECONDS
        and found["memory"] <= MOST_MEMORY
        and found["ratio"] <= MOST_RATIO
        and found["one"] <= MOST_ONE
        and checks["median"] <= MOST_CHECK
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step == "prepare":
        prepare(given.url, given.customers)
    elif given.step == "all":
        print(json.dumps(measure_all(given.url)))
    elif given.step == "checks":
        print(json.dumps(measure_checks(given.url, given.customers)))
    else:
        raise SystemExit(not run(given.customers))
