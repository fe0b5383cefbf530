"""The mail with which a partner's staff invites somebody to a store, into a company there or to register one."""

from django.urls import reverse

from licenseonline.accounts.models import MailLink, Role
from licenseonline.records import messages
from licenseonline.records.models import Message
from licenseonline.stores import stores


def by_staff(link: MailLink, secret: str, *, to: str) -> Message:
    """会員登録のご案内, to somebody who is no member yet; it names who invites and for which company."""
    store, staff = link.store, link.staff
    route = "store:invitation" if link.company_id else "store:register_invited"
    return messages.queue(
        "accounts/partner_invitation",
        to=to,
        sender_name=store.name,
        reply_to=store.desk_email,
        context={
            "store": store,
            "inviter": f"{staff.partner.name} {staff.name}" if staff and staff.partner else store.desk_name,
            "company": link.company,
            "role": Role(link.role).label if link.role else "",
            "expires_at": link.expires_at,
        },
        store_id=link.store_id,
        secrets={"link": stores.url(store, reverse(route, args=[store.pk, secret]))},
        renew=link.renewal,
    )
