"""Stock sentences (定型文) for returning a paper, as the desk keeps them (ReturnReason)."""

from licenseonline.sales.models import ReturnReason


def of(paper: str) -> list[str]:
    """The sentences that fit the paper, its own first, each in their order; one query."""
    rows = ReturnReason.objects.filter(paper__in=["", paper]).order_by("-paper", "position", "id")
    return list(dict.fromkeys(rows.values_list("sentence", flat=True)))
