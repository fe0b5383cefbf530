"""What vendors want to know of the end user (エンドユーザー情報): one web form for each vendor, in its newest version.

A field of a form is {name, label, kind, required, most, choices, prefill, column}: `prefill` is one of KNOWN, `column` the
vendor's heading.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.accounts import members
from licenseonline.accounts.models import Member
from licenseonline.catalog.models import Paper, Sku
from licenseonline.kit import clock, contacts, pdf, states
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.text import squash
from licenseonline.records import history, uploads
from licenseonline.sales import papers, submissions
from licenseonline.sales.models import DocumentRequest, EndUserSheet, Order, VendorForm
from licenseonline.sales.snapshots import Snapshot

Answers = dict[str, str]
MOST: Final = 200  # characters of an answer whose field says nothing else
KNOWN: Final = (
    "company", "kana", "department", "person", "person_kana", "postal_code", "address", "phone", "email",
)  # fmt: skip
_TEMPLATE: Final = Path(__file__).parent / "end_user_sheet.typ"


def forms_of(order: Order) -> list[VendorForm]:
    """The forms that the order's lines ask for, each in the version of the order's day, by vendor and name."""
    lines = order.lines.select_related("sku__product").order_by("position")
    return _forms([line.sku for line in lines], day=clock.jst_date(order.placed_at))


def forms_for(frozen: Snapshot) -> list[VendorForm]:
    """As an order of today would ask for."""
    skus = Sku.objects.filter(pk__in=[line["sku_id"] for line in frozen["lines"]])
    return _forms(skus.select_related("product"), day=clock.today())


def sheets_of(order: Order) -> dict[int, EndUserSheet]:
    """What was filled in for the order, by form."""
    rows = EndUserSheet.objects.filter(order=order, store=order.store_id).select_related("form__vendor")
    return {sheet.form_id: sheet for sheet in rows.order_by("form_id")}


def prefilled(order: Order, form: VendorForm, *, member: Member) -> Answers:
    """What the form begins with: what stands there already, else the company's last sheet of this form, else what is known."""
    mine = EndUserSheet.objects.visible_to(member).filter(form__vendor=form.vendor_id, form__name=form.name)
    last = mine.filter(order=order).first() or mine.exclude(filled_at=None).order_by("-filled_at").first()
    answers = last.answers if last else {}
    known = _known(order, member)
    return {
        field["name"]: answers.get(field["name"]) or known.get(field.get("prefill", ""), "") for field in form.fields
    }


def checked(field: Mapping[str, Any], typed: str) -> str:
    """One answer as it is kept. Refused with the field's name: `required`, `most`, and what its kind refuses."""
    kind, name, label = field.get("kind", "text"), field["name"], field["label"]
    text = squash(typed)
    if not text:
        if field.get("required"):
            raise Refused(_("%(label)sを入力してください。") % {"label": label}, code="required", field=name)
        return ""
    try:
        text = _KINDS[kind](text, field)
    except (Refused, ValueError, ValidationError) as fault:
        message = fault.message if isinstance(fault, Refused) else _("%(label)sの書き方をご確認ください。")
        raise Refused(message % {"label": label}, code=kind, field=name) from None
    most = field.get("most") or MOST
    if len(text) > most:
        message = _("%(label)sは%(most)s文字以内で入力してください。") % {"label": label, "most": most}
        raise Refused(message, code="most", field=name)
    return text


@transaction.atomic
def fill(order: Order, form: VendorForm, typed: Mapping[str, str], *, by: Member) -> EndUserSheet:
    """A member of the order's company fills in the form; it hands in the 申請書 that the vendor's lines wait for.

    Again, it replaces what was said before. Refused: as members.check_may_quote, `state` (delivered or cancelled), `form`
    (the order does not ask for it), and the first of its fields as `checked`; NotVisible for others' orders.
    """
    if (order.store_id, order.company_id) != (by.store_id, by.company_id):
        raise NotVisible
    members.check_may_quote(by)
    states.lock(order)
    if order.state not in papers.UNDER_WAY:
        raise Refused(_("納品済みまたはキャンセルされたご注文のため、変更できません。"), code="state")
    if form not in forms_of(order):
        raise Refused(_("このご注文には必要のない入力欄です。"), code="form")
    answers = {field["name"]: checked(field, typed.get(field["name"], "")) for field in form.fields}
    sheet, _created = EndUserSheet.objects.update_or_create(
        store_id=order.store_id, order=order, form=form, defaults={"answers": answers, "filled_at": clock.now()}
    )
    history.record(order, "order.end_user_filled", by=by, form_id=form.pk, version=form.version)
    _hand_in(order, sheet, by)
    return sheet


def pdf_of(sheet: EndUserSheet) -> bytes:
    """The filled form to print, A4."""
    order, form = sheet.order, sheet.form
    data = {
        "title": form.name,
        "vendor": form.vendor.name,
        "number": order.number,
        "version": form.version,
        "filled_on": clock.jst_date(sheet.filled_at or order.placed_at).isoformat(),
        "seller": order.snapshot["seller"]["name"],
        "rows": [[field["label"], sheet.answers.get(field["name"], "")] for field in form.fields],
        "lines": [[line["name"], line["model_number"], f"{line['quantity']}{line['unit']}"] for line in _lines(sheet)],
    }
    return pdf.render(_TEMPLATE, data, timestamp=sheet.filled_at or order.placed_at)


def table_of(sheet: EndUserSheet) -> tuple[list[str], list[list[object]]]:
    """The sheet in the vendor's shape: its headings, and a row for each of its lines."""
    fields = [field for field in sheet.form.fields if field.get("column")]
    header = [_("注文ID"), _("型番"), _("数量"), *(field["column"] for field in fields)]
    answers = [sheet.answers.get(field["name"], "") for field in fields]
    rows: list[list[object]] = [
        [sheet.order.number, line["model_number"], line["quantity"], *answers] for line in _lines(sheet)
    ]
    return header, rows


def _forms(skus: Iterable[Sku], *, day: date) -> list[VendorForm]:
    asked = {(sku.product.vendor_id, sku.purchase_type) for sku in skus}
    rows = VendorForm.objects.filter(vendor__in={vendor for vendor, _kind in asked}, from_day__lte=day)
    newest: dict[tuple[int, str], VendorForm] = {}
    for form in rows.select_related("vendor").order_by("vendor_id", "name", "version"):
        newest[form.vendor_id, form.name] = form
    return [form for form in newest.values() if asked & _meant(form, asked)]


def _meant(form: VendorForm, asked: set[tuple[int, str]]) -> set[tuple[int, str]]:
    """Which of the lines it is for."""
    return {one for one in asked if one[0] == form.vendor_id and form.purchase_type in {"", one[1]}}


def _lines(sheet: EndUserSheet) -> list[dict[str, Any]]:
    """The lines, as the order froze them, that the form is about."""
    rows = sheet.order.lines.filter(sku__product__vendor=sheet.form.vendor_id)
    if sheet.form.purchase_type:
        rows = rows.filter(sku__purchase_type=sheet.form.purchase_type)
    positions = set(rows.values_list("position", flat=True))
    return [line for line in sheet.order.snapshot["lines"] if line["no"] in positions]


def _hand_in(order: Order, sheet: EndUserSheet, by: Member) -> None:
    """The filled form is the 申請書 of the lines it is about, as far as that is still open."""
    asked = DocumentRequest.objects.filter(
        order=order,
        store=order.store_id,
        paper=Paper.APPLICATION_FORM,
        state__in=papers.OPEN,
        line__position__in=[line["no"] for line in _lines(sheet)],
    )
    waiting = list(asked.select_related("order").order_by("id"))
    if not waiting:
        return
    content, name = pdf_of(sheet), f"{sheet.form.name}_{order.number}.pdf"
    for request in waiting:
        submissions.hand_in(request, [uploads.receive(ContentFile(content, name))], by=by)


def _known(order: Order, member: Member) -> dict[str, str]:
    """Of the end user of the quotation, else of the buyer as registered."""
    if user := order.snapshot.get("end_user"):
        return {name: str(user.get(name, "")) for name in KNOWN}
    company = member.company
    return {
        "company": company.name, "kana": company.kana, "department": member.department, "person": member.name,
        "person_kana": member.kana, "postal_code": company.postal_code, "address": company.address, "phone": company.phone,
        "email": member.email,
    }  # fmt: skip


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _mail(text: str, _field: Mapping[str, Any]) -> str:
    validate_email(_plain(text))
    return _plain(text)


def _choice(text: str, field: Mapping[str, Any]) -> str:
    if text not in field.get("choices", []):
        raise Refused(_("%(label)sを選択肢から選んでください。"), code="choice")
    return text


def _day(text: str, _field: Mapping[str, Any]) -> str:
    year, month, day = map(int, _plain(text).replace("/", "-").split("-"))
    return date(year, month, day).isoformat()


def _number(text: str, _field: Mapping[str, Any]) -> str:
    return str(int(_plain(text).replace(",", "")))


_KINDS: Final[Mapping[str, Callable[[str, Mapping[str, Any]], str]]] = {
    "text": lambda text, _field: text,
    "kana": lambda text, _field: contacts.kana(text),
    "tel": lambda text, _field: contacts.phone(text),
    "mail": _mail,
    "date": _day,
    "choice": _choice,
    "number": _number,
}
