"""Roles and verbs as a matrix: every verb of the staff is tried by every role, and a verb nobody entered here fails."""

import importlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from licenseonline.accounts import colleagues, company_changes, company_profiles, invitations
from licenseonline.accounts.models import MailLink, Member, Role, User
from licenseonline.kit import clock, rights
from licenseonline.kit.actors import Visitor
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.rights import OPERATOR_ROLES, PARTNER_ROLES, Right, StaffRole
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
    quick_entry,
    quote_links,
    quote_requests,
    quotes,
    requotes,
    submissions,
    wishes,
)
from licenseonline.sales.models import DocumentRequest, Order, Quote, VendorForm
from tests.test_house import CODE, DOMAIN
from tests.world import World

# Of each side for its own people.
OF_HEADS = {
    "accounts.staff.change_role",
    "accounts.staff.invite",
    "accounts.staff.reset_second_factor",
    "accounts.staff.send_again",
    "accounts.staff.stop",
}
PREPARES = {
    "sales.offers.prepare",
    "sales.offers.send",
    "sales.offers.withdraw",
    "sales.quote_requests.answer",
    "sales.quote_requests.attach",
    "sales.quote_requests.close",
    "sales.revisions.revise",
    "sales.revisions.rewrite",
}
ALLOWS = {"sales.offers.allow", "sales.offers.give_back"}
# Of a partner, for its customers.
OF_SELLERS = {
    "accounts.acting.begin",
    "accounts.assignments.assign",
    "accounts.notes.add",
    "accounts.notes.attach",
    "accounts.partner_invitations.invite",
    "accounts.partner_invitations.send_again",
    "accounts.partner_invitations.withdraw",
    "accounts.second_factors.reset",
    "licensing.keys.look_up",
    *PREPARES,
}
# What each role of the staff may do, verb by verb. 管理者 may do all of it.
MAY = {
    StaffRole.ORDERS: {
        *PREPARES,
        "accounts.acting.begin",
        "accounts.assignments.assign",
        "accounts.partner_invitations.invite",
        "accounts.partner_invitations.send_again",
        "accounts.partner_invitations.withdraw",
        "accounts.colleagues.hand_over",
        "accounts.companies.approve",
        "accounts.companies.refuse",
        "accounts.company_changes.accept",
        "accounts.company_changes.send_back",
        "accounts.company_merges.merge",
        "accounts.company_merges.preview",
        "accounts.company_merges.undo",
        "accounts.notes.add",
        "accounts.notes.attach",
        "accounts.second_factors.reset",
        "licensing.contracts.open_contract",
        "licensing.grants.give",
        "licensing.holding_entries.enter",
        "licensing.holding_entries.withdraw",
        "licensing.keys.add_certificate",
        "licensing.keys.add_key",
        "licensing.keys.look_up",
        "sales.deliveries.deliver",
        "sales.delivery_batches.deliver",
        "sales.delivery_batches.discard",
        "sales.delivery_batches.read_certificates",
        "sales.delivery_batches.read_keys",
        "sales.filed_orders.file",
        "sales.order_documents.attach_for",
        "sales.papers.ask",
        "sales.submissions.accept",
        "sales.submissions.file_for",
        "sales.submissions.mark_sent",
        "sales.submissions.not_needed",
        "sales.submissions.send_back",
        "sales.vendor_files.of",
        "sales.vendor_invoices.read",
        "sales.vendor_invoices.settle",
        "sales.vendor_orders.cancel",
        "sales.vendor_orders.collect",
        "sales.vendor_orders.confirm",
        "sales.vendor_orders.leave_out",
        "sales.vendor_orders.record",
        "sales.vendor_orders.send",
        "sales.wishes.answer",
    },
    StaffRole.ACCOUNTING: {
        "licensing.keys.look_up",
        "billing.payments.book",
        "billing.payments.record_refund",
        "sales.orders.record_refund",
        "sales.orders.record_transfer",
    },
    StaffRole.CATALOGUE: {
        "catalog.imports.price_imports.apply",
        "catalog.imports.price_imports.discard",
        "catalog.imports.price_imports.remap",
        "catalog.imports.price_imports.undo",
        "catalog.imports.price_imports.upload",
        "catalog.pictures.put",
        "catalog.pictures.remove",
        "catalog.synonyms.of_stores",
        "catalog.synonyms.put",
        "catalog.synonyms.remove",
        "catalog.zero_hits.forget",
        "catalog.zero_hits.most_frequent",
    },
    StaffRole.EDITOR: set[str](),
    StaffRole.HEAD: {*OF_SELLERS, *OF_HEADS, *ALLOWS},
    StaffRole.SALES: OF_SELLERS,
    StaffRole.BOOKS: {"licensing.keys.look_up"},
    StaffRole.VIEWER: {"licensing.keys.look_up"},
}
OF_STORES = {
    "accounts.partner_stops.close",
    "accounts.partner_stops.resume",
    "accounts.partner_stops.stop",
    "accounts.partners.appoint",
    "accounts.partners.rename",
    "sales.store_copies.copy",
    "stores.openings.close",
    "stores.openings.pause",
    "stores.openings.prepare",
    "stores.openings.publish",
    "stores.store_drafts.discard",
    "stores.store_drafts.make",
    "stores.store_drafts.publish",
    "stores.store_settings.agree_commission",
    "stores.store_settings.change",
    "stores.store_settings.save",
    "stores.store_settings.set_holidays",
}
MAY[StaffRole.ADMIN] = OF_STORES.union(*MAY.values())

# What members do. Whose it is and in which role of the company is asked by the verb itself.
OF_BUYERS = {
    "sales.carts.follow",
    "sales.carts.put_all",
    "sales.carts.switch",
    "sales.quick_entry.put",
    "sales.quotes.issue_all",
    "sales.carts.put",
    "sales.completions.confirm",
    "sales.end_users.fill",
    "sales.order_documents.attach",
    "sales.orders.place",
    "sales.orders.place_from_cart",
    "sales.submissions.hand_in",
    "sales.quote_requests.ask",
    "sales.requotes.issue",
    "sales.quote_requests.end",
    "sales.quote_requests.reply",
    "sales.quote_links.create",
    "sales.quote_links.withdraw",
    "sales.wishes.ask",
    "sales.quotes.issue",
    "licensing.keys.reveal",
}
OF_ADMINS = {
    "accounts.colleagues.change_role",
    "accounts.colleagues.remove",
    "accounts.company_changes.ask",
    "accounts.company_profiles.change",
    "accounts.company_profiles.clear_billing",
    "accounts.company_profiles.set_billing",
    "accounts.invitations.invite",
    "accounts.invitations.send_again",
    "accounts.invitations.withdraw",
    "sales.approvals.name_approver",
    "sales.approvals.remove_approver",
    "sales.approvals.set_policy",
}
OF_ONESELF = {
    "accounts.email_changes.ask",
    "accounts.email_changes.confirm",
    "accounts.email_changes.open",
    "accounts.password_changes.change",
    "accounts.profiles.change_person",
    "accounts.profiles.choose_newsletter",
    "accounts.second_factors.renew_codes",
    "accounts.second_factors.turn_off",
    "accounts.second_factors.turn_on",
    "accounts.sessions.end",
    "accounts.sessions.end_others",
    "sales.carts.empty",
    "sales.carts.remove",
    "sales.quotes.preview",
    "sales.requotes.compare",
    "sales.quotes.preview_all",
    "sales.quick_entry.resolve",
    "sales.term_choices.of",
    "sales.term_choices.table",
    "sales.withdrawals.withdraw",
}
# Not verbs: they check, or write down what a verb did.
PARTS = {
    "accounts.assignments.candidates",
    "accounts.assignments.ids_of",
    "accounts.assignments.of_many",
    "accounts.colleagues.check_admin",
    "accounts.company_profiles.check_may_change",
    "accounts.links.issue",
    "accounts.partner_invitations.waiting",
    "accounts.sessions.end_all",
    "accounts.staff.make",
    "accounts.staff_mail.notice",
    "kit.rights.allowed",
    "kit.rights.check",
    "kit.rights.check_in_person",
    "records.history.record",
    "records.history.record_platform",
    "records.idempotency.once",
    "sales.approvals.check_approved",
    "sales.approvals.is_needed",
    "sales.approvals.standing",
    "sales.quote_links.shown",
    "sales.papers.of",
    "sales.offer_panels.do",
    "sales.offer_panels.of",
    "sales.offers.check_reach",
    "sales.quotes.check_orderable",
    "stores.store_drafts.of",
}


def _verbs() -> Iterator[tuple[str, Callable[..., object]]]:
    """Every public function of the domain apps that asks who acts."""
    for path in sorted(CODE.rglob("*.py")):
        parts = path.relative_to(CODE).with_suffix("").parts
        if parts[0] not in DOMAIN or {"migrations", "models", "management", "__init__"} & set(parts):
            continue
        module = importlib.import_module(".".join(["licenseonline", *parts]))
        for name, found in inspect.getmembers(module, inspect.isfunction):
            own = found.__module__ == module.__name__ and not name.startswith("_")
            if own and "by" in inspect.signature(found).parameters:
                yield ".".join([*parts, name]), found


ALL = dict(_verbs())
OF_STAFF = {name: verb for name, verb in ALL.items() if hasattr(verb, "right")}


def test_every_verb_is_somebodys() -> None:
    entered = {*MAY[StaffRole.ADMIN], *OF_BUYERS, *OF_ADMINS, *OF_ONESELF, *PARTS}
    assert set(ALL) - entered == set(), "say here who may: a mark (rights.needs), or one of the lists of members' verbs"
    assert entered - set(ALL) == set()
    assert set(OF_STAFF) == MAY[StaffRole.ADMIN]


def test_each_role_of_the_staff_is_one_sides() -> None:
    assert {*OPERATOR_ROLES, *PARTNER_ROLES} == set(StaffRole) == set(rights.RIGHTS)
    assert not set(OPERATOR_ROLES) & set(PARTNER_ROLES)


def _passes(verb: Callable[..., object], by: Any) -> bool:
    """Whether the verb gets as far as missing its arguments; who is refused does not."""
    try:
        verb(by=by)
    except TypeError:
        return True
    except (NotVisible, Refused):
        return False
    return True


def test_a_refusal_says_what_is_missing_to_the_desk_and_nothing_to_a_partner(world: World) -> None:
    desk, partner = world.operator, world.partner
    desk.role, partner.role = StaffRole.EDITOR, StaffRole.VIEWER
    with pytest.raises(Refused, match="「納品」の権限が必要です。管理者にご依頼ください。") as refused:
        rights.check(desk, Right.DELIVER)
    assert refused.value.code == "role"
    with pytest.raises(NotVisible):
        rights.check(partner, Right.HELP_MEMBERS)


@pytest.mark.parametrize("name", OF_STAFF)
def test_a_verb_is_open_to_the_roles_entered_and_to_no_other(world: World, name: str) -> None:
    passing = set()
    for role in StaffRole:
        by = world.operator if role in OPERATOR_ROLES else world.partner
        by.role = role
        if _passes(OF_STAFF[name], by):
            passing.add(role)
    assert passing == {role for role in StaffRole if name in MAY[role]}


@pytest.mark.parametrize("name", OF_STAFF)
def test_a_verb_of_the_staff_does_not_exist_for_members_and_visitors(world: World, name: str) -> None:
    for by in (world.hanako, world.hanako_at_minato, Visitor(store_id=world.elsat.pk)):
        assert not _passes(OF_STAFF[name], by)


def test_no_member_has_a_right_of_the_staff(world: World) -> None:
    member: Any = world.hanako
    for role in StaffRole:
        member.role = role.value
        assert not any(rights.allowed(member, right) for right in Right)


def _paper(world: World) -> DocumentRequest:
    """That an order of her colleague needs."""
    quote = world.quote(world.ichiro, "VBBSS-R1")
    order = orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=world.ichiro)
    paper: DocumentRequest = order.document_requests.get()
    return paper


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


def _of_members(world: World, key: Key, quote: Quote, link: MailLink) -> dict[str, Callable[[Member], object]]:
    """Every verb of members that their role in the company decides, with arguments that are right for who may."""
    company = world.hanako.company
    wanted = company_changes.Names(name="株式会社青空", kana="アオゾラ", corporate_number="")
    paper = Upload(name="a.pdf", content_type="application/pdf", content=b"%PDF-")
    profile, billing = dict.fromkeys(company_profiles.COMPANY, "x"), dict.fromkeys(company_profiles.BILLING, "x")
    terms = quote.snapshot["terms_version"]
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
        "sales.carts.follow": lambda by: carts.follow(0, contract=Contract.objects.get(), by=by),
        "sales.carts.put_all": lambda by: carts.put_all({world.sku("VBBSS-R1"): 1}, by=by),
        "sales.carts.switch": lambda by: carts.switch(
            world.sku("VBBSS-1Y-005"), to=world.sku("VBBSS-R1"), quantity=1, by=by
        ),
        "sales.quick_entry.put": lambda by: quick_entry.put([("VBBSS-R1", 1)], by=by),
        "sales.quotes.issue_all": lambda by: quotes.issue_all(by=by),
        "sales.carts.put": lambda by: carts.put(world.sku("VBBSS-R1"), quantity=1, by=by),
        "sales.quotes.issue": lambda by: quotes.issue(carts.TERM, by=by),
        "sales.orders.place": lambda by: orders.place(quote, accepted_terms=terms, by=by),
        "sales.submissions.hand_in": lambda by: submissions.hand_in(_paper(world), [_received()], by=by),
        "licensing.keys.reveal": lambda by: keys.reveal(key, by=by),
        **_of_approval(world, quote),
    }


def _of_approval(world: World, quote: Quote) -> dict[str, Callable[[Member], object]]:
    company, limits = world.hanako.company, approvals.Limits(buyer_yen=0, admin_yen=0)
    named = {"name": "部長", "email": "bucho@aozora.example", "limit_yen": None}
    approver = approvals.name_approver(company, **named, by=world.hanako)  # type: ignore[arg-type]  # one dict for all
    shared, order = quote_links.create(quote, by=world.hanako), world.order()
    asked = quote_requests.ask(subject="a", text="b", by=world.hanako)
    return {
        "sales.approvals.name_approver": lambda by: approvals.name_approver(company, **named, by=by),  # type: ignore[arg-type]
        "sales.approvals.remove_approver": lambda by: approvals.remove_approver(approver, by=by),
        "sales.approvals.set_policy": lambda by: approvals.set_policy(company, is_on=True, limits=limits, by=by),
        "sales.wishes.ask": lambda by: wishes.ask(order, kind="cancel", text="", by=by),
        "sales.completions.confirm": lambda by: completions.confirm(Order.objects.get(state="delivered"), by=by),
        "sales.end_users.fill": lambda by: _fill_end_user(order, by),
        "sales.order_documents.attach": lambda by: order_documents.attach(order, _received(), by=by),
        "sales.orders.place_from_cart": _place_from_cart,
        "sales.requotes.issue": lambda by: requotes.issue(quote, seen_yen=quote.total_yen, by=by),
        "sales.quote_requests.ask": lambda by: quote_requests.ask(subject="a", text="b", by=by),
        "sales.quote_requests.end": lambda by: quote_requests.end(asked, by=by),
        "sales.quote_requests.reply": lambda by: quote_requests.reply(asked, text="b", by=by),
        "sales.quote_links.create": lambda by: quote_links.create(quote, by=by),
        "sales.quote_links.withdraw": lambda by: quote_links.withdraw(shared, by=by),
    }


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", sorted(OF_BUYERS | OF_ADMINS))
def test_a_members_role_in_the_company_decides(world: World, name: str, role: Role) -> None:
    items = {1: deliveries.Item(starts_on=clock.today(), key="AAAA-BBBB-CCCC-DDDD")}
    deliveries.deliver(world.arranged_order(), items=items, by=world.operator)
    link = invitations.invite("new@aozora.example", role=Role.BUYER, by=world.hanako)
    verbs = _of_members(world, Key.objects.get(), world.quote(), link)
    assert set(verbs) == OF_BUYERS | OF_ADMINS
    carts.put(world.sku("VBBSS-R1"), quantity=1, by=world.hanako)
    Member.objects.filter(pk=world.hanako.pk).update(role=role)
    by = Member.objects.get(pk=world.hanako.pk)
    may = role == Role.ADMIN or (role == Role.BUYER and name in OF_BUYERS)
    with nullcontext() if may else pytest.raises(Refused) as refused:
        verbs[name](by)
    assert may or refused.value.code in {"role", "viewer"}  # type: ignore[union-attr]  # None is only for who may


def test_nothing_of_a_members_own_account_is_done_by_who_acts_for_the_member(world: World) -> None:
    own = {name for name in OF_ONESELF if name.startswith("accounts.")}
    in_person = {name for name, verb in ALL.items() if hasattr(verb, "in_person")}
    assert in_person >= OF_ADMINS | own | {"sales.withdrawals.withdraw", "licensing.keys.reveal"}, (
        "mark: rights.in_person"
    )
    acting: Any = world.hanako
    acting.acting = world.partner
    for name in in_person:
        with pytest.raises(Refused) as refused:
            ALL[name](by=acting)
        assert refused.value.code == "acting"


def test_a_role_of_the_other_side_is_kept_out_by_the_database(world: World) -> None:
    for user, role in ((world.operator, StaffRole.HEAD), (world.partner, StaffRole.ADMIN)):
        with pytest.raises(IntegrityError, match="user_role"), transaction.atomic():
            User.objects.filter(pk=user.pk).update(role=role)
