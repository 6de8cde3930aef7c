"""Commands whose module is imported only when they run, or their help is shown.

All of them together import everything there is, which takes seconds.
"""

from collections import UserDict
from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar, NamedTuple, cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group


class Place(NamedTuple):
    """Where a command is, as `module:name`, and the first line of its help."""

    path: str
    help: str


def load(path: str) -> Any:
    """Return what `module:name` names."""
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


class LazyGroup(TyperGroup):
    """A group that knows its commands by their places."""

    places: ClassVar[Mapping[str, Place]]

    def __init__(self, **given: Any) -> None:
        """Hold the places; nothing is imported."""
        super().__init__(**given)
        self.commands = _Commands(self.places)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - typer's signature
        """Return the commands' names, in the order of the places."""
        return list(self.places)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """List the commands by what their places say of them."""
        listed = {n: TyperCommand(n, help=p.help) for n, p in self.places.items()}
        told = TyperGroup(
            name=self.name,
            commands=cast("Any", listed),
            help=self.help,
            params=self.params,
            rich_markup_mode=self.rich_markup_mode,
        )
        told.format_help(ctx, formatter)


class _Commands(UserDict[str, Any]):
    """A group's commands by name; each is imported when it is taken."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        super().__init__()
        self.data = dict(places)

    def __getitem__(self, name: str) -> Any:
        found = load(self.data[name].path)
        if isinstance(found, typer.Typer):
            group = get_group(found)
            group.name = name
            return group
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        alone.command(name)(found)
        return get_command(alone)
