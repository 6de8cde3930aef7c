"""The shape of rich text, which is also what people's own messages are made of."""

from sandbox.blocks.shape import (
    Rule,
    anything,
    array,
    boolean,
    by_type,
    matching,
    number,
    one_of,
    record,
    string,
)

_STYLE = record(
    {},
    dict.fromkeys(
        (
            "bold",
            "italic",
            "strike",
            "underline",
            "code",
            "highlight",
            "client_highlight",
            "unlink",
        ),
        boolean,
    ),
)
_TYPE: dict[str, Rule] = {"type": anything}
_STYLED: dict[str, Rule] = {"style": _STYLE}
_BORDER: dict[str, Rule] = {"border": number(0, 1, whole=True)}

_TEXT = record({**_TYPE, "text": string()}, _STYLED)
_LINK = record(
    {**_TYPE, "url": string()}, {**_STYLED, "text": string(least=0), "unsafe": boolean}
)

PIECES: dict[str, Rule] = {
    "text": _TEXT,
    "link": _LINK,
    "user": record({**_TYPE, "user_id": string()}, _STYLED),
    "channel": record({**_TYPE, "channel_id": string()}, _STYLED),
    "usergroup": record({**_TYPE, "usergroup_id": string()}, _STYLED),
    "team": record({**_TYPE, "team_id": string()}, _STYLED),
    "emoji": record(
        {**_TYPE, "name": string()},
        {
            **_STYLED,
            "unicode": string(),
            "skin_tone": number(1, 6, whole=True),
            "url": string(),
        },
    ),
    "broadcast": record(
        {**_TYPE, "range": one_of("here", "channel", "everyone")}, _STYLED
    ),
    "date": record(
        {**_TYPE, "timestamp": number(whole=True), "format": string()},
        {**_STYLED, "url": string(), "fallback": string()},
    ),
    "color": record(
        {**_TYPE, "value": matching(r"#[0-9a-fA-F]{3,8}", "must be a hex colour")},
        _STYLED,
    ),
}
_SECTION = record({**_TYPE, "elements": array(by_type(PIECES))})

RICH_TEXT = record(
    {
        "type": one_of("rich_text"),
        "elements": array(
            by_type(
                {
                    "rich_text_section": _SECTION,
                    "rich_text_list": record(
                        {
                            **_TYPE,
                            "style": one_of("bullet", "ordered"),
                            "elements": array(by_type({"rich_text_section": _SECTION})),
                        },
                        {
                            **_BORDER,
                            "indent": number(0, 8, whole=True),
                            "offset": number(0, whole=True),
                        },
                    ),
                    "rich_text_quote": record(
                        {**_TYPE, "elements": array(by_type(PIECES))}, _BORDER
                    ),
                    "rich_text_preformatted": record(
                        {
                            **_TYPE,
                            "elements": array(by_type({"text": _TEXT, "link": _LINK})),
                        },
                        {**_BORDER, "language": string()},
                    ),
                }
            )
        ),
    },
    {"block_id": string(255)},
)
