"""退会手続き."""

from django.contrib.auth import logout as end_session
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from licenseonline.kit.networks import client_network
from licenseonline.sales import withdrawals
from licenseonline.web.access import member_required
from licenseonline.web.member import changes
from licenseonline.web.member.profile_forms import WithdrawalForm
from licenseonline.web.requests import MemberRequest, StoreRequest


@sensitive_post_parameters("current")
@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: MemberRequest, store_id: int) -> HttpResponse:
    """What stays and why, what stands against it, and the form that ends the membership at this store."""
    form = WithdrawalForm(request.POST or None)

    def do() -> None:
        withdrawals.withdraw(
            request.member, password=form.cleaned_data["current"], network=client_network(request.META),
            by=request.member, device=changes.device(request),
        )  # fmt: skip

    if changes.succeeded(request, form, do):
        end_session(request)
        return redirect("store:withdrawn", store_id=store_id)
    return changes.page(request, "profile_withdraw", form, {"obstacle": withdrawals.obstacle(request.member)})


@require_safe
def withdrawn(request: StoreRequest, store_id: int) -> HttpResponse:
    """Where one is afterwards: a visitor."""
    return render(request, "web/storefront/withdrawn.html")
