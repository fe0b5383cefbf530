"""Secrets in mails (一時的なリンク, 仮パスワード): readable in the mail that leaves, nowhere else.

The row shows ■ in their place and keeps the whole mail encrypted until it has been sent or given up.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from secrets import token_hex
from typing import Final

from django.utils.html import escape

from licenseonline.kit import crypto

COVER: Final = "■"
# So long what a mail brings is good, where nothing else is said, and so long its secrets wait for it to leave.
LAST: Final = timedelta(hours=24)


def stand_ins(secrets: Mapping[str, str]) -> dict[str, str]:
    """What the template gets instead: letters and digits that survive escaping and that nobody else can write."""
    return {name: f"secret{token_hex(16)}" for name in secrets}


def cover(parts: Mapping[str, str], secrets: Mapping[str, str], marks: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The rendered parts as the row shows them, and the readable ones encrypted (nothing when there are no secrets)."""
    shown, readable = dict(parts), dict(parts)
    for name, mark in marks.items():
        for part in parts:
            shown[part] = shown[part].replace(mark, COVER)
            secret = escape(secrets[name]) if part == "html" else secrets[name]
            readable[part] = readable[part].replace(mark, secret)
    return shown, crypto.encrypt(json.dumps(readable, ensure_ascii=False)) if secrets else ""


def uncover(secrets: str) -> dict[str, str]:
    """The readable parts again."""
    parts: dict[str, str] = json.loads(crypto.decrypt(secrets))
    return parts
