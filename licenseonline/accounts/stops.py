"""The owner says “that was not me”: the link of a security notice shuts whoever did it out."""

from django.db import IntegrityError, transaction

from licenseonline.accounts import links, reissues, second_factors, security_notices, sessions, verifications
from licenseonline.accounts.models import MailLink, Member
from licenseonline.accounts.security_notices import Kind
from licenseonline.kit import clock, states
from licenseonline.records import history
from licenseonline.stores.models import Store

# A stranger's second factor, or the codes of one, would keep the owner out.
_SECOND_FACTOR = {Kind.SECOND_FACTOR_ON, Kind.RECOVERY_CODES_RENEWED}


def stop(secret: str, *, store: Store) -> bool:
    """End all sessions and the password, take back what the notice told of, and mail a 仮パスワード to the owner.

    Taken back: a change of the mail address, done or only asked for, and a second factor. Answers whether the mail was sent:
    not when the address of before has become another member's; then only the desk can help. Refused: as links.use.
    """
    link = links.use(secret, purpose=MailLink.Purpose.STOP, store=store)
    if link.member is None:
        message = "a stop link is always a member's"
        raise ValueError(message)
    member, notice = states.lock(link.member), security_notices.told_by(link)
    kind = Kind(notice["kind"])
    is_owners = notice["to"] == member.email or _restore(member, notice["to"])
    if kind in _SECOND_FACTOR:
        second_factors.stop(member)
    member.set_unusable_password()
    member.save(update_fields=["password"])
    reissues.end_all(member)
    _withdraw_changes(member)
    sessions.end_all(member, by=None)
    history.record(member, "member.change_stopped", by=None, kind=kind.value)
    if is_owners:
        reissues.send(member)
    return is_owners


def _restore(member: Member, address: str) -> bool:
    """Give the member the address of before, unless somebody else at the store has it by now."""
    before = member.email, member.email_verified_at
    try:
        # Not asked first: a registration could come between the answer and the writing.
        with transaction.atomic():
            member.email, member.email_verified_at = address, clock.now()  # the link was in a mail to it
            member.save(update_fields=["email", "email_verified_at"])
    except IntegrityError as error:
        if "one_member_per_address_and_store" not in str(error):
            raise
        member.email, member.email_verified_at = before
        return False
    history.record(member, "member.email_restored", by=None)
    verifications.proven(member)
    return True


def _withdraw_changes(member: Member) -> None:
    """A change of address that is under way ends."""
    asked = MailLink.objects.filter(member=member, purpose=MailLink.Purpose.EMAIL_CHANGE, used_at=None)
    asked.filter(withdrawn_at=None).update(withdrawn_at=clock.now())
