"""Changes of an open store are looked at before they are public, and of two who change it the second is told."""

import re
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts.models import Member, User
from licenseonline.catalog.models import Sku
from licenseonline.kit import scope
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import StaffRole
from licenseonline.sales import carts
from licenseonline.stores import store_drafts, store_settings, stores
from licenseonline.stores.models import PaymentMethod, Store, StoreDraft
from tests.sales.test_races import PATIENCE, at_once
from tests.stores.store_acts import SETTINGS
from tests.world import World

ClientOf = Callable[[Member | User], Client]
ADMIN = "/backoffice/stores-admin/87465"


def typed(desk: Client, **changes: object) -> dict[str, object]:
    """The form as it is filled in, with changes."""
    form = desk.get(f"{ADMIN}/edit").content.decode()
    [seen] = re.findall(r'name="seen" value="([0-9a-f]{64})"', form)
    given = {name: getattr(Store.objects.get(pk=87465), name) for name in SETTINGS}
    return {name: value for name, value in (given | {"seen": seen} | changes).items() if value is not False}


def keyed(**sent: object) -> dict[str, object]:
    return {"key": str(uuid4()), **sent}


@pytest.fixture
def desk(world: World, client_of: ClientOf) -> Client:
    return client_of(world.operator)


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_change_of_an_open_store_is_previewed_and_then_published(world: World, desk: Client) -> None:
    before = text(Client(), "/87465/")
    sent = desk.post(f"{ADMIN}/edit", typed(desk, name="<b>新</b>ストア", brand="#7a1f4e", introduction="新しい紹介"))
    assert sent["Location"] == f"{ADMIN}/draft"
    page = text(desk, f"{ADMIN}/draft")
    assert "<del>エルサットストア</del> → <ins>&lt;b&gt;新&lt;/b&gt;ストア</ins>" in page
    assert "<del>#1f4e79</del> → <ins>#7a1f4e</ins>" in page
    assert "まだ、" not in page
    assert "販売者名" not in page
    [link] = re.findall(r'href="(/87465/preview/[^"]+)"', page)
    looking = Client()
    assert looking.get(link)["Location"] == "/87465/"
    shown = text(looking, "/87465/")
    assert "&lt;b&gt;新&lt;/b&gt;ストア" in shown
    assert "変更のプレビューです。" in shown
    css = re.findall(r"/87465/brand-[0-9a-f]+\.css", shown)[0]
    assert "#7a1f4e" in text(looking, css)
    assert "新しい紹介" in text(looking, "/87465/about")
    assert looking.post("/87465/login/", {}).status_code == 409
    assert text(Client(), "/87465/") == before
    assert looking.get("/87465/preview/end")["Location"] == "/87465/"
    assert "エルサットストア" in text(looking, "/87465/")
    assert 'value="&lt;b&gt;新&lt;/b&gt;ストア"' in text(desk, f"{ADMIN}/edit?draft")
    assert "まだ公開されていません" in text(desk, ADMIN)
    draft = StoreDraft.objects.get()
    assert desk.post(f"{ADMIN}/draft/publish", keyed(draft=draft.pk + 1)).status_code == 422
    assert desk.post(f"{ADMIN}/draft/publish", keyed(draft=draft.pk))["Location"] == ADMIN
    assert "&lt;b&gt;新&lt;/b&gt;ストア" in text(Client(), "/87465/")
    assert "設定の変更" in text(desk, ADMIN)
    assert desk.get(f"{ADMIN}/draft").status_code == 404
    looking.get(link)
    assert "変更のプレビュー" not in text(looking, "/87465/")


def test_of_two_who_change_a_store_the_second_is_told(world: World, desk: Client, client_of: ClientOf) -> None:
    colleague = User.objects.create(
        email="b@desk.example", name="二人目", role=StaffRole.ADMIN, totp_secret=world.operator.totp_secret
    )
    mine, theirs = typed(desk, name="わたしの名"), typed(desk, tagline="かれの句")
    second = client_of(colleague)
    assert desk.post(f"{ADMIN}/edit", mine).status_code == 302
    assert second.post(f"{ADMIN}/edit", theirs).status_code == 302
    assert "二人目さんも" in text(desk, f"{ADMIN}/draft")
    for_me, for_them = StoreDraft.objects.order_by("id")
    assert second.post(f"{ADMIN}/draft/publish", keyed(draft=for_them.pk)).status_code == 302
    page = desk.post(f"{ADMIN}/draft/publish", keyed(draft=for_me.pk))
    assert page.status_code == 422
    assert "別の担当者がこのストアの設定を変更しました" in page.content.decode()
    late = desk.post(f"{ADMIN}/edit", mine)
    assert late.status_code == 422
    assert "別の担当者がこのストアの設定を変更しました" in late.content.decode()
    assert desk.post(f"{ADMIN}/draft/discard", keyed()).status_code == 302
    store = Store.objects.get(pk=87465)
    assert (store.name, store.tagline) == ("エルサットストア", "かれの句")
    with pytest.raises(Refused, match="変更された項目がありません"):
        store_drafts.make(store, {"name": store.name}, by=world.operator)
    with pytest.raises(Refused) as refused:
        store_drafts.make(store, {"terms": "別の条件"}, by=world.operator)
    assert refused.value.field == "terms_version"


def test_a_text_that_a_browser_sends_back_is_no_change(world: World, desk: Client) -> None:
    Store.objects.filter(pk=87465).update(terms="一行目\n二行目\n", introduction="紹介\n文")
    sent = typed(desk, terms="一行目\r\n二行目", introduction="紹介\r\n文")
    assert "変更された項目がありません" in desk.post(f"{ADMIN}/edit", sent).content.decode()
    assert desk.post(f"{ADMIN}/edit", typed(desk, terms="一行目\r\n三行目")).status_code == 422
    assert desk.post(f"{ADMIN}/edit", sent | {"name": "新"}).status_code == 302
    assert StoreDraft.objects.get().settings == {"name": "新"}


def test_a_preview_of_one_store_is_none_of_another(world: World, desk: Client) -> None:
    desk.post(f"{ADMIN}/edit", typed(desk, name="新ストア"))
    [link] = re.findall(r'href="/87465/preview/([^"]+)"', text(desk, f"{ADMIN}/draft"))
    assert Client().get(f"/193808/preview/{link}").status_code == 404
    assert Client().get(f"/87465/preview/{link}x").status_code == 404
    with CaptureQueriesContext(connection) as queries:
        text(desk, f"{ADMIN}/draft")
    few = len(queries)
    desk.post(f"{ADMIN}/edit", typed(desk, name="新ストア", tagline="句", introduction="紹介", quote_days=9))
    with CaptureQueriesContext(connection) as queries:
        text(desk, f"{ADMIN}/draft")
    assert len(queries) == few


def test_a_store_offers_ways_to_pay_and_what_they_do_not_fit_is_not_orderable(
    world: World, desk: Client, client_of: ClientOf
) -> None:
    store = Store.objects.get(pk=87465)
    assert stores.pays_by(store) == ("transfer",)
    answer = desk.post(f"{ADMIN}/edit", typed(desk, payment_methods=["transfer", "card"]))
    assert answer.status_code == 422
    assert "決済サービスの接続がまだない" in answer.content.decode()
    assert desk.post(f"{ADMIN}/edit", typed(desk, payment_methods=[])).status_code == 422
    with pytest.raises(Refused):
        store_settings.change(store, {"payment_methods": ["barter"]}, by=world.operator)
    Sku.objects.filter(model_number="VBBSS-1Y-005").update(payment_methods=["card", "deferred"])
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    product = text(client_of(world.hanako), "/87465/products/vbbss")
    assert "当ストアのお支払方法ではご注文いただけません" in product
    assert "クレジットカード。" not in text(Client(), "/87465/about")
    Store.objects.update(payment_methods=[PaymentMethod.CARD, PaymentMethod.TRANSFER])
    assert stores.pays_by(World().elsat) == ("transfer", "card")
    assert all(group.can_be_quoted for group in carts.groups(World().hanako))
    assert "クレジットカード。" in text(Client(), "/87465/about")
    Store.objects.update(payment_methods=[PaymentMethod.TRANSFER])
    assert not any(group.can_be_quoted for group in carts.groups(World().hanako))


def both_publish(committed: World) -> list[str]:
    """Two who changed another setting each press the button at once."""
    with scope.platform():
        desk = committed.operator
        colleague = User.objects.create(email="b@desk.example", name="二人目", role=StaffRole.ADMIN)
        store = Store.objects.get(pk=87465)
        drafts = [
            store_drafts.make(store, changes, by=by).pk
            for changes, by in (({"name": "わたしの名"}, desk), ({"tagline": "かれの句"}, colleague))
        ]

    def publishing(draft: int, by: User) -> Callable[[], str]:
        def publish() -> str:
            with scope.platform():
                store_drafts.publish(StoreDraft.objects.get(pk=draft), by=by)
            return "published"

        return publish

    return at_once(*map(publishing, drafts, (desk, colleague)))


def test_of_two_editors_at_once_one_publishes(committed: World) -> None:
    assert both_publish(committed) == ["published", "refused: changed"]
    with scope.platform():
        store = Store.objects.get(pk=87465)
        assert (store.name == "わたしの名") != (store.tagline == "かれの句")


def test_without_the_lock_both_publish_over_each_other(committed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting, check = threading.Barrier(2), store_settings.check_unchanged

    def both_look(store: Store, based_on: str | None) -> None:
        check(store, based_on)
        if based_on:  # not while the drafts are made
            meeting.wait(PATIENCE)

    def no_lock(obj: Any) -> Any:
        return obj

    monkeypatch.setattr(store_settings, "check_unchanged", both_look)
    monkeypatch.setattr("licenseonline.stores.store_drafts.states.lock", no_lock)
    assert both_publish(committed) == ["published", "published"]
