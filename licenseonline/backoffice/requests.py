"""What a request in the back office carries, as types."""

from django.http import HttpRequest

from licenseonline.accounts.models import User


class DeskRequest(HttpRequest):
    """A request by the operator's staff (behind `site.admin_view`)."""

    user: User
