"""Locks on the new store tables, and what the members of before were: administrators at addresses that mail had reached."""

from django.db import migrations

from licenseonline.kit.privileges import AppendOnly
from licenseonline.kit.tenancy import LockStoreTables

_MEMBERS_OF_BEFORE = """
UPDATE accounts_member SET role = 'admin', email_verified_at = created_at, password_changed_at = created_at
"""


class Migration(migrations.Migration):
    """After the tables of this app and the locked tables that they point at."""

    dependencies = [
        ("accounts", "0003_members"),
    ]

    operations = [
        LockStoreTables(
            "BillingContact",
            "RecoveryCode",
            "TemporaryPassword",
            "Consent",
            "MailLink",
            "Registration",
            "CompanyChange",
            "CompanyMerge",
        ),
        AppendOnly("accounts_consent"),
        migrations.RunSQL(_MEMBERS_OF_BEFORE, migrations.RunSQL.noop),
    ]
