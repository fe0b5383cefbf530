"""One function per mail of accounts."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.urls import reverse

from licenseonline.accounts.models import CompanyChange, MailLink, Member, Role
from licenseonline.kit import crypto
from licenseonline.records import messages
from licenseonline.records.models import Message
from licenseonline.stores import stores
from licenseonline.stores.models import Store


def stores_of_address(address: str, registered: Sequence[Store]) -> Message:
    """ご登録ストアのご案内: the platform's own mail, in no store's log."""
    links = [{"store": store, "link": stores.url(store, reverse("store:top", args=[store.pk]))} for store in registered]
    return messages.queue(
        "accounts/stores_of_address",
        to=address,
        sender_name=settings.PLATFORM_NAME,
        reply_to=settings.PLATFORM_EMAIL,
        context={"links": links},
        store_id=None,
    )


def send(  # noqa: PLR0913  (a mail has that many parts, all named)
    kind: str,
    member: Member,
    context: Mapping[str, object],
    *,
    to: str = "",
    secrets: Mapping[str, str] | None = None,
    renew: tuple[str, Mapping[str, int]] | None = None,
) -> Message:
    """A mail of the store to its member, at `to` or else at the member's address; templates get `member` and `store` too."""
    return messages.queue(
        f"accounts/{kind}",
        to=to or member.email,
        sender_name=member.store.name,
        reply_to=member.store.desk_email,
        context={**context, "member": member, "store": member.store},
        store_id=member.store_id,
        secrets=secrets,
        renew=renew,
    )


def email_change(link: MailLink, secret: str) -> Message:
    """メールアドレスの変更, to the new address. It names nobody: the address may be mistyped and somebody else's."""
    if link.member is None:
        message = "an address is always a member's"
        raise ValueError(message)
    page = stores.url(link.member.store, reverse("store:profile_email_confirm", args=[link.store_id, secret]))
    to = crypto.decrypt(link.address)
    return send("email_change", link.member, {}, to=to, secrets={"link": page}, renew=link.renewal)


def company_change_decided(change: CompanyChange) -> None:
    """What the desk decided about 会社名・法人番号の変更, to the company's administrators."""
    page = stores.url(change.store, reverse("store:profile_company", args=[change.store_id]))
    context = {"change": change, "accepted": change.state == CompanyChange.State.ACCEPTED, "link": page}
    people = Member.objects.filter(store_id=change.store_id, company_id=change.company_id, is_active=True)
    for member in people.filter(role=Role.ADMIN).select_related("company", "store"):
        send("company_change_decided", member, context)
