"""What the desk types about a store."""

import re
import unicodedata
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    CHECKBOX_CLASSES,
    INPUT_CLASSES,
    TEXTAREA_CLASSES,
)

from licenseonline.backoffice.fields import DayField, MailField, PickField, TextField
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.kit import contacts, pictures, postal_codes
from licenseonline.kit.errors import Refused
from licenseonline.kit.money import Rounding
from licenseonline.stores.models import Partner, PaymentMethod, Store

_INPUT: Final = {"class": " ".join(INPUT_CLASSES), "autocomplete": "off"}
_HOLIDAY: Final = re.compile(r"^([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})\s+(\S.{0,59})$")
ROUNDINGS: Final = [
    (Rounding.FLOOR.value, _("切り捨て")),
    (Rounding.HALF_UP.value, _("四捨五入")),
    (Rounding.CEIL.value, _("切り上げ")),
]


def _text(label: Any, most: int, **options: Any) -> TextField:
    messages = {"required": _("入力してください。"), "max_length": _("%(limit_value)d文字以内で入力してください。")}
    return TextField(label=label, max_length=most, error_messages=messages, **options)


def _long(label: Any, rows: int, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"class": " ".join(TEXTAREA_CLASSES), "rows": rows})
    return forms.CharField(label=label, widget=widget, error_messages={"required": _("入力してください。")}, **options)


def _number(label: Any, least: int, most: int, **options: Any) -> forms.IntegerField:
    messages = {
        "required": _("数字を入力してください。"),
        "invalid": _("数字を入力してください。"),
        "min_value": _("%(limit_value)d以上で入力してください。"),
        "max_value": _("%(limit_value)d以下で入力してください。"),
    }
    widget = forms.TextInput(attrs={**_INPUT, "inputmode": "numeric"})
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, widget=widget, error_messages=messages, **options
    )


class SettingsForm(StepForm):
    """Everything of store_settings.FIELDS, with the two files."""

    step = "store"

    name = _text(_("ストア名"), 120)
    tagline = _text(_("キャッチコピー"), 200, required=False)
    introduction = _long(_("ストアの紹介"), 3, required=False, max_length=2000)
    host = _text(
        _("独自のホスト名"),
        253,
        required=False,
        help_text=_("ない場合は空欄。例：license.example.co.jp（DNSの設定後に入力）"),
    )
    brand = _text(_("ブランドカラー"), 7, help_text=_("例：#1f4e79。白い文字が読める濃さ（4.5:1以上）が必要です。"))
    accent = _text(_("アクセントカラー"), 7, help_text=_("例：#0b7a75。白地で読める濃さ（4.5:1以上）が必要です。"))
    logo = forms.FileField(
        label=_("ロゴ（SVG・PNG）"),
        required=False,
        allow_empty_file=True,
        help_text=_("横長（240×48程度）に表示されます。選択しなければ今のままです。"),
        widget=forms.FileInput(attrs={"accept": "image/svg+xml,image/png", "class": "desk-file"}),
    )
    seller_name = _text(_("販売者名"), 120)
    seller_postal_code = _text(_("郵便番号"), 8, help_text=_("例：105-0001"))
    seller_address = _text(_("住所"), 200)
    seller_representative = _text(
        _("代表者名"),
        60,
        required=False,
        help_text=_("官公庁・学校向けの見積書に、お客様のご希望で印字します。例：代表取締役 山田 太郎"),
    )
    registration_number = _text(
        _("適格請求書発行事業者の登録番号"), 20, required=False, help_text=_("T＋13桁。例：T5010001999101")
    )
    bank_account = _text(_("振込先"), 200, help_text=_("銀行・支店・種別・口座番号・名義（カナ）"))
    seal = forms.FileField(
        label=_("印影（PNG）"),
        required=False,
        allow_empty_file=True,
        help_text=_("見積書に印字します。選択しなければ今のままです。"),
        widget=forms.FileInput(attrs={"accept": "image/png", "class": "desk-file"}),
    )
    desk_name = _text(_("窓口名"), 120)
    desk_email = MailField(label=_("窓口のメールアドレス"))
    desk_phone = _text(_("窓口の電話番号"), 20)
    desk_hours = _text(_("営業時間"), 120, help_text=_("例：平日10:00～12:00、13:00～17:00（弊社指定休業日を除く）"))
    quote_days = _number(_("見積の有効日数"), 1, 365)
    payment_days = _number(_("お支払い期限（営業日）"), 1, 90)
    rounding = PickField(label=_("消費税の端数"), choices=ROUNDINGS)
    payment_methods = forms.MultipleChoiceField(
        label=_("お支払方法"),
        choices=PaymentMethod.choices,
        error_messages={"required": _("お支払方法を1つ以上選択してください。")},
        help_text=_("クレジットカードと後払いは、決済サービスに接続していないため、まだ選択できません。"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "desk-check"}),
    )
    approves_companies = forms.BooleanField(
        label=_("新しい会社を窓口で確認してから取引する"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": " ".join(CHECKBOX_CLASSES)}),
    )
    terms_version = _text(_("販売条件の版"), 20, help_text=_("例：2026-04-01"))
    terms = _long(_("販売条件"), 8, max_length=20000)
    seen = forms.CharField(required=False, widget=forms.HiddenInput())  # the settings that this form was filled from

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(str(title), [self[name] for name in names if name in self.fields]) for title, names in _SECTIONS]

    @property
    def had_files(self) -> bool:
        """Whether files were chosen that must be chosen again."""
        return any(self.files.values())

    def clean_seller_postal_code(self) -> str:
        """As 105-0001."""
        try:
            return postal_codes.normalize(self.cleaned_data["seller_postal_code"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from None

    def clean_desk_phone(self) -> str:
        """In groups."""
        try:
            return contacts.phone(self.cleaned_data["desk_phone"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from None

    def clean_brand(self) -> str:
        """In small letters."""
        return _folded(self.cleaned_data["brand"])

    def clean_accent(self) -> str:
        """In small letters."""
        return _folded(self.cleaned_data["accent"])

    def settings(self) -> dict[str, Any]:
        """What the verb takes: the files as bytes, and only if one was chosen."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in {"logo", "seal", "seen"}}
        for name in ("logo", "seal"):
            upload = self.cleaned_data.get(name)
            if upload:
                given[name] = upload.read(pictures.MOST_BYTES + 1)
        return given

    def refuse(self, refusal: Refused) -> None:
        """Show it at its field."""
        field = {"logo_svg": "logo", "seal_png": "seal"}.get(refusal.field or "", refusal.field)
        self.add_error(field if field in self.fields else None, refusal.message)


class NewStoreForm(SettingsForm):
    """A store that is not there yet."""

    number = _number(_("ストアID"), 1, 999_999_999, help_text=_("アドレスの最初の数字です。後から変更できません。"))
    partner = forms.ModelChoiceField(
        label=_("セールスパートナー"),
        queryset=Partner.objects.order_by("spid"),
        empty_label=_("選択してください"),
        error_messages={"required": _("セールスパートナーを選択してください。")},
        widget=PickField.widget,
    )
    source = forms.ModelChoiceField(
        label=_("複製元のストア"),
        queryset=Store.objects.order_by("id"),
        required=False,
        empty_label=_("複製しない"),
        help_text=_("取扱製品・販売価格の規則・ページ・FAQ・休業日を引き継ぎます。会員と履歴は引き継ぎません。"),
        widget=PickField.widget,
    )
    rate = forms.DecimalField(
        label=_("手数料率（%）"),
        min_value=0,
        max_value=100,
        decimal_places=1,
        error_messages={"required": _("手数料率を入力してください。"), "invalid": _("数字を入力してください。例：3.5")},
        widget=forms.TextInput(attrs={**_INPUT, "inputmode": "decimal"}),
    )


class NoteForm(StepForm):
    """What visitors read."""

    step = "pause"

    note = _text(_("お客様へのお知らせ"), 300, help_text=_("休止・閉店の画面に、このまま表示されます。"))


class CloseForm(NoteForm):
    """And until when members may read."""

    step = "close"

    readable_until = DayField(
        label=_("履歴を閲覧できる最終日"), error_messages={"required": _("日付を入力してください。")}
    )


class CommissionForm(StepForm):
    """A rate from a day on."""

    step = "commission"

    rate = NewStoreForm.base_fields["rate"]
    from_day = DayField(label=_("適用開始日"), error_messages={"required": _("日付を入力してください。")})


class HolidaysForm(StepForm):
    """A line for each closed day."""

    step = "holidays"

    holidays = _long(
        _("弊社指定休業日"),
        6,
        required=False,
        max_length=10000,
        help_text=_("1行に1日、日付と名称を入力します。例：2026-12-29 年末年始休業。土日と祝日は入力不要です。"),
    )

    def clean_holidays(self) -> dict[date, str]:
        """By day; the line at fault is named."""
        days: dict[date, str] = {}
        for line in unicodedata.normalize("NFKC", self.cleaned_data["holidays"]).splitlines():
            if not line.strip():
                continue
            found = _HOLIDAY.match(line.strip())
            try:
                days[date(*map(int, found.groups()[:3]))] = found[4]  # type: ignore[index, union-attr]  # None is caught
            except (AttributeError, TypeError, ValueError):
                hint = gettext("「%(line)s」を読み取れません。「2026-12-29 年末年始休業」のように入力してください。")
                raise forms.ValidationError(hint % {"line": line.strip()[:40]}, code="invalid") from None
        return days


_SECTIONS: Final = [
    (_("ストア"), ["number", "partner", "source", "name", "tagline", "introduction", "host"]),
    (_("ブランド"), ["brand", "accent", "logo"]),
    (
        _("販売者"),
        [
            "seller_name",
            "seller_representative",
            "seller_postal_code",
            "seller_address",
            "registration_number",
            "bank_account",
            "seal",
        ],
    ),
    (_("窓口"), ["desk_name", "desk_email", "desk_phone", "desk_hours"]),
    (
        _("取引条件"),
        [
            "quote_days",
            "payment_days",
            "payment_methods",
            "rounding",
            "rate",
            "approves_companies",
            "terms_version",
            "terms",
        ],
    ),
]


def _folded(colour: str) -> str:
    return unicodedata.normalize("NFKC", colour).lower()
