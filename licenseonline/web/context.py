"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from licenseonline.sales import carts

_NAVIGATION = {"top", "campaigns", "about", "faq", "inquiry"}


def site(request: HttpRequest) -> dict[str, object]:
    """Names of the platform, whether this is the demo, and how many lines a member's cart has (read only if shown)."""
    member = getattr(request, "member", None)
    here = request.resolver_match.url_name if request.resolver_match else ""
    return {
        "demo_mode": settings.DEMO,
        "platform_name": settings.PLATFORM_NAME,
        "platform_email": settings.PLATFORM_EMAIL,
        "nav_here": here if here in _NAVIGATION else "",
        "cart_count": SimpleLazyObject(lambda: carts.count(member)) if member else 0,
    }
