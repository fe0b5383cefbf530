"""What a page that shows a frozen snapshot needs."""

from licenseonline.catalog.models import Paper
from licenseonline.sales.snapshots import Snapshot


def context(snapshot: Snapshot) -> dict[str, object]:
    """The snapshot, and the papers that any of its lines needs, in words and once each."""
    codes = dict.fromkeys(code for line in snapshot["lines"] for code in line["papers"])
    return {"document": snapshot, "papers": [Paper(code).label for code in codes]}
