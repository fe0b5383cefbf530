"""What is typed around passwords: the address for a reissue, old and new passwords, codes."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts import passwords
from licenseonline.web.fields import MailField


class PasswordField(forms.CharField):
    """A password that the page never shows again. How long and how good it must be is the verb's to say."""

    def __init__(self, *, label: Any, autocomplete: str, **options: Any) -> None:
        messages = {
            "required": format_lazy(_("{label}を入力してください。"), label=label),
            "max_length": format_lazy(_("{label}は%(limit_value)s文字以内で入力してください。"), label=label),
            "null_characters_not_allowed": _("パスワードに使えない文字が含まれています。"),
        }
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        options = {"strip": False, "max_length": passwords.MOST, "widget": widget, **options}
        super().__init__(label=label, error_messages=messages, **options)


def _current() -> PasswordField:
    return PasswordField(label=_("今のパスワード"), autocomplete="current-password")


class ReissueForm(forms.Form):
    """The address to which a 仮パスワード is to go."""

    email = MailField(label=_("ご登録メールアドレス"), autocomplete="username")


class NewPasswordForm(forms.Form):
    """The password after a 仮パスワード."""

    password = PasswordField(label=_("新しいパスワード"), autocomplete="new-password")

    def __init__(self, *args: Any, least: int = passwords.LEAST, **options: Any) -> None:
        super().__init__(*args, **options)
        hint = _(
            "{least}文字以上で設定してください。文字の種類は問いません。空白や日本語も使えます。"
            "関係のない言葉をいくつかつなげると、長くても覚えやすくなります。"
        )
        self.fields["password"].help_text = format_lazy(hint, least=least)


class PasswordChangeForm(NewPasswordForm):
    """The password of now and the next."""

    field_order = ("current", "password")

    current = _current()


class CurrentPasswordForm(forms.Form):
    """The password again, before something important."""

    current = _current()


class CodeForm(forms.Form):
    """A code of the authenticator app, or, at sign-in, a recovery code."""

    code = forms.CharField(
        label=_("確認コード"),
        max_length=40,
        error_messages={
            "required": _("確認コードを入力してください。"),
            "max_length": _("確認コードは6桁の数字です。"),
        },
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "none",
                "spellcheck": "false",
                "class": "input-short",
            }
        ),
    )
