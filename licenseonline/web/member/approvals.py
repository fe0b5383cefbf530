"""会員情報 > 社内承認の設定, and the links of one quotation (稟議)."""

from http import HTTPStatus
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from licenseonline.accounts import company_profiles
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import choose_from
from licenseonline.records import idempotency
from licenseonline.sales import approvals, quote_links
from licenseonline.sales.models import Approver, Quote, QuoteLink
from licenseonline.web.access import member_required
from licenseonline.web.member.approval_forms import ApproverForm, LinkForm, PolicyForm
from licenseonline.web.member.changes import succeeded
from licenseonline.web.requests import MemberRequest


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: MemberRequest, store_id: int) -> HttpResponse:
    """Whether approval is asked for; POST sets it. Sending the same twice is the same as once, without a key."""
    company = request.member.company
    company_profiles.check_may_change(company, by=request.member)
    policy = approvals.policy_of(company)
    names = ("is_on", "buyer_limit_yen", "admin_limit_yen")
    form = PolicyForm(request.POST or None, initial={name: getattr(policy, name) for name in names})
    if succeeded(request, form, lambda: _set(request, form)):
        return _done(request, _("社内承認の設定を保存しました。"))
    return _page(request, form, ApproverForm())


def _set(request: MemberRequest, form: PolicyForm) -> None:
    asked = form.cleaned_data
    limits = approvals.Limits(buyer_yen=asked["buyer_limit_yen"], admin_yen=asked["admin_limit_yen"])
    approvals.set_policy(request.member.company, is_on=asked["is_on"], limits=limits, by=request.member)


@member_required
@require_POST
def name_approver(request: MemberRequest, store_id: int) -> HttpResponse:
    """Somebody who may say yes; the same address again changes name and limit, so no key is needed."""
    company = request.member.company
    company_profiles.check_may_change(company, by=request.member)
    form = ApproverForm(request.POST)
    if succeeded(request, form, lambda: approvals.name_approver(company, **form.cleaned_data, by=request.member)):
        return _done(request, _("%(name)s 様を承認者に登録しました。") % {"name": form.cleaned_data["name"]})
    policy = approvals.policy_of(company)
    names = ("is_on", "buyer_limit_yen", "admin_limit_yen")
    return _page(request, PolicyForm(initial={name: getattr(policy, name) for name in names}), form)


@member_required
@require_POST
def remove_approver(request: MemberRequest, store_id: int, approver_id: int) -> HttpResponse:
    """Off the list; the second of two clicks finds nothing to do."""
    approver = get_object_or_404(Approver.objects.visible_to(request.member), pk=approver_id)
    try:
        approvals.remove_approver(approver, by=request.member)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("store:profile_approvals", store_id=store_id)
    return _done(request, _("%(name)s 様を承認者から外しました。") % {"name": approver.name})


@member_required
@require_POST
def create_link(request: MemberRequest, store_id: int, number: str) -> HttpResponse:
    """An address for a colleague; with an approver it is mailed to them."""
    quote = get_object_or_404(Quote.objects.visible_to(request.member), number=number)
    form = link_form(request, request.POST)
    page = reverse("store:quote", args=[store_id, number]) + "#approval"
    if not form.is_valid():
        messages.error(request, " ".join(str(text) for errors in form.errors.values() for text in errors))
        return redirect(page)
    try:
        return redirect(_create(request, quote, form, page))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect(page)


def _create(request: MemberRequest, quote: Quote, form: LinkForm, page: str) -> str:
    approver, label = form.cleaned_data["approver"], form.cleaned_data["label"]

    def do() -> str:
        quote_links.create(quote, label=label, approver=approver, by=request.member)
        asked = _("%(name)s 様へ承認の依頼をお送りします。") % {"name": approver.name} if approver else ""
        messages.success(request, asked or _("閲覧用のURLを作成しました。コピーしてお渡しください。"))
        return page

    body = {"do": "quote_links.create", "quote": quote.pk, "approver": approver and approver.pk, "label": label}
    return idempotency.once(form.cleaned_data["key"], body, do, by=request.member, store_id=request.store.pk)


@member_required
@require_POST
def withdraw_link(request: MemberRequest, store_id: int, link_id: int) -> HttpResponse:
    """The address opens nothing any more; the second of two clicks finds it so."""
    link = get_object_or_404(QuoteLink.objects.visible_to(request.member).select_related("quote"), pk=link_id)
    try:
        quote_links.withdraw(link, by=request.member)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("URLを無効にしました。"))
    return redirect(reverse("store:quote", args=[store_id, link.quote.number]) + "#approval")


def link_form(request: MemberRequest, data: QueryDict | None = None) -> LinkForm:
    """With the company's own approvers to choose from."""
    form = LinkForm(data, initial={"key": uuid4()})
    known = Approver.objects.visible_to(request.member).filter(is_active=True).order_by("id")
    choose_from(form, "approver", known)
    return form


def _new_link_form(request: MemberRequest, quote: Quote, *, has_approvers: bool) -> LinkForm | None:
    if not (quote.can_be_ordered and request.member.can_quote):
        return None
    form = link_form(request)
    if not has_approvers:
        del form.fields["approver"]
    return form


def context(request: MemberRequest, quote: Quote) -> dict[str, object]:
    """What the quotation's page shows of approval: where it stands, its links, and the form for another one."""
    is_on, has_approvers, has_links = approvals.what_there_is(quote)
    return {
        "standing": approvals.standing(quote, by=request.member) if is_on or has_links else approvals.Standing(),
        "links": quote_links.shown(quote, by=request.member) if has_links else [],
        "link_form": _new_link_form(request, quote, has_approvers=has_approvers),
    }


def _page(request: MemberRequest, form: PolicyForm, approver_form: ApproverForm) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors or approver_form.errors else HTTPStatus.OK
    context = {
        "form": form,
        "approver_form": approver_form,
        "approvers": approvals.approvers_of(request.member.company),
    }
    return render(request, "web/member/approvals.html", context, status=status)


def _done(request: MemberRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("store:profile_approvals", store_id=request.store.pk)
