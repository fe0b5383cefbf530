"""Mail: a row with its states, written in the transaction of the fact it tells of, sent by a job."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from email.headerregistry import Address
from html import unescape
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils.html import strip_tags
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from licenseonline.kit import clock, jinja, scope, states
from licenseonline.kit.text import squash
from licenseonline.records import files
from licenseonline.records.models import Message, MessageAttachment, MessageState, StoredFile

_ATTEMPTS = 7  # waits of 4, 16, 64 … seconds: about an hour and a half in all


def queue(  # noqa: PLR0913  (a mail has that many parts, all named)
    kind: str,
    *,
    to: str,
    sender_name: str,
    reply_to: str,
    context: Mapping[str, object],
    store_id: int | None,
    attachments: Iterable[StoredFile] = (),
) -> Message:
    """Write the mail from template `mail/<kind>.html` (blocks subject, text, html) and its sending job, both with the fact.

    It leaves from the platform's address (the one its mail server may use) under the store's name; answers go to
    `reply_to`. Without a store the mail is the platform's own and needs the platform scope.
    """
    parts = {part: jinja.block(f"mail/{kind}.html", part, context) for part in ("subject", "text", "html")}
    message = Message.objects.create(
        store_id=store_id,
        kind=kind,
        sender=str(Address(squash(sender_name), addr_spec=settings.DEFAULT_FROM_EMAIL)),
        reply_to=reply_to,
        recipient=to,
        subject=squash(unescape(parts["subject"]))[:200],
        text=unescape(strip_tags(parts["text"])).strip() + "\n",
        html=parts["html"].strip(),
        created_at=clock.now(),
    )
    MessageAttachment.objects.bulk_create(
        MessageAttachment(store_id=file.store_id, message=message, file=file) for file in attachments
    )
    send.defer(message_id=message.pk, store_id=store_id)
    return message


def build(message: Message) -> EmailMultiAlternatives:
    """The mail as it leaves: text, HTML and attachments, with a Message-ID that a resend repeats."""
    attached = message.attachments.select_related("file")
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=message.sender,
        to=[message.recipient],
        reply_to=[message.reply_to],
        headers={"Message-ID": f"<{message.pk}.{int(message.created_at.timestamp())}@licenseonline>"},
    )
    mail.attach_alternative(message.html, "text/html")
    for attachment in attached:
        with files.opened(attachment.file) as content:
            mail.attach(attachment.file.name, content.read(), attachment.file.content_type)
    return mail


@app.task(
    name="records.messages.send", retry=RetryStrategy(max_attempts=_ATTEMPTS, exponential_wait=4), pass_context=True
)
def send(context: JobContext, *, message_id: int, store_id: int | None) -> None:
    """Send one mail. A network fault is tried again for about an hour and a half; then, or when refused for good, it is failed."""
    with _scope(store_id):
        message = Message.objects.get(pk=message_id)
        if message.state == Message.State.QUEUED:
            states.move(message, Message.State.SENDING)
        elif message.state != Message.State.SENDING:  # a worker that died may have left it at SENDING
            return
        mail = build(message)
    try:
        get_connection().send_messages([mail])
    except (SMTPException, OSError) as fault:
        last = context.job.attempts + 1 >= _ATTEMPTS
        if not last and not isinstance(fault, SMTPRecipientsRefused):
            raise
        _finish(message, Message.State.FAILED)
        return
    _finish(message, Message.State.SENT, sent_at=clock.now())


def _finish(message: Message, state: MessageState, **changes: datetime) -> None:
    with _scope(message.store_id):
        states.move(message, state, **changes)


def _scope(store_id: int | None) -> AbstractContextManager[None]:
    return scope.platform() if store_id is None else scope.stores([store_id])


def resend(message: Message) -> None:
    """Send a mail again that failed; refused (`state`) for any other."""
    with transaction.atomic():
        states.move(message, Message.State.QUEUED)
        send.defer(message_id=message.pk, store_id=message.store_id)
