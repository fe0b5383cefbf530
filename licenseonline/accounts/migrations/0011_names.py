"""Companies and members are found by a part of their names, by number and by address, and listed by reading, by indexes."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

from licenseonline.kit.names import Folded, Pairs


class Migration(migrations.Migration):
    """Indexes that need no store: the desk looks at all of them."""

    dependencies = [("accounts", "0010_subject_file_name"), ("stores", "0009_names")]

    operations = [
        migrations.AddIndex("company", models.Index(fields=["kana", "id"], name="companies_by_kana")),
        migrations.AddIndex("company", GinIndex(Pairs("name", "kana"), name="companies_by_part_of_name")),
        migrations.AddIndex("company", models.Index(Folded("name"), name="companies_by_folded_name")),
        migrations.AddIndex(
            "company",
            models.Index(
                fields=["corporate_number"], condition=~models.Q(corporate_number=""), name="companies_by_number"
            ),
        ),
        migrations.AddIndex("member", models.Index(fields=["kana", "id"], name="members_by_kana")),
        migrations.AddIndex("member", models.Index(fields=["email"], name="members_by_address")),
        migrations.AddIndex("member", GinIndex(Pairs("name", "kana"), name="members_by_part_of_name")),
    ]
