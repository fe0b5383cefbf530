"""Price lists that vendors send: handed in, read and checked by a job, looked at, applied in one transaction, undone.

Nothing in the catalogue changes before `apply`, and then all of it or nothing. Nothing is ever deleted: undo withdraws
the list, closes the SKUs that it made, and gives names and days of sale back. Only the operator's staff may.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import IO

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from licenseonline.accounts.models import User
from licenseonline.catalog.imports import applying, checks, mappings, reading, refusals
from licenseonline.catalog.models import ImportFormat, ImportRow, PriceImport, Vendor
from licenseonline.kit import clock, rights, scope, states
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.kit.text import squash
from licenseonline.records import files

_PIECE = 1024 * 1024
_MOST_NAME = 200
State = PriceImport.State


@rights.needs(Right.EDIT_CATALOGUE)
@transaction.atomic
def upload(  # noqa: PLR0913  (what a price list comes with, all named)
    file: IO[bytes],
    *,
    name: str,
    vendor: Vendor,
    from_day: date,
    is_complete: bool,
    columns: Mapping[str, str] | None,
    by: User,
    format: str = ImportFormat.TABLE,  # noqa: A002  (the column's name)
) -> PriceImport:
    """Keep the file and have it read by a job. Its prices are to hold from `from_day` on (today or later).

    `columns` (field → header) is saved for the vendor; without, what is saved or usual is used. A Microsoft price sheet
    is known by its columns, whatever `format` says. Refused: `upload` (too large, empty, of another kind, with macros),
    `past` (from_day), and as mappings.check and files.put.
    """
    if from_day < clock.today():
        raise Refused(_("適用開始日は本日以降の日付にしてください。"), code="past", field="from_day")
    wanted = mappings.check(columns) if columns else {}
    size = reading.check_upload(file, name)
    if wanted:
        mappings.save(vendor, wanted)
    digest = _digest(file)
    made = PriceImport.objects.create(
        vendor=vendor,
        format=format,
        file_name=squash(re.split(r"[/\\]", name)[-1])[:_MOST_NAME] or _("価格表"),
        file_path=files.put("imports", File(file)),
        file_size=size,
        sha256=digest,
        columns=wanted,
        is_complete=is_complete,
        from_day=from_day,
        by=by,
        created_at=clock.now(),
    )
    _defer_reading(made)
    return made


@rights.needs(Right.EDIT_CATALOGUE)
@transaction.atomic
def remap(price_import: PriceImport, columns: Mapping[str, str], *, by: User) -> None:  # noqa: ARG001  (`needs` asks who)
    """Read the file again by these columns (field → header), and save them for the vendor.

    Refused: as mappings.check; `state` (being read, applied or given up).
    """
    wanted = mappings.check(columns)
    if unknown := set(wanted.values()) - set(mappings.headers(price_import)):
        message = _("「%(header)s」という列はファイルにありません。") % {"header": min(unknown)}
        raise Refused(message, code="columns")
    mappings.save(price_import.vendor, wanted)
    _read_again(price_import, columns=wanted)


@rights.needs(Right.EDIT_CATALOGUE)
@transaction.atomic
def apply(price_import: PriceImport, *, by: User) -> None:
    """Have a job write it to the catalogue, in one transaction; of two at once one is refused.

    A first day that has passed becomes today. Refused: `state` (not checked, or already being applied).
    """
    day = max(price_import.from_day, clock.today())
    states.move(price_import, State.APPLYING, from_day=day, applied_by=by, problem="", done_rows=0)
    _of(apply_job, price_import)


@rights.needs(Right.EDIT_CATALOGUE)
@transaction.atomic
def undo(price_import: PriceImport, *, by: User) -> None:
    """Have a job give the catalogue back as it was: the list counts for nothing, new SKUs are closed, ended ones sold again.

    Refused: `state` (not applied), `later` (the vendor's prices were imported again since: undo that first).
    """
    states.lock(price_import)
    applying.check_last(price_import)
    states.move(price_import, State.UNDOING, undone_by=by, problem="")
    _of(undo_job, price_import)


@rights.needs(Right.EDIT_CATALOGUE)
@transaction.atomic
def discard(price_import: PriceImport, *, by: User) -> None:  # noqa: ARG001  (as remap)
    """Give it up before it was applied. The file and its checked rows go. Refused: `state` (applied or being applied)."""
    states.move(price_import, State.DISCARDED, problem="")
    ImportRow.objects.filter(price_import=price_import).delete()
    files.remove(price_import.file_path)


def rows(price_import: PriceImport, outcome: str, after_line: int = 0, number: int = 100) -> list[ImportRow]:
    """The first `number` rows of that outcome after a line, by line, with their SKUs and products.

    ENDED rows stand in no line of the file; they are numbered on after its last.
    """
    found = ImportRow.objects.filter(price_import=price_import, outcome=outcome, line__gt=after_line)
    return list(found.select_related("sku__product").order_by("line")[:number])


def refused_csv(price_import: PriceImport) -> Iterator[bytes]:
    """The refused rows as CSV for a spreadsheet: line, reason, model number, and the row as it stands in the file."""
    return refusals.csv_of(price_import)


def read(price_import: PriceImport) -> None:
    """Read and check the file; doing it again gives the same. What cannot be read leaves nothing but its `problem`."""
    with scope.platform(), suppress(Refused):  # given up meanwhile
        states.lock(price_import)
        if price_import.state != State.READING:
            states.move(price_import, State.READING, problem="", done_rows=0, all_rows=0, counts={})
    if price_import.state != State.READING:
        return
    try:
        with scope.platform():
            checks.check(price_import)
    except Refused as refusal:
        _break(price_import, refusal.message)
    except Exception:
        _break(price_import, _("ファイルを読み込めませんでした。ファイルの内容をご確認ください。"))
        raise


@app.task(name="catalog.price_imports.read", retry=False)
def read_job(price_import_id: int) -> None:
    """`read`, as a job. A worker that dies leaves it READING, and the job is taken up again."""
    read(_found(price_import_id))


@app.task(name="catalog.price_imports.apply", retry=False)
def apply_job(price_import_id: int) -> None:
    """Write the import to the catalogue in one transaction, or check it again when the catalogue changed since.

    A worker that dies leaves it APPLYING with nothing written, and the job is taken up again.
    """
    price_import = _found(price_import_id)
    if price_import.state != State.APPLYING:
        return
    try:
        with scope.platform():
            applying.apply(price_import)
    except applying.Changed:
        with scope.platform():
            states.move(price_import, State.CHECKED)
            problem = _(
                "確認したあとに製品・価格が変わったため、もう一度確認しました。内容をご確認のうえ反映してください。"
            )
            _read_again(price_import, problem=problem)
    except Exception:
        with scope.platform():
            problem = _("反映できませんでした。製品・価格は何も変わっていません。")
            states.move(price_import, State.CHECKED, problem=problem)
        raise


@app.task(name="catalog.price_imports.undo", retry=False)
def undo_job(price_import_id: int) -> None:
    """Take the import back in one transaction. A worker that dies leaves it UNDOING, and the job is taken up again."""
    price_import = _found(price_import_id)
    if price_import.state != State.UNDOING:
        return
    try:
        with scope.platform():
            applying.check_last(price_import)
            applying.undo(price_import)
            states.move(price_import, State.UNDONE, undone_at=clock.now())
    except Refused as refusal:  # a later one came between
        _applied_still(price_import, refusal.message)
    except Exception:
        _applied_still(price_import, _("取り消せませんでした。製品・価格は何も変わっていません。"))
        raise


def _applied_still(price_import: PriceImport, problem: str) -> None:
    with scope.platform():
        states.move(price_import, State.APPLIED, problem=problem, undone_by=None)


def _found(pk: int) -> PriceImport:
    with scope.platform():
        return PriceImport.objects.select_related("vendor").get(pk=pk)


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _read_again(price_import: PriceImport, *, problem: str = "", **changes: object) -> None:
    states.move(price_import, State.READING, problem=problem, done_rows=0, all_rows=0, counts={}, **changes)
    _defer_reading(price_import)


def _defer_reading(price_import: PriceImport) -> None:
    _of(read_job, price_import)


def _of(job: Task[[int], None, ...], price_import: PriceImport) -> None:
    """One job of an import at a time."""
    job.configure(lock=f"price-import-{price_import.pk}").defer(price_import_id=price_import.pk)


def _break(price_import: PriceImport, problem: str) -> None:
    with scope.platform(), suppress(Refused):  # given up meanwhile
        states.move(price_import, State.BROKEN, problem=problem[:300], headers=price_import.headers)
