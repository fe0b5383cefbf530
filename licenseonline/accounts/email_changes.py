"""メールアドレスの変更: the new address counts once a member, signed in, has opened the URL that was mailed to it.

Signed in, because the address may be mistyped: whoever owns it then gets the URL and must not get the account.
"""

from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from licenseonline.accounts import failures, links, mail, reissues, security_notices, sign_in, verifications
from licenseonline.accounts.models import MailLink, Member
from licenseonline.accounts.security_notices import Kind
from licenseonline.kit import clock, rights, states
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.text import normalize_email
from licenseonline.records import history

MOST_PER_HOUR: Final = 5  # of one member, and to one address
MOST_PER_NETWORK: Final = 20
_CHANGE: Final = MailLink.Purpose.EMAIL_CHANGE


@rights.in_person
def ask(member: Member, address: str, *, password: str, network: str, by: Member, device: str = "") -> None:  # noqa: PLR0913  (all named)
    """Mail a URL to the new address and a notice to the present one; nothing is changed yet.

    Nothing tells whether the address is registered already: its owner learns that at the confirmation. Refused: as
    sign_in.check_password, `same`, `throttled`; these count, so the caller's transaction must commit.
    """
    if by.pk != member.pk:
        raise NotVisible
    sign_in.check_password(member, password, network=network)
    new = normalize_email(address)
    if new == member.email:
        raise Refused(
            _("今のメールアドレスと同じです。新しいメールアドレスを入力してください。"), code="same", field="email"
        )
    _throttle(member, new, network)
    with transaction.atomic():
        link, secret = links.issue(_CHANGE, member=member, address=new, by=by)
        history.record(member, "member.email_change_asked", by=by, link_id=link.pk)
        mail.email_change(link, secret)
        security_notices.send(member, Kind.EMAIL_CHANGE_ASKED, device=device)


@rights.in_person
def open(secret: str, *, by: Member) -> str:  # noqa: A001  (as links.open)
    """The new address that this URL is about, for the page that asks; nothing changes. Refused: as links.open."""
    return links.address_of(_own(secret, by))


@rights.in_person
@transaction.atomic
def confirm(secret: str, *, by: Member, device: str = "") -> Member:
    """The address of the URL becomes the member's, authenticated; temporary passwords and URLs sent to the old one end.

    Refused: as links.open, `taken` (another member of the store has it by now; the URL stays usable).
    """
    _own(secret, by)
    link = links.use(secret, purpose=_CHANGE, store=by.store)
    member = states.lock(by)
    before = member.email
    if not _move(member, links.address_of(link)):
        hint = _(
            "このメールアドレスは、当ストアの別の会員登録で使われているため、変更できません。窓口へお問い合わせください。"
        )
        raise Refused(hint, code="taken")
    history.record(member, "member.email_changed", by=by, link_id=link.pk)
    verifications.proven(member)
    security_notices.send(member, Kind.EMAIL_CHANGED, device=device, to=before)
    return member


def _own(secret: str, by: Member) -> MailLink:
    """The link, if it is this member's; to a colleague it is as unknown as to a stranger."""
    link = links.open(secret, purpose=_CHANGE, store=by.store)
    if link.member_id != by.pk:
        raise Refused(
            _("このURLは、今ログインしている会員のものではありません。メールを受け取った会員でログインしてください。"),
            code="unknown",
        )
    return link


def _move(member: Member, address: str) -> bool:
    """The address and what hangs on it; False when another member has it. The database decides: two may come at once."""
    now, before = clock.now(), (member.email, member.email_verified_at)
    try:
        with transaction.atomic():
            member.email, member.email_verified_at = address, now
            member.save(update_fields=["email", "email_verified_at"])
    except IntegrityError:
        member.email, member.email_verified_at = before
        return False
    reissues.end_all(member)
    sent = MailLink.objects.filter(member=member, purpose=MailLink.Purpose.VERIFY, used_at=None, withdrawn_at=None)
    sent.update(withdrawn_at=now)
    return True


def _throttle(member: Member, address: str, network: str) -> None:
    store = member.store_id
    mine = failures.subject(f"email-change:{member.pk}")
    subjects = {
        mine: MOST_PER_HOUR,
        failures.subject(f"email-change-to:{store}:{address}"): MOST_PER_HOUR,
        failures.subject(f"email-change-from:{store}:{network}"): MOST_PER_NETWORK,
    }
    failures.one_at_a_time(mine)
    if failures.are_too_many(subjects, within=timedelta(hours=1)):
        raise Refused(_("お手続きが続いています。1時間ほど経ってからもう一度お試しください。"), code="throttled")
    failures.count(subjects)


links.MAILS[_CHANGE] = mail.email_change
