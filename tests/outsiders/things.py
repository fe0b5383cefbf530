"""What stands behind several addresses, made when it is first asked for; the same for all who ask in one test."""

from datetime import date

from django.core.files.base import ContentFile

from licenseonline.catalog.models import Vendor
from licenseonline.records.uploads import receive
from licenseonline.sales import (
    approvals,
    end_users,
    order_documents,
    papers,
    quote_links,
    quote_requests,
    submissions,
    wishes,
)
from licenseonline.sales.models import (
    Approver,
    DocumentRequest,
    EndUserSheet,
    OrderWish,
    Quote,
    QuoteLink,
    QuoteRequest,
    RequestFile,
    VendorForm,
)
from tests.outsiders.objects import MARK, PDF, Objects


def paper(objects: Objects) -> DocumentRequest:
    """A paper of hanako's order that was handed in."""
    order = objects.order
    if (found := order.document_requests.first()) is None:
        why, by = "メーカーの依頼です。", objects.world.operator
        found = papers.ask(order, order.lines.get(), paper="application_form", why=why, by=by)
        submissions.hand_in(found, [receive(ContentFile(PDF, f"{MARK}.pdf"))], by=objects.world.hanako)
    return found


def order_document(objects: Objects) -> dict[str, object]:
    order = objects.order
    if (found := order.files.first()) is None:
        found = order_documents.attach(order, receive(ContentFile(PDF, f"{MARK}.pdf")), by=objects.world.hanako)
    return {"number": order.number, "file_id": found.pk}


def end_user_form(objects: Objects) -> dict[str, object]:
    fields = [{"name": "company", "label": "会社名", "kind": "text", "prefill": "company", "column": "会社名"}]
    form, _made = VendorForm.objects.get_or_create(
        vendor=Vendor.objects.get(code="trend"), name="届け出", version=1, from_day=date(2026, 1, 1), fields=fields
    )
    return {"number": objects.order.number, "form_id": form.pk}


def filled_sheet(objects: Objects) -> EndUserSheet:
    end_user_form(objects)
    form = VendorForm.objects.get()
    found = objects.order.end_user_sheets.first()
    return found or end_users.fill(objects.order, form, {"company": MARK}, by=objects.world.hanako)


def asked_wish(objects: Objects) -> OrderWish:
    found = objects.order.wishes.first()
    return found or wishes.ask(objects.order, kind="change", text=MARK, by=objects.world.hanako)


def quote_link(objects: Objects) -> QuoteLink:
    """Of a quotation of hanako's that nobody reads by its mark."""
    quote = Quote.objects.exclude(subject=MARK).first() or objects.world.quote()
    return quote.links.first() or quote_links.create(quote, by=objects.world.hanako)


def quote_request(objects: Objects) -> QuoteRequest:
    """Of hanako's, with a file."""
    found = QuoteRequest.objects.filter(member=objects.world.hanako).first()
    if found is None:
        file = receive(ContentFile(PDF, "a.pdf"))
        found = quote_requests.ask(subject=MARK, text=MARK, uploads=[file], by=objects.world.hanako)
    return found


def requested(objects: Objects) -> dict[str, object]:
    return {"number": quote_request(objects).number}


def asked_file(objects: Objects) -> dict[str, object]:
    request = quote_request(objects)
    return {"number": request.number, "file_id": RequestFile.objects.get(post__request=request).pk}


def approver(objects: Objects) -> Approver:
    company = objects.world.hanako.company
    return company.approvers.first() or approvals.name_approver(
        company, name="部長", email="b@aozora.example", limit_yen=None, by=objects.world.hanako
    )
