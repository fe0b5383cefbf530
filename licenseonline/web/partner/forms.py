"""What a partner's staff fill in."""

import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

from licenseonline.kit.text import squash


def folded_digits(text: str) -> str:
    """The digits of a code, in any width and with any spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def folded_spid(text: str) -> str:
    """An SPID as issued; never empty, for without an SPID the operator's staff would be meant."""
    spid = squash(unicodedata.normalize("NFKC", text)).upper()
    if not spid:
        raise forms.ValidationError(_("SPIDを入力してください。"), code="required")
    return spid


class SignInForm(forms.Form):
    """SPID, mail address, password and the code of the second factor."""

    spid = forms.CharField(
        label=_("SPID"),
        max_length=20,
        help_text=_("セールスパートナーID。ご契約時のご案内に記載しています（例：SP10001）。"),
        error_messages={"required": _("SPIDを入力してください。")},
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autocapitalize": "characters"}),
    )
    email = forms.CharField(
        label=_("メールアドレス"),
        max_length=254,
        error_messages={"required": _("メールアドレスを入力してください。")},
        widget=forms.EmailInput(attrs={"autocomplete": "username", "inputmode": "email"}),
    )
    password = forms.CharField(
        label=_("パスワード"),
        max_length=200,
        strip=False,
        error_messages={"required": _("パスワードを入力してください。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("確認コード"),
        max_length=20,
        help_text=_("認証アプリに表示される6桁の数字です。"),
        error_messages={"required": _("確認コードを入力してください。")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "input-short"}),
    )

    def clean_spid(self) -> str:
        """As issued; never empty."""
        return folded_spid(self.cleaned_data["spid"])

    def clean_code(self) -> str:
        """The digits alone, in any width."""
        return folded_digits(self.cleaned_data["code"])
