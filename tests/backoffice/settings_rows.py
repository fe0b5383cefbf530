"""One row of each table of settings that the world has none of: what lists and forms of the desk are tested with."""

from datetime import date

from django.contrib.admin.models import ADDITION, LogEntry

from licenseonline.catalog.models import (
    Campaign,
    CampaignItem,
    CompanyPrice,
    Eligibility,
    Paper,
    PaperRule,
    SkuRelation,
    VendorRule,
)
from licenseonline.sales.models import FormatKind, FormatPurpose, VendorForm, VendorFormat
from tests.world import World


def one_of_each(world: World) -> None:
    """Write them."""
    held, following = world.sku("VBBSS-1Y-005"), world.sku("VBBSS-R1")
    rule = VendorRule.objects.create(vendor=held.product.vendor, from_day=date(2026, 4, 1), source="規定")
    Eligibility.objects.create(
        vendor=held.product.vendor, program="academic", kinds=["academic"], who="学校", source="規定"
    )
    SkuRelation.objects.create(held=held, following=following, kind=SkuRelation.Kind.RENEWAL)
    campaign = Campaign.objects.create(
        store=world.elsat, code="one", title="一つ", from_day=date(2026, 4, 1), to_day=date(2026, 4, 2)
    )
    CompanyPrice.objects.create(
        store=world.elsat, company=world.hanako.company, sku=held, per_mille_off=50, reason="年間契約"
    )
    PaperRule.objects.create(vendor=held.product.vendor, paper=Paper.APPLICATION_FORM, why="申し込みに必要です。")
    VendorFormat.objects.create(
        vendor=held.product.vendor,
        purpose=FormatPurpose.ORDER,
        kind=FormatKind.CSV,
        columns=[["商品コード", "model_number"]],
    )
    VendorForm.objects.create(
        vendor=held.product.vendor,
        name="登録情報",
        version=1,
        from_day=date(2026, 4, 1),
        fields=[{"name": "company", "label": "会社名", "kind": "text", "required": True, "prefill": "company"}],
    )
    CampaignItem.objects.create(store=world.elsat, campaign=campaign, sku=held, per_mille_off=50)
    LogEntry.objects.log_actions(world.operator.pk, [rule], ADDITION, "適用開始日: 2026年4月1日", single_object=True)
