"""The history of what belongs to no store's tables: staff, partners, stores."""

from django.db import migrations, models

from licenseonline.kit.privileges import AppendOnly, PlatformOnly


class Migration(migrations.Migration):
    """A table that can be added to, by what acts as the platform."""

    dependencies = [("records", "0004_merged_files")]

    operations = [
        migrations.CreateModel(
            name="PlatformEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_type", models.CharField(max_length=30)),
                ("subject_id", models.BigIntegerField()),
                ("event", models.CharField(max_length=60)),
                ("actor_kind", models.CharField(blank=True, max_length=10)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("facts", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject_type", "subject_id", "id"], name="platform_entry_subject"),
                ],
            },
        ),
        AppendOnly("records_platformentry"),
        PlatformOnly("records_platformentry"),
    ]
