"""An index of the lines that are not delivered: the work list looks for few among very many."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sales", "0012_return_reasons")]

    operations = [
        migrations.AddIndex(
            "orderline",
            models.Index(
                fields=["store", "order"],
                include=["vendor_order"],
                condition=models.Q(delivered_at=None),
                name="order_lines_to_come",
            ),
        ),
    ]
