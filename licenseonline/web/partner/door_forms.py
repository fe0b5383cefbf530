"""What a partner's staff type at the doors of the console."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts import passwords
from licenseonline.web.fields import MailField
from licenseonline.web.partner.forms import SignInForm, folded_digits, folded_spid

_HINT = _(
    "{least}文字以上で設定してください。文字の種類は問いません。関係のない言葉をいくつかつなげると、長くても覚えやすくなります。"
)


class PasswordForm(forms.Form):
    """Another password. How good it must be is the verb's to say."""

    password = forms.CharField(
        label=_("新しいパスワード"),
        max_length=passwords.MOST,
        strip=False,
        help_text=format_lazy(_HINT, least=passwords.LEAST_WITH_SECOND_FACTOR),
        error_messages={"required": _("パスワードを入力してください。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class StartForm(PasswordForm):
    """The password, and the first code of the app."""

    code = forms.CharField(
        label=_("確認コード"),
        max_length=20,
        help_text=_("認証アプリに登録すると表示される6桁の数字です。"),
        error_messages={"required": _("確認コードを入力してください。")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "input-short"}),
    )

    def clean_code(self) -> str:
        """The digits alone, in any width."""
        return folded_digits(self.cleaned_data["code"])


class ReissueForm(forms.Form):
    """Who asks for another password."""

    spid = SignInForm.base_fields["spid"]
    email = MailField(label=_("ご登録メールアドレス"), autocomplete="username")

    def clean_spid(self) -> str:
        """As issued; never empty."""
        return folded_spid(self.cleaned_data["spid"])
