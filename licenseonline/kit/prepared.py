"""Querysets that are compiled once: for a short answer, building the SQL costs Django several times what running it costs.

    _by_pk = Prepared(lambda: Quote.objects.select_related("member").filter(pk=Given("pk")))
    _by_pk.rows(pk=7)

The queryset, its rows and its annotations are Django's own; only `as_sql` is not called again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models.sql.compiler import SQLCompiler

from licenseonline.kit.actors import Actor, ActorKind
from licenseonline.kit.errors import NotVisible

M = TypeVar("M", bound=models.Model)


class Given(models.Expression):
    """A value that each run gives, by its name."""

    def __init__(self, name: str, output_field: models.Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=output_field or models.BigIntegerField())
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:  # noqa: ARG002  (Django's signature)
        """A placeholder; in the parameters it stands for its value."""
        return "%s", [self]


def given_text(name: str) -> Given:
    """A text that each run gives."""
    return Given(name, models.CharField())


class Prepared(Generic[M]):
    """A queryset with `Given` values, built and compiled at its first run in this process."""

    def __init__(self, build: Callable[[], models.QuerySet[M]]) -> None:
        self.build = build
        self.compiled: _Compiled[M] | None = None

    def first(self, **values: object) -> M | None:
        """The first row, or None."""
        return next(iter(self.rows(**values)), None)

    def one(self, **values: object) -> M:
        """The first row; NotVisible when there is none."""
        found = self.first(**values)
        if found is None:
            raise NotVisible
        return found

    def rows(self, **values: object) -> list[M]:
        """The rows for these values; every `Given` needs its value."""
        if self.compiled is None:
            self.compiled = _Compiled(self.build())
        return list(self.compiled.run(values))


class _Compiled(Generic[M]):
    """What Django's compiler made of a queryset."""

    def __init__(self, rows: models.QuerySet[M]) -> None:
        self.queryset = rows
        self.compiler: Any = rows.query.get_compiler(rows.db)
        self.sql, self.given = self.compiler.as_sql()
        self.converters: Any = None

    def run(self, values: Mapping[str, object]) -> models.QuerySet[M]:
        """A queryset that will ask with these values."""
        parameters = tuple(values[one.name] if isinstance(one, Given) else one for one in self.given)
        ready = copy(self.compiler)
        ready.connection = connections[self.queryset.db]
        ready.as_sql = lambda *_args, **_kwargs: (self.sql, parameters)
        ready.get_converters = self._converters
        rows: Any = self.queryset
        fresh: models.QuerySet[M] = type(rows)(rows.model, query=_Ready(ready), using=rows.db)
        for name in ("_iterable_class", "_prefetch_related_lookups"):  # what Django's own clone takes over, too
            setattr(fresh, name, getattr(rows, name))
        return fresh

    def _converters(self, expressions: Any) -> Any:
        if self.converters is None:
            self.converters = self.compiler.__class__.get_converters(self.compiler, expressions)
        return self.converters


class _Ready:
    """Stands where a queryset has its query, which it asks for nothing but the compiler."""

    def __init__(self, compiler: Any) -> None:
        self.compiler = compiler

    def get_compiler(self, *_args: object, **_kwargs: object) -> Any:
        """The one that is ready."""
        return self.compiler


class GivenMember:
    """Stands for whichever member asks, in `visible_to`; `of(member)` are the values to run with."""

    pk = 0
    actor_kind = ActorKind.MEMBER
    visible_stores: Any = (Given("store_id"),)
    visible_company: Any = Given("company_id")

    @staticmethod
    def of(member: Actor) -> dict[str, object]:
        """What the two stand for."""
        (store_id,) = member.visible_stores or ()
        return {"store_id": store_id, "company_id": member.visible_company}
