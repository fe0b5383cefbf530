"""What the desk has to do, by deadline. Each kind of work is one function of `work`; a new kind is one more line in KINDS."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import User
from licenseonline.backoffice.work import companies, orders, papers, quotes
from licenseonline.backoffice.work.kinds import Found, Kind, Task, Wanted
from licenseonline.kit import rights
from licenseonline.kit.rights import Right
from licenseonline.stores import stores

KINDS = (
    Kind("payment", _("入金待ち"), _("入金を記録"), Right.BOOK_PAYMENTS, orders.awaiting_payment),
    Kind(
        "vendor_order", _("メーカー発注待ち"), _("発注を記録"), Right.ORDER_FROM_VENDORS, orders.awaiting_vendor_order
    ),
    Kind(
        "vendor_cut_off",
        _("メーカー発注の締め"),
        _("発注する"),
        Right.ORDER_FROM_VENDORS,
        orders.vendor_orders_to_send,
    ),
    Kind(
        "vendor_answer",
        _("メーカー回答待ち"),
        _("回答を記録"),
        Right.ORDER_FROM_VENDORS,
        orders.awaiting_vendor_answer,
    ),
    Kind("request", _("見積依頼"), _("回答する"), Right.PREPARE_QUOTES, quotes.to_answer),
    Kind("quote", _("見積の承認待ち"), _("粗利を確認"), Right.ALLOW_MARGINS, quotes.to_allow),
    Kind("delivery", _("納品待ち"), _("納品する"), Right.DELIVER, orders.awaiting_delivery),
    Kind("paper", _("書類の確認"), _("書類を確認"), Right.REVIEW_PAPERS, papers.to_review),
    Kind("paper_missing", _("書類の期限切れ"), _("お客様に確認"), Right.REVIEW_PAPERS, papers.missing),
    Kind(
        "proof",
        _("取り消した証明で手配済み"),
        _("メーカーとお客様に確認"),
        Right.REVIEW_PAPERS,
        papers.on_withdrawn_proofs,
    ),
    Kind("wish", _("ご依頼への回答"), _("回答する"), Right.CHANGE_ORDERS, orders.wishes),
    Kind("refund", _("返金"), _("返金を記録"), Right.BOOK_PAYMENTS, orders.refunds),
    Kind("company", _("会社の確認"), _("確認する"), Right.REVIEW_COMPANIES, companies.new),
    Kind("company_change", _("会社情報の変更"), _("書類を確認"), Right.REVIEW_COMPANIES, companies.changes),
)


MOST = 200  # tasks of each kind, on all pages of the list together


def collect(*, by: User, store_id: int | None, most: int = MOST) -> dict[Kind, Found]:
    """Every kind of work that this person may see, at one store or at all, `most` tasks of each; a fixed number of queries."""
    wanted = Wanted(by=by, store_id=store_id, holidays=stores.holidays_of_all(), most=most)
    return {kind: kind.find(kind, wanted) for kind in KINDS if rights.allowed(by, kind.right)}


def by_deadline(found: Iterable[Found]) -> list[Task]:
    """The tasks of these kinds, most urgent first."""
    return sorted((task for one in found for task in one.tasks), key=lambda task: (task.due_on, task.number))


def following(tasks: Sequence[Task], url: str) -> Task | None:
    """The task after the one whose page is `url`; the first one when that is done or the last. None when nothing is left to do."""
    places = [place for place, task in enumerate(tasks) if task.url == url]
    others = [task for task in tasks if task.url != url]
    behind = [task for task in tasks[places[-1] + 1 :] if task.url != url] if places else []
    return next(iter([*behind, *others]), None)
