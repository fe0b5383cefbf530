"""The desk's pages about sales: orders, papers, vendor orders and deliveries, quotations, requests."""

from licenseonline.catalog.models import Vendor
from licenseonline.kit import clock
from licenseonline.records import files
from licenseonline.sales import submissions
from licenseonline.sales.models import DeliveryBatch, SubmissionPage, VendorFormat, VendorInvoice
from tests.outsiders import things
from tests.outsiders.objects import MARK, Objects
from tests.outsiders.recipes import Args, Page


def order(*more: object) -> Args:
    return lambda objects: [87465, objects.order.number, *more]


def quote(*more: object) -> Args:
    return lambda objects: [87465, objects.quote.number, *more]


def request(objects: Objects) -> list[object]:
    return [87465, *things.requested(objects).values()]


def paper(objects: Objects) -> list[object]:
    return [87465, things.paper(objects).pk]


def original(objects: Objects) -> list[object]:
    return [87465, submissions.counting(things.paper(objects))[0].pk]


def picture(objects: Objects) -> list[object]:
    kept = submissions.counting(things.paper(objects))[0]
    file = files.keep(b"", name="1", content_type="image/webp", store_id=87465, company_id=None)
    return [87465, SubmissionPage.objects.create(store_id=87465, submission=kept, number=1, file=file).pk]


def vendor_order(*more: str) -> Args:
    return lambda objects: [objects.delivered.lines.get().vendor_order_id, *more]


def vendor_invoice(objects: Objects) -> list[object]:
    given = {"vendor": Vendor.objects.get(code="trend"), "month": clock.today(), "read_by": objects.world.operator}
    found, _made = VendorInvoice.objects.get_or_create(name=MARK, defaults={**given, "read_at": clock.now()})
    return [found.pk]


def vendor_format(objects: Objects) -> list[object]:
    given = {"vendor": Vendor.objects.get(code="trend"), "purpose": "order"}
    found, _made = VendorFormat.objects.get_or_create(**given, defaults={"kind": "csv", "columns": [[MARK, "number"]]})
    return [found.pk]


def delivery_batch(*more: str) -> Args:
    def args(objects: Objects) -> list[object]:
        made = {"made_by": objects.world.operator, "made_at": clock.now(), "vendor": Vendor.objects.get(code="trend")}
        found, _made = DeliveryBatch.objects.get_or_create(name=MARK, defaults=made)
        return [found.pk, *more]

    return args


ORDER_STEPS = ["order_refund", "order_attach", "order_transfer", "order_delivery"]
PAPER_STEPS = ["_accept", "_return", "_waive", "_sent", "_file"]
PAGES: dict[str, Page] = {
    "backoffice:order": Page(order()),
    **{f"backoffice:{name}": Page(order(), gets=405) for name in ORDER_STEPS},
    "backoffice:order_vendor_order": Page(order("trend"), gets=405),
    "backoffice:order_paper_ask": Page(order()),
    "backoffice:order_wish": Page(lambda objects: order(things.asked_wish(objects).pk)(objects), gets=405),
    "backoffice:order_document": Page(lambda objects: [87465, *things.order_document(objects).values()]),
    "backoffice:order_end_user": Page(lambda objects: order(things.filled_sheet(objects).pk, "csv")(objects)),
    "backoffice:paper": Page(paper),
    "backoffice:paper_original": Page(original),
    "backoffice:paper_picture": Page(picture),
    **{f"backoffice:paper{step}": Page(paper, gets=405) for step in PAPER_STEPS},
    "backoffice:vendor_order": Page(vendor_order()),
    "backoffice:vendor_order_file": Page(vendor_order()),
    "backoffice:vendor_order_step": Page(vendor_order("send"), gets=405),
    "backoffice:vendor_format_sample": Page(vendor_format),
    "backoffice:vendor_order_collect": Page(lambda _: ["trend"], gets=405),
    "backoffice:vendor_invoice": Page(vendor_invoice),
    "backoffice:vendor_invoice_settle": Page(vendor_invoice, gets=405),
    "backoffice:delivery_batch": Page(delivery_batch()),
    "backoffice:delivery_batch_refused": Page(delivery_batch()),
    "backoffice:delivery_batch_step": Page(delivery_batch("deliver"), gets=405),
    "backoffice:quote": Page(quote()),
    "backoffice:quote_file_order": Page(quote(), gets=405),
    "backoffice:offer_new": Page(lambda objects: [87465, objects.quote.member_id]),
    "backoffice:order_entry_new": Page(lambda objects: [87465, objects.quote.member_id]),
    "backoffice:offer_to_address": Page(lambda _objects: [87465]),
    "backoffice:offer_edit": Page(quote()),
    "backoffice:offer_step": Page(quote("send"), gets=405),
    "backoffice:offer_pdf": Page(quote(1)),
    "backoffice:request": Page(request),
    "backoffice:request_answer": Page(request, gets=405),
    "backoffice:request_close": Page(request, gets=405),
    "backoffice:request_file": Page(lambda objects: [87465, *things.asked_file(objects).values()]),
    **{f"admin:{name}_change": Page(gets=302) for name in ("sales_order", "sales_quote")},  # to their own pages
}
