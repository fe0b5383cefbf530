"""Stores' campaigns with what they are about."""

from typing import ClassVar
from urllib.parse import urlencode

from django.contrib.admin import BooleanFieldListFilter, display
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.backoffice.editable import EditableAdmin, SettingLines
from licenseonline.backoffice.read_only import Label, column, titled
from licenseonline.backoffice.store_choice import LookedUpFilter
from licenseonline.catalog import campaigns
from licenseonline.catalog.models import Campaign, CampaignItem


class CampaignLines(SettingLines):
    """Vendor, product or SKU, with or without a lower price."""

    model = CampaignItem
    names = (gettext_lazy("対象"), gettext_lazy("対象"))
    labels: ClassVar[dict[str, Label]] = {
        "vendor": gettext_lazy("メーカー"),
        "product": gettext_lazy("製品"),
        "sku": gettext_lazy("型番"),
        "per_mille_off": gettext_lazy("割引率（%）"),
        "fixed_yen": gettext_lazy("固定価格（円）"),
    }
    helps: ClassVar[dict[str, Label]] = {
        "per_mille_off": gettext_lazy("ストアの販売価格からの割引です。空欄なら価格は変わりません。"),
        "fixed_yen": gettext_lazy("税別です。型番を指定したときだけ入力できます。"),
    }
    extra = 1
    hide_title = True  # its fields say it


class CampaignAdmin(EditableAdmin):
    """All campaigns."""

    names = (gettext_lazy("キャンペーン"), gettext_lazy("キャンペーン"))
    labels: ClassVar[dict[str, Label]] = {
        "store": gettext_lazy("ストア"),
        "code": gettext_lazy("コード"),
        "title": gettext_lazy("タイトル"),
        "summary": gettext_lazy("概要"),
        "body": gettext_lazy("本文"),
        "from_day": gettext_lazy("開始日"),
        "to_day": gettext_lazy("終了日"),
        "is_published": gettext_lazy("公開する"),
    }
    helps: ClassVar[dict[str, Label]] = {
        "code": gettext_lazy("ページのアドレスに使います。例：winter-2026。登録後は変更できません。"),
        "summary": gettext_lazy("一覧とTOPに表示します。"),
        "body": gettext_lazy("Markdown で書けます（見出し ##、箇条書き -、強調 **、リンク、表）。"),
        "from_day": gettext_lazy("この日の0時から表示し、価格に反映します。"),
        "to_day": gettext_lazy("この日の終わりまで表示し、価格に反映します。"),
        "is_published": gettext_lazy("公開しない間は、期間中でも表示も価格への反映もしません。"),
    }
    inlines = (CampaignLines,)
    list_display = (
        column(gettext_lazy("ストアID"), "store_id"),
        column(gettext_lazy("タイトル"), "title"),
        column(gettext_lazy("開始日"), "from_day"),
        column(gettext_lazy("終了日"), "to_day"),
        column(gettext_lazy("公開"), "is_published"),
    )
    list_filter: ClassVar = [
        ("store", titled(gettext_lazy("ストア"), LookedUpFilter)),
        ("is_published", titled(gettext_lazy("公開"), BooleanFieldListFilter)),
    ]
    search_fields = ("title", "code", "summary")
    search_help_text = gettext_lazy("タイトル、コード、概要で検索")
    ordering = ("-to_day", "store_id", "id")

    @display(description=gettext_lazy("プレビュー"))
    def preview(self, obj: Campaign) -> str:
        """The page as it was saved, for who has this address until tomorrow."""
        path = reverse("store:campaign", args=[obj.store_id, obj.code])
        query = urlencode({"preview": campaigns.preview_token(obj)})
        words = _("保存した内容でページを見る（明日まで有効なアドレスです）")
        return format_html(
            '<a class="desk-link" href="{}?{}" target="_blank" rel="noopener">{}</a>', path, query, words
        )

    def get_fields(self, request: HttpRequest, obj: Campaign | None = None) -> tuple[str, ...]:
        """What is saved can be looked at."""
        return (*self.labels, "preview") if obj else tuple(self.labels)

    def get_readonly_fields(self, request: HttpRequest, obj: Campaign | None = None) -> tuple[str, ...]:
        """Addresses stay."""
        return ("store", "code", "preview") if obj else ()


ADMINS = {Campaign: CampaignAdmin}
