"""Narrower table privileges than the default, as migration operations."""

from django.db.migrations.operations import RunSQL

from licenseonline.kit.roles import PLATFORM, RW


class AppendOnly(RunSQL):
    """Rows of these tables can be added and read, never changed or removed, by any role that serves."""

    def __init__(self, *tables: str) -> None:
        names = ", ".join(tables)
        super().__init__(f"REVOKE UPDATE, DELETE, TRUNCATE ON {names} FROM {RW}, {PLATFORM}", RunSQL.noop)
        self.tables = tables

    def deconstruct(self) -> tuple[str, list[str], dict[str, object]]:
        """How the migration writer prints it."""
        return (self.__class__.__name__, list(self.tables), {})


class PlatformOnly(RunSQL):
    """The serving role cannot touch these tables at all; only what acts as the platform can."""

    def __init__(self, *tables: str) -> None:
        names = ", ".join(tables)
        super().__init__(f"REVOKE ALL ON {names} FROM {RW}", RunSQL.noop)
        self.tables = tables

    def deconstruct(self) -> tuple[str, list[str], dict[str, object]]:
        """How the migration writer prints it."""
        return (self.__class__.__name__, list(self.tables), {})


class WrittenByTriggers(RunSQL):
    """The serving role only reads these tables: triggers of their owner write the rows; what acts as the platform may gather them."""

    def __init__(self, *tables: str) -> None:
        names = ", ".join(tables)
        super().__init__(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {names} FROM {RW}", RunSQL.noop)
        self.tables = tables

    def deconstruct(self) -> tuple[str, list[str], dict[str, object]]:
        """How the migration writer prints it."""
        return (self.__class__.__name__, list(self.tables), {})
