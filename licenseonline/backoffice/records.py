"""Outgoing mail and the history."""

from typing import ClassVar

from django.contrib.admin import ChoicesFieldListFilter, DateFieldListFilter
from django.utils.translation import gettext_lazy as _

from licenseonline.backoffice.read_only import ReadOnlyAdmin, column, titled
from licenseonline.backoffice.saved_lists import SavedListAdmin
from licenseonline.backoffice.store_choice import LookedUpFilter
from licenseonline.records.models import HistoryEntry, Message


class MessageAdmin(SavedListAdmin):
    """All mails; those that failed can be sent again, after a preview."""

    names = (_("メール"), _("メール"))
    list_display = (
        column(_("件名"), "subject"),
        column(_("宛先"), "recipient"),
        column(_("状態"), "state"),
        column(_("種類"), "kind"),
        column(_("ストア"), "store"),
        column(_("作成日時"), "created_at"),
        column(_("送信日時"), "sent_at"),
    )
    facts = (*list_display, column(_("差出人"), "sender"), column(_("返信先"), "reply_to"), column(_("本文"), "text"))
    list_select_related = ("store",)
    list_filter: ClassVar = [
        ("state", titled(_("状態"), ChoicesFieldListFilter)),
        ("store", titled(_("ストア"), LookedUpFilter)),
        ("created_at", titled(_("作成日"), DateFieldListFilter)),
    ]
    search_fields = ("subject", "recipient")
    search_help_text = _("件名、宛先で検索")
    ordering = ("-id",)


class HistoryAdmin(ReadOnlyAdmin):
    """What happened, as it is chained."""

    names = (_("履歴"), _("履歴"))
    list_display = (
        column(_("日時"), "at"),
        column(_("出来事"), "event"),
        column(_("対象"), "subject_type"),
        column(_("対象番号"), "subject_id"),
        column(_("操作者"), "actor_kind"),
        column(_("操作者番号"), "actor_id"),
        column(_("ストア"), "store"),
    )
    facts = (*list_display, column(_("内容"), "facts"))
    list_select_related = ("store",)
    list_filter: ClassVar = [
        ("store", titled(_("ストア"), LookedUpFilter)),
        ("at", titled(_("日時"), DateFieldListFilter)),
    ]
    search_fields = ("event", "subject_type", "=subject_id")
    search_help_text = _("出来事、対象、対象番号で検索")
    ordering = ("-id",)


ADMINS = {Message: MessageAdmin, HistoryEntry: HistoryAdmin}
