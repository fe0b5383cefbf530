"""Mails that tell a member what was changed about the account, when and from where, with the way to stop it.

The link's row keeps (encrypted) what its mail says, so that the mail can be written again with a new address in it.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.accounts import links, mail
from licenseonline.accounts.models import MailLink, Member
from licenseonline.kit import clock
from licenseonline.records.models import Message
from licenseonline.stores import stores

_STOP: Final = MailLink.Purpose.STOP


class Kind(StrEnum):
    """What happened. A new kind needs its title and sentence in `_WORDS`."""

    PASSWORD_CHANGED = "password_changed"  # noqa: S105  (a kind of mail)
    EMAIL_CHANGE_ASKED = "email_change_asked"
    EMAIL_CHANGED = "email_changed"
    PERSON_CHANGED = "person_changed"
    COMPANY_CHANGED = "company_changed"
    COMPANY_CHANGE_ASKED = "company_change_asked"
    BILLING_CHANGED = "billing_changed"
    NEWSLETTER_CHANGED = "newsletter_changed"
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    SECOND_FACTOR_RESET = "second_factor_reset"
    RECOVERY_CODE_USED = "recovery_code_used"
    RECOVERY_CODES_RENEWED = "recovery_codes_renewed"
    SIGNED_OUT_ELSEWHERE = "signed_out_elsewhere"
    WITHDRAWN = "withdrawn"
    INVITED = "invited"
    JOINED = "joined"
    ROLE_CHANGED = "role_changed"
    REMOVED = "removed"
    HANDED_OVER = "handed_over"
    COMPANIES_MERGED = "companies_merged"
    COMPANIES_SEPARATED = "companies_separated"
    ACTED_FOR = "acted_for"


_WORDS: Final[dict[Kind, tuple[Promise, Promise]]] = {
    Kind.PASSWORD_CHANGED: (gettext_lazy("パスワードを変更しました"), gettext_lazy("お客様のパスワードが変更されました。")),
    Kind.EMAIL_CHANGE_ASKED: (
        gettext_lazy("メールアドレスの変更を受け付けました"),
        gettext_lazy(
            "メールアドレスの変更のお手続きを受け付けました。新しいメールアドレスにお送りしたURLが開かれると、変更が完了します。"
        ),
    ),
    Kind.EMAIL_CHANGED: (
        gettext_lazy("メールアドレスを変更しました"),
        gettext_lazy("ご登録のメールアドレスが変更されました。今後のご案内は、新しいメールアドレスにお送りします。"),
    ),
    Kind.PERSON_CHANGED: (gettext_lazy("お客様情報を変更しました"), gettext_lazy("ご登録のお客様情報が変更されました。")),
    Kind.COMPANY_CHANGED: (gettext_lazy("会社情報を変更しました"), gettext_lazy("ご登録の会社情報が変更されました。")),
    Kind.COMPANY_CHANGE_ASKED: (
        gettext_lazy("会社情報の変更を受け付けました"),
        gettext_lazy("会社名・法人番号の変更のお申し込みを受け付けました。窓口で確認し、結果をメールでお知らせします。"),
    ),
    Kind.BILLING_CHANGED: (gettext_lazy("請求先情報を変更しました"), gettext_lazy("ご登録の請求先情報（銀行振込専用）が変更されました。")),
    Kind.NEWSLETTER_CHANGED: (
        gettext_lazy("メールマガジンの配信設定を変更しました"),
        gettext_lazy("メールマガジンの配信設定が変更されました。"),
    ),
    Kind.SECOND_FACTOR_ON: (
        gettext_lazy("二段階認証を設定しました"),
        gettext_lazy("二段階認証が設定されました。次回から、ログインの際に確認コードの入力が必要です。"),
    ),
    Kind.SECOND_FACTOR_OFF: (
        gettext_lazy("二段階認証を解除しました"),
        gettext_lazy("二段階認証が解除されました。次回から、パスワードだけでログインできます。"),
    ),
    Kind.SECOND_FACTOR_RESET: (
        gettext_lazy("二段階認証を解除しました"),
        gettext_lazy("ご依頼により、窓口で二段階認証を解除しました。次回から、パスワードだけでログインできます。"),
    ),
    Kind.RECOVERY_CODE_USED: (
        gettext_lazy("リカバリーコードが使われました"),
        gettext_lazy("リカバリーコードを使ったログインがありました。使ったコードは、もう使えません。"),
    ),
    Kind.RECOVERY_CODES_RENEWED: (
        gettext_lazy("リカバリーコードを作り直しました"),
        gettext_lazy("リカバリーコードが新しくなりました。以前のコードは、もう使えません。"),
    ),
    Kind.SIGNED_OUT_ELSEWHERE: (
        gettext_lazy("他の端末からログアウトしました"),
        gettext_lazy("お客様のお手続きにより、他の端末のログインを終了しました。"),
    ),
    Kind.WITHDRAWN: (gettext_lazy("退会のお手続きが完了しました"), gettext_lazy("退会のお手続きが完了しました。これまでのご利用、誠にありがとうございました。")),
    Kind.INVITED: (gettext_lazy("担当者を招待しました"), gettext_lazy("次の方を、貴社の担当者として招待しました。")),
    Kind.JOINED: (gettext_lazy("担当者が登録されました"), gettext_lazy("招待された方が、貴社の担当者として登録されました。")),
    Kind.ROLE_CHANGED: (gettext_lazy("権限が変更されました"), gettext_lazy("お客様の権限が変更されました。")),
    Kind.REMOVED: (
        gettext_lazy("会員登録が解除されました"),
        gettext_lazy("貴社の管理者により、お客様の会員登録が解除されました。今後このストアにはログインできません。"),
    ),
    Kind.HANDED_OVER: (
        gettext_lazy("管理者を変更しました"),
        gettext_lazy("貴社からのご依頼により、窓口で貴社の管理者を変更しました。"),
    ),
    Kind.COMPANIES_MERGED: (
        gettext_lazy("会社情報を統合しました"),
        gettext_lazy("窓口で、同じ会社として登録されていた2件の会社情報を1件に統合しました。見積・注文・契約の履歴は、まとめてご覧いただけます。"),
    ),
    Kind.COMPANIES_SEPARATED: (
        gettext_lazy("会社情報の統合を取り消しました"),
        gettext_lazy("窓口で、会社情報の統合を取り消しました。見積・注文・契約の履歴は、統合前の会社ごとにご覧いただけます。"),
    ),
    Kind.ACTED_FOR: (
        gettext_lazy("お客様に代わっての操作（代理操作）を開始しました"),
        gettext_lazy("ストアの担当者が、お客様に代わって操作（代理操作）を始めました。操作の内容は、会員情報の「代理操作の記録」でご覧いただけます。"),
    ),
}  # fmt: skip


class Notice(TypedDict):
    """What a notice says and to whom, as the link of its stop page keeps it."""

    kind: str
    to: str
    at: str
    device: str
    facts: list[list[str]]


def send(  # noqa: PLR0913  (a mail has that many parts, all named)
    member: Member,
    kind: Kind,
    *,
    device: str = "",
    to: str = "",
    facts: Mapping[str, str] | None = None,
    can_stop: bool = True,
) -> Message:
    """Tell the member what was changed. Queue it with the change itself, in its transaction.

    `device` is the browser's name (web/devices.py) or who acted (窓口, a colleague's name); `to` is another address than the
    member's, such as the one of before; `facts` are further lines, label and value, with nothing secret in them. `can_stop`
    adds the link that signs the member out everywhere and replaces the password; it is left out for who is no member any more.
    """
    notice = Notice(
        kind=Kind(kind).value,
        to=to or member.email,
        at=clock.now().isoformat(),
        device=device,
        facts=[[str(label), str(value)] for label, value in (facts or {}).items()],
    )
    if not can_stop or not member.is_active:
        return _queue(member, notice)
    link, secret = links.issue(_STOP, member=member, address=json.dumps(notice, ensure_ascii=False))
    return _queue(member, notice, link=link, secret=secret)


def told_by(link: MailLink) -> Notice:
    """What the mail of this stop link said."""
    notice: Notice = json.loads(links.address_of(link))
    return notice


def title(notice: Notice) -> str:
    """What the change is called, for the stop page."""
    return str(_WORDS[Kind(notice["kind"])][0])


def _queue(member: Member, notice: Notice, *, link: MailLink | None = None, secret: str = "") -> Message:
    context = {
        "title": title(notice),
        "sentence": str(_WORDS[Kind(notice["kind"])][1]),
        "at": datetime.fromisoformat(notice["at"]),
        "device": notice["device"] or _("不明な端末"),
        "facts": notice["facts"],
    }
    if link is None:
        return mail.send("security_notice", member, {**context, "link": ""}, to=notice["to"])
    # The page is the storefront's; its address is part of this mail and stays as it is.
    page = stores.url(member.store, f"/{member.store_id}/stop/{secret}")
    return mail.send("security_notice", member, context, to=notice["to"], secrets={"link": page}, renew=link.renewal)


def _again(link: MailLink, secret: str) -> Message:
    """The notice of a link that was renewed."""
    if link.member is None:
        message = "a stop link is always a member's"
        raise ValueError(message)
    return _queue(link.member, told_by(link), link=link, secret=secret)


links.MAILS[_STOP] = _again
