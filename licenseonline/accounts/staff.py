"""Staff of the operator and of partners."""

import pyotp

from licenseonline.accounts import passwords
from licenseonline.accounts.models import User
from licenseonline.kit import crypto
from licenseonline.kit.rights import StaffRole
from licenseonline.kit.text import normalize_email
from licenseonline.stores.models import Partner


def appoint(  # noqa: PLR0913  (what an account is made of, all named)
    email: str,
    *,
    name: str,
    password: str,
    partner: Partner | None,
    role: StaffRole | None = None,
    totp_secret: str | None = None,
) -> User:
    """Make a staff account, of the operator when there is no partner, with a second factor from the start.

    Without a role it is the one that may do all: 管理者 of the operator, 責任者 of a partner.

    `totp_secret` (base32) is given only where it must be known beforehand, as in the demo; else it is random.
    """
    return User.objects.create(
        email=normalize_email(email),
        name=name,
        password=passwords.hashed(password),
        partner=partner,
        role=role or (StaffRole.HEAD if partner else StaffRole.ADMIN),
        totp_secret=crypto.encrypt(totp_secret or pyotp.random_base32()),
    )
