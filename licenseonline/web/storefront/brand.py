"""A store's colours and logo, at addresses that change with them, so that they are cached for ever."""

from functools import lru_cache

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from licenseonline.kit.colours import contrast, parts
from licenseonline.web.requests import StoreRequest

_FOREVER = "public, max-age=31536000, immutable"
_SOFT = 0.09  # the brand's share in its tint; the rest is white


@require_safe
def css(request: StoreRequest, store_id: int, digest: str) -> HttpResponse:
    """The brand's tokens; an old address leads to the present one."""
    if digest != request.store.brand_hash:
        return redirect(request.store.brand_css_url)
    sheet = stylesheet(request.store.brand, request.store.accent)
    return HttpResponse(sheet, content_type="text/css; charset=utf-8", headers={"Cache-Control": _FOREVER})


@require_safe
def logo(request: StoreRequest, store_id: int, digest: str) -> HttpResponse:
    """The logo. An SVG can hold scripts: opened as a page of its own, this policy lets none run."""
    if not request.store.logo_svg:
        raise Http404
    if digest != request.store.logo_hash:
        return redirect(request.store.logo_url)
    policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    headers = {"Cache-Control": _FOREVER, "Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(request.store.logo_svg, content_type="image/svg+xml; charset=utf-8", headers=headers)


@lru_cache(maxsize=256)
def stylesheet(brand: str, accent: str) -> str:
    """The tokens that a brand sets: its colour, the ink that reads better on it, its tint and its accent."""
    ink = "#ffffff" if contrast(brand, "#ffffff") >= contrast(brand, "#000000") else "#000000"
    soft = "#" + "".join(f"{round(255 - (255 - part) * _SOFT):02x}" for part in parts(brand))
    tokens = f"--brand: {brand}; --brand-ink: {ink}; --brand-soft: {soft}; --accent: {accent};"
    return f"@layer brand {{ :root {{ {tokens} }} }}\n"
