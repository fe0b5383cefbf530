"""What a store sells and at which prices, in a few figures and sentences: for the desk, and for the partner whose store it is."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from licenseonline.catalog import price_steps
from licenseonline.catalog.models import SellingRule, Sku, StoreListing
from licenseonline.kit.money import format_yen
from licenseonline.stores.models import Store

MOST: Final = 12  # rules that are written out


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules in words, the widest first; `more` are not written out."""

    number: int
    texts: list[str]

    @property
    def more(self) -> int:
        """How many there are besides."""
        return self.number - len(self.texts)


@dataclass(frozen=True, slots=True)
class Summary:
    """What is sold today: `on_request` of the SKUs without a price."""

    vendors: int
    products: int
    skus: int
    on_request: int
    listings: Rules
    prices: Rules


def of(store: Store, *, with_margins: bool) -> Summary:
    """The store's summary; three queries and two counts. Rules that tell a margin say so only `with_margins`."""
    sold = Sku.objects.public(store.pk).aggregate(
        vendors=Count("product__vendor", distinct=True),
        products=Count("product", distinct=True),
        skus=Count("pk"),
        on_request=Count("pk", filter=Q(offer=StoreListing.Offer.ON_REQUEST)),
    )
    related = ("vendor", "product", "sku")
    listings = StoreListing.objects.filter(store=store).select_related(*related)
    rules = SellingRule.objects.filter(store=store).select_related(*related)
    return Summary(
        **sold,
        listings=Rules(listings.count(), [_listing(row) for row in listings.order_by(*_WIDEST_FIRST)[:MOST]]),
        prices=Rules(
            rules.count(), [_price(row, with_margins=with_margins) for row in rules.order_by(*_WIDEST_FIRST)[:MOST]]
        ),
    )


_WIDEST_FIRST: Final = (
    F("sku").desc(nulls_first=True),
    F("product").desc(nulls_first=True),
    F("vendor").asc(nulls_first=True),
    "pk",
)


def _listing(row: StoreListing) -> str:
    return _("%(of)s：%(offer)s") % {"of": price_steps.scope_of(row), "offer": row.get_offer_display()}


def _price(rule: SellingRule, *, with_margins: bool) -> str:
    facts = {
        "of": price_steps.scope_of(rule),
        "rate": price_steps.percent(rule.per_mille or 0),
        "yen": format_yen(rule.fixed_yen or 0),
        "step": format_yen(rule.round_to_yen),
        "way": SellingRule.Round(rule.rounding).label,
    }
    if rule.kind == SellingRule.Kind.FIXED:
        return _("%(of)s：固定価格 %(yen)s") % facts
    if rule.kind == SellingRule.Kind.LIST:
        return _("%(of)s：定価の%(rate)s（%(step)s単位で%(way)s）") % facts
    if with_margins:
        return _("%(of)s：原価に粗利率%(rate)s（%(step)s単位で%(way)s）") % facts
    return _("%(of)s：原価から計算（%(step)s単位で%(way)s）") % facts
