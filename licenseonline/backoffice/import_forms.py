"""The forms of a price list's import: what is handed in, and what its columns mean."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import CHECKBOX_CLASSES, SELECT_CLASSES

from licenseonline.backoffice.fields import DayField
from licenseonline.catalog.imports import mappings
from licenseonline.catalog.models import ImportFormat, PriceImport, Vendor
from licenseonline.kit import clock

_SELECT = " ".join(SELECT_CLASSES)
_ENDINGS = ".csv,.tsv,.txt,.xlsx,.xlsm,.xlsb,.xls,.ods"


class UploadForm(forms.Form):
    """A vendor's price list."""

    vendor = forms.ModelChoiceField(
        label=_("メーカー"),
        queryset=Vendor.objects.order_by("kana", "id"),
        empty_label=_("選択してください"),
        widget=forms.Select(attrs={"class": _SELECT}),
        error_messages={"required": _("メーカーを選択してください。")},
    )
    format = forms.ChoiceField(
        label=_("形式"), choices=ImportFormat.choices, widget=forms.Select(attrs={"class": _SELECT})
    )
    file = forms.FileField(
        label=_("ファイル"),
        max_length=200,
        help_text=_("CSV（Shift_JIS・UTF-8・UTF-16）またはExcel、100MBまで"),
        widget=forms.FileInput(attrs={"class": "desk-file", "accept": _ENDINGS}),
        error_messages={
            "required": _("価格表のファイルを選択してください。"),
            "empty": _("ファイルの中身が空です。別のファイルを選択してください。"),
        },
    )
    from_day = DayField(
        label=_("適用開始日"),
        initial=clock.today,
        help_text=_("この日から新しい価格になります。先の日付にもできます。"),
    )
    is_complete = forms.BooleanField(
        label=_("この価格表にない型番は販売終了とする"),
        required=False,
        help_text=_(
            "メーカーのすべての型番が載った価格表のときだけ選択してください。一部だけの価格表で選択すると、載っていない型番がすべて販売終了になります。"
        ),
        widget=forms.CheckboxInput(attrs={"class": " ".join(CHECKBOX_CLASSES)}),
    )

    @classmethod
    def like(cls, earlier: PriceImport | None) -> "UploadForm":
        """An empty form, or one for the same list handed in again."""
        if earlier is None:
            return cls()
        day = max(earlier.from_day, clock.today())
        same = {"vendor": earlier.vendor_id, "format": earlier.format, "is_complete": earlier.is_complete}
        return cls(initial={**same, "from_day": day})

    @property
    def had_files(self) -> bool:
        """Whether a file was chosen that must be chosen again."""
        return bool(self.files)

    def clean_from_day(self) -> date:
        """Prices that were already shown are not changed after the fact."""
        day: date = self.cleaned_data["from_day"]
        if day < clock.today():
            raise forms.ValidationError(_("適用開始日は本日以降の日付にしてください。"), code="past")
        return day

    def facts(self) -> dict[str, object]:
        """What was sent, so that the same form sent twice is known."""
        said = {name: str(value) for name, value in self.cleaned_data.items() if name != "file"}
        file = self.cleaned_data["file"]
        return {**said, "file": f"{file.name} {file.size}"}


class ColumnsForm(forms.Form):
    """For each thing that an import can read, the column of the file that holds it."""

    def __init__(self, price_import: PriceImport, data: Any = None) -> None:
        self.headers = mappings.headers(price_import)
        preset = price_import.columns or mappings.suggested(self.headers, price_import.vendor)
        super().__init__(data, initial=preset)
        choices = [(header, header) for header in self.headers]
        for name, meant in mappings.FIELDS.items():
            self.fields[name] = forms.ChoiceField(
                label=str(meant.label),
                required=meant.is_required,
                choices=[("", _("選択してください") if meant.is_required else _("（なし）")), *choices],
                widget=forms.Select(attrs={"class": _SELECT}),
                error_messages={"required": _("列を選択してください。")},
            )

    def clean(self) -> dict[str, Any]:
        """One column means one thing."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        seen: dict[str, str] = {}
        for name, header in list(cleaned.items()):
            if header and header in seen:
                message = _("「%(label)s」と同じ列が選択されています。") % {"label": self.fields[seen[header]].label}
                self.add_error(name, message)
            seen.setdefault(header, name)
        return cleaned

    @property
    def columns(self) -> dict[str, str]:
        """What was chosen, field by header."""
        return {name: header for name, header in self.cleaned_data.items() if header}

    def facts(self) -> dict[str, object]:
        """What was sent, so that the same form sent twice is known."""
        return dict(self.columns)
