"""Batches of which a part is delivered and the rest waits for a correction; each is of a vendor."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One more state."""

    dependencies = [("catalog", "0011_sales_desk"), ("sales", "0010_withdrawn_proofs")]

    operations = [
        migrations.RemoveConstraint(model_name="deliverybatch", name="delivery_batch_state"),
        migrations.AlterField(
            model_name="deliverybatch",
            name="state",
            field=models.CharField(
                choices=[
                    ("previewed", "確認待ち"),
                    ("partly", "一部納品済み"),
                    ("delivered", "納品済み"),
                    ("discarded", "取り消し"),
                ],
                default="previewed",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="deliverybatch",
            name="vendor",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.vendor"),
        ),
        migrations.AddConstraint(
            model_name="deliverybatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["previewed", "partly", "delivered", "discarded"])),
                name="delivery_batch_state",
            ),
        ),
    ]
