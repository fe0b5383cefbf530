"""会員情報: what the store knows of the member and the company."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from licenseonline.web.access import member_required
from licenseonline.web.requests import MemberRequest

# The notice's entries; until each has its page, the desk does it.
_CHANGES = [
    _("会社情報の変更"),
    _("お客様情報の変更"),
    _("メールアドレスの変更"),
    _("パスワードの変更"),
    _("メールマガジンの配信設定"),
    _("退会手続き"),
    _("請求先情報の変更（銀行振込専用）"),
]


@member_required
@require_safe
def show(request: MemberRequest, store_id: int) -> HttpResponse:
    """The member's and the company's data, and how to change it."""
    return render(request, "web/member/profile.html", {"company": request.member.company, "changes": _CHANGES})
