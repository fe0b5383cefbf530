"""Secrets in mails are readable in the mail that leaves, and nowhere else before or after."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
import time_machine
from django.core import mail as sent
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.test import Client
from django.urls import reverse
from jinja2 import ChoiceLoader, DictLoader

from licenseonline.accounts.models import Member, User
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused
from licenseonline.records import messages
from licenseonline.records.models import Message
from tests.jobs import run_jobs, waiting
from tests.world import World

LINK = "http://shop.example/87465/x?a=1&b=<0f9e8d7c>"
PASSWORD = "K7-<&>-q9"
TEMPLATE = """\
{% block subject %}ご確認{% endblock %}
{% block text %}{{ who }} 様
{{ link }}
仮パスワード {{ password }}{% endblock %}
{% block html %}<p>{{ who }} 様</p><a href="{{ link }}">{{ link }}</a><b>{{ password }}</b>{% endblock %}"""


@pytest.fixture(autouse=True)
def template(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engines["jinja2"]
    assert isinstance(engine, Jinja2)
    loader = engine.env.loader
    assert loader
    monkeypatch.setattr(engine.env, "loader", ChoiceLoader([DictLoader({"mail/test/secret.html": TEMPLATE}), loader]))


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def fail(_self: object, _mails: object) -> int:
        raise SMTPRecipientsRefused({})

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    yield
    monkeypatch.undo()


def queue(world: World, *, renew: bool = True) -> Message:
    return messages.queue(
        "test/secret",
        to="hanako@aozora.example",
        sender_name="エルサットストア",
        reply_to="desk@87465.example",
        context={"who": "青空 ■花子 <b>"},
        store_id=world.elsat.pk,
        secrets={"link": LINK, "password": PASSWORD},
        renew=("accounts.links.renew", {"link_id": 7, "store_id": 87465}) if renew else None,
    )


def all_that_is_stored() -> str:
    """Every text in the mail's row and in the jobs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT json_agg(m) FROM records_message m), (SELECT json_agg(args) FROM procrastinate_jobs)"
        )
        return json.dumps(cursor.fetchone(), ensure_ascii=False)


def is_hidden() -> bool:
    stored = all_that_is_stored()
    return "0f9e8d7c" not in stored and "q9" not in json.loads(stored)[0][0]["text"] and PASSWORD not in stored


def test_the_row_shows_a_cover_for_each_secret_from_the_start(world: World) -> None:
    message = queue(world)
    assert message.text == "青空 ■花子 <b> 様\n■\n仮パスワード ■\n"
    assert message.html == '<p>青空 ■花子 &lt;b&gt; 様</p><a href="■">■</a><b>■</b>'
    assert message.secrets
    assert is_hidden()


def test_the_reader_gets_them_and_the_row_forgets_them_with_the_sending(world: World) -> None:
    message = queue(world)
    run_jobs()
    (mail,) = sent.outbox
    assert mail.body == f"青空 ■花子 <b> 様\n{LINK}\n仮パスワード {PASSWORD}\n"
    html = str(mail.alternatives[0][0])  # type: ignore[attr-defined]  # a mail with alternatives
    assert 'href="http://shop.example/87465/x?a=1&amp;b=&lt;0f9e8d7c&gt;"' in html
    assert "<b>K7-&lt;&amp;&gt;-q9</b>" in html
    message.refresh_from_db()
    assert (message.state, message.secrets) == (Message.State.SENT, "")
    assert is_hidden()


def test_a_mail_that_failed_forgets_them_too(world: World, unreachable: None) -> None:
    message = queue(world)
    run_jobs()
    message.refresh_from_db()
    assert (message.state, message.secrets) == (Message.State.FAILED, "")
    assert "■" in message.text


def failed(world: World, *, renew: bool = True) -> Message:
    message = queue(world, renew=renew)
    Message.objects.filter(pk=message.pk).update(state="failed", secrets="")
    message.refresh_from_db()
    return message


def test_sending_it_again_asks_for_new_secrets_and_leaves_the_row_alone(world: World) -> None:
    run_jobs()
    message = failed(world)
    before = waiting()
    messages.resend(message)
    assert waiting()[len(before) :] == ["accounts.links.renew"]
    message.refresh_from_db()
    assert message.state == Message.State.FAILED


def test_without_a_renewal_it_is_not_sent_again(world: World) -> None:
    message = failed(world, renew=False)
    with pytest.raises(Refused) as refused:
        messages.resend(message)
    assert refused.value.code == "secret"


def test_what_did_not_fail_is_not_renewed(world: World) -> None:
    message = queue(world)
    before = waiting()
    with pytest.raises(Refused) as refused:
        messages.resend(message)
    assert refused.value.code == "state"
    assert waiting() == before


def test_secrets_that_waited_for_a_day_are_erased_and_their_mail_is_given_up(world: World) -> None:
    message = queue(world)
    world.order()
    ordinary = Message.objects.exclude(pk=message.pk)
    with time_machine.travel(clock.now() + timedelta(hours=23), tick=False):
        messages.erase_secrets.func(timestamp=0)
        message.refresh_from_db()
        assert message.secrets
    with time_machine.travel(clock.now() + timedelta(hours=24, seconds=1), tick=False):
        messages.erase_secrets.func(timestamp=0)
    run_jobs()
    message.refresh_from_db()
    assert (message.state, message.secrets) == (Message.State.FAILED, "")
    assert sorted(mail.subject for mail in sent.outbox) == sorted(ordinary.values_list("subject", flat=True))


@pytest.mark.parametrize("is_sent", [False, True])
def test_the_desk_sees_the_mail_with_its_covers(
    world: World, client_of: Callable[[Member | User], Client], *, is_sent: bool
) -> None:
    message = queue(world)
    if is_sent:
        run_jobs()
    path = reverse("admin:records_message_change", args=[message.pk])
    page = client_of(world.operator).get(path).content.decode()
    assert "仮パスワード ■" in page
    assert "0f9e8d7c" not in page
    assert "-q9" not in page
    assert message.secrets not in page
