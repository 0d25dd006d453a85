"""CSV in: every row goes through a form and a verb; tried first, then saved whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from academy.csvs import Unreadable, rows_of
from academy.hooks import Importer
from academy.import_rows import RowForm, both_names
from academy.models import AuditEvent, Person
from academy.models.audit import IMPORTED

MOST_ROWS = 1000
LOCK = 0x1A9027  # any number, but ours: files are saved one at a time


@dataclass(frozen=True)
class Saved:
    """What a verb did with one row: the thing, whether it is new, and what changed."""

    thing: str
    new: bool = False
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wrong:
    """One thing to put right: which row, in which column, and how."""

    row: int
    column: str
    value: str
    words: str


@dataclass
class Result:
    """What a file did, or would do."""

    added: list[tuple[int, str]] = field(default_factory=list)
    changed: list[tuple[int, str, str]] = field(default_factory=list)
    same: int = 0
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return len(self.added) + len(self.changed) + self.same

    @property
    def changes(self) -> bool:
        """There is something to save, and nothing in the way."""
        return bool(self.added or self.changed) and not self.wrong

    def take(self, row: int, saved: Saved, labels: dict[str, str]) -> None:
        if saved.new:
            self.added.append((row, saved.thing))
        elif saved.changed:
            names = ", ".join(labels.get(name, name) for name in saved.changed)
            self.changed.append((row, saved.thing, names))
        else:
            self.same += 1


def labels_of(form: type[RowForm]) -> dict[str, str]:
    """Column → what it is called in the reader's language."""
    return {name: capfirst(str(one.label or name)) for name, one in form.base_fields.items()}


def heading_of(form: type[RowForm]) -> list[str]:
    """The first row of an empty file: every column in both languages."""
    return [both_names(one.label or name)[-1] for name, one in form.base_fields.items()]


def columns_of(form: type[RowForm], heading: list[str]) -> list[str]:
    """Which column each cell of the heading names: by its code, or its words in either language."""
    known = {
        word.casefold(): name
        for name, one in form.base_fields.items()
        for word in (name, *both_names(one.label or name))
    }
    passed = {
        word.casefold()
        for name, label in form.read_only.items()
        for word in (name, *both_names(label))
    }
    found = [known.get(cell.casefold(), "") for cell in heading]
    strange = [
        cell or "—"
        for cell, name in zip(heading, found, strict=True)
        if not name and cell.casefold() not in passed
    ]
    if strange:
        facts = {"strange": ", ".join(strange), "columns": ", ".join(form.base_fields)}
        words = _("No column is called: %(strange)s. The columns are: %(columns)s.")
        raise Unreadable(words % facts)
    doubled = sorted({name for name in found if name and found.count(name) > 1})
    if doubled:
        raise Unreadable(
            _("A column is there twice: %(columns)s.") % {"columns": ", ".join(doubled)}
        )
    lacking = [name for name, one in form.base_fields.items() if one.required and name not in found]
    if lacking:
        raise Unreadable(_("A column is missing: %(columns)s.") % {"columns": ", ".join(lacking)})
    return found


def filled_rows(form: type[RowForm], text: str) -> Iterator[tuple[int, dict[str, str] | None]]:
    """Rows by their number in the spreadsheet; None for one with more cells than the heading."""
    rows = rows_of(text)
    start = next((number for number, row in enumerate(rows) if any(row)), None)
    if start is None:
        raise Unreadable(_("There is nothing in this file."))
    columns = columns_of(form, rows[start])
    filled = [(number, row) for number, row in enumerate(rows, 1) if any(row)][1:]
    if not filled:
        raise Unreadable(_("There is a heading, and no row below it."))
    if len(filled) > MOST_ROWS:
        raise Unreadable(
            _("There are %(rows)s rows. Split the file: at most %(most)s at a time.")
            % {"rows": len(filled), "most": MOST_ROWS}
        )
    for number, row in filled:
        cells = {name: cell for name, cell in zip(columns, row, strict=False) if name}
        yield number, None if any(row[len(columns) :]) else cells


def run(importer: Importer, text: str, *, by: Person, at: datetime, really: bool) -> Result:
    """Try a file, or save it. A try leaves no trace; a file with one wrong row is not saved at all."""
    form = importer.form
    assert issubclass(form, RowForm)  # noqa: S101 -- for the type checker; hooks know only Django's forms
    result, labels = Result(), labels_of(form)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        for number, cells in filled_rows(form, text):
            if cells is None:
                words = _("This row has more cells than the heading.")
                result.wrong.append(Wrong(number, "", "", words))
                continue
            try:
                result.take(number, one_row(importer, cells, by=by, at=at), labels)
            except ValidationError as error:
                result.wrong += in_words(number, cells, error, labels)
        if not really or not result.changes:
            transaction.set_rollback(True)
        else:
            counted = f"+{len(result.added)} ~{len(result.changed)} ={result.same}"
            AuditEvent.objects.record(f"{IMPORTED}{importer.name}", actor=by, reason=counted, at=at)
    return result


def one_row(importer: Importer, cells: dict[str, str], *, by: Person, at: datetime) -> Saved:
    """One row, in a savepoint of its own: what is wrong with it spoils no other."""
    form = importer.form(cells)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    try:
        with transaction.atomic():
            saved: Saved = importer.save(form.cleaned_data, by=by, at=at)
    except IntegrityError as error:
        rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        words = _("This row breaks a rule: %(rule)s.") % {"rule": rule.replace("_", " ")}
        raise ValidationError(words) from error
    return saved


def in_words(
    row: int, cells: dict[str, str], error: ValidationError, labels: dict[str, str]
) -> Iterator[Wrong]:
    found = (
        error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    )
    for name, said in found.items():
        for words in said:
            yield Wrong(row, labels.get(name, ""), cells.get(name, "")[:80], words)
