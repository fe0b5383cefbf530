"""エンドユーザー情報 of an order: one web form for each vendor that asks for it."""

from http import HTTPStatus
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.records import idempotency
from licenseonline.sales import end_users, papers
from licenseonline.sales.models import Order, VendorForm
from licenseonline.web.access import member_required
from licenseonline.web.member.end_user_forms import EndUserForm
from licenseonline.web.requests import MemberRequest


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: MemberRequest, store_id: int, number: str, form_id: int) -> HttpResponse:
    """Fill in one vendor's form, or change what was said."""
    order = get_object_or_404(Order.objects.visible_to(request.member).select_related("member"), number=number)
    order.store = request.store
    asked = next((one for one in end_users.forms_of(order) if one.pk == form_id), None)
    if asked is None:
        raise Http404
    page = reverse("store:order", args=[store_id, number])
    if order.state not in papers.UNDER_WAY or not request.member.can_quote:
        messages.info(request, _("このご注文のエンドユーザー情報は変更できません。"))
        return redirect(page)
    if request.method == "POST":
        form = EndUserForm(asked, request.POST)
        if form.is_valid() and _fill(request, order, asked, form):
            return redirect(page)
    else:
        form = EndUserForm(asked, initial=end_users.prefilled(order, asked, member=request.member))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"order": order, "asked": asked, "form": form, "key": uuid4(), "page_url": page}
    return render(request, "web/member/order_end_user.html", context, status=status)


def _fill(request: MemberRequest, order: Order, asked: VendorForm, form: EndUserForm) -> bool:
    def do() -> str:
        end_users.fill(order, asked, form.answers, by=request.member)
        messages.success(request, _("「%(form)s」を保存しました。") % {"form": asked.name})
        return request.path

    body = {"path": request.path, **form.answers}
    try:
        idempotency.once(request.POST.get("key", ""), body, do, by=request.member, store_id=request.store.pk)
    except Refused as refusal:
        show_refusal(form, refusal)
        return False
    return True
