"""Companies and members. Passwords are never shown."""

from typing import ClassVar

from django.contrib.admin import BooleanFieldListFilter, ChoicesFieldListFilter
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import Company, Member
from licenseonline.backoffice.read_only import column, titled
from licenseonline.backoffice.store_choice import LookedUpFilter
from licenseonline.backoffice.subject_lists import SubjectAdmin


class CompanyAdmin(SubjectAdmin):
    """All companies; each leads to its own page on the desk."""

    names = (_("会社"), _("会社"))
    list_display = (
        column(_("会社名"), "name"),
        column(_("フリガナ"), "kana"),
        column(_("区分"), "kind"),
        column(_("状態"), "state"),
        column(_("ストア"), "store"),
        column(_("電話番号"), "phone"),
    )
    list_select_related = ("store",)
    list_filter: ClassVar = [
        ("state", titled(_("状態"), ChoicesFieldListFilter)),
        ("kind", titled(_("区分"), ChoicesFieldListFilter)),
        ("store", titled(_("ストア"), LookedUpFilter)),
    ]
    search_fields = ("name", "kana", "phone", "=corporate_number")
    search_help_text = _("会社名、フリガナ、電話番号、法人番号で検索")
    ordering = ("kana", "id")


class MemberAdmin(SubjectAdmin):
    """All members; each leads to its own page on the desk."""

    names = (_("会員"), _("会員"))
    list_display = (
        column(_("氏名"), "name"),
        column(_("メールアドレス"), "email"),
        column(_("会社"), "company__name"),
        column(_("権限"), "role"),
        column(_("ストア"), "store"),
        column(_("有効"), "is_active"),
        column(_("登録日時"), "created_at"),
    )
    list_select_related = ("store", "company")
    list_filter: ClassVar = [
        ("is_active", titled(_("有効"), BooleanFieldListFilter)),
        ("role", titled(_("権限"), ChoicesFieldListFilter)),
        ("store", titled(_("ストア"), LookedUpFilter)),
    ]
    search_fields = ("name", "kana", "email", "company__name")
    search_help_text = _("氏名、フリガナ、メールアドレス、会社名で検索")
    ordering = ("-id",)


ADMINS = {Company: CompanyAdmin, Member: MemberAdmin}
