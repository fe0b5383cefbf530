"""退会手続き: what stands against it, what ends at once, what goes after a year, and what stays."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail as sent
from django.db import connections
from django.test import Client

from licenseonline.accounts import company_profiles, consents, email_changes, links, security_notices
from licenseonline.accounts.models import BillingContact, Company, Consent, MailLink, Member, Role, Session
from licenseonline.kit import clock, scope, states
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import history
from licenseonline.records.models import HistoryEntry, Message
from licenseonline.sales import carts, withdrawals
from licenseonline.sales.models import CartLine, Order, Quote
from tests.conftest import signed_in
from tests.jobs import run_jobs
from tests.web.member.helpers import at, delivered, text_of
from tests.web.member.test_company import BILLING
from tests.world import PASSWORD, World

ClientOf = Callable[[Member], Client]
FORM = {"confirmed": "on", "current": PASSWORD}


def leave(member: Member, **form: str) -> tuple[int, str]:
    answer = signed_in(member).post(at("profile_withdraw", store=member.store_id), form or FORM)
    return answer.status_code, answer.content.decode()


def fresh(member: Member) -> Member:
    return Member.objects.get(pk=member.pk)


def names(member: Member) -> set[str]:
    """All texts of the member's own row."""
    return {str(value) for value in fresh(member).__dict__.values()}


def test_the_page_says_what_stays_and_why(world: World, client_of: ClientOf) -> None:
    page = text_of(client_of(world.ichiro), at("profile_withdraw"))
    for words in ("退会後に残る情報", "7年間保存します", "1年間保存", "ストアID 87465", "退会する"):
        assert words in page


def test_leaving_ends_sessions_links_and_cart_and_frees_the_address(world: World, client_of: ClientOf) -> None:
    member = world.ichiro
    Member.objects.filter(pk=member.pk).update(newsletter=True)
    carts.put(world.sku("VBBSS-1Y-005"), quantity=5, by=member)
    _link, secret = links.issue(MailLink.Purpose.VERIFY, member=member)
    elsewhere, browser = client_of(member), client_of(member)
    answer = browser.post(at("profile_withdraw"), FORM)
    assert answer.headers["Location"] == at("withdrawn")
    assert "退会手続きが完了しました" in text_of(browser, at("withdrawn"))
    assert not Session.objects.exists()
    for client in (browser, elsewhere):
        assert client.get(at("profile")).headers["Location"].startswith(at("login"))
    assert browser.post(at("login"), {"email": member.email, "password": PASSWORD}).status_code == 422
    assert not CartLine.objects.exists()
    with pytest.raises(Refused):
        links.open(secret, purpose=MailLink.Purpose.VERIFY, store=world.elsat)
    run_jobs()
    [mail] = sent.outbox
    assert mail.subject == "【エルサットストア】退会のお手続きが完了しました"
    assert mail.to == ["ichiro@aozora.example"]
    assert "/stop/" not in str(mail.body)
    proof = consents.latest(member, Consent.Kind.NEWSLETTER)
    assert proof is not None
    assert (proof.given, proof.source) == (False, "store:profile_withdraw")
    assert "member.withdrawn" in [entry.event for entry in history.of(member)]
    again = Member.objects.create(
        store=world.elsat, company=world.taro.company, email=member.email, name="x", kana="x", created_at=clock.now()
    )
    assert again.pk != member.pk
    assert fresh(world.hanako_at_minato).is_active


def test_it_needs_the_password_and_the_tick(world: World) -> None:
    status, page = leave(world.ichiro, confirmed="on", current="wrong")
    assert status == 422
    assert "今のパスワードが違います" in page
    status, page = leave(world.ichiro, current=PASSWORD)
    assert status == 422
    assert "チェックを入れてください" in page
    assert fresh(world.ichiro).is_active


def test_an_open_order_stands_against_it_with_its_number(world: World, client_of: ClientOf) -> None:
    order = world.order(world.ichiro)
    page = text_of(client_of(world.ichiro), at("profile_withdraw"))
    assert f"お手続き中のご注文があるため、退会できません（注文ID：{order.number}）" in page
    assert "退会する</button>" not in page
    status, page = leave(world.ichiro)
    assert status == 422
    assert order.number in page
    assert fresh(world.ichiro).is_active


def test_a_colleagues_order_does_not_but_the_last_one_waits_for_the_companys(world: World) -> None:
    order = world.order(world.hanako)
    assert leave(world.ichiro)[0] == 302
    Order.objects.filter(pk=order.pk).update(member=fresh(world.ichiro))
    status, page = leave(world.hanako)
    assert status == 422
    assert order.number in page


def test_the_last_administrator_with_colleagues_stays(world: World, client_of: ClientOf) -> None:
    assert "最後の管理者" in text_of(client_of(world.hanako), at("profile_withdraw"))
    status, page = leave(world.hanako)
    assert status == 422
    assert "ほかの担当者の方を管理者にしてください" in page
    Member.objects.filter(pk=world.ichiro.pk).update(role=Role.ADMIN)
    assert leave(world.hanako)[0] == 302
    assert leave(world.ichiro)[0] == 302  # nobody is left behind


def test_nobody_makes_another_leave(world: World) -> None:
    with pytest.raises(NotVisible):
        withdrawals.withdraw(world.ichiro, password=PASSWORD, network="", by=world.hanako)


def after_a_year(extra: timedelta = timedelta(hours=1)) -> None:
    with time_machine.travel(clock.now() + withdrawals.KEPT + extra, tick=False):
        withdrawals.anonymise.func(timestamp=0)


def test_after_a_year_the_members_own_data_is_gone_and_the_history_is_whole(world: World, client_of: ClientOf) -> None:
    member = world.ichiro
    delivered(world, member)
    Member.objects.filter(pk=member.pk).update(phone="03-7777-7777", department="総務部")
    email_changes.ask(member, "ichiro.new@aozora.example", password=PASSWORD, network="", by=member)
    run_jobs()
    Quote.objects.filter(member=member).update(offered_to="ichiro@aozora.example")  # before there was an account
    assert leave(member)[0] == 302
    run_jobs()
    history.seal(87465)
    entries = HistoryEntry.objects.count()
    after_a_year(-timedelta(days=2))
    assert fresh(member).name == "青空 一郎"
    after_a_year(timedelta(days=366))  # the contract lasts a year, too
    row = fresh(member)
    assert (row.name, row.email) == ("退会された会員", f"{member.pk}@withdrawn.invalid")
    assert not row.has_usable_password()
    for text in ("青空 一郎", "ichiro@aozora.example", "03-7777-7777", "総務部"):
        assert not any(text in value for value in names(member))
    assert not Message.objects.filter(kind__startswith="accounts/", recipient__contains="ichiro").exists()
    assert not MailLink.objects.filter(member=member).exclude(address="").exists()
    assert Quote.objects.get().offered_to == row.email
    # By law: the documents and the mails that carried them, as they were.
    assert Order.objects.get().snapshot["buyer"]["person"] == "青空 一郎"
    assert Message.objects.filter(kind__startswith="sales/", recipient="ichiro@aozora.example").exists()
    assert HistoryEntry.objects.count() == entries + 1
    history.seal(87465)
    assert list(history.faults(87465)) == []
    with time_machine.travel(clock.now() + timedelta(days=800), tick=False):
        withdrawals.anonymise.func(timestamp=0)  # once is enough
        page = text_of(client_of(world.hanako), at("orders"))
    assert HistoryEntry.objects.count() == entries + 1
    assert "退会された会員" in page


def test_who_ordered_what_still_runs_is_kept_until_a_year_after_its_end(world: World) -> None:
    delivered(world, world.ichiro)
    assert leave(world.ichiro)[0] == 302
    after_a_year()
    assert fresh(world.ichiro).name == "青空 一郎"
    after_a_year(timedelta(days=400))
    assert fresh(world.ichiro).name == "退会された会員"


def test_mails_of_who_has_the_address_now_stay(world: World) -> None:
    assert leave(world.ichiro)[0] == 302
    with time_machine.travel(clock.now() + timedelta(days=30), tick=False):
        Member.objects.create(
            store=world.elsat, company=world.taro.company, email="ichiro@aozora.example", name="別人", kana="x",
            created_at=clock.now(),
        )  # fmt: skip
        later = Message.objects.create(
            store=world.elsat, kind="accounts/x", sender="s", reply_to="r", recipient="ichiro@aozora.example",
            subject="s", text="t", html="h", created_at=clock.now(),
        )  # fmt: skip
    after_a_year()
    later.refresh_from_db()
    assert later.recipient == "ichiro@aozora.example"
    assert Member.objects.get(email="ichiro@aozora.example").name == "別人"


def test_the_invitation_goes_too(world: World) -> None:
    with time_machine.travel(clock.now() - timedelta(days=5), tick=False):
        invited = links.issue(
            MailLink.Purpose.INVITE, company=world.ichiro.company, address="ichiro@aozora.example", role="buyer"
        )[0]
        other = links.issue(
            MailLink.Purpose.INVITE, company=world.ichiro.company, address="x@aozora.example", role="buyer"
        )[0]
        mail = Message.objects.create(
            store=world.elsat, kind="accounts/invitation", sender="s", reply_to="r", recipient="ichiro@aozora.example",
            subject="s", text="t", html="h", created_at=clock.now(),
        )  # fmt: skip
    assert leave(world.ichiro)[0] == 302
    after_a_year()
    for row in (invited, other, mail):
        row.refresh_from_db()
    assert invited.address == ""
    assert other.address
    assert mail.recipient == f"{world.ichiro.pk}@withdrawn.invalid"


def test_a_billing_contact_goes_with_the_last_of_the_company(world: World) -> None:
    company_profiles.set_billing(world.hanako.company, BILLING, by=world.hanako)
    assert leave(world.ichiro)[0] == 302
    after_a_year()
    assert BillingContact.objects.exists()
    assert leave(world.hanako)[0] == 302
    after_a_year()
    assert not BillingContact.objects.exists()


def test_who_has_not_left_is_not_touched(world: World) -> None:
    after_a_year(timedelta(days=5000))
    assert fresh(world.hanako).name == "青空 花子"


def both_leave(committed: World) -> list[str]:
    """Two administrators of a company with a third member leave at once: what each got."""
    with scope.platform():
        Member.objects.filter(pk=committed.ichiro.pk).update(role=Role.ADMIN)
        Member.objects.create(
            store=committed.elsat, company=committed.hanako.company, email="third@aozora.example", name="x", kana="x",
            created_at=clock.now(),
        )  # fmt: skip
        people = [committed.hanako.pk, committed.ichiro.pk]
    outcomes: list[str] = []

    def run(pk: int) -> None:
        try:
            with scope.stores([87465]):
                member = Member.objects.select_related("company", "store").get(pk=pk)
                withdrawals.withdraw(member, password=PASSWORD, network="", by=member)
                outcomes.append("left")
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[pk]) for pk in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_of_two_last_administrators_who_leave_at_once_one_stays(committed: World) -> None:
    assert both_leave(committed) == ["left", "open"]


def test_without_the_lock_both_leave(committed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lock, send, meeting = states.lock, security_notices.send, threading.Barrier(2)

    def meet(*args: Any, **options: Any) -> Message:
        meeting.wait(30)
        return send(*args, **options)

    monkeypatch.setattr(states, "lock", lambda row: row if isinstance(row, Company) else lock(row))
    monkeypatch.setattr(security_notices, "send", meet)
    assert both_leave(committed) == ["left", "left"]
