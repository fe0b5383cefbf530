"""A partner as a whole is stopped, resumed exactly as it was, or ended."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from licenseonline.accounts import partner_stops, partners, staff, staff_passwords
from licenseonline.accounts.models import Member, StaffStatus, User
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import StaffRole
from licenseonline.records import history
from licenseonline.stores import openings
from licenseonline.stores.models import Partner, Store
from tests.accounts.mails import arrived
from tests.accounts.staff_acts import secret_in
from tests.stores.store_acts import prepared
from tests.world import World

ClientOf = Callable[[Member | User], Client]


def state_of(number: int) -> str:
    return Store.objects.get(pk=number).state


def test_a_stop_shuts_stores_and_staff_and_a_resumption_puts_back_what_was(world: World, client_of: ClientOf) -> None:
    partner, desk, head = world.elsat.partner, world.operator, world.partner
    invited = staff.invite("new@elsat.example", name="新", role=StaffRole.SALES, partner=partner, by=desk)
    secret = secret_in(arrived()[-1][2])
    gone = staff.invite("gone@elsat.example", name="前", role=StaffRole.SALES, partner=partner, by=desk)
    staff.stop(gone, by=desk)
    paused, draft = prepared(world), prepared(world, 55556)
    openings.publish(paused, by=desk)
    openings.pause(paused, note="もともと休止", by=desk)
    console = client_of(head)
    assert console.get("/partner/").status_code == 200
    effect = partner_stops.effect(partner, Partner.State.STOPPED)
    assert [store.pk for store in effect.stores] == [87465]
    assert effect.members == Member.objects.filter(store=87465, is_active=True).count()
    assert {user.pk for user in effect.people} == {head.pk, invited.pk}
    partner_stops.stop(partner, note="取引停止中です", by=desk)
    assert state_of(87465) == "paused"
    assert console.get("/partner/").status_code == 302
    assert client_of(world.hanako).get("/87465/member/orders/").status_code == 200
    for refused in (
        lambda: openings.publish(Store.objects.get(pk=87465), by=desk),
        lambda: openings.publish(draft, by=desk),
        lambda: prepared(world, 55557),
        lambda: staff.invite("x@elsat.example", name="x", role=StaffRole.SALES, partner=partner, by=desk),
    ):
        with pytest.raises(Refused, match="取引は停止または終了しているため"):
            refused()
    with pytest.raises(Refused):
        staff_passwords.start(secret, password="correct horse battery x", code="000000", of_operator=False)
    with pytest.raises(Refused):
        partner_stops.stop(partner, note="もう一度", by=desk)
    partner_stops.resume(Partner.objects.get(pk=partner.pk), by=desk)
    assert (state_of(87465), state_of(55555), state_of(55556)) == ("open", "paused", "draft")
    statuses = {user.pk: user.status for user in User.objects.filter(partner=partner)}
    assert statuses == {
        head.pk: StaffStatus.ACTIVE,
        invited.pk: StaffStatus.INVITED,
        gone.pk: StaffStatus.STOPPED,
    }
    assert client_of(User.objects.get(pk=head.pk)).get("/partner/").status_code == 200
    assert [entry.event for entry in history.of_platform(partner)] == ["partner.resumed", "partner.stopped"]
    assert state_of(193808) == "open"


def test_an_ended_partner_stays_ended(world: World) -> None:
    partner, desk, day = world.elsat.partner, world.operator, clock.today() + timedelta(days=90)
    partner_stops.stop(partner, note="停止", by=desk)
    partner_stops.close(partner, readable_until=day, note="終了しました", by=desk)
    store = Store.objects.get(pk=87465)
    assert (store.state, store.readable_until, store.paused_note) == ("closed", day, "終了しました")
    for verb in (
        lambda: partner_stops.resume(partner, by=desk),
        lambda: openings.publish(store, by=desk),
        lambda: staff.invite("x@elsat.example", name="x", role=StaffRole.SALES, partner=partner, by=desk),
    ):
        with pytest.raises(Refused):
            verb()
    partners.rename(partner, "旧エルサット", by=desk)


def keyed(**sent: object) -> dict[str, object]:
    return {"key": str(uuid4()), **sent}


def test_the_desk_sees_what_changes_before_it_does_it(world: World, client_of: ClientOf) -> None:
    world.order()
    desk = client_of(world.operator)
    page = f"/backoffice/partners/{world.elsat.partner_id}"
    assert f"{page}/steps/stop" in desk.get(page).content.decode()
    shown = desk.get(f"{page}/steps/stop").content.decode()
    for said in ("87465 エルサットストア", "1件", "（責任者）", "休止するストア"):
        assert said in shown
    assert "193808" not in shown
    assert desk.get(f"{page}/steps/nothing").status_code == 404
    assert desk.post(f"{page}/steps/stop", keyed(note="")).status_code == 422
    assert "この操作はできません" in desk.get(f"{page}/steps/resume").content.decode()
    assert desk.post(f"{page}/steps/resume", keyed()).status_code == 422
    stop = keyed(note="<b>停止</b>")
    assert {desk.post(f"{page}/steps/stop", stop)["Location"] for _ in range(2)} == {page}  # twice is once
    assert "取引の停止" in desk.get(page).content.decode()
    assert "&lt;b&gt;停止" in Client().get("/87465/").content.decode()
    assert "停止中" in desk.get("/backoffice/partners/").content.decode()
    assert desk.post(f"{page}/steps/resume", keyed())["Location"] == page
    past = keyed(note="終了", readable_until="2020-01-01")
    assert desk.post(f"{page}/steps/close", past).status_code == 422
    coming = keyed(note="終了", readable_until=(clock.today() + timedelta(days=30)).isoformat())
    assert desk.post(f"{page}/steps/close", coming)["Location"] == page
    assert Client().get("/87465/").status_code == 410
