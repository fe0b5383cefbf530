"""Mails that staff send again."""

from django.db import transaction

from licenseonline.accounts.models import Member, User
from licenseonline.kit import rights
from licenseonline.kit.rights import Right
from licenseonline.kit.tenancy import StoreModel
from licenseonline.records import history, messages
from licenseonline.records.models import Message


@rights.needs(Right.VIEW_RECORDS)
@transaction.atomic
def resend(message: Message, *, about: StoreModel | None = None, by: User) -> None:
    """Send a mail again that failed, and say so in the history of what it is about: without that, of the member it went to.

    A platform's mail, and one to an address that is no member's, stand in nobody's history. Refused: as messages.resend.
    """
    messages.resend(message)
    if about is None and message.store_id is not None:
        about = Member.objects.filter(store_id=message.store_id, email=message.recipient).first()
    if about is not None:
        history.record(about, "mail.resent", by=by, message_id=message.pk)
