"""Products' pictures, at addresses that change with them, so that they are cached for ever."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from licenseonline.catalog.models import Product
from licenseonline.web.requests import StoreRequest

_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


@require_safe
def show(request: StoreRequest, store_id: int, code: str, digest: str) -> HttpResponse:
    """The picture of a product that the store sells; an old address leads to the present one."""
    sold = Product.objects.public(store_id).filter(picture__isnull=False).select_related("picture")
    picture = get_object_or_404(sold, code=code.replace("\0", "")).picture
    if digest != picture.digest:
        return redirect("store:picture", store_id=store_id, code=code, digest=picture.digest)
    return HttpResponse(bytes(picture.content), content_type="image/webp", headers=_HEADERS)
