"""The history of settings: who changed what when, in words, and the list of it."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from django.contrib.admin import ChoicesFieldListFilter, DateFieldListFilter
from django.contrib.admin.models import LogEntry
from django.db.models import ForeignKey, Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.backoffice.read_only import ReadOnlyAdmin, column, titled
from licenseonline.backoffice.setting_fields import SPANS, percent, span
from licenseonline.backoffice.site import named
from licenseonline.catalog.models import EVER_SINCE, FOR_EVER
from licenseonline.kit.money import format_yen


def values(obj: Model) -> list[str]:
    """Every field of a row that says something, one a line."""
    fields = [field for field in obj._meta.fields if not field.primary_key]
    return [f"{field.verbose_name}: {said}" for field in fields if (said := _said(field, getattr(obj, field.attname)))]


def line(obj: Model) -> str:
    """A row that belongs to another, in one line."""
    return f"{obj._meta.verbose_name}: {' / '.join(values(obj))}"


def changes(form: Any) -> list[str]:
    """Old → new of every field that the form changed."""
    said = []
    for name in form.changed_data:
        field = form.instance._meta.get_field(name)
        old, new = _said(field, form.initial.get(name)), _said(field, form.cleaned_data.get(name))
        if old != new:
            said.append(f"{field.verbose_name}: {old or _('（なし）')} → {new or _('（なし）')}")
    return said


def of_lines(formset: Any) -> Iterator[str]:
    """What became of the rows that belong to the setting."""
    name = formset.model._meta.verbose_name
    for obj in formset.new_objects:
        yield _("追加　%(line)s") % {"line": line(obj)}
    changed = {obj.pk for obj, _fields in formset.changed_objects}
    for form in formset.forms:
        if form.instance.pk in changed:
            yield _("変更　%(name)s: %(line)s") % {"name": name, "line": " / ".join(changes(form))}
    for obj in formset.deleted_objects:
        yield _("削除　%(line)s") % {"line": line(obj)}


def _said(field: Any, value: Any) -> str:
    """A value in words; empty when it says nothing."""
    if value is None or value in ("", []) or isinstance(value, bytes | memoryview):  # a file is said by its name
        return ""
    if isinstance(field, ForeignKey):
        row = value if isinstance(value, Model) else field.remote_field.model._base_manager.filter(pk=value).first()
        return named(row) if row else str(value)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, list):
        return "、".join(map(str, value))  # house: between the values of a list
    return _figure(field.name, value)


def _figure(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("はい") if value else _("いいえ")
    if isinstance(value, date):
        return _("期限なし") if value in (EVER_SINCE, FOR_EVER) else date_format(value)
    if name in SPANS:
        return span(value)
    if "per_mille" in name:
        return f"{percent(value)}%"
    return format_yen(value) if name.endswith("_yen") else str(value)


class SettingLogAdmin(ReadOnlyAdmin):
    """Every change of a setting, also of those that are gone."""

    names = (gettext_lazy("設定の変更"), gettext_lazy("設定の変更"))
    list_display = (
        column(gettext_lazy("日時"), "action_time"),
        column(gettext_lazy("操作者"), "user__name"),
        column(gettext_lazy("操作"), "action_flag"),
        column(gettext_lazy("設定"), "content_type__name", order="content_type__model"),
        column(gettext_lazy("対象"), "object_repr"),
        column(gettext_lazy("内容"), "change_message"),
    )
    facts = list_display
    list_select_related = ("user", "content_type")
    list_filter: ClassVar = [
        ("action_flag", titled(gettext_lazy("操作"), ChoicesFieldListFilter)),
        ("action_time", titled(gettext_lazy("日時"), DateFieldListFilter)),
    ]
    search_fields = ("object_repr", "change_message", "user__name")
    search_help_text = gettext_lazy("対象、内容、操作者で検索")
    ordering = ("-id",)


ADMINS = {LogEntry: SettingLogAdmin}
