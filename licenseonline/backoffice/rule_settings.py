"""What vendors allow and ask, and which SKU follows which."""

from typing import ClassVar

from django.contrib.admin import ChoicesFieldListFilter, RelatedFieldListFilter
from django.utils.translation import gettext_lazy as _

from licenseonline.backoffice.editable import EditableAdmin
from licenseonline.backoffice.read_only import Label, column, titled
from licenseonline.catalog.models import SkuRelation, VendorRule

_SPAN = _("日数は「30d」、月数は「4m」のように入力します。空欄は期限なしです。")


class VendorRuleAdmin(EditableAdmin):
    """Vendors' terms from a day on."""

    names = (_("メーカーの規定"), _("メーカーの規定"))
    labels: ClassVar[dict[str, Label]] = {
        "vendor": _("メーカー"),
        "product": _("製品"),
        "purchase_type": _("購入形態"),
        "program": _("プログラム"),
        "from_day": _("適用開始日"),
        "opens_before": _("受付開始（契約終了日の前）"),
        "recommended_before": _("手続きの推奨期限（契約終了日の前）"),
        "closes_after": _("受付終了（契約終了日の後）"),
        "stop_before": _("更新しない場合のご連絡期限（契約終了日の前）"),
        "cap_per_mille": _("購入数の上限（保有数に対する%）"),
        "package_cap_per_mille": _("パッケージ製品からの乗換の上限（保有数に対する%）"),
        "starts": _("期間の開始日"),
        "co_term": _("期間の合わせ方"),
        "proration": _("期間の端数"),
        "band_by": _("数量帯を決める数"),
        "most_months": _("合計期間の上限（月）"),
        "most_free_months": _("乗換元の残り期間の無償付与の上限（月）"),
        "most_free_months_cloud": _("同、クラウド製品への乗換（月）"),
        "renewal_with_addition_from": _("追加に更新が必要になる残り期間（月）"),
        "cut_off_business_days": _("申込期限（希望日までの営業日数）"),
        "cancel_days": _("取り消せる日数（購入・更新から）"),
        "notice_days": _("お知らせの日（契約終了日までの日数）"),
        "never_starts_on": _("開始できない日（毎月）"),
        "source": _("出典"),
    }
    helps: ClassVar[dict[str, Label]] = {
        "product": _("空欄はメーカーのすべての製品です。"),
        "purchase_type": _("空欄はすべての購入形態です。"),
        "program": _("空欄はすべてのプログラムです。"),
        "opens_before": _SPAN,
        "recommended_before": _SPAN,
        "closes_after": _SPAN,
        "stop_before": _SPAN,
        "package_cap_per_mille": _("購入数の半数以上の保有が条件なら200です。空欄は上記と同じです。"),
        "most_free_months_cloud": _("空欄はクラウド以外と同じです。"),
        "cap_per_mille": _("保有数までなら100です。空欄は上限なしです。"),
        "cancel_days": _("0は取り消し不可、空欄は規定なしです。"),
        "notice_days": _("「、」で区切ります。終了日は0、終了後は「-30」のように入力します。"),
        "never_starts_on": _("「、」で区切ります。例：1"),
        "source": _("規定の出典（資料名やURL）を入力します。"),
    }
    list_display = (
        column(_("メーカー"), "vendor__name"),
        column(_("製品"), "product"),
        column(_("購入形態"), "purchase_type"),
        column(_("プログラム"), "program"),
        column(_("適用開始日"), "from_day"),
        column(_("受付開始"), "opens_before"),
        column(_("受付終了"), "closes_after"),
        column(_("出典"), "source"),
    )
    list_select_related = ("vendor", "product")
    list_filter: ClassVar = [
        ("vendor", titled(_("メーカー"), RelatedFieldListFilter)),
        ("purchase_type", titled(_("購入形態"), ChoicesFieldListFilter)),
    ]
    search_fields = ("vendor__name", "product__name", "source")
    search_help_text = _("メーカー、製品、出典で検索")
    ordering = ("vendor__kana", "product", "purchase_type", "program", "-from_day")


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
        column(_("名称"), "held__name"),
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
    ordering = ("held__model_number", "kind", "following__model_number")


ADMINS = {VendorRule: VendorRuleAdmin, SkuRelation: SkuRelationAdmin}
