"""Stock sentences for returning a paper."""

from typing import ClassVar

from django.contrib.admin import ChoicesFieldListFilter, display
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import User
from licenseonline.backoffice.editable import EditableAdmin
from licenseonline.backoffice.read_only import Label, column, titled
from licenseonline.kit import rights
from licenseonline.kit.rights import Right
from licenseonline.sales.models import ReturnReason


class ReturnReasonAdmin(EditableAdmin):
    """All sentences; whoever reviews papers keeps them."""

    names = (_("差し戻しの定型文"), _("差し戻しの定型文"))
    labels: ClassVar[dict[str, Label]] = {
        "paper": _("書類"),
        "sentence": _("定型文（お客様に表示する文）"),
        "position": _("並び順"),
    }
    helps: ClassVar[dict[str, Label]] = {
        "paper": _("未選択はすべての書類です。"),
        "sentence": _("差し戻しのメールと注文のページに、そのまま記載します。"),
        "position": _("小さい番号から順に並びます。"),
    }
    list_filter: ClassVar = [("paper", titled(_("書類"), ChoicesFieldListFilter))]
    search_fields = ("sentence",)
    search_help_text = _("定型文で検索")
    ordering = ("paper", "position", "id")

    @display(description=_("書類"))
    def fits(self, obj: ReturnReason) -> str:
        """The paper, or every one."""
        return str(obj.get_paper_display()) if obj.paper else gettext("すべて")

    list_display = (column(_("定型文"), "sentence"), "fits", column(_("並び順"), "position"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who reviews papers."""
        return _reviews(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Who reviews papers."""
        return _reviews(request)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Who reviews papers."""
        return _reviews(request)


def _reviews(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and rights.allowed(request.user, Right.REVIEW_PAPERS)


ADMINS = {ReturnReason: ReturnReasonAdmin}
