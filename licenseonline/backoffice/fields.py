"""Fields that take what Japanese keyboards type."""

import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import INPUT_CLASSES, SELECT_CLASSES, TEXTAREA_CLASSES

from licenseonline.kit.money import MAX_YEN
from licenseonline.kit.text import squash

_INPUT = " ".join(INPUT_CLASSES)
_DROPPED = str.maketrans("", "", ",円¥\\ ")  # house: what people type, no text of ours
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


class YenField(forms.IntegerField):
    """Whole yen; １２，３４５円 is 12345."""

    widget = forms.TextInput(attrs={"class": f"{_INPUT} desk-yen", "inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, *, least: int = 1, **options: object) -> None:
        super().__init__(min_value=least, max_value=MAX_YEN, **options)  # type: ignore[arg-type]  # a field's own options

    def to_python(self, value: object) -> int | None:
        """Fold widths and drop separators first."""
        text = unicodedata.normalize("NFKC", str(value or "")).translate(_DROPPED)
        return super().to_python(text)


class DayField(forms.DateField):
    """A day; ２０２６／１１／２３ is taken, too."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"class": _INPUT, "type": "date"})
    earliest = EARLIEST

    def to_python(self, value: Any) -> date | None:
        """Fold widths, and keep to years that a term can be added to."""
        folded = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value
        day = super().to_python(folded)
        if day is not None and not self.earliest <= day <= LATEST:
            raise forms.ValidationError(_("日付をご確認ください。"), code="invalid")
        return day


class TextField(forms.CharField):
    """One line of text, without invisible characters."""

    widget = forms.TextInput(attrs={"class": _INPUT, "autocomplete": "off"})

    def to_python(self, value: object) -> str:
        """As typed, squashed."""
        return squash(super().to_python(value) or "")


class MailField(forms.EmailField):
    """A mail address in any width."""

    widget = forms.EmailInput(attrs={"class": _INPUT, "autocomplete": "off"})

    def __init__(self, **options: object) -> None:
        required = _("メールアドレスを入力してください。")
        invalid = _("メールアドレスの形式をご確認ください（例：hanako@example.co.jp）。")
        messages = {"required": required, "invalid": invalid}
        super().__init__(max_length=254, error_messages=messages, **options)  # type: ignore[arg-type]  # a field's own options

    def to_python(self, value: object) -> str:
        """In its plain width; its case stays as typed."""
        return unicodedata.normalize("NFKC", squash(super().to_python(value) or ""))


class PickField(forms.ChoiceField):
    """One of a list."""

    widget = forms.Select(attrs={"class": " ".join(SELECT_CLASSES)})


class KeyField(forms.CharField):
    """A licence key; some vendors' keys have several lines."""

    widget = forms.Textarea(
        attrs={
            "class": f"{' '.join(TEXTAREA_CLASSES)} desk-key",
            "rows": 2,
            "autocomplete": "off",
            "spellcheck": "false",
        }
    )


class CertificateField(forms.FileField):
    """An upload that is checked by its content."""

    widget = forms.FileInput(attrs={"accept": "application/pdf,image/png,image/jpeg", "class": "desk-file"})


class PasswordField(forms.CharField):
    """A password, never stripped and never shown again."""

    widget = forms.PasswordInput(attrs={"class": _INPUT, "autocomplete": "current-password"})

    def __init__(self, **options: object) -> None:
        super().__init__(strip=False, **options)  # type: ignore[arg-type]  # a field's own options


class CodeField(forms.CharField):
    """The six digits of the second factor, in any width and with any spaces."""

    widget = forms.TextInput(attrs={"class": _INPUT, "inputmode": "numeric", "autocomplete": "one-time-code"})

    def __init__(self, **options: object) -> None:
        super().__init__(max_length=20, **options)  # type: ignore[arg-type]  # a field's own options

    def to_python(self, value: object) -> str:
        """The digits alone."""
        return "".join(unicodedata.normalize("NFKC", super().to_python(value) or "").split())


def dress(form: forms.Form) -> None:
    """Put the desk's clothes on the fields of a form that the console has, too."""
    for field in form.fields.values():
        widget = field.widget
        if widget.is_hidden or isinstance(widget, forms.FileInput):
            continue
        is_pick, is_long = isinstance(widget, forms.Select), isinstance(widget, forms.Textarea)
        classes = SELECT_CLASSES if is_pick else TEXTAREA_CLASSES if is_long else INPUT_CLASSES
        widget.attrs["class"] = " ".join(classes)
