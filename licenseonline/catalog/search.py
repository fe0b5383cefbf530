"""サイト内検索: products by name, reading, vendor and model number, in any width, kana, case and hyphenation."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When
from django.db.models.expressions import RawSQL

from licenseonline.catalog.models import Product, ProductQuerySet, Sku
from licenseonline.kit.text import MAX_QUERY, fold, fold_model, tsquery_literal, tsvector_literal

PAGE = 20
MOST_COUNTED = 100  # beyond it nobody needs the exact number, and counting would cost more than finding


@dataclass(frozen=True, slots=True)
class Found:
    """One page of results; `more` says whether another follows. `total` counts to MOST_COUNTED, then it is None.

    `exact` are those that have the query as a model number.
    """

    products: list[Product]
    more: bool
    total: int | None
    exact: list[Product]


def index(products: Iterable[Product]) -> None:
    """Write the search text of these products from their names, readings, aliases, vendor, SKU names and model numbers.

    Every verb that changes one of those calls this in the same transaction, so that a change is found at once.
    """
    for product in products:
        vendor = product.vendor
        parts = [
            product.name,
            product.kana,
            product.aliases,
            vendor.name,
            vendor.kana,
            vendor.aliases,
            product.category,
        ]
        for sku in product.skus.all():
            parts += [sku.model_number, sku.name]
        folded = " ".join(dict.fromkeys(" ".join(map(fold, parts)).split()))
        Product.objects.filter(pk=product.pk).update(
            folded_name=fold(product.name)[:400],
            folded_text=folded,
            search_vector=RawSQL("%s::tsvector", [tsvector_literal(folded)]),
        )


def products(query: str, *, store_id: int, page: int = 1, vendor: str = "", category: str = "") -> Found:
    """What the store sells that has all words of the query, best first; an empty query finds everything.

    First an exact model number, then its beginning, exact name, its beginning, all words in the name, elsewhere; then
    by popularity. Only the first MAX_QUERY characters count. Bad input (quotes, operators, NULs) is text like any other. `vendor` is a
    vendor's code and `category` a category: only those.
    """
    sold = Product.objects.public(store_id)
    if vendor:
        sold = sold.filter(vendor__code=vendor)
    if category:
        sold = sold.filter(category=category)
    folded, model = fold(query[:MAX_QUERY]), fold_model(query[:MAX_QUERY])
    ranked = _ranked(_matching(sold, folded, model), folded, model) if folded else sold.order_by("-popularity", "id")
    ranked = ranked if folded else ranked.annotate(tier=Value(None, output_field=IntegerField()))
    first = (page - 1) * PAGE
    # Ranking has looked at every match anyway: taking some more numbers is cheaper than counting afterwards.
    found = ranked.values_list("pk", "tier")  # type: ignore[misc]  # annotated just above
    tiers = list(found[: max(first + PAGE, MOST_COUNTED) + 1])
    shown = dict(tiers[first : first + PAGE])
    rows = {product.pk: product for product in Product.objects.filter(pk__in=shown).select_related("vendor")}
    exact = [rows[pk] for pk, tier in shown.items() if tier == 0]
    total = len(tiers) if len(tiers) <= MOST_COUNTED else None
    return Found([rows[pk] for pk in shown], len(tiers) > first + PAGE, total, exact)


def _matching(sold: ProductQuerySet, folded: str, model: str) -> ProductQuerySet:
    having = "SELECT id FROM catalog_product WHERE search_vector @@ %s::tsquery"
    text = Q(pk__in=RawSQL(having, [tsquery_literal(folded)]))  # noqa: S611  (a parameter, quoted by us)
    numbers = Q(pk__in=Sku.objects.filter(folded_model__startswith=model).values("product"))
    return sold.filter(text | numbers if model else text)


def _ranked(sold: ProductQuerySet, folded: str, model: str) -> ProductQuerySet:
    skus = Sku.objects.filter(product=OuterRef("pk"), is_on_sale=True)
    exact = Exists(skus.filter(folded_model=model))
    prefix = Exists(skus.filter(folded_model__startswith=model))
    in_name = Q(*[Q(folded_name__contains=word) for word in folded.split()])
    tiers = [
        When(exact, then=0),
        When(prefix, then=1),
        When(folded_name=folded, then=2),
        When(folded_name__startswith=folded, then=3),
        When(in_name, then=4),
    ]
    tier = Case(*tiers[0 if model else 2 :], default=Value(5), output_field=IntegerField())
    return sold.annotate(tier=tier).order_by("tier", "-popularity", "id")


def matching_skus(query: str, products: Iterable[Product], *, store_id: int) -> dict[int, Sku]:
    """For each product the SKU whose model number the query is, if any: shown first in its result."""
    model = fold_model(query[:MAX_QUERY])
    if not model:
        return {}
    skus = Sku.objects.public(store_id).filter(product__in=list(products), folded_model=model)
    return {sku.product_id: sku for sku in skus}
