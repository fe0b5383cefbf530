"""Companies and members. Passwords are never shown."""

from typing import ClassVar

from django.contrib.admin import BooleanFieldListFilter, ChoicesFieldListFilter, RelatedFieldListFilter, display
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import Company, Member
from licenseonline.backoffice.read_only import column, titled
from licenseonline.backoffice.saved_lists import SavedListAdmin


class CompanyAdmin(SavedListAdmin):
    """All companies."""

    names = (_("会社"), _("会社"))
    list_display = (
        column(_("会社名"), "name"),
        column(_("フリガナ"), "kana"),
        column(_("区分"), "kind"),
        column(_("状態"), "state"),
        column(_("ストア"), "store"),
        column(_("電話番号"), "phone"),
    )
    facts = (
        *list_display,
        column(_("法人番号"), "corporate_number"),
        column(_("郵便番号"), "postal_code"),
        column(_("住所"), "address"),
        column(_("FAX番号"), "fax"),
    )
    list_select_related = ("store",)
    list_filter: ClassVar = [
        ("state", titled(_("状態"), ChoicesFieldListFilter)),
        ("kind", titled(_("区分"), ChoicesFieldListFilter)),
        ("store", titled(_("ストア"), RelatedFieldListFilter)),
    ]
    search_fields = ("name", "kana", "phone", "=corporate_number")
    search_help_text = _("会社名、フリガナ、電話番号、法人番号で検索")
    ordering = ("kana", "id")


@display(description=_("二段階認証"))
def second_factor(member: Member) -> str:
    """Whether it is on, and the way to take it off."""
    if not member.has_second_factor:
        return gettext("未設定")
    url = reverse("backoffice:member_second_factor", args=[member.store_id, member.pk])
    return format_html('{} <a class="desk-link" href="{}">{}</a>', gettext("設定済み"), url, gettext("解除する"))


class MemberAdmin(SavedListAdmin):
    """All members."""

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
    facts = (
        *list_display,
        column(_("フリガナ"), "kana"),
        column(_("部署"), "department"),
        column(_("役職"), "title"),
        column(_("電話番号"), "phone"),
        column(_("最終ログイン"), "last_login"),
        column(_("メールアドレスの認証日時"), "email_verified_at"),
        column(_("パスワードの変更日時"), "password_changed_at"),
        second_factor,
        column(_("メールマガジン"), "newsletter"),
        column(_("退会日時"), "withdrawn_at"),
    )
    list_select_related = ("store", "company")
    list_filter: ClassVar = [
        ("is_active", titled(_("有効"), BooleanFieldListFilter)),
        ("role", titled(_("権限"), ChoicesFieldListFilter)),
        ("store", titled(_("ストア"), RelatedFieldListFilter)),
    ]
    search_fields = ("name", "kana", "email", "company__name")
    search_help_text = _("氏名、フリガナ、メールアドレス、会社名で検索")
    ordering = ("-id",)


ADMINS = {Company: CompanyAdmin, Member: MemberAdmin}
