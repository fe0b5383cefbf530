"""Every address of the product, walked by everybody who must not see what is behind it.

The list comes from the URL map: a route that has no recipe in tests/outsiders fails. Each object is real and its owner
gets it first (else the 404 of the others proves nothing).
"""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from licenseonline.accounts.models import Member, User
from licenseonline.backoffice.editable import EDITABLE
from licenseonline.kit import scope
from licenseonline.records import files
from licenseonline.records.models import HistoryEntry, Message
from licenseonline.sales.models import CartLine, Order, Quote
from tests.conftest import own_database, signed_in
from tests.outsiders import DESK_PARTS, PAGES, PARTS, RECIPES
from tests.outsiders.objects import MARK, PDF, Objects
from tests.outsiders.recipes import DOOR, HOME, MEMBER, OBJECT, PARTNER, PARTNER_OBJECT, Page
from tests.outsiders.routes import DESKS, ROUTES, SHOP
from tests.world import World

SIGN_IN = 302


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
    assert set(PAGES) <= set(DESKS)


def test_no_route_has_two_recipes() -> None:
    assert sum(len(part.RECIPES) for part in PARTS) == len(RECIPES)
    assert sum(len(part.PAGES) for part in DESK_PARTS) == len(PAGES)


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


SETTINGS = {label.lower().replace(".", "_") for label in EDITABLE}


def desk_address(name: str, objects: Objects) -> str:
    if (args := PAGES.get(name, Page()).args) is not None:
        return reverse(name, args=args(objects))
    if name == "admin:catch_all":
        return "/backoffice/nothing/"  # it has no name of its own
    if ROUTES[name] == ["object_id"]:
        model = apps.get_model(name.removeprefix("admin:").rpartition("_")[0].replace("_", ".", 1))
        found = model._base_manager.first()
        return reverse(name, args=[found.pk if found else 1])
    assert ROUTES[name] == [], f"{name} needs an entry in tests/outsiders/desk_*.py"
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
    expected = 403 if name.endswith(("_add", "_delete")) and not is_setting else PAGES.get(name, Page()).gets
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
