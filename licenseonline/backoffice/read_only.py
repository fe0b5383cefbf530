"""Lists and detail pages that only show: what is written in the back office goes through verbs."""

from collections.abc import Callable
from datetime import date, datetime
from functools import reduce
from typing import Any

from django.contrib.admin import AdminSite, FieldListFilter, RelatedFieldListFilter, display
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest
from django.db.models import BinaryField, Model, QuerySet, TextField
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from licenseonline.kit import whole_numbers
from licenseonline.kit.money import format_yen

Column = Callable[[Any], Any]
Label = Any  # a lazy translation, whose type Django's stubs keep to themselves


def column(label: Label, path: str, *, order: str = "") -> Column:
    """A column or field: the value at `path` (`company__name`), choices in words; sorted by `order` if that differs."""

    @display(description=label, ordering=order or path, empty_value="－")
    def show(obj: Model) -> Any:
        *way, last = path.split("__")
        holder = reduce(getattr, way, obj)
        words = getattr(holder, f"get_{last}_display", None)
        return _shown(words() if words else getattr(holder, last), is_number=last.endswith("id"))

    show.__name__ = f"at_{path}"
    return show


def _shown(value: Any, *, is_number: bool) -> Any:
    """In words and in Japan's time; a store's number is no amount and gets no separators."""
    if isinstance(value, bool):
        return gettext("はい") if value else gettext("いいえ")
    if isinstance(value, datetime):
        return f"{date_format(localtime(value))} {localtime(value):%H:%M}"
    if isinstance(value, date):
        return date_format(value)
    return str(value) if is_number and value is not None else value


def yen(label: Label, path: str) -> Column:
    """A column of money, aligned right."""

    @display(description=label, ordering=path, empty_value="－")
    def show(obj: Model) -> Any:
        amount = reduce(getattr, path.split("__"), obj)
        return None if amount is None else format_html('<span class="desk-yen">{}</span>', format_yen(amount))  # type: ignore[arg-type]  # unfold has no types

    show.__name__ = f"yen_{path}"
    return show


def titled(label: Label, kind: type[FieldListFilter]) -> type[FieldListFilter]:
    """A filter under our own heading."""

    def named(self: Any, *args: Any, **options: Any) -> None:
        kind.__init__(self, *args, **options)
        self.title = label

    own: dict[str, Any] = {"__init__": named}
    if kind is RelatedFieldListFilter:
        own["field_choices"] = _choices
    return type(f"Titled{kind.__name__}", (kind,), own)


def big_columns(model: type[Model]) -> list[str]:
    """Texts and pictures, which no list of choices shows."""
    return [one.name for one in model._meta.concrete_fields if isinstance(one, (TextField, BinaryField))]


def _choices(self: Any, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[object, str]]:
    """Django's, without the rows' texts and pictures: with those of a thousand stores a list took half a second longer."""
    rows = field.related_model.objects.defer(*big_columns(field.related_model))
    ordering = self.field_admin_ordering(field, request, model_admin)
    return [(row.pk, str(row)) for row in (rows.order_by(*ordering) if ordering else rows)]


SECTIONS = {
    "sales": _("販売"),
    "licensing": _("ライセンス"),
    "accounts": _("お客様"),
    "catalog": _("カタログ"),
    "stores": _("ストア"),
    "records": _("記録"),
    "admin": _("記録"),  # Django's own: who changed which setting
}


class DeskAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """What lists of the desk have in common: `names` are one and many."""

    names: tuple[Label, Label]
    actions: Any = None
    list_per_page = 50

    def __init__(self, model: type[Model], admin_site: AdminSite) -> None:
        super().__init__(model, admin_site)
        # Only the admin shows a model's name; migrations look at what the model itself declares.
        self.opts.verbose_name, self.opts.verbose_name_plural = self.names
        self.opts.app_config.verbose_name = SECTIONS[self.opts.app_label]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The filters of the list only: any other question could ask for a password's or a mail's letters one by one."""
        paths = [name if isinstance(name, str) else name[0] for name in self.list_filter]
        return "\0" not in str(value) and any(lookup.startswith(f"{path}__") for path in paths)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Model]) -> HttpResponse | None:
        """As Django, for ids that can be ids."""
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if any(whole_numbers.read(one) is None for one in chosen):
            raise BadRequest
        return super().response_action(request, queryset)  # type: ignore[no-any-return]  # unfold has no types

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Those of the operator's staff who have the right to see this app."""
        return self.admin_site.has_permission(request) and request.user.has_perm(f"{self.opts.app_label}.view_")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """As a list's."""
        return self.has_view_permission(request)


class ReadOnlyAdmin(DeskAdmin):
    """Nothing is added, changed or deleted here. `facts` are the fields of the detail page."""

    facts: tuple[Column, ...] = ()

    def __init__(self, model: type[Model], admin_site: AdminSite) -> None:
        super().__init__(model, admin_site)
        self.fields = self.readonly_fields = self.facts

    def get_urls(self) -> list[URLPattern]:
        """The list and the detail page only."""
        kept = ("_changelist", "_change")
        return [url for url in super().get_urls() if (url.name or "").endswith(kept)]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False
