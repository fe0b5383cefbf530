"""What a form can only know when it is made, and what it says when a verb refuses."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise

from licenseonline.kit.errors import Refused


def choose_from(form: forms.BaseForm, name: str, rows: QuerySet[Any, Any]) -> None:
    """The form's field of this name offers these rows."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(name)
    field.queryset = rows


def choose_of(form: forms.BaseForm, name: str, choices: Iterable[tuple[object, str | Promise]]) -> None:
    """The form's field of this name offers these values in these words."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(name)
    field.choices = list(choices)


def show_refusal(form: forms.BaseForm, refusal: Refused) -> None:
    """Say why a verb refused: at the field at fault, or above the form when it has no such field."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
