"""担当: whose of the partner's staff a company is, on the console's pages and lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from licenseonline.accounts import assignments
from licenseonline.accounts.models import Company, CompanyState, SubjectKind, User
from licenseonline.kit.forms import choose_from
from licenseonline.kit.rights import Right
from licenseonline.web.access import partner_needs
from licenseonline.web.requests import StaffRequest


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whose companies a list shows: `person` is None for everybody's."""

    colleagues: list[User]
    person: User | None


def chosen(request: StaffRequest) -> Chosen:
    """The colleagues to choose from, and the one that the address names (`me` is oneself)."""
    colleagues = list(assignments.candidates(request.user))
    asked = request.GET.get("staff", "")
    asked = str(request.user.pk) if asked == "me" else asked
    return Chosen(colleagues, next((one for one in colleagues if str(one.pk) == asked), None))


def of_person(rows: QuerySet[Company], person: User | None, by: User) -> QuerySet[Company]:
    """Only whom this person looks after; everybody's without a person."""
    return rows if person is None else rows.filter(pk__in=assignments.ids_of(SubjectKind.COMPANY, person, by=by))


@partner_needs(Right.HELP_MEMBERS)
@require_POST
def assign(request: StaffRequest, store_id: int, company_id: int) -> HttpResponse:
    """Choose who looks after the company. It says who there shall be, so sending it twice is the same as once, without a key."""
    rows = Company.objects.visible_to(request.user).exclude(state=CompanyState.MERGED)
    company = get_object_or_404(rows, store_id=store_id, pk=company_id)
    form = AssignForm(request.POST, by=request.user)
    if form.is_valid():
        assignments.assign(company, user=form.cleaned_data["user"], by=request.user)
        messages.success(request, _("担当者を保存しました。"))
    else:
        messages.error(request, _("この担当者は選択できません。利用中の担当者から選び直してください。"))
    return redirect("partner:company", store_id=store_id, company_id=company_id)


class AssignForm(forms.Form):
    """Who looks after it; nobody when left empty."""

    user: forms.ModelChoiceField[User] = forms.ModelChoiceField(queryset=None, required=False)

    def __init__(self, data: Any = None, *, by: User) -> None:
        super().__init__(data)
        choose_from(self, "user", assignments.candidates(by))
