"""Whether a partner sells, how a store is paid, and changes of open stores that are looked at first."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import licenseonline.stores.models
from licenseonline.kit.tenancy import LockStoreTables


class Migration(migrations.Migration):
    """Every partner sells, and every store is paid by bank transfer."""

    dependencies = [
        ("stores", "0006_sales_desk"),
    ]

    operations = [
        migrations.CreateModel(
            name="StoreDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("settings", models.JSONField()),
                ("logo_svg", models.TextField(null=True)),
                ("seal_png", models.BinaryField(null=True)),
                ("based_on", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.BigIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="partner",
            name="paused_stores",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="partner",
            name="state",
            field=models.CharField(
                choices=[("active", "取引中"), ("stopped", "停止中"), ("closed", "取引終了")],
                default="active",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="partner",
            name="stopped_staff",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="partner",
            name="uninvited_staff",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="store",
            name="payment_methods",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[("transfer", "銀行振込"), ("card", "クレジットカード"), ("deferred", "後払い")],
                    max_length=10,
                ),
                default=licenseonline.stores.models.paid_by_transfer,
                size=None,
            ),
        ),
        migrations.AddConstraint(
            model_name="partner",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["active", "stopped", "closed"])), name="partner_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="store",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("payment_methods__len__gte", 1),
                    ("payment_methods__contained_by", ["transfer", "card", "deferred"]),
                ),
                name="store_payment_methods",
            ),
        ),
        migrations.AddField(
            model_name="storedraft",
            name="store",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store"),
        ),
        migrations.AddIndex(
            model_name="storedraft",
            index=models.Index(fields=["store", "-id"], name="draft_of_store"),
        ),
        LockStoreTables("StoreDraft"),
    ]
