"""What the demo's vendors want to know of the end user, from `data/vendor_forms.toml`."""

import tomllib
from collections.abc import Mapping

from licenseonline.catalog.models import Vendor
from licenseonline.demo.stores import DATA
from licenseonline.sales.models import VendorForm


def make(vendors: Mapping[str, Vendor]) -> None:
    """Write every version of every form."""
    read = tomllib.loads((DATA / "vendor_forms.toml").read_text(encoding="utf-8"))
    VendorForm.objects.bulk_create(VendorForm(**{**row, "vendor": vendors[row["vendor"]]}) for row in read["form"])
