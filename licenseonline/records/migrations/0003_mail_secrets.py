"""Secrets in mails, encrypted until the mail has left."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0002_locks"),
        ("stores", "0003_edition"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="renewal",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="secrets",
            field=models.TextField(blank=True),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("secrets", ""), _negated=True), fields=["created_at"], name="message_with_secrets"
            ),
        ),
    ]
