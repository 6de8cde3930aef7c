"""“What if”, and “what would make this a B?”: typed, in a command, by a button."""

from typing import Any

from slack_bolt import Ack, App, BoltResponse

from handlers.reply import Reply
from handlers.whatif_words import Supposed, read_uplift, read_whatif, speaks_of_if
from risk.errors import UserError
from templates.messages.base import Message
from templates.messages.lookup import Choices
from templates.messages.whatif import WhatIfChoices, WhatIfHelp
from templates.mrkdwn import plain
from workflows import way_up, whatif
from workflows.finding import find_customer
from workflows.services import Actor, Services


def register(app: App) -> None:
    """Connect the buttons to `app`; `/risk` itself calls `whatif_command`."""
    app.action("whatif_chosen")(answer_chosen)
    app.action("way_up")(show_way_up)


def whatif_command(
    text: str,
    *,
    services: Services,
    actor: Actor,
    reply: Reply,
    **_: object,
) -> BoltResponse:
    """Answer `/risk whatif <customer> <words>`."""
    return reply.in_ack(_supposed(services, actor, plain(text)))


def answer_if(services: Services, actor: Actor, words: str) -> Message | None:
    """Return the answer to a supposition in plain words; None if it is none."""
    if asked := read_uplift(words):
        return _way_up(services, actor, *asked)
    if not speaks_of_if(words):
        return None
    if not supposes(words) and _is_customer(services, actor, words):
        return None
    return _supposed(services, actor, words)


def supposes(words: str) -> bool:
    """Return whether `words` suppose something that is understood."""
    asks = speaks_of_if(words) and bool(read_whatif(words).changes)
    return asks or read_uplift(words) is not None


def _is_customer(services: Services, actor: Actor, words: str) -> bool:
    """Return whether a customer is called so: there are names that begin with “If”."""
    try:
        return isinstance(find_customer(services, actor, words), int)
    except UserError:
        return False


def answer_chosen(
    ack: Ack, action: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Answer for the customer chosen from several, in the list's place."""
    customer_id, _, words = str(action["value"]).partition("|")
    if asked := read_uplift(words):
        found: Message = way_up.way_up(services, actor, int(customer_id), asked[1])
    else:
        found = _told(services, actor, int(customer_id), read_whatif(words))
    reply.privately(found, replace=True)
    return ack()


def show_way_up(
    ack: Ack, action: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Say, below the card, what would make the customer's class better."""
    reply.privately(way_up.way_up(services, actor, int(action["value"])))
    return ack()


def _supposed(services: Services, actor: Actor, words: str) -> Message:
    if asked := read_uplift(words):
        return _way_up(services, actor, *asked)
    supposed = read_whatif(words)
    if not supposed.changes or supposed.beyond:
        return WhatIfHelp(supposed.beyond or words)
    found = _who(services, actor, supposed.customer, words)
    if isinstance(found, WhatIfChoices):
        return found
    return _told(services, actor, found, supposed)


def _way_up(services: Services, actor: Actor, customer: str, letter: str) -> Message:
    words = f"what would make {customer} a {letter}"
    found = _who(services, actor, customer, words)
    if isinstance(found, WhatIfChoices):
        return found
    return way_up.way_up(services, actor, found, letter)


def _who(
    services: Services, actor: Actor, customer: str, words: str
) -> int | WhatIfChoices:
    """Return the customer meant, or those that may be; “they” is the last seen."""
    if not customer:
        return whatif.looked_at_last(services, actor)
    found = find_customer(services, actor, customer)
    if isinstance(found, Choices):
        return WhatIfChoices(found.query, found.sure, found.candidates, words)
    return found


def _told(
    services: Services, actor: Actor, customer_id: int, supposed: Supposed
) -> Message:
    told = whatif.what_if(services, actor, customer_id, supposed.changes)
    services.afterwards(lambda: whatif.remember_asked(services, actor, told))
    return told
