"""One store of very many, looked up while its number or name is typed: for pages and lists that can be narrowed to a store."""

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.contrib.admin import RelatedFieldListFilter
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from licenseonline.backoffice.read_only import big_columns
from licenseonline.backoffice.site import site
from licenseonline.kit import whole_numbers
from licenseonline.sales.models import Order
from licenseonline.stores.models import Store

LOOKUPS: Final = "backoffice/lookups.js"  # names the boxes that Select2 makes


def read(text: str) -> Store | None:
    """The store of that number, when there is one. One query, none for what is no number."""
    number = whole_numbers.read(text)
    return None if number is None else Store.objects.only("name").filter(pk=number).first()


class StoreForm(forms.Form):
    """ストア: the chosen one; without one all."""

    store = forms.ModelChoiceField(
        label=_("ストア"),
        queryset=Store.objects.only("name"),
        required=False,
        widget=AutocompleteSelect(Order._meta.get_field("store"), site),
    )

    class Media:
        """What the box runs, besides what the widget names."""

        js = (LOOKUPS,)

    @classmethod
    def of(cls, store: Store | None) -> "StoreForm":
        """Showing that store."""
        return cls(initial={"store": store})


class LookedUpFilter(RelatedFieldListFilter):
    """A filter of a list by a row that is looked up: a box instead of a link for each of a thousand."""

    template = "backoffice/_filter_lookup.html"

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        """None: the box asks for them."""
        return []

    def has_output(self) -> bool:
        """Always."""
        return True

    def choices(self, changelist: Any) -> Iterator[Any]:
        """The box, the other conditions of the address, and the links that take the choice back or want rows without one."""
        field: Any = self.field
        name, chosen = self.lookup_kwarg, whole_numbers.read((self.lookup_val or [""])[-1])
        own = {name, self.lookup_kwarg_isnull}
        box = forms.ModelChoiceField(
            queryset=field.related_model.objects.defer(*big_columns(field.related_model)),
            required=False,
            widget=AutocompleteSelect(field, site, attrs={"id": f"filter_{name}"}),
        )
        yield {
            "name": f"filter_{name}",
            "box": box.widget.render(name, chosen),
            "media": box.widget.media + forms.Media(js=[LOOKUPS]),
            "others": {key: value for key, value in changelist.params.items() if key not in own},
            "all": changelist.get_query_string(remove=[*own]) if chosen or self.lookup_val_isnull else "",
            "without": changelist.get_query_string({self.lookup_kwarg_isnull: "True"}, [name])
            if self.include_empty_choice
            else "",
        }
