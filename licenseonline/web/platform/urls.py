"""The platform's own pages."""

from django.urls import path

from licenseonline.web.platform import pages

app_name = "platform"

urlpatterns = [
    path("", pages.home, name="home"),
    path("contents/static/topterm.html", pages.terms, name="terms"),
]
