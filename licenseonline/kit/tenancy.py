"""Store tables: what belongs to one store, and the locks that keep it there.

Lock 1 is `visible_to` (the actor's query), lock 2 are composite foreign keys (no row can point across stores), lock 3
is row-level security. `LockStoreTables` puts 2 and 3 on a migration's tables; `tests/test_tenancy.py` reads PostgreSQL's own
catalogue and fails for a table without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.migrations.operations.base import Operation

from licenseonline.kit.errors import NotVisible
from licenseonline.kit.roles import OWNER, PLATFORM, RW

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState

    from licenseonline.kit.actors import Actor

M = TypeVar("M", bound=models.Model)


def check_reach(store_id: int, actor: Actor) -> None:
    """For verbs that are given a row: NotVisible when this person does not see the rows of its store."""
    if actor.visible_stores is not None and store_id not in actor.visible_stores:
        raise NotVisible


class StoreQuerySet(models.QuerySet[M]):
    """Reads that start from the actor."""

    def visible_to(self, actor: Actor) -> Self:
        """Only what this person may see: their stores, and for a member only their company's rows."""
        rows = self
        stores = actor.visible_stores
        if stores is not None:
            rows = rows.filter(store_id=stores[0]) if len(stores) == 1 else rows.filter(store_id__in=stores)
        if actor.visible_company is not None:
            path: str | None = getattr(self.model, "company_path", None)
            rows = rows.filter(**{path: actor.visible_company}) if path else rows.none()
        return rows

    def public(self, store_id: int) -> Self:
        """What any visitor of the store may see; refused (NotVisible) for tables that are not made for visitors."""
        if not getattr(self.model, "is_public", False):
            raise NotVisible
        return self.filter(store_id=store_id)


class StoreModel(models.Model):
    """A row of one store. `company_path` leads to the company it belongs to; without it no member sees the row."""

    company_path: ClassVar[str | None] = None
    is_public: ClassVar[bool] = False

    store = models.ForeignKey("stores.Store", on_delete=models.PROTECT, related_name="+")
    store_id: int

    class Meta:
        abstract = True


class StoreForeignKey(models.ForeignKey[Any, Any]):
    """A key to a row of the same store. `LockStoreTables` makes it `(store_id, key) → (store_id, id)` in PostgreSQL."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **options: Any) -> None:
        options["db_constraint"] = False
        super().__init__(to, on_delete, **options)


_POLICIES = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY store_rows ON {table} TO {rw}
  USING (store_id = ANY((SELECT string_to_array(current_setting('app.stores', true), ',')::bigint[])::bigint[]))
  WITH CHECK (store_id = ANY((SELECT string_to_array(current_setting('app.stores', true), ',')::bigint[])::bigint[]));
CREATE POLICY platform_rows ON {table} TO {platform} USING (true) WITH CHECK (true);
CREATE POLICY owner_rows ON {table} TO {owner} USING (true) WITH CHECK (true);
"""


class LockStoreTables(Operation):
    """Row-level security and composite foreign keys for the named models of one app; comes after they are created."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, *models: str) -> None:
        self.models = models

    def deconstruct(self) -> tuple[str, list[str], dict[str, Any]]:
        """How the migration writer prints it."""
        return (self.__class__.__name__, list(self.models), {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The locks are PostgreSQL's; Django's model state knows nothing of them."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Lock the tables: first the keys that others point at, then policies and references."""
        tables = [to_state.apps.get_model(app_label, name) for name in self.models]
        for model in tables:
            table = model._meta.db_table
            schema_editor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{table}_of_store" UNIQUE (store_id, id)')
            schema_editor.execute(_POLICIES.format(table=table, rw=RW, platform=PLATFORM, owner=OWNER))
        for model in tables:
            for field in model._meta.local_fields:
                if isinstance(field, (StoreForeignKey, StoreOneToOneField)):
                    schema_editor.execute(self._reference(model, field))

    @staticmethod
    def _reference(model: type[models.Model], field: models.ForeignKey[Any, Any]) -> str:
        table = model._meta.db_table
        target = field.remote_field.model._meta.db_table
        name = f"{table}_{field.column}_same_store"[:63]
        return (
            f'ALTER TABLE {table} ADD CONSTRAINT "{name}" FOREIGN KEY (store_id, {field.column}) '
            f"REFERENCES {target} (store_id, id) DEFERRABLE INITIALLY DEFERRED"
        )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Nothing to undo by hand: the locks go with their tables."""

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return "Lock store tables: " + ", ".join(self.models)


class LockStoreKeys(LockStoreTables):
    """The composite foreign key of columns that were added to tables locked before: "model.field"."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """References only: policies and the tables' own keys are there."""
        for column in self.models:
            name, _dot, field_name = column.partition(".")
            model = to_state.apps.get_model(app_label, name)
            field: Any = model._meta.get_field(field_name)
            schema_editor.execute(self._reference(model, field))

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return "Lock store keys: " + ", ".join(self.models)


class StoreOneToOneField(models.OneToOneField[Any, Any]):
    """As StoreForeignKey, for a row that exists at most once for its target."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **options: Any) -> None:
        options["db_constraint"] = False
        super().__init__(to, on_delete, **options)
