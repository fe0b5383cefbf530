"""Who a vendor's program is for."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import Company
from licenseonline.catalog.models.choices import Program
from licenseonline.catalog.models.products import Vendor


class Eligibility(models.Model):
    """Whom one vendor means by a program: `who` as buyers read it, `kinds` of company as the shop can check it."""

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="eligibility")
    program = models.CharField(max_length=12, choices=Program.choices)
    kinds = ArrayField(models.CharField(max_length=12, choices=Company.Kind.choices))
    who = models.CharField(max_length=500)
    source = models.CharField(max_length=300)

    vendor_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "program"],
                name="one_eligibility",
                violation_error_message=_("このメーカーのこのプログラムの対象は、すでに登録されています。"),
            ),
            models.CheckConstraint(
                condition=models.Q(program__in=[Program.ACADEMIC, Program.GOVERNMENT]),
                name="eligibility_program",
                violation_error_message=_("コーポレートに対象の条件はありません。"),
            ),
            models.CheckConstraint(
                condition=models.Q(kinds__len__gte=1, kinds__contained_by=list(Company.Kind.values)),
                name="eligibility_kinds",
                violation_error_message=_("購入できる区分を1つ以上選択してください。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vendor} {self.get_program_display()}"
