"""Who may buy a vendor's academic and government SKUs: as the vendor says, else by the kind of company alone."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.translation import gettext as _

from licenseonline.accounts.models import Company
from licenseonline.catalog.models import Eligibility, Program, Sku
from licenseonline.kit import states
from licenseonline.kit.errors import Refused

Rules = Mapping[tuple[int, str], Eligibility]  # by vendor and program
_ANYBODY: Final = frozenset(Company.Kind)
_KINDS: Final[Mapping[str, frozenset[Company.Kind]]] = {
    Program.ACADEMIC: frozenset({Company.Kind.ACADEMIC}),
    Program.GOVERNMENT: frozenset({Company.Kind.GOVERNMENT}),
}


def of(skus: Iterable[Sku]) -> Rules:
    """What the vendors of these SKUs (with their products) say; one query, none where all are for everybody."""
    vendors = {sku.product.vendor_id for sku in skus if sku.program != Program.CORPORATE}
    if not vendors:
        return {}
    return {(rule.vendor_id, rule.program): rule for rule in Eligibility.objects.filter(vendor__in=vendors)}


def kinds(sku: Sku, rules: Rules) -> frozenset[str]:
    """The kinds of company that may buy it."""
    rule = rules.get((sku.product.vendor_id, sku.program))
    return frozenset(rule.kinds) if rule else _KINDS.get(sku.program, _ANYBODY)


def check(sku: Sku, company: Company, rules: Rules) -> None:
    """Refuse (`program`) a SKU to a company of a kind that may not buy it. `rules` are those `of` it."""
    allowed = kinds(sku, rules)
    if company.kind not in allowed:
        named = _("・").join(states.label(Company.Kind, kind) for kind in Company.Kind.values if kind in allowed)
        message = _("%(model)s は%(kinds)sのお客様のみご購入いただけます。会社情報の区分をご確認ください。") % {
            "model": sku.model_number, "kinds": named,
        }  # fmt: skip
        raise Refused(message, code="program")


def in_words(skus: Iterable[Sku], rules: Rules) -> list[tuple[str, str]]:
    """For each program besides the corporate one that these SKUs have: its name, and who may buy."""
    first: dict[str, Sku] = {}
    for sku in skus:
        first.setdefault(sku.program, sku)
    return [(str(program.label), _who(first[program], rules)) for program in _KINDS_IN_ORDER if program in first]


_KINDS_IN_ORDER: Final = (Program.ACADEMIC, Program.GOVERNMENT)


def _who(sku: Sku, rules: Rules) -> str:
    rule = rules.get((sku.product.vendor_id, sku.program))
    if rule:
        return rule.who
    return _("・").join(states.label(Company.Kind, kind) for kind in kinds(sku, rules))
