"""The mails of 新規会員登録 and of the desk's approval of new companies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from licenseonline.accounts import mail
from licenseonline.accounts.models import Company, Member, Registration
from licenseonline.records import messages
from licenseonline.records.models import Message
from licenseonline.stores import stores
from licenseonline.stores.models import Store

if TYPE_CHECKING:
    from licenseonline.accounts.registrations import Application


def confirmation(registration: Registration, application: Application, secret: str) -> Message:
    """仮登録のご案内: the address that completes the registration, to somebody who is no member yet."""
    store = registration.store
    return messages.queue(
        "accounts/registration",
        to=application.email,
        sender_name=store.name,
        reply_to=store.desk_email,
        context={"store": store, "application": application, "expires_at": registration.expires_at},
        store_id=store.pk,
        secrets={"link": _url(store, "register_confirm", secret)},
        renew=("accounts.registrations.renew", {"registration_id": registration.pk, "store_id": store.pk}),
    )


def already_registered(member: Member) -> Message:
    """すでにご登録済みです: to a member whose address was filled in once more."""
    ways = {"login": _url(member.store, "login"), "reissue": _url(member.store, "reissue")}
    return mail.send("already_registered", member, ways)


def welcome(member: Member) -> Message:
    """会員登録が完了しました; where the desk still looks at the company, it says what works until then."""
    return mail.send("registered", member, {"login": _url(member.store, "login")})


def approved(member: Member) -> Message:
    """ご注文いただけるようになりました."""
    return mail.send("company_approved", member, {"login": _url(member.store, "login")})


def refused(member: Member, reason: str) -> Message:
    """お取引をお受けできません, with the desk's words."""
    return mail.send("company_refused", member, {"reason": reason})


def recipients(company: Company) -> list[Member]:
    """Who is told what the desk decided: everybody of the company who can sign in."""
    return list(
        Member.objects.select_related("company", "store").filter(company=company, is_active=True).order_by("id")
    )


def _url(store: Store, route: str, *arguments: str) -> str:
    return stores.url(store, reverse(f"store:{route}", args=[store.pk, *arguments]))
