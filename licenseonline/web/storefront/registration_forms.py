"""新規会員登録: the company and its person."""

from typing import ClassVar, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import Company
from licenseonline.accounts.passwords import LEAST, MOST
from licenseonline.accounts.registrations import Application
from licenseonline.kit import postal_codes
from licenseonline.web.fields import (
    AddressForm,
    CorporateNumberField,
    KanaField,
    LineField,
    MailField,
    PhoneField,
)


class RegistrationForm(AddressForm):
    """Everything at once; the address's fields are AddressForm's."""

    company_name = LineField(
        label=_("会社名・団体名"),
        max_length=120,
        help_text=_("株式会社なども省略せずに入力してください。見積書・請求書の宛名になります。"),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    company_kana = KanaField(
        label=_("会社名・団体名（フリガナ）"), max_length=120, help_text=_("例：カブシキガイシャアオゾラセイサクショ")
    )
    kind = forms.ChoiceField(
        label=_("区分"),
        choices=Company.Kind.choices,
        error_messages={
            "required": _("区分を選択してください。"),
            "invalid_choice": _("区分を選択してください。"),
        },
        widget=forms.RadioSelect,
        help_text=_("教育機関・官公庁向けの製品は、該当する区分の方だけがご購入いただけます。"),
    )
    corporate_number = CorporateNumberField(
        label=_("法人番号"), required=False, help_text=_("13桁の数字。おわかりの場合にご入力ください。")
    )
    phone = PhoneField(
        label=_("電話番号"),
        help_text=_("例：03-1234-5678"),
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )
    fax = PhoneField(label=_("FAX番号"), required=False)
    name = LineField(
        label=_("お名前"),
        max_length=60,
        help_text=_("例：青空 花子"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    kana = KanaField(label=_("お名前（フリガナ）"), max_length=60, help_text=_("例：アオゾラ ハナコ"))
    department = LineField(label=_("部署"), max_length=80, required=False)
    title = LineField(
        label=_("役職"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    email = MailField(autocomplete="username", help_text=_("確認のメールをお送りします。ログインにも使用します。"))
    password = forms.CharField(
        label=_("パスワード"),
        strip=False,
        help_text=_(
            "%(least)s文字以上。関係のない言葉をいくつかつなげると、長くても覚えやすくなります。空白も使えます。"
        )
        % {"least": LEAST},
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
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    # As on the page, for the list of errors.
    field_order: ClassVar[list[str]] = [  # type: ignore[misc]  # the stubs take it for an instance's
        "company_name", "company_kana", "kind", "corporate_number",
        "postal_code", "prefecture", "city", "street", "building", "phone", "fax",
        "name", "kana", "department", "title", "email", "password", "newsletter", "terms", "antisocial",
    ]  # fmt: skip

    def application(self, *, source: str, network: str) -> Application:
        """What the verb takes; an invitation's address is not typed."""
        given = {"email": "", **self.cleaned_data}
        for name in ("password", "terms", "antisocial", "key"):
            del given[name]
        return Application(**given, source=source, network=network)

    def with_address(self) -> tuple[Self, bool]:
        """The same form, filled in and without errors, with the place of its postal code; and whether it was found."""
        typed = {name: self.data.get(name, "") for name in self.fields if name != "password"}
        place = postal_codes.look_up(typed["postal_code"][:40])
        if place is not None:
            typed |= {"prefecture": place.prefecture, "city": place.city, "street": place.street}
        return type(self)(initial=typed), place is not None


class InvitedForm(RegistrationForm):
    """As somebody fills it in whose mail address the invitation names."""

    email = None  # type: ignore[assignment]  # Django's way to leave a field out


class ConfirmForm(forms.Form):
    """The password of the registration, before it is completed."""

    password = forms.CharField(
        label=_("パスワード"),
        max_length=MOST,
        strip=False,
        error_messages={"required": _("パスワードを入力してください。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
