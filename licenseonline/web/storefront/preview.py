"""The desk's link to a store that is not open, or to changes of it that are not public."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from licenseonline.kit.errors import NotVisible
from licenseonline.stores import previews
from licenseonline.web import store_gate
from licenseonline.web.areas import Area, AreaKind
from licenseonline.web.requests import StoreRequest


@never_cache
@require_safe
def preview(request: StoreRequest, store_id: int, token: str) -> HttpResponse:
    """Look at the store as its visitors will, in this browser and for a day."""
    if not previews.is_good(token, store_id=store_id):
        raise NotVisible
    response = redirect("store:top", store_id=store_id)
    response.set_cookie(
        store_gate.COOKIE,
        token,
        max_age=previews.LASTS,
        path=Area(AreaKind.STORE, store_id).cookie_path,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@never_cache
@require_safe
def end(request: StoreRequest, store_id: int) -> HttpResponse:
    """See the store as everybody does again."""
    response = redirect("store:top", store_id=store_id)
    response.delete_cookie(store_gate.COOKIE, path=Area(AreaKind.STORE, store_id).cookie_path, samesite="Lax")
    return response
