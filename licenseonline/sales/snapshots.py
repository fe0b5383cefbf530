"""What a quotation promises, frozen as plain data: the page, the order and the PDF all show this and nothing newer."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import NotRequired, TypedDict, cast

from django.utils.translation import gettext as _

from licenseonline.accounts import acting
from licenseonline.accounts.models import Member
from licenseonline.catalog import prices
from licenseonline.catalog.models import PaymentMethod, Program, PurchaseType
from licenseonline.kit import clock, money, states
from licenseonline.sales import followings, papers
from licenseonline.sales.carts import Line
from licenseonline.sales.followings import Following
from licenseonline.sales.particulars import PLAIN, Addressee, Particulars
from licenseonline.sales.prospects import Prospect
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
    representative: NotRequired[str]


class Buyer(TypedDict):
    """The addressee."""

    company: str
    department: str
    person: str
    postal_code: str
    address: str


class EndUser(TypedDict):
    """Who will use the licences, where it is not the buyer's company."""

    company: str
    kana: str
    department: str
    person: str
    postal_code: str
    address: str
    phone: str
    email: str


class SnapshotLine(TypedDict):
    """One line; yen without tax, rate in percent. `follows` is the number of the contract that it renews, adds to or replaces.

    `ends_on` is the last day of what is added to that contract.
    """

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
    purchase_type: NotRequired[str]  # of what follows something
    follows: NotRequired[str]
    follows_id: NotRequired[int]
    ends_on: NotRequired[str]


class Tax(TypedDict):
    """All lines at one rate."""

    rate: int
    base: int
    tax: int


class Snapshot(TypedDict):
    """A whole quotation. Days are ISO dates in Japan, amounts are yen.

    What is not required older ones do not have. `payment_methods` are the ways that all lines have in common.
    """

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
    set_number: NotRequired[str]
    wished_on: NotRequired[str]
    po_number: NotRequired[str]
    end_user: NotRequired[EndUser]
    blank_date: NotRequired[bool]
    payment_methods: NotRequired[list[str]]
    acted_by: NotRequired[str]  # who of the staff made it for the member, in words for members


def quotation(  # noqa: PLR0913  (what a quotation says, all named)
    lines: list[Line],
    *,
    number: str,
    member: Member | Prospect,
    valid_until: date,
    subject: str,
    totals: money.Totals,
    particulars: Particulars = PLAIN,
    set_number: str = "",
    ways: Sequence[str] = (),
) -> Snapshot:
    """Freeze these lines for this member, or for whom the store only knows by address. Refused (`on_request`) when a line has no price.

    `subject` is said apart from the particulars, whose own one is not looked at.
    """
    store = member.store
    lead = max(line.sku.lead_days for line in lines)
    made = Snapshot(
        title=_("御見積書"),
        number=number,
        revision=1,
        issued_on=clock.today().isoformat(),
        valid_until=valid_until.isoformat(),
        subject=subject,
        store={"id": store.pk, "name": store.name},
        seller=_seller(store),
        buyer=_buyer(member, particulars.addressee),
        lines=_lines(lines, store),
        net=totals.net,
        taxes=[Tax(rate=group.rate_percent, base=group.base_yen, tax=group.tax_yen) for group in totals.groups],
        tax=totals.tax,
        total=totals.gross,
        delivery=_("ご入金確認後 約%(days)s営業日") % {"days": lead},
        payment=_payment(store, ways),
        terms=[line.strip() for line in store.terms.splitlines() if line.strip()],
        terms_version=store.terms_version,
        note=particulars.note,
    )
    _add_wishes(made, particulars, store)
    if set_number:
        made["set_number"] = set_number
    if ways:
        made["payment_methods"] = list(ways)
    if member.acting:
        who = acting.who(member.acting)
        made["acted_by"] = _("%(who)s（販売店）") % {"who": who} if member.acting.partner else who
    return made


def _payment(store: Store, ways: Sequence[str]) -> str:
    """By bank transfer unless the lines cannot be paid so."""
    if ways and PaymentMethod.TRANSFER not in ways:
        return _("・").join(states.label(PaymentMethod, way) for way in ways)
    return _("銀行振込（前払い）ご注文後%(days)s営業日以内") % {"days": store.payment_days}


def _add_wishes(made: Snapshot, wished: Particulars, store: Store) -> None:
    """What most quotations do not have."""
    if wished.wished_on:
        made["wished_on"] = wished.wished_on.isoformat()
    if wished.po_number:
        made["po_number"] = wished.po_number
    if wished.end_user:
        made["end_user"] = cast("EndUser", asdict(wished.end_user))
    if wished.blank_date:
        made["blank_date"] = True
    if wished.names_representative and store.seller_representative:
        made["seller"]["representative"] = store.seller_representative


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


def _buyer(member: Member | Prospect, addressee: Addressee | None) -> Buyer:
    if isinstance(member, Prospect):
        return _named(member.addressee)
    if addressee:
        return _named(addressee)
    company = member.company
    return Buyer(
        company=company.name,
        department=member.department,
        person=member.name,
        postal_code=company.postal_code,
        address=company.address,
    )


def _named(addressee: Addressee) -> Buyer:
    return Buyer(
        company=addressee.company,
        department=addressee.department,
        person=addressee.person,
        postal_code=addressee.postal_code,
        address=addressee.address,
    )


def _lines(lines: list[Line], store: Store) -> list[SnapshotLine]:
    """Numbered from 1, with the papers that each will need."""
    asked = papers.codes((line.sku for line in lines), store=store)
    return [_line(number, line, asked.get(line.sku.pk, [])) for number, line in enumerate(lines, start=1)]


def _line(number: int, line: Line, asked: list[str]) -> SnapshotLine:
    sku = line.sku
    made = SnapshotLine(
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
        papers=line.papers(asked),
    )
    if line.following:
        _add_contract(made, line, line.following)
    return made


def _add_contract(made: SnapshotLine, line: Line, following: Following) -> None:
    made["purchase_type"] = following.kind
    contract = following.chosen
    if contract is None or contract.contract_id is None:
        return
    made["follows"], made["follows_id"] = contract.number, contract.contract_id
    parts = [made["note"], _("対象のご契約：%(number)s") % {"number": contract.number}]
    if until := followings.ends_with(following, line.sku, day=clock.today()):
        made["ends_on"] = until.isoformat()
        parts.append(_("%(year)s年%(month)s月%(day)s日まで（ご契約の終了日に合わせます）") % {
            "year": until.year, "month": until.month, "day": until.day,
        })  # fmt: skip
    made["note"] = " / ".join(parts)


def title(frozen: Snapshot) -> str:
    """What a list shows of it: the first line's name, and how many lines there are."""
    name, count = frozen["lines"][0]["name"][:200], len(frozen["lines"])
    return name if count == 1 else _("%(name)s ほか（全%(count)s明細）") % {"name": name, "count": count}


def following(frozen: Snapshot) -> dict[int, tuple[int, int | None]]:
    """Of the lines that follow something quantity and contract, by SKU (followings.check_promised)."""
    return {
        line["sku_id"]: (line["quantity"], line.get("follows_id"))
        for line in frozen["lines"]
        if "purchase_type" in line
    }
