"""Products that belong together (関連製品)."""

from django.db.models import Case, Q, When

from licenseonline.catalog.models import Product, SkuRelation

MOST = 4


def related(product: Product, *, store_id: int, most: int = MOST) -> list[Product]:
    """What the store sells beside it: first what relations link with it, then of its vendor and category, by popularity.

    Two queries.
    """
    following = SkuRelation.objects.filter(held__product=product).values_list("following__product_id")
    held = SkuRelation.objects.filter(following__product=product).values_list("held__product_id")
    linked = [key for (key,) in following.union(held)]
    near = Q(pk__in=linked)
    if product.category:
        near |= Q(vendor=product.vendor_id, category=product.category)
    found = Product.objects.public(store_id).filter(near).exclude(pk=product.pk).select_related("vendor")
    # Pages keep these rows, and show names only.
    found = found.defer("description", "folded_text", "search_vector", "name_vector")
    return list(found.order_by(Case(When(pk__in=linked, then=0), default=1), "-popularity", "id")[:most])
