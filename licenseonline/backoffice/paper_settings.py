"""Which papers vendors want, with the reason that buyers read and a blank form."""

from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib.admin import ChoicesFieldListFilter, RelatedFieldListFilter, display
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.backoffice.editable import EditableAdmin, SettingForm
from licenseonline.backoffice.read_only import Label, column, titled
from licenseonline.backoffice.rule_settings import every
from licenseonline.catalog.models import PaperRule
from licenseonline.kit.errors import Refused
from licenseonline.records import uploads

_FORM = ("new_form", "without_form")


class PaperRuleForm(SettingForm):
    """A rule, and the blank form that goes with it."""

    new_form = forms.FileField(
        label=gettext_lazy("用紙を登録"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf", "class": "desk-file"}),
        help_text=gettext_lazy("PDF（10MBまで）。登録すると、お客様が注文のページからダウンロードできます。"),
    )
    without_form = forms.BooleanField(label=gettext_lazy("用紙を削除"), required=False)

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.initial["form_name"] = self.instance.form_name

    def clean_new_form(self) -> uploads.Upload | None:
        """A PDF, by its bytes."""
        file = self.cleaned_data["new_form"]
        if file is None:
            return None
        try:
            upload = uploads.check(file)
        except Refused as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from refusal
        if upload.content_type != "application/pdf":
            raise forms.ValidationError(_("用紙は PDF で登録してください。"), code="upload")
        return upload

    def clean(self) -> dict[str, Any]:
        """The product is one of the vendor's."""
        data = super().clean()
        product = data.get("product")
        if product is not None and product.vendor_id != getattr(data.get("vendor"), "pk", None):
            self.add_error("product", _("選択したメーカーの製品ではありません。"))
        upload = data.get("new_form")
        data["form_name"] = upload.name[:120] if upload else "" if data.get("without_form") else self.instance.form_name
        return data

    @cached_property
    def changed_data(self) -> list[str]:
        """Of the rule itself; a form is kept by its name."""
        own = super().changed_data
        return [name for name in own if name not in _FORM] + ["form_name"] * any(name in own for name in _FORM)


class PaperRuleAdmin(EditableAdmin):
    """All rules."""

    names = (gettext_lazy("必要書類の設定"), gettext_lazy("必要書類の設定"))
    form = PaperRuleForm
    labels: ClassVar[dict[str, Label]] = {
        "vendor": gettext_lazy("メーカー"),
        "product": gettext_lazy("製品"),
        "purchase_type": gettext_lazy("購入形態"),
        "program": gettext_lazy("プログラム"),
        "paper": gettext_lazy("書類"),
        "why": gettext_lazy("必要な理由（お客様に表示する文）"),
        "business_days": gettext_lazy("提出期限（営業日）"),
    }
    helps: ClassVar[dict[str, Label]] = {
        "product": gettext_lazy("空欄はメーカーのすべての製品です。"),
        "purchase_type": gettext_lazy("未選択はすべての購入形態です。"),
        "program": gettext_lazy("未選択はすべてのプログラムです。"),
        "why": gettext_lazy("製品・見積・注文のページに、そのまま表示します。"),
        "business_days": gettext_lazy("ご注文から何営業日以内にご提出いただくか。"),
    }
    list_display = (
        column(gettext_lazy("メーカー"), "vendor__name"),
        every(gettext_lazy("製品"), "product"),
        every(gettext_lazy("購入形態"), "purchase_type"),
        every(gettext_lazy("プログラム"), "program"),
        column(gettext_lazy("書類"), "paper"),
        column(gettext_lazy("提出期限（営業日）"), "business_days"),
        column(gettext_lazy("用紙"), "form_name"),
    )
    list_select_related = ("vendor", "product")
    list_filter: ClassVar = [
        ("vendor", titled(gettext_lazy("メーカー"), RelatedFieldListFilter)),
        ("paper", titled(gettext_lazy("書類"), ChoicesFieldListFilter)),
    ]
    search_fields = ("vendor__name", "product__name", "why")
    search_help_text = gettext_lazy("メーカー、製品、理由で検索")
    ordering = ("vendor__kana", "product__name", "id")

    @display(description=gettext_lazy("登録済みの用紙"), empty_value="－")
    def form_now(self, obj: PaperRule) -> str | None:
        """What is offered for download."""
        return obj.form_name or None

    def get_fields(self, request: HttpRequest, obj: PaperRule | None = None) -> tuple[str, ...]:
        """A new rule has no form to remove."""
        return (*self.labels, "form_now", *_FORM) if obj else (*self.labels, "new_form")

    def get_readonly_fields(self, request: HttpRequest, obj: PaperRule | None = None) -> tuple[str, ...]:
        """What is kept is only named."""
        return ("form_now",) if obj else ()

    def save_model(self, request: HttpRequest, obj: PaperRule, form: Any, change: bool) -> None:  # noqa: FBT001  (Django's)
        """With its blank form."""
        upload = form.cleaned_data.get("new_form")
        if upload is not None:
            obj.form_pdf = upload.content
        elif form.cleaned_data.get("without_form"):
            obj.form_pdf = b""
        obj.form_name = form.cleaned_data["form_name"]
        super().save_model(request, obj, form, change)


ADMINS = {PaperRule: PaperRuleAdmin}
