"""Where the demo's mail goes: one file for each, exactly as it would have left, in `var/mail`. Nothing leaves the machine.

The files hold what the database must not: working one-time links. Only their owner may read them, and only the demo's own
pages show them.
"""

import os
import re
from collections.abc import Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage as Mail
from django.core.mail.backends.base import BaseEmailBackend

from licenseonline.records.models import Message

_NUMBER = re.compile(r"<([0-9]+)\.")  # of a Message-ID: records.messages puts the row's there


class EmailBackend(BaseEmailBackend):
    """Keeps what it is given to send, if a row of ours tells of it."""

    def send_messages(self, email_messages: Sequence[Mail]) -> int:
        """Write each mail, the same one again over itself."""
        for mail in email_messages:
            built = mail.message()
            number = _NUMBER.match(str(built["Message-ID"]))
            if number is not None:
                _write(_directory() / f"{number[1]}.eml", built.as_bytes())
        return len(email_messages)


def read(message: Message) -> EmailMessage | None:
    """The mail as it left; None while it has not, or when the files were removed."""
    try:
        content = (_directory() / f"{message.pk}.eml").read_bytes()
    except FileNotFoundError:
        return None
    mail = message_from_bytes(content, policy=policy.default)
    # The demo's files can outlive its database, whose numbers then begin anew.
    return mail if str(mail["Message-ID"]) == message.mail_id else None


def as_sent(message: Message) -> Message:
    """The row (not to be saved) with text and HTML as their reader got them, secrets and all."""
    mail = read(message)
    if mail is not None:
        message.text, message.html = _part(mail, "plain"), _part(mail, "html")
    return message


def _part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    return str(body.get_content()) if body is not None else ""


def _directory() -> Path:
    return Path(settings.VAR_DIR) / "mail"


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, for its owner alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}-{os.urandom(4).hex()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    part.replace(path)
