"""Contracts. Keys are never shown on the desk."""

from typing import ClassVar

from django.contrib.admin import DateFieldListFilter, RelatedFieldListFilter
from django.utils.translation import gettext_lazy as _

from licenseonline.backoffice.read_only import column, titled
from licenseonline.backoffice.saved_lists import SavedListAdmin
from licenseonline.backoffice.store_choice import LookedUpFilter
from licenseonline.licensing.models import Contract


class ContractAdmin(SavedListAdmin):
    """All contracts."""

    names = (_("契約"), _("契約"))
    list_display = (
        column(_("契約ID"), "number"),
        column(_("ストア"), "store"),
        column(_("会社"), "company__name"),
        column(_("メーカー"), "vendor__name"),
        column(_("製品"), "product_name"),
        column(_("開始日"), "starts_on"),
        column(_("終了日"), "ends_on"),
    )
    facts = (
        *list_display,
        column(_("注文ID"), "order_number"),
        column(_("メーカー契約番号"), "vendor_contract_number"),
    )
    list_select_related = ("store", "company", "vendor")
    list_filter: ClassVar = [
        ("store", titled(_("ストア"), LookedUpFilter)),
        ("vendor", titled(_("メーカー"), RelatedFieldListFilter)),
        ("ends_on", titled(_("終了日"), DateFieldListFilter)),
    ]
    search_fields = ("number", "order_number", "vendor_contract_number", "company__name", "product_name")
    search_help_text = _("契約ID、注文ID、メーカー契約番号、会社名、製品名で検索")
    ordering = ("-id",)


ADMINS = {Contract: ContractAdmin}
