"""When two companies are merged, their files go to the one that stays; all else about a stored file never changes."""

from django.db import migrations

from licenseonline.kit.roles import PLATFORM


class Migration(migrations.Migration):
    """One column, for the platform only."""

    dependencies = [
        ("records", "0003_mail_secrets"),
    ]

    operations = [
        migrations.RunSQL(f"GRANT UPDATE (company_id) ON records_storedfile TO {PLATFORM}", migrations.RunSQL.noop),
    ]
