"""The desk's figures read orders by the day they were placed, and quotations by the day of issue, over all stores."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two indexes that hold all that the counts read."""

    dependencies = [("sales", "0004_sales_desk")]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["placed_at"], include=("id", "store", "state"), name="orders_by_day"),
        ),
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(
                fields=["issued_at"], include=("id", "store", "state", "valid_until"), name="quotes_by_day_of_issue"
            ),
        ),
    ]
