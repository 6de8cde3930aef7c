"""The live cards of problems: put in a place, edited as they move on, their threads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from storage import outbox, problem_places, problems, schedules
from storage.tables import AlertChannel, Problem, ProblemCard, ProblemEntry
from templates.messages.base import Message
from workflows.naming import is_person
from workflows.problems.drawing import Sketches, sketch
from workflows.problems.kinds import Place
from workflows.services import Services
from workflows.telling import language_read

CHANGES = frozenset(
    {"signal", "stronger", "solved", "reopened", "woken", "assigned", "handed"}
)
"""Steps that a thread tells of where it is to tell what moved."""

CALLS = frozenset({"reopened", "stronger", "signal", "woken", "handed", "assigned"})
"""Steps for which a card that is there already is called back into sight."""


def post(services: Services, session: Session, problem: Problem, place: Place) -> None:
    """Put a problem's card in a place; one that is there is brought back into sight.

    The problem is stored, and locked by the caller.
    """
    card = problems.card_at(session, problem.id or 0, place.id)
    card = card or ProblemCard(
        problem_id=problem.id or 0, place=place.id, decided_at=services.now()
    )
    drawn = sketch(services, session, [problem])
    shown = outbox.named(session, card.outbox_key) if card.outbox_key else None
    card.alert_channel_id, card.reason = place.alert_channel_id, place.reason
    card.state, card.decided_at = "posted", services.now()
    card.value = problem.value
    if shown is not None and shown.state != "failed":
        problem_places.put_card(session, card)
        calls = [e for e in drawn.lives[problem.id or 0] if e.kind in CALLS]
        if calls:
            at = _Shown(services, session, card, place.language, place.not_before)
            at.tell(drawn, problem, calls[-1], method="broadcast")
        return
    card.outbox_key = _key(problem, place.id, again=shown is not None)
    card.version = problem.version
    problem_places.put_card(session, card)
    said = services.render(drawn.card(problem), place.language)
    outbox.put(
        session,
        key=card.outbox_key,
        channel=place.channel,
        text=said.text,
        blocks=said.blocks,
        at=services.now(),
        thread_ts=place.thread_ts,
        not_before=place.not_before,
    )


def redraw(services: Services, session: Session, changed: Sequence[Problem]) -> None:
    """Owe the edits of these problems' cards, and what their threads tell of it."""
    by_id = {problem.id: problem for problem in changed}
    cards = [
        card
        for card in problems.cards_of(session, [p.id or 0 for p in changed])
        if card.state == "posted" and card.version < by_id[card.problem_id].version
    ]
    if not cards:
        return
    drawn = sketch(services, session, [by_id[c.problem_id] for c in cards])
    settings = problem_places.channels(
        session, {c.alert_channel_id for c in cards if c.alert_channel_id}
    )
    for card in cards:
        channel = settings.get(card.alert_channel_id or 0)
        if channel is None or channel.state != "broken":
            language = channel.language if channel else _language(session, card.place)
            at = _Shown(services, session, card, language)
            _bring_up(at, drawn, by_id[card.problem_id], channel)


def _bring_up(
    at: "_Shown", drawn: Sketches, problem: Problem, channel: AlertChannel | None
) -> None:
    """Owe one card's edit and the entries of its thread."""
    verbosity = channel.verbosity if channel else "changes"
    silent = channel is not None and channel.state != "on"
    seen, at.card.version = at.card.version, problem.version
    if at.edit(drawn.card(problem)) and not silent:
        for entry in drawn.lives[problem.id or 0]:
            is_new = entry.data.get("version", 0) > seen
            if is_new and not entry.data.get("quiet") and _is_told(entry, verbosity):
                at.tell(drawn, problem, entry)
    problem_places.put_card(at.session, at.card)


def _is_told(entry: ProblemEntry, verbosity: str) -> bool:
    return verbosity == "all" or (verbosity == "changes" and entry.kind in CHANGES)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A card that is in a place, or on its way there."""

    services: Services
    session: Session
    card: ProblemCard
    language: str
    not_before: datetime | None = None

    @property
    def key(self) -> str:
        return self.card.outbox_key or ""

    def edit(self, message: Message) -> bool:
        """Let the card read otherwise; return False if it never came to be."""
        said = self.services.render(message, self.language)
        return outbox.edit(
            self.session,
            of=self.key,
            key=f"{self.key}:v{self.card.version}",
            text=said.text,
            blocks=said.blocks,
            at=self.services.now(),
        )

    def tell(
        self,
        drawn: Sketches,
        problem: Problem,
        entry: ProblemEntry,
        method: str = "post",
    ) -> None:
        """Owe the thread a step, once; no sooner than the card itself."""
        said = self.services.render(drawn.news(problem, entry), self.language)
        channel, _, thread_ts = self.card.place.partition("/")
        outbox.put(
            self.session,
            key=f"{self.key}:e{entry.id}",
            channel=channel,
            text=said.text,
            blocks=said.blocks,
            at=self.services.now(),
            method=method,
            thread_key=None if thread_ts else self.key,
            thread_ts=thread_ts or None,
            not_before=self._earliest(),
        )

    def _earliest(self) -> datetime | None:
        first = outbox.named(self.session, self.key)
        waits = first.not_before if first and first.state == "pending" else None
        times = [at for at in (waits, self.not_before) if at]
        return max(times) if times else None


def _key(problem: Problem, place: str, *, again: bool) -> str:
    """Return the name of a card's message; another one where the first was refused."""
    return f"problem:{problem.id}:{place}" + (f":{problem.version}" if again else "")


def _language(session: Session, place: str) -> str:
    where = place.partition("/")[0]
    if is_person(where):
        return schedules.language_of(session, where)
    return language_read(session, where)
