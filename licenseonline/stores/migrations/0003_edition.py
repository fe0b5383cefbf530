"""The edition of what visitors read."""

from django.db import migrations, models

from licenseonline.kit.edition import FUNCTION, RaisesEdition


class Migration(migrations.Migration):
    """The number, and what raises it here."""

    dependencies = [("stores", "0002_locks")]

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField(default=1)),
            ],
        ),
        migrations.RunSQL("INSERT INTO stores_edition (number) VALUES (1)", migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION raise_edition"),
        RaisesEdition("stores_store", "stores_storeholiday"),
    ]
