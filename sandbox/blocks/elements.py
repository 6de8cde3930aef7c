"""The shapes of the elements that people press, choose from and fill in."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.blocks.parts import (
    CHOICE,
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH,
    ID,
    IMAGE,
    MENU_ITEM,
    OPTION,
    OPTION_GROUPS,
    OPTIONS,
    STYLE,
    URL,
    plain,
)
from sandbox.blocks.rich import RICH_TEXT
from sandbox.blocks.shape import (
    Rule,
    anything,
    array,
    boolean,
    matching,
    number,
    record,
    string,
    wrong,
)

DATE = matching(r"\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])", "must be a date: YYYY-MM-DD")
TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "must be a time: HH:mm")

_TYPE: dict[str, Rule] = {"type": anything}
_ACTS: dict[str, Rule] = {"action_id": ID}
_ASKS: dict[str, Rule] = {**_ACTS, "confirm": CONFIRM, "focus_on_load": boolean}
_MENU: dict[str, Rule] = {**_ASKS, "placeholder": plain(150)}
_MANY: dict[str, Rule] = {**_MENU, "max_selected_items": number(1, whole=True)}
_WRITES: dict[str, Rule] = {
    **_ACTS,
    "placeholder": plain(150),
    "focus_on_load": boolean,
    "dispatch_action_config": DISPATCH,
}


def _button(button: dict[str, Any], at: str) -> Iterator[str]:
    if button.get("agent_prompt") and button.get("url"):
        yield wrong("url and agent_prompt cannot both be specified", at)


def _listed(menu: dict[str, Any], at: str) -> Iterator[str]:
    """Yield what is wrong with a static menu as a whole."""
    if ("options" in menu) == ("option_groups" in menu):
        yield wrong("must define exactly one of options, option_groups", at)
        return
    groups = menu.get("option_groups") or [{"options": menu.get("options")}]
    yield from _initial(menu, [o for g in groups for o in g["options"] or ()], at)


def _chosen(boxes: dict[str, Any], at: str) -> Iterator[str]:
    """Yield what is wrong with check boxes or radio buttons as a whole."""
    yield from _initial(boxes, boxes["options"], at)


def _initial(
    menu: dict[str, Any], options: list[dict[str, Any]], at: str
) -> Iterator[str]:
    key = [(option["text"]["text"], option["value"]) for option in options]
    single = menu.get("initial_option")
    for name, chosen in (
        ("initial_option", [single] if single else []),
        ("initial_options", menu.get("initial_options") or []),
    ):
        for option in chosen:
            if (option["text"]["text"], option["value"]) not in key:
                yield wrong(f"{name} was not found in options", f"{at}/{name}")


def _lengths(field: dict[str, Any], at: str) -> Iterator[str]:
    if field.get("min_length", 0) > field.get("max_length", 3000):
        yield wrong("min_length cannot be greater than max_length", at)


def _numeric(value: Any, at: str) -> Iterator[str]:
    try:
        finite = isinstance(value, str) and Decimal(value).is_finite()
    except InvalidOperation:
        finite = False
    if not finite:
        yield wrong("must be a number written as a string", at)


def _bounds(field: dict[str, Any], at: str) -> Iterator[str]:
    low, high = field.get("min_value"), field.get("max_value")
    if low is not None and high is not None and Decimal(low) > Decimal(high):
        yield wrong("min_value cannot be greater than max_value", at)


def _menu(initial: str, rule: Rule, **more: Rule) -> Rule:
    return record(_TYPE, {**_MENU, initial: rule, **more})


def _menus(initial: str, rule: Rule, **more: Rule) -> Rule:
    return record(_TYPE, {**_MANY, initial: array(rule, 1), **more})


_LISTS: dict[str, Rule] = {"options": OPTIONS, "option_groups": OPTION_GROUPS}
_WORD = string()
_CONVERSATIONS: dict[str, Rule] = {
    "filter": CONVERSATION_FILTER,
    "default_to_current_conversation": boolean,
}
_QUERY = number(0, whole=True)

SELECTS: dict[str, Rule] = {
    "static_select": record(
        _TYPE, {**_MENU, **_LISTS, "initial_option": OPTION}, _listed
    ),
    "external_select": _menu("initial_option", OPTION, min_query_length=_QUERY),
    "users_select": _menu("initial_user", _WORD),
    "channels_select": _menu("initial_channel", _WORD, response_url_enabled=boolean),
    "conversations_select": _menu(
        "initial_conversation", _WORD, response_url_enabled=boolean, **_CONVERSATIONS
    ),
    "multi_static_select": record(
        _TYPE, {**_MANY, **_LISTS, "initial_options": array(OPTION, 1)}, _listed
    ),
    "multi_external_select": _menus("initial_options", OPTION, min_query_length=_QUERY),
    "multi_users_select": _menus("initial_users", _WORD),
    "multi_channels_select": _menus("initial_channels", _WORD),
    "multi_conversations_select": _menus(
        "initial_conversations", _WORD, **_CONVERSATIONS
    ),
}

CHOICES: dict[str, Rule] = {
    "checkboxes": record(
        {**_TYPE, "options": array(CHOICE, 1, 10)},
        {**_ASKS, "initial_options": array(CHOICE, 1)},
        _chosen,
    ),
    "radio_buttons": record(
        {**_TYPE, "options": array(CHOICE, 1, 10)},
        {**_ASKS, "initial_option": CHOICE},
        _chosen,
    ),
    "datepicker": _menu("initial_date", DATE),
    "timepicker": _menu("initial_time", TIME, timezone=_WORD),
}

MOMENT = record(
    _TYPE,
    {**_ASKS, "initial_date_time": number(1_000_000_000, 9_999_999_999, whole=True)},
)

WRITTEN: dict[str, Rule] = {
    "plain_text_input": record(
        _TYPE,
        {
            **_WRITES,
            "initial_value": string(3000, least=0),
            "multiline": boolean,
            "min_length": number(0, 3000, whole=True),
            "max_length": number(1, 3000, whole=True),
        },
        _lengths,
    ),
    "email_text_input": record(_TYPE, {**_WRITES, "initial_value": string(least=0)}),
    "url_text_input": record(_TYPE, {**_WRITES, "initial_value": string(least=0)}),
    "number_input": record(
        {**_TYPE, "is_decimal_allowed": boolean},
        {
            **_WRITES,
            "initial_value": _numeric,
            "min_value": _numeric,
            "max_value": _numeric,
        },
        _bounds,
    ),
}

RICH_TEXT_INPUT = record(
    _TYPE,
    {
        **_WRITES,
        "initial_value": RICH_TEXT,
        "min_lines": number(1, 100, whole=True),
        "max_lines": number(1, 100, whole=True),
    },
)

FILE_INPUT = record(
    _TYPE,
    {
        **_ACTS,
        "filetypes": array(string(), 1),
        "max_files": number(1, 10, whole=True),
    },
)

BUTTON = record(
    {**_TYPE, "text": plain(75)},
    {
        **_ACTS,
        "value": string(2000, least=0),
        "url": URL,
        "style": STYLE,
        "confirm": CONFIRM,
        "accessibility_label": string(75),
        "agent_prompt": string(4000),
        "agent_prompt_display": anything,
        "visible_to_user_ids": array(string()),
    },
    _button,
)

WORKFLOW_BUTTON = record(
    {
        **_TYPE,
        "text": plain(75),
        "workflow": record(
            {
                "trigger": record(
                    {"url": URL}, {"customizable_input_parameters": array(anything)}
                )
            }
        ),
    },
    {**_ACTS, "style": STYLE, "accessibility_label": string(75)},
)

OVERFLOW = record(
    {**_TYPE, "options": array(MENU_ITEM, 1, 5)}, {**_ACTS, "confirm": CONFIRM}
)

_FEEDBACK = record(
    {"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)}
)
FEEDBACK: dict[str, Rule] = {
    "feedback_buttons": record(
        {**_TYPE, "positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, _ACTS
    ),
    "icon_button": record(
        {**_TYPE, "icon": string(), "text": plain(75)},
        {
            **_ACTS,
            "value": string(2000),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
            "visible_to_user_ids": array(string()),
        },
    ),
}

ACCESSORIES: dict[str, Rule] = {
    "button": BUTTON,
    "workflow_button": WORKFLOW_BUTTON,
    "overflow": OVERFLOW,
    "image": IMAGE,
    **SELECTS,
    **CHOICES,
}
"""What may stand beside a section's text."""
ACTIONS: dict[str, Rule] = {
    "button": BUTTON,
    "workflow_button": WORKFLOW_BUTTON,
    "overflow": OVERFLOW,
    "datetimepicker": MOMENT,
    "rich_text_input": RICH_TEXT_INPUT,
    **SELECTS,
    **CHOICES,
}
"""What may stand in an actions block."""
INPUTS: dict[str, Rule] = {
    "datetimepicker": MOMENT,
    "rich_text_input": RICH_TEXT_INPUT,
    "file_input": FILE_INPUT,
    **SELECTS,
    **CHOICES,
    **WRITTEN,
}
"""What may stand in an input block."""
