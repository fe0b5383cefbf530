"""What companies hold that was not bought here."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import licenseonline.kit.tenancy
from licenseonline.kit.tenancy import LockStoreTables


class Migration(migrations.Migration):
    """A store table."""

    dependencies = [
        ("accounts", "0008_desk_notes"),
        ("catalog", "0011_sales_desk"),
        ("licensing", "0002_locks"),
        ("records", "0005_platform_history"),
        ("stores", "0006_sales_desk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Holding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("quantity", models.PositiveIntegerField()),
                ("ends_on", models.DateField(null=True)),
                ("vendor_contract_number", models.CharField(blank=True, max_length=80)),
                ("entered_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "company",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="accounts.company",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.product"
                    ),
                ),
                (
                    "proof",
                    licenseonline.kit.tenancy.StoreForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.storedfile",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.vendor"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["store", "company", "-id"], name="holdings_of_company")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("quantity__gte", 1)), name="holding_quantity")
                ],
            },
        ),
        LockStoreTables("Holding"),
    ]
