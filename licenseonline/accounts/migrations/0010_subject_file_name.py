"""The name of a file beside a customer stands in a row that can be removed: it may name a person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_partner_invitations"),
    ]

    operations = [
        migrations.AddField(
            model_name="subjectfile",
            name="name",
            field=models.CharField(default="", max_length=200),
            preserve_default=False,
        ),
    ]
