"""What a member may say about a new quotation (見積作成)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import Member
from licenseonline.kit import clock
from licenseonline.kit.text import squash
from licenseonline.sales.particulars import Addressee, EndUser, Particulars
from licenseonline.web.fields import KanaField, LineField, MailField, PhoneField, PostalCodeField

_ADDRESSEE = ("company", "department", "person", "postal_code", "address")
_END_USER = ("company", "kana", "department", "person", "postal_code", "address", "phone", "email")


class QuoteForm(forms.Form):
    """Everything but the subject is folded away: most quotations need none of it."""

    subject = LineField(
        label=_("件名"),
        required=False,
        max_length=100,
        help_text=_("見積書に記載します。社内での管理にお使いください（100文字まで、省略できます）。"),
        error_messages={"max_length": _("件名は100文字以内で入力してください。")},
    )
    wished_on = forms.DateField(
        label=_("納品希望日"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "input-short"}, format="%Y-%m-%d"),
        help_text=_("ご希望として見積書に記載します。納品日をお約束するものではありません。"),
        error_messages={"invalid": _("日付は 2027-04-01 のように入力してください。")},
    )
    po_number = LineField(
        label=_("貴社の注文番号・管理番号"), required=False, max_length=40, help_text=_("例：PO-2027-0012")
    )
    note = forms.CharField(
        label=_("備考"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("見積書に記載し、当ストアの窓口も拝見します（400文字まで）。"),
        error_messages={"max_length": _("備考は400文字以内で入力してください。")},
    )
    to_company = LineField(label=_("会社名・団体名"), required=False, max_length=120)
    to_department = LineField(label=_("部署"), required=False, max_length=80)
    to_person = LineField(
        label=_("ご担当者・代表者"),
        required=False,
        max_length=60,
        help_text=_("空欄にすると「御中」、入力すると「様」を付けて記載します。"),
    )
    to_postal_code = PostalCodeField(label=_("郵便番号"), required=False)
    to_address = LineField(label=_("住所"), required=False, max_length=300)
    user_company = LineField(label=_("会社名・団体名"), required=False, max_length=120)
    user_kana = KanaField(label=_("フリガナ"), required=False, max_length=120)
    user_department = LineField(label=_("部署"), required=False, max_length=80)
    user_person = LineField(label=_("ご担当者"), required=False, max_length=60)
    user_postal_code = PostalCodeField(label=_("郵便番号"), required=False)
    user_address = LineField(label=_("住所"), required=False, max_length=300)
    user_phone = PhoneField(label=_("電話番号"), required=False, max_length=20)
    user_email = MailField(required=False)
    blank_date = forms.BooleanField(label=_("見積書の発行日を空欄にする"), required=False)
    names_representative = forms.BooleanField(label=_("見積書に販売者の代表者名を記載する"), required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, member: Member) -> None:
        """The addressee is the member, as registered, until another one is typed."""
        company = member.company
        mine = (company.name, member.department, member.name, company.postal_code, company.address)
        super().__init__(data, initial={f"to_{name}": value for name, value in zip(_ADDRESSEE, mine, strict=True)})
        if not member.store.seller_representative:
            del self.fields["names_representative"]

    def clean_note(self) -> str:
        """Lines of text, without invisible characters."""
        lines = [squash(line) for line in str(self.cleaned_data["note"]).splitlines()]
        return "\n".join(lines).strip()

    def clean_wished_on(self) -> Any:
        """A day to come."""
        day = self.cleaned_data["wished_on"]
        if day and day < clock.today():
            raise forms.ValidationError(_("納品希望日は本日以降の日付を入力してください。"))
        return day

    def clean(self) -> dict[str, Any]:
        """An end user or addressee has a name."""
        given = super().clean() or self.cleaned_data
        for part, names in (("to", _ADDRESSEE), ("user", _END_USER)):
            if any(given.get(f"{part}_{name}") for name in names) and not given.get(f"{part}_company"):
                self.add_error(f"{part}_company", _("会社名・団体名を入力してください。"))
        return given

    @property
    def is_open(self) -> bool:
        """Whether what is folded away has something to correct."""
        return any(name not in {"subject", "__all__"} for name in self.errors)

    def part(self, name: str) -> list[forms.BoundField]:
        """The fields of one part, `to` or `user`."""
        return [self[field] for field in self.fields if field.startswith(f"{name}_")]

    def particulars(self) -> Particulars:
        """As the verb takes them."""
        given = self.cleaned_data
        addressee = {name: given[f"to_{name}"] for name in _ADDRESSEE}
        user = {name: given[f"user_{name}"] for name in _END_USER}
        return Particulars(
            subject=given["subject"],
            addressee=Addressee(**addressee) if addressee["company"] else None,
            wished_on=given["wished_on"],
            po_number=given["po_number"],
            note=given["note"],
            end_user=EndUser(**user) if user["company"] else None,
            blank_date=given["blank_date"],
            names_representative=given.get("names_representative", False),
        )
