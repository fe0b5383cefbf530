"""Addresses that open one quotation without sign-in: for a colleague who has to see it, or to say yes (稟議)."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from licenseonline.accounts import members
from licenseonline.accounts.models import Member
from licenseonline.kit import clock, crypto, scope, states
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import history
from licenseonline.sales import mail
from licenseonline.sales.models import Approver, Quote, QuoteLink
from licenseonline.stores import stores
from licenseonline.stores.models import Store

MOST_OPEN: Final = 20  # of one quotation
_NOT_SENT: Final = {Quote.State.DRAFT, Quote.State.AWAITING_HEAD}  # what staff still prepare is no member's yet
_OFFER_ENDED: Final = gettext_lazy("この見積のご案内は終了しました。")
_ENDED: Final = {
    Quote.State.ORDERED: gettext_lazy("この見積は、すでにご注文いただいています。"),
    Quote.State.WITHDRAWN: gettext_lazy("この見積は取り下げられました。"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A link as the company's own people see it, with the address that can be copied."""

    pk: int
    label: str
    by: str
    created_at: datetime
    opened_at: datetime | None
    decides: bool
    url: str


@transaction.atomic
def create(quote: Quote, *, label: str = "", approver: Approver | None = None, by: Member) -> QuoteLink:
    """A new address of a quotation of the member's own company; with an approver of it, it is mailed to them.

    `label` (at most 60 characters) says for whom it is. Refused: as members.check_may_quote, `ended` (not valid any more),
    `most` (MOST_OPEN are open), `approver` (removed, or asked by a link that is still open); NotVisible for others' quotations and drafts.
    """
    if (quote.store_id, quote.company_id) != (by.store_id, by.company_id):
        raise NotVisible
    members.check_may_quote(by)
    if states.lock(quote).state in _NOT_SENT:
        raise NotVisible
    if ended := why_ended(quote):
        raise Refused(ended, code="ended")
    open_ones = QuoteLink.objects.filter(store_id=by.store_id, quote=quote, withdrawn_at=None)
    if open_ones.count() >= MOST_OPEN:
        message = _("1つの見積で使えるURLは %(most)s 件までです。使わないURLを無効にしてください。")
        raise Refused(message % {"most": MOST_OPEN}, code="most")
    if approver is not None:
        _check_asked(approver, open_ones, by)
        label = approver.name
    link = _make(quote, label=label, approver=approver, by=by)
    if approver is not None:
        mail.approval_asked(link, url=url_of(link))
    return link


def mail_offer(quote: Quote) -> None:
    """Mail a quotation, locked, that has no member to the address that it is offered to; each time with the same address of its page."""
    link = _of_offer(quote)
    mail.offer(link, url=url_of(link))


def remind(quote: Quote) -> None:
    """Remind that address that the quotation, locked, will end."""
    link = _of_offer(quote)
    mail.offer_ends(link, url=url_of(link))


def _of_offer(quote: Quote) -> QuoteLink:
    found = QuoteLink.objects.filter(store_id=quote.store_id, quote=quote, created_by=None, withdrawn_at=None).first()
    link = found or _make(quote, label=_("当ストアからのご案内"))
    link.quote = quote  # with what the mail shows of it
    return link


def _make(quote: Quote, *, label: str, approver: Approver | None = None, by: Member | None = None) -> QuoteLink:
    link = QuoteLink.objects.create(
        store_id=quote.store_id,
        quote=quote,
        approver=approver,
        label=label[:60],
        secret_hash=token_hex(32),  # until its number is known, of which the secret is made
        created_by=by,
        created_at=clock.now(),
    )
    link.secret_hash = crypto.fingerprint(secret_of(link))
    link.save(update_fields=["secret_hash"])
    history.record(quote, "quote.link_created", by=by, link_id=link.pk, approver_id=approver.pk if approver else None)
    return link


def _check_asked(approver: Approver, open_ones: QuerySet[QuoteLink], by: Member) -> None:
    if approver.company_id != by.company_id:
        raise NotVisible
    if not approver.is_active:
        raise Refused(_("この方は承認者の登録から外れています。"), code="approver", field="approver")
    if open_ones.filter(approver=approver).exists():
        message = _("%(name)s 様には承認の依頼をお送り済みです。送り直すときは、前のURLを無効にしてください。")
        raise Refused(message % {"name": approver.name}, code="approver", field="approver")


def open(secret: str, *, store: Store) -> QuoteLink:  # noqa: A001  (quote_links.open is what it is)
    """The link with this secret, with its quotation. Looking changes nothing but `opened_at`, the first time.

    Refused: `unknown` (mistyped, of another store), `withdrawn`, `ended` (the quotation is).
    """
    links = QuoteLink.objects.select_related("quote__store", "quote__company", "quote__pdf", "approver")
    link = links.filter(store=store, secret_hash=crypto.fingerprint(secret)).first()
    if link is None:
        hint = _("このURLは正しくありません。途中で切れていないかをご確認ください。")
        raise Refused(hint, code="unknown")
    if link.withdrawn_at or (link.approver and not link.approver.is_active):
        raise Refused(_("このURLは、見積を作成された方が無効にされました。"), code="withdrawn")
    if ended := why_ended(link.quote):
        # Whoever has an offer's address learns nothing of an account: that it was ordered looks as that it was withdrawn.
        is_over = link.is_offer and link.quote.state in _ENDED
        raise Refused(str(_OFFER_ENDED) if is_over else ended, code="ended")
    if link.opened_at is None:
        link.opened_at = clock.now()
        link.save(update_fields=["opened_at"])
        history.record(link.quote, "quote.link_opened", by=None, link_id=link.pk)
    return link


@transaction.atomic
def withdraw(link: QuoteLink, *, by: Member) -> None:
    """End a link of the member's own company at once; a second time changes nothing. Refused: as members.check_may_quote."""
    if (link.store_id, link.quote.company_id) != (by.store_id, by.company_id):
        raise NotVisible
    members.check_may_quote(by)
    if states.lock(link).withdrawn_at is None:
        link.withdrawn_at = clock.now()
        link.save(update_fields=["withdrawn_at"])
        history.record(link.quote, "quote.link_withdrawn", by=by, link_id=link.pk)


def offered(secret: str, *, store: Store) -> Quote | None:
    """The quotation that was mailed with this secret to an address without an account, also when it is over; nothing changes."""
    if not secret:  # most who register come by themselves
        return None
    links = QuoteLink.objects.filter(store=store, created_by=None, withdrawn_at=None)
    link = links.filter(secret_hash=crypto.fingerprint(secret)).select_related("quote__store").first()
    return link.quote if link else None


@app.task(name="sales.quote_links.mail_again", retry=3)
def mail_again(link_id: int, store_id: int) -> None:
    """Mail a link once more, because its mail is sent again; not when link or quotation is over, or the offer is a member's."""
    with scope.stores([store_id]):
        related = ("quote__store", "quote__pdf", "approver", "created_by")
        link = QuoteLink.objects.select_related(*related).get(pk=link_id)
        if link.withdrawn_at is not None or why_ended(link.quote):
            return
        if not link.is_offer:
            mail.approval_asked(link, url=url_of(link))
        elif link.quote.member_id is None:
            mail.offer(link, url=url_of(link))


def why_ended(quote: Quote) -> str:
    """Why its links open nothing any more; empty while the quotation is valid."""
    if quote.state in _ENDED:
        return str(_ENDED[Quote.State(quote.state)])
    return _("この見積は有効期限が切れています。") if quote.is_expired else ""


def shown(quote: Quote, *, by: Member) -> list[Shown]:
    """The quotation's open links for the company's people who may hand them on; one query."""
    if why_ended(quote) or not by.can_quote:
        return []
    links = QuoteLink.objects.visible_to(by).filter(quote=quote, withdrawn_at=None).select_related("created_by")
    return [
        Shown(
            pk=link.pk,
            label=link.label,
            by=link.created_by.name if link.created_by else "",
            created_at=link.created_at,
            opened_at=link.opened_at,
            decides=link.approver_id is not None,
            url=url_of(link, store=by.store),
        )
        for link in links.order_by("id")
    ]


def url_of(link: QuoteLink, *, store: Store | None = None) -> str:
    """The address, at the store's own host where it has one."""
    path = reverse("store:quote_link", args=[link.store_id, secret_of(link)])
    return stores.url(store or link.store, path)


def secret_of(link: QuoteLink) -> str:
    """What stands in the address: keyed, so that nobody guesses it, and made anew whenever it is shown, so that no row has it."""
    return crypto.fingerprint(f"quote-link {link.store_id} {link.pk} {link.created_at.isoformat()}")[:40]
