"""`riskdesk policy …`: look a policy over before it is in force, and compare two."""

import json
from dataclasses import asdict, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.policy_report import (
    as_words,
    change_words,
    effect_words,
    mover_words,
)
from bot.terminal import CannotGoOn, load_settings, open_desk
from risk.policy import DEFAULT_FILE
from risk.policy.effect import effects
from storage.policy_file import (
    LoadedPolicy,
    PolicyInvalid,
    load_policy,
    policy_diff,
    policy_values,
)
from workflows.shadow import Shadow, shadow

AS_JSON = typer.Option("--json", help="Print JSON")

app = typer.Typer(
    no_args_is_help=True,
    help="Look a policy over before it is in force, and compare two.",
)


@app.command()
def check(
    file: Annotated[
        Path | None, typer.Argument(help="A policy; the one in force if left out")
    ] = None,
    *,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Validate a policy; name each fault with its line and remedy.

    Example: riskdesk policy check candidate.toml

    Fails if anything is wrong. Changes nothing: a policy is in force from the next
    start on, once RISKDESK_POLICY names its file.
    """
    place = file or _in_force()
    try:
        loaded = load_policy(place)
    except PolicyInvalid as error:
        if not as_json:
            raise
        faults = [asdict(fault) for fault in error.list]
        typer.echo(_json({"ok": False, "file": str(place), "faults": faults}))
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(_json({"ok": True, "faults": []} | _about(loaded, place)))
    else:
        typer.echo(f"{place} is a valid policy: version {loaded.version}.")


@app.command()
def diff(
    first: Annotated[
        Path, typer.Argument(help="A policy; alone, it is held to the one in force")
    ],
    second: Annotated[
        Path | None, typer.Argument(help="The policy to hold it to")
    ] = None,
    *,
    customers: Annotated[
        bool, typer.Option("--customers", help="Also say who would change class")
    ] = False,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Show what changes from one policy to another, and what it does to points.

    Example: riskdesk policy diff candidate.toml --customers

    Fails if either does not validate.
    """
    before, after = (first, second) if second else (_in_force(), first)
    old, new = load_policy(before), load_policy(after)
    changes = policy_diff(old.text, new.text)
    found = effects(old.policy, new.policy)
    moved = _moved(old, new) if customers else None
    if as_json:
        told: dict[str, Any] = {
            "before": _about(old, before),
            "after": _about(new, after),
            "changes": [asdict(change) for change in changes],
            "effects": [{"kind": type(e).__name__} | asdict(e) for e in found],
        }
        if moved:
            told["customers"] = {
                "day": moved.day,
                "scored": moved.scored,
                "moved": moved.moved,
                "moves": [asdict(move) for move in moved.moves],
            }
        typer.echo(_json(told))
        return
    typer.echo(f"{before} ({old.version}) → {after} ({new.version})")
    if old.policy == new.policy:
        typer.echo("Both say the same.")
    elif old.policy.version == new.policy.version:
        typer.echo("Give the new one a `version` of its own: people tell them by it.")
    for line in (*map(change_words, changes), *effect_words(found)):
        typer.echo(line)
    for line in mover_words(moved) if moved else ():
        typer.echo(line)


@app.command()
def show(
    section: Annotated[
        str | None, typer.Argument(help="A part of it, e.g. check or score.classes")
    ] = None,
    *,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Show the policy in force: version, hash, where it comes from, every value.

    Example: riskdesk policy show score.factors.payment

    Fails if there is no such part.
    """
    place = _in_force()
    loaded = load_policy(place)
    values = _part(policy_values(loaded.text), section)
    if as_json:
        typer.echo(_json(_about(loaded, place) | {"values": values}))
        return
    typer.echo(f"version {loaded.policy.version}, in force as {loaded.version}")
    typer.echo(f"hash    {loaded.hash}")
    ships = " (the one that ships)" if place == DEFAULT_FILE else ""
    typer.echo(f"file    {place}{ships}\n")
    for key, value in values.items():
        typer.echo(f"{key} = {as_words(value)}")


def _in_force() -> Path:
    """Return the policy's file that the settings name."""
    return load_settings().riskdesk_policy or DEFAULT_FILE


def _about(loaded: LoadedPolicy, file: Path) -> dict[str, Any]:
    return {
        "file": str(file),
        "version": loaded.policy.version,
        "hash": loaded.hash,
        "in_force_as": loaded.version,
    }


def _part(values: dict[str, Any], section: str | None) -> dict[str, Any]:
    """Return the values of a section; raise what to type where there is none."""
    if section is None:
        return values
    wanted = section.strip("[] .")
    found = {k: v for k, v in values.items() if f"{k}.".startswith(f"{wanted}.")}
    if found:
        return found
    names = {k.rsplit(".", n)[0] for k in values for n in range(k.count(".") + 1)}
    near = get_close_matches(wanted, sorted(names), 1)
    top = ", ".join(dict.fromkeys(k.partition(".")[0] for k in values))
    meant = f" Did you mean {near[0]}?" if near else ""
    raise CannotGoOn(f"The policy has no part “{wanted}”.{meant} Its parts are: {top}.")


def _moved(old: LoadedPolicy, new: LoadedPolicy) -> Shadow:
    with open_desk() as services:
        held = replace(services, policy=old)
        return shadow(held, new.policy, services.today())


def _json(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, default=str)
