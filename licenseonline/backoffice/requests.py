"""What a request in the back office carries, as types."""

from django.http import HttpRequest

from licenseonline.accounts.models import User


class DeskRequest(HttpRequest):
    """A request by the operator's staff (behind `site.admin_view`)."""

    user: User


def network_of(request: HttpRequest) -> str:
    """The client's address for throttling: an IPv6 /64 counts as one, as its holder owns all of it."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    return ":".join(address.split(":")[:4]) if ":" in address else address
