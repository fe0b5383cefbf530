"""The ways to change things, as 会員情報 lists them: in the words of the renewal notice."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under a heading: what each is called, and its route. `admins_only`: some are for 管理者 alone."""

    heading: Promise
    entries: tuple[tuple[Promise, str], ...]
    admins_only: bool = False


CHANGES = Group(
    _("会員情報変更"),
    (
        (_("会社情報の変更"), "profile_company"),
        (_("お客様情報の変更"), "profile_person"),
        (_("メールアドレスの変更"), "profile_email"),
        (_("パスワードの変更"), "password"),
        (_("メールマガジンの配信設定"), "profile_newsletter"),
        (_("退会手続き"), "profile_withdraw"),
    ),
)
# Beside them.
OTHERS = (
    Group(_("請求先情報"), ((_("請求先情報の変更（銀行振込専用）"), "profile_billing"),), admins_only=True),
    Group(
        _("ログインの安全"),
        (
            (_("ログイン中の端末"), "sessions"),
            (_("二段階認証"), "second_factor"),
            (_("代理操作の記録"), "profile_acting"),
        ),
    ),
    Group(_("ご担当者"), ((_("担当者の管理"), "colleagues"),)),
    Group(_("社内承認"), ((_("社内承認の設定"), "profile_approvals"),), admins_only=True),
)
