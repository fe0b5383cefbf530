"""How many of a SKU may be bought."""

from django.utils.translation import gettext as _

from licenseonline.catalog.models import PurchaseType, Sku
from licenseonline.kit.errors import Refused

MOST = 99_999


def check(sku: Sku, quantity: int) -> None:
    """Refuse (`quantity`, with the sentence that says how to fix it) what minimum, step, band or our own bound exclude."""
    unit, model = sku.unit_label, sku.model_number
    if quantity < sku.min_quantity:
        message = _("%(model)s の最小購入数は %(min)s%(unit)sです。") % {
            "model": model, "min": f"{sku.min_quantity:,}", "unit": unit,
        }  # fmt: skip
    elif (quantity - sku.min_quantity) % sku.quantity_step:
        message = _("%(model)s は %(min)s%(unit)sから %(step)s%(unit)s単位でご注文ください。") % {
            "model": model, "min": f"{sku.min_quantity:,}", "step": sku.quantity_step, "unit": unit,
        }  # fmt: skip
    elif is_over_band(sku, quantity):
        message = _("%(model)s は %(to)s%(unit)sまでの型番です。それより多い場合は上の数量帯の型番をお選びください。") % {
            "model": model, "to": f"{sku.band_to:,}", "unit": unit,
        }  # fmt: skip
    elif quantity > MOST:
        message = _("一度にご注文いただけるのは %(most)s までです。窓口までお問い合わせください。") % {
            "most": f"{MOST:,}"
        }
    else:
        return
    raise Refused(message, code="quantity", field="quantity")


def nearest(sku: Sku, quantity: int) -> int | None:
    """The number next above a refused one that can be ordered, else the highest below it; None when that is another band's."""
    if is_over_band(sku, quantity) or quantity > MOST:
        return None
    steps = -(-max(quantity - sku.min_quantity, 0) // sku.quantity_step)
    up = sku.min_quantity + steps * sku.quantity_step
    return up - sku.quantity_step if is_over_band(sku, up) or up > MOST else up


def is_over_band(sku: Sku, quantity: int) -> bool:
    """An additional SKU's band is that of held plus added, so the added number alone says nothing about it."""
    return sku.band_to is not None and sku.purchase_type != PurchaseType.ADDITIONAL and quantity > sku.band_to
