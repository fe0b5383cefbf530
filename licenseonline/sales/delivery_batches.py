"""Delivery in bulk: a vendor's file of keys or ZIP of certificates, matched to lines, looked at, and delivered all at once.

Keys are encrypted from the moment they are read, and erased from the batch when it is delivered or discarded.
"""

import re
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, Any, Final, cast

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.accounts.models import User
from licenseonline.catalog.imports import cells
from licenseonline.catalog.models import Vendor
from licenseonline.kit import clock, crypto, rights, states
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.kit.text import fold_model
from licenseonline.licensing.keys import LONGEST, last_of
from licenseonline.licensing.models import Key
from licenseonline.records import file_kinds, uploads
from licenseonline.sales import deliveries, vendor_formats, vendor_tables
from licenseonline.sales.deliveries import Certificate, Item
from licenseonline.sales.models import DeliveryBatch, FormatPurpose, Order, OrderLine, VendorOrder

PROBLEMS: Final = {
    "unmatched": gettext_lazy("該当する明細がありません"),
    "ambiguous": gettext_lazy("該当する明細が複数あります"),
    "duplicate": gettext_lazy("同じキーまたは同じ明細の証書が重複しています"),
    "key": gettext_lazy("キーがないか、長すぎます"),
    "day": gettext_lazy("開始日を読めません"),
    "file": gettext_lazy("PDF・PNG・JPEG（10MBまで）ではありません"),
}
_AT_VENDOR: Final = (VendorOrder.State.SENT, VendorOrder.State.PARTLY_CONFIRMED, VendorOrder.State.CONFIRMED)
_NAMES_IN_UTF8: Final = 0x800  # the ZIP's own mark

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that can be delivered, and the numbers by which a vendor may call it."""

    line: OrderLine
    numbers: frozenset[str]
    model: str


@rights.needs(Right.DELIVER)
@transaction.atomic
def read_keys(vendor: Vendor, *, file: IO[bytes], name: str, by: User) -> DeliveryBatch:
    """Match each row of the vendor's file to a line by its number and model; nothing is delivered yet.

    Refused: as vendor_tables.read.
    """
    rows = vendor_tables.read(file, name, vendor_formats.of(vendor, FormatPurpose.KEYS))
    lines = _lines(vendor)
    read = [_of_keys(number, found, lines) for number, found in rows]
    secrets = [found["key"] for _number, found in rows]
    _mark_known(read, [crypto.fingerprint(secret) if secret else "" for secret in secrets])
    return _made(vendor, name, read, by=by)


@rights.needs(Right.DELIVER)
@transaction.atomic
def read_certificates(vendor: Vendor, *, file: "File[bytes]", by: User) -> DeliveryBatch:
    """Match each file of a ZIP to a line by the number (and model) in its name; nothing is delivered yet.

    Refused: `upload` (no ZIP, too large, archives in it, built to harm), as uploads.receive.
    """
    received = uploads.receive(file, kinds=[file_kinds.ZIP])
    lines = _lines(vendor)
    file.seek(0)
    with zipfile.ZipFile(cast("IO[bytes]", file.file)) as packed:
        read = [_of_certificate(packed, part, lines) for part in packed.infolist() if not part.is_dir()]
    taken: set[int] = set()
    for row in read:
        if row.get("line") in taken:
            row["problem"] = "duplicate"
        taken |= {row["line"]} if row.get("line") else set()
    file.seek(0)
    path = default_storage.save(f"batches/{uuid.uuid4().hex}", file)
    return _made(vendor, received.name, read, path=path, by=by)


@rights.needs(Right.DELIVER)
@transaction.atomic
def deliver(batch: DeliveryBatch, *, by: User) -> DeliveryBatch:
    """Deliver everything in it, in one transaction: all or nothing. Its keys are erased.

    Refused: `state` (delivered or discarded before), `problems` (a row does not belong to exactly one line), and as
    deliveries.deliver (a line that was delivered meanwhile).
    """
    states.lock(batch)
    _check_open(batch)
    if any(row["problem"] for row in batch.rows):
        message = _("確認の必要な行があるため、納品できません。ファイルを直して、もう一度読み込んでください。")
        raise Refused(message, code="problems")
    by_order: dict[int, list[Row]] = {}
    for row in batch.rows:
        by_order.setdefault(row["order_id"], []).append(row)
    orders = Order.objects.select_related("store", "company", "member").in_bulk(by_order)
    for pk in sorted(by_order):  # always in the same order, so that two batches never wait for each other
        deliveries.deliver(orders[pk], items=_items(batch, by_order[pk]), by=by)
    return _close(batch, DeliveryBatch.State.DELIVERED)


@rights.needs(Right.DELIVER)
@transaction.atomic
def discard(batch: DeliveryBatch, *, by: User) -> DeliveryBatch:  # noqa: ARG001  (by: whose right is asked)
    """Put it away undelivered; its keys are erased. Refused: `state`."""
    states.lock(batch)
    _check_open(batch)
    return _close(batch, DeliveryBatch.State.DISCARDED)


def _check_open(batch: DeliveryBatch) -> None:
    if batch.state != DeliveryBatch.State.PREVIEWED:
        raise Refused(_("この一括納品は、すでに納品または取り消しされています。"), code="state")


def _close(batch: DeliveryBatch, to: str) -> DeliveryBatch:
    path = batch.path
    if path:
        transaction.on_commit(lambda: default_storage.delete(path))
    rows = [{name: value for name, value in row.items() if name != "key"} for row in batch.rows]
    return states.move(batch, to, rows=rows, path="", done_at=clock.now())


def _made(vendor: Vendor, name: str, rows: Sequence[Row], *, by: User, path: str = "") -> DeliveryBatch:
    return DeliveryBatch.objects.create(
        vendor=vendor, name=name[:200], path=path, rows=list(rows), made_by=by, made_at=clock.now()
    )


def _lines(vendor: Vendor) -> list[_Line]:
    found = OrderLine.objects.filter(  # house: a vendor delivers for all stores
        delivered_at=None,
        order__state=Order.State.ARRANGING,
        vendor_order__vendor=vendor,
        vendor_order__state__in=_AT_VENDOR,
    )
    return [
        _Line(line, _numbers(line), line.sku.folded_model)
        for line in found.select_related("order", "vendor_order", "sku").order_by("pk")
    ]


def _numbers(line: OrderLine) -> frozenset[str]:
    ordered = line.vendor_order
    own = [ordered.number, ordered.reference] if ordered else []
    return frozenset(filter(None, [line.order.number, *own]))


def _matched(row: Row, candidates: Sequence[_Line]) -> Row:
    if len(candidates) != 1:
        return {**row, "problem": "ambiguous" if candidates else "unmatched"}
    line = candidates[0].line
    named = {"model": line.sku.model_number, "order": line.order.number, "position": line.position}
    return {**row, **named, "line": line.pk, "order_id": line.order_id, "store_id": line.store_id}


def _of_keys(number: int, found: dict[str, str], lines: Sequence[_Line]) -> Row:
    secret, model = found["key"], fold_model(found["model_number"])
    row: Row = {
        "row": number, "reference": found["reference"][:80], "model": found["model_number"][:80],
        "contract": found.get("contract", "")[:80], "starts_on": "", "problem": "",
        "shown": f"•••••{last_of(secret)}",
    }  # fmt: skip
    if not 0 < len(secret) <= LONGEST:
        return {**row, "problem": "key"}
    row["key"] = crypto.encrypt(secret)
    try:
        day = cells.day(found.get("starts_on", ""))
    except cells.Bad:
        return {**row, "problem": "day"}
    row["starts_on"] = day.isoformat() if day else ""
    return _matched(row, [one for one in lines if found["reference"] in one.numbers and one.model == model])


def _mark_known(rows: Sequence[Row], fingerprints: Sequence[str]) -> None:
    """A key that stands twice in the file, or was delivered before to anybody."""
    known = set(
        Key.objects.filter(fingerprint__in=[one for one in fingerprints if one]).values_list("fingerprint", flat=True)
    )  # house: of all stores
    for row, fingerprint in zip(rows, fingerprints, strict=True):
        if fingerprint and fingerprint in known:
            row["problem"] = "duplicate"
        known.add(fingerprint)


def _of_certificate(packed: zipfile.ZipFile, part: zipfile.ZipInfo, lines: Sequence[_Line]) -> Row:
    name = _name(part)
    row: Row = {
        "row": part.filename,
        "reference": name[:200],
        "model": "",
        "starts_on": "",
        "contract": "",
        "problem": "",
    }
    if _certificate(packed, part) is None:
        return {**row, "problem": "file"}
    named = [one for one in lines if any(_stands_in(number, name) for number in one.numbers)]
    exact = [one for one in named if one.model in fold_model(name)] if len(named) > 1 else named
    return _matched(row, exact or named)


def _stands_in(number: str, name: str) -> bool:
    """As a whole, not as a part of a longer one."""
    return re.search(rf"(?<![0-9A-Za-z]){re.escape(number)}(?![0-9A-Za-z])", name) is not None


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
