"""What members type."""

import unicodedata
from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


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
    fit = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)  # the SKU of another band

    def __init__(self, data: Mapping[str, str]) -> None:
        """`instead` is the number of the button that was offered in place of a refused one."""
        instead = data.get("instead")
        super().__init__(
            {**{name: data.get(name, "") for name in self.base_fields}, **({"quantity": instead} if instead else {})}
        )

    @staticmethod
    def number(typed: str | None) -> int | None:
        """A number as it was typed; None for anything else."""
        try:
            found: int = QuantityField().clean(typed)
        except ValidationError:
            return None
        return found


class QuickEntryForm(forms.Form):
    """Model numbers and quantities, pasted or in a file."""

    text = forms.CharField(
        label=_("型番と数量"),
        required=False,
        max_length=20_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "class": "code", "spellcheck": "false", "autocomplete": "off"}),
        help_text=_(
            "1行に型番と数量を入力してください。表計算ソフトから貼り付けられます（タブ・カンマ・空白区切り、全角も可）。"
        ),
        error_messages={"max_length": _("一度に入力できるのは20,000文字までです。分けて入力してください。")},
    )
    file = forms.FileField(
        label=_("ファイルから読み込む"),
        required=False,
        help_text=_(
            "CSV・Excel（.xlsx、.xls、.ods）・テキスト、1MBまで。ファイルを選ぶと、上の入力欄の代わりに読み込みます。"
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods"}),
        error_messages={"empty": _("ファイルの中身が空です。")},
    )


class QuickPutForm(forms.Form):
    """What the preview showed."""

    text = forms.CharField(max_length=20_000, strip=False)
    key = forms.CharField(required=False)
