"""Papers of an order on the console: how each stands, and handing in what the customer sent to the partner.

What lies in the files is between the customer and the operator, who looks at them: the console shows that something was
handed in, by whom and how, and opens none of it.
"""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import User
from licenseonline.kit import rights
from licenseonline.kit.rights import Right
from licenseonline.records.upload_fields import ACCEPT, FilesInput, PapersField
from licenseonline.sales import papers, submissions
from licenseonline.sales.models import DocumentRequest, Order, Submission


class PassOnForm(forms.Form):
    """What the customer sent, and how it came."""

    source = forms.ChoiceField(
        label=_("受け取った方法"), choices=[(one.value, one.label) for one in submissions.SOURCES]
    )
    uploads = PapersField(
        label=_("ファイル"),
        error_messages={"required": _("ご提出いただくファイルを選択してください。")},
        widget=FilesInput(attrs={"accept": ACCEPT}),
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, request_id: int, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id=f"paper-{request_id}-%s", initial={"key": uuid4()})


@dataclass(frozen=True, slots=True)
class Item:
    """One paper on the page; the form as long as it may be handed in by who looks."""

    request: DocumentRequest
    handed_in: list[Submission]
    form: PassOnForm | None


def items(order: Order, *, by: User, failed: PassOnForm | None = None, of: int | None = None) -> list[Item]:
    """The order's papers; two queries. `failed` is the form of paper `of` that was refused."""
    counting = Submission.objects.visible_to(by).filter(replaced_at=None).select_related("filed_by").order_by("id")
    found = papers.of(order, by=by).prefetch_related(Prefetch("submissions", counting))
    may = rights.allowed(by, Right.HELP_MEMBERS) and order.state in papers.UNDER_WAY
    return [
        Item(one, list(one.submissions.all()), _form(one, failed, of) if may and one.state in papers.OPEN else None)
        for one in found
    ]


def _form(asked: DocumentRequest, failed: PassOnForm | None, of: int | None) -> PassOnForm:
    return failed if failed is not None and asked.pk == of else PassOnForm(asked.pk)
