"""The sidebar."""

from typing import TypedDict

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import User
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.kit import rights
from licenseonline.kit.rights import Right


class Item(TypedDict):
    """One link."""

    title: Promise
    icon: str
    link: str


class Group(TypedDict):
    """Links under a heading."""

    title: Promise
    items: list[Item]


# heading → (title, icon, the admin's model or a page)
_LISTS: list[tuple[Promise, list[tuple[Promise, str, str]]]] = [
    (
        _("販売"),
        [
            (_("注文"), "shopping_cart", "sales_order"),
            (_("見積"), "request_quote", "sales_quote"),
            (_("契約"), "contract", "licensing_contract"),
        ],
    ),
    (
        _("お客様"),
        [(_("会社"), "apartment", "accounts_company"), (_("会員"), "person", "accounts_member")],
    ),
    (
        _("カタログ"),
        [
            (_("メーカー"), "factory", "catalog_vendor"),
            (_("製品"), "inventory_2", "catalog_product"),
            (_("型番"), "barcode", "catalog_sku"),
            (_("価格"), "payments", "catalog_price"),
            (_("この価格の理由"), "calculate", "backoffice:prices"),
            (_("価格表"), "price_change", "catalog_pricelist"),
            (_("価格表の取込"), "upload_file", "backoffice:imports"),
            (_("キャンペーン"), "campaign", "catalog_campaign"),
            (_("販売価格の設定"), "percent", "catalog_sellingrule"),
            (_("会社別価格"), "handshake", "catalog_companyprice"),
            (_("取扱い"), "checklist", "catalog_storelisting"),
            (_("メーカーの規定"), "gavel", "catalog_vendorrule"),
            (_("型番の関係"), "account_tree", "catalog_skurelation"),
            (_("プログラムの対象"), "school", "catalog_eligibility"),
            (_("必要書類の設定"), "description", "catalog_paperrule"),
            (_("差し戻しの定型文"), "short_text", "sales_returnreason"),
            (_("メーカーの書式"), "table_view", "sales_vendorformat"),
            (_("エンドユーザー情報の様式"), "contact_page", "sales_vendorform"),
        ],
    ),
    (
        _("ストア"),
        [
            (_("ストア"), "storefront", "stores_store"),
            (_("セールスパートナー"), "handshake", "stores_partner"),
        ],
    ),
    (
        _("記録"),
        [
            (_("メール"), "mail", "records_message"),
            (_("履歴"), "history", "records_historyentry"),
            (_("設定の変更"), "edit_note", "admin_logentry"),
        ],
    ),
]


_WORK: list[tuple[Promise, str, str, Right | None]] = [
    (_("作業一覧"), "checklist", "home", None),
    (_("ダッシュボード"), "monitoring", "dashboard", Right.VIEW_SALES),
    (_("見積依頼"), "contact_support", "requests", Right.VIEW_SALES),
    (_("届いた注文の登録"), "fax", "order_entry", Right.CHANGE_ORDERS),
    (_("見積の作成"), "post_add", "offer_choose", Right.PREPARE_QUOTES),
    (_("メーカー発注"), "outbox", "vendor_orders", Right.ORDER_FROM_VENDORS),
    (_("一括納品"), "move_to_inbox", "delivery_batches", Right.DELIVER),
    (_("メーカーの請求照合"), "receipt_long", "vendor_invoices", Right.ORDER_FROM_VENDORS),
    (_("会社の統合・引き継ぎ"), "merge", "merges", Right.REVIEW_COMPANIES),
    (_("サイト内検索"), "manage_search", "search", Right.EDIT_CATALOGUE),
    (_("ストアの管理"), "storefront", "stores_admin", Right.MANAGE_STORES),
    (_("セールスパートナーの管理"), "handshake", "partners", Right.MANAGE_STORES),
    (_("運営の担当者"), "badge", "staff", Right.MANAGE_STAFF),
]


def sidebar(request: DeskRequest) -> list[Group]:
    """The work list first, then the lists; of each what this person may see."""
    by = request.user
    work = [
        Item(title=title, icon=icon, link=reverse(f"backoffice:{route}"))
        for title, icon, route, right in _WORK
        if right is None or rights.allowed(by, right)
    ]
    lists = [
        Group(
            title=heading,
            items=[
                Item(title=title, icon=icon, link=reverse(name if ":" in name else f"admin:{name}_changelist"))
                for title, icon, name in items
                if _is_seen(name, by)
            ],
        )
        for heading, items in _LISTS
    ]
    return [Group(title=_("業務"), items=work), *(group for group in lists if group["items"])]


def _is_seen(name: str, by: User) -> bool:
    """Lists by the right to see their app, the catalogue's own pages by the right to edit it."""
    return rights.allowed(by, Right.EDIT_CATALOGUE) if ":" in name else by.has_perm(f"{name.partition('_')[0]}.view_")
