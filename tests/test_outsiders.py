"""Every address of the product, walked by everybody who must not see what is behind it.

The list comes from the URL map: a route that has no recipe here fails. Each object is real and its owner gets it first
(else the 404 of the others proves nothing).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from licenseonline.accounts.models import Member, User
from licenseonline.kit import clock
from licenseonline.licensing.models import Key
from licenseonline.records import files
from licenseonline.records.models import HistoryEntry, Message
from licenseonline.sales import deliveries
from licenseonline.sales.models import CartLine, Order, Quote
from tests.conftest import signed_in
from tests.jobs import run_jobs
from tests.world import World

MARK = "ひみつの件名"
SIGN_IN = 302
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

    @classmethod
    def of(cls, world: World) -> "Objects":
        delivered = world.arranged_order()
        certificate = deliveries.Certificate(PDF, "証書.pdf", "application/pdf")
        item = deliveries.Item(starts_on=clock.today(), key="SECRET-KEY-99999", certificate=certificate)
        deliveries.deliver(delivered, items={1: item}, by=world.operator)
        order, quote = world.order(), world.quote()
        Quote.objects.update(subject=MARK)
        run_jobs()
        keys = Key.objects.order_by("id")
        return cls(world, quote, order, delivered, keys.get(kind=Key.Kind.KEY), keys.get(kind=Key.Kind.CERTIFICATE))

    @property
    def contract_number(self) -> str:
        return str(self.delivered.lines.get().contract.number)


Kwargs = Callable[[Objects], dict[str, object]]
HOME, MEMBER, OBJECT, PARTNER, PARTNER_OBJECT, DESK, DEMO = (
    "home",
    "member",
    "object",
    "partner",
    "partner-object",
    "desk",
    "demo",
)


@dataclass(frozen=True)
class Recipe:
    """How to reach a route: who may, with what, and what its owner gets."""

    kind: str
    kwargs: Kwargs = field(default=lambda _objects: {})
    method: str = "get"
    data: dict[str, str] = field(default_factory=dict)
    owner_gets: int = 200


def number(name: str) -> Kwargs:
    return lambda objects: {"number": getattr(objects, name).number}


STORE_PAGES = ["top", "about", "campaigns", "faq", "inquiry", "news", "search", "login", "register", "reissue"]
MEMBER_PAGES = ["cart", "quotes", "orders", "contracts", "licences", "profile"]
KEY = {"key": "9b2f4c0e-7d6a-4f57-9d2b-0a8d7f4f7a11"}

RECIPES: dict[str, Recipe] = {
    "platform:home": Recipe(HOME),
    "platform:terms": Recipe(HOME),
    "healthz": Recipe(HOME),
    "readyz": Recipe(HOME),
    **{f"store:{name}": Recipe(HOME) for name in STORE_PAGES},
    "store:logout": Recipe(HOME, owner_gets=200),
    "store:page": Recipe(HOME, lambda _: {"path": "guide/orderflow"}),
    "store:product": Recipe(HOME, lambda _: {"code": "vbbss"}),
    "store:brand": Recipe(HOME, lambda objects: {"digest": objects.world.elsat.brand_hash}),
    "store:logo": Recipe(HOME, lambda objects: {"digest": objects.world.elsat.logo_hash}, owner_gets=404),
    **{f"store:{name}": Recipe(MEMBER) for name in MEMBER_PAGES},
    "store:cart_put": Recipe(MEMBER, method="post", data={"sku_id": "0", "quantity": "1", **KEY}, owner_gets=404),
    "store:cart_remove": Recipe(MEMBER, lambda _: {"sku_id": 1}, method="post", owner_gets=302),
    "store:quote_new": Recipe(MEMBER, owner_gets=302),
    "store:quote": Recipe(OBJECT, number("quote")),
    "store:quote_pdf": Recipe(OBJECT, number("quote")),
    "store:quote_order": Recipe(OBJECT, number("quote")),
    "store:order": Recipe(OBJECT, number("order")),
    "store:contract": Recipe(OBJECT, lambda objects: {"number": objects.contract_number}),
    "store:key_reveal": Recipe(OBJECT, lambda objects: {"key_id": objects.key.pk}, method="post"),
    "store:key_certificate": Recipe(OBJECT, lambda objects: {"key_id": objects.certificate.pk}),
    "partner:login": Recipe(HOME),
    "partner:logout": Recipe(HOME),
    "partner:home": Recipe(PARTNER),
    "partner:quotes": Recipe(PARTNER),
    "partner:orders": Recipe(PARTNER),
    "partner:order": Recipe(PARTNER_OBJECT, number("order")),
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
                assert entry.name, f"a route without a name: {entry.pattern}"
                found[":".join((*namespaces, entry.name))] = list(dict.fromkeys(arguments))

    walk(get_resolver(), (), ())
    return found


ROUTES = routes()
SHOP = sorted(name for name in ROUTES if not name.startswith(("backoffice:", "admin:", "demo:")))
DESKS = sorted(name for name in ROUTES if name.startswith(("backoffice:", "admin:")))


@pytest.fixture
def objects(world: World) -> Objects:
    return Objects.of(world)


def address(name: str, objects: Objects, *, store: int | None = None) -> str:
    kwargs = RECIPES[name].kwargs(objects)
    if "store_id" in ROUTES[name]:
        kwargs = {"store_id": store or objects.world.elsat.pk, **kwargs}
    return reverse(name, kwargs=kwargs)


def ask(client: Client, name: str, path: str) -> int:
    recipe = RECIPES[name]
    response = getattr(client, recipe.method)(path, recipe.data)
    if name not in ALLOWED_TO_SHOW and hasattr(response, "content") and client is not None:
        assert client_may_read(client) or MARK not in response.content.decode(errors="ignore"), path
    return int(response.status_code)


ALLOWED_TO_SHOW: set[str] = set()


def client_may_read(client: Client) -> bool:
    return bool(getattr(client, "owner", False))


def stranger(actor: Member | User | None) -> Client:
    return Client() if actor is None else signed_in(actor)


def owner(actor: Member | User) -> Client:
    client = signed_in(actor)
    client.owner = True  # type: ignore[attr-defined]
    return client


def writes() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (HistoryEntry, Quote, Order, CartLine, Message))


def test_every_route_has_a_recipe() -> None:
    assert set(SHOP) == set(RECIPES)


@pytest.mark.parametrize("name", [name for name in SHOP if RECIPES.get(name) and RECIPES[name].kind == HOME])
def test_everybody_may_read_public_pages(name: str, objects: Objects) -> None:
    world = objects.world
    path = address(name, objects)
    for actor in (None, world.taro, world.hanako_at_minato, world.partner, world.operator):
        assert ask(stranger(actor), name, path) == RECIPES[name].owner_gets


@pytest.mark.parametrize(
    "name", [name for name in SHOP if RECIPES.get(name) and RECIPES[name].kind in {MEMBER, OBJECT}]
)
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


@pytest.mark.parametrize("name", [name for name in SHOP if RECIPES.get(name) and RECIPES[name].kind == MEMBER])
def test_members_lists_show_only_their_companys_rows(name: str, objects: Objects) -> None:
    world = objects.world
    for member in (world.taro, world.hanako_at_minato):
        ask(stranger(member), name, address(name, objects, store=member.store_id))  # asserts that MARK is not shown


@pytest.mark.parametrize("name", [name for name in SHOP if RECIPES.get(name) and RECIPES[name].kind == OBJECT])
def test_objects_are_there_for_their_company_only(name: str, objects: Objects) -> None:
    world, recipe = objects.world, RECIPES[name]
    for member in (world.hanako, world.ichiro):
        assert ask(owner(member), name, address(name, objects)) == recipe.owner_gets
    before = writes()
    for member in (world.taro, world.hanako_at_minato):
        assert ask(stranger(member), name, address(name, objects, store=member.store_id)) == 404
    assert writes() == before


@pytest.mark.parametrize(
    "name", [name for name in SHOP if RECIPES.get(name) and RECIPES[name].kind.startswith(PARTNER)]
)
def test_the_console_is_for_the_partner_of_the_store(name: str, objects: Objects) -> None:
    world = objects.world
    path = address(name, objects)
    assert ask(owner(world.partner), name, path) == 200
    for actor in (None, world.hanako, world.operator):
        assert ask(stranger(actor), name, path) == SIGN_IN
    expected = 404 if RECIPES[name].kind == PARTNER_OBJECT else 200
    assert ask(stranger(world.other_partner), name, path) == expected  # asserts that MARK is not shown


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
