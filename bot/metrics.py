"""What is measured, for Prometheus: requests as they come, the rest when asked."""

from collections.abc import Iterator
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from slack_bolt import App, BoltRequest, BoltResponse

from storage.counts import digests_owed, files_imported, outbox_by_state
from storage.database import Database

BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0)
"""Seconds; Slack waits three."""

KINDS = frozenset(
    {
        "event_callback",
        "block_actions",
        "block_suggestion",
        "view_submission",
        "view_closed",
        "shortcut",
        "message_action",
        "url_verification",
    }
)


class Metrics:
    """Counts this process's requests, and reads what the database knows of."""

    def __init__(self, database: Database) -> None:
        """Start at nothing; `database` is asked each time somebody reads."""
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "riskdesk_requests",
            "Slack's requests, by kind and outcome.",
            ("kind", "outcome"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "riskdesk_request_seconds",
            "How long an answer took.",
            ("kind",),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._registry.register(_Stored(database))

    def dispatch(self, app: App, request: BoltRequest) -> BoltResponse:
        """Return what `app` answers to `request`, counted and timed."""
        started = perf_counter()
        response: BoltResponse = app.dispatch(request)
        kind = _kind(request)
        self._seconds.labels(kind).observe(perf_counter() - started)
        self._requests.labels(kind, _outcome(response.status)).inc()
        return response

    def refuse(self, outcome: str) -> None:
        """Count a request that was turned away at the door."""
        self._requests.labels("unknown", outcome).inc()

    def text(self) -> bytes:
        """Return everything, in Prometheus' text format."""
        return generate_latest(self._registry)


def _kind(request: BoltRequest) -> str:
    """Return what kind of request it is: few words, whatever the body says."""
    if "command" in request.body:
        return "command"
    kind = str(request.body.get("type") or "")
    return kind if kind in KINDS else "unknown"


def _outcome(status: int) -> str:
    if status < 400:  # noqa: PLR2004 - HTTP's own boundary
        return "answered"
    return "refused" if status < 500 else "failed"  # noqa: PLR2004


class _Stored(Collector):
    """What the database knows; the same from every replica."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> list[Metric]:
        """Return nothing: names are known without asking the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the outbox by state, and what was delivered, owed and imported."""
        with self._database.read() as session:
            states = outbox_by_state(session)
            digests, files = digests_owed(session), files_imported(session)
        depth = GaugeMetricFamily(
            "riskdesk_outbox_depth", "Messages not yet settled.", labels=["state"]
        )
        for state in ("pending", "sending"):
            depth.add_metric([state], states.pop(state, 0))
        delivered = CounterMetricFamily(
            "riskdesk_deliveries", "Messages settled.", labels=["outcome"]
        )
        for state, count in sorted(states.items()):
            delivered.add_metric([state], count)
        yield depth
        yield delivered
        yield CounterMetricFamily("riskdesk_digests", "Digests owed.", value=digests)
        yield CounterMetricFamily("riskdesk_imports", "Files imported.", value=files)
