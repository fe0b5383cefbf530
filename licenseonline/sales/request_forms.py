"""What is written into a request for a quotation, by members and by staff."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.accounts.models import Member
from licenseonline.catalog.models import Sku
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.kit.text import fold_model, squash
from licenseonline.records.upload_fields import ACCEPT, FilesInput, PapersField, digests
from licenseonline.records.uploads import Received
from licenseonline.sales import quick_entry
from licenseonline.sales.quote_requests import MOST_LINES


class OptionalFiles(PapersField):
    """Files that need not be there."""

    def clean(self, data: Any, initial: Any = None) -> list[Received]:
        """What was received; nothing is fine."""
        return super().clean(data, initial) if data else []


class PostForm(forms.Form):
    """One question or answer; `seen` is the last post that its writer has read."""

    text = forms.CharField(
        label=gettext_lazy("内容"),
        required=False,  # the verb says so in its own words
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("4,000文字まで"),
    )
    uploads = OptionalFiles(
        label=gettext_lazy("添付ファイル"),
        required=False,
        widget=FilesInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy("PDF・画像・Excel・Word・ZIP、1つ50MBまで、10個まで。"),
    )
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def facts(self) -> dict[str, object]:
        """What was sent, so that the same form sent twice is known."""
        given = {name: str(value) for name, value in self.cleaned_data.items() if name != "uploads"}
        return given | {"files": digests(self.cleaned_data.get("uploads", []))}

    def refuse(self, refusal: Refused) -> None:
        """Say so at the field, or on top."""
        show_refusal(self, refusal)


class AskForm(PostForm):
    """A new request: what it is about, and the model numbers if they are known."""

    field_order = ("subject", "lines", "text", "uploads")
    subject = forms.CharField(
        label=gettext_lazy("件名"),
        max_length=100,
        error_messages={"required": gettext_lazy("件名を入力してください。")},
    )
    lines = forms.CharField(
        label=gettext_lazy("製品の型番と数量"),
        required=False,
        max_length=quick_entry.MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "ABC-123  10"}),
        help_text=gettext_lazy("1行に1つずつ、型番と数量を入力してください。型番がわからない場合は省略できます。"),
    )

    def __init__(self, member: Member, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(data, files, **options)
        self.member = member

    def clean_subject(self) -> str:
        """One line, without invisible characters."""
        return squash(self.cleaned_data["subject"])

    def clean_lines(self) -> list[tuple[Sku, int]]:
        """The SKUs that the store sells, with their quantities."""
        text = self.cleaned_data["lines"]
        if not text.strip():
            return []
        try:
            wanted = {fold_model(one.model): one for one in quick_entry.read(text)}
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from None
        found = {
            sku.folded_model: sku for sku in Sku.objects.public(self.member.store_id).filter(folded_model__in=wanted)
        }
        unknown = [one.model for model, one in wanted.items() if model not in found or not one.quantity]
        if unknown:
            message = _(
                "次の行の型番または数量をご確認ください：%(lines)s（型番がわからない製品は「内容」に書いてください。）"
            )
            raise forms.ValidationError(message % {"lines": _("、").join(unknown[:10])})
        if len(found) > MOST_LINES:
            raise forms.ValidationError(_("製品は%(most)s行までで入力してください。") % {"most": MOST_LINES})
        return [(found[model], one.quantity or 1) for model, one in wanted.items()]
