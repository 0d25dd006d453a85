"""CSV a spreadsheet may open without running what somebody typed into it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

RISKY = tuple("=+-@\t\r\n＝＋－＠")  # a spreadsheet takes a cell that starts so for a formula


def safe(cell: Any) -> str:
    """The cell as text, with an apostrophe before what a spreadsheet would run."""
    text = "" if cell is None else str(cell).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(RISKY) else text


def safe_rows(rows: Iterable[Iterable[Any]]) -> Iterator[list[str]]:
    for row in rows:
        yield [safe(cell) for cell in row]


def as_csv(heading: Iterable[Any], rows: Iterable[Iterable[Any]]) -> bytes:
    """A whole file: every cell quoted, marked as UTF-8 so that Excel reads ŵ and ŷ."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerows(safe_rows([list(heading), *rows]))
    return file.getvalue().encode("utf-8-sig")
