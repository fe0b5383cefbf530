"""Whether a store looks at its new companies first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stores", "0003_edition"),
    ]

    operations = [
        migrations.AddField(
            model_name="store",
            name="approves_companies",
            field=models.BooleanField(default=False),
        ),
    ]
