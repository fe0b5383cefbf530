"""The platform's own pages: how to find one's store, and the terms of use."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from licenseonline.accounts import members
from licenseonline.kit.errors import Refused
from licenseonline.kit.networks import client_network
from licenseonline.web.platform.forms import FindStoresForm
from licenseonline.web.requests import AreaRequest


# Nobody is signed in here, so a forged request could do no more than its author could. A CSRF cookie on `/` would reach
# every store and take the place of the store's own.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: AreaRequest) -> HttpResponse:
    """Explains how to find one's store, and mails it; the answer is the same for known and unknown addresses."""
    form = FindStoresForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = _ask(request, form)
        if status == HTTPStatus.FOUND:
            return redirect(f"{reverse('platform:home')}?sent=1")
    context = {"form": form, "sent": request.method == "GET" and "sent" in request.GET}
    return render(request, "web/platform/home.html", context, status=status)


def _ask(request: AreaRequest, form: FindStoresForm) -> int:
    """The status to answer with: 302 asked, 422 mistyped, 429 too often."""
    if not form.is_valid():
        return 422
    try:
        members.ask_for_stores(form.cleaned_data["email"], network=client_network(request.META))
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return 429
    return 302


@require_safe
def terms(request: AreaRequest) -> HttpResponse:
    """利用規約 with its dates."""
    return render(request, "web/platform/terms.html")
