"""パスワードの変更: with the password of before, or after signing in with a 仮パスワード.

An address that is not authenticated yet gets the mail that completes 本登録; any other is told, with a way to stop it.
"""

from django.utils.translation import gettext as _

from licenseonline.accounts import passwords, reissues, security_notices, sessions, sign_in, verifications
from licenseonline.accounts.models import Member
from licenseonline.accounts.security_notices import Kind
from licenseonline.kit import rights, states
from licenseonline.kit.errors import Refused
from licenseonline.records import history


@rights.in_person
def change(  # noqa: PLR0913  (where from is part of a change)
    member: Member, password: str, *, current: str, by: Member, network: str, device: str, keep: str | None
) -> None:
    """Give the member another password; all sessions end but the one with the key `keep`.

    Refused: as sign_in.check_password (`current`) and passwords.check (`password`), `same` (it is no other).
    """
    sign_in.check_password(member, current, network=network)
    if passwords.normalize(password) == passwords.normalize(current):
        raise Refused(_("今と違うパスワードを入力してください。"), code="same", field="password")
    _replace(member, password, by=by, keep=keep, device=device, temporary=False)


def replace_temporary(member: Member, password: str, *, device: str) -> None:
    """The password that follows a 仮パスワード, or one too short to stand alone; all sessions end. Refused: as passwords.check."""
    _replace(member, password, by=member, keep=None, device=device, temporary=True)


def _replace(  # noqa: PLR0913  (as change's)
    member: Member, password: str, *, by: Member, keep: str | None, device: str, temporary: bool
) -> None:
    passwords.replace(states.lock(member), password)
    reissues.end_all(member)
    sessions.end_others(member, keep=keep, by=by)
    history.record(member, "member.password_changed", by=by, temporary=temporary)
    if member.is_verified:
        security_notices.send(member, Kind.PASSWORD_CHANGED, device=device)
    else:
        verifications.send(member)
