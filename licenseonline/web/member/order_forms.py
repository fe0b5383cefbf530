"""What members type when they order, and about their orders."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from django import forms
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from licenseonline.records.upload_fields import ACCEPT, FilesInput, OptionalPapersField, digests
from licenseonline.records.uploads import Received
from licenseonline.sales import order_documents
from licenseonline.sales.models import OrderWish
from licenseonline.web import jinja
from licenseonline.web.fields import LineField


class OwnPapersField(OptionalPapersField):
    """The customer's own 注文書, in any number of files or none."""

    def clean(self, data: Any, initial: Any = None) -> list[Received]:
        """What was received, or every file's sentence."""
        found = super().clean(data, initial)
        if len(found) > order_documents.MOST_OWN:
            message = _("ファイルは%(most)s個まで選択できます。")
            raise forms.ValidationError(message, params={"most": order_documents.MOST_OWN})
        return found


class OrderForm(forms.Form):
    """The member's agreement to what the confirmation page shows, and what they add to it."""

    po_number = LineField(
        label=_("貴社の注文番号・管理番号"),
        required=False,
        max_length=40,
        help_text=_("注文請書に記載します（40文字まで、省略できます）。"),
    )
    purchase_orders = OwnPapersField(
        label=_("貴社の注文書"),
        required=False,
        widget=FilesInput(attrs={"accept": ACCEPT}),
        help_text=_(
            "添付が必要な場合だけお選びください。PDF・画像・Excel・Word・ZIP、1つ50MBまで。ご注文の後からも添付できます。"
        ),
    )
    terms = forms.BooleanField(
        label=_("上記の販売条件と注文内容を確認し、同意します"),
        error_messages={
            "required": _("ご注文には販売条件への同意が必要です。内容をご確認のうえチェックを入れてください。")
        },
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=32767)
    total = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**62)
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def had_files(self) -> bool:
        """Whether files were chosen that must be chosen again."""
        return any(self.files.values())

    def facts(self) -> dict[str, object]:
        """What was sent, so that the same form sent twice is known."""
        asked = self.cleaned_data
        names = ("po_number", "revision", "total")
        return {name: asked[name] for name in names} | {"files": digests(asked["purchase_orders"])}


class _OrderPageForm(forms.Form):
    """A form of one field on the page of an order, where nearly nobody fills it in: blank ones are made once (`attaching`, `wishing`)."""

    @cached_property
    def shown(self) -> str:
        """Its field in HTML."""
        field = next(field for field in self if not field.is_hidden)
        return jinja.part("_field", field=field)


class AttachForm(_OrderPageForm):
    """The customer's own 注文書, after the order."""

    purchase_orders = OwnPapersField(
        label=_("注文書のファイル"),
        widget=FilesInput(attrs={"accept": ACCEPT}),
        help_text=_("PDF・画像・Excel・Word・ZIP、1つ50MBまで。"),
        error_messages={"required": _("添付するファイルを選択してください。")},
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False)


class WishForm(_OrderPageForm):
    """A cancellation, a change or a 検収書; `at_once` when nobody needs to say yes."""

    text = forms.CharField(
        label=_("ご依頼の内容"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("1,000文字以内で入力してください。")},
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, kind: str, data: Any = None, *, at_once: bool = False) -> None:
        super().__init__(data, auto_id=f"wish-{kind}-%s")
        self.kind, self.at_once = kind, at_once
        if kind == OrderWish.Kind.CHANGE:
            self.fields["text"].required = True
            self.fields["text"].error_messages["required"] = str(_("変更の内容を入力してください。"))
        elif kind == OrderWish.Kind.CANCEL:
            self.fields["text"].label = _("理由（省略できます）")

    @cached_property
    def title(self) -> str:
        """What it asks for."""
        return str(_TITLES[self.kind])

    @cached_property
    def hint(self) -> str:
        """What happens then."""
        return str(_AT_ONCE if self.at_once else _HINTS[self.kind])

    @cached_property
    def button(self) -> str:
        """What is pressed."""
        return str(_("注文をキャンセルする") if self.at_once else _("依頼する"))


_TITLES: Final[Mapping[str, Promise]] = {
    OrderWish.Kind.CANCEL: _("ご注文をキャンセルする"),
    OrderWish.Kind.CHANGE: _("ご注文の変更を依頼する"),
    OrderWish.Kind.INSPECTION: _("検収書を依頼する"),
}
_AT_ONCE: Final = _("ご入金とメーカーへの手配の前ですので、すぐにキャンセルできます。キャンセルは取り消せません。")
_HINTS: Final[Mapping[str, Promise]] = {
    OrderWish.Kind.CANCEL: _(
        "手続きが進んでいるため、窓口で確認してからメールで回答します。お受けできないこともあります。"
    ),
    OrderWish.Kind.CHANGE: _("窓口で確認し、メールで回答します。メーカーへの手配後は、お受けできないことがあります。"),
    OrderWish.Kind.INSPECTION: _("窓口で確認後、この画面からPDFをダウンロードできるようになります。"),
}


@cache
def attaching() -> AttachForm:
    """The blank form, the same for everybody."""
    return AttachForm()


@cache
def wishing(kind: str, *, at_once: bool) -> WishForm:
    """The blank form for such a wish, the same for everybody."""
    return WishForm(kind, at_once=at_once)
