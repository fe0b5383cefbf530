"""Orders and quotations."""

from typing import ClassVar

from django.contrib.admin import ChoicesFieldListFilter, DateFieldListFilter
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from licenseonline.backoffice.read_only import column, titled, yen
from licenseonline.backoffice.store_choice import LookedUpFilter
from licenseonline.backoffice.subject_lists import SubjectAdmin
from licenseonline.sales.models import Order, Quote


class OrderAdmin(SubjectAdmin):
    """All orders; each leads to its own page on the desk."""

    names = (_("注文"), _("注文"))
    list_display = (
        column(_("注文ID"), "number"),
        column(_("状態"), "state"),
        column(_("ストア"), "store"),
        column(_("会社"), "company__name"),
        column(_("ご担当者"), "member__name"),
        yen(_("金額（税込）"), "total_yen"),
        column(_("注文日時"), "placed_at"),
    )
    list_select_related = ("store", "company", "member")
    list_filter: ClassVar = [
        ("state", titled(_("状態"), ChoicesFieldListFilter)),
        ("store", titled(_("ストア"), LookedUpFilter)),
        ("placed_at", titled(_("注文日"), DateFieldListFilter)),
    ]
    search_fields = ("number", "company__name", "company__kana", "member__email", "quote__number")
    search_help_text = _("注文ID、見積ID、会社名、メールアドレスで検索")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Order]:
        """The list needs no snapshots."""
        return super().get_queryset(request).defer("snapshot")  # type: ignore[no-any-return]  # unfold has no types


class QuoteAdmin(SubjectAdmin):
    """All quotations; each leads to its own page on the desk."""

    names = (_("見積"), _("見積"))
    list_display = (
        column(_("見積ID"), "number"),
        column(_("状態"), "state"),
        column(_("ストア"), "store"),
        column(_("会社"), "customer", order="company__name"),
        column(_("ご担当者"), "person", order="member__name"),
        yen(_("金額（税込）"), "total_yen"),
        column(_("発行日時"), "issued_at"),
        column(_("有効期限"), "valid_until"),
    )
    list_select_related = ("store", "company", "member")
    list_filter: ClassVar = [
        ("state", titled(_("状態"), ChoicesFieldListFilter)),
        ("store", titled(_("ストア"), LookedUpFilter)),
        ("valid_until", titled(_("有効期限"), DateFieldListFilter)),
    ]
    search_fields = ("number", "company__name", "company__kana", "member__email", "offered_to")
    search_help_text = _("見積ID、会社名、メールアドレスで検索")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Quote]:
        """The list needs no snapshots."""
        return super().get_queryset(request).defer("snapshot")  # type: ignore[no-any-return]  # unfold has no types


ADMINS = {Order: OrderAdmin, Quote: QuoteAdmin}
