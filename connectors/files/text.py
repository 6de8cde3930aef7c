"""Reads delimited text: finds its encoding and delimiter, keeps true line numbers."""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

CHUNK = 5_000
"""Rows read at once."""

Chunk = tuple[Sequence[int], list[list[str]]]
"""The line each row begins on, and the rows."""

_SAMPLE = 256 * 1024
_DELIMITERS = ",;\t|"
_FIELD = 1024 * 1024
_BREAK = re.compile("\r\n|\r|\n")
_SURE = 0.5

csv.field_size_limit(_FIELD)


def encoding_of(path: Path) -> str:
    """Return the encoding of a text file: what it says, else what it can be."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            return name
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) / 2 * 0.3:
        return "utf-16-le" if odd > even else "utf-16-be"
    if _decodes(path, "utf-8"):
        return "utf-8"
    return "gb18030" if _is_chinese(head) and _decodes(path, "gb18030") else "cp1252"


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(_SAMPLE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_chinese(head: bytes) -> bool:
    """Return whether high bytes come in pairs, as in Chinese; else alone."""
    pairs = len(re.findall(rb"[\x81-\xfe][\xa1-\xfe]", head))
    alone = len(re.findall(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])", head))
    return pairs > alone


def delimiter_of(path: Path, encoding: str) -> str:
    """Return the delimiter by which the first lines fall into most equal columns."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines = file.read(64 * 1024).replace("\0", "").splitlines(keepends=True)[:60]
    if lines and (said := re.fullmatch(r'"?sep=(.)"?\s*', lines[0])):
        return said[1]
    best, most = ",", 0.0
    for delimiter in _DELIMITERS:
        widths = [width for width in _widths(lines, delimiter) if width > 1]
        common = max(set(widths), key=widths.count, default=1)
        score = widths.count(common) / max(len(widths), 1) * min(common, 8)
        if common > 1 and score > most:
            best, most = delimiter, score
    return best


def _widths(lines: list[str], delimiter: str) -> list[int]:
    try:
        return [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return []


def rows_of_text(path: Path) -> Iterator[Chunk]:
    """Yield the rows of a delimited file in chunks, with the lines they begin on."""
    encoding = encoding_of(path)
    delimiter = delimiter_of(path, encoding)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines = (line.replace("\0", "") for line in file)
        reader = csv.reader(lines, delimiter=delimiter)
        while True:
            before = reader.line_num
            rows = list(islice(_forgiving(reader), CHUNK))
            if not rows:
                return
            yield _lines(before, reader.line_num, rows), rows


def _forgiving(reader: "csv._reader") -> Iterator[list[str]]:  # type: ignore[name-defined] # typeshed's name
    """Yield rows; one that is too long for any table comes back empty."""
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield []


def _lines(before: int, after: int, rows: list[list[str]]) -> Sequence[int]:
    if after - before == len(rows):
        return range(before + 1, after + 1)
    lines, line = [], before + 1
    for row in rows:
        lines.append(line)
        line += 1 + sum(len(_BREAK.findall(cell)) for cell in row)
    return lines
