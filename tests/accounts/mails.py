"""What arrived: the mails that left the shop, with their secrets."""

import re

from django.core import mail

from tests.jobs import run_jobs


def arrived() -> list[tuple[str, str, str]]:
    """Recipient, subject and text of each mail since the last question, after running what waits."""
    run_jobs()
    found = [(one.to[0], str(one.subject), str(one.body)) for one in mail.outbox]
    mail.outbox.clear()
    return found


def only() -> str:
    """The text of the one mail that arrived."""
    [(_to, _subject, text)] = arrived()
    return text


def path_in(text: str, part: str) -> str:
    """The path of the mail's link to such a page."""
    [path] = re.findall(rf"http://shop\.example(/\d+/{part}\S*)", text)
    return str(path)


def temporary_in(text: str) -> str:
    """The 仮パスワード."""
    [password] = re.findall(r"^仮パスワード：(\S+)$", text, re.MULTILINE)
    return str(password)
