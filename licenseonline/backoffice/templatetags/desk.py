"""Filters of the desk's templates."""

from django import template

from licenseonline.kit.money import format_yen

register = template.Library()


@register.filter
def yen(amount: int | None) -> str:
    """12345 → 12,345円; a dash for what is not known."""
    return "－" if amount is None else format_yen(amount)
