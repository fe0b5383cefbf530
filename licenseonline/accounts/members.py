"""What a member may do, and what the platform does for people who look for their store."""

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from licenseonline.accounts import failures, mail
from licenseonline.accounts.models import CompanyState, Member, Role
from licenseonline.kit import crypto, rights, scope, sql
from licenseonline.kit.errors import Refused
from licenseonline.kit.text import normalize_email
from licenseonline.stores import stores
from licenseonline.stores.models import Store, StoreState

MOST_PER_HOUR = 5
# The company first: who withdraws, removes or merges locks in this order too, so that nobody waits in a circle.
_HOLD: Final = """
    SELECT 1 FROM accounts_company c JOIN accounts_member m ON m.store_id = c.store_id AND m.company_id = c.id
    WHERE m.store_id = %(store)s AND m.id = %(member)s AND m.is_active
    FOR KEY SHARE OF c FOR SHARE OF m
"""


def hold(member: Member) -> None:
    """Keep the member from leaving or being removed until the transaction ends. Refused: `withdrawn`, who is none any more.

    A request read its member a while ago; a withdrawal that looks for open orders must not overlook the one being placed.
    """
    if not sql.rows(_HOLD, store=member.store_id, member=member.pk):
        hint = _("この会員登録は退会または解除されているため、お手続きできません。")
        raise Refused(hint, code="withdrawn")


def check_may_quote(member: Member) -> None:
    """Refuse carts and quotations to who may not, with what to do: `viewer` (閲覧), `company_refused` (by the desk), `store_closed`."""
    stores.check_sells(member.store)
    if member.role == Role.VIEWER:
        hint = _("閲覧の権限では、見積の作成とご注文はできません。御社の管理者の方にご依頼ください。")
        raise Refused(hint, code="viewer")
    if member.company.state == CompanyState.REFUSED:
        raise Refused(
            _("恐れ入りますが、当ストアではお取引をお受けできません。窓口までお問い合わせください。"),
            code="company_refused",
        )


def check_may_order(member: Member) -> None:
    """Refuse ordering to who may not: as check_may_quote, `unverified` (address), `awaiting_approval` (company)."""
    check_may_quote(member)
    if not member.is_verified:
        hint = _(
            "ご注文にはメールアドレスの認証が必要です。認証メールに記載のURLを開いてください。"
            "メールは「会員情報」からもう一度お送りできます。"
        )
        raise Refused(hint, code="unverified")
    if member.company.state == CompanyState.AWAITING_APPROVAL:
        hint = _("ただいま窓口で会社情報を確認しています。確認が終わるとメールでお知らせし、ご注文いただけます。")
        raise Refused(hint, code="awaiting_approval")


def check_may_reveal(member: Member) -> None:
    """Refuse keys and certificates to who only looks at histories, `viewer` (閲覧), and to staff, `acting`."""
    rights.check_in_person(member)
    if member.role == Role.VIEWER:
        hint = _("閲覧の権限では、ライセンスキー・証書を表示できません。御社の管理者の方にご依頼ください。")
        raise Refused(hint, code="viewer")


def why_not_quote(member: Member) -> str:
    """What a page says instead of offering carts and quotations; empty for who may."""
    try:
        check_may_quote(member)
    except Refused as refusal:
        return refusal.message
    return ""


def why_not_order(member: Member) -> str:
    """What a page says instead of offering to order; empty for who may."""
    try:
        check_may_order(member)
    except Refused as refusal:
        return refusal.message
    return ""


def ask_for_stores(email: str, *, network: str) -> None:
    """Someone asks where an address is registered: the answer goes to that address only, by a job, for known addresses.

    Refused (`throttled`): more than MOST_PER_HOUR questions for one address or twenty times that from one network.
    """
    address = normalize_email(email)
    asked = failures.subject(f"stores:{address}")
    subjects = {asked: MOST_PER_HOUR, failures.subject(f"stores-network:{network}"): 20 * MOST_PER_HOUR}
    failures.one_at_a_time(asked)
    if failures.are_too_many(subjects, within=timedelta(hours=1)):
        raise Refused(_("ご依頼が続いています。1時間ほど経ってからもう一度お試しください。"), code="throttled")
    failures.count(subjects)
    mail_stores.defer(email=crypto.encrypt(address))


@app.task(name="accounts.members.mail_stores", retry=3)
def mail_stores(email: str) -> None:
    """Mail the stores where the (encrypted) address is registered; as the platform, because no store may learn of another."""
    address = crypto.decrypt(email)
    with scope.platform():
        found = Member.objects.filter(
            email=address, is_active=True, store__state__in=[StoreState.OPEN, StoreState.PAUSED]
        ).values("store")
        registered = list(Store.objects.filter(pk__in=found).order_by("name"))
        if registered:
            mail.stores_of_address(address, registered)
