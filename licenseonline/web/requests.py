"""What our middleware puts on a request, as types."""

from django.http import HttpRequest

from licenseonline.accounts.models import Member, User
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
