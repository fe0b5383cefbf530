"""会員情報 and the pages under it."""

from django.urls import path

from licenseonline.web.member import addresses, approvals, company, profile, withdrawal

urlpatterns = [
    path("member/profile/", profile.show, name="profile"),
    path("member/profile/person", profile.person, name="profile_person"),
    path("member/profile/company", company.company, name="profile_company"),
    path("member/profile/company/name", company.name, name="profile_company_name"),
    path("member/profile/billing", company.billing, name="profile_billing"),
    path("member/profile/email", addresses.change, name="profile_email"),
    path("member/profile/email/<slug:secret>", addresses.confirm, name="profile_email_confirm"),
    path("member/profile/acting", profile.acted_for, name="profile_acting"),
    path("member/profile/newsletter", profile.newsletter, name="profile_newsletter"),
    path("member/profile/withdraw", withdrawal.withdraw, name="profile_withdraw"),
    path("member/profile/approvals", approvals.settings, name="profile_approvals"),
    path("member/profile/approvals/approvers", approvals.name_approver, name="approver_name"),
    path(
        "member/profile/approvals/approvers/<int:approver_id>/remove", approvals.remove_approver, name="approver_remove"
    ),
    path("withdrawn", withdrawal.withdrawn, name="withdrawn"),
]
