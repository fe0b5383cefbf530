"""What the product's pages are compared with: a bare Django view with one indexed query, 20 rows, no template."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare_settings"
os.environ.setdefault("DATABASE_POOL", "1")

import django

django.setup()

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import escape

from licenseonline.catalog.models import Product


def rows(request: HttpRequest) -> HttpResponse:
    """The first page by an index, only the columns that are shown."""
    found = Product.objects.only("code", "name", "summary").order_by("-popularity", "id")[:20]
    shown = "".join(f"<tr><td>{escape(p.code)}<td>{escape(p.name)}<td>{escape(p.summary)}" for p in found)
    return HttpResponse(f"<!doctype html><title>Bare</title><table>{shown}</table>")


urlpatterns = [path("", rows)]
application = get_wsgi_application()
