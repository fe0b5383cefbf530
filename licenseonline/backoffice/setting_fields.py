"""Form fields of settings: what stands in the tables as per mille, open days and arrays, as the desk writes it."""

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import INPUT_CLASSES

from licenseonline.backoffice.fields import DayField
from licenseonline.catalog.models import EVER_SINCE, FOR_EVER

_NUMBER = {"class": " ".join(INPUT_CLASSES), "inputmode": "decimal", "autocomplete": "off"}
_PERCENT = re.compile(r"[0-9]{1,4}(\.[0-9])?")
_DROPPED = str.maketrans("", "", ",% ")


class PerMilleField(forms.Field):
    """Percent with one decimal for who types it (92.5), per mille in the table (925)."""

    widget = forms.TextInput(attrs=_NUMBER)

    def prepare_value(self, value: Any) -> Any:
        """As percent; what was typed and refused comes back as it was."""
        return percent(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        """Per mille of the percent in any width; refused when it has more than one decimal."""
        text = unicodedata.normalize("NFKC", str(value or "")).translate(_DROPPED)
        if not text:
            return None
        if not _PERCENT.fullmatch(text):
            raise forms.ValidationError(
                _("0以上の割合を、小数第1位までの数字で入力してください。例：92.5"), code="invalid"
            )
        whole, _point, tenth = text.partition(".")
        return int(whole) * 10 + int(tenth or 0)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another per mille was typed."""
        try:
            return bool(self.to_python(data) != initial)
        except forms.ValidationError:
            return True


def percent(per_mille: int) -> str:
    """925 as 92.5, 920 as 92."""
    whole, tenth = divmod(per_mille, 10)
    return f"{whole}.{tenth}" if tenth else str(whole)


SPANS = frozenset({"opens_before", "recommended_before", "closes_after", "stop_before"})
_SPAN = re.compile(r"([0-9]{1,3})(d|日|m|[かヶケカ]?月)")  # house: what people type, no text of ours


def span(code: str) -> str:
    """A vendor's span in words: 30d is 30日, 4m is 4か月."""
    if not code:
        return ""
    return (gettext("%(n)s日") if code.endswith("d") else gettext("%(n)sか月")) % {"n": code[:-1]}


class SpanField(forms.CharField):
    """Days or months for who types them (30日, 4か月), 30d or 4m in the table."""

    def prepare_value(self, value: Any) -> Any:
        """In words; what was typed and refused comes back as it was."""
        return span(value) if re.fullmatch(r"[0-9]+[dm]", str(value)) else value

    def to_python(self, value: Any) -> str:
        """The code, from any width; refused when it is neither days nor months."""
        text = unicodedata.normalize("NFKC", super().to_python(value) or "").replace(" ", "")
        found = _SPAN.fullmatch(text)
        if text and not found:
            raise forms.ValidationError(_("「30日」「4か月」のように入力してください。"), code="invalid")
        return f"{int(found[1])}{'d' if found[2] in 'd日' else 'm'}" if found else ""  # house: as above


class SettingDayField(DayField):
    """A day of a setting; tax rates go back to 1989."""

    earliest = date(1980, 1, 1)


class OpenDayField(SettingDayField):
    """A first or last day that may be left open: empty is ever since, or for ever."""

    def __init__(self, *, standing_for: date, **options: Any) -> None:
        super().__init__(**{**options, "required": False})
        self.standing_for = standing_for

    def prepare_value(self, value: Any) -> Any:
        """An open day is empty."""
        return None if value in (EVER_SINCE, FOR_EVER) else value

    def to_python(self, value: Any) -> date:
        """Empty is the open day."""
        return super().to_python(value) or self.standing_for


class NumbersField(forms.Field):
    """Whole numbers in any width, with \u3001 or a comma between them; `each` checks one."""

    widget = forms.TextInput(attrs=_NUMBER)

    def __init__(self, each: forms.Field, **options: Any) -> None:
        super().__init__(**options)
        self.each = each
        self.empty_values = [None, ""]  # no numbers are a value

    def prepare_value(self, value: Any) -> Any:
        """As the desk writes them."""
        return "、".join(map(str, value)) if isinstance(value, list) else value  # house: between numbers in a field

    def to_python(self, value: Any) -> list[int]:
        """The numbers; empty is none."""
        if isinstance(value, list):
            return value
        text = unicodedata.normalize("NFKC", str(value or "")).replace("\u2212", "-").replace("\u3001", ",")
        return [self.each.clean(number.strip()) for number in text.split(",") if number.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other numbers were typed."""
        try:
            return self.to_python(data) != (initial or [])
        except forms.ValidationError:
            return True
