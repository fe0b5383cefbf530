"""What the product's pages are compared with: a bare Django view with one indexed query, 20 rows, no template."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare_settings"
os.environ.setdefault("DATABASE_POOL", "1")

import django

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils.html import escape  # noqa: E402

from licenseonline.catalog.models import Product  # noqa: E402


def rows(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The first page by an index, only the columns that are shown."""
    found = Product.objects.only("code", "name", "summary").order_by("-popularity", "id")[:20]
    shown = "".join(f"<tr><td>{escape(p.code)}<td>{escape(p.name)}<td>{escape(p.summary)}" for p in found)
    return HttpResponse(f"<!doctype html><title>Bare</title><table>{shown}</table>")


urlpatterns = [path("", rows)]
application = get_wsgi_application()
