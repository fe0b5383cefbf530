"""会社情報の変更 and 請求先情報の変更（銀行振込専用）: for the company's administrators."""

import hashlib
from uuid import uuid4

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from licenseonline.accounts import company_changes, company_profiles
from licenseonline.accounts.models import CompanyChange
from licenseonline.records import idempotency
from licenseonline.web.access import member_required
from licenseonline.web.member import changes
from licenseonline.web.member.profile_forms import AddressSearchForm, BillingForm, CompanyForm, CompanyNameForm
from licenseonline.web.requests import MemberRequest


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def company(request: MemberRequest, store_id: int) -> HttpResponse:
    """会社情報の変更: address, numbers and kind at once; the name and corporate number lead to a request."""
    member, mine = request.member, request.member.company
    company_profiles.check_may_change(mine, by=member)
    form = CompanyForm(request.POST or None, initial=CompanyForm.initial_of(mine))
    context = {"company": mine, "change": _latest(request)}
    if "find_address" in request.POST:
        return _with_address(request, "profile_company", form, context)

    def do() -> None:
        company_profiles.change(mine, form.cleaned_data, by=member, device=changes.device(request))

    done = changes.answered(request, form, do, _("会社情報を変更しました。"))
    return done or changes.page(request, "profile_company", form, context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: MemberRequest, store_id: int) -> HttpResponse:
    """会社名・法人番号の変更: a request with a paper, which the desk reviews."""
    mine = request.member.company
    company_profiles.check_may_change(mine, by=request.member)
    initial = {"name": mine.name, "kana": mine.kana, "corporate_number": mine.corporate_number}
    form = CompanyNameForm(request.POST or None, request.FILES or None, initial=initial)
    done = changes.answered(
        request,
        form,
        lambda: _ask(request, form),
        _("会社名・法人番号の変更のお申し込みを受け付けました。確認の結果はメールでお知らせします。"),
        to="store:profile_company",
    )
    waiting = company_changes.open_change(mine)
    context = {"company": mine, "waiting": waiting, "key": uuid4(), "had_file": bool(request.FILES)}
    return done or changes.page(request, "profile_company_name", form, context)


def _ask(request: MemberRequest, form: CompanyNameForm) -> None:
    paper = form.cleaned_data["paper"]

    def do() -> str:
        device = changes.device(request)
        asked = company_changes.ask(request.member.company, form.names, paper=paper, by=request.member, device=device)
        return str(asked.pk)

    body = {"do": "company_changes.ask", **form.names, "paper": hashlib.sha256(paper.content).hexdigest()}
    idempotency.once(form.cleaned_data["key"], body, do, by=request.member, store_id=request.store.pk)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def billing(request: MemberRequest, store_id: int) -> HttpResponse:
    """請求先情報の変更（銀行振込専用）."""
    member, mine = request.member, request.member.company
    company_profiles.check_may_change(mine, by=member)
    contact = company_profiles.billing_of(mine)
    form = BillingForm(request.POST or None, initial=BillingForm.initial_of(mine, contact, member))
    if "find_address" in request.POST:
        return _with_address(request, "profile_billing", form, {})
    done = changes.answered(request, form, lambda: _bill(request, form), _("請求先情報を変更しました。"))
    return done or changes.page(request, "profile_billing", form)


def _bill(request: MemberRequest, form: BillingForm) -> None:
    member, device = request.member, changes.device(request)
    if form.cleaned_data["same"]:
        company_profiles.clear_billing(member.company, by=member, device=device)
    else:
        company_profiles.set_billing(member.company, form.cleaned_data, by=member, device=device)


def _with_address(
    request: MemberRequest, name: str, form: AddressSearchForm, context: dict[str, object]
) -> HttpResponse:
    filled, found = form.with_address()
    return changes.page(request, name, filled, {**context, "address_found": found})


def _latest(request: MemberRequest) -> CompanyChange | None:
    """The last request, while it waits or if it came back."""
    last = CompanyChange.objects.visible_to(request.member).order_by("-id").first()
    return None if last is None or last.state == CompanyChange.State.ACCEPTED else last
