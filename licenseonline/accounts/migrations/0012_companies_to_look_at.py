"""An index of the companies that wait for the desk: few among all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_names")]

    operations = [
        migrations.AddIndex(
            "company",
            models.Index(fields=["id"], condition=models.Q(state="awaiting_approval"), name="companies_to_look_at"),
        ),
    ]
