"""Which place is meant: a channel, one of its threads, or a person; and who may."""

import re
from dataclasses import dataclass

from risk.errors import N_, UserError
from workflows.naming import is_person
from workflows.services import Actor

MAY_SET_FOR_OTHERS = frozenset({"lead", "admin"})

_LINK = re.compile(r"/archives/(?P<channel>[A-Z0-9]+)/p(?P<ts>[0-9]{10,16})")
_PERSON = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_MYSELF = frozenset({"me", "我"})


@dataclass(eq=False)
class AlertsForOurs(UserError):
    """A guest, or somebody of another company, asks."""

    message = N_("Alerts are set up by our own people. Ask one of them in the channel.")


@dataclass(eq=False)
class AlertsOfOthers(UserError):
    """Somebody sets another person's alerts, and is neither lead nor admin."""

    message = N_(
        "What another person hears of is set by that person, or by a lead. For your"
        " own direct messages type `/risk alerts me`."
    )


@dataclass(eq=False)
class OtherChannel(UserError):
    """The link is of a message in another channel."""

    message = N_(
        "That message is in another channel. Type `/risk alerts` with its link there."
    )


@dataclass(eq=False)
class NoPlace(UserError):
    """What follows `/risk alerts` names no place."""

    word: str
    message = N_(
        "I do not know “%(word)s” here. Type `/risk alerts`; or add `pause`, `resume`"
        " or `off`; a message's link, to have alerts in its thread; or `me`, to have"
        " them in your direct messages."
    )


def place_meant(text: str, channel: str, actor: Actor) -> str:
    """Return the place that `text` names, typed in `channel`; empty: the channel.

    In direct messages it is the person who types.
    """
    word = text.strip()
    if not word:
        return actor.slack_id if channel.startswith("D") else channel
    if word.casefold() in _MYSELF:
        return actor.slack_id
    if person := _PERSON.fullmatch(word):
        return person[1]
    if link := _LINK.search(word):
        if link["channel"] != channel:
            raise OtherChannel
        return f"{channel}/{link['ts'][:-6]}.{link['ts'][-6:]}"
    raise NoPlace(word)


def let_set(actor: Actor, place: str) -> None:
    """Raise what keeps a person from setting a place."""
    if actor.guest:
        raise AlertsForOurs
    others = is_person(place) and place != actor.slack_id
    if others and not actor.roles & MAY_SET_FOR_OTHERS:
        raise AlertsOfOthers
