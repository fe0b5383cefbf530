"""Price lists that are handed in: the file, what its columns mean, its rows as they were checked, and what became of them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.catalog.models.prices import PriceList
from licenseonline.catalog.models.products import Vendor
from licenseonline.catalog.models.skus import Sku
from licenseonline.kit import states


class ImportMapping(models.Model):
    """What a vendor's columns mean: field → header as it stands in the file (compared folded)."""

    vendor = models.OneToOneField(Vendor, on_delete=models.CASCADE, related_name="import_mapping")
    columns = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.vendor)


class ImportState(models.TextChoices):
    """How far an import is."""

    UPLOADED = "uploaded", _("読み込み待ち")
    READING = "reading", _("読み込み・確認中")
    CHECKED = "checked", _("確認済み（未反映）")
    BROKEN = "broken", _("読み込めませんでした")
    APPLYING = "applying", _("反映中")
    APPLIED = "applied", _("反映済み")
    UNDOING = "undoing", _("取り消し中")
    UNDONE = "undone", _("取り消し済み")
    DISCARDED = "discarded", _("破棄")


class ImportFormat(models.TextChoices):
    """How the file is laid out."""

    TABLE = "table", _("価格表（CSV・Excel）")
    MICROSOFT = "microsoft", _("Microsoft ライセンス価格シート")


class ImportOutcome(models.TextChoices):
    """What a row of the file would do."""

    NEW = "new", _("新規")
    CHANGED = "changed", _("価格変更")
    SAME = "same", _("変更なし")
    REOPENED = "reopened", _("販売再開")
    ENDED = "ended", _("販売終了")
    REFUSED = "refused", _("取り込めません")


class PriceImport(models.Model):
    """One file from upload to undo. Nothing in the catalogue changes before it is applied, and then all of it or nothing."""

    State = ImportState

    MOVES: ClassVar[dict[str, set[str]]] = {
        State.UPLOADED: {State.READING, State.DISCARDED},
        State.READING: {State.CHECKED, State.BROKEN, State.DISCARDED},
        State.CHECKED: {State.READING, State.APPLYING, State.DISCARDED},
        State.BROKEN: {State.READING, State.DISCARDED},
        State.APPLYING: {State.APPLIED, State.CHECKED},
        State.APPLIED: {State.UNDOING},
        State.UNDOING: {State.UNDONE, State.APPLIED},
    }

    Format = ImportFormat

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="imports")
    format = models.CharField(max_length=10, choices=Format.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    file_name = models.CharField(max_length=200)
    file_path = models.CharField(max_length=200, unique=True)
    file_size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    headers = models.JSONField(default=list)  # of its columns, once it was read
    columns = models.JSONField(default=dict)  # the mapping as it was used
    is_complete = models.BooleanField(default=False)  # what the file does not name is no longer sold
    from_day = models.DateField()
    problem = models.CharField(max_length=300, blank=True)  # why it is broken, in words
    done_rows = models.PositiveIntegerField(default=0)
    all_rows = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # rows by what would happen to them
    price_list = models.OneToOneField(
        PriceList, on_delete=models.PROTECT, null=True, blank=True, related_name="made_by"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    vendor_id: int
    price_list_id: int | None

    class Meta:
        constraints = [
            states.state_check(ImportState, "import_state"),
            states.choice_check("format", ImportFormat, "import_format"),
        ]
        indexes = [models.Index(fields=["-created_at"], name="import_by_time")]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One row of the file, checked; `line` is where it stands there. Written by COPY, read by the preview."""

    Outcome = ImportOutcome

    # Without constraints in the database: only the import writes these rows, nothing they point at is ever deleted, and
    # to check each of a million keys took longer than to write them.
    price_import = models.ForeignKey(
        PriceImport, on_delete=models.CASCADE, related_name="rows", db_constraint=False, db_index=False
    )
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reason = models.CharField(max_length=200, blank=True)
    model_number = models.CharField(max_length=80, db_collation="C")
    sku = models.ForeignKey(
        Sku, on_delete=models.DO_NOTHING, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    band_from = models.PositiveIntegerField(default=1)
    list_yen = models.BigIntegerField(null=True)
    cost_yen = models.BigIntegerField(null=True)
    old_list_yen = models.BigIntegerField(null=True)
    old_cost_yen = models.BigIntegerField(null=True)
    fields = models.JSONField(default=dict)  # what else it says of a new SKU

    class Meta:
        constraints = [states.choice_check("outcome", ImportOutcome, "import_row_outcome")]
        indexes = [models.Index(fields=["price_import", "outcome", "line"], name="import_rows_by_outcome")]
