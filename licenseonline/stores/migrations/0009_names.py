"""A part of a store's or a partner's name is found by an index."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

from licenseonline.kit.names import DROP, FUNCTIONS, Pairs


class Migration(migrations.Migration):
    """The functions that fold names, and what they index here."""

    dependencies = [("stores", "0008_representative")]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP),
        migrations.AddIndex(model_name="partner", index=GinIndex(Pairs("name"), name="partners_by_part_of_name")),
        migrations.AddIndex(model_name="store", index=GinIndex(Pairs("name"), name="stores_by_part_of_name")),
    ]
