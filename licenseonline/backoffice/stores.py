"""Stores and partners."""

from typing import ClassVar

from django.contrib.admin import ChoicesFieldListFilter
from django.utils.translation import gettext_lazy as _

from licenseonline.backoffice.read_only import ReadOnlyAdmin, column, titled
from licenseonline.backoffice.store_choice import LookedUpFilter
from licenseonline.stores.models import Partner, Store


class StoreAdmin(ReadOnlyAdmin):
    """All stores."""

    names = (_("ストア"), _("ストア"))
    list_display = (
        column(_("ストアID"), "id"),
        column(_("ストア名"), "name"),
        column(_("セールスパートナー"), "partner"),
        column(_("販売者"), "seller_name"),
        column(_("状態"), "state"),
    )
    facts = (
        *list_display,
        column(_("登録番号"), "registration_number"),
        column(_("住所"), "seller_address"),
        column(_("振込先"), "bank_account"),
        column(_("窓口"), "desk_name"),
        column(_("窓口メール"), "desk_email"),
        column(_("窓口電話"), "desk_phone"),
        column(_("営業時間"), "desk_hours"),
        column(_("新しい会社を窓口で確認"), "approves_companies"),
        column(_("見積有効日数"), "quote_days"),
        column(_("支払期限（営業日）"), "payment_days"),
        column(_("販売条件の版"), "terms_version"),
        column(_("販売条件"), "terms"),
    )
    list_select_related = ("partner",)
    list_filter: ClassVar = [
        ("state", titled(_("状態"), ChoicesFieldListFilter)),
        ("partner", titled(_("セールスパートナー"), LookedUpFilter)),
    ]
    search_fields = ("id", "name", "seller_name", "partner__spid", "partner__name")
    ordering = ("id",)


class PartnerAdmin(ReadOnlyAdmin):
    """All sales partners."""

    names = (_("セールスパートナー"), _("セールスパートナー"))
    list_display = (column(_("SPID"), "spid"), column(_("名称"), "name"))
    facts = list_display
    search_fields = ("spid", "name")
    ordering = ("spid",)


ADMINS = {Store: StoreAdmin, Partner: PartnerAdmin}
