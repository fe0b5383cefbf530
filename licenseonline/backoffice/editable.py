"""Settings that the operator's staff write directly: dated data of the trade, without a verb of their own.

Everything else in the back office is read-only and written by verbs. Which tables are edited here is a named list,
`EDITABLE`, and each change of them is kept with who, when, and every field's old and new value (setting_log.py).
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django import forms
from django.contrib import messages
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, models
from django.forms.models import InlineForeignKeyField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from licenseonline.backoffice import setting_log
from licenseonline.backoffice.fields import YenField
from licenseonline.backoffice.read_only import DeskAdmin, Label
from licenseonline.backoffice.setting_fields import (
    SPANS,
    NumbersField,
    OpenDayField,
    PerMilleField,
    SettingDayField,
    SpanField,
)
from licenseonline.backoffice.site import named
from licenseonline.catalog.models import EVER_SINCE, FOR_EVER
from licenseonline.kit.tenancy import StoreForeignKey

# The tables that staff may edit directly. One more is a decision: can the change be made without any rule or mail?
EDITABLE: Final = frozenset({
    "catalog.Vendor",
    "catalog.Product",
    "catalog.Campaign",
    "catalog.VendorRule",
    "catalog.SkuRelation",
    "catalog.SellingRule",
    "catalog.CompanyPrice",
    "catalog.StoreListing",
    "catalog.Eligibility",
    "catalog.PaperRule",
    "sales.ReturnReason",
    "sales.VendorForm",
    "sales.VendorFormat",
})  # fmt: skip
_LOOKED_UP: Final = {"Product", "Sku", "Company"}  # too many for a list


class SettingForm(forms.ModelForm):  # type: ignore[type-arg]  # of any model
    """What no constraint of PostgreSQL could say at the form: rows of one store stay in it."""

    def clean(self) -> dict[str, Any]:
        """Refuse what belongs to another store than the row."""
        data = super().clean() or self.cleaned_data
        parents = [f.parent_instance for f in self.fields.values() if isinstance(f, InlineForeignKeyField)]
        stores = [data.get("store"), *parents, self.instance]
        store_id = next(
            filter(None, (getattr(one, "store_id", getattr(one, "pk", None)) for one in stores if one)), None
        )
        for field in self.instance._meta.fields:
            value = data.get(field.name)
            if isinstance(field, StoreForeignKey) and value is not None and value.store_id != store_id:
                self.add_error(field.name, _("選択したストアのものではありません。"))
        return data


class Setting:
    """Labels, widgets and form fields that settings and their lines have in common.

    `labels` name the fields of the form in order; `helps` say what to write into some of them.
    """

    labels: ClassVar[dict[str, Label]] = {}
    helps: ClassVar[dict[str, Label]] = {}
    fieldsets: Any = None
    form = SettingForm

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        model: type[models.Model] = self.model  # type: ignore[attr-defined]  # an admin or an inline
        if not self.fieldsets:
            self.fields = self.fields or tuple(self.labels)  # type: ignore[has-type]  # as above
        for name, label in self.labels.items():
            # As a model's names: forms, lists and errors say it, and migrations look at what the model declares.
            model._meta.get_field(name).verbose_name = label  # type: ignore[union-attr]  # own columns only

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """What there are too many of for a list of choices is looked up while typing."""
        fields = self.model._meta.get_fields()  # type: ignore[attr-defined]  # as above
        return [f.name for f in fields if isinstance(f, models.ForeignKey) and _target(f).__name__ in _LOOKED_UP]

    def formfield_for_dbfield(self, db_field: models.Field[Any, Any], request: HttpRequest, **given: Any) -> Any:
        """Fields as the desk types them: percent, yen, days that may stay open, numbers in a row."""
        own = _own_field(db_field)
        found = own or super().formfield_for_dbfield(db_field, request, **given)  # type: ignore[misc]  # Django's
        if found is None:
            return None
        wrapped = getattr(found.widget, "widget", None)
        if wrapped is not None:  # Django's frame for adding and changing the other row: those have pages of their own
            found.widget = wrapped
        if isinstance(found, forms.ModelChoiceField):
            found.label_from_instance = named  # type: ignore[method-assign]  # what Django's documentation subclasses for
        found.help_text = self.helps.get(db_field.name, found.help_text)
        return found


def _target(field: Any) -> type[models.Model]:
    return field.remote_field.model  # type: ignore[no-any-return]  # a class once models are loaded


def _own_field(db_field: Any) -> forms.Field | None:
    given = {"label": db_field.verbose_name, "required": not db_field.blank, "initial": db_field.get_default()}
    if "per_mille" in db_field.name:
        return PerMilleField(**given)
    if db_field.name.endswith("_yen") and db_field.name != "round_to_yen":
        return YenField(least=0, **given)
    if db_field.name in SPANS:
        return SpanField(widget=UnfoldAdminTextInputWidget(), **given)
    if isinstance(db_field, ArrayField) and db_field.base_field.choices:
        choices = db_field.base_field.choices
        return forms.MultipleChoiceField(choices=choices, widget=UnfoldAdminCheckboxSelectMultipleWidget(), **given)
    if db_field.name in SPANS:
        return SpanField(widget=UnfoldAdminTextInputWidget(), **given)
    if isinstance(db_field, ArrayField) and isinstance(db_field.base_field, models.IntegerField):
        return NumbersField(db_field.base_field.formfield() or forms.IntegerField(), **given)
    if isinstance(db_field, models.DateField) and not isinstance(db_field, models.DateTimeField):
        is_open = db_field.default in (EVER_SINCE, FOR_EVER)
        return OpenDayField(standing_for=db_field.default, **given) if is_open else SettingDayField(**given)
    return None


class SettingLines(Setting, TabularInline):  # type: ignore[misc]  # unfold has no types
    """Rows that belong to a setting and are edited with it; those of a store take it from their setting."""

    extra = 0
    names: tuple[Label, Label]

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.opts.verbose_name, self.opts.verbose_name_plural = self.names
        self.verbose_name, self.verbose_name_plural = self.names


class EditableAdmin(Setting, DeskAdmin):
    """A settings table that staff edit. Constraints are refused at the form, in the words that the model gives them."""

    object_history_template = "backoffice/setting_history.html"
    warn_unsaved_form = True

    class Media:
        """What its forms load besides Django's."""

        js = ("backoffice/lookups.js",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The operator's staff."""
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """The operator's staff."""
        return self.has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """The operator's staff."""
        return self.has_view_permission(request, obj)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """As Django, with the way to the history; what somebody else wrote in the same moment is told, not a fault."""
        context = {**(extra_context or {}), "show_history": True}
        try:
            return super().changeform_view(request, object_id, form_url, context)  # type: ignore[no-any-return]  # unfold
        except IntegrityError:
            messages.error(
                request,
                _("同時に別の変更が行われたため、保存できませんでした。内容をご確認のうえ、もう一度お試しください。"),
            )
            return redirect(request.get_full_path())

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001
        """Lines of a store's setting belong to the same store."""
        for line in formset.save(commit=False):
            if hasattr(line, "store_id"):
                line.store_id = form.instance.store_id
            line.save()
        for gone in formset.deleted_objects:
            gone.delete()
        formset.save_m2m()

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> str:  # noqa: FBT001, FBT002
        """Every field of what is new, old and new value of what changed."""
        own = setting_log.values(form.instance) if add else setting_log.changes(form)
        return "\n".join([*own, *(line for formset in formsets or () for line in setting_log.of_lines(formset))])

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry | None:
        """Nothing when nothing changed."""
        return super().log_change(request, obj, message) if message else None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> list[LogEntry]:
        """With all that it said, its lines included."""
        entries = []
        for obj in queryset:
            said = "\n".join(self._all(request, obj))
            entries += LogEntry.objects.log_actions(request.user.pk or 0, [obj], DELETION, said)
        return entries

    def _all(self, request: HttpRequest, obj: models.Model) -> list[str]:
        said = setting_log.values(obj)
        for lines in self.get_inline_instances(request, obj):
            key = next(f for f in lines.model._meta.fields if f.is_relation and _target(f) is type(obj))
            children = lines.model._base_manager.filter(**{key.name: obj})
            said += [setting_log.line(child) for child in children]
        return said
