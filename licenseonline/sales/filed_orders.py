"""Orders that come by FAX, mail, post or telephone: the desk files them in the member's name, with how they came."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.accounts import members
from licenseonline.accounts.models import Member, User
from licenseonline.kit import rights, states
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.rights import Right
from licenseonline.records.uploads import Received
from licenseonline.sales import approvals, followings, offers, order_documents, orders, quotes, snapshots
from licenseonline.sales.models import Order, Quote, Source
from licenseonline.sales.offers import Content

SOURCES: Final = (Source.FAX, Source.MAIL, Source.POST, Source.PHONE)


@dataclass(frozen=True, slots=True)
class Arrival:
    """How an order came: the way (of SOURCES), the customer's own number, and the 注文書 that came."""

    source: str
    po_number: str
    papers: Sequence[Received]


@rights.needs(Right.CHANGE_ORDERS)
@transaction.atomic
def file(quote: Quote, arrival: Arrival, *, revision: int, by: User) -> Order:
    """Order a valid quotation in the name of the member it was made for, once.

    Everything that holds for the member's own order holds here too, and the member gets the same mail and documents.
    Refused: `source`, `papers` (none, and it did not come by telephone), `member` (who left), `revised`, and as orders.place;
    NotVisible for a quotation without a member.
    """
    _check_arrival(arrival)
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
    source = Source(arrival.source)
    entry = orders.Entry(po_number=arrival.po_number or quote.po_number, source=source, filed_by=by)
    order = orders.write(quote, entry, uses, member=member, actor=by)
    for received in arrival.papers:
        order_documents.attach_for(order, received, source=source, by=by)
    return order


@rights.needs(Right.CHANGE_ORDERS)
@transaction.atomic
def enter(member: Member, content: Content, arrival: Arrival, *, total_yen: int, by: User) -> Order:
    """Make the quotation of an order that came without one, and file the order of it; the member is mailed about the order alone.

    `total_yen` (tax included) is what was shown to who enters it. Refused: `changed` (it costs something else now), `head`
    (below the store's margin), and as offers.prepare and `file`; then nothing is quoted either.
    """
    _check_arrival(arrival)
    members.hold(member)  # before the number series, as orders.place_from_cart does
    quote = offers.prepare(member, content, by=by)
    if quote.total_yen != total_yen:
        message = _("表示後に内容または価格が変わりました。新しい金額をご確認のうえ、もう一度登録してください。")
        raise Refused(message, code="changed")
    offers.issue_unsent(quote, by=by)
    return file(quote, arrival, revision=quote.revision, by=by)


def _check_arrival(arrival: Arrival) -> None:
    if arrival.source not in SOURCES:
        raise Refused(_("受け取った方法を選択してください。"), code="source", field="source")
    if not arrival.papers and arrival.source != Source.PHONE:
        message = _("届いた注文書のファイルを選択してください。電話のご注文のときだけ省略できます。")
        raise Refused(message, code="papers", field="uploads")
