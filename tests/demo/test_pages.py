"""`/demo/…`: the mail that was sent and who can sign in, for this machine only."""

import json
import re
import stat
from typing import Any

import pytest
from django.test import Client

from licenseonline.demo import mail_pages, outbox
from licenseonline.kit import clock, crypto
from licenseonline.records import files, messages
from licenseonline.records.models import Message, MessageAttachment
from tests.jobs import run_jobs
from tests.world import World

LINK = "http://shop.example/87465/member/quotes/Q1"
SECRET = "http://shop.example/87465/verify/0f9e8d7c"


@pytest.fixture
def mail(world: World) -> Message:
    message = Message.objects.create(
        store=world.elsat,
        kind="sales/quotation",
        sender="エルサットストア <front@licenseonline.example>",
        reply_to="desk@87465.example",
        recipient="hanako@aozora.example",
        subject="お見積書のご送付 <重要>",
        text=f"お見積書です。\n{LINK}\n",
        html=f'<p style="color:red">お見積書です。</p><a href="{LINK}?a=1&amp;b=2">開く</a>',
        created_at=clock.now(),
    )
    file = files.keep(
        b"%PDF-1.7 test", name="見積書.pdf", content_type="application/pdf", store_id=87465, company_id=None
    )
    MessageAttachment.objects.create(store=world.elsat, message=message, file=file)
    return message


def pages_of(mail: Message) -> list[str]:
    attached = mail.attachments.get().pk
    return [
        "/demo/logins",
        "/demo/mail/",
        "/demo/mail.json",
        f"/demo/mail/{mail.pk}",
        f"/demo/mail/{mail.pk}/html",
        f"/demo/mail/{mail.pk}/attachments/{attached}",
    ]


def status(page: str, address: str) -> int:
    answer = Client(REMOTE_ADDR=address).get(page)
    b"".join(answer)  # a file is closed once it is read
    return answer.status_code


def test_the_pages_answer_on_this_machine(mail: Message) -> None:
    for address in ("127.0.0.1", "::1"):
        assert {status(page, address) for page in pages_of(mail)} == {200}


@pytest.mark.parametrize("address", ["192.168.0.5", "10.0.0.1", "2001:db8::1", "", "unknown"])
def test_the_pages_do_not_exist_for_other_machines(mail: Message, address: str) -> None:
    assert {status(page, address) for page in pages_of(mail)} == {404}


def test_the_list_shows_the_newest_first(world: World, mail: Message) -> None:
    Message.objects.create(
        store=None, kind="x", sender="a", reply_to="a", recipient="b", subject="二通目", text="", html="",
        created_at=clock.now(),
    )  # fmt: skip
    page = Client().get("/demo/mail/").content.decode()
    assert page.index("二通目") < page.index("お見積書のご送付 &lt;重要&gt;")
    assert "hanako@aozora.example" in page


def test_a_mail_is_shown_with_working_links_and_its_attachment(mail: Message) -> None:
    client = Client()
    page = client.get(f"/demo/mail/{mail.pk}").content.decode()
    assert f'href="{LINK}"' in page
    found = re.search(r'href="(/demo/mail/\d+/attachments/\d+)"', page)
    assert found
    answer = client.get(found[1])
    assert b"".join(answer) == b"%PDF-1.7 test"
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_html_of_a_mail_is_framed_and_can_do_nothing(mail: Message) -> None:
    client = Client()
    outer = client.get(f"/demo/mail/{mail.pk}")
    assert "frame-src 'self'" in outer["Content-Security-Policy"]
    assert "sandbox=" in outer.content.decode()
    inner = client.get(f"/demo/mail/{mail.pk}/html")
    policy = inner["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
    assert inner["X-Frame-Options"] == "SAMEORIGIN"
    assert mail.html in inner.content.decode()
    assert "<title>お見積書のご送付 &lt;重要&gt;</title>" in inner.content.decode()


def test_an_attachment_belongs_to_its_mail(mail: Message) -> None:
    attached = mail.attachments.get().pk
    assert Client().get(f"/demo/mail/{mail.pk + 1}/attachments/{attached}").status_code == 404


def test_scripts_get_the_same_as_json(mail: Message) -> None:
    client = Client()
    [found] = client.get("/demo/mail.json").json()["mails"]
    assert found["id"] == mail.pk
    assert (found["to"], found["subject"], found["state"]) == (mail.recipient, mail.subject, "queued")
    assert (found["kind"], found["from"], found["reply_to"]) == (mail.kind, mail.sender, mail.reply_to)
    assert (found["text"], found["html"]) == (mail.text, mail.html)
    assert found["links"] == [LINK, f"{LINK}?a=1&b=2"]
    [attached] = found["attachments"]
    assert attached["name"] == "見積書.pdf"
    answer = client.get(attached["url"].removeprefix("http://testserver"))
    assert b"".join(answer).startswith(b"%PDF")


def test_a_mail_that_was_sent_is_shown_as_its_reader_got_it(mail: Message, settings: Any) -> None:
    settings.EMAIL_BACKEND = "licenseonline.demo.outbox.EmailBackend"
    parts = {"subject": mail.subject, "text": f"{SECRET} です。", "html": f'<a href="{SECRET}?a=1&amp;b=2">開く</a>'}
    mail.text, mail.html, mail.secrets = "■ です。", '<a href="■">開く</a>', crypto.encrypt(json.dumps(parts))
    mail.renewal = {}
    mail.save()
    messages.send.defer(message_id=mail.pk, store_id=87465)
    run_jobs()
    mail.refresh_from_db()
    assert (mail.state, mail.secrets) == (Message.State.SENT, "")
    [kept] = [path for path in (settings.VAR_DIR / "mail").iterdir() if path.name == f"{mail.pk}.eml"]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    client = Client()
    assert f'href="{SECRET}"' in client.get(f"/demo/mail/{mail.pk}").content.decode()
    assert parts["html"] in client.get(f"/demo/mail/{mail.pk}/html").content.decode()
    [found] = client.get("/demo/mail.json").json()["mails"]
    assert found["links"] == [SECRET, f"{SECRET}?a=1&b=2"]


def test_a_file_of_a_demo_that_is_gone_shows_nothing(mail: Message, settings: Any) -> None:
    outbox._write(settings.VAR_DIR / "mail" / f"{mail.pk}.eml", b"Message-ID: <1.2@licenseonline>\n\nearlier")
    assert outbox.read(mail) is None
    assert "earlier" not in Client().get(f"/demo/mail/{mail.pk}").content.decode()


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("http://a.example/1。次", ["http://a.example/1"]),
        ("（http://a.example/1）", ["http://a.example/1"]),
        ("<http://a.example/1> http://a.example/1", ["http://a.example/1"]),
        ("なし", []),
    ],
)
def test_links_end_where_the_sentence_goes_on(text: str, links: list[str]) -> None:
    assert mail_pages.links(Message(text=text, html="")) == links


def test_the_login_page_shows_members_even_before_staff_is_loaded(world: World) -> None:
    page = Client().get("/demo/logins").content.decode()
    assert "hanako@example.co.jp" in page
    assert "demo-elsat-2026" in page
    assert "87465 エルサットストア" in page
