"""The doors and 担当者の管理 of the console, as browsers see them."""

import re
from collections.abc import Callable

from django.test import Client

from licenseonline.accounts import staff
from licenseonline.accounts.models import Member, StaffStatus, User
from licenseonline.kit.rights import StaffRole
from tests.accounts.mails import only
from tests.accounts.staff_acts import PASSWORD, code_of, secret_in
from tests.world import World

ClientOf = Callable[[Member | User], Client]
NEW = "new@elsat.example"
GIVEN = {"name": "新人 花", "email": NEW, "role": "sales"}


def test_a_head_invites_and_the_invited_starts_and_signs_in(world: World, client_of: ClientOf) -> None:
    head = client_of(world.partner)
    assert head.post("/partner/staff/", GIVEN)["Location"] == "/partner/staff/"
    assert "開始待ち" in head.get("/partner/staff/").content.decode()
    path = f"/partner/start/{secret_in(only())}"
    user = User.objects.get(email=NEW)
    visitor = Client()
    page = visitor.get(path).content.decode()
    assert "data:image/svg+xml" in page
    failed = visitor.post(path, {"password": "short", "code": "1"})
    assert failed.status_code == 422
    assert "8文字以上" in failed.content.decode()
    done = visitor.post(path, {"password": PASSWORD, "code": code_of(user)}, follow=True)
    assert "設定が完了しました" in done.content.decode()
    assert visitor.get(path).status_code == 410


def test_a_forgotten_password(world: World) -> None:
    visitor = Client()
    assert "/partner/password/reissue/" in visitor.get("/partner/login/").content.decode()
    for email in ("nobody@x.example", world.partner.email):
        answer = visitor.post("/partner/password/reissue/", {"spid": "ｓｐ10001", "email": email})
        assert answer["Location"] == "/partner/password/reissue/sent"
    path = f"/partner/password/{secret_in(only())}"
    assert world.partner.name in visitor.get(path).content.decode()
    assert visitor.post(path, {"password": "12345678"}).status_code == 422
    assert visitor.post(path, {"password": PASSWORD}).status_code == 302
    assert visitor.post(path, {"password": PASSWORD}).status_code == 410


def test_a_mistyped_link_says_so_and_is_of_no_other_area(world: World) -> None:
    staff.invite("new@operator.example", name="x", role=StaffRole.EDITOR, partner=None, by=world.operator)
    secret = secret_in(only())
    assert Client().get(f"/partner/start/{secret}").status_code == 404
    assert Client().get(f"/backoffice/start/{secret}").status_code == 200


def test_a_head_changes_and_stops_a_colleague(world: World, client_of: ClientOf) -> None:
    head = client_of(world.partner)
    head.post("/partner/staff/", GIVEN)
    user = User.objects.get(email=NEW)
    path = f"/partner/staff/{user.pk}"
    assert "もう一度送る" in head.get(path).content.decode()
    for step in ("send-again", "stop"):
        assert head.post(f"{path}/{step}")["Location"] == path
    user.refresh_from_db()
    assert user.status == StaffStatus.STOPPED
    assert head.post(f"{path}/second-factor").status_code == 422
    assert head.post(f"{path}/nothing").status_code == 404
    own = head.post(f"/partner/staff/{world.partner.pk}/role", {"role": "viewer"})
    assert own.status_code == 422
    assert "最後の責任者" in own.content.decode()


def test_the_staff_page_reads_as_much_for_many(
    world: World, client_of: ClientOf, django_assert_max_num_queries: Callable[..., object]
) -> None:
    head = client_of(world.partner)
    head.get("/partner/staff/")
    with django_assert_max_num_queries(12) as one:  # type: ignore[attr-defined]  # pytest-django's
        head.get("/partner/staff/")
    for number in range(3):
        staff.appoint(f"{number}@x.example", name="x", password="y", partner=world.partner.partner)
    with django_assert_max_num_queries(len(one)):  # type: ignore[attr-defined]  # as above
        page = head.get("/partner/staff/").content.decode()
    assert len(re.findall(r"/partner/staff/\d+", page)) == 4


def test_who_may_not_manage_staff_is_told(world: World, client_of: ClientOf) -> None:
    User.objects.filter(pk=world.partner.pk).update(role=StaffRole.SALES)
    client = client_of(world.partner)
    assert client.get("/partner/staff/").status_code == 403
    assert "/partner/staff/" not in client.get("/partner/").content.decode()
