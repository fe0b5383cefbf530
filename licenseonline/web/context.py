"""What every page may use."""

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from licenseonline.sales import carts

_NAVIGATION = {"top", "campaigns", "about", "faq", "inquiry"}


def site(request: HttpRequest) -> dict[str, object]:
    """Store and member (None elsewhere), names of the platform, flash messages, and the number of a cart's lines.

    Messages and cart are read only if shown.
    """
    member = getattr(request, "member", None)
    here = request.resolver_match.url_name if request.resolver_match else ""
    return {
        "store": getattr(request, "store", None),
        "member": member,
        "demo_mode": settings.DEMO,
        "platform_name": settings.PLATFORM_NAME,
        "platform_email": settings.PLATFORM_EMAIL,
        "nav_here": here if here in _NAVIGATION else "",
        "messages": get_messages(request),
        "cart_count": SimpleLazyObject(lambda: carts.count(member)) if member else 0,
    }
