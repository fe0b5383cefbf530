"""Receivables of cancelled orders, and money given back."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import licenseonline.kit.tenancy
from licenseonline.kit.tenancy import LockStoreTables


class Migration(migrations.Migration):
    """One store table."""

    dependencies = [("accounts", "0008_desk_notes"), ("billing", "0002_locks"), ("stores", "0006_sales_desk")]

    operations = [
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_yen", models.BigIntegerField()),
                ("paid_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="receivable",
            name="receivable_state",
        ),
        migrations.AlterField(
            model_name="receivable",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "入金待ち"),
                    ("paid", "入金済み"),
                    ("refund_due", "返金待ち"),
                    ("cancelled", "取り消し"),
                ],
                default="open",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="receivable",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "paid", "refund_due", "cancelled"])), name="receivable_state"
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="receivable",
            field=licenseonline.kit.tenancy.StoreOneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refund",
                to="billing.receivable",
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="store",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(condition=models.Q(("amount_yen__gt", 0)), name="refund_positive"),
        ),
        LockStoreTables("Refund"),
    ]
