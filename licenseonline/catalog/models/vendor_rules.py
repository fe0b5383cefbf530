"""What vendors allow and ask, as dated data: the rules differ by maker, and each of them changes."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.catalog.models.choices import Program, PurchaseType
from licenseonline.catalog.models.products import Product, Vendor
from licenseonline.kit import states

_SPAN = r"^([0-9]{1,3}[dm])?$"  # 30d: days; 4m: months by the calendar; empty: without limit


class CoTerm(models.TextChoices):
    """With what a new term ends."""

    NONE = "none", _("注文ごとに期間を数える")
    CONTRACT_END = "contract_end", _("ご契約の終了日に合わせる")
    ANNIVERSARY = "anniversary", _("契約応当日に合わせる")
    WISHED = "wished", _("ご希望の終了日（期間の範囲内）に合わせる")


class Starts(models.TextChoices):
    """When a new term begins; one that follows an old one begins the day after its end."""

    DELIVERY = "delivery", _("納品日")
    NEXT_MONTH = "next_month", _("納品日の翌月1日")
    WISHED = "wished", _("ご希望の日")


class Proration(models.TextChoices):
    """How a part of a term is charged."""

    NONE = "none", _("日割り・月割りをしない")
    MONTHS = "months", _("月割り")
    DAYS = "days", _("日割り")


class BandBy(models.TextChoices):
    """Which number decides the band."""

    QUANTITY = "quantity", _("ご注文の数量")
    HELD_PLUS_ADDED = "held_plus_added", _("保有数と追加数の合計")


class VendorRule(models.Model):
    """One vendor's terms from a day on; of the rows that fit a purchase the most particular counts, and it alone.

    Product before purchase type before program; then the one that began last. Spans are "30d" (days) or "4m" (calendar
    months); empty is without limit. `catalog.vendor_rules` answers what a row means for a purchase.
    """

    CoTerm = CoTerm

    Starts = Starts

    Proration = Proration

    BandBy = BandBy

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="rules")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, blank=True, related_name="rules")
    purchase_type = models.CharField(max_length=12, choices=PurchaseType.choices, blank=True)
    program = models.CharField(max_length=12, choices=Program.choices, blank=True)
    from_day = models.DateField()

    opens_before = models.CharField(max_length=4, blank=True)  # the contract's end: from when it may be bought
    recommended_before = models.CharField(max_length=4, blank=True)  # until when the vendor asks to finish
    closes_after = models.CharField(max_length=4, blank=True)  # the end: until when it may still be bought
    stop_before = models.CharField(max_length=4, blank=True)  # the end: until when not renewing must be told
    cap_per_mille = models.PositiveIntegerField(null=True, blank=True)  # of the units held; null is without cap
    package_cap_per_mille = models.PositiveIntegerField(null=True, blank=True)  # of the packages of a competitor held
    starts = models.CharField(max_length=12, choices=Starts.choices, default=Starts.DELIVERY)
    co_term = models.CharField(max_length=12, choices=CoTerm.choices, default=CoTerm.NONE)
    proration = models.CharField(max_length=8, choices=Proration.choices, default=Proration.NONE)
    band_by = models.CharField(max_length=16, choices=BandBy.choices, default=BandBy.QUANTITY)
    most_months = models.PositiveSmallIntegerField(null=True, blank=True)  # in total, with what is left of the old term
    most_free_months = models.PositiveSmallIntegerField(null=True, blank=True)  # of the rest of a competitor's term
    most_free_months_cloud = models.PositiveSmallIntegerField(null=True, blank=True)  # the same, for cloud products
    renewal_with_addition_from = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # months left, from which an addition needs renewal SKUs as well
    cut_off_business_days = models.PositiveSmallIntegerField(null=True, blank=True)  # before the wished day
    cut_off_time = models.TimeField(
        null=True, blank=True
    )  # of a business day: what is ready by then is ordered that day
    cancel_days = models.PositiveSmallIntegerField(null=True, blank=True)  # after purchase or renewal; 0 is never
    notice_days = ArrayField(models.SmallIntegerField(), default=list, blank=True)  # before the end; after it below 0
    never_starts_on = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)  # days of the month
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "product", "purchase_type", "program", "from_day"],
                name="one_vendor_rule_a_day",
                nulls_distinct=False,
                violation_error_message=_("同じ対象の規定が、同じ適用開始日で登録されています。"),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    opens_before__regex=_SPAN,
                    recommended_before__regex=_SPAN,
                    closes_after__regex=_SPAN,
                    stop_before__regex=_SPAN,
                ),
                name="vendor_rule_spans",
                violation_error_message=_("期間は「30d」（日数）または「4m」（月数）の形で入力してください。"),
            ),
            states.choice_check("starts", Starts, "vendor_rule_starts"),
            states.choice_check("co_term", CoTerm, "vendor_rule_co_term"),
            states.choice_check("proration", Proration, "vendor_rule_proration"),
            states.choice_check("band_by", BandBy, "vendor_rule_band_by"),
        ]

    def __str__(self) -> str:
        of = [self.vendor, self.product, self.get_purchase_type_display(), self.get_program_display(), self.from_day]
        return " ".join(str(part) for part in of if part)
