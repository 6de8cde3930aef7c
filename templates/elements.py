"""The controls of forms: what a template puts into an `input`."""

from collections.abc import Collection, Sequence
from datetime import date

from slack_sdk.models.blocks import (
    CheckboxesElement,
    ConversationFilter,
    ConversationSelectElement,
    DatePickerElement,
    ExternalDataSelectElement,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    TimePickerElement,
    UserMultiSelectElement,
    UserSelectElement,
)

from templates.mrkdwn import Mrkdwn, plain

MAX_OPTIONS, MAX_CHECKS, MAX_OPTION_TEXT = 100, 10, 75

Choices = Sequence[tuple[str, str]]
"""What can be chosen: each a value and its label."""


class Elements:
    """Words for controls, which `Blocks` adds to its own."""

    @staticmethod
    def checkboxes(
        options: Choices, *, action: str, chosen: Collection[str] = ()
    ) -> CheckboxesElement:
        """Return up to ten boxes to tick."""
        made = _options(options, MAX_CHECKS)
        ticked = [option for option in made if option.value in chosen]
        return CheckboxesElement(
            action_id=action, options=made, initial_options=ticked or None
        )

    @staticmethod
    def select_field(
        options: Choices, *, action: str, chosen: str | None = None
    ) -> StaticSelectElement:
        """Return a list of up to 100 to choose one from."""
        made = _options(options, MAX_OPTIONS)
        initial = next((option for option in made if option.value == chosen), None)
        return StaticSelectElement(
            action_id=action, options=made, initial_option=initial
        )

    @staticmethod
    def multi_select_field(
        options: Choices, *, action: str, chosen: Collection[str] = ()
    ) -> StaticMultiSelectElement:
        """Return a list of up to 100 to choose several from."""
        made = _options(options, MAX_OPTIONS)
        initial = [option for option in made if option.value in chosen]
        return StaticMultiSelectElement(
            action_id=action, options=made, initial_options=initial or None
        )

    @staticmethod
    def search_field(
        *,
        action: str,
        chosen: str | None = None,
        label: str | None = None,
        letters: int = 1,
    ) -> ExternalDataSelectElement:
        """Return a field that asks the bot for options as somebody types.

        `chosen` is the value it begins with, `label` how that reads.
        """
        initial = _options([(chosen, label or chosen)], 1)[0] if chosen else None
        return ExternalDataSelectElement(
            action_id=action, initial_option=initial, min_query_length=letters
        )

    @staticmethod
    def words_field(
        *,
        action: str,
        most: int = 2000,
        lines: bool = True,
        value: str | None = None,
        example: str = "",
    ) -> PlainTextInputElement:
        """Return a field for words, of several lines or of one.

        It begins with `value`; `example` stands there while it is empty.
        """
        return PlainTextInputElement(
            action_id=action,
            multiline=lines,
            max_length=most,
            initial_value=_label(value or "") or None,
            placeholder=_label(example) or None,
        )

    @staticmethod
    def channel_field(
        *, action: str, chosen: str | None = None
    ) -> ConversationSelectElement:
        """Return a field for one channel of our own people."""
        return ConversationSelectElement(
            action_id=action,
            initial_conversation=chosen,
            filter=ConversationFilter(
                include=["public", "private"],
                exclude_bot_users=True,
                exclude_external_shared_channels=True,
            ),
        )

    @staticmethod
    def date_field(*, action: str, chosen: date) -> DatePickerElement:
        """Return a field for a day."""
        return DatePickerElement(action_id=action, initial_date=chosen.isoformat())

    @staticmethod
    def radio_buttons(
        options: Choices, *, action: str, chosen: str | None = None
    ) -> RadioButtonsElement:
        """Return up to ten choices, of which one is made."""
        made = _options(options, MAX_CHECKS)
        initial = next((option for option in made if option.value == chosen), None)
        return RadioButtonsElement(
            action_id=action, options=made, initial_option=initial
        )

    @staticmethod
    def people_field(
        *, action: str, chosen: Sequence[str] = ()
    ) -> UserMultiSelectElement:
        """Return a field for any number of people."""
        return UserMultiSelectElement(
            action_id=action, initial_users=list(chosen) or None
        )

    @staticmethod
    def person_field(*, action: str, chosen: str | None = None) -> UserSelectElement:
        """Return a field for one person."""
        return UserSelectElement(action_id=action, initial_user=chosen)

    @staticmethod
    def time_field(*, action: str, chosen: str) -> TimePickerElement:
        """Return a field for a time of day, `HH:MM`."""
        return TimePickerElement(action_id=action, initial_time=chosen)

    @staticmethod
    def amount_field(
        *,
        action: str,
        value: str | None = None,
        whole: bool = False,
        most: str | None = None,
    ) -> NumberInputElement:
        """Return a field for a number from 0 to `most`; `whole` takes no decimals."""
        return NumberInputElement(
            action_id=action,
            is_decimal_allowed=not whole,
            min_value="0",
            max_value=most,
            initial_value=value or None,
        )


def _options(options: Choices, most: int) -> list[Option]:
    if not 1 <= len(options) <= most:
        raise ValueError(f"needs 1 to {most} options: {len(options)}")
    return [
        Option(
            value=value,
            text=PlainTextObject(text=_label(label)[:MAX_OPTION_TEXT], emoji=True),
        )
        for value, label in options
    ]


def _label(text: str) -> str:
    return plain(text) if isinstance(text, Mrkdwn) else text
