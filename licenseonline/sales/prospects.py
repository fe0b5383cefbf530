"""Whom staff quote at a mail address without an account (当ストアからご案内したお見積), and how it becomes theirs.

It does once somebody is a member of the same store at exactly that authenticated address. accounts defers `claim` by name in
the transaction that authenticates an address, whichever way that comes about; `claim_all` finds what no job was deferred for.
"""

from dataclasses import dataclass, replace
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from licenseonline.accounts import members
from licenseonline.accounts.models import Member
from licenseonline.kit import scope
from licenseonline.kit.errors import Refused
from licenseonline.kit.text import normalize_email
from licenseonline.records import history
from licenseonline.records.models import StoredFile
from licenseonline.sales.models import Quote, QuoteRevision
from licenseonline.sales.particulars import Addressee, Particulars
from licenseonline.sales.withdrawals import GONE
from licenseonline.stores.models import Store

_MOST: Final = 254  # characters of an address


@dataclass(frozen=True, slots=True)
class Prospect:
    """Somebody who has no account at the store, as far as the store knows them; what a quotation asks of a member it asks of them."""

    store: Store
    email: str
    addressee: Addressee

    @property
    def store_id(self) -> int:
        """The store that quotes them."""
        return self.store.pk

    @property
    def company(self) -> None:
        """None at the store yet, hence neither own prices nor holdings nor a kind."""

    @property
    def acting(self) -> None:
        """Nobody acts for who has no account."""

    @property
    def is_active(self) -> bool:
        """There is nothing that they could have left."""
        return True


def checked(to: Prospect) -> Prospect:
    """The same with the address in its compared form.

    Refused: `email` (not an address), `known` (a member of this store, whom staff quote as such), `company`, `person` (missing).
    """
    email = normalize_email(to.email)
    try:
        validate_email(email)
    except ValidationError:
        email = ""
    if not 0 < len(email) <= _MOST:
        message = _("メールアドレスの形式をご確認ください（例：hanako@example.co.jp）。")
        raise Refused(message, code="email", field="email")
    if known(to.store, email):
        message = _("この方は当ストアの会員です。会員の方への見積として作成してください。")
        raise Refused(message, code="known", field="email")
    if not to.addressee.company:
        raise Refused(_("会社名・団体名を入力してください。"), code="company", field="company")
    if not to.addressee.person:
        raise Refused(_("お名前を入力してください。"), code="person", field="person")
    return replace(to, email=email)


def known(store: Store, email: str) -> Member | None:
    """Who has this address at the store, authenticated or not. For the store's staff alone: nobody else may learn it."""
    found = Member.objects.filter(store=store, email=normalize_email(email), withdrawn_at=None)
    return found.select_related("company").first()


def of(quote: Quote, said: Particulars) -> Member | Prospect:
    """Whom the quotation, locked, is for: its member, else the address that it was offered to, as `said` addresses it."""
    if quote.member_id is not None:
        # Not quote.member, which may have been read before it was claimed.
        return Member.objects.select_related("company", "store").get(pk=quote.member_id)
    return Prospect(quote.store, quote.offered_to, said.addressee or Addressee(**quote.snapshot["buyer"]))


@app.task(name="sales.prospects.claim", retry=5)
def claim(member_id: int, store_id: int) -> None:
    """All that the store has offered to this member's address is theirs from now on, but what was withdrawn; again changes nothing.

    Drafts and expired ones, too: those are sent as to a member, these can be revised or made anew. What was promised stays
    as it is, the addressee included. Whether the company may order is asked when it does.
    """
    with scope.stores([store_id]):
        if (member := _held(member_id, store_id)) is not None:
            for quote in _unclaimed().filter(store_id=store_id, offered_to=member.email).order_by("id"):
                _give(quote, member)


@app.periodic(cron="50 * * * *")
@app.task(name="sales.prospects.claim_all", queueing_lock="sales.prospects.claim_all", pass_context=False)
def claim_all(timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every hour: what is offered to members' addresses all the same, because member and offer came at once or by an import."""
    owner = _owners().filter(store=OuterRef("store"), email=OuterRef("offered_to")).values("pk")[:1]
    with scope.platform():
        offered = Quote.objects.filter(member=None).exclude(offered_to="").exclude(state=Quote.State.WITHDRAWN)
        found = offered.annotate(owner=Subquery(owner)).exclude(owner=None).values_list("owner", "store_id").distinct()
        owners = list(found)
    for member_id, store_id in owners:
        claim(member_id=member_id, store_id=store_id)


def settle(quote: Quote) -> None:
    """Give the quotation, which is locked and about to leave the house, to who has registered its address meanwhile.

    Refused: `forgotten`, when nobody has and the address was erased (offer_leftovers).
    """
    if quote.member_id is not None:
        return
    if quote.offered_to.endswith(GONE):
        message = _(
            "宛先のメールアドレスは、有効期限から1年が過ぎたため消去されています。見積を新しく作成してください。"
        )
        raise Refused(message, code="forgotten")
    found = _owners().filter(store_id=quote.store_id, email=quote.offered_to).values_list("pk", flat=True).first()
    if found and (member := _held(found, quote.store_id)) is not None and member.email == quote.offered_to:
        _give(quote, member)


def _owners() -> QuerySet[Member]:
    """Whose address is proven."""
    return Member.objects.filter(is_active=True, email_verified_at__isnull=False)


def _unclaimed() -> QuerySet[Quote]:
    """Locked, so that one which is being withdrawn is waited for and then is not among them."""
    rows = Quote.objects.select_for_update(of=("self",)).filter(member=None)
    return rows.exclude(state=Quote.State.WITHDRAWN)


def _held(member_id: int, store_id: int) -> Member | None:
    """The member, who can neither leave nor change the address before the transaction ends; None for who may claim nothing."""
    try:
        members.hold(Member(pk=member_id, store_id=store_id))
    except Refused:
        return None
    return _owners().select_related("company").filter(pk=member_id, store_id=store_id).first()


def _give(quote: Quote, member: Member) -> None:
    quote.company, quote.member = member.company, member
    quote.save(update_fields=["company", "member"])
    kept = QuoteRevision.objects.filter(store_id=quote.store_id, quote=quote).values_list("pdf_id", flat=True)
    files = [pk for pk in [quote.pdf_id, *kept] if pk]
    with scope.platform():  # files are added and never changed, but for whose they are
        StoredFile.objects.filter(store_id=quote.store_id, pk__in=files).update(company_id=member.company_id)
    history.record(quote, "quote.claimed", by=member)
