"""The back office as one admin site: who enters, under which content security policy, and which of Django's pages exist."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import BadRequest
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, reverse
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

View = Callable[..., HttpResponseBase]

# Passwords are not changed here, and nothing has a page of its own in a shop.
_WITHOUT = {"password_change", "password_change_done", "view_on_site"}


class Found(AutocompleteJsonView):
    """What a form's field offers while something is typed into it."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        """As Django's, with the store of what belongs to one."""
        return {**super().serialize_result(obj, to_field_name), "text": named(obj)}


def named(obj: Model) -> str:
    """What a row is called where rows of several stores stand together."""
    store_id = getattr(obj, "store_id", None)
    return f"{obj}（{store_id}）" if store_id else str(obj)  # house: a store's number behind a name


def desk_policy(view: View) -> View:
    """Unfold's Alpine needs what no other page may; only pages that it draws get it, so errors stay strict."""
    policed: View = csp_replace(settings.BACKOFFICE_CSP)(view)
    return policed


class DeskSite(UnfoldAdminSite):  # type: ignore[misc]  # unfold has no types
    """The operator's desk. Every page of it passes `admin_view`."""

    site_header = site_title = index_title = _("ライセンスオンライン 運営")
    enable_nav_sidebar = True

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # noqa: FBT001, FBT002  (Django's signature)
        """The operator's staff only; anyone else is led to the sign-in page."""
        guarded: View = super().admin_view(view, cacheable)
        return desk_policy(guarded)

    def has_permission(self, request: HttpRequest) -> bool:
        """The request scope names a user in this area only for the operator's staff."""
        return bool(getattr(request.user, "is_staff", False))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Our own sign-in page, with its second factor."""
        return redirect(f"{reverse('backoffice:login')}?{urlencode({'next': request.get_full_path()})}")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Our own, too."""
        return redirect("backoffice:login")

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Only what the desk needs; the pages of sign-in and work list stand before these in `urls.py`."""
        return [url for url in super().get_urls() if getattr(url, "name", "") not in _WITHOUT]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """For the desk's forms (PermissionDenied for what is none of their fields, BadRequest for what no text holds)."""
        if any("\0" in value for value in request.GET.values()):
            raise BadRequest
        return Found.as_view(admin_site=self)(request)  # type: ignore[return-value]  # JSON

    def extra_context(self, context: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
        """Who is signed in, one theme, and our own styles."""
        icon = {"rel": "icon", "href": static("web/img/favicon.svg"), "type": "image/svg+xml"}
        return {
            **context,
            "user": request.user,
            "theme": "light",
            "site_header": _("運営デスク"),
            "site_favicons": [icon],
            "styles": [static("backoffice/desk.css")],
        }


site = DeskSite(name="admin")
