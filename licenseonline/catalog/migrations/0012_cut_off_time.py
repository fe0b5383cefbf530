"""Until when a vendor takes the orders of a business day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("catalog", "0011_sales_desk")]

    operations = [
        migrations.AddField(
            model_name="vendorrule", name="cut_off_time", field=models.TimeField(blank=True, null=True)
        ),
    ]
