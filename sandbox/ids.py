"""Ids of Slack's form."""

import hashlib
import secrets
import string

_LETTERS = string.digits + string.ascii_uppercase


def new_id(prefix: str) -> str:
    """Return a fresh id such as `C0A1B2C3D4E`; `prefix` names the kind of thing."""
    return f"{prefix}0" + "".join(secrets.choice(_LETTERS) for _ in range(9))


def named_id(prefix: str, name: str) -> str:
    """Return the id that `name` always has, so that restarts keep it."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:10], "big")
    letters = []
    for _ in range(9):
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return f"{prefix}0" + "".join(letters)


def new_secret(length: int = 32) -> str:
    """Return a fresh secret of `length` hexadecimal digits."""
    return secrets.token_hex(length // 2)
