"""Whom vendors mean by their academic and government programs."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from licenseonline.kit.edition import RaisesEdition


class Migration(migrations.Migration):
    """A table of the platform; a change is a new edition."""

    dependencies = [
        ("catalog", "0009_search_speed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Eligibility",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "program",
                    models.CharField(
                        choices=[
                            ("corporate", "コーポレート"),
                            ("academic", "アカデミック"),
                            ("government", "ガバメント"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("corporate", "一般企業"),
                                ("academic", "教育機関"),
                                ("government", "官公庁・自治体"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                    ),
                ),
                ("who", models.CharField(max_length=500)),
                ("source", models.CharField(max_length=300)),
                (
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="eligibility", to="catalog.vendor"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("vendor", "program"),
                        name="one_eligibility",
                        violation_error_message="このメーカーのこのプログラムの対象は、すでに登録されています。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("program__in", ["academic", "government"])),
                        name="eligibility_program",
                        violation_error_message="コーポレートに対象の条件はありません。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kinds__contained_by", ["corporate", "academic", "government"]), ("kinds__len__gte", 1)
                        ),
                        name="eligibility_kinds",
                        violation_error_message="購入できる区分を1つ以上選択してください。",
                    ),
                ],
            },
        ),
        RaisesEdition("catalog_eligibility"),
    ]
