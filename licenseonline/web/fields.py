"""Fields for what people in Japan type: any width, any hyphen, hiragana or katakana; cleaned as it is stored.

Each says in its error how to write it. An Address is in `AddressForm`, for whichever form has one.
"""

import unicodedata
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from licenseonline.kit import contacts, corporate_numbers, postal_codes
from licenseonline.kit.errors import Refused
from licenseonline.kit.text import squash

_MAIL: Final = _("メールアドレス")
_MAIL_MOST: Final = 254


class LineField(forms.CharField):
    """One line of text without invisible characters; cleaned before it is measured, for composing can make it longer."""

    def __init__(self, *, label: Any, **options: Any) -> None:
        messages = {
            "required": format_lazy(_("{label}を入力してください。"), label=label),
            "max_length": format_lazy(_("{label}は%(limit_value)s文字以内で入力してください。"), label=label),
            **options.pop("error_messages", {}),
        }
        super().__init__(label=label, error_messages=messages, **options)

    def to_python(self, value: object) -> str:
        """As typed, squashed."""
        return squash(super().to_python(value) or "")


class _NormalizedField(LineField):
    """A line with one spelling, found by a function of the kit that refuses what it cannot read."""

    attrs: ClassVar[dict[str, str]] = {}

    def normalize(self, text: str) -> str:
        """As it is stored; Refused with a sentence that says how to write it."""
        return text

    def to_python(self, value: object) -> str:
        """As it is stored, or the sentence that says how to write it."""
        try:
            return self.normalize(super().to_python(value))
        except Refused as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """The keyboard to show, and no length: what is typed may be longer than what is stored."""
        return {key: text for key, text in super().widget_attrs(widget).items() if key != "maxlength"} | self.attrs


class KanaField(_NormalizedField):
    """A reading, stored in full-width katakana."""

    def normalize(self, text: str) -> str:
        """By the kit."""
        return contacts.kana(text)


class PhoneField(_NormalizedField):
    """A Japanese telephone or fax number."""

    attrs: ClassVar[dict[str, str]] = {"inputmode": "tel"}

    def normalize(self, text: str) -> str:
        """By the kit."""
        return contacts.phone(text)


class PostalCodeField(_NormalizedField):
    """A postal code, stored as 100-0001. The script that fills the address begins at `data-postal-code`."""

    attrs: ClassVar[dict[str, str]] = {"inputmode": "numeric", "autocomplete": "postal-code", "class": "input-short"}

    def normalize(self, text: str) -> str:
        """By the kit."""
        return postal_codes.normalize(text)


class CorporateNumberField(_NormalizedField):
    """法人番号, stored as thirteen digits whose check digit is right."""

    attrs: ClassVar[dict[str, str]] = {"inputmode": "numeric"}

    def normalize(self, text: str) -> str:
        """By the kit."""
        return corporate_numbers.normalize(text)


class PrefectureField(forms.ChoiceField):
    """One of the 47."""

    def __init__(self, **options: Any) -> None:
        choices = [("", _("選択してください")), *((name, name) for name in contacts.PREFECTURES)]
        messages = {"required": _("都道府県を選択してください。"), "invalid_choice": _("都道府県を選択してください。")}
        attrs = {"autocomplete": "address-level1", "class": "input-short"}
        options = {"label": _("都道府県"), "error_messages": messages, "widget": forms.Select(attrs=attrs), **options}
        super().__init__(choices=choices, **options)


class MailField(forms.EmailField):
    """A mail address. Who compares or stores it normalises it."""

    def __init__(self, *, label: Any = _MAIL, autocomplete: str = "email", **options: Any) -> None:
        messages = {
            "required": format_lazy(_("{label}を入力してください。"), label=label),
            "invalid": _("メールアドレスの形式をご確認ください（例：hanako@example.co.jp）。"),
            "max_length": _("メールアドレスは254文字以内で入力してください。"),
            **options.pop("error_messages", {}),
        }
        widget = forms.EmailInput(attrs={"autocomplete": autocomplete, "inputmode": "email"})
        options = {"max_length": _MAIL_MOST, "widget": widget, **options}
        super().__init__(label=label, error_messages=messages, **options)

    def to_python(self, value: object) -> str:
        """In its plain width, so that ｈａｎａｋｏ＠… is an address too; its case stays as typed."""
        return unicodedata.normalize("NFKC", squash(super().to_python(value) or ""))


class AddressForm(forms.Form):
    """A place in Japan, in the parts of `accounts.models.companies.Address`."""

    postal_code = PostalCodeField(label=_("郵便番号"), help_text=_("7桁の数字（例：100-0001）"))
    prefecture = PrefectureField()
    city = LineField(
        label=_("市区町村"),
        max_length=60,
        help_text=_("例：千代田区"),
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    street = LineField(
        label=_("町名・番地"),
        max_length=200,
        help_text=_("例：千代田1-1"),
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    building = LineField(
        label=_("建物名・部屋番号"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-line2"}),
    )
