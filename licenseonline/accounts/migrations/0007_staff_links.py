"""Links that staff start their account with, or replace a password; and when somebody was stopped."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from licenseonline.kit.privileges import PlatformOnly

_PURPOSES = [("start", "アカウントの利用開始"), ("reissue", "パスワードの再発行")]


class Migration(migrations.Migration):
    """Who was not active until now had been stopped."""

    dependencies = [("accounts", "0006_staff_roles")]

    operations = [
        migrations.AddField("user", "stopped_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunSQL(
            "UPDATE accounts_user SET stopped_at = last_login WHERE NOT is_active", migrations.RunSQL.noop
        ),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(("stopped_at", None)) | models.Q(("is_active", False)),
                name="user_stopped_is_not_active",
            ),
        ),
        migrations.CreateModel(
            name="StaffLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(choices=_PURPOSES, max_length=12)),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["start", "reissue"])), name="staff_link_purpose"
                    )
                ],
            },
        ),
        PlatformOnly("accounts_stafflink"),
    ]
