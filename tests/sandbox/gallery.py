"""One good example of every block and of every element, for the tests to use."""

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str = "", **more: Any) -> Json:
    return {"text": plain(text), "value": value or text.lower(), **more}


ONE, TWO, THREE = option("One"), option("Two"), option("Three")
CONFIRM: Json = {
    "title": plain("Are you sure?"),
    "text": mrkdwn("This *cannot* be undone."),
    "confirm": plain("Do it"),
    "deny": plain("Stop"),
    "style": "danger",
}
GROUPS = [
    {"label": plain("Low"), "options": [ONE, TWO]},
    {"label": plain("High"), "options": [THREE]},
]
IMAGE: Json = {
    "type": "image",
    "image_url": "https://example.com/cat.png",
    "alt_text": "A cat",
}

RICH_TEXT: Json = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Bold", "style": {"bold": True}},
                {"type": "text", "text": " and "},
                {"type": "text", "text": "struck", "style": {"strike": True}},
                {"type": "link", "url": "https://example.com/", "text": "a link"},
                {"type": "user", "user_id": "U1"},
                {"type": "channel", "channel_id": "C1"},
                {"type": "usergroup", "usergroup_id": "S1"},
                {"type": "emoji", "name": "tada"},
                {"type": "broadcast", "range": "here"},
                {"type": "color", "value": "#F405B3"},
                {
                    "type": "date",
                    "timestamp": 1720710212,
                    "format": "{date_num} at {time}",
                    "fallback": "once",
                },
            ],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "indent": 0,
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [{"type": "text", "text": "first"}],
                },
                {
                    "type": "rich_text_section",
                    "elements": [{"type": "text", "text": "second"}],
                },
            ],
        },
        {
            "type": "rich_text_quote",
            "elements": [{"type": "text", "text": "a quotation"}],
        },
        {
            "type": "rich_text_preformatted",
            "elements": [{"type": "text", "text": "x = 1"}],
        },
    ],
}


def raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def figure(value: float) -> Json:
    return {"type": "raw_number", "value": value, "text": f"{value:,}"}


def lines(kind: str, **axes: str) -> Json:
    months = ["2026-01", "2026-02", "2026-03"]
    flows: dict[str, list[float]] = {"In": [5, 8, 3.5], "Out": [-2, 4, 6]}
    return {
        "type": "data_visualization",
        "title": f"A {kind} chart",
        "chart": {
            "type": kind,
            "series": [
                {
                    "name": name,
                    "data": [
                        {"label": month, "value": value}
                        for month, value in zip(months, values, strict=True)
                    ],
                }
                for name, values in flows.items()
            ],
            "axis_config": {"categories": months, **axes},
        },
    }


CARD: Json = {
    "type": "card",
    "icon": IMAGE,
    "title": mrkdwn("A card"),
    "subtitle": mrkdwn("Its subtitle"),
    "body": mrkdwn("Its *body*"),
    "actions": [{"type": "button", "text": plain("Open card"), "action_id": "card"}],
}

BLOCKS: dict[str, Json] = {
    "section": {
        "type": "section",
        "text": mrkdwn("*Hello*, world"),
        "fields": [mrkdwn("*Left*\n1"), plain("Right 2")],
        "accessory": {"type": "button", "text": plain("Press"), "action_id": "press"},
    },
    "header": {"type": "header", "text": plain("A heading")},
    "divider": {"type": "divider"},
    "context": {
        "type": "context",
        "elements": [IMAGE, mrkdwn("said by <@U1>"), plain("plain *words*")],
    },
    "image": IMAGE | {"title": plain("The cat")},
    "rich_text": RICH_TEXT,
    "markdown": {
        "type": "markdown",
        "text": "# Title\n\n**bold** and [a link](https://example.com/)\n\n- [x] done",
    },
    "table": {
        "type": "table",
        "column_settings": [{"is_wrapped": True}, {"align": "right"}],
        "rows": [[raw("Name"), raw("Sum")], [raw("Acme"), figure(1200)]],
    },
    "data_table": {
        "type": "data_table",
        "caption": "Who owes what",
        "page_size": 2,
        "rows": [
            [raw("Name"), raw("Sum")],
            [raw("Cedar"), figure(30)],
            [raw("Acme"), figure(1200)],
            [raw("Birch"), figure(4)],
        ],
    },
    "line": lines("line", x_label="Month", y_label="Days"),
    "bar": lines("bar"),
    "area": lines("area"),
    "pie": {
        "type": "data_visualization",
        "title": "A pie",
        "chart": {
            "type": "pie",
            "segments": [
                {"label": "Good", "value": 3},
                {"label": "Bad", "value": 1},
            ],
        },
    },
    "card": CARD,
    "carousel": {
        "type": "carousel",
        "elements": [
            {"type": "card", "title": mrkdwn("First")},
            {"type": "card", "title": mrkdwn("Second")},
        ],
    },
    "container": {
        "type": "container",
        "title": plain("Why?"),
        "subtitle": mrkdwn("_the reasons_"),
        "is_collapsible": True,
        "default_collapsed": True,
        "child_blocks": [{"type": "section", "text": mrkdwn("Because.")}],
    },
    "file": {"type": "file", "external_id": "ABCD1", "source": "remote"},
    "video": {
        "type": "video",
        "alt_text": "How it works",
        "title": plain("How it works"),
        "title_url": "https://example.com/watch",
        "video_url": "https://example.com/embed",
        "thumbnail_url": "https://example.com/thumb.png",
        "description": plain("In two minutes"),
    },
    "context_actions": {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "feedback",
                "positive_button": {"text": plain("Good"), "value": "good"},
                "negative_button": {"text": plain("Bad"), "value": "bad"},
            },
            {
                "type": "icon_button",
                "icon": "trash",
                "text": plain("Delete"),
                "action_id": "delete",
            },
        ],
    },
    "task_card": {
        "type": "task_card",
        "task_id": "1",
        "title": "Reading the books",
        "status": "in_progress",
    },
    "plan": {
        "type": "plan",
        "title": "What I shall do",
        "tasks": [
            {
                "type": "task_card",
                "task_id": "2",
                "title": "Look it up",
                "status": "complete",
            }
        ],
    },
}
"""Blocks that a message may carry."""

ALERT: Json = {"type": "alert", "text": mrkdwn("*Careful*"), "level": "warning"}

BUTTONS: dict[str, Json] = {
    "button": {"type": "button", "text": plain("Press me"), "value": "v"},
    "primary": {"type": "button", "text": plain("Yes"), "style": "primary"},
    "danger": {
        "type": "button",
        "text": plain("Delete all"),
        "style": "danger",
        "value": "all",
        "confirm": CONFIRM,
    },
    "link": {
        "type": "button",
        "text": plain("Read on"),
        "url": "https://example.com/more",
    },
    "overflow": {"type": "overflow", "options": [ONE, TWO]},
}
"""What is pressed: it has no state."""

ELEMENTS: dict[str, Json] = {
    "static_select": {
        "type": "static_select",
        "placeholder": plain("Choose"),
        "options": [ONE, TWO, THREE],
    },
    "static_select with groups": {
        "type": "static_select",
        "option_groups": GROUPS,
        "initial_option": TWO,
    },
    "external_select": {"type": "external_select", "min_query_length": 2},
    "users_select": {"type": "users_select", "placeholder": plain("Who?")},
    "channels_select": {"type": "channels_select"},
    "conversations_select": {
        "type": "conversations_select",
        "filter": {"include": ["public", "private"]},
    },
    "multi_static_select": {
        "type": "multi_static_select",
        "options": [ONE, TWO, THREE],
        "initial_options": [ONE],
        "max_selected_items": 2,
    },
    "multi_external_select": {"type": "multi_external_select", "min_query_length": 0},
    "multi_users_select": {"type": "multi_users_select"},
    "multi_channels_select": {"type": "multi_channels_select"},
    "multi_conversations_select": {"type": "multi_conversations_select"},
    "checkboxes": {
        "type": "checkboxes",
        "options": [ONE, {"text": mrkdwn("*Two*"), "value": "two"}],
        "initial_options": [ONE],
    },
    "radio_buttons": {
        "type": "radio_buttons",
        "options": [ONE, option("Two", description=plain("the second"))],
        "initial_option": ONE,
    },
    "datepicker": {"type": "datepicker", "initial_date": "2026-03-04"},
    "timepicker": {"type": "timepicker", "initial_time": "09:30"},
    "datetimepicker": {"type": "datetimepicker", "initial_date_time": 1772616600},
}
"""What holds a choice, in messages and in modals."""

FIELDS: dict[str, Json] = {
    "plain_text_input": {
        "type": "plain_text_input",
        "initial_value": "Before",
        "placeholder": plain("Type here"),
        "max_length": 100,
    },
    "multiline": {"type": "plain_text_input", "multiline": True},
    "email_text_input": {"type": "email_text_input"},
    "url_text_input": {"type": "url_text_input"},
    "number_input": {
        "type": "number_input",
        "is_decimal_allowed": True,
        "min_value": "0",
        "max_value": "100",
    },
    "rich_text_input": {"type": "rich_text_input"},
    "file_input": {"type": "file_input", "filetypes": ["csv", "txt"]},
}
"""What is written into, in modals."""


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("A form"),
        "submit": plain("Send"),
        "close": plain("Cancel"),
        "blocks": list(blocks),
        **more,
    }


def asking(name: str, element: Json, **more: Any) -> Json:
    """Return an input block whose block id and action id say `name`."""
    return {
        "type": "input",
        "block_id": f"b_{name}",
        "label": plain(f"The {name}"),
        "element": element | {"action_id": f"a_{name}"},
        **more,
    }
