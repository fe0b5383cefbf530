"""SKUs and list prices."""

from typing import ClassVar
from urllib.parse import urlencode

from django.contrib.admin import BooleanFieldListFilter, ChoicesFieldListFilter, RelatedFieldListFilter, display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licenseonline.backoffice.read_only import ReadOnlyAdmin, column, titled, yen
from licenseonline.catalog.models import Price, Sku
from licenseonline.kit.text import fold_model


class SkuAdmin(ReadOnlyAdmin):
    """All SKUs."""

    names = (_("型番"), _("型番"))
    list_display = (
        column(_("型番"), "model_number"),
        column(_("名称"), "name"),
        column(_("メーカー"), "product__vendor__name"),
        column(_("購入形態"), "purchase_type"),
        column(_("プログラム"), "program"),
        column(_("期間"), "term_label", order="term_months"),
        column(_("販売開始"), "sale_from"),
        column(_("販売終了"), "sale_to"),
    )
    facts = (  # type: ignore[assignment]  # names of methods are fields, too
        *list_display,
        column(_("請求"), "billing"),
        column(_("数量帯"), "band_label", order="band_from"),
        column(_("最小数量"), "min_quantity"),
        column(_("数量単位"), "quantity_step"),
        column(_("単位"), "unit_label", order="unit"),
        column(_("納期（営業日）"), "lead_days"),
        column(_("納品方法"), "delivery_label", order="delivery"),
        column(_("クラウド"), "is_cloud"),
        "why",
    )
    list_select_related = ("product__vendor",)
    list_filter: ClassVar = [
        ("purchase_type", titled(_("購入形態"), ChoicesFieldListFilter)),
        ("program", titled(_("プログラム"), ChoicesFieldListFilter)),
        ("product__vendor", titled(_("メーカー"), RelatedFieldListFilter)),
        ("is_cloud", titled(_("クラウド"), BooleanFieldListFilter)),
    ]
    search_fields = ("model_number", "folded_model", "name", "product__name")
    search_help_text = _("型番、名称で検索")
    ordering = ("model_number",)

    @display(description=_("価格"))
    def why(self, sku: Sku) -> str:
        """To the page that tells its price at a store."""
        query = urlencode({"model": sku.model_number})
        words = gettext("ストアでの価格とその理由を見る")
        return format_html('<a class="desk-link" href="{}?{}">{}</a>', reverse("backoffice:prices"), query, words)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Sku], search_term: str
    ) -> tuple[QuerySet[Sku], bool]:
        """A form's field looks up how a model number begins, which has an index; the list looks everywhere."""
        if not request.path.endswith("/autocomplete/"):
            return super().get_search_results(request, queryset, search_term)  # type: ignore[no-any-return]  # unfold
        beginning = fold_model(search_term)
        return queryset.filter(folded_model__startswith=beginning) if beginning else queryset.none(), False


class PriceAdmin(ReadOnlyAdmin):
    """List prices by price list."""

    names = (_("価格"), _("価格"))
    list_display = (
        column(_("型番"), "sku__model_number"),
        column(_("名称"), "sku__name"),
        column(_("価格表"), "price_list__name"),
        column(_("適用開始日"), "price_list__from_day"),
        yen(_("定価（税別）"), "list_yen"),
    )
    facts = list_display
    list_select_related = ("sku", "price_list")
    list_filter: ClassVar = [("price_list__vendor", titled(_("メーカー"), RelatedFieldListFilter))]
    search_fields = ("sku__model_number", "sku__folded_model", "sku__name")
    search_help_text = _("型番、名称で検索")
    ordering = ("sku__model_number", "-price_list__from_day")


ADMINS = {Sku: SkuAdmin, Price: PriceAdmin}
