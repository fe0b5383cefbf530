"""Staff accounts: invited, started, changed, stopped."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from licenseonline.accounts import sign_in, staff, staff_links, staff_passwords
from licenseonline.accounts.models import Session, StaffLink, StaffStatus, User
from licenseonline.kit import clock, scope
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.rights import StaffRole
from licenseonline.records import history, messages
from licenseonline.records.models import Message
from tests.accounts.mails import arrived, only
from tests.accounts.staff_acts import PASSWORD, code_of, secret_in, started
from tests.conftest import signed_in
from tests.sales.test_races import PATIENCE, at_once
from tests.world import PASSWORD as OLD
from tests.world import World

NEW = "new@elsat.example"


def invited(world: World, role: StaffRole = StaffRole.SALES) -> User:
    return staff.invite(NEW, name="新人 花", role=role, partner=world.partner.partner, by=world.partner)


def events(user: User) -> list[str]:
    return [entry.event for entry in reversed(history.of_platform(user))]


def test_an_invited_person_chooses_the_password_and_the_second_factor(world: World) -> None:
    with scope.stores([87465]):  # as in the request of a partner's head
        user = invited(world)
    assert user.status == StaffStatus.INVITED
    [(to, subject, text)] = arrived()
    assert (to, "アカウントの利用開始のご案内" in subject, "SPID（セールスパートナーID）：SP10001" in text) == (
        NEW,
        True,
        True,
    )
    secret = secret_in(text)
    assert f"http://shop.example/partner/start/{secret}" in text
    assert "■" in Message.objects.get(recipient=NEW).text
    staff_passwords.start(secret, password=PASSWORD, code=code_of(user), of_operator=False)
    assert "ご利用いただけるようになりました" in only()
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        found = sign_in.staff("SP10001", email=NEW, password=PASSWORD, code=code_of(user), network="n")
    assert (found.pk, found.role, found.status) == (user.pk, StaffRole.SALES, StaffStatus.ACTIVE)
    assert events(user) == ["staff.invited", "staff.started"]


def test_nobody_signs_in_before_the_start(world: World) -> None:
    user = invited(world)
    with pytest.raises(Refused, match="入力内容または確認コードが違います"):
        sign_in.staff("SP10001", email=NEW, password="!", code=code_of(user), network="n")


def test_a_start_link_works_once_and_for_seven_days_and_on_its_side_only(world: World) -> None:
    user = invited(world)
    secret = secret_in(only())
    with pytest.raises(Refused) as refused:
        staff_links.opened(secret, purpose=StaffLink.Purpose.START, of_operator=True)
    assert refused.value.code == "unknown"
    with time_machine.travel(clock.now() + timedelta(days=7, seconds=1)), pytest.raises(Refused) as refused:
        staff_passwords.start(secret, password=PASSWORD, code=code_of(user), of_operator=False)
    assert refused.value.code == "expired"
    staff_passwords.start(secret, password=PASSWORD, code=code_of(user), of_operator=False)
    with pytest.raises(Refused) as refused:
        staff_passwords.start(secret, password=PASSWORD, code=code_of(user), of_operator=False)
    assert refused.value.code == "used"


@pytest.mark.parametrize(("password", "code", "field"), [("short", "", "password"), (PASSWORD, "000000", "code")])
def test_a_refused_start_leaves_the_link_good(world: World, password: str, code: str, field: str) -> None:
    user = invited(world)
    secret = secret_in(only())
    with pytest.raises(Refused) as refused:
        staff_passwords.start(secret, password=password, code=code or code_of(user), of_operator=False)
    assert refused.value.field == field
    staff_passwords.start(secret, password=PASSWORD, code=code_of(user), of_operator=False)


def test_only_the_newest_start_link_counts(world: World) -> None:
    user = invited(world)
    first = secret_in(only())
    staff.send_again(user, by=world.operator)
    second = secret_in(only())
    with pytest.raises(Refused) as refused:
        staff_links.opened(first, purpose=StaffLink.Purpose.START, of_operator=False)
    assert refused.value.code == "expired"
    staff_passwords.start(second, password=PASSWORD, code=code_of(user), of_operator=False)
    with pytest.raises(Refused, match="待っている状態ではありません"):
        staff.send_again(user, by=world.operator)


def test_a_mail_that_failed_is_sent_again_with_another_link(world: World) -> None:
    invited(world)
    first = secret_in(only())
    message = Message.objects.get(recipient=NEW)
    Message.objects.filter(pk=message.pk).update(state=Message.State.FAILED)
    messages.resend(Message.objects.get(pk=message.pk))
    assert secret_in(only()) != first


def test_an_address_is_invited_once_until_it_is_stopped(world: World) -> None:
    user = invited(world)
    with pytest.raises(Refused) as refused:
        invited(world)
    assert (refused.value.code, refused.value.field) == ("exists", "email")
    staff.stop(user, by=world.partner)
    assert invited(world, StaffRole.VIEWER).pk == user.pk
    user.refresh_from_db()
    assert (user.status, user.role) == (StaffStatus.INVITED, StaffRole.VIEWER)


def test_a_head_reaches_the_own_partners_people_only(world: World) -> None:
    head, other = world.partner, world.other_partner
    for partner in (other.partner, None):
        with pytest.raises(NotVisible):
            staff.invite(NEW, name="x", role=StaffRole.VIEWER, partner=partner, by=head)
    for act in (staff.stop, staff.send_again, staff.reset_second_factor):
        for user in (other, world.operator):
            with pytest.raises(NotVisible):
                act(user, by=head)
    with pytest.raises(NotVisible):
        staff.change_role(other, StaffRole.VIEWER, by=head)
    with pytest.raises(Refused, match="役割を選択してください"):
        staff.invite(NEW, name="x", role=StaffRole.ADMIN, partner=head.partner, by=head)
    assert set(User.objects.visible_to(head)) == {head}
    assert set(User.objects.visible_to(world.operator)) == {head, other, world.operator}
    assert not User.objects.visible_to(world.hanako).exists()


def test_a_changed_role_is_told_and_kept(world: World) -> None:
    user = started(NEW, role=StaffRole.SALES, partner=world.partner.partner, by=world.partner)
    staff.change_role(user, StaffRole.BOOKS, by=world.operator)
    text = only()
    assert "役割：経理" in text
    assert "操作：運営窓口" in text
    assert history.of_platform(user)[0].facts == {"role": ["sales", "books"]}
    staff.change_role(user, StaffRole.BOOKS, by=world.operator)
    assert arrived() == []


def test_a_stopped_person_is_out_at_once(world: World) -> None:
    user = started(NEW, role=StaffRole.SALES, partner=world.partner.partner, by=world.partner)
    browser = signed_in(user)
    Session.objects.update(user_id=user.pk)
    assert browser.get("/partner/").status_code == 200
    staff.stop(user, by=world.partner)
    assert "今後はログインできません" in only()
    assert browser.get("/partner/").status_code == 302
    assert not Session.objects.filter(user_id=user.pk).exists()
    staff.stop(user, by=world.partner)
    assert arrived() == []


def test_the_last_head_and_the_last_administrator_stay(world: World) -> None:
    user = started(NEW, role=StaffRole.SALES, partner=world.partner.partner, by=world.partner)
    acts: list[Callable[[], None]] = [
        lambda: staff.stop(world.partner, by=world.operator),
        lambda: staff.change_role(world.partner, StaffRole.VIEWER, by=world.partner),
        lambda: staff.change_role(world.operator, StaffRole.EDITOR, by=world.operator),
    ]
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "last"
    with pytest.raises(Refused) as refused:
        staff.stop(world.operator, by=world.operator)
    assert refused.value.code == "self"
    staff.change_role(user, StaffRole.HEAD, by=world.partner)
    staff.stop(world.partner, by=user)


def test_a_lost_second_factor_means_a_new_start(world: World) -> None:
    user = started(NEW, role=StaffRole.SALES, partner=world.partner.partner, by=world.partner)
    before = user.totp_secret
    staff.reset_second_factor(user, by=world.partner)
    user.refresh_from_db()
    assert user.status == StaffStatus.INVITED
    assert user.totp_secret != before
    secret = secret_in(only())
    staff_passwords.start(secret, password=PASSWORD, code=code_of(user), of_operator=False)
    with pytest.raises(Refused, match="ご自身の二段階認証"):
        staff.reset_second_factor(world.partner, by=world.partner)


def test_a_reissue_replaces_the_password_and_leaves_the_second_factor(world: World) -> None:
    user = world.partner
    staff_passwords.ask_reissue("SP10001", email=user.email.upper(), network="n")
    secret = secret_in(only())
    sign_in.staff("SP10001", email=user.email, password=OLD, code=sign_in.next_code(user), network="n")
    staff_passwords.reissue(secret, password=PASSWORD, of_operator=False)
    assert "パスワードが再発行のお手続きにより変更され" in only()
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        with pytest.raises(Refused):
            sign_in.staff("SP10001", email=user.email, password=OLD, code=code_of(user), network="n")
        sign_in.staff("SP10001", email=user.email, password=PASSWORD, code=code_of(user), network="n")
    with pytest.raises(Refused) as refused:
        staff_passwords.reissue(secret, password=PASSWORD, of_operator=False)
    assert refused.value.code == "used"


def test_a_reissue_asks_nothing_and_tells_nothing(world: World) -> None:
    for spid, email in (("SP10001", "nobody@x.example"), ("SP10002", world.partner.email), ("", world.partner.email)):
        staff_passwords.ask_reissue(spid, email=email, network="n")
        assert arrived() == []
    for _ in range(5):
        staff_passwords.ask_reissue("SP10001", email=world.partner.email, network="n")
    with pytest.raises(Refused) as refused:
        staff_passwords.ask_reissue("SP10001", email=world.partner.email, network="n")
    assert refused.value.code == "throttled"


def two_heads(committed: World) -> tuple[int, int]:
    with scope.platform():
        partner = committed.partner.partner
        other = staff.appoint(NEW, name="次の責任者", password=OLD, partner=partner)
        return committed.partner.pk, other.pk


def stop(who: int, by: int) -> str:
    try:
        with scope.platform():
            people = User.objects.select_related("partner")
            staff.stop(people.get(pk=who), by=people.get(pk=by))
    except NotVisible:
        return "not there"
    return "stopped"


def active(*people: int) -> int:
    with scope.platform():
        return User.objects.filter(pk__in=people, is_active=True).count()


def test_two_heads_who_stop_each_other_leave_one(committed: World) -> None:
    first, second = two_heads(committed)
    assert at_once(lambda: stop(first, second), lambda: stop(second, first)) == ["not there", "stopped"]
    assert active(first, second) == 1


def test_without_the_lock_nobody_is_left(committed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = two_heads(committed)
    meeting = threading.Barrier(2)
    check = staff._check_not_last

    def check_and_meet(user: User) -> None:
        check(user)
        meeting.wait(PATIENCE)

    unlocked = User.objects.filter(role=StaffRole.HEAD, is_active=True, pk__in=[first, second]).order_by("pk")
    monkeypatch.setattr(staff, "_lock_reached", lambda _user, _by: None)
    monkeypatch.setattr(staff, "_highest", lambda _user: unlocked.all())
    monkeypatch.setattr(staff, "_check_not_last", check_and_meet)
    assert at_once(lambda: stop(first, second), lambda: stop(second, first)) == ["stopped", "stopped"]
    assert active(first, second) == 0
