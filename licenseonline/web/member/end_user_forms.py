"""A vendor's form as a web form."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.kit.errors import Refused
from licenseonline.sales import end_users
from licenseonline.sales.models import VendorForm

_INPUTS: Mapping[str, dict[str, str]] = {
    "tel": {"inputmode": "tel"},
    "mail": {"inputmode": "email", "autocomplete": "off"},
    "number": {"inputmode": "numeric", "class": "input-short"},
    "date": {"type": "date", "class": "input-short"},
}
_HINTS = {"kana": gettext_lazy("カタカナで入力してください。")}


class EndUserForm(forms.Form):
    """One field for each of the vendor's; what may be typed is the verb's own rule."""

    def __init__(self, asked: VendorForm, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.asked = asked
        for field in asked.fields:
            self.fields[field["name"]] = _field(field)

    def clean(self) -> dict[str, Any]:
        """Each answer as the verb checks it, all at once."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for field in self.asked.fields:
            try:
                cleaned[field["name"]] = end_users.checked(field, str(cleaned.get(field["name"]) or ""))
            except Refused as refusal:
                self.add_error(field["name"], refusal.message)
        return cleaned

    @property
    def answers(self) -> dict[str, str]:
        """What the verb takes."""
        return {field["name"]: self.cleaned_data[field["name"]] for field in self.asked.fields}


def _field(asked: Mapping[str, Any]) -> forms.Field:
    kind = asked.get("kind", "text")
    made: forms.Field
    if kind == "choice":
        choices = [("", _("選択してください")), *((one, one) for one in asked.get("choices", []))]
        # A choice that does not exist is refused by the verb, in its words.
        made = forms.CharField(label=asked["label"], required=False, widget=forms.Select(choices=choices))
    else:
        widget = forms.TextInput(attrs=_INPUTS.get(kind, {}))
        made = forms.CharField(label=asked["label"], required=False, max_length=2000, widget=widget)
    made.help_text = _HINTS.get(kind, "")
    made.required = bool(asked.get("required"))
    made.error_messages["required"] = _("%(label)sを入力してください。") % {"label": asked["label"]}
    return made
