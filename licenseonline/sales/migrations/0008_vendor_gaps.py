"""Which entered holdings a line uses, the vendor's own day of it, closed vendor orders, and what was settled by hand."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import licenseonline.kit.tenancy
from licenseonline.kit.tenancy import LockStoreTables


class Migration(migrations.Migration):
    """One table, and columns."""

    dependencies = [
        ("licensing", "0004_renews"),
        ("sales", "0007_quotes_not_sent"),
        ("stores", "0008_representative"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HoldingUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("units", models.PositiveIntegerField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="vendororder",
            name="vendor_order_sent_on",
        ),
        migrations.RemoveConstraint(
            model_name="vendororder",
            name="vendor_order_state",
        ),
        migrations.AddField(
            model_name="orderline",
            name="expected_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="vendorformat",
            name="email",
            field=models.EmailField(blank=True, max_length=254),
        ),
        migrations.AddField(
            model_name="vendorinvoiceline",
            name="is_ambiguous",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="vendororder",
            name="closed_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="vendororderline",
            name="settled_note",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AlterField(
            model_name="vendororder",
            name="recorded_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="vendororder",
            name="state",
            field=models.CharField(
                choices=[
                    ("collecting", "集約中"),
                    ("closed", "締め済み"),
                    ("sent", "発注済み"),
                    ("partly_confirmed", "一部確認済み"),
                    ("confirmed", "確認済み"),
                    ("cancelled", "取り消し"),
                ],
                default="sent",
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="vendororder",
            constraint=models.UniqueConstraint(fields=("vendor", "closed_on"), name="one_closing_per_vendor_and_day"),
        ),
        migrations.AddConstraint(
            model_name="vendororder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["collecting", "closed", "cancelled"]), ("ordered_on__isnull", False), _connector="OR"
                ),
                name="vendor_order_sent_on",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendororder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["collecting", "closed", "sent", "partly_confirmed", "confirmed", "cancelled"])
                ),
                name="vendor_order_state",
            ),
        ),
        migrations.AddField(
            model_name="holdinguse",
            name="holding",
            field=licenseonline.kit.tenancy.StoreForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="licensing.holding",
            ),
        ),
        migrations.AddField(
            model_name="holdinguse",
            name="line",
            field=licenseonline.kit.tenancy.StoreForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="holding_uses",
                to="sales.orderline",
            ),
        ),
        migrations.AddField(
            model_name="holdinguse",
            name="store",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
        ),
        migrations.AddIndex(
            model_name="holdinguse",
            index=models.Index(fields=["store", "holding"], name="uses_of_holding"),
        ),
        migrations.AddConstraint(
            model_name="holdinguse",
            constraint=models.UniqueConstraint(
                fields=("store", "line", "holding"), name="one_use_per_line_and_holding"
            ),
        ),
        migrations.AddConstraint(
            model_name="holdinguse",
            constraint=models.CheckConstraint(condition=models.Q(("units__gte", 1)), name="holding_use_units"),
        ),
        LockStoreTables("HoldingUse"),
    ]
