"""What makes a store's prices, and what it sells: selling rules, companies' prices, the assortment."""

from typing import Any, ClassVar

from django.contrib.admin import ChoicesFieldListFilter, display
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.backoffice.editable import EditableAdmin, SettingForm
from licenseonline.backoffice.read_only import Label, column, titled, yen
from licenseonline.backoffice.store_choice import LookedUpFilter
from licenseonline.catalog import price_steps
from licenseonline.catalog.models import CompanyPrice, SellingRule, StoreListing
from licenseonline.kit.money import format_yen

_NAMES = ("vendor", "product", "sku")
_MILLE = 1000
_ALL_OR_ONE = gettext_lazy("メーカー、製品、型番のうち1つを選びます。すべて空欄ならストア全体の設定です。")
_ONE = gettext_lazy("メーカー、製品、型番のうち1つを選びます。")


class OneThingForm(SettingForm):
    """A row is for one vendor, product or SKU, and there is one row for each of them."""

    keys: ClassVar[tuple[str, ...]] = ("store", *_NAMES)
    may_be_for_all = False

    def clean(self) -> dict[str, Any]:
        """Refuse two things, none, and what has a row already."""
        data = super().clean()
        named = [name for name in _NAMES if data.get(name)]
        if len(named) > 1:
            self.add_error(named[-1], _("メーカー、製品、型番のうち1つだけを選んでください。"))
        elif not named and not self.may_be_for_all and not self.errors.keys() & set(_NAMES):
            self.add_error("vendor", _("メーカー、製品、型番のうち1つを選んでください。"))
        elif not self.errors.keys() & set(self.keys) and self._exists(data):
            self.add_error(None, _("同じ対象の設定がすでに登録されています。そちらを変更してください。"))
        return data

    def _exists(self, data: dict[str, Any]) -> bool:
        model: type[models.Model] = type(self.instance)
        same = {name: data.get(name) for name in self.keys}
        return model._base_manager.filter(**same).exclude(pk=self.instance.pk).exists()

    def need(self, data: dict[str, Any], name: str, message: str) -> None:
        """Refuse an empty field."""
        if data.get(name) is None and name not in self.errors:
            self.add_error(name, message)

    def forbid(self, data: dict[str, Any], name: str, message: str) -> None:
        """Refuse a field that is filled."""
        if data.get(name) is not None and name not in self.errors:
            self.add_error(name, message)


class SellingRuleForm(OneThingForm):
    """Each kind has its own figure."""

    may_be_for_all = True

    def clean(self) -> dict[str, Any]:
        """Refuse a figure that the kind does not have."""
        data = super().clean()
        rate, kind = data.get("per_mille"), data.get("kind")
        if kind == SellingRule.Kind.FIXED:
            self.need(data, "fixed_yen", _("固定価格を入力してください。"))
            self.need(data, "sku", _("固定価格は型番を指定して登録してください。"))
            self.forbid(data, "per_mille", _("固定価格のときは空欄にしてください。"))
        else:
            self.need(data, "per_mille", _("割合を入力してください。"))
            self.forbid(data, "fixed_yen", _("価格の決め方が「固定価格」のときだけ入力してください。"))
        if kind == SellingRule.Kind.LIST and rate == 0:
            self.add_error("per_mille", _("0より大きい割合を入力してください。"))
        if kind == SellingRule.Kind.MARGIN and (rate or 0) >= _MILLE:
            self.add_error("per_mille", _("粗利率は100%未満で入力してください。"))
        if data.get("round_to_yen") == 0:
            self.add_error("round_to_yen", _("1以上の数字を入力してください。"))
        return data


class CompanyPriceForm(OneThingForm):
    """Either yen for a SKU, or percent off."""

    keys = ("store", "company", *_NAMES, "from_day")

    def clean(self) -> dict[str, Any]:
        """Refuse both figures, none, and days out of order."""
        data = super().clean()
        off, fixed = data.get("per_mille_off"), data.get("fixed_yen")
        if fixed is not None:
            self.forbid(data, "per_mille_off", _("割引率と固定価格は、どちらか一方を入力してください。"))
            self.need(data, "sku", _("固定価格は型番を指定して登録してください。"))
        elif "fixed_yen" not in self.errors:
            self.need(data, "per_mille_off", _("割引率か固定価格を入力してください。"))
        if off is not None and off > _MILLE:
            self.add_error("per_mille_off", _("割引率は100%以下で入力してください。"))
        first, last = data.get("from_day"), data.get("to_day")
        if first and last and first > last:
            self.add_error("to_day", _("適用開始日以降の日付を入力してください。"))
        return data


class _OfStore(EditableAdmin):
    """For one thing at a store."""

    list_select_related: tuple[str, ...] = ("store", "vendor", "product", "sku")
    search_fields: tuple[str, ...] = ("vendor__name", "product__name", "sku__model_number", "sku__folded_model")
    search_help_text = gettext_lazy("メーカー、製品、型番で検索")

    @display(description=gettext_lazy("対象"))
    def of(self, row: SellingRule | CompanyPrice | StoreListing) -> str:
        """The vendor, product or SKU."""
        return price_steps.scope_of(row)


class SellingRuleAdmin(_OfStore):
    """How stores' prices follow from the vendors'."""

    names = (gettext_lazy("販売価格の設定"), gettext_lazy("販売価格の設定"))
    form = SellingRuleForm
    labels: ClassVar[dict[str, Label]] = {
        "store": gettext_lazy("ストア"),
        "vendor": gettext_lazy("メーカー"),
        "product": gettext_lazy("製品"),
        "sku": gettext_lazy("型番"),
        "kind": gettext_lazy("価格の決め方"),
        "per_mille": gettext_lazy("割合（%）"),
        "fixed_yen": gettext_lazy("固定価格（税別・円）"),
        "round_to_yen": gettext_lazy("端数の単位（円）"),
        "rounding": gettext_lazy("端数の処理"),
    }
    helps: ClassVar[dict[str, Label]] = {
        "vendor": _ALL_OR_ONE,
        "per_mille": gettext_lazy("定価に対する掛率、または粗利率です。例：92.5"),
        "fixed_yen": gettext_lazy("価格の決め方が「固定価格」のときに入力します。"),
        "round_to_yen": gettext_lazy("10なら10円単位です。会社別価格とキャンペーンの割引にも使います。"),
    }
    list_display = (
        column(gettext_lazy("ストア"), "store"),
        "of",
        column(gettext_lazy("価格の決め方"), "kind"),
        "figure",
        "ends",
    )
    list_filter: ClassVar = [
        ("store", titled(gettext_lazy("ストア"), LookedUpFilter)),
        ("kind", titled(gettext_lazy("価格の決め方"), ChoicesFieldListFilter)),
    ]
    ordering = ("store", "vendor", "product", "sku")

    @display(description=gettext_lazy("割合・価格"))
    def figure(self, rule: SellingRule) -> str:
        """90% or 4,000円."""
        return price_steps.percent(rule.per_mille or 0) if rule.fixed_yen is None else format_yen(rule.fixed_yen)

    @display(description=gettext_lazy("端数"))
    def ends(self, rule: SellingRule) -> str:
        """10円単位で切り捨て."""
        if rule.kind == SellingRule.Kind.FIXED:
            return "－"
        facts = {"step": format_yen(rule.round_to_yen), "way": SellingRule.Round(rule.rounding).label}
        return _("%(step)s単位で%(way)s") % facts


class CompanyPriceAdmin(_OfStore):
    """What single companies pay."""

    names = (gettext_lazy("会社別価格"), gettext_lazy("会社別価格"))
    form = CompanyPriceForm
    labels: ClassVar[dict[str, Label]] = {
        "store": gettext_lazy("ストア"),
        "company": gettext_lazy("会社"),
        "vendor": gettext_lazy("メーカー"),
        "product": gettext_lazy("製品"),
        "sku": gettext_lazy("型番"),
        "per_mille_off": gettext_lazy("割引率（%）"),
        "fixed_yen": gettext_lazy("固定価格（税別・円）"),
        "from_day": gettext_lazy("適用開始日"),
        "to_day": gettext_lazy("適用終了日"),
        "reason": gettext_lazy("理由"),
    }
    helps: ClassVar[dict[str, Label]] = {
        "company": gettext_lazy("会社名の一部を入力して選びます。かっこ内はストアIDです。"),
        "vendor": _ONE,
        "per_mille_off": gettext_lazy("ストアの販売価格からの割引です。"),
        "fixed_yen": gettext_lazy("型番を指定したときだけ入力できます。"),
        "from_day": gettext_lazy("空欄は開始日なしです。"),
        "to_day": gettext_lazy("この日まで適用します。空欄は期限なしです。"),
        "reason": gettext_lazy("社内の記録です。お客様には表示しません。"),
    }
    list_display = (
        column(gettext_lazy("ストア"), "store"),
        column(gettext_lazy("会社"), "company__name"),
        "of",
        "off",
        yen(gettext_lazy("固定価格"), "fixed_yen"),
        "days",
        column(gettext_lazy("理由"), "reason"),
    )
    list_select_related = (*_OfStore.list_select_related, "company")
    list_filter: ClassVar = [("store", titled(gettext_lazy("ストア"), LookedUpFilter))]
    search_fields = (*_OfStore.search_fields, "company__name", "company__kana", "reason")
    search_help_text = gettext_lazy("会社、メーカー、製品、型番、理由で検索")
    ordering = ("store", "company", "-from_day")

    @display(description=gettext_lazy("割引率"), empty_value="－")
    def off(self, row: CompanyPrice) -> str | None:
        """5%."""
        return None if row.per_mille_off is None else price_steps.percent(row.per_mille_off)

    @display(description=gettext_lazy("期間"))
    def days(self, row: CompanyPrice) -> str:
        """From when until when."""
        return price_steps.span(row.from_day, row.to_day)


class StoreListingAdmin(_OfStore):
    """What stores sell, with a price or on request."""

    names = (gettext_lazy("取扱い"), gettext_lazy("取扱い"))
    form = OneThingForm
    labels: ClassVar[dict[str, Label]] = {
        "store": gettext_lazy("ストア"),
        "vendor": gettext_lazy("メーカー"),
        "product": gettext_lazy("製品"),
        "sku": gettext_lazy("型番"),
        "offer": gettext_lazy("取扱い"),
    }
    helps: ClassVar[dict[str, Label]] = {
        "vendor": _ONE,
        "offer": gettext_lazy("型番の設定は製品の設定より、製品の設定はメーカーの設定より優先します。"),
    }
    list_display = (column(gettext_lazy("ストア"), "store"), "of", column(gettext_lazy("取扱い"), "offer"))
    list_filter: ClassVar = [
        ("store", titled(gettext_lazy("ストア"), LookedUpFilter)),
        ("offer", titled(gettext_lazy("取扱い"), ChoicesFieldListFilter)),
    ]
    ordering = ("store", "vendor", "product", "sku")


ADMINS = {SellingRule: SellingRuleAdmin, CompanyPrice: CompanyPriceAdmin, StoreListing: StoreListingAdmin}
