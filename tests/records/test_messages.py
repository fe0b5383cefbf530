"""Mail: written with its fact, sent by a job over real SMTP, read back by a real parser."""

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from licenseonline.kit import states
from licenseonline.kit.errors import Refused
from licenseonline.records import messages
from licenseonline.records.models import Message
from tests.jobs import run_jobs, waiting
from tests.world import World


class Inbox:
    """A mail server that keeps what it gets, or refuses it."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's names)
        if self.answer.startswith("250"):
            mail = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.received.append(mail)
        return self.answer

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's names)
        self, server: object, session: object, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.answer.startswith("550"):
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def inbox(settings: Any) -> Iterator[Inbox]:
    box = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    yield box
    controller.stop()


def attempt(message: Message, number: int = 0) -> None:
    """Run the sending job's function as the worker does at that attempt."""
    job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name=messages.send.name, attempts=number)
    context = JobContext(app=app, job=job, start_timestamp=0, abort_reason=lambda: None)
    messages.send.func(context, message_id=message.pk, store_id=message.store_id)


def test_a_quotation_arrives_with_its_pdf_from_the_stores_name(world: World, inbox: Inbox) -> None:
    quote = world.quote()
    run_jobs()
    (mail,) = inbox.received
    assert mail["To"] == "hanako@aozora.example"
    assert mail["From"].addresses[0].display_name == "エルサットストア"
    assert mail["From"].addresses[0].addr_spec == "front@licenseonline.example"
    assert mail["Reply-To"] == "desk@87465.example"
    assert quote.number in mail["Subject"]
    text = mail.get_body(("plain",))
    assert text is not None
    assert f"http://shop.example/87465/member/quotes/{quote.number}" in text.get_content()
    (attached,) = mail.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_filename() == f"見積書_{quote.number}.pdf"
    assert attached.get_content().startswith(b"%PDF-")
    assert Message.objects.get().state == Message.State.SENT


def test_a_rolled_back_sale_leaves_no_mail_and_no_job(world: World) -> None:
    with transaction.atomic():
        world.order()
        assert waiting()
        transaction.set_rollback(True)
    assert waiting() == []
    assert not Message.objects.exists()


def test_a_network_fault_is_tried_again_and_at_last_given_up(world: World, inbox: Inbox) -> None:
    world.order()
    message = Message.objects.get()
    inbox.answer = "451 later"
    with pytest.raises(OSError, match="later"):
        attempt(message)
    message.refresh_from_db()
    assert message.state == Message.State.SENDING
    attempt(message, number=6)
    message.refresh_from_db()
    assert message.state == Message.State.FAILED
    inbox.answer = "250 OK"
    messages.resend(message)
    attempt(message)
    assert len(inbox.received) == 1
    message.refresh_from_db()
    assert message.state == Message.State.SENT


def test_an_address_that_is_refused_for_good_fails_at_once(world: World, inbox: Inbox) -> None:
    world.order()
    message = Message.objects.get()
    inbox.answer = "550 no such person"
    attempt(message)
    message.refresh_from_db()
    assert message.state == Message.State.FAILED


def test_a_mail_is_sent_once_however_often_its_job_runs(world: World, inbox: Inbox) -> None:
    world.order()
    message = Message.objects.get()
    attempt(message)
    attempt(message)
    assert len(inbox.received) == 1


def test_only_a_failed_mail_is_sent_again(world: World) -> None:
    world.order()
    with pytest.raises(Refused):
        messages.resend(Message.objects.get())


def test_a_name_cannot_add_headers_or_markup(world: World, inbox: Inbox) -> None:
    world.elsat.__class__.objects.filter(pk=87465).update(name="店\r\nBcc: victim@example.com <b>&")
    order = world.order()
    people = {"member": world.hanako, "store": world.elsat}
    message = messages.queue(
        "sales/order_placed",
        to="hanako@aozora.example",
        sender_name="店\r\nBcc: victim@example.com <b>&",
        reply_to="desk@87465.example",
        context={
            **people,
            "order": order,
            "receivable": order.receivable,
            "link": "http://shop.example/",
            "papers": [],
        },
        store_id=87465,
    )
    states.lock(message)
    attempt(message)
    mail = inbox.received[-1]
    assert mail["Bcc"] is None
    assert mail["To"] == "hanako@aozora.example"
