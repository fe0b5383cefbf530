"""The desk's pages about the catalogue: price lists, words of the search."""

import io

from licenseonline.catalog.imports import price_imports
from licenseonline.catalog.models import Vendor
from licenseonline.kit import clock
from tests.outsiders.objects import MARK, Objects
from tests.outsiders.recipes import Page


def price_import(objects: Objects) -> list[object]:
    """A vendor's price list that was handed in."""
    list_ = io.BytesIO("型番,定価\nVBBSS-1Y-005,5500\n".encode())
    made = price_imports.upload(
        list_,
        name=f"{MARK}.csv",
        vendor=Vendor.objects.get(code="trend"),
        from_day=clock.today(),
        is_complete=False,
        columns=None,
        by=objects.world.operator,
    )
    return [made.pk]


PAGES: dict[str, Page] = {
    **{f"backoffice:import{step}": Page(price_import) for step in ("", "_discard")},
    # To the import, which says why not now.
    **{f"backoffice:import{step}": Page(price_import, gets=302) for step in ("_columns", "_apply", "_undo")},
    "backoffice:import_refused": Page(price_import, gets=404),  # no row was
    "backoffice:search_forget": Page(lambda _: [87465], gets=405),
    "backoffice:synonym_remove": Page(lambda _: [1], gets=405),
    "backoffice:store_synonym_remove": Page(lambda _: [87465, 1], gets=405),
}
