"""Invitations by a partner's staff: who invited."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """One column of mailed links."""

    dependencies = [("accounts", "0008_desk_notes")]

    operations = [
        migrations.AddField(
            model_name="maillink",
            name="staff",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
