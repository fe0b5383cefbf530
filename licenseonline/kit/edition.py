"""The edition of what visitors read: a number that each change of catalogue, store or content raises, in its transaction."""

from django.db.migrations.operations import RunSQL

FUNCTION = """
CREATE FUNCTION raise_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE stores_edition SET number = number + 1;
  RETURN NULL;
END $$
"""


class RaisesEdition(RunSQL):
    """Any statement that writes one of these tables raises the edition; readers see the number when they see the change."""

    def __init__(self, *tables: str) -> None:
        create = [
            f"CREATE TRIGGER raise_edition AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION raise_edition()"
            for table in tables
        ]
        drop = [f"DROP TRIGGER raise_edition ON {table}" for table in tables]
        super().__init__(tuple(create), tuple(drop))
        self.tables = tables

    def deconstruct(self) -> tuple[str, list[str], dict[str, object]]:
        """How the migration writer prints it."""
        return (self.__class__.__name__, list(self.tables), {})
