"""What happened to an order, in words, for the people who handle it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licenseonline.catalog.models import Paper
from licenseonline.kit import states
from licenseonline.kit.actors import ActorKind
from licenseonline.kit.money import format_yen
from licenseonline.records import history
from licenseonline.records.models import HistoryEntry
from licenseonline.sales.models import Order

# As staff and as the buyer read each event; %(amount)s is its money, %(paper)s its paper, %(expected)s the vendor's own day.
EVENTS = {
    "order.placed": (_("注文を受け付けました"), _("ご注文を承りました。")),
    "order.filed": (_("届いた注文を登録しました"), _("お送りいただいたご注文を承りました。")),
    "order.document_attached": (_("お客様の注文書が添付されました"), _("注文書を添付しました。")),
    "order.document_filed": (_("お客様の注文書を登録しました"), _("お送りいただいた注文書を登録しました。")),
    "order.received": (_("お客様が受領を確認しました"), _("受領を確認しました。")),
    "order.completed": (_("完了しました（納品から14日）"), _("お取引が完了しました。")),
    "order.refunded": (_("返金しました"), _("ご入金（%(amount)s）をご返金しました。")),
    "order.end_user_filled": (_("エンドユーザー情報が入力されました"), _("エンドユーザー情報を入力しました。")),
    "order.transfer_recorded": (_("入金を記録しました"), _("ご入金（%(amount)s）を確認しました。")),
    "order.vendor_ordered": (_("メーカーへ発注しました"), _("メーカーへ発注しました。")),
    "order.paper_asked": (_("書類を依頼しました：%(paper)s"), _("「%(paper)s」のご提出をお願いしました。")),
    "order.paper_handed_in": (_("書類が提出されました：%(paper)s"), _("「%(paper)s」をご提出いただきました。")),
    "order.paper_filed": (_("受け取った書類を登録しました：%(paper)s"), _("「%(paper)s」をお預かりし、登録しました。")),
    "order.paper_accepted": (_("書類を受理しました：%(paper)s"), _("「%(paper)s」を受理しました。")),
    "order.paper_returned": (_("書類を差し戻しました：%(paper)s"), _("「%(paper)s」の再度のご提出をお願いしました。")),
    "order.paper_asked_again": (
        _("証明の取り消しにより、書類をあらためて依頼しました：%(paper)s"),
        _("「%(paper)s」をあらためて確認することになりました。"),
    ),
    "order.paper_waived": (_("書類を不要としました：%(paper)s"), _("「%(paper)s」のご提出は不要になりました。")),
    "order.paper_sent": (_("書類をメーカーへ提出しました：%(paper)s"), _("「%(paper)s」をメーカーへ提出しました。")),
    "order.vendor_confirmed": (
        _("メーカーが受注を確認しました%(expected)s"),
        _("メーカーで手配が確認されました%(expected)s。"),
    ),
    "order.vendor_order_left": (_("メーカー発注から外しました"), _("メーカーへの手配を見直しています。")),
    "order.wished": (_("お客様からご依頼がありました"), _("ご依頼を承りました。")),
    "order.wish_granted": (_("ご依頼を承りました"), _("ご依頼に対応しました。")),
    "order.wish_refused": (_("ご依頼をお断りしました"), _("ご依頼にお応えできませんでした。")),
    "order.cancelled": (_("注文をキャンセルしました"), _("ご注文をキャンセルしました。")),
    "order.partly_delivered": (_("一部を納品しました"), _("ライセンスの一部を納品しました。")),
    "order.delivered": (_("納品しました"), _("ライセンスを納品しました。")),
}
_NO_STEPS = {"order.assigned", "order.released"}
ACTORS = {
    ActorKind.MEMBER: _("お客様"),
    ActorKind.PARTNER: _("セールスパートナー"),
    ActorKind.OPERATOR: _("運営"),
    "": _("システム"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One step: when, what, and what kind of person did it (`actor_id` tells staff who)."""

    at: datetime
    label: str
    actor: str
    actor_kind: str
    actor_id: int | None
    amount_yen: int | None


def of(order: Order) -> list[Event]:
    """The order's steps, oldest first. Whoever may see the order may see these; who looks after it is each side's own."""
    return [
        Event(
            at=entry.at,
            label=str(EVENTS[entry.event][0]) % _words(entry) if entry.event in EVENTS else entry.event,
            actor=_actor(entry),
            actor_kind=entry.actor_kind,
            actor_id=entry.actor_id,
            amount_yen=entry.facts.get("amount_yen"),
        )
        for entry in history.of(order)
        if entry.event not in _NO_STEPS
    ]


def _actor(entry: HistoryEntry) -> str:
    kind = str(ACTORS[entry.actor_kind])
    return gettext("%(who)sが代理で") % {"who": kind} if "for_member" in entry.facts else kind


def for_buyer(entry: HistoryEntry) -> str:
    """What the buyer reads of one of EVENTS; other entries are the desk's own."""
    _staff, buyer = EVENTS[entry.event]
    return str(buyer) % _words(entry)


def _words(entry: HistoryEntry) -> dict[str, str]:
    """What stands in an event's text."""
    paper, expected = entry.facts.get("paper"), entry.facts.get("expected_on")
    return {
        "expected": gettext("（納品予定日 %(day)s）") % {"day": _day(expected)} if expected else "",
        "amount": format_yen(entry.facts.get("amount_yen", 0)),
        "paper": states.label(Paper, paper) if paper else "",
    }


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), gettext("Y年n月j日"))
