"""What a purchase follows (追加・更新・アップグレード・切替・乗換): the company's holdings, and what the vendor's rule says of it.

追加 takes the band of held plus added where the vendor says so, and ends with the contract. The others are capped by what is
held on record, unless the vendor's rule names another number; who holds nothing on record may order with a proof.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from licenseonline.accounts.models import Company
from licenseonline.catalog import prices, vendor_rules, vendor_terms
from licenseonline.catalog.models import Paper, PurchaseType, Sku, SkuRelation, VendorRule
from licenseonline.kit import clock, sql, states
from licenseonline.kit.errors import Refused
from licenseonline.licensing import holdings
from licenseonline.licensing.holdings import Held

# So long after its end a contract is still offered to be followed; how late is too late, the vendor's rule says.
_LONGEST_AFTER: Final = timedelta(days=366)
_SAME_PRODUCT: Final = {PurchaseType.ADDITIONAL, PurchaseType.RENEWAL}


@dataclass(frozen=True, slots=True)
class Following:
    """What one cart line follows: what the desk `entered` and contracts to choose from (`choices`), each with the units left.

    `is_recorded` says that something is on record, though all of it may be used by other orders.
    """

    kind: str
    rule: VendorRule | None = None
    entered: tuple[Held, ...] = ()
    choices: tuple[Held, ...] = ()
    chosen: Held | None = None
    is_recorded: bool = True

    @property
    def held(self) -> int:
        """The units on record that count."""
        return sum(one.units for one in self.counted)

    @property
    def counted(self) -> tuple[Held, ...]:
        """What counts on record: the contract first, then what was entered."""
        return (*([self.chosen] if self.chosen else []), *self.entered)

    @property
    def needs_choice(self) -> bool:
        """There are several contracts, and none is chosen."""
        return self.chosen is None and bool(self.choices)

    @property
    def proof(self) -> str:
        """The paper that is needed because nothing is on record; empty when something is."""
        if self.is_recorded:
            return ""
        return Paper.COMPETITOR_PROOF if self.kind == PurchaseType.COMPETITIVE else Paper.HOLDING_PROOF

    def units(self, quantity: int) -> int:
        """The number that decides band and price."""
        if self.kind != PurchaseType.ADDITIONAL:
            return quantity
        return vendor_rules.units(self.rule, quantity, held=self.held)


def of(
    skus: Iterable[Sku], *, company: Company | None, day: date, chosen: Mapping[int, int | None] | None = None
) -> dict[int, Following]:
    """What each of these SKUs (with products) follows, by SKU; nothing for 新規. `chosen` is a contract by SKU.

    Who is no company yet holds nothing on record. One that is not chosen is taken when it is the only one. As many queries for any
    number, none where all are new.
    """
    following = [sku for sku in skus if sku.purchase_type != PurchaseType.NEW]
    if not following:
        return {}
    rules = vendor_rules.of_all(following, day=day)
    related = _related(following)
    held = holdings.held(company, since=day - _LONGEST_AFTER) if company else []
    left = _left(company, held) if company else {}
    return {
        sku.pk: _following(
            sku,
            rules.get(sku.pk),
            _matching(sku, held, related.get(sku.pk, set()), day=day),
            left,
            (chosen or {}).get(sku.pk),
        )
        for sku in following
    }


def _matching(sku: Sku, held: Iterable[Held], related: set[int], *, day: date) -> list[Held]:
    is_additional = sku.purchase_type == PurchaseType.ADDITIONAL
    return [one for one in held if _matches(sku, one, related) and (not is_additional or one.runs_on(day))]


def _following(
    sku: Sku, rule: VendorRule | None, matching: list[Held], left: Mapping[Held, Held], wanted: int | None
) -> Following:
    is_recorded = bool(matching)
    if sku.purchase_type != PurchaseType.ADDITIONAL:  # which takes nothing away
        matching = [left[one] for one in matching if left[one].units > 0]
    choices = tuple(one for one in matching if one.contract_id)
    chosen = next((one for one in choices if one.contract_id == wanted), None)
    if chosen is None and len(choices) == 1:
        [chosen] = choices
    entered = tuple(one for one in matching if not one.contract_id)
    return Following(sku.purchase_type, rule, entered, choices, chosen, is_recorded)


def _matches(sku: Sku, held: Held, related: set[int]) -> bool:
    """Whether this SKU can follow what is held: by the catalogue's relations, else as the purchase type says."""
    if held.product_id in related or (sku.purchase_type in _SAME_PRODUCT and held.product_id == sku.product_id):
        return True
    if sku.purchase_type == PurchaseType.COMPETITIVE:
        return held.vendor_id is None or (not related and held.vendor_id != sku.product.vendor_id)
    return sku.purchase_type not in _SAME_PRODUCT and not related and held.vendor_id == sku.product.vendor_id


def _related(skus: Iterable[Sku]) -> dict[int, set[int]]:
    """The products that each SKU follows in its own way, by SKU."""
    kinds = {sku.pk: sku.purchase_type for sku in skus}
    found: dict[int, set[int]] = {}
    rows = SkuRelation.objects.filter(following__in=kinds).values_list("following_id", "kind", "held__product_id")
    for pk, kind, product in rows:
        if kind == kinds[pk]:
            found.setdefault(pk, set()).add(product)
    return found


# Of a line that follows a contract and entered holdings as well, what the holdings gave is not the contract's.
_TAKEN: Final = """
SELECT line.follows_id, line.sku_id, line.quantity, coalesce(used.units, 0)::int, ordered.placed_at
FROM sales_orderline line JOIN sales_order ordered ON ordered.store_id = line.store_id AND ordered.id = line.order_id
JOIN catalog_sku sku ON sku.id = line.sku_id
LEFT JOIN (SELECT store_id, line_id, sum(units) AS units FROM sales_holdinguse WHERE store_id = %(store)s GROUP BY 1, 2) used
  ON used.store_id = line.store_id AND used.line_id = line.id
WHERE line.store_id = %(store)s AND line.follows_id = ANY(%(contracts)s)
  AND ordered.state <> 'cancelled' AND sku.purchase_type <> 'additional'
"""
_USED: Final = """
SELECT used.holding_id, sum(used.units)::int
FROM sales_holdinguse used JOIN sales_orderline line ON line.store_id = used.store_id AND line.id = used.line_id
JOIN sales_order ordered ON ordered.store_id = line.store_id AND ordered.id = line.order_id
WHERE used.store_id = %(store)s AND used.holding_id = ANY(%(holdings)s) AND ordered.state <> 'cancelled'
GROUP BY used.holding_id
"""


def _left(company: Company, held: Iterable[Held]) -> dict[Held, Held]:
    """Each with the units that orders which were not cancelled have not renewed or replaced yet."""
    contracts = [one.contract_id for one in held if one.contract_id]
    entered = [one.holding_id for one in held if one.holding_id]
    taken = _taken(company.store_id, contracts) if contracts else {}
    used = used_of(company.store_id, entered)
    return {
        one: replace(one, units=one.units - taken.get(one.contract_id, 0) - used.get(one.holding_id or 0, 0))
        for one in held
    }


def _taken(store_id: int, contracts: list[int]) -> Mapping[int | None, int]:
    """Of each contract the units behind what follows it (`_behind`), by the vendor's rule on the day of the order."""
    rows = sql.rows(_TAKEN, store=store_id, contracts=contracts)
    skus = Sku.objects.select_related("product").in_bulk({sku for _contract, sku, *_rest in rows})
    rules = vendor_rules.of_days([(skus[sku], clock.jst_date(at)) for _contract, sku, _quantity, _used, at in rows])
    taken: Counter[int | None] = Counter()
    for (contract, _sku, quantity, used, _at), rule in zip(rows, rules, strict=True):
        taken[contract] += _behind(rule, quantity) - used
    return taken


def used_of(store_id: int, holdings_: Iterable[int]) -> dict[int, int]:
    """Of these entered holdings the units that orders use which were not cancelled; absent without any."""
    asked = list(holdings_)
    return dict(sql.rows(_USED, store=store_id, holdings=asked)) if asked else {}


def check(following: Following, sku: Sku, quantity: int, *, day: date) -> None:
    """Refuse what the holdings or the vendor's rule do not allow, with the rule named and what to do.

    `follows` (several contracts and none chosen), `too_early`, `too_late`, `cap`, `band` (held and added are of another band).
    """
    if following.needs_choice:
        message = _("%(kind)sの対象となるご契約をお選びください。") % {
            "kind": states.label(PurchaseType, following.kind)
        }
        raise Refused(message, code="follows", field="follows")
    if following.kind == PurchaseType.ADDITIONAL:
        _check_band(following, sku, quantity)
        return
    if following.rule and following.chosen and following.chosen.ends_on:
        vendor_rules.check_window(following.rule, following.chosen.ends_on, day=day)
    if not following.proof:
        _check_cap(following, sku, quantity)


_LOCK: Final = """
SELECT id FROM accounts_company WHERE store_id = %(store)s AND id = %(company)s FOR NO KEY UPDATE
"""

Uses = dict[int, dict[int, int]]  # by SKU, of each entered holding the units that are used


def lock(company: Company) -> None:
    """Until the transaction ends no other order of the company can use what it holds, nor the desk enter or withdraw any."""
    sql.rows(_LOCK, store=company.store_id, company=company.pk)


def check_promised(wanted: Mapping[int, tuple[int, int | None]], *, company: Company) -> Uses:
    """Refuse to order what has been renewed or replaced meanwhile, or is past the vendor's window; as `check`.

    `wanted` are quantity and contract by SKU, of lines that follow something; the answer is which entered holdings they
    use. Two orders of a company that follow something wait for each other here. Without any it asks nothing. Refused also:
    `cap`, where two lines count on the same units.
    """
    if not wanted:
        return {}
    lock(company)
    today, uses, spent = clock.today(), Uses(), Counter[Held]()
    skus = list(Sku.objects.filter(pk__in=wanted).select_related("product"))
    chosen = {pk: contract for pk, (_quantity, contract) in wanted.items()}
    for pk, following in of(skus, company=company, day=today, chosen=chosen).items():
        sku = next(sku for sku in skus if sku.pk == pk)
        if (following.chosen.contract_id if following.chosen else None) != chosen[pk]:
            message = _(
                "%(model)s の対象となるご契約は、すでに更新されたか、終了したか、見積の作成後に登録されています。カートから見積を作成し直してください。"
            )
            raise Refused(message % {"model": sku.model_number}, code="follows")
        check(following, sku, wanted[pk][0], day=today)
        uses[pk] = _use(following, sku, wanted[pk][0], spent)
    return uses


def _use(following: Following, sku: Sku, quantity: int, spent: Counter[Held]) -> dict[int, int]:
    """The entered holdings behind so many; `spent` is what lines before this one use, and what this one does beside them."""
    if following.kind == PurchaseType.ADDITIONAL or following.proof:
        return {}
    rest = _behind(following.rule, quantity)
    used: dict[int, int] = {}
    for one in following.counted:
        units = min(rest, one.units - spent[one])
        spent[one] += units
        rest -= units
        if one.holding_id and units:
            used[one.holding_id] = units
    if rest:
        raise _above(following, sku, quantity - rest)
    return used


def covering(sku: Sku, quantity: int, entered: Held, *, day: date) -> int:
    """Of what the desk enters, the units behind an order that had nothing on record; 0 when it cannot follow that."""
    if not _matching(sku, [entered], _related([sku]).get(sku.pk, set()), day=day):
        return 0
    return min(entered.units, _behind(vendor_rules.of(sku, day=day), quantity))


def _behind(rule: VendorRule | None, quantity: int) -> int:
    """The one rule by which contracts and entered holdings count: the held units behind so many that are bought."""
    return vendor_rules.behind(rule, quantity, of_packages=_of_packages(rule))


def _of_packages(rule: VendorRule | None) -> bool:
    return rule is not None and rule.package_cap_per_mille is not None


def _check_band(following: Following, sku: Sku, quantity: int) -> None:
    units = following.units(quantity)
    if following.held and not (sku.band_from or 1) <= units <= (sku.band_to or units):
        message = _(
            "お持ちの%(held)s%(unit)sと追加分の合計が %(units)s%(unit)sのため、%(model)s（%(band)s）ではご購入いただけません。合計数に合う数量帯の型番をお選びください。"
        )
        facts = {"held": f"{following.held:,}", "unit": sku.unit_label, "units": f"{units:,}"}
        facts |= {"model": sku.model_number, "band": sku.band_label}
        raise Refused(message % facts, code="band", field="quantity")


def _check_cap(following: Following, sku: Sku, quantity: int) -> None:
    rule, held = following.rule, following.held
    of_packages = _of_packages(rule)
    if rule and vendor_rules.most(rule, held=held, of_packages=of_packages) is not None:
        vendor_rules.check_cap(rule, quantity, held=held, of_packages=of_packages)
    elif quantity > held:
        raise _above(following, sku, held)


def _above(following: Following, sku: Sku, held: int) -> Refused:
    message = _(
        "%(kind)sでご購入いただけるのは、お持ちの数（%(held)s%(unit)s）までです。ほかにもお持ちの場合は窓口へお知らせください。"
    ) % {"kind": states.label(PurchaseType, following.kind), "held": f"{held:,}", "unit": sku.unit_label}
    return Refused(message, code="cap", field="quantity")


def ends_with(following: Following, sku: Sku, *, day: date) -> date | None:
    """The last day of what is added to a running contract, when the vendor's rule makes it end with that; else None."""
    contract, rule = following.chosen, following.rule
    if following.kind != PurchaseType.ADDITIONAL or not (contract and contract.ends_on and contract.starts_on):
        return None
    if rule is None:
        return contract.ends_on
    return vendor_terms.new_end(
        rule, _purchase(following, sku, contract), starts=_starts(following, sku, contract, day), day=day
    )


def offered(following: Following, offer: prices.Offer, *, day: date) -> prices.Offer:
    """The offer for the part of a term that is left of the contract, where the vendor charges parts; else as it is."""
    contract, rule, months = following.chosen, following.rule, offer.sku.term_months
    if not (rule and months and contract and offer.unit_yen) or rule.proration == VendorRule.Proration.NONE:
        return offer
    until = ends_with(following, offer.sku, day=day)
    if until is None:
        return offer
    starts = _starts(following, offer.sku, contract, day)
    yen = vendor_terms.prorated(rule, offer.unit_yen, months=months, starts=starts, end=until)
    return replace(offer, unit_yen=yen, store_yen=None, with_tax_yen=None)


def _starts(following: Following, sku: Sku, contract: Held, day: date) -> date:
    if following.rule is None:
        return day
    return vendor_terms.starts_on(following.rule, _purchase(following, sku, contract), delivered=day)


def _purchase(following: Following, sku: Sku, contract: Held) -> vendor_terms.Purchase:
    held = vendor_terms.Held(contract.units, contract.starts_on or date.min, contract.ends_on)
    return vendor_terms.Purchase(following.kind, sku.term_months, held)
