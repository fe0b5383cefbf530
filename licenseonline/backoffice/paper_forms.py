"""The forms that decide about a paper, and that file what came by FAX, mail or post."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import INPUT_CLASSES, SELECT_CLASSES, TEXTAREA_CLASSES

from licenseonline.backoffice.fields import DayField, TextField
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.catalog.models import Paper
from licenseonline.kit.forms import choose_of
from licenseonline.records.upload_fields import ACCEPT, PapersField, digests
from licenseonline.sales import papers, return_reasons, submissions
from licenseonline.sales.models import DocumentRequest, Order

_SOURCES = [(one.value, one.label) for one in submissions.SOURCES]


class _SeenForm(StepForm):
    """Names the submission that was on the screen."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class AcceptForm(_SeenForm):
    """Accept, and whether the company is asked again."""

    step = "accept"

    remember = forms.BooleanField(
        label=_("この証明を記録し、同じ書類を今後お願いしない"), required=False,
        widget=forms.CheckboxInput(attrs={"class": "desk-check"}),
    )  # fmt: skip
    valid_until = DayField(
        label=_("証明の有効期限"), required=False, help_text=_("空欄は無期限です。記録するときだけ使います。")
    )

    def __init__(self, request: DocumentRequest, data: Any = None, **options: Any) -> None:
        initial = {"remember": request.paper in papers.REMEMBERED - {Paper.COMPETITOR_PROOF}}
        super().__init__(data, initial={**initial, **options.pop("initial", {})}, **options)
        if request.paper not in papers.REMEMBERED:
            del self.fields["remember"], self.fields["valid_until"]

    @property
    def decision(self) -> dict[str, Any]:
        """What the verb takes."""
        given = self.cleaned_data
        remember = given.get("remember", False)
        return {
            "seen": given["seen"],
            "remember": remember,
            "valid_until": given.get("valid_until") if remember else None,
        }


class ReturnForm(_SeenForm):
    """Return, with stock sentences and own words; the member reads both."""

    step = "return"

    stock = forms.MultipleChoiceField(
        label=_("差し戻しの理由（定型文）"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "desk-check"}),
    )
    words = forms.CharField(
        label=_("補足"),
        required=False,
        max_length=submissions.MOST_REASON,
        help_text=_("お客様へのメールと注文のページに、このまま記載されます。"),
        widget=forms.Textarea(attrs={"class": " ".join(TEXTAREA_CLASSES), "rows": 2}),
    )

    def __init__(self, request: DocumentRequest, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        choose_of(self, "stock", [(sentence, sentence) for sentence in return_reasons.of(request.paper)])

    @property
    def decision(self) -> dict[str, Any]:
        """What the verb takes."""
        given = self.cleaned_data
        return {"seen": given["seen"], "reason": "\n".join(filter(None, [*given["stock"], given["words"].strip()]))}


class WaiveForm(StepForm):
    """Nothing to fill in: the paper is not needed."""

    step = "waive"


class SentForm(StepForm):
    """Nothing to fill in: it went to the vendor."""

    step = "sent"


class FileForm(StepForm):
    """What came by FAX, mail or post, filed in the member's name."""

    step = "file"

    source = forms.ChoiceField(
        label=_("受け取った方法"), choices=_SOURCES, widget=forms.Select(attrs={"class": " ".join(SELECT_CLASSES)})
    )
    uploads = PapersField(
        label=_("ファイル"), help_text=_("PDF・画像・Excel・Word・ZIP、複数可"),
        error_messages={"required": _("ファイルを選択してください。")},
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(data, files, **options)
        self.fields["uploads"].widget.attrs |= {"accept": ACCEPT, "class": " ".join(INPUT_CLASSES)}

    @property
    def had_files(self) -> bool:
        """Whether files were chosen that must be chosen again."""
        return any(self.files.values())

    def facts(self) -> dict[str, object]:
        """As sent, with the files' hashes."""
        return {"source": self.cleaned_data["source"], "files": digests(self.cleaned_data["uploads"])}


class AskForm(StepForm):
    """One more paper than the order began with."""

    step = "ask"

    line = forms.TypedChoiceField(
        label=_("明細"), coerce=int, widget=forms.Select(attrs={"class": " ".join(SELECT_CLASSES)})
    )
    paper = forms.ChoiceField(
        label=_("書類"), choices=Paper.choices, widget=forms.Select(attrs={"class": " ".join(SELECT_CLASSES)})
    )
    why = TextField(
        label=_("必要な理由"), max_length=300, help_text=_("お客様へのメールと注文のページに、このまま記載されます。")
    )

    def __init__(self, order: Order, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        choose_of(self, "line", [(line["no"], f"{line['no']}. {line['name']}") for line in order.snapshot["lines"]])
