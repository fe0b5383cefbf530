"""What somebody invited fills in; company and mail address are known."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.invitations import Person
from licenseonline.accounts.passwords import LEAST, MOST
from licenseonline.web.fields import KanaField, LineField, PhoneField


class InvitedForm(forms.Form):
    """The person, the password, and what they agree to."""

    name = LineField(
        label=_("お名前"),
        max_length=60,
        help_text=_("例：青空 花子"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    kana = KanaField(label=_("お名前（フリガナ）"), max_length=60, help_text=_("例：アオゾラ ハナコ"))
    department = LineField(label=_("部署"), max_length=80, required=False)
    phone = PhoneField(
        label=_("電話番号"),
        required=False,
        help_text=_("例：03-1234-5678"),
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )
    password = forms.CharField(
        label=_("パスワード"),
        strip=False,
        help_text=format_lazy(
            _("{least}文字以上。関係のない言葉をいくつかつなげると、長くても覚えやすくなります。空白も使えます。"),
            least=LEAST,
        ),
        error_messages={"required": _("パスワードを入力してください。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "maxlength": MOST}),
    )
    newsletter = forms.BooleanField(
        label=_("メールマガジンを受け取る"),
        required=False,
        help_text=_("このストアのキャンペーンや新製品をご案内します。いつでも停止できます。"),
    )
    terms = forms.BooleanField(
        label=_("利用規約と販売条件に同意します"),
        error_messages={"required": _("ご登録には同意が必要です。内容をご確認のうえ、チェックを入れてください。")},
    )
    antisocial = forms.BooleanField(
        label=_("当社（当団体）は反社会的勢力に該当せず、関係も有していないことを表明します"),
        error_messages={"required": _("内容をご確認のうえ、チェックを入れてください。")},
    )
    terms_version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def person(self) -> Person:
        """What the verb takes."""
        given = self.cleaned_data
        return Person(
            name=given["name"],
            kana=given["kana"],
            department=given["department"],
            phone=given["phone"],
            password=given["password"],
            newsletter=given["newsletter"],
            terms=given["terms_version"],
        )
