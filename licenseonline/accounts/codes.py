"""Codes that people type: of an authenticator app, to recover without one, and 仮パスワード."""

import secrets
import unicodedata
from typing import Final

import pyotp

from licenseonline.accounts.models import Member, User
from licenseonline.kit import clock, crypto

_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # 5 bits each; without 0, 1, l and o, which look alike
_GROUP: Final = 4
_STEP_SECONDS: Final = 30


def random(length: int) -> str:
    """A code of so many random letters, in groups of four: `k7mp-3wxq-9dht`."""
    letters = [secrets.choice(_LETTERS) for _ in range(length)]
    return "-".join("".join(letters[start : start + _GROUP]) for start in range(0, length, _GROUP))


def plain(typed: str) -> str:
    """A typed code as it is compared: width, case, spaces and hyphens do not matter."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", typed).casefold() if sign.isalnum())


def step_of(code: str, *, secret: str, last_step: int) -> int | None:
    """The time step for which the code is right and later than `last_step`: now or a neighbour (RFC 6238 §5.2), else None.

    `secret` is base32. Who keeps the answer as the next `last_step` makes every code work once.
    """
    totp = pyotp.TOTP(secret)
    present = int(clock.now().timestamp()) // _STEP_SECONDS
    for step in (present - 1, present, present + 1):
        if step > last_step and pyotp.utils.strings_equal(totp.generate_otp(step), plain(code)):
            return step
    return None


def next_of(person: User | Member) -> str:
    """The code that this person's second factor is right with now. Only the demo and tests show it."""
    present = int(clock.now().timestamp()) // _STEP_SECONDS
    return pyotp.TOTP(crypto.decrypt(person.totp_secret)).generate_otp(max(present, person.totp_step + 1))
