"""A customer's history as the desk reads it: what was done, by whom, and each recorded fact."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts import colleagues
from licenseonline.accounts.models import Company, Member, Role, Side, User
from licenseonline.backoffice import platform_events
from licenseonline.backoffice.platform_events import Change, Event
from licenseonline.catalog.models import Paper
from licenseonline.kit.actors import ActorKind
from licenseonline.kit.money import format_yen
from licenseonline.kit.tenancy import StoreModel
from licenseonline.licensing.models import Contract
from licenseonline.records import history
from licenseonline.records.models import HistoryEntry, Message
from licenseonline.sales import timelines
from licenseonline.sales.models import Approver, Quote, VendorOrder

_EVENTS: Final[Mapping[str, Promise]] = {
    "company.registered": _("会員登録"),
    "company.approved": _("承認"),
    "company.refused": _("お取引不可"),
    "company.changed": _("会社情報の変更"),
    "company.change_asked": _("会社名などの変更の申請"),
    "company.change_accepted": _("会社名などの変更の承認"),
    "company.change_returned": _("会社名などの変更の差し戻し"),
    "company.billing_changed": _("請求先の変更"),
    "company.billing_cleared": _("請求先の削除"),
    "company.handed_over": _("管理者の引き継ぎ"),
    "company.holding_entered": _("保有の登録"),
    "company.holding_withdrawn": _("保有の取り消し"),
    "company.merged": _("会社の統合"),
    "company.merged_into": _("別の会社への統合"),
    "company.merge_undone": _("会社の統合の取り消し"),
    "company.approval_set": _("社内承認の設定"),
    "company.approver_named": _("承認者の登録"),
    "company.approver_removed": _("承認者の削除"),
    "contract.opened": _("契約の開始"),
    "contract.added": _("契約への追加"),
    "contract.renewed": _("契約の更新・切り替え"),
    "member.registered": _("会員登録"),
    "member.joined": _("招待からの参加"),
    "member.invited": _("会員の招待"),
    "member.invitation_withdrawn": _("招待の取り消し"),
    "member.verified": _("メールアドレスの認証"),
    "member.person_changed": _("会員情報の変更"),
    "member.role_changed": _("権限の変更"),
    "member.removed": _("登録の解除"),
    "member.withdrawn": _("退会"),
    "member.anonymised": _("個人情報の消去"),
    "member.email_change_asked": _("メールアドレス変更の申し込み"),
    "member.email_changed": _("メールアドレスの変更"),
    "member.email_restored": _("メールアドレスの復元"),
    "member.change_stopped": _("変更の取り消し"),
    "member.newsletter_chosen": _("メールマガジンの設定"),
    "member.password_changed": _("パスワードの変更"),
    "member.temporary_password_sent": _("仮パスワードの送信"),
    "member.temporary_password_used": _("仮パスワードでのログイン"),
    "member.recovery_code_used": _("リカバリーコードの使用"),
    "member.recovery_codes_renewed": _("リカバリーコードの再発行"),
    "member.second_factor_on": _("二段階認証の設定"),
    "member.second_factor_off": _("二段階認証の解除"),
    "member.second_factor_reset": _("運営・パートナーによる二段階認証の解除"),
    "member.signed_out": _("全端末からのログアウト"),
    "member.acting_begun": _("代理操作の開始"),
    "mail.resent": _("メールの再送"),
    "member.acting_ended": _("代理操作の終了"),
    "quote.issued": _("見積の発行"),
    "quote.issued_again": _("再見積の発行"),
    "quote.prepared": _("見積の下書きの作成"),
    "quote.rewritten": _("見積の下書きの書き直し"),
    "quote.awaits_head": _("粗利の承認の依頼"),
    "quote.margin_allowed": _("粗利の承認"),
    "quote.margin_returned": _("粗利の承認の差し戻し"),
    "quote.sent": _("見積の送付"),
    "quote.entered": _("届いた注文からの見積の作成"),
    "quote.revised": _("見積の改訂"),
    "quote.withdrawn": _("見積の取り下げ"),
    "quote.forgotten": _("見積の宛先のメールアドレスの消去"),
    "quote.claimed": _("会員登録による見積の引き継ぎ"),
    "request.asked": _("見積依頼"),
    "request.replied": _("見積依頼への返信"),
    "request.answered": _("見積依頼への回答"),
    "request.quote_prepared": _("見積依頼への見積の作成"),
    "request.quoted": _("見積依頼への見積の送付"),
    "request.closed": _("見積依頼の終了"),
    "quote.link_created": _("見積の共有URLの発行"),
    "quote.link_opened": _("見積の共有URLの閲覧"),
    "quote.link_withdrawn": _("見積の共有URLの停止"),
    "quote.approved": _("社内承認：承認"),
    "quote.returned": _("社内承認：差し戻し"),
    "order.paper_asked": _("書類のご提出の依頼"),
    "order.paper_handed_in": _("書類のご提出"),
    "order.paper_asked_again": _("書類のご提出の再依頼"),
    "order.paper_accepted": _("書類の受理"),
    "order.paper_returned": _("書類の差し戻し"),
    "order.paper_sent": _("書類の送付"),
    "order.paper_filed": _("書類の登録"),
    "order.paper_waived": _("書類の免除"),
    **{event: words[0] for event, words in timelines.EVENTS.items()},
    **{f"{kind}.assigned": _("担当の決定") for kind in ("company", "member", "quote", "order")},
    **{f"{kind}.released": _("担当の解除") for kind in ("company", "member", "quote", "order")},
}
_FACTS: Final[Mapping[str, Promise]] = {
    "after": _("変更後"),
    "amount_yen": _("金額"),
    "before": _("変更前"),
    "fields": _("変更した項目"),
    "approver_id": _("承認者"),
    "contract_id": _("契約"),
    "for_member": _("代理されたお客様"),
    "kept_id": _("統合先の会社"),
    "merged_id": _("統合した会社"),
    "message_id": _("メール"),
    "quote_id": _("見積"),
    "vendor_order_id": _("メーカー発注"),
    "instead_of": _("前の管理者"),
    "kind": _("種類"),
    "limit_yen": _("承認できる金額の上限"),
    "lines": _("明細の数"),
    "ordered_on": _("発注日"),
    "own_prices": _("ストアと異なる単価"),
    "paper": _("書類"),
    "revision": _("版"),
    "reason": _("理由"),
    "role": _("権限"),
    "rows": _("移した件数"),
    "sessions": _("ログアウトした端末の数"),
    "side": _("担当の側"),
    "source": _("受け取り方"),
    "state": _("状態"),
    "temporary": _("仮パスワードから"),
    "to": _("新しい管理者"),
    "total_yen": _("合計（税込）"),
    "user": _("担当者"),
    "wanted": _("受け取る"),
    "is_on": _("社内承認を使う"),
    "buyer_limit_yen": _("購買担当が承認なしで注文できる金額"),
    "admin_limit_yen": _("管理者が承認なしで注文できる金額"),
}
_FIELDS: Final[Mapping[str, Promise]] = {
    "name": _("名前"),
    "kana": _("フリガナ"),
    "corporate_number": _("法人番号"),
    "department": _("部署"),
    "title": _("役職"),
    "person": _("ご担当者"),
    "phone": _("電話番号"),
    "fax": _("FAX番号"),
    "email": _("メールアドレス"),
    "postal_code": _("郵便番号"),
    "prefecture": _("都道府県"),
    "city": _("市区町村"),
    "street": _("番地"),
    "building": _("建物名"),
}
_STAFF: Final = {"user"}
_MEMBERS: Final = {"for_member", "to", "instead_of"}
# What a fact's id is the id of; each is said as its page calls it. Other ids tie rows together and say nothing to a reader.
_ROWS: Final[Mapping[str, type[Model]]] = {
    "approver_id": Approver,
    "contract_id": Contract,
    "kept_id": Company,
    "merged_id": Company,
    "message_id": Message,
    "quote_id": Quote,
    "vendor_order_id": VendorOrder,
}
_UNSAID: Final = {"link", "ticket"}
_CHOICES: Final = {
    "role": Role,
    "before": Role,
    "after": Role,
    "side": Side,
    "paper": Paper,
    "reason": colleagues.Reason,
}


def of(subject: StoreModel) -> list[Event]:
    """The subject's whole history, newest first; four queries and one for each kind of _ROWS that its facts name.

    For who may see the subject's desk page.
    """
    entries = list(history.of(subject))
    names = _Names(entries)
    own = [
        Event(
            at=entry.at,
            label=str(_EVENTS.get(entry.event, entry.event)),
            who=names.who(entry),
            changes=[_change(name, value, names) for name, value in entry.facts.items() if _is_said(name)],
        )
        for entry in entries
    ]
    platform = platform_events.described(history.of_platform(subject))
    return sorted([*own, *platform], key=lambda event: event.at, reverse=True)


def _is_said(name: str) -> bool:
    return name in _ROWS or not (name in _UNSAID or name.endswith("_id"))


class _Names:
    """The people of some entries, who did it and whom its facts name, and the other rows that these name."""

    def __init__(self, entries: Iterable[HistoryEntry]) -> None:
        staff: set[int | None] = set()
        members: set[int | None] = set()
        for entry in entries:
            by = members if entry.actor_kind == ActorKind.MEMBER else staff
            by.add(entry.actor_id)
            staff |= {entry.facts.get(name) for name in _STAFF}
            members |= {entry.facts.get(name) for name in _MEMBERS}
        self.staff: Mapping[int, Model] = User.objects.in_bulk([pk for pk in staff if pk])
        self.members: Mapping[int, Model] = Member.objects.in_bulk([pk for pk in members if pk])
        self.rows = {name: _named(name, entries) for name in _ROWS}

    def who(self, entry: HistoryEntry) -> str:
        """The side and the name of who did it."""
        side = str(timelines.ACTORS.get(entry.actor_kind, entry.actor_kind))
        people = self.members if entry.actor_kind == ActorKind.MEMBER else self.staff
        person = people.get(entry.actor_id or 0)
        return gettext("%(side)s：%(name)s") % {"side": side, "name": getattr(person, "name", "")} if person else side

    def of_fact(self, name: str, value: object) -> str | None:
        """Whom or what the fact names; None for a fact that names nobody."""
        if name in _ROWS:
            row = self.rows[name].get(value) if isinstance(value, int) else None
            if row is not None:
                return str(row)
            return None if value is None else gettext("（削除済み）")
        people = self.staff if name in _STAFF else self.members if name in _MEMBERS else {}
        person = people.get(value) if isinstance(value, int) else None
        return None if person is None else str(getattr(person, "name", ""))


def _named(name: str, entries: Iterable[HistoryEntry]) -> Mapping[int, Model]:
    """The rows that this fact names, by id; no query where it names none."""
    ids = {entry.facts[name] for entry in entries if entry.facts.get(name)}
    return _ROWS[name]._base_manager.in_bulk(list(ids)) if ids else {}


def _change(name: str, value: object, names: _Names) -> Change:
    label = str(_FACTS.get(name, _FIELDS.get(name, name)))
    return Change(label, None, names.of_fact(name, value) or _words(name, value))


def _words(name: str, value: object) -> str:
    if isinstance(value, bool):
        return gettext("はい") if value else gettext("いいえ")
    if value is None or value == "":
        return gettext("（なし）")
    if name.endswith("_yen") and isinstance(value, int):
        return format_yen(value)
    if name == "fields":
        return gettext("、").join(str(_FIELDS.get(part, part)) for part in str(value).split(","))
    choices = _CHOICES.get(name)
    return str(dict(choices.choices).get(str(value), value)) if choices else str(value)
