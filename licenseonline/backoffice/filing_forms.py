"""The form that files an order which did not come by the Web."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.accounts.models import User
from licenseonline.backoffice.fields import PickField, TextField
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.order_views import Step
from licenseonline.kit import rights
from licenseonline.kit.rights import Right
from licenseonline.records.upload_fields import ACCEPT, FilesInput, OptionalPapersField, digests
from licenseonline.sales.filed_orders import SOURCES, Arrival
from licenseonline.sales.models import Quote


class SourceField(PickField):
    """How an order came."""

    def __init__(self) -> None:
        super().__init__(label=gettext_lazy("受け取った方法"), choices=[(one.value, one.label) for one in SOURCES])


class OrderPapersField(OptionalPapersField):
    """The customer's own 注文書."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("注文書のファイル"),
            required=False,
            help_text=gettext_lazy("電話のご注文のときだけ省略できます。"),
            widget=FilesInput(attrs={"accept": ACCEPT}),
        )


class FilingForm(StepForm):
    """How it came, the customer's number, and the 注文書."""

    step = "filing"

    source = SourceField()
    po_number = TextField(label=gettext_lazy("お客様の注文番号"), max_length=40, required=False)
    uploads = OrderPapersField()
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32767)

    @property
    def had_files(self) -> bool:
        """Whether files were chosen that must be chosen again."""
        return any(self.files.values())

    def arrival(self) -> Arrival:
        """As the verb takes it."""
        given = self.cleaned_data
        return Arrival(given["source"], given["po_number"], given["uploads"])

    def facts(self) -> dict[str, object]:
        """As sent."""
        given = self.cleaned_data
        names = ("source", "po_number", "revision")
        return {name: given[name] for name in names} | {"files": digests(given["uploads"])}


def step(quote: Quote, failed: StepForm | None, *, by: User) -> Step | None:
    """The form on the page of a quotation that can be ordered; the one that failed keeps what was typed."""
    if not quote.can_be_ordered or quote.member_id is None or not rights.allowed(by, Right.CHANGE_ORDERS):
        return None
    form = (
        failed
        if isinstance(failed, FilingForm)
        else FilingForm(initial={"revision": quote.revision, "po_number": quote.po_number})
    )
    hint = _(
        "FAX・メール・郵送・電話で届いた注文を、この見積の内容でお客様に代わって登録します。お客様へ注文請書をお送りします。"
    )
    url = reverse("backoffice:quote_file_order", args=[quote.store_id, quote.number])
    return Step(_("届いた注文の登録"), hint, _("注文を登録する"), url, form)
