"""Which papers a purchase needs, and why, as data: asked by vendors, products, purchase types and programs."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.catalog.models.choices import Paper, Program, PurchaseType
from licenseonline.catalog.models.products import Product, Vendor
from licenseonline.kit.states import choice_check


class PaperRule(models.Model):
    """A paper that every line needs to which the rule fits: of a vendor, or of one product, purchase type or program.

    Rules add up, and to a SKU's own `papers`. A blank form is offered for download when there is one.
    """

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="paper_rules")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, blank=True, related_name="paper_rules")
    purchase_type = models.CharField(max_length=12, choices=PurchaseType.choices, blank=True)
    program = models.CharField(max_length=12, choices=Program.choices, blank=True)
    paper = models.CharField(max_length=20, choices=Paper.choices)
    why = models.CharField(max_length=300)
    business_days = models.PositiveSmallIntegerField(default=5)  # after the order, until it is due
    form_name = models.CharField(max_length=120, blank=True)
    form_pdf = models.BinaryField(blank=True, default=b"")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "product", "purchase_type", "program", "paper"],
                name="one_paper_rule",
                nulls_distinct=False,
                violation_error_message=_("同じ対象に、同じ書類の設定が登録されています。"),
            ),
            choice_check("paper", Paper, "paper_rule_paper"),
        ]

    def __str__(self) -> str:
        return f"{self.vendor} {self.get_paper_display()}"
