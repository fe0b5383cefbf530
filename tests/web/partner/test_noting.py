"""Notes and calls of a partner's staff on the console."""

from collections.abc import Callable
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts import notes
from licenseonline.accounts.models import Member, Note, Side, User
from licenseonline.kit.rights import StaffRole
from tests.world import World

ClientOf = Callable[[Member | User], Client]
XSS = "<script>alert(1)</script>"


def test_who_helps_members_writes_and_the_others_of_the_partner_read(world: World, client_of: ClientOf) -> None:
    member, company = world.hanako, world.hanako.company
    notes.add(member, kind=Note.Kind.NOTE, text="運営のメモ", by=world.operator)
    for kind, pk in (("member", member.pk), ("company", company.pk)):
        home, add = (
            f"/partner/{'members' if kind == 'member' else 'companies'}/87465/{pk}",
            f"/partner/about/{kind}/87465/{pk}/notes/add",
        )
        for role, may in (
            (StaffRole.HEAD, True),
            (StaffRole.SALES, True),
            (StaffRole.BOOKS, False),
            (StaffRole.VIEWER, False),
        ):
            User.objects.filter(pk=world.partner.pk).update(role=role)
            client = client_of(world.partner)
            text = f"{role}\r\n{kind} {XSS}"
            key = str(uuid4())
            for _ in range(2):  # twice is once
                answer = client.post(add, {"kind": "call_out", "text": text, "key": key})
                assert answer.status_code == (302 if may else 403)
            page = client.get(home).content.decode()
            assert ("メモを保存する" in page) == may
            for words in ("電話（発信）", "head", "sales", "営業 次郎"):
                assert words in page or role == StaffRole.HEAD
            assert XSS not in page
            assert "運営のメモ" not in page
            empty = client.post(add, {"kind": "call_out", "text": " ", "key": str(uuid4())})
            assert empty.status_code == (422 if may else 403)
            assert ("メモの内容を入力してください。" in empty.content.decode()) == may
    assert len(notes.of(member, side=Side.PARTNER)) == 2
    assert len(notes.of(company, side=Side.PARTNER)) == 4
    assert "営業 次郎" not in client_of(world.operator).get(f"/backoffice/members/87465/{member.pk}/").content.decode()
    assert client_of(world.other_partner).get(f"/partner/about/member/87465/{member.pk}/notes").status_code == 404


def test_the_pages_cost_the_same_for_one_and_three_notes(world: World, client_of: ClientOf) -> None:
    client, member = client_of(world.partner), world.hanako
    pages = [
        f"/partner/members/87465/{member.pk}",
        f"/partner/companies/87465/{member.company_id}",
        f"/partner/about/member/87465/{member.pk}/notes",
    ]

    def queries() -> list[int]:
        counts = []
        for page in pages:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(page).status_code == 200
            counts.append(len(captured))
        return counts

    notes.add(member, kind=Note.Kind.NOTE, text="x", by=world.partner)
    queries()
    before = queries()
    for _ in range(12):
        notes.add(member, kind=Note.Kind.NOTE, text="x", by=world.partner)
    assert queries() == before
    assert "すべてのメモを見る" in client.get(pages[0]).content.decode()
