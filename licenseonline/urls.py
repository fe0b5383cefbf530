"""The whole URL map."""

from django.conf import settings
from django.urls import include, path, register_converter

from licenseonline.web import health
from licenseonline.web.converters import Month, StoreNumber

register_converter(StoreNumber, "store")
register_converter(Month, "month")

handler400 = "licenseonline.web.errors.bad_request"
handler404 = "licenseonline.web.errors.not_found"

urlpatterns = [
    path("<store:store_id>/", include("licenseonline.web.storefront.urls")),
    path("", include("licenseonline.web.platform.urls")),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("partner/", include("licenseonline.web.partner.urls")),
    path("backoffice/", include("licenseonline.backoffice.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("licenseonline.demo.urls")))
