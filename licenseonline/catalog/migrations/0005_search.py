"""Synonyms, words for corrections, and searches that found nothing."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

from licenseonline.kit.edition import RaisesEdition
from licenseonline.kit.tenancy import LockStoreTables


class Migration(migrations.Migration):
    """Tables with their locks; a change of synonyms is a new edition."""

    dependencies = [
        ("catalog", "0004_edition"),
        ("stores", "0004_approval"),
    ]

    operations = [
        migrations.CreateModel(
            name="Synonym",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=500)),
                (
                    "folded",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), size=None),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(db_collation="C", max_length=100)),
                ("text", models.CharField(max_length=100)),
                ("grams", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["grams"], name="search_word_grams"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("key", "text"), name="search_word_once")],
            },
        ),
        migrations.CreateModel(
            name="StoreSynonym",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=500)),
                (
                    "folded",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), size=None),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ZeroHit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=60)),
                ("day", models.DateField()),
                ("number", models.PositiveIntegerField(default=1)),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("store", "day", "text"), name="zero_hit_once_a_day")],
            },
        ),
        LockStoreTables("StoreSynonym", "ZeroHit"),
        RaisesEdition("catalog_synonym", "catalog_storesynonym"),
    ]
