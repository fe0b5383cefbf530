"""The desk's pages of staff and partners."""

import uuid
from collections.abc import Callable

from django.test import Client

from licenseonline.accounts.models import Member, User
from licenseonline.stores.models import Partner
from tests.accounts.mails import arrived, only
from tests.accounts.staff_acts import PASSWORD, code_of, secret_in
from tests.world import World

ClientOf = Callable[[Member | User], Client]
NEW = "new@operator.example"


def test_an_administrator_invites_and_the_invited_starts(world: World, client_of: ClientOf) -> None:
    desk = client_of(world.operator)
    assert desk.post("/backoffice/staff/", {"name": "", "email": "x", "role": "head"}).status_code == 422
    given = {"name": "編集 花", "email": NEW, "role": "editor"}
    assert desk.post("/backoffice/staff/", given)["Location"] == "/backoffice/staff/"
    assert "開始待ち" in desk.get("/backoffice/staff/").content.decode()
    user = User.objects.get(email=NEW)
    path = f"/backoffice/start/{secret_in(only())}"
    visitor = Client()
    assert "設定キー" in visitor.get(path).content.decode()
    assert visitor.post(path, {"password": PASSWORD, "code": "000000"}).status_code == 422
    assert "設定が完了しました" in visitor.post(path, {"password": PASSWORD, "code": code_of(user)}).content.decode()
    assert visitor.get(path).status_code == 410
    assert arrived()[0][0] == NEW


def test_a_person_is_changed_reset_and_stopped_with_history(world: World, client_of: ClientOf) -> None:
    desk = client_of(world.operator)
    path = f"/backoffice/staff/{world.partner.pk}"
    assert desk.post(f"{path}/role", {"role": "viewer"}).status_code == 422  # the last 責任者
    assert desk.post(f"{path}/nothing").status_code == 404
    assert desk.post(f"{path}/second-factor")["Location"] == path
    page = desk.get(path).content.decode()
    assert "開始待ち" in page
    assert "二段階認証の再設定" in page
    assert desk.post(f"{path}/send-again").status_code == 302


def test_a_forgotten_password(world: World) -> None:
    visitor = Client()
    for email in ("nobody@x.example", world.operator.email):
        answer = visitor.post("/backoffice/password/reissue/", {"email": email})
        assert "メールでお送りします" in answer.content.decode()
    path = f"/backoffice/password/{secret_in(only())}"
    assert visitor.post(path, {"password": "1"}).status_code == 422
    assert "変更しました" in visitor.post(path, {"password": PASSWORD}).content.decode()
    assert visitor.get("/backoffice/password/0000").status_code == 404


def test_a_partner_is_appointed_renamed_and_gets_staff(world: World, client_of: ClientOf) -> None:
    desk = client_of(world.operator)
    assert desk.post("/backoffice/partners/", {}).status_code == 422
    given = {"name": "北日本販売", "person": "北 花子", "email": "head@kita.example", "key": str(uuid.uuid4())}
    made = desk.post("/backoffice/partners/", given)
    assert desk.post("/backoffice/partners/", given)["Location"] == made["Location"]  # twice is once
    partner = Partner.objects.get(spid="SP10003")
    path = f"/backoffice/partners/{partner.pk}"
    assert made["Location"] == path
    assert desk.post("/backoffice/partners/", {**given, "key": str(uuid.uuid4())}).status_code == 422
    assert "SP10003" in desk.get("/backoffice/partners/").content.decode()
    assert desk.post(f"{path}/rename", {"name": "北日本販売株式会社"})["Location"] == path
    assert desk.post(f"{path}/rename", {"name": ""}).status_code == 422
    invited = desk.post(f"{path}/staff", {"name": "北 次郎", "email": "jiro@kita.example", "role": "books"})
    assert invited["Location"] == path
    assert desk.post(f"{path}/staff", {"name": "x", "email": "y@kita.example", "role": "admin"}).status_code == 422
    page = desk.get(path).content.decode()
    assert "北 次郎" in page
    assert "<del>北日本販売</del> → <ins>北日本販売株式会社</ins>" in page
