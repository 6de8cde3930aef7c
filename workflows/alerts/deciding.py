"""Decides in a place which problems interrupt, which wait, which are held back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from risk.monitor.budget import POSTED, WEEK_DAYS, Account, Offer, choose, rank_of
from storage import alerts
from storage.tables import AlertChannel, Problem, ProblemCard
from workflows.alerts.hours import quiet_times
from workflows.problems import cards
from workflows.problems.kinds import Fresh, Place
from workflows.services import Services

WEEK = timedelta(days=WEEK_DAYS)

REASONS = {"always": "class_e", "value": "value"}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a place's problems are decided on: its settings, in one transaction."""

    services: Services
    session: Session
    channel: AlertChannel
    """Locked, so that no other transaction spends its budget."""
    readers_known: bool
    """Whether we know that only our own people read there."""
    known: Mapping[int, ProblemCard]
    """The cards there of the problems that are decided on, by problem."""
    _new: list[dict[str, Any]] = field(default_factory=list)
    """Cards of problems that are kept from being posted; written all at once."""

    @property
    def place(self) -> str:
        """Return the place."""
        return self.channel.place

    def decide(self, fresh: Sequence[Fresh]) -> int:
        """Post what is worth it, keep why the rest is not; return how many interrupt.

        What is posted already is left alone unless it has come back after it was
        solved or snoozed; and so is what was held back and has not become worth more.
        """
        known = self.known
        asked = [f for f in fresh if self._is_news(f, known.get(f.problem.id or 0))]
        for_budget = []
        for one in asked:
            card = known.get(one.problem.id or 0)
            why = None if card and card.state == "posted" else self._kept_from(one)
            if why is None:
                for_budget.append(one)
            else:
                self._keep(one.problem, *why)
        interrupting = self._by_budget(for_budget)
        self._write()
        return interrupting

    def try_out(self, fresh: Fresh) -> None:
        """Post what a rule found that is being tried: no budget, no quiet hours."""
        card = self.known.get(fresh.problem.id or 0)
        if card and card.state == "posted":
            return
        if self.readers_known:
            self._post(fresh.problem, "shadow")
        else:
            self._keep(fresh.problem, "waiting", "readers")
            self._write()

    def drop(self, problems: Sequence[Problem]) -> None:
        """Let what waited wait no more: it is over, or somebody acts on it."""
        for problem in problems:
            self._keep(problem, "held", "over")
        self._write()

    def _is_news(self, fresh: Fresh, card: ProblemCard | None) -> bool:
        if card and card.state == "posted":
            back = fresh.kind in {"reopened", "woken"} and fresh.interrupts
            return back and not self._is_snoozed(fresh.problem)
        if card is None or card.state == "waiting" or fresh.kind != "stronger":
            return True
        return fresh.problem.value > card.value or self._always(fresh.problem)

    def _kept_from(self, fresh: Fresh) -> tuple[str, str] | None:
        """Return the state and reason of what the budget is not asked about."""
        problem, now = fresh.problem, self.services.now()
        if not fresh.interrupts:
            return "held", "digest_only"
        if self._is_snoozed(problem):
            return "held", "snoozed"
        if not self.readers_known:
            return "waiting", "readers"
        if not self._always(problem) and not quiet_times(self.channel).is_open(now):
            return "waiting", "quiet"
        return None

    def _is_snoozed(self, problem: Problem) -> bool:
        until = problem.snoozed_until
        return until is not None and until > self.services.now()

    def _always(self, problem: Problem) -> bool:
        passes = self.services.policy.policy.monitor.alerts.always_pass
        return problem.risk_class in passes

    def _by_budget(self, fresh: Sequence[Fresh]) -> int:
        if not fresh:
            return 0
        pass_ = self._that_pass(fresh)
        offers = [Offer(f.problem.value, f.problem.id in pass_) for f in fresh]
        ids = [f.problem.id or 0 for f in fresh]
        verdicts = choose(
            offers, account_of(self.services, self.session, self.channel, ids)
        )
        for one, verdict in zip(fresh, verdicts, strict=True):
            card = self.known.get(one.problem.id or 0)
            if verdict in POSTED:
                self._post(one.problem, REASONS[verdict])
            elif card is None or card.state != "posted":
                self._keep(one.problem, "held", verdict)
        return sum(verdict in POSTED for verdict in verdicts)

    def _that_pass(self, fresh: Sequence[Fresh]) -> set[int | None]:
        """Return the problems that always pass: the most valuable, so many a day."""
        policy = self.services.policy.policy.monitor.alerts
        always = [f.problem for f in fresh if self._always(f.problem)]
        if not always:
            return set()
        since = self.services.now() - timedelta(days=1)
        before = alerts.spent(self.session, self.place, since, ["class_e"])
        left = max(policy.always_pass_a_day - before, 0)
        best = sorted(always, key=lambda p: (-p.value, p.id or 0))[:left]
        return {problem.id for problem in best}

    def _post(self, problem: Problem, reason: str) -> None:
        """Post a problem; one that comes back at night is shown when that ends."""
        now = self.services.now()
        opens = (
            now if self._always(problem) else quiet_times(self.channel).open_from(now)
        )
        place = Place(
            id=self.channel.place,
            language=self.channel.language,
            verbosity=self.channel.verbosity,
            not_before=opens if opens > now else None,
            reason=reason,
            alert_channel_id=self.channel.id,
        )
        cards.post(self.services, self.session, problem, place)

    def _keep(self, problem: Problem, state: str, reason: str) -> None:
        now: dict[str, Any] = {
            "alert_channel_id": self.channel.id,
            "state": state,
            "reason": reason,
            "value": problem.value,
            "decided_at": self.services.now(),
        }
        card = self.known.get(problem.id or 0)
        if card is None:
            self._new.append({"problem_id": problem.id, "place": self.place} | now)
        else:
            for name, value in now.items():
                setattr(card, name, value)

    def _write(self) -> None:
        alerts.keep(self.session, self._new)
        self._new.clear()


def account_of(
    services: Services, session: Session, channel: AlertChannel, but: Sequence[int] = ()
) -> Account:
    """Return what a place accepts and was offered, without the problems `but`."""
    now = services.now()
    days = services.policy.policy.monitor.alerts.look_back_days
    since = now - timedelta(days=days)
    most = rank_of(channel.budget, days)
    return Account(
        budget=channel.budget,
        spent=alerts.spent(session, channel.place, now - WEEK),
        past=alerts.worths(session, channel.place, since, most, but),
        look_back_days=days,
    )
