"""社内承認: what a company's administrators set, whom a quotation is handed to, and what an approver answers."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licenseonline.sales.models import Approver, Decision
from licenseonline.web.fields import LineField, MailField

_MOST_YEN = 10**12


class YenField(forms.IntegerField):
    """Whole yen, in any width and with separators; empty is without limit."""

    default_error_messages = {
        "invalid": _("金額は円単位の整数で入力してください（例：500,000）。"),
        "min_value": _("金額は0円以上で入力してください。"),
        "max_value": _("金額が大きすぎます。上限なしの場合は空欄にしてください。"),
    }

    def __init__(self, *, label: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            min_value=0,
            max_value=_MOST_YEN,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-short"}),
        )

    def to_python(self, value: object) -> int | None:
        """The whole number of yen, or None."""
        text = unicodedata.normalize("NFKC", str("" if value is None else value))
        return super().to_python(re.sub(r"[,\s¥\\\u5186]", "", text)[:20])


class PolicyForm(forms.Form):
    """Whether approval is asked for, and from which amount on."""

    is_on = forms.BooleanField(label=_("ご注文の前に社内承認を必要とする"), required=False)
    buyer_limit_yen = YenField(label=_("購買担当の方が承認なしでご注文いただける金額（税込、円）"))
    admin_limit_yen = YenField(label=_("管理者の方が承認なしでご注文いただける金額（税込、円）"))


class ApproverForm(forms.Form):
    """Who may say yes."""

    name = LineField(label=_("承認者のお名前"), max_length=60)
    email = MailField(autocomplete="off", help_text=_("承認のご依頼をこのアドレスへお送りします。会員登録は不要です。"))
    limit_yen = YenField(label=_("承認いただける金額の上限（税込、円。空欄は上限なし）"))


class LinkForm(forms.Form):
    """For whom a link is: an approver, or anybody, in words."""

    approver = forms.ModelChoiceField(
        label=_("承認者"),
        queryset=Approver.objects.none(),  # house: of nobody; the view puts the company's in
        required=False,
        empty_label=_("閲覧のみ（承認は依頼しません）"),
        error_messages={"invalid_choice": _("承認者を一覧から選択してください。")},
    )
    label = LineField(
        label=_("閲覧される方（メモ）"),
        required=False,
        max_length=60,
        help_text=_("閲覧のみの場合に、どなたに渡すURLかを控えておけます（60文字まで）。"),
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)


class DecisionForm(forms.Form):
    """承認 or 差戻し, of the revision that the page showed."""

    decision = forms.ChoiceField(
        choices=Decision.choices,
        error_messages={
            "required": _("承認または差戻しを選択してください。"),
            "invalid_choice": _("承認または差戻しを選択してください。"),
        },
    )
    comment = forms.CharField(
        label=_("コメント"),
        required=False,
        max_length=1000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("差戻しの場合は理由を入力してください。ご依頼された方にメールでお伝えします（1000文字まで）。"),
        error_messages={"max_length": _("コメントは1000文字以内で入力してください。")},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32767)
