"""Opens what a file comes in: gzip, zip of several members, or neither; no bombs."""

import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

from risk.errors import N_, UserError

LARGEST = 2 * 1024**3
"""Bytes that a file may unpack to."""

_RATIO, _RATIO_FROM = 300, 64 * 1024**2
_PIECE = 1024 * 1024
_MEMBERS = 200
_SKIPPED = ("__MACOSX/", ".")
_OLE = b"\xd0\xcf\x11\xe0"


@dataclass(eq=False)
class TooLarge(UserError):
    """A file unpacks to more than we take: too much, or suspiciously much."""

    name: str
    message = N_("“%(name)s” unpacks to more than we take. Send it in smaller parts.")


@dataclass(eq=False)
class Damaged(UserError):
    """An archive or workbook that cannot be read."""

    name: str
    message = N_("“%(name)s” is damaged or encrypted. Save it again and retry.")


@dataclass(eq=False)
class NoFile(UserError):
    """There is no such file."""

    name: str
    message = N_("There is no file “%(name)s”, or it cannot be read.")


@dataclass(frozen=True, slots=True)
class Member:
    """A plain file that came out of its container."""

    name: str
    path: Path
    form: Literal["text", "workbook"]


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise NoFile(path.name) from error


def members(path: Path, name: str, folder: Path) -> Iterator[Member]:
    """Unpack the file into `folder` as far as needed; yield what is in it."""
    with path.open("rb") as file:
        head = file.read(4)
    try:
        if head[:2] == b"\x1f\x8b":
            inner = folder / "unzipped"
            with gzip.open(path) as packed:
                _spool(cast("IO[bytes]", packed), inner, path.stat().st_size, name)
            yield from members(inner, name.removesuffix(".gz"), folder)
        elif zipfile.is_zipfile(path) and head[:2] == b"PK":
            yield from _zipped(path, name, folder)
        else:
            yield Member(name, path, "workbook" if head == _OLE else "text")
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise Damaged(name) from error
    except (RuntimeError, NotImplementedError, ValueError) as error:
        raise Damaged(name) from error


def _zipped(path: Path, name: str, folder: Path) -> Iterator[Member]:
    with zipfile.ZipFile(path) as archive:
        inside = archive.infolist()
        if len(inside) > _MEMBERS * 10:
            raise TooLarge(name)
        names = {info.filename for info in inside}
        if {"[Content_Types].xml", "mimetype", "xl/workbook.bin"} & names:
            _measure(archive, path.stat().st_size, name)
            yield Member(name, path, "workbook")
            return
        files = [
            info
            for info in inside
            if not info.is_dir()
            and not info.filename.startswith(_SKIPPED)
            and not Path(info.filename).name.startswith(".")
        ]
        if len(files) > _MEMBERS:
            raise TooLarge(name)
        for number, info in enumerate(files):
            target = folder / f"member{number}"
            with archive.open(info) as packed:
                _spool(packed, target, info.compress_size, info.filename)
            yield from _plain(target, info.filename)


def _plain(path: Path, name: str) -> Iterator[Member]:
    """Yield what a zip's member is; archives within archives are not opened."""
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] == b"PK":
        yield from _zipped_workbook(path, name)
    elif head[:2] == b"\x1f\x8b":
        raise Damaged(name)
    else:
        yield Member(name, path, "workbook" if head == _OLE else "text")


def _zipped_workbook(path: Path, name: str) -> Iterator[Member]:
    with zipfile.ZipFile(path) as archive:
        if "[Content_Types].xml" not in archive.namelist():
            raise Damaged(name)
        _measure(archive, path.stat().st_size, name)
    yield Member(name, path, "workbook")


def _measure(archive: zipfile.ZipFile, size: int, name: str) -> None:
    """Refuse a workbook that unpacks to too much, whatever its directory says."""
    total = 0
    for info in archive.infolist():
        with archive.open(info) as packed:
            while piece := packed.read(_PIECE):
                total += len(piece)
                _check(total, size, name)


def _spool(packed: IO[bytes], target: Path, size: int, name: str) -> None:
    total = 0
    with target.open("wb") as plain:
        while piece := packed.read(_PIECE):
            total += len(piece)
            _check(total, size, name)
            plain.write(piece)


def _check(total: int, size: int, name: str) -> None:
    suspicious = total > _RATIO_FROM and total > _RATIO * max(size, 1)
    if total > LARGEST or suspicious:
        raise TooLarge(name)
