"""What a form can only know when it is made."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise


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
