"""What every page may use."""

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject

_NAVIGATION = {"top", "campaigns", "about", "faq", "inquiry"}


def site(request: HttpRequest) -> dict[str, object]:
    """Store and member (None elsewhere), names of the platform, flash messages, and the number of lines in the cart.

    Messages are read only if shown; the lines are as the request found them. All forms of a page share one token.
    """
    member = getattr(request, "member", None)
    route = request.resolver_match.url_name if request.resolver_match else ""
    return {
        "store": getattr(request, "store", None),
        "member": member,
        "demo_mode": settings.DEMO,
        "platform_name": settings.PLATFORM_NAME,
        "platform_email": settings.PLATFORM_EMAIL,
        "route": route,
        "nav_here": route if route in _NAVIGATION else "",
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),
        "messages": get_messages(request),
        "cart_count": request.session.cart_lines if member else 0,  # type: ignore[attr-defined]  # our store's
    }
