"""Every address of the product, walked by everybody who must not see what is behind it.

The list comes from the URL map: a route that has no recipe here fails. Each object is real and its owner gets it first
(else the 404 of the others proves nothing).
"""

import io
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from licenseonline.accounts import company_changes, links, notes
from licenseonline.accounts.models import MailLink, Member, User
from licenseonline.backoffice.editable import EDITABLE
from licenseonline.catalog.imports import price_imports
from licenseonline.catalog.models import PriceImport, Vendor
from licenseonline.kit import clock, scope
from licenseonline.licensing.models import Holding, Key
from licenseonline.records import files
from licenseonline.records.models import HistoryEntry, Message
from licenseonline.records.uploads import Upload, receive
from licenseonline.sales import (
    approvals,
    deliveries,
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
    CartLine,
    DeliveryBatch,
    DocumentRequest,
    EndUserSheet,
    Order,
    OrderWish,
    Quote,
    QuoteLink,
    QuoteRequest,
    RequestFile,
    SubmissionPage,
    VendorForm,
    VendorInvoice,
)
from licenseonline.stores import previews
from tests.conftest import own_database, signed_in
from tests.world import World

MARK = "ひみつの件名"
SIGN_IN = 302
INVITE = MailLink.Purpose.INVITE
PDF = b"%PDF-1.7\n%%EOF\n"


@dataclass
class Objects:
    """One of each thing, all hanako's company's."""

    world: World
    quote: Quote
    order: Order
    delivered: Order
    key: Key
    certificate: Key
    invitation: MailLink
    invitation_secret: str

    @classmethod
    def of(cls, world: World) -> "Objects":
        delivered = world.arranged_order()
        certificate = deliveries.Certificate(PDF, "証書.pdf", "application/pdf")
        item = deliveries.Item(starts_on=clock.today(), key="SECRET-KEY-99999", certificate=certificate)
        deliveries.deliver(delivered, items={1: item}, by=world.operator)
        order, quote = world.order(), world.quote()
        Quote.objects.update(subject=MARK)
        file = files.keep(
            PDF, name="見積書.pdf", content_type="application/pdf", store_id=87465, company_id=quote.company_id
        )
        Quote.objects.filter(pk=quote.pk).update(pdf=file)  # drawing it is the job's and has its own tests
        keys = Key.objects.order_by("id")
        key, proof = keys.get(kind=Key.Kind.KEY), keys.get(kind=Key.Kind.CERTIFICATE)
        company = world.hanako.company
        invited = links.issue(INVITE, company=company, address="new@aozora.example", role="buyer", by=world.hanako)
        return cls(world, quote, order, delivered, key, proof, *invited)

    @property
    def contract_number(self) -> str:
        return str(self.delivered.lines.get().contract.number)


Kwargs = Callable[[Objects], dict[str, object]]
HOME, DOOR, MEMBER, OBJECT, PARTNER, PARTNER_OBJECT = "home", "door", "member", "object", "partner", "partner-object"


@dataclass(frozen=True)
class Recipe:
    """How to reach a route: who may, with what, and what its owner gets."""

    kind: str
    kwargs: Kwargs = field(default=lambda _objects: {})
    method: str = "get"
    data: dict[str, str] = field(default_factory=dict)
    owner_gets: int = 200
    colleague_gets: int | None = None  # where it is not the same: for administrators only


def ichiro(objects: Objects) -> dict[str, object]:
    return {"member_id": objects.world.ichiro.pk}


def invited_by_staff(objects: Objects) -> dict[str, object]:
    link, _secret = links.issue(INVITE, store_id=87465, address="new@midori.example", staff=objects.world.partner)
    return {"link_id": link.pk, "step": "withdraw"}


def hanako(objects: Objects) -> dict[str, object]:
    return {"member_id": objects.world.hanako.pk}


def colleague(objects: Objects) -> dict[str, object]:
    return {"user_id": objects.world.partner.pk}


def asked(objects: Objects) -> DocumentRequest:
    """A paper of hanako's order that was handed in."""
    order = objects.order
    if (found := order.document_requests.first()) is None:
        why, by = "メーカーの依頼です。", objects.world.operator
        found = papers.ask(order, order.lines.get(), paper="application_form", why=why, by=by)
        submissions.hand_in(found, [receive(ContentFile(PDF, f"{MARK}.pdf"))], by=objects.world.hanako)
    return found


def paper(name: str) -> Kwargs:
    """What the route of a paper takes."""

    def kwargs(objects: Objects) -> dict[str, object]:
        one = asked(objects)
        found: dict[str, object] = {"number": objects.order.number}
        if name == "paper_file":
            return found | {"submission_id": submissions.counting(one)[0].pk}
        return found if name == "order_papers" else found | {"request_id": one.pk}

    return kwargs


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


def desk_paper(step: str) -> Callable[[Objects], str]:
    """The same on the desk."""

    def address(objects: Objects) -> str:
        one = asked(objects)
        kept = submissions.counting(one)[0]
        if step == "_original":
            return reverse("backoffice:paper_original", args=[87465, kept.pk])
        if step == "_picture":
            file = files.keep(b"", name="1", content_type="image/webp", store_id=87465, company_id=None)
            page = SubmissionPage.objects.create(store_id=87465, submission=kept, number=1, file=file)
            return reverse("backoffice:paper_picture", args=[87465, page.pk])
        return reverse(f"backoffice:paper{step}", args=[87465, one.pk])

    return address


PAPER_STEPS = ["_accept", "_return", "_waive", "_sent", "_file"]


def about_hanako(objects: Objects) -> dict[str, object]:
    return {"kind": "member", "subject_id": objects.world.hanako.pk}


def number(name: str) -> Kwargs:
    return lambda objects: {"number": getattr(objects, name).number}


def preview_token(objects: Objects) -> dict[str, object]:
    return {"token": previews.token(objects.world.elsat)}


def quote_link(objects: Objects) -> QuoteLink:
    """Of a quotation of hanako's that nobody reads by its mark; the same for all who ask in one test."""
    quote = Quote.objects.exclude(subject=MARK).first() or objects.world.quote()
    return quote.links.first() or quote_links.create(quote, by=objects.world.hanako)


def quote_request(objects: Objects) -> QuoteRequest:
    """Of hanako's, with a file; the same for all who ask in one test."""
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


STORE_PAGES = [
    "top",
    "about",
    "campaigns",
    "faq",
    "inquiry",
    "news",
    "search",
    "suggest",
    "register_sent",
    "reissue",
    "reissue_sent",
]
MEMBER_PAGES = ["cart", "quick_entry", "quotes", "orders", "contracts", "licences", "profile"]
ACCOUNT_PAGES = [
    "password",
    "sessions",
    "second_factor",
    "second_factor_on",
    "second_factor_off",
    "second_factor_codes",
]
PROFILE_PAGES = ["approvals", "person", "company", "company_name", "billing", "email", "newsletter", "withdraw"]
STAFF_LINKS = ["start", "password_new"]
KEY = {"key": "9b2f4c0e-7d6a-4f57-9d2b-0a8d7f4f7a11"}


def email_secret(objects: Objects) -> str:
    """Of a mailed URL that changes hanako's address."""
    return links.issue(MailLink.Purpose.EMAIL_CHANGE, member=objects.world.hanako, address="new@aozora.example")[1]


def this_month(objects: Objects) -> dict[str, object]:
    return {"month": clock.today().replace(day=1)}


RECIPES: dict[str, Recipe] = {
    "platform:home": Recipe(HOME),
    "platform:terms": Recipe(HOME),
    "healthz": Recipe(HOME),
    "readyz": Recipe(HOME),
    **{f"store:{name}": Recipe(HOME) for name in STORE_PAGES},
    # Doors answer by who stands before them: tests/web/storefront and tests/web/partner say how.
    **{f"{area}:{name}": Recipe(DOOR) for area in ("store", "partner") for name in ("login", "logout")},
    "store:register": Recipe(DOOR),
    "store:register_confirm": Recipe(HOME, lambda _: {"secret": "0" * 40}, owner_gets=404),
    "store:register_again": Recipe(HOME, lambda _: {"secret": "0" * 40}, method="post", owner_gets=404),
    "store:postal_code": Recipe(HOME, lambda _: {"code": "100-0001"}),
    **{f"store:{name}": Recipe(DOOR) for name in ("login_code", "password_change")},
    **{f"store:{name}": Recipe(HOME, lambda _: {"secret": "0" * 40}, owner_gets=404) for name in ("verify", "stop")},
    "store:verify_again": Recipe(HOME, lambda _: {"secret": "0" * 40}, method="post", owner_gets=404),
    **{f"store:{name}": Recipe(MEMBER) for name in ACCOUNT_PAGES},
    "store:second_factor_picture": Recipe(MEMBER, owner_gets=404),  # only while it is being set up
    **{f"store:{name}": Recipe(MEMBER, method="post", owner_gets=302) for name in ("verify_send", "sessions_end")},
    "store:session_end": Recipe(MEMBER, lambda _: {"reference": "0" * 16}, method="post", owner_gets=302),
    "store:register_invited": Recipe(HOME, lambda _: {"secret": "0" * 40}, owner_gets=404),
    "store:acting": Recipe(HOME, lambda _: {"secret": "0" * 40}, owner_gets=404),
    "store:acting_end": Recipe(DOOR),
    "store:preview": Recipe(HOME, preview_token, owner_gets=302),
    "store:preview_end": Recipe(HOME, owner_gets=302),
    "store:page": Recipe(HOME, lambda _: {"path": "guide/orderflow"}),
    "store:product": Recipe(HOME, lambda _: {"code": "vbbss"}),
    "store:campaign": Recipe(
        HOME, lambda _: {"code": "none"}, owner_gets=404
    ),  # tests/web/storefront/test_campaigns.py
    "store:picture": Recipe(HOME, lambda _: {"code": "vbbss", "digest": "0" * 16}, owner_gets=404),
    "store:brand": Recipe(HOME, lambda objects: {"digest": objects.world.elsat.brand_hash}),
    "store:logo": Recipe(HOME, lambda objects: {"digest": objects.world.elsat.logo_hash}, owner_gets=404),
    **{f"store:{name}": Recipe(MEMBER) for name in MEMBER_PAGES},
    "store:cart_put": Recipe(MEMBER, method="post", data={"sku_id": "0", "quantity": "1", **KEY}, owner_gets=404),
    "store:cart_remove": Recipe(MEMBER, lambda _: {"sku_id": 1}, method="post", owner_gets=302),
    "store:cart_check": Recipe(MEMBER, lambda _: {"sku_id": 0}, owner_gets=404),
    "store:cart_follow": Recipe(MEMBER, lambda _: {"sku_id": 0}, method="post", owner_gets=404),
    "store:cart_switch": Recipe(MEMBER, lambda _: {"sku_id": 0}, method="post", owner_gets=404),
    "store:quick_entry_put": Recipe(MEMBER, method="post", data=KEY, owner_gets=422),
    "store:order_again": Recipe(OBJECT, lambda objects: {"kind": "quote", "number": objects.quote.number}),
    "store:quote_new": Recipe(MEMBER, owner_gets=302),
    "store:cart_order": Recipe(MEMBER, owner_gets=302),
    **{f"store:profile_{name}": Recipe(MEMBER) for name in ("acting", *PROFILE_PAGES)},
    "store:profile_email_confirm": Recipe(MEMBER, lambda objects: {"secret": email_secret(objects)}),
    "store:withdrawn": Recipe(HOME),
    "store:requests": Recipe(MEMBER),
    "store:request_new": Recipe(MEMBER),
    "store:request": Recipe(OBJECT, requested),
    "store:request_end": Recipe(OBJECT, requested, "post", KEY, owner_gets=302),
    "store:request_file": Recipe(OBJECT, asked_file),
    "store:quote": Recipe(OBJECT, number("quote")),
    "store:quote_pdf": Recipe(OBJECT, number("quote")),
    "store:quote_again": Recipe(OBJECT, number("quote")),
    "store:quote_order": Recipe(OBJECT, number("quote")),
    **{
        f"store:quote_revision{part}": Recipe(
            OBJECT, lambda objects: {**number("quote")(objects), "revision": 1}, owner_gets=302
        )
        for part in ("", "_pdf")
    },  # the present one: tests/web/test_preparing_quotes.py reads an earlier one
    "store:quote_links": Recipe(OBJECT, number("quote"), "post", {"label": "経理", **KEY}, owner_gets=302),
    "store:quote_link_withdraw": Recipe(
        OBJECT, lambda objects: {"link_id": quote_link(objects).pk}, "post", owner_gets=302
    ),
    **{
        f"store:{name}": Recipe(DOOR, lambda objects: {"secret": quote_links.secret_of(quote_link(objects))})
        for name in ("quote_link", "quote_link_pdf")
    },  # whoever has the address: tests/sales/test_approvals.py says what it opens
    "store:approver_name": Recipe(MEMBER, method="post", owner_gets=422),
    "store:approver_remove": Recipe(
        OBJECT, lambda objects: {"approver_id": approver(objects).pk}, "post", owner_gets=302
    ),
    "store:order": Recipe(OBJECT, number("order")),
    "store:order_received": Recipe(OBJECT, number("order"), "post", KEY, owner_gets=302),
    "store:order_wish": Recipe(OBJECT, number("order"), "post", {"kind": "change", **KEY}, owner_gets=422),
    "store:order_attach": Recipe(OBJECT, number("order"), "post", KEY, owner_gets=422),
    "store:order_document": Recipe(OBJECT, order_document),
    "store:order_end_user": Recipe(OBJECT, end_user_form),
    **{f"store:{name}": Recipe(OBJECT, paper(name)) for name in ("order_papers", "paper_blank", "paper_file")},
    "store:paper_hand_in": Recipe(OBJECT, paper("paper_hand_in"), "post", owner_gets=422),
    "store:contract": Recipe(OBJECT, lambda objects: {"number": objects.contract_number}),
    "store:key_reveal": Recipe(OBJECT, lambda objects: {"key_id": objects.key.pk}, method="post"),
    "store:key_certificate": Recipe(OBJECT, lambda objects: {"key_id": objects.certificate.pk}),
    "store:colleagues": Recipe(MEMBER),
    "store:colleague_role": Recipe(OBJECT, ichiro, colleague_gets=409),
    "store:colleague_remove": Recipe(OBJECT, ichiro, colleague_gets=409),
    **{
        f"store:{name}": Recipe(OBJECT, lambda objects: {"link_id": objects.invitation.pk}, "post", owner_gets=302)
        for name in ("invitation_again", "invitation_withdraw")
    },
    "store:invitation": Recipe(HOME, lambda objects: {"secret": objects.invitation_secret}),
    **{f"partner:{name}": Recipe(DOOR) for name in ("reissue", "reissue_sent")},
    **{f"partner:{name}": Recipe(HOME, lambda _: {"secret": "0" * 40}, owner_gets=404) for name in STAFF_LINKS},
    "partner:staff": Recipe(PARTNER),
    "partner:colleague": Recipe(PARTNER_OBJECT, colleague),
    "partner:colleague_step": Recipe(
        PARTNER_OBJECT, lambda objects: {**colleague(objects), "step": "role"}, "post", {"role": "head"}, owner_gets=302
    ),
    "partner:home": Recipe(PARTNER),
    "partner:quotes": Recipe(PARTNER),
    "partner:orders": Recipe(PARTNER),
    "partner:order": Recipe(PARTNER_OBJECT, number("order")),
    "partner:requests": Recipe(PARTNER),
    "partner:request": Recipe(PARTNER_OBJECT, requested),
    "partner:request_answer": Recipe(PARTNER_OBJECT, requested, "post", KEY, owner_gets=422),
    "partner:request_close": Recipe(PARTNER_OBJECT, requested, "post", KEY, owner_gets=302),
    "partner:request_file": Recipe(PARTNER_OBJECT, asked_file),
    "partner:quote": Recipe(PARTNER_OBJECT, number("quote")),
    "partner:quote_new": Recipe(PARTNER_OBJECT, hanako),
    "partner:quote_edit": Recipe(PARTNER_OBJECT, number("quote")),
    "partner:quote_step": Recipe(
        PARTNER_OBJECT, lambda objects: {**number("quote")(objects), "code": "send"}, "post", KEY, owner_gets=302
    ),
    "partner:quote_pdf": Recipe(PARTNER_OBJECT, lambda objects: {**number("quote")(objects), "revision": 1}),
    "partner:companies": Recipe(PARTNER),
    "partner:company": Recipe(PARTNER_OBJECT, lambda objects: {"company_id": objects.world.hanako.company_id}),
    "partner:company_assign": Recipe(
        PARTNER_OBJECT, lambda objects: {"company_id": objects.world.hanako.company_id}, "post", owner_gets=302
    ),
    "partner:company_invite": Recipe(PARTNER_OBJECT, lambda objects: {"company_id": objects.world.hanako.company_id}),
    "partner:invitations": Recipe(PARTNER),
    "partner:invitation_step": Recipe(PARTNER_OBJECT, invited_by_staff, "post", owner_gets=302),
    "partner:member": Recipe(PARTNER_OBJECT, hanako),
    "partner:notes": Recipe(PARTNER_OBJECT, about_hanako),
    "partner:note_add": Recipe(
        PARTNER_OBJECT, about_hanako, "post", {"kind": "note", "text": MARK, **KEY}, owner_gets=302
    ),
    "partner:member_acting": Recipe(PARTNER_OBJECT, hanako, "post", {"reason": "x", **KEY}, owner_gets=302),
    "partner:statements": Recipe(PARTNER),
    "partner:statement": Recipe(PARTNER, this_month),
    "partner:statement_csv": Recipe(PARTNER, this_month),
    "partner:statement_excel": Recipe(PARTNER, this_month),
    "partner:statement_pdf": Recipe(PARTNER_OBJECT, this_month),
    "partner:export": Recipe(PARTNER, lambda _: {"what": "orders", "kind": "csv"}),
    "partner:assortment": Recipe(PARTNER),
}


def routes() -> dict[str, list[str]]:
    """Every named route with its arguments; a route without a name cannot be walked and fails here."""
    found: dict[str, list[str]] = {}

    def walk(resolver: URLResolver, namespaces: tuple[str, ...], names: tuple[str, ...]) -> None:
        for entry in resolver.url_patterns:
            arguments = (*names, *entry.pattern.converters, *entry.pattern.regex.groupindex)
            if isinstance(entry, URLResolver):
                inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
                walk(entry, inner, arguments)
            elif isinstance(entry, URLPattern):
                name = entry.name or ("catch_all" if "admin" in namespaces else None)
                assert name, f"a route without a name: {entry.pattern}"
                found[":".join((*namespaces, name))] = list(dict.fromkeys(arguments))

    walk(get_resolver(), (), ())
    return found


ROUTES = routes()
SHOP = sorted(name for name in ROUTES if not name.startswith(("backoffice:", "admin:", "demo:")))
DESKS = sorted(name for name in ROUTES if name.startswith(("backoffice:", "admin:")))


def of_kind(*kinds: str) -> list[str]:
    return [name for name in SHOP if name in RECIPES and RECIPES[name].kind in kinds]


@pytest.fixture(scope="module")
def made(django_db_blocker: DjangoDbBlocker) -> Iterator[Objects]:
    """Made once for each worker, in a database of its own: they are most of the work here, and all start from them."""
    with own_database(django_db_blocker) as world:
        with scope.platform():
            objects = Objects.of(world)
        yield objects


@pytest.fixture
def objects(made: Objects, world: World) -> Objects:
    """As they were made: what a test does to them and to the database goes with it."""
    assert world.elsat == made.world.elsat
    return deepcopy(made)


def address(name: str, objects: Objects, *, store: int | None = None) -> str:
    kwargs = RECIPES[name].kwargs(objects)
    if "store_id" in ROUTES[name]:
        kwargs = {"store_id": store or objects.world.elsat.pk, **kwargs}
    return reverse(name, kwargs=kwargs)


def ask(client: Client, name: str, path: str) -> int:
    recipe = RECIPES[name]
    response = getattr(client, recipe.method)(path, recipe.data)
    content = b"".join(response) if response.streaming else response.content
    assert getattr(client, "owner", False) or MARK not in content.decode(errors="ignore"), path
    return int(response.status_code)


def stranger(actor: Member | User | None) -> Client:
    return Client() if actor is None else signed_in(actor)


def owner(actor: Member | User) -> Client:
    client = signed_in(actor)
    client.owner = True  # type: ignore[attr-defined]  # our mark on it
    return client


def writes() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (HistoryEntry, Quote, Order, CartLine, Message))


def test_every_route_has_a_recipe() -> None:
    assert set(SHOP) == set(RECIPES)


@pytest.mark.parametrize("name", of_kind(HOME))
def test_everybody_may_read_public_pages(name: str, objects: Objects) -> None:
    world = objects.world
    path = address(name, objects)
    for actor in (None, world.taro, world.hanako_at_minato, world.partner, world.operator):
        assert ask(stranger(actor), name, path) == RECIPES[name].owner_gets


@pytest.mark.parametrize("name", of_kind(DOOR))
def test_doors_show_nothing_to_anybody(name: str, objects: Objects) -> None:
    world = objects.world
    for actor in (None, world.taro, world.hanako_at_minato, world.partner, world.operator):
        assert ask(stranger(actor), name, address(name, objects)) in {200, 302, 405}


@pytest.mark.parametrize("name", of_kind(MEMBER, OBJECT))
def test_members_pages_lead_everybody_else_to_sign_in(name: str, objects: Objects) -> None:
    world, recipe = objects.world, RECIPES[name]
    path = address(name, objects)
    before = writes()
    for actor in (None, world.hanako_at_minato, world.partner, world.other_partner, world.operator):
        client = stranger(actor)
        response = getattr(client, recipe.method)(path, recipe.data)
        assert response.status_code == SIGN_IN
        assert response["Location"].startswith(f"/{world.elsat.pk}/login/")
    assert writes() == before
    assert ask(owner(world.hanako), name, path) == recipe.owner_gets


@pytest.mark.parametrize("name", of_kind(MEMBER))
def test_members_lists_show_only_their_companys_rows(name: str, objects: Objects) -> None:
    world = objects.world
    for member in (world.taro, world.hanako_at_minato):
        ask(stranger(member), name, address(name, objects, store=member.store_id))  # asserts that MARK is not shown


@pytest.mark.parametrize("name", of_kind(OBJECT))
def test_objects_are_there_for_their_company_only(name: str, objects: Objects) -> None:
    world, recipe = objects.world, RECIPES[name]
    for member, gets in ((world.hanako, recipe.owner_gets), (world.ichiro, recipe.colleague_gets or recipe.owner_gets)):
        assert ask(owner(member), name, address(name, objects)) == gets
    before = writes()
    for member in (world.taro, world.hanako_at_minato):
        assert ask(stranger(member), name, address(name, objects, store=member.store_id)) == 404
    assert writes() == before


@pytest.mark.parametrize("name", of_kind(PARTNER, PARTNER_OBJECT))
def test_the_console_is_for_the_partner_of_the_store(name: str, objects: Objects) -> None:
    world = objects.world
    path = address(name, objects)
    assert ask(owner(world.partner), name, path) == RECIPES[name].owner_gets
    for actor in (None, world.hanako, world.operator):
        assert ask(stranger(actor), name, path) == SIGN_IN
    expected = 404 if RECIPES[name].kind == PARTNER_OBJECT else 200
    assert ask(stranger(world.other_partner), name, path) == expected  # asserts that MARK is not shown


def change_page(step: str = "") -> Callable[[Objects], str]:
    """Of hanako's request for another company name."""

    def asked(objects: Objects) -> str:
        wanted = company_changes.Names(name=MARK, kana="x", corporate_number="")
        paper, by = Upload(PDF, "登記.pdf", "application/pdf"), objects.world.hanako
        change = company_changes.ask(by.company, wanted, paper=paper, by=by)
        return reverse(f"backoffice:company_change{step}", args=[87465, change.pk])

    return asked


def price_import(objects: Objects) -> PriceImport:
    """A vendor's price list that was handed in."""
    list_ = io.BytesIO("型番,定価\nVBBSS-1Y-005,5500\n".encode())
    named = {"name": f"{MARK}.csv", "vendor": Vendor.objects.get(code="trend"), "from_day": clock.today()}
    return price_imports.upload(list_, **named, is_complete=False, columns=None, by=objects.world.operator)  # type: ignore[arg-type]  # of several types


IMPORT_PAGES = ["", "_columns", "_apply", "_undo", "_discard", "_refused"]


def at(route: str, *args: object) -> Callable[[Objects], str]:
    return lambda _objects: reverse(f"backoffice:{route}", args=args)


def of_partner(route: str) -> Callable[[Objects], str]:
    return lambda objects: reverse(f"backoffice:{route}", args=[objects.world.partner.partner_id])


def about_order(step: str) -> Callable[[Objects], str]:
    return lambda objects: reverse(f"backoffice:subject{step}", args=["order", 87465, objects.order.pk])


def subject_file(objects: Objects) -> str:
    """What the desk put beside hanako's order."""
    kept = notes.attach(objects.order, upload=Upload(PDF, f"{MARK}.pdf", "application/pdf"), by=objects.world.operator)
    return reverse("backoffice:subject_file", args=[87465, kept.pk])


def vendor_order(step: str, *args: str) -> Callable[[Objects], str]:
    return lambda objects: reverse(
        f"backoffice:vendor_order{step}", args=[objects.delivered.lines.get().vendor_order_id, *args]
    )


def vendor_invoice(step: str) -> Callable[[Objects], str]:
    def address(objects: Objects) -> str:
        given = {"vendor": Vendor.objects.get(code="trend"), "month": clock.today(), "read_by": objects.world.operator}
        found, _made = VendorInvoice.objects.get_or_create(name=MARK, defaults={**given, "read_at": clock.now()})
        return reverse(f"backoffice:vendor_invoice{step}", args=[found.pk])

    return address


def delivery_batch(*step: str) -> Callable[[Objects], str]:
    def address(objects: Objects) -> str:
        made = {"made_by": objects.world.operator, "made_at": clock.now(), "vendor": Vendor.objects.get(code="trend")}
        found, _made = DeliveryBatch.objects.get_or_create(name=MARK, defaults=made)
        return reverse(f"backoffice:delivery_batch{'_step' if step else ''}", args=[found.pk, *step])

    return address


def holding(objects: Objects) -> str:
    given = {"name": MARK, "quantity": 1, "entered_by": objects.world.operator, "entered_at": clock.now()}
    made = Holding.objects.create(store_id=87465, company=objects.world.hanako.company, **given)
    return reverse("backoffice:company_holding_withdraw", args=[87465, made.company_id, made.pk])


VENDOR_STEPS = [("",), ("_file",), ("_step", "send")]
DESK_PAGES: dict[str, Callable[[Objects], str]] = {
    **{f"backoffice:{name}": of_partner(name) for name in ("partner", "partner_rename", "partner_invite")},
    **{f"backoffice:{name}": at(name, 87465) for name in ("store_admin", "store_edit")},
    **{f"backoffice:store_draft{step}": at(f"store_draft{step}", 87465) for step in ("", "_publish", "_discard")},
    "backoffice:partner_step": lambda objects: reverse(
        "backoffice:partner_step", args=[objects.world.partner.partner_id, "stop"]
    ),
    "backoffice:store_step": at("store_step", 87465, "pause"),
    "backoffice:bulk_act": at("bulk_act", "company-approve"),
    "backoffice:filter_new": at("filter_new", "work"),
    "backoffice:filter_remove": at("filter_remove", "work", 1),
    "backoffice:staff_member": lambda objects: reverse("backoffice:staff_member", args=[objects.world.partner.pk]),
    "backoffice:staff_step": lambda objects: reverse("backoffice:staff_step", args=[objects.world.partner.pk, "stop"]),
    **{f"backoffice:{name}": at(name, "0" * 40) for name in STAFF_LINKS},
    **{f"backoffice:company_change{step}": change_page(step) for step in ("", "_paper", "_accept", "_return")},
    **{
        f"backoffice:import{step}": lambda objects, step=step: reverse(  # type: ignore[misc]  # the step is bound here
            f"backoffice:import{step}", args=[price_import(objects).pk]
        )
        for step in IMPORT_PAGES
    },
    **{f"backoffice:paper{step}": desk_paper(step) for step in ["", "_original", "_picture", *PAPER_STEPS]},
    **{f"backoffice:vendor_order{step}": vendor_order(step, *args) for step, *args in VENDOR_STEPS},
    **{f"backoffice:vendor_invoice{step}": vendor_invoice(step) for step in ("", "_settle")},
    "backoffice:delivery_batch": delivery_batch(),
    "backoffice:delivery_batch_step": delivery_batch("deliver"),
    "backoffice:company_holding_withdraw": holding,
    "backoffice:vendor_order_collect": at("vendor_order_collect", "trend"),
    "backoffice:order_wish": lambda objects: reverse(
        "backoffice:order_wish", args=[87465, objects.order.number, asked_wish(objects).pk]
    ),
    "backoffice:order_document": lambda objects: reverse(
        "backoffice:order_document", args=[87465, *order_document(objects).values()]
    ),
    "backoffice:order_end_user": lambda objects: reverse(
        "backoffice:order_end_user", args=[87465, objects.order.number, filled_sheet(objects).pk, "csv"]
    ),
    "backoffice:quote_file_order": lambda objects: reverse(
        "backoffice:quote_file_order", args=[87465, objects.quote.number]
    ),
    "backoffice:order_refund": lambda objects: reverse("backoffice:order_refund", args=[87465, objects.order.number]),
    "backoffice:order_attach": lambda objects: reverse("backoffice:order_attach", args=[87465, objects.order.number]),
    "backoffice:order_paper_ask": lambda objects: reverse(
        "backoffice:order_paper_ask", args=[87465, objects.order.number]
    ),
    "backoffice:order": lambda objects: reverse("backoffice:order", args=[87465, objects.order.number]),
    "backoffice:order_transfer": lambda objects: reverse(
        "backoffice:order_transfer", args=[87465, objects.order.number]
    ),
    "backoffice:order_vendor_order": lambda objects: reverse(
        "backoffice:order_vendor_order", args=[87465, objects.order.number, "trend"]
    ),
    "backoffice:order_delivery": lambda objects: reverse(
        "backoffice:order_delivery", args=[87465, objects.order.number]
    ),
    **{
        f"backoffice:{name}": lambda objects, name=name: reverse(  # type: ignore[misc]  # the name is bound here
            f"backoffice:{name}", args=[87465, objects.world.hanako.company_id]
        )
        for name in ("company", "company_approve", "company_refuse", "company_holdings", "company_holding_enter")
    },
    "backoffice:member_second_factor": lambda objects: reverse(
        "backoffice:member_second_factor", args=[87465, objects.world.hanako.pk]
    ),
    "backoffice:member_acting": lambda objects: reverse(
        "backoffice:member_acting", args=[87465, objects.world.hanako.pk]
    ),
    "backoffice:search_forget": lambda _objects: reverse("backoffice:search_forget", args=[87465]),
    "backoffice:synonym_remove": lambda _objects: reverse("backoffice:synonym_remove", args=[1]),
    "backoffice:store_synonym_remove": lambda _objects: reverse("backoffice:store_synonym_remove", args=[87465, 1]),
    "backoffice:merge_undo": lambda _objects: reverse("backoffice:merge_undo", args=[87465, 1]),
    "backoffice:hand_over": lambda objects: reverse("backoffice:hand_over", args=[87465, objects.quote.company_id]),
    "backoffice:company_everywhere": lambda objects: reverse(
        "backoffice:company_everywhere", args=[87465, objects.quote.company_id]
    ),
    "backoffice:member": lambda objects: reverse("backoffice:member", args=[87465, objects.quote.member_id]),
    "backoffice:quote": lambda objects: reverse("backoffice:quote", args=[87465, objects.quote.number]),
    **{
        f"backoffice:request{step}": lambda objects, step=step: reverse(  # type: ignore[misc]  # the step is bound here
            f"backoffice:request{step}", args=[87465, *(asked_file if step == "_file" else requested)(objects).values()]
        )
        for step in ("", "_answer", "_close", "_file")
    },
    "backoffice:offer_new": lambda objects: reverse("backoffice:offer_new", args=[87465, objects.quote.member_id]),
    "backoffice:offer_edit": lambda objects: reverse("backoffice:offer_edit", args=[87465, objects.quote.number]),
    "backoffice:offer_step": lambda objects: reverse(
        "backoffice:offer_step", args=[87465, objects.quote.number, "send"]
    ),
    "backoffice:offer_pdf": lambda objects: reverse("backoffice:offer_pdf", args=[87465, objects.quote.number, 1]),
    **{f"backoffice:subject{step}": about_order(step) for step in ("", "_note", "_keep", "_assign")},
    "backoffice:subject_resend": lambda objects: reverse(
        "backoffice:subject_resend", args=["order", 87465, objects.order.pk, 1]
    ),
    "backoffice:subject_file": subject_file,
    "admin:app_list": lambda _objects: "/backoffice/sales/",
    "admin:catch_all": lambda _objects: "/backoffice/nothing/",
}
SETTINGS = {label.lower().replace(".", "_") for label in EDITABLE}
# What the operator gets where it is not a page: steps are posted, lists cannot be added to, deleted from or changed.
DESK_GETS = {
    "backoffice:bulk": 405, "backoffice:bulk_act": 405, "backoffice:bulk_result": 302, "backoffice:filter_remove": 405,
    "backoffice:next": 302,
    **{f"backoffice:paper{step}": 405 for step in PAPER_STEPS},
    "backoffice:store_step": 405, "backoffice:partner_rename": 405, "backoffice:partner_invite": 405, "backoffice:staff_step": 405,
    "backoffice:store_draft": 404, "backoffice:store_draft_publish": 405, "backoffice:store_draft_discard": 405,
    "backoffice:offer_step": 405, "backoffice:request_answer": 405, "backoffice:request_close": 405,
    "backoffice:start": 404, "backoffice:password_new": 404,
    "backoffice:company_change_accept": 405, "backoffice:company_change_return": 405,
    **dict.fromkeys(["backoffice:quote_file_order", "backoffice:order_wish", "backoffice:order_refund", "backoffice:order_attach"], 405),
    "backoffice:order_transfer": 405, "backoffice:order_vendor_order": 405, "backoffice:order_delivery": 405,
    "backoffice:company_holding_enter": 405, "backoffice:company_holding_withdraw": 405,
    "backoffice:delivery_batch_step": 405, "backoffice:vendor_invoice_settle": 405, "backoffice:vendor_order_collect": 405, "backoffice:vendor_order_step": 405,
    "backoffice:company_approve": 405, "backoffice:company_refuse": 405,
    "backoffice:import_refused": 404,  # no row was
    # To the import, which says why not now.
    "backoffice:import_apply": 302, "backoffice:import_columns": 302, "backoffice:import_undo": 302,
    "backoffice:search_forget": 405, "backoffice:synonym_remove": 405, "backoffice:store_synonym_remove": 405,
    "backoffice:merge_undo": 405, "backoffice:merge_preview": 302,
    **{f"backoffice:subject{step}": 405 for step in ("_note", "_keep", "_assign", "_resend")}, "backoffice:subject": 302,
    "admin:autocomplete": 403,  # for no field
    "admin:catch_all": 404, "backoffice:login": 302, "admin:login": 302, "backoffice:logout": 405, "admin:logout": 405,
    # To their own pages.
    **{f"admin:{name}_change": 302 for name in ("sales_order", "sales_quote", "accounts_company", "accounts_member")},
}  # fmt: skip


def desk_address(name: str, objects: Objects) -> str:
    if name in DESK_PAGES:
        return DESK_PAGES[name](objects)
    if ROUTES[name] == ["object_id"]:
        model = apps.get_model(name.removeprefix("admin:").rpartition("_")[0].replace("_", ".", 1))
        found = model._base_manager.first()
        return reverse(name, args=[found.pk if found else 1])
    assert ROUTES[name] == [], f"{name} needs an address in DESK_PAGES"
    return reverse(name)


@pytest.mark.parametrize("name", DESKS)
def test_the_back_office_is_for_the_operator_only(name: str, objects: Objects) -> None:
    world = objects.world
    path = desk_address(name, objects)
    before = writes()
    for actor in (None, world.hanako, world.partner, world.other_partner):
        for method in ("get", "post"):
            response = getattr(stranger(actor), method)(path)
            if name.endswith((":login", ":logout", ":start", ":reissue", ":password_new")):
                assert response.status_code in {200, 302, 404, 405, 422}
            else:
                assert response.status_code == SIGN_IN, (method, actor)
                assert response["Location"].startswith("/backoffice/login/")
            assert MARK not in response.content.decode()
    assert writes() == before
    is_setting = name.removeprefix("admin:").rpartition("_")[0] in SETTINGS
    expected = 403 if name.endswith(("_add", "_delete")) and not is_setting else DESK_GETS.get(name, 200)
    follow = is_setting or name.startswith("admin:admin_") or name.endswith("_history")  # no row: to the work list
    response = owner(world.operator).get(path, follow=follow)
    b"".join(response)  # a download holds its file open until it is read
    assert response.status_code == expected


def test_a_stored_file_has_no_address_but_its_routes(objects: Objects) -> None:
    file = objects.certificate.file
    with files.opened(file) as content:
        assert content.read() == PDF
    for path in (f"/{file.path}", f"/static/{file.path}", f"/media/{file.path}", f"/files/{file.path}"):
        assert Client().get(path).status_code == 404


def test_links_in_mails_lead_outsiders_to_sign_in(objects: Objects) -> None:
    world = objects.world
    links = {
        link
        for message in Message.objects.filter(store=world.elsat)
        for link in message.text.split()
        if link.startswith("http://shop.example/")
    }
    assert links
    for link in links:
        path = link.removeprefix("http://shop.example")
        assert owner(world.hanako).get(path).status_code == 200
        for actor in (None, world.hanako_at_minato, world.partner, world.operator):
            assert stranger(actor).get(path).status_code in {SIGN_IN, 200 if path.count("/") == 2 else SIGN_IN}
