"""How vendors take orders, and what stands in the files that they send."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib.admin import ChoicesFieldListFilter, RelatedFieldListFilter, display
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import SELECT_CLASSES, TEXTAREA_CLASSES

from licenseonline.accounts.models import User
from licenseonline.backoffice.editable import EditableAdmin, SettingForm
from licenseonline.backoffice.read_only import Label, column, titled
from licenseonline.kit import rights
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.sales import vendor_formats
from licenseonline.sales.models import FormatKind, FormatPurpose, VendorFormat

_HELP = gettext_lazy(
    "1行に1列ずつ「メーカーの見出し=項目」の形で入力します（例：商品コード=型番）。空欄の場合は、すべての項目を標準の見出しで扱います。"
)


class ColumnsField(forms.CharField):
    """Columns as lines; which values there are is known when the purpose is."""

    widget = forms.Textarea(attrs={"class": " ".join(TEXTAREA_CLASSES), "rows": 10})

    def prepare_value(self, value: Any) -> Any:
        """As the desk writes them; what was typed and refused comes back as it was."""
        if isinstance(value, list):
            labels = {name: str(label) for values in vendor_formats.VALUES.values() for name, label in values.items()}
            return "\n".join(f"{heading}={labels.get(name, name)}" for heading, name in value)
        return value


class VendorFormatForm(SettingForm):
    """A format; its columns are checked against its purpose."""

    columns = ColumnsField(label=gettext_lazy("列の対応"), required=False, help_text=_HELP)
    encoding = forms.ChoiceField(
        label=gettext_lazy("文字コード（CSVの発注書）"),
        choices=list(vendor_formats.ENCODINGS.items()),
        widget=forms.Select(attrs={"class": " ".join(SELECT_CLASSES)}),
    )

    def clean(self) -> dict[str, Any]:
        """The columns as they are kept."""
        data = super().clean()
        purpose = data.get("purpose")
        if purpose in FormatPurpose.values and "columns" in data:
            try:
                data["columns"] = vendor_formats.read(purpose, data["columns"])
            except Refused as refusal:
                self.add_error("columns", refusal.message)
            if purpose != FormatPurpose.ORDER and data.get("kind") == FormatKind.PDF:
                self.add_error("kind", _("PDF は読み取れません。CSV または Excel を選択してください。"))
        return data


class VendorsAdmin(EditableAdmin):
    """Settings of who orders from vendors."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who orders from vendors."""
        return _orders(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Who orders from vendors."""
        return _orders(request)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Who orders from vendors."""
        return _orders(request)


class VendorFormatAdmin(VendorsAdmin):
    """All formats."""

    names = (gettext_lazy("メーカーの書式"), gettext_lazy("メーカーの書式"))
    form = VendorFormatForm
    labels: ClassVar[dict[str, Label]] = {
        "vendor": gettext_lazy("メーカー"),
        "purpose": gettext_lazy("用途"),
        "kind": gettext_lazy("ファイルの種類"),
        "encoding": gettext_lazy("文字コード（CSVの発注書）"),
        "email": gettext_lazy("発注書の送り先"),
        "columns": gettext_lazy("列の対応"),
    }
    helps: ClassVar[dict[str, Label]] = {
        "email": gettext_lazy("発注書をメールで受け付けるメーカーの宛先です。発注の画面に表示します。"),
    }
    list_select_related = ("vendor",)
    list_filter: ClassVar = [
        ("vendor", titled(gettext_lazy("メーカー"), RelatedFieldListFilter)),
        ("purpose", titled(gettext_lazy("用途"), ChoicesFieldListFilter)),
    ]
    search_fields = ("vendor__name",)
    search_help_text = gettext_lazy("メーカーで検索")
    ordering = ("vendor__kana", "purpose")

    @display(description=gettext_lazy("列"), empty_value="－")
    def headings(self, obj: VendorFormat) -> str:
        """The headings in their order."""
        return "、".join(heading for heading, _name in vendor_formats.columns(obj))  # house: between headings

    @display(description=gettext_lazy("見本"))
    def sample(self, obj: VendorFormat) -> str:
        """A file in this form, as far as it is saved: its headings with an example below, and of an order the file itself."""
        shown = vendor_formats.SAMPLE[obj.purpose]
        columns = vendor_formats.columns(obj)
        cells = format_html_join("", "<th scope='col'>{}</th>", ((heading,) for heading, _name in columns))
        values = format_html_join(
            "", "<td class='desk-nowrap'>{}</td>", ((_shown(shown[name]),) for _h, name in columns)
        )
        table = format_html(
            "<div class='desk-scroll' tabindex='0' role='region' aria-label='{}'><table class='desk-table'><thead><tr>{}</tr></thead>"
            "<tbody><tr>{}</tr></tbody></table></div>",
            _("見本"), cells, values,
        )  # fmt: skip
        if obj.purpose != FormatPurpose.ORDER:
            return table
        link = reverse("backoffice:vendor_format_sample", args=[obj.pk])
        return format_html("{}<a class='desk-link' href='{}'>{}</a>", table, link, _("見本の発注書を保存"))

    def get_fields(self, request: HttpRequest, obj: VendorFormat | None = None) -> tuple[str, ...]:
        """What is not saved yet has nothing to show."""
        return (*self.labels, "sample") if obj else tuple(self.labels)

    def get_readonly_fields(self, request: HttpRequest, obj: VendorFormat | None = None) -> tuple[str, ...]:
        """The sample."""
        return ("sample",) if obj else ()

    list_display = (
        column(gettext_lazy("メーカー"), "vendor__name"),
        column(gettext_lazy("用途"), "purpose"),
        column(gettext_lazy("ファイルの種類"), "kind"),
        "headings",
    )


def _shown(value: object) -> object:
    return date_format(value) if isinstance(value, date) else value


def _orders(request: HttpRequest) -> bool:
    by = request.user
    return isinstance(by, User) and rights.allowed(by, Right.ORDER_FROM_VENDORS)


ADMINS = {VendorFormat: VendorFormatAdmin}
