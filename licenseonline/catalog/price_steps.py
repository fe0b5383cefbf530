"""この価格の理由: a decision on a price, told to staff step by step in sentences with figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from licenseonline.catalog.models import (
    EVER_SINCE,
    FOR_EVER,
    CampaignItem,
    CompanyPrice,
    PriceList,
    SellingRule,
    StoreListing,
)
from licenseonline.catalog.price_rules import By, Decision, exact_yen, less
from licenseonline.kit.money import format_yen


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is about, what it says, and the yen per unit that it came to (None where it gives no price)."""

    title: str
    text: str
    yen: int | None = None
    counts: bool = True  # False for what was looked at and does not decide


def steps(decision: Decision) -> list[Step]:
    """All steps in the order in which the price was made; the last says the price with tax, or why there is none."""
    return [step for tell in (_list, _store, _company, _campaign, _result) for step in tell(decision)]


def _list(made: Decision) -> Iterator[Step]:
    listed = made.listed
    if listed is None:
        facts = {"model": made.sku.model_number, "day": words(made.day)}
        yield Step(_("価格表"), _("%(day)s に有効な価格表に %(model)s の定価はありません。") % facts)
        return
    facts = {"name": listed.price_list.name, "days": _days_of_list(listed.price_list)}
    yield Step(_("価格表"), _("「%(name)s」（%(days)s）の定価を使います。") % facts, listed.list_yen)
    facts = {"units": f"{made.units:,}", "from": f"{listed.band_from:,}", "to": f"{(made.next_band or 1) - 1:,}"}
    if made.units < listed.band_from:
        text = _("数量 %(units)s はいちばん下の数量帯（%(from)s以上）より少ないため、その定価を使います。")
    elif made.next_band is None and listed.band_from == 1:
        text = _("数量 %(units)s。この価格表の定価は数量によって変わりません。")
    elif made.next_band is None:
        text = _("数量 %(units)s は数量帯「%(from)s以上」にあたります。")
    else:
        text = _("数量 %(units)s は数量帯「%(from)s～%(to)s」にあたります。")
    yield Step(_("数量帯"), text % facts, listed.list_yen)


def _store(made: Decision) -> Iterator[Step]:
    rule, title = made.rule, _("ストアの販売価格")
    if rule is None:
        yield Step(title, _("このストアには、この型番にあてはまる販売価格の設定がありません。"))
        return
    exact = exact_yen(rule, made.listed, made.cost_yen)
    facts = {
        "of": scope_of(rule),
        "yen": format_yen(rule.fixed_yen or 0),
        "rate": percent(rule.per_mille or 0),
        "list": format_yen(made.list_yen or 0),
        "cost": format_yen(made.cost_yen or 0),
        "left": percent(1000 - (rule.per_mille or 0)),
        "exact": _exact(exact),
    }
    if rule.kind == SellingRule.Kind.FIXED:
        yield Step(title, _("%(of)sの設定：固定価格 %(yen)s。") % facts, made.store_yen)
        return
    if exact is None:
        missing = _("%(of)sの設定：粗利率 %(rate)s。原価が登録されていないため計算できません。")
        if rule.kind == SellingRule.Kind.LIST:
            missing = _("%(of)sの設定：定価の %(rate)s。定価がないため計算できません。")
        yield Step(title, missing % facts)
        return
    text = _("%(of)sの設定：定価 %(list)s の %(rate)s で %(exact)s。")
    if rule.kind == SellingRule.Kind.MARGIN:
        text = _("%(of)sの設定：粗利率 %(rate)s。原価 %(cost)s ÷ %(left)s で %(exact)s。")
    yield Step(title, text % facts)
    yield _rounding(rule, exact, made.store_yen)


def _company(made: Decision) -> Iterator[Step]:
    found, title = made.company_price, _("会社別価格")
    if made.company is None:
        return
    if found is None:
        text = _("%(company)s に、%(day)s に有効な会社別価格はありません。")
        yield Step(title, text % {"company": made.company.name, "day": words(made.day)}, counts=False)
        return
    facts = {"company": made.company.name, "of": scope_of(found), "why": found.reason, "days": _days(found)}
    head = _("%(company)s の%(of)sの価格（%(days)s、理由：%(why)s）：") % facts
    yield from _reduced(title, head, found, made)


def _campaign(made: Decision) -> Iterator[Step]:
    item, title = made.item, _("キャンペーン")
    if item is None:
        text = _("%(day)s にこの型番を割り引くキャンペーンはありません。")
        yield Step(title, text % {"day": words(made.day)}, counts=False)
        return
    campaign = item.campaign
    facts = {"name": campaign.title, "of": scope_of(item), "days": span(campaign.from_day, campaign.to_day)}
    head = _("「%(name)s」（%(days)s）の%(of)sの価格：") % facts
    yield from _reduced(title, head, item, made)
    if made.by != By.CAMPAIGN and made.asked_yen is not None:
        text = _("%(yen)s より安くならないため、キャンペーンの価格は使いません。")
        yield Step(title, text % {"yen": format_yen(made.asked_yen)}, counts=False)


def _reduced(title: str, head: str, row: CompanyPrice | CampaignItem, made: Decision) -> Iterator[Step]:
    """Fixed yen, or per mille off the store's price and the rounding."""
    is_campaign = isinstance(row, CampaignItem)
    yen = made.campaign_yen if is_campaign else made.company_yen
    counts = made.by == (By.CAMPAIGN if is_campaign else By.COMPANY)
    if yen is None or made.store_yen is None or made.rule is None:
        yield Step(title, head + _("ストアの販売価格がないため使いません。"), counts=False)
    elif row.fixed_yen is not None:
        yield Step(title, head + _("固定価格 %(yen)s。") % {"yen": format_yen(row.fixed_yen)}, yen, counts)
    else:
        exact = less(made.store_yen, row.per_mille_off or 0)
        facts = {"yen": format_yen(made.store_yen), "rate": percent(row.per_mille_off or 0), "exact": _exact(exact)}
        text = _("ストアの販売価格 %(yen)s から %(rate)s 引きで %(exact)s。")
        yield Step(title, head + text % facts, counts=counts)
        yield _rounding(made.rule, exact, yen, counts=counts)


def _rounding(rule: SellingRule, exact: Fraction, yen: int | None, *, counts: bool = True) -> Step:
    facts = {
        "exact": _exact(exact),
        "step": format_yen(rule.round_to_yen),
        "way": str(SellingRule.Round(rule.rounding).label),
        "yen": format_yen(yen or 0),
    }
    text = _("%(exact)s を %(step)s単位で%(way)sて %(yen)s。")
    if rule.rounding == SellingRule.Round.NEAREST:
        text = _("%(exact)s を %(step)s単位で%(way)sして %(yen)s。")
    return Step(_("端数"), text % facts, yen, counts)


def _result(made: Decision) -> Iterator[Step]:
    title, yen, gross = _("税込"), made.unit_yen, made.with_tax_yen
    if yen is not None and gross is not None:
        facts = {"yen": format_yen(yen), "rate": made.tax_percent, "gross": format_yen(gross)}
        yield Step(title, _("単価 %(yen)s に %(rate)s%% の消費税を加えて %(gross)s（参考価格）。") % facts, gross)
    elif not made.is_on_sale:
        facts = {"days": span(made.sku.sale_from, made.sku.sale_to)}
        yield Step(_("販売期間"), _("この型番の販売期間は %(days)s です。指定の日には販売していません。") % facts)
    elif not made.is_sold:
        yield Step(_("取扱い"), _("このストアではこの型番を取り扱っていません。"))
    elif made.offer == StoreListing.Offer.ON_REQUEST:
        yield Step(_("取扱い"), _("このストアではこの型番を見積依頼で販売しているため、価格を表示しません。"))
    else:
        yield Step(_("取扱い"), _("価格が決まらないため、見積依頼で承ります。"))


def scope_of(row: SellingRule | CompanyPrice | CampaignItem | StoreListing) -> str:
    """For what a row is, in words: 型番「X」 / 製品「X」/ メーカー「X」/ ストア全体."""
    if row.sku:
        return _("型番「%(name)s」") % {"name": row.sku.model_number}
    if row.product:
        return _("製品「%(name)s」") % {"name": row.product.name}
    if row.vendor:
        return _("メーカー「%(name)s」") % {"name": row.vendor.name}
    return _("ストア全体")


def percent(per_mille: int) -> str:
    """Per mille as percent: 92.5%, 90%."""
    whole, rest = divmod(per_mille, 10)
    return f"{whole:,}.{rest}%" if rest else f"{whole:,}%"


def _exact(yen: Fraction | None) -> str:
    """As it is when two places hold it, else to two places, and saying so."""
    hundredths = (yen or Fraction(0)) * 100
    whole, rest = divmod(round(hundredths), 100)
    places = f".{rest:02}".rstrip("0") if rest else ""
    told = _("%(yen)s円") if hundredths.denominator == 1 else _("約%(yen)s円")
    return told % {"yen": f"{whole:,}{places}"}


def words(day: date) -> str:
    """2026年6月1日."""
    return _("%(year)s年%(month)s月%(day)s日") % {"year": day.year, "month": day.month, "day": day.day}


def span(first: date, last: date) -> str:
    """From the first to the last day, both included; what always was or has no end is left out."""
    begin = "" if first == EVER_SINCE else words(first)
    end = "" if last == FOR_EVER else words(last)
    return f"{begin}～{end}" if begin or end else _("期限なし")


def _days(row: CompanyPrice) -> str:
    return span(row.from_day, row.to_day)


def _days_of_list(found: PriceList) -> str:
    return span(found.from_day, found.to_day)
