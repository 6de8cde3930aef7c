"""Whether we may post to a channel, as far as Slack says at once."""

import logging

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

log = logging.getLogger(__name__)


def trouble_with(client: WebClient, channel: str) -> str:
    """Return `shared` with another company, `absent` if we are not in it, or nothing.

    Whoever is about to post looks closer: at the channel's members too.
    """
    try:
        info = client.conversations_info(channel=channel).get("channel") or {}
    except SlackApiError as error:
        name = error.response.get("error")
        if name in {"channel_not_found", "not_in_channel"}:
            return "absent"
        log.warning("channel.unchecked", extra={"error": name})
        return ""
    if info.get("is_ext_shared") or info.get("is_pending_ext_shared"):
        return "shared"
    if info.get("is_member") is False and not info.get("is_im"):
        return "absent"
    return ""
