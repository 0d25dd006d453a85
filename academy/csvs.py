"""CSV a spreadsheet may open without running what somebody typed into it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

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


class Unreadable(Exception):
    """The file as a whole cannot be read. Its words are for the person who chose it."""


def decoded(content: bytes) -> str:
    """UTF-8 with or without its mark; anything else would turn ŵ and ŷ into something else."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(
            _("This file is not in UTF-8. Save it again as “CSV UTF-8” in your spreadsheet.")
        ) from error


def rows_of(text: str) -> list[list[str]]:
    """Every row, empty ones too, so that numbers agree with the spreadsheet's. Cells are trimmed."""
    text = text.removeprefix("\ufeff")
    if "\x00" in text:
        raise Unreadable(_("This is not a text file."))
    heading = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [[plain(cell) for cell in row] for row in reader]
    except csv.Error as error:
        raise Unreadable(
            _("Row %(row)s cannot be read. Is a quotation mark missing?") % {"row": reader.line_num}
        ) from error


def plain(cell: str) -> str:
    """The cell without the apostrophe that `safe` put before it."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip(" ").startswith(RISKY) else cell
