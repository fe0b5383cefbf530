"""Staff of the operator and of partners."""

import pyotp

from licenseonline.accounts import passwords
from licenseonline.accounts.models import User
from licenseonline.kit import crypto
from licenseonline.kit.actors import Actor, ActorKind
from licenseonline.kit.errors import NotVisible
from licenseonline.kit.text import normalize_email
from licenseonline.stores.models import Partner


def appoint(email: str, *, name: str, password: str, partner: Partner | None, totp_secret: str | None = None) -> User:
    """Make a staff account, of the operator when there is no partner, with a second factor from the start.

    `totp_secret` (base32) is given only where it must be known beforehand, as in the demo; else it is random.
    """
    return User.objects.create(
        email=normalize_email(email),
        name=name,
        password=passwords.hashed(password),
        partner=partner,
        totp_secret=crypto.encrypt(totp_secret or pyotp.random_base32()),
    )


def check_operator(by: Actor) -> None:
    """Only the operator's staff may; for anyone else it does not exist (NotVisible)."""
    if by.actor_kind != ActorKind.OPERATOR:
        raise NotVisible
