"""Vendors' price lists: when each counts, whether it was taken back, and which import made it."""

from typing import ClassVar

from django.contrib.admin import RelatedFieldListFilter, display
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licenseonline.backoffice.read_only import ReadOnlyAdmin, column, titled
from licenseonline.catalog.models import Price, PriceList
from licenseonline.catalog.models.choices import FOR_EVER


class PriceListAdmin(ReadOnlyAdmin):
    """All vendors' price lists, those that are to come and those that were withdrawn, too."""

    names = (_("価格表"), _("価格表"))
    list_display = (
        column(_("価格表"), "name"),
        column(_("メーカー"), "vendor__name"),
        column(_("適用開始日"), "from_day"),
        "last_day",
        column(_("取り消し"), "withdrawn_at"),
        "number_of_prices",
        "by_import",
    )
    facts = list_display  # type: ignore[assignment]  # names of methods are fields, too
    list_select_related = ("vendor", "made_by")
    list_filter: ClassVar = [("vendor", titled(_("メーカー"), RelatedFieldListFilter))]
    search_fields = ("name", "vendor__name", "vendor__kana")
    search_help_text = _("価格表、メーカーで検索")
    ordering = ("-from_day", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceList]:
        """With the number of prices: counted for the lists of the page only."""
        counted = Price.objects.filter(price_list=OuterRef("pk")).order_by().values("price_list").annotate(n=Count("*"))
        rows: QuerySet[PriceList] = super().get_queryset(request)
        return rows.annotate(price_count=Subquery(counted.values("n"), output_field=IntegerField()))

    @display(description=_("適用終了日"), ordering="to_day")
    def last_day(self, price_list: PriceList) -> str:
        """Until when, if there is an end."""
        return gettext("期限なし") if price_list.to_day == FOR_EVER else date_format(price_list.to_day)

    @display(description=_("価格の数"))
    def number_of_prices(self, price_list: PriceList) -> str:
        """How many prices it has."""
        return f"{getattr(price_list, 'price_count', None) or 0:,}"

    @display(description=_("取込"), empty_value="－")
    def by_import(self, price_list: PriceList) -> str | None:
        """The import that made it."""
        made = getattr(price_list, "made_by", None)
        return (
            format_html(
                '<a class="desk-link" href="{}">{}</a>', reverse("backoffice:import", args=[made.pk]), made.file_name
            )
            if made
            else None
        )


ADMINS = {PriceList: PriceListAdmin}
