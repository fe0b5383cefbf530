"""Papers handed in (提出), looked at, accepted or returned. The order is locked first, so its state always follows."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.accounts import members
from licenseonline.accounts.models import Company, Member, User
from licenseonline.kit import clock, rights, states
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.rights import Right
from licenseonline.kit.tenancy import check_reach
from licenseonline.records import files, history
from licenseonline.records.uploads import Received
from licenseonline.sales import paper_mail, paper_previews, papers, progress, proofs
from licenseonline.sales.models import DocumentRequest, Order, PaperState, Source, Submission

SOURCES: Final = (Source.FAX, Source.MAIL, Source.POST)  # of what the member did not hand in alone
MOST_FILES: Final = 10  # of one paper
MOST_REASON: Final = 400


@transaction.atomic
def hand_in(
    request: DocumentRequest, uploads: Sequence[Received], *, adds: bool = False, by: Member
) -> DocumentRequest:
    """A member of the order's company hands in a paper, in one or more files; what was handed in before is replaced and stays.

    With `adds` the files come to those that wait for the desk: large ones are sent one by one. Refused: `viewer` and as
    members.check_may_quote, `upload` (none, or more than ten files together), `accepted`, `state` (the order is over);
    NotVisible for others' orders.
    """
    members.hold(by)
    order = _hold(request)
    if order.store_id != by.store_id or order.company_id != by.company_id:
        raise NotVisible
    members.check_may_quote(by)
    _make_room(request, len(uploads), adds=adds)
    _receive(request, uploads, member=by, source=Source.WEB)
    history.record(order, "order.paper_handed_in", by=by, request_id=request.pk, paper=request.paper)
    return request


@rights.needs(Right.REVIEW_PAPERS)
def file_for(request: DocumentRequest, uploads: Sequence[Received], *, source: str, by: User) -> DocumentRequest:
    """The desk files in the member's name what came by FAX, mail or post; its `source` and who filed it are kept.

    Refused: `source` (none of SOURCES), and as `hand_in`.
    """
    return _file(request, uploads, source=source, by=by)


@rights.needs(Right.HELP_MEMBERS)
def pass_on(request: DocumentRequest, uploads: Sequence[Received], *, source: str, by: User) -> DocumentRequest:
    """A partner's staff hand in what their customer sent them, as `file_for` does; looking at it is the desk's.

    Refused: as `file_for`; NotVisible for a store that is not theirs.
    """
    check_reach(request.store_id, by)
    return _file(request, uploads, source=source, by=by)


@transaction.atomic
def _file(request: DocumentRequest, uploads: Sequence[Received], *, source: str, by: User) -> DocumentRequest:
    if source not in SOURCES:
        raise Refused(_("受け取った方法を選択してください。"), code="source", field="source")
    order = _hold(request)
    _make_room(request, len(uploads))
    _receive(request, uploads, member=order.member, source=source, filed_by=by)
    history.record(order, "order.paper_filed", by=by, request_id=request.pk, paper=request.paper, source=source)
    return request


@rights.needs(Right.REVIEW_PAPERS)
@transaction.atomic
def accept(
    request: DocumentRequest, *, seen: int, remember: bool, valid_until: date | None = None, by: User
) -> DocumentRequest:
    """Accept the paper that the reviewer saw; `remember` keeps it as the company's proof, to a last day or for good.

    What the company is asked elsewhere for the same is accepted with it. Refused: `replaced` (another file came in the
    meantime), `state` (nothing to look at), `valid_until` (a day that has passed).
    """
    _hold_company(request)
    order = _hold(request)
    submission = _seen(request, seen)
    if valid_until is not None and valid_until < clock.today():
        raise Refused(_("証明の有効期限は、今日以降の日付にしてください。"), code="valid_until", field="valid_until")
    states.move(request, PaperState.ACCEPTED, returned_reason="")
    history.record(order, "order.paper_accepted", by=by, request_id=request.pk, paper=request.paper)
    if remember and request.paper in papers.REMEMBERED:
        proofs.remember(order, request, submission.file, valid_until=valid_until, by=by)
    papers.move_on(order)
    return request


@rights.needs(Right.REVIEW_PAPERS)
@transaction.atomic
def send_back(request: DocumentRequest, *, seen: int, reason: str, by: User) -> DocumentRequest:
    """Return the paper that the reviewer saw, with a reason that the member reads; also one accepted by mistake.

    What it proved elsewhere is asked for again (proofs.withdraw). Refused: `reason` (missing, or longer than 400 characters), `replaced`, `state`.
    """
    if not reason.strip() or len(reason) > MOST_REASON:
        message = _("お客様にお伝えする理由を、%(most)s文字以内で入力してください。") % {"most": MOST_REASON}
        raise Refused(message, code="reason", field="reason")
    _hold_company(request)
    order = _hold(request)
    _check_under_way(order)
    submission = _seen(request, seen)
    states.move(request, PaperState.RETURNED, returned_reason=reason.strip(), reminded_at=None, proof=None)
    history.record(order, "order.paper_returned", by=by, request_id=request.pk, paper=request.paper)
    progress.settle(order)
    paper_mail.returned(request)
    proofs.withdraw(order, submission.file, reason=reason.strip(), by=by)
    return request


@rights.needs(Right.REVIEW_PAPERS)
@transaction.atomic
def not_needed(request: DocumentRequest, *, by: User) -> DocumentRequest:
    """The desk does without the paper. Refused: `state`, when it is accepted already."""
    order = _hold(request)
    states.move(request, PaperState.NOT_NEEDED)
    history.record(order, "order.paper_waived", by=by, request_id=request.pk, paper=request.paper)
    papers.move_on(order)
    return request


@rights.needs(Right.REVIEW_PAPERS)
@transaction.atomic
def mark_sent(request: DocumentRequest, *, by: User) -> DocumentRequest:
    """The paper has gone to the vendor. Refused: `state`, when it is not accepted."""
    order = _hold(request)
    states.move(request, PaperState.SENT)
    history.record(order, "order.paper_sent", by=by, request_id=request.pk, paper=request.paper)
    return request


def counting(request: DocumentRequest) -> list[Submission]:
    """The files that count: those handed in last."""
    return list(request.submissions.filter(replaced_at=None).select_related("file", "filed_by").order_by("id"))


def _hold_company(request: DocumentRequest) -> None:
    """Before the orders: a proof goes on to the company's other ones, and who waits for whom must not be a circle."""
    Company.objects.select_for_update(no_key=True).get(pk=request.order.company_id, store=request.store_id)
    proofs.lock_orders(request)


def _hold(request: DocumentRequest) -> Order:
    """Lock the order, then the request, and read its state anew: two at once wait here."""
    order: Order = states.lock(request.order)
    states.lock(request)
    return order


def _check_under_way(order: Order) -> None:
    if order.state not in papers.UNDER_WAY:
        raise Refused(_("このご注文は納品またはキャンセルされているため、書類は受け付けていません。"), code="state")


def _make_room(request: DocumentRequest, number: int, *, adds: bool = False) -> None:
    """Refuse what does not fit; what was handed in before counts no more, unless files are added to it."""
    _check_under_way(request.order)
    if request.state not in papers.OPEN:
        raise Refused(_("この書類はすでに受理されています。画面を更新してご確認ください。"), code="accepted")
    counting = request.submissions.filter(replaced_at=None)
    kept = counting.count() if adds and request.state == PaperState.HANDED_IN else 0
    if not number or kept + number > MOST_FILES:
        message = _("ファイルを1つ以上、%(most)s個まで選択してください。") % {"most": MOST_FILES}
        raise Refused(message, code="upload", field="uploads")
    if not kept:
        counting.update(replaced_at=clock.now())


def _receive(
    request: DocumentRequest, uploads: Sequence[Received], *, member: Member, source: str, filed_by: User | None = None
) -> None:
    order, now = request.order, clock.now()
    for upload in uploads:
        kept = files.keep_received(upload, store_id=order.store_id, company_id=order.company_id)
        submission = Submission.objects.create(
            store_id=order.store_id, request=request, file=kept, member=member, filed_by=filed_by, source=source,
            at=now, scan=upload.scan,
        )  # fmt: skip
        paper_previews.draw.defer(submission_id=submission.pk, store_id=order.store_id)
    if request.state == PaperState.HANDED_IN:
        request.handed_in_at = now
        request.save(update_fields=["handed_in_at"])
    else:
        states.move(request, PaperState.HANDED_IN, handed_in_at=now)
    progress.settle(order)


def _seen(request: DocumentRequest, seen: int) -> Submission:
    """The newest submission, when it is the one that the reviewer looked at."""
    last = request.submissions.filter(replaced_at=None).select_related("file").order_by("-id").first()
    if last is None:
        raise Refused(_("まだ書類が提出されていません。"), code="state")
    if last.pk != seen:
        message = _("お客様が書類を差し替えました。新しい書類を確認してから、もう一度操作してください。")
        raise Refused(message, code="replaced")
    return last
