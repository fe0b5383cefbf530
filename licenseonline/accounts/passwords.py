"""Passwords after NIST SP 800-63B-4: long, of any characters, not known to guessers; nothing about digits and signs.

Every hash and every comparison goes through here, so that one password typed on two keyboards is one password.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final

from django.conf import settings
from django.contrib.auth import hashers
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.utils.translation import gettext as _

from licenseonline.accounts.models import Member
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused

LEAST: Final = 15  # characters, where the password is the only factor
LEAST_WITH_SECOND_FACTOR: Final = 8
MOST: Final = 200
NONE: Final = "!"  # in place of a hash: no password is right
_OWN: Final = 8  # characters that must be left when the words that everybody knows are taken out
_PERIOD: Final = 4  # what repeats after so few characters is as short as they are
_SHORTEST_WORD: Final = 3
_ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qwertyuiopasdfghjklzxcvbnm",
)
_SERVICE: Final = ("licenseonline", "license online", "password")


def normalize(password: str) -> str:
    """As it is hashed: NFKC, so that width and composition of what a keyboard sends do not matter."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """The slow hash to store."""
    return hashers.make_password(normalize(password))


def is_right(password: str, encoded: str) -> bool:
    """Whether the password is the one of this hash."""
    return hashers.check_password(normalize(password), encoded)


def is_short(password: str) -> bool:
    """Whether it is too short to be the only factor: good enough while there was a second one."""
    return len(normalize(password)) < LEAST


def check(password: str, *, email: str, names: Iterable[str] = (), has_second_factor: bool = False) -> None:
    """Refuse what is short or what a guesser tries first; `names` are the company's, the person's and the store's.

    Refused, field `password`: `short`, `long`, `common` (listed, a plain run or repetition), `guessable` (made of the
    address or a name).
    """
    least = LEAST_WITH_SECOND_FACTOR if has_second_factor else LEAST
    if len(password) > MOST:
        raise _refused("long", _("パスワードは%(most)s文字以内で入力してください。") % {"most": MOST})
    plain = normalize(password)
    if len(plain) < least:
        hint = _(
            "パスワードは%(least)s文字以上で入力してください。関係のない言葉をいくつかつなげると、長くても覚えやすくなります。"
        )
        raise _refused("short", hint % {"least": least})
    folded = _folded(plain)
    if not folded.isprintable():
        raise _refused("unprintable", _("パスワードに使えない文字（改行など）が含まれています。"))
    if _is_common(folded):
        hint = _(
            "よく使われている言葉や、同じ文字・並びの繰り返しだけのパスワードは使えません。別のパスワードを入力してください。"
        )
        raise _refused("common", hint)
    if _is_made_of(folded, [email, *email.split("@"), *names, settings.PLATFORM_NAME, *_SERVICE]):
        hint = _("メールアドレスやお名前、会社名、ストア名から推測しやすいパスワードです。ほかの言葉も加えてください。")
        raise _refused("guessable", hint)


def check_for(member: Member, password: str) -> None:
    """As `check`, with what is known of this member."""
    names = [member.name, member.kana, member.company.name, member.company.kana, member.store.name]
    check(password, email=member.email, names=names, has_second_factor=member.has_second_factor)


def replace(member: Member, password: str) -> None:
    """Give the member this password, as one may want to; other sessions end with the old hash. Refused: as `check`.

    The verb that calls it writes history and mail.
    """
    check_for(member, password)
    member.password = hashed(password)
    member.password_changed_at = clock.now()
    member.save(update_fields=["password", "password_changed_at"])


def _refused(code: str, message: str) -> Refused:
    return Refused(message, code=code, field="password")


def _folded(text: str) -> str:
    """As guessers see it: case and spaces do not matter."""
    return "".join(normalize(text).casefold().split())


@cache
def _known() -> frozenset[str]:
    """Django's list of 20,000 passwords from breaches; it lies in the package."""
    return frozenset(CommonPasswordValidator().passwords)


def _is_common(folded: str) -> bool:
    unit = _unit(folded)
    return len(unit) <= _PERIOD or unit in _known() or folded in _known() or _is_run(folded)


def _unit(text: str) -> str:
    """The shortest beginning that, repeated, gives the text (the last one may be cut)."""
    for length in range(1, len(text) // 2 + 1):
        unit = text[:length]
        if text == (unit * (len(text) // length + 1))[: len(text)]:
            return unit
    return text


def _is_run(text: str) -> bool:
    """Alphabet, digits or the keyboard's rows, forwards or backwards, however often."""
    for row in _ROWS:
        endless = row * (len(text) // len(row) + 2)
        if text in endless or text in endless[::-1]:
            return True
    return False


def _is_made_of(folded: str, words: Iterable[str]) -> bool:
    """Whether little is left without these words, longest first, and their parts."""
    parts = {_folded(part) for word in words for part in [word, *word.split()]}
    rest = folded
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= _SHORTEST_WORD:
            rest = rest.replace(part, "")
    return rest != folded and len(rest) < _OWN
