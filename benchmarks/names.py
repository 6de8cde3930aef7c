"""Finding a name among a million: how long it takes, and how often it is the right one.

The comparison, in the same run: rapidfuzz `WRatio` of the query with every name, in
memory. On the real names beside the project, where they are, recall is told by kind.
Run: `python -m benchmarks.names [--customers N] [--url DATABASE_URL]`.
"""

import argparse
import csv
import gzip
import random
import statistics
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from rapidfuzz import fuzz, process
from sqlalchemy import insert

from benchmarks.company import customers, name_of
from bot.garbage import search_seldom
from storage.database import Database
from storage.migrate import migrate
from storage.names import find, index_names
from storage.tables import Customer

REAL = Path(__file__).parents[2] / "shared" / "data" / "names"
MOST_MS, LEAST_RATIO = 40.0, 50.0
LEAST_NOISY, LEAST_SHORT = 0.96, 0.80
QUERIES, COMPARED = 300, 10


def noisy(name: str, chance: random.Random) -> str:
    """Return a name as people type it: a slip, another order, no suffix, a part."""
    words = name.split()
    kind = chance.randrange(4)
    if kind == 0:
        at = chance.randrange(len(name) - 1)
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if kind == 1:
        return " ".join(reversed(words))
    if kind == 2:
        return " ".join(words[:-1])
    return "".join(words[:-1]).lower()


def speed(url: str, count: int) -> bool:
    """Print how long queries take among `count` made names; return whether in time."""
    database = Database(url)
    migrate(database.engine)
    with database.write() as session:
        rows = list(customers(count))
        for start in range(0, count, 50_000):
            chunk = rows[start : start + 50_000]
            session.connection().execute(insert(Customer), chunk)
    began = perf_counter()
    with database.write() as session:
        index_names(session, ((n, name_of(n)) for n in range(1, count + 1)))
    indexed = perf_counter() - began
    chance = random.Random(5)
    typed = [
        noisy(name_of(chance.randrange(1, count + 1)), chance) for _ in range(QUERIES)
    ]
    taken = []
    with database.read() as session:
        for query in typed:
            began = perf_counter()
            find(session, query)
            taken.append((perf_counter() - began) * 1000)
    database.close()
    names = [name_of(n) for n in range(1, count + 1)]
    plain = []
    for query in typed[:COMPARED]:
        began = perf_counter()
        process.extractOne(query, names, scorer=fuzz.WRatio)
        plain.append((perf_counter() - began) * 1000)
    p95 = statistics.quantiles(taken, n=20)[18]
    ratio = statistics.median(plain) / statistics.median(taken)
    print(f"names: {count:,} on {url.partition(':')[0]}, indexed in {indexed:.0f} s")
    print(
        f"  median {statistics.median(taken):.1f} ms, p95 {p95:.1f}, at most {MOST_MS}"
    )
    print(f"  {ratio:.0f} times faster than WRatio, at least {LEAST_RATIO:.0f}")
    return p95 <= MOST_MS and ratio >= LEAST_RATIO


def recall(folder: Path) -> bool:
    """Print recall@1 by kind on the real names; return whether it is enough."""
    if not (REAL / "queries.csv").is_file():
        print(f"  no real names at {REAL.name}: recall was not measured")
        return True
    with gzip.open(REAL / "companies.csv.gz", "rt", encoding="utf-8") as file:
        names = [
            (row["customer_number"], row["customer_name"])
            for row in csv.DictReader(file)
        ]
    database = Database(f"sqlite:///{folder / 'real.db'}")
    migrate(database.engine)
    about = {"source": "bench", "hold": False, "known_at": datetime.now(UTC)}
    with database.write() as session:
        rows = [
            {"id": n, "number": number, "name": name, **about}
            for n, (number, name) in enumerate(names, 1)
        ]
        session.connection().execute(insert(Customer), rows)
        index_names(session, ((n, name) for n, (_, name) in enumerate(names, 1)))
    right, asked = Counter[str](), Counter[str]()
    with (
        (REAL / "queries.csv").open(encoding="utf-8") as file,
        database.read() as session,
    ):
        for row in csv.DictReader(file):
            accepted = row["accept"].replace("|", " ").replace(";", " ").split()
            found = find(session, row["query"])
            asked[row["kind"]] += 1
            right[row["kind"]] += bool(found) and found[0].number in accepted
    database.close()
    for kind, count in asked.items():
        print(f"  {kind}: {right[kind] / count:.3f} of {count}")
    short = [kind for kind in asked if kind.startswith("real")]
    others = [kind for kind in asked if kind not in short]
    shares = [
        sum(right[k] for k in kinds) / sum(asked[k] for k in kinds)
        for kinds in (others, short)
    ]
    print(f"  noisy {shares[0]:.3f}, at least {LEAST_NOISY}")
    print(f"  real short names {shares[1]:.3f}, at least {LEAST_SHORT}")
    return shares[0] >= LEAST_NOISY and shares[1] >= LEAST_SHORT


def main(count: int, url: str | None) -> bool:
    """Print all figures; return whether all are reached."""
    search_seldom()  # as the desk does
    with tempfile.TemporaryDirectory() as folder:
        fast = speed(url or f"sqlite:///{Path(folder) / 'bench.db'}", count)
        return recall(Path(folder)) and fast


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--url", help="of an empty database; else SQLite")
    given = parser.parse_args()
    raise SystemExit(not main(given.customers, given.url))
