"""Who of the staff may do what: one table of roles and rights, and the mark that a verb carries.

    @rights.needs(Right.DELIVER)
    def deliver(order: Order, *, by: User) -> Order: ...

A right says what may be done; on which stores' rows is the actor's query (`visible_to`). Members' rights are their
company's and stand in accounts/members.py.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licenseonline.kit.actors import Actor, ActorKind
from licenseonline.kit.errors import NotVisible, Refused

P = ParamSpec("P")
T = TypeVar("T")


class StaffRole(TextChoices):
    """What somebody of the staff is there for: five roles of the operator's desk, four of a partner."""

    ADMIN = "admin", _("管理者")
    ORDERS = "orders", _("受注")
    ACCOUNTING = "accounting", _("経理")
    CATALOGUE = "catalogue", _("商品")
    EDITOR = "editor", _("編集")

    HEAD = "head", _("責任者")
    SALES = "sales", _("営業")
    BOOKS = "books", _("経理")
    VIEWER = "viewer", _("閲覧")


OPERATOR_ROLES: Final = (
    StaffRole.ADMIN,
    StaffRole.ORDERS,
    StaffRole.ACCOUNTING,
    StaffRole.CATALOGUE,
    StaffRole.EDITOR,
)
PARTNER_ROLES: Final = (StaffRole.HEAD, StaffRole.SALES, StaffRole.BOOKS, StaffRole.VIEWER)


class Right(TextChoices):
    """What may be done or seen."""

    VIEW_SALES = "view_sales", _("見積・注文・契約の閲覧")
    VIEW_CUSTOMERS = "view_customers", _("会社・会員の閲覧")
    VIEW_MARGINS = "view_margins", _("粗利・手数料の閲覧")
    EXPORT = (
        "export",
        _("一覧の書き出し（CSV・Excel）"),
    )  # whole lists of customers' data leave the house: not who only looks
    VIEW_CATALOGUE = "view_catalogue", _("カタログの閲覧")
    VIEW_STORES = "view_stores", _("ストアの閲覧")
    VIEW_RECORDS = "view_records", _("メール・履歴の閲覧")
    REVIEW_COMPANIES = "review_companies", _("会社の確認・変更・統合")
    PREPARE_QUOTES = "prepare_quotes", _("見積の作成・改訂")
    ALLOW_MARGINS = "allow_margins", _("基準を下回る粗利の承認")
    HELP_MEMBERS = "help_members", _("会員のサポート")
    WRITE_NOTES = "write_notes", _("メモ・電話の記録")
    REVIEW_PAPERS = "review_papers", _("ご提出書類の確認")
    CHANGE_ORDERS = "change_orders", _("注文の変更・キャンセル")
    BOOK_PAYMENTS = "book_payments", _("入金の記録")
    ORDER_FROM_VENDORS = "order_from_vendors", _("メーカーへの発注")
    DELIVER = "deliver", _("納品")
    EDIT_CATALOGUE = "edit_catalogue", _("カタログ・価格の編集")
    EDIT_CONTENT = "edit_content", _("お知らせ・ページの編集")
    MANAGE_STORES = "manage_stores", _("ストア・セールスパートナーの管理")
    MANAGE_STAFF = "manage_staff", _("担当者の管理")


_SEES_SALES = {Right.VIEW_SALES, Right.VIEW_CUSTOMERS}

RIGHTS: Final[dict[StaffRole, frozenset[Right]]] = {
    StaffRole.ADMIN: frozenset(Right),
    StaffRole.ORDERS: frozenset(
        _SEES_SALES
        | {
            Right.EXPORT,
            Right.VIEW_CATALOGUE,
            Right.VIEW_STORES,
            Right.VIEW_RECORDS,
            Right.REVIEW_COMPANIES,
            Right.HELP_MEMBERS,
            Right.WRITE_NOTES,
            Right.PREPARE_QUOTES,
            Right.REVIEW_PAPERS,
            Right.CHANGE_ORDERS,
            Right.ORDER_FROM_VENDORS,
            Right.DELIVER,
        }
    ),
    StaffRole.ACCOUNTING: frozenset(
        _SEES_SALES
        | {
            Right.EXPORT,
            Right.VIEW_MARGINS,
            Right.VIEW_STORES,
            Right.VIEW_RECORDS,
            Right.WRITE_NOTES,  # who telephones for money writes down what was said
            Right.BOOK_PAYMENTS,
        }
    ),
    StaffRole.CATALOGUE: frozenset({Right.VIEW_CATALOGUE, Right.VIEW_STORES, Right.EDIT_CATALOGUE}),
    StaffRole.EDITOR: frozenset({Right.VIEW_CATALOGUE, Right.VIEW_STORES, Right.EDIT_CONTENT}),
    StaffRole.HEAD: frozenset(
        _SEES_SALES
        | {
            Right.EXPORT,
            Right.VIEW_MARGINS,
            Right.HELP_MEMBERS,
            Right.WRITE_NOTES,
            Right.PREPARE_QUOTES,
            Right.ALLOW_MARGINS,
            Right.MANAGE_STAFF,
        }
    ),
    StaffRole.SALES: frozenset(
        _SEES_SALES | {Right.EXPORT, Right.VIEW_MARGINS, Right.HELP_MEMBERS, Right.WRITE_NOTES, Right.PREPARE_QUOTES}
    ),
    StaffRole.BOOKS: frozenset(_SEES_SALES | {Right.EXPORT, Right.VIEW_MARGINS}),
    StaffRole.VIEWER: frozenset(_SEES_SALES),
}


def allowed(by: Actor, right: Right) -> bool:
    """Whether this person's role has the right; never for members and visitors."""
    role = getattr(by, "role", None)
    is_staff = by.actor_kind in {ActorKind.OPERATOR, ActorKind.PARTNER}
    return is_staff and role in RIGHTS and right in RIGHTS[StaffRole(role)]


def check(by: Actor, right: Right) -> None:
    """Refused (`role`) to the operator's staff without the right, in words; for anybody else without it, it does not exist."""
    if allowed(by, right):
        return
    if by.actor_kind == ActorKind.OPERATOR:
        message = gettext("この操作には「%(right)s」の権限が必要です。管理者にご依頼ください。")
        raise Refused(message % {"right": right.label}, code="role")
    raise NotVisible


def _by(named: Mapping[str, Any]) -> Actor:
    """Who acts, among a verb's named arguments."""
    by: Actor = named["by"]
    return by


def needs(right: Right) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Marks a verb of the staff, whose keyword `by` is who acts: `check` comes before anything else it does."""

    def mark(verb: Callable[P, T]) -> Callable[P, T]:
        @wraps(verb)
        def checked(*args: P.args, **kwargs: P.kwargs) -> T:
            check(_by(kwargs), right)
            return verb(*args, **kwargs)

        checked.right = right  # type: ignore[attr-defined]  # read by the matrix of roles and verbs in the tests
        return checked

    return mark


def check_in_person(by: Actor) -> None:
    """Refused (`acting`) to staff who act for a member."""
    if getattr(by, "acting", None) is not None:
        hint = gettext("代理操作中は、この操作はできません。会員ご本人がログインして行ってください。")
        raise Refused(hint, code="acting")


def in_person(verb: Callable[P, T]) -> Callable[P, T]:
    """Marks a verb about one's own account or company, which nobody does for a member: `check_in_person` comes first."""

    @wraps(verb)
    def checked(*args: P.args, **kwargs: P.kwargs) -> T:
        check_in_person(_by(kwargs))
        return verb(*args, **kwargs)

    checked.in_person = True  # type: ignore[attr-defined]  # read by the tests
    return checked
