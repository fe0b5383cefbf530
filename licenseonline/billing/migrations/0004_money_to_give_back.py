"""An index of the money that is to be given back: few among all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_refunds")]

    operations = [
        migrations.AddIndex(
            "receivable",
            models.Index(fields=["id"], condition=models.Q(state="refund_due"), name="money_to_give_back"),
        ),
    ]
