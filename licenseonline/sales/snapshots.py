"""What a quotation promises, frozen as plain data: the page, the order and the PDF all show this and nothing newer."""

from datetime import date
from typing import TypedDict

from django.utils.translation import gettext as _

from licenseonline.accounts.models import Member
from licenseonline.catalog import prices
from licenseonline.catalog.models import Program, PurchaseType
from licenseonline.kit import clock, money, states
from licenseonline.sales.carts import Line
from licenseonline.stores.models import Store


class Seller(TypedDict):
    """The seller of record, as of the day."""

    name: str
    postal_code: str
    address: str
    phone: str
    email: str
    registration_number: str
    desk_name: str
    hours: str
    bank_account: str


class Buyer(TypedDict):
    """The addressee."""

    company: str
    department: str
    person: str
    postal_code: str
    address: str


class SnapshotLine(TypedDict):
    """One line; yen without tax, rate in percent."""

    no: int
    sku_id: int
    model_number: str
    name: str
    note: str
    quantity: int
    unit: str
    unit_price: int
    amount: int
    tax_rate: int
    lead_days: int
    papers: list[str]


class Tax(TypedDict):
    """All lines at one rate."""

    rate: int
    base: int
    tax: int


class Snapshot(TypedDict):
    """A whole quotation. Days are ISO dates in Japan, amounts are yen."""

    title: str
    number: str
    revision: int
    issued_on: str
    valid_until: str
    subject: str
    store: dict[str, int | str]
    seller: Seller
    buyer: Buyer
    lines: list[SnapshotLine]
    net: int
    taxes: list[Tax]
    tax: int
    total: int
    delivery: str
    payment: str
    terms: list[str]
    terms_version: str
    note: str


def quotation(  # noqa: PLR0913  (what a quotation says, all named)
    lines: list[Line], *, number: str, member: Member, valid_until: date, subject: str, totals: money.Totals
) -> Snapshot:
    """Freeze these lines for this member. Refused (`on_request`) when a line has no price."""
    store = member.store
    lead = max(line.sku.lead_days for line in lines)
    return Snapshot(
        title=_("御見積書"),
        number=number,
        revision=1,
        issued_on=clock.today().isoformat(),
        valid_until=valid_until.isoformat(),
        subject=subject,
        store={"id": store.pk, "name": store.name},
        seller=_seller(store),
        buyer=_buyer(member),
        lines=[_line(number_, line) for number_, line in enumerate(lines, start=1)],
        net=totals.net,
        taxes=[Tax(rate=group.rate_percent, base=group.base_yen, tax=group.tax_yen) for group in totals.groups],
        tax=totals.tax,
        total=totals.gross,
        delivery=_("ご入金確認後 約%(days)s営業日") % {"days": lead},
        payment=_("銀行振込（前払い）ご注文後%(days)s営業日以内") % {"days": store.payment_days},
        terms=[line.strip() for line in store.terms.splitlines() if line.strip()],
        terms_version=store.terms_version,
        note="",
    )


def _seller(store: Store) -> Seller:
    return Seller(
        name=store.seller_name,
        postal_code=store.seller_postal_code,
        address=store.seller_address,
        phone=store.desk_phone,
        email=store.desk_email,
        registration_number=store.registration_number,
        desk_name=store.desk_name,
        hours=store.desk_hours,
        bank_account=store.bank_account,
    )


def _buyer(member: Member) -> Buyer:
    company = member.company
    return Buyer(
        company=company.name,
        department=member.department,
        person=member.name,
        postal_code=company.postal_code,
        address=company.address,
    )


def _line(number: int, line: Line) -> SnapshotLine:
    sku = line.sku
    return SnapshotLine(
        no=number,
        sku_id=sku.pk,
        model_number=sku.model_number,
        name=sku.name,
        note=" / ".join(
            [
                states.label(PurchaseType, sku.purchase_type),
                states.label(Program, sku.program),
                sku.term_label,
            ]
        ),
        quantity=line.quantity,
        unit=sku.unit_label,
        unit_price=prices.priced(line.offer),
        amount=line.amount_yen,
        tax_rate=line.offer.tax_percent,
        lead_days=sku.lead_days,
        papers=list(sku.papers),
    )


def title(frozen: Snapshot) -> str:
    """What a list shows of it: the first line's name, and how many lines there are."""
    name, count = frozen["lines"][0]["name"][:200], len(frozen["lines"])
    return name if count == 1 else _("%(name)s ほか（全%(count)s明細）") % {"name": name, "count": count}
