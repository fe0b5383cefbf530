"""Security notices: what was changed, when, from where, and the way to stop it."""

from django.core import mail as sent

from licenseonline.accounts import links, security_notices
from licenseonline.accounts.models import MailLink, Member
from licenseonline.accounts.security_notices import Kind
from licenseonline.kit import clock
from licenseonline.records.models import Message
from tests.jobs import run_jobs
from tests.world import World

STOP = MailLink.Purpose.STOP


def stop_secret(text: str) -> str:
    [line] = [line for line in text.splitlines() if line.startswith("http://shop.example/87465/stop/")]
    return line.rpartition("/")[2]


def test_the_mail_says_what_when_from_where_and_how_to_stop_it(world: World) -> None:
    message = security_notices.send(
        world.hanako, Kind.PASSWORD_CHANGED, device="Chrome / Windows", facts={"変更した項目": "部署名、電話番号"}
    )
    run_jobs()
    [mail] = sent.outbox
    assert mail.subject == "【エルサットストア】パスワードを変更しました"
    assert mail.to == ["hanako@aozora.example"]
    body = str(mail.body)
    for line in ("株式会社青空製作所", "青空 花子 様", "お客様のパスワードが変更されました。", "操作：Chrome / Windows",
                 "変更した項目：部署名、電話番号", "■ お心当たりがない場合", "窓口：ライセンス窓口", "営業時間：平日10:00-17:00"):  # fmt: skip
        assert line in body.splitlines()
    link = links.open(stop_secret(body), purpose=STOP, store=world.elsat)
    assert link.member == world.hanako
    assert (link.expires_at - clock.now()).days in {6, 7}
    message.refresh_from_db()
    assert stop_secret(body) not in message.text + message.html
    assert security_notices.title(security_notices.told_by(link)) == "パスワードを変更しました"


def test_sent_again_it_says_the_same_with_a_new_link(world: World) -> None:
    security_notices.send(world.hanako, Kind.EMAIL_CHANGED, device="Safari / iPhone", to="before@aozora.example")
    run_jobs()
    links.renew.defer(link_id=MailLink.objects.get(purpose=STOP).pk, store_id=87465)
    run_jobs()
    first, second = sent.outbox
    old, new = stop_secret(str(first.body)), stop_secret(str(second.body))
    assert old != new
    assert str(first.body).replace(old, new) == str(second.body)
    assert second.to == ["before@aozora.example"]


def test_who_is_no_member_any_more_gets_no_link(world: World) -> None:
    Member.objects.filter(pk=world.ichiro.pk).update(is_active=False, withdrawn_at=clock.now())
    world.ichiro.refresh_from_db()
    message = security_notices.send(world.ichiro, Kind.REMOVED, device="窓口")
    assert "/stop/" not in message.text
    assert "お手数ですが、下記の窓口へご連絡ください。" in message.text


def test_every_kind_has_its_words(world: World) -> None:
    subjects = [security_notices.send(world.hanako, kind, can_stop=False).subject for kind in Kind]
    assert all(subject.startswith("【エルサットストア】") for subject in subjects)
    assert Message.objects.filter(kind="accounts/security_notice").count() == len(Kind)
