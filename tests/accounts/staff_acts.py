"""Staff as tests make them: invited, started with the link of the mail."""

import re

import pyotp

from licenseonline.accounts import staff, staff_passwords
from licenseonline.accounts.models import User
from licenseonline.kit import clock, crypto
from licenseonline.kit.rights import StaffRole
from licenseonline.stores.models import Partner
from tests.accounts.mails import only

PASSWORD = "spoon lantern"


def secret_in(text: str) -> str:
    """Of the mail's only link with one."""
    [secret] = re.findall(r"http://shop\.example/\S+/([0-9a-f]{40})\b", text)
    return str(secret)


def code_of(user: User) -> str:
    """What the person's authenticator app shows now."""
    fresh = User.objects.get(pk=user.pk)
    return pyotp.TOTP(crypto.decrypt(fresh.totp_secret)).at(clock.now())


def started(email: str, *, role: StaffRole, partner: Partner | None, by: User) -> User:
    """Somebody who was invited and has started."""
    user = staff.invite(email, name="新人 花", role=role, partner=partner, by=by)
    secret = secret_in(only())
    staff_passwords.start(secret, password=PASSWORD, code=code_of(user), of_operator=partner is None)
    only()
    return User.objects.select_related("partner").get(pk=user.pk)
