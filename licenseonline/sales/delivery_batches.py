"""Delivery in bulk: a vendor's file of keys or ZIP of certificates, matched to lines, looked at, and delivered as it was shown.

What is good is delivered in one transaction when the desk says so; what is refused stays with its reason until it is corrected
or put away. Keys are encrypted from the moment they are read, and erased once their row is delivered or put away.
"""

import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import IO, Final, cast

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.accounts.models import User
from licenseonline.catalog.imports import cells
from licenseonline.catalog.models import Vendor
from licenseonline.kit import clock, crypto, rights, states
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.licensing.keys import LONGEST, last_of
from licenseonline.records import file_kinds, files, history, uploads
from licenseonline.sales import deliveries, delivery_matches, vendor_formats, vendor_tables
from licenseonline.sales.deliveries import Certificate, Item
from licenseonline.sales.delivery_matches import Row
from licenseonline.sales.models import DeliveryBatch, FormatPurpose, Order

MOST_NUMBER: Final = 80
_NAMES_IN_UTF8: Final = 0x800  # the ZIP's own mark


@rights.needs(Right.DELIVER)
@transaction.atomic
def read_keys(vendor: Vendor, *, file: IO[bytes], name: str, by: User) -> DeliveryBatch:
    """Match each row of the vendor's file to a line by its number and model; nothing is delivered yet.

    Refused: as vendor_tables.read.
    """
    rows = vendor_tables.read(file, name, vendor_formats.of(vendor, FormatPurpose.KEYS))
    return _made(vendor, name, [_of_keys(number, found) for number, found in rows], by=by)


@rights.needs(Right.DELIVER)
@transaction.atomic
def read_certificates(vendor: Vendor, *, file: "File[bytes]", by: User) -> DeliveryBatch:
    """Match each file of a ZIP to a line by the number (and model) in its name; nothing is delivered yet.

    Refused: `upload` (no ZIP, too large, archives in it, built to harm), as uploads.receive and files.put.
    """
    received = uploads.receive(file, kinds=[file_kinds.ZIP])
    file.seek(0)
    with zipfile.ZipFile(cast("IO[bytes]", file.file)) as packed:
        read = [_of_certificate(packed, part) for part in packed.infolist() if not part.is_dir()]
    return _made(vendor, received.name, read, path=files.put("batches", file), by=by)


def good(batch: DeliveryBatch) -> list[int]:
    """The places of the rows that can be delivered, as the desk sees them."""
    return [at for at, row in enumerate(batch.rows) if not row["problem"] and not row.get("done")]


def refused(batch: DeliveryBatch) -> list[Row]:
    """The rows that wait for a correction."""
    return [row for row in batch.rows if row["problem"]]


@rights.needs(Right.DELIVER)
@transaction.atomic
def deliver(batch: DeliveryBatch, *, shown: Collection[int], by: User) -> DeliveryBatch:
    """Deliver the good rows (their places in it) that the desk was `shown`, in one transaction: these and nothing else.

    Refused rows stay, and with any the batch is 一部納品済み. Refused: `state` (delivered or discarded before), `nothing` (no
    row is good), `stale` (other rows are good now than were shown: `match` and look again), and as deliveries.deliver.
    """
    states.lock(batch)
    _check_open(batch)
    _match(batch)
    if set(shown) != set(good(batch)):
        message = _("表示したあとに、納品できる行が変わりました。新しい確認結果をご覧ください。")
        raise Refused(message, code="stale")
    if not shown:
        raise Refused(_("納品できる行がありません。番号を直すか、ファイルを読み込み直してください。"), code="nothing")
    by_order: dict[int, list[Row]] = {}
    for at in shown:
        by_order.setdefault(batch.rows[at]["order_id"], []).append(batch.rows[at])
    orders = Order.objects.select_related("store", "company", "member").in_bulk(by_order)
    for pk in sorted(by_order):  # always in the same order, so that two batches never wait for each other
        deliveries.deliver(orders[pk], items=_items(batch, by_order[pk]), by=by)
    for at in shown:
        batch.rows[at]["done"] = True
        batch.rows[at].pop("key", None)
    if not refused(batch):
        return _close(batch, DeliveryBatch.State.DELIVERED)
    if batch.state == DeliveryBatch.State.PREVIEWED:
        return states.move(batch, DeliveryBatch.State.PARTLY, rows=batch.rows)
    batch.save(update_fields=["rows"])
    return batch


@rights.needs(Right.DELIVER)
@transaction.atomic
def match(batch: DeliveryBatch, *, said: Mapping[int, str], by: User) -> DeliveryBatch:
    """Match again what is not delivered, with the numbers that the desk `said` for some rows (by their place) in place of theirs.

    Refused: `state` (delivered or discarded before).
    """
    states.lock(batch)
    _check_open(batch)
    for at, number in said.items():
        if at < len(batch.rows) and not batch.rows[at].get("done"):
            batch.rows[at]["said"] = number.strip()[:MOST_NUMBER]
    _match(batch)
    batch.save(update_fields=["rows"])
    history.record_platform(batch, "delivery_batch.matched", by=by, rows=len(said))
    return batch


@rights.needs(Right.DELIVER)
@transaction.atomic
def discard(batch: DeliveryBatch, *, by: User) -> DeliveryBatch:
    """Put away what is not delivered; its keys are erased. A partly delivered batch is 納品済み then. Refused: `state`."""
    states.lock(batch)
    _check_open(batch)
    is_partly = batch.state == DeliveryBatch.State.PARTLY
    history.record_platform(
        batch, "delivery_batch.discarded", by=by, rows=sum(not row.get("done") for row in batch.rows)
    )
    return _close(batch, DeliveryBatch.State.DELIVERED if is_partly else DeliveryBatch.State.DISCARDED)


def _check_open(batch: DeliveryBatch) -> None:
    if not batch.is_open:
        raise Refused(_("この一括納品は、すでに納品または取り消しされています。"), code="state")


def _match(batch: DeliveryBatch) -> None:
    delivery_matches.match(batch.rows, vendor=batch.vendor, are_files=bool(batch.path))


def _close(batch: DeliveryBatch, to: str) -> DeliveryBatch:
    if batch.path:
        files.remove(batch.path)
    rows = [{name: value for name, value in row.items() if name != "key"} for row in batch.rows]
    return states.move(batch, to, rows=rows, path="", done_at=clock.now())


def _made(vendor: Vendor, name: str, rows: list[Row], *, by: User, path: str = "") -> DeliveryBatch:
    made = DeliveryBatch(vendor=vendor, name=name[:200], path=path, rows=rows, made_by=by, made_at=clock.now())
    _match(made)
    made.save()
    return made


def _of_keys(number: int, found: dict[str, str]) -> Row:
    secret = found["key"]
    row: Row = {
        "row": number, "reference": found["reference"][:MOST_NUMBER], "model": found["model_number"][:80],
        "contract": found.get("contract", "")[:80], "starts_on": "", "fault": "",
        "shown": f"•••••{last_of(secret)}",
    }  # fmt: skip
    if not 0 < len(secret) <= LONGEST:
        return {**row, "fault": "key"}
    row["key"] = crypto.encrypt(secret)
    try:
        day = cells.day(found.get("starts_on", ""))
    except cells.Bad:
        return {**row, "fault": "day"}
    return {**row, "starts_on": day.isoformat() if day else ""}


def _of_certificate(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> Row:
    return {
        "row": part.filename,
        "reference": _name(part)[:200],
        "model": "",
        "starts_on": "",
        "contract": "",
        "fault": "" if _certificate(packed, part) else "file",
    }


def _name(part: zipfile.ZipInfo) -> str:
    """The last part of the name; Windows writes Japanese names in its own encoding."""
    name = part.filename
    if not part.flag_bits & _NAMES_IN_UTF8:
        try:
            name = name.encode("cp437").decode("cp932")
        except UnicodeError:
            name = part.filename
    return re.split(r"[/\\]", name)[-1]


def _certificate(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> Certificate | None:
    if part.file_size > uploads.MOST_BYTES:
        return None
    with packed.open(part) as content:
        read = content.read(uploads.MOST_BYTES + 1)
    try:
        upload = uploads.check(ContentFile(read, _name(part)))
    except Refused:
        return None
    return Certificate(upload.content, upload.name, upload.content_type)


def _items(batch: DeliveryBatch, rows: Iterable[Row]) -> dict[int, Item]:
    by_position: dict[int, list[Row]] = {}
    for row in rows:
        by_position.setdefault(row["position"], []).append(row)
    if not batch.path:
        return {position: _of_secrets(found) for position, found in by_position.items()}
    return dict(_from_zip(batch, by_position))


def _from_zip(batch: DeliveryBatch, by_position: dict[int, list[Row]]) -> Iterator[tuple[int, Item]]:
    with default_storage.open(batch.path, "rb") as kept, zipfile.ZipFile(kept) as packed:
        for position, [row] in by_position.items():
            certificate = _certificate(packed, packed.getinfo(row["row"]))
            yield position, Item(starts_on=clock.today(), certificate=certificate)


def _of_secrets(rows: Sequence[Row]) -> Item:
    first, *more = [crypto.decrypt(row["key"]) for row in rows]
    days = [date.fromisoformat(row["starts_on"]) for row in rows if row["starts_on"]]
    numbers = [row["contract"] for row in rows if row["contract"]]
    return Item(
        starts_on=min(days, default=clock.today()),
        key=first,
        vendor_contract_number=next(iter(numbers), ""),
        more_keys=tuple(more),
    )
