"""What vendors allow and ask, and which SKU follows which."""

from typing import Any, ClassVar

from django.contrib.admin import ChoicesFieldListFilter, RelatedFieldListFilter, display
from django.utils.translation import gettext_lazy as _

from licenseonline.backoffice.editable import EditableAdmin
from licenseonline.backoffice.read_only import Column, Label, column, titled
from licenseonline.backoffice.setting_fields import span
from licenseonline.catalog.models import Eligibility, SkuRelation, VendorRule

_BEFORE = _("契約終了日のどれだけ前か。「30日」「4か月」のように入力します。空欄は定めなしです。")
_AFTER = _("契約終了日のどれだけ後か。終了日までなら「0日」、空欄は定めなしです。")


def every(label: Label, path: str) -> Column:
    """A column of what a rule is for: empty is for all."""

    @display(description=label, ordering=path)
    def show(rule: Any) -> Any:
        words = getattr(rule, f"get_{path}_display", None)
        return (words() if words else getattr(rule, path)) or _("すべて")

    show.__name__ = f"every_{path}"
    return show


def _span(label: Label, path: str) -> Column:
    """A column of days or months."""

    @display(description=label, ordering=path, empty_value="－")
    def show(rule: VendorRule) -> str | None:
        return span(getattr(rule, path)) or None

    show.__name__ = f"span_{path}"
    return show


class VendorRuleAdmin(EditableAdmin):
    """Vendors' terms from a day on."""

    names = (_("メーカーの規定"), _("メーカーの規定"))
    labels: ClassVar[dict[str, Label]] = {
        "vendor": _("メーカー"),
        "product": _("製品"),
        "purchase_type": _("購入形態"),
        "program": _("プログラム"),
        "from_day": _("適用開始日"),
        "opens_before": _("受付開始"),
        "recommended_before": _("手続きの推奨期限"),
        "closes_after": _("受付終了"),
        "stop_before": _("更新しない連絡の期限"),
        "cut_off_business_days": _("申込期限（営業日）"),
        "cut_off_time": _("発注の締め時刻"),
        "cancel_days": _("取消できる日数"),
        "notice_days": _("お知らせの日"),
        "band_by": _("数量帯を決める数"),
        "cap_per_mille": _("購入数の上限（%）"),
        "package_cap_per_mille": _("パッケージ乗換の上限（%）"),
        "starts": _("期間の開始日"),
        "never_starts_on": _("開始できない日"),
        "co_term": _("期間の合わせ方"),
        "proration": _("期間の端数"),
        "most_months": _("合計期間の上限（月）"),
        "renewal_with_addition_from": _("更新も必要な残り（月）"),
        "most_free_months": _("無償付与の上限（月）"),
        "most_free_months_cloud": _("無償付与・クラウド（月）"),
        "source": _("出典"),
    }
    helps: ClassVar[dict[str, Label]] = {
        "product": _("空欄はメーカーのすべての製品です。"),
        "purchase_type": _("未選択はすべての購入形態です。"),
        "program": _("未選択はすべてのプログラムです。"),
        "from_day": _("この日から、同じ対象の前の規定に代わります。"),
        "opens_before": _BEFORE,
        "recommended_before": _BEFORE,
        "closes_after": _AFTER,
        "stop_before": _BEFORE,
        "cut_off_business_days": _("希望の開始日の何営業日前までにお申し込みが必要か。空欄は定めなしです。"),
        "cut_off_time": _("営業日のこの時刻までにそろった明細を、その日の発注にまとめます。空欄は15:00です。"),
        "cancel_days": _("購入・更新から解約や削減ができる日数。0は不可、空欄は定めなしです。"),
        "notice_days": _("契約終了日の何日前か。「、」で区切ります。終了日は0、終了後は「-30」のように入力します。"),
        "cap_per_mille": _("お持ちの数に対する割合。お持ちの数までなら100、空欄は上限なしです。"),
        "package_cap_per_mille": _("購入数の半数以上をお持ちのことが条件なら200。空欄は上と同じです。"),
        "never_starts_on": _("毎月の日を「、」で区切ります。例：1"),
        "most_months": _("更新・切替では残りの期間を含みます。空欄は上限なしです。"),
        "renewal_with_addition_from": _("残りがこの月数以上なら、追加と合わせて更新の型番も必要です。"),
        "most_free_months": _("乗換元の残り期間のうち無償で付与する月数です。"),
        "most_free_months_cloud": _("クラウド製品への乗換で異なるときに入力します。"),
        "source": _("規定の出典（資料名やURL）を入力します。"),
    }
    fieldsets = (
        (_("対象"), {"fields": ("vendor", "product", "purchase_type", "program", "from_day", "source")}),
        (
            _("受付とお知らせ"),
            {
                "fields": (
                    *("opens_before", "recommended_before", "closes_after", "stop_before"),
                    *("cut_off_business_days", "cut_off_time", "cancel_days", "notice_days"),
                )
            },
        ),
        (_("数量"), {"fields": ("band_by", "cap_per_mille", "package_cap_per_mille")}),
        (
            _("期間"),
            {
                "fields": (
                    *("starts", "never_starts_on", "co_term", "proration", "most_months"),
                    *("renewal_with_addition_from", "most_free_months", "most_free_months_cloud"),
                )
            },
        ),
    )
    list_display = (
        column(_("メーカー"), "vendor__name"),
        every(_("製品"), "product"),
        every(_("購入形態"), "purchase_type"),
        every(_("プログラム"), "program"),
        column(_("適用開始日"), "from_day"),
        _span(_("受付開始"), "opens_before"),
        _span(_("受付終了"), "closes_after"),
    )
    list_select_related = ("vendor", "product")
    list_filter: ClassVar = [
        ("vendor", titled(_("メーカー"), RelatedFieldListFilter)),
        ("purchase_type", titled(_("購入形態"), ChoicesFieldListFilter)),
    ]
    search_fields = ("vendor__name", "product__name", "source")
    search_help_text = _("メーカー、製品、出典で検索")
    ordering = ("vendor__kana", "product__name", "id")


class SkuRelationAdmin(EditableAdmin):
    """Which SKU who holds one may buy."""

    names = (_("型番の関係"), _("型番の関係"))
    labels: ClassVar[dict[str, Label]] = {
        "held": _("お持ちの型番"),
        "kind": _("関係"),
        "following": _("ご購入いただける型番"),
    }
    helps: ClassVar[dict[str, Label]] = {
        "held": _("型番の先頭から入力して選びます。"),
        "following": _("型番の先頭から入力して選びます。"),
    }
    list_display = (
        column(_("お持ちの型番"), "held__model_number"),
        column(_("関係"), "kind"),
        column(_("ご購入いただける型番"), "following__model_number"),
        column(_("名称"), "following__name"),
    )
    list_select_related = ("held", "following")
    list_filter: ClassVar = [
        ("kind", titled(_("関係"), ChoicesFieldListFilter)),
        ("following__product__vendor", titled(_("メーカー"), RelatedFieldListFilter)),
    ]
    search_fields = ("held__model_number", "following__model_number", "held__name", "following__name")
    search_help_text = _("型番、名称で検索")
    ordering = ("held__folded_model", "id")


class EligibilityAdmin(EditableAdmin):
    """Whom vendors mean by their programs."""

    names = (_("プログラムの対象"), _("プログラムの対象"))
    labels: ClassVar[dict[str, Label]] = {
        "vendor": _("メーカー"),
        "program": _("プログラム"),
        "kinds": _("購入できる会社の区分"),
        "who": _("対象（製品ページに表示する文）"),
        "source": _("出典"),
    }
    helps: ClassVar[dict[str, Label]] = {
        "kinds": _("この区分のお客様だけがカートに入れられます。"),
        "source": _("規定の出典（資料名やURL）を入力します。"),
    }
    list_display = (
        column(_("メーカー"), "vendor__name"),
        column(_("プログラム"), "program"),
        column(_("対象"), "who"),
        column(_("出典"), "source"),
    )
    list_select_related = ("vendor",)
    search_fields = ("vendor__name", "who", "source")
    search_help_text = _("メーカー、対象、出典で検索")
    ordering = ("vendor__kana", "program")


ADMINS = {VendorRule: VendorRuleAdmin, SkuRelation: SkuRelationAdmin, Eligibility: EligibilityAdmin}
