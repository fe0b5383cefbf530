"""What a request in the back office carries, as types."""

from typing import cast

from django.http import HttpRequest

from licenseonline.accounts.models import User


class DeskRequest(HttpRequest):
    """A request by the operator's staff (behind `site.admin_view`)."""

    user: User


def of_desk(request: HttpRequest) -> DeskRequest:
    """As what it is, where Django's admin, which lets only the operator's staff in, hands it on without saying so."""
    return cast("DeskRequest", request)
