"""A store's colours and logo, at addresses that change with them, so that they are cached for ever."""

from functools import lru_cache

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

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
    soft = "#" + "".join(f"{round(255 - (255 - part) * _SOFT):02x}" for part in _parts(brand))
    tokens = f"--brand: {brand}; --brand-ink: {ink}; --brand-soft: {soft}; --accent: {accent};"
    return f"@layer brand {{ :root {{ {tokens} }} }}\n"


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2.2 defines it, 1 to 21. Black or white always reaches 4.5 on any colour."""
    darker, lighter = sorted(_luminance(colour) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in _parts(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)  # noqa: PLR2004  (WCAG relative luminance)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
