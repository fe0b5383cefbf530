"""会員情報: what the store knows of the member and the company, and what members change about themselves."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from licenseonline.accounts import acting, company_profiles, profiles
from licenseonline.kit.networks import client_network
from licenseonline.web.access import member_required
from licenseonline.web.member import changes
from licenseonline.web.member.profile_forms import NewsletterForm, PersonForm
from licenseonline.web.member.profile_menu import CHANGES, OTHERS
from licenseonline.web.requests import MemberRequest


@member_required
@require_safe
def show(request: MemberRequest, store_id: int) -> HttpResponse:
    """The member's and the company's data, and the ways to change them."""
    company = request.member.company
    billing = company_profiles.billing_of(company)
    columns = ((CHANGES,), OTHERS)
    return render(request, "web/member/profile.html", {"company": company, "billing": billing, "columns": columns})


@member_required
@require_safe
def acted_for(request: MemberRequest, store_id: int) -> HttpResponse:
    """代理操作の記録: what staff did for the member, and why."""
    return render(request, "web/member/profile_acting.html", {"records": acting.records(request.member)})


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: MemberRequest, store_id: int) -> HttpResponse:
    """お客様情報の変更."""
    member = request.member
    form = PersonForm(request.POST or None, initial=PersonForm.initial_of(member))

    def do() -> None:
        profiles.change_person(member, form.cleaned_data, by=member, device=changes.device(request))

    done = changes.answered(request, form, do, _("お客様情報を変更しました。"))
    return done or changes.page(request, "profile_person", form)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter(request: MemberRequest, store_id: int) -> HttpResponse:
    """メールマガジンの配信設定; the page is named in the proof of consent."""
    member = request.member
    sent = request.POST if request.method == "POST" else None
    form = NewsletterForm(sent, initial={"newsletter": member.newsletter})

    def do() -> None:
        profiles.choose_newsletter(
            member, wanted=form.cleaned_data["newsletter"], source="store:profile_newsletter",
            network=client_network(request.META), by=member, device=changes.device(request),
        )  # fmt: skip

    done = changes.answered(request, form, do, _("メールマガジンの配信設定を保存しました。"))
    return done or changes.page(request, "profile_newsletter", form)
