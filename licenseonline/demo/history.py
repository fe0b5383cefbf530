"""What happened in the demo before anybody looks at it: made by the same verbs as in life."""

from datetime import timedelta
from pathlib import Path

from licenseonline.accounts.models import Member
from licenseonline.billing import payments
from licenseonline.catalog.models import Sku
from licenseonline.demo.people import People
from licenseonline.kit import clock, pdf
from licenseonline.sales import carts, deliveries, orders, quotes, vendor_orders
from licenseonline.sales.deliveries import Certificate, Item
from licenseonline.sales.models import Order, Quote

_CERTIFICATE = Path(__file__).parent / "certificate.typ"
_KEYS = ("AZR7-K4MX-22QP-9TVD-H3NB", "AZR7-P8WC-61JL-4RSY-D5EG", "AZR7-T2FN-93ZU-7KQA-M6VX")


def make(people: People) -> None:
    """Quotations and orders of every state at the first store, a little at the second."""
    _first_store(people)
    minato = people.hanako_minato
    _quote(minato, [("CIXJ1CSAA", 5), ("SSJBEBLOS21", 2)], "横浜事業所 端末保護とバックアップ")
    _paid(_quote(minato, [("BSSEWWJ2XSBUPN3712Z", 30)], "ウイルス対策 30台"), people)


def _first_store(people: People) -> None:
    hanako = people.hanako
    _delivered(
        _quote(hanako, [("BSSEWWJ2XSBUPN3712Z", 40), ("SSJBEBLOS21", 1)], "本社 ウイルス対策・バックアップ"), people
    )
    _arranging(_quote(hanako, [("CMJ-ECNC12-03", 30)], "工場 端末保護"), people)
    _paid(_quote(people.kenji, [("057R1-WW4127-L463", 3)], "設計部 CAD 増設"), people)
    _placed(_quote(hanako, [("65436866BA02A12", 12), ("1494016", 5)], "PDF編集・オフィス"))
    _expire(_quote(hanako, [("DG7GMGF0D68J-0002", 16)], "ファイルサーバー更新"))
    _quote(hanako, [("BSSEWWJ1XSBUPN3712Z", 10), ("LSC-CYP-BN1Y", 10)], "新入社員用 端末")
    _quote(people.kenji, [("CFQ7TTC0LDRJ-0001-P1M", 5)], "月額 Microsoft 365")
    _quote(people.taro, [(_academic(), 50)], "情報演習室")
    _placed(_quote(people.taro, [("CSEPWWJ1XSBACN3712Z", 1)], "全校 ウイルス対策"))  # waits for its two papers
    _quote(people.minori, [("CFQ7TTC0LDRJ-0001-P1M", 3)], "総務課 更新分")


def _academic() -> str:
    """The most popular new SKU for schools that 50 seats fit."""
    fitting = Sku.objects.filter(
        program="academic", purchase_type="new", billing="once", min_quantity__lte=50, quantity_step=1, band_to=None
    )
    return fitting.order_by("-popularity", "id")[0].model_number


def _quote(by: Member, lines: list[tuple[str, int]], subject: str) -> Quote:
    sold = {sku.model_number: sku for sku in Sku.objects.public(by.store_id).select_related("product")}
    for model_number, quantity in lines:
        carts.put(sold[model_number], quantity=quantity, by=by)
    return quotes.issue(carts.form_of(sold[lines[0][0]]), subject=subject, by=by)


def _placed(quote: Quote) -> Order:
    return orders.place(quote, accepted_terms=quote.store.terms_version, by=quote.member)


def _paid(quote: Quote, people: People) -> Order:
    order = _placed(quote)
    return orders.record_transfer(
        order,
        amount_yen=payments.remaining(order.receivable),
        received_on=clock.today(),
        payer_name="カ）アオゾラセイサクシヨ",
        by=people.operator,
    )


def _arranging(quote: Quote, people: People) -> Order:
    order = _paid(quote, people)
    for vendor in vendor_orders.waiting(order):
        reference = f"{vendor.code.upper()[:6]}-{order.number}"
        vendor_orders.record(order, vendor=vendor, reference=reference, ordered_on=clock.today(), by=people.operator)
    return order


def _delivered(quote: Quote, people: People) -> Order:
    """Every line gets a key; the first a certificate too."""
    order = _arranging(quote, people)
    items = {}
    for line in order.lines.select_related("sku").order_by("position"):
        contract_number = f"V{order.number}-{line.position:02}"
        items[line.position] = Item(
            starts_on=clock.today(),
            key=_KEYS[line.position - 1],
            certificate=_certificate(order, line.position, contract_number) if line.position == 1 else None,
            vendor_contract_number=contract_number,
        )
    return deliveries.deliver(order, items=items, by=people.operator)


def _certificate(order: Order, position: int, contract_number: str) -> Certificate:
    line = order.snapshot["lines"][position - 1]
    data = {
        "company": order.company.name,
        "product": line["name"],
        "model_number": line["model_number"],
        "quantity": f"{line['quantity']:,} {line['unit']}",
        "contract_number": contract_number,
        "starts_on": clock.today().isoformat(),
    }
    content = pdf.render(_CERTIFICATE, data, timestamp=clock.now())
    return Certificate(content, f"ライセンス証書_{contract_number}.pdf", "application/pdf")


def _expire(quote: Quote) -> None:
    """Put a quotation back by three weeks, before anybody has seen it: no verb may, and waiting for it takes too long."""
    earlier = timedelta(days=21)
    quote.issued_at -= earlier
    quote.valid_until -= earlier
    quote.snapshot["issued_on"] = clock.jst_date(quote.issued_at).isoformat()
    quote.snapshot["valid_until"] = quote.valid_until.isoformat()
    quote.save(update_fields=["issued_at", "valid_until", "snapshot"])
