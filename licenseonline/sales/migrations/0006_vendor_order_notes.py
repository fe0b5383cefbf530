"""Why a vendor's confirmation was taken that is dearer, or of fewer, than ordered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("sales", "0005_figures")]

    operations = [
        migrations.AddField(
            model_name="vendororderline", name="note", field=models.CharField(blank=True, max_length=400)
        ),
    ]
