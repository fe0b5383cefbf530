"""What visitors of the platform fill in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FindStoresForm(forms.Form):
    """The mail address whose stores someone looks for."""

    email = forms.EmailField(
        label=_("ご登録のメールアドレス"),
        max_length=254,
        error_messages={
            "required": _("メールアドレスを入力してください。"),
            "invalid": _("メールアドレスの形式をご確認ください。"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
