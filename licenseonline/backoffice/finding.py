"""The desk's search over everything: by number, name, address or licence key, of each kind what the person's role may see."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import Company, Member, User
from licenseonline.backoffice import subjects
from licenseonline.kit import names, rights, whole_numbers
from licenseonline.kit.rights import Right
from licenseonline.kit.text import MAX_QUERY, normalize_email
from licenseonline.licensing import keys
from licenseonline.licensing.models import Contract
from licenseonline.sales.models import Order, Quote
from licenseonline.stores import stores
from licenseonline.stores.models import Partner, Store

MOST: Final = 20  # of each kind
_WHOLE: Final = 4  # characters from which a number's beginning is enough


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: its name, where it is, and what tells it from others."""

    title: str
    url: str
    store: str
    says: str


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind; `more` when there is more of it."""

    label: str
    hits: list[Hit]
    more: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, as each kind compares it."""

    number: str
    name: str
    email: str

    @classmethod
    def of(cls, text: str) -> "Asked":
        """From anything at all: only the first MAX_QUERY characters count, and what no text holds is dropped."""
        plain = unicodedata.normalize("NFKC", text.replace("\0", "")[:MAX_QUERY]).strip()
        plain = plain.encode(errors="ignore").decode()
        return cls("".join(plain.split()).upper(), names.key(plain), normalize_email(plain))


def find(text: str, *, by: User, with_keys: bool) -> list[Group]:
    """What fits the text, grouped, one query for each kind that the role may see.

    With `with_keys` licence keys are looked for, too: such a find is written into the key's history.
    """
    asked = Asked.of(text)
    groups = []
    for label, right, search in _KINDS:
        if rights.allowed(by, right) and (asked.number or asked.name):
            hits = search(asked, by)
            groups.append(Group(str(label), hits[:MOST], more=len(hits) > MOST))
    if with_keys and rights.allowed(by, Right.VIEW_SALES):
        groups.append(Group(gettext("ライセンスキー"), _keys(text, by), more=False))
    return [group for group in groups if group.hits]


def _keys(text: str, by: User) -> list[Hit]:
    found = keys.look_up(text.replace("\0", ""), by=by)
    return [
        Hit(
            title=f"{key.masked}　{key.entitlement.name}",
            url=reverse("admin:licensing_contract_change", args=[key.entitlement.contract_id]),
            store=str(key.store),
            says=gettext("契約 %(number)s　%(company)s")
            % {"number": key.entitlement.contract.number, "company": key.entitlement.contract.company.name},
        )
        for key in found
    ]


def _numbered(asked: Asked) -> Q:
    return Q(number__startswith=asked.number) if len(asked.number) >= _WHOLE else Q(number=asked.number)


def _orders(asked: Asked, by: User) -> list[Hit]:
    rows = stores.with_names(Order.objects.visible_to(by).filter(_numbered(asked)), "company").defer("snapshot")
    return [
        Hit(str(row), subjects.url(row), str(row.store), f"{row.company.name}　{row.get_state_display()}")
        for row in rows.order_by("-id")[: MOST + 1]
    ]


def _quotes(asked: Asked, by: User) -> list[Hit]:
    rows = stores.with_names(Quote.objects.visible_to(by).filter(_numbered(asked)), "company").defer("snapshot")
    return [
        Hit(
            str(row),
            subjects.url(row),
            str(row.store),
            f"{row.customer}　{row.get_state_display()}",
        )
        for row in rows.order_by("-id")[: MOST + 1]
    ]


def _contracts(asked: Asked, by: User) -> list[Hit]:
    known = _numbered(asked) | Q(vendor_contract_number__iexact=asked.number)
    rows = stores.with_names(Contract.objects.visible_to(by).filter(known), "company")
    return [
        Hit(
            str(row),
            reverse("admin:licensing_contract_change", args=[row.pk]),
            str(row.store),
            f"{row.company.name}　{row.product_name}",
        )
        for row in rows.order_by("-id")[: MOST + 1]
    ]


def _fitting_companies(asked: Asked, by: User) -> QuerySet[Company]:
    fits = Q(corporate_number=asked.number) if asked.number.isascii() and asked.number.isdigit() else Q(pk__in=[])
    return names.holding(Company.objects.visible_to(by), asked.name, "name", "kana", otherwise=fits)


def _companies(asked: Asked, by: User) -> list[Hit]:
    rows = stores.with_names(_fitting_companies(asked, by)).order_by("kana", "id")
    return [
        Hit(row.name, subjects.url(row), str(row.store), f"{row.get_state_display()}　{row.address}")
        for row in rows[: MOST + 1]
    ]


def _people(asked: Asked, by: User) -> QuerySet[Member]:
    fits = Q(email__startswith=asked.email) if asked.email else Q(pk__in=[])
    return names.holding(Member.objects.visible_to(by), asked.name, "name", "kana", otherwise=fits)


def _members(asked: Asked, by: User) -> list[Hit]:
    rows = stores.with_names(_people(asked, by), "company").order_by("kana", "id")
    return [
        Hit(row.name, subjects.url(row), str(row.store), f"{row.company.name}　{row.email}") for row in rows[: MOST + 1]
    ]


def buyers(text: str, *, by: User) -> list[Member]:
    """Members who may order, by name, address or their company's name; one more than MOST when there are more."""
    asked = Asked.of(text)
    companies = _fitting_companies(asked, by).values("pk")
    found = Member.objects.visible_to(by).filter(Q(pk__in=_people(asked, by).values("pk")) | Q(company__in=companies))
    active = stores.with_names(found.filter(is_active=True), "company")
    return list(active.order_by("company__kana", "kana", "id")[: MOST + 1])


def _stores(asked: Asked, by: User) -> list[Hit]:
    number = whole_numbers.read(asked.number)
    of_partner = Partner.objects.filter(spid=asked.number).values_list("pk", flat=True)
    fits = Q(partner__in=list(of_partner)) if number is None else Q(pk=number)  # by ids, which an index finds
    page = "backoffice:store_admin" if rights.allowed(by, Right.MANAGE_STORES) else "admin:stores_store_change"
    rows = names.holding(Store.objects.all(), asked.name, "name", otherwise=fits).select_related("partner")
    return [
        Hit(row.name, reverse(page, args=[row.pk]), str(row.pk), str(row.partner))
        for row in rows.only("name", "partner__spid", "partner__name").order_by("id")[: MOST + 1]
    ]


def _partners(asked: Asked, by: User) -> list[Hit]:
    fits = Q(spid=asked.number)
    page = "backoffice:partner" if rights.allowed(by, Right.MANAGE_STORES) else "admin:stores_partner_change"
    rows = names.holding(Partner.objects.all(), asked.name, "name", otherwise=fits)
    return [Hit(row.name, reverse(page, args=[row.pk]), "", row.spid) for row in rows.order_by("spid")[: MOST + 1]]


_KINDS: Final[tuple[tuple[Promise, Right, Callable[[Asked, User], list[Hit]]], ...]] = (
    (_("注文"), Right.VIEW_SALES, _orders),
    (_("見積"), Right.VIEW_SALES, _quotes),
    (_("契約"), Right.VIEW_SALES, _contracts),
    (_("会社"), Right.VIEW_CUSTOMERS, _companies),
    (_("会員"), Right.VIEW_CUSTOMERS, _members),
    (_("ストア"), Right.VIEW_STORES, _stores),
    (_("セールスパートナー"), Right.VIEW_STORES, _partners),
)
