"""What members type."""

import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

from licenseonline.web.fields import LineField


class QuantityField(forms.IntegerField):
    """A number of licences, in any width (１０) and with separators (1,000); the SKU's own rules are the verb's."""

    default_error_messages = {"invalid": _("数量は半角の整数で入力してください（例：10）。")}

    def to_python(self, value: object) -> int | None:
        """The whole number, or a sentence that says how to write one."""
        return super().to_python(unicodedata.normalize("NFKC", str(value or "")).replace(",", "").strip()[:20])


class CartLineForm(forms.Form):
    """One SKU and how many of it."""

    sku_id = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    quantity = QuantityField(error_messages={"required": _("数量を入力してください。")})


class QuoteForm(forms.Form):
    """What a member may say about a new quotation."""

    subject = LineField(
        label=_("件名"),
        required=False,
        max_length=100,
        help_text=_("見積書に記載します。社内での管理にお使いください（100文字まで、省略できます）。"),
        error_messages={"max_length": _("件名は100文字以内で入力してください。")},
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False)


class OrderForm(forms.Form):
    """The member's agreement to what the confirmation page shows."""

    terms = forms.BooleanField(
        label=_("上記の販売条件と注文内容を確認し、同意します"),
        error_messages={
            "required": _("ご注文には販売条件への同意が必要です。内容をご確認のうえチェックを入れてください。")
        },
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False)
