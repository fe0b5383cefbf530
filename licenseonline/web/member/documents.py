"""What a page that shows a frozen snapshot needs."""

from datetime import date
from typing import Any

from licenseonline.sales import papers
from licenseonline.sales.snapshots import Snapshot
from licenseonline.stores.models import Store


def context(snapshot: Snapshot, *, store: Store) -> dict[str, Any]:
    """The snapshot, and the papers that any of its lines needs, once each, with why."""
    promised = {line["sku_id"]: line["papers"] for line in snapshot["lines"] if line["papers"]}
    wished_on = snapshot.get("wished_on")
    return {
        "document": snapshot,
        "wished_on": wished_on and date.fromisoformat(wished_on),
        "papers": papers.promised(promised, store=store),
    }
