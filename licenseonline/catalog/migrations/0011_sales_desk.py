"""Which papers a purchase needs, as data."""

import django.db.models.deletion
from django.db import migrations, models

from licenseonline.kit.edition import RaisesEdition


class Migration(migrations.Migration):
    """Visitors read it: a change is a new edition."""

    dependencies = [
        ("catalog", "0010_eligibility"),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purchase_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "新規"),
                            ("additional", "追加"),
                            ("renewal", "更新"),
                            ("competitive", "乗換"),
                            ("upgrade", "アップグレード"),
                            ("crossgrade", "切替"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "program",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("corporate", "コーポレート"),
                            ("academic", "アカデミック"),
                            ("government", "ガバメント"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "paper",
                    models.CharField(
                        choices=[
                            ("holding_proof", "保有ライセンスの証明（証書の写しなど）"),
                            ("academic_proof", "教育機関であることの証明"),
                            ("government_proof", "官公庁・自治体であることの証明"),
                            ("competitor_proof", "乗換元製品の保有証明"),
                            ("application_form", "メーカー指定の申請書"),
                        ],
                        max_length=20,
                    ),
                ),
                ("why", models.CharField(max_length=300)),
                ("business_days", models.PositiveSmallIntegerField(default=5)),
                ("form_name", models.CharField(blank=True, max_length=120)),
                ("form_pdf", models.BinaryField(blank=True, default=b"")),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="paper_rules",
                        to="catalog.product",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="paper_rules", to="catalog.vendor"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("vendor", "product", "purchase_type", "program", "paper"),
                        name="one_paper_rule",
                        nulls_distinct=False,
                        violation_error_message="同じ対象に、同じ書類の設定が登録されています。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "paper__in",
                                [
                                    "holding_proof",
                                    "academic_proof",
                                    "government_proof",
                                    "competitor_proof",
                                    "application_form",
                                ],
                            )
                        ),
                        name="paper_rule_paper",
                    ),
                ],
            },
        ),
        RaisesEdition("catalog_paperrule"),
    ]
