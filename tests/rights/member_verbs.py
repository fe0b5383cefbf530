"""Every verb of members that their role in the company decides, with arguments that are right for who may."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.core.files.base import ContentFile

from licenseonline.accounts import colleagues, company_changes, company_profiles, invitations
from licenseonline.accounts.models import MailLink, Member, Role
from licenseonline.kit import clock
from licenseonline.licensing import keys
from licenseonline.licensing.models import Contract, Key
from licenseonline.records.uploads import Received, Upload, receive
from licenseonline.sales import (
    approvals,
    carts,
    completions,
    deliveries,
    end_users,
    order_documents,
    orders,
    papers,
    quick_entry,
    quote_links,
    quote_requests,
    quotes,
    requotes,
    submissions,
    wishes,
)
from licenseonline.sales.models import Approver, DocumentRequest, Order, Quote, QuoteLink, QuoteRequest, VendorForm
from tests.world import World

Verbs = dict[str, Callable[[Member], object]]


@dataclass
class Things:
    """What the verbs are tried on, all of hanako's company."""

    world: World
    key: Key
    quote: Quote
    order: Order
    invited: MailLink
    approver: Approver
    shared: QuoteLink
    asked: QuoteRequest

    @classmethod
    def of(cls, world: World) -> "Things":
        hanako = world.hanako
        items = {1: deliveries.Item(starts_on=clock.today(), key="AAAA-BBBB-CCCC-DDDD")}
        deliveries.deliver(world.arranged_order(), items=items, by=world.operator)
        quote = world.quote()
        made = cls(
            world,
            Key.objects.get(),
            quote,
            world.order(),
            invitations.invite("new@aozora.example", role=Role.BUYER, by=hanako),
            _name_approver(hanako),
            quote_links.create(quote, by=hanako),
            quote_requests.ask(subject="a", text="b", by=hanako),
        )
        carts.put(world.sku("VBBSS-R1"), quantity=1, by=hanako)
        return made


def _name_approver(by: Member) -> Approver:
    return approvals.name_approver(by.company, name="部長", email="bucho@aozora.example", limit_yen=None, by=by)


def _paper(world: World) -> DocumentRequest:
    """That an order of her colleague needs."""
    order = world.order(world.ichiro)
    return papers.ask(order, order.lines.get(), paper="application_form", why="依頼", by=world.operator)


def _fill_end_user(order: Order, by: Member) -> None:
    vendor = order.lines.get().sku.product.vendor
    form = VendorForm.objects.create(vendor=vendor, name="届け出", version=1, from_day=date(2026, 1, 1), fields=[])
    end_users.fill(order, form, {}, by=by)


def _place_from_cart(by: Member) -> None:
    by.store.orders_from_cart = True
    total = carts.groups(by)[0].totals.gross
    orders.place_from_cart(carts.TERM, accepted_terms=by.store.terms_version, total_yen=total, by=by)


def _received() -> Received:
    return receive(ContentFile(b"%PDF-", "a.pdf"))


def of_members(things: Things) -> Verbs:
    return {
        "licensing.keys.reveal": lambda by: keys.reveal(things.key, by=by),
        **_of_companies(things.world, things.invited),
        **_of_approvals(things),
        **_of_carts(things.world),
        **_of_quotes(things),
        **_of_orders(things),
    }


def _of_companies(world: World, link: MailLink) -> Verbs:
    company = world.hanako.company
    wanted = company_changes.Names(name="株式会社青空", kana="アオゾラ", corporate_number="")
    paper = Upload(name="a.pdf", content_type="application/pdf", content=b"%PDF-")
    profile, billing = dict.fromkeys(company_profiles.COMPANY, "x"), dict.fromkeys(company_profiles.BILLING, "x")
    return {
        "accounts.colleagues.change_role": lambda by: colleagues.change_role(world.ichiro, "viewer", by=by),
        "accounts.colleagues.remove": lambda by: colleagues.remove(world.ichiro, by=by),
        "accounts.company_changes.ask": lambda by: company_changes.ask(company, wanted, paper=paper, by=by),
        "accounts.company_profiles.change": lambda by: company_profiles.change(company, profile, by=by),
        "accounts.company_profiles.set_billing": lambda by: company_profiles.set_billing(company, billing, by=by),
        "accounts.company_profiles.clear_billing": lambda by: company_profiles.clear_billing(company, by=by),
        "accounts.invitations.invite": lambda by: invitations.invite("b@aozora.example", role=Role.BUYER, by=by),
        "accounts.invitations.send_again": lambda by: invitations.send_again(link, by=by),
        "accounts.invitations.withdraw": lambda by: invitations.withdraw(link, by=by),
    }


def _of_approvals(things: Things) -> Verbs:
    company, limits = things.world.hanako.company, approvals.Limits(buyer_yen=0, admin_yen=0)
    return {
        "sales.approvals.name_approver": _name_approver,
        "sales.approvals.remove_approver": lambda by: approvals.remove_approver(things.approver, by=by),
        "sales.approvals.set_policy": lambda by: approvals.set_policy(company, is_on=True, limits=limits, by=by),
    }


def _of_carts(world: World) -> Verbs:
    sku, other = world.sku("VBBSS-R1"), world.sku("VBBSS-1Y-005")
    return {
        "sales.carts.follow": lambda by: carts.follow(0, contract=Contract.objects.get(), by=by),
        "sales.carts.put_all": lambda by: carts.put_all({sku: 1}, by=by),
        "sales.carts.switch": lambda by: carts.switch(other, to=sku, quantity=1, by=by),
        "sales.carts.put": lambda by: carts.put(sku, quantity=1, by=by),
        "sales.quick_entry.put": lambda by: quick_entry.put([("VBBSS-R1", 1)], by=by),
    }


def _of_quotes(things: Things) -> Verbs:
    quote, shared, asked = things.quote, things.shared, things.asked
    return {
        "sales.quotes.issue": lambda by: quotes.issue(carts.TERM, by=by),
        "sales.quotes.issue_all": lambda by: quotes.issue_all(by=by),
        "sales.requotes.issue": lambda by: requotes.issue(quote, seen_yen=quote.total_yen, by=by),
        "sales.quote_requests.ask": lambda by: quote_requests.ask(subject="a", text="b", by=by),
        "sales.quote_requests.end": lambda by: quote_requests.end(asked, by=by),
        "sales.quote_requests.reply": lambda by: quote_requests.reply(asked, text="b", by=by),
        "sales.quote_links.create": lambda by: quote_links.create(quote, by=by),
        "sales.quote_links.withdraw": lambda by: quote_links.withdraw(shared, by=by),
    }


def _of_orders(things: Things) -> Verbs:
    world, order, quote = things.world, things.order, things.quote
    terms = quote.snapshot["terms_version"]
    return {
        "sales.orders.place": lambda by: orders.place(quote, accepted_terms=terms, by=by),
        "sales.orders.place_from_cart": _place_from_cart,
        "sales.submissions.hand_in": lambda by: submissions.hand_in(_paper(world), [_received()], by=by),
        "sales.wishes.ask": lambda by: wishes.ask(order, kind="cancel", text="", by=by),
        "sales.completions.confirm": lambda by: completions.confirm(Order.objects.get(state="delivered"), by=by),
        "sales.end_users.fill": lambda by: _fill_end_user(order, by),
        "sales.order_documents.attach": lambda by: order_documents.attach(order, _received(), by=by),
    }
