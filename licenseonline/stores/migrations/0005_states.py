"""A store's state in place of open or not; one store per host name."""

from django.db import migrations, models

_STATES = [("draft", "公開前"), ("open", "公開中"), ("paused", "休止中"), ("closed", "閉店")]


class Migration(migrations.Migration):
    """What was not open showed nothing to anybody; now it is closed, and its histories stay unread unless a date is set."""

    dependencies = [("stores", "0004_approval")]

    operations = [
        migrations.AddField("store", "state", models.CharField(choices=_STATES, default="open", max_length=10)),
        migrations.AddField("store", "paused_note", models.CharField(blank=True, max_length=300)),
        migrations.AddField("store", "readable_until", models.DateField(blank=True, null=True)),
        migrations.RunSQL(
            "UPDATE stores_store SET state = 'closed', readable_until = DATE '2000-01-01' WHERE NOT is_open",
            "UPDATE stores_store SET is_open = (state = 'open')",
        ),
        migrations.RemoveField("store", "is_open"),
        migrations.AddConstraint(
            "store",
            models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "open", "paused", "closed"])), name="store_state"
            ),
        ),
        migrations.AddConstraint(
            "store",
            models.UniqueConstraint(
                condition=models.Q(("host", ""), _negated=True), fields=("host",), name="one_store_per_host"
            ),
        ),
        migrations.AddConstraint(
            "store",
            models.CheckConstraint(
                condition=models.Q(("state", "closed"), _negated=True) | models.Q(("readable_until__isnull", False)),
                name="store_closed_until",
            ),
        ),
    ]
