"""Blank forms (用紙) of papers: the vendor's own, or one of ours with what is known filled in already."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from licenseonline.catalog.models import Paper
from licenseonline.kit import clock, pdf
from licenseonline.sales import papers
from licenseonline.sales.models import DocumentRequest

# Proofs of being a school or an office are made by others; these may be written on a form.
MADE: Final = frozenset({Paper.APPLICATION_FORM, Paper.HOLDING_PROOF, Paper.COMPETITOR_PROOF})
_TEMPLATE: Final = Path(__file__).parent / "blank_form.typ"


@dataclass(frozen=True, slots=True)
class BlankForm:
    """A PDF and what it is called."""

    name: str
    content: bytes


def of(request: DocumentRequest) -> BlankForm:
    """The form for a paper of an order (with its line's SKU and product): the vendor's, else ours, filled in as far as known."""
    rule = papers.form_of(request)
    if rule is not None:
        return BlankForm(rule.form_name or _("申請書.pdf"), bytes(rule.form_pdf))
    name = _("%(paper)s_%(number)s.pdf") % {
        "paper": _title(request).replace("（", "_").replace("）", ""), "number": request.order.number,
    }  # fmt: skip
    return BlankForm(name, pdf.render(_TEMPLATE, _known(request), timestamp=clock.now()))


def _title(request: DocumentRequest) -> str:
    if request.paper == Paper.APPLICATION_FORM:
        return _("ライセンス申請書")
    return _("保有製品の確認書") if request.paper == Paper.COMPETITOR_PROOF else _("保有ライセンスの確認書")


def _known(request: DocumentRequest) -> dict[str, object]:
    frozen = request.order.snapshot
    line = next(line for line in frozen["lines"] if line["no"] == request.line.position)
    buyer = frozen["buyer"]
    return {
        "title": _title(request),
        "number": request.order.number,
        "why": request.why,
        "seller": frozen["seller"]["name"],
        "asks_holdings": request.paper != Paper.APPLICATION_FORM,
        "rows": [
            [_("会社名"), buyer["company"]],
            [_("部署名"), buyer["department"]],
            [_("ご担当者"), buyer["person"]],
            [_("所在地"), _("〒%(code)s %(address)s") % {"code": buyer["postal_code"], "address": buyer["address"]}],
            [_("ご注文の製品"), line["name"]],
            [_("型番"), line["model_number"]],
            [_("数量"), f"{line['quantity']}{line['unit']}"],
        ],
    }
