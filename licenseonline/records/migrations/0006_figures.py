"""The desk's figures ask how long new companies waited: few entries of a long history."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index of the decisions only."""

    dependencies = [("records", "0005_platform_history")]

    operations = [
        migrations.AddIndex(
            model_name="historyentry",
            index=models.Index(
                condition=models.Q(event__in=["company.approved", "company.refused"]),
                fields=["at"],
                name="company_decisions_by_day",
            ),
        ),
    ]
