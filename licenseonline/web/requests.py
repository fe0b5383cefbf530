"""What our middleware puts on a request, as types."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from licenseonline.accounts.models import Member, User
from licenseonline.stores.models import Store
from licenseonline.web.areas import Area

IPV6 = 6


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
    """A request by signed-in staff (behind `partner_required` or the back office)."""

    user: User


def network_of(request: HttpRequest) -> str:
    """The client's network for throttling: an IPv4 address, or an IPv6 /64, as its holder owns all of it.

    X-Forwarded-For is believed only as far as TRUSTED_PROXIES (addresses or networks) wrote it.
    """
    hops = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    address = _address(str(request.META.get("REMOTE_ADDR", "")))
    while hops and address and any(address in ip_network(proxy) for proxy in settings.TRUSTED_PROXIES):
        address = _address(hops.pop()) or address
    if address is None:
        return ""
    return str(ip_network((address, 64), strict=False) if address.version == IPV6 else address)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
