"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001  (Django's signature)
    """Names of the platform, and whether this is the demo."""
    return {
        "demo_mode": settings.DEMO,
        "platform_name": settings.PLATFORM_NAME,
        "platform_email": settings.PLATFORM_EMAIL,
    }
