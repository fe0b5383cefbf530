"""What acts are entered with, and what several of them choose."""

import io
from collections.abc import Callable
from functools import cache
from typing import Any, Final, TypeVar

from django.core.files.base import ContentFile
from PIL import Image

from licenseonline.catalog.models import Sku
from licenseonline.records import uploads
from tests.sales.play import Act, Play

MODELS: Final = ("VBBSS-1Y-005", "VBBSS-1Y-025", "VBBSS-R1", "VBBSS-ADD", "TREND-ACA", "M365-MONTH", "ADOBE-CC")
ACTS: Final[list[Act]] = []
D = TypeVar("D", bound=Callable[[Play, Any], None])


def act(who: str, weight: int = 4, *, is_fact: bool = True) -> Callable[[D], D]:
    """Who does it, how often it is chosen, and whether the history says more once it is done."""

    def enter(do: D) -> D:
        ACTS.append(Act(do, who, weight, is_fact))
        return do

    return enter


@cache
def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return out.getvalue()


def scan() -> uploads.Received:
    return uploads.receive(ContentFile(_picture(), "proof.jpg"))


def quantity(play: Play, sku: Sku) -> int:
    """One that can be bought, mostly."""
    return sku.min_quantity + sku.quantity_step * play.chance.randint(0, 4) + (0 if play.often() else 1)


def some_skus(play: Play, most: int = 3, *, store_id: int | None = None) -> list[Sku]:
    """Of those that the store sells, where one is named."""
    skus = Sku.objects.all() if store_id is None else Sku.objects.public(store_id)
    models = [model for model in MODELS if model != "TREND-ACA" or not play.often()]  # for schools alone
    found = list(skus.filter(model_number__in=models).select_related("product__vendor").order_by("pk"))
    return play.chance.sample(found, play.chance.randint(1, min(most, len(found))))
