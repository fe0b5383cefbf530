"""Orders that come by FAX, mail, post or telephone: the desk files them in the member's name, with how they came."""

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.accounts import members
from licenseonline.accounts.models import User
from licenseonline.kit import rights, states
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.rights import Right
from licenseonline.records.uploads import Received
from licenseonline.sales import approvals, followings, order_documents, orders, quotes, snapshots
from licenseonline.sales.models import Order, Quote, Source

SOURCES: Final = (Source.FAX, Source.MAIL, Source.POST, Source.PHONE)


@rights.needs(Right.CHANGE_ORDERS)
@transaction.atomic
def file(  # noqa: PLR0913  (one order, all named)
    quote: Quote, papers: Sequence[Received], *, source: str, po_number: str, revision: int, by: User
) -> Order:
    """Order a valid quotation in the name of the member it was made for, once; `papers` are the 注文書 that came.

    Everything that holds for the member's own order holds here too, and the member gets the same mail and documents.
    Refused: `source`, `papers` (none, and it did not come by telephone), `member` (who left), `revised`, and as orders.place;
    NotVisible for a quotation without a member.
    """
    if source not in SOURCES:
        raise Refused(_("受け取った方法を選択してください。"), code="source", field="source")
    if not papers and source != Source.PHONE:
        message = _("届いた注文書のファイルを選択してください。電話のご注文のときだけ省略できます。")
        raise Refused(message, code="papers", field="uploads")
    member = quote.member
    if member is None:
        raise NotVisible
    members.hold(member)  # before the quotation, as orders.place does
    states.lock(quote)
    quotes.check_orderable(quote, by=member)
    quotes.check_revision(quote, revision)
    members.check_may_order(member)
    approvals.check_approved(quote, by=member)
    uses = followings.check_promised(snapshots.following(quote.snapshot), company=member.company)
    entry = orders.Entry(po_number=po_number or quote.po_number, source=Source(source), filed_by=by)
    order = orders.write(quote, entry, uses, member=member, actor=by)
    for received in papers:
        order_documents.attach_for(order, received, source=source, by=by)
    return order
