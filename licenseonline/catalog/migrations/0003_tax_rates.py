"""The standard rates of consumption tax since its beginning (domain.md 3.1)."""

from datetime import date

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

RATES = {date(1989, 4, 1): 3, date(1997, 4, 1): 5, date(2014, 4, 1): 8, date(2019, 10, 1): 10}


def add(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    """Write the known rates."""
    model = apps.get_model("catalog", "TaxRate")
    model.objects.bulk_create(model(from_day=day, percent=percent) for day, percent in RATES.items())


class Migration(migrations.Migration):
    """Data every installation needs."""

    dependencies = [("catalog", "0002_locks")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
