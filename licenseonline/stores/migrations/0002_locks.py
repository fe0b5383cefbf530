"""Locks on this app's store tables: row-level security, composite foreign keys, privileges."""

from django.db import migrations

from licenseonline.kit.tenancy import LockStoreTables


class Migration(migrations.Migration):
    """After the tables of this app and the locked tables that they point at."""

    dependencies = [
        ("stores", "0001_initial"),
    ]

    operations = [
        LockStoreTables(
            "StoreHoliday",
            "Commission",
        ),
    ]
