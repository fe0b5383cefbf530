"""What vendors want to know of the end user: versioned forms that buyers fill in online."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.admin import RelatedFieldListFilter, display
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import SELECT_CLASSES, TEXTAREA_CLASSES

from licenseonline.backoffice.editable import SettingForm
from licenseonline.backoffice.read_only import Label, column, titled
from licenseonline.backoffice.vendor_settings import VendorsAdmin
from licenseonline.catalog.models import PurchaseType
from licenseonline.kit import states
from licenseonline.kit.errors import Refused
from licenseonline.sales import form_fields
from licenseonline.sales.models import EndUserSheet, VendorForm

_HELP = gettext_lazy(
    "1行に1項目を「表示名｜種類｜必須または任意｜初期値｜メーカーの見出し｜文字数｜選択肢」の順に入力します（例：会社名・団体名｜文字｜必須｜会社名｜使用者名｜60）。後ろの部分は省略できます。"
)


class FieldsField(forms.CharField):
    """Fields as lines."""

    widget = forms.Textarea(attrs={"class": " ".join(TEXTAREA_CLASSES), "rows": 14})

    def prepare_value(self, value: Any) -> Any:
        """As the desk writes them; what was typed and refused comes back as it was."""
        return form_fields.written(value) if isinstance(value, list) else value


class VendorFormForm(SettingForm):
    """One version; what buyers have filled in stays as it was asked."""

    def clean(self) -> dict[str, Any]:
        """The fields as they are kept. Refused: a version that was filled in already."""
        data = super().clean()
        if "fields" in data:
            try:
                data["fields"] = form_fields.read(data["fields"], self.instance.fields or [])
            except Refused as refusal:
                self.add_error("fields", refusal.message)
        is_asked_otherwise = data.get("fields") != self.initial.get("fields") or set(self.changed_data) - {"fields"}
        if is_asked_otherwise and _is_used(self.instance):
            message = _(
                "この版はすでに記入に使われています。変更する場合は、新しい版（番号と適用開始日）を追加してください。"
            )
            self.add_error(None, message)
        return data


class VendorFormAdmin(VendorsAdmin):
    """All versions of all forms."""

    names = (gettext_lazy("エンドユーザー情報の様式"), gettext_lazy("エンドユーザー情報の様式"))
    form = VendorFormForm
    labels: ClassVar[dict[str, Label]] = {
        "vendor": gettext_lazy("メーカー"),
        "name": gettext_lazy("様式の名称"),
        "version": gettext_lazy("版"),
        "from_day": gettext_lazy("適用開始日"),
        "purchase_type": gettext_lazy("購入形態"),
        "fields": gettext_lazy("項目"),
    }
    helps: ClassVar[dict[str, Label]] = {
        "name": gettext_lazy("お客様の注文のページに表示します。同じ名称の版は、新しいものに代わります。"),
        "from_day": gettext_lazy("この日以降のご注文で、この版への記入をお願いします。"),
        "purchase_type": gettext_lazy("未選択はすべての購入形態です。"),
    }
    list_select_related = ("vendor",)
    list_filter: ClassVar = [("vendor", titled(gettext_lazy("メーカー"), RelatedFieldListFilter))]
    search_fields = ("vendor__name", "name")
    search_help_text = gettext_lazy("メーカー、名称で検索")
    ordering = ("vendor__kana", "name", "-version")

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """What was filled in is kept with what was asked."""
        return super().has_delete_permission(request, obj) and not _is_used(obj)

    def formfield_for_dbfield(self, db_field: models.Field[Any, Any], request: HttpRequest, **given: Any) -> Any:
        """The fields as lines, the purchase type as a choice."""
        if db_field.name == "fields":
            return FieldsField(label=db_field.verbose_name, help_text=_HELP)
        if db_field.name == "purchase_type":
            choices = [("", _("すべて")), *PurchaseType.choices]
            widget = forms.Select(attrs={"class": " ".join(SELECT_CLASSES)})
            return forms.ChoiceField(label=db_field.verbose_name, choices=choices, required=False, widget=widget)
        return super().formfield_for_dbfield(db_field, request, **given)

    @display(description=gettext_lazy("購入形態"), ordering="purchase_type")
    def of(self, obj: VendorForm) -> str:
        """Empty is for all."""
        return states.label(PurchaseType, obj.purchase_type) if obj.purchase_type else _("すべて")

    @display(description=gettext_lazy("項目"))
    def asked(self, obj: VendorForm) -> str:
        """The labels in their order."""
        return "、".join(field["label"] for field in obj.fields)  # house: between labels

    list_display = (
        column(gettext_lazy("メーカー"), "vendor__name"),
        column(gettext_lazy("様式の名称"), "name"),
        column(gettext_lazy("版"), "version"),
        column(gettext_lazy("適用開始日"), "from_day"),
        "of",
        "asked",
    )


def _is_used(obj: models.Model | None) -> bool:
    return (
        obj is not None and obj.pk is not None and EndUserSheet.objects.filter(form_id=obj.pk).exists()
    )  # house: of any store


ADMINS = {VendorForm: VendorFormAdmin}
