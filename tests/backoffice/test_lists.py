"""The lists: what they show, what they never show, and what they cost."""

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

import licenseonline.backoffice
import licenseonline.urls
from licenseonline.accounts.models import Member, User
from licenseonline.backoffice.editable import EDITABLE, EditableAdmin
from licenseonline.backoffice.read_only import ReadOnlyAdmin
from licenseonline.backoffice.site import site
from licenseonline.kit import clock
from licenseonline.licensing.models import Key
from licenseonline.records.models import Message
from licenseonline.sales import deliveries
from licenseonline.sales.models import Order
from tests.backoffice.settings_rows import one_of_each
from tests.jobs import waiting
from tests.world import World

NAMES = sorted(f"{model._meta.app_label}_{model._meta.model_name}" for model in site._registry)
SECRET = "ABCD-EFGH-IJKL-MNOP"


@pytest.fixture
def desk(world: World, client_of: Callable[[Member | User], Client]) -> Client:
    return client_of(world.operator)


def delivered(world: World) -> Order:
    order = world.arranged_order()
    deliveries.deliver(order, items={1: deliveries.Item(starts_on=clock.today(), key=SECRET)}, by=world.operator)
    return order


def get(client: Client, path: str) -> HttpResponse:
    response = client.get(path)
    assert isinstance(response, HttpResponse)
    return response


def test_django_accepts_the_site() -> None:
    assert site.check(None) == []


def test_every_list_only_shows_but_for_the_named_settings() -> None:
    others = {model._meta.label for model, admin in site._registry.items() if not isinstance(admin, ReadOnlyAdmin)}
    assert others == EDITABLE
    assert all(isinstance(admin, (ReadOnlyAdmin, EditableAdmin)) for admin in site._registry.values())
    shown = [admin for admin in site._registry.values() if isinstance(admin, ReadOnlyAdmin)]
    names = [url.name for admin in shown for url in admin.get_urls()]
    assert not [name for name in names if name and name.endswith(("_add", "_delete"))]


@pytest.mark.parametrize("name", NAMES)
def test_lists_and_details_open_and_hold_no_secret(world: World, desk: Client, name: str) -> None:
    delivered(world)
    one_of_each(world)
    key = Key.objects.get()
    hidden = [SECRET, key.ciphertext, key.fingerprint, world.hanako.password, world.operator.totp_secret]
    model = next(m for m in site._registry if f"{m._meta.app_label}_{m._meta.model_name}" == name)
    first = model._default_manager.order_by("pk").first()
    assert first is not None
    pages = [reverse(f"admin:{name}_changelist"), reverse(f"admin:{name}_change", args=[first.pk])]
    for path in pages:
        answer = desk.get(path, follow=True)
        assert answer.status_code == 200
        assert not [secret for secret in hidden if secret in answer.content.decode()]
        assert desk.post(path, {"name": "x"}).status_code in {302, 403, 200}
    assert type(first)._default_manager.get(pk=first.pk) == first


@pytest.mark.parametrize("name", NAMES)
def test_lists_can_be_searched_and_sorted(world: World, desk: Client, name: str) -> None:
    delivered(world)
    path = reverse(f"admin:{name}_changelist")
    assert get(desk, f"{path}?q=１あ").status_code == 200
    model = next(m for m in site._registry if f"{m._meta.app_label}_{m._meta.model_name}" == name)
    for number in range(1, len(site._registry[model].list_display) + 1):
        assert get(desk, f"{path}?o={number}").status_code == 200


@pytest.mark.parametrize("name", ["sales_order", "sales_quote", "licensing_contract", "records_message"])
def test_a_list_costs_the_same_for_one_and_three_rows(world: World, desk: Client, name: str) -> None:
    path = reverse(f"admin:{name}_changelist")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert get(desk, path).status_code == 200
        return len(captured)

    delivered(world)
    get(desk, path)
    one = queries()
    delivered(world)
    delivered(world)
    assert queries() == one


def test_numbers_of_stores_are_not_amounts(world: World, desk: Client) -> None:
    page = get(desk, reverse("admin:stores_store_changelist")).content.decode()
    assert "87465" in page
    assert "87,465" not in page


def test_names_of_companies_are_text(world: World, desk: Client) -> None:
    company = world.hanako.company
    company.name = "<script>alert(1)</script>"
    company.save()
    order = world.order()
    pages = ["/backoffice/", f"/backoffice/orders/87465/{order.number}/", reverse("admin:accounts_company_changelist"),
             reverse("admin:accounts_company_change", args=[company.pk]), reverse("admin:sales_order_changelist")]  # fmt: skip
    for path in pages:
        page = desk.get(path, follow=True).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_failed_mails_are_sent_again_and_others_left_alone(world: World, desk: Client) -> None:
    world.order()
    sent = Message.objects.latest("pk")
    failed = Message.objects.create(
        store=world.elsat, kind="x", state="failed", sender="a", reply_to="b", recipient="c@d.example", subject="s",
        text="t", html="h", created_at=clock.now(),
    )  # fmt: skip
    before = waiting().count("records.messages.send")
    chosen = {"action": "message-resend", "_selected_action": [sent.pk, failed.pk]}
    preview = desk.post(reverse("admin:records_message_changelist"), chosen)
    page = preview.content.decode()
    assert "c@d.example へもう一度送信します。" in page
    assert "1件を処理します。処理できない行：1件" in page
    assert waiting().count("records.messages.send") == before
    rows = {"row": [f"message:{sent.pk}", f"message:{failed.pk}"], "key": str(uuid.uuid4())}
    page = desk.post("/backoffice/bulk/message-resend", rows, follow=True).content.decode()
    assert "処理した行：1件　処理しなかった行：1件" in page
    assert waiting().count("records.messages.send") == before + 1
    failed.refresh_from_db()
    assert failed.state == Message.State.QUEUED


def test_unfolds_words_are_in_japanese() -> None:
    folder = Path(licenseonline.backoffice.__file__).parent / "locale/ja/LC_MESSAGES"
    lines = (folder / "django.po").read_text().splitlines()
    words = [line[7:-1] for line in lines if line.startswith('msgid "') and line != 'msgid ""']
    assert words
    with translation.override("ja"):
        assert [word for word in words if translation.gettext(word) == word] == []


def test_an_order_in_the_list_leads_to_its_page(world: World, desk: Client) -> None:
    order = world.order()
    path = reverse("admin:sales_order_change", args=[order.pk])
    assert path in get(desk, reverse("admin:sales_order_changelist")).content.decode()
    assert get(desk, path)["Location"] == f"/backoffice/orders/87465/{order.number}/"
    assert get(desk, reverse("admin:sales_order_change", args=[10**9]))["Location"] == "/backoffice/sales/order/"


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("accounts/member", "password__startswith=argon2"),
        ("accounts/member", "company__name__startswith=a"),
        ("records/message", "text__contains=a"),
        ("records/message", "html__contains=a"),
        ("sales/order", "state__exact=%00"),
    ],
)
def test_a_list_answers_no_question_but_its_filters(desk: Client, path: str, query: str) -> None:
    assert desk.get(f"/backoffice/{path}/?{query}").status_code == 400


@pytest.mark.parametrize("chosen", ["x", "\0", "9" * 30, "-1", ""])
def test_an_action_on_what_can_be_no_row_is_refused(desk: Client, chosen: str) -> None:
    data = {"action": "resend", "index": "0", "_selected_action": chosen}
    assert desk.post("/backoffice/records/message/", data).status_code == 400
