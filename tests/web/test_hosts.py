"""Own host names of stores."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.stores import stores
from licenseonline.stores.models import Store
from tests.conftest import signed_in
from tests.world import World

HOST = "license.elsat.example.jp"


@pytest.fixture
def elsat(world: World) -> Store:
    Store.objects.filter(pk=87465).update(host=HOST)
    return Store.objects.get(pk=87465)


def on(host: str) -> Client:
    return Client(headers={"host": host})


def test_a_store_is_served_on_its_own_host_and_links_follow_it(elsat: Store) -> None:
    for host in (HOST, HOST.upper(), f"{HOST}:8443"):
        assert on(host).get("/87465/").status_code == 200
    assert on(HOST).get("/")["Location"] == "/87465/"
    assert stores.url(elsat, "/87465/") == f"https://{HOST}/87465/"
    assert on("shop.example").get("/87465/").status_code == 200


@pytest.mark.parametrize("path", ["/193808/", "/99999/", "/partner/", "/backoffice/", "/193808/login/"])
def test_a_stores_host_serves_nothing_else_and_says_where_to_go(elsat: Store, path: str) -> None:
    answer = on(HOST).get(path)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "アドレスをご確認ください" in page
    assert 'href="/87465/"' in page
    assert 'href="http://shop.example/"' in page
    assert "みなと" not in page


@pytest.mark.parametrize("host", ["evil.example", "elsat.example.jp", f"x.{HOST}", "e vil", "", "[::1"])
@pytest.mark.parametrize(
    "path", ["/", "/87465/", "/partner/login/", "/backoffice/login/", "/contents/static/topterm.html"]
)
def test_any_other_host_gets_one_page_that_helps(elsat: Store, host: str, path: str) -> None:
    answer = on(host).get(path)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "アドレスをご確認ください" in page
    assert "エルサット" not in page
    assert not host or host not in page


def test_a_session_counts_on_the_right_host_only(elsat: Store, world: World) -> None:
    client = signed_in(world.hanako)
    assert client.get("/87465/member/quotes/", headers={"host": HOST}).status_code == 200
    assert client.get("/87465/member/quotes/", headers={"host": "evil.example"}).status_code == 404


def test_forms_are_sent_on_the_own_host(elsat: Store) -> None:
    client = Client(enforce_csrf_checks=True, headers={"host": HOST})
    page = client.get("/87465/login/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    given = {"csrfmiddlewaretoken": token, "email": "x@x.example", "password": "x"}
    here = client.post("/87465/login/", given, headers={"origin": f"http://{HOST}"})
    assert here.status_code == 422
    assert client.post("/87465/login/", given, headers={"origin": "http://evil.example"}).status_code == 403


def test_the_hosts_are_read_once_per_edition(elsat: Store) -> None:
    on(HOST).get("/87465/about")
    with CaptureQueriesContext(connection) as asked:
        on("evil.example").get("/87465/about")
    assert len([one for one in asked if "host" in one["sql"]]) == 0
    Store.objects.filter(pk=87465).update(host="other.example.jp")
    assert on(HOST).get("/87465/").status_code == 404
    assert on("other.example.jp").get("/87465/").status_code == 200
