"""Mail: a row with its states, written in the transaction of the fact it tells of, sent by a job."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from email.headerregistry import Address
from functools import lru_cache
from html import unescape
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from licenseonline.kit import clock, jinja, scope, states
from licenseonline.kit.errors import Refused
from licenseonline.kit.text import squash
from licenseonline.records import files, mail_secrets
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
    secrets: Mapping[str, str] | None = None,
    renew: tuple[str, Mapping[str, int]] | None = None,
    held: bool = False,
) -> Message:
    """Write the mail from template `mail/<kind>.html` (blocks subject, text, html) and its sending job, both with the fact.

    It leaves from the platform's address (the one its mail server may use) under the store's name; answers go to
    `reply_to`. Without a store the mail is the platform's own and needs the platform scope.

    `secrets` (links, passwords) are names that the template uses as those of `context`; the row never shows them and forgets
    them once the mail has left. `renew` is the task, with its arguments, that issues new ones when the mail is sent again.
    A `held` one waits for `release`.
    """
    secrets = secrets or {}
    marks = mail_secrets.stand_ins(secrets)
    given = {**context, **marks}
    parts = {part: jinja.block(f"mail/{kind}.html", part, given) for part in ("subject", "text", "html")}
    readable = {
        "subject": squash(unescape(parts["subject"]))[:200],
        "text": unescape(strip_tags(parts["text"])).strip() + "\n",
        "html": parts["html"].strip(),
    }
    shown, covered = mail_secrets.cover(readable, secrets, marks)
    renewal = {"task": renew[0], "args": dict(renew[1])} if renew else {}
    message = Message.objects.create(
        store_id=store_id,
        kind=kind,
        sender=_sender(sender_name, settings.DEFAULT_FROM_EMAIL),
        reply_to=reply_to,
        recipient=to,
        **shown,
        secrets=covered,
        renewal=renewal if secrets else None,
        created_at=clock.now(),
    )
    _attach(message, attachments)
    if not held:
        send.defer(message_id=message.pk, store_id=store_id)
    return message


@lru_cache(maxsize=1024)
def _sender(name: str, address: str) -> str:
    return str(Address(squash(name), addr_spec=address))


def _attach(message: Message, attachments: Iterable[StoredFile]) -> None:
    if made := [MessageAttachment(store_id=file.store_id, message=message, file=file) for file in attachments]:
        MessageAttachment.objects.bulk_create(made)


def release(message: Message, *, attachments: Iterable[StoredFile]) -> None:
    """Send a mail that was held, with what it waited for."""
    _attach(message, attachments)
    send.defer(message_id=message.pk, store_id=message.store_id)


def build(message: Message) -> EmailMultiAlternatives:
    """The mail as it leaves: text, HTML and attachments, with a Message-ID that a resend repeats."""
    attached = message.attachments.select_related("file")
    shown = {"subject": message.subject, "text": message.text, "html": message.html}
    parts = mail_secrets.uncover(message.secrets) if message.secrets else shown
    mail = EmailMultiAlternatives(
        subject=parts["subject"],
        body=parts["text"],
        from_email=message.sender,
        to=[message.recipient],
        reply_to=[message.reply_to],
        headers={"Message-ID": message.mail_id},
    )
    mail.attach_alternative(parts["html"], "text/html")
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
        if message.renewal is not None and not message.secrets:  # erased while it waited: ■ is of no use to anyone
            states.move(message, Message.State.FAILED)
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
    """Sent or given up: either way its secrets are forgotten."""
    with _scope(message.store_id):
        states.move(message, state, secrets="", **changes)


def _scope(store_id: int | None) -> AbstractContextManager[None]:
    return scope.platform() if store_id is None else scope.stores([store_id])


def resend(message: Message) -> None:
    """Send a mail again that failed. One that had secrets stays as it is, and its renewal writes another with new ones.

    Refused: `state` for a mail that did not fail, `secret` for one whose secrets nobody can renew.
    """
    with transaction.atomic():
        had_secrets = states.lock(message).renewal is not None
        if not had_secrets or message.state != Message.State.FAILED:
            states.move(message, Message.State.QUEUED)
            send.defer(message_id=message.pk, store_id=message.store_id)
        elif not message.renewal:
            hint = _("このメールは再送できません。もう一度お手続きいただくよう、お客様にご案内ください。")
            raise Refused(hint, code="secret")
        else:
            app.configure_task(message.renewal["task"], allow_unknown=False).defer(**message.renewal["args"])


@app.periodic(cron="37 * * * *")
@app.task(name="records.messages.erase_secrets", queueing_lock="records.messages.erase_secrets", pass_context=False)
def erase_secrets(timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every hour: secrets of mails that have waited longer than any link or password in them is valid."""
    with scope.platform():
        Message.objects.exclude(secrets="").filter(created_at__lt=clock.now() - mail_secrets.LAST).update(secrets="")
