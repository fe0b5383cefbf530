"""What mailed links and 仮パスワード leave behind goes: addresses when the link is of no use any more, the rows after 90 days."""

from datetime import timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q
from procrastinate.contrib.django import app

from licenseonline.accounts import links, security_notices
from licenseonline.accounts.models import MailLink, Registration, TemporaryPassword
from licenseonline.kit import clock, scope

ROW_KEPT: Final = timedelta(days=90)  # as long as a late click is told what happened
_BATCH: Final = 1000
_OF_MEMBERS: Final = (MailLink.Purpose.EMAIL_CHANGE, MailLink.Purpose.STOP)  # may know an address of before


@app.periodic(cron="37 * * * *")
@app.task(name="accounts.leftovers.clear", queueing_lock="accounts.leftovers.clear", pass_context=False)
def clear(timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every hour: mail addresses of links that are used, withdrawn or too old to be sent anew, and links and 仮パスワード that were over 90 days ago.

    An address that a member had before, or only asked for, stays encrypted in its row until the member is anonymised:
    sales.withdrawals finds the mails to it by that, to forget them too.
    """
    now = clock.now()
    with scope.platform():
        _erase_addresses()
        old = MailLink.objects.filter(expires_at__lt=now - ROW_KEPT).filter(Q(address="") | ~Q(purpose__in=_OF_MEMBERS))
        old.exclude(Exists(Registration.objects.filter(invitation=OuterRef("pk")))).delete()
        TemporaryPassword.objects.filter(expires_at__lt=now - ROW_KEPT).delete()


def _erase_addresses() -> None:
    now = clock.now()
    over = Q(expires_at__lte=now - links.RENEWABLE) | Q(used_at__isnull=False) | Q(withdrawn_at__isnull=False)
    # Those that stay are looked at no longer when their row would go.
    recent = MailLink.objects.filter(over, created_at__gt=now - ROW_KEPT).exclude(address="")
    found = recent.select_related("member").order_by("id")[:_BATCH]
    done = [link.pk for link in found if not _is_needed(link)]
    MailLink.objects.filter(pk__in=done).update(address="")


def _is_needed(link: MailLink) -> bool:
    """Whether the link alone still knows an address at which a member got mail."""
    if link.member is None or link.purpose not in _OF_MEMBERS:
        return False
    is_notice = link.purpose == MailLink.Purpose.STOP
    mailed = security_notices.told_by(link)["to"] if is_notice else links.address_of(link)
    return bool(mailed != link.member.email)
