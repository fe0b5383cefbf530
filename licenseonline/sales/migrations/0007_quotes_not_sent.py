"""An index of what staff still prepare: the work list and the console look for few quotations among very many."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sales", "0006_vendor_order_notes")]

    operations = [
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(
                fields=["store", "-id"],
                condition=models.Q(state__in=["draft", "awaiting_head"]),
                name="quotes_not_sent",
            ),
        ),
    ]
