"""What our middleware puts on a request, as types."""

from django.http import HttpRequest

from licenseonline.accounts.models import Company, Member, User
from licenseonline.stores.models import Store
from licenseonline.web.areas import Area


class AreaRequest(HttpRequest):
    """Any request: where it is, and its number in the log."""

    area: Area
    request_id: str


class StoreRequest(AreaRequest):
    """A request to a store, by a visitor or a signed-in member."""

    store: Store
    member: Member | None


class MemberRequest(StoreRequest):
    """A request by a signed-in member (behind `member_required`)."""

    member: Member


class StaffRequest(AreaRequest):
    """A request by signed-in staff (behind `partner_needs` or the back office)."""

    user: User


def company_of(request: StoreRequest) -> Company | None:
    """Whose prices are shown: the signed-in member's company's; None for visitors, whose pages are kept for all of them."""
    return request.member.company if request.member else None
