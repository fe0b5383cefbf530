"""What a step for many rows asks once for all of them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import SELECT_CLASSES, TEXTAREA_CLASSES

from licenseonline.accounts import assignments
from licenseonline.accounts.models import User
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.kit.forms import choose_from


class EmptyForm(StepForm):
    """Nothing to fill in."""

    step = "bulk"

    def __init__(self, by: User, data: Any = None) -> None:
        super().__init__(data)
        self.by = by

    def initial_values(self) -> dict[str, Any]:
        """What the preview takes before anybody has filled in anything."""
        return {}


class RefuseForm(EmptyForm):
    """Why the stores do not deal with these companies."""

    reason = forms.CharField(
        label=_("お断りの理由"),
        max_length=1000,
        help_text=_("すべてのお客様へのメールに、このまま記載されます。"),
        error_messages={"required": _("お断りの理由を入力してください。")},
        widget=forms.Textarea(attrs={"class": " ".join(TEXTAREA_CLASSES), "rows": 3}),
    )


class AssignForm(EmptyForm):
    """Who looks after them; nobody takes it back."""

    user = forms.ModelChoiceField(
        label=_("担当者"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("（担当を外す）"),
        widget=forms.Select(attrs={"class": " ".join(SELECT_CLASSES)}),
    )

    def __init__(self, by: User, data: Any = None) -> None:
        super().__init__(by, data)
        choose_from(self, "user", assignments.candidates(by))
        self.initial["user"] = by.pk

    def initial_values(self) -> dict[str, Any]:
        """The person who asks."""
        return {"user": self.by}
