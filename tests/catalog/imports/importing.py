"""Hand a price list in, have its jobs run, and look at the catalogue."""

import io
from datetime import date
from typing import Any

from licenseonline.catalog.imports import price_imports
from licenseonline.catalog.models import Cost, ImportRow, Price, PriceImport, PriceList, Product, Sku, Vendor
from licenseonline.kit import clock
from tests.jobs import run_jobs
from tests.world import World


def upload(world: World, content: bytes | str, vendor: str = "trend", **options: Any) -> PriceImport:
    """As the desk does, not yet read."""
    options = {"name": "価格表.csv", "from_day": clock.today(), "is_complete": False, "columns": None, **options}
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    return price_imports.upload(file, vendor=Vendor.objects.get(code=vendor), by=world.operator, **options)


def checked(world: World, content: bytes | str, vendor: str = "trend", **options: Any) -> PriceImport:
    """Read and checked by its job."""
    made = upload(world, content, vendor, **options)
    run_jobs()
    return PriceImport.objects.get(pk=made.pk)


def applied(world: World, content: bytes | str, vendor: str = "trend", **options: Any) -> PriceImport:
    """Written to the catalogue."""
    return apply(world, checked(world, content, vendor, **options))


def apply(world: World, price_import: PriceImport) -> PriceImport:
    """By its job."""
    price_imports.apply(price_import, by=world.operator)
    run_jobs()
    return PriceImport.objects.get(pk=price_import.pk)


def undo(world: World, price_import: PriceImport) -> PriceImport:
    """Taken back by its job."""
    price_imports.undo(price_import, by=world.operator)
    run_jobs()
    return PriceImport.objects.get(pk=price_import.pk)


def outcomes(price_import: PriceImport) -> list[tuple[int, str, str]]:
    """Line, model number and what would happen."""
    rows = ImportRow.objects.filter(price_import=price_import).order_by("line", "model_number")
    return [(row.line, row.model_number, row.outcome) for row in rows]


def reasons(price_import: PriceImport) -> dict[int, str]:
    """Of the refused rows, by line."""
    refused = ImportRow.objects.filter(price_import=price_import, outcome="refused").order_by("line")
    return dict(refused.values_list("line", "reason"))


def catalogue() -> dict[str, list[dict[str, Any]]]:
    """All that an import may touch."""
    tables: tuple[Any, ...] = (Product, Sku, PriceList, Price, Cost)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in tables}


def list_yen(model_number: str, day: date | None = None) -> int | None:
    """The list price that holds on a day."""
    lists = PriceList.objects.filter(
        from_day__lte=day or clock.today(), withdrawn_at=None, prices__sku__model_number=model_number
    )
    latest = lists.order_by("-from_day", "-id").first()
    found = Price.objects.filter(price_list=latest, sku__model_number=model_number).order_by("band_from").first()
    return found.list_yen if found else None
