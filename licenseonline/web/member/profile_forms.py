"""What members change under 会員情報."""

from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.company_changes import Names
from licenseonline.accounts.models import BillingContact, Company, Member
from licenseonline.kit import postal_codes
from licenseonline.kit.errors import Refused
from licenseonline.records import uploads
from licenseonline.web.fields import (
    AddressForm,
    CorporateNumberField,
    KanaField,
    LineField,
    MailField,
    PhoneField,
)


class PasswordAgainField(forms.CharField):
    """The present password, asked for again; never shown."""

    def __init__(self, **options: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        messages = {"required": _("今お使いのパスワードを入力してください。")}
        options = {"label": _("今のパスワード"), "help_text": _("ご本人の確認のため、入力をお願いします。"), **options}
        super().__init__(max_length=200, strip=False, widget=widget, error_messages=messages, **options)


class AddressSearchForm(AddressForm):
    """An address with 「住所を検索」 for browsers without our script."""

    def with_address(self) -> tuple[Self, bool]:
        """The same form as it was typed, without errors, with the place of its postal code; and whether it was found."""
        typed = {name: self.data.get(name, "") for name in self.fields}
        place = postal_codes.look_up(typed["postal_code"][:40])
        if place is not None:
            typed |= {"prefecture": place.prefecture, "city": place.city, "street": place.street}
        return type(self)(initial=typed), place is not None


class PersonForm(forms.Form):
    """お客様情報."""

    name = LineField(label=_("お名前"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    kana = KanaField(
        label=_("フリガナ"), max_length=60, help_text=_("全角カタカナ（ひらがなや半角で入力しても構いません）")
    )
    department = LineField(label=_("部署"), max_length=80, required=False)
    title = LineField(
        label=_("役職"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    phone = PhoneField(
        label=_("電話番号"), max_length=20, required=False, help_text=_("市外局番から（例：03-1234-5678）")
    )

    @classmethod
    def initial_of(cls, member: Member) -> dict[str, str]:
        """As stored."""
        return {name: getattr(member, name) for name in cls.base_fields}


class CompanyForm(AddressSearchForm):
    """会社情報: what administrators change by themselves."""

    field_order = ("kind", "postal_code", "prefecture", "city", "street", "building", "phone", "fax")

    kind = forms.ChoiceField(
        label=_("区分"), choices=Company.Kind.choices, widget=forms.Select(attrs={"class": "input-short"})
    )
    phone = PhoneField(label=_("電話番号"), max_length=20, help_text=_("市外局番から（例：03-1234-5678）"))
    fax = PhoneField(label=_("FAX番号"), max_length=20, required=False)

    @classmethod
    def initial_of(cls, company: Company) -> dict[str, str]:
        """As stored."""
        return {name: getattr(company, name) for name in cls.base_fields}


class CompanyNameForm(forms.Form):
    """会社名・法人番号: asked for with a paper."""

    name = LineField(label=_("会社名"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    kana = KanaField(
        label=_("会社名（フリガナ）"),
        max_length=120,
        help_text=_("全角カタカナ（ひらがなや半角で入力しても構いません）"),
    )
    corporate_number = CorporateNumberField(
        label=_("法人番号"), max_length=13, required=False, help_text=_("13桁の数字。お持ちでない場合は空欄のまま")
    )
    paper = forms.FileField(
        label=_("確認書類"),
        help_text=_("登記事項証明書など、新しい会社名・法人番号がわかる書類（PDF・PNG・JPEG、10MBまで）"),
        error_messages={
            "required": _("確認書類のファイルを選択してください。"),
            "empty": _("ファイルの中身が空です。別のファイルを選択してください。"),
        },
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/png,image/jpeg"}),
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_paper(self) -> uploads.Upload:
        """Judged by its bytes."""
        try:
            return uploads.check(self.cleaned_data["paper"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from None

    @property
    def names(self) -> Names:
        """What the verb takes."""
        given = self.cleaned_data
        return Names(name=given["name"], kana=given["kana"], corporate_number=given["corporate_number"])


class BillingForm(AddressSearchForm):
    """請求先情報; with `same` ticked the rest does not count."""

    field_order = (
        "same", "name", "department", "person", "postal_code", "prefecture", "city", "street", "building", "phone",
        "email",
    )  # fmt: skip

    same = forms.BooleanField(
        label=_("会社情報と同じにする"),
        required=False,
        help_text=_("チェックを入れると、下の欄の内容は使わず、会社名とご住所をそのまま請求先にします。"),
    )
    name = LineField(label=_("請求先の会社名"), max_length=120)
    department = LineField(label=_("部署"), max_length=80, required=False, help_text=_("例：経理部"))
    person = LineField(label=_("ご担当者名"), max_length=60)
    phone = PhoneField(label=_("電話番号"), max_length=20, help_text=_("市外局番から（例：03-1234-5678）"))
    email = MailField(help_text=_("ご請求に関するご連絡先"))

    def clean(self) -> dict[str, Any]:
        """Errors below a ticked box are nobody's concern."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("same"):
            self.errors.clear()
        return cleaned

    @classmethod
    def initial_of(cls, company: Company, contact: BillingContact | None, member: Member) -> dict[str, Any]:
        """As stored, or the company's own to begin with."""
        if contact is not None:
            return {name: getattr(contact, name) for name in cls.base_fields if name != "same"}
        shared = ("name", "postal_code", "prefecture", "city", "street", "building", "phone")
        own = {name: getattr(company, name) for name in shared}
        return {**own, "person": member.name, "email": member.email, "same": True}


class EmailForm(forms.Form):
    """メールアドレスの変更."""

    email = MailField(
        label=_("新しいメールアドレス"), help_text=_("このアドレスに、変更を完了するためのURLをお送りします。")
    )
    current = PasswordAgainField()


class NewsletterForm(forms.Form):
    """メールマガジンの配信設定."""

    newsletter = forms.BooleanField(label=_("メールマガジンの配信を希望する"), required=False)


class WithdrawalForm(forms.Form):
    """退会手続き."""

    confirmed = forms.BooleanField(
        label=_("上記を確認し、退会します"),
        error_messages={"required": _("退会するには、内容をご確認のうえチェックを入れてください。")},
    )
    current = PasswordAgainField()
