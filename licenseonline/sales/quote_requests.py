"""Requests for a quotation (見積依頼): question, answer and files in turn, until it is a quotation or closed."""

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from licenseonline.accounts import members
from licenseonline.accounts.models import Member, User
from licenseonline.catalog.models import Sku
from licenseonline.kit import clock, rights, states
from licenseonline.kit.actors import Actor
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.rights import Right
from licenseonline.kit.tenancy import check_reach
from licenseonline.kit.text import squash
from licenseonline.records import files, history, numbers
from licenseonline.records.uploads import Received
from licenseonline.sales import request_mail
from licenseonline.sales.models import Quote, QuoteRequest, RequestFile, RequestLine, RequestPost

MOST_TEXT: Final = 4000
MOST_FILES: Final = 10  # of one post
MOST_LINES: Final = 50
_OPEN: Final = (QuoteRequest.State.ASKED, QuoteRequest.State.ANSWERED)
_DEAD: Final = (Quote.State.WITHDRAWN, Quote.State.EXPIRED)  # another quotation may be made for the request


@transaction.atomic
def ask(
    *, subject: str, text: str, lines: Sequence[tuple[Sku, int]] = (), uploads: Sequence[Received] = (), by: Member
) -> QuoteRequest:
    """A new request, with the SKUs (from `Sku.objects.public(store)`) and quantities that it is about; the store is mailed.

    Refused: as members.check_may_quote, `subject`, `text` (missing, or longer than 4,000 characters), `lines` (more than
    fifty, or one twice), `upload` (more than ten).
    """
    members.hold(by)
    members.check_may_quote(by)
    if not subject.strip():
        raise Refused(_("件名を入力してください。"), code="subject", field="subject")
    if len(lines) > MOST_LINES or len({sku.pk for sku, _quantity in lines}) != len(lines):
        message = _("製品は重複なく%(most)s行までで入力してください。") % {"most": MOST_LINES}
        raise Refused(message, code="lines", field="lines")
    request = QuoteRequest.objects.create(
        store=by.store,
        number=numbers.next_number("R", store_id=by.store_id),
        company=by.company,
        member=by,
        subject=squash(subject)[:100],
        asked_at=clock.now(),
    )
    RequestLine.objects.bulk_create(
        [RequestLine(store_id=by.store_id, request=request, sku=sku, quantity=quantity) for sku, quantity in lines]
    )
    _post(request, text, uploads, member=by)
    history.record(request, "request.asked", by=by)
    request_mail.to_store(request)
    return request


@transaction.atomic
def reply(request: QuoteRequest, *, text: str, uploads: Sequence[Received] = (), by: Member) -> QuoteRequest:
    """The member's company says more: it is the store's turn again, also when there is a quotation already.

    Refused: as members.check_may_quote, `state` (closed), `text`, `upload`; NotVisible for others' requests.
    """
    _check_own(request, by)
    members.hold(by)
    members.check_may_quote(by)
    if states.lock(request).state == QuoteRequest.State.CLOSED:
        raise _closed()
    _post(request, text, uploads, member=by)
    if request.state != QuoteRequest.State.ASKED:
        states.move(request, QuoteRequest.State.ASKED, asked_at=clock.now())
    history.record(request, "request.replied", by=by)
    request_mail.to_store(request)
    return request


@rights.needs(Right.PREPARE_QUOTES)
@transaction.atomic
def answer(request: QuoteRequest, *, text: str, seen: int, uploads: Sequence[Received] = (), by: User) -> QuoteRequest:
    """The store answers what it has read, up to the post `seen` (its id); the member is mailed.

    Of two answers at once one wins. Refused: `seen` (somebody has written in the meantime), `state` (closed), `text`,
    `upload`; NotVisible for another's store.
    """
    check_reach(request.store_id, by)
    if states.lock(request).state == QuoteRequest.State.CLOSED:
        raise _closed()
    if RequestPost.objects.filter(store_id=request.store_id, request=request, pk__gt=seen).exists():
        message = _("ほかの方の書き込みがありました。内容をご確認のうえ、もう一度送信してください。")
        raise Refused(message, code="seen")
    _post(request, text, uploads, staff=by)
    if request.state == QuoteRequest.State.ASKED:
        states.move(request, QuoteRequest.State.ANSWERED)
    history.record(request, "request.answered", by=by)
    request_mail.to_member(request)
    return request


@rights.needs(Right.PREPARE_QUOTES)
@transaction.atomic
def attach(request: QuoteRequest, quote: Quote, *, by: User) -> QuoteRequest:
    """This draft is what the request is answered by; the request is done when it is sent.

    Refused: `quoted` (another living quotation is attached), `state` (closed); NotVisible for another member's or store's.
    """
    check_reach(request.store_id, by)
    if (quote.store_id, quote.company_id) != (request.store_id, request.company_id):
        raise NotVisible
    if states.lock(request).state == QuoteRequest.State.CLOSED:
        raise _closed()
    other = Quote.objects.filter(store_id=request.store_id, requests=request).exclude(state__in=_DEAD).first()
    if other and other != quote:
        message = _("この依頼には、すでに見積 %(number)s が作成されています。") % {"number": other.number}
        raise Refused(message, code="quoted")
    request.quote = quote
    request.save(update_fields=["quote"])
    if request.state == QuoteRequest.State.QUOTED:  # by one that has ended: until the draft is sent it waits again
        states.move(request, QuoteRequest.State.ASKED, asked_at=clock.now())
    history.record(request, "request.quote_prepared", by=by, quote_id=quote.pk)
    return request


@rights.needs(Right.PREPARE_QUOTES)
def close(request: QuoteRequest, *, by: User) -> QuoteRequest:
    """The store ends it without a quotation. Refused: `state` (it is over, or a quotation); NotVisible for another's store."""
    check_reach(request.store_id, by)
    return _close(request, by)


def end(request: QuoteRequest, *, by: Member) -> QuoteRequest:
    """The member's company needs no answer any more. Refused: as `close`, and as members.check_may_quote."""
    _check_own(request, by)
    members.check_may_quote(by)
    return _close(request, by)


def settle(quote: Quote) -> None:
    """What a quotation that goes out answers is answered. Called with the quotation locked."""
    waiting = QuoteRequest.objects.filter(store_id=quote.store_id, quote=quote, state__in=_OPEN)
    for request in waiting.select_for_update():
        states.move(request, QuoteRequest.State.QUOTED)
        history.record(request, "request.quoted", by=None, quote_id=quote.pk)


@transaction.atomic
def _close(request: QuoteRequest, by: Actor) -> QuoteRequest:
    states.lock(request)
    states.move(request, QuoteRequest.State.CLOSED)
    history.record(request, "request.closed", by=by)
    return request


def _post(
    request: QuoteRequest,
    text: str,
    uploads: Sequence[Received],
    *,
    member: Member | None = None,
    staff: User | None = None,
) -> None:
    clean = "\n".join(squash(line) for line in text.splitlines()).strip()
    if not clean:
        raise Refused(_("内容を入力してください。"), code="text", field="text")
    if len(clean) > MOST_TEXT:
        message = _("内容は%(most)s文字以内で入力してください。") % {"most": f"{MOST_TEXT:,}"}
        raise Refused(message, code="text", field="text")
    if len(uploads) > MOST_FILES:
        message = _("一度に添付できるファイルは%(most)s個までです。") % {"most": MOST_FILES}
        raise Refused(message, code="upload", field="uploads")
    store_id = request.store_id
    post = RequestPost.objects.create(
        store_id=store_id, request=request, member=member, staff=staff, text=clean, at=clock.now()
    )
    for received in uploads:
        kept = files.keep_received(received, store_id=store_id, company_id=request.company_id)
        RequestFile.objects.create(store_id=store_id, post=post, file=kept)


def _check_own(request: QuoteRequest, by: Member) -> None:
    if (request.store_id, request.company_id) != (by.store_id, by.company_id):
        raise NotVisible


def _closed() -> Refused:
    return Refused(_("この見積依頼は終了しています。新しくご依頼ください。"), code="state")


def thread(request: QuoteRequest) -> list[RequestPost]:
    """Everything that was written, oldest first, with authors and files; two queries."""
    rows = RequestPost.objects.filter(store_id=request.store_id, request=request).select_related("member", "staff")
    return list(rows.prefetch_related(Prefetch("files", RequestFile.objects.select_related("file"))).order_by("pk"))
